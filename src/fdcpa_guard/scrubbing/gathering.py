"""What a scrub reads, put on disk: the contacts and the log by consumer, the answers and the problems as they come."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fdcpa_guard.auditing.inputs import FileMark, Marks
from fdcpa_guard.auditing.problem_rows import KeptProblems, problem_row
from fdcpa_guard.auditing.summary import FileRead
from fdcpa_guard.facts.importers.problems import Problem, ProblemKind
from fdcpa_guard.facts.importers.reading import LogReading
from fdcpa_guard.scrubbing.contacts import FORMAT, Contact, ContactList
from fdcpa_guard.scrubbing.files import Files
from fdcpa_guard.scrubbing.results import ScrubbedContact, from_line
from fdcpa_guard.scrubbing.writing import ProblemFiles

Progress = Callable[[str, int, int | None], None]
"""Called with the stage (`reading`, `judging`, `writing`), how much is done, and of how much, where that is known."""
LIST: Final = "list"
_PROGRESS_ROWS: Final = 5000
_NO_LOSS: Final = frozenset({ProblemKind.NOT_A_COMMUNICATION, ProblemKind.DUPLICATE_ID})


class Answers:
    """The answers, put in as they come and given in the order of the list. Leaving it closes the file."""

    def __init__(self, path: Path) -> None:
        # A temporary file that nobody reads after a crash: no journal, no waiting for the disk.
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE answers (row INTEGER PRIMARY KEY, body BLOB)")
        self._db.execute("BEGIN")

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def put(self, answers: Iterable[ScrubbedContact]) -> None:
        self._db.executemany("INSERT INTO answers VALUES (?, ?)", ((each.row, each.to_line()) for each in answers))

    def complete(self, rows: int) -> None:
        """No row of the list is without an answer, whatever became of it."""
        there = {row for (row,) in self._db.execute("SELECT row FROM answers")}
        reason = "it could not be kept to be judged: it holds text that is no Unicode"
        self.put(ScrubbedContact(row, None, "review", reason=reason, read=False) for row in range(1, rows + 1) if row not in there)

    def __iter__(self) -> Iterator[ScrubbedContact]:
        for (body,) in self._db.execute("SELECT body FROM answers ORDER BY row"):
            yield from_line(body)


@dataclass(slots=True)
class Problems:
    """Every problem into its files; the first of each kind, and their numbers, are kept."""

    files: ProblemFiles
    names: dict[str, str]
    kept: KeptProblems = field(default_factory=KeptProblems)

    def add(self, problem: Problem) -> None:
        row = problem_row(problem, self.names)
        self.kept.add(row)
        self.files.add(row)


def read_list(contacts: ContactList, files: Files, answers: Answers, problems: Problems, tell: Progress) -> frozenset[str]:
    """The contacts into their place; what cannot be judged is answered at once. Gives the consumers of the list."""
    consumers: set[str] = set()
    with files.contacts() as writing:
        for item in contacts:
            match item:
                case Problem():
                    problems.add(item)
                case Contact():
                    consumers.add(item.consumer_id)
                    writing.put(item.spooled())
                case _:
                    answers.put((ScrubbedContact(item.row, item.consumer_id, "review", reason=item.why, read=False),))
            if contacts.counts.rows_read % _PROGRESS_ROWS == 0:
                tell("reading", contacts.counts.rows_read, None)
        writing.finish()
    return frozenset(consumers)


def read_log(
    readings: Sequence[tuple[str, LogReading]],
    files: Files,
    consumers: frozenset[str],
    problems: Problems,
    tell: Progress,
) -> int:
    """What there is of the consumers of the list into its place. Gives the rows that were lost, and nobody knows of whom."""
    rows = attributed = 0
    last: tuple[str, int | None] | None = None
    with files.log(problems.names, consumers) as writing:
        for _, reading in readings:
            files.reads(reading)
            for item in reading:
                writing.put(item)
                if isinstance(item, Problem):
                    problems.add(item)
                    lost = item.file, item.row
                    if item.left_out and item.kind not in _NO_LOSS and item.consumer_id is not None:
                        # A row that may be of several consumers is told of each, one after another, and is one row.
                        attributed += item.row is None or lost != last
                        last = lost
                before, rows = rows, rows + (len(item) if isinstance(item, Sized) else 1)
                if rows // _PROGRESS_ROWS > before // _PROGRESS_ROWS:
                    tell("reading", rows, None)
        writing.finish()
    unreadable = sum(reading.counts.rows_unreadable for _, reading in readings)
    return max(0, unreadable - attributed)


def files_read(
    contacts: ContactList, readings: Sequence[tuple[str, LogReading]], names: dict[str, str], marks: Marks
) -> Iterator[FileRead]:
    """The inputs, as they were before they were read. Raises FactsError where one has changed."""
    mark, counts = marks.of(contacts.path), contacts.counts
    yield FileRead(
        name=names[str(contacts.path)], kind=LIST, format=FORMAT, sha256=mark.sha256, bytes=mark.bytes,
        rows_read=counts.rows_read, rows_given=counts.rows_given, rows_left_out=counts.rows_left_out,
        not_a_communication=0, unknown_columns=(), query=None,
    )  # fmt: skip
    for kind, reading in readings:
        marked: list[tuple[str, FileMark, str | None]] = [(str(path), marks.of(path), None) for path in reading.paths]
        marked += [(str(query), FileMark(query.sha256, 0), query.query) for query in reading.queries]
        for file, mark, query in marked:
            counts = reading.counts_by_file[file]
            yield FileRead(
                name=names[file], kind=kind, format=reading.formats.get(file, "none"), sha256=mark.sha256,
                bytes=mark.bytes, rows_read=counts.rows_read, rows_given=counts.rows_given,
                rows_left_out=counts.rows_left_out, not_a_communication=counts.not_a_communication,
                unknown_columns=tuple(reading.unknown_columns.get(file, ())), query=query,
            )  # fmt: skip
