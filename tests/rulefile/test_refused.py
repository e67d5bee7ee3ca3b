"""What an author sees for each kind of mistake: golden texts beside the refused files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fdcpa_guard.errors import RuleErrors
from fdcpa_guard.rulefile.cases_file import load_cases
from fdcpa_guard.rulefile.definitions import load_definitions
from fdcpa_guard.rulefile.documents import read_source
from fdcpa_guard.rulefile.limitation_cases_file import load_limitation_cases
from fdcpa_guard.rulefile.limitation_reading import load_limitations
from fdcpa_guard.rulefile.load import load_rule_file
from fdcpa_guard.source import SourceFile

REFUSED = Path(__file__).parent.parent / "refused"
FILES = sorted(REFUSED.glob("*.yaml"))


def refusal(path: Path) -> RuleErrors:
    source = read_source(path, path.name)
    load: Callable[[SourceFile], object] = load_rule_file
    if source.text.startswith("definitions_of"):
        load = load_definitions
    elif source.text.startswith("cases_of"):
        load = load_cases
    elif source.text.startswith("limitations_of"):
        load = load_limitations
    elif source.text.startswith("limitation_cases_of"):
        load = load_limitation_cases
    with pytest.raises(RuleErrors) as refused:
        load(source)
    return refused.value


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_refused_file_says_what_is_wrong_and_where(path: Path, golden: Callable[[Path, str], None]) -> None:
    golden(path.with_suffix(".txt"), str(refusal(path)) + "\n")


def test_the_mistakes_of_a_file_are_told_all_at_once_in_its_order() -> None:
    errors = refusal(REFUSED / "five_mistakes.yaml").errors
    lines = [error.span.line for error in errors if error.span is not None]
    assert len(errors) == 6
    assert lines == sorted(lines)


class TestExcerpt:
    def test_a_very_long_line_is_shown_around_the_mistake(self) -> None:
        source = SourceFile("long.yaml", f"{'a' * 5000}?!{'b' * 5000}")
        line, carets = source.span(5000, 5002).excerpt().splitlines()
        assert len(line) < 220
        assert line[carets.index("^") : carets.index("^") + 2] == "?!"
        assert (line[6], line[-1]) == ("…", "…")
        assert carets.count("^") == 2

    def test_a_span_longer_than_what_is_shown_ends_with_it(self) -> None:
        line, carets = SourceFile("long.yaml", "a" * 5000).span(0, 5000).excerpt().splitlines()
        assert len(carets) <= len(line)
