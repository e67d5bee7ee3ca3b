"""Columns of instants and days, of times or of text, read where they are written in a form that leaves no doubt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.auditing.partitions.texts import is_text, laid, says_nothing
from fdcpa_guard.facts.importers import columns as cells
from fdcpa_guard.values import instant_of

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Read = Callable[[pa.Array], tuple[Ints, Bools]]

_FIRST, _LAST = (instant_of(cells.instant(f"{year}-01-01T00:00:00+00:00")) for year in (1971, 2199))
_LAST_ORDINAL: Final = date.max.toordinal()
_DAY: Final = "dddd-dd-dd"
_SECOND: Final = _DAY + "Tdd:dd:dd"
_FORMS: Final = tuple(_SECOND + part + offset for part in ("", ".ddd", ".dddddd", ".ddddddd") for offset in ("Z", "+dd:dd"))
"""What may stand at each place: a digit; `c` is anything, `T` that or a space, `+` a sign, all else is itself."""
_ALLOWED: Final = {"d": b"0123456789", "T": b"T ", "+": b"+-"}
_DIGITS_BEFORE: Final = _SECOND.count("d")
_ZERO, _MINUS = b"0-"
_SECONDS_OF_A_DAY: Final = 86_400
_MICROSECONDS: Final = 1_000_000
_EPOCH_ORDINAL: Final = 719_163
_DAYS_BEFORE: Final = np.cumsum([0, 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])
_DAYS_OF: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_FEBRUARY: Final = 2
_HOURS, _MINUTES = 24, 60


def instants(column: pa.Array, good: Bools, read: Read) -> pa.Array:
    """Instants as microseconds; not good where they are not written in a way that leaves no doubt. `read` reads those in text."""
    kind = column.type
    if is_text(kind):
        return _in_range(_told(column, read, good), _FIRST, _LAST, good)
    if not (pa.types.is_timestamp(kind) and kind.tz is not None):
        good &= np.asarray(column.is_null())
        return pa.nulls(len(column), pa.int64())
    # What is finer is cut off, as the importer does; what is coarser may be too far away for microseconds.
    try:
        numbers = column.cast(pa.timestamp("us", kind.tz), safe=kind.unit != "ns").cast(pa.int64())
    except pa.ArrowInvalid:
        good &= np.asarray(column.is_null())
        return pa.nulls(len(column), pa.int64())
    return _in_range(numbers, _FIRST, _LAST, good)


def days(column: pa.Array, good: Bools) -> pa.Array:
    """Days as ordinals; not good where they are no dates."""
    if is_text(column.type):
        return _told(column, days_in, good)
    if not pa.types.is_date32(column.type):
        good &= np.asarray(column.is_null())
        return pa.nulls(len(column), pa.int64())
    numbers = pc.add(column.cast(pa.int32()).cast(pa.int64()), _EPOCH_ORDINAL)
    return _in_range(numbers, 1, _LAST_ORDINAL + 1, good)


def _in_range(numbers: pa.Array, first: int, stop: int, good: Bools) -> pa.Array:
    inside = pc.and_(pc.greater_equal(numbers, first), pc.less(numbers, stop)).fill_null(True)
    good &= inside.to_numpy(zero_copy_only=False)
    return numbers


def _told(column: pa.Array, read: Read, good: Bools) -> pa.Array:
    """Times in text; not good where one is written in another form."""
    column = column.cast(pa.string())
    numbers, told = read(column)
    good &= told | says_nothing(column)
    return pa.array(numbers, mask=~told)


def instants_in(column: pa.Array) -> tuple[Ints, Bools]:
    """Instants as microseconds, and the rows that have one: `2026-03-02T09:30:00-05:00`, and no other form."""
    found, told = np.zeros(len(column), np.int64), np.zeros(len(column), bool)
    for form in _FORMS:
        rows, texts = texts_of_form(column, form)
        if not len(rows):
            continue
        days, right = _days(texts)
        of_day, of_clock = seconds_of_day(texts, 11)
        right &= of_clock
        seconds = days * _SECONDS_OF_A_DAY + of_day
        at = len(_SECOND)
        digits = min(form.count("d") - _DIGITS_BEFORE - 4 * (form[-1] == "d"), 6)
        # What is finer than a microsecond is cut off.
        part = number_in(texts, at + 1, digits) * 10 ** (6 - digits)
        if form[-1] == "d":
            hours, minutes = number_in(texts, len(form) - 5, 2), number_in(texts, len(form) - 2, 2)
            right &= (hours < _HOURS) & (minutes < _MINUTES)
            east = (hours * _MINUTES + minutes) * _MINUTES
            seconds = seconds - np.where(texts[:, len(form) - 6] == _MINUS, -east, east)
        found[rows] = seconds * _MICROSECONDS + part
        told[rows] = right
    return found, told


def days_in(column: pa.Array) -> tuple[Ints, Bools]:
    """Days as ordinals, and the rows that have one: `2026-03-02`, and no other form."""
    found, told = np.zeros(len(column), np.int64), np.zeros(len(column), bool)
    rows, texts = texts_of_form(column, _DAY)
    if len(rows):
        days, right = _days(texts)
        found[rows], told[rows] = days + _EPOCH_ORDINAL, right
    return found, told


def texts_of_form(column: pa.Array, form: str) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """The rows whose text has a form (see `_FORMS`), and the bytes of these."""
    offsets, data = laid(column)
    rows = np.flatnonzero((np.diff(offsets) == len(form)) & np.asarray(column.is_valid()))
    if not len(rows):
        return rows, data[:0]
    texts = np.lib.stride_tricks.sliding_window_view(data, len(form))[offsets[rows]]
    right = np.ones(len(rows), bool)
    for place, each in enumerate(form):
        byte = texts[:, place]
        if each == "d":
            right &= (byte - np.uint8(_ZERO)) < 10
        elif each == "c":
            continue
        else:
            allowed = _ALLOWED.get(each, each.encode())
            right &= np.isin(byte, list(allowed)) if len(allowed) > 1 else byte == allowed[0]
    return rows[right], texts[right]


def number_in(texts: npt.NDArray[np.uint8], start: int, digits: int) -> Ints:
    found = np.zeros(len(texts), np.int64)
    for place in range(start, start + digits):
        found = found * 10 + (texts[:, place].astype(np.int64) - _ZERO)
    return found


def seconds_of_day(texts: npt.NDArray[np.uint8], start: int) -> tuple[Ints, Bools]:
    """Of `09:30:00` at a place, and which a clock shows."""
    hour, minute, second = number_in(texts, start, 2), number_in(texts, start + 3, 2), number_in(texts, start + 6, 2)
    return (hour * _MINUTES + minute) * _MINUTES + second, (hour < _HOURS) & (minute < _MINUTES) & (second < _MINUTES)


def is_past_the_end(instants: Ints) -> Bools:
    """Instants that are too early or too late to be those of a log."""
    found: Bools = (instants < _FIRST) | (instants >= _LAST)
    return found


def _days(texts: npt.NDArray[np.uint8]) -> tuple[Ints, Bools]:
    return days_since_1970(number_in(texts, 0, 4), number_in(texts, 5, 2), number_in(texts, 8, 2))


def days_since_1970(year: Ints, month: Ints, day: Ints) -> tuple[Ints, Bools]:
    """Days since 1970, and which of them a calendar has."""
    right = (year >= 1) & (month >= 1) & (month < len(_DAYS_OF))
    month = np.where(right, month, 1)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    right &= (day >= 1) & (day <= _DAYS_OF[month] + (leap & (month == _FEBRUARY)))
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    days = days + _DAYS_BEFORE[month] + (leap & (month > _FEBRUARY)) + day
    return days - _EPOCH_ORDINAL, right
