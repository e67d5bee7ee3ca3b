"""Some consumers' files side by side, as columns: what the columnar engine judges at once.

Entries, events, debts and possible locations of all consumers stand one after another, each consumer's together and in
order of time. Where a rule asks for what no column has, the objects behind a row are at hand, and the scalar reader of
the fact is asked (`facts`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any, Final, NamedTuple

import numpy as np

from fdcpa_guard.engine.columnar.clocks import NO_ZONE, Zones
from fdcpa_guard.engine.columnar.columns import (
    UNSAID_CODE,
    UNSAID_NUMBER,
    Array,
    Codes,
    Column,
    column_of,
    distinct_rows,
    spread,
)
from fdcpa_guard.engine.columnar.planes import Bools, Indices
from fdcpa_guard.engine.verdicts import called_number, debts_of
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry, FullEntry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.stated import StatedOf, on_file
from fdcpa_guard.values import Kind

NO_DEBT: Final = -1


class Instant(NamedTuple):
    """In the place of an entry of which nothing else is read."""

    at: int


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Rows of rows: those of `i` stand from `starts[i]` to before `starts[i + 1]`."""

    starts: Array

    @staticmethod
    def of(lengths: Sequence[int] | Array) -> Runs:
        starts = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(np.asarray(lengths, np.int64), out=starts[1:])
        return Runs(starts)

    def first(self, rows: Indices) -> Array:
        return self.starts[rows]

    def stop(self, rows: Indices) -> Array:
        return self.starts[rows + 1]


def _flat(lists: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """How long each list is, and all of them one after another."""
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    return lengths, np.fromiter(chain.from_iterable(lists), np.int64, int(lengths.sum()))


@dataclass(slots=True)
class _Asked:
    """What is judged of one consumer."""

    file: ConsumerFile
    judged: list[tuple[Entry, int]]
    """Each with how many entries of the log stand before it."""
    logged: dict[int, int]
    """The places in the log of the entries that are of it, by identity."""


class Bucket:
    """Built from consumers' files by `BucketBuilder`.

    Entries up to `logged` are those of the logs; what stands after is judged and in no log. `judged` are the numbers of
    the entries that are judged, in the order in which they were given.
    """

    def __init__(self, asked: Sequence[_Asked]) -> None:
        self.files = [each.file for each in asked]
        self.codes = Codes()
        self.zones = Zones()
        self.as_of = [each.file.as_of for each in asked]
        self.log_complete: Bools = np.array([each.file.log_complete for each in asked], bool)
        self._lay_entries(asked)
        self._lay_events()
        self._lay_debts()
        self._lay_worlds()
        self._columns: dict[tuple[str, str], Column] = {}
        self.picked: dict[Any, Any] = {}
        """Entries or events that a block may look at, by what is looked for."""

    # -- laying out ------------------------------------------------------------------------------------------------------

    def _lay_entries(self, asked: Sequence[_Asked]) -> None:
        entries: list[Entry] = []
        of_consumer: list[int] = []
        lengths: list[int] = []
        for number, each in enumerate(asked):
            entries.extend(each.file.entries)
            of_consumer.extend([number] * len(each.file.entries))
            lengths.append(len(each.file.entries))
        self.logs = Runs.of(lengths)
        self.logged = len(entries)
        before = [index for length in lengths for index in range(length)]
        judged: list[int] = []
        starts = self.logs.starts.tolist()
        for number, each in enumerate(asked):
            for entry, upto in each.judged:
                place = each.logged.get(id(entry))
                if place is not None:
                    judged.append(starts[number] + place)
                    continue
                judged.append(len(entries))
                entries.append(entry)
                of_consumer.append(number)
                before.append(upto)
        self.entries = entries
        self.judged: Indices = np.array(judged, np.int64)
        self.consumer: Indices = np.array(of_consumer, np.int64)
        self.at: Array = np.array([entry.at for entry in entries], np.int64)
        self.known_at: Array = np.array([entry.known_at for entry in entries], np.int64)
        self.first: Array = self.logs.first(self.consumer)
        """Where the log that an entry is judged against begins, and where what stood before it ends."""
        self.stop: Array = self.first + np.array(before, np.int64)
        as_of = np.array([UNSAID_NUMBER if each is None else each for each in self.as_of], np.int64)[self.consumer]
        self.knowledge: Array = np.where(as_of == UNSAID_NUMBER, self.at, as_of)
        """The instant whose knowledge counts where an entry is judged."""
        self.in_time = bool(
            (self.known_at[: self.logged] <= self.at[: self.logged]).all() and (self.knowledge >= self.at).all()
        )
        """Whether every entry was known at its own instant, so that nothing before another was learnt after it."""

    def _lay_events(self) -> None:
        events: list[EventOf] = []
        lengths: list[int] = []
        for file in self.files:
            # Of one instant in the order in which a block that looks at several types meets them.
            ordered = sorted(file.events, key=lambda event: (event.at, event.type))
            events.extend(ordered)
            lengths.append(len(ordered))
        self.events = events
        self.happened = Runs.of(lengths)
        self.event_at: Array = np.array([event.at for event in events], np.int64)
        self.event_known_at: Array = np.array([event.known_at for event in events], np.int64)
        self.event_consumer: Indices = np.repeat(np.arange(len(self.files)), np.diff(self.happened.starts))

    def _lay_debts(self) -> None:
        """Every debt that is on file or that something names; debts that are counted as one have one key."""
        self.debts: list[DebtOf] = []
        self._debt_numbers: list[dict[str, int]] = []
        for number, file in enumerate(self.files):
            self._debt_numbers.append({})
            for debt in file.debts.values():
                self._number_of(number, debt)
        for number, entry in zip(self.consumer.tolist(), self.entries, strict=True):
            for debt_id in (*(entry.debts or ()), *(entry.debts_discussed or ())):
                self._number_of(number, self.files[number].debt(debt_id))
        for number, event in zip(self.event_consumer.tolist(), self.events, strict=True):
            for debt_id in event.debts or ():
                self._number_of(number, self.files[number].debt(debt_id))
        self.debt_key: Array = self.codes.all(debt.key for debt in self.debts)

    def _number_of(self, consumer: int, debt: DebtOf) -> int:
        known = self._debt_numbers[consumer].get(debt.id)
        if known is None:
            known = self._debt_numbers[consumer][debt.id] = len(self.debts)
            self.debts.append(debt)
        return known

    def _lay_worlds(self) -> None:
        """The possible locations of each judged communication; those that several have stand once."""
        self.worlds: list[World] = []
        zones: list[int] = []
        known: dict[tuple[int, str | None], int] = {}
        found: list[Sequence[int]] = []
        places: list[int] = []
        for index in self.judged.tolist():
            entry = self.entries[index]
            consumer = int(self.consumer[index])
            asked = consumer, called_number(entry)
            place = known.get(asked)
            if place is None:
                place = known[asked] = len(found)
                worlds = self.files[consumer].worlds(asked[1])
                found.append(range(len(self.worlds), len(self.worlds) + len(worlds)))
                self.worlds.extend(worlds)
                zones.extend(self.zones.number(world.clock) for world in worlds)
            places.append(place)
        self._locate(zones, found, np.array(places, np.int64))

    def _locate(self, zones: Sequence[int], found: Sequence[Sequence[int]], places: Indices) -> None:
        """Lays out the worlds: the zones of all, and the worlds of each judged communication, which are those of a place."""
        lengths, flat = _flat(found)
        self._spread_worlds(zones, flat, Runs.of(lengths), places)

    def _spread_worlds(self, zones: Sequence[int], found: Indices, runs: Runs, places: Indices) -> None:
        """The same; those of a place are where in `found` the runs say."""
        self.world_zone: Array = np.array(zones, np.int64)
        self.world_state: Array = self.codes.all(world.state for world in self.worlds)
        self.world_city: Array = self.codes.all(world.city for world in self.worlds)
        self.places = Runs.of(np.diff(runs.starts)[places])
        """The rows of `located`, by the place of a communication among `judged`."""
        rows, numbers = spread(runs.first(places), runs.stop(places))
        self.located_entry: Indices = self.judged[rows]
        self.located_world: Indices = found[numbers]
        self.located_judged: Indices = rows
        """One row for each judged communication and possible location of its consumer."""

    @cached_property
    def by_debt(self) -> tuple[Indices, Indices]:
        """Rows of `located` for each debt that its communication is about: those rows, and the debts (or `NO_DEBT`)."""
        firsts, places = distinct_rows([self.consumer[self.judged], self._named_codes()[self.judged]])
        lengths, flat = _flat(self._debts_for(self.judged[firsts]))
        starts = np.cumsum(lengths) - lengths
        of = places[self.located_judged]
        rows, numbers = spread(starts[of], (starts + lengths)[of])
        return rows, flat[numbers]

    def _named_codes(self) -> Array:
        """The debts that each entry names, as the code of a list."""
        return self.codes.all([entry.debts for entry in self.entries])

    def _debts_for(self, entries: Indices) -> list[list[int]]:
        """The debts for which each of some entries is judged."""
        return [
            [
                NO_DEBT if debt is None else self._number_of(consumer, debt)
                for debt in debts_of(self.entries[index], self.files[consumer])
            ]
            for index, consumer in zip(entries.tolist(), self.consumer[entries].tolist(), strict=True)
        ]

    def debts_of(self, index: int) -> list[DebtOf]:
        """The debts that an entry names."""
        numbers = self._debt_numbers[int(self.consumer[index])]
        return [self.debts[numbers[debt]] for debt in self._named_by(index) or ()]

    def on_file(self, index: int) -> StatedOf | None:
        """What the file has of the debts that an entry names, all together; None where it names none."""
        debts = self.debts_of(index)
        return on_file(debts) if debts else None

    def _named_by(self, index: int) -> Sequence[str] | None:
        return self.entries[index].debts

    def key_of(self, consumer: int, debt_id: str) -> str:
        """What counts compare of a debt that something of a consumer's names."""
        number = self._debt_numbers[consumer].get(debt_id)
        return debt_id if number is None else self.debts[number].key

    def prior(self, index: int) -> list[Entry]:
        """The entries that an entry is judged against: those before it that were known by then."""
        own, knowledge = self.entries[index], int(self.knowledge[index])
        return [
            each
            for each in self.entries[int(self.first[index]) : int(self.stop[index])]
            if each is not own and each.known_at <= knowledge and (each.id is None or each.id != own.id)
        ]

    # -- columns ---------------------------------------------------------------------------------------------------------

    def entry_column(self, name: str, kind: Kind) -> Column:
        """An attribute of every entry."""
        return self._column("e", name, kind, self.entries)

    def event_column(self, name: str, kind: Kind) -> Column:
        return self._column("v", name, kind, self.events)

    def debt_column(self, name: str, kind: Kind) -> Column:
        return self._column("d", name, kind, self.debts)

    @cached_property
    def ids(self) -> tuple[Array, Array]:
        """Of each entry its id, and of each event the id of what it was given in, as numbers that are equal where these are."""
        return self.entry_column("id", Kind.TEXT).data, self.event_column("given_in", Kind.TEXT).data

    def consumer_column(self, name: str, kind: Kind) -> Column:
        """What a file says of its consumer."""
        return self.consumer_facts(f"consumer.{name}", kind, lambda file: getattr(file.consumer, name))

    @property
    def persons(self) -> Sequence[ConsumerFile]:
        """The files, of which the consumer, the collector and the debts may be asked, and no events or entries."""
        return self.files

    @property
    def eventful(self) -> Sequence[ConsumerFile]:
        """The files, of which the events may be asked besides, and no entries."""
        return self.files

    def consumer_facts(self, key: str, kind: Kind, read: Callable[[ConsumerFile], Any]) -> Column:
        """What is read of each consumer, or of the collector.

        `read` looks at nothing else of a file, and at no id, address or number and nothing that is said of them but kinds
        of line and places.
        """
        known = self._columns.get(("f", key))
        if known is None:
            known = self._columns["f", key] = column_of(list(map(read, self.persons)), kind, self.codes)
        return known

    def by_address(self, key: str, read: Callable[[ConsumerFile], Mapping[str, Hashable]], *, apart: bool = False) -> Column:
        """For each entry, as a code, what its consumer's file has of its number or address.

        `read` as above; `apart`: it looks at all that is said of numbers and addresses.
        """
        return self.kept(f"by address {key}", lambda: self._by_address(read))

    def _by_address(self, read: Callable[[ConsumerFile], Mapping[str, Hashable]]) -> Column:
        of = self.codes.of
        listed = [(number, said) for number, file in enumerate(self.persons) if (said := read(file))]
        found = np.full(len(self.consumer), UNSAID_CODE, np.int32)
        addresses = self.entry_column("address", Kind.TEXT).data
        # One address after another of each consumer: none has many.
        for place in range(max((len(said) for _, said in listed), default=0)):
            filed = np.full(len(self.persons), UNSAID_CODE - 1, np.int32)
            values = np.full(len(self.persons), UNSAID_CODE, np.int32)
            listed = [(number, said) for number, said in listed if len(said) > place]
            items = [(number, *list(said.items())[place]) for number, said in listed]
            numbers = [number for number, _, _ in items]
            filed[numbers] = [of(address) for _, address, _ in items]
            values[numbers] = [of(value) for _, _, value in items]
            same = np.flatnonzero(filed[self.consumer] == addresses)
            found[same] = values[self.consumer[same]]
        return Column(found, True)

    def _column(self, of: str, name: str, kind: Kind, objects: Sequence[Any]) -> Column:
        known = self._columns.get((of, name))
        if known is None:
            if of == "e" and name in FullEntry.__slots__:
                known = self._rarely_said(name, kind, *self._wordy, getattr(Entry, name))
            elif of == "e" and name.startswith("action."):
                known = self._rarely_said(name, kind, *self._actions, None)
            else:
                known = column_of(list(map(attrgetter(name), objects)), kind, self.codes)
            self._columns[of, name] = known
        return known

    def _rarely_said(self, name: str, kind: Kind, numbers: Indices, entries: Sequence[Entry], otherwise: Any) -> Column:
        """A column of which but some entries say the same."""
        of_them = column_of([*map(attrgetter(name), entries), otherwise], kind, self.codes)
        data = np.full(len(self.entries), of_them.data[-1], of_them.data.dtype)
        data[numbers] = of_them.data[:-1]
        return Column(data, of_them.lacks)

    @cached_property
    def _wordy(self) -> tuple[Indices, list[Entry]]:
        """The entries that say something of what most say nothing of."""
        numbers = [index for index, entry in enumerate(self.entries) if not entry.plain]
        return np.array(numbers, np.int64), [self.entries[index] for index in numbers]

    @cached_property
    def _actions(self) -> tuple[Indices, list[Entry]]:
        numbers = [index for index, entry in enumerate(self.entries) if entry.action is not None]
        return np.array(numbers, np.int64), [self.entries[index] for index in numbers]

    def kept(self, key: str, made: Callable[[], Column]) -> Column:
        """A column that is worked out once."""
        known = self._columns.get(("kept", key))
        if known is None:
            known = self._columns["kept", key] = made()
        return known

    # -- whose debts -----------------------------------------------------------------------------------------------------

    @cached_property
    def debts_named(self) -> DebtLists:
        return self._debt_lists(self.consumer, self._named_codes())

    @cached_property
    def debts_discussed(self) -> DebtLists:
        """What was talked of; where nothing is said of that, what it was about."""
        said = [entry.debts if entry.debts_discussed is None else entry.debts_discussed for entry in self.entries]
        return self._debt_lists(self.consumer, self.codes.all(said))

    @cached_property
    def event_debts(self) -> DebtLists:
        return self._debt_lists(self.event_consumer, self.codes.all([event.debts for event in self.events]))

    def _debt_lists(self, consumers: Indices, codes: Array) -> DebtLists:
        """From whose lists they are, and from their codes."""
        firsts, places = distinct_rows([consumers, codes])
        numbers, key, values = self._debt_numbers, self.debt_key.tolist(), self.codes.values
        listed = codes[firsts]
        found: list[list[int]] = []
        for code, consumer in zip(listed.tolist(), consumers[firsts].tolist(), strict=True):
            debts: tuple[str, ...] = () if code == UNSAID_CODE else values[code]
            of = numbers[consumer]
            # Most are about one.
            found.append([key[of[debts[0]]]] if len(debts) == 1 else sorted({key[of[debt]] for debt in debts}))
        several, flat = _flat(found)
        starts = np.cumsum(several) - several
        _, kept = spread(starts[places], (starts + several)[places])
        lengths = several[places]
        return DebtLists(Runs.of(lengths), flat[kept].astype(np.int32), lengths, (listed == UNSAID_CODE)[places])


@dataclass(frozen=True, slots=True, eq=False)
class DebtLists:
    """The keys of the debts that each of many things is about. `unsaid`: nothing is said of debts, not even that none is."""

    runs: Runs
    keys: Array
    lengths: Array
    unsaid: Bools
    single: Array = field(init=False)

    def __post_init__(self) -> None:
        one = np.full(len(self.lengths), UNSAID_CODE, np.int32)
        rows = np.flatnonzero(self.lengths)
        one[rows] = self.keys[self.runs.starts[:-1][rows]]
        object.__setattr__(self, "single", one)

    def hold(self, rows: Indices, keys: Array) -> Bools:
        """Whether the list of each row has the key beside it."""
        found: Bools = self.single[rows] == keys
        several = np.flatnonzero(self.lengths[rows] > 1)
        for place in range(1, int(self.lengths.max(initial=0))):
            several = several[self.lengths[rows[several]] > place]
            at = self.runs.starts[rows[several]] + place
            found[several] |= self.keys[at] == keys[several]
        return found


class BucketBuilder:
    """Takes consumers one by one, and gives the bucket of all."""

    def __init__(self) -> None:
        self._asked: list[_Asked] = []

    def log(self, file: ConsumerFile, beside: Iterable[tuple[Entry, int]] = ()) -> None:
        """A consumer whose log itself is judged, each entry against those that stand before it.

        `beside`: what is judged besides and is not in the log, each with how many entries stand before it.
        """
        own = [(entry, number) for number, entry in enumerate(file.entries)]
        self.beside(file, [*own, *beside])

    def beside(self, file: ConsumerFile, judged: Iterable[tuple[Entry, int]]) -> None:
        """What is judged of a consumer, in the log or not, each with how many entries of the log stand before it."""
        numbers = {id(entry): number for number, entry in enumerate(file.entries)}
        self._asked.append(_Asked(file, list(judged), numbers))

    def proposed(self, file: ConsumerFile, communications: Iterable[Entry]) -> None:
        """A consumer of whom communications are proposed, each against the entries of the log up to its instant."""
        instants = np.array(file.instants, np.int64)
        found = [(entry, int(np.searchsorted(instants, entry.at, "right"))) for entry in communications]
        self._asked.append(_Asked(file, found, {}))

    def bucket(self) -> Bucket:
        return Bucket(self._asked)


__all__ = ["NO_DEBT", "NO_ZONE", "Bucket", "BucketBuilder", "DebtLists", "Runs"]
