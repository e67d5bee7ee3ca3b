"""Parquet files, batch by batch. Needs pyarrow, which the extra `parquet` brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.arrow_cells import BATCH_ROWS, BatchTable, first_line, pyarrow_for
from fdcpa_guard.facts.importers.table import MAX_FIELD

MARK: Final = b"PAR1"
_BYTES_AT_ONCE: Final = 1 << 25
_FEWEST_ROWS: Final = 1 << 10


@dataclass(frozen=True, slots=True)
class RowGroups:
    """Some of a file's row groups, one after another; so many rows stand before them."""

    first: int
    stop: int
    rows_before: int


def stretches_of(path: Path, rows: int) -> tuple[RowGroups, ...]:
    """The row groups of a file in stretches of no fewer than so many rows each; none, where they would be fewer than two."""
    with path.open("rb") as file:
        if file.read(len(MARK)) != MARK:
            return ()
    arrow = pyarrow_for("Parquet", str(path))
    try:
        told = arrow.parquet.read_metadata(path)
    except arrow.ArrowException:
        return ()
    found: list[RowGroups] = []
    first = before = counted = 0
    for number in range(told.num_row_groups):
        counted += told.row_group(number).num_rows
        if counted - before >= rows and told.num_rows - counted >= rows:
            found.append(RowGroups(first, number + 1, before))
            first, before = number + 1, counted
    return (*found, RowGroups(first, told.num_row_groups, before)) if found else ()


class ParquetTable(BatchTable):
    """An open Parquet file. `columns` are those of its schema.

    Raises:
        FactsError: pyarrow is not installed, or the file is no Parquet file.
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path, max_field: int = MAX_FIELD) -> None:
        arrow = pyarrow_for("Parquet", str(path))
        try:
            self._file: Any = arrow.parquet.ParquetFile(path)
            schema = self._file.schema_arrow
        except arrow.ArrowException as error:
            raise FactsError(f"this is no Parquet file that can be read: {first_line(error)}", str(path)) from None
        self._groups: range | None = None
        super().__init__(arrow, schema, max_field)

    def keep(self, groups: RowGroups) -> None:
        """Only rows of these are then given."""
        self._groups = range(groups.first, groups.stop)

    def _batches(self) -> Iterator[Any]:
        yield from self._file.iter_batches(batch_size=self._rows_at_once(), row_groups=self._groups)

    def _rows_at_once(self) -> int:
        """Fewer, where rows are long."""
        told = self._file.metadata
        size = sum(told.row_group(number).total_byte_size for number in range(told.num_row_groups))
        return int(min(BATCH_ROWS, max(_FEWEST_ROWS, _BYTES_AT_ONCE * told.num_rows // max(1, size))))

    def _close(self) -> None:
        self._file.close()
