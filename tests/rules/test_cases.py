"""Every case beside a rule and every scenario holds; the rulebook is sound; each rule has cases of each answer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from shipped import shipped

from fdcpa_guard.cases import files_under, run_file
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import RuleWarning
from fdcpa_guard.facts.reading import read_scenarios
from fdcpa_guard.rulefile.cases_file import cases_path, load_cases
from fdcpa_guard.ruleset.consistency import check_rulebook
from fdcpa_guard.ruleset.rulebook import shipped_rules

RULES: Final = shipped_rules()
SCENARIOS: Final = Path(__file__).parent.parent / "scenarios"
CASE_FILES: Final = list(files_under([RULES]))
SCENARIO_FILES: Final = list(files_under([SCENARIOS]))
GUARD: Final = Guard(shipped())


@pytest.mark.parametrize("path", CASE_FILES, ids=[path.relative_to(RULES).as_posix() for path in CASE_FILES])
def test_the_cases_beside_a_rule_hold(path: Path) -> None:
    results = run_file(path, GUARD)
    assert results
    assert [(each.scenario, each.why) for each in results if not each.ok] == []


@pytest.mark.parametrize("path", SCENARIO_FILES, ids=[path.relative_to(SCENARIOS).as_posix() for path in SCENARIO_FILES])
def test_a_scenario_holds(path: Path) -> None:
    results = run_file(path, GUARD)
    assert results
    assert [(each.scenario, each.why) for each in results if not each.ok] == []
    assert all(each.states for each in results), "it states nothing that could fail"


@pytest.mark.parametrize("path", [path for path in SCENARIO_FILES if path.parent.name == "federal"], ids=lambda path: path.stem)
def test_a_scenario_of_the_regulator_names_its_example(path: Path) -> None:
    assert all(scenario.cite for scenario in read_scenarios(path))


def test_the_rulebook_has_no_errors() -> None:
    assert [str(each) for each in check_rulebook(shipped()) if not isinstance(each, RuleWarning)] == []


@pytest.mark.parametrize("rule_id", [rule.id for rule in shipped().rules])
def test_a_rule_has_cases_of_a_violation_of_none_and_of_an_unknown(rule_id: str) -> None:
    verdicts = {case.verdict for case in load_cases(cases_path(shipped().paths[rule_id])).cases}
    assert {"violated", "unknown"} <= verdicts
    assert verdicts & {"complies", "exempt", "not_applicable"}
