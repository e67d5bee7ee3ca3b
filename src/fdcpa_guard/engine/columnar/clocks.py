"""Local days and times of many instants at once, by the clocks of `facts.clock`.

A zone is a number: its place among the zones of a bucket, -1 where no clock is known. What a clock says of a day is
asked of the clock itself, once for each day that occurs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Array
from fdcpa_guard.facts.clock import Clock, clock_of
from fdcpa_guard.values import DAY_MICROSECONDS

__all__ = ["NO_ZONE", "Zones", "by_value"]

NO_ZONE: Final = -1
_EPOCH_ORDINAL: Final = 719163
_STEP: Final = DAY_MICROSECONDS // 2
_MOST_DAYS: Final = 1 << 20
_LONG: Final = 400 * DAY_MICROSECONDS
_NOT_ASKED: Final = UNSAID_NUMBER


def by_value(values: Array, function: Callable[[int], int]) -> Array:
    """What a function gives of each value, asked once for each that occurs. `UNSAID_NUMBER` stays as it is."""
    if len(values) == 0:
        return values
    found = np.full(len(values), UNSAID_NUMBER, np.int64)
    said = values != UNSAID_NUMBER
    whole = bool(said.all())
    asked = values if whole else values[said]
    if len(asked) == 0:
        return found
    low, high = int(asked.min()), int(asked.max())
    if high - low < min(_MOST_DAYS, 64 * len(asked) + 1024):
        table = np.zeros(high - low + 1, np.int64)
        there = np.zeros(high - low + 1, bool)
        there[asked - low] = True
        for value in np.flatnonzero(there).tolist():
            table[value] = function(value + low)
        given: Array = table[asked - low]
    else:
        distinct, places = np.unique(asked, return_inverse=True)
        given = np.array([function(value) for value in distinct.tolist()], np.int64)[places]
    if whole:
        return given
    found[said] = given
    return found


class _Offsets:
    """By how much a clock is ahead of UTC, over a stretch of time that grows as it is asked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._from = self._until = _NOT_ASKED
        self._turns = np.zeros(0, np.int64)
        self._offsets = np.array([clock.offset(0)], np.int64)

    def of(self, instants: Array) -> Array:
        if len(instants) == 0:
            return instants
        low, high = int(instants.min()), int(instants.max())
        if low < self._from or high >= self._until:
            self._grow(low, high)
        if len(self._turns) == 0:
            return np.full(len(instants), self._offsets[0])
        return self._offsets[np.searchsorted(self._turns, instants, "right")]

    def _grow(self, low: int, high: int) -> None:
        """Every change of the clock between two instants, and between those asked for before, to the microsecond."""
        if self._from != _NOT_ASKED:
            low, high = min(low, self._from), max(high, self._until)
        # Some more than was asked for: logs grow at their ends.
        low, high = low - _LONG, high + _LONG
        offset = self._clock.offset
        turns: list[int] = []
        offsets = [offset(low)]
        at = low
        while at < high:
            after = min(at + _STEP, high)
            if offset(after) != offsets[-1]:
                first, last = at, after
                while last - first > 1:
                    middle = (first + last) // 2
                    if offset(middle) == offsets[-1]:
                        first = middle
                    else:
                        last = middle
                turns.append(last)
                offsets.append(offset(after))
            at = after
        self._from, self._until = low, high
        self._turns, self._offsets = np.array(turns, np.int64), np.array(offsets, np.int64)


@lru_cache(maxsize=1024)
def _offsets_of(name: str) -> _Offsets:
    return _Offsets(clock_of(name))


class Zones:
    """The clocks of a bucket, by number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.clocks: list[Clock] = []

    def number(self, clock: Clock | None) -> int:
        if clock is None:
            return NO_ZONE
        known = self._numbers.get(clock.name)
        if known is None:
            known = self._numbers[clock.name] = len(self.clocks)
            self.clocks.append(clock)
        return known

    def local(self, instants: Array, zones: Array) -> Array:
        """Microseconds that each zone's clock shows, since it showed the beginning of 1970; unsaid without a clock."""

        def shown(clock: Clock, at: Array) -> Array:
            return at + _offsets_of(clock.name).of(at)

        return self.each(zones, shown, instants)

    def day(self, instants: Array, zones: Array) -> Array:
        """The local day of each instant."""
        return day_of_local(self.local(instants, zones))

    def midnight(self, days: Array, zones: Array) -> Array:
        """The first instant of each local day."""
        return self.each(zones, lambda clock, day: by_value(day, clock.midnight), days)

    def each(self, zones: Array, function: Callable[..., Array], *values: Array) -> Array:
        """What a function of a clock and of values gives for each row, zone by zone.

        Unsaid where there is no clock, and where the first of the values is unsaid.
        """
        found = np.full(len(zones), UNSAID_NUMBER, np.int64)
        if len(zones) == 0:
            return found
        first = int(zones[0])
        said = values[0] != UNSAID_NUMBER
        if bool((zones == first).all()) and bool(said.all()):
            return found if first == NO_ZONE else function(self.clocks[first], *values)
        present = np.zeros(len(self.clocks) + 1, bool)
        present[zones] = True
        for number in np.flatnonzero(present[:-1]).tolist():
            rows = np.flatnonzero((zones == number) & said)
            if len(rows):
                found[rows] = function(self.clocks[number], *(each[rows] for each in values))
        return found


def day_of_local(local: Array) -> Array:
    """The ordinal day of what a clock shows."""
    days = local // DAY_MICROSECONDS + _EPOCH_ORDINAL
    unsaid = local == UNSAID_NUMBER
    if unsaid.any():
        days[unsaid] = UNSAID_NUMBER
    return days


def time_of_local(local: Array) -> Array:
    """The microseconds since midnight of what a clock shows."""
    times = local % DAY_MICROSECONDS
    unsaid = local == UNSAID_NUMBER
    if unsaid.any():
        times[unsaid] = UNSAID_NUMBER
    return times


def fixed(clock: Clock) -> Callable[[Array], Array]:
    """What one clock shows, of instants none of which is unsaid."""
    offsets = _offsets_of(clock.name)
    return lambda at: at + offsets.of(at)
