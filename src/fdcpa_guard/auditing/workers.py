"""Ranges of consumers, judged in one process or in several; the results come in the order of the consumers."""

from __future__ import annotations

import csv
import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol

from fdcpa_guard.auditing.ahead import JudgedAhead
from fdcpa_guard.auditing.consumers import ConsumerLog, consumer_log
from fdcpa_guard.auditing.judging import Judge, Terms
from fdcpa_guard.auditing.problem_rows import KeptProblems, problem_row
from fdcpa_guard.auditing.rows import FindingRow, cells, for_spreadsheet, to_line
from fdcpa_guard.auditing.spool import ConsumerRange, SpooledConsumer, SpoolReader
from fdcpa_guard.auditing.tally import Tally
from fdcpa_guard.errors import BackendDisagreement
from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.values import datetime_of

IN_FLIGHT: Final = 4
"""Ranges handed to each process ahead of the one whose result is waited for."""
FINDINGS_JSON, FINDINGS_CSV, PROBLEMS_JSON, PROBLEMS_CSV = PARTS = (
    "findings.jsonl",
    "findings.csv",
    "problems.jsonl",
    "problems.csv",
)


Segment = tuple[bytes, tuple[int, ...]]
"""A consumer's id, and how many bytes of each part (`PARTS`) are about the consumer."""


@dataclass(frozen=True, slots=True)
class RangeResult:
    """What one range gave. Its findings and problems are in the files `part(folder, number, name)`."""

    number: int
    items: int
    tally: Tally
    problems: KeptProblems
    consumers: tuple[Segment, ...] = ()
    """Where pieces are in no order of consumers: what of the parts is whose, in order."""


def part(folder: Path, number: int, name: str) -> Path:
    return folder / f"{number:08d}.{name}"


class Source(Protocol):
    """Where the consumers lie that are judged: opened anew in each process, cut into pieces of work."""

    def open(self) -> None:
        """Called in the process that judges, before anything else, once the reading is finished."""

    def pieces(self) -> Iterable[int]:
        """The numbers of the pieces, from 1."""

    def judge(self, piece: int, terms: Terms) -> RangeResult:
        """Judges a piece and writes its parts. An error in one consumer is told and stops nothing."""

    def close(self) -> None:
        """After the last piece."""


class Reader(Protocol):
    """What reads in the processes before they judge."""

    def read(self, task: Any) -> Any:
        """Does a part of the reading; both have to be such as can be sent."""


class SpoolSource:
    """Ranges of consumers of a spool."""

    def __init__(self, spool: Path, folder: Path) -> None:
        self._path, self._folder = spool, folder
        self._reader: SpoolReader | None = None
        self._ranges: dict[int, ConsumerRange] = {}

    def open(self) -> None:
        self._reader = SpoolReader(self._path)
        self._ranges = {among.number: among for among in self._reader.ranges()}

    def pieces(self) -> Iterable[int]:
        return self._ranges

    def judge(self, piece: int, terms: Terms) -> RangeResult:
        assert self._reader is not None
        return judge_range(self._ranges[piece], terms, self._reader, self._folder)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()


def judge_range(among: ConsumerRange, terms: Terms, spool: SpoolReader, folder: Path) -> RangeResult:
    """Judge the consumers of a range and write its parts. An error in one consumer is told and stops nothing."""
    judge, kept = Judge(terms), KeptProblems()
    with ExitStack() as stack:
        findings = stack.enter_context(part(folder, among.number, FINDINGS_JSON).open("wb"))
        problems = stack.enter_context(part(folder, among.number, PROBLEMS_JSON).open("wb"))
        tables = [
            csv.writer(stack.enter_context(part(folder, among.number, name).open("w", newline="", encoding="utf-8")))
            for name in (FINDINGS_CSV, PROBLEMS_CSV)
        ]
        for found, rows in _judged(judge, spool.consumers(among)):
            for row in rows:
                findings.write(to_line(row))
                tables[0].writerow(map(for_spreadsheet, cells(row)))
            for problem in found:
                written = problem_row(problem, {})
                kept.add(written)
                problems.write(written.to_line())
                tables[1].writerow(map(for_spreadsheet, written.cells()))
    judge.finish()
    return RangeResult(among.number, among.items, judge.tally, kept)


def _judged(
    judge: Judge, consumers: Iterable[SpooledConsumer]
) -> Iterator[tuple[list[Problem], Iterator[FindingRow]]]:
    """The problems and the findings of each consumer."""
    for spooled in consumers:
        log = _log(judge, spooled)
        if log is not None:
            problems = list(log.problems) if isinstance(log, ConsumerLog) else []
            yield problems, findings_of(judge, spooled, log, None)


def _log(judge: Judge, spooled: SpooledConsumer) -> ConsumerLog | Exception | None:
    """The consumer's log, the error that kept it from being put together, or None where there is nothing to judge."""
    done = spooled.rows or spooled.actions or spooled.unreadable or spooled.lost_rows
    if not done and not (spooled.events and judge.has_deadlines):
        return None  # known from the accounts or events alone: nothing was done that could be judged, or was due
    try:
        return consumer_log(spooled, judge.terms.collector, judge.terms.as_of)
    except Exception as error:
        return error


def findings_of(
    judge: Judge, spooled: SpooledConsumer | None, log: ConsumerLog | Exception, ahead: JudgedAhead | None
) -> Iterator[FindingRow]:
    """The findings of one consumer; of one whose log could not be put together, `spooled` has the records."""
    if isinstance(log, Exception):
        assert spooled is not None
        yield from judge.not_judged(spooled.rows, spooled.actions, log)
        return
    try:
        yield from judge.consumer(log, ahead)
    except BackendDisagreement:
        raise
    except Exception as error:
        yield judge.broken_off(log, error)


# -- several processes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Task:
    piece: int
    as_of: int | None
    ends_at: int | None


_here: tuple[Terms, Source] | None = None
"""What a worker process was forked with. The source is opened when the first task comes: before that it is unfinished."""
_reader: Reader | None = None
_opened = False


def _begin(terms: Terms, source: Source, reader: Reader | None) -> None:
    global _here, _reader
    _here, _reader = (terms, source), reader
    # Rules and tables live as long as the process: the collector need not look at them again and again.
    gc.freeze()


def _ready() -> None:
    """A task that does nothing: the process is up once it is done."""


def _read(task: Any) -> Any:
    assert _reader is not None
    return _reader.read(task)


def _work(task: _Task) -> RangeResult:
    global _opened
    assert _here is not None
    terms, source = _here
    if not _opened:
        source.open()
        _opened = True
    return source.judge(task.piece, _at(terms, task.as_of, task.ends_at))


def _at(terms: Terms, as_of: int | None, ends_at: int | None) -> Terms:
    return replace(terms, as_of=None if as_of is None else datetime_of(as_of), ends_at=ends_at)


class Workers:
    """The processes of a run. They are forked at once, before the log is read, while this process is small.

    `number` of 1 forks none, and neither do Windows, which cannot, and macOS, whose own libraries do not survive it: the
    work is then done in this process. The results are the same.
    """

    def __init__(self, number: int, terms: Terms, source: Source, reader: Reader | None = None) -> None:
        self._terms, self._source = terms, source
        self._pool: ProcessPoolExecutor | None = None
        can_fork = sys.platform != "darwin" and "fork" in multiprocessing.get_all_start_methods()
        self.number = number if can_fork else 1
        if self.number > 1:
            context = multiprocessing.get_context("fork")
            self._pool = ProcessPoolExecutor(self.number, context, _begin, (terms, source, reader))
            for waiting in [self._pool.submit(_ready) for _ in range(self.number)]:
                waiting.result()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def read(self, tasks: Sequence[Any], order: Sequence[int]) -> Iterator[Any]:
        """What the reader makes of each task, in their order; they are begun in another. There have to be several processes.

        Raises the error of the first task that has one.
        """
        assert self._pool is not None
        begun = {place: self._pool.submit(_read, tasks[place]) for place in order}
        try:
            for place in range(len(tasks)):
                yield begun[place].result()
        finally:
            for each in begun.values():
                each.cancel()

    def judge(self, as_of: int | None, ends_at: int | None) -> Iterator[RangeResult]:
        """The results of all pieces of the finished source, in their order. A bounded number waits to be taken."""
        source = self._source
        source.open()
        try:
            if self._pool is None:
                terms = _at(self._terms, as_of, ends_at)
                for piece in source.pieces():
                    yield source.judge(piece, terms)
                return
            waiting: deque[Future[RangeResult]] = deque()
            for piece in source.pieces():
                waiting.append(self._pool.submit(_work, _Task(piece, as_of, ends_at)))
                if len(waiting) >= self.number * IN_FLIGHT:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            source.close()
