"""Arrow tables in memory, read as those of files are. Needs pyarrow, as Parquet does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fdcpa_guard.facts.importers.arrow_cells import BATCH_ROWS, BatchTable, pyarrow_for
from fdcpa_guard.facts.importers.table import Note, Positions, Table


@dataclass(slots=True)
class TableSource:
    """A table of pyarrow. `name` is what problems and findings call it."""

    name: str
    table: Any
    notes: list[Note] = field(default_factory=list)

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.name

    @property
    def identity(self) -> str:
        return self.name

    def open(self, known: frozenset[str], max_field: int, positions: Sequence[Positions]) -> Table:
        return _InMemory(self.name, self.table, max_field)


class _InMemory(BatchTable):
    def __init__(self, name: str, table: Any, max_field: int) -> None:
        super().__init__(pyarrow_for("a table", name), table.schema, max_field)
        self._table = table

    def _batches(self) -> Iterator[Any]:
        yield from self._table.to_batches(max_chunksize=BATCH_ROWS)

    def _close(self) -> None:
        """Nothing is held open."""
