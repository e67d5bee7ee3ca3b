"""Every violation that a rule's own cases show is found where it stands in a log: three variants of each rule at least.

The worlds of the cases become consumers of one portfolio, in the project's own tables, and the whole is audited as any
log is: through importers, spool, importers' own order of rows, and worker. What an audit makes of a violation is thereby
shown for every rule, and not only for those that the simulator plants.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.entries import expand_history
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.facts.models import Collector, Communication, Model, Scenario
from fdcpa_guard.facts.reading import scenario_of
from fdcpa_guard.rulefile.cases_file import cases_path, load_cases
from fdcpa_guard.ruleset.rulebook import load_rulebook

VARIANTS = 3
JUDGED = "judged"


@dataclass
class Portfolio:
    """The rows of one collector's files, and which rule each consumer's last act breaks."""

    collector: Collector
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    planted: dict[str, str] = field(default_factory=dict)

    def add(self, rule: str, scenario: Scenario, variant: int) -> None:
        consumer = f"c{len(self.planted):05d}"
        self.planted[consumer] = rule
        told = [*expand_history(scenario.history)]
        if scenario.communication is not None:
            told.append(scenario.communication.model_copy(update={"id": JUDGED}))
        if scenario.action is not None:
            self._put("actions", consumer, scenario.action.model_copy(update={"id": JUDGED}))
        if variant:
            # What comes later changes nothing of what was done before.
            at = (scenario.communication or scenario.action).at + timedelta(days=variant)  # type: ignore[union-attr]
            told.append(Communication(id="later", at=at, channel="call", direction="inbound", debts=("elsewhere",)))
        for communication in reversed(told) if variant == 1 else told:
            self._put("log", consumer, communication)
        for event in reversed(scenario.events) if variant == 1 else scenario.events:
            self._put("events", consumer, event)
        said = _plain(scenario.consumer) | {"consumer_id": consumer}
        said.pop("id", None)
        for debt in scenario.debts or (None,):
            self.rows["accounts"].append(said | ({} if debt is None else _debt(debt)))

    def _put(self, kind: str, consumer: str, model: Model) -> None:
        self.rows[kind].append(_plain(model) | {"consumer_id": consumer})

    def write(self, folder: Path) -> dict[str, Path]:
        written: dict[str, Path] = {}
        for kind, rows in self.rows.items():
            written[kind] = folder / f"{kind}.jsonl"
            written[kind].write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return written


def _plain(model: Model) -> dict[str, Any]:
    plain: dict[str, Any] = model.model_dump(mode="json", exclude_unset=True, exclude_none=True, by_alias=True)
    return plain


def _debt(debt: Model) -> dict[str, Any]:
    renamed = {"id": "debt_id", "kind": "debt_kind", "group": "debt_group"}
    return {renamed.get(name, name): value for name, value in _plain(debt).items() if name != "consumer"}


def violations(guard: Guard) -> Iterator[tuple[str, Scenario]]:
    """The worlds of every case whose rule it violates, of the rules that an audit runs."""
    for rule in guard.rules:
        for case in load_cases(cases_path(guard.rulebook.paths[rule.id])).cases:
            if case.verdict == "violated":
                scenario = scenario_of(case.scenario)
                if scenario.log_complete:
                    yield rule.id, scenario


@pytest.fixture(scope="module")
def portfolios() -> list[Portfolio]:
    guard = Guard(load_rulebook(None))
    found: dict[str, Portfolio] = {}
    by_rule: dict[str, list[Scenario]] = defaultdict(list)
    for rule, scenario in violations(guard):
        by_rule[rule].append(scenario)
    for rule, scenarios in by_rule.items():
        turns = -(-VARIANTS // len(scenarios))
        for variant in range(turns):
            for scenario in scenarios:
                portfolio = found.setdefault(repr(scenario.collector), Portfolio(scenario.collector))
                portfolio.add(rule, scenario, variant)
    return list(found.values())


def test_every_rule_has_violations_to_plant(portfolios: list[Portfolio]) -> None:
    guard = Guard(load_rulebook(None))
    planted = Counter(rule for portfolio in portfolios for rule in portfolio.planted.values())
    assert {rule.id for rule in guard.rules if planted[rule.id] < VARIANTS} == set()


def test_each_is_found_in_an_audit(portfolios: list[Portfolio], tmp_path: Path) -> None:
    guard = Guard(load_rulebook(None))
    missed: list[tuple[str, str]] = []
    for number, portfolio in enumerate(portfolios):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = portfolio.write(folder)
        if "log" not in files:
            files["log"] = folder / "log.jsonl"
            files["log"].write_text('{"consumer_id": "x", "at": "2026-01-01T12:00:00Z", "channel": "call"}\n', encoding="utf-8")
        run_audit(
            [files["log"]], guard=guard, collector=portfolio.collector, options=LogOptions(format="canonical"), workers=1,
            accounts=files["accounts"], events=files.get("events"), actions=files.get("actions"), out=folder / "report",
            shown_per_rule=0,
        )  # fmt: skip
        deadlines = {rule.id for rule in guard.rules if rule.broken_by_deadline}
        told = set()
        with (folder / "report" / "findings.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                finding = json.loads(line)
                if finding["status"] == "violated" and (finding["communication"] == JUDGED or finding["rule"] in deadlines):
                    told.add((finding["consumer_id"], finding["rule"]))
        missed += [(rule, consumer) for consumer, rule in portfolio.planted.items() if (consumer, rule) not in told]
    assert missed == []
