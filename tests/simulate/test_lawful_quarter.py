"""A quarter of lawful conduct: what happens to accounts in thirteen weeks, and that no rule finds anything wrong with it."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.ruleset.rulebook import load_rulebook
from fdcpa_guard.simulate import Parameters, simulate
from fdcpa_guard.simulate.simulation import COLLECTOR_KIND

WEEKS = 13
UNDECIDED = 0.005
"""The share of communications that may need a person."""
HAPPENS = {
    "validation_notice_sent", "notice_undeliverable", "dispute_received", "verification_sent", "dispute_answered",
    "original_creditor_requested", "original_creditor_sent", "medium_refused", "consent_given", "consent_revoked",
    "attorney_represents", "attorney_unresponsive", "payment_promised", "payment_made", "payment_plan_agreed", "paid",
    "settled", "cease_requested", "furnished", "delinquency_date_furnished", "lawsuit_filed", "deceased",
    "bankruptcy_filed", "bankruptcy_discharged", "identity_theft_claimed", "military_relief_requested",
    "language_requested",
}  # fmt: skip
IS_DONE = {"furnish", "deposit_payment", "apply_payment", "sell_debt", "sue", "keep_records"}


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard(load_rulebook(None))


def found_in(guard: Guard, folder: Path, parameters: Parameters) -> tuple[int, Counter[tuple[str, str]], int]:
    """How many communications and actions were judged, the findings by status and rule, and how many were undecided."""
    made = simulate(parameters, folder)
    run_audit(
        [folder / "log.csv"], guard=guard, collector=Collector(kind=COLLECTOR_KIND), options=LogOptions(format="canonical"),
        accounts=folder / "accounts.csv", events=folder / "events.csv", actions=folder / "actions.csv",
        out=folder / "report", workers=1, shown_per_rule=0,
    )  # fmt: skip
    found: Counter[tuple[str, str]] = Counter()
    undecided = set()
    with (folder / "report" / "findings.jsonl").open(encoding="utf-8") as lines:
        for finding in map(json.loads, lines):
            found[finding["status"], finding["rule"]] += 1
            if finding["status"] != "violated":
                undecided.add((finding["consumer_id"], finding["communication"]))
    assert (folder / "report" / "problems.jsonl").read_text(encoding="utf-8") == ""
    return made.rows + made.actions, found, len(undecided)


def types_in(file: Path) -> set[str]:
    with file.open(encoding="utf-8", newline="") as rows:
        return {row["type"] for row in csv.DictReader(rows)}


@pytest.mark.parametrize("seed", [11, 12])
def test_nothing_is_wrong_with_a_small_portfolio(guard: Guard, tmp_path: Path, seed: int) -> None:
    judged, found, undecided = found_in(guard, tmp_path, Parameters(60, WEEKS, seed=seed))
    assert judged > 1200
    assert {rule for status, rule in found if status == "violated"} == set()
    assert undecided <= judged * UNDECIDED


def test_all_that_may_befall_an_account_does(tmp_path: Path) -> None:
    simulate(Parameters(900, 20), tmp_path)
    assert types_in(tmp_path / "events.csv") >= HAPPENS
    assert types_in(tmp_path / "actions.csv") >= IS_DONE


@pytest.mark.nightly
def test_nothing_is_wrong_with_a_large_portfolio(guard: Guard, tmp_path: Path) -> None:
    judged, found, undecided = found_in(guard, tmp_path, Parameters(5000, WEEKS, seed=7))
    assert judged > 100_000
    assert {rule for status, rule in found if status == "violated"} == set()
    assert undecided <= judged * UNDECIDED
