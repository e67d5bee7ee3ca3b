"""Columns of text that name their consumer, written anew for many consumers at once.

A text is kept as a template: the seven digits of the consumer's number stand open in it, and the last two of a telephone
number. What is left is filled in for a million rows together, a shape of text at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]

DIGITS: Final = 7
_OPEN: Final = b"\x01"
_ENDING: Final = b"\x02"
_OWN: Final = r"(sim-?|D|G)[0-9]{7}"
"""How the simulator writes a consumer, an e-mail address, a debt, a group of debts: each with the consumer's number."""
_NUMBER: Final = r"^(\+1[0-9]{3}55501)[0-9]{2}$"


def names_its_consumer(texts: Any) -> bool:
    """Whether a column (an Arrow array of text) has a consumer's number or a telephone number in it."""
    found = pc.or_(pc.match_substring_regex(texts, _OWN), pc.match_substring_regex(texts, _NUMBER))
    return bool(pc.any(found).as_py())


@dataclass(frozen=True, slots=True)
class _Shape:
    """Texts of one length with the same digits open. `letters` are theirs, a row a template; `places` the open columns."""

    letters: npt.NDArray[np.uint8]
    places: tuple[tuple[int, int], ...]


class OpenTexts:
    """A column whose texts are written for other consumers than those that it was read with."""

    def __init__(self, texts: Any) -> None:
        opened = pc.replace_substring_regex(texts, _OWN, r"\1" + (_OPEN * DIGITS).decode())
        encoded = opened.dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        templates = [text.encode() for text in encoded.dictionary.to_pylist()]
        numbers = pc.match_substring_regex(encoded.dictionary, _NUMBER).to_pylist()
        endings = np.zeros(len(templates), np.int64)
        shapes: dict[tuple[int, tuple[tuple[int, int], ...]], list[bytes]] = {}
        shape_of, row_of = np.zeros(len(templates) + 1, np.uint16), np.zeros(len(templates) + 1, np.int64)
        for place, text in enumerate(templates):
            if numbers[place]:
                endings[place] = int(text[-2:])
                text = text[:-2] + _ENDING * 2
            members = shapes.setdefault((len(text), _open_places(text)), [])
            shape_of[place], row_of[place] = list(shapes).index((len(text), _open_places(text))), len(members)
            members.append(text)
        shape_of[-1] = len(shapes)  # of what says nothing
        self._codes: npt.NDArray[np.int32] = codes.astype(np.int32)
        self._shape_of, self._row_of, self._endings = shape_of, row_of, np.append(endings, 0)
        self._shapes = [
            _Shape(np.frombuffer(b"".join(members), np.uint8).reshape(len(members), length), places)
            for (length, places), members in shapes.items()
        ]

    def reorder(self, order: Ints) -> None:
        self._codes = self._codes[order]

    def written(self, rows: Ints, consumers: Ints, turned: Ints) -> Any:
        """The texts of some rows as an Arrow array, for other consumers; endings of telephone numbers go on by `turned`."""
        codes = self._codes[rows]
        shapes = self._shape_of[codes]
        digits = _digits(consumers)
        order = np.argsort(shapes, kind="stable")
        cuts = np.searchsorted(shapes[order], np.arange(len(self._shapes) + 2))
        parts = []
        for number, shape in enumerate(self._shapes):
            chosen = order[cuts[number] : cuts[number + 1]]
            if len(chosen):
                parts.append(fixed_texts(self._block(shape, codes[chosen], digits, chosen, turned)))
        nothing = len(rows) - cuts[len(self._shapes)]
        if nothing:
            parts.append(pa.nulls(int(nothing), pa.string()))
        if len(parts) == 1:
            return parts[0]
        back = np.empty(len(rows), np.int64)
        back[order] = np.arange(len(rows))
        return pa.concat_arrays(parts).take(pa.array(back))

    def _block(
        self, shape: _Shape, codes: npt.NDArray[np.int32], digits: npt.NDArray[np.uint8], chosen: Ints, turned: Ints
    ) -> npt.NDArray[np.uint8]:
        block = shape.letters[self._row_of[codes]]
        endings: Ints | None = None
        for place, digit in shape.places:
            if digit < DIGITS:
                block[:, place] = digits[digit, chosen]
                continue
            if endings is None:
                endings = (self._endings[codes] + turned[chosen]) % 100
            block[:, place] = 48 + (endings // 10 if digit == DIGITS else endings % 10)
        return block


def _open_places(text: bytes) -> tuple[tuple[int, int], ...]:
    """Which digit belongs where: up to 6 of the consumer's number, 7 and 8 those of the ending."""
    found, own, ending = [], 0, DIGITS
    for place, letter in enumerate(text):
        if letter == _OPEN[0]:
            found.append((place, own % DIGITS))
            own += 1
        elif letter == _ENDING[0]:
            found.append((place, ending))
            ending += 1
    return tuple(found)


def _digits(numbers: Ints) -> npt.NDArray[np.uint8]:
    found = np.empty((DIGITS, len(numbers)), np.uint8)
    left = numbers.astype(np.int32)
    for place in range(DIGITS - 1, -1, -1):
        rest = left // 10
        found[place] = 48 + (left - rest * 10)
        left = rest
    return found


def fixed_texts(block: npt.NDArray[np.uint8]) -> Any:
    """Texts of one length as an Arrow array."""
    number, length = block.shape
    offsets = np.arange(number + 1, dtype=np.int32) * np.int32(length)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(block))]
    return pa.Array.from_buffers(pa.string(), number, buffers)
