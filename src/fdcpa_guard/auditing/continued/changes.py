"""What is said otherwise of a consumer than the run before said, and why, as far as the new records show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from fdcpa_guard.auditing.change_rows import GONE, NEW, OTHERWISE, ChangeRow, Said, Why
from fdcpa_guard.auditing.rows import OF_END_OF_LOG, FindingRow, from_line, utc
from fdcpa_guard.auditing.spool import SpooledConsumer
from fdcpa_guard.facts.importers.rows import LogAction, LogRow

MOST_WHY: Final = 5
_Key = tuple[object, ...]


@dataclass(slots=True)
class Arrived:
    """What is new of one consumer. `new` names the files that came with this run; `deadlines` the rules that nothing but a
    missed deadline breaks. `lost` says whether rows were lost in new files, `other_terms` and `later_knowledge` that all were
    judged again for it."""

    spooled: SpooledConsumer
    new: Collection[str]
    deadlines: Collection[str]
    lost: bool = False
    other_terms: bool = False
    later_knowledge: bool = False
    _known: set[str] = field(init=False)
    """The ids of communications and actions that were known before."""
    _ids: Mapping[str, list[LogRow | LogAction]] = field(init=False)

    def __post_init__(self) -> None:
        done: list[LogRow | LogAction] = [*self.spooled.rows, *self.spooled.actions]
        self._known = {each.id for each in done if each.id is not None and each.file not in self.new}
        ids: dict[str, list[LogRow | LogAction]] = defaultdict(list)
        for each in done:
            if each.id is not None and each.file in self.new:
                ids[each.id].append(each)
        self._ids = ids

    def is_known(self, finding: FindingRow) -> bool:
        """Whether what a finding is on was known before."""
        if finding.of == OF_END_OF_LOG or finding.file is None:
            return False
        return finding.communication in self._known if finding.communication is not None else finding.file not in self.new

    def changes(self, before: bytes, now: bytes) -> list[ChangeRow]:
        """Findings are paired by rule, communication and debts, and those that nothing but a missed deadline breaks by what it
        was that something had to follow."""
        if before == now:
            return []
        was, is_ = self._by_key(before), self._by_key(now)
        found: list[ChangeRow] = []
        for key in dict.fromkeys((*was, *is_)):
            for one, other in _paired(was.get(key, []), is_.get(key, [])):
                change = self._change(one, other)
                if change is not None:
                    found.append(change)
        return sorted(found, key=lambda each: (each.at, each.rule, each.communication or "", each.change))

    def _by_key(self, lines: bytes) -> dict[_Key, list[FindingRow]]:
        found: dict[_Key, list[FindingRow]] = defaultdict(list)
        for finding in map(from_line, lines.splitlines()):
            found[self._key(finding)].append(finding)
        return found

    def _key(self, finding: FindingRow) -> _Key:
        if finding.rule in self.deadlines:
            missed = tuple(sorted((each.id, each.at) for each in finding.counted if not each.this_one))
            if missed or finding.of == OF_END_OF_LOG:
                return finding.rule, missed, finding.debts
        if finding.communication is not None:
            return finding.rule, finding.of, finding.communication
        return finding.rule, finding.of, finding.file, finding.row

    def _change(self, one: FindingRow | None, other: FindingRow | None) -> ChangeRow | None:
        if one is None:
            assert other is not None
            return self._row(NEW, other, None, other) if self.is_known(other) else None
        if other is None:
            return self._row(GONE, one, one, None)
        same = (one.category, one.status, one.waiver) == (other.category, other.status, other.waiver)
        told_elsewhere = (one.of, one.communication) != (other.of, other.communication)
        if same and (told_elsewhere or one.message == other.message or not (one.in_full and other.in_full)):
            return None
        return self._row(OTHERWISE, other, one, other)

    def _row(self, change: str, of: FindingRow, before: FindingRow | None, now: FindingRow | None) -> ChangeRow:
        return ChangeRow(
            change, of.rule, of.consumer_id, of.of, of.communication, of.file, of.row, of.at, of.debts, _said(before), _said(now),
            tuple(islice(self._why([each for each in (before, now) if each is not None]), MOST_WHY)),
        )  # fmt: skip

    # -- why -------------------------------------------------------------------------------------------------------------

    def _why(self, findings: list[FindingRow]) -> Iterator[Why]:
        """The nearest reasons first: the very record, those that counted, whatever stands earlier, and what holds for all."""
        until = max(datetime.fromisoformat(finding.at) for finding in findings)
        own = {finding.communication for finding in findings if finding.communication is not None}
        counted = {each.id for finding in findings for each in finding.counted}
        for names in (own, counted - own):
            for name in sorted(names & self._known):
                for each in self._ids.get(name, ()):
                    yield _why_of("corrected_record", each)
        told = (own | counted) & self._known
        for each in self._earlier(self.spooled.rows, until, told):
            yield _why_of("corrected_record" if each.id in self._known else "late_record", each)
        for each in self._earlier(self.spooled.actions, until, told):
            yield _why_of("late_action", each)
        for event in self.spooled.events:
            known_at = event.event.known_at or event.event.at
            if event.file in self.new and (self.later_knowledge or known_at <= until):
                yield Why("late_event", event.file, event.row, None, utc(known_at))
        for account in self.spooled.accounts:
            if account.file in self.new:
                yield Why("account", account.file, account.row)
        if self.lost:
            yield Why("lost_row")
        if self.other_terms:
            yield Why("other_terms")
        elif self.later_knowledge:
            yield Why("later_knowledge")

    def _earlier(
        self, done: Iterable[LogRow] | Iterable[LogAction], until: datetime, told: Collection[str]
    ) -> Iterator[LogRow | LogAction]:
        for each in done:
            if each.file in self.new and _at(each) <= until and not (each.id is not None and each.id in told):
                yield each


def _at(done: LogRow | LogAction) -> datetime:
    return done.communication.at if isinstance(done, LogRow) else done.action.at


def _why_of(kind: str, done: LogRow | LogAction) -> Why:
    return Why(kind, done.file, done.row, done.id, utc(_at(done)))


def _said(finding: FindingRow | None) -> Said | None:
    return None if finding is None else Said(finding.category, finding.status, finding.message)


def _paired(
    was: list[FindingRow], is_: list[FindingRow]
) -> Iterator[tuple[FindingRow | None, FindingRow | None]]:
    """Those about the same debts first; then one after another, as what the debts are may be what changed."""
    left = list(is_)
    alone: list[FindingRow] = []
    for one in was:
        same = next((other for other in left if other.debts == one.debts), None)
        if same is None:
            alone.append(one)
        else:
            left.remove(same)
            yield one, same
    for place in range(max(len(alone), len(left))):
        yield (alone[place] if place < len(alone) else None, left[place] if place < len(left) else None)
