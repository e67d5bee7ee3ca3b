"""Where the days of many contacts are cut: what `scrubbing.windows.cuts` gives of each, for all at once.

What hangs on where a consumer may be, how the contact is made and which day it is for, very many contacts have in common:
midnights and the clock times of rules. Each such class is worked out once. What a file has an instant of is laid against
the days of its contacts by columns; hours that somebody named are looked at consumer by consumer, and few did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import pyarrow as pa

from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Texts, spread
from fdcpa_guard.engine.columnar.stored import Stored
from fdcpa_guard.engine.deciding import clock_among
from fdcpa_guard.facts.area_codes import place_of_number
from fdcpa_guard.facts.bind import NOWHERE, ConsumerFile, World
from fdcpa_guard.facts.clock import Clock
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.locations import presumed_call_zone
from fdcpa_guard.facts.models import Consumer
from fdcpa_guard.scrubbing.changing import ChangingRules, Times
from fdcpa_guard.scrubbing.partitions.planned import Ints, PlannedContacts
from fdcpa_guard.scrubbing.windows import UTC_CLOCK, clock_times, clocks, day_of, ends_of, midnights, of_person
from fdcpa_guard.values import instant_of

_NOBODY: Final = Consumer()


@dataclass(slots=True)
class Days:
    """Of each contact, the stretch of its day that is asked of; `at` is the instant asked about, unsaid where a day is."""

    start: Ints
    end: Ints
    at: Ints
    day: Ints

    def take(self, rows: Ints) -> Days:
        return Days(self.start[rows], self.end[rows], self.at[rows], self.day[rows])


@dataclass(slots=True)
class Cuts:
    """Instants at which the answer on a contact can change, by contact and in order of time, each once.

    `whole`: that of any rule, else only of those that move within a day.
    """

    contact: Ints
    at: Ints
    whole: Ints


class Places:
    """Where the consumer of each contact may be, and the clock on which its day is shown."""

    def __init__(self, stored: Stored, contacts: PlannedContacts) -> None:
        known: dict[tuple[int, str | None], tuple[World, ...]] = {}
        alike: dict[tuple[World, ...] | tuple[object, ...], tuple[World, ...]] = {}
        self.worlds: list[tuple[World, ...]] = []
        for place, consumer in enumerate(contacts.consumer.tolist()):
            called = contacts.called(place)
            found = known.get((consumer, called))
            if found is None:
                locations = stored.consumers.locations(consumer, called)
                # Those of one place and for one reason are one.
                found = alike.get(locations)
                if found is None:
                    found = alike[locations] = tuple(map(World, locations)) or (World(NOWHERE),)
                known[consumer, called] = found
            self.worlds.append(found)
        self._clocks: dict[int, Clock | None] = {}
        self._sites: dict[int, object] = {}

    def clock(self, contact: int) -> Clock | None:
        worlds = self.worlds[contact]
        key = id(worlds)
        if key not in self._clocks:
            self._clocks[key] = clock_among(worlds)
        return self._clocks[key]

    def site(self, contact: int) -> object:
        """What the places come to, whatever points there."""
        worlds = self.worlds[contact]
        known = self._sites.get(id(worlds))
        if known is None:
            clocks_of = (None if world.clock is None else world.clock.name for world in worlds)
            known = self._sites[id(worlds)] = tuple(zip(map(World.key, worlds), clocks_of, strict=True))
        return known


def days_of(contacts: PlannedContacts, places: Places, day: int | None) -> Days:
    """The stretches asked of: from a contact's own instant to the end of its day, or the whole of `day`."""
    at = np.where(contacts.on_the_day(), UNSAID_NUMBER, contacts.records.numbers["at"])
    start, end, days = (np.zeros(len(contacts), np.int64) for _ in range(3))
    known: dict[tuple[str | None, int], tuple[int, int]] = {}
    for place, instant in enumerate(at.tolist()):
        clock = places.clock(place)
        if instant == UNSAID_NUMBER:
            assert day is not None
            own = day
        else:
            own = (clock or UTC_CLOCK).day(instant)
        key = None if clock is None else clock.name, own
        bounds = known.get(key)
        if bounds is None:
            bounds = known[key] = day_of(clock, own)
        start[place] = bounds[0] if instant == UNSAID_NUMBER else instant
        end[place], days[place] = bounds[1], own
    return Days(start, end, at, days)


def the_day_after(days: Days, contacts: Ints, places: Places) -> Days:
    bounds = [
        day_of(places.clock(place), day + 1) for place, day in zip(contacts.tolist(), days.day[contacts].tolist(), strict=True)
    ]
    both = np.array(bounds, np.int64).reshape(-1, 2)
    return Days(both[:, 0], both[:, 1], np.full(len(both), UNSAID_NUMBER), days.day[contacts] + 1)


_Base = tuple[Ints, Ints, tuple[Clock, ...], Times]
"""The cuts of a class, whether each is whole, the clocks on which a time of day may be read, and the times of the rules."""


class Cutter:
    """Cuts the days of the contacts of one partition."""

    def __init__(self, stored: Stored, contacts: PlannedContacts, places: Places, rules: ChangingRules) -> None:
        self._stored, self._contacts, self._places, self._rules = stored, contacts, places, rules
        self._kind = stored.collector.kind
        self._hours = _named_hours(stored)
        self._given = _given_at(stored, rules.given_at_hours)
        self._instants = _instants(stored)
        self._bases: dict[tuple[object, ...], _Base] = {}
        self._by_clock: dict[tuple[str, tuple[int, ...], int, int], tuple[int, ...]] = {}

    def cuts(self, contacts: Ints, days: Days) -> Cuts:
        """Of some contacts, in their order, with the stretches of them."""
        bases = [
            self._base(contact, start, end)
            for contact, start, end in zip(contacts.tolist(), days.start.tolist(), days.end.tolist(), strict=True)
        ]
        number = np.arange(len(contacts))
        parts = [(
            np.repeat(number, [len(base[0]) for base in bases]),
            _joined([base[0] for base in bases]), _joined([base[1] for base in bases]),
        )]  # fmt: skip
        parts += self._on_file(contacts, days, bases)
        parts.append(self._at_hours(contacts, days, bases))
        whose, at, whole = (np.concatenate([part[place] for part in parts]) for place in range(3))
        inside = (at >= days.start[whose]) & (at < days.end[whose])
        whose, at, whole = whose[inside], at[inside], whole[inside]
        order = np.lexsort((-whole, at, whose))
        whose, at, whole = whose[order], at[order], whole[order]
        first = np.ones(len(whose), bool)
        first[1:] = (whose[1:] != whose[:-1]) | (at[1:] != at[:-1])
        return Cuts(whose[first], at[first], whole[first])

    def _base(self, contact: int, start: int, end: int) -> _Base:
        channel, worlds = self._contacts.channel[contact], self._places.worlds[contact]
        presumed = None
        if self._rules.presumes_by_number:
            presumed = _presumed(self._stored, int(self._contacts.consumer[contact]), self._contacts.address[contact])
        key = channel, self._places.site(contact), start, end, presumed
        known = self._bases.get(key)
        if known is None:
            known = self._bases[key] = self._found(contact, worlds, channel, start, end)
        return known

    def _found(self, contact: int, worlds: tuple[World, ...], channel: str | None, start: int, end: int) -> _Base:
        day = (self._places.clock(contact) or UTC_CLOCK).day(start)
        times = self._rules.times(self._kind, channel, [(world.state, world.city) for world in worlds], day)
        consumer = self._stored.consumers.whole[int(self._contacts.consumer[contact])]
        read_on = tuple(clocks(self._contacts.address[contact], consumer, worlds, times))
        found = {at: 0 for clock in read_on for at in self._clock_times(clock, times.of_day, start, end)}
        found |= dict.fromkeys(midnights(worlds, start, end), 1)
        return np.array(list(found), np.int64), np.array(list(found.values()), np.int64), read_on, times

    def _clock_times(self, clock: Clock, of_day: tuple[int, ...], start: int, end: int) -> tuple[int, ...]:
        key = clock.name, of_day, start, end
        known = self._by_clock.get(key)
        if known is None:
            known = self._by_clock[key] = tuple(clock_times(clock, {0, *of_day}, start, end))
        return known

    def _on_file(self, contacts: Ints, days: Days, bases: Sequence[_Base]) -> list[tuple[Ints, Ints, Ints]]:
        """What the file has an instant of, and so long before and after it."""
        owner, instants = self._instants
        spans = sorted({span for base in bases for span in base[3].spans})
        if len(contacts) == 0 or len(owner) == 0:
            return []
        # Most of a log is long past.
        near = np.flatnonzero((instants >= days.start.min() - max(spans)) & (instants < days.end.max() + max(spans)))
        owner, instants = owner[near], instants[near]
        consumer = self._contacts.consumer[contacts]
        rows, places = spread(np.searchsorted(owner, consumer, "left"), np.searchsorted(owner, consumer, "right"))
        ones = np.ones(len(rows), np.int64)
        found: list[tuple[Ints, Ints, Ints]] = []
        for span in spans:
            mine = np.array([span in base[3].spans for base in bases], bool)[rows]
            for shift in {span, -span}:
                found.append((rows[mine], instants[places[mine]] + shift, ones[mine]))
        return found

    def _at_hours(self, contacts: Ints, days: Days, bases: Sequence[_Base]) -> tuple[Ints, Ints, Ints]:
        """The times of day that somebody named, and those at which something was given."""
        whose: list[int] = []
        at: list[int] = []
        for number in np.flatnonzero(np.isin(self._contacts.consumer[contacts], self._special())).tolist():
            consumer = int(self._contacts.consumer[contacts[number]])
            start, end = int(days.start[number]), int(days.end[number])
            for clock in bases[number][2]:
                times = {*self._hours.get(consumer, ()), *map(clock.time_of_day, self._given.get(consumer, ()))}
                found = list(clock_times(clock, times, start, end))
                at.extend(found)
                whose.extend([number] * len(found))
        return np.array(whose, np.int64), np.array(at, np.int64), np.zeros(len(at), np.int64)

    def _special(self) -> Ints:
        return np.array(sorted(self._hours.keys() | self._given.keys()), np.int64)


def _presumed(stored: Stored, consumer: int, called: str | None) -> str | None:
    """See `presumed_call_zone`, which looks at the consumer where a number belongs to no place."""
    if called is None or not called.startswith("+"):
        return None
    whole = stored.consumers.whole[consumer] if place_of_number(called).placeless else _NOBODY
    return presumed_call_zone(whole, called)


def _instants(stored: Stored) -> tuple[Ints, Ints]:
    """Every instant on file, and whose it is, by consumer."""
    rows, events = stored.rows, stored.events
    late = rows.numbers["known_at"] != rows.numbers["at"]
    parts = [(rows.consumer, rows.numbers["at"]), (rows.consumer[late], rows.numbers["known_at"][late])]
    parts += [(events.consumer, values) for values in events.numbers.values()]
    people = stored.consumers
    said = [(number, at) for number in people.more for at in of_person(people.contacts_of(number))]
    for profile, consumer in enumerate(people.alike):
        if isinstance(consumer.deceased_at, datetime):
            died = instant_of(consumer.deceased_at)
            said.extend((number, died) for number in np.flatnonzero(people.profile == profile).tolist())
    parts.append((np.array([each[0] for each in said], np.int64), np.array([each[1] for each in said], np.int64)))
    owner, at = (np.concatenate([part[place] for part in parts]) for place in range(2))
    known = at != UNSAID_NUMBER
    owner, at = owner[known], at[known]
    order = np.argsort(owner, kind="stable")
    return owner[order], at[order]


def _named_hours(stored: Stored) -> dict[int, set[int]]:
    """The times of day at which hours begin and end that somebody named."""
    events = stored.events
    found: dict[int, set[int]] = {}
    by_shape = [tuple(ends_of(getattr(shape, "hours", None) or ())) for shape in events.shapes]
    named = np.array([bool(each) for each in by_shape], bool)
    for row in np.flatnonzero(named[events.shape]).tolist() if len(events) else ():
        found.setdefault(int(events.consumer[row]), set()).update(by_shape[int(events.shape[row])])
    for profile, consumer in enumerate(stored.consumers.alike):
        if consumer.working_hours is not None:
            times = set(ends_of(ConsumerFile(consumer=consumer).working_hours or ()))
            for number in np.flatnonzero(stored.consumers.profile == profile).tolist():
                found.setdefault(number, set()).update(times)
    return found


def _given_at(stored: Stored, types: frozenset[str]) -> dict[int, list[int]]:
    """The instants of communications in which something was given of which the time of day may matter."""
    events = stored.events
    eligible = np.array([isinstance(shape, EventOf) and shape.type in types for shape in events.shapes], bool)
    asked = np.flatnonzero(eligible[events.shape]) if len(events) else np.zeros(0, np.int64)
    if len(asked) == 0:
        return {}
    given_in = _texts(events.texts["given_in"])
    ids = _texts(stored.rows.texts["id"])
    starts = stored.starts()
    found: dict[int, list[int]] = {}
    for row in asked.tolist():
        named, consumer = given_in[row], int(events.consumer[row])
        if named is not None:
            first, stop = int(starts[consumer]), int(starts[consumer + 1])
            at = [int(stored.rows.numbers["at"][place]) for place in range(first, stop) if ids[place] == named]
            found.setdefault(consumer, []).extend(at)
    return found


def _texts(read: Callable[[], Texts]) -> list[str | None]:
    texts = read()
    assert isinstance(texts, pa.Array)
    found: list[str | None] = texts.to_pylist()
    return found


def _joined(arrays: Iterable[Ints]) -> Ints:
    found = [np.zeros(0, np.int64), *arrays]
    return np.concatenate(found)
