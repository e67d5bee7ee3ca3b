"""A bucket made of records as they are kept on disk: no object is made of a communication that nobody asks for.

Records that are alike in all but their own fields share a shape. What a shape says is read once, by the very classes that
read single communications and events; a column of millions of rows is then the answers of some hundreds of shapes, laid out
by row. Where a rule or a finding asks for the objects behind a row, the file of that consumer is put together as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, Self, TypeVar, overload

import numpy as np
import pyarrow as pa

from fdcpa_guard.engine.columnar.bucket import NO_DEBT, Bucket, DebtLists, Runs
from fdcpa_guard.engine.columnar.clocks import Zones
from fdcpa_guard.engine.columnar.columns import (
    UNSAID_CODE,
    UNSAID_NUMBER,
    UNSAID_TRUTH,
    Array,
    Codes,
    Column,
    Picks,
    Texts,
    column_of,
    distinct_rows,
    equal_texts,
    joined,
    unsaid,
)
from fdcpa_guard.engine.columnar.lines import first_at
from fdcpa_guard.engine.columnar.owed import Numbered, Owed
from fdcpa_guard.engine.columnar.people import People
from fdcpa_guard.engine.columnar.planes import Indices
from fdcpa_guard.engine.columnar.whereabouts import Whereabouts
from fdcpa_guard.engine.verdicts import BY_NUMBER
from fdcpa_guard.facts import models
from fdcpa_guard.facts.area_codes import one_of_its_place
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.designations import DESIGNATIONS
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.stated import StatedOf, on_file_as_written
from fdcpa_guard.values import Kind, datetime_of

T = TypeVar("T")
DebtIds = tuple[str, ...] | None
_NO_SOURCE: Final = -1
SAYS_NOTHING: Final = Entry(models.Communication(at=datetime_of(0)), of_log=True)
"""In the place of a communication of which nothing is known."""


class Lazy(Sequence[T]):
    """Things that are made when they are asked for."""

    def __init__(self, length: int, make: Callable[[int], T]) -> None:
        self._length = length
        self._make = make

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self._make(each) for each in range(*index.indices(self._length))]
        return self._make(int(index))


@dataclass(slots=True)
class Records:
    """Communications, actions or events, one consumer's after another's, each consumer's in order of time.

    `shapes` are objects of the engine that say what all records of the shape say. `texts` are the records' own fields, None
    where nothing is said; `numbers` are instants, days and amounts, `truths` in the form of columns; of a truth that is not
    among them none says anything. `debts` are the ids as they are stated.
    """

    consumer: Indices
    shape: Array
    shapes: Sequence[Entry | EventOf]
    texts: Mapping[str, Callable[[], Texts]]
    numbers: Mapping[str, Array]
    debts: Picks
    truths: Mapping[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.consumer)

    def column(self, attribute: str, kind: Kind, codes: Codes) -> Column:
        """An attribute of every record."""
        if attribute in self.numbers:
            data = self.numbers[attribute]
            return Column(data, bool((data == UNSAID_NUMBER).any()))
        if attribute in self.texts:
            data = codes.all(self.texts[attribute]())
            return Column(data, bool((data == UNSAID_CODE).any()))
        if attribute in self.truths:
            data = self.truths[attribute]
            return Column(data, bool((data == UNSAID_TRUTH).any()))
        if len(self.shapes) == 0:
            return unsaid(0, kind)
        return column_of(list(map(attrgetter(attribute), self.shapes)), kind, codes).take(self.shape)


@dataclass(slots=True)
class Stored:
    """Consumers as they were kept; rows, actions and events are in the order of the consumers.

    `debts` are those on file of each consumer. `file_of` puts the file of a consumer together, and `action_of` an action,
    where it is needed.
    """

    consumers: People
    collector: models.Collector
    as_of: int | None
    rows: Records
    actions: Records
    events: Records
    debts: Owed
    file_of: Callable[[int], ConsumerFile]
    action_of: Callable[[int], Entry]

    def starts(self) -> Array:
        """Where the rows of each consumer begin."""
        return np.searchsorted(self.rows.consumer, np.arange(len(self.consumers) + 1))


@dataclass(slots=True)
class Ends:
    """What stands for the ends of logs at one instant, in the order of the consumers: whose log, and about which debts.

    It says what the row `source` says, but for its id, its time and its debts; where that is -1, it says nothing.
    """

    at: int
    consumer: Indices
    source: Indices
    debts: Sequence[DebtIds]

    def __len__(self) -> int:
        return len(self.consumer)


class StoredBucket(Bucket):
    """The bucket of stored consumers. What is judged are the rows of the logs, and then the actions.

    After these stand the ends of the logs, which `at_the_ends` has judged. All is laid out once for both.
    """

    def __init__(self, stored: Stored, ends: Ends | None = None, *, logs: bool = True) -> None:
        """`logs`: whether the rows of the logs are judged too."""
        self._stored = stored
        if ends is None:
            ends = Ends(0, np.zeros(0, np.int64), np.zeros(0, np.int64), ())
        self._ends = ends
        rows, actions, consumers = stored.rows, stored.actions, len(stored.consumers)
        self.codes = Codes()
        self.zones = Zones()
        self._columns: dict[tuple[str, str], Column] = {}
        self.picked: dict[Any, Any] = {}
        self._made: dict[int, Entry] = {}
        self._heads: dict[int, ConsumerFile] = {}
        self.as_of = [stored.as_of] * consumers
        self.log_complete = np.ones(consumers, bool)
        self.logged = len(rows)
        self.acted = len(rows) + len(actions)
        """Where the rows end, and where the actions do."""
        self.logs = Runs(stored.starts())
        self.judged = np.arange(0 if logs else self.logged, self.acted)
        self.consumer = np.concatenate((rows.consumer, actions.consumer, ends.consumer))
        ended = np.full(len(ends), ends.at, np.int64)
        self.at = np.concatenate((rows.numbers["at"], actions.numbers["at"], ended))
        self.known_at = np.concatenate((rows.numbers["known_at"], actions.numbers["known_at"], ended))
        self.first = self.logs.first(self.consumer)
        self.stop = np.concatenate((np.arange(len(rows)), self._before_actions(), self.logs.stop(ends.consumer)))
        self.knowledge = self.at if stored.as_of is None else np.full(len(self.at), stored.as_of)
        self.in_time = bool(
            (self.known_at[: self.logged] <= self.at[: self.logged]).all() and (self.knowledge >= self.at).all()
        )
        self.event_consumer = stored.events.consumer
        self.happened = Runs(np.searchsorted(self.event_consumer, np.arange(consumers + 1)))
        self.event_at = stored.events.numbers["at"]
        self.event_known_at = stored.events.numbers["known_at"]
        self.files = Lazy(consumers, stored.file_of)  # type: ignore[assignment]  # it is read by index alone
        self.entries = Lazy(len(self.consumer), self._entry)  # type: ignore[assignment]  # as files are
        self.events = Lazy(len(stored.events), self._event)  # type: ignore[assignment]  # as files are
        self._number_debts()
        self._find_worlds()

    def _before_actions(self) -> Array:
        """Where the rows end that came before each action or with it."""
        rows, actions = self._stored.rows, self._stored.actions
        own = np.arange(len(rows))
        spans = self.logs.first(actions.consumer), self.logs.stop(actions.consumer)
        return first_at(rows.numbers["at"], own, *spans, actions.numbers["at"] + 1)

    def at_the_ends(self) -> StoredBucket:
        """The same, of which the ends of the logs are judged."""
        return self._judging(np.arange(self.acted, len(self.consumer)))

    def _judging(self, judged: Indices) -> Self:
        """The same, of which some entries are judged; what is known of the others is known there too."""
        found = copy(self)
        found.__dict__.pop("by_debt", None)
        found.judged = judged
        found._find_worlds()
        return found

    # -- objects, where they are asked for -------------------------------------------------------------------------------

    def _entry(self, index: int) -> Entry:
        if index < self.logged:
            consumer = int(self.consumer[index])
            return self._stored.file_of(consumer).entries[index - int(self.logs.starts[consumer])]
        known = self._made.get(index)
        if known is None:
            of_action = index < self.acted
            known = self._made[index] = self._stored.action_of(index - self.logged) if of_action else self._end(index)
        return known

    def _end(self, index: int) -> Entry:
        """See `judging.at_the_end`."""
        ends, place = self._ends, index - self.acted
        source = int(ends.source[place])
        if source == _NO_SOURCE:
            end = Entry(models.Communication(at=datetime_of(ends.at)), of_log=True)
        else:
            end = self._entry(source).moved_to(ends.at)
        end.id = None
        end.debts = ends.debts[place]
        return end

    def _event(self, index: int) -> EventOf:
        """The event of a record: what its shape says, and its own fields."""
        records = self._stored.events
        shape = records.shapes[int(records.shape[index])]
        assert isinstance(shape, EventOf)
        event = copy(shape)
        for name, data in records.numbers.items():
            number = int(data[index])
            setattr(event, name, None if number == UNSAID_NUMBER else number)
        for name in records.texts:
            code = int(self.event_column(name, Kind.TEXT).data[index])
            setattr(event, name, None if code == UNSAID_CODE else self.codes.values[code])
        event.debts = records.debts[index]
        return event

    def head(self, consumer: int) -> ConsumerFile:
        """What is known of a consumer and the debts, without events or log."""
        known = self._heads.get(consumer)
        if known is None:
            known = self._heads[consumer] = ConsumerFile(
                collector=self._stored.collector, consumer=self._stored.consumers.whole[consumer],
                debts=self._stored.debts.of(consumer), as_of=None,
            )  # fmt: skip
        return known

    # -- debts -----------------------------------------------------------------------------------------------------------

    def _number_debts(self) -> None:
        numbered = Numbered(self._stored.debts)
        self.debts = numbered  # type: ignore[assignment]  # it is read by number alone
        self._numbered = numbered
        self._debt_numbers = numbered.of_consumer
        events = self.codes.all(self._stored.events.debts)
        values = self.codes.values
        for consumers, codes in ((self.consumer, self._named), (self.event_consumer, events), (self.consumer, self._discussed)):
            said = np.flatnonzero(codes != UNSAID_CODE)
            consumers, codes = consumers[said], codes[said]
            firsts, _ = distinct_rows([consumers, codes])
            for consumer, code in zip(consumers[firsts].tolist(), codes[firsts].tolist(), strict=True):
                for debt_id in values[code]:
                    numbered.name(consumer, debt_id)
        self.debt_key = self.codes.all(numbered.keys)

    def debt_column(self, name: str, kind: Kind) -> Column:
        return self.kept(f"debt {name}", lambda: self._numbered.column(name, kind, self.codes))

    def key_of(self, consumer: int, debt_id: str) -> str:
        number = self._debt_numbers[consumer].get(debt_id)
        return debt_id if number is None else self._numbered.keys[number]

    def on_file(self, index: int) -> StatedOf | None:
        numbers = self._debt_numbers[int(self.consumer[index])]
        debts = [self._numbered.document(numbers[debt]) for debt in self._named_by(index) or ()]
        return on_file_as_written(debts) if debts else None

    @cached_property
    def _named(self) -> Array:
        """The debts that each entry names, as the code of a list."""
        stored = self._stored
        return np.concatenate([self.codes.all(each) for each in (stored.rows.debts, stored.actions.debts, self._ends.debts)])

    @cached_property
    def _discussed(self) -> Array:
        """The same of the debts talked of; unsaid where nothing is said of them."""
        rows = self._stored.rows
        of_shapes = self.codes.all([getattr(shape, "debts_discussed", None) for shape in rows.shapes])
        of_rows = of_shapes[rows.shape] if len(of_shapes) else of_shapes
        none = np.full(self.acted - self.logged, UNSAID_CODE, np.int32)
        return np.concatenate((of_rows, none, np.append(of_rows, np.int32(UNSAID_CODE))[self._sources]))

    @cached_property
    def debts_named(self) -> DebtLists:
        return self._debt_lists(self.consumer, self._named)

    @cached_property
    def debts_discussed(self) -> DebtLists:
        talked = self._discussed
        if (talked == UNSAID_CODE).all():
            return self.debts_named
        return self._debt_lists(self.consumer, np.where(talked == UNSAID_CODE, self._named, talked))

    @cached_property
    def event_debts(self) -> DebtLists:
        return self._debt_lists(self.event_consumer, self.codes.all(self._stored.events.debts))

    def _debts_for(self, entries: Indices) -> list[list[int]]:
        keys, values = self._numbered.keys, self.codes.values
        found: list[list[int]] = []
        for consumer, code in zip(self.consumer[entries].tolist(), self._named[entries].tolist(), strict=True):
            debts: tuple[str, ...] = () if code == UNSAID_CODE else values[code]
            numbers = self._debt_numbers[consumer]
            if len(debts) == 1:
                found.append([numbers[debts[0]]])
            else:
                # Those that are counted as one stand once.
                found.append(list({keys[numbers[each]]: numbers[each] for each in debts}.values()) or [NO_DEBT])
        return found

    def _named_codes(self) -> Array:
        return self._named

    # -- places ----------------------------------------------------------------------------------------------------------

    def _find_worlds(self) -> None:
        address = self.entry_column("address", Kind.TEXT).data[self.judged]
        channel = self.entry_column("channel", Kind.NAME).data[self.judged]
        values = [*self.codes.values, None]
        numbers: dict[str | None, int] = {None: 0}
        addresses, of_address = np.unique(address, return_inverse=True)
        told = [str(values[code] or "") for code in addresses.tolist()]
        places = [numbers.setdefault(one_of_its_place(each), len(numbers)) if each.startswith("+") else 0 for each in told]
        channels, of_channel = np.unique(channel, return_inverse=True)
        by_number = np.array([values[code] in BY_NUMBER for code in channels.tolist()], bool)[of_channel]
        called = np.where(by_number, np.array(places, np.int64)[of_address], 0)
        consumers = self.consumer[self.judged]
        firsts, spans = distinct_rows([consumers, called])
        where = self._whereabouts
        found, runs = where.of(consumers[firsts], called[firsts], list(numbers))
        self.worlds = where.worlds
        zones = [self.zones.number(world.clock) for world in self.worlds]
        self._spread_worlds(zones, found, runs, spans)

    @cached_property
    def _whereabouts(self) -> Whereabouts:
        return Whereabouts(self._stored.consumers)

    # -- columns ---------------------------------------------------------------------------------------------------------

    def entry_column(self, name: str, kind: Kind) -> Column:
        known = self._columns.get(("e", name))
        if known is None:
            known = self._columns["e", name] = self._of_all(name, kind)
        return known

    def _of_all(self, name: str, kind: Kind) -> Column:
        """An attribute of the rows, the actions and the ends of the logs."""
        stored, ends = self._stored, self._ends
        of_action = name.startswith("action.")
        rows = unsaid(len(stored.rows), kind) if of_action else stored.rows.column(name, kind, self.codes)
        parts = [rows]
        if len(stored.actions):
            parts.append(stored.actions.column(name, kind, self.codes))
        if len(ends):
            of_nobody = column_of([None if of_action or name == "id" else attrgetter(name)(SAYS_NOTHING)], kind, self.codes)
            parts.append(joined([rows, of_nobody]).take(self._sources if name != "id" else np.full(len(ends), len(rows))))
        return joined(parts)

    @cached_property
    def _sources(self) -> Indices:
        """Of each end the row that it says again; where there is none, the number after the last."""
        source = self._ends.source
        return np.where(source == _NO_SOURCE, self.logged, source)

    @cached_property
    def ids(self) -> tuple[Array, Array]:
        stored = self._stored
        own, done, named = (of.texts[name]() for of, name in ((stored.rows, "id"), (stored.actions, "id"), (stored.events, "given_in")))
        assert isinstance(own, pa.Array)
        assert isinstance(done, pa.Array)
        assert isinstance(named, pa.Array)
        of_rows, of_actions, given_in = equal_texts(own, done, named)
        # What says what a row says is no other than it, but has no id.
        return np.concatenate((of_rows, of_actions, np.full(len(self._ends), UNSAID_CODE, np.int32))), given_in

    def event_column(self, name: str, kind: Kind) -> Column:
        known = self._columns.get(("v", name))
        if known is None:
            known = self._columns["v", name] = self._stored.events.column(name, kind, self.codes)
        return known

    @cached_property
    def persons(self) -> Sequence[ConsumerFile]:
        return Lazy(len(self._stored.consumers), self.head)

    @cached_property
    def eventful(self) -> Sequence[ConsumerFile]:
        known: dict[int, ConsumerFile] = {}

        def found(consumer: int) -> ConsumerFile:
            file = known.get(consumer)
            if file is None:
                file = known[consumer] = self._with_events(consumer)
            return file

        return Lazy(len(self._stored.consumers), found)

    def _with_events(self, consumer: int) -> ConsumerFile:
        first, stop = int(self.happened.starts[consumer]), int(self.happened.starts[consumer + 1])
        events = [self._event(number) for number in range(first, stop)]
        times = [event.at for event in events if event.type in DESIGNATIONS]
        if len(set(times)) < len(times):
            # Of one instant events stand here by their types, and in a file as they were stated.
            return self.files[consumer]
        return self.head(consumer).with_events(events, self.as_of[consumer])

    def _named_by(self, index: int) -> DebtIds:
        code = int(self._named[index])
        return None if code == UNSAID_CODE else self.codes.values[code]

    def consumer_facts(self, key: str, kind: Kind, read: Callable[[ConsumerFile], Any]) -> Column:
        known = self._columns.get(("f", key))
        if known is None:
            people = self._stored.consumers
            found = column_of(people.by_profile(read, self._stored.collector), kind, self.codes)
            known = self._columns["f", key] = found.take(people.profile)
        return known

    def by_address(self, key: str, read: Callable[[ConsumerFile], Mapping[str, Hashable]], *, apart: bool = False) -> Column:
        return self.kept(f"by address {key}", lambda: self._filed(read, apart=apart))

    def _filed(self, read: Callable[[ConsumerFile], Mapping[str, Hashable]], *, apart: bool) -> Column:
        people, collector = self._stored.consumers, self._stored.collector
        if apart:
            filed = people.filed_apart(read, self.codes, collector)
        else:
            filed = people.filed_alike(people.by_profile(read, collector), self.codes)
        return Column(filed.look_up(self.consumer, self.entry_column("address", Kind.TEXT).data), True)
