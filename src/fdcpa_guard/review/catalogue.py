"""The rules as a whole: chosen by what they speak of, listed, and written out as pages of a manual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.review.limitation_sheet import name_of_sheet, sheet_of_limitations
from fdcpa_guard.review.sheet import sheet_of
from fdcpa_guard.review.speaking import days
from fdcpa_guard.review.wording import count, jurisdiction_name
from fdcpa_guard.rulefile.model import Confidence, Effect, Rule
from fdcpa_guard.ruleset.applies import reaches
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.ruleset.select import jurisdictions_over
from fdcpa_guard.values import parse_day
from fdcpa_guard.vocabulary import closest, load_vocabulary

INDEX: Final = "index.md"


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """What is asked of rules; None leaves none out."""

    jurisdictions: frozenset[str] | None = None
    channel: str | None = None
    kind: str | None = None
    day: int | None = None
    effect: Effect | None = None

    @staticmethod
    def of(
        jurisdiction: str | None = None,
        *,
        own: bool = False,
        channel: str | None = None,
        kind: str | None = None,
        day: str | None = None,
        effect: str | None = None,
    ) -> RuleFilter:
        """The filter from its words; `own` leaves out the jurisdictions above. Raises FactsError for an unknown word."""
        vocabulary = load_vocabulary()
        if channel is not None:
            _known(channel, vocabulary.sets["channel"], "--channel")
        if kind is not None:
            _known(kind, vocabulary.sets["collector_kind"], "--binds")
        if effect is not None:
            _known(effect, [each.value for each in Effect], "--effect")
        on = None if day is None else parse_day(day)
        if day is not None and on is None:
            raise FactsError(f"found `{day}`, expected a date such as 2026-01-31", "--on")
        code = None if jurisdiction is None else jurisdiction.upper()
        over = None if code is None else frozenset([code] if own else jurisdictions_over(code))
        return RuleFilter(over, channel, kind, on, None if effect is None else Effect(effect))

    def takes(self, rule: Rule) -> bool:
        return (
            (self.jurisdictions is None or rule.jurisdiction in self.jurisdictions)
            and (self.channel is None or reaches(rule, self.channel) is True)
            and (self.kind is None or self.kind in rule.binds)
            and (self.day is None or rule.in_force.holds_on(self.day))
            and (self.effect is None or rule.effect is self.effect)
        )


def _known(word: str, words: Sequence[str], option: str) -> None:
    if word not in words:
        near = closest(word, words)
        hint = f"did you mean `{near}`?" if near else None
        raise FactsError(f"found `{word}`, expected one of {', '.join(words)}", option, hint)


def chosen(rulebook: Rulebook, asked: RuleFilter) -> list[Rule]:
    """The rules that a filter takes: federal ones first, then by jurisdiction and id."""
    return sorted((rule for rule in rulebook.rules if asked.takes(rule)), key=_order)


def _order(rule: Rule) -> tuple[bool, str, str]:
    return rule.jurisdiction != "US", rule.jurisdiction, rule.id


# -- pages ---------------------------------------------------------------------------------------------------------------

TOPICS: Final[Mapping[str, tuple[str, ...]]] = {
    "Time and place of contact": ("local_time", "weekday", "at_work_now", "time_inconvenient", "place_inconvenient"),
    "How often": ("counts",),
    "The workplace": ("employer", "work"),
    "Whom one may contact": ("person.role", "third_party", "attorney_represents"),
    "Which medium": ("medium_refused", "electronic", "postcard", "dialing"),
    "Stopping on request": ("cease_requested", "refuses_to_pay"),
    "Disputes and validation": ("dispute_received", "validation_notice_sent", "verification_sent"),
    "What is said": ("content",),
    "Old debts and payments": (
        "limitations_ends",
        "last_payment_at",
        "payment_made",
        "accept_payment",
        "deposit_payment",
        "apply_payment",
        "collect_charge",
    ),
    "Bankruptcy and military service": (
        "bankruptcy_filed",
        "bankruptcy_discharged",
        "service_began_at",
        "military_relief_requested",
        "military_affidavit",
        "military_lending",
    ),
    "Credit reporting and sale": ("furnish", "furnished", "sell_debt"),
    "Suits and property": ("sue", "repossess"),
    "Records": ("keep_records",),
    "Deadlines and waiting": ("deadline", "waiting"),
}
"""A rule belongs to each topic of which its file uses one of the words."""


def topics_of(rule: Rule) -> list[str]:
    """The topics that a rule belongs to, told by what its file reads; `Other` where none fits."""
    from fdcpa_guard.review.topics import words_used

    used = words_used(rule)
    return [topic for topic, words in TOPICS.items() if used.intersection(words)] or ["Other"]


def write_catalogue(rulebook: Rulebook, folder: Path) -> list[Path]:
    """Writes a page for each rule and an index by jurisdiction and topic; gives the paths, the index first.

    Limitation periods have a page for each jurisdiction, `limitations-tx.md`.

    Pages are `ID.md`. A page of a rule that is no longer there is removed, so that the folder shows the rulebook.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / INDEX]
    written[0].write_text(index_of(rulebook), encoding="utf-8")
    for rule in rulebook.rules:
        page = folder / f"{rule.id}.md"
        page.write_text(sheet_of(rule, rulebook), encoding="utf-8")
        written.append(page)
    for code, table in rulebook.limitations.by_jurisdiction.items():
        page = folder / f"{name_of_sheet(code)}.md"
        page.write_text(sheet_of_limitations(table), encoding="utf-8")
        written.append(page)
    for old in folder.glob("*.md"):
        if old not in written:
            old.unlink()
    return written


def index_of(rulebook: Rulebook) -> str:
    """The index page, as Markdown."""
    return "\n".join(_index(rulebook)) + "\n"


def _index(rulebook: Rulebook) -> Iterator[str]:
    by_jurisdiction: dict[str, list[Rule]] = {}
    for rule in sorted(rulebook.rules, key=_order):
        by_jurisdiction.setdefault(rule.jurisdiction, []).append(rule)
    yield "# The rules"
    yield ""
    yield f"{count(len(rulebook.rules), 'rule')} of {count(len(by_jurisdiction), 'jurisdiction')}."
    yield ""
    yield "## By jurisdiction"
    for code, rules in by_jurisdiction.items():
        yield ""
        yield f"### {jurisdiction_name(code)} ({code})"
        yield ""
        for rule in rules:
            recalled = "; recalled" if rule.confidence is Confidence.RECALLED else ""
            ended = "" if rule.in_force.end is None else f"; {days(None, rule.in_force.end)}"
            yield f"- [{rule.title}]({rule.id}.md) ({rule.cite}{recalled}{ended})"
    if rulebook.limitations.by_jurisdiction:
        yield ""
        yield "## Time for suing on debts"
        yield ""
        for code in sorted(rulebook.limitations.by_jurisdiction):
            yield f"- [{jurisdiction_name(code)}]({name_of_sheet(code)}.md)"
    yield ""
    yield "## By topic"
    by_topic: dict[str, list[Rule]] = {topic: [] for topic in (*TOPICS, "Other")}
    for rules in by_jurisdiction.values():
        for rule in rules:
            for topic in topics_of(rule):
                by_topic[topic].append(rule)
    for topic, rules in by_topic.items():
        if rules:
            yield ""
            yield f"### {topic}"
            yield ""
            yield from (f"- {rule.jurisdiction}: [{rule.title}]({rule.id}.md)" for rule in rules)
