"""What a simulated life consists of, before a form of log is chosen for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    """A debt. Days are ordinals; money is cents. `last_day_to_sue`: the last of the limitation period."""

    id: str
    kind: str
    group: str
    creditor: str
    suffix: str
    cents: int
    defaulted: int
    placed: int
    incurred: int
    last_day_to_sue: int
    licence: str = ""


@dataclass(slots=True)
class Debtor:
    """A simulated consumer. `jurisdictions` and `zones` are those in which the consumer may be, the home's first.

    `number_given`: the consumer gave the mobile number to the creditors in the transactions. `checked_at`: the instant at
    which that number was last looked up for a new holder, `post_box` an address for mail that was found later, `serves`
    the first day of military service; empty or 0 where there is none.
    """

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
    number_given: bool = False
    checked_at: str = ""
    post_box: str = ""
    language: str = "en"
    serves: int = 0

    @property
    def zone(self) -> str:
        return self.home.zone

    def number_at(self, *places: str) -> Number | None:
        return next((each for each in self.numbers if each.place in places), None)


@dataclass(slots=True)
class Contact:
    """One communication, at a second of a local day of the consumer's home. `talk` is the seconds of an answered call.

    `more` are further columns of the log: what it discloses, asserts and states.
    """

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
    more: Mapping[str, str] = field(default_factory=dict)

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


@dataclass(slots=True)
class Act:
    """What the collector did besides communicating. `said` are further columns of the actions file."""

    serial: int
    day: int
    second: int
    type: str
    debts: tuple[str, ...]
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planted:
    """A violation that was put in on purpose. `rules` must be found violated; `also` may be, where they are in force.

    `contact`: the communication or act that breaks them; None where nothing is done, and a deadline passes.
    """

    contact: Contact | Act | None
    kind: str
    rules: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(slots=True)
class LifeStory:
    """All that happened with one consumer, each list in the order of time."""

    debtor: Debtor
    contacts: list[Contact] = field(default_factory=list)
    learnt: list[Learnt] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
