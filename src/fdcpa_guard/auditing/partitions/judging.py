"""One partition, judged: its consumers in columns where their records are plain, and told one by one where rules were
raised."""

from __future__ import annotations

import csv
import io
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np

from fdcpa_guard.auditing.ahead import ColumnarAudit, JudgedAhead, Raised, ToJudge
from fdcpa_guard.auditing.consumers import ConsumerLog, consumer_log, in_order_of_time
from fdcpa_guard.auditing.judging import Judge, in_turn
from fdcpa_guard.auditing.partitions.clean import CleanLogs
from fdcpa_guard.auditing.partitions.kinds import Kind
from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.auditing.partitions.recorded import Ints
from fdcpa_guard.auditing.problem_rows import problem_row
from fdcpa_guard.auditing.rows import FindingRow, cells, for_spreadsheet, to_line
from fdcpa_guard.auditing.workers import findings_of
from fdcpa_guard.engine.columnar.stored import Beside, Stored, StoredBucket
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.facts.actions import ActionEntry
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.debts import key_of
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.facts.importers.rows import LogAction
from fdcpa_guard.facts.models import Communication
from fdcpa_guard.values import datetime_of, instant_of

_LOG: Final = logging.getLogger(__name__)

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
        self._actions = self._ordered_actions(np.flatnonzero(actions > 0))

    def _log(self, consumer: int) -> ConsumerLog:
        """Put together once, for as long as the partition is judged."""
        log = self._logs.get(consumer)
        if log is None:
            terms = self._judge.terms
            log = consumer_log(self._partition.spooled(consumer), terms.collector, terms.as_of)
            self._logs[consumer] = log
        return log

    def _ordered_actions(self, consumers: Ints) -> dict[int, tuple[LogAction, ...]]:
        """Of each consumer who has any; where there is more to say of them than that, the consumer is not plain."""
        found: dict[int, tuple[LogAction, ...]] = {}
        for consumer in consumers.tolist():
            read = self._partition.actions(consumer)
            found[consumer], problems = in_order_of_time(read.actions)
            if problems or read.unreadable:
                self._partition.plain[consumer] = False
        return found

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
        ahead = dict(raised)
        yield from sorted(
            [*self._of_odd(odd.tolist()), *(self._of(number, ahead[number]) for number in sorted(ahead))],
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
            bucket = StoredBucket(stored, self._beside(plain, stored), logs=True)
            found.update(self._columnar.counts(bucket))
        for ahead in self._together([self._judge.to_judge(self._log(number)) for number in odd.tolist()]):
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
        turns = StoredBucket(stored, self._beside(consumers, stored), logs=True)
        of_turns = self._columnar.raised(turns)
        ends: Beside = Beside.none()
        of_ends: dict[int, list[Raised]] = {}
        if self._judge.has_deadlines and terms.ends_at is not None:
            ends = _ends(stored, terms.ends_at)
            of_ends = self._columnar.overdue(StoredBucket(stored, ends, logs=False))
        found = self._by_consumer(consumers, turns, of_turns, ends, of_ends)
        clean = np.ones(len(consumers), bool)
        clean[[int(np.searchsorted(consumers, number)) for number in found]] = False
        return found, CleanLogs(stored, turns, clean, self._accounts(consumers))

    def _file(self, consumer: int) -> ConsumerFile:
        return self._log(consumer).file

    def _accounts(self, consumers: Ints) -> Ints:
        return self._partition.counts(Kind.CONSUMERS)[consumers]

    def _beside(self, consumers: Ints, stored: Stored) -> Beside:
        """The actions, each with how many communications came before it or with it."""
        found = Beside.none()
        starts, at = stored.starts(), stored.rows.numbers["at"]
        for place, number in enumerate(consumers.tolist()):
            for action in self._actions.get(number, ()):
                entry = ActionEntry(action.action)
                log = at[starts[place] : starts[place + 1]]
                before = int(np.searchsorted(log, entry.at, "right"))
                _add(found, place, -1, entry.at, entry.known_at, before, entry.debts, partial(_same, entry))
        return found

    def _by_consumer(
        self,
        consumers: Ints,
        turns: StoredBucket,
        of_turns: dict[int, list[Raised]],
        ends: Beside,
        of_ends: dict[int, list[Raised]],
    ) -> dict[int, JudgedAhead]:
        """What was raised, in the order in which each log is told."""
        places = {int(turns.consumer[turns.judged[place]]) for place in of_turns}
        places |= {ends.consumer[place] for place in of_ends}
        found: dict[int, JudgedAhead] = {}
        ends_of: dict[int, list[int]] = {}
        for place, consumer in enumerate(ends.consumer):
            ends_of.setdefault(consumer, []).append(place)
        for place in sorted(places):
            number = int(consumers[place])
            start = int(turns.logs.starts[place])
            actions = iter(np.flatnonzero(turns.consumer[turns.logged :] == place).tolist())
            of_log: list[Sequence[Raised]] = []
            for _, row, index in in_turn(self._log(number)):
                where = turns.logged + next(actions) if isinstance(row, LogAction) else start + index
                of_log.append(of_turns.get(where, ()))
            found[number] = JudgedAhead(of_log, [of_ends.get(each, ()) for each in ends_of.get(place, ())])
        return found

    # -- one by one ------------------------------------------------------------------------------------------------------

    def _of_odd(self, consumers: Sequence[int]) -> Iterator[Told]:
        """Consumers whose records have to be put together first; then they are judged together, as far as that goes."""
        logs: list[tuple[int, ConsumerLog | Exception]] = []
        for number in consumers:
            try:
                logs.append((number, self._log(number)))
            except Exception as error:
                logs.append((number, error))
        whole: dict[int, ToJudge] = {}
        for number, log in logs:
            try:
                if isinstance(log, ConsumerLog):
                    whole[number] = self._judge.to_judge(log)
            except Exception:  # told as a finding when the consumer is judged alone
                continue
        ahead = dict(zip(whole, self._together(list(whole.values())), strict=True))
        for number, log in logs:
            yield self._of(number, ahead.get(number), log)

    def _together(self, logs: Sequence[ToJudge]) -> Sequence[JudgedAhead | None]:
        """What the engine finds of each log; None of one that it cannot judge, which then tells its own error."""
        if not logs:
            return ()
        try:
            return self._columnar.judge(logs)
        except Exception:
            if len(logs) == 1:
                return (None,)
            # One consumer's file keeps none of the others from being judged.
            middle = len(logs) // 2
            return [*self._together(logs[:middle]), *self._together(logs[middle:])]

    def _of(self, number: int, ahead: JudgedAhead | None, log: ConsumerLog | Exception | None = None) -> Told:
        """The findings and problems of a consumer, as they are written."""
        if log is None:
            log = self._log(number)
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


def _same(entry: Entry) -> Entry:
    return entry


def _add(
    beside: Beside, consumer: int, source: int, at: int, known_at: int, before: int, debts: tuple[str, ...] | None,
    make: Callable[[], Entry],
) -> None:  # fmt: skip
    beside.consumer.append(consumer)
    beside.source.append(source)
    beside.at.append(at)
    beside.known_at.append(known_at)
    beside.before.append(before)
    beside.debts.append(debts)
    beside.make.append(make)


def _ends(stored: Stored, ends_at: int) -> Beside:
    """What stands for the end of each log, once for each debt: see `judging.at_the_end`."""
    found = Beside.none()
    rows = stored.rows
    starts = stored.starts().tolist()
    outbound = np.array([getattr(shape, "direction", None) == "outbound" for shape in rows.shapes], bool)
    is_outbound = outbound[rows.shape] if len(rows) else np.zeros(0, bool)
    last_outbound = np.full(len(stored.consumers), -1, np.int64)
    last_outbound[rows.consumer[is_outbound]] = np.flatnonzero(is_outbound)
    at = rows.numbers["at"]
    for consumer, (start, stop) in enumerate(pairwise(starts)):
        last = int(last_outbound[consumer])
        if last < 0:
            last = stop - 1 if stop > start else -1
        if last >= 0 and ends_at < at[last]:
            continue
        for debts in _each_debt(stored, consumer, start, stop):
            make = partial(_moved, stored, consumer, last, start, ends_at, debts)
            _add(found, consumer, last, ends_at, ends_at, stop - start, debts, make)
    return found


def _each_debt(stored: Stored, consumer: int, start: int, stop: int) -> Sequence[tuple[str, ...] | None]:
    """Every debt of the file or of its log by itself, those that count as one once; None, where there is none."""
    keys = {debt.id: key_of(debt) for debt in stored.debts[consumer]}
    found = {key: (debt_id,) for debt_id, key in keys.items()}
    for row in range(start, stop):
        for debt_id in stored.rows.debts[row] or ():
            found[keys.get(debt_id, debt_id)] = (debt_id,)
    return tuple(found.values()) or (None,)


def _moved(
    stored: Stored, consumer: int, last: int, start: int, ends_at: int, debts: tuple[str, ...] | None
) -> Entry:
    if last < 0:
        moved = Entry(Communication(at=datetime_of(ends_at)), of_log=True)
    else:
        moved = stored.file_of(consumer).entries[last - start].moved_to(ends_at)
    moved.id = None
    moved.debts = debts
    return moved
