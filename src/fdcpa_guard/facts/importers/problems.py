"""What was wrong with a row, in words that name its file, row and column; and the counts that lose nothing."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

SHOWN_CHARACTERS: Final = 80
SHOWN_ROWS: Final = 100
"""Rows of one kind and column that are told one by one; the rest is told as one number."""
KEPT_OF_A_STRETCH: Final = 20_000


class ProblemKind(StrEnum):
    NAIVE_TIME = "naive_time"
    AMBIGUOUS_TIME = "ambiguous_time"
    NONEXISTENT_TIME = "nonexistent_time"
    ZONE_DOUBTED = "zone_doubted"
    UNMAPPED_DISPOSITION = "unmapped_disposition"
    NOT_A_COMMUNICATION = "not_a_communication"
    CONTRADICTION = "contradiction"
    DUPLICATE_ID = "duplicate_id"
    SHORT_ROW = "short_row"
    LONG_ROW = "long_row"
    UNCLOSED_QUOTE = "unclosed_quote"
    BROKEN_RECORD = "broken_record"
    TOO_LONG = "too_long"
    ENCODING = "encoding"
    DIALECT = "dialect"
    EMPTY_FILE = "empty_file"
    UNKNOWN_COLUMN = "unknown_column"
    MISSING_FIELD = "missing_field"
    BAD_VALUE = "bad_value"
    ASSUMPTION = "assumption"
    READ_BY_A_PERSON = "read_by_a_person"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a person should know about what was read.

    `row` counts data rows from 1 (the header is no row); None where the whole file is meant. `rows` says how many
    rows one report stands for. `left_out` says that the row gave nothing. `consumer_id` is whose row it was, where that
    can still be read: that consumer's log is then known to lack an entry.
    """

    kind: ProblemKind
    message: str
    file: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    left_out: bool = False
    consumer_id: str | None = None
    rows: int = 1

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f": row {self.row}"
        if self.column is not None:
            where += f", column `{self.column}`"
        found = "" if self.value is None else f" (found `{self.value}`)"
        return f"{where}: {self.message}{found}{'; the row is left out' if self.left_out else ''}"


def shortened(value: object) -> str:
    """A value as a message shows it: one line of at most 80 characters."""
    # Cut before the clean-up, so that a huge value is never copied.
    text = value[: 2 * SHOWN_CHARACTERS] if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean ...` where one known name is close enough to be right, else nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.75)
    return f"; did you mean `{close[0]}`?" if close else ""


@dataclass(slots=True)
class Counts:
    """What became of each row. At the end of a reading, `rows_read == rows_given + rows_left_out`."""

    rows_read: int = 0
    rows_given: int = 0
    rows_left_out: int = 0
    left_out_by: Counter[ProblemKind] = field(default_factory=Counter)
    problems: Counter[ProblemKind] = field(default_factory=Counter)

    @property
    def not_a_communication(self) -> int:
        return self.left_out_by[ProblemKind.NOT_A_COMMUNICATION]

    @property
    def rows_unreadable(self) -> int:
        """Rows that may have told of a communication and gave none: the log is not complete."""
        return self.rows_left_out - self.not_a_communication


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    left_out: bool = False


class Reports:
    """Collects the problems of one file while it is read; holds a bounded number of them.

    Problems about one row wait in `pending` until the reading hands them on. Of one kind, column and cause only the
    first hundred are told each on its own; `close` tells how many more there were.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.counts = Counts()
        self.pending: deque[Problem] = deque()
        self._tallies: dict[tuple[ProblemKind, str | None, bool], _Tally] = {}
        self._by_code: dict[tuple[ProblemKind, str, str], tuple[int, int, str]] = {}

    def add(
        self,
        kind: ProblemKind,
        message: str,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        *,
        consumer_id: str | None = None,
    ) -> None:
        """Something to know about a row that is kept, or about the file."""
        self._put(kind, message, row, column, value, consumer_id, left_out=False)

    def add_of(
        self,
        consumers: Sequence[str],
        kind: ProblemKind,
        message: str,
        row: int,
        column: str | None = None,
        value: object = None,
    ) -> None:
        """Something to know about a row that is kept, told of each consumer whose it may be."""
        for consumer in consumers or (None,):
            self._put(kind, message, row, column, value, consumer, left_out=False)

    def leave_out(
        self,
        kind: ProblemKind,
        message: str,
        row: int,
        column: str | None = None,
        value: object = None,
        *,
        consumer_id: str | None = None,
    ) -> None:
        """A row that gives nothing. The caller hands nothing on for it."""
        self.counts.rows_left_out += 1
        self.counts.left_out_by[kind] += 1
        self._put(kind, message, row, column, value, consumer_id, left_out=True)

    def leave_out_of(
        self,
        consumers: Sequence[str],
        kind: ProblemKind,
        message: str,
        row: int,
        column: str | None = None,
        value: object = None,
    ) -> None:
        """A row that is left out once, and missing in the log of each consumer whose it may be."""
        self.leave_out(kind, message, row, column, value, consumer_id=consumers[0] if consumers else None)
        for consumer in consumers[1:]:
            self._put(kind, message, row, column, value, consumer, left_out=True)

    def not_a_communication(self, code: str, row: int, note: str) -> None:
        """A row that tells of no contact (a lead never dialled, an agent's own leg): counted, told once per code."""
        self.counts.rows_left_out += 1
        self.counts.left_out_by[ProblemKind.NOT_A_COMMUNICATION] += 1
        self.count_code(ProblemKind.NOT_A_COMMUNICATION, code, row, note)

    def count_code(self, kind: ProblemKind, code: str, row: int, message: str) -> None:
        """Told once per code at the end, with the number of rows and the first of them."""
        key = (kind, code, message)
        rows, first, _ = self._by_code.get(key, (0, row, message))
        self._by_code[key] = (rows + 1, first, message)

    @property
    def any_code(self) -> bool:
        """Whether there is a code that is told at the end."""
        return bool(self._by_code)

    def close(self) -> None:
        """Put the totals behind everything else."""
        for (kind, column, left_out), tally in self._tallies.items():
            if tally.rows > SHOWN_ROWS:
                more = tally.rows - SHOWN_ROWS
                self.pending.append(
                    Problem(
                        kind, f"{more} more rows of this kind", self.file, None, column, left_out=left_out, rows=more
                    )
                )
        for (kind, code, _), (rows, first, message) in self._by_code.items():
            self.counts.problems[kind] += 1
            number = "1 row" if rows == 1 else f"{rows} rows"
            text = f"{message} ({number}, the first is row {first})"
            left_out = kind is ProblemKind.NOT_A_COMMUNICATION
            self.pending.append(Problem(kind, text, self.file, None, None, code, left_out=left_out, rows=rows))
        self._tallies.clear()
        self._by_code.clear()

    def _put(
        self,
        kind: ProblemKind,
        message: str,
        row: int | None,
        column: str | None,
        value: object,
        consumer_id: str | None,
        *,
        left_out: bool,
    ) -> None:
        self.counts.problems[kind] += 1
        tally = self._tallies.setdefault((kind, column, left_out), _Tally())
        tally.rows += 1
        # A left-out row whose consumer is known is always told: it marks that consumer's log as incomplete.
        if tally.rows > SHOWN_ROWS and not (left_out and consumer_id is not None):
            return
        shown = None if value is None else shortened(value)
        self.pending.append(Problem(kind, message, self.file, row, column, shown, left_out, consumer_id))


class StretchError(Exception):
    """A stretch of a file cannot be read apart from the others: it is damaged, or more is to be said of it than is kept."""


class ReportsOfAStretch(Reports):
    """Keeps what is said of a stretch of a file, until it is told with that of the others (`tell_stretch`): which of it is told row by
    row depends on all that came before."""

    def __init__(self, file: str, *, first: bool) -> None:
        """`first`: what is said of the file as a whole is said by the first stretch alone."""
        super().__init__(file)
        self._first = first
        self.said: list[Problem] = []

    def close(self) -> None:
        """The totals are those of the file."""

    def _put(
        self,
        kind: ProblemKind,
        message: str,
        row: int | None,
        column: str | None,
        value: object,
        consumer_id: str | None,
        *,
        left_out: bool,
    ) -> None:
        if row is None and not self._first:
            return
        if len(self.said) >= KEPT_OF_A_STRETCH:
            raise StretchError
        shown = None if value is None else shortened(value)
        self.said.append(Problem(kind, message, self.file, row, column, shown, left_out, consumer_id))


def tell_stretch(reports: Reports, said: Iterable[Problem], counts: Counts) -> None:
    """What was said of a stretch, told as if it had been read here; `counts` are those of the stretch."""
    for each in said:
        reports._put(
            each.kind, each.message, each.row, each.column, each.value, each.consumer_id, left_out=each.left_out
        )
    reports.counts.rows_read += counts.rows_read
    reports.counts.rows_given += counts.rows_given
    reports.counts.rows_left_out += counts.rows_left_out
    reports.counts.left_out_by.update(counts.left_out_by)
