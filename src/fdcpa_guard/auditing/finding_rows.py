"""From the engine's finding on a communication to the row that is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fdcpa_guard.auditing.consumers import ConsumerLog
from fdcpa_guard.auditing.rows import (
    ERROR_RULE,
    FULL_LOOKS,
    OF_ERROR,
    Category,
    CountedRow,
    FindingRow,
    LeftOutRow,
    WaiverRow,
    category_of,
    utc,
)
from fdcpa_guard.auditing.tally import Tally
from fdcpa_guard.engine.deciding import clock_among
from fdcpa_guard.engine.decision import Counted, Outcome, Status, Waiver
from fdcpa_guard.engine.findings import OUTCOMES, Finding
from fdcpa_guard.facts.bind import World
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.importers.rows import LogAction, LogRow
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.values import datetime_of, instant_of


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Writes findings under the rules of one run; counts errors in `tally`."""

    rules: Mapping[str, Rule]
    version: str
    tally: Tally

    def of(
        self,
        finding: Finding,
        entry: Entry,
        row: LogRow | LogAction,
        of: str,
        log: ConsumerLog,
        worlds: Sequence[World],
        clears_at: datetime | None,
        left_out: tuple[LeftOutRow, ...],
    ) -> FindingRow:
        """The row of a finding on `entry`, which `row` of the log told."""
        return self._row(
            entry,
            row,
            of,
            worlds,
            rule=finding.rule,
            category=category_of(finding, self._own_consequence(finding)),
            status=finding.status,
            consequence=finding.consequence,
            message=finding.message,
            finding=finding,
            debts=finding.debts,
            counted=tuple(_counted(each, entry, log) for each in finding.counted),
            left_out=left_out,
            facts=dict(finding.facts),
            unknown=finding.unknown,
            clears_at=clears_at,
            waiver=_waiver(finding.waiver),
        )

    def brief(self, finding: Finding, entry: Entry, row: LogRow | LogAction, of: str, worlds: Sequence[World]) -> FindingRow:
        """A finding without what it rests on: one of very many of its rule with one consumer."""
        return self._row(
            entry,
            row,
            of,
            worlds,
            rule=finding.rule,
            category=category_of(finding, self._own_consequence(finding)),
            status=finding.status,
            consequence=finding.consequence,
            message=f"{finding.title} (in brief: this rule has more than {FULL_LOOKS} findings with this consumer)",
            finding=finding,
            waiver=_waiver(finding.waiver),
            in_full=False,
        )

    def error(
        self, entry: Entry, row: LogRow | LogAction, finding: Finding | None, worlds: Sequence[World], error: Exception
    ) -> FindingRow:
        """What could not be judged is undecided: a person must look. Without a finding, no rule could be judged."""
        self.tally.total("errors")
        return self._row(
            entry,
            row,
            OF_ERROR,
            worlds,
            rule=ERROR_RULE if finding is None else finding.rule,
            category=Category.PERSON,
            status=Status.UNKNOWN,
            consequence=Outcome.REVIEW,
            message=f"could not be judged: {type(error).__name__}: {error}",
            finding=finding,
        )

    def _own_consequence(self, finding: Finding) -> Outcome:
        """The rule's own, whatever a waiver makes of it. A missed deadline stops no communication, and is a breach."""
        if finding.status is Status.VIOLATED and self.rules[finding.rule].broken_by_deadline:
            return Outcome.BLOCK
        if finding.waiver is None:
            return finding.consequence
        if finding.status is Status.UNKNOWN:
            return Outcome.REVIEW
        return OUTCOMES[self.rules[finding.rule].when_violated]

    def _row(
        self,
        entry: Entry,
        row: LogRow | LogAction,
        of: str,
        worlds: Sequence[World],
        *,
        rule: str,
        category: Category,
        status: Status,
        consequence: Outcome,
        message: str,
        finding: Finding | None,
        debts: tuple[str, ...] = (),
        counted: tuple[CountedRow, ...] = (),
        left_out: tuple[LeftOutRow, ...] = (),
        facts: dict[str, str] | None = None,
        unknown: tuple[str, ...] = (),
        clears_at: datetime | None = None,
        waiver: WaiverRow | None = None,
        in_full: bool = True,
    ) -> FindingRow:
        clock = clock_among(worlds)
        at = datetime_of(entry.at)
        return FindingRow(
            rule=rule,
            category=category.value,
            status=status.value,
            effect="none" if finding is None else finding.effect,
            consequence=consequence.value,
            jurisdiction="" if finding is None else finding.jurisdiction,
            cite="" if finding is None else finding.cite,
            cites=() if finding is None else finding.cites,
            title="This communication could not be judged" if finding is None else finding.title,
            message=message,
            consumer_id=row.consumer_id,
            of=of,
            communication=row.id,
            # What stands for a log without a communication is in no file.
            file=row.file or None,
            row=row.row or None,
            at=utc(at),
            local=(at if clock is None else clock.show(entry.at)).isoformat(),
            zone=None if clock is None else clock.name,
            zones=tuple(dict.fromkeys(world.clock.name for world in worlds if world.clock is not None)),
            channel=entry.channel,
            direction=entry.direction,
            outcome=entry.outcome,
            raw_outcome=row.raw_outcome,
            agent=entry.agent,
            debts=debts or tuple(entry.debts or ()),
            counted=counted,
            left_out=left_out,
            facts=facts or {},
            unknown=unknown,
            clears_at=None if clears_at is None else clears_at.isoformat(),
            confidence="" if finding is None else finding.confidence,
            waiver=waiver,
            in_full=in_full,
            rules_version=self.version,
        )


def _waiver(waiver: Waiver | None) -> WaiverRow | None:
    return None if waiver is None else WaiverRow(waiver.name, waiver.reason, waiver.until.isoformat())


def _counted(counted: Counted, entry: Entry, log: ConsumerLog) -> CountedRow:
    at = instant_of(counted.at)
    this_one = counted.id in (entry.id, "this communication") and at == entry.at
    # The communication itself is told by the finding; anything without a row of the log is an event.
    found = None if this_one else log.row_behind(counted.id, at)
    told = None if found is None else found.communication
    return CountedRow(
        id=counted.id,
        at=utc(counted.at),
        local=counted.at.isoformat(),
        block=counted.block,
        sure=counted.sure,
        this_one=this_one,
        file=None if found is None else found.file,
        row=None if found is None else found.row,
        channel=entry.channel if this_one else None if told is None else told.channel,
        outcome=entry.outcome if this_one else None if told is None else told.outcome,
    )
