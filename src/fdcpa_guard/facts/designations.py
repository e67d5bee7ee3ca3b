"""What the consumer's own words about times, and the file about a consent, come to over a stretch of time.

Only facts: whether a stretch of time was called inconvenient throughout, and whether anything in the file speaks
against the lawfulness of the communication in which a consent was given. What follows is the law's to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fdcpa_guard.facts.clock import Clock

if TYPE_CHECKING:
    from fdcpa_guard.facts.bind import ConsumerFile, World
    from fdcpa_guard.facts.entries import Entry
    from fdcpa_guard.facts.events import EventOf

_MOST_DAYS: Final = 62
"""Over how long a stretch hours are followed day by day; of a longer one nothing is said."""


DESIGNATIONS: Final = ("time_inconvenient", "time_convenient")
"""The events that call times so; of two of one instant the one that was stated later holds."""
_NOBODY_TALKED: Final = frozenset({"voicemail", "no_answer", "busy", "not_connected", "abandoned", "undeliverable"})
"""Outcomes of a collector's contact in which no consent can have been given: the log contradicts itself."""


def inconvenient_throughout(
    events: Sequence[EventOf], since: int, until: int, knowledge: int, clock: Clock | None
) -> bool | None:
    """Whether the consumer had called every moment from `since` to `until` inconvenient, both included.

    `events` are those that call times inconvenient or convenient, in order of time; only what was known by
    `knowledge` counts. Instants are microseconds since the epoch. None where no clock is known, or the stretch is
    longer than two months.

    Source: comment 6(b)(1)-2
    """
    said = [event for event in events if event.known_at <= knowledge and event.at <= until]
    if not any(event.type == "time_inconvenient" for event in said):
        return False
    if clock is None:
        return None
    if not (_inconvenient(said, since, clock) and _inconvenient(said, until, clock)):
        return False
    first, last = clock.day(since), clock.day(until)
    if last - first > _MOST_DAYS:
        return None
    turns = {*(event.at for event in said), *(event.ends for event in said if event.ends is not None)}
    if not all(_inconvenient(said, turn, clock) for turn in turns if since <= turn <= until):
        return False
    # Day by day, and no further than the first hour that is free.
    times = sorted({time for event in said for each in event.hours or () for time in (0, each.start, each.stop)})
    boundaries = (clock.at(day, time) for day in range(first, last + 1) for time in times)
    return all(_inconvenient(said, moment, clock) for moment in boundaries if since <= moment <= until)


def _inconvenient(said: Sequence[EventOf], moment: int, clock: Clock) -> bool:
    day, time_of_day = clock.day(moment), clock.time_of_day(moment)
    holds = False
    for event in said:
        covers = event.hours is None or any(each.cover(day, time_of_day) for each in event.hours)
        if covers and event.at <= moment and (event.ends is None or moment < event.ends):
            holds = event.type == "time_inconvenient"
    return holds


def given_unopposed(file: ConsumerFile, event: EventOf, world: World) -> bool | None:
    """Whether nothing on file spoke against the communication in which a consent was given.

    False where the consumer had called its very time or place inconvenient, or the employer forbade it; None where it
    is not in the log, or reached nobody by the log, or the file leaves that open, as it does after an attorney was
    named: an attorney may have consented.

    Source: 12 CFR 1006.6(b)(4)(i)
    """
    entry = given_in(file, event)
    if entry is None or entry.outcome in _NOBODY_TALKED:
        return None
    known = [
        said
        for said in file.events
        if said.at <= entry.at and said.known_at <= entry.at and (said.ends is None or entry.at < said.ends)
    ]
    if any(said.type == "attorney_represents" for said in known):
        return None
    times = [said for said in known if said.type in DESIGNATIONS]
    at_bad_time = inconvenient_throughout(times, entry.at, entry.at, entry.at, world.clock)
    barred = _barred_places(known)
    where = {file.place_of(entry)} if entry.consumer_at is None else {file.place_of(entry), entry.consumer_at}
    if at_bad_time or (barred & where) - {None}:
        return False
    return None if at_bad_time is None or (barred and None in barred | where) else True


def _barred_places(known: Sequence[EventOf]) -> set[str | None]:
    """The places called inconvenient, and that of work where the employer forbids it; None among them: one unsaid."""
    inconvenient: set[str | None] = set()
    forbidden: set[str | None] = set()
    for said in known:
        match said.type:
            case "place_inconvenient":
                inconvenient.add(said.place)
            case "place_convenient":
                inconvenient.discard(said.place)
            case "employer_prohibits":
                forbidden.add("work")
            case "employer_allows":
                forbidden.discard("work")
            case _:
                pass
    return inconvenient | forbidden


def given_in(file: ConsumerFile, event: EventOf) -> Entry | None:
    """The communication of the log in which it was given; None where none is named, or it is not in the log."""
    return None if event.given_in is None else file.entries_by_id.get(event.given_in)
