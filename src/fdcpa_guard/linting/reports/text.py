"""For a terminal: each finding at its place, with the line and a caret under the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from fdcpa_guard.linting.findings import CLEAN, UNDECIDED, UNUSABLE, VIOLATED, FileReport, LintFinding, LintRun, Problem
from fdcpa_guard.linting.reports.telling import (
    days_of,
    kind_of,
    law_of,
    summary_of,
    switched_off,
    unsaid,
    waiver_of,
    where_of,
)
from fdcpa_guard.review.wording import listed
from fdcpa_guard.source import underlined

# What a file says must not steer the terminal on which it is shown.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")

Tone = Literal["violated", "undecided", "quiet", "problem", "plain"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and how it is meant; a terminal may colour it."""

    text: str
    tone: Tone = "plain"


def text_pieces(run: LintRun) -> Iterator[Piece]:
    """The report in pieces. What is in the baseline is counted and not told."""
    for piece in _pieces(run):
        yield Piece(_CONTROL.sub("\ufffd", piece.text), piece.tone)


def _pieces(run: LintRun) -> Iterator[Piece]:
    for report in run.reports:
        for problem in report.problems:
            yield from _problem(report, problem)
        for finding in report.findings:
            if not finding.in_baseline:
                yield from _finding(finding, report)
        if any(not each.in_baseline and each.status == "unknown" for each in report.findings) and (keys := list(unsaid(report))):
            said = listed(f"`{key}`" for key in keys)
            yield Piece(f"{report.file}: nothing says its {said}, in front matter, fdcpa-guard.toml or an option\n\n", "quiet")
    if off := switched_off(run):
        yield Piece(f"rules switched off: {', '.join(off)}\n", "quiet")
    yield Piece(f"{summary_of(run)}", _tone_of_run(run))
    days = days_of(run)
    yield Piece(f"; {days}\n" if days else "\n", "quiet")


def text_report(run: LintRun) -> str:
    """The report as plain text."""
    return "".join(piece.text for piece in text_pieces(run))


def _tone_of_run(run: LintRun) -> Tone:
    tones: dict[int, Tone] = {CLEAN: "plain", VIOLATED: "violated", UNUSABLE: "problem", UNDECIDED: "undecided"}
    return tones[run.exit_code]


def _problem(report: FileReport, problem: Problem) -> Iterator[Piece]:
    place = "" if problem.line is None else f":{problem.line}:{problem.column or 1}"
    yield Piece(f"{report.file}{place}: ")
    yield Piece("cannot be used", "problem")
    yield Piece(f"  {problem.message}\n")
    line = None if problem.line is None else report.lines.get((None, problem.line))
    if line is not None and problem.line is not None:
        yield Piece(f"{underlined(problem.line, problem.column or 1, 1, line)}\n")
    if problem.hint:
        yield Piece(f"  = hint: {problem.hint}\n")
    yield Piece("\n")


def _finding(finding: LintFinding, report: FileReport) -> Iterator[Piece]:
    tone: Tone = "quiet" if not finding.counts else "violated" if finding.status == "violated" else "undecided"
    yield Piece(f"{where_of(finding)}: ")
    yield Piece(kind_of(finding), tone)
    law = law_of(finding)
    yield Piece(f"  {law}\n" if law else "\n")
    yield Piece(f"  {finding.message}\n")
    line = report.lines.get((finding.page, finding.line))
    if line is not None and finding.excerpt:
        length = finding.end_column - finding.column if finding.end_line == finding.line else len(line)
        yield Piece(f"{underlined(finding.line, finding.column, length, line)}\n")
    states = f", for {listed(finding.states)}" if finding.states else ""
    yield Piece(f"  rule {finding.rule}{states}\n", "quiet")
    if finding.fix is not None:
        yield Piece("  = words of the law that could be put in:\n" + _indented(finding.fix))
    if finding.waived_by is not None:
        yield Piece(f"  {waiver_of(finding)}\n", "quiet")
    yield Piece("\n")


def _indented(text: str) -> str:
    return "".join(f"      {line}\n" for line in text.strip().splitlines())
