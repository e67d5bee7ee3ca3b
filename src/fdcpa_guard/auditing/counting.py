"""What is counted of each communication that was judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from fdcpa_guard.auditing.rows import FindingRow
from fdcpa_guard.auditing.tally import (
    ACTIONS,
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
from fdcpa_guard.facts.bind import World
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.values import datetime_of

if TYPE_CHECKING:
    from fdcpa_guard.auditing.partitions.clean import CleanLogs

NOBODY: Final = "(no agent named)"
NO_CHANNEL: Final = "(no channel named)"
NOT_KNOWN: Final = "(not known)"


@dataclass(slots=True)
class Counting:
    """Counts into `tally`; what every communication adds to is there only after `finish`.

    Most communications have no finding: of those nothing but a few plain counters is touched.
    """

    tally: Tally
    _directions: Counter[str] = field(default_factory=Counter)
    _agents: Counter[str] = field(default_factory=Counter)
    _days: Counter[int] = field(default_factory=Counter)
    _channels: Counter[str] = field(default_factory=Counter)
    _without_content: Counter[str] = field(default_factory=Counter)
    _places: Counter[str] = field(default_factory=Counter)
    _clean: int = 0

    def communication(
        self, entry: Entry, worlds: Sequence[World], findings: list[FindingRow], rules_seen: set[str]
    ) -> None:
        """Count a communication and its findings. `rules_seen` are the rules already found with this consumer."""
        agent, channel, day = entry.agent or NOBODY, entry.channel or NO_CHANNEL, _local_day(entry, worlds)
        self._directions[entry.direction] += 1
        self._agents[agent] += 1
        self._days[day] += 1
        self._channels[channel] += 1
        if entry.content is None:
            self._without_content[channel] += 1
        for place in {world.city or world.state or NOT_KNOWN for world in worlds} or (NOT_KNOWN,):
            self._places[place] += 1
        if not findings:
            self._clean += 1
            return
        tally = self.tally
        worst = worst_of(findings)
        tally.total(CLEAN if worst is None else f"communications_{worst.value}")
        for category in {finding.category for finding in findings if finding.waiver is None}:
            for table, key in ((AGENT, agent), (DAY, _iso(day)), (CHANNEL, channel)):
                tally.add(table, key, category)
        for finding in findings:
            self.finding(finding, rules_seen)
        # An entry of the log lacks the same field of the same file as the communication that is judged.
        names = {name for finding in findings for name in finding.unknown}
        lacked = sorted({name.replace("entry.", "communication.", 1) for name in names})
        for name in lacked:
            tally.add(FACT, name, LACKED)
        if len(lacked) == 1:
            tally.add(FACT, lacked[0], ALONE)

    def action(
        self, entry: Entry, worlds: Sequence[World], findings: list[FindingRow], rules_seen: set[str]
    ) -> None:
        """Count an action and its findings; communications are counted apart."""
        self.tally.total(ACTIONS)
        for category in {finding.category for finding in findings if finding.waiver is None}:
            self.tally.add(DAY, _iso(_local_day(entry, worlds)), category)
            self.tally.add(CHANNEL, entry.channel or NO_CHANNEL, category)
        for finding in findings:
            self.finding(finding, rules_seen)

    def finding(self, finding: FindingRow, rules_seen: set[str]) -> None:
        """Count a finding by rule and jurisdiction; one under a waiver is counted as waived and as nothing else."""
        column = WAIVED if finding.waiver is not None else finding.category
        self.tally.add(RULE, finding.rule, column)
        self.tally.add(JURISDICTION, finding.jurisdiction or NOT_KNOWN, column)
        self.tally.total(f"findings_{column}")
        if finding.rule not in rules_seen:
            rules_seen.add(finding.rule)
            self.tally.add(RULE, finding.rule, CONSUMERS)

    def many(self, logs: CleanLogs) -> None:
        """Communications and actions of which nothing was found."""
        directions = logs.named("direction")
        for direction, number in directions.items():
            assert direction is not None
            self._directions[direction] += number
        self._clean += directions.total()
        for counted, found, unsaid in (
            (self._agents, logs.named("agent"), NOBODY),
            (self._channels, logs.named("channel"), NO_CHANNEL),
            (self._without_content, logs.without_content(), NO_CHANNEL),
        ):
            for name, number in found.items():
                counted[name or unsaid] += number
        self._days.update(logs.days())
        self._places.update(logs.places(NOT_KNOWN))
        if logs.actions:
            self.tally.total(ACTIONS, logs.actions)

    def finish(self) -> None:
        """Put what was counted of every communication into the tally."""
        tally = self.tally
        tally.total(CLEAN, self._clean)
        for direction, number in self._directions.items():
            tally.total(direction, number)
            tally.total(COMMUNICATIONS, number)
        for day, number in self._days.items():
            tally.add(DAY, _iso(day), COMMUNICATIONS, number)
        for table, counted, column in (
            (AGENT, self._agents, COMMUNICATIONS),
            (CHANNEL, self._channels, COMMUNICATIONS),
            (CHANNEL, self._without_content, WITHOUT_CONTENT),
            (PLACE, self._places, COMMUNICATIONS),
        ):
            for key, number in counted.items():
                tally.add(table, key, column, number)


def _local_day(entry: Entry, worlds: Sequence[World]) -> int:
    """The day where the consumer is; in UTC where no zone is known."""
    clock = clock_among(worlds)
    return datetime_of(entry.at).toordinal() if clock is None else clock.day(entry.at)


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
