"""The judge of words: what a letter says, under the rules that come with the package, at its place."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.linting.findings import FileReport, LintFinding
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
    report = reported(folder, text, name, **said)
    assert not report.problems
    return list(report.findings)


def reported(folder: Path, text: str, name: str = "letter.txt", **said: object) -> FileReport:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    settings = SettingsText.model_validate(
        {"collector": {"kind": "third_party_collector"}, "state": "MT", "channel": "letter", "stage": "later", "debt_kind": "credit_card", **said}
    )
    (report,) = lint([path], judging().judge, Request(TODAY, settings)).reports
    return report


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


# -- what is missing or broken is never clean ---------------------------------------------------------------------------------

DISCLOSED = "This communication is from a debt collector."
LATER = "us-regf-later-disclosure"


def test_a_notice_that_is_given_is_found_and_one_that_is_not_is_missing(tmp_path: Path) -> None:
    assert of_rule(found(tmp_path, f"Dear Sir,\n\n{DISCLOSED}"), LATER) == []
    assert [each[0] for each in of_rule(found(tmp_path, "Dear Sir,\n\nGood day."), LATER)] == ["violated"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("letter.txt.j2", "Dear {{ name }},\n\n{% if first %}\n" + DISCLOSED + "\n{% endif %}\nGood day."),
        ("letter.txt.j2", "Dear {{ name }},\n\n{% if a %}{% if b %}x{% endif %}" + DISCLOSED + "{% else %}{% endif %}"),
        ("letter.html.hbs", "<p>Dear {{name}},</p>{{#if first}}<p>" + DISCLOSED + "</p>{{/if}}"),
        ("letter.txt.liquid", "{% unless late %}" + DISCLOSED + "{% endunless %} Good day."),
        ("letter.blade.php", "<p>@if ($first)</p><p>" + DISCLOSED + "</p>@endif"),
        ("letter.txt.j2", "{% if never_ended %} " + DISCLOSED),
    ],
)
def test_a_notice_in_a_branch_of_a_template_is_not_surely_given(tmp_path: Path, name: str, text: str) -> None:
    assert [each[0] for each in of_rule(found(tmp_path, text, name), LATER)] == ["unknown"]


def test_a_notice_after_a_branch_is_given(tmp_path: Path) -> None:
    text = "{% if a %}x{% else %}y{% endif %} {% for each in all %}z{% endfor %}\n\n" + DISCLOSED
    assert of_rule(found(tmp_path, text, "letter.txt.j2"), LATER) == []


def test_a_notice_in_an_attachment_alone_is_not_surely_given(tmp_path: Path) -> None:
    mail = (
        "From: a@example.com\nTo: b@example.com\nSubject: x\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nGood day.\n'
        '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="n.txt"\n\n' + DISCLOSED + "\n--b--\n"
    )
    assert [each[0] for each in of_rule(found(tmp_path, mail, "mail.eml"), LATER)] == ["unknown"]


def test_without_a_stage_nobody_knows_what_went_before(tmp_path: Path) -> None:
    findings = found(tmp_path, "Dear Sir,\n\nGood day.", stage=None)
    assert {each.status for each in findings if each.rule in (LATER, "us-regf-initial-disclosure")} == {"unknown"}


@pytest.mark.parametrize(
    ("text", "said", "what"),
    [
        ("\n \n", {}, "no words"),
        ("\u6211\u4eec\u4f1a\u903c\u6355\u4f60", {}, "script"),
        ("Nous vous ferons arrêter.", {"language": "fr"}, "`fr`"),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_no_clean_letter(tmp_path: Path, text: str, said: dict[str, str], what: str) -> None:
    report = reported(tmp_path, text, **said)
    assert [what in problem.message for problem in report.problems] == [True]
    assert report.exit_code == 2


def test_an_item_that_no_lexicon_looks_for_is_not_said_to_be_missing(tmp_path: Path) -> None:
    findings = found(tmp_path, f"{DISCLOSED} You owe Elm Bank $500.00.", stage="validation_notice")
    assert {each.status for each in findings if each.rule == "us-regf-notice-names-and-addresses"} <= {"unknown"}
