"""Where a consumer may be: what the addresses and numbers on file, and the number called, point to.

A rule about the time must hold in every possible location (12 CFR part 1006, Supplement I, comment
6(b)(1)(i)-2): the place of an area code and that of an address both count, though a mobile number may have
moved with its owner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from fdcpa_guard.facts.area_codes import one_clock, place_of_number
from fdcpa_guard.facts.models import Address, Consumer
from fdcpa_guard.facts.time_zones import stated_zone
from fdcpa_guard.facts.zip_codes import cities_by_name, place_of_zip, zones_of_state

COUNTED: Final = ("home", "mailing")
"""The kinds of address that say where a consumer may be."""


@dataclass(frozen=True, slots=True)
class Location:
    """One place in which the consumer may be.

    `state` is a USPS code; None: not known, or (where `city` is "") a place outside the United States.
    `city` is the jurisdiction of a city with law of its own, such as "NY-NYC"; "": surely in none; None:
    not known. `zone` is an IANA name; None: not known, as for a military address.
    """

    state: str | None
    city: str | None
    zone: str | None
    because: str
    """What points there, for people: `home address, ZIP 78701`; several reasons are joined by `; `."""


AddressSaid: TypeAlias = tuple[str, str | None, str | None, str | None, str | None]
"""Kind, city, county, state, ZIP: what an address says of its place."""


def possible_locations(consumer: Consumer, called: str | None) -> tuple[Location, ...]:
    """Every place in which the consumer may be; none where nothing is known.

    Home and mailing addresses count, and the area codes of all numbers on file and of `called`, the number
    being called. Stated time zones take the place of those that would be derived, never of the states.
    Addresses come first, then numbers, as they are listed; no two agree in state, city and zone. An address
    or number that says a place which the data do not have (an unlisted ZIP, an area code newer than the data)
    gives a location of which nothing is known; a number that is malformed says nothing. What was not known at the instant judged is the caller's to leave out.

    Raises:
        FactsError: a stated time zone is none of IANA's.

    Source: 12 CFR 1006.6(b)(1)(i); comment 6(b)(1)(i)-2
    """
    return locations_pointed_to(
        consumer.time_zones,
        tuple([_say(address) for address in consumer.addresses if address.kind in COUNTED]),
        tuple([phone.number for phone in consumer.phones]),
        called,
    )


def locations_of_address(said: AddressSaid) -> tuple[Location, ...]:
    """Where an address points to by itself."""
    return _of_address(said)


def locations_of_number(number: str) -> tuple[Location, ...]:
    """Where a number on file points to by itself."""
    return _of_number(number, "a number on file")


def presumed_call_zone(consumer: Consumer, called: str | None) -> str | None:
    """The zone in which statutes that look at the number called presume the consumer to be.

    That of its area code; of the home address (in a stated time zone, where one is stated) where the number
    belongs to no place, as a toll-free one. None where the zones keep different clocks, or nothing is
    known.

    Source: Wash. Rev. Code 19.16.250(13)(c); Fla. Stat. 559.72(17)
    """
    if called is None:
        return None
    number = place_of_number(called)
    if number.place is not None:
        return one_clock(number.place.zones)
    if not number.placeless:
        return None
    homes = tuple(_say(address) for address in consumer.addresses if address.kind == "home")
    zones = [location.zone for location in locations_pointed_to(consumer.time_zones, homes, (), None)]
    known = tuple(zone for zone in zones if zone is not None)
    return one_clock(known) if len(known) == len(zones) else None


def states_of(locations: Iterable[Location]) -> tuple[str | None, ...]:
    """The states, each once, in the order of the locations; None among them where one is not known."""
    return tuple(dict.fromkeys(location.state for location in locations))


def zones_of(locations: Iterable[Location]) -> tuple[str | None, ...]:
    """The zones, each once, in the order of the locations; None among them where one is not known."""
    return tuple(dict.fromkeys(location.zone for location in locations))


def _say(address: Address) -> AddressSaid:
    return address.kind, address.city, address.county, address.state, address.zip


# Collectors call the same consumer again and again: 1 microsecond from the second time on, 35 before.
@lru_cache(maxsize=16384)
def locations_pointed_to(
    time_zones: tuple[str, ...], addresses: tuple[AddressSaid, ...], numbers: tuple[str, ...], called: str | None
) -> tuple[Location, ...]:
    """The same, by what of a consumer points to a place: stated zones, home and mailing addresses, and numbers on file."""
    pointed = [location for address in addresses for location in _of_address(address)]
    for number in numbers:
        pointed.extend(_of_number(number, "a number on file"))
    if called is not None:
        pointed.extend(_of_number(called, "the number called"))
    if not time_zones:
        return _joined(pointed)
    zones = [stated_zone(name, f"consumer.time_zones[{index}]") for index, name in enumerate(time_zones)]
    if not pointed:
        return _joined([Location(None, None, zone, f"stated time zone {zone}") for zone in zones])
    return _joined(
        [
            Location(location.state, location.city, zone, f"stated time zone {zone}, {location.because}")
            for location in pointed
            for zone in zones
        ]
    )


def _joined(pointed: Iterable[Location]) -> tuple[Location, ...]:
    reasons: dict[tuple[str | None, str | None, str | None], list[str]] = {}
    for location in pointed:
        because = reasons.setdefault((location.state, location.city, location.zone), [])
        if location.because not in because:
            because.append(location.because)
    return tuple(Location(*place, "; ".join(because)) for place, because in reasons.items())


def _locations(
    state: str | None, cities: Iterable[str | None], zones: tuple[str, ...], because: str
) -> list[Location]:
    return [Location(state, city, zone, because) for city in cities for zone in zones or (None,)]


@lru_cache(maxsize=16384)
def _of_address(address: AddressSaid) -> tuple[Location, ...]:
    """By the ZIP, and by the state where it says another; by all that is said, where sayings differ."""
    kind, town, county, stated, zip_code = address
    state = stated.upper() if stated else None
    found: list[Location] = []
    place = place_of_zip(zip_code) if zip_code else None
    if place is not None:
        named = (
            cities_by_name(place.state or "", county, town) if state in (None, place.state) else frozenset()
        )
        sure = named if place.city is None else named | {place.city}
        found.extend(
            _locations(place.state, sorted(sure) or (None,), place.zones, f"{kind} address, ZIP {zip_code}")
        )
    if state is not None and (place is None or place.state != state):
        zones = zones_of_state(state)
        if zones is None:
            because = f"{kind} address, state {state}, which the ZIP data do not have"
            found.append(Location(None, None, None, because))
        else:
            cities = sorted(cities_by_name(state, county, town)) or (None,)
            found.extend(_locations(state, cities, zones, f"{kind} address, state {state}"))
    if zip_code and not found:
        because = f"{kind} address, ZIP {zip_code}, which the ZIP data do not have"
        found.append(Location(None, None, None, because))
    return tuple(found)


@lru_cache(maxsize=16384)
def _of_number(number: str, whose: str) -> tuple[Location, ...]:
    known = place_of_number(number)
    if known.place is None and (known.placeless or not known.because):
        return ()
    if known.place is None:
        # A code newer than the data has a place all the same: what the other signals say does not settle it.
        return (Location(None, None, None, f"{known.because} of {whose}, which the data do not have"),)
    place = known.place
    return tuple(_locations(place.state, (place.city,), place.zones, f"{known.because} of {whose}"))
