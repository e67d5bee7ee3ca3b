"""What is wrong with single rule, definition, case or coverage files, for editors and hooks that hand over files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from fdcpa_guard.errors import GuardError, RuleError, RuleErrors, RuleShapeError
from fdcpa_guard.facts.reading import scenario_of
from fdcpa_guard.review.law_coverage import coverage_of
from fdcpa_guard.rulefile.cases_file import RuleCase, load_cases
from fdcpa_guard.rulefile.definitions import DefinitionSet, read_definitions
from fdcpa_guard.rulefile.documents import (
    CASES_SUFFIX,
    LEXICON_SUFFIX,
    LIMITATION_CASES_FILE,
    LIMITATIONS_FILE,
    NOTICE_SUFFIX,
    read_source,
)
from fdcpa_guard.rulefile.limitation_cases_file import LimitationCase, load_limitation_cases
from fdcpa_guard.rulefile.limitation_reading import read_limitations
from fdcpa_guard.rulefile.load import DEFINITIONS_FILE, read_rule
from fdcpa_guard.ruleset.consistency import never_holding
from fdcpa_guard.ruleset.rulebook import COVERAGE_FILE
from fdcpa_guard.wording.loading import errors_of_words


def errors_of_file(path: Path) -> list[RuleError]:
    """Every mistake of one file, and what in it can never hold. What only other rules show is not looked for.

    A rule is read with the definitions of its folder and of the folders above it.
    """
    try:
        return list(RuleErrors(_errors(path)).errors)
    except RuleErrors as error:
        return list(error.errors)


def _errors(path: Path) -> Iterator[RuleError]:
    if path.name == COVERAGE_FILE:
        coverage_of((), read_source(path))
        return
    if path.name == LIMITATION_CASES_FILE:
        yield from _errors_of_scenarios(load_limitation_cases(path).cases)
        return
    if path.name == LIMITATIONS_FILE:
        yield from read_limitations(read_source(path))[1]
        return
    if path.name.endswith(CASES_SUFFIX):
        yield from _errors_of_scenarios(load_cases(path).cases)
        return
    if path.name.endswith((LEXICON_SUFFIX, NOTICE_SUFFIX)):
        yield from errors_of_words(path)
        return
    definitions, errors = _definitions_over(path)
    if path.name == DEFINITIONS_FILE:
        yield from read_definitions(read_source(path), definitions)[1]
        return
    if errors:
        yield RuleShapeError(f"the definitions above {path.as_posix()} are wrong; check them first")
    rule, own = read_rule(read_source(path), definitions)
    yield from own
    if rule is not None and not own:
        yield from never_holding(rule)


def _errors_of_scenarios(cases: Iterable[RuleCase | LimitationCase]) -> Iterator[RuleError]:
    for case in cases:
        try:
            scenario_of(case.scenario)
        except RuleErrors as error:
            yield from error.errors
        except GuardError as error:
            yield RuleShapeError(str(error), case.span)


def _definitions_over(path: Path) -> tuple[DefinitionSet, list[RuleError]]:
    """The definitions of the folders above a file, its own folder's too where the file is not those themselves."""
    found, errors = DefinitionSet(), list[RuleError]()
    for folder in reversed(path.absolute().parents):
        file = folder / DEFINITIONS_FILE
        if file.is_file() and file != path.absolute():
            found, wrong = read_definitions(read_source(file), found)
            errors.extend(wrong)
    return found, errors
