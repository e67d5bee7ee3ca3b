"""What a scrub found in all, as data and for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fdcpa_guard.auditing.summary import FileRead
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.scrubbing.results import ScrubbedContact

if TYPE_CHECKING:
    from rich.console import RenderableType

_NOWHERE: Final = "unknown"
_SHOWN_LINES: Final = 12
_DECISIONS: Final = ("allow", "review", "block")


@dataclass(frozen=True, slots=True)
class RuleCount:
    """Contacts that a rule blocks, or leaves to a person; several rules may do so to one contact."""

    rule: str
    title: str
    cite: str
    block: int
    review: int


@dataclass(frozen=True, slots=True)
class StateCount:
    """Contacts with consumers who may be in a state; `unknown`: in none that is known."""

    state: str
    allow: int
    review: int
    block: int


@dataclass(frozen=True, slots=True)
class ScrubSummary:
    """A run. `at`, `on`: the instant or the day asked about; both null where each row names its own.

    `unread` rows of the list could not be read or judged, and are for review. `same` rows have the consumer, channel and
    address of a row before them. `lost_in_sequence` are allowed alone, and not where the contacts before them in the list are
    made. `permitted_later_today`: contacts that are not allowed, and have a window in the day. `loaded` are in allow.csv.
    """

    at: str | None
    on: str | None
    rules_version: str
    contacts: int
    consumers: int
    strangers: int
    """Consumers of whom neither the log nor the accounts nor the events have anything: their ids may be written otherwise."""
    by_decision: dict[str, int]
    by_decision_in_sequence: dict[str, int]
    loaded: int
    unread: int
    same: int
    lost_in_sequence: int
    permitted_later_today: int
    by_rule: tuple[RuleCount, ...]
    by_state: tuple[StateCount, ...]
    missing_facts: dict[str, int]
    problems: dict[str, int]
    lost_rows_of_unknown_consumers: int
    """Rows of the log that could not be read, nor whose they are: any consumer's log may lack an entry."""
    files: tuple[FileRead, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Counts the answers, in any order."""

    decisions: Counter[str] = field(default_factory=Counter)
    in_sequence: Counter[str] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)

    def add(self, answer: ScrubbedContact) -> None:
        decision = answer.decision
        self.decisions[decision] += 1
        self.in_sequence[answer.decision_in_sequence or decision] += 1
        self.rules.update((rule, decision) for rule in answer.rules)
        self.states.update((state, decision) for state in answer.states or (_NOWHERE,))
        self.facts.update(answer.unknown)
        self.totals["contacts"] += 1
        self.totals["loaded"] += loads(answer)
        self.totals["unread"] += not answer.read
        self.totals["same"] += answer.same_as_row is not None
        self.totals["later"] += decision != "allow" and bool(answer.windows)
        self.totals["lost"] += decision == "allow" and answer.decision_in_sequence not in (None, "allow")

    def summary(
        self,
        *,
        at: str | None,
        on: str | None,
        rulebook_version: str,
        rules: Mapping[str, Rule],
        consumers: int,
        strangers: int,
        problems: dict[str, int],
        lost_rows: int,
        files: tuple[FileRead, ...],
    ) -> ScrubSummary:
        total = self.totals
        return ScrubSummary(
            at=at,
            on=on,
            rules_version=rulebook_version,
            contacts=total["contacts"],
            consumers=consumers,
            strangers=strangers,
            by_decision={name: self.decisions[name] for name in _DECISIONS},
            by_decision_in_sequence={name: self.in_sequence[name] for name in _DECISIONS},
            loaded=total["loaded"],
            unread=total["unread"],
            same=total["same"],
            lost_in_sequence=total["lost"],
            permitted_later_today=total["later"],
            by_rule=self._by_rule(rules),
            by_state=self._by_state(),
            missing_facts=dict(sorted(self.facts.items(), key=lambda each: (-each[1], each[0]))),
            problems=problems,
            lost_rows_of_unknown_consumers=lost_rows,
            files=files,
            notes=(),
        )

    def _by_rule(self, rules: Mapping[str, Rule]) -> tuple[RuleCount, ...]:
        lines = (
            RuleCount(each, rules[each].title, rules[each].cite, self.rules[each, "block"], self.rules[each, "review"])
            for each in {rule for rule, _ in self.rules}
        )
        return tuple(sorted(lines, key=lambda line: (-line.block, -line.review, line.rule)))

    def _by_state(self) -> tuple[StateCount, ...]:
        lines = (
            StateCount(state, *(self.states[state, decision] for decision in _DECISIONS))
            for state in {state for state, _ in self.states}
        )
        return tuple(sorted(lines, key=lambda line: (-line.allow - line.review - line.block, line.state)))


def loads(answer: ScrubbedContact) -> bool:
    """Whether a dialer may take the contact: allowed alone, and after those before it in the list."""
    return answer.decision == "allow" and answer.decision_in_sequence == "allow"


def render_summary(summary: ScrubSummary) -> list[RenderableType]:
    """The summary as text and tables for a terminal, in the order in which to print them. Imports rich when called."""
    from rich.table import Table
    from rich.text import Text

    def table(title: str, *columns: str) -> Table:
        made = Table(title=title, title_justify="left", title_style="bold")
        for number, column in enumerate(columns):
            made.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
        return made

    when = f"at {summary.at}" if summary.at else f"for {summary.on}" if summary.on else "at the times of the list"
    found: list[RenderableType] = [
        Text(
            f"{summary.contacts:,} contacts with {summary.consumers:,} consumers, {when}, "
            f"by the rules {summary.rules_version}"
        )
    ]
    decisions = table("Contacts by decision", "", "alone", "in sequence")
    for name in _DECISIONS:
        decisions.add_row(name, f"{summary.by_decision[name]:,}", f"{summary.by_decision_in_sequence[name]:,}")
    found.append(decisions)
    if summary.by_rule:
        rules = table("By rule", "rule", "block", "review")
        for line in summary.by_rule[:_SHOWN_LINES]:
            rules.add_row(Text(f"{line.title}\n{line.cite}"), *(f"{each:,}" if each else "" for each in (line.block, line.review)))
        found.append(rules)
        if len(summary.by_rule) > _SHOWN_LINES:
            found.append(Text(f"and {len(summary.by_rule) - _SHOWN_LINES} more rules"))
    states = table("By state", "state", *_DECISIONS)
    for state in summary.by_state[:_SHOWN_LINES]:
        states.add_row(state.state, f"{state.allow:,}", f"{state.review:,}", f"{state.block:,}")
    found.append(states)
    if len(summary.by_state) > _SHOWN_LINES:
        found.append(Text(f"and {len(summary.by_state) - _SHOWN_LINES} more states"))
    if summary.missing_facts:
        facts = table("Would be settled by", "fact", "contacts")
        for name, contacts in list(summary.missing_facts.items())[:_SHOWN_LINES]:
            facts.add_row(name, f"{contacts:,}")
        found.append(facts)
    for number, said in (
        (summary.unread, "Rows of the list that could not be read or judged, and are for review"),
        (summary.lost_in_sequence, "Contacts that are allowed alone, and not after those before them in the list"),
        (summary.same, "Rows with the consumer, channel and address of a row before them"),
        (summary.permitted_later_today, "Contacts that are not allowed, and have a window in the day"),
    ):
        if number:
            found.append(Text(f"{said}: {number:,}"))
    if summary.strangers:
        said = f"Of {summary.strangers:,} consumers of the list no file has anything: are their ids the same there?"
        found.append(Text(said, "bold"))
    if summary.lost_rows_of_unknown_consumers:
        lost = summary.lost_rows_of_unknown_consumers
        found.append(Text(f"The log may lack entries: {lost:,} rows could not be read, nor whose they are.", "bold"))
    found.extend(Text(note) for note in summary.notes)
    return found
