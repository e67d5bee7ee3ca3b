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

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fdcpa_guard.engine.columnar.planes import Bools, Indices, Planes, where_known
from fdcpa_guard.values import Kind

Array: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Picks:
    """For each row the place among some values; -1 where nothing is said."""

    values: Sequence[Any]
    places: Array

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, row: int) -> Any:
        place = int(self.places[row])
        return None if place < 0 else self.values[place]

    def __iter__(self) -> Iterator[Any]:
        values = (*self.values, None)
        return (values[place] for place in self.places.tolist())

    def then(self, more: Sequence[Any]) -> Picks:
        """With one row more for each of some values."""
        places = len(self.values) + np.arange(len(more))
        return Picks((*self.values, *more), np.concatenate((self.places, places)))

    def take(self, rows: Indices) -> Picks:
        return Picks(self.values, self.places[rows])


Texts: TypeAlias = Sequence[Any] | pa.Array | Picks
"""What many rows say: as Arrow has it where it is there so."""

UNSAID_CODE: Final = -1
UNSAID_TRUTH: Final = -1
UNSAID_NUMBER: Final = int(np.iinfo(np.int64).min)
UNSAID_FRACTION: Final = -np.inf
CODED: Final = frozenset({Kind.NAME, Kind.TEXT, Kind.NAMES, Kind.TEXTS})


class Codes:
    """Small numbers for the names and texts of a bucket, in the order in which they were met."""

    def __init__(self) -> None:
        self._codes: dict[Hashable | None, int] = {None: UNSAID_CODE}
        self.values: list[Any] = []

    def __len__(self) -> int:
        return len(self.values)

    def of(self, value: Hashable | None) -> int:
        """The code of a value, given where it has none yet; `UNSAID_CODE` for None."""
        known = self._codes.get(value)
        if known is None:
            known = self._codes[value] = len(self.values)
            self.values.append(value)
        return known

    def all(self, values: Iterable[Hashable | None] | Picks) -> Array:
        """The codes of many values."""
        if isinstance(values, pa.Array):
            encoded = values.dictionary_encode()
            values = Picks(encoded.dictionary.to_pylist(), _numbers(encoded.indices))
        if isinstance(values, Picks):
            found: Array = np.append(self.all(values.values), np.int32(UNSAID_CODE))[values.places]
            return found
        listed = values if isinstance(values, list) else list(values)
        for value in dict.fromkeys(listed):
            self.of(value)
        return np.fromiter(map(self._codes.__getitem__, listed), np.int32, len(listed))


def _numbers(indices: pa.Array) -> Array:
    return np.asarray(indices.fill_null(UNSAID_CODE) if indices.null_count else indices)


def equal_texts(*columns: Sequence[str | None] | pa.Array) -> list[Array]:
    """Numbers in the place of the texts of some columns, the same for the same; `UNSAID_CODE` for none."""
    whole = pa.concat_arrays([pa.array(column, pa.string()) for column in columns]).dictionary_encode()
    return np.split(_numbers(whole.indices), np.cumsum([len(column) for column in columns])[:-1])


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
    types = set(map(type, values))
    lacks = NoneType in types
    if kind is Kind.TRUTH:
        none: float = UNSAID_TRUTH
        dtype: np.dtype[Any] = np.dtype(np.int8)
    elif float in types:
        none = UNSAID_FRACTION
        dtype = np.dtype(np.float64)
    else:
        none = UNSAID_NUMBER
        dtype = np.dtype(np.int64)
    said = [none if value is None else value for value in values] if lacks else values
    return Column(np.array(said, dtype), lacks)


def unsaid(rows: int, kind: Kind) -> Column:
    """A column that says nothing."""
    if kind in CODED:
        return Column(np.full(rows, UNSAID_CODE, np.int32), True)
    if kind is Kind.TRUTH:
        return Column(np.full(rows, UNSAID_TRUTH, np.int8), True)
    return Column(np.full(rows, UNSAID_NUMBER, np.int64), True)


def joined(columns: Sequence[Column]) -> Column:
    """Some columns of one kind, one after another."""
    if len(columns) == 1:
        return columns[0]
    arrays = [column.data for column in columns]
    if len({data.dtype for data in arrays}) > 1:
        # Where one of them has no whole numbers, nothing said is written otherwise.
        arrays = [
            data if data.dtype == np.float64 else np.where(data == UNSAID_NUMBER, UNSAID_FRACTION, data) for data in arrays
        ]
    return Column(np.concatenate(arrays), any(column.lacks for column in columns))


def same_code(one: Column, other: Column) -> Planes:
    """Whether two columns of codes say the same; unknown where either says nothing."""
    equal = one.data == other.data
    known = one.known()
    others = other.known()
    if known is None:
        return where_known(equal, others)
    return where_known(equal, known if others is None else known & others)


def distinct_rows(arrays: list[Array]) -> tuple[Array, Array]:
    """The first row of each combination of values that occurs, and for each row which combination it is."""
    combined: Array | None = None
    total = 1
    for array in arrays:
        low = int(array.min(initial=0))
        size = int(array.max(initial=0)) - low + 1
        shifted = array.astype(np.int64) - low
        if combined is None:
            combined, total = shifted, size
            continue
        if total * size >= 1 << 62:
            firsts, combined = _looked_up(combined)
            total = len(firsts) + 1
        combined = combined * size + shifted
        total *= size
    assert combined is not None
    if total <= 4 * len(combined) + 1024:
        first = np.full(total, -1, np.int64)
        first[combined[::-1]] = np.arange(len(combined) - 1, -1, -1)
        there = np.flatnonzero(first >= 0)
        number = np.empty(total, np.int64)
        number[there] = np.arange(len(there))
        return first[there], number[combined]
    return _looked_up(combined)


def _looked_up(values: Array) -> tuple[Array, Array]:
    """The first row of each value, and for each row which value it is. To look each up takes half as long as to sort them."""
    encoded = pa.array(values).dictionary_encode()
    places = np.asarray(encoded.indices).astype(np.int64)
    firsts = np.empty(len(encoded.dictionary), np.int64)
    firsts[places[::-1]] = np.arange(len(places) - 1, -1, -1)
    return firsts, places


def spread(firsts: Array, stops: Array) -> tuple[Indices, Indices]:
    """Every number of each run, in order: which run it is of, and the number."""
    lengths = np.maximum(stops - firsts, 0)
    total = int(lengths.sum())
    rows = np.repeat(np.arange(len(lengths)), lengths)
    ends = np.cumsum(lengths)
    numbers = np.arange(total) - np.repeat(ends - lengths - firsts, lengths)
    return rows, numbers
