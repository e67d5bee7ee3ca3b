"""Consumers of whom no object is made: what many have in common, and what is each one's own."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, Array, Codes
from fdcpa_guard.engine.columnar.planes import Indices
from fdcpa_guard.facts import models
from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.locations import AddressSaid, Location, locations_pointed_to


@dataclass(slots=True)
class Own:
    """What a consumer has in common with nobody: the numbers and email addresses, in the order in which they are stated,
    and what the home and mailing addresses say of their places."""

    numbers: tuple[str, ...]
    emails: tuple[str, ...]
    places: tuple[AddressSaid, ...]


@dataclass
class People:
    """Consumers by number. `whole` are all that is said of each, made when it is asked for.

    `alike` are consumers whose numbers and email addresses are their places among all that they have (`0`, `1`, ...), who
    have no id and no address; `profile` says which of them each one is like in all else. `contacts_of` gives a consumer with
    everything that is on file of the numbers and email addresses, and `more` those of whom that is more than a kind of line
    and a place. `contacts_apart` are those numbers and addresses of a consumer of which more is, as the engine compares them,
    each with all that is said of it but what it is; None of one who has a number or address twice. `contact` makes a
    consumer who has but one of them, which is called `0`.
    """

    whole: Sequence[models.Consumer]
    alike: Sequence[models.Consumer]
    profile: Indices
    own: Sequence[Own]
    more: Sequence[int]
    contacts_of: Callable[[int], models.Consumer]
    contacts_apart: Callable[[int], Sequence[tuple[str, bytes]] | None]
    contact: Callable[[bytes], models.Consumer]

    def __len__(self) -> int:
        return len(self.whole)

    def locations(self, consumer: int, called: str | None) -> tuple[Location, ...]:
        """See `possible_locations`."""
        own = self.own[consumer]
        return locations_pointed_to(self.alike[self.profile[consumer]].time_zones, own.places, own.numbers, called)

    def by_profile(self, read: Callable[[ConsumerFile], Any], collector: models.Collector) -> list[Any]:
        """What is read of each profile."""
        return [read(ConsumerFile(collector=collector, consumer=each)) for each in self.alike]

    def filed_alike(self, found: Sequence[Mapping[str, Hashable]], codes: Codes) -> Filed:
        """What is on file of each number and address, by what was read of the profiles."""
        number, places = self._contacts
        width = max(map(len, found), default=0)
        longest = max((int(place) for each in found for place in each), default=-1)
        width = max(width, longest + 1, int(places.max(initial=-1)) + 1)
        table = np.full((len(self.alike), width), UNSAID_CODE, np.int32)
        for profile, said in enumerate(found):
            for place, value in said.items():
                table[profile, int(place)] = codes.of(value)
        return Filed.of(number, codes.all(self._addresses), table[self.profile[number], places])

    def filed_apart(
        self, read: Callable[[ConsumerFile], Mapping[str, Hashable]], codes: Codes, collector: models.Collector
    ) -> Filed:
        """The same, by what is read of each number and address of which more is on file: once of those of which the same is."""
        found: list[tuple[int, str, Hashable]] = []
        known: dict[bytes, Hashable] = {}
        for number in self.more:
            apart = self.contacts_apart(number)
            if apart is None:
                said = read(ConsumerFile(collector=collector, consumer=self.contacts_of(number)))
                found.extend((number, address, value) for address, value in said.items())
                continue
            for address, contact in apart:
                if contact not in known:
                    alone = ConsumerFile(collector=collector, consumer=self.contact(contact))
                    known[contact] = next(iter(read(alone).values()), None)
                found.append((number, address, known[contact]))
        numbers = np.fromiter((number for number, _, _ in found), np.int64, len(found))
        return Filed.of(numbers, codes.all([address for _, address, _ in found]), codes.all([value for _, _, value in found]))

    @cached_property
    def _addresses(self) -> list[str]:
        """Every number and address, one consumer's after another's, as the engine compares them."""
        return [one_address(each) for own in self.own for each in chain(own.numbers, own.emails)]

    @cached_property
    def _contacts(self) -> tuple[Indices, Array]:
        """Whose each of them is, and its place among that consumer's."""
        lengths = np.fromiter((len(own.numbers) + len(own.emails) for own in self.own), np.int64, len(self.own))
        number = np.repeat(np.arange(len(self.own)), lengths)
        return number, np.arange(len(number)) - np.repeat(np.cumsum(lengths) - lengths, lengths)


@dataclass(frozen=True, slots=True, eq=False)
class Filed:
    """What is on file of numbers and addresses, as codes; `keys` are of consumer and address, in order."""

    keys: Array
    values: Array

    @staticmethod
    def of(consumers: Indices, addresses: Array, values: Array) -> Filed:
        said = np.flatnonzero(values != UNSAID_CODE)
        keys = _keys(consumers[said], addresses[said])
        # Of one that is stated twice the last stands.
        order = np.argsort(keys, kind="stable")
        return Filed(keys[order], values[said][order])

    def look_up(self, consumers: Indices, addresses: Array) -> Array:
        found = np.full(len(consumers), UNSAID_CODE, np.int32)
        if len(self.keys):
            asked = _keys(consumers, addresses)
            places = np.searchsorted(self.keys, asked, "right") - 1
            there = (self.keys[places] == asked) & (addresses != UNSAID_CODE)
            found[there] = self.values[places[there]]
        return found


def _keys(consumers: Indices, addresses: Array) -> Array:
    keys: Array = (consumers << 32) | (addresses.astype(np.int64) & 0xFFFFFFFF)
    return keys
