"""The project's own log: one row a communication, the same table as CSV, JSON lines or Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, get_args

from fdcpa_guard.facts import models
from fdcpa_guard.facts import names as names_of
from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.columns import Column, ColumnReader
from fdcpa_guard.facts.importers.consumer_column import ConsumerColumn
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.from_models import remaining
from fdcpa_guard.facts.importers.rows import Item, LogRow
from fdcpa_guard.facts.models import CallerId, Communication, Person

_NAMES: Final = {
    "channel": get_args(names_of.Channel),
    "direction": get_args(names_of.Direction),
    "role": get_args(names_of.Role),
    "place": get_args(names_of.Place),
    "outcome": get_args(names_of.Outcome),
    "dialing": get_args(names_of.Dialing),
    "purpose": get_args(names_of.Purpose),
}


def _name(name: str, of: str, meaning: str, field: str = "") -> Column:
    names = _NAMES[of]
    return Column(name, "name", meaning, c.one_of(names), field, repeats=True, names=names)


def _text(name: str, meaning: str, field: str = "", *, repeats: bool = False, required: bool = False) -> Column:
    return Column(name, "text", meaning, c.text, field, required=required, repeats=repeats)


def _truth(name: str, meaning: str, field: str = "") -> Column:
    return Column(name, "true or false", meaning, c.truth, field, repeats=True)


def _list(name: str, meaning: str, field: str = "") -> Column:
    return Column(name, "list", meaning, c.listing, field, repeats=True)


def _list_or_none(name: str, meaning: str) -> Column:
    return Column(name, "list", f"{meaning}; `none` where there is none", c.or_none(c.listing), repeats=True, or_none=True)


_DECLARED: Final[tuple[Column, ...]] = (
    _text("id", "the communication's id; the same id twice is one communication"),
    Column("at", "instant", "when it was initiated, with an offset", c.instant, required=True),
    Column("known_at", "instant", "when the collector learnt of it, where that is later", c.instant),
    _text("consumer_id", "whose log it belongs to", repeats=True, required=True),
    _name("channel", "channel", "the channel; a voicemail is a call of that outcome"),
    _name("direction", "direction", "outbound where nothing is said"),
    _name("person_role", "role", "who was contacted; the consumer where nothing is said"),
    _text("person_id", "an id of the person contacted", repeats=True),
    _text("person_relation", "the person's relation to the consumer", repeats=True),
    _truth("person_household", "the person is of the consumer's household"),
    Column("address", "number or address", "the number (in E.164), e-mail or postal address used", c.address, repeats=True),
    _name("place", "place", "whose or what place that address is"),
    _list("debt_ids", "the debts that it was about", "debts"),
    _list_or_none("debts_discussed", "the debts in fact talked of, where they differ"),
    _name("outcome", "outcome", "how it ended"),
    _name("dialing", "dialing", "how the call was dialled"),
    _name("purpose", "purpose", "collection where nothing is said"),
    _text("content", "what was said or written"),
    _text("subject", "the subject line", repeats=True),
    _text("envelope", "what shows on the outside", repeats=True),
    Column("turns", "JSON", "a transcript in place of content: a list of {speaker, text, at_seconds}",
           c.nested(tuple[models.Turn, ...], "a list of turns")),
    _text("language", "its language, as a BCP 47 tag", repeats=True),
    _list("languages", "its languages, where it mixes several"),
    _text("template", "the template that it was made from", repeats=True),
    _text("agent", "the agent", repeats=True),
    _text("profile_name", "the name that a social media profile shows", repeats=True),
    _truth("public", "visible to the public or to social contacts"),
    Column("sender", "number or address", "the number or address that it comes from", c.address, repeats=True),
    Column("caller_id_number", "number or address", "the number that the called person sees", c.address, repeats=True),
    _text("caller_id_name", "the name that the called person sees", repeats=True),
    _truth("charges_recipient", "the recipient pays for it"),
    _truth("recorded", "it was recorded"),
    _truth("recording_consent", "the recording was consented to"),
    _list_or_none("enclosures", "what was enclosed"),
    _text("mail_class", "the class of mail", repeats=True),
    _truth("consent_request", "it asks only for consent to a medium"),
    _truth("message_possible", "a message could be left"),
    Column("disconnect_seconds", "number", "seconds after which the line was dropped", c.number),
    _truth("limited_content", "it is a limited-content message"),
    _truth("legally_required", "a law requires it"),
    _text("raw_outcome", "the vendor's own code of the outcome, kept as evidence", repeats=True),
    Column("updated_at", "instant", "when the record was last changed; of two copies the later one counts", c.instant),
)  # fmt: skip

LOG_COLUMNS: Final[tuple[Column, ...]] = (
    *_DECLARED,
    *remaining(Communication, "communication", _DECLARED, ("person", "caller_id")),
)

NESTED_COLUMNS: Final[tuple[Column, ...]] = (
    Column("person", "JSON", "{role, id, relation, household}", c.nested(Person, "a person")),
    Column("caller_id", "JSON", "{number, name}", c.nested(CallerId, "a caller id")),
    _list("debts", "another name of debt_ids"),
)
"""What JSON and Parquet rows may carry besides, in the shape of the scenario document."""

_PERSON: Final = {
    "person_role": "role",
    "person_id": "id",
    "person_relation": "relation",
    "person_household": "household",
}
_CALLER: Final = {"caller_id_number": "number", "caller_id_name": "name"}


# The parsers of the declared columns have checked these fields as the model would.
_CHECKED: Final = (
    frozenset({column.fills for column in _DECLARED} | {"person", "caller_id"}) & Communication.model_fields.keys()
)
_NOTHING_SAID: Final[dict[str, object]] = dict.fromkeys(Communication.model_fields)


def _built(fields: dict[str, object]) -> Communication:
    """The model of fields that are checked already.

    What pydantic's own `model_construct` does, in a tenth of its time; validating again would take a fifth of a whole row.
    """
    made = Communication.__new__(Communication)
    put = object.__setattr__
    put(made, "__dict__", _NOTHING_SAID | fields)
    put(made, "__pydantic_fields_set__", set(fields))
    put(made, "__pydantic_extra__", None)
    put(made, "__pydantic_private__", None)
    return made


class CanonicalLog:
    """Reads rows of the canonical log.

    `called` gives the columns names of a file's own, by their canonical names; then no others are read.
    """

    def __init__(self, context: Context, called: Mapping[str, str] | None = None) -> None:
        self._context = context
        columns: Sequence[Column] = (*LOG_COLUMNS, *NESTED_COLUMNS)
        if called is not None:
            columns = [replace(k, name=called[k.name], field=k.fills) for k in LOG_COLUMNS if k.name in called]
        called = called or {}
        self._reader = ColumnReader(columns, context.reports, context.clock)
        self._persons: dict[tuple[object, ...], Person] = {}
        self._consumer = ConsumerColumn(called.get("consumer_id", "consumer_id"))
        self._role = called.get("person_role", "person_role")

    @property
    def unknown_columns(self) -> Sequence[str]:
        return tuple(self._reader.unknown)

    @property
    def refused(self) -> Sequence[str]:
        """The columns of the last row that say what cannot be read, or whose names are nearly those of known ones."""
        return self._reader.refused

    def consumers_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        return self._consumer.all_of(columns, cells)

    def read(self, row: int, columns: tuple[str, ...], cells: Sequence[object]) -> Sequence[Item]:
        context = self._context
        fields = self._reader.fields(row, columns, cells, lambda found: self._consumer.all_of(columns, found))
        if fields is None:
            return ()
        consumer: Any = fields.pop("consumer_id")
        raw_outcome: Any = fields.pop("raw_outcome", None)
        updated_at: Any = fields.pop("updated_at", None)
        person = {name: fields.pop(column) for column, name in _PERSON.items() if column in fields}
        if self._role in self._reader.refused:
            # Nothing said would mean the consumer.
            person["role"] = "unknown"
        if person:
            fields["person"] = self._person(person)
        if "caller_id_number" in fields or "caller_id_name" in fields:
            caller = {name: fields.pop(column) for column, name in _CALLER.items() if column in fields}
            fields["caller_id"] = CallerId.model_validate(caller)
        known = fields.keys() <= _CHECKED
        communication = context.made(
            lambda: _built(fields) if known else Communication.model_validate(fields), row, consumer
        )
        if communication is None:
            return ()
        return (LogRow(consumer, row, context.file, communication, raw_outcome, updated_at),)

    def finish(self) -> None:
        """Nothing waits for the end of the file."""

    def _person(self, said: dict[str, object]) -> Person:
        key = tuple(said.items())
        person = self._persons.get(key)
        if person is None:
            person = Person.model_validate(said)
            if len(self._persons) < 10_000:
                self._persons[key] = person
        return person
