"""Tables that come as Arrow record batches: Parquet and Arrow files, and the answers of DuckDB. One reading of their cells.

Needs pyarrow, which the extra `parquet` brings.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.problems import ProblemKind, shortened
from fdcpa_guard.facts.importers.table import MAX_FIELD, Broken, Note, Row, Unreadable, column_name

BATCH_ROWS: Final = 1 << 17
"""Rows of a table that are held at one time."""
_ROWS_AT_ONCE: Final = 4_096
"""And of them, those whose cells are Python's."""


def pyarrow_for(what: str, where: str, extra: str = "parquet") -> Any:
    """The library.

    Raises:
        FactsError: it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.ipc
        import pyarrow.parquet
    except ImportError:
        raise FactsError(
            f"reading {what} needs pyarrow, which is not installed", where, f"pip install 'fdcpa-guard[{extra}]'"
        ) from None
    return pyarrow


class BatchTable(ABC):
    """A table whose rows come in record batches, of which one at a time is held.

    `columns` are those of its schema; `types` says in words what each of them holds, and nothing of one that is all nulls.
    """

    def __init__(self, arrow: Any, schema: Any, max_field: int = MAX_FIELD) -> None:
        self._arrow = arrow
        self._max_field = max_field
        self.columns: tuple[str, ...] = tuple(column_name(name) for name in schema.names)
        self.types: Mapping[str, str] = {
            name: words
            for name, kind in zip(self.columns, schema.types, strict=True)
            if (words := _in_words(arrow, kind)) is not None
        }
        self.notes: list[Note] = []

    @abstractmethod
    def _batches(self) -> Iterator[Any]: ...

    @abstractmethod
    def _close(self) -> None: ...

    def rows(self) -> Iterator[Row | Broken]:
        empty = True
        try:
            for batch in self._batches():
                for start in range(0, batch.num_rows, _ROWS_AT_ONCE):
                    part = batch.slice(start, _ROWS_AT_ONCE)
                    columns = [self.cells(part.column(place)) for place in range(part.num_columns)]
                    for cells in zip(*columns, strict=True):
                        empty = False
                        yield Row(self.columns, cells)
            if empty:
                self.notes.append(Note(ProblemKind.EMPTY_FILE, "the file has columns and no rows"))
        except self.errors() as error:
            yield self.damaged(error)
        finally:
            self._close()

    def batches(self) -> Iterator[Any]:
        """The record batches, in place of the rows."""
        empty = True
        try:
            for batch in self._batches():
                empty = empty and batch.num_rows == 0
                yield batch
        finally:
            self._close()
        if empty:
            self.notes.append(Note(ProblemKind.EMPTY_FILE, "the file has columns and no rows"))

    def taken(self, batch: Any, places: Sequence[int]) -> Iterator[Sequence[object]]:
        """The cells of some rows of a batch."""
        whole: dict[int, list[object]] = {}
        for start in range(0, len(places), _ROWS_AT_ONCE):
            part = places[start : start + _ROWS_AT_ONCE]
            index = self._arrow.array(part, self._arrow.int64())
            columns: list[list[object]] = []
            for number, column in enumerate(batch.columns):
                if number not in whole:
                    try:
                        columns.append(self.cells(column.take(index)))
                        continue
                    except self._arrow.ArrowNotImplementedError:
                        # Of some types pyarrow takes no rows: views, runs.
                        whole[number] = self.cells(column)
                columns.append([whole[number][place] for place in part])
            yield from zip(*columns, strict=True)

    def damaged(self, error: Exception) -> Broken:
        """What an error while the batches are read leaves to be told."""
        return Broken(
            ProblemKind.BROKEN_RECORD, f"the file is damaged here, and nothing after it can be read: {first_line(error)}"
        )

    def errors(self) -> tuple[type[Exception], ...]:
        """What the batches raise where the table cannot be read further."""
        return (self._arrow.ArrowException, OSError)

    def cells(self, column: Any) -> list[object]:
        """The cells of a column of a batch."""
        arrow = self._arrow
        kind = column.type
        if isinstance(kind, arrow.BaseExtensionType):
            if kind.extension_name == "arrow.uuid":
                return [None if cell is None else str(cell) for cell in column.to_pylist()]
            column = column.storage
            kind = column.type
        if arrow.types.is_run_end_encoded(kind):
            column = arrow.compute.run_end_decode(column)
            kind = column.type
        if arrow.types.is_dictionary(kind):
            column = column.dictionary_decode()
            kind = column.type
        if arrow.types.is_timestamp(kind) and kind.unit == "ns":
            column = column.cast(arrow.timestamp("us", tz=kind.tz), safe=False)
        try:
            cells: list[object] = column.to_pylist()
        except (ValueError, OverflowError):
            cells = [_one(cell) for cell in column]
        if arrow.types.is_decimal(kind) and kind.scale == 0:
            # Databases that have no other whole numbers write ids so.
            return [None if cell is None else int(str(cell)) for cell in cells]
        limit = self._max_field
        if _is_text(arrow, kind):
            for place, cell in enumerate(cells):
                if type(cell) is str and (len(cell) > limit or "\x00" in cell):
                    cells[place] = _refused(cell, limit)
        return cells


def _one(cell: Any) -> object:
    """A cell of a column in which one cannot be read: bytes that are no text, a day that no calendar has."""
    try:
        value: object = cell.as_py()
    except UnicodeDecodeError:
        shown = bytes(cell.as_buffer()).decode("utf-8", "replace")
        return Unreadable(
            ProblemKind.ENCODING, "bytes that are not UTF-8 in the field: it is not read", shortened(shown)
        )
    except (ValueError, OverflowError):
        return Unreadable(ProblemKind.BAD_VALUE, "a value outside what can be read", None)
    return value


def _refused(cell: str, limit: int) -> Unreadable:
    if len(cell) > limit:
        message = f"a field of more than {limit:,} characters is not read"
        return Unreadable(ProblemKind.TOO_LONG, message, shortened(cell))
    message = "a NUL character in the field: it is not read"
    return Unreadable(ProblemKind.ENCODING, message, shortened(cell.replace("\x00", "\\0")))


def _is_text(arrow: Any, kind: Any) -> bool:
    types = arrow.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _in_words(arrow: Any, kind: Any) -> str | None:
    """What a column holds, as coarse as a reader of its values cares; None where it says nothing of itself."""
    types = arrow.types
    if isinstance(kind, arrow.BaseExtensionType):
        return "text" if kind.extension_name == "arrow.uuid" else _in_words(arrow, kind.storage_type)
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        return _in_words(arrow, kind.value_type)
    if types.is_timestamp(kind):
        return "a time without a zone" if kind.tz is None else "an instant"
    told = {
        "text": _is_text(arrow, kind),
        "a number": types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind),
        "true or false": types.is_boolean(kind),
        "a date": types.is_date(kind),
        "a list": types.is_nested(kind) and not types.is_struct(kind),
        "a structure": types.is_struct(kind),
        "bytes": types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind),
    }
    return next((words for words, holds in told.items() if holds), None)


def first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
