"""The spans of a local day in which a contact may be made: where the day is cut, and what the pieces come to.

Between two neighbouring cuts the answer is the same, so that one instant of each piece, the microsecond after its
beginning, tells the whole. A window is open at both ends: what the law says of the very instant of its beginning is
left to the decision at that instant, as everywhere (`Decision.permitted_at`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from fdcpa_guard.engine.deciding import clock_among
from fdcpa_guard.engine.verdicts import called_number
from fdcpa_guard.engine.windows import EARLIEST_CLOCK, LATEST_CLOCK
from fdcpa_guard.facts.bind import EASTERN, ConsumerFile, World
from fdcpa_guard.facts.clock import Clock, clock_of
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import HoursOf
from fdcpa_guard.facts.locations import presumed_call_zone
from fdcpa_guard.facts.models import Consumer
from fdcpa_guard.scrubbing.changing import ChangingRules, Times
from fdcpa_guard.values import DAY_MICROSECONDS, MICROSECONDS, instant_of

UTC_CLOCK = clock_of("UTC")


@dataclass(frozen=True, slots=True)
class Cut:
    """An instant at which an answer can change; `whole`: that of any rule, else only of those that move within a day."""

    at: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Window:
    """From just after `start` to just before `end`, in microseconds since the epoch."""

    start: int
    end: int


def clock_shown(entry: Entry, file: ConsumerFile) -> Clock | None:
    """The clock of the first place where the consumer may be; None where no place has one."""
    return clock_among(file.worlds(called_number(entry)))


def day_of(clock: Clock | None, day: int) -> tuple[int, int]:
    """From the first instant of a local day to the first after it; without a clock, of that day in UTC."""
    shown = clock or UTC_CLOCK
    return shown.midnight(day), shown.midnight(day + 1)


def cuts(entry: Entry, file: ConsumerFile, rules: ChangingRules, start: int, end: int) -> list[Cut]:
    """Where, from `start` to before `end`, the answer on a communication can change; in order of time.

    More instants than those at which it does: of each rule that may apply, every clock time on every clock that it may
    be read on; and of the file, all that it has an instant of.
    """
    worlds = file.worlds(called_number(entry))
    places = [(world.state, world.city) for world in worlds]
    day = (clock_among(worlds) or UTC_CLOCK).day(start)
    times = rules.times(file.collector.kind, entry.channel, places, day)
    whole = {at for at in midnights(worlds, start, end) if start <= at < end}
    for at in _on_file(file, start, end, times.spans):
        whole.update(moved for span in times.spans for moved in (at - span, at + span) if start <= moved < end)
    moving: set[int] = set()
    for clock in clocks(entry.address, file.consumer, worlds, times):
        of_day = {0, *times.of_day, *_named_hours(file), *_times_of_consents(file, clock)}
        moving.update(at for at in clock_times(clock, of_day, start, end) if start <= at < end)
    found = {at: Cut(at, True) for at in whole} | {at: Cut(at, False) for at in moving - whole}
    return [found[at] for at in sorted(found)]


def joined(pieces: Sequence[tuple[int, int, bool]], whole_at: Iterable[int]) -> tuple[Window, ...]:
    """The windows that allowed pieces (start, end, allowed) come to, in order of time.

    `whole_at` are the boundaries between two allowed pieces that are themselves allowed: the two are then one window.
    """
    open_at = frozenset(whole_at)
    found: list[Window] = []
    for start, end, allowed in pieces:
        if not allowed:
            continue
        if found and found[-1].end == start and start in open_at:
            found[-1] = Window(found[-1].start, end)
        else:
            found.append(Window(start, end))
    return tuple(found)


# -- the instants --------------------------------------------------------------------------------------------------------


def clocks(address: str | None, consumer: Consumer, worlds: Sequence[World], times: Times) -> Iterable[Clock]:
    """Every clock on which a time of day may be read."""
    found = {world.clock.name: world.clock for world in worlds if world.clock is not None}
    if times.eastern:
        found.setdefault(EASTERN, clock_of(EASTERN))
    if times.called_number:
        zone = presumed_call_zone(consumer, address)
        if zone is not None:
            found.setdefault(zone, clock_of(zone))
    return found.values()


def midnights(worlds: Sequence[World], start: int, end: int) -> Iterator[int]:
    for world in worlds:
        # Where no clock is known, a day begins at the earliest where it does first, and surely where it does last.
        for clock in (EARLIEST_CLOCK, LATEST_CLOCK) if world.clock is None else (world.clock,):
            yield from (clock.midnight(day) for day in range(clock.day(start), clock.day(end) + 1))


def clock_times(clock: Clock, of_day: Iterable[int], start: int, end: int) -> Iterator[int]:
    """When the clock shows each time; on the day on which it is put back, each time that it does."""
    shift = clock.offset(end) - clock.offset(start)
    if shift:
        yield _jump(clock, start, end)
    for day in range(clock.day(start), clock.day(end) + 1):
        for time in of_day:
            first = clock.at(day, time)
            yield first
            if shift < 0 and clock.time_of_day(first - shift) == clock.time_of_day(first):
                yield first - shift


def _jump(clock: Clock, start: int, end: int) -> int:
    before, low, high = clock.offset(start), start, end
    while high - low > 1:
        middle = (low + high) // 2
        if clock.offset(middle) == before:
            low = middle
        else:
            high = middle
    return high


def _named_hours(file: ConsumerFile) -> Iterator[int]:
    yield from ends_of(each for event in file.events for each in event.hours or ())
    yield from ends_of(file.working_hours or ())


def ends_of(hours: Iterable[HoursOf]) -> Iterator[int]:
    """The times of day at which named hours begin and end."""
    for each in hours:
        yield each.start
        yield each.stop % DAY_MICROSECONDS


def _times_of_consents(file: ConsumerFile, clock: Clock) -> Iterator[int]:
    """The time of day of a communication in which something was given, to which the time of a contact may be held."""
    for event in file.events:
        if event.given_in is not None and (entry := file.entries_by_id.get(event.given_in)) is not None:
            yield clock.time_of_day(entry.at)


def _on_file(file: ConsumerFile, start: int, end: int, spans: Sequence[int]) -> Iterator[int]:
    """Every instant that the file has and that lies, moved by some span either way, in the stretch asked."""
    entries, instants = file.entries, file.instants
    for span in spans:
        for shift in {span, -span}:
            first = bisect_left(instants, start + shift)
            yield from instants[first : bisect_left(instants, end + shift, first)]
    yield from (entry.known_at for entry in entries if entry.known_at != entry.at)
    for event in file.events:
        yield event.at
        yield event.known_at
        if event.ends is not None:
            yield event.ends
        if event.received_at is not None:
            yield event.received_at
    yield from of_person(file.consumer)


def of_person(consumer: Consumer) -> Iterator[int]:
    """Every instant that is stated of a consumer."""
    said = [value for phone in consumer.phones for value in (phone.basis_at, phone.checked_at)]
    said += [value for email in consumer.emails for value in (email.basis_at, email.opt_out_ends)]
    for moment in (*said, consumer.deceased_at):
        if isinstance(moment, datetime):
            yield instant_of(moment)


# -- as people read them -------------------------------------------------------------------------------------------------


def as_local(windows: Iterable[Window], clock: Clock | None) -> str:
    """`08:00-12:00;13:30-21:00` on a local clock; the end of the day is 24:00."""
    shown = clock or UTC_CLOCK
    return ";".join(f"{_time(shown, each.start)}-{_time(shown, each.end, is_end=True)}" for each in windows)


def as_utc(windows: Iterable[Window]) -> str:
    """The same as instants: `2026-03-02T14:00:00Z/2026-03-03T03:00:00Z`."""
    return ";".join(f"{utc_text(each.start)}/{utc_text(each.end)}" for each in windows)


def utc_text(instant: int) -> str:
    return UTC_CLOCK.show(instant).replace(tzinfo=None).isoformat() + "Z"


def _time(clock: Clock, instant: int, *, is_end: bool = False) -> str:
    time = clock.time_of_day(instant)
    if is_end and time == 0:
        return "24:00"
    whole, micro = divmod(time, MICROSECONDS)
    minutes, seconds = divmod(whole, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    if seconds or micro:
        text += f":{seconds:02d}"
    return f"{text}.{micro:06d}" if micro else text
