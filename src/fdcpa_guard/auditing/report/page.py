"""The report as a page: what the template is given, and the pieces of HTML that come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from fdcpa_guard.auditing.change_rows import ChangeRow, why_in_words
from fdcpa_guard.auditing.problem_rows import KeptProblems, ProblemRow
from fdcpa_guard.auditing.report.law import RuleOfLaw, rule_of_law
from fdcpa_guard.auditing.report.timeline import WIDTH, TimeLine, spoken_local, time_lines
from fdcpa_guard.auditing.rows import CATEGORIES, ERROR_RULE, FindingRow
from fdcpa_guard.auditing.summary import CATEGORY_TITLES, AuditSummary, Line, RuleLine
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.review.wording import fact_phrase, jurisdiction_name

_FOLDER: Final = Path(__file__).parent
MOST_LINES: Final = 100
"""Of the tables by agent and by channel; all are in summary.json."""
MOST_DAYS: Final = 400
_PROBLEMS_SHOWN: Final = 20
_SHORT: Final = 14
"""A table of no more lines is open from the start: a longer one would push the findings out of sight."""

CATEGORY_SAYS: Final = {
    "breach": "The rule is flat: what happened is not allowed.",
    "presumption": "The law presumes a violation. Facts that the log does not have may rebut it.",
    "person": "A fact is missing, the law leaves it open, or the rule asks for a person's judgement.",
    "advice": "Worth knowing; breaks nothing.",
}


@dataclass(frozen=True, slots=True)
class FindingView:
    row: FindingRow
    lines: tuple[TimeLine, ...]

    @property
    def where(self) -> str:
        """File and row, for people."""
        return f"{self.row.file}, row {self.row.row}"


@dataclass(frozen=True, slots=True)
class RuleSection:
    """A rule with the findings that are shown of it. `law` is None of what no rule could judge."""

    line: RuleLine
    law: RuleOfLaw | None
    anchor: str
    findings: tuple[FindingView, ...]

    @property
    def found(self) -> int:
        line = self.line
        return line.breach + line.presumption + line.person + line.advice + line.waived


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    kind: str
    rows: int
    first: tuple[ProblemRow, ...]


def report_page(
    summary: AuditSummary,
    shown: Sequence[FindingRow],
    problems: KeptProblems,
    guard: Guard,
    changes: Sequence[ChangeRow] = (),
) -> Iterator[str]:
    """The HTML of the report, piece by piece. It names no file and no address outside itself."""
    yield from _template().generate(
        summary=summary,
        sections=_sections(summary, shown, guard),
        problems=_problem_groups(problems),
        changes=changes,
        categories=[(each.value, CATEGORY_TITLES[each.value], CATEGORY_SAYS[each.value]) for each in CATEGORIES],
        agents=summary.by_agent[:MOST_LINES],
        days=summary.by_day[-MOST_DAYS:],
        most=_most(summary.by_day),
        width=WIDTH,
        short=_SHORT,
    )


def _sections(summary: AuditSummary, shown: Sequence[FindingRow], guard: Guard) -> list[RuleSection]:
    by_rule: dict[str, list[FindingRow]] = {}
    for finding in shown:
        by_rule.setdefault(finding.rule, []).append(finding)
    rules = guard.rulebook.by_id
    return [
        RuleSection(
            line=line,
            law=None if line.rule == ERROR_RULE else rule_of_law(rules[line.rule]),
            anchor=f"rule-{line.rule}",
            findings=tuple(FindingView(row, time_lines(row)) for row in sorted(by_rule.get(line.rule, ()), key=_gravest)),
        )
        for line in summary.by_rule
    ]


_ORDER: Final[Mapping[str, int]] = {category.value: place for place, category in enumerate(CATEGORIES)}


def _gravest(finding: FindingRow) -> int:
    return _ORDER[finding.category]


def _problem_groups(problems: KeptProblems) -> list[ProblemGroup]:
    return [
        ProblemGroup(kind, rows, tuple(problems.first.get(kind, ())[:_PROBLEMS_SHOWN]))
        for kind, rows in sorted(problems.rows.items())
    ]


def _most(lines: Sequence[Line]) -> int:
    """The most communications of one day, which the bars are drawn against."""
    return max((line.communications for line in lines), default=0) or 1


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["words"] = lambda text: str(text).replace("_", " ")
    environment.filters["spoken"] = spoken_local
    environment.filters["sentence"] = lambda text: f"{str(text).rstrip().rstrip('.')}."
    environment.filters["phrase"] = lambda name: fact_phrase(name) or ""
    environment.filters["why"] = why_in_words
    environment.filters["place"] = jurisdiction_name
    environment.globals["style"] = Markup((_FOLDER / "report.css").read_text(encoding="utf-8"))
    environment.globals["script"] = Markup((_FOLDER / "report.js").read_text(encoding="utf-8"))
    return environment.get_template("report.html.j2")
