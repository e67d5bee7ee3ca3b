"""Problems of reading and judging as they are written, with a bounded number kept for the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson

from fdcpa_guard.facts.importers.problems import Problem, ProblemKind

KEPT_OF_A_KIND: Final = 50
KEPT_CODES: Final = 1000
"""Of codes without an outcome all are wanted; each is told once a file."""
_VALUE_SHOWN: Final = 60
PROBLEM_COLUMNS: Final = ("kind", "message", "file", "row", "column", "value", "left_out", "consumer_id", "rows")


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One problem. `rows` says how many rows it stands for, `left_out` that they gave nothing."""

    kind: str
    message: str
    file: str
    row: int | None
    column: str | None
    value: str | None
    left_out: bool
    consumer_id: str | None
    rows: int

    def __str__(self) -> str:
        """File, row and column, and what is the matter; a long value is cut, and nothing in it steers a terminal."""
        where = f"{self.file}{'' if self.row is None else f', row {self.row}'}"
        if self.column is not None:
            where += f", column {self.column}"
        found = "" if not self.value else f" (found `{self.value[:_VALUE_SHOWN]}{'…' if len(self.value) > _VALUE_SHOWN else ''}`)"
        left_out = "; the row is left out" if self.left_out else ""
        said = f"{where}: {self.message}{found}{left_out}"
        return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in said)

    def to_line(self) -> bytes:
        return orjson.dumps(self, option=orjson.OPT_APPEND_NEWLINE)

    def cells(self) -> tuple[str | int | None, ...]:
        return tuple(getattr(self, name) for name in PROBLEM_COLUMNS)


def problem_row(problem: Problem, names: Mapping[str, str]) -> ProblemRow:
    """`names`: what files are called in the output."""
    return ProblemRow(
        kind=problem.kind.value,
        message=_plain(problem.message),
        file=_plain(names.get(problem.file, problem.file)),
        row=problem.row,
        column=None if problem.column is None else _plain(problem.column),
        value=None if problem.value is None else _plain(problem.value),
        left_out=problem.left_out,
        consumer_id=None if problem.consumer_id is None else _plain(problem.consumer_id),
        rows=problem.rows,
    )


def problem_from_line(line: bytes) -> ProblemRow:
    """What `ProblemRow.to_line` wrote."""
    return ProblemRow(**orjson.loads(line))


def _plain(text: str) -> str:
    """Without halves of characters, which no output can hold."""
    return text.encode("utf-8", "replace").decode()


@dataclass(slots=True)
class KeptProblems:
    """How many rows each kind of problem concerns, and the first of each kind."""

    rows: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[ProblemRow]] = field(default_factory=dict)

    def add(self, row: ProblemRow) -> None:
        self.rows[row.kind] += row.rows
        kept = self.first.setdefault(row.kind, [])
        if len(kept) < _most_kept(row.kind):
            kept.append(row)

    def merge(self, other: KeptProblems) -> None:
        self.rows.update(other.rows)
        for kind, rows in other.first.items():
            kept = self.first.setdefault(kind, [])
            kept.extend(rows[: _most_kept(kind) - len(kept)])


def _most_kept(kind: str) -> int:
    return KEPT_CODES if kind == ProblemKind.UNMAPPED_DISPOSITION.value else KEPT_OF_A_KIND
