"""A small lawful world: log, account and event files in the project's own tables, and rules of a made-up law."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fdcpa_guard.auditing.run import AuditResult, run_audit
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.ruleset.policy import PolicyText
from fdcpa_guard.ruleset.rulebook import load_rulebook

RULES = Path(__file__).parent / "rules"
COLLECTOR = Collector(kind="third_party_collector")
THREE_CALLS, HOURS, TEXTS = "us-sample-three-calls", "us-sample-hours", "us-sample-medical-texts"
FAXES, NOTICE = "us-sample-faxes", "us-sample-notice"

Row = dict[str, str]


@cache
def guard() -> Guard:
    return Guard(load_rulebook([RULES]))


def guard_under(policy: PolicyText) -> Guard:
    return Guard(load_rulebook([RULES]), policy)


def call(consumer: str, number: int, at: str, **more: str) -> Row:
    """A lawful outbound call about the consumer's only debt."""
    return {
        "id": f"{consumer}-{number}",
        "at": at,
        "consumer_id": consumer,
        "channel": "call",
        "direction": "outbound",
        "address": "+15125550100",
        "debt_ids": f"debt-{consumer}",
        "outcome": "no_answer",
        "agent": "Ada",
        **more,
    }


def calls(consumer: str, days: Iterable[int], **more: str) -> list[Row]:
    """One call a day of March 2024, at 10:00 a.m. in Texas."""
    return [call(consumer, day, f"2024-03-{day:02d}T10:00:00-06:00", **more) for day in days]


def account(consumer: str, **more: str) -> Row:
    return {
        "consumer_id": consumer,
        "home_state": "TX",
        "home_zip": "78701",
        "debt_id": f"debt-{consumer}",
        "debt_kind": "credit_card",
        **more,
    }


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)
    return path


@dataclass
class World:
    """The files of one audit, and the running of it."""

    folder: Path
    rows: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    actions: list[Row] = field(default_factory=list)
    guard: Guard = field(default_factory=guard)

    def audit(self, out: str | None = None, **more: object) -> AuditResult:
        options: dict[str, object] = {"workers": 1, "collector": COLLECTOR, **more}
        return run_audit(
            [write(self.folder / "log.csv", self.rows)],
            guard=self.guard,
            accounts=write(self.folder / "accounts.csv", self.accounts) if self.accounts else None,
            events=write(self.folder / "events.csv", self.events) if self.events else None,
            actions=write(self.folder / "actions.csv", self.actions) if self.actions else None,
            out=None if out is None else self.folder / out,
            **options,  # type: ignore[arg-type]
        )

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")
