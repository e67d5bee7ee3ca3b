"""The words that several reports share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from fdcpa_guard.linting.findings import FileReport, LintFinding, LintRun
from fdcpa_guard.linting.merging import DEFAULT, FileSettings
from fdcpa_guard.review.wording import count, jurisdiction_name, listed

KINDS: Final = {
    "prohibited": "prohibited",
    "presumed_violation": "presumed violation",
    "missing_requirement": "missing requirement",
    "advice": "advice",
}


def kind_of(finding: LintFinding) -> str:
    """What it is, in a word or two: `prohibited`, `cannot be decided`, `waived`."""
    if finding.waived_by is not None:
        return "waived"
    if finding.status == "unknown" and finding.effect != "advice":
        return "cannot be decided"
    return KINDS[finding.effect]


def law_of(finding: LintFinding) -> str:
    """Citation and jurisdiction; empty of what is not about the law."""
    if not finding.cite:
        return ""
    return f"{finding.cite} ({jurisdiction_name(finding.jurisdiction)})" if finding.jurisdiction else finding.cite


def waiver_of(finding: LintFinding) -> str:
    """Who waived it, until when, and why."""
    until = "" if finding.waived_until is None else f" until {finding.waived_until.isoformat()}"
    return f"waived by {finding.waived_by}{until}: {finding.waived_because}"


def where_of(finding: LintFinding) -> str:
    """`letter.md:3:14`; of what has pages `letter.pdf:page 2:3:14`."""
    page = "" if finding.page is None else f"page {finding.page}:"
    return f"{finding.file}:{page}{finding.line}:{finding.column}"


def summary_of(run: LintRun) -> str:
    """`3 files: 2 violated, 1 undecided, 1 waived`."""
    told: list[str] = []
    findings = run.findings
    counted = [finding for finding in findings if finding.counts]
    for number, what in (
        (sum(each.status == "violated" for each in counted), "violated"),
        (sum(each.status == "unknown" for each in counted), "undecided"),
        (sum(not each.counts and each.effect == "advice" for each in findings), "advice"),
        (sum(each.waived_by is not None and each.effect != "advice" for each in findings), "waived"),
        (sum(each.in_baseline and each.waived_by is None and each.effect != "advice" for each in findings), "in the baseline"),
        (sum(bool(report.problems) for report in run.reports), "not usable"),
    ):
        if number:
            told.append(f"{number} {what}")
    judged = sum(bool(report.settings) for report in run.reports)
    return f"{count(judged, 'file')} judged: {', '.join(told) or 'nothing found'}"


def days_of(run: LintRun) -> str:
    """The day whose law was asked, and who named it; of several days each."""
    days: dict[tuple[str, bool], int] = {}
    for report in run.reports:
        for settings in report.settings[:1]:
            key = settings.on.isoformat(), settings.said_by.get("on", DEFAULT) == DEFAULT
            days[key] = days.get(key, 0) + 1
    told = [f"{day}{', today, as nothing names a day' if by_default else ''}" for day, by_default in sorted(days)]
    return f"by the law of {listed(told)}" if told else ""


def switched_off(run: LintRun) -> Sequence[str]:
    """Patterns of rules that were switched off for some file, each once."""
    return sorted({pattern for report in run.reports for each in report.settings for pattern in each.switched_off})


def unsaid(report: FileReport) -> Iterator[str]:
    """The keys that nothing has said of a file and without which much cannot be decided."""
    if report.settings:
        first = report.settings[0]
        for key, value in (("stage", first.stage), ("channel", first.channel), ("states", first.state)):
            if value is None:
                yield key


def places_of(settings: Sequence[FileSettings]) -> tuple[str, ...]:
    return tuple(each.place for each in settings if each.place is not None)
