"""`check`: exit codes, the text of one and of several, JSON as its schema says, traces, policies, standard input."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from command_line import Guarded, scenario, valid

from fdcpa_guard.cli.check import worst


class TestExitCodes:
    @pytest.mark.parametrize(
        ("name", "code"),
        [("allowed.json", 0), ("blocked.json", 1), ("undecided.json", 3), ("unusable.yaml", 2), ("missing.yaml", 2)],
    )
    def test_one_scenario_gives_its_own(self, guarded: Guarded, files: Path, name: str, code: int) -> None:
        assert guarded("check", files / name).code == code

    @pytest.mark.parametrize(
        ("codes", "code"),
        [({0}, 0), ({0, 3}, 3), ({0, 1, 3}, 1), ({0, 1, 2, 3}, 2), ({2, 3}, 2)],
    )
    def test_of_several_the_worst(self, codes: set[int], code: int) -> None:
        assert worst(codes) == code

    def test_several_files_give_the_worst_of_theirs(self, guarded: Guarded, files: Path) -> None:
        assert guarded("check", files / "allowed.json", files / "undecided.json").code == 3
        assert guarded("check", files / "undecided.json", files / "blocked.json").code == 1
        assert guarded("check", files).code == 2

    def test_a_folder_without_scenarios_is_unusable(self, guarded: Guarded, tmp_path: Path) -> None:
        found = guarded("check", tmp_path)
        assert (found.code, found.out) == (2, "")
        assert "no scenarios found" in found.err


    def test_a_file_without_lines_is_no_permission(self, guarded: Guarded, tmp_path: Path) -> None:
        (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
        ran = guarded("check", tmp_path / "empty.jsonl")
        assert ran.code == 2
        assert "no scenarios found" in ran.err

    @pytest.mark.parametrize("others", [[], ["--rules", "shipped"]])
    def test_a_folder_without_rules_is_no_permission(
        self, guarded: Guarded, files: Path, tmp_path: Path, others: list[str]
    ) -> None:
        (tmp_path / "none").mkdir()
        ran = guarded("check", files / "allowed.json", "--rules", tmp_path / "none", *others, rules=False)
        assert (ran.code, ran.out) == (2, "")
        assert "there are no rules in" in ran.err


A_DEADLINE = """
rule: us-made-up-notice
title: No notice within five days of the first call
jurisdiction: US
law: [{cite: Example Act 1, says: a notice follows within five days}]
in_force: {from: 2020-01-01}
checked_on: 2026-11-21
confidence: verified
binds: [debt_buyer]
reaches: any
effect: requires
when_violated: note
deadline:
  notice_to_be_sent:
    cite: Example Act 1
    after: {entries: [call], same: [debt]}
    must_follow: {events: [validation_notice_sent], same: [debt]}
    within: 5 calendar days
"""


class TestDue:
    @pytest.mark.parametrize(
        ("at", "told"),
        [
            ("2026-11-08T23:59:00-06:00", "  notice to be sent for d1 by the end of Sun 8 Nov 2026, after h9 of Tue 3 Nov 2026"),
            ("2026-11-09T10:00:00-06:00", "  overdue: notice to be sent for d1 by the end of Sun 8 Nov 2026, after h9 of"),
        ],
    )
    def test_what_is_due_with_a_day_is_told_with_that_day(
        self, guarded: Guarded, tmp_path: Path, at: str, told: str
    ) -> None:
        (tmp_path / "rules").mkdir()
        (tmp_path / "rules" / "notice.yaml").write_text(A_DEADLINE, encoding="utf-8")
        (tmp_path / "call.json").write_text(json.dumps(scenario("a later call", calls=1, at=at)), encoding="utf-8")
        out = guarded("check", tmp_path / "call.json", "--rules", tmp_path / "rules", rules=False).out
        assert told in out


class TestText:
    def test_a_blocked_call_is_told_in_full(self, guarded: Guarded, files: Path) -> None:
        told = guarded("check", files / "blocked.json").out
        for part in (
            "BLOCK  the fourth call",
            "permitted at Tue 10 Nov 2026, 8:00 a.m. CST  (2026-11-10T08:00:00-06:00)",
            "presumed violation  99 CFR 7.2(a)  (US)",
            "Call 4 of at most 3.",
            "rule us-three-calls",
            "Tue 3 Nov 2026, 9:00 a.m. CST  h9",
            "clears at Tue 10 Nov 2026, 12:00 a.m. CST",
        ):
            assert part in told

    def test_an_undecided_one_says_what_it_lacks(self, guarded: Guarded, files: Path) -> None:
        told = guarded("check", files / "undecided.json").out
        assert told.startswith("REVIEW")
        assert "cannot be decided" in told
        assert "entry.outcome: the entry's outcome" in told
        assert "(may count)" in told

    def test_several_are_a_line_each(self, guarded: Guarded, files: Path) -> None:
        lines = guarded("check", files / "list.jsonl").out.splitlines()
        assert [line.split()[0] for line in lines] == ["allow", "block", "review"]
        assert f"{files / 'list.jsonl'}:2  the fourth call  us-three-calls (violated)" in lines[1]

    def test_a_trace_shows_conditions_counts_and_rules_that_are_silent(self, guarded: Guarded, files: Path) -> None:
        told = guarded("check", files / "blocked.json", "--trace").out
        assert "yes counted_calls is more than limit  [counted_calls = 4, limit = 3]" in told
        assert "us-quiet-after-talk: it does not bind debt buyers" in told
        assert "exception wants-more-calls:" in told

    def test_a_mistake_is_shown_at_its_place(self, guarded: Guarded, files: Path) -> None:
        found = guarded("check", files / "unusable.yaml")
        assert found.out == ""
        assert found.err.startswith(f"error: {files / 'unusable.yaml'}:2:")
        assert "^" in found.err
        assert "Traceback" not in found.err


class TestJson:
    def test_one_decision_is_a_document(self, guarded: Guarded, files: Path) -> None:
        found = guarded("check", files / "blocked.json", "--format", "json").json("decision")
        assert found["decision"] == "block"
        (finding,) = found["findings"]  # type: ignore[misc]
        assert finding["rule"] == "us-three-calls"  # type: ignore[index]
        assert [each["id"] for each in finding["counted"]] == ["h9", "h10", "h11", "this communication"]  # type: ignore[index]

    def test_what_waiting_never_cures_has_no_instant(self, guarded: Guarded, files: Path, tmp_path: Path) -> None:
        unsaid = scenario("no place", consumer={"id": "c1"})
        unsaid["communication"]["address"] = "+18005550100"  # type: ignore[index]
        (tmp_path / "unsaid.json").write_text(json.dumps(unsaid), encoding="utf-8")
        found = guarded("check", tmp_path / "unsaid.json", "--format", "json").json("decision")
        assert found["decision"] == "review"
        assert "permitted_at" not in found

    def test_several_are_a_line_each_and_an_unusable_one_says_why(self, guarded: Guarded, files: Path) -> None:
        with (files / "list.jsonl").open("a", encoding="utf-8") as lines:
            lines.write('{"communication": {"at": "noon"}}\n{"communication": \n')
        ran = guarded("check", files / "list.jsonl", "--format", "json")
        lines = [json.loads(line) for line in ran.out.splitlines()]
        assert ran.code == 2
        assert [line.get("decision") for line in lines] == ["allow", "block", "review", None, None]
        assert lines[4]["path"] == f"{files / 'list.jsonl'}:5"
        assert "`noon`" in valid(lines[3], "unusable")["error"]  # type: ignore[operator]

    def test_a_trace_is_part_of_it(self, guarded: Guarded, files: Path) -> None:
        found = guarded("check", files / "blocked.json", "--format", "json", "--trace").json("decision")
        by_rule = {each["rule"]: each for each in found["trace"]}  # type: ignore[index,union-attr]
        assert by_rule["us-three-calls"]["verdict"] == "violated"
        assert by_rule["us-quiet-after-talk"]["not_for"] == ["it does not bind debt buyers"]


class TestStandardInput:
    @pytest.mark.parametrize("form", ["json", "yaml", "jsonl"])
    def test_each_form_is_told_apart(
        self, guarded: Guarded, files: Path, monkeypatch: pytest.MonkeyPatch, form: str
    ) -> None:
        documents = {
            "json": json.dumps(scenario("one"), indent=2),
            "yaml": 'communication: {at: "2026-11-04T10:00:00-06:00", channel: letter}\n',
            "jsonl": (files / "list.jsonl").read_text(encoding="utf-8"),
        }
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(documents[form].encode())))
        found = guarded("check", "-", "--format", "json")
        assert found.code == {"json": 0, "yaml": 0, "jsonl": 1}[form]


class TestOptions:
    def test_a_policy_tightens(self, guarded: Guarded, files: Path) -> None:
        policy = files / "policy.yml"
        policy.write_text("tighten: {us-three-calls: {limit: 0}}\n", encoding="utf-8")
        assert guarded("check", files / "allowed.json", "--policy", policy).code == 1

    def test_a_waiver_is_named(self, guarded: Guarded, files: Path) -> None:
        policy = files / "policy.yml"
        policy.write_text(
            "waivers: [{rule: us-three-calls, name: A. Example, reason: a test, until: 2026-12-31}]\n", encoding="utf-8"
        )
        ran = guarded("check", files / "blocked.json", "--policy", policy)
        assert ran.code == 0
        assert "waived by A. Example until 2026-12-31: a test" in ran.out

    def test_what_became_known_later_counts_where_asked(self, guarded: Guarded, files: Path, tmp_path: Path) -> None:
        late = scenario("known later", calls=3)
        late["history"][0]["known_at"] = "2026-11-05T10:00:00-06:00"  # type: ignore[index]
        (tmp_path / "late.json").write_text(json.dumps(late), encoding="utf-8")
        assert guarded("check", tmp_path / "late.json").code == 0
        assert guarded("check", tmp_path / "late.json", "--as-of", "2026-11-06T00:00:00-06:00").code == 1

    def test_an_instant_without_an_offset_is_refused(self, guarded: Guarded, files: Path) -> None:
        ran = guarded("check", files / "allowed.json", "--as-of", "2026-11-06T00:00:00")
        assert ran.code == 2
        assert "expected an instant with an offset" in ran.err

    def test_one_thing_is_judged_at_a_time(self, guarded: Guarded, tmp_path: Path) -> None:
        both = 'action: {at: "2026-11-04T10:00:00-06:00", type: sue}\ncommunication: {at: "2026-11-04T10:00:00-06:00"}\n'
        (tmp_path / "both.yaml").write_text(both, encoding="utf-8")
        ran = guarded("check", tmp_path / "both.yaml")
        assert ran.code == 2
        assert "action: the scenario proposes a communication and an action; judge one at a time" in ran.err


def test_a_mistake_in_a_fact_is_told_with_its_file(guarded: Guarded, tmp_path: Path) -> None:
    scenario = tmp_path / "zone.yaml"
    scenario.write_text(
        'consumer: {time_zones: [America/Nowhere]}\ncommunication: {at: "2026-03-08T15:00:00-04:00", channel: call}\n',
        encoding="utf-8",
    )
    ran = guarded("check", scenario)
    assert ran.code == 2
    assert f"error: {scenario}: consumer.time_zones[0]: `America/Nowhere` is no time zone" in ran.err
