"""The work of an audit of files, done by Spark's executors: a task reads a file, and then one judges a partition."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import fdcpa_guard.spark.stages as stages
from fdcpa_guard.auditing.partitions.apart import (
    ITEMS,
    PROBLEMS,
    FileTaken,
    Folders,
    Parts,
    add,
    join_problems,
    parts_of,
)
from fdcpa_guard.auditing.partitions.writing import write_names
from fdcpa_guard.auditing.problem_rows import KeptProblems
from fdcpa_guard.auditing.spool import Span
from fdcpa_guard.auditing.taking_in import Progress, Reading
from fdcpa_guard.auditing.work import Begin, Run
from fdcpa_guard.auditing.workers import RangeResult
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.spark.charge import Charge
from fdcpa_guard.spark.session import session
from fdcpa_guard.spark.stages import Failed, Place, Sent

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
        files = self._files(readings)
        folders = self._folders(tuple(parts.file for parts in files), {kind: reading.options for kind, reading in readings})
        for made in (folders.items, folders.problems):
            made.mkdir(exist_ok=True)
        sent = self._broadcast(folders)
        largest_first = sorted(range(len(files)), key=lambda place: (-files[place].size, place))
        asked = [pickle.dumps(files[place].tasks[0], protocol=5) for place in largest_first]
        found: list[FileTaken] = self._done(asked, stages.reading_task(sent), "reading")
        taken = dict(zip(largest_first, found, strict=True))
        problems = KeptProblems()
        for place, parts in enumerate(files):
            add(self.kept, parts.reading, parts.file, taken[place])
            problems.merge(taken[place].problems)
        write_names(folders.items, (self._run.names[parts.file] for parts in files))
        join_problems(folders, self._run.folder, len(files))
        tell("reading", self.kept.items, self.kept.items)
        return problems

    def judge(self, as_of: int | None, ends_at: int | None) -> Iterator[RangeResult]:
        place = self._broadcast(self._folders((), {}))
        pieces = range(1, self._run.partitions + 1)
        results: list[RangeResult] = self._done(pieces, stages.judging_task(place, as_of, ends_at), "judging")
        yield from results

    def _files(self, readings: Sequence[Reading]) -> list[Parts]:
        for _, reading in readings:
            if reading.queries:
                message = "executors read files, and ask no database"
                raise FactsError(message, str(reading.queries[0]), "write the answer to files, or leave out --engine spark")
        files, error = parts_of(readings)
        if error is not None:
            raise error
        return files

    def _folders(self, files: tuple[str, ...], options: dict[str, LogOptions]) -> Folders:
        folder = self._run.folder.resolve()
        return Folders(folder / ITEMS, folder / PROBLEMS, self._run.partitions, files, self._run.names, options)

    def _broadcast(self, folders: Folders) -> Broadcast[Sent]:
        from pyspark import cloudpickle

        place = Place(self._charge, self._run.folder.resolve(), folders)
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
