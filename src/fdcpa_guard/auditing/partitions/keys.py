"""Numbers for what several columns say together: one for all rows that agree in all of them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]

_MOST: Final = 1 << 62


class Keys:
    """Grows by a column at a time."""

    def __init__(self, rows: int) -> None:
        self.keys: Ints = np.zeros(rows, np.int64)
        self.size = 1

    @classmethod
    def begun(cls, keys: Ints, size: int) -> Keys:
        found = cls(0)
        found.keys, found.size = keys.copy(), size
        return found

    def add(self, codes: Ints, count: int) -> None:
        """Codes from 0 to `count`, which is not among them."""
        if self.size * count >= _MOST:
            self.keys, self.size = self.numbered()
        self.keys *= count
        self.keys += codes
        self.size *= count

    def numbered(self) -> tuple[Ints, int]:
        """The same without gaps, and how many there are."""
        encoded = pa.array(self.keys).dictionary_encode()
        return _numbers(encoded)[0] - 1, len(encoded.dictionary)


def codes_of(column: pa.Array) -> tuple[Ints, int] | None:
    """A number for each value of a column, 0 for none, and how many; None where its values cannot be told apart so."""
    try:
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    except pa.ArrowNotImplementedError:  # of nested columns it numbers nothing: such tables are read row by row
        return None
    return _numbers(encoded)


def _numbers(encoded: Any) -> tuple[Ints, int]:
    indices = encoded.indices
    if indices.null_count:
        indices = indices.cast(pa.int64()).fill_null(-1)
    return np.asarray(indices).astype(np.int64) + 1, len(encoded.dictionary) + 1
