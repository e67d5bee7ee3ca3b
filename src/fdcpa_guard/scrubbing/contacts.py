"""The list: one row a planned contact, in the columns of the canonical log; whatever else it has is carried along."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.canonical import LOG_COLUMNS, NESTED_COLUMNS, CanonicalLog
from fdcpa_guard.facts.importers.context import Context, LogOptions
from fdcpa_guard.facts.importers.problems import Counts, Problem, ProblemKind, Reports
from fdcpa_guard.facts.importers.rows import LogRow
from fdcpa_guard.facts.importers.sources import FileSource, one_source
from fdcpa_guard.facts.importers.table import Broken, Row, Table, Unreadable
from fdcpa_guard.facts.importers.times import LocalClock
from fdcpa_guard.facts.models import Communication, Person

FORMAT: Final = "list"
ON_THE_DAY: Final = "day"
"""Stands as the vendor's code of a contact that is planned for the day asked about, at no instant of its own."""
_KNOWN: Final = frozenset(column.name for column in (*LOG_COLUMNS, *NESTED_COLUMNS))
_NEARLY: Final = 0.85
"""From how alike two names (of 1) one may be meant for the other; `consumer_name` is no slip of `consumer_at`."""
_OF_WHAT_HAPPENED: Final = dict.fromkeys(("id", "known_at", "outcome", "debts_discussed"))
"""What only a communication that was made can have."""
_LEAVES_AS_WRITTEN: Final = frozenset({ProblemKind.ASSUMPTION, ProblemKind.UNKNOWN_COLUMN})
"""Problems that leave a row as it was written."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A row of the list that can be judged. `row` counts data rows from 1.

    The row's `id` is carried along and is not the communication's: what has the id of an entry of the log would be taken
    for that entry, and not count it.
    """

    consumer_id: str
    row: int
    communication: Communication
    on_the_day: bool

    def spooled(self) -> LogRow:
        return LogRow(self.consumer_id, self.row, "", self.communication, ON_THE_DAY if self.on_the_day else None)

    @staticmethod
    def of(spooled: LogRow) -> Contact:
        on_the_day = spooled.raw_outcome == ON_THE_DAY
        return Contact(spooled.consumer_id, spooled.row, spooled.communication, on_the_day)


@dataclass(frozen=True, slots=True)
class Unread:
    """A row of the list that cannot be judged, and why."""

    row: int
    consumer_id: str | None
    why: str


class ContactList:
    """The list. Iterating reads it: every row gives one `Contact` or one `Unread`, in their order, and problems besides.

    `at`: the instant for which contacts are planned whose row names none; `on`: or the day, by each consumer's clock.

    Raises (while iterating):
        FactsError: the file cannot be read at all, a column that it needs is missing, or nothing says for when it is.
    """

    def __init__(self, path: Path | str, zone: str | None, at: datetime | None, on: date | None) -> None:
        (source,) = one_source(path)
        if not isinstance(source, FileSource):
            raise FactsError("a list is a file, as it is read twice", str(path))
        self._source = source
        self.path = source.path
        self._options = LogOptions(zone=zone)
        self._clock = LocalClock(zone)
        # A day has no instant until the consumer's clock is known; noon in Greenwich holds its place.
        placed = at if on is None else datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        self._placed = None if placed is None else placed.isoformat()
        self._on_a_day = on is not None
        self._with_time: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._doubted: dict[tuple[str, ...], frozenset[str]] = {}
        self._names: dict[str, None] = {}
        self.counts = Counts()

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that its rows have, after the reading: records of JSON may have columns of their own."""
        return tuple(self._names)

    def carried(self) -> Iterator[dict[str, object]]:
        """Every row as it stands there, in order, by the names of its columns; of a broken one what could be read."""
        for row in self._rows(self._open()):
            yield {
                name: cell.value if isinstance(cell, Unreadable) else cell
                for name, cell in zip(row.columns or (), row.cells, strict=False)
            }

    def __iter__(self) -> Iterator[Contact | Unread | Problem]:
        reports = Reports(str(self.path))
        self.counts, self._names = reports.counts, {}
        table = self._open()
        self._refuse(table)
        for note in table.notes:
            reports.add(note.kind, note.message, column=note.column, value=note.value)
        reader = CanonicalLog(Context(str(self.path), self._options, self._clock, reports))
        for number, row in enumerate(self._rows(table), start=1):
            reports.counts.rows_read += 1
            columns = row.columns or ()
            self._names.update(dict.fromkeys(columns))
            made, on_the_day = self._made(reader, number, row, reports)
            refused = [] if isinstance(row, Broken) else self._refused(reader, columns)
            why: list[str] = []
            for problem in _drained(reports):
                if problem.row == number and problem.kind not in _LEAVES_AS_WRITTEN:
                    why.append(_said(problem))
                if problem.kind is not ProblemKind.UNKNOWN_COLUMN or problem.column in self._doubtful(columns):
                    yield problem  # any other column that is not known is carried along
            if made is not None:
                reports.counts.rows_given += 1
            if made is not None and not why and not refused:
                yield Contact(made.consumer_id, number, _planned(made.communication), on_the_day)
                continue
            # Of one kind of problem the first hundred rows are told one by one.
            named = why or [f"column {name} says what cannot be read" for name in refused]
            owner = next(iter(reader.consumers_of(columns, row.cells)), None)
            yield Unread(number, owner, "; ".join(named) or "the row cannot be read")
        reports.close()
        yield from _drained(reports)

    def _open(self) -> Table:
        try:
            return self._source.open(_KNOWN, self._options.max_field, ())
        except OSError as error:
            raise FactsError(f"the file cannot be read: {error.strerror or error}", str(self.path)) from None

    def _refuse(self, table: Table) -> None:
        if not table.columns:
            return
        if "consumer_id" not in table.columns:
            raise FactsError("a list needs the column `consumer_id`", str(self.path), f"it has {', '.join(table.columns)}")
        if self._placed is None and "at" not in table.columns:
            raise FactsError("nothing says for when the list is", str(self.path), "--at INSTANT, --on DAY, or a column `at`")

    def _refused(self, reader: CanonicalLog, columns: tuple[str, ...]) -> list[str]:
        return [name for name in reader.refused if name in _KNOWN or name in self._doubtful(columns)]

    def _doubtful(self, columns: tuple[str, ...]) -> frozenset[str]:
        """Columns under names so near to one that the list lacks that it may be meant: `dialling`, `debt_id`."""
        known = self._doubted.get(columns)
        if known is None:
            missing = _KNOWN.difference(columns)
            strange = [name for name in columns if name not in _KNOWN]
            found = (name for name in strange if get_close_matches(name, missing, n=1, cutoff=_NEARLY))
            known = self._doubted[columns] = frozenset(found)
        return known

    def _rows(self, table: Table) -> Iterator[Row | Broken]:
        try:
            for row in table.rows():
                if isinstance(row, Broken) and row.columns is None:
                    row = replace(row, columns=table.columns)
                yield row
        except (OSError, EOFError, zlib.error) as error:
            message = f"the file cannot be read further: {error}; whatever follows is lost"
            yield Broken(ProblemKind.BROKEN_RECORD, message)

    def _made(
        self, reader: CanonicalLog, number: int, row: Row | Broken, reports: Reports
    ) -> tuple[LogRow | None, bool]:
        """What the row gives, and whether it is planned for the day and for no instant."""
        columns, cells = row.columns or (), row.cells
        if isinstance(row, Broken):
            owners = reader.consumers_of(columns, cells)
            reports.leave_out_of(owners, row.kind, row.message, number, row.column, row.value)
            return None, False
        for note in row.notes:
            reports.add_of(reader.consumers_of(columns, cells), note.kind, note.message, number, note.column, note.value)
        on_the_day = False
        if self._placed is not None:
            if "at" not in columns:
                columns = self._with_time.setdefault(columns, (*columns, "at"))
                cells, on_the_day = [*cells, self._placed], self._on_a_day
            elif cells[place := columns.index("at")] in (None, ""):
                cells, on_the_day = [*cells[:place], self._placed, *cells[place + 1 :]], self._on_a_day
        found = reader.read(number, columns, cells)
        return next((item for item in found if isinstance(item, LogRow)), None), on_the_day


def _planned(said: Communication) -> Communication:
    """A row of the canonical table says who is contacted where that is not the consumer; and nothing has happened yet."""
    person = Person(role="consumer") if said.person is None else said.person
    if person.role is None:
        person = person.model_copy(update={"role": "consumer"})
    return said.model_copy(update={**_OF_WHAT_HAPPENED, "person": person})


def _drained(reports: Reports) -> Iterator[Problem]:
    while reports.pending:
        yield reports.pending.popleft()


def _said(problem: Problem) -> str:
    where = "" if problem.column is None else f"column {problem.column}: "
    return f"{where}{problem.message}" + ("" if problem.value is None else f" (found `{problem.value}`)")
