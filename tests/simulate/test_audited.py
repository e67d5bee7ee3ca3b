"""What the audit makes of a simulation: nothing is wrong with lawful lives, and every planted violation is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.ruleset.rulebook import load_rulebook
from fdcpa_guard.simulate import Parameters, Score, score, simulate
from fdcpa_guard.simulate.simulation import COLLECTOR_KIND, KINDS

STATES = ("FL", "MA", "NC", "NY-NYC", "SC", "TX", "WA")
DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard(load_rulebook(None))


def audited(guard: Guard, folder: Path, log: Path, options: LogOptions) -> Score:
    """The score of an audit of the log beside its accounts, events, actions and truth."""
    beside = log.parent
    run_audit(
        [log], guard=guard, collector=Collector(kind=COLLECTOR_KIND), options=options,
        accounts=beside / "accounts.csv", events=beside / "events.csv", actions=beside / "actions.csv",
        out=folder / "report", workers=1, shown_per_rule=0,
    )  # fmt: skip
    return score(beside / "truth.jsonl", folder / "report" / "findings.jsonl")


class TestLawfulLives:
    def test_none_of_them_has_a_violation(self, guard: Guard, tmp_path: Path) -> None:
        made = simulate(Parameters(110, 6, seed=5, states=STATES), tmp_path)
        assert made.rows > 1000
        found = audited(guard, tmp_path, tmp_path / "log.csv", LogOptions(format="canonical"))
        assert found.wrong == ()
        assert found.undecided <= made.rows / 200


class TestPlantedViolations:
    def test_all_of_them_are_found_and_nothing_else(self, guard: Guard, tmp_path: Path) -> None:
        made = simulate(Parameters(70, 4, seed=2, states=STATES, violations=1.0), tmp_path)
        assert made.planted >= 70
        found = audited(guard, tmp_path, tmp_path / "log.csv", LogOptions(format="canonical"))
        assert found.missed == ()
        assert found.wrong == ()
        assert found.recall == found.precision == 1.0

    def test_those_of_the_demo_are_found(self, guard: Guard, tmp_path: Path) -> None:
        options = LogOptions(format="vicidial", zone="America/New_York")
        found = audited(guard, tmp_path, DEMO / "vicidial_export.tsv", options)
        assert found.recall == found.precision == 1.0
        assert len(found.rules) > 20
        assert found.undecided >= 5
        read = {json.loads(line)["kind"] for line in (tmp_path / "report" / "problems.jsonl").read_text().splitlines()}
        assert {"duplicate_id", "short_row", "unmapped_disposition"} <= read

    def test_every_kind_is_planted_where_it_can_be(self, tmp_path: Path) -> None:
        simulate(Parameters(1500, 6, violations=1.0), tmp_path)
        about = json.loads((tmp_path / "simulation.json").read_text())
        planted = set(about["counts"]["planted_by_rule"])
        assert len(about["counts"]["planted_by_kind"]) >= len(KINDS) - 12  # several scripts share one name
        assert {
            "us-regf-validation-information", "us-regf-notice-end-of-period", "us-regf-dispute-pause",
            "us-regf-original-creditor-pause", "us-regf-later-disclosure", "us-regf-opt-out-notice",
            "us-regf-overshadowing", "us-regf-arrest-or-seizure", "us-regf-furnishing-before-contact",
            "us-regf-credit-information", "us-fcra-dispute-flag", "us-regf-postdated-without-notice",
            "us-regf-early-deposit", "us-regf-sale-of-ended-debt", "us-regf-time-barred-suit",
            "us-regf-venue-of-other-suits", "us-bk-automatic-stay", "us-fcra-identity-theft-creditor-told",
            "us-tcpa-mobile-calls", "us-tcpa-revocation",
            "us-regf-seven-in-seven", "us-regf-after-conversation", "us-regf-contact-hours", "us-regf-time-known-inconvenient",
            "us-regf-workplace-prohibited", "us-regf-cease-communication", "us-regf-represented-by-attorney",
            "us-regf-third-parties", "us-regf-medium-refused", "ma-940cmr-two-in-seven-days", "ny-nyc-two-in-seven-days",
            "wa-three-a-week", "dc-four-calls", "wv-hours", "or-work-call-home-first", "nh-workplace-call-home-first",
            "la-four-personal-contacts", "nc-58-70-100-workplace", "fl-559-72-17-hours", "ga-7-3-33-hours", "sc-hours",
            "mi-hours-agencies",
        } <= planted  # fmt: skip


class TestTheScore:
    def test_counts_what_was_found_what_was_missed_and_what_was_wrong(self, tmp_path: Path) -> None:
        truth, findings = tmp_path / "truth.jsonl", tmp_path / "findings.jsonl"
        truth.write_text(
            '{"consumer_id":"a","communication":"a-1","kind":"k","rules":["r1","r2"],"also":["r3"]}\n'
            '{"consumer_id":"b","communication":"b-1","kind":"k","rules":["r1"],"also":[]}\n'
        )
        rows = [
            ("r1", "a-1", "violated", "block"),
            ("r1", "a-1", "violated", "block"),
            ("r3", "a-1", "violated", "block"),
            ("r4", "a-1", "violated", "block"),
            ("r2", "a-1", "unknown", "review"),
            ("r1", "b-1", "unknown", "block"),
            ("r1", "c-1", "violated", "block"),
        ]
        findings.write_text(
            "".join(
                json.dumps({"rule": rule, "communication": on, "status": status, "consequence": then, "consumer_id": on[0]}) + "\n"
                for rule, on, status, then in rows
            )
        )
        found = score(truth, findings)
        assert found.rules["r1"].recall == 1.0
        assert found.rules["r1"].precision == 2 / 3
        assert found.rules["r2"].recall == 0.0
        assert found.rules["r2"].precision is None
        assert found.rules["r4"].companions == 1
        assert "r3" not in found.rules
        assert found.missed == (("r2", "a-1"),)
        assert found.wrong == (("r1", "c-1", "c"),)
        assert found.undecided == 1
        assert found.recall == 2 / 3

    def test_a_missed_deadline_is_found_wherever_it_is_told(self, tmp_path: Path) -> None:
        truth, findings = tmp_path / "truth.jsonl", tmp_path / "findings.jsonl"
        truth.write_text(
            '{"consumer_id":"a","communication":null,"kind":"k","rules":["r1"],"also":[]}\n'
            '{"consumer_id":"b","communication":null,"kind":"k","rules":["r1"],"also":[]}\n'
        )
        finding = {"rule": "r1", "communication": "a-7", "status": "violated", "consequence": "allow", "consumer_id": "a"}
        findings.write_text(json.dumps(finding) + "\n")
        found = score(truth, findings)
        assert found.rules["r1"].recall == 0.5
        assert found.missed == (("r1", "b"),)
        assert found.wrong == ()

    def test_of_nothing_is_none(self, tmp_path: Path) -> None:
        for name in ("truth.jsonl", "findings.jsonl"):
            (tmp_path / name).write_text("")
        found = score(tmp_path / "truth.jsonl", tmp_path / "findings.jsonl")
        assert found.recall is None
        assert found.precision is None
