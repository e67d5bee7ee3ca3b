"""The contacts of a partition as columns, and the bucket of many of them at instants of their day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.engine.columnar.columns import UNSAID_TRUTH, Array, Codes, Column, Picks, Texts, unsaid
from fdcpa_guard.engine.columnar.stored import Records, Stored, StoredBucket
from fdcpa_guard.engine.verdicts import called_number
from fdcpa_guard.facts.bind import World
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.scrubbing.contacts import Contact
from fdcpa_guard.values import Kind

Ints = npt.NDArray[np.int64]


@dataclass(slots=True, kw_only=True)
class Points(Records):
    """Contacts at instants: `contact` is the place among the contacts of each, and `of` what those say."""

    of: Records
    contact: Ints

    def column(self, attribute: str, kind: Kind, codes: Codes) -> Column:
        if attribute in ("at", "known_at"):
            return Column(self.numbers["at"], False)
        if attribute == "id" or attribute.startswith("action."):
            return unsaid(len(self), kind)
        return self.of.column(attribute, kind, codes).take(self.contact)


class PlannedContacts:
    """The contacts with some consumers, one consumer's after another's and each's in the order of the list."""

    def __init__(self, partition: Partition, consumers: Ints) -> None:
        """`consumers`: their numbers in the partition of the list."""
        self._partition = partition
        self.records, self._index, self.row = partition.as_read(consumers)
        self.consumer: Ints = self.records.consumer
        self._entries: dict[int, Entry] = {}
        self.channel = self._said_by_shape("channel")
        self.address: list[str | None] = _listed(self.records.texts["address"]())

    def __len__(self) -> int:
        return len(self.row)

    def contact(self, place: int) -> Contact:
        return Contact.of(self._partition.row(int(self._index[place])))

    def entry(self, place: int) -> Entry:
        known = self._entries.get(place)
        if known is None:
            known = self._entries[place] = Entry(self.contact(place).communication, of_log=False)
        return known

    def on_the_day(self) -> npt.NDArray[np.bool_]:
        """Those that are planned for the day asked about, at no instant of their own."""
        return self._partition.has_raw(self._index)

    def _said_by_shape(self, name: str) -> list[str | None]:
        said = [getattr(shape, name) for shape in self.records.shapes]
        return [said[number] for number in self.records.shape.tolist()]

    def called(self, place: int) -> str | None:
        """See `engine.verdicts.called_number`."""
        return called_number(_Called(self.channel[place], self.address[place]))

    def points(self, contact: Ints, at: Ints) -> Points:
        of = self.records
        nothing = pa.nulls(len(contact), pa.string())
        return Points(
            of.consumer[contact], of.shape[contact], of.shapes, {"id": lambda: nothing}, {"at": at, "known_at": at},
            Picks(of.debts.values, of.debts.places[contact]), of=of, contact=contact,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Called:
    channel: str | None
    address: str | None


class PlannedBucket(StoredBucket):
    """What is judged are contacts at instants, each against the log of its consumer up to its instant.

    `points` are all of them; which of them are judged, `some` says.
    """

    def __init__(self, stored: Stored, contacts: PlannedContacts, points: Points, worlds: Sequence[tuple[World, ...]]) -> None:
        """`worlds` are the possible places of each contact's consumer."""
        self.points, self.worlds_of = points, worlds
        self._places: tuple[Sequence[int], list[list[int]], Ints] | None = None
        contact, at = points.contact.tolist(), points.numbers["at"].tolist()

        def moved(number: int) -> Entry:
            return contacts.entry(contact[number]).moved_to(at[number])

        super().__init__(replace(stored, actions=points, action_of=moved), logs=False)

    def some(self, points: Ints) -> PlannedBucket:
        """The same, of which some points are judged."""
        # What is worked out but once for all.
        _ = self.ids, self.debts_named, self.debts_discussed, self.event_debts
        return self._judging(self.logged + points)

    def _find_worlds(self) -> None:
        if self._places is None:
            self._places = self._found_places()
        zones, found, of_contact = self._places
        self._locate(zones, found, of_contact[self.points.contact[self.judged - self.logged]])

    def _found_places(self) -> tuple[Sequence[int], list[list[int]], Ints]:
        """The zones of all worlds, the numbers of the worlds in each combination of them, and which of these each contact has."""
        self.worlds = []
        known: dict[int, int] = {}
        numbers: dict[int, int] = {}
        found: list[list[int]] = []
        of_contact = np.zeros(len(self.worlds_of), np.int64)
        for contact in np.unique(self.points.contact).tolist():
            worlds = self.worlds_of[contact]
            place = known.get(id(worlds))
            if place is None:
                place = known[id(worlds)] = len(found)
                for world in worlds:
                    if id(world) not in numbers:
                        numbers[id(world)] = len(self.worlds)
                        self.worlds.append(world)
                found.append([numbers[id(world)] for world in worlds])
            of_contact[contact] = place
        return [self.zones.number(world.clock) for world in self.worlds], found, of_contact


def after_others(rows: Records, made: Records, consumers: Ints) -> Records:
    """The log of some consumers with what is taken to be made besides, each consumer's in order of time; of one instant
    what was made stands last. `made.consumer` are places among `consumers`."""
    place = np.full(int(max(rows.consumer.max(initial=-1), consumers.max(initial=-1))) + 1, -1, np.int64)
    place[consumers] = np.arange(len(consumers))
    kept = np.flatnonzero(place[rows.consumer] >= 0)
    consumer = np.concatenate((place[rows.consumer[kept]], made.consumer))
    at = np.concatenate((rows.numbers["at"][kept], made.numbers["at"]))
    order = np.lexsort((at, consumer))
    shape = np.concatenate((rows.shape[kept], made.shape + len(rows.shapes)))
    where = np.concatenate((kept, len(rows) + np.arange(len(made))))[order]
    numbers: dict[str, Array] = {
        name: np.concatenate((values, made.numbers[name]))[where] for name, values in rows.numbers.items()
    }
    texts = {name: _both(rows, made, name, where) for name in rows.texts}
    truths = {
        name: np.concatenate([_truths(each, name) for each in (rows, made)])[where] for name in rows.truths.keys() | made.truths.keys()
    }
    return Records(
        consumer[order], shape[order], [*rows.shapes, *made.shapes], texts, numbers,
        _both_picked(rows.debts, made.debts, where), truths,
    )  # fmt: skip


def _truths(records: Records, name: str) -> Array:
    """What each says of a truth of which, where no record has it, none says anything."""
    said = records.truths.get(name)
    return np.full(len(records), UNSAID_TRUTH, np.int8) if said is None else said


def _both(rows: Records, made: Records, name: str, where: Ints) -> Callable[[], Texts]:
    def found() -> Texts:
        one, other = rows.texts[name](), made.texts[name]()
        if isinstance(one, pa.Array) and isinstance(other, pa.Array):
            return pa.concat_arrays([one, other]).take(pa.array(where))
        assert isinstance(one, Picks)
        assert isinstance(other, Picks)
        return _both_picked(one, other, where)

    return found


def _both_picked(one: Picks, other: Picks, where: Ints) -> Picks:
    """What the rows `where` of both say; of the values those that any of them has."""
    places = np.concatenate((one.places, np.where(other.places < 0, -1, other.places + len(one.values))))[where]
    used, numbers = np.unique(places, return_inverse=True)
    unsaid = int(np.searchsorted(used, 0))
    values = [one.values[each] if each < len(one.values) else other.values[each - len(one.values)] for each in used[unsaid:].tolist()]
    return Picks(values, numbers.reshape(-1) - unsaid)


def read_once(records: Records) -> Records:
    """The same; what its texts are is worked out when it is first asked for, and kept."""
    return replace(records, texts={name: cache(read) for name, read in records.texts.items()})


def taken(records: Records, rows: Ints, consumer: Ints, at: Ints) -> Records:
    """Some records as if they were of other consumers and instants."""

    def take(name: str) -> Callable[[], Texts]:
        def found() -> Texts:
            said = records.texts[name]()
            if isinstance(said, pa.Array):
                return pa.nulls(len(rows), pa.string()) if name == "id" else said.take(pa.array(rows))
            assert isinstance(said, Picks)
            return Picks(said.values, said.places[rows])

        return found

    numbers = {name: at if name in ("at", "known_at") else values[rows] for name, values in records.numbers.items()}
    return Records(
        consumer, records.shape[rows], records.shapes, {name: take(name) for name in records.texts}, numbers,
        Picks(records.debts.values, records.debts.places[rows]), {name: said[rows] for name, said in records.truths.items()},
    )  # fmt: skip


def _listed(texts: Texts) -> list[str | None]:
    assert isinstance(texts, pa.Array)
    found: list[str | None] = texts.to_pylist()
    return found


__all__ = ["PlannedBucket", "PlannedContacts", "Points", "after_others", "read_once", "taken"]
