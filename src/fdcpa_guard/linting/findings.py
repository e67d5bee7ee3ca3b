"""What the check of letters answers: findings with their places in a file, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from fdcpa_guard.errors import GuardError, RuleError, RuleErrors

if TYPE_CHECKING:
    from fdcpa_guard.linting.merging import FileSettings

OWN: Final = "lint-"
"""How the ids begin of findings that are about waivers and the like, and not about the law."""

CLEAN, VIOLATED, UNDECIDED, UNUSABLE = 0, 1, 3, 2
_WORST_FIRST: Final = (UNUSABLE, VIOLATED, UNDECIDED, CLEAN)

Status = Literal["violated", "unknown"]
Effect = Literal["prohibited", "presumed_violation", "missing_requirement", "advice"]


@dataclass(frozen=True, slots=True)
class LintFinding:
    """A rule that a file violates, or that cannot be decided from it.

    Lines and columns count from 1, columns in characters; the end is the place after the last character. What is missing
    stands where it would be put, else at 1:1. Of a docx the line is the paragraph's number, of a PDF that on its page.
    """

    file: str
    rule: str
    title: str
    cite: str
    jurisdiction: str
    status: str
    effect: str
    line: int
    column: int
    end_line: int
    end_column: int
    excerpt: str
    """The words that say it; empty of what is missing."""
    message: str
    """What a person can act on; of an unknown, the fact that would settle it."""
    fix: str | None = None
    """Words of the law that could be put in."""
    waived_by: str | None = None
    waived_because: str | None = None
    waived_until: date | None = None
    waived_in_file: bool = True
    """Whether the waiver stands in the file itself, and not in a configuration."""
    lacks: tuple[str, ...] = ()
    """Of an unknown: the facts that would settle it."""
    states: tuple[str, ...] = ()
    """The states for which the file was judged and this was found; empty where no state was named."""
    page: int | None = None
    in_baseline: bool = False

    @property
    def counts(self) -> bool:
        """Whether it makes the file other than clean: advice, and what is waived or in the baseline, does not."""
        return self.effect != "advice" and self.waived_by is None and not self.in_baseline

    @property
    def exit_code(self) -> int:
        if not self.counts:
            return CLEAN
        return VIOLATED if self.status == "violated" else UNDECIDED

    @property
    def is_own(self) -> bool:
        """Whether it is about a waiver or the baseline, and not about the law."""
        return self.rule.startswith(OWN)

    @property
    def place(self) -> tuple[int, int, int]:
        return self.page or 0, self.line, self.column


@dataclass(frozen=True, slots=True)
class Problem:
    """What stopped a file, or a part of it, from being judged."""

    message: str
    line: int | None = None
    column: int | None = None
    hint: str | None = None


def problems_of(error: GuardError, file: str) -> tuple[Problem, ...]:
    """An error as problems of a file; what stands in another file is told with that file's name."""
    if isinstance(error, RuleErrors):
        return tuple(problem for each in error.errors for problem in problems_of(each, file))
    if isinstance(error, RuleError):
        if error.span is None:
            return (Problem(error.message, hint=error.hint),)
        if error.span.source.name == file:
            return (Problem(error.message, error.span.line, error.span.column, error.hint),)
        return (Problem(f"{error.span.where()}: {error.message}", hint=error.hint),)
    return (Problem(str(error)),)


Lines = Mapping[tuple[int | None, int], str]
"""The text of lines, by page and number: what a finding is shown in."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: its findings in the order of their places, and the problems that stopped reading it.

    `settings` are those it was judged by, one for each state; `lines` has the text of those that findings stand on.
    """

    file: str
    findings: tuple[LintFinding, ...] = ()
    problems: tuple[Problem, ...] = ()
    settings: tuple[FileSettings, ...] = ()
    lines: Lines = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        return worst([*(finding.exit_code for finding in self.findings), *((UNUSABLE,) if self.problems else ())])


@dataclass(frozen=True, slots=True)
class LintRun:
    """All files of one run, in a stable order. `baseline` names the file that was held against them, if one was."""

    reports: tuple[FileReport, ...]
    baseline: str | None = None

    @property
    def findings(self) -> tuple[LintFinding, ...]:
        return tuple(finding for report in self.reports for finding in report.findings)

    @property
    def exit_code(self) -> int:
        """0: clean, 1: something is violated, 3: something is undecided and nothing violated, 2: a file cannot be used."""
        return worst(report.exit_code for report in self.reports)


def worst(codes: Iterable[int]) -> int:
    """Of several exit codes, the one to give: unusable, then violated, then undecided, then clean."""
    found = {CLEAN, *codes}
    return next(code for code in _WORST_FIRST if code in found)
