"""The work of an audit of files, done by Spark's executors: a task reads a file, and then one judges a partition."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import fdcpa_guard.spark.stages as stages
from fdcpa_guard.auditing.partitions.writing import write_names
from fdcpa_guard.auditing.problem_rows import KeptProblems
from fdcpa_guard.auditing.spool import Span
from fdcpa_guard.auditing.taking_in import Progress, Reading
from fdcpa_guard.auditing.work import Begin, Run
from fdcpa_guard.auditing.workers import PROBLEMS_CSV, PROBLEMS_JSON, RangeResult, part
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import LogReading
from fdcpa_guard.facts.importers.sources import FileSource
from fdcpa_guard.spark.charge import Charge
from fdcpa_guard.spark.session import session
from fdcpa_guard.spark.stages import PARTITIONS, READ, Failed, FileTaken, FileToRead, Place, Sent

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import SparkSession

T = TypeVar("T")


def on_spark(master: str | None = None) -> Begin:
    """For `run_audit(elsewhere=...)`: the executors of a cluster read the files and judge.

    They have to see, under the same paths, the files of the input and the folder of the results (beside which the run has
    its own), and to have this package in the same version. The results are the bytes of a run without Spark. A task whose
    process dies is done again by Spark, as often as `spark.task.maxFailures` says (in `local[2]`, never; in `local[2, 4]`,
    up to four times in all).

    Args:
        master: as of `session`.

    Raises (from `run_audit`):
        FactsError: pyspark or Java is missing; an executor does not see a file, or would judge otherwise; a query of a
            database is among the input.
    """

    @contextmanager
    def begin(run: Run) -> Iterator[OnSpark]:
        with session(master) as spark:
            yield OnSpark(run, spark)

    return begin


@dataclass(slots=True)
class _Kept:
    span: Span = field(default_factory=Span)
    items: int = 0
    attributed_lost_rows: int = 0


class OnSpark:
    """The work of one run. See `fdcpa_guard.auditing.work.Work`."""

    in_order = False

    def __init__(self, run: Run, spark: SparkSession) -> None:
        self._run = run
        self._context = spark.sparkContext
        self._charge = Charge(run.guard, run.collector)
        self.kept = _Kept()

    def read(self, readings: Sequence[Reading], tell: Progress) -> KeptProblems:
        tasks, of_task = self._files(readings)
        folder = self._run.folder
        for name in (PARTITIONS, READ):
            (folder / name).mkdir(exist_ok=True)
        files = tuple(str(task.source) for task in tasks)
        place = self._broadcast(files, {kind: reading.options for kind, reading in readings})
        problems = KeptProblems()
        largest_first = sorted(tasks, key=lambda task: (-task.source.path.stat().st_size, task.number))
        asked = [pickle.dumps(task, protocol=5) for task in largest_first]
        taken: list[FileTaken] = self._done(asked, stages.reading_task(place), "reading")
        for each in sorted(taken, key=lambda each: each.number):
            self._add(each, files[each.number - 1], of_task[each.number - 1], problems)
        write_names(folder / PARTITIONS, (self._run.names[file] for file in files))
        self._join_problems(len(tasks))
        tell("reading", self.kept.items, self.kept.items)
        return problems

    def judge(self, as_of: int | None, ends_at: int | None) -> Iterator[RangeResult]:
        place = self._broadcast((), {})
        pieces = range(1, self._run.partitions + 1)
        results: list[RangeResult] = self._done(pieces, stages.judging_task(place, as_of, ends_at), "judging")
        yield from results

    def _files(self, readings: Sequence[Reading]) -> tuple[list[FileToRead], list[LogReading]]:
        tasks: list[FileToRead] = []
        of_task: list[LogReading] = []
        for _, reading in readings:
            if reading.queries:
                message = "executors read files, and ask no database"
                raise FactsError(message, str(reading.queries[0]), "write the answer to files, or leave out --engine spark")
        for kind, reading in readings:
            for source, compared in reading.one_by_one():
                assert isinstance(source, FileSource)
                tasks.append(FileToRead(len(tasks) + 1, kind, source, compared))
                of_task.append(reading)
        return tasks, of_task

    def _broadcast(self, files: tuple[str, ...], options: dict[str, Any]) -> Broadcast[Sent]:
        run = self._run
        from pyspark import cloudpickle

        folder = run.folder.resolve()
        place = Place(self._charge, folder, run.partitions, files, run.names, options)
        pickled: bytes = cloudpickle.dumps(place)  # type: ignore[no-untyped-call]
        return self._context.broadcast(Sent(pickled))

    def _done(self, asked: Sequence[Any], task: Callable[[Any], bytes], what: str) -> list[T]:
        """What each task hands back, in their order; the first error of any, in their order, is raised."""
        self._context.setJobDescription(f"fdcpa-guard: {what}")
        found = self._context.parallelize(asked, len(asked)).map(task).collect() if asked else []
        results: list[Any] = [pickle.loads(each) for each in found]
        for result in results:
            if isinstance(result, Failed):
                raise result.error
        return results

    def _add(self, taken: FileTaken, file: str, reading: LogReading, problems: KeptProblems) -> None:
        if taken.format is not None:
            reading.formats[file] = taken.format
        reading.unknown_columns[file] = taken.unknown_columns
        reading.counts_by_file[file] = taken.counts
        problems.merge(taken.problems)
        kept = self.kept
        kept.items += taken.items
        kept.attributed_lost_rows += taken.attributed_lost_rows
        for instant in (taken.span.first, taken.span.last):
            if instant is not None:
                kept.span.row(instant)
        if taken.span.last_known is not None:
            kept.span.known(taken.span.last_known)

    def _join_problems(self, files: int) -> None:
        """The problems of all files, in the order of the files, as one part."""
        folder = self._run.folder
        for name in (PROBLEMS_JSON, PROBLEMS_CSV):
            with part(folder, 0, name).open("wb") as whole:
                for number in range(1, files + 1):
                    with part(folder / READ, number, name).open("rb") as of_file:
                        shutil.copyfileobj(of_file, whole, 1 << 20)
