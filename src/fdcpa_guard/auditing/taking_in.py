"""What is read goes to where it is kept until it is judged, and its problems to their files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence, Sized
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fdcpa_guard.auditing.problem_rows import KeptProblems, problem_row
from fdcpa_guard.auditing.rows import for_spreadsheet
from fdcpa_guard.auditing.spool import Spool
from fdcpa_guard.auditing.workers import PROBLEMS_CSV, PROBLEMS_JSON, part
from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.facts.importers.reading import LogReading

if TYPE_CHECKING:
    from fdcpa_guard.auditing.partitions.writing import Gathering

Progress = Callable[[str, int, int | None], None]
"""Called with the stage (`reading`, `judging`, `writing`), how much is done, and of how much, where that is known.

Of reading and judging these are rows or items; of writing, files.
"""
Reading = tuple[str, LogReading]
"""Its kind (log, accounts, events, actions) with it."""
ACTIONS: Final = "actions"
"""No count and no absence rests on actions: a row of theirs that is lost leaves the log of communications complete, and
is itself not judged."""
_PROGRESS_ROWS: Final = 5000


def take_in(
    readings: Sequence[Reading], into: Spool | Gathering, folder: Path, number: int, names: dict[str, str], tell: Progress
) -> KeptProblems:
    """Everything is put in; the problems of reading become part `number` of their files in a folder."""
    rows = 0
    with ProblemFiles(folder, number, names) as problems:
        for kind, reading in readings:
            if not isinstance(into, Spool):
                from fdcpa_guard.auditing.partitions.batches import in_columns

                reading.in_columns = in_columns
            for item in reading:
                if not (kind == ACTIONS and isinstance(item, Problem)):
                    into.put(item)
                if isinstance(item, Problem):
                    problems.put(item)
                before, rows = rows, rows + (len(item) if isinstance(item, Sized) else 1)
                if rows // _PROGRESS_ROWS > before // _PROGRESS_ROWS:
                    tell("reading", rows, None)
    tell("reading", rows, rows)
    return problems.kept


class ProblemFiles:
    """Part `number` of the files of problems, in a folder."""

    def __init__(self, folder: Path, number: int, names: dict[str, str]) -> None:
        self.kept = KeptProblems()
        self._names = names
        self._open = ExitStack()
        self._lines = self._open.enter_context(part(folder, number, PROBLEMS_JSON).open("wb"))
        cells = part(folder, number, PROBLEMS_CSV).open("w", newline="", encoding="utf-8")
        self._table = csv.writer(self._open.enter_context(cells))

    def put(self, problem: Problem) -> None:
        row = problem_row(problem, self._names)
        self.kept.add(row)
        self._lines.write(row.to_line())
        self._table.writerow(map(for_spreadsheet, row.cells()))

    def __enter__(self) -> ProblemFiles:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
