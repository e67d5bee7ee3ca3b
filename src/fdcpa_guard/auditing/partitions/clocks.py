"""Columns of times as vendors write them: by the clock of a server, in seconds since 1970, or as in the head of a letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fdcpa_guard.auditing.partitions.times import (
    days_since_1970,
    instants_in,
    is_past_the_end,
    number_in,
    seconds_of_day,
    texts_of_form,
)
from fdcpa_guard.facts.importers.times import LocalClock, NaiveTimeError
from fdcpa_guard.values import MICROSECONDS, datetime_of, instant_of

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Read = tuple[Ints, Bools]
"""Instants as microseconds, and the rows that have one that leaves no doubt."""

_LOCAL: Final = "dddd-dd-ddTdd:dd:dd"
_LETTER: Final = "ccc, dd ccc dddd dd:dd:dd"
_OFFSET: Final = " +dddd"
_MONTHS: Final = np.array([list(each) for each in b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()], np.uint8)
_WEEKDAYS: Final = np.array([list(each) for each in b"Mon Tue Wed Thu Fri Sat Sun".split()], np.uint8)
_MINUS: Final = ord("-")
_HOUR: Final = 3600
_MOST_HOURS: Final = 50_000


class Clocks:
    """Reads columns of times of one file, by the clock that wrote those without an offset."""

    def __init__(self, clock: LocalClock) -> None:
        self._clock = clock
        self.has_zone = clock.zone_name is not None
        self._offsets: dict[int, int | None] = {}

    def local(self, column: pa.Array) -> Read:
        """`2024-03-04 10:00:00` by the clock, or with an offset. Of a clock without a zone, such times are as if they were UTC."""
        found, told = instants_in(column)
        rows, texts = texts_of_form(column, _LOCAL)
        if len(rows):
            days, right = days_since_1970(number_in(texts, 0, 4), number_in(texts, 5, 2), number_in(texts, 8, 2))
            self._put(found, told, rows, *_at(days, texts, 11, right))
        return _plausible(found, told)

    def zoned(self, column: pa.Array) -> Read:
        """With an offset, whatever the clock."""
        return _plausible(*instants_in(column))

    def epoch(self, column: pa.Array) -> Read:
        """Ten digits are seconds since 1970."""
        found, told = np.zeros(len(column), np.int64), np.zeros(len(column), bool)
        rows, texts = texts_of_form(column, "d" * 10)
        if len(rows):
            found[rows], told[rows] = number_in(texts, 0, 10) * MICROSECONDS, True
        return _plausible(found, told)

    def letter(self, column: pa.Array) -> Read:
        """`Fri, 18 Oct 2019 17:02:00 +0000`, or ISO 8601 with an offset."""
        found, told = instants_in(column)
        rows, texts = texts_of_form(column, _LETTER + _OFFSET)
        if len(rows):
            days, right = _letter_days(texts)
            seconds, right = _at(days, texts, 17, right)
            at = len(_LETTER) + 1
            hours, minutes = number_in(texts, at + 1, 2), number_in(texts, at + 3, 2)
            west = texts[:, at] == _MINUS
            # By `-0000` a letter says that it does not tell its offset.
            right &= (hours < 24) & (minutes < 60) & ~(west & (hours + minutes == 0))
            east = (hours * 60 + minutes) * 60
            found[rows] = (seconds - np.where(west, -east, east)) * MICROSECONDS
            told[rows] = right
        return _plausible(found, told)

    def report(self, column: pa.Array) -> Read:
        """`Fri, 18 Oct 2019 17:02:00` by the clock, or as in `local`."""
        found, told = self.local(column)
        rows, texts = texts_of_form(column, _LETTER)
        if len(rows):
            days, right = _letter_days(texts)
            self._put(found, told, rows, *_at(days, texts, 17, right))
        return _plausible(found, told)

    def of(self, read: Callable[[pa.Array], tuple[Ints, Ints, Bools]], column: pa.Array) -> Read:
        """Times by the clock, whose rows and seconds `read` finds, as if the clock were in UTC."""
        found, told = np.zeros(len(column), np.int64), np.zeros(len(column), bool)
        rows, seconds, right = read(column)
        if len(rows):
            self._put(found, told, rows, seconds, right)
        return _plausible(found, told)

    def _put(self, found: Ints, told: Bools, rows: Ints, local: Ints, right: Bools) -> None:
        """Times by the clock, of hours in which nothing was done to it."""
        right &= (local >= _FIRST) & (local < _LAST)
        local = np.where(right, local, _FIRST)
        hours, places = np.unique(local // _HOUR, return_inverse=True)
        offsets = [self._offset(hour) for hour in hours.tolist()]
        right &= np.array([each is not None for each in offsets], bool)[places]
        found[rows] = (local - np.array([each or 0 for each in offsets], np.int64)[places]) * MICROSECONDS
        told[rows] = right

    def _offset(self, hour: int) -> int | None:
        """Seconds by which the clock was ahead of UTC in an hour of its own, counted from 1970; None where that is in doubt."""
        if hour not in self._offsets:
            if len(self._offsets) > _MOST_HOURS:
                self._offsets.clear()
            self._offsets[hour] = self._offset_of(hour * _HOUR)
        return self._offsets[hour]

    def _offset_of(self, first: int) -> int | None:
        offsets: set[int] = set()
        for local in (first, first + _HOUR - 1):
            written = datetime_of(local * MICROSECONDS).replace(tzinfo=None)
            try:
                reading = self._clock.instant(written)
            except NaiveTimeError:
                return 0
            if reading.kind is not None:
                return None
            offsets.add(local - instant_of(reading.at) // MICROSECONDS)
        return offsets.pop() if len(offsets) == 1 else None


_FIRST, _LAST = (
    days_since_1970(*(np.array([each]) for each in day))[0].item() * 86_400 for day in ((1971, 1, 2), (2198, 12, 31))
)


def _plausible(found: Ints, told: Bools) -> Read:
    told &= ~is_past_the_end(found)
    return found, told


def _at(days: Ints, texts: npt.NDArray[np.uint8], start: int, right: Bools) -> tuple[Ints, Bools]:
    seconds, of_clock = seconds_of_day(texts, start)
    return days * 86_400 + seconds, right & of_clock


def _letter_days(texts: npt.NDArray[np.uint8]) -> tuple[Ints, Bools]:
    month = _named(texts[:, 8:11], _MONTHS)
    days, right = days_since_1970(number_in(texts, 12, 4), month, number_in(texts, 5, 2))
    return days, right & (_named(texts[:, 0:3], _WEEKDAYS) > 0)


def _named(texts: npt.NDArray[np.uint8], names: npt.NDArray[np.uint8]) -> Ints:
    """The number of each name from 1; 0 where it is none of them."""
    found = np.zeros(len(texts), np.int64)
    for number, name in enumerate(names, start=1):
        found[(texts == name).all(axis=1)] = number
    return found
