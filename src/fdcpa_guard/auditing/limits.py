"""What a run did not check, told from what it saw: the part of a report that keeps the rest honest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fdcpa_guard.auditing.counting import NOT_KNOWN
from fdcpa_guard.auditing.stated import stateable_facts
from fdcpa_guard.auditing.tally import CHANNEL, COMMUNICATIONS, PLACE, STATED, WITHOUT_CONTENT, Tally
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import GuardError
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.review.law_coverage import coverage_of
from fdcpa_guard.review.wording import fact_phrase, jurisdiction_name
from fdcpa_guard.rulefile.documents import read_source
from fdcpa_guard.rulefile.model import Confidence
from fdcpa_guard.rulefile.walk import facts_read
from fdcpa_guard.ruleset.rulebook import COVERAGE_FILE, Rulebook

ALWAYS: Final = (
    "Only what is in the log is judged: a call dialled by hand and never logged, a letter from another system or a "
    "contact by another collector is not seen.",
    "What the log says is taken as true: a wrong outcome, time or number gives a wrong answer.",
    "Words are looked at only where the log has them, and only for the wordings that the rules name; what a recording "
    "says is not heard.",
    "A finding is the answer of a rule, not legal advice; a presumption can be rebutted, and a defence such as a bona "
    "fide error is not weighed.",
)


@dataclass(frozen=True, slots=True)
class PlaceSeen:
    place: str
    name: str
    communications: int


@dataclass(frozen=True, slots=True)
class ChannelContent:
    channel: str
    communications: int
    without_content: int


@dataclass(frozen=True, slots=True)
class NeverStated:
    """A fact that rules read and that nothing in the log, accounts or options states."""

    fact: str
    phrase: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParagraphLeft:
    law: str
    cite: str
    title: str
    status: str
    why: str


@dataclass(frozen=True, slots=True)
class NotChecked:
    """`places_without_rules`: where consumers may be and no rule but the federal ones holds."""

    jurisdictions_with_rules: tuple[str, ...]
    places_without_rules: tuple[PlaceSeen, ...]
    communications_without_place: int
    content: tuple[ChannelContent, ...]
    never_stated: tuple[NeverStated, ...]
    recalled_rules: tuple[str, ...]
    other_readings_off: tuple[str, ...]
    paragraphs: tuple[ParagraphLeft, ...]
    always: tuple[str, ...]


def not_checked(tally: Tally, guard: Guard, collector: Collector) -> NotChecked:
    """What this run could not or did not look at, given its rules and what the log had."""
    with_rules = sorted({rule.jurisdiction for rule in guard.rules})
    judged = {rule.id for rule in guard.rules}
    places = tally.rows(PLACE)
    return NotChecked(
        jurisdictions_with_rules=tuple(with_rules),
        places_without_rules=tuple(
            PlaceSeen(place, _place_name(place), found[COMMUNICATIONS])
            for place, found in sorted(places.items(), key=lambda item: (-item[1][COMMUNICATIONS], item[0]))
            if place != NOT_KNOWN and not _has_rules(place, with_rules)
        ),
        communications_without_place=places[NOT_KNOWN][COMMUNICATIONS] if NOT_KNOWN in places else 0,
        content=tuple(
            ChannelContent(channel, found[COMMUNICATIONS], found[WITHOUT_CONTENT])
            for channel, found in sorted(tally.rows(CHANNEL).items())
            if found[WITHOUT_CONTENT]
        ),
        never_stated=tuple(_never_stated(tally, guard, collector)),
        recalled_rules=tuple(rule.id for rule in guard.rules if rule.confidence is Confidence.RECALLED),
        other_readings_off=tuple(rule.id for rule in guard.rulebook.rules if rule.id not in judged),
        paragraphs=tuple(_paragraphs(guard.rulebook)),
        always=ALWAYS,
    )


def _place_name(place: str) -> str:
    """A city without a name of its own is shown in its state: `Illinois (IL-CHI)`."""
    name = jurisdiction_name(place)
    return name if name != place else f"{jurisdiction_name(place.partition('-')[0])} ({place})"


def _has_rules(place: str, with_rules: Sequence[str]) -> bool:
    state = place.partition("-")[0]
    return state in with_rules or place in with_rules


def _never_stated(tally: Tally, guard: Guard, collector: Collector) -> Iterator[NeverStated]:
    if not tally.totals()[COMMUNICATIONS]:
        return
    stated = tally.rows(STATED)
    read = {rule.id: facts_read(rule) for rule in guard.rules}
    unsaid = ("collector.kind",) if collector.kind is None else ()
    for name in dict.fromkeys((*unsaid, *stateable_facts(guard.rules))):
        if name in stated:
            continue
        as_entry = f"entry.{name.removeprefix('communication.')}"
        rules = tuple(rule for rule, names in read.items() if name in names or as_entry in names)
        yield NeverStated(name, fact_phrase(name) or name, rules)


def _paragraphs(rulebook: Rulebook) -> Iterator[ParagraphLeft]:
    """The paragraphs that the coverage files beside the rules list and no rule encodes."""
    for path in _coverage_files(rulebook.paths.values()):
        try:
            law = coverage_of(rulebook.rules, read_source(path, COVERAGE_FILE))
        except GuardError:
            continue  # `rules check` tells what is wrong with it
        for paragraph in law.paragraphs:
            if paragraph.status not in ("encoded", "no_duty"):
                yield ParagraphLeft(law.law, paragraph.cite, paragraph.title, paragraph.status, paragraph.why)


def _coverage_files(rules: Iterable[Path]) -> list[Path]:
    folders = {folder for path in rules for folder in list(path.parents)[:3]}
    return sorted(found for folder in folders if (found := folder / COVERAGE_FILE).is_file())
