"""The review sheet of every rule that ships, as a golden file: a change to a rule shows the sentence that changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

import pytest

from fdcpa_guard.review.clause_coverage import parts_of
from fdcpa_guard.review.sheet import sheet_of
from fdcpa_guard.review.speaking import Speech
from fdcpa_guard.ruleset.rulebook import Rulebook, load_rulebook

SHEETS = Path(__file__).parent.parent / "golden" / "sheets"


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook()


def test_the_sheet_of_each_rule_is_as_it_was(shipped: Rulebook, golden: Callable[[Path, str], None]) -> None:
    changed: list[str] = []
    for rule in shipped.rules:
        path, sheet = SHEETS / f"{rule.id}.md", sheet_of(rule, shipped)
        try:
            golden(path, sheet)
        except AssertionError:
            before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
            changed.extend(unified_diff(before, sheet.splitlines(), path.name, "as it is now", lineterm="", n=0))
    assert "\n".join(changed) == "", "pytest --update-golden writes the sheets anew"


def test_no_sheet_is_of_a_rule_that_is_gone(shipped: Rulebook, request: pytest.FixtureRequest) -> None:
    gone = [path for path in SHEETS.glob("*.md") if path.stem not in shipped.by_id]
    if request.config.getoption("--update-golden"):
        for path in gone:
            path.unlink()
        gone = []
    assert [path.name for path in gone] == []


def test_no_name_of_the_language_is_left_over_in_a_generated_sentence(shipped: Rulebook) -> None:
    """Texts that a condition compares with stand in quotes, as they are."""
    left = [
        (rule.id, found)
        for rule in shipped.rules
        for _, condition in parts_of(rule)
        for line in Speech(rule).condition(condition)
        for found in re.findall(r"\w+_\w+", re.sub(r'"[^"]*"', "", line))
    ]
    assert left == []
