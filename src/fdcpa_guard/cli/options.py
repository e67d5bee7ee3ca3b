"""Options that several commands share, and what they stand for."""

from __future__ import annotations

import glob
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from fdcpa_guard.engine.deciding import Guard
    from fdcpa_guard.ruleset.policy import PolicyText
    from fdcpa_guard.ruleset.rulebook import Rulebook

SHIPPED: Final = "shipped"

RulesFolders = Annotated[
    list[str] | None,
    typer.Option(
        "--rules",
        metavar="DIR",
        help="a folder of rules, in place of those that come with the package; repeatable; `shipped` names the latter",
    ),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="your own policy: stricter limits, what an unknown means, waivers"),
]


def files_beginning(incomplete: str) -> list[str]:
    """For the shell's completion of what is a file, most of the time."""
    found = glob.glob(f"{glob.escape(incomplete)}*")
    return sorted(f"{name}{os.sep}" if os.path.isdir(name) else name for name in found)


def rule_folders(given: list[str] | None) -> list[Path] | None:
    """The folders to load rules from; None where they are those that come with the package alone."""
    from fdcpa_guard.ruleset.rulebook import shipped_rules

    if not given or given == [SHIPPED]:
        return None
    return [shipped_rules() if each == SHIPPED else Path(each) for each in given]


def open_rulebook(rules: list[str] | None) -> Rulebook:
    """The rules of the folders, or those that come with the package. Raises RuleErrors."""
    from fdcpa_guard.ruleset.rulebook import load_rules_to_judge_by

    return load_rules_to_judge_by(rule_folders(rules))


def open_policy(policy: Path | None) -> PolicyText | None:
    if policy is None:
        return None
    from fdcpa_guard.ruleset.policy import read_policy

    return read_policy(policy)


def open_guard(rules: list[str] | None, policy: Path | None) -> Guard:
    from fdcpa_guard.engine.deciding import Guard

    return Guard(open_rulebook(rules), open_policy(policy))


def instant(text: str, option: str) -> datetime:
    """An instant from an option's text. Raises a usage error where it has no offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise typer.BadParameter(
            f"found `{text}`, expected an instant with an offset, such as 2026-03-01T12:00:00-05:00", param_hint=option
        )
    return found
