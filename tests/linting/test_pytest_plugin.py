"""Letters as test items: off unless asked for, one item a letter, failures with places."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

_HERE = str(Path(__file__).parent)
_CONFTEST = f"""
import sys
sys.path.insert(0, {_HERE!r})
from small_judge import small_judging
from fdcpa_guard.pytest_plugin import add_options, register

def pytest_addoption(parser):
    add_options(parser)

def pytest_configure(config):
    register(config, small_judging)
"""


@pytest.fixture
def letters(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest(_CONFTEST)
    for name, text in (
        ("letters/threat.md", "we will have you arrested"),
        ("letters/clean.html", "<p>please pay</p>"),
        ("notes/other.md", "have you arrested"),
        ("letters/photo.png", ""),
    ):
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    pytester.makepyfile("def test_of_its_own(): pass")
    return pytester


def ran(letters: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return letters.runpytest("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:fdcpa_guard", *arguments)


def test_it_is_off_unless_it_is_asked_for(letters: pytest.Pytester) -> None:
    ran(letters).assert_outcomes(passed=1)


def test_with_the_option_each_letter_is_an_item(letters: pytest.Pytester) -> None:
    found = ran(letters, "--fdcpa-guard-lint")
    found.assert_outcomes(passed=2, failed=2)
    found.stdout.fnmatch_lines(["letters/threat.md:1:9: prohibited  15 USC 1692e(4)*", "*^^^^^*"])


def test_the_setting_says_which(letters: pytest.Pytester) -> None:
    letters.makeini("[pytest]\nfdcpa_guard_lint =\n    letters/**\n    !*.png\n")
    ran(letters).assert_outcomes(passed=2, failed=1)


def test_items_can_be_chosen_by_their_marker(letters: pytest.Pytester) -> None:
    ran(letters, "--fdcpa-guard-lint", "--strict-markers", "-m", "not fdcpa_guard_lint").assert_outcomes(passed=1, deselected=3)


def test_what_a_configuration_ignores_is_no_item(letters: pytest.Pytester) -> None:
    (letters.path / "fdcpa-guard.toml").write_text('[lint]\nignore = ["notes/", "threat.md"]\n', encoding="utf-8")
    ran(letters, "--fdcpa-guard-lint").assert_outcomes(passed=2)


def test_settings_and_waivers_hold_as_on_the_command_line(letters: pytest.Pytester) -> None:
    (letters.path / "notes/other.md").write_text(
        '<!-- fdcpa-guard: waive us-example-arrest by "Dana" because "why" -->\nhave you arrested', encoding="utf-8"
    )
    (letters.path / "letters/threat.md").write_text("---\nstage: later\n---\nplease pay", encoding="utf-8")
    found = ran(letters, "--fdcpa-guard-lint")
    found.assert_outcomes(passed=3, failed=1)
    found.stdout.fnmatch_lines(["*threat.md:1:1: missing requirement*"])


def test_a_letter_that_cannot_be_used_fails_without_a_traceback(letters: pytest.Pytester) -> None:
    (letters.path / "letters/threat.md").write_text("---\nstage: latr\n---\n", encoding="utf-8")
    found = ran(letters, "--fdcpa-guard-lint", "letters")
    found.assert_outcomes(passed=1, failed=1)
    found.stdout.fnmatch_lines(["*threat.md:2:8: cannot be used  found `latr`*"])
    found.stdout.no_fnmatch_line("*Traceback*")
