"""One page that needs nothing beside itself. Everything that comes from a file is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from fdcpa_guard.linting.findings import FileReport, LintFinding, LintRun
from fdcpa_guard.linting.reports.telling import (
    days_of,
    kind_of,
    law_of,
    places_of,
    summary_of,
    switched_off,
    unsaid,
    waiver_of,
)
from fdcpa_guard.review.wording import listed

_FOLDER: Final = Path(__file__).parent
_AROUND: Final = 160
"""Characters of a line that are shown on either side of the words."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with the words of its line, and what stands before and after them on it."""

    finding: LintFinding
    tone: str
    before: str
    words: str
    after: str

    @property
    def kind(self) -> str:
        return kind_of(self.finding)

    @property
    def law(self) -> str:
        return law_of(self.finding)

    @property
    def waiver(self) -> str:
        return "" if self.finding.waived_by is None else waiver_of(self.finding)


@dataclass(frozen=True, slots=True)
class FileView:
    report: FileReport
    findings: tuple[FindingView, ...]
    judged_as: str
    unsaid: tuple[str, ...]


def html_report(run: LintRun, law: Mapping[str, str] | None = None) -> str:
    """The page. `law` gives, of a rule's id, what the law says."""
    return _template().render(
        files=[_file(report) for report in run.reports],
        summary=summary_of(run),
        days=days_of(run),
        off=switched_off(run),
        law=law or {},
        baseline=run.baseline,
    )


def _file(report: FileReport) -> FileView:
    return FileView(
        report,
        tuple(_view(finding, report) for finding in report.findings),
        _judged_as(report),
        tuple(unsaid(report)),
    )


def _judged_as(report: FileReport) -> str:
    if not report.settings:
        return "not judged"
    first = report.settings[0]
    parts = [
        f"stage {first.stage}" if first.stage else "no stage named",
        f"by {first.channel}" if first.channel else "no channel named",
        f"to {first.role}",
        f"for {listed(places)}" if (places := places_of(report.settings)) else "for no state",
        f"law of {first.on.isoformat()}",
    ]
    return ", ".join(parts).replace("_", " ")


def _view(finding: LintFinding, report: FileReport) -> FindingView:
    tone = "quiet" if not finding.counts else finding.status
    line = report.lines.get((finding.page, finding.line))
    if line is None or not finding.excerpt:
        return FindingView(finding, tone, "", finding.excerpt, "")
    start = finding.column - 1
    end = finding.end_column - 1 if finding.end_line == finding.line else len(line)
    before, words, after = line[:start], line[start:end], line[end:]
    if len(before) > _AROUND:
        before = f"…{before[-_AROUND:]}"
    if len(after) > _AROUND:
        after = f"{after[:_AROUND]}…"
    return FindingView(finding, tone, before, words, after)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["style"] = Markup((_FOLDER / "page.css").read_text(encoding="utf-8"))
    return environment.get_template("page.html.j2")
