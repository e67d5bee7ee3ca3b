"""Spans and windows of many rows at once, by the meaning that `engine.windows` gives them.

Days are worked with as numbers; what the last day of a span of months or of business days is, and which days a calendar
unit has, is asked of that module, once for each day that occurs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fdcpa_guard.engine.columnar.clocks import NO_ZONE, Zones, by_value, day_of_local, fixed
from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Array
from fdcpa_guard.engine.columnar.planes import Planes, constant, settled
from fdcpa_guard.engine.windows import (
    EARLIEST_CLOCK,
    LATEST_CLOCK,
    NEVER,
    first_day_of_span,
    last_day_of_span,
    unit_days,
)
from fdcpa_guard.facts.bind import EASTERN
from fdcpa_guard.facts.clock import Clock, clock_of
from fdcpa_guard.rulefile.model import CalendarUnit, Window, WindowKind
from fdcpa_guard.values import MICROSECONDS, Duration, Unit

_MICROSECONDS_OF = {Unit.HOURS: 3600 * MICROSECONDS, Unit.MINUTES: 60 * MICROSECONDS}


def last_days(days: Array, duration: Duration) -> Array:
    """The last day of the span that begins on each day."""
    if duration.unit in (Unit.CONSECUTIVE_DAYS, Unit.CALENDAR_DAYS):
        # Both are a number of days: what the first one is, the rest are beside it.
        return days + (last_day_of_span(0, duration))
    return by_value(days, lambda day: last_day_of_span(day, duration))


def first_days(days: Array, duration: Duration) -> Array:
    """The first day on which a span may have begun that still holds each day."""
    if duration.unit in (Unit.CONSECUTIVE_DAYS, Unit.CALENDAR_DAYS):
        return days + first_day_of_span(0, duration)
    return by_value(days, lambda day: first_day_of_span(day, duration))


def _day(clock: Clock, at: Array) -> Array:
    return day_of_local(fixed(clock)(at))


def _midnight(clock: Clock, days: Array) -> Array:
    return by_value(days, clock.midnight)


def span_ends(starts: Array, duration: Duration, zones: Array, clocks: Zones) -> tuple[Array, Array]:
    """The first instant that surely, and the first that maybe still, lies after the span that began at each start.

    Before the first the span surely lasts, from the second on it is surely over; they differ where no clock is known.
    """
    if duration.unit in _MICROSECONDS_OF:
        ends = starts + duration.length * _MICROSECONDS_OF[duration.unit]
        return ends, ends

    def end(clock: Clock, at: Array) -> Array:
        return _midnight(clock, last_days(_day(clock, at), duration) + 1)

    ends = clocks.each(zones, end, starts)
    lost = np.flatnonzero(zones == NO_ZONE)
    if len(lost) == 0:
        return ends, ends
    sure, maybe = ends, ends.copy()
    at = starts[lost]
    sure[lost] = _midnight(LATEST_CLOCK, last_days(_day(EARLIEST_CLOCK, at), duration) + 1)
    maybe[lost] = _midnight(EARLIEST_CLOCK, last_days(_day(LATEST_CLOCK, at), duration) + 1)
    return sure, maybe


def within(at: Array, starts: Array, duration: Duration, zones: Array, clocks: Zones, *, on_days: bool) -> Planes:
    """Whether each instant (or day) lies in the span that began at its start. Nothing may be unsaid."""
    after = at >= starts
    if on_days:
        return settled(after & (at <= last_days(starts, duration)))
    sure, maybe = span_ends(starts, duration, zones, clocks)
    if sure is maybe:
        return settled(after & (at < sure))
    # Between the two nothing is known; where they cross, the surer word is that it lies within.
    surely = after & (at < sure)
    return Planes(surely, surely | (after & (at < maybe)))


def window_starts(
    at: Array, length: Duration | CalendarUnit | None, window: Window, zones: Array, clocks: Zones
) -> tuple[Array, Array]:
    """From when entries may lie, and surely lie, in the window that ends at each instant.

    A length of None, of a window that is no lifetime, is one that nobody knows.
    """
    rows = len(at)
    if window.kind is WindowKind.LIFETIME:
        start = np.full(rows, -NEVER, np.int64)
        return start, start
    if length is None:
        return np.full(rows, -NEVER, np.int64), np.full(rows, NEVER, np.int64)
    if isinstance(length, Duration) and length.unit in _MICROSECONDS_OF:
        start = at - length.length * _MICROSECONDS_OF[length.unit] + 1
        return start, start
    first = _first_day(length, window.week_starts)

    def start_of(clock: Clock, instants: Array) -> Array:
        return _midnight(clock, first(_day(clock, instants)))

    if window.clock == "eastern":
        start = start_of(clock_of(EASTERN), at)
        return start, start
    start = clocks.each(zones, start_of, at)
    lost = np.flatnonzero(zones == NO_ZONE)
    if len(lost) == 0:
        return start, start
    maybe, sure = start, start.copy()
    instants = at[lost]
    maybe[lost] = _midnight(LATEST_CLOCK, first(_day(EARLIEST_CLOCK, instants)))
    sure[lost] = _midnight(EARLIEST_CLOCK, first(_day(LATEST_CLOCK, instants)))
    return maybe, sure


def _first_day(length: Duration | CalendarUnit, week_starts: str) -> Callable[[Array], Array]:
    if isinstance(length, Duration):
        return lambda days: first_days(days, length)
    return lambda days: by_value(days, lambda day: unit_days(day, length, week_starts)[0])


def unknown_where_unsaid(planes: Planes, *values: Array) -> Planes:
    """The planes, unknown in the rows in which any of the values is unsaid."""
    for value in values:
        missing = value == UNSAID_NUMBER
        if missing.any():
            planes = Planes(planes.surely & ~missing, planes.maybe | missing)
    return planes


def never(rows: int) -> Planes:
    return constant(False, rows)
