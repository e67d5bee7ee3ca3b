"""What a span of time means, once, for both backends.

One rule: a span has an end, the first instant that no longer belongs to it (`span_end`). An entry lies in a rolling
window while the communication judged comes before the end of the span that the entry began; `window_start` is the
same rule read backwards: the first instant at which an entry would still lie in the window.

| unit              | the span that began at an instant ends                                                    |
| ----------------- | ----------------------------------------------------------------------------------------- |
| consecutive days  | at the midnight after n days, the day of the beginning being day one (12 CFR 1006.14(b))  |
| calendar days     | at the midnight after n days, the day of the beginning being day zero                     |
| business days     | at the midnight after the n-th business day that follows the day of the beginning         |
| hours, minutes    | n hours later to the microsecond                                                          |
| months, years     | at the midnight after the same day of the n-th month that follows (its last, if shorter)  |

Days are those of the clock that is handed in; summer time never moves one.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, partial
from typing import Final, assert_never

from fdcpa_guard.facts.bind import EASTERN
from fdcpa_guard.facts.clock import Clock, clock_of
from fdcpa_guard.facts.events import HoursOf
from fdcpa_guard.rulefile.model import CalendarUnit, Window
from fdcpa_guard.values import MICROSECONDS, Duration, Unit

NEVER: Final = 1 << 62
"""An instant after every other."""
EARLIEST_CLOCK: Final = clock_of("Etc/GMT+12")
LATEST_CLOCK: Final = clock_of("Etc/GMT-14")
"""The clocks that are furthest behind and ahead: between them lies the clock of a consumer whose zone is unknown."""

_HOUR = 3600 * MICROSECONDS
_MINUTE = 60 * MICROSECONDS


@lru_cache(maxsize=256)
def _federal_holidays(year: int) -> frozenset[int]:
    from holidays import country_holidays  # 50 ms to import: only where business days are counted

    return frozenset(day.toordinal() for day in country_holidays("US", years=year, categories=("public",)))


def is_business_day(day: int) -> bool:
    """A day that is no Saturday, Sunday or legal public holiday of the United States, as observed in its year."""
    return day % 7 not in (0, 6) and day not in _federal_holidays(date.fromordinal(day).year)


def add_business_days(day: int, days: int) -> int:
    """The n-th business day after a day."""
    while days > 0:
        day += 1
        if is_business_day(day):
            days -= 1
    return day


def add_months(day: int, months: int) -> int:
    """The same day of a later month, or that month's last."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def last_day_of_span(day: int, duration: Duration) -> int:
    """The last local day of a span that began on `day`. The unit must be one of days, months or years."""
    match duration.unit:
        case Unit.CONSECUTIVE_DAYS:
            return day + duration.length - 1
        case Unit.CALENDAR_DAYS:
            return day + duration.length
        case Unit.BUSINESS_DAYS:
            return add_business_days(day, duration.length)
        case Unit.MONTHS:
            return add_months(day, duration.length)
        case Unit.YEARS:
            return add_months(day, 12 * duration.length)
        case Unit.HOURS | Unit.MINUTES:
            raise ValueError(f"{duration} is no span of days")
        case _:
            assert_never(duration.unit)


def span_end(start: int, duration: Duration, clock: Clock) -> int:
    """The first instant after the span that began at `start`."""
    if duration.unit is Unit.HOURS:
        return start + duration.length * _HOUR
    if duration.unit is Unit.MINUTES:
        return start + duration.length * _MINUTE
    return clock.midnight(last_day_of_span(clock.day(start), duration) + 1)


def first_day_of_span(day: int, duration: Duration) -> int:
    """The earliest day on which a span can have begun that still holds `day`."""
    match duration.unit:
        case Unit.CONSECUTIVE_DAYS:
            return day - duration.length + 1
        case Unit.CALENDAR_DAYS:
            return day - duration.length
        case _:
            # Of the other units the length in days varies: step back from a day that is surely late enough.
            first = day
            while last_day_of_span(first - 1, duration) >= day:
                first -= 1
            return first


def window_start(at: int, duration: Duration, clock: Clock) -> int:
    """The first instant at which an entry still lies in the rolling window that ends at `at`."""
    if duration.unit is Unit.HOURS:
        return at - duration.length * _HOUR + 1
    if duration.unit is Unit.MINUTES:
        return at - duration.length * _MINUTE + 1
    return clock.midnight(first_day_of_span(clock.day(at), duration))


def unit_days(day: int, unit: CalendarUnit, week_starts: str) -> tuple[int, int]:
    """First and last day of the calendar unit in which `day` lies.

    A business week is Monday to Friday; a Saturday or Sunday lies in none, and is given a span of its own weekend.
    """
    match unit:
        case CalendarUnit.DAY:
            return day, day
        case CalendarUnit.WEEK:
            first = day - (day % 7 if week_starts == "sunday" else (day - 1) % 7)
            return first, first + 6
        case CalendarUnit.BUSINESS_WEEK:
            monday = day - (day - 1) % 7
            return (monday, monday + 4) if day <= monday + 4 else (monday + 5, monday + 6)
        case CalendarUnit.MONTH:
            start = date.fromordinal(day).replace(day=1)
            return start.toordinal(), start.toordinal() + monthrange(start.year, start.month)[1] - 1
        case CalendarUnit.YEAR:
            year = date.fromordinal(day).year
            return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        case _:
            assert_never(unit)


def unit_start(at: int, unit: CalendarUnit, week_starts: str, clock: Clock) -> int:
    """First instant of the calendar unit of `at`."""
    return clock.midnight(unit_days(clock.day(at), unit, week_starts)[0])


def unit_bounds(at: int, unit: CalendarUnit, week_starts: str, clock: Clock) -> tuple[int, int]:
    """First instant of the calendar unit of `at`, and the first instant after it."""
    first, last = unit_days(clock.day(at), unit, week_starts)
    return clock.midnight(first), clock.midnight(last + 1)


def within_span(
    at: int, start: int, duration: Duration, clock: Clock | None, *, on_days: bool
) -> bool | None:
    """Whether `at` lies in the span that began at `start`: from the beginning itself to before the end.

    `on_days`: both are ordinal days, not instants. Unknown where days are asked of instants and no clock is known,
    unless the outermost clocks agree.
    """
    if on_days:
        return start <= at <= last_day_of_span(start, duration)
    if at < start:
        return False
    if clock is not None:
        return at < span_end(start, duration, clock)
    if duration.unit in (Unit.HOURS, Unit.MINUTES):
        return at < span_end(start, duration, EARLIEST_CLOCK)
    # A clock between the outermost may show the day of the one while its midnight falls nearly where the other's does.
    if at < LATEST_CLOCK.midnight(last_day_of_span(EARLIEST_CLOCK.day(start), duration) + 1):
        return True
    return False if at >= EARLIEST_CLOCK.midnight(last_day_of_span(LATEST_CLOCK.day(start), duration) + 1) else None


def window_span(
    at: int, length: Duration | CalendarUnit | None, window: Window, clock: Clock | None
) -> tuple[int, int, Callable[[int], int] | None]:
    """From when entries might lie, and surely lie, in a rolling or calendar window that ends at `at`.

    The two differ only while the clock is unknown. The function tells when an entry at an instant leaves the window.
    A length that is unknown holds everything as a maybe.
    """
    if window.clock == "eastern":
        clock = clock_of(EASTERN)
    if length is None:
        return -NEVER, NEVER, None
    if isinstance(length, CalendarUnit):
        if clock is None:
            first, last = (
                unit_days(each.day(at), length, window.week_starts)[0] for each in (EARLIEST_CLOCK, LATEST_CLOCK)
            )
            return LATEST_CLOCK.midnight(first), EARLIEST_CLOCK.midnight(last), None
        start, end = unit_bounds(at, length, window.week_starts, clock)
        return start, start, lambda _: end
    if clock is None and length.unit not in (Unit.HOURS, Unit.MINUTES):
        first, last = (first_day_of_span(each.day(at), length) for each in (EARLIEST_CLOCK, LATEST_CLOCK))
        return LATEST_CLOCK.midnight(first), EARLIEST_CLOCK.midnight(last), None
    start = window_start(at, length, clock or EARLIEST_CLOCK)
    return start, start, partial(span_end, duration=length, clock=clock or EARLIEST_CLOCK)


def next_boundary(at: int, hours: Iterable[HoursOf], clock: Clock) -> set[int]:
    """The instants of today and tomorrow at which named hours begin or end, and the midnights between."""
    today = clock.day(at)
    found = {clock.midnight(day) for day in (today + 1, today + 2)}
    for each in hours:
        found.update(clock.at(day, time) for day in (today, today + 1) for time in (each.start, each.stop))
    return {instant for instant in found if instant > at}
