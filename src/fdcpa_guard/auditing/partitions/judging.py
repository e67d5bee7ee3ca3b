"""One partition, judged: its consumers in columns where their records are plain, and told one by one where rules were
raised."""

from __future__ import annotations

import csv
import io
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fdcpa_guard.auditing.ahead import ColumnarAudit, JudgedAhead, Raised, ToJudge
from fdcpa_guard.auditing.consumers import ConsumerLog, consumer_log
from fdcpa_guard.auditing.judging import Judge
from fdcpa_guard.auditing.partitions.clean import CleanLogs
from fdcpa_guard.auditing.partitions.ends import ends_of
from fdcpa_guard.auditing.partitions.kinds import Kind
from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.auditing.partitions.recorded import Ints
from fdcpa_guard.auditing.problem_rows import problem_row
from fdcpa_guard.auditing.rows import FindingRow, cells, for_spreadsheet, to_line
from fdcpa_guard.auditing.spool import SpooledConsumer
from fdcpa_guard.auditing.workers import findings_of
from fdcpa_guard.engine.columnar.stored import Ends, Stored, StoredBucket
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.values import instant_of

_LOG: Final = logging.getLogger(__name__)
_READ_TOGETHER: Final = 256
"""Of so many consumers at a time everything is read."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be written of one consumer: findings and problems, each as JSON lines and as CSV."""

    consumer: bytes
    findings: bytes
    findings_csv: bytes
    problems: bytes
    problems_csv: bytes


class PartitionJudge:
    """Judges one partition; `told` gives what there is to say, in the order of the consumers, and counts with it."""

    def __init__(self, partition: Partition, judge: Judge) -> None:
        columnar = judge.terms.columnar
        assert columnar is not None
        self._columnar: ColumnarAudit = columnar
        self._partition = partition
        self._judge = judge
        self._logs: dict[int, ConsumerLog] = {}
        self.not_in_columns: Exception | None = None
        """What kept all consumers from being judged in columns, once they are told; each was then judged by itself."""
        rows, actions, lost, events = (
            partition.counts(kind) for kind in (Kind.ROWS, Kind.ACTIONS, Kind.LOST, Kind.EVENTS)
        )
        done = (rows + actions + lost) > 0
        self._asked = done | ((events > 0) & judge.has_deadlines)

    def _log(self, consumer: int, spooled: SpooledConsumer | None = None) -> ConsumerLog:
        """Put together once, for as long as the partition is judged; of `spooled`, where that was read."""
        log = self._logs.get(consumer)
        if log is None:
            terms = self._judge.terms
            read = self._partition.spooled(consumer) if spooled is None else spooled
            log = self._logs[consumer] = consumer_log(read, terms.collector, terms.as_of)
        return log

    def told(self) -> Iterator[Told]:
        plain = np.flatnonzero(self._asked & self._partition.plain)
        raised: dict[int, JudgedAhead] = {}
        clean: CleanLogs | None = None
        try:
            raised, clean = self._judged_in_columns(plain)
        except Exception as error:  # whatever is the matter with one of them, each is then judged from its own records
            _LOG.debug("a partition is judged one by one", exc_info=error)
            self.not_in_columns, plain = error, plain[:0]
        if clean is not None:
            # What was counted of them cannot be taken back: from here on nobody else judges them.
            self._judge.clean(clean)
        odd = np.flatnonzero(self._asked)
        odd = odd[~np.isin(odd, plain)]
        found = self._put_together(sorted(raised))
        yield from sorted(
            [*self._of_odd(odd.tolist()), *(self._of(number, raised[number], log) for number, log in found)],
            key=lambda told: told.consumer,
        )

    def counted(self) -> Counter[tuple[str, Verdict]]:
        """How many communications and actions raise each rule, violated and unknown; nothing is explained or written."""
        plain = np.flatnonzero(self._asked & self._partition.plain)
        odd = np.flatnonzero(self._asked & ~self._partition.plain)
        found: Counter[tuple[str, Verdict]] = Counter()
        if len(plain):
            terms = self._judge.terms
            as_of = None if terms.as_of is None else instant_of(terms.as_of)
            stored = self._partition.stored(plain, terms.collector, as_of, lambda place: self._file(int(plain[place])))
            found.update(self._columnar.counts(StoredBucket(stored)))
        logs = [(number, log) for number, log in self._put_together(odd.tolist()) if isinstance(log, ConsumerLog)]
        for ahead in self._ahead(logs).values():
            of_log = () if ahead is None else ahead.of_log
            found.update((rule.id, verdict) for raised in of_log for rule, verdict, _, _ in raised)
        return found

    # -- in columns ------------------------------------------------------------------------------------------------------

    def _judged_in_columns(self, consumers: Ints) -> tuple[dict[int, JudgedAhead], CleanLogs | None]:
        """What was raised of plain consumers, by their numbers, and the others, who are to be counted."""
        if len(consumers) == 0:
            return {}, None
        terms = self._judge.terms
        as_of = None if terms.as_of is None else instant_of(terms.as_of)
        stored = self._partition.stored(consumers, terms.collector, as_of, lambda place: self._file(int(consumers[place])))
        ends = self._ends(stored)
        turns = StoredBucket(stored, ends)
        of_turns = self._columnar.raised(turns)
        of_ends = {} if ends is None else self._columnar.overdue(turns.at_the_ends())
        found = self._by_consumer(consumers, turns, of_turns, ends, of_ends)
        clean = np.ones(len(consumers), bool)
        clean[[int(np.searchsorted(consumers, number)) for number in found]] = False
        return found, CleanLogs(stored, turns, clean, self._accounts(consumers))

    def _ends(self, stored: Stored) -> Ends | None:
        ends_at = self._judge.terms.ends_at
        return ends_of(stored, ends_at) if self._judge.has_deadlines and ends_at is not None else None

    def _file(self, consumer: int) -> ConsumerFile:
        return self._log(consumer).file

    def _accounts(self, consumers: Ints) -> Ints:
        return self._partition.counts(Kind.CONSUMERS)[consumers]

    def _by_consumer(
        self,
        consumers: Ints,
        turns: StoredBucket,
        of_turns: dict[int, list[Raised]],
        ends: Ends | None,
        of_ends: dict[int, list[Raised]],
    ) -> dict[int, JudgedAhead]:
        """What was raised, in the order in which each log is told."""
        ending = np.zeros(0, np.int64) if ends is None else ends.consumer
        places = {int(turns.consumer[place]) for place in of_turns} | {int(ending[place]) for place in of_ends}
        of_consumer = np.arange(len(consumers) + 1)
        acted = np.searchsorted(turns.consumer[turns.logged : turns.acted], of_consumer) + turns.logged
        ended = np.searchsorted(ending, of_consumer)
        found: dict[int, JudgedAhead] = {}
        for place in sorted(places):
            start, stop = turns.logs.starts[place : place + 2].tolist()
            first, last = acted[place : place + 2].tolist()
            # Each action after those of the rows that came before it, and after the actions before it.
            actions = turns.stop[first:last] - start + np.arange(last - first)
            of_log: list[Sequence[Raised]] = [()] * (stop - start + last - first)
            rows = np.delete(np.arange(len(of_log)), actions)
            for where, numbers in ((rows, range(start, stop)), (actions, range(first, last))):
                for turn, number in zip(where.tolist(), numbers, strict=True):
                    of_log[turn] = of_turns.get(number, ())
            of_end = [of_ends.get(each, ()) for each in range(*ended[place : place + 2].tolist())]
            found[int(consumers[place])] = JudgedAhead(of_log, of_end)
        return found

    # -- one by one ------------------------------------------------------------------------------------------------------

    def _of_odd(self, consumers: Sequence[int]) -> Iterator[Told]:
        """Consumers whose records have to be put together first; then they are judged together, as far as that goes."""
        logs = self._put_together(consumers)
        ahead = self._ahead([(number, log) for number, log in logs if isinstance(log, ConsumerLog)])
        for number, log in logs:
            yield self._of(number, ahead.get(number), log)

    def _put_together(self, consumers: Sequence[int]) -> list[tuple[int, ConsumerLog | Exception]]:
        logs: list[tuple[int, ConsumerLog | Exception]] = []
        for start in range(0, len(consumers), _READ_TOGETHER):
            some = consumers[start : start + _READ_TOGETHER]
            try:
                read: Sequence[SpooledConsumer | None] = self._partition.spooled_of(some)
            except Exception:  # of whatever consumer: each is read by itself then
                read = [None] * len(some)
            for number, spooled in zip(some, read, strict=True):
                try:
                    logs.append((number, self._log(number, spooled)))
                except Exception as error:  # told as a finding of the consumer, and of nobody else
                    logs.append((number, error))
        return logs

    def _ahead(self, logs: Sequence[tuple[int, ConsumerLog]]) -> dict[int, JudgedAhead | None]:
        """What the engine finds of those whose log it can be given."""
        whole: dict[int, ToJudge] = {}
        for number, log in logs:
            try:
                whole[number] = self._judge.to_judge(log)
            except Exception:  # told as a finding when the consumer is judged alone
                continue
        return dict(zip(whole, self._together(list(whole.values())), strict=True))

    def _together(self, logs: Sequence[ToJudge]) -> Sequence[JudgedAhead | None]:
        """What the engine finds of each log; None of one that it cannot judge, which then tells its own error."""
        if not logs:
            return ()
        try:
            return self._columnar.judge(logs)
        except Exception:  # of one alone it is told by the definition, which meets it again
            if len(logs) == 1:
                return (None,)
            # One consumer's file keeps none of the others from being judged.
            middle = len(logs) // 2
            return [*self._together(logs[:middle]), *self._together(logs[middle:])]

    def _of(self, number: int, ahead: JudgedAhead | None, log: ConsumerLog | Exception) -> Told:
        """The findings and problems of a consumer, as they are written."""
        spooled = self._partition.spooled(number) if isinstance(log, Exception) else None
        findings = findings_of(self._judge, spooled, log, ahead)
        problems = log.problems if isinstance(log, ConsumerLog) else ()
        return _written(self._partition.ids[number], list(findings), problems)


def _written(consumer: bytes, findings: Sequence[FindingRow], problems: Sequence[Problem]) -> Told:
    rows = [problem_row(problem, {}) for problem in problems]
    return Told(
        consumer,
        b"".join(map(to_line, findings)),
        _csv([[for_spreadsheet(value) for value in cells(row)] for row in findings]),
        b"".join(row.to_line() for row in rows),
        _csv([[for_spreadsheet(value) for value in row.cells()] for row in rows]),
    )


def _csv(rows: Sequence[Sequence[str | int | None]]) -> bytes:
    if not rows:
        return b""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
