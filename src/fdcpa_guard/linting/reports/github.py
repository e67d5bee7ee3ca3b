"""Workflow commands of GitHub Actions: each finding is shown beside its line in a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from fdcpa_guard.linting.findings import FileReport, LintFinding, LintRun, Problem
from fdcpa_guard.linting.reports.telling import kind_of, law_of, waiver_of


def github_report(run: LintRun) -> str:
    """One command a line: errors for what is violated, warnings for what is undecided, notices for the rest.

    What is in the baseline is left out: it is no news of the change that is looked at.
    """
    lines: list[str] = []
    for report in run.reports:
        lines.extend(_problem(report, problem) for problem in report.problems)
        lines.extend(_finding(finding) for finding in report.findings if not finding.in_baseline)
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: LintFinding) -> str:
    level = "notice" if not finding.counts else "error" if finding.status == "violated" else "warning"
    # GitHub takes columns only where a finding begins and ends on one line; its last column is that of the last character.
    columns: dict[str, object] = {}
    if finding.end_line == finding.line:
        columns = {"col": finding.column, "endColumn": max(finding.column, finding.end_column - 1)}
    title = ": ".join(part for part in (kind_of(finding), law_of(finding)) if part)
    return _command(
        level,
        {"file": finding.file, "line": finding.line, "endLine": finding.end_line, **columns, "title": title},
        "\n".join(_said(finding)),
    )


def _said(finding: LintFinding) -> Iterator[str]:
    yield finding.message
    if finding.fix is not None:
        yield f"words of the law that could be put in: {finding.fix}"
    if finding.waived_by is not None:
        yield waiver_of(finding)
    yield f"rule {finding.rule}"


def _problem(report: FileReport, problem: Problem) -> str:
    place: dict[str, object] = {} if problem.line is None else {"line": problem.line, "col": problem.column or 1}
    message = problem.message if problem.hint is None else f"{problem.message}\nhint: {problem.hint}"
    return _command("error", {"file": report.file, **place, "title": "cannot be used"}, message)


def _command(level: str, properties: dict[str, object], message: str) -> str:
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {told}::{_data(message)}"


def _data(text: str) -> str:
    """A line break would end the command, and begin what could be read as another."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
