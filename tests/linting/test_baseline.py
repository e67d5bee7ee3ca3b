"""What is known already does not fail; what is new does; what is gone is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import sample

from fdcpa_guard.errors import FactsError
from fdcpa_guard.linting.baseline import (
    STALE,
    Baseline,
    held_against,
    read_baseline,
    stale,
    write_baseline,
    written_anew,
)
from fdcpa_guard.linting.findings import LintFinding


def at(folder: Path, finding: LintFinding = sample.ARREST, name: str = "a.html", **more: object) -> LintFinding:
    return replace(finding, file=str(folder / name), **more)  # type: ignore[arg-type]


def knows(folder: Path, *findings: LintFinding, before: Baseline | None = None) -> Baseline:
    path = folder / "baseline.json"
    read = {each.file for each in findings}
    write_baseline(path, written_anew(findings, read, folder, before))
    return read_baseline(path)


class TestNewAndKnown:
    def test_a_known_finding_does_not_fail(self, tmp_path: Path) -> None:
        (found,) = held_against([at(tmp_path)], knows(tmp_path, at(tmp_path)))
        assert (found.in_baseline, found.exit_code) == (True, 0)

    def test_its_line_and_the_forms_of_its_words_make_no_difference(self, tmp_path: Path) -> None:
        baseline = knows(tmp_path, at(tmp_path, excerpt="We'll  have you\narrested"))
        (found,) = held_against([at(tmp_path, excerpt="we’ll have you Arrested", line=99, column=2)], baseline)
        assert found.in_baseline

    @pytest.mark.parametrize("more", [{"excerpt": "we will jail you"}, {"rule": "us-other"}, {"name": "b.html"}])
    def test_other_words_rule_or_file_make_it_new(self, tmp_path: Path, more: dict[str, str]) -> None:
        (found,) = held_against([at(tmp_path, **more)], knows(tmp_path, at(tmp_path)))  # type: ignore[arg-type]
        assert not found.in_baseline

    def test_the_same_words_once_more_are_new(self, tmp_path: Path) -> None:
        found = held_against([at(tmp_path), at(tmp_path, line=9)], knows(tmp_path, at(tmp_path)))
        assert [each.in_baseline for each in found] == [True, False]

    def test_what_is_missing_is_known_by_its_rule_and_file(self, tmp_path: Path) -> None:
        baseline = knows(tmp_path, at(tmp_path, sample.MISSING))
        assert [each.in_baseline for each in held_against([at(tmp_path, sample.MISSING, line=4)], baseline)] == [True]


class TestWriting:
    def test_the_same_findings_in_any_order_give_the_same_bytes(self, tmp_path: Path) -> None:
        findings = [at(tmp_path, name="b.html"), at(tmp_path), at(tmp_path, sample.UNKNOWN), at(tmp_path)]
        read = [each.file for each in findings]
        one = written_anew(findings, read, tmp_path, None)
        assert one == written_anew(findings[::-1], read[::-1], tmp_path, None)
        entries = json.loads(one)["findings"]
        assert [(each["file"], each["rule"], each["count"]) for each in entries] == [
            ("a.html", sample.UNKNOWN.rule, 1),
            ("a.html", sample.ARREST.rule, 2),
            ("b.html", sample.ARREST.rule, 1),
        ]

    def test_what_is_waived_or_advice_is_left_out(self, tmp_path: Path) -> None:
        assert knows(tmp_path, at(tmp_path, sample.WAIVED), at(tmp_path, sample.OWN)).counts == {}

    def test_what_was_known_of_files_that_were_not_read_is_kept(self, tmp_path: Path) -> None:
        before = knows(tmp_path, at(tmp_path), at(tmp_path, name="b.html"))
        after = knows(tmp_path, at(tmp_path, sample.UNKNOWN), before=before)
        assert sorted((known.file, known.rule) for known in after.counts) == [
            ("a.html", sample.UNKNOWN.rule),
            ("b.html", sample.ARREST.rule),
        ]


class TestStale:
    def test_what_is_no_longer_there_is_told_and_does_not_fail(self, tmp_path: Path) -> None:
        baseline = knows(tmp_path, at(tmp_path), at(tmp_path))
        findings = held_against([at(tmp_path)], baseline)
        (found,) = stale(baseline, findings, [at(tmp_path).file], [])
        assert (found.rule, found.exit_code) == (STALE, 0)
        assert "we will have you arrested" in found.message

    def test_of_a_file_that_was_not_read_nothing_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "a.html").touch()
        assert stale(knows(tmp_path, at(tmp_path)), [], [], [tmp_path]) == []
        assert stale(knows(tmp_path, at(tmp_path, name="b.html")), [], [], []) == []

    def test_a_file_that_is_gone_from_a_folder_that_was_walked(self, tmp_path: Path) -> None:
        assert len(stale(knows(tmp_path, at(tmp_path)), [], [], [tmp_path])) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ('{"version": 2, "findings": []}', "version"),
        ('{"version": 1, "findings": [{"file": "a"}]}', "findings[0].rule"),
    ],
)
def test_one_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FactsError) as raised:
        read_baseline(path)
    assert message in str(raised.value)


def test_one_that_is_not_there_says_how_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(FactsError) as raised:
        read_baseline(tmp_path / "baseline.json")
    assert "--write-baseline" in str(raised.value)
