"""Where an address lies: by its ZIP, else by its state, county and city."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from fdcpa_guard.facts.place_data import Place, read_city, read_lines, read_place

STATES_OF_CITIES: Final = {"NY": "NY-NYC", "IL": "IL-CHI"}
"""The states in which a city has law of its own."""


@lru_cache(maxsize=1)
def _index() -> tuple[dict[str, tuple[str, ...]], dict[str, list[str]]]:
    """The zones of each state, and the lines of each ZIP prefix, parsed only when asked for: 1 ms in all."""
    states: dict[str, tuple[str, ...]] = {}
    prefixes: dict[str, list[str]] = {}
    for line in read_lines("zip_codes.txt"):
        head, rest = line.split(" ", 1)
        if head == "state":
            state, *zones = rest.split()
            states[state] = tuple(zones)
        else:
            prefixes.setdefault(head, []).append(rest)
    return states, prefixes


@lru_cache(maxsize=1024)
def _prefix(prefix: str) -> dict[str, Place]:
    """The place of each ZIP of three first digits, by its two last."""
    places: dict[str, Place] = {}
    for line in _index()[1].get(prefix, ()):
        runs, *words = line.split()
        place = read_place(words)
        for run in runs.split(","):
            first, _, last = run.partition("-")
            for ending in range(int(first), int(last or first) + 1):
                places[f"{ending:02d}"] = place
    return places


def place_of_zip(zip_code: str) -> Place | None:
    """The place of a ZIP or ZIP+4; None where the data have no such ZIP."""
    return _prefix(zip_code[:3]).get(zip_code[3:5])


def zones_of_state(state: str) -> tuple[str, ...] | None:
    """Every zone of a state, that with most ZIPs first; None where the Postal Service has no such state."""
    return _index()[0].get(state)


@lru_cache(maxsize=1)
def _names() -> dict[tuple[str, str], dict[str, str | None]]:
    names: dict[tuple[str, str], dict[str, str | None]] = {}
    for line in read_lines("city_names.txt"):
        state, kind, city, found = line.split(" ", 3)
        names.setdefault((state, kind), {}).update(dict.fromkeys(found.split("|"), read_city(city)))
    return names


def cities_by_name(state: str, county: str | None, town: str | None) -> frozenset[str]:
    """Which city with law of its own, or "" for none, the stated county and town point to.

    Nothing where neither is known or both lie on either side of the city's line; two where they contradict
    each other.
    """
    if state not in STATES_OF_CITIES:
        return frozenset(("",))
    found: set[str] = set()
    for kind, name in (("county", county), ("town", town)):
        if name is not None:
            plain = " ".join(name.lower().split())
            city = _names()[state, kind].get(plain.removesuffix(" county"))
            if city is not None:
                found.add(city)
    return frozenset(found)
