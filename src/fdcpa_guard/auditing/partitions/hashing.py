"""In which partition a consumer is: by a hash of the id that is the same on every machine and in every run."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_SEED: Final = np.uint64(0xCBF29CE484222325)
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_LAST_FACTORS: Final = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_HALF: Final = np.uint64(32)
_WORD: Final = 8
_KEPT: Final = np.array([(1 << 8 * length) - 1 for length in range(_WORD + 1)], np.uint64)
"""Of a word, the part in which so many bytes of an id are."""
_AT_ONCE: Final = 1 << 22
"""Bytes that are laid out at one time, for each of which the place where it lies takes eight more."""


def partition_of(ids: pa.Array, partitions: int) -> npt.NDArray[np.int64]:
    """The partition of each of some ids, which are binary and none of them null."""
    return (hashes_of(ids) % np.uint64(partitions)).astype(np.int64)


def hashes_of(ids: pa.Array) -> npt.NDArray[np.uint64]:
    """A hash of the bytes of each id."""
    if len(ids) == 0:
        return np.zeros(0, np.uint64)
    ids = ids.cast(pa.large_binary())
    offsets = np.frombuffer(ids.buffers()[1], np.int64)[ids.offset : ids.offset + len(ids) + 1]
    data = np.frombuffer(ids.buffers()[2] or b"", np.uint8)
    lengths = np.diff(offsets)
    found = np.empty(len(ids), np.uint64)
    # Ids of about one length are laid side by side: one long one would make all rows as wide.
    widths = np.frexp(np.maximum(lengths, _WORD))[1]
    for width in np.flatnonzero(np.bincount(widths)).tolist():
        alike = np.flatnonzero(widths == width)
        step = max(1, _AT_ONCE >> width)
        for start in range(0, len(alike), step):
            part = alike[start : start + step]
            found[part] = _hashes(data, offsets[:-1][part], lengths[part])
    return found


def _hashes(
    data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    width = -(-int(lengths.max(initial=1)) // _WORD) * _WORD or _WORD
    padded = np.concatenate((data, np.zeros(width, np.uint8)))
    words = np.lib.stride_tricks.sliding_window_view(padded, width)[starts].view("<u8")
    # Of what is the same in all rows there is no column.
    alike = bool((lengths == lengths[0]).all()) and bool(lengths[0])
    asked = lengths[:1] if alike else lengths
    for number in range(words.shape[1]):
        words[:, number] &= _KEPT[np.clip(asked - number * _WORD, 0, _WORD)]
    with np.errstate(over="ignore"):
        found = (_SEED ^ lengths.astype(np.uint64)) * _FACTOR
        for number in range(words.shape[1]):
            # Words beyond an id's own say nothing of it: how wide its neighbours are must not matter.
            mixed = (found ^ words[:, number]) * _FACTOR
            mixed ^= mixed >> _HALF
            found = mixed if alike else np.where(lengths > number * _WORD, mixed, found)
        # Ids that differ in a digit would else have the same lowest bits, which say in which partition they are.
        for factor in _LAST_FACTORS:
            found = (found ^ (found >> _HALF)) * factor
    return found ^ (found >> _HALF)
