"""Parquet files, batch by batch. Needs pyarrow, which the extra `parquet` brings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.problems import ProblemKind, shortened
from fdcpa_guard.facts.importers.table import MAX_FIELD, Broken, Note, Row, Unreadable, column_name

_BATCH: Final = 4_096


class ParquetTable:
    """An open Parquet file. `columns` are those of its schema.

    Raises:
        FactsError: pyarrow is not installed, or the file is no Parquet file.
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path, max_field: int = MAX_FIELD) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise FactsError(
                "reading Parquet needs pyarrow, which is not installed", str(path), "pip install 'fdcpa-guard[parquet]'"
            ) from None
        self._arrow: Any = pyarrow
        self._max_field = max_field
        try:
            self._file: Any = pyarrow.parquet.ParquetFile(path)
        except pyarrow.ArrowException as error:
            raise FactsError(f"this is no Parquet file that can be read: {_first_line(error)}", str(path)) from None
        self.columns: tuple[str, ...] = tuple(column_name(name) for name in self._file.schema_arrow.names)
        self.notes: list[Note] = []
        if self._file.metadata.num_rows == 0:
            self.notes.append(Note(ProblemKind.EMPTY_FILE, "the file has columns and no rows"))

    def rows(self) -> Iterator[Row | Broken]:
        try:
            for batch in self._file.iter_batches(batch_size=_BATCH):
                columns = [self._cells(batch.column(place)) for place in range(batch.num_columns)]
                for cells in zip(*columns, strict=True):
                    yield Row(self.columns, cells)
        except (self._arrow.ArrowException, OSError) as error:
            message = f"the file is damaged here, and nothing after it can be read: {_first_line(error)}"
            yield Broken(ProblemKind.BROKEN_RECORD, message)
        finally:
            self._file.close()

    def _cells(self, column: Any) -> list[object]:
        arrow = self._arrow
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
        limit = self._max_field
        if arrow.types.is_string(kind) or arrow.types.is_large_string(kind):
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


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
