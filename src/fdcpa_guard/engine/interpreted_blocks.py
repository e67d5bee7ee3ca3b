"""The definition of blocks: counts, moments, standings, waiting times and deadlines, over a log that may have gaps.

A block looks at the entries and events it selects, with how sure it is of each; what it looked at, and what it made
of it, is kept for the trace. Where the log may lack entries, nothing is certain that rests on there being none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

from fdcpa_guard.engine.condition_notes import text_of
from fdcpa_guard.engine.decision import BlockTrace, Looked
from fdcpa_guard.engine.formatting import show_instant
from fdcpa_guard.engine.interpreted_conditions import NO_ENTRY, UNSURE, Candidate, InterpretedConditions
from fdcpa_guard.engine.kleene import all_of, any_of, negate
from fdcpa_guard.engine.limitations import extinguished, limitation_of
from fdcpa_guard.engine.relations import LACKING, began_by, entry_agrees, event_agrees, has_lapsed
from fdcpa_guard.engine.windows import NEVER, span_end, window_span, within_span
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.rulefile.model import (
    Count,
    Deadline,
    Limitation,
    MomentOf,
    Rule,
    Same,
    Selection,
    Standing,
    Waiting,
    WindowKind,
)
from fdcpa_guard.values import Duration, Range, Truth

_Subject = Entry | EventOf


@dataclass(frozen=True, slots=True)
class Obligation:
    """What had to follow one entry or event: whether it did in time, whether it did at all, and whether time is over."""

    after: str
    at: int
    due_at: int | None
    owed: bool | None
    """It had to follow, and did not in time."""
    done: bool | None
    """It followed, if late."""
    over: bool | None

    @property
    def missed(self) -> bool | None:
        return all_of((self.owed, self.over))


class InterpretedBlocks(InterpretedConditions):
    """The blocks of one rule beneath its conditions. `prior` are the entries of the log before the communication.

    What a count or moment gives is worked out once and kept; a truth is judged wherever it is asked for.
    """

    def __init__(
        self,
        rule: Rule,
        communication: Entry,
        file: ConsumerFile,
        world: World,
        debt: DebtOf | None,
        days: tuple[int, int],
        prior: Sequence[Entry],
        *,
        traced: bool,
    ) -> None:
        super().__init__(rule, communication, file, world, debt, days, traced=traced)
        self.prior = prior
        self.knowledge = communication.at if file.as_of is None else file.as_of
        self.counts: dict[str, Range] = {}
        self.blocks: dict[str, BlockTrace] = {}
        self._counts_done: dict[str, tuple[Range, list[str]]] = {}
        self._moments: dict[tuple[str, int], list[Candidate]] = {}
        self._events: dict[frozenset[str], list[EventOf]] = {}
        self._entries: dict[int, list[tuple[int, Entry]]] = {}

    def _duration(self, length: Duration | str) -> Duration | None:
        if isinstance(length, Duration):
            return length
        parameter = self.rule.parameters[length]
        first, last = (parameter.on(day) for day in self.days)
        return first if first == last and isinstance(first, Duration) else None

    def _seen_events(self, types: frozenset[str]) -> list[EventOf]:
        """Events of these types that were known, in order of time."""
        known = self._events.get(types)
        if known is None:
            found = [event for name in sorted(types) for event in self.file.events_by_type.get(name, ())]
            seen = (event for event in found if event.known_at <= self.knowledge)
            known = self._events[types] = sorted(seen, key=lambda event: event.at)
        return known

    def _entries_of(self, select: Selection) -> list[tuple[int, Entry]]:
        """The entries before this that may turn a standing, with their places: all but those that by themselves do not."""
        known = self._entries.get(id(select))
        if known is None:
            placed = enumerate(self.prior)
            known = self._entries[id(select)] = [each for each in placed if not self._never_fits(select, each[1])]
        return known

    def _never_fits(self, select: Selection, entry: Entry) -> bool:
        """Whether an entry is none that a block looks at, whatever it is asked for."""
        if not self._may_be_on(select, entry):
            return True
        node = select.only_when
        return node is not None and id(node) in self._decided_alone and self._alone(node, entry, None)[0] is False

    @staticmethod
    def _may_be_on(select: Selection, entry: Entry) -> bool:
        channels = select.entries
        return entry.channel is None or channels is None or "any" in channels or entry.channel in channels

    @cached_property
    def _places(self) -> dict[int, int]:
        return {id(entry): place for place, entry in enumerate(self.prior)}

    def _fits(
        self, select: Selection, subject: Entry, entry: Entry | None, event: EventOf | None
    ) -> tuple[bool | None, list[str], str]:
        """Whether an entry or event is one that a block looks at; the reason, where it is not."""
        answers: list[bool | None] = []
        lacks: list[str] = []
        for same in select.same:
            if entry is not None:
                agrees = entry_agrees(same, entry, subject, self.debt, self.file, self.world)
            else:
                assert event is not None
                agrees = event_agrees(same, event, subject, self.debt, self.file, self.world)
            if agrees is False:
                return False, [], f"not the same {same.value.replace('_', ' ')}"
            if agrees is None:
                lacks.extend(LACKING[same][0 if entry is not None else 1 : 2])
            answers.append(agrees)
        if entry is not None and select.entries is not None and "any" not in select.entries:
            on_channel = None if entry.channel is None else entry.channel in select.entries
            if on_channel is False:
                return False, [], f"channel {entry.channel}"
            if on_channel is None:
                lacks.append("entry.channel")
            answers.append(on_channel)
        if select.only_when is not None:
            held, lacked = self._condition(select.only_when, entry, event)
            if held is False:
                return False, [], f"not: {text_of(select.only_when)}"
            if held is None:
                lacks.extend(lacked)
            answers.append(held)
        return all_of(answers), lacks, ""

    def _count(self, name: str) -> tuple[Range, list[str]]:
        done = self._counts_done.get(name)
        if done is not None:
            return done
        block = self.rule.blocks[name]
        assert isinstance(block, Count)
        at_least = at_most = 0
        lacks: list[str] = []
        looked: list[Looked] = []
        maybe_start, sure_start, leaves = self._window(block)
        for entry in self.prior:
            if entry.at < maybe_start:
                continue
            fits, lacked, why = self._counts(block, entry)
            if fits and entry.at < sure_start:
                fits, lacked = None, ["consumer.time_zone"]
            looked.append(self._looked(entry.id, entry.at, fits, why))
            if fits is False:
                continue
            at_most += 1
            if fits:
                at_least += 1
            else:
                lacks.extend(lacked)
            if leaves is not None:
                self.changes.add(leaves(entry.at))
        if block.window.this_one:
            # The communication judged counts in full unless an exception is sure: what is not known of it yet, as
            # its outcome, is no reason to leave it out.
            fits, lacked, why = self._fits(block.select, self.communication, self.communication, None)
            if fits is not False and self._excused(block.exceptions, self.communication, None)[0]:
                fits, why = False, "excepted"
            label = self.communication.id or "this communication"
            looked.append(self._looked(label, self.communication.at, fits, why))
            at_least += fits is True
            at_most += fits is not False
            if fits is None:
                lacks.extend(lacked)
        if not self.file.log_complete:
            lacks.append("log_complete")
        counted = Range(at_least, at_most if self.file.log_complete else None)
        self.counts[name] = counted
        self.blocks[name] = BlockTrace(name, str(counted), tuple(looked))
        self._counts_done[name] = counted, lacks
        return counted, lacks

    def _counts(self, block: Count | MomentOf, entry: Entry) -> tuple[bool | None, list[str], str]:
        fits, lacks, why = self._fits(block.select, self.communication, entry, None)
        if fits is False:
            return False, [], why
        excused, excused_lacks, by = self._excused(block.exceptions, entry, None)
        if excused:
            return False, [], f"excepted: {by}"
        if excused is None:
            return None, [*lacks, *excused_lacks], ""
        return fits, lacks, ""

    def _looked(self, id_: str | None, at: int, counted: bool | None, why: str) -> Looked:
        return Looked(id_ or show_instant(at, self.world.clock), at, Truth.of(counted), why)

    def _window(self, block: Count | MomentOf) -> tuple[int, int, Callable[[int], int] | None]:
        """From when entries might lie, and surely lie, in the window; and when one that does leaves it."""
        window = block.window
        length = self._duration(window.length) if isinstance(window.length, str) else window.length
        if window.kind is WindowKind.LIFETIME:
            return -NEVER, -NEVER, None
        return window_span(self.communication.at, length, window, self.world.clock)

    def _moment(self, name: str, entry: Entry | None) -> list[Candidate]:
        done = self._moments.get((name, id(entry)))
        if done is not None:
            return done
        block = self.rule.blocks[name]
        assert isinstance(block, MomentOf)
        maybe_start, sure_start, leaves = self._window(block)
        sources: Sequence[_Subject]
        if block.select.events is not None:
            seen = self._seen_events(block.select.events)
            sources = [event for event in seen if began_by(event, self.communication.at, self.communication)]
        else:
            sources = self.prior
        candidates: list[Candidate] = []
        looked: list[Looked] = []
        for source in reversed(sources) if block.latest else sources:
            if source.at < maybe_start:
                continue
            if isinstance(source, Entry):
                fits, _, why = self._counts(block, source)
            else:
                fits, _, why = self._fits(block.select, self.communication, None, source)
                excused = any_of([]) if fits is False else self._excused(block.exceptions, None, source)[0]
                fits = all_of((fits, negate(excused)))
            if fits and source.at < sure_start:
                fits = None
            label = source.id if isinstance(source, Entry) else source.type
            looked.append(self._looked(label, source.at, fits, why))
            if fits is False:
                continue
            candidates.append(source)
            if leaves is not None:
                self.changes.add(leaves(source.at))
            if fits:
                break
        else:
            candidates.append(NO_ENTRY)
        if not self.file.log_complete:
            candidates.append(UNSURE)
        self.blocks[name] = BlockTrace(name, ", ".join(_label(each) for each in candidates), tuple(looked))
        self._moments[(name, id(entry))] = candidates
        return candidates

    def _block_truth(self, name: str, entry: Entry | None) -> tuple[bool | None, list[str]]:
        block = self.rule.blocks[name]
        match block:
            case Standing():
                return self._standing(block, entry)
            case Waiting():
                return self._waiting(block)
            case Deadline():
                return self._deadline(block)
            case Limitation():
                return self._limitation(block)
            case Count() | MomentOf():
                raise AssertionError(f"`{name}` is no truth")
            case _:
                assert_never(block)

    def _standing(self, block: Standing, entry: Entry | None) -> tuple[bool | None, list[str]]:
        """True where a sure beginning has no possible end since; false where every possible one has a sure end."""
        subject = self.communication if entry is None else entry
        at = subject.at if block.as_of_entry else self.communication.at
        lacks: list[str] = []
        ends = [end for select in block.ends for end in self._turns(select, subject, at, lacks)]
        answers: list[bool | None] = []
        looked: list[Looked] = []
        length = None if block.lapses_after is None else self._duration(block.lapses_after)
        for select in block.begins:
            for begin, begun in self._turns(select, subject, at, lacks):
                since = list(_since(begin, ends))
                over = [all_of((ended, negate(has_lapsed(end, at)))) for end, ended in since]
                over.append(has_lapsed(begin, at))
                if subject is self.communication:
                    turns = [begin, *(end for end, _ in since)]
                    for turn in turns:
                        if isinstance(turn, EventOf):
                            self.changes.add(turn.ends)
                if block.lapses_after is not None:
                    lapsed, lapses_at = self._lapsed(begin.at, at, length)
                    over.append(lapsed)
                    if subject is self.communication:
                        self.changes.add(lapses_at)
                stands = all_of((begun, negate(any_of(over))))
                label = begin.id if isinstance(begin, Entry) else begin.type
                looked.append(self._looked(label, begin.at, stands, "" if stands is not False else "ended or lapsed"))
                answers.append(stands)
        if entry is None:
            self.blocks[block.name] = BlockTrace(block.name, Truth.of(any_of(answers)).value, tuple(looked))
        if not self.file.log_complete:
            return None, [*lacks, "log_complete"]
        answer = any_of(answers)
        if answer is None and not lacks:
            lacks = [block.name]
        return answer, lacks if answer is None else []

    def _lapsed(self, begin: int, at: int, length: Duration | None) -> tuple[bool | None, int | None]:
        if length is None:
            return None, None
        held = within_span(at, begin, length, self.world.clock, on_days=False)
        if held is None or self.world.clock is None:
            return negate(held), None
        return not held, span_end(begin, length, self.world.clock)

    def _turns(
        self, select: Selection, subject: Entry, at: int, lacks: list[str], *, earliest: bool = False
    ) -> list[tuple[_Subject, bool | None]]:
        """The events or entries up to an instant that turn a standing on or off, in order, with how sure that is.

        `earliest`: none after the first that surely does.
        """
        found: list[tuple[_Subject, bool | None]] = []
        if select.events is not None:
            for event in self._seen_events(select.events):
                if Same.HOURS in select.same and event.hours is not None and subject is self.communication:
                    self.changes.of_hours(event.hours)
                if not began_by(event, at, subject):
                    continue
                fits, lacked, _ = self._fits(select, subject, None, event)
                if fits is not False:
                    found.append((event, fits))
                    lacks.extend(lacked)
                if fits and earliest:
                    break
            return found
        own = self._places.get(id(subject), len(self.prior))
        for place, entry in self._entries_of(select):
            # Of the entries of its very instant, those that stand after an entry have not happened as of it.
            if entry is subject or entry.at > at or (place > own and at == subject.at):
                continue
            fits, lacked, _ = self._fits(select, subject, entry, None)
            if fits is not False:
                found.append((entry, fits))
                lacks.extend(lacked)
            if fits and earliest:
                break
        return found

    def _waiting(self, block: Waiting) -> tuple[bool | None, list[str]]:
        lacks: list[str] = []
        found = self._turns(block.after, self.communication, self.communication.at, lacks)
        ordered = sorted(found, key=lambda turn: turn[0].at, reverse=block.latest)
        length = self._duration(block.at_least)
        answers: list[bool | None] = []
        for turn, sure in ordered:
            too_early, over_at = self._lapsed(turn.at, self.communication.at, length)
            answers.append(negate(too_early))
            self.changes.add(over_at)
            if sure:
                break
        else:
            answers.append(block.when_absent if self.file.log_complete else None)
        first = answers[0]
        answer = first if all(each is first for each in answers) else None
        self.blocks[block.name] = BlockTrace(
            block.name,
            Truth.of(answer).value,
            tuple(self._looked(_label(turn), turn.at, sure, "") for turn, sure in ordered),
        )
        return answer, ([*lacks] or ["log_complete"]) if answer is None else []

    def obligations(self, block: Deadline) -> tuple[list[Obligation], list[str]]:
        """What had to follow each trigger, and the facts that were lacking."""
        lacks: list[str] = []
        triggers = self._turns(
            block.after, self.communication, self.communication.at, lacks, earliest=block.earliest
        )
        followers = self._turns(block.must_follow, self.communication, self.communication.at, lacks)
        length = self._duration(block.within)
        excused, excused_lacks, _ = self._excused(block.exceptions, None, None)
        found: list[Obligation] = []
        for trigger, sure in triggers:
            in_time = [
                all_of((met, within_span(follower.at, trigger.at, length, self.world.clock, on_days=False)))
                if length is not None
                else None
                for follower, met in followers
                if follower.at >= trigger.at
            ]
            over, ends_at = self._lapsed(trigger.at, self.communication.at, length)
            self.changes.add(ends_at)
            owed = all_of((sure, negate(any_of(in_time)), negate(excused)))
            done = any_of(met for follower, met in followers if follower.at >= trigger.at)
            found.append(Obligation(_label(trigger), trigger.at, ends_at, owed, done, over))
        return found, [*lacks, *excused_lacks]

    def _deadline(self, block: Deadline) -> tuple[bool | None, list[str]]:
        """True where a sure trigger had no possible follower in time; false where each had one, or time is left."""
        found, lacks = self.obligations(block)
        looked: list[Looked] = []
        for each in found:
            due = "" if each.due_at is None else f"due before {show_instant(each.due_at, self.world.clock)}"
            looked.append(self._looked(each.after, each.at, each.missed, due))
        answer = any_of(each.missed for each in found)
        self.blocks[block.name] = BlockTrace(block.name, Truth.of(answer).value, tuple(looked))
        if not self.file.log_complete:
            return None, ["log_complete"]
        return answer, lacks if answer is None else []

    def _limitation(self, block: Limitation) -> tuple[bool | None, list[str]]:
        ask = extinguished if block.ends_the_debt else limitation_of
        found = ask(block.tables, self.communication, self.debt, self.file, self.world)
        clock = self.world.clock
        looked: list[Looked] = []
        for each in found.looked:
            if clock is not None:
                for day in each.changes():
                    self.changes.add(clock.midnight(day))
            if self.traced:
                said = f"{each.period.cite}: {each.said()}"
                label = f"{each.jurisdiction} {each.period.id.replace('-', ' ')}"
                looked.append(self._looked(label, self.communication.at, found.barred, said))
        if self.debt is not None and self.debt.limitations_ends is not None and clock is not None:
            self.changes.add(clock.midnight(self.debt.limitations_ends + 1))
        self.blocks[block.name] = BlockTrace(block.name, Truth.of(found.barred).value, tuple(looked))
        return found.barred, list(found.lacked)


def _since(
    begin: _Subject, ends: Iterable[tuple[_Subject, bool | None]]
) -> Iterable[tuple[_Subject, bool | None]]:
    """The ends that come after a beginning. At one instant an entry that ends came first, and events contradict."""
    for end, ended in ends:
        if end.at > begin.at:
            yield end, ended
        elif end.at == begin.at and isinstance(end, EventOf) and isinstance(begin, EventOf):
            yield end, None


def _label(candidate: object) -> str:
    if candidate is NO_ENTRY:
        return "none"
    if isinstance(candidate, EventOf):
        return candidate.type
    if isinstance(candidate, Entry):
        return candidate.id or "an entry"
    return "unknown"
