"""Keeps the programs, and picks the one for a communication in a possible location."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Final

from fdcpa_guard.engine.compiled.program import ANY_DIALING, Compiled, Specialisation, Workshop
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.rulefile.walk import selections_of
from fdcpa_guard.ruleset.applies import FEDERAL

ELSEWHERE: Final = "elsewhere"
"""The state of a place whose state is known and has no rules."""
_USUAL_PURPOSE: Final = "collection"
_USUAL_DIALING: Final = frozenset({None, "manual"})
_USUAL_KINDS: Final = ("third_party_collector", "debt_buyer", "collection_law_firm")

_OFTEN: Final = 1_000
"""A program saves no more than a thousandth of what it costs to make, and a set of events may never come again."""

_MOST_PROGRAMS: Final = 600
"""Beyond that many, programs are made that ask for themselves which events are on file."""

_NO_EVENTS: Final[frozenset[str]] = frozenset()
_Place = tuple[str | None, str | None]
_Key = tuple[
    str | None, str | None, str, str | None, str | None, str | None, bool, _Place, frozenset[str] | None, int
]  # fmt: skip


class Screen:
    """The rules as programs, made when first asked for; safe to share between threads: one at a time makes them."""

    def __init__(self, rules: Sequence[Rule], yields_to: Mapping[str, Sequence[Rule]]) -> None:
        codes = {rule.jurisdiction for rule in rules} - {FEDERAL}
        self._cities = frozenset(code for code in codes if "-" in code)
        self._states = frozenset(code.partition("-")[0] for code in codes)
        self._states_with_cities = frozenset(code.partition("-")[0] for code in self._cities)
        self._changes = _changes_of_law(rules)
        self._events = frozenset(
            name for rule in rules for select in selections_of(rule) for name in select.events or ()
        )
        self._asked: dict[_Key, int] = {}
        """How often each set of events was asked for; of every other part of a key, whether any was."""
        self._places: dict[_Place, _Place] = {}
        self._programs: dict[_Key, Compiled] = {}
        self._workshop = Workshop(rules, yields_to)
        self._making = Lock()

    def program(self, c: Entry, f: ConsumerFile, w: World) -> Compiled | None:
        """The program for a communication; None where no clock is known, so that the interpreter has to judge."""
        if w.clock is None:
            return None
        day = w.clock.day(c.at)
        key = (
            f.collector.kind, c.channel, c.direction, c.person_role,
            _USUAL_PURPOSE if c.purpose == _USUAL_PURPOSE else None, c.dialing if c.dialing in _USUAL_DIALING else ANY_DIALING, c.plain,
            self._places.get((w.state, w.city)) or self._place(w.state, w.city),
            f.event_types & self._events if f.event_types else _NO_EVENTS,
            bisect_right(self._changes, day),
        )  # fmt: skip
        return self._programs.get(key) or self._chosen(key, day)

    def _chosen(self, key: _Key, day: int) -> Compiled:
        """A program of its own for events that are often together on file; one that asks for them serves the others."""
        if key[-2]:
            serves_all: _Key = (*key[:-2], None, key[-1])
            asked = self._asked[key] = self._asked.get(key, 0) + 1
            if asked <= _OFTEN and serves_all in self._asked:
                return self._programs.get(serves_all) or self._made(serves_all, day)
            self._asked.setdefault(serves_all, 0)
        return self._made(key, day)

    def _place(self, state: str | None, city: str | None) -> _Place:
        """The place as far as any rule tells it from another."""
        place: _Place = state, city
        if state is not None and state not in self._states:
            place = ELSEWHERE, None
        elif (state is not None and state not in self._states_with_cities) or (
            city is not None and city not in self._cities
        ):
            place = state, ""
        self._places[state, city] = place
        return place

    def _made(self, key: _Key, day: int) -> Compiled:
        if len(self._programs) > _MOST_PROGRAMS and key[-2] is not None:
            key = (*key[:-2], None, key[-1])
            found = self._programs.get(key)
            if found is not None:
                return found
        kind, channel, direction, role, purpose, dialing, plain, (state, city), events, _ = key
        # Any day between two changes of law is like the others; the first is taken, so that programs are shared.
        day = self._changes[key[-1] - 1] if key[-1] else day
        here = Specialisation(kind, channel, direction, role, purpose, dialing, plain, state, city, events, day)
        with self._making:
            made = self._programs[key] = self._workshop.program(here)
        return made

    def warm(self) -> None:
        """Makes the programs of calls and texts to a consumer with no events on file, under the newest law."""
        newest = self._changes[-1] if self._changes else 1
        places: list[_Place] = [(ELSEWHERE, None)]
        for state in sorted(self._states):
            cities = [city for city in sorted(self._cities) if city.startswith(state + "-")]
            places.extend((state, city) for city in ("", *cities))
        for kind in _USUAL_KINDS:
            for channel in ("call", "text"):
                for place in places:
                    contact = (kind, channel, "outbound", "consumer", _USUAL_PURPOSE, None, True, place)
                    self._made((*contact, _NO_EVENTS, len(self._changes)), newest)


def _changes_of_law(rules: Sequence[Rule]) -> list[int]:
    """The days on which a rule or one of its values begins or has ended."""
    days: set[int] = set()
    for rule in rules:
        spans = [rule.in_force, *(dated.in_force for each in rule.parameters.values() for dated in each.values)]
        for span in spans:
            if span.start is not None:
                days.add(span.start)
            if span.end is not None:
                days.add(span.end + 1)
    return sorted(days)
