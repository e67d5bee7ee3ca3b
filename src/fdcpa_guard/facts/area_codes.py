"""Where a telephone number points: by its area code, or by its country."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from fdcpa_guard.facts.place_data import Place, read_lines, read_place
from fdcpa_guard.facts.time_zones import canonical_zone

# Any ten digits of the North American plan: an area code counts whether or not its exchange is in service.
_NORTH_AMERICAN: Final = re.compile(
    r"\s*(?:\+?1[-. ]*)?\(?([2-9]\d\d)\)?[-. /]*\d{3}[-. ]*\d{4}\s*", re.ASCII
)
_ASSIGNABLE: Final = re.compile(r"[2-9](?!11)[0-8]\d", re.ASCII)
"""Area codes that are, or may come to be, in use: not those of services, nor those kept for longer numbers."""

_PLAINLY: Final = re.compile(r"(\+1[2-9]\d\d)\d{7}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NumberPlace:
    """What a number says of a place. `place` is None where it says nothing.

    `placeless` is true where the number is known to belong to no place, such as a toll-free one, and false
    where nothing is known of it. `because` names the code that points: `area code 512`.
    """

    place: Place | None
    placeless: bool
    because: str


_NOTHING: Final = NumberPlace(None, False, "")


@lru_cache(maxsize=1)
def _index() -> tuple[dict[str, Place], frozenset[str], dict[str, int]]:
    """Places by area code, the codes without a place, and which zones keep one clock."""
    places: dict[str, Place] = {}
    placeless: frozenset[str] = frozenset()
    clocks: dict[str, int] = {}
    for number, line in enumerate(read_lines("area_codes.txt")):
        head, *words = line.split()
        if head == "clock":
            clocks.update(dict.fromkeys(words, number))
        elif head == "placeless":
            placeless = frozenset(words)
        else:
            places[head] = read_place(words)
    return places, placeless, clocks


@lru_cache(maxsize=1024)
def place_of_area_code(area_code: str) -> Place | None:
    """The place of an area code of the North American plan; None where it has none, or nobody knows of it."""
    return _index()[0].get(area_code)


@lru_cache(maxsize=65536)
def place_of_number(number: str) -> NumberPlace:
    """Where a number points, however it is written; without a country code it is taken as North American.

    A number that is malformed says nothing. One whose area code could have been assigned, and is not in the data, has
    a `because` and no place.
    """
    match = _NORTH_AMERICAN.fullmatch(number)
    if match is not None:
        return _north_american(match[1])
    # Mail addresses and words such as `anonymous` come in the same fields; `phonenumbers` takes 35 ms to
    # import.
    if "@" in number or not any(character.isdigit() for character in number):
        return _NOTHING
    return _by_library(number)


def one_of_its_place(number: str) -> str:
    """A number that points where this one does: the same one for all that are plainly of one area code."""
    match = _PLAINLY.fullmatch(number)
    return number if match is None else f"{match[1]}5550100"


@lru_cache(maxsize=1024)
def _north_american(area_code: str) -> NumberPlace:
    place, placeless = place_of_area_code(area_code), area_code in _index()[1]
    if place is None and not placeless and not _ASSIGNABLE.fullmatch(area_code):
        return _NOTHING
    return NumberPlace(place, placeless, f"area code {area_code}")


def _by_library(number: str) -> NumberPlace:
    import phonenumbers
    from phonenumbers import timezone

    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return _NOTHING
    if parsed.country_code == 1:
        digits = str(parsed.national_number)
        return _north_american(digits[:3]) if len(digits) == 10 else _NOTHING
    if not phonenumbers.is_valid_number(parsed):
        return _NOTHING
    because = f"country code {parsed.country_code}"
    named = (canonical_zone(name) for name in timezone.time_zones_for_number(parsed))
    zones = tuple(dict.fromkeys(zone for zone in named if zone is not None))
    if not zones:
        return NumberPlace(None, True, because)
    return NumberPlace(Place(None, "", zones), False, because)


def one_clock(zones: tuple[str, ...]) -> str | None:
    """The first of zones that all keep the same time by now; None where they do not, or there are none."""
    clocks = _index()[2]
    if len({clocks.get(zone, zone) for zone in zones}) == 1:
        return zones[0]
    return None
