"""For programs: one entry a file, in the form of the published schema `lint`."""

from __future__ import annotations

from fdcpa_guard.linting.findings import FileReport, LintFinding, LintRun
from fdcpa_guard.linting.merging import DEFAULT
from fdcpa_guard.linting.reports.telling import places_of
from fdcpa_guard.schemas import outputs


def lint_out(run: LintRun) -> outputs.LintOut:
    """The run as a document: an array with an entry for each file."""
    return outputs.LintOut([_file(report) for report in run.reports])


def json_report(run: LintRun) -> str:
    """The document as text, keys without a value left out."""
    return lint_out(run).model_dump_json(exclude_none=True, indent=2) + "\n"


def _file(report: FileReport) -> outputs.LintFileOut:
    return outputs.LintFileOut(
        file=report.file,
        findings=[_finding(finding) for finding in report.findings],
        problems=[
            outputs.LintProblemOut(message=each.message, line=each.line, column=each.column, hint=each.hint)
            for each in report.problems
        ],
        settings=_settings(report),
    )


def _settings(report: FileReport) -> outputs.LintSettingsOut | None:
    if not report.settings:
        return None
    first = report.settings[0]
    return outputs.LintSettingsOut(
        on=first.on,
        on_by=first.said_by.get("on", DEFAULT),
        stage=first.stage,
        channel=first.channel,
        states=places_of(report.settings),
        role=first.role,
        rules_off=first.switched_off,
    )


def _finding(finding: LintFinding) -> outputs.LintFindingOut:
    waiver = None
    if finding.waived_by is not None:
        waiver = outputs.LintWaiverOut(
            name=finding.waived_by, reason=finding.waived_because or "", until=finding.waived_until
        )
    return outputs.LintFindingOut.model_validate(
        {
            "rule": finding.rule,
            "title": finding.title,
            "cite": finding.cite,
            "jurisdiction": finding.jurisdiction,
            "status": finding.status,
            "effect": finding.effect,
            "line": finding.line,
            "column": finding.column,
            "end_line": finding.end_line,
            "end_column": finding.end_column,
            "page": finding.page,
            "excerpt": finding.excerpt,
            "message": finding.message,
            "fix": finding.fix,
            "unknown": finding.lacks,
            "states": finding.states,
            "waiver": waiver,
            "in_baseline": finding.in_baseline,
        }
    )
