"""Rows of text files gathered into record batches, some thousand at a time, so that they can be read by columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import Any, Final, Protocol

from fdcpa_guard.facts.importers.arrow_cells import pyarrow_for
from fdcpa_guard.facts.importers.context import Context, Format, Importer
from fdcpa_guard.facts.importers.table import Broken, Row

ROWS_AT_ONCE: Final = 4_096
_FEWEST: Final = 64
"""Below, a batch costs more than its rows."""


class InColumns(Protocol):
    """Reads the batches of a table, as far as they can be read by columns."""

    @property
    def columns_apart(self) -> bool:
        """Whether rows of other columns are to be in another batch."""
        ...

    @property
    def asked(self) -> frozenset[str] | None:
        """The columns that are looked at, where not all are; then rows of other columns are in another batch."""
        ...

    @property
    def empty(self) -> frozenset[str]:
        """Columns of structures of which an empty one says nothing."""
        ...

    def read(
        self, batch: Any, numbers: Sequence[int], others: Sequence[Row] = ()
    ) -> tuple[Any | None, Sequence[int]]:
        """What was read (it has a length) of rows of these numbers, and the places of those that are left. `others` are read by the
        importer after this batch and before the next."""
        ...


OpenInColumns = Callable[[Format, Context, Importer, Callable[[Any], list[object]]], InColumns | None]
"""Gives a reader of a file in columns, by the importer of the rows that are left to it, and by what gives the cells of a column;
None, where its rows are to be read one by one."""
_Numbered = tuple[int, Row | Broken]


def parted(rows: Iterator[_Numbered], reader: InColumns) -> Iterator[tuple[Any | None, list[_Numbered]]]:
    """Some thousand rows at a time: what was read by columns, and the rows that are left, in their order. Of rows of the same
    columns the first is left, so that the importer tells of them."""
    seen: set[tuple[str, ...]] = set()
    last: tuple[str, ...] = ()
    while some := list(islice(rows, ROWS_AT_ONCE)):
        places: list[int] = []
        plain: list[Row] = []
        for place, (_, row) in enumerate(some):
            if type(row) is Row and not row.notes:
                if row.columns is last or row.columns in seen:
                    places.append(place)
                    plain.append(row)
                else:
                    seen.add(row.columns)
                last = row.columns
        read: set[int] = set()
        for group in _by_columns(places, plain) if reader.columns_apart else filter(None, (places,)):
            told, of_group = _read(some, group, reader)
            read |= of_group
            if told is not None:
                yield told, []
        yield None, [each for place, each in enumerate(some) if place not in read]


def _by_columns(places: Sequence[int], rows: Sequence[Row]) -> Collection[list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for place, row in zip(places, rows, strict=True):
        found.setdefault(row.columns, []).append(place)
    return found.values()


def _read(some: Sequence[_Numbered], group: Sequence[int], reader: InColumns) -> tuple[Any | None, set[int]]:
    """What was read of some of the rows, and the places of these."""
    rows = [row for place in group if isinstance(row := some[place][1], Row)]
    if reader.asked is not None and reader.asked.isdisjoint(rows[0].columns):
        return None, set()
    batch, taken = gathered(rows, reader.asked, reader.empty)
    if batch is None:
        return None, set()
    places = [group[each] for each in taken]
    within = set(places)
    others = [row for place, (_, row) in enumerate(some) if place not in within and isinstance(row, Row)]
    told, left = reader.read(batch, [some[place][0] for place in places], others)
    return told, within.difference(places[each] for each in left)


def cells_of(column: Any) -> list[object]:
    """The cells of a column of a batch that was gathered."""
    cells: list[object] = column.to_pylist()
    return cells


def gathered(
    rows: Sequence[Row], asked: frozenset[str] | None, empty: frozenset[str] = frozenset()
) -> tuple[Any | None, list[int]]:
    """A batch of those rows whose cells a column can hold (texts, or truths or whole numbers alone), and their places. A cell
    that says nothing is nothing in it, and so is one that a row has not. With `asked`, it has these columns alone,
    and in those of `empty` an empty structure is nothing."""
    places = list(range(len(rows)))
    while len(places) >= _FEWEST:
        try:
            batch, odd = _batch([rows[place] for place in places], asked, empty)
        except UnicodeEncodeError:
            # The name of a column is no text.
            break
        if not odd:
            return batch, places
        places = [place for number, place in enumerate(places) if number not in odd]
    return None, []


def _batch(
    rows: Sequence[Row], asked: frozenset[str] | None, empty: frozenset[str]
) -> tuple[Any | None, set[int]]:
    """The batch, or the rows that keep it from being one."""
    arrow = pyarrow_for("text by columns", "")
    names, columns = _columns(rows, asked)
    arrays: list[Any] = []
    odd: set[int] = set()
    for name, cells in zip(names, columns, strict=True):
        if name in empty:
            cells = [None if cell == {} else cell for cell in cells]
        array = _array(arrow, cells)
        if array is None:
            odd.update(place for place, cell in enumerate(cells) if cell is not None and type(cell) is not str)
        arrays.append(array)
    return (None, odd) if odd else (arrow.RecordBatch.from_arrays(arrays, names=names), odd)


def _columns(
    rows: Sequence[Row], asked: frozenset[str] | None
) -> tuple[tuple[str, ...], Sequence[Sequence[object]]]:
    names = rows[0].columns
    if asked is not None:
        places = [place for place, name in enumerate(names) if name in asked]
        return tuple(names[place] for place in places), [[row.cells[place] for row in rows] for place in places]
    if all(row.columns is names for row in rows):
        return names, list(zip(*(row.cells for row in rows), strict=True))
    names = tuple(dict.fromkeys(name for columns in {row.columns: None for row in rows} for name in columns))
    said = [dict(zip(row.columns, row.cells, strict=True)) for row in rows]
    return names, [[cells.get(name) for cells in said] for name in names]


def _array(arrow: Any, cells: Sequence[object]) -> Any | None:
    try:
        array = arrow.array(cells, arrow.string())
    except (arrow.ArrowException, TypeError, ValueError):
        pass
    else:
        return _with_nulls(arrow, array)
    kinds = {type(cell) for cell in cells} - {type(None)}
    for kind, of_arrow in ((bool, arrow.bool_()), (int, arrow.int64())):
        if kinds == {kind}:
            try:
                return arrow.array(cells, of_arrow)
            except (arrow.ArrowException, OverflowError):
                return None
    return None


def _with_nulls(arrow: Any, array: Any) -> Any:
    """Nothing in the place of empty texts."""
    empty = arrow.compute.equal(array, "")
    if not arrow.compute.any(empty).as_py():
        return array
    return arrow.compute.if_else(empty, arrow.scalar(None, arrow.string()), array)
