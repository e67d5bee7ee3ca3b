"""Lists of names as numbers: of many rows, which facts each of them lacks, in order and each once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar.columns import Array, distinct_rows
from fdcpa_guard.engine.columnar.planes import Indices

NONE: Final = 0
"""The number of the list that has no name."""


class Lists:
    """Gives each list of names a number; equal lists have one."""

    def __init__(self) -> None:
        self.values: list[tuple[str, ...]] = [()]
        self._numbers: dict[tuple[str, ...], int] = {(): NONE}
        self._joined: dict[tuple[int, int], int] = {}

    def of(self, names: Iterable[str]) -> int:
        listed = tuple(dict.fromkeys(names))
        known = self._numbers.get(listed)
        if known is None:
            known = self._numbers[listed] = len(self.values)
            self.values.append(listed)
        return known

    def joined(self, one: Array, other: Array) -> Array:
        """Of each row the names of the one, and those of the other after them."""
        if not other.any():
            return one
        if not one.any():
            return other
        firsts, places = distinct_rows([one, other])
        pairs = zip(one[firsts].tolist(), other[firsts].tolist(), strict=True)
        return np.array([self._both(*pair) for pair in pairs], np.int64)[places]

    def _both(self, one: int, other: int) -> int:
        known = self._joined.get((one, other))
        if known is None:
            known = self._joined[one, other] = self.of((*self.values[one], *self.values[other]))
        return known

    def gathered(self, lists: Array, rows: Indices, size: int) -> Array:
        """Of each of so many rows the names of all of its lines, in their order; `rows` are in order."""
        found = np.zeros(size, np.int64)
        said = np.flatnonzero(lists)
        if len(said) == 0:
            return found
        lists, rows = lists[said], rows[said]
        firsts, _ = distinct_rows([rows, lists])
        firsts = np.sort(firsts)
        lists, rows = lists[firsts], rows[firsts]
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        turn = np.arange(len(rows)) - np.repeat(starts, np.diff(starts, append=len(rows)))
        for number in range(int(turn.max()) + 1):
            now = turn == number
            found[rows[now]] = self.joined(found[rows[now]], lists[now])
        return found
