"""`test`: what holds, what fails and why, what cannot be run, and which clauses no case decides both ways."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from command_line import INVENTED, Guarded, scenario

from fdcpa_guard.engine.columnar import judging
from fdcpa_guard.engine.decision import Verdict


class TestResults:
    def test_cases_that_hold(self, guarded: Guarded) -> None:
        ran = guarded("test", INVENTED)
        assert (ran.code, ran.out) == (0, "5 passed, 0 failed\n")

    def test_a_failure_says_why(self, guarded: Guarded, tmp_path: Path) -> None:
        (tmp_path / "wrong.json").write_text(json.dumps(scenario("the first", expect={"decision": "block"})))
        ran = guarded("test", tmp_path)
        assert ran.code == 1
        assert f"fails  {tmp_path / 'wrong.json'}  the first" in ran.out
        assert "decision: expected block, found allow" in ran.out

    def test_json_is_of_the_fixed_form(self, guarded: Guarded, tmp_path: Path) -> None:
        (tmp_path / "right.json").write_text(json.dumps(scenario("the first", expect={"decision": "allow"})))
        (tmp_path / "wrong.json").write_text(json.dumps(scenario("the fourth", calls=3, expect={"decision": "allow"})))
        found = guarded("test", tmp_path, "--format", "json").json("test")
        assert set(found) == {"passed", "failed", "scenarios"}
        assert (found["passed"], found["failed"]) == (1, 1)
        right, wrong = found["scenarios"]  # type: ignore[misc]
        assert right == {"path": str(tmp_path / "right.json"), "scenario": "the first", "ok": True, "why": []}
        assert wrong["why"] == ["decision: expected allow, found block: us-three-calls (violated)"]  # type: ignore[index]

    def test_what_cannot_be_run_is_unusable(self, guarded: Guarded, files: Path) -> None:
        ran = guarded("test", files)
        assert ran.code == 2
        assert "cannot be run" in ran.out

    def test_cases_of_a_rule_that_is_not_loaded_cannot_be_run(self, guarded: Guarded, tmp_path: Path) -> None:
        (tmp_path / "a.cases.yaml").write_text(
            'cases_of: us-other\ncases: [{case: one, communication: {at: "2026-11-04T10:00:00Z"}, expect: {verdict: complies}}]\n'
        )
        ran = guarded("test", tmp_path)
        assert ran.code == 2
        assert "no rule that is loaded is called `us-other`" in ran.out

    def test_a_folder_with_nothing_to_run_is_unusable(self, guarded: Guarded, tmp_path: Path) -> None:
        assert guarded("test", tmp_path).code == 2


    def test_whatever_a_case_states_of_the_decision_is_checked(self, guarded: Guarded, tmp_path: Path) -> None:
        cases = (INVENTED / "federal" / "three_calls.cases.yaml").read_text(encoding="utf-8")
        stated = cases.replace("expect: {verdict: complies}", "expect: {verdict: complies, violates: [99 CFR 7.2]}")
        (tmp_path / "a.cases.yaml").write_text(stated, encoding="utf-8")
        ran = guarded("test", tmp_path)
        assert ran.code == 1
        assert "violates: nothing violated cites 99 CFR 7.2" in ran.out

    def test_cases_are_run_under_a_policy(self, guarded: Guarded, tmp_path: Path) -> None:
        (tmp_path / "policy.yml").write_text("tighten: {us-three-calls: {limit: 2}}\n", encoding="utf-8")
        ran = guarded("test", INVENTED, "--policy", tmp_path / "policy.yml")
        assert ran.code == 1
        assert "verdict: expected complies, found violated" in ran.out
        assert "disagree" not in ran.out

    def test_another_reading_is_run_though_no_policy_asks_for_it(self, guarded: Guarded, tmp_path: Path) -> None:
        (tmp_path / "a.cases.yaml").write_text(
            "cases_of: tx-hours-weekend\n"
            "defaults: {collector: {kind: creditor}, consumer: {addresses: [{kind: home, state: TX, zip: '78701'}]}}\n"
            "cases:\n"
            "  - {case: Sunday, communication: {at: '2026-11-08T10:00:00-06:00', channel: call}, expect: {verdict: violated}}\n"
        )
        assert guarded("test", tmp_path).code == 0

    def test_a_scenario_that_expects_nothing_is_told_of(self, guarded: Guarded, tmp_path: Path) -> None:
        (tmp_path / "silent.json").write_text(json.dumps(scenario("one")))
        ran = guarded("test", tmp_path)
        assert (ran.code, ran.out) == (0, "1 passed, 0 failed\n")
        assert "nothing is expected of 1 of them" in ran.err


class TestEngines:
    CASES = INVENTED / "federal" / "three_calls.cases.yaml"

    def test_a_case_fails_where_the_columnar_engine_disagrees(self, guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
        _raising(monkeypatch, [(0, Verdict.VIOLATED, False, False), (1, Verdict.UNKNOWN, True, False)])
        found = guarded("test", self.CASES, "--format", "json").json("test")
        said = {each["scenario"]: each["why"] for each in found["scenarios"] if not each["ok"]}  # type: ignore[attr-defined]
        begins = "the columnar engine and the definition disagree: "
        assert said == {
            "the third call": [begins + "unknown (locations disagree) and clear"],
            "nobody says how one ended": [begins + "clear and unknown (a fact is missing)"],
        }

    def test_it_fails_where_they_give_one_verdict_for_another_reason(
        self, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _raising(monkeypatch, [(0, Verdict.VIOLATED, False, False), (4, Verdict.UNKNOWN, True, True)])
        ran = guarded("test", self.CASES)
        assert ran.code == 1
        assert "disagree: unknown (locations disagree, a fact is missing) and unknown (a fact is missing)" in ran.out
        assert ran.out.endswith("4 passed, 1 failed\n")

    def test_a_case_that_cannot_be_run_leaves_the_others_their_own_reasons(
        self, guarded: Guarded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        text = self.CASES.read_text(encoding="utf-8")
        unusable = "  - {case: unusable, communication: {at: never}, expect: {verdict: complies}}\n"
        before, after = text.split("  - case: the fourth call", 1)
        (tmp_path / "a.cases.yaml").write_text(f"{before}{unusable}  - case: the fourth call{after}", encoding="utf-8")
        _raising(monkeypatch, [(4, Verdict.UNKNOWN, False, True)])
        results = guarded("test", tmp_path, "--format", "json").json("test")["scenarios"]
        assert [each["scenario"] for each in results if not each["ok"]] == ["unusable", "the fourth call"]  # type: ignore[attr-defined]

    def test_without_numpy_it_is_said_once_that_the_columnar_engine_was_not_tried(
        self, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "numpy", None)
        ran = guarded("test", INVENTED)
        assert (ran.code, ran.out) == (0, "5 passed, 0 failed\n")
        assert ran.err.count("the columnar engine was not tried") == 1

    def test_of_scenarios_alone_nothing_is_said_of_it(
        self, guarded: Guarded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setitem(sys.modules, "numpy", None)
        (tmp_path / "right.json").write_text(json.dumps(scenario("the first", expect={"decision": "allow"})))
        assert guarded("test", tmp_path).err == ""


def _raising(monkeypatch: pytest.MonkeyPatch, flags: Sequence[tuple[int, Verdict, bool, bool]]) -> None:
    """The columnar engine flags these communications of each bucket, whatever they are."""
    monkeypatch.setattr(judging.Judged, "raised", lambda _: iter(flags))


class TestCoverage:
    def test_clauses_that_no_case_makes_both_true_and_false_are_listed(self, guarded: Guarded) -> None:
        found = guarded("test", INVENTED, "--coverage", "--format", "json").json("test")
        by_name = {each["name"]: each for each in found["coverage"]}  # type: ignore[index,union-attr]
        rule = by_name["us-three-calls"]
        assert (rule["clauses"], rule["covered"]) == (5, 3)
        assert [(each["clause"], each["part"], each["never"]) for each in rule["missing"]] == [
            ("entry.direction is outbound", "only_when of counted_calls", ["false"]),
            ("communication.direction is outbound", "applies_when", ["false"]),
        ]

    def test_shared_definitions_are_counted_under_their_file(self, guarded: Guarded) -> None:
        told = guarded("test", INVENTED, "--coverage").out
        assert "definitions.yaml  0 of 1 clauses" in told
        assert "never false: event.to contains call" in told
        assert "3 of 6 clauses made both true and false" in told
