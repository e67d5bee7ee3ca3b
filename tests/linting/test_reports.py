"""What a run found, in each form: golden files, and what each form asks of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sample
from jsonschema import Draft202012Validator
from sarif_shape import SARIF

from fdcpa_guard.linting.findings import LintRun
from fdcpa_guard.linting.reports.github import github_report
from fdcpa_guard.linting.reports.html import html_report
from fdcpa_guard.linting.reports.json_report import json_report
from fdcpa_guard.linting.reports.junit import junit_report
from fdcpa_guard.linting.reports.sarif import sarif_report
from fdcpa_guard.linting.reports.text import text_report
from fdcpa_guard.schemas import schema_text

Golden = Callable[[Path, str], None]


def only(*findings: object) -> LintRun:
    """The sample's run with these findings of its second file, and no other file."""
    whole = sample.run()
    return LintRun((replace(whole.reports[1], findings=tuple(findings)),), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "report"),
    [
        ("report.txt", text_report),
        ("report.json", json_report),
        ("report.xml", junit_report),
        ("github.txt", github_report),
        ("report.html", lambda run: html_report(run, sample.LAW)),
    ],
)
def test_a_report_is_as_it_was(name: str, report: Callable[[LintRun], str], golden: Golden, reports: Path) -> None:
    golden(reports / name, report(sample.run()))


def test_sarif_is_as_it_was(golden: Golden, reports: Path) -> None:
    text = sarif_report(sample.run(), sample.LAW)
    golden(reports / "report.sarif", re.sub(r'("(?:semanticV|v)ersion": )"\d+\.\d+\.\d+\w*"', r'\1"0"', text))


class TestText:
    def test_the_caret_stands_under_the_words(self) -> None:
        lines = text_report(only(sample.ARREST)).splitlines()
        shown, carets = lines[2], lines[3]
        assert shown[carets.index("^") : carets.rindex("^") + 1] == sample.ARREST.excerpt

    def test_what_is_in_the_baseline_is_counted_and_not_told(self) -> None:
        text = text_report(only(sample.KNOWN))
        assert sample.KNOWN.message not in text
        assert "1 in the baseline" in text

    def test_no_control_character_of_a_file_reaches_the_terminal(self) -> None:
        whole = only(replace(sample.ARREST, message="a\x1b[31mb", fix="\x07c"))
        run = LintRun((replace(whole.reports[0], lines={(None, 3): f"\x1b]0;{sample.LINE}"}),))
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text_report(run))

    def test_rules_that_are_switched_off_are_told(self) -> None:
        assert "rules switched off: us-shop-*" in text_report(sample.run())

    def test_a_day_that_nothing_names_is_said_to_be_today(self) -> None:
        assert "2026-11-27, today, as nothing names a day" in text_report(sample.run())


class TestJson:
    def test_it_fits_the_published_schema(self) -> None:
        schema = json.loads(schema_text("lint"))
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
            json.loads(json_report(sample.run()))
        )

    def test_it_has_the_keys_that_programs_rely_on(self) -> None:
        """The fixed form: file and findings; of each rule, cite, status, effect, line, column, message."""
        for each in json.loads(json_report(sample.run())):
            assert {"file", "findings"} <= set(each)
            for finding in each["findings"]:
                assert {"rule", "cite", "status", "effect", "line", "column", "message"} <= set(finding)


class TestSarif:
    def document(self, run: LintRun | None = None) -> Mapping[str, list[Mapping[str, object]]]:
        found: Mapping[str, list[Mapping[str, object]]] = json.loads(sarif_report(run or sample.run(), sample.LAW))
        return found

    @pytest.mark.parametrize("baseline", ["baseline.json", None])
    def test_it_has_the_shape_that_the_standard_requires(self, baseline: str | None) -> None:
        Draft202012Validator(SARIF).validate(self.document(sample.run(baseline)))

    def test_a_result_points_to_its_rule(self) -> None:
        run = json.loads(sarif_report(sample.run()))["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [each["ruleId"] for each in run["results"]]

    def test_a_waived_finding_is_suppressed_with_name_and_reason_and_no_other_is(self) -> None:
        results = json.loads(sarif_report(sample.run()))["runs"][0]["results"]
        suppressed = {each["ruleId"]: each["suppressions"] for each in results if each["suppressions"]}
        assert list(suppressed) == [sample.WAIVED.rule]
        assert suppressed[sample.WAIVED.rule][0]["kind"] == "inSource"
        assert "Dana Example: counsel, file 12" in suppressed[sample.WAIVED.rule][0]["justification"]

    def test_a_waiver_of_a_configuration_is_external(self) -> None:
        text = sarif_report(only(replace(sample.WAIVED, waived_in_file=False)))
        assert json.loads(text)["runs"][0]["results"][0]["suppressions"][0]["kind"] == "external"

    def test_only_with_a_baseline_is_anything_new(self) -> None:
        states = [each.get("baselineState") for each in json.loads(sarif_report(sample.run(None)))["runs"][0]["results"]]
        assert set(states) == {None}

    def test_the_help_of_a_rule_has_the_law(self) -> None:
        rules = json.loads(sarif_report(sample.run(), sample.LAW))["runs"][0]["tool"]["driver"]["rules"]
        arrest = next(each for each in rules if each["id"] == sample.ARREST.rule)
        assert sample.LAW[sample.ARREST.rule] in arrest["help"]["text"]
        assert arrest["properties"]["cite"] == sample.ARREST.cite

    def test_a_path_becomes_a_uri(self) -> None:
        uri = json.loads(sarif_report(only(sample.ARREST)))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert uri["artifactLocation"]["uri"] == "letters/demand%2C%20first.html"


class TestJUnit:
    def test_the_counts_are_those_of_the_cases(self) -> None:
        root = ElementTree.fromstring(junit_report(sample.run()))
        for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"), ("tests", "testcase")):
            assert int(root.get(kind, "")) == len(root.findall(f".//{tag}")), kind

    def test_a_character_that_xml_cannot_have_is_replaced(self) -> None:
        text = junit_report(only(replace(sample.ARREST, message="a\x00b\x1b[31m\ud800")))
        failure = ElementTree.fromstring(text).find(".//failure")
        assert failure is not None
        assert failure.get("message") == "a\ufffdb\ufffd[31m\ufffd"

    def test_a_clean_file_is_a_case_that_passed(self) -> None:
        root = ElementTree.fromstring(junit_report(LintRun((sample.run().reports[0],))))
        assert [len(case) for case in root.iter("testcase")] == [0]


class TestGithub:
    def test_no_text_can_end_a_command_or_begin_another(self) -> None:
        hostile = replace(sample.ARREST, message="one\n::error file=x::two\r\n100%", file="a,b:c\n::d.html")
        lines = github_report(only(hostile)).splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("::error file=a%2Cb%3Ac%0A%3A%3Ad.html,line=3,")
        assert "::one%0A::error file=x::two%0D%0A100%25" in lines[0]

    def test_the_level_follows_what_the_finding_does(self) -> None:
        levels = [line.split(" ")[0] for line in github_report(sample.run()).splitlines()]
        assert levels == ["::error", "::notice", "::notice", "::error", "::warning", "::error", "::error"]

    def test_columns_are_told_only_on_one_line(self) -> None:
        assert "col=" not in github_report(only(sample.UNKNOWN))
        assert "col=23,endColumn=47" in github_report(only(sample.ARREST))


class TestHtml:
    def test_nothing_of_a_file_is_markup(self) -> None:
        hostile = "<script>alert(1)</script>"
        finding = replace(sample.ARREST, message=hostile, title=hostile, fix=hostile, waived_by=hostile, waived_because=hostile)
        whole = only(finding)
        run = LintRun((replace(whole.reports[0], file=hostile, lines={(None, 3): hostile * 3}),), hostile)
        assert "<script" not in html_report(run, {finding.rule: hostile})

    def test_it_fetches_nothing(self) -> None:
        page = html_report(sample.run(), sample.LAW)
        assert not re.findall(r"(?:src|href)\s*=\s*[\"']?(?!#)", page)
        assert "default-src 'none'" in page

    def test_the_words_are_marked_in_their_line(self) -> None:
        assert "<mark>we will have you arrested</mark>" in html_report(only(sample.ARREST))


def test_exit_codes() -> None:
    """0: clean, 1: violated, 3: only unknown, 2: not usable; advice, waived and known findings do not fail."""
    whole = sample.run()
    assert whole.exit_code == 2
    assert LintRun(whole.reports[1:2]).exit_code == 1
    assert only(sample.UNKNOWN).exit_code == 3
    assert only(sample.UNKNOWN, sample.ARREST).exit_code == 1
    assert only(sample.WAIVED, sample.KNOWN, sample.OWN).exit_code == 0
    assert LintRun(()).exit_code == 0
