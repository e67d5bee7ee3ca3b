"""One consumer's log, judged: every communication against what came before it, and what is overdue at the end."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from fdcpa_guard.auditing.ahead import ColumnarAudit, JudgedAhead, Raised, ToJudge
from fdcpa_guard.auditing.consumers import ConsumerLog
from fdcpa_guard.auditing.counting import Counting
from fdcpa_guard.auditing.disagreement import reproduced
from fdcpa_guard.auditing.finding_rows import RowWriter
from fdcpa_guard.auditing.rows import (
    CLOSE_LOOKS,
    FULL_LOOKS,
    OF_ACTION,
    OF_COMMUNICATION,
    OF_END_OF_LOG,
    OF_ERROR,
    FindingRow,
    LeftOutRow,
)
from fdcpa_guard.auditing.stated import StatedFacts
from fdcpa_guard.auditing.tally import CONSUMERS, Tally
from fdcpa_guard.engine.deciding import Asked, Guard, clock_among
from fdcpa_guard.engine.decision import Status, Waiver
from fdcpa_guard.engine.findings import Finding, judgements_of
from fdcpa_guard.engine.verdicts import Flag, called_number
from fdcpa_guard.errors import BackendDisagreement
from fdcpa_guard.facts.actions import ActionEntry
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.clock import Clock
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.importers.rows import LogAction, LogRow
from fdcpa_guard.facts.models import Collector, Communication
from fdcpa_guard.rulefile.model import Count, Rule
from fdcpa_guard.values import Truth, datetime_of

if TYPE_CHECKING:
    from fdcpa_guard.auditing.partitions.clean import CleanLogs

_MOST_LEFT_OUT: Final = 40


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a run judges. `as_of`: the instant whose knowledge counts; None is each communication's own.

    `ends_at` is the last instant of the log, for deadlines; None of an empty log. `clears_at`: whether each violation is
    followed to the instant at which waiting would have cured it.
    """

    guard: Guard
    collector: Collector
    as_of: datetime | None
    ends_at: int | None
    clears_at: bool = True
    columnar: ColumnarAudit | None = None
    """The engine that judges many consumers at once; None: each communication is judged by itself."""

    def overdue_rules(self) -> tuple[Rule, ...]:
        """The rules that nothing but a missed deadline breaks: they may be broken with no further communication."""
        return tuple(rule for rule in self.guard.rules if rule.broken_by_deadline)


@dataclass(slots=True)
class Judge:
    """Judges consumers and counts what it finds in `tally`."""

    terms: Terms
    tally: Tally = field(default_factory=Tally)
    _overdue: tuple[Rule, ...] = field(init=False)
    _overdue_ids: frozenset[str] = field(init=False)
    _stated: StatedFacts = field(init=False)
    _rules: dict[str, Rule] = field(init=False)
    _rows: RowWriter = field(init=False)
    _counting: Counting = field(init=False)
    _looks: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._overdue = self.terms.overdue_rules()
        self._overdue_ids = frozenset(rule.id for rule in self._overdue)
        rules = self.terms.guard.rules
        self._stated = StatedFacts(rules, self.tally)
        self._counting = Counting(self.tally)
        self._rules = {rule.id: rule for rule in rules}
        self._rows = RowWriter(self._rules, self.terms.guard.rulebook.version, self.tally)

    def consumer(self, log: ConsumerLog, ahead: JudgedAhead | None = None) -> Iterator[FindingRow]:
        """The findings of one consumer, in order of time and then of the rules' ids.

        A deadline that was missed once is told once, at the first communication after it or at the end of the log.
        An error while judging is a finding that carries it; the other communications are judged all the same.
        `ahead` is what the columnar engine has found of this log, which then need not be judged, but told.
        """
        tally, file = self.tally, log.file
        tally.total("consumers_with_gaps", 0 if file.log_complete else 1)
        if log.rows or log.actions:
            tally.total(CONSUMERS)
            tally.total("consumers_without_account", 0 if log.has_account else 1)
            self._stated.file(file)
        in_time = all(entry.known_at <= entry.at and _known_by(file, entry.at) for entry in file.entries)
        self._looks.clear()
        told: set[_Overdue] = set()
        rules_seen: set[str] = set()
        for place, (entry, row, index) in enumerate(in_turn(log)):
            worlds = self._worlds(entry, file)
            raised = None if ahead is None else ahead.of_log[place]
            if raised is not None and not raised:
                findings = []
            else:
                before = _up_to(file, index)
                prior = before.entries if in_time else _known(file, index, entry.at)
                findings = [
                    each
                    for each in self._communication(entry, row, prior, log, before, worlds, raised)
                    if self._is_new(each, told)
                ]
            if isinstance(row, LogAction):
                self._counting.action(entry, worlds, findings, rules_seen)
            else:
                self._stated.entry(entry, file)
                self._counting.communication(entry, worlds, findings, rules_seen)
            yield from findings
        for finding in self._at_the_end(log, ahead):
            if self._is_new(finding, told):
                self._counting.finding(finding, rules_seen)
                yield finding

    def anew(self) -> Judge:
        """Another by the same terms, which has counted nothing: less work than to make one."""
        other = copy(self)
        other.tally = Tally()
        other._stated = self._stated.anew(other.tally)
        other._counting = Counting(other.tally)
        other._rows = replace(self._rows, tally=other.tally)
        other._looks = Counter()
        return other

    @property
    def has_deadlines(self) -> bool:
        """Whether a rule may be broken by what was not done."""
        return bool(self._overdue)

    def clean(self, logs: CleanLogs) -> None:
        """Consumers of whom nothing was found: they are counted, and that is all there is to say."""
        self.tally.total("consumers_with_gaps", 0)
        if logs.consumers:
            self.tally.total(CONSUMERS, logs.consumers)
            self.tally.total("consumers_without_account", logs.without_account)
        self._stated.many(logs)
        self._counting.many(logs)

    def to_judge(self, log: ConsumerLog) -> ToJudge:
        """What the columnar engine is to judge of a log."""
        ends_at = self.terms.ends_at
        ends = at_the_end(log, ends_at) if self._overdue and ends_at is not None else ()
        return ToJudge(log.file, [(entry, upto) for entry, _, upto in in_turn(log)], [moved for moved, _ in ends])

    def finish(self) -> None:
        """After the last consumer: complete the tally."""
        self._counting.finish()

    def not_judged(
        self, rows: Sequence[LogRow], actions: Sequence[LogAction], error: Exception
    ) -> Iterator[FindingRow]:
        """Of a consumer whose file could not even be put together: one finding for each communication and action."""
        self.tally.total(CONSUMERS)
        seen: set[str] = set()
        for action in actions:
            done = ActionEntry(action.action)
            finding = self._rows.error(done, action, None, (), error)
            self._counting.action(done, (), [finding], seen)
            yield finding
        for row in rows:
            entry = Entry(row.communication, of_log=True)
            finding = self._rows.error(entry, row, None, (), error)
            self._counting.communication(entry, (), [finding], seen)
            yield finding

    def broken_off(self, log: ConsumerLog, error: Exception) -> FindingRow:
        """Of a consumer whose judging an error ended: some of the communications may be without their findings."""
        if log.rows:
            finding = self._rows.error(log.file.entries[-1], log.rows[-1], None, (), error)
        elif log.actions:
            finding = self._rows.error(ActionEntry(log.actions[-1].action), log.actions[-1], None, (), error)
        else:
            row = _nothing_sent(log, self.terms.ends_at or 0)
            finding = self._rows.error(Entry(row.communication, of_log=True), row, None, (), error)
        self._counting.finding(finding, set())
        return finding

    # -- one communication -----------------------------------------------------------------------------------------------

    def _worlds(self, entry: Entry, file: ConsumerFile) -> tuple[World, ...]:
        try:
            return file.worlds(called_number(entry))
        except Exception:  # told as a finding when the communication itself is judged
            return ()

    def _communication(
        self,
        entry: Entry,
        row: LogRow | LogAction,
        prior: Sequence[Entry],
        log: ConsumerLog,
        before: ConsumerFile,
        worlds: tuple[World, ...],
        raised: Sequence[Raised] | None,
    ) -> Iterator[FindingRow]:
        guard = self.terms.guard
        try:
            if raised is None:
                findings = guard.decide(entry, before, prior).findings
            else:
                flags = [guard.flag_of_columns(*each, entry, before, prior) for each in raised]
                findings = Asked(guard, entry, before, flags, by_definition=True).findings()
        except Exception as error:
            yield self._rows.error(entry, row, None, worlds, error)
            return
        for finding in findings:
            try:
                yield self._row(finding, entry, row, log, worlds)
            except BackendDisagreement as error:
                raise reproduced(error, log, row, entry, len(before.entries)) from None
            except Exception as error:
                yield self._rows.error(entry, row, finding, worlds, error)

    def _row(
        self,
        finding: Finding,
        entry: Entry,
        row: LogRow | LogAction,
        log: ConsumerLog,
        worlds: tuple[World, ...],
    ) -> FindingRow:
        rule = self._rules[finding.rule]
        looks = self._looks[finding.rule] = self._looks[finding.rule] + 1
        of = OF_ACTION if isinstance(row, LogAction) else OF_COMMUNICATION
        # What is overdue is told apart by what it rests on.
        if looks > FULL_LOOKS and rule.id not in self._overdue_ids:
            return self._rows.brief(finding, entry, row, of, worlds)
        violated = finding.status is Status.VIOLATED and looks <= CLOSE_LOOKS
        # An undecided rule is cured by the fact that it lacks, not by waiting.
        clears_at = finding.clears_at if self.terms.clears_at and violated else None
        left_out: tuple[LeftOutRow, ...] = ()
        if violated and any(isinstance(block, Count) for block in rule.blocks.values()):
            left_out = _left_out(finding, rule, clock_among(worlds))
        return self._rows.of(finding, entry, row, of, log, worlds, clears_at, left_out)

    # -- the end of the log ------------------------------------------------------------------------------------------------

    def _at_the_end(self, log: ConsumerLog, ahead: JudgedAhead | None) -> Iterator[FindingRow]:
        """Deadlines that ran out after the last communication and before the end of the log, for every debt on file."""
        ends_at = self.terms.ends_at
        if not self._overdue or ends_at is None:
            return
        file, guard = log.file, self.terms.guard
        prior: list[Entry] | None = None
        for place, (moved, row) in enumerate(at_the_end(log, ends_at)):
            raised = None if ahead is None else ahead.of_end[place]
            if raised is not None and not raised:
                continue
            if prior is None:
                prior = _known(file, len(file.entries), ends_at)
            worlds = self._worlds(moved, file)
            if raised is None:
                flags = [flag for flag in guard.flagged(moved, file, prior) if flag.rule.id in self._overdue_ids]
            else:
                flags = [guard.flag_of_columns(*each, moved, file, prior) for each in raised]
            for flag in flags:
                try:
                    finding = Finding(flag, worlds, self._waiver(flag.rule, moved, worlds), _never)
                    yield self._rows.of(finding, moved, row, OF_END_OF_LOG, log, worlds, None, ())
                except BackendDisagreement as error:
                    raise reproduced(error, log, row, moved, len(file.entries)) from None
                except Exception as error:
                    yield self._rows.error(moved, row, None, worlds, error)

    def _waiver(self, rule: Rule, entry: Entry, worlds: Sequence[World]) -> Waiver | None:
        days = [world.clock.day(entry.at) for world in worlds if world.clock is not None]
        # Without a clock, the day after: a waiver never outlives its own last day.
        day = max(days, default=datetime_of(entry.at).toordinal() + 1)
        waiver = self.terms.guard.policy.waiver_for(rule.id, day)
        return None if waiver is None else Waiver(waiver.rule, waiver.name, waiver.reason, waiver.until)

    def _is_new(self, finding: FindingRow, told: set[_Overdue]) -> bool:
        if finding.rule not in self._overdue_ids or finding.of == OF_ERROR:
            return True
        missed = [(each.id, each.at) for each in finding.counted if not each.this_one] or [("", "")]
        keys = {(finding.rule, finding.status, debt, each) for debt in finding.debts or ("",) for each in missed}
        if keys <= told:
            self.tally.total("overdue_told_before")
            return False
        told |= keys
        return True

def _left_out(finding: Finding, rule: Rule, clock: Clock | None) -> tuple[LeftOutRow, ...]:
    """What the counts of a rule looked at and left out."""
    found: dict[tuple[str, str], LeftOutRow] = {}
    for judgement in judgements_of(finding):
        for block in judgement.blocks:
            if not isinstance(rule.blocks[block.name], Count):
                continue
            for looked in block.looked_at:
                if looked.counted is Truth.FALSE:
                    moment = datetime_of(looked.at) if clock is None else clock.show(looked.at)
                    found[block.name, looked.id] = LeftOutRow(looked.id, moment.isoformat(), block.name, looked.why)
    return tuple(sorted(found.values(), key=lambda each: (each.local, each.block, each.id)))[-_MOST_LEFT_OUT:]


_Overdue = tuple[str, str, str, tuple[str, str]]
"""Rule, status, debt, and what something had to follow."""


def in_turn(log: ConsumerLog) -> Iterator[tuple[Entry, LogRow | LogAction, int]]:
    """Communications and actions in order of time, each with how many entries of the log stand before it.

    Of one instant the communications come first: an action has all before it that happened by then.
    """
    done = 0
    for action in log.actions:
        entry = ActionEntry(action.action)
        upto = bisect_right(log.file.instants, entry.at)
        yield from _entries(log, done, upto)
        done = upto
        yield entry, action, upto
    yield from _entries(log, done, len(log.rows))


def _entries(log: ConsumerLog, start: int, stop: int) -> Iterator[tuple[Entry, LogRow, int]]:
    return ((log.file.entries[index], log.rows[index], index) for index in range(start, stop))


def at_the_end(log: ConsumerLog, ends_at: int) -> Iterator[tuple[Entry, LogRow]]:
    """What stands for the end of a log, once for each debt: the last thing done, at the end, and the row behind it."""
    file = log.file
    index = max((i for i, entry in enumerate(file.entries) if entry.direction == "outbound"), default=-1)
    if not file.entries:
        last, row = Entry(Communication(at=datetime_of(ends_at)), of_log=True), _nothing_sent(log, ends_at)
    else:
        last, row = file.entries[index], log.rows[index]
        if ends_at < last.at:
            return
    for debts in _each_debt(file):
        moved = last.moved_to(ends_at)
        moved.id = None
        moved.debts = debts
        yield moved, row


def _each_debt(file: ConsumerFile) -> Sequence[tuple[str, ...] | None]:
    """Every debt of the file or of its entries by itself, those that count as one once; None, where there is none."""
    named = (debt for entry in file.entries for debt in entry.debts or ())
    found = {file.debt(debt).key: (debt,) for debt in (*file.debts, *named)}
    return tuple(found.values()) or (None,)


def _nothing_sent(log: ConsumerLog, ends_at: int) -> LogRow:
    """What stands for a consumer's log that has no communication: the end of the log itself."""
    return LogRow(log.consumer_id, 0, "", Communication(at=datetime_of(ends_at)))


def _up_to(file: ConsumerFile, index: int) -> ConsumerFile:
    """The file as it stood before an entry: waiting cures what came before, whatever the log went on to do."""
    by_id = file.entries_by_id  # kept in the file, so that every copy has it: a consent may name any communication
    before = copy(file)
    before.entries = file.entries[:index]
    before.instants = file.instants[:index]
    assert before.entries_by_id is by_id
    return before


def _known_by(file: ConsumerFile, at: int) -> bool:
    return file.as_of is None or at <= file.as_of


def _known(file: ConsumerFile, index: int, at: int) -> list[Entry]:
    """The entries that stand before one and were known by then. Of one instant, those that stand before it."""
    knowledge = at if file.as_of is None else file.as_of
    return [each for each in file.entries[:index] if each.known_at <= knowledge]


def _never(_flag: Flag) -> datetime | None:
    """What is overdue at the end of the log is not cured by waiting."""
    return None
