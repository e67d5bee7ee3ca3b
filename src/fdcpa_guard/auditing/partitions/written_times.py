"""Columns of times in a form that a file of columns gives, such as `%m/%d/%Y %I:%M:%S %p`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.auditing.partitions.times import days_since_1970, number_in, texts_of_form

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_DIGITS: Final = {"Y": 4, "m": 2, "d": 2, "H": 2, "I": 2, "M": 2, "S": 2}
_HALF: Final = "p"
_PART: Final = re.compile(r"%(.)|([-/:,. T])", re.DOTALL)
_SINGLE: Final = r"(^|[^0-9])([0-9])([^0-9]|$)"
_LESS_THAN: Final = {"H": 24, "M": 60, "S": 60}
_SECONDS_OF_A_DAY, _SECONDS_OF_AN_HOUR = 86_400, 3_600
_HALF_A_DAY: Final = 12


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """A form whose parts stand at fixed places, when of each number all digits are written."""

    form: str
    places: dict[str, int]
    literals: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, format_: str) -> WrittenTime | None:
        """None of a form of which something else may be a part."""
        form, end = "", 0
        places: dict[str, int] = {}
        literals: list[tuple[int, int]] = []
        for match in _PART.finditer(format_):
            if match.start() != end:
                return None
            end = match.end()
            name, literal = match.groups()
            if literal is not None:
                literals.append((len(form), ord(literal)))
                form += "c"
            elif name in places or (name not in _DIGITS and name != _HALF):
                return None
            else:
                places[name] = len(form)
                form += "d" * _DIGITS[name] if name in _DIGITS else "cc"
        hours = {"H", "I", _HALF} & places.keys()
        # Numbers side by side may be divided otherwise where one of them has a digit less.
        if end != len(format_) or not {"Y", "m", "d"} <= places.keys() or "dd" in _names(format_):
            return None
        if hours not in (set(), {"H"}, {"I", _HALF}) or (_HALF in hours and not _halves_are_known()):
            return None
        return cls(form, places, tuple(literals))

    def read(self, column: pa.Array) -> tuple[Ints, Ints, Bools]:
        """The rows that are written so, and of these the seconds since 1970 of a clock in UTC, and which leave no doubt."""
        lengths = np.asarray(pc.binary_length(column).fill_null(len(self.form)))
        if (lengths != len(self.form)).any():
            for _ in range(2):
                column = pc.replace_substring_regex(column, _SINGLE, r"\10\2\3")
        rows, texts = texts_of_form(column, self.form)
        if not len(rows):
            return rows, np.zeros(0, np.int64), np.zeros(0, bool)
        number = {name: number_in(texts, place, _DIGITS[name]) for name, place in self.places.items() if name in _DIGITS}
        days, right = days_since_1970(number["Y"], number["m"], number["d"])
        for place, literal in self.literals:
            right &= texts[:, place] == literal
        none = np.zeros(len(rows), np.int64)
        hour = number.get("H", none)
        if "I" in number:
            hour, half = number["I"], self.places[_HALF]
            first, second = texts[:, half] | 0x20, texts[:, half + 1] | 0x20
            right &= (hour >= 1) & (hour <= _HALF_A_DAY) & ((first == ord("a")) | (first == ord("p"))) & (second == ord("m"))
            hour = hour % _HALF_A_DAY + np.where(first == ord("p"), _HALF_A_DAY, 0)
        minute, second_ = number.get("M", none), number.get("S", none)
        right &= (hour < _LESS_THAN["H"]) & (minute < _LESS_THAN["M"]) & (second_ < _LESS_THAN["S"])
        return rows, days * _SECONDS_OF_A_DAY + hour * _SECONDS_OF_AN_HOUR + minute * 60 + second_, right


def _names(format_: str) -> str:
    """A letter for each part: `d` of a number, else what it is."""
    return _PART.sub(lambda match: "d" if match[1] in _DIGITS else "c", format_)


def _halves_are_known() -> bool:
    """Whether the halves of the day are called as in English where this runs."""
    return [datetime(2000, 1, 1, hour).strftime("%p").upper() for hour in (1, 13)] == ["AM", "PM"]
