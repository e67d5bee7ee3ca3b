"""A small world to scrub in: rules of a made-up law, accounts, events and a log in the project's own tables."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.ruleset.rulebook import load_rulebook
from fdcpa_guard.scrubbing.results import ScrubbedContact
from fdcpa_guard.scrubbing.run import ScrubResult, scrub

RULES = Path(__file__).parent / "rules"
HOURS, INCONVENIENT = "us-sample-hours", "us-sample-inconvenient"
WEEK, TEXTS, CONVERSATION = "us-sample-two-in-a-week", "us-sample-one-text-a-day", "us-sample-after-a-conversation"
NUMBER = "+15125550100"
"""Of Texas, in the Central zone."""
MONDAY = date(2026, 3, 2)

Row = dict[str, str]


@cache
def guard() -> Guard:
    return Guard(load_rulebook([RULES]))


def planned(consumer: str = "c1", **more: str) -> Row:
    return {"consumer_id": consumer, "channel": "call", "address": NUMBER, "debt_ids": "d1", **more}


def done(at: str, consumer: str = "c1", **more: str) -> Row:
    return {"at": at, **planned(consumer), "outcome": "no_answer", **more}


def account(consumer: str = "c1", **more: str) -> Row:
    return {"consumer_id": consumer, "home_state": "TX", "home_zip": "78701", "debt_id": "d1", **more}


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)
    return path


@dataclass
class World:
    """The files of one scrub, and the running of it."""

    folder: Path
    contacts: list[Row] = field(default_factory=list)
    log: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=lambda: [account()])
    events: list[Row] = field(default_factory=list)

    def files(self) -> dict[str, Any]:
        log = self.log or [done("2019-01-02T12:00:00-06:00", "someone else")]
        return {
            "contacts": write(self.folder / "list.csv", self.contacts),
            "log": [write(self.folder / "log.csv", log)],
            "accounts": write(self.folder / "accounts.csv", self.accounts),
            "events": write(self.folder / "events.csv", self.events) if self.events else None,
        }

    def run(self, at: str | None = None, on: date | None = None, **more: Any) -> ScrubResult:
        files = self.files()
        moment = None if at is None else datetime.fromisoformat(at)
        collector = Collector(kind="third_party_collector")
        return scrub(
            files.pop("contacts"), guard=guard(), at=moment, on=on, collector=collector, **(files | more)
        )

    def answers(self, at: str | None = None, on: date | None = None, **more: Any) -> tuple[ScrubbedContact, ...]:
        return self.run(at, on, **more).answers

    def answer(self, at: str | None = None, on: date | None = None, **more: Any) -> ScrubbedContact:
        (answer,) = self.answers(at, on, **more)
        return answer
