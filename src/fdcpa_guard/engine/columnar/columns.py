"""What many rows say of one fact: an array, with a value of its own for what nobody said.

| kind of fact                                   | array                 | unsaid             |
| ---------------------------------------------- | --------------------- | ------------------ |
| truth                                          | int8, 0 and 1         | -1                 |
| name, text, names, texts                       | int32, codes of `Codes` | -1               |
| number, money, instant, day, clock time        | int64                 | the least int64    |
| a number that is no whole one                  | float64               | minus infinity     |

Codes are of one `Codes` for all columns of a bucket, so that equal codes are equal values wherever they stand. No code
outlives its bucket.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from fdcpa_guard.engine.columnar.planes import Bools, Indices, Planes, where_known
from fdcpa_guard.values import Kind

Array: TypeAlias = npt.NDArray[Any]

UNSAID_CODE: Final = -1
UNSAID_TRUTH: Final = -1
UNSAID_NUMBER: Final = int(np.iinfo(np.int64).min)
UNSAID_FRACTION: Final = -np.inf
CODED: Final = frozenset({Kind.NAME, Kind.TEXT, Kind.NAMES, Kind.TEXTS})


class Codes:
    """Small numbers for the names and texts of a bucket, in the order in which they were met."""

    def __init__(self) -> None:
        self._codes: dict[Hashable, int] = {}
        self.values: list[Any] = []

    def __len__(self) -> int:
        return len(self.values)

    def of(self, value: Hashable | None) -> int:
        """The code of a value, given where it has none yet; `UNSAID_CODE` for None."""
        if value is None:
            return UNSAID_CODE
        known = self._codes.get(value)
        if known is None:
            known = self._codes[value] = len(self.values)
            self.values.append(value)
        return known

    def all(self, values: Iterable[Hashable | None]) -> Array:
        """The codes of many values."""
        of = self.of
        return np.array([of(value) for value in values], np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """`lacks`: whether any row may be unsaid; False where it is known that none is."""

    data: Array
    lacks: bool

    def __len__(self) -> int:
        return len(self.data)

    def take(self, rows: Indices) -> Column:
        return Column(self.data[rows], self.lacks)

    def known(self) -> Bools | None:
        """Where something is said; None: everywhere."""
        return self.data != unsaid_of(self.data) if self.lacks else None

    def truth(self) -> Planes:
        """Of a column of truths."""
        if self.lacks:
            return Planes(self.data == 1, self.data != 0)
        return where_known(self.data == 1, None)


def unsaid_of(data: Array) -> Any:
    """What stands in an array for nothing said."""
    if data.dtype == np.int64:
        return UNSAID_NUMBER
    if data.dtype == np.float64:
        return UNSAID_FRACTION
    return UNSAID_CODE


def column_of(values: Sequence[Any], kind: Kind, codes: Codes) -> Column:
    """The column of values in the form of `values`, None where nothing is said."""
    if kind in CODED:
        data = codes.all(values)
        return Column(data, bool((data == UNSAID_CODE).any()))
    lacks = any(value is None for value in values)
    if kind is Kind.TRUTH:
        data = np.array([UNSAID_TRUTH if value is None else value for value in values], np.int8)
    elif any(isinstance(value, float) for value in values):
        data = np.array([UNSAID_FRACTION if value is None else value for value in values], np.float64)
    else:
        data = np.array([UNSAID_NUMBER if value is None else value for value in values], np.int64)
    return Column(data, lacks)


def unsaid(rows: int, kind: Kind) -> Column:
    """A column that says nothing."""
    if kind in CODED:
        return Column(np.full(rows, UNSAID_CODE, np.int32), True)
    if kind is Kind.TRUTH:
        return Column(np.full(rows, UNSAID_TRUTH, np.int8), True)
    return Column(np.full(rows, UNSAID_NUMBER, np.int64), True)


def same_code(one: Column, other: Column) -> Planes:
    """Whether two columns of codes say the same; unknown where either says nothing."""
    equal = one.data == other.data
    known = one.known()
    others = other.known()
    if known is None:
        return where_known(equal, others)
    return where_known(equal, known if others is None else known & others)
