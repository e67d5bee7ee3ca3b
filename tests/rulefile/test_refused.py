"""What an author sees for each kind of mistake: golden texts beside the refused files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fdcpa_guard.errors import RuleErrors
from fdcpa_guard.rulefile.cases_file import load_cases
from fdcpa_guard.rulefile.definitions import load_definitions
from fdcpa_guard.rulefile.documents import read_source
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
