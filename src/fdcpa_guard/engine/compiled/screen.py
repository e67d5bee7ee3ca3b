"""Keeps the programs, and picks the one for a communication in a possible location."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Final

from fdcpa_guard.engine.compiled.program import Compiled, Specialisation, compile_program
from fdcpa_guard.facts.bind import ConsumerFile, Entry, World
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.ruleset.applies import FEDERAL

ELSEWHERE: Final = "elsewhere"
"""The state of a place whose state is known and has no rules."""
_USUAL_PURPOSE: Final = "collection"
_USUAL_KINDS: Final = ("third_party_collector", "debt_buyer", "collection_law_firm")

_Key = tuple[str | None, str | None, str, str | None, str | None, str | None, str | None, int]


class Screen:
    """The rules as programs, made when first asked for; safe to share between threads.

    Two threads that ask for one program at once may both make it; they are the same.
    """

    def __init__(self, rules: Sequence[Rule], yields_to: Mapping[str, Sequence[Rule]]) -> None:
        self.rules = rules
        self.yields_to = yields_to
        codes = {rule.jurisdiction for rule in rules} - {FEDERAL}
        self._cities = frozenset(code for code in codes if "-" in code)
        self._states = frozenset(code.partition("-")[0] for code in codes)
        self._states_with_cities = frozenset(code.partition("-")[0] for code in self._cities)
        self._changes = _changes_of_law(rules)
        self._programs: dict[_Key, Compiled] = {}

    def program(self, c: Entry, f: ConsumerFile, w: World) -> Compiled | None:
        """The program for a communication; None where no clock is known, so that the interpreter has to judge."""
        if w.clock is None:
            return None
        purpose = _USUAL_PURPOSE if c.purpose == _USUAL_PURPOSE else None
        state, city = w.state, w.city
        if state is not None:
            if state not in self._states:
                state, city = ELSEWHERE, None
            elif state not in self._states_with_cities or (city is not None and city not in self._cities):
                city = ""
        elif city is not None and city not in self._cities:
            city = ""
        day = w.clock.day(c.at)
        return self._program(
            (
                f.collector.kind, c.channel, c.direction, c.person_role, purpose, state, city,
                bisect_right(self._changes, day),
            ),
            day,
        )  # fmt: skip

    def _program(self, key: _Key, day: int) -> Compiled:
        found = self._programs.get(key)
        if found is None:
            here = Specialisation(*key[:-1], day)
            found = self._programs[key] = compile_program(self.rules, self.yields_to, here)
        return found

    def warm(self) -> None:
        """Makes the programs of calls and texts to the consumer, under the newest law, in every place."""
        newest = self._changes[-1] if self._changes else 1
        places: list[tuple[str, str | None]] = [(ELSEWHERE, None)]
        for state in sorted(self._states):
            if state in self._states_with_cities:
                places.extend((state, city) for city in ("", *sorted(self._cities)) if state in (city[:2] or state))
            else:
                places.append((state, ""))
        for kind in _USUAL_KINDS:
            for channel in ("call", "text"):
                for state, city in places:
                    key = (kind, channel, "outbound", "consumer", _USUAL_PURPOSE, state, city, len(self._changes))
                    self._program(key, newest)


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
