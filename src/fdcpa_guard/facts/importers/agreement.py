"""Whether the files of one log have one form: a column that one of them lacks, or that holds something else in one."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from fdcpa_guard.facts.importers.arrow_cells import BatchTable
from fdcpa_guard.facts.importers.csv_reading import CsvTable
from fdcpa_guard.facts.importers.partitions import PartitionedTable
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.table import Note, Table


class Agreement:
    """Holds the columns of each file against those of the files before it in the same format."""

    def __init__(self) -> None:
        self._files: dict[str, list[str]] = {}
        self._had: dict[tuple[str, str], str] = {}
        self._types: dict[tuple[str, str], tuple[str, str]] = {}

    def compared(self, table: Table, file: str, format_: str, known: Collection[str]) -> Iterator[Note]:
        """What is to be said of a file. `known` are the columns of its format: others tell nothing anyway.

        Only a header, or a schema, says what a file lacks; the records of JSON have each their own columns.
        """
        columns = frozenset(table.columns)
        inner = table.inner if isinstance(table, PartitionedTable) else table
        if not isinstance(inner, CsvTable | BatchTable):
            return
        before = self._files.setdefault(format_, [])
        for name in sorted(columns.intersection(known)):
            first = self._had.setdefault((format_, name), file)
            if first == file and before:
                message = f"the column is missing in {_told(before)}: their rows say nothing of it"
                yield Note(ProblemKind.MISSING_FIELD, message, name)
        for (of, name), first in sorted(self._had.items()):
            if of == format_ and name not in columns:
                message = f"the column is missing here, and is there in {first}: the rows of this file say nothing of it"
                yield Note(ProblemKind.MISSING_FIELD, message, name)
        if isinstance(inner, BatchTable):
            yield from self._other_types(inner, file, format_, known)
        before.append(file)

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
