"""The file of events: one row for each thing that became known about a consumer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, get_args

from fdcpa_guard.facts import models
from fdcpa_guard.facts import names as names_of
from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.columns import Column, ColumnReader
from fdcpa_guard.facts.importers.consumer_column import ConsumerColumn
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.from_models import remaining
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Item, LogEvent
from fdcpa_guard.facts.models import Event
from fdcpa_guard.values import parse_clock_time
from fdcpa_guard.vocabulary import load_vocabulary

EVENT_TYPES: Final = load_vocabulary().sets["event_type"]
_CHANNELS: Final = get_args(names_of.Channel)
_DAYS: Final = get_args(names_of.Weekday)


def _clock_time(value: object) -> str:
    written = c.text(value)
    if parse_clock_time(written) is None:
        raise ValueError('expected a clock time such as "15:00" or "8:00 a.m."')
    return written


def _until_or_what(value: object) -> object:
    if isinstance(value, str) and "|" not in value:
        return value.strip()
    return c.listing(value)


def _name(name: str, names: tuple[str, ...], meaning: str) -> Column:
    return Column(name, "name", meaning, c.one_of(names), repeats=True, names=names)


def _text(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning, c.text, repeats=True)


def _truth(name: str, meaning: str) -> Column:
    return Column(name, "true or false", meaning, c.truth, repeats=True)


_DECLARED: Final[tuple[Column, ...]] = (
    Column("consumer_id", "text", "whom it concerns", c.text, required=True, repeats=True),
    Column("at", "instant", "when it happened, with an offset", c.instant, required=True),
    Column("type", "name", "what became known", c.one_of(EVENT_TYPES), required=True, repeats=True, names=EVENT_TYPES),
    Column("known_at", "instant", "when the collector learnt of it, where that is later", c.instant),
    Column("ends", "instant", "when it lapses", c.instant),
    Column("debt_ids", "list", "the debts concerned; all of the consumer's where nothing is said", c.listing, "debts",
           repeats=True),
    _text("attorney", "the attorney's name"),
    _truth("contact_known", "the attorney's name and address are known or readily found"),
    _truth("written", "it was in writing"),
    _truth("duplicative", "a dispute that repeats an earlier one"),
    _name("channel", _CHANNELS, "the channel refused or allowed"),
    Column("address", "number or address", "the number or address concerned", c.address, repeats=True),
    _name("place", get_args(names_of.Place), "the place concerned"),
    Column("days", "list", f"days of the week: {', '.join(_DAYS)}", c.several_of(_DAYS), repeats=True, names=_DAYS),
    Column("from", "clock time", "when the hours named begin, by the consumer's clock", _clock_time, repeats=True),
    Column("to", "clock time or list", "when the hours named end; of `consent_given`, what is consented to",
           _until_or_what, repeats=True),
    Column("hours", "JSON", "the hours of a consent: {days, from, to} or a list of them",
           c.nested(models.Hours | tuple[models.Hours, ...], "hours {days, from, to}")),
    _text("given_in", "the id of the communication in which a consent was given"),
    _name("given_to", ("collector", "creditor", "prior_collector"), "to whom a consent was given"),
    Column("until", "instant", "when a consent ends", c.instant),
    _name("medium", _CHANNELS, "the medium in which it came or went"),
    Column("amount", "money", "the amount, in dollars", c.money),
    _text("language", "the language, as a BCP 47 tag"),
    _text("notice", "the statutory notice, by name"),
    _text("notice_form", "the form of the notice"),
    _text("notice_to", "to whom the notice went"),
    Column("received_at", "instant", "when it was received", c.instant),
    _text("mail_class", "the class of mail"),
    _truth("complete", "it is complete"),
    Column("deadline", "instant or date", "the day or instant by which to act", c.instant_or_day),
    Column("instalments", "number", "the number of instalments", c.whole_number),
    _truth("oral", "it was oral"),
    _truth("sworn", "it is sworn"),
    _truth("certified_mail", "it came by certified mail"),
    _truth("continues", "collection continues after a coerced-debt claim"),
    _text("jurisdiction", "the state concerned"),
    Column("person", "JSON", "{role, id, relation, household} of the person concerned", c.nested(models.Person, "a person")),
)  # fmt: skip

EVENT_COLUMNS: Final[tuple[Column, ...]] = (*_DECLARED, *remaining(Event, "event", _DECLARED))

PERMITTING: Final = frozenset({
    "attorney_unresponsive", "attorney_consents", "cease_withdrawn", "medium_allowed", "time_convenient",
    "place_convenient", "employer_allows", "consent_given", "court_permission",
})  # fmt: skip
"""Events that make something lawful. One of them is never taken in part: an end that was not read would be no end."""

NESTED_COLUMNS: Final = (Column("debts", "list", "another name of debt_ids", c.listing),)


class CanonicalEvents:
    """Reads rows of the events file."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._reader = ColumnReader((*EVENT_COLUMNS, *NESTED_COLUMNS), context.reports, context.clock)
        self._consumer = ConsumerColumn()

    @property
    def unknown_columns(self) -> Sequence[str]:
        return tuple(self._reader.unknown)

    def consumers_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        return self._consumer.all_of(columns, cells)

    def read(self, row: int, columns: tuple[str, ...], cells: Sequence[object]) -> Sequence[Item]:
        fields = self._reader.fields(row, columns, cells, lambda found: self._consumer.all_of(columns, found))
        if fields is None:
            return ()
        consumer: Any = fields.pop("consumer_id")
        if self._reader.refused and fields["type"] in PERMITTING:
            self._context.reports.leave_out(
                ProblemKind.BAD_VALUE,
                f"`{fields['type']}` permits something, and may permit less than it seems without the value that was not read",
                row,
                self._reader.refused[0],
                consumer_id=consumer,
            )
            return ()
        event = self._context.made(lambda: Event.model_validate(fields), row, consumer)
        if event is None:
            return ()
        return (LogEvent(consumer, row, self._context.file, event),)

    def finish(self) -> None:
        """Nothing waits for the end of the file."""
