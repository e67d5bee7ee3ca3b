"""Waivers in the comments of each format: what they waive, what is told of them, and what is wrong with those of no use."""

from __future__ import annotations

from datetime import date

import pytest
import sample

from fdcpa_guard.linting.findings import LintFinding, problems_of
from fdcpa_guard.linting.waivers import COMMENTS, EXPIRED, UNUSED, Waiver, told_of, waived, waivers_in
from fdcpa_guard.source import SourceFile

RULE = sample.ARREST.rule
SAYS = f'fdcpa-guard: waive {RULE} by "Dana Example" because "counsel, file 12" until 2027-01-31'
DAY = date(2026, 11, 27)


def read(text: str, *formats: str) -> list[Waiver]:
    found, errors = waivers_in(SourceFile("letter", text), *formats)
    assert errors == []
    return found


def one(**more: object) -> Waiver:
    fields = {"rule": RULE, "name": "Dana", "reason": "why", "until": None, "file": "letter", "line": 2, "column": 5, "end_column": 9}
    return Waiver(**{**fields, **more})  # type: ignore[arg-type]


class TestReading:
    @pytest.mark.parametrize(
        ("comment", "formats"),
        [
            ("<!-- {} -->", ("html",)),
            ("<!-- {} -->", ("markdown",)),
            ("<!--{}-->", ("html", "jinja")),
            ("{{# {} #}}", ("text", "jinja")),
            ("{{#- {} -#}}", ("html", "jinja")),
            ("{{{{!-- {} --}}}}", ("html", "mustache")),
            ("{{{{! {} }}}}", ("text", "mustache")),
            ("{{% comment %}}\n{}\n{{% endcomment %}}", ("html", "liquid")),
            ("{{%- comment -%}} {} {{%- endcomment -%}}", ("text", "liquid")),
            ("{{% # {} %}}", ("text", "liquid")),
            ("{{{{-- {} --}}}}", ("html", "blade")),
        ],
    )
    def test_each_format_has_its_comments(self, comment: str, formats: tuple[str, ...]) -> None:
        text = comment.format(SAYS)
        (found,) = read(f"Dear Dana,\n{text}\nPay.", *formats)
        assert (found.rule, found.name, found.reason, found.until) == (
            RULE,
            "Dana Example",
            "counsel, file 12",
            date(2027, 1, 31),
        )

    @pytest.mark.parametrize(("comment", "format"), [("<!-- {} -->", "text"), ("{{# {} #}}", "html"), ("{}", "markdown")])
    def test_what_a_format_would_print_is_no_comment(self, comment: str, format: str) -> None:
        assert read(comment.format(SAYS), format) == []

    @pytest.mark.parametrize("opening", ["<!--", "{#", "{{!", "{{!--", "{% comment %}", "{{--", "{%#"])
    def test_a_text_of_comments_that_never_end_takes_no_longer_than_another(self, opening: str) -> None:
        """Quadratic time would be hours here."""
        assert read(f"fdcpa-guard: {opening * 500_000}", *COMMENTS) == []

    def test_its_place_is_that_of_the_source(self) -> None:
        (found,) = read(f"<p>\n  <!-- {SAYS} -->", "html")
        assert (found.line, found.column) == (2, 3 + len("<!-- fdcpa-guard: "))
        assert found.end_column == 3 + len(f"<!-- {SAYS}")

    def test_several_in_one_comment_over_several_lines(self) -> None:
        found = read(
            '<!--\nfdcpa-guard: waive a-b by \'Dana\' because “one\n  two”\nfdcpa-guard: waive c by "Ed" because "three"\n-->', "html"
        )
        assert [(each.rule, each.name, each.reason, each.line) for each in found] == [
            ("a-b", "Dana", "one two", 2),
            ("c", "Ed", "three", 4),
        ]

    def test_a_comment_within_a_comment_is_told_once(self) -> None:
        assert len(read("<!-- {# " + SAYS + " #} -->", "html", "jinja")) == 1

    @pytest.mark.parametrize(
        ("says", "found", "expected"),
        [
            ("waive", "`waive`", "`waive` and the id of a rule"),
            ("ignore us-x", "`ignore us-x`", "`waive` and the id of a rule"),
            ('waive by "Dana"', '`waive by "Dana"`', "`waive` and the id of a rule"),
            ('waive us-x because "why"', '`because "why"`', "`by` and, in quotes, the name"),
            ('waive us-x by Dana because "why"', '`by Dana because "why"`', "`by` and, in quotes, the name"),
            ('waive us-x by "" because "why"', '`by "" because "why"`', "`by` and, in quotes, the name"),
            ('waive us-x by "Dana"', "the end of the comment", "`because` and, in quotes, the reason"),
            ('waive us-x by "Dana" because " "', "`because", "`because` and, in quotes, the reason"),
            ('waive us-x by "Dana" because "why" until Monday', "`until Monday`", "`until` and a date"),
            ('waive us-x by "Dana" because "why" until 2026-02-30', "`until 2026-02-30`", "`until` and a date"),
        ],
    )
    def test_one_of_no_use_is_told_and_waives_nothing(self, says: str, found: str, expected: str) -> None:
        waivers, errors = waivers_in(SourceFile("letter", f"x\n<!-- fdcpa-guard: {says} -->"), "html")
        assert waivers == []
        (problem,) = problems_of(errors[0], "letter")
        assert problem.line == 2
        assert f"found {found}" in problem.message
        assert f"expected {expected}" in problem.message


class TestWaiving:
    def test_a_waived_finding_is_still_told_with_who_and_why(self) -> None:
        (found,), used = waived([sample.ARREST], [one(until=DAY)], DAY)
        assert (found.waived_by, found.waived_because, found.waived_until) == ("Dana", "why", DAY)
        assert (found.message, found.status, found.exit_code) == (sample.ARREST.message, "violated", 0)
        assert used == {one(until=DAY)}

    def test_an_undecided_finding_can_be_waived(self) -> None:
        (found,), _ = waived([sample.UNKNOWN], [one(rule=sample.UNKNOWN.rule)], DAY)
        assert found.exit_code == 0

    def test_other_rules_are_left_as_they_are(self) -> None:
        (found,), used = waived([sample.MISSING], [one()], DAY)
        assert (found, used) == (sample.MISSING, set())

    def test_the_day_after_its_last_it_does_not_waive(self) -> None:
        (found,), used = waived([sample.ARREST], [one(until=date(2026, 11, 26))], DAY)
        assert (found.waived_by, used) == (None, set())

    def test_one_in_the_file_comes_before_one_in_a_configuration(self) -> None:
        (found,), used = waived([sample.ARREST], [one(name="Ed", in_file=False), one()], DAY)
        assert (found.waived_by, found.waived_in_file, len(used)) == ("Dana", True, 1)


class TestTelling:
    def told(self, waiver: Waiver) -> LintFinding:
        (found,) = told_of([waiver], set(), DAY)
        return found

    def test_one_that_waives_nothing_is_a_finding_of_its_own_that_does_not_fail(self) -> None:
        found = self.told(one())
        assert (found.rule, found.line, found.column, found.exit_code) == (UNUSED, 2, 5, 0)
        assert RULE in found.message
        assert "Dana" in found.message

    def test_one_that_has_ended_says_when(self) -> None:
        found = self.told(one(until=date(2026, 11, 26)))
        assert found.rule == EXPIRED
        assert "2026-11-26" in found.message

    def test_one_that_waived_something_is_not_told(self) -> None:
        assert list(told_of([one()], {one()}, DAY)) == []
