"""The work of a run, the reading and the judging: in this process and others like it, or wherever else it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from fdcpa_guard.auditing.ahead import ColumnarAudit
from fdcpa_guard.auditing.judging import Terms
from fdcpa_guard.auditing.problem_rows import KeptProblems
from fdcpa_guard.auditing.spool import Spool
from fdcpa_guard.auditing.taking_in import Progress, Reading, take_in
from fdcpa_guard.auditing.unfinished import Kept
from fdcpa_guard.auditing.workers import RangeResult, Source, SpoolSource, Workers
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.models import Collector

if TYPE_CHECKING:
    from fdcpa_guard.auditing.partitions.apart import FilesApart
    from fdcpa_guard.auditing.partitions.writing import PartitionWriter


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be worked at: `folder` is empty, or has what a run that was stopped had done. `names` gives what each file
    is called in the output. `partitions`: into how many pieces the consumers are divided, where the work is in columns.
    `readings` are those that `read` is then called with."""

    guard: Guard
    collector: Collector
    folder: Path
    names: dict[str, str]
    partitions: int
    readings: Sequence[Reading]


class Work(Protocol):
    """First `read`, unless it was done before; then `judge`."""

    in_order: bool
    """Whether the pieces come in the order of the consumers."""

    @property
    def kept(self) -> Kept:
        """What is known of everything that was read, after the last of it."""
        ...

    def read(self, readings: Sequence[Reading], tell: Progress) -> KeptProblems:
        """Reads everything. The problems are part 0 of their files; the readings know then what became of each file."""
        ...

    def judge(self, as_of: int | None, ends_at: int | None) -> Iterator[RangeResult]:
        """Judges every piece, and gives the results in the order of their numbers."""
        ...


Begin = Callable[[Run], AbstractContextManager[Work]]
"""Makes ready for a run; whatever it holds goes with the end of the context."""


class Here:
    """The work in this process, and in others that are forked from it."""

    def __init__(self, run: Run, columnar: ColumnarAudit | None, workers: int) -> None:
        self._run = run
        self.in_order = columnar is None
        self.kept, source = _kept(run, columnar)
        self._apart = None if columnar is None or workers == 1 else _apart(run)
        terms = Terms(run.guard, run.collector, None, None, columnar=columnar)
        self._workers = Workers(workers, terms, source, self._apart)
        self._open = ExitStack()

    def __enter__(self) -> Here:
        self._open.enter_context(self._workers)
        self._open.enter_context(self.kept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, where)

    def read(self, readings: Sequence[Reading], tell: Progress) -> KeptProblems:
        if self._apart is not None and self._workers.number > 1:
            assert not isinstance(self.kept, Spool)
            problems = self._apart.all(readings, self.kept, self._run.folder, self._workers, tell)
        else:
            problems = take_in(readings, self.kept, self._run.folder, 0, self._run.names, tell)
        self.kept.finish()
        return problems

    def judge(self, as_of: int | None, ends_at: int | None) -> Iterator[RangeResult]:
        return self._workers.judge(as_of, ends_at)


def _apart(run: Run) -> FilesApart | None:
    """The reading of each file by itself; None where not all that is read are files."""
    from fdcpa_guard.auditing.partitions.apart import FilesApart

    return FilesApart.of(run.readings, run.folder, run.names, run.partitions)


def _kept(run: Run, columnar: ColumnarAudit | None) -> tuple[Spool | PartitionWriter, Source]:
    """Where what is read is kept until it is judged: for the columnar engine in columns."""
    if columnar is None:
        spool = run.folder / "spool"
        return Spool(spool, run.names), SpoolSource(spool, run.folder)
    from fdcpa_guard.auditing.partitions.apart import ITEMS
    from fdcpa_guard.auditing.partitions.source import PartitionSource
    from fdcpa_guard.auditing.partitions.writing import PartitionWriter

    folder = run.folder / ITEMS
    return PartitionWriter(folder, run.partitions, run.names), PartitionSource(folder, run.partitions, run.folder)
