"""Every violation that a rule's own cases show is found where it stands in a log: three variants of each rule at least.

The worlds of the cases become consumers of one portfolio, in the project's own tables, and the whole is audited as any
log is: through importers, spool, importers' own order of rows, and worker. What an audit makes of a violation is thereby
shown for every rule, and not only for those that the simulator plants.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
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
GROUPS = ("us-regf-", "us-fdcpa-")
"""The rules by the beginnings of their ids; the others are those of other federal law, and of the states."""


@dataclass
class Portfolio:
    """The rows of one collector's files, and which rule each consumer's last act breaks."""

    collector: Collector
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    planted: dict[str, str] = field(default_factory=dict)
    judged: dict[str, str] = field(default_factory=dict)

    def add(self, rule: str, scenario: Scenario, variant: int) -> None:
        consumer = f"c{len(self.planted):05d}"
        self.planted[consumer] = rule
        told = [*expand_history(scenario.history)]
        if scenario.communication is not None:
            # A consent may have been given in it, by its own id.
            own = scenario.communication.id or JUDGED
            self.judged[consumer] = own
            told.append(scenario.communication.model_copy(update={"id": own}))
        if scenario.action is not None:
            self.judged[consumer] = JUDGED
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
        if "log" not in self.rows:
            # An audit wants a log, if only one call that nothing is wrong with.
            self.rows["log"] = [{"consumer_id": "nobody", "at": "2026-06-01T17:00:00Z", "channel": "call"}]
        for kind, rows in self.rows.items():
            written[kind] = folder / f"{kind}.jsonl"
            written[kind].write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return written


def _plain(model: Model) -> dict[str, Any]:
    plain: dict[str, Any] = model.model_dump(mode="json", exclude_unset=True, exclude_none=True, by_alias=True)
    return {name: value for name, value in plain.items() if name not in ("repeat", "every")}


def _debt(debt: Model) -> dict[str, Any]:
    renamed = {"id": "debt_id", "kind": "debt_kind", "group": "debt_group"}
    return {renamed.get(name, name): value for name, value in _plain(debt).items() if name != "consumer"}


def violations(guard: Guard, rules: Iterable[str]) -> Iterator[tuple[str, Scenario]]:
    """The worlds of every case that violates its rule."""
    for rule in rules:
        for case in load_cases(cases_path(guard.rulebook.paths[rule])).cases:
            if case.verdict == "violated":
                yield rule, scenario_of(case.scenario)


def portfolios(guard: Guard, group: str) -> list[Portfolio]:
    """The planted violations of a group of rules, a portfolio for each collector."""
    by_rule: dict[str, list[Scenario]] = {rule: [] for rule in _rules(guard, group)}
    for rule, scenario in violations(guard, by_rule):
        by_rule[rule].append(scenario)
    found: dict[str, Portfolio] = {}
    for rule, scenarios in by_rule.items():
        assert scenarios, f"no case shows a violation of {rule}"
        for variant in range(-(-VARIANTS // len(scenarios))):
            for scenario in scenarios:
                portfolio = found.setdefault(repr(scenario.collector), Portfolio(scenario.collector))
                portfolio.add(rule, scenario, variant)
    return list(found.values())


def _rules(guard: Guard, group: str) -> list[str]:
    return [rule.id for rule in guard.rules if _group(rule.id) == group]


def _group(rule: str) -> str:
    return next((each for each in GROUPS if rule.startswith(each)), "us-" if rule.startswith("us-") else "")


@pytest.mark.parametrize("group", [*GROUPS, "us-", ""])
def test_each_is_found_in_an_audit(group: str, tmp_path: Path) -> None:
    guard = Guard(load_rulebook(None))
    deadlines = {rule.id for rule in guard.rules if rule.broken_by_deadline}
    missed: list[tuple[str, str]] = []
    planted: Counter[str] = Counter()
    for number, portfolio in enumerate(portfolios(guard, group)):
        planted.update(portfolio.planted.values())
        folder = tmp_path / str(number)
        folder.mkdir()
        files = portfolio.write(folder)
        run_audit(
            [files["log"]], guard=guard, collector=portfolio.collector, options=LogOptions(format="canonical"), workers=1,
            accounts=files["accounts"], events=files.get("events"), actions=files.get("actions"), out=folder / "report",
            shown_per_rule=0,
        )  # fmt: skip
        told: set[tuple[str, str]] = set()
        with (folder / "report" / "findings.jsonl").open(encoding="utf-8") as lines:
            for finding in map(json.loads, lines):
                consumer, rule = finding["consumer_id"], finding["rule"]
                here = finding["communication"] == portfolio.judged.get(consumer) or rule in deadlines
                if finding["status"] == "violated" and here:
                    told.add((consumer, rule))
        missed += [(rule, consumer) for consumer, rule in portfolio.planted.items() if (consumer, rule) not in told]
    assert missed == []
    assert min(planted.values()) >= VARIANTS
