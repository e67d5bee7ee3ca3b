"""What generated functions call: the parts of blocks that are loops, with the fitting of an entry or event handed in.

A `fits` function answers True, False, or None where it is unknown. The clock is known and the log complete: where they
are not, the interpreter judges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Final

from fdcpa_guard.engine.kleene import all_of, any_of, negate
from fdcpa_guard.engine.relations import began_by, has_lapsed
from fdcpa_guard.engine.windows import NEVER, span_end, within_span
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.values import Duration

Subject = Entry | EventOf
FitsEntry = Callable[[Entry, Entry, Entry, DebtOf | None, ConsumerFile, World, Sequence[Entry]], bool | None]
"""Entry, subject, communication judged, debt, file, world, prior."""
FitsEvent = Callable[[EventOf, Entry, Entry, DebtOf | None, ConsumerFile, World, Sequence[Entry]], bool | None]
EntriesThatFit = Callable[
    [Entry, int, Entry, DebtOf | None, ConsumerFile, World, Sequence[Entry], int], list[tuple[Entry, bool | None]]
]
"""Subject, up to which instant, communication judged, debt, file, world, prior, since which instant."""
Turn = tuple[tuple[str, ...], FitsEvent | None, EntriesThatFit | None]
"""Event types and how one fits, or what finds the entries that fit."""

NONE: Final = object()
"""The candidate of a `latest` or `earliest` block that found nothing."""
UNASKED: Final = object()
"""What stands for the answer of a block that no rule has asked yet."""


def wordy(f: ConsumerFile, prior: Sequence[Entry]) -> Sequence[Entry]:
    """The entries that say what most say nothing of."""
    return [entry for entry in prior if not entry.plain] if f.wordy else ()


def settled(f: ConsumerFile, types: Sequence[str]) -> int:
    """After which instant an event of these types that has begun holds of every later entry: never, where one ends.

    What was given in a communication came after it, and so does not hold of that one entry.
    """
    last = -NEVER
    for name in types:
        for event in f.events_by_type.get(name, ()):
            if event.ends is not None:
                return NEVER
            given_in = None if event.given_in is None else f.entries_by_id.get(event.given_in)
            if given_in is not None:
                last = max(last, given_in.at)
    return last


def turns(
    kinds: Sequence[Turn], subject: Entry, at: int, c: Entry, d: DebtOf | None, f: ConsumerFile, w: World,
    prior: Sequence[Entry], since: int = -NEVER,
) -> list[tuple[Subject, bool | None]]:  # fmt: skip
    """The events, and the entries from `since`, up to an instant that fit, with how sure that is."""
    found: list[tuple[Subject, bool | None]] = []
    knowledge = c.at if f.as_of is None else f.as_of
    for types, fits, entries in kinds:
        if entries is not None:
            found.extend(entries(subject, at, c, d, f, w, prior, since))
        if fits is None:
            continue
        for name in types:
            for event in f.events_by_type.get(name, ()):
                if event.known_at > knowledge or not began_by(event, at, subject):
                    continue
                answer = fits(event, subject, c, d, f, w, prior)
                if answer is not False:
                    found.append((event, answer))
    return found


def standing(
    begins: Sequence[Turn], ends: Sequence[Turn], lapses: Duration | None, subject: Entry, at: int, c: Entry,
    d: DebtOf | None, f: ConsumerFile, w: World, prior: Sequence[Entry],
) -> bool | None:  # fmt: skip
    lasting = [
        (end, sure if isinstance(end, Entry) else all_of((sure, negate(has_lapsed(end, at)))))
        for end, sure in turns(ends, subject, at, c, d, f, w, prior)
    ]
    last_end = max((end.at for end, sure in lasting if sure), default=-NEVER)
    # What began before something surely ended it stands no longer.
    started = turns(begins, subject, at, c, d, f, w, prior, last_end)
    answers: list[bool | None] = []
    for begin, begun in started:
        if begin.at < last_end:
            continue
        over: list[bool | None] = [has_lapsed(begin, at)]
        for end, sure in lasting:
            if end.at > begin.at:
                over.append(sure)
            elif end.at == begin.at and isinstance(end, EventOf) and isinstance(begin, EventOf):
                over.append(all_of((sure, None)))
        if lapses is not None:
            over.append(negate(within_span(at, begin.at, lapses, w.clock, on_days=False)))
        answers.append(all_of((begun, negate(any_of(over)))))
    return any_of(answers)


def waiting(
    after: Turn, latest: bool, at_least: Duration, when_absent: bool, c: Entry, d: DebtOf | None, f: ConsumerFile,
    w: World, prior: Sequence[Entry],
) -> bool | None:  # fmt: skip
    found = sorted(turns((after,), c, c.at, c, d, f, w, prior), key=lambda turn: turn[0].at, reverse=latest)
    answers: list[bool | None] = []
    for turn, sure in found:
        answers.append(within_span(c.at, turn.at, at_least, w.clock, on_days=False))
        if sure:
            break
    else:
        answers.append(when_absent)
    return _same(answers)


def deadline(
    after: Turn, earliest: bool, must_follow: Turn, within: Duration, excused: bool | None, c: Entry, d: DebtOf | None,
    f: ConsumerFile, w: World, prior: Sequence[Entry],
) -> bool | None:  # fmt: skip
    triggers = turns((after,), c, c.at, c, d, f, w, prior)
    if not triggers:
        return False
    followers = turns((must_follow,), c, c.at, c, d, f, w, prior)
    answers: list[bool | None] = []
    if earliest:
        triggers.sort(key=lambda turn: turn[0].at)
        first_sure = next((index for index, (_, sure) in enumerate(triggers) if sure), len(triggers))
        triggers = triggers[: first_sure + 1]
    for trigger, sure in triggers:
        in_time = [
            all_of((met, within_span(follower.at, trigger.at, within, w.clock, on_days=False)))
            for follower, met in followers
            if follower.at >= trigger.at
        ]
        assert w.clock is not None
        over = c.at >= span_end(trigger.at, within, w.clock)
        answers.append(all_of((sure, over, negate(any_of(in_time)), negate(excused))))
    return any_of(answers)


def latest_or_earliest(
    fits: FitsEntry, latest: bool, start: int, c: Entry, d: DebtOf | None, f: ConsumerFile, w: World,
    prior: Sequence[Entry], among: Sequence[Entry],
) -> list[object]:  # fmt: skip
    """What a `latest` or `earliest` block may give of entries: its sure answer, and whatever might stand before it."""
    given: list[object] = []
    for entry in reversed(among) if latest else among:
        if entry.at < start:
            if latest:
                break
            continue
        answer = fits(entry, c, c, d, f, w, prior)
        if answer is not False:
            given.append(entry)
            if answer:
                return given
    given.append(NONE)
    return given


def latest_or_earliest_event(
    turn: Turn, latest: bool, start: int, c: Entry, d: DebtOf | None, f: ConsumerFile, w: World,
    prior: Sequence[Entry],
) -> list[object]:  # fmt: skip
    """The same of events."""
    given: list[object] = []
    found = sorted(turns((turn,), c, c.at, c, d, f, w, prior), key=lambda each: each[0].at)
    for event, sure in reversed(found) if latest else found:
        if event.at < start:
            continue
        given.append(event)
        if sure:
            return given
    given.append(NONE)
    return given


def over(test: Callable[..., bool | None], *choices: Sequence[object]) -> bool | None:
    """A test over every candidate of each moment: its answer where all agree."""
    if all(len(each) == 1 for each in choices):
        return test(*(each[0] for each in choices))
    return _same([test(*chosen) for chosen in product(*choices)])


def _same(answers: Sequence[bool | None]) -> bool | None:
    first = answers[0]
    return first if all(answer is first for answer in answers) else None
