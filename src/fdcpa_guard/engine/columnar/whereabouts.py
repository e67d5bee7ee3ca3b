"""Where stored consumers may be: `locations.possible_locations`, of all at once.

What an address or a number points to is asked once for each that differs. Of a place nothing tells but its state, city and
clock, and so each stands once, whoever may be there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import TypeAlias, TypeVar

import numpy as np

from fdcpa_guard.engine.columnar.bucket import Runs
from fdcpa_guard.engine.columnar.columns import Array, spread
from fdcpa_guard.engine.columnar.people import People
from fdcpa_guard.engine.columnar.planes import Indices
from fdcpa_guard.facts.area_codes import one_of_its_place
from fdcpa_guard.facts.bind import NOWHERE, World
from fdcpa_guard.facts.locations import Location, locations_of_address, locations_of_number
from fdcpa_guard.facts.time_zones import stated_zone

T = TypeVar("T")
_Place: TypeAlias = tuple[str | None, str | None, str | None]
"""State, city and zone."""
_Owned: TypeAlias = tuple[Indices, Indices]
"""Places one after another, each beside whose it is."""


class Whereabouts:
    """`worlds` are the places of which any was found for anybody."""

    def __init__(self, people: People) -> None:
        """Raises FactsError: a stated time zone is none of IANA's."""
        self.worlds: list[World] = []
        self._numbers: dict[_Place, int] = {}
        self._places: list[_Place] = []
        own = people.own
        found = _together(
            self._pointed([each.places for each in own], locations_of_address),
            self._pointed([[one_of_its_place(number) for number in each.numbers] for each in own], locations_of_number),
        )
        owner, self._found = _each_once(found)
        self._runs = Runs(np.searchsorted(owner, np.arange(len(own) + 1)))
        self._profile = people.profile
        stated = [
            [stated_zone(name, f"consumer.time_zones[{place}]") for place, name in enumerate(each.time_zones)]
            for each in people.alike
        ]
        self._zones = list(dict.fromkeys(chain.from_iterable(stated)))
        self._zone = np.array([self._zones.index(zone) for zones in stated for zone in zones], np.int64)
        self._zone_runs = Runs.of([len(zones) for zones in stated])

    def of(self, consumer: Indices, called: Indices, numbers: Sequence[str | None]) -> tuple[Indices, Runs]:
        """The places of each consumer while `called`, the place of a number among `numbers`, is called: all of them one after
        another, and where those of each stand."""
        asked = np.arange(len(consumer))
        rows, places = spread(self._runs.first(consumer), self._runs.stop(consumer))
        by_number = [() if number is None else locations_of_number(number) for number in numbers]
        found = _each_once(_together((rows, self._found[places]), self._spread(asked, called, by_number)))
        owner, place = self._in_stated_zones(consumer, found)
        nowhere = np.flatnonzero(np.bincount(owner, minlength=len(consumer)) == 0)
        if len(nowhere):
            somewhere = np.full(len(nowhere), self._number(NOWHERE))
            owner, place = _together((owner, place), (nowhere, somewhere))
        return place, Runs(np.searchsorted(owner, np.arange(len(consumer) + 1)))

    def _in_stated_zones(self, consumer: Indices, found: _Owned) -> _Owned:
        """Stated time zones take the place of those that are derived; by themselves they are places of which no more is known."""
        owner, place = found
        profile = self._profile[consumer]
        stated = np.diff(self._zone_runs.starts)[profile]
        if not stated.any():
            return found
        pointed = np.bincount(owner, minlength=len(consumer)) > 0
        nothing = self._number(NOWHERE)
        alone = np.flatnonzero((stated > 0) & ~pointed)
        owner, place = _together((owner, place), (alone, np.full(len(alone), nothing)))
        of_owner = profile[owner]
        rows, zones = spread(self._zone_runs.first(of_owner), self._zone_runs.stop(of_owner))
        distinct, pairs = np.unique(place[rows] * len(self._zones) + self._zone[zones], return_inverse=True)
        moved = np.array([self._moved(*divmod(pair, len(self._zones))) for pair in distinct.tolist()], np.int64)[pairs]
        kept = np.flatnonzero(stated[owner] == 0)
        return _each_once(_together((owner[kept], place[kept]), (owner[rows], moved)))

    def _moved(self, place: int, zone: int) -> int:
        state, city, _ = self._places[place]
        return self._number(Location(state, city, self._zones[zone], f"stated time zone {self._zones[zone]}"))

    def _pointed(self, things: Sequence[Sequence[T]], locations: Callable[[T], Sequence[Location]]) -> _Owned:
        """The places to which the things of each consumer point."""
        codes: dict[T, int] = {}
        flat = np.array([codes.setdefault(each, len(codes)) for own in things for each in own], np.int64)
        lengths = np.fromiter(map(len, things), np.int64, len(things))
        return self._spread(np.repeat(np.arange(len(things)), lengths), flat, list(map(locations, codes)))

    def _spread(self, owner: Indices, code: Array, locations: Sequence[Sequence[Location]]) -> _Owned:
        """The places to which things point, each beside whose thing it is; `code` tells which of `locations` a thing has."""
        flat = np.array([self._number(each) for found in locations for each in found], np.int64)
        runs = Runs.of([len(found) for found in locations])
        rows, places = spread(runs.starts[:-1][code], runs.starts[1:][code])
        return owner[rows], flat[places]

    def _number(self, location: Location) -> int:
        place = location.state, location.city, location.zone
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = len(self.worlds)
            self.worlds.append(World(location))
            self._places.append(place)
        return number


def _together(*parts: _Owned) -> _Owned:
    """Those of all parts by their owners, of each in the order of the parts."""
    owner, place = (np.concatenate([part[which] for part in parts]) for which in (0, 1))
    order = np.argsort(owner, kind="stable")
    return owner[order], place[order]


def _each_once(found: _Owned) -> _Owned:
    """No place twice of one owner: where it is first, it stays."""
    owner, place = found
    _, firsts = np.unique(owner * (int(place.max(initial=0)) + 1) + place, return_index=True)
    kept = np.sort(firsts)
    return owner[kept], place[kept]
