"""The judge of words: what a letter says, under the rules that come with the package, at its place."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.linting.findings import LintFinding
from fdcpa_guard.linting.judging import Judging
from fdcpa_guard.linting.opening import open_judging
from fdcpa_guard.linting.run import Request, lint
from fdcpa_guard.linting.settings import SettingsText
from fdcpa_guard.ruleset.rulebook import load_rules_to_judge_by

TODAY = date(2026, 11, 27)


@cache
def judging() -> Judging:
    return open_judging(Guard(load_rules_to_judge_by(None)))


def found(folder: Path, text: str, name: str = "letter.txt", **said: object) -> list[LintFinding]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    settings = SettingsText.model_validate(
        {"collector": {"kind": "third_party_collector"}, "state": "MT", "channel": "letter", "stage": "later", "debt_kind": "credit_card", **said}
    )
    return list(lint([path], judging().judge, Request(TODAY, settings)).findings)


def of_rule(findings: list[LintFinding], rule: str) -> list[tuple[str, int, int, str]]:
    return [(each.status, each.line, each.column, each.excerpt) for each in findings if each.rule == rule]


def test_a_threat_stands_where_its_words_stand(tmp_path: Path) -> None:
    findings = found(tmp_path, "Dear Sir,\n\nUnless you pay\nwe will have you arrested on Friday.\n")
    assert of_rule(findings, "us-regf-arrest-or-seizure") == [("violated", 4, 9, "have you arrested")]


@pytest.mark.parametrize(
    "text",
    ["We will not have you arrested.", "Nobody can be arrested for a debt.", "You said we would have you arrested."],
)
def test_what_is_denied_or_reported_is_no_threat(tmp_path: Path, text: str) -> None:
    assert of_rule(found(tmp_path, text), "us-regf-arrest-or-seizure") == []


def test_what_words_alone_do_not_decide_is_for_a_person(tmp_path: Path) -> None:
    (finding,) = of_rule(found(tmp_path, "Did you know that you will be arrested?"), "us-regf-arrest-or-seizure")
    assert finding[0] == "unknown"


def test_a_hole_and_markup_keep_the_places(tmp_path: Path) -> None:
    text = "<p>Dear {{ name }},</p>\n<p>we will have <b>you</b> arrested</p>\n"
    findings = found(tmp_path, text, "letter.html.j2")
    assert of_rule(findings, "us-regf-arrest-or-seizure") == [("violated", 2, 12, "have you arrested")]


def test_the_law_is_that_of_the_day(tmp_path: Path) -> None:
    findings = found(tmp_path, "We will have you arrested.", on="2020-05-01")
    assert of_rule(findings, "us-regf-arrest-or-seizure") == []
    assert [each[0] for each in of_rule(findings, "us-fdcpa-arrest-or-seizure")] == ["violated"]


def test_a_creditor_is_not_bound_by_it(tmp_path: Path) -> None:
    findings = found(tmp_path, "We will have you arrested.", collector={"kind": "creditor"})
    assert of_rule(findings, "us-regf-arrest-or-seizure") == []
