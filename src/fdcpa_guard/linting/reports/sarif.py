"""SARIF 2.1.0, which code hosts and editors read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, TypeAlias
from urllib.parse import quote

import fdcpa_guard
from fdcpa_guard.linting.baseline import fingerprint
from fdcpa_guard.linting.findings import FileReport, LintFinding, LintRun, Problem
from fdcpa_guard.linting.reports.telling import law_of

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json]"


def sarif_report(run: LintRun, law: Mapping[str, str] | None = None) -> str:
    """One run of the tool. `law` gives, of a rule's id, what the law says, for the rule's help.

    What is violated is an error, what is undecided a warning, advice a note. A waived finding has a suppression with the
    name and the reason; with a baseline each finding says whether it is new.
    """
    document: dict[str, Json] = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(run, law or {})]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _run(run: LintRun, law: Mapping[str, str]) -> dict[str, Json]:
    told: dict[str, LintFinding] = {}
    for finding in run.findings:
        told.setdefault(finding.rule, finding)
    places = {rule: place for place, rule in enumerate(sorted(told))}
    return {
        "tool": {
            "driver": {
                "name": "fdcpa-guard",
                "version": fdcpa_guard.__version__,
                "semanticVersion": fdcpa_guard.__version__,
                "rules": [_rule(told[rule], law.get(rule)) for rule in places],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not any(report.problems for report in run.reports),
                "toolExecutionNotifications": [
                    _notification(report, problem) for report in run.reports for problem in report.problems
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(report.file)}} for report in run.reports],
        "results": [
            _result(finding, places[finding.rule], run.baseline is not None) for report in run.reports for finding in report.findings
        ],
    }


def _rule(finding: LintFinding, says: str | None) -> dict[str, Json]:
    law = law_of(finding)
    help_text = "\n\n".join(part for part in (finding.title, says, law) if part)
    rule: dict[str, Json] = {
        "id": finding.rule,
        "shortDescription": {"text": finding.title},
        "fullDescription": {"text": f"{finding.title}: {law}" if law else finding.title},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": "note" if finding.effect == "advice" else "error"},
    }
    properties: dict[str, Json] = {"tags": [part for part in ("debt-collection", finding.jurisdiction) if part]}
    if finding.cite:
        properties["cite"] = finding.cite
    rule["properties"] = properties
    return rule


def _result(finding: LintFinding, place: int, with_baseline: bool) -> dict[str, Json]:
    result: dict[str, Json] = {
        "ruleId": finding.rule,
        "ruleIndex": place,
        "level": "note" if finding.effect == "advice" else "error" if finding.status == "violated" else "warning",
        "message": {"text": finding.message if finding.fix is None else f"{finding.message}\n\nWords of the law: {finding.fix}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(finding.file)}, "region": _region(finding)}}],
        "partialFingerprints": {"ruleFileAndWords/v1": fingerprint(finding, finding.file)},
    }
    # Where one result has suppressions, each has to have them, be it none (SARIF 2.1.0, 3.27.23).
    suppressions: list[Json] = []
    if finding.waived_by is not None:
        until = "" if finding.waived_until is None else f" (until {finding.waived_until.isoformat()})"
        suppressions.append(
            {
                "kind": "inSource" if finding.waived_in_file else "external",
                "status": "accepted",
                "justification": f"{finding.waived_by}: {finding.waived_because}{until}",
            }
        )
    result["suppressions"] = suppressions
    if with_baseline:
        result["baselineState"] = "unchanged" if finding.in_baseline else "new"
    properties: dict[str, Json] = {"status": finding.status, "effect": finding.effect}
    if finding.page is not None:
        properties["page"] = finding.page
    if finding.states:
        properties["states"] = list(finding.states)
    if finding.lacks:
        properties["unknown"] = list(finding.lacks)
    result["properties"] = properties
    return result


def _region(finding: LintFinding) -> dict[str, Json]:
    region: dict[str, Json] = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    if finding.excerpt:
        region["snippet"] = {"text": finding.excerpt}
    return region


def _notification(report: FileReport, problem: Problem) -> dict[str, Json]:
    where: dict[str, Json] = {"artifactLocation": {"uri": _uri(report.file)}}
    if problem.line is not None:
        where["region"] = {"startLine": problem.line, "startColumn": problem.column or 1}
    return {"level": "error", "message": {"text": problem.message}, "locations": [{"physicalLocation": where}]}


def _uri(file: str) -> str:
    """A path as a URI; an absolute one under the scheme of files."""
    path = file.replace("\\", "/")
    quoted = quote(path)
    if path.startswith("/"):
        return f"file://{quoted}"
    return quoted
