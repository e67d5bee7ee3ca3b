"""What a run found, as data: the summary that is printed, written as JSON and told at length in the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fdcpa_guard.auditing.change_rows import ChangesFound
from fdcpa_guard.auditing.limits import NotChecked
from fdcpa_guard.auditing.rows import CATEGORIES, ERROR_RULE
from fdcpa_guard.auditing.tally import (
    ACTIONS,
    AGENT,
    ALONE,
    CHANNEL,
    CLEAN,
    COMMUNICATIONS,
    CONSUMERS,
    DAY,
    FACT,
    JURISDICTION,
    LACKED,
    RULE,
    WAIVED,
    Tally,
)
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.review.wording import fact_phrase
from fdcpa_guard.rulefile.model import Rule

if TYPE_CHECKING:
    from rich.console import RenderableType

CATEGORY_TITLES: Final = {
    "breach": "Breach of a flat rule",
    "presumption": "Presumption triggered (rebuttable)",
    "person": "Needs a person",
    "advice": "Advice",
}


_UNREAD: Final = (ProblemKind.BAD_VALUE, ProblemKind.TOO_LONG, ProblemKind.ENCODING)


@dataclass(frozen=True, slots=True)
class FileRead:
    """One input. `kind`: log, actions, accounts or events. `rows_read == rows_given + rows_left_out`.

    `query` is what a database was asked, None of a file. `sha256` is then that of the rows as read (a line of JSON with
    the names and types of the columns, and one with the cells of each row), and `bytes` is 0.
    """

    name: str
    kind: str
    format: str
    sha256: str
    bytes: int
    rows_read: int
    rows_given: int
    rows_left_out: int
    not_a_communication: int
    unknown_columns: tuple[str, ...]
    query: str | None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """Findings of one rule, and with how many consumers."""

    rule: str
    title: str
    cite: str
    jurisdiction: str
    breach: int
    presumption: int
    person: int
    advice: int
    waived: int
    consumers: int


@dataclass(frozen=True, slots=True)
class Line:
    """One agent, day or channel: communications judged, and how many have a finding of each category.

    Of a jurisdiction: findings, and `communications` is 0.
    """

    key: str
    communications: int
    breach: int
    presumption: int
    person: int
    advice: int


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact for want of which communications are undecided. `alone`: this fact by itself would settle so many."""

    fact: str
    phrase: str
    communications: int
    alone: int


@dataclass(frozen=True, slots=True)
class CodeRows:
    """A vendor's code that no table maps, and in how many rows it stands."""

    file: str
    code: str
    rows: int


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """Everything that a run says of itself and of the log. Instants are ISO 8601 in UTC.

    `as_known`: `then` (each communication by what was known at its own instant) or `now` (by all that is known at
    `known_until`). `law_checked_first` and `_last` are the days on which the rules were last compared with the law.
    """

    rules_version: str
    package_version: str
    time_zone_data: str
    as_known: str
    known_until: str | None
    as_of: str | None
    collector_kind: str | None
    zone: str | None
    files: tuple[FileRead, ...]
    rules: int
    law_checked_first: str | None
    law_checked_last: str | None
    first_communication: str | None
    last_communication: str | None
    consumers: int
    consumers_with_gaps: int
    consumers_without_account: int
    communications: int
    actions: int
    outbound: int
    inbound: int
    without_finding: int
    communications_by_category: dict[str, int]
    """Each communication once, under its gravest finding that no waiver covers."""
    findings_by_category: dict[str, int]
    waived: int
    errors: int
    lost_rows_of_unknown_consumers: int
    lost_actions: int
    """Rows of the actions file that could not be read, and so were not judged."""
    by_rule: tuple[RuleLine, ...]
    by_jurisdiction: tuple[Line, ...]
    by_agent: tuple[Line, ...]
    by_day: tuple[Line, ...]
    by_channel: tuple[Line, ...]
    missing_facts: tuple[MissingFact, ...]
    problems: dict[str, int]
    unmapped_dispositions: tuple[CodeRows, ...]
    not_checked: NotChecked
    changes: ChangesFound | None
    """What a run of a continued audit says otherwise than the one before it; null of an audit that is not continued."""
    notes: tuple[str, ...]

    @property
    def violations(self) -> int:
        """Findings that are a breach or a presumption of one, waived ones apart."""
        return self.findings_by_category["breach"] + self.findings_by_category["presumption"]

    @property
    def is_whole(self) -> bool:
        """Whether every row and every value was read: what a value that was not read would have said, no rule could ask."""
        lost = self.log_may_lack_entries or self.consumers_with_gaps or self.lost_actions
        return not lost and not any(self.problems.get(kind.value) for kind in _UNREAD)

    @property
    def log_may_lack_entries(self) -> bool:
        """Whether rows were lost of which nobody knows whose they were: any count may then be too low."""
        return self.lost_rows_of_unknown_consumers > 0


@dataclass(frozen=True, slots=True)
class Totals:
    """The part of a summary that the tally gives."""

    consumers: int
    consumers_with_gaps: int
    consumers_without_account: int
    communications: int
    actions: int
    outbound: int
    inbound: int
    without_finding: int
    communications_by_category: dict[str, int]
    findings_by_category: dict[str, int]
    waived: int
    errors: int
    by_rule: tuple[RuleLine, ...]
    by_jurisdiction: tuple[Line, ...]
    by_agent: tuple[Line, ...]
    by_day: tuple[Line, ...]
    by_channel: tuple[Line, ...]
    missing_facts: tuple[MissingFact, ...]


def totals_of(tally: Tally, rules: Mapping[str, Rule]) -> Totals:
    """The counts of a whole run, each table in the order in which it is shown."""
    total = tally.totals()
    return Totals(
        consumers=total[CONSUMERS],
        consumers_with_gaps=total["consumers_with_gaps"],
        consumers_without_account=total["consumers_without_account"],
        communications=total[COMMUNICATIONS],
        actions=total[ACTIONS],
        outbound=total["outbound"],
        inbound=total["inbound"],
        without_finding=total[CLEAN],
        communications_by_category={each.value: total[f"communications_{each.value}"] for each in CATEGORIES},
        findings_by_category={each.value: total[f"findings_{each.value}"] for each in CATEGORIES},
        waived=total[f"findings_{WAIVED}"],
        errors=total["errors"],
        by_rule=_by_rule(tally, rules),
        by_jurisdiction=_worst_first(tally, JURISDICTION),
        by_agent=_worst_first(tally, AGENT),
        by_day=tuple(sorted(_lines(tally, DAY), key=lambda line: line.key)),
        by_channel=_worst_first(tally, CHANNEL),
        missing_facts=_missing_facts(tally),
    )


def _by_rule(tally: Tally, rules: Mapping[str, Rule]) -> tuple[RuleLine, ...]:
    lines: list[RuleLine] = []
    for rule_id, found in tally.rows(RULE).items():
        rule = rules.get(rule_id)
        lines.append(
            RuleLine(
                rule=rule_id,
                title="Communications that could not be judged" if rule is None else rule.title,
                cite="" if rule is None else rule.cite,
                jurisdiction="" if rule is None else rule.jurisdiction,
                breach=found["breach"],
                presumption=found["presumption"],
                person=found["person"],
                advice=found["advice"],
                waived=found[WAIVED],
                consumers=found[CONSUMERS],
            )
        )
    return tuple(
        sorted(
            lines,
            key=lambda line: (line.rule == ERROR_RULE, -line.breach - line.presumption, -line.person, -line.advice, line.rule),
        )
    )


def _lines(tally: Tally, table: str) -> list[Line]:
    return [_line(key, found) for key, found in tally.rows(table).items()]


def _line(key: str, found: Counter[str]) -> Line:
    return Line(
        key, found[COMMUNICATIONS], found["breach"], found["presumption"], found["person"], found["advice"]
    )


def _worst_first(tally: Tally, table: str) -> tuple[Line, ...]:
    return tuple(
        sorted(
            _lines(tally, table),
            key=lambda line: (-line.breach - line.presumption, -line.person, -line.advice, -line.communications, line.key),
        )
    )


def _missing_facts(tally: Tally) -> tuple[MissingFact, ...]:
    """The one that would settle most by itself comes first: that is the one to get."""
    found = [
        MissingFact(name, fact_phrase(name) or name, counter[LACKED], counter[ALONE])
        for name, counter in tally.rows(FACT).items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.alone, -each.communications, each.fact)))


# -- on a terminal -------------------------------------------------------------------------------------------------------

_SHOWN_LINES: Final = 12


def _judged(summary: AuditSummary) -> str:
    communications = f"{summary.communications:,} communications"
    return f"{communications} and {summary.actions:,} actions" if summary.actions else communications


def _changed(changes: ChangesFound) -> str:
    judged = f"Run {changes.run} of this state: {changes.consumers_judged:,} consumers were judged in it, the others stand."
    if changes.run == 1:
        return judged
    return (
        f"{judged} Of findings on what was known before, {changes.new:,} are new, {changes.gone:,} gone and "
        f"{changes.otherwise:,} otherwise."
    )


def render_summary(summary: AuditSummary) -> list[RenderableType]:
    """The summary as tables for a terminal, in the order in which to print them. Imports rich when called."""
    from rich.table import Table
    from rich.text import Text

    def table(title: str, *columns: str) -> Table:
        made = Table(title=title, title_justify="left", title_style="bold")
        for number, column in enumerate(columns):
            made.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
        return made

    found: list[RenderableType] = []
    read = sum(file.rows_read for file in summary.files if file.kind == "log")
    found.append(
        Text(
            f"{read:,} rows read, {_judged(summary)} with {summary.consumers:,} consumers judged "
            f"by {summary.rules} rules ({summary.rules_version}), as known {summary.as_known}"
        )
    )
    totals = table("Communications by their gravest finding", "", "communications", "findings")
    for category in CATEGORIES:
        of, all_of = summary.communications_by_category[category], summary.findings_by_category[category]
        totals.add_row(CATEGORY_TITLES[category], f"{of:,}", f"{all_of:,}")
    totals.add_row("No finding", f"{summary.without_finding:,}", "")
    if summary.waived:
        totals.add_row("Under a waiver", "", f"{summary.waived:,}")
    found.append(totals)
    if summary.by_rule:
        rules = table("By rule", "rule", "breach", "presumption", "person", "advice", "consumers")
        for rule in summary.by_rule[:_SHOWN_LINES]:
            counts = (rule.breach, rule.presumption, rule.person, rule.advice, rule.consumers)
            rules.add_row(Text(f"{rule.title}\n{rule.cite}"), *(f"{number:,}" if number else "" for number in counts))
        found.append(rules)
        if len(summary.by_rule) > _SHOWN_LINES:
            found.append(Text(f"and {len(summary.by_rule) - _SHOWN_LINES} more rules"))
    if summary.missing_facts:
        facts = table("Undecided for want of", "fact", "communications", "settled by it alone")
        for fact in summary.missing_facts[:_SHOWN_LINES]:
            facts.add_row(Text(f"{fact.fact}: {fact.phrase}"), f"{fact.communications:,}", f"{fact.alone:,}")
        found.append(facts)
    if summary.problems:
        problems = table("Problems of the reading", "kind", "rows")
        for kind, rows in summary.problems.items():
            problems.add_row(Text(kind.replace("_", " ")), f"{rows:,}")
        found.append(problems)
    if summary.log_may_lack_entries:
        lost = summary.lost_rows_of_unknown_consumers
        found.append(Text(f"This log may lack entries: {lost:,} rows could not be read, nor whose they are.", "bold"))
    if summary.lost_actions:
        found.append(Text(f"{summary.lost_actions:,} rows of actions could not be read, and were not judged.", "bold"))
    if summary.changes is not None:
        found.append(Text(_changed(summary.changes)))
    found.extend(Text(note) for note in summary.notes)
    return found
