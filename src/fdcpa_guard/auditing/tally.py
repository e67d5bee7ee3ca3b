"""What is counted while consumers are judged: small, and the tallies of several processes add up to one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from fdcpa_guard.auditing.rows import CATEGORIES, Category, FindingRow

MOST_KEYS: Final = 20_000
"""So many agents, days or facts are told apart; what a log invents beyond them is told together."""
BEYOND: Final = "(others)"

COMMUNICATIONS: Final = "communications"
ACTIONS: Final = "actions"
CLEAN: Final = "clean"
CONSUMERS: Final = "consumers"
WAIVED: Final = "waived"

RULE: Final = "rule"
JURISDICTION: Final = "jurisdiction"
AGENT: Final = "agent"
DAY: Final = "day"
CHANNEL: Final = "channel"
PLACE: Final = "place"
"""The states in which consumers may be, by communications."""
FACT: Final = "fact"
"""Missing facts: communications that lack them, and that lack nothing else."""
LACKED: Final = "lacked"
ALONE: Final = "alone"
WITHOUT_CONTENT: Final = "without_content"
STATED: Final = "stated"
"""Facts that at least one communication, debt or consumer states."""
TOTAL: Final = "total"


@dataclass(slots=True)
class Tally:
    """Tables of counters: `tables[RULE]["us-regf-seven-in-seven"]["presumption"]`.

    In the tables of agents, days, channels and jurisdictions `communications` is what was judged; a category counts the
    communications with a finding of it (in the tables of rules and jurisdictions: the findings).
    """

    tables: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)

    def add(self, table: str, key: str, column: str, number: int = 1) -> None:
        rows = self.tables.setdefault(table, {})
        found = rows.get(key)
        if found is None:
            if len(rows) >= MOST_KEYS:
                key = BEYOND
            found = rows.setdefault(key, Counter())
        found[column] += number

    def total(self, column: str, number: int = 1) -> None:
        self.add(TOTAL, "", column, number)

    def merge(self, other: Tally) -> None:
        for table, rows in other.tables.items():
            for key, counter in rows.items():
                for column, number in counter.items():
                    self.add(table, key, column, number)

    def rows(self, table: str) -> dict[str, Counter[str]]:
        return self.tables.get(table, {})

    def totals(self) -> Counter[str]:
        return self.rows(TOTAL).get("", Counter())


def worst_of(findings: list[FindingRow]) -> Category | None:
    """The gravest category among findings that no waiver covers; None where there is none."""
    found = {finding.category for finding in findings if finding.waiver is None}
    return next((category for category in CATEGORIES if category.value in found), None)
