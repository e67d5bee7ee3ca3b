"""Files of limitation periods among the others: loaded first, checked, formatted, kept and run."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from fdcpa_guard.cases import run_file
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import RuleErrors
from fdcpa_guard.review.one_file import errors_of_file
from fdcpa_guard.rulefile.formatting import files_to_format, format_rule_file
from fdcpa_guard.rulefile.model import Limitation
from fdcpa_guard.ruleset.consistency import check_rulebook
from fdcpa_guard.ruleset.rulebook import Rulebook, load_rulebook
from fdcpa_guard.values import parse_day

RULE = """\
rule: us-too-late
title: A threat to sue too late
jurisdiction: US
law: [{cite: Example Act § 1, says: An example.}]
in_force: {from: 2021-11-30}
checked_on: 2026-11-21
confidence: verified
binds: [third_party_collector]
reaches: any
effect: prohibits
limitation:
  too_late: {cite: Example Act § 2}
violated_when: communication.asserts contains threatens_suit and too_late
"""
PERIODS = """\
limitations_of: TX
checked_on: 2026-11-21
confidence: verified
runs_from: [defaulted_at]
periods:
  - id: contract
    cite: Example Code § 1
    length: 4 years
"""
CASES = """\
limitation_cases_of: TX
defaults:
  debt: {kind: other, defaulted_at: 2022-03-02}
cases:
  - case: the last day
    on: 2026-03-02
    expect: open
  - case: the day after
    on: 2026-03-03
    expect: barred
"""
Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Writes a folder of rules: one rule, and beside it what is given by path."""

    def made(**files: str) -> Path:
        rules = tmp_path / "rules"
        (rules / "tx").mkdir(parents=True)
        (rules / "too_late.yaml").write_text(RULE, encoding="utf-8")
        for name, text in {"limitations.yaml": PERIODS, "limitations.cases.yaml": CASES, **files}.items():
            (rules / "tx" / name).write_text(text, encoding="utf-8")
        return rules

    return made


def _said(rulebook: Rulebook) -> list[str]:
    return [error.message for error in check_rulebook(rulebook, parse_day("2026-12-01")) if "too-late" not in error.message]


class TestLoading:
    def test_every_block_holds_the_tables_wherever_they_stand(self, folder: Folder) -> None:
        rulebook = load_rulebook([folder()])
        block = rulebook.rules[0].blocks["too_late"]
        assert isinstance(block, Limitation)
        assert block.tables is rulebook.limitations
        assert list(block.tables.by_jurisdiction) == ["TX"]

    def test_what_was_loaded_can_be_kept(self, folder: Folder) -> None:
        rulebook = load_rulebook([folder()])
        kept = pickle.loads(pickle.dumps(rulebook))
        block = kept.rules[0].blocks["too_late"]
        assert block.tables is kept.limitations
        assert kept.limitations.by_jurisdiction["TX"].periods[0].cite == "Example Code § 1"
        assert kept.limitation_paths == dict(rulebook.limitation_paths)

    def test_a_change_of_a_number_is_another_version_of_the_rules(self, folder: Folder) -> None:
        rules = folder()
        before = load_rulebook([rules]).version
        (rules / "tx" / "limitations.yaml").write_text(PERIODS.replace("4 years", "5 years"), encoding="utf-8")
        assert load_rulebook([rules]).version != before

    def test_a_jurisdiction_has_one_file(self, folder: Folder) -> None:
        rules = folder()
        (rules / "limitations.yaml").write_text(PERIODS, encoding="utf-8")
        with pytest.raises(RuleErrors, match=r"`TX` has its limitation periods in .*limitations.yaml already"):
            load_rulebook([rules])

    def test_mistakes_are_told_with_those_of_rules(self, folder: Folder) -> None:
        rules = folder(**{"limitations.yaml": PERIODS.replace("4 years", "four")})
        (rules / "too_late.yaml").write_text(RULE.replace("and too_late", "and too_lat"), encoding="utf-8")
        with pytest.raises(RuleErrors) as refused:
            load_rulebook([rules])
        assert [error.span is not None for error in refused.value.errors] == [True, True]


class TestChecks:
    def test_a_sound_folder_has_none(self, folder: Folder) -> None:
        assert [text for text in _said(load_rulebook([folder()])) if "cases" not in text] == []

    def test_periods_without_cases_are_told(self, folder: Folder) -> None:
        rules = folder()
        (rules / "tx" / "limitations.cases.yaml").unlink()
        said = _said(load_rulebook([rules]))
        assert any("the limitation periods have no cases" in text for text in said)

    def test_cases_of_another_jurisdiction_are_told(self, folder: Folder) -> None:
        said = _said(load_rulebook([folder(**{"limitations.cases.yaml": CASES.replace("of: TX", "of: NM")})]))
        assert "these are cases of `NM`; the periods beside them are of `TX`" in said

    def test_a_period_behind_one_that_fits_all_of_its_debts_is_told(self, folder: Folder) -> None:
        more = PERIODS + "  - {id: card, cite: law, kinds: [credit_card], length: 3 years}\n"
        said = _said(load_rulebook([folder(**{"limitations.yaml": more})]))
        assert "no debt has the period `card`: others before it fit all of its debts" in said

    def test_an_old_comparison_with_the_law_is_told(self, folder: Folder) -> None:
        rulebook = load_rulebook([folder()])
        messages = [error.message for error in check_rulebook(rulebook, parse_day("2028-01-01"))]
        assert messages.count("last compared with the law 406 days ago; expected at most 365") == 2


class TestSingleFiles:
    @pytest.mark.parametrize(
        ("name", "right", "wrong", "said"),
        [
            ("limitations.yaml", "4 years", "4 weeks", "found `4 weeks`"),
            ("limitations.cases.yaml", "kind: other", "kind: others", "found `others`"),
            ("limitations.cases.yaml", "expect: open", "expect: opened", "found `opened`"),
            ("limitations.cases.yaml", "case: the last day", "case: the day after", "is given twice"),
        ],
    )
    def test_are_checked_each_by_itself(self, folder: Folder, name: str, right: str, wrong: str, said: str) -> None:
        path = folder() / "tx" / name
        assert errors_of_file(path) == []
        path.write_text(path.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
        assert [error for error in errors_of_file(path) if said in error.message]

    def test_are_laid_out_like_all_others(self, folder: Folder) -> None:
        rules = folder()
        assert {path.name for path in files_to_format([rules])} == {
            "limitations.cases.yaml", "limitations.yaml", "too_late.yaml",
        }  # fmt: skip
        turned = PERIODS.replace("    cite: Example Code § 1\n    length: 4 years\n", "    length: 4 years\n    cite: Example Code § 1\n")
        assert turned != PERIODS
        assert format_rule_file(turned) == PERIODS
        assert format_rule_file(CASES) == CASES


class TestRunning:
    def test_each_case_is_run_and_told(self, folder: Folder) -> None:
        rules = folder(**{"limitations.cases.yaml": CASES.replace("2026-03-03", "2026-03-02")})
        results = run_file(rules / "tx" / "limitations.cases.yaml", Guard(load_rulebook([rules])))
        assert [(each.scenario, each.ok) for each in results] == [("the last day", True), ("the day after", False)]
        assert results[1].why == ("expected barred, found open (contract: last day 2026-03-02)",)

    def test_a_wrong_fact_makes_one_case_unusable(self, folder: Folder) -> None:
        wrong = CASES.replace("    on: 2026-03-02\n", "    on: 2026-03-02\n    debt: {colour: red}\n")
        rules = folder(**{"limitations.cases.yaml": wrong})
        results = run_file(rules / "tx" / "limitations.cases.yaml", Guard(load_rulebook([rules])))
        assert [each.usable for each in results] == [False, True]
