"""An audit as a user with strict types calls it; checked by mypy, never run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fdcpa_guard import Collector, Decision, audit, load_rules, scrub


def violations_of(log: Path) -> int:
    return audit([log], guard=load_rules(warm=False), collector=Collector(kind="debt_buyer")).summary.violations


def never_cured(decision: Decision) -> list[str]:
    return [f"{each.cite}: {each.message}" for each in decision.findings if each.clears_at is None]


def tomorrows_windows(contacts: Path, log: Path, day: date) -> list[str | None]:
    return [answer.windows for answer in scrub(contacts, log=[log], guard=load_rules(warm=False), on=day).answers]
