"""What every reader of a file gives: rows of cells under named columns, and the cells that could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from fdcpa_guard.facts.importers.problems import ProblemKind

MAX_FIELD: Final = 1 << 20
"""Characters that one field may have before its reading is given up; a long transcript has a tenth of that."""
Positions = Callable[[Sequence[str]], tuple[str, ...] | None]
"""The names of the columns of a file without a header, by its first record; None where that is something else."""
FIELDS_IN_A_RECORD: Final = 4
"""A record may be as long as so many of the longest fields."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that is there and says nothing: why, and what of it can be shown."""

    kind: ProblemKind
    message: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that gives no row. `cells` are those of it that could be read, to tell whose row it was; they stand under the
    columns of the table, or under `columns`."""

    kind: ProblemKind
    message: str
    cells: Sequence[object] = ()
    column: str | None = None
    value: str | None = None
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about a row that is kept, or (`row` False) about the file as a whole."""

    kind: ProblemKind
    message: str
    column: str | None = None
    value: str | None = None


# Not frozen: a frozen dataclass takes three times as long to make, and one is made for each row.
@dataclass(slots=True)
class Row:
    """One record: a cell for each column, None where the record has none. Cells are text, or what JSON or Parquet hold."""

    columns: tuple[str, ...]
    cells: Sequence[object]
    notes: Sequence[Note] = ()


class Table(Protocol):
    """A file that is open: the columns of its header, or of its first record, and its rows, once."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def notes(self) -> Sequence[Note]:
        """What is to be said of the file before its first row."""
        ...

    def rows(self) -> Iterator[Row | Broken]: ...


def column_name(written: str) -> str:
    """A header as the column tables write it: `Call SID ` is `call_sid`."""
    return "_".join(written.strip().lower().replace("-", " ").split())
