"""The files of a run, each read by itself, and large ones in stretches: in other processes or on other machines.

What comes of it is what one reading of all of them gives. A task leaves chunks whose names depend on what it reads and not
on who reads it, so that one that is done again puts the same in the same places.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from fdcpa_guard.auditing.partitions.batches import FORMATS_IN_COLUMNS, in_columns
from fdcpa_guard.auditing.partitions.writing import PartitionWriter
from fdcpa_guard.auditing.problem_rows import KeptProblems
from fdcpa_guard.auditing.spool import Span
from fdcpa_guard.auditing.taking_in import ACTIONS, ProblemFiles, Progress, Reading, take_in
from fdcpa_guard.auditing.unfinished import Kept
from fdcpa_guard.auditing.workers import PROBLEMS_CSV, PROBLEMS_JSON, Workers, part
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.parquet_reading import RowGroups, stretches_of
from fdcpa_guard.facts.importers.problems import Counts, Problem, Reports, StretchError, tell_stretch
from fdcpa_guard.facts.importers.reading import LogOptions, LogReading, open_one
from fdcpa_guard.facts.importers.sources import FileSource
from fdcpa_guard.facts.importers.table import Note

ITEMS: Final = "partitions"
PROBLEMS: Final = "read"
ROWS_OF_A_STRETCH: Final = 1 << 19


@dataclass(frozen=True, slots=True)
class FileToRead:
    """`number` counts the files from 1; `compared` is what is to be said of the file beside the others of its log. Of a stretch,
    `place` counts from 1."""

    number: int
    kind: str
    source: FileSource
    compared: tuple[Note, ...]
    place: int = 0
    stretch: RowGroups | None = None

    @property
    def name(self) -> str:
        """How its chunks' names begin: in the order of these they are read."""
        return f"{self.number:06d}-" if self.stretch is None else f"{self.number:06d}-{self.place:04d}-"


@dataclass(frozen=True, slots=True)
class FileTaken:
    """What became of one file or stretch; its items are in the folder of partitions. The problems of a file are a part of their
    own, what is to be said of a stretch is in `said`."""

    format: str | None
    unknown_columns: tuple[str, ...]
    counts: Counts
    span: Span
    items: int
    attributed_lost_rows: int
    problems: KeptProblems
    said: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the items and the problems of each file are left, as all who read know it. `files` are those of the run in their
    order, `names` what the output calls them; `options` say of each kind of file how it is read."""

    items: Path
    problems: Path
    partitions: int
    files: tuple[str, ...]
    names: Mapping[str, str]
    options: Mapping[str, LogOptions]


@dataclass(frozen=True, slots=True)
class Parts:
    """The tasks that together read a file, of which reading it is."""

    reading: LogReading
    tasks: tuple[FileToRead, ...]

    @property
    def file(self) -> str:
        return str(self.tasks[0].source)

    @property
    def size(self) -> int:
        """Of each, about, in bytes."""
        return self.tasks[0].source.path.stat().st_size // len(self.tasks)


def parts_of(
    readings: Sequence[Reading], rows_of_a_stretch: int | None = None
) -> tuple[list[Parts], FactsError | None]:
    """What is to be read, in order, and what keeps the file after it from being read. Large files are divided into stretches of
    so many rows, where that can be done."""
    found: list[Parts] = []
    try:
        for kind, reading in readings:
            for source, compared in reading.one_by_one():
                assert isinstance(source, FileSource)
                task = FileToRead(len(found) + 1, kind, source, compared)
                stretches: Sequence[RowGroups] = ()
                in_columns = reading.formats.get(str(source)) in FORMATS_IN_COLUMNS and not source.partitions
                if rows_of_a_stretch is not None and in_columns:
                    stretches = stretches_of(source.path, rows_of_a_stretch)
                of_stretches = [replace(task, place=place, stretch=each) for place, each in enumerate(stretches, 1)]
                found.append(Parts(reading, tuple(of_stretches) or (task,)))
    except FactsError as error:
        return found, error
    return found, None


def read_task(task: FileToRead, folders: Folders) -> FileTaken | None:
    """Reads a file, or a stretch of one, into chunks of its own; None of a stretch that cannot be read by itself.

    Raises:
        FactsError: the file cannot be read at all.
    """
    file = str(task.source)
    reading = open_one(task.kind, task.source, folders.options[task.kind], task.compared, task.stretch)
    writer = PartitionWriter(folders.items, folders.partitions, among=folders.files, stretch=task.name)
    if task.stretch is None:
        problems = take_in([(task.kind, reading)], writer, folders.problems, task.number, dict(folders.names), _silent)
    else:
        problems = KeptProblems()
        reading.in_columns = in_columns
        try:
            for item in reading:
                writer.put(item)
        except StretchError:
            return None
    writer.flush()
    return FileTaken(
        reading.formats.get(file), reading.unknown_columns.get(file, ()), reading.counts_by_file[file],
        writer.span, writer.items, writer.attributed_lost_rows, problems, tuple(reading.said),
    )  # fmt: skip


def take_back(task: FileToRead, folders: Folders) -> None:
    """What was left of the stretches of a file."""
    for path in folders.items.glob(f"{task.number:06d}-*"):
        path.unlink()


def add(kept: Kept, reading: LogReading, file: str, taken: FileTaken) -> None:
    """What is known of everything that was read, with one file more."""
    if taken.format is not None:
        reading.formats[file] = taken.format
    reading.unknown_columns[file] = taken.unknown_columns
    reading.counts_by_file[file] = taken.counts
    kept.items += taken.items
    kept.attributed_lost_rows += taken.attributed_lost_rows
    kept.span.add(taken.span)


def joined(task: FileToRead, stretches: Sequence[FileTaken], folders: Folders) -> FileTaken:
    """The stretches of a file as the file."""
    reports = Reports(str(task.source))
    span = Span()
    lost = PartitionWriter(folders.items, folders.partitions, among=folders.files, stretch=f"{task.number:06d}-lost-")
    with ProblemFiles(folders.problems, task.number, dict(folders.names)) as problems:
        for each in stretches:
            tell_stretch(reports, each.said, each.counts)
            span.add(each.span)
        reports.close()
        for problem in reports.pending:
            if task.kind != ACTIONS:
                lost.put(problem)
            problems.put(problem)
    lost.flush()
    first = stretches[0]
    return FileTaken(
        first.format, first.unknown_columns, reports.counts, span, sum(each.items for each in stretches) + lost.items,
        lost.attributed_lost_rows, problems.kept,
    )  # fmt: skip


def join_problems(folders: Folders, into: Path, files: int) -> None:
    """The problems of all files, in the order of the files, as part 0 of those in a folder."""
    for name in (PROBLEMS_JSON, PROBLEMS_CSV):
        with part(into, 0, name).open("wb") as whole:
            for number in range(1, files + 1):
                with part(folders.problems, number, name).open("rb") as of_file:
                    shutil.copyfileobj(of_file, whole, 1 << 20)


class FilesApart:
    """The reading of a run in the processes that judge afterwards; they have it from before they were forked."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    @classmethod
    def of(cls, readings: Sequence[Reading], folder: Path, names: dict[str, str], partitions: int) -> FilesApart | None:
        """None where not all that is read are files."""
        sources = [source for _, reading in readings for source in reading.sources]
        if not all(isinstance(source, FileSource) for source in sources):
            return None
        options = {kind: reading.options for kind, reading in readings}
        return cls(Folders(folder / ITEMS, folder / PROBLEMS, partitions, tuple(map(str, sources)), names, options))

    def read(self, task: FileToRead) -> FileTaken | None:
        """In one of the processes, which is one of several at work."""
        pa.set_cpu_count(1)
        try:
            return read_task(task, self._folders)
        finally:
            pa.default_memory_pool().release_unused()

    def all(
        self, readings: Sequence[Reading], into: PartitionWriter, folder: Path, workers: Workers, tell: Progress
    ) -> KeptProblems:
        """In the process from which they were forked: everything is read, and the problems become part 0 of those in a folder.

        Raises:
            FactsError: a file cannot be read at all: the first of them.
        """
        folders, kept = self._folders, KeptProblems()
        folders.problems.mkdir(exist_ok=True)
        for file in folders.files:
            into.number_of(file)
        files, error = parts_of(readings, ROWS_OF_A_STRETCH)
        tasks = [(task, parts.size) for parts in files for task in parts.tasks]
        largest_first = sorted(range(len(tasks)), key=lambda place: -tasks[place][1])
        results = workers.read([task for task, _ in tasks], largest_first)
        for parts in files:
            taken = self._together(parts, [next(results) for _ in parts.tasks], workers)
            add(into, parts.reading, parts.file, taken)
            kept.merge(taken.problems)
            tell("reading", into.items, None)
        if error is not None:
            raise error
        join_problems(folders, folder, len(folders.files))
        tell("reading", into.items, into.items)
        return kept

    def _together(self, parts: Parts, taken: list[FileTaken | None], workers: Workers) -> FileTaken:
        folders = self._folders
        if parts.tasks[0].stretch is not None:
            stretches = [each for each in taken if each is not None]
            if len(stretches) == len(taken):
                return joined(parts.tasks[0], stretches, folders)
            take_back(parts.tasks[0], folders)
            taken = list(workers.read([replace(parts.tasks[0], place=0, stretch=None)], [0]))
        (whole,) = taken
        assert whole is not None
        return whole


def _silent(stage: str, done: int, of: int | None) -> None:
    """Nobody looks on."""
