"""What a simulated life consists of, before a form of log is chosen for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from fdcpa_guard.simulate.clocks import at_text, local_day
from fdcpa_guard.simulate.places import Home


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number on file: E.164, `mobile` or `landline`, and `personal`, `home` or `work`."""

    number: str
    line: str
    place: str


@dataclass(frozen=True, slots=True)
class Owed:
    """A debt. Days are ordinals; money is cents."""

    id: str
    kind: str
    group: str
    creditor: str
    suffix: str
    cents: int
    defaulted: int
    placed: int
    licence: str = ""


@dataclass(slots=True)
class Debtor:
    """A simulated consumer. `jurisdictions` and `zones` are those in which the consumer may be, the home's first."""

    index: int
    id: str
    home: Home
    street: str
    numbers: tuple[Number, ...]
    email: str
    debts: tuple[Owed, ...]
    jurisdictions: tuple[str, ...]
    zones: tuple[str, ...]
    agent: str

    @property
    def zone(self) -> str:
        return self.home.zone

    def number_at(self, *places: str) -> Number | None:
        return next((each for each in self.numbers if each.place in places), None)


@dataclass(slots=True)
class Contact:
    """One communication, at a second of a local day of the consumer's home. `talk` is the seconds of an answered call."""

    serial: int
    day: int
    second: int
    channel: str
    address: str
    place: str
    debts: tuple[str, ...]
    outcome: str
    agent: str = ""
    direction: str = "outbound"
    role: str = "consumer"
    person: str = ""
    relation: str = ""
    dialing: str = ""
    purpose: str = ""
    content: str = ""
    template: str = ""
    talk: int = 0

    def epoch(self, zone: str) -> int:
        return local_day(zone, self.day).midnight + self.second

    def at(self, zone: str) -> str:
        return at_text(zone, self.day, self.second)


@dataclass(slots=True)
class Learnt:
    """An event: what became known. `said` are further columns of the events file; `given_in` the contact that told it."""

    day: int
    second: int
    type: str
    said: dict[str, str] = field(default_factory=dict)
    given_in: Contact | None = None


@dataclass(frozen=True, slots=True)
class Planted:
    """A violation that was put in on purpose. `rules` must be found violated; `also` may be, where they are in force."""

    contact: Contact
    kind: str
    rules: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(slots=True)
class LifeStory:
    """All that happened with one consumer, each list in the order of time."""

    debtor: Debtor
    contacts: list[Contact] = field(default_factory=list)
    learnt: list[Learnt] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)


TEXT_WORDS: Final = (
    "This message is from a debt collector, Alder Recovery. Please call us about your account at 888-555-0100. "
    "Reply STOP to opt out."
)
EMAIL_WORDS: Final = (
    "This is Alder Recovery. This communication is from a debt collector, about your account. You may call us at "
    "888-555-0100. To get no more emails, reply with STOP."
)
STOP_WORDS: Final = "STOP"
CONFIRMATION_WORDS: Final = "You have opted out and will get no more texts from us at this number."
