"""The order in which a reader takes the blocks of a page: from above, where columns stand side by side each in turn.

A table, of which the further columns are short and stand line by line beside the first, is read by rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pdfminer.layout import LTTextBox, LTTextLine

_SHORT: Final = 24
"""Characters of what stands in a further column of a table."""
_ALIGNED: Final = 3.0
"""Points by which lines beside each other may differ in height."""


def blocks_in_order(boxes: Sequence[LTTextBox]) -> Iterator[list[LTTextLine]]:
    """The lines of each block."""
    group: list[LTTextBox] = []
    for slab in _slabs(boxes):
        if group and len(_columns([*group, *slab])) < 2:
            yield from _read(group)
            group = []
        group += slab
    yield from _read(group)


def _slabs(boxes: Sequence[LTTextBox]) -> Iterator[list[LTTextBox]]:
    """Blocks that stand beside each other, from above."""
    slab: list[LTTextBox] = []
    for box in sorted(boxes, key=lambda box: (-box.y1, box.x0)):
        if slab and box.y1 <= min(each.y0 for each in slab):
            yield slab
            slab = []
        slab.append(box)
    if slab:
        yield slab


def _columns(boxes: Iterable[LTTextBox]) -> list[list[LTTextBox]]:
    """Blocks by columns, from the left: those that overlap in width are in one."""
    columns: list[list[LTTextBox]] = []
    right = 0.0
    for box in sorted(boxes, key=lambda box: box.x0):
        if not columns or box.x0 >= right:
            columns.append([])
        columns[-1].append(box)
        right = max(right, box.x1) if len(columns[-1]) > 1 else box.x1
    return columns


def _read(boxes: Sequence[LTTextBox]) -> Iterator[list[LTTextLine]]:
    columns = _columns(boxes)
    lines = [[line for box in column for line in box] for column in columns]
    if len(columns) > 1 and _is_table(lines):
        rows = [line for column in lines for line in column]
        yield sorted(rows, key=lambda line: (-round(line.y0 / _ALIGNED), line.x0))
        return
    for column in columns:
        for box in sorted(column, key=lambda box: (-box.y1, box.x0)):
            yield list(box)


def _is_table(columns: Sequence[Sequence[LTTextLine]]) -> bool:
    heights = [line.y0 for line in columns[0]]
    return len(heights) > 1 and all(
        len(line.get_text().strip()) <= _SHORT and any(abs(line.y0 - height) < _ALIGNED for height in heights)
        for column in columns[1:]
        for line in column
    )
