"""Whether the files of one log have one form: a column that one of them lacks, or that holds something else in one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from fdcpa_guard.facts.importers.arrow_cells import BatchTable
from fdcpa_guard.facts.importers.csv_reading import CsvTable
from fdcpa_guard.facts.importers.partitions import PartitionedTable
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.table import Note, Table


@dataclass(slots=True)
class _Layout:
    """Files that are one table in pieces. `first` are the columns of the first of them, `had` the first file with each."""

    first: frozenset[str]
    files: list[str] = field(default_factory=list)
    had: dict[str, str] = field(default_factory=dict)

    def is_of(self, columns: frozenset[str]) -> bool:
        """Whether such columns are of this table: a vendor may export several, which share some."""
        shared = self.first & columns
        return len(shared) in (len(self.first), len(columns)) or 2 * len(shared) >= len(self.first | columns)


class Agreement:
    """Holds the columns of each file against those of the files before it in the same format."""

    def __init__(self) -> None:
        self._layouts: dict[str, list[_Layout]] = {}
        self._types: dict[tuple[str, str], tuple[str, str]] = {}

    def compared(self, table: Table, file: str, format_: str, known: Collection[str]) -> Iterator[Note]:
        """What is to be said of a file. `known` are the columns of its format: others tell nothing anyway.

        Only a header, or a schema, says what a file lacks; the records of JSON have each their own columns.
        """
        inner = table.inner if isinstance(table, PartitionedTable) else table
        if not isinstance(inner, CsvTable | BatchTable):
            return
        columns = frozenset(table.columns).intersection(known)
        layouts = self._layouts.setdefault(format_, [])
        layout = next((each for each in layouts if each.is_of(columns)), None)
        if layout is None:
            layouts.append(layout := _Layout(columns))
        for name in sorted(columns - layout.had.keys()):
            if layout.files:
                message = f"the column is missing in {_told(layout.files)}: their rows say nothing of it"
                yield Note(ProblemKind.MISSING_FIELD, message, name)
            layout.had[name] = file
        for name in sorted(layout.had.keys() - columns):
            message = f"the column is missing here, and is there in {layout.had[name]}: the rows of this file say nothing of it"
            yield Note(ProblemKind.MISSING_FIELD, message, name)
        layout.files.append(file)
        if isinstance(inner, BatchTable):
            yield from self._other_types(inner, file, format_, known)

    def _other_types(self, table: BatchTable, file: str, format_: str, known: Collection[str]) -> Iterator[Note]:
        for name, holds in sorted(table.types.items()):
            if name not in known:
                continue
            first, held = self._types.setdefault((format_, name), (file, holds))
            if holds != held:
                message = (
                    f"the column holds {holds} here, and {held} in {first}: "
                    "each is read as it stands, and 007 as text is not the number 7"
                )
                yield Note(ProblemKind.ASSUMPTION, message, name)


def _told(files: list[str]) -> str:
    return files[0] if len(files) == 1 else f"{files[0]} and {len(files) - 1} more files before"
