"""The judge of letters by some rules: those that are in force, and the lexicons that stand among them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.linting.judging import Judging
from fdcpa_guard.linting.words import WordJudge
from fdcpa_guard.ruleset.rulebook import shipped_rules
from fdcpa_guard.wording.loading import load_lexicons
from fdcpa_guard.wording.matching import Matcher


def open_judging(guard: Guard, folders: Sequence[Path] | None = None) -> Judging:
    """The judge by a guard's rules. `folders` are those that the rules were read from; None: the shipped ones.

    Where none of the folders has lexicons of its own, words are read by the shipped ones: rules of a shop's own ask of the
    same names.

    Raises:
        RuleErrors: a lexicon is wrong.
        GuardError: the library that searches texts is not installed.
    """
    lexicons = load_lexicons([shipped_rules()] if folders is None else folders)
    if not lexicons:
        lexicons = load_lexicons([shipped_rules()])
    return WordJudge(guard, Matcher(lexicons)).judging()
