"""What of a record is its own, and what it shares with many others: its shape.

Millions of communications differ in when they were, to which number and about which debt; in all else there are some
hundreds of kinds. What is the record's own has a column each; the rest is one JSON text, the shape, which is kept once for
all records that have it, and read once. Truths that a record states have one column together: where several are stated of
every record independently of each other, hardly two records would share a shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import orjson

from fdcpa_guard.auditing.partitions.kinds import DAYS_OF_ACTION
from fdcpa_guard.facts.models import Action, Communication, Event, Person
from fdcpa_guard.values import datetime_of, instant_of, parse_day

OWN_OF_COMMUNICATION: Final = (
    "at", "known_at", "id", "address", "agent", "sender", "debts", "subject", "period_ends", "stated",
    "template",
)  # fmt: skip
OWN_OF_EVENT: Final = ("at", "known_at", "ends", "received_at", "address", "given_in", "debts")
OWN_OF_ACTION: Final = ("at", "known_at", "id", "debts", "amount", "directed_to", *DAYS_OF_ACTION)
PERIOD_ENDS: Final = "period_ends"
_AS_JSON: Final = frozenset({"debts", "stated"})
_INSTANTS: Final = frozenset({"at", "known_at", "ends", "received_at"})
_DAYS: Final = frozenset({PERIOD_ENDS, *DAYS_OF_ACTION})
PERSON_ID: Final = "person_id"
"""A field of a field: whose id a person has is its own, the role is not."""
TRUTHS: Final = "truths"
"""The column of what a communication says of `TRUTHS_OF_COMMUNICATION`: two bits for each, in their order; none where it says
nothing of any."""
_FEEDS_ANOTHER: Final = frozenset({"limited_content"})
"""Truths that are no fact by themselves: the fact of that name is made of them and other fields."""
TRUTHS_OF_COMMUNICATION: Final = tuple(
    name for name, field in Communication.model_fields.items() if field.annotation == bool | None and name not in _FEEDS_ANOTHER
)
BITS_OF_A_TRUTH: Final = 2
SAID_FALSE, SAID_TRUE = 1, 2
"""What the bits of a truth are; 0 where nothing is said of it."""

Own = dict[str, Any]


def split_communication(said: Communication) -> tuple[Own, bytes]:
    """The fields that are its own (instants as microseconds, days as ordinals, lists and structures as JSON), and its shape."""
    body: dict[str, Any] = orjson.loads(said.__pydantic_serializer__.to_json(said, exclude_none=True, by_alias=True))
    own = _taken(body, said, OWN_OF_COMMUNICATION)
    person = body.get("person")
    own[PERSON_ID] = None if person is None else person.pop("id", None)
    own[TRUTHS] = _packed(body)
    return own, orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def split_event(said: Event) -> tuple[Own, bytes]:
    body: dict[str, Any] = orjson.loads(said.__pydantic_serializer__.to_json(said, exclude_none=True, by_alias=True))
    own = _taken(body, said, OWN_OF_EVENT)
    return own, orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def split_action(said: Action) -> tuple[Own, bytes]:
    """An amount is written as the model writes it."""
    body: dict[str, Any] = orjson.loads(said.__pydantic_serializer__.to_json(said, exclude_none=True, by_alias=True))
    own = _taken(body, said, OWN_OF_ACTION)
    return own, orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def _taken(body: dict[str, Any], said: Communication | Event | Action, names: tuple[str, ...]) -> Own:
    own: Own = {}
    for name in names:
        value = body.pop(name, None)
        if value is None:
            own[name] = None
        elif name in _INSTANTS:
            moment: datetime = getattr(said, name)
            own[name] = instant_of(moment)
        elif name in _DAYS:
            own[name] = parse_day(value)
        elif name in _AS_JSON:
            own[name] = orjson.dumps(value).decode()
        else:
            own[name] = value
    return own


def _packed(body: dict[str, Any]) -> int | None:
    """The truths that a document states, which it then states no longer."""
    found = 0
    for place, name in enumerate(TRUTHS_OF_COMMUNICATION):
        said = body.pop(name, None)
        if said is not None:
            found |= (SAID_TRUE if said else SAID_FALSE) << BITS_OF_A_TRUTH * place
    return found or None


def _unpacked(truths: int) -> dict[str, bool]:
    said = ((name, truths >> BITS_OF_A_TRUTH * place & 3) for place, name in enumerate(TRUTHS_OF_COMMUNICATION))
    return {name: bits == SAID_TRUE for name, bits in said if bits}


def own_fields(own: Mapping[str, Any], person: Person | None) -> dict[str, Any]:
    """What is a record's own, as the model has it; `person` is the person of its shape."""
    found: dict[str, Any] = {}
    for name, value in own.items():
        if name in _INSTANTS:
            found[name] = datetime_of(value)
        elif name in _DAYS:
            found[name] = date.fromordinal(value)
        elif name == "debts":
            found[name] = tuple(orjson.loads(value))
        elif name == PERSON_ID:
            found["person"] = Person(id=value) if person is None else person.model_copy(update={"id": value})
        elif name == TRUTHS:
            found |= _unpacked(value)
        else:
            found[name] = value
    return found


def joined(own: Mapping[str, Any], shape: bytes) -> dict[str, Any]:
    """The document of a record, from both."""
    body: dict[str, Any] = orjson.loads(shape)
    for name, value in own.items():
        if value is None:
            continue
        if name in _INSTANTS:
            body[name] = datetime_of(value)
        elif name in _DAYS:
            body[name] = date.fromordinal(value)
        elif name in _AS_JSON:
            body[name] = orjson.loads(value)
        elif name == PERSON_ID:
            body.setdefault("person", {})["id"] = value
        elif name == TRUTHS:
            body |= _unpacked(value)
        else:
            body[name] = value
    return body
