"""The judge of letters by some rules: those that are in force, and the lexicons that stand among them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.linting.judging import Judging
from fdcpa_guard.linting.words import WordJudge
from fdcpa_guard.ruleset.kept import kept, key_of
from fdcpa_guard.ruleset.rulebook import shipped_rules
from fdcpa_guard.wording.lexicon import Lexicon
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
    lexicons = _lexicons(None if folders is None else list(folders))
    return WordJudge(guard, Matcher(lexicons or _lexicons(None))).judging()


def _lexicons(folders: list[Path] | None) -> tuple[Lexicon, ...]:
    """Read once, and kept as read as the rules of a shop's own are."""
    given = [shipped_rules()] if folders is None else folders
    try:
        key = key_of(given, shipped=folders is None)
    except OSError:  # what cannot be read is told by who reads it
        return load_lexicons(given)
    return cast(tuple[Lexicon, ...], kept(f"{key}-words", lambda: load_lexicons(given)))
