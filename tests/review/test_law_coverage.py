"""Which paragraphs of a law are encoded: found by citations, never written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fdcpa_guard.errors import RuleErrors
from fdcpa_guard.review.law_coverage import cites_of, coverage_of, is_under, law_coverage, parts_of_cite
from fdcpa_guard.rulefile.model import Law
from fdcpa_guard.ruleset.rulebook import COVERAGE_FILE, Rulebook, load_rulebook, shipped_rules
from fdcpa_guard.source import SourceFile

HEAD = 'coverage_of: 99 CFR part 7\ncites_begin: ["99 CFR 7."]\nparagraphs:\n'


class TestCitations:
    @pytest.mark.parametrize(
        ("cite", "paragraph"),
        [
            ("12 CFR 1006.14(b)(2)(ii)", "12 CFR 1006.14(b)(2)"),
            ("12 CFR 1006.14", "12 CFR 1006.14"),
            ("12 CFR 1006.10(b)(2)", "12 CFR 1006.10(b)(1)-(2)"),
            ("12 CFR 1006.34(c)(2)(vii)", "12 CFR 1006.34(c)(2)(i)-(ix)"),
            ("12 CFR 1006.14(b)(3)(ii)", "12 CFR 1006.14(b)(3)(i)-(iii)"),
            ("12 CFR 1006.6(b)", "12 CFR 1006.6(a)-(d)"),
        ],
    )
    def test_a_longer_citation_is_under_a_paragraph(self, cite: str, paragraph: str) -> None:
        assert is_under(cite, paragraph)

    @pytest.mark.parametrize(
        ("cite", "paragraph"),
        [
            ("12 CFR 1006.140", "12 CFR 1006.14"),
            ("12 CFR 1006.14(b)", "12 CFR 1006.14(b)(2)"),
            ("12 CFR 1006.10(b)(3)", "12 CFR 1006.10(b)(1)-(2)"),
            ("12 CFR 1006.34(c)(2)(x)", "12 CFR 1006.34(c)(2)(i)-(ix)"),
            ("12 CFR 1006.6(e)", "12 CFR 1006.6(a)-(d)"),
        ],
    )
    def test_a_neighbour_is_not(self, cite: str, paragraph: str) -> None:
        assert not is_under(cite, paragraph)

    @pytest.mark.parametrize(
        ("cite", "parts"),
        [
            ("12 CFR 1006.2(b), (d)", ["12 CFR 1006.2(b)", "12 CFR 1006.2(d)"]),
            ("12 CFR 1006.2(h)(1), (i)(2)(vi)(C)", ["12 CFR 1006.2(h)(1)", "12 CFR 1006.2(i)(2)(vi)(C)"]),
            ("comment 6(c)(1)-1 and -2", ["comment 6(c)(1)-1", "comment 6(c)(1)-2"]),
            ("15 USC 1692c(a); 12 CFR 1006.6(b)", ["15 USC 1692c(a)", "12 CFR 1006.6(b)"]),
            ("N.H. RSA 358-C:3, I(c)(2)", ["N.H. RSA 358-C:3, I(c)(2)"]),
        ],
    )
    def test_a_text_may_give_several_citations(self, cite: str, parts: list[str]) -> None:
        assert parts_of_cite(cite) == parts

    def test_every_part_of_a_rule_is_asked_for_its_citation(self, invented: Rulebook) -> None:
        assert sorted(cites_of(invented.by_id["us-three-calls"])) == ["99 CFR 7.2(a)", "99 CFR 7.2(b)(1)", "99 CFR 7.2(b)(2)"]
        assert sorted(cites_of(invented.by_id["us-quiet-after-talk"])) == ["99 CFR 7.2(a)", "99 CFR 7.2(c)", "99 CFR 7.9"]


class TestFile:
    def test_a_comment_is_of_the_paragraph_that_it_explains(self, invented: Rulebook) -> None:
        rule = invented.by_id["us-three-calls"]
        commented = replace(rule, law=(*rule.law, Law("comment 7(b)(2)(i)-1", "an example")))
        text = (
            "coverage_of: a\ncites_begin: [99 CFR 7.]\ncomments_on: 99 CFR 7.\nparagraphs:\n"
            "- {cite: 99 CFR 7.2, title: a}\n- {cite: 99 CFR 7.7(b)(2), title: b}\n- {cite: 99 CFR 7.7(b)(2)(i) comment -1, title: c}\n"
        )
        found = coverage_of([commented], SourceFile("c", text))
        assert [each.status for each in found.paragraphs] == ["encoded", "encoded", "encoded"]
        assert found.unlisted == ()

    def test_a_rule_of_a_state_encodes_no_federal_paragraph(self, invented: Rulebook) -> None:
        text = 'coverage_of: Texas\njurisdiction: US\ncites_begin: [Tex.]\nparagraphs:\n- {cite: Tex. Inv. Code 1, title: hours}\n'
        assert coverage_of(invented.rules, SourceFile("c", text)).paragraphs[0].status == "open"
        of_texas = coverage_of(invented.rules, SourceFile("c", text.replace("jurisdiction: US", "jurisdiction: TX")))
        assert of_texas.paragraphs[0].rules == ("tx-hours", "tx-hours-weekend")

    @pytest.mark.parametrize(
        ("paragraphs", "told"),
        [
            ("- {cite: 99 CFR 7.1, title: a}\n- {cite: 99 CFR 7.1, title: b}\n", "is listed twice"),
            ("- {cite: 99 CFR 7.1, title: a, status: later}\n", "`later` without a `why`"),
            ("- {cite: 99 CFR 7.1, title: a, status: encoded}\n", "status"),
            ("- {cite: 99 CFR 7.1, titel: a}\n", "titel"),
        ],
    )
    def test_mistakes_are_told_at_their_place(self, invented: Rulebook, paragraphs: str, told: str) -> None:
        with pytest.raises(RuleErrors) as refused:
            coverage_of(invented.rules, SourceFile("coverage.yaml", HEAD + paragraphs))
        assert told in str(refused.value)
        assert "^" in str(refused.value)


class TestShippedRules:
    def test_every_citation_of_a_law_that_is_listed_is_of_a_listed_paragraph(self) -> None:
        """A rule that cites a paragraph nobody listed would be missing from the account of what is checked."""
        found = law_coverage(load_rulebook(), [shipped_rules()])
        if not list(shipped_rules().rglob(COVERAGE_FILE)):
            pytest.skip("no law has its list of paragraphs yet")
        assert {law.law: law.unlisted for law in found if law.unlisted} == {}

    def test_what_is_not_encoded_says_why(self) -> None:
        found = law_coverage(load_rulebook(), [shipped_rules()])
        assert [(law.law, p.cite) for law in found for p in law.paragraphs if p.status == "open"] == []

    def test_a_list_that_is_not_there_is_no_coverage(self, invented: Rulebook, tmp_path: Path) -> None:
        assert law_coverage(invented, [tmp_path]) == []
