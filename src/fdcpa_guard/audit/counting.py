"""What is counted of each communication that was judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from fdcpa_guard.audit.rows import FindingRow
from fdcpa_guard.audit.tally import (
    AGENT,
    ALONE,
    CHANNEL,
    CLEAN,
    COMMUNICATIONS,
    CONSUMERS,
    DAY,
    FACT,
    JURISDICTION,
    LACKED,
    PLACE,
    RULE,
    WAIVED,
    WITHOUT_CONTENT,
    Tally,
    worst_of,
)
from fdcpa_guard.engine.deciding import clock_among
from fdcpa_guard.facts.bind import Entry, World
from fdcpa_guard.values import datetime_of

NOBODY: Final = "(no agent named)"
NO_CHANNEL: Final = "(no channel named)"
NOT_KNOWN: Final = "(not known)"


def count_communication(
    tally: Tally, entry: Entry, worlds: Sequence[World], findings: list[FindingRow], rules_seen: set[str]
) -> None:
    """Count a communication and its findings. `rules_seen` are the rules already found with this consumer."""
    tally.total(COMMUNICATIONS)
    tally.total(entry.direction)
    worst = worst_of(findings)
    tally.total(CLEAN if worst is None else f"communications_{worst.value}")
    categories = {finding.category for finding in findings if finding.waiver is None}
    channel = entry.channel or NO_CHANNEL
    for table, key in ((AGENT, entry.agent or NOBODY), (DAY, _local_day(entry, worlds)), (CHANNEL, channel)):
        tally.add(table, key, COMMUNICATIONS)
        for category in categories:
            tally.add(table, key, category)
    if entry.content is None:
        tally.add(CHANNEL, channel, WITHOUT_CONTENT)
    for place in {world.city or world.state or NOT_KNOWN for world in worlds} or {NOT_KNOWN}:
        tally.add(PLACE, place, COMMUNICATIONS)
    for finding in findings:
        count_finding(tally, finding, rules_seen)
    lacked = list({name for finding in findings for name in finding.unknown})
    for name in lacked:
        tally.add(FACT, name, LACKED)
    if len(lacked) == 1:
        tally.add(FACT, lacked[0], ALONE)


def count_finding(tally: Tally, finding: FindingRow, rules_seen: set[str]) -> None:
    """Count a finding by rule and jurisdiction; one under a waiver is counted as waived and as nothing else."""
    column = WAIVED if finding.waiver is not None else finding.category
    tally.add(RULE, finding.rule, column)
    tally.add(JURISDICTION, finding.jurisdiction or NOT_KNOWN, column)
    tally.total(f"findings_{column}")
    if finding.rule not in rules_seen:
        rules_seen.add(finding.rule)
        tally.add(RULE, finding.rule, CONSUMERS)


def _local_day(entry: Entry, worlds: Sequence[World]) -> str:
    """The day where the consumer is; in UTC where no zone is known."""
    clock = clock_among(worlds)
    return date.fromordinal(datetime_of(entry.at).toordinal() if clock is None else clock.day(entry.at)).isoformat()
