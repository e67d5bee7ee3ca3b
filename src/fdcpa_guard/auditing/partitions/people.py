"""What the bodies of accounts say of consumers, without an object of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import orjson

from fdcpa_guard.auditing.consumers import merged_accounts
from fdcpa_guard.engine.columnar.people import Own, People
from fdcpa_guard.engine.columnar.stored import Lazy
from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.importers.rows import AccountFacts
from fdcpa_guard.facts.locations import COUNTED, AddressSaid
from fdcpa_guard.facts.models import Consumer, Email, Phone

_OF_CONTACTS: Final = frozenset({"number", "address", "line", "place"})
_OWN: Final = frozenset({"id", "addresses", "phones", "emails"})

Document = Mapping[str, Any]


def people(bodies: Sequence[tuple[bytes | None, int]]) -> People:
    """Consumers by the body of a row of accounts that they have (None: none), and in how many rows it stands."""
    documents = [_document(body, rows) for body, rows in bodies]
    known: dict[bytes, int] = {}
    alike: list[Consumer] = []
    profiles: list[int] = []
    own: list[Own] = []
    more: list[int] = []
    for number, said in enumerate(documents):
        phones, emails = said.get("phones", ()), said.get("emails", ())
        key = _profile(said, phones, emails)
        profile = known.get(key)
        if profile is None:
            profile = known[key] = len(alike)
            alike.append(Consumer.model_validate_json(key))
        profiles.append(profile)
        places = tuple(_place(each) for each in said.get("addresses", ()) if each.get("kind", "home") in COUNTED)
        own.append(Own(tuple(each["number"] for each in phones), tuple(each["address"] for each in emails), places))
        if any(not each.keys() <= _OF_CONTACTS for each in (*phones, *emails)):
            more.append(number)
    return People(
        Lazy(len(documents), lambda number: Consumer.model_validate(documents[number])), alike,
        np.array(profiles, np.int64), own, more, _contacts(documents), lambda number: _apart(documents[number]), _with_one,
    )  # fmt: skip


def _document(body: bytes | None, rows: int) -> Document:
    said: Document = {} if body is None else orjson.loads(body)
    if rows > 1:
        # All say the same, and yet what is put together of several rows is not what one of them says: see there.
        numbers = [each["number"] for each in said.get("phones", ())]
        addresses = [each["address"] for each in said.get("emails", ())]
        if len(set(numbers)) < len(numbers) or len(set(addresses)) < len(addresses):
            merged, _, _ = merged_accounts([AccountFacts("", 0, "", Consumer.model_validate(said))] * 2)
            said = orjson.loads(merged.model_dump_json(exclude_none=True, by_alias=True))
    return said


def _profile(said: Document, phones: Sequence[Document], emails: Sequence[Document]) -> bytes:
    """What is not a consumer's own, with a place for each number and address."""
    common = {name: value for name, value in said.items() if name not in _OWN}
    common["phones"] = [_contact("number", str(place), each) for place, each in enumerate(phones)]
    common["emails"] = [_contact("address", str(place), each) for place, each in enumerate(emails, len(phones))]
    return orjson.dumps(common)


def _contact(name: str, place: str, said: Document) -> dict[str, str]:
    found = {name: place}
    for each in ("line", "place"):
        if each in said:
            found[each] = said[each]
    return found


def _place(said: Document) -> AddressSaid:
    return said.get("kind", "home"), said.get("city"), said.get("county"), said.get("state"), said.get("zip")


def _contacts(documents: Sequence[Document]) -> Callable[[int], Consumer]:
    return lambda number: _with_contacts(documents[number])


def _with_contacts(said: Document) -> Consumer:
    return Consumer.model_construct(
        phones=tuple(map(Phone.model_validate, said.get("phones", ()))),
        emails=tuple(map(Email.model_validate, said.get("emails", ()))),
    )


def _apart(said: Document) -> list[tuple[str, bytes]] | None:
    """See `People.contacts_apart`."""
    found: list[tuple[str, bytes]] = []
    seen: set[str] = set()
    for contacts, name in (("phones", "number"), ("emails", "address")):
        for each in said.get(contacts, ()):
            address = one_address(each[name])
            if address in seen:
                return None
            seen.add(address)
            if not each.keys() <= _OF_CONTACTS:
                found.append((address, orjson.dumps({contacts: [{**each, name: "0"}]})))
    return found


def _with_one(contact: bytes) -> Consumer:
    return _with_contacts(orjson.loads(contact))
