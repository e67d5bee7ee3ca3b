"""The structures inside a contact record of Amazon Connect, and the parsers of their cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.table import column_name

_READ_SEGMENTS: Final = frozenset({"connect:subtype", "connect:direction"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a contact. `type` is in capitals, empty where the record does not say."""

    type: str
    address: str

    @property
    def email(self) -> str | None:
        return one_address(self.address) if "@" in self.address and self.type in ("", "EMAIL_ADDRESS") else None


@dataclass(frozen=True, slots=True)
class Agent:
    """The agent of a contact. `seconds` is how long they took part, where the record says so."""

    name: str | None
    connected: datetime | None
    seconds: float | None

    @property
    def talked(self) -> bool:
        """By the seconds where they are told, else by the agent having been connected."""
        return self.connected is not None if self.seconds is None else self.seconds > 0


def structure(value: object) -> Mapping[str, object] | None:
    """The members that say something, by their names in small letters; None where there are none.

    Raises:
        ValueError: the cell holds something else.
    """
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            raise ValueError("expected a structure") from None
    if not isinstance(value, Mapping):
        raise ValueError("expected a structure")
    return {str(name).lower(): said for name, said in value.items() if said not in (None, "")} or None


def endpoint(value: object) -> Endpoint | None:
    """None where there is no address. Raises ValueError: no structure, or an address that is no text."""
    found = structure(value) or {}
    if "address" not in found:
        return None
    return Endpoint(c.text(found.get("type", "")).upper(), c.text(found["address"]))


def agent(value: object) -> Agent | None:
    """None where nothing stands in it. Raises ValueError: no structure, or a time or duration that cannot be read."""
    found = structure(value)
    if found is None:
        return None
    name, connected, seconds = (
        found.get("username") or found.get("id"),
        found.get("connectedtoagenttimestamp"),
        found.get("agentinteractionduration"),
    )
    return Agent(
        None if name is None else c.text(name),
        None if connected is None else c.instant(connected),
        None if seconds is None else c.number(seconds),
    )


def segment_attributes(value: object) -> Mapping[str, str] | None:
    """Texts by name; in the records each stands in a structure of its own.

    Raises:
        ValueError: no structure, or one of those that are read is no text.
    """
    said: dict[str, str] = {}
    for name, held in (structure(value) or {}).items():
        inner = (structure(held) or {}).get("valuestring") if isinstance(held, Mapping) else held
        if isinstance(inner, str):
            said[name] = inner
        elif name in _READ_SEGMENTS:
            raise ValueError(f"expected a text in `{name}`")
    return said or None


def recipients(value: object) -> tuple[str, ...]:
    """The email addresses of lists of them, as `one_address` writes them, each once.

    Raises:
        ValueError: no structure of lists, or a member of one has no email address.
    """
    found: dict[str, None] = {}
    for held in (structure(value) or {}).values():
        if not isinstance(held, list):
            raise ValueError("expected lists of email addresses")
        for each in held:
            said = (structure(each) or {}) if isinstance(each, Mapping) else {"address": each}
            address = said.get("address") or said.get("emailaddress")
            if not isinstance(address, str) or "@" not in address[1:]:
                raise ValueError("expected an email address such as pat@example.com")
            found[one_address(address)] = None
    return tuple(found)


def attributes(value: object) -> Mapping[str, str] | None:
    """The texts among the shop's own attributes, by their names as `column_name` writes them. Raises ValueError: no structure."""
    said = {
        column_name(name): c.text(held)
        for name, held in (structure(value) or {}).items()
        if isinstance(held, str | int) and not isinstance(held, bool)
    }
    return said or None
