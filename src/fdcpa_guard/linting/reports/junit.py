"""JUnit's XML, which build servers read: a suite for each file, a test case for each finding."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from fdcpa_guard.linting.findings import FileReport, LintFinding, LintRun
from fdcpa_guard.linting.reports.telling import kind_of, law_of, waiver_of

# What XML 1.0 has no way to write, not even escaped.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(run: LintRun) -> str:
    """Violated and undecided findings are failures, with their type; what is waived or in the baseline is skipped.

    A file without a finding is one test case that passed, one that cannot be used an error.
    """
    root = Element("testsuites", {"name": "fdcpa-guard lint"})
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for report in run.reports:
        suite = SubElement(root, "testsuite", {"name": _xml(report.file)})
        counts = _cases(suite, report)
        for name, number in counts.items():
            suite.set(name, str(number))
            totals[name] += number
    for name, number in totals.items():
        root.set(name, str(number))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _cases(suite: Element, report: FileReport) -> dict[str, int]:
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}

    def case(name: str) -> Element:
        counts["tests"] += 1
        return SubElement(suite, "testcase", {"classname": _xml(report.file), "name": _xml(name)})

    for problem in report.problems:
        place = "" if problem.line is None else f" line {problem.line}"
        counts["errors"] += 1
        SubElement(case(f"can be used{place}"), "error", {"type": "unusable", "message": _xml(problem.message)})
    for finding in report.findings:
        page = "" if finding.page is None else f"page {finding.page} "
        found = case(f"{finding.rule} at {page}line {finding.line} column {finding.column}")
        if finding.counts:
            counts["failures"] += 1
            told = SubElement(found, "failure", {"type": finding.status, "message": _xml(finding.message)})
            told.text = _xml(_account(finding))
        elif finding.waived_by is not None or finding.in_baseline:
            counts["skipped"] += 1
            why = waiver_of(finding) if finding.waived_by is not None else "in the baseline"
            SubElement(found, "skipped", {"message": _xml(why)})
        else:
            SubElement(found, "system-out").text = _xml(_account(finding))
    if not report.findings and not report.problems:
        case("no finding")
    return counts


def _account(finding: LintFinding) -> str:
    parts = [
        ": ".join(part for part in (kind_of(finding), law_of(finding)) if part),
        finding.message,
        f"{finding.file}:{finding.line}:{finding.column}: {finding.excerpt}" if finding.excerpt else "",
        f"words of the law that could be put in: {finding.fix}" if finding.fix else "",
    ]
    return "\n".join(part for part in parts if part)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
