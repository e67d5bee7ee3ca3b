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
from typing import Final

from fdcpa_guard.auditing.ahead import ColumnarAudit, JudgedAhead, ToJudge
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


@dataclass(frozen=True, slots=True)
class RangeResult:
    """What one range gave. Its findings and problems are in the files `part(folder, number, name)`."""

    number: int
    items: int
    tally: Tally
    problems: KeptProblems


def part(folder: Path, number: int, name: str) -> Path:
    return folder / f"{number:08d}.{name}"


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
    """The problems and the findings of each consumer, by one engine or the other."""
    columnar = judge.terms.columnar
    if columnar is None:
        for spooled in consumers:
            log = _log(judge, spooled)
            if log is not None:
                yield _problems(log), _findings(judge, spooled, log, None)
        return
    logs = [(spooled, log) for spooled in consumers if (log := _log(judge, spooled)) is not None]
    whole = [log for _, log in logs if isinstance(log, ConsumerLog)]
    ahead = iter(_ahead(columnar, [judge.to_judge(log) for log in whole]))
    for spooled, log in logs:
        yield _problems(log), _findings(judge, spooled, log, next(ahead) if isinstance(log, ConsumerLog) else None)


def _ahead(columnar: ColumnarAudit, logs: Sequence[ToJudge]) -> Sequence[JudgedAhead | None]:
    """What the columnar engine finds of each log; None of one that it cannot judge, which then tells its own error."""
    try:
        return columnar.judge(logs)
    except Exception:
        if len(logs) == 1:
            return [None]
        # One consumer's file keeps none of the others from being judged.
        middle = len(logs) // 2
        return [*_ahead(columnar, logs[:middle]), *_ahead(columnar, logs[middle:])]


def _log(judge: Judge, spooled: SpooledConsumer) -> ConsumerLog | Exception | None:
    """The consumer's log, the error that kept it from being put together, or None where there is nothing to judge."""
    done = spooled.rows or spooled.actions or spooled.unreadable or spooled.lost_rows
    if not done and not (spooled.events and judge.has_deadlines):
        return None  # known from the accounts or events alone: nothing was done that could be judged, or was due
    try:
        return consumer_log(spooled, judge.terms.collector, judge.terms.as_of)
    except Exception as error:
        return error


def _problems(log: ConsumerLog | Exception) -> list[Problem]:
    return list(log.problems) if isinstance(log, ConsumerLog) else []


def _findings(
    judge: Judge, spooled: SpooledConsumer, log: ConsumerLog | Exception, ahead: JudgedAhead | None
) -> Iterator[FindingRow]:
    if isinstance(log, Exception):
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
    among: ConsumerRange
    as_of: int | None
    ends_at: int | None


_here: tuple[Terms, Path, Path] | None = None
"""What a worker process was forked with. The spool is opened when the first task comes: before that it is unfinished."""
_spool: SpoolReader | None = None


def _begin(terms: Terms, spool: Path, folder: Path) -> None:
    global _here
    _here = (terms, spool, folder)
    # Rules and tables live as long as the process: the collector need not look at them again and again.
    gc.freeze()


def _ready() -> None:
    """A task that does nothing: the process is up once it is done."""


def _work(task: _Task) -> RangeResult:
    global _spool
    assert _here is not None
    terms, spool, folder = _here
    if _spool is None:
        _spool = SpoolReader(spool)
    as_of = None if task.as_of is None else datetime_of(task.as_of)
    return judge_range(task.among, replace(terms, as_of=as_of, ends_at=task.ends_at), _spool, folder)


class Workers:
    """The processes of a run. They are forked at once, before the log is read, while this process is small.

    `number` of 1 forks none, and neither do Windows, which cannot, and macOS, whose own libraries do not survive it: the
    work is then done in this process. The results are the same.
    """

    def __init__(self, number: int, terms: Terms, spool: Path, folder: Path) -> None:
        self._terms, self._path, self._folder = terms, spool, folder
        self._pool: ProcessPoolExecutor | None = None
        can_fork = sys.platform != "darwin" and "fork" in multiprocessing.get_all_start_methods()
        self.number = number if can_fork else 1
        if self.number > 1:
            context = multiprocessing.get_context("fork")
            self._pool = ProcessPoolExecutor(self.number, context, _begin, (terms, spool, folder))
            for waiting in [self._pool.submit(_ready) for _ in range(self.number)]:
                waiting.result()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def judge(self, as_of: int | None, ends_at: int | None) -> Iterator[RangeResult]:
        """The results of all ranges of the finished spool, in their order. A bounded number waits to be taken."""
        spool = SpoolReader(self._path)
        try:
            if self._pool is None:
                moment = None if as_of is None else datetime_of(as_of)
                terms = replace(self._terms, as_of=moment, ends_at=ends_at)
                for among in list(spool.ranges()):
                    yield judge_range(among, terms, spool, self._folder)
                return
            waiting: deque[Future[RangeResult]] = deque()
            for among in spool.ranges():
                waiting.append(self._pool.submit(_work, _Task(among, as_of, ends_at)))
                if len(waiting) >= self.number * IN_FLIGHT:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            spool.close()
