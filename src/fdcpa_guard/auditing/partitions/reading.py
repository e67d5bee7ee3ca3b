"""One partition: its consumers, and which of them are ready to be judged in columns as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from operator import itemgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.auditing.consumers import words_of
from fdcpa_guard.auditing.partitions.kinds import Kind
from fdcpa_guard.auditing.partitions.objects import Objects
from fdcpa_guard.auditing.partitions.people import people
from fdcpa_guard.auditing.partitions.recorded import (
    Ints,
    Recorded,
    addresses_of,
    by_id_where_tied,
    debt_ids_of,
    joined_texts,
    notices_of,
    number_of,
    ranks_of,
    runs_of,
    stated_by,
    texts_of,
    tied,
    truths_of,
    type_of,
)
from fdcpa_guard.auditing.partitions.splitting import (
    PERIOD_ENDS,
    PERSON_ID,
)
from fdcpa_guard.auditing.spool import SpooledConsumer
from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Texts
from fdcpa_guard.engine.columnar.owed import Owed
from fdcpa_guard.engine.columnar.people import People
from fdcpa_guard.engine.columnar.stored import SAYS_NOTHING, Records, Stored
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.importers.rows import LogRow
from fdcpa_guard.facts.models import Collector, Debt

_ROW_TEXTS: Final = ("id", "address", "agent", "sender", PERSON_ID, "subject", "template")
_EVENT_TEXTS: Final = ("address", "given_in")
_ID_OF_DEBT: Final = r'^\{"id":"(?P<id>[^"\\]*)"'
"""Where the id of a debt stands, unless it has what JSON writes otherwise."""


class Partition:
    """The consumers of one partition, in the order of their ids' bytes."""

    def __init__(self, tables: dict[Kind, pa.Table], files: Sequence[str]) -> None:
        columns = [table["consumer"].combine_chunks() for table in tables.values()]
        ids = pa.chunked_array([pa.array(column) if len(column) else pa.array([], pa.binary()) for column in columns])
        coded = ids.combine_chunks().dictionary_encode() if len(ids) else pa.array([], pa.binary()).dictionary_encode()
        names: list[bytes] = coded.dictionary.to_pylist()
        order = sorted(range(len(names)), key=names.__getitem__)
        rank = np.empty(len(names), np.int64)
        rank[order] = np.arange(len(names))
        self.ids = [names[number] for number in order]
        self.consumers = [each.decode("utf-8", "replace") for each in self.ids]
        codes = rank[np.asarray(coded.indices)] if len(names) else np.zeros(0, np.int64)
        self._files = files
        self._of: dict[Kind, Recorded] = {}
        start = 0
        for kind, table in tables.items():
            self._of[kind] = Recorded(table, codes[start : start + len(table)], len(names))
            start += len(table)
        self._objects = Objects(self._of, self.consumers, files)

    @property
    def items(self) -> int:
        return sum(len(records.table) for records in self._of.values())

    # -- one consumer, as objects ----------------------------------------------------------------------------------------

    def spooled(self, consumer: int) -> SpooledConsumer:
        """Everything that was read of one consumer, each kind in the order of reading."""
        return self._objects.spooled([consumer])[0]

    def spooled_of(self, consumers: Sequence[int]) -> list[SpooledConsumer]:
        """The same of several, which takes less for each."""
        return self._objects.spooled(consumers)

    def accounts(self, consumer: int) -> SpooledConsumer:
        """What was read of a consumer's accounts, and nothing else."""
        return self._objects.accounts(consumer)

    def row(self, index: int) -> LogRow:
        """One of all rows."""
        return self._objects.row(index)

    # -- all of them, as columns -----------------------------------------------------------------------------------------

    @cached_property
    def plain(self) -> npt.NDArray[np.bool_]:
        """The consumers whose records can be judged as they are.

        Where ids repeat, records contradict or complete one another, or two stand at one instant and nothing says which
        was first, what the log says has to be worked out record by record.
        """
        found = np.ones(len(self.consumers), bool)
        found[self._of[Kind.LOST].consumer] = False
        rows = self._of[Kind.ROWS]
        found[rows.consumer[np.asarray(rows.table["witness"]) != 0]] = False
        for name in ("chain", "leg_of"):
            if rows.has_any(name):
                found[rows.consumer[np.asarray(rows.table[name].is_valid())]] = False
        for kind, read in ((Kind.ROWS, self._entries), (Kind.EVENTS, self._events), (Kind.ACTIONS, self._objects.actions.entries)):
            found[self._not_as_they_are(self._of[kind], read)] = False
        for kind in (Kind.ROWS, Kind.ACTIONS):
            records = self._of[kind]
            found[_repeated(records.consumer, records.table["id"].combine_chunks())] = False
        for odd in (self._objects.actions.beyond_counting(), self._objects.actions.told_twice()):
            found[odd] = False
        found[self._tied_rows()] = False
        found[self._told_twice()] = False
        return found

    @cached_property
    def _entries(self) -> list[Entry | None]:
        """What the rows of each shape say; None of one that cannot be read back."""
        return [None if said is None else Entry(said, of_log=True) for said in self._objects.rows]

    @cached_property
    def _events(self) -> list[EventOf | None]:
        return [None if said is None else EventOf(said, "events") for said in self._objects.events]

    @staticmethod
    def _not_as_they_are(records: Recorded, read: Sequence[Entry | EventOf | None]) -> Ints:
        """The consumers of whom a record cannot be read back, or names a debt by an empty word, which none has."""
        if len(records.table) == 0:
            return np.zeros(0, np.int64)
        numbers, bodies = records.shapes
        of_shape = np.array(
            [each is None or b'""' in body for each, body in zip(read, bodies, strict=True)], bool
        )[numbers]  # fmt: skip
        nameless = pc.match_substring(records.table["debts"].combine_chunks(), '""').fill_null(False)
        found: Ints = records.consumer[of_shape | nameless.to_numpy(zero_copy_only=False)]
        return found

    def stored(self, consumers: Ints, collector: Collector, as_of: int | None, file_of: Callable[[int], ConsumerFile]) -> Stored:
        """Some plain consumers, in the order of their numbers; `file_of` takes their places among these."""
        place = self._places(consumers)
        rows = self._stored_rows(place)
        actions, action_of = self._objects.actions.stored(place)
        return Stored(
            self._people(consumers), collector, as_of, rows, actions, self._stored_events(place, rows),
            self._owed(consumers), file_of, action_of,
        )  # fmt: skip

    def with_rows(self, stored: Stored, consumers: Ints, rows: Records) -> Stored:
        """What was stored of some consumers, with other rows of theirs, and the notices that those are."""
        return replace(stored, rows=rows, events=self._stored_events(self._places(consumers), rows))

    def as_read(self, consumers: Ints) -> tuple[Records, Ints, Ints]:
        """The rows of some consumers as they are, each consumer's in the order of reading; which of all rows each is, and
        where in its file it stands."""
        records, place = self._of[Kind.ROWS], self._places(consumers)
        index = records.order[place[records.consumer[records.order]] >= 0]
        return self._rows_at(index, place), index, np.asarray(records.table["row"])[index]

    def has_raw(self, index: Ints) -> npt.NDArray[np.bool_]:
        """Which of some rows have a vendor's own code."""
        said: npt.NDArray[np.bool_] = np.asarray(self._of[Kind.ROWS].table["raw"].is_valid())[index]
        return said

    @cached_property
    def not_as_they_are(self) -> npt.NDArray[np.bool_]:
        """The consumers of whom a row cannot be judged as it is."""
        found = np.zeros(len(self.consumers), bool)
        found[self._not_as_they_are(self._of[Kind.ROWS], self._entries)] = True
        return found

    def _places(self, consumers: Ints) -> Ints:
        place = np.full(len(self.consumers), -1, np.int64)
        place[consumers] = np.arange(len(consumers))
        return place

    def _stored_rows(self, place: Ints) -> Records:
        records = self._of[Kind.ROWS]
        index = records.order[place[records.consumer[records.order]] >= 0]
        at = records.numbers("at")
        consumer = place[records.consumer[index]]
        when = at[index]
        if ((when[1:] < when[:-1]) & (consumer[1:] == consumer[:-1])).any():
            index = index[np.lexsort((when, consumer))]
        return self._rows_at(by_id_where_tied(index, place[records.consumer[index]], at[index], records), place)

    def _rows_at(self, index: Ints, place: Ints) -> Records:
        records = self._of[Kind.ROWS]
        consumer, when = place[records.consumer[index]], records.numbers("at")[index]
        known = records.numbers("known_at")[index]
        numbers, _ = records.shapes
        shapes = [each or SAYS_NOTHING for each in self._entries]
        texts: dict[str, Callable[[], Texts]] = {name: texts_of(records, name, index) for name in _ROW_TEXTS}
        texts["address"] = addresses_of(texts_of(records, "address", index))
        texts["stated"] = stated_by(records, index)
        instants = {
            "at": when, "known_at": np.where(known == UNSAID_NUMBER, when, known),
            PERIOD_ENDS: records.numbers(PERIOD_ENDS)[index],
        }  # fmt: skip
        truths = truths_of(records, index)
        return Records(consumer, numbers[index], shapes, texts, instants, debt_ids_of(records, index), truths)

    def _stored_events(self, place: Ints, rows: Records) -> Records:
        """What is on file, and the notices that communications of the log are."""
        records = self._of[Kind.EVENTS]
        index = self._each_once(records.order[place[records.consumer[records.order]] >= 0])
        numbers, _ = records.shapes
        shapes: list[Entry | EventOf] = [each or SAYS_NOTHING for each in self._events]
        notices, owners = notices_of(rows)
        count = len(index)
        consumer = np.concatenate((place[records.consumer[index]], np.array(owners, np.int64)))
        at = records.numbers("at")[index]
        known = records.numbers("known_at")[index]
        ends, received = records.numbers("ends")[index], records.numbers("received_at")[index]
        # An event may end by two fields of which one is in its shape.
        of_shape = np.array([number_of(getattr(shape, "ends", None)) for shape in shapes], np.int64)
        if count:
            until = of_shape[numbers[index]]
            ends = np.where(ends == UNSAID_NUMBER, until, np.where(until == UNSAID_NUMBER, ends, np.minimum(ends, until)))
        own = {
            "at": (at, [each.at for each in notices]),
            "known_at": (np.where(known == UNSAID_NUMBER, at, known), [each.known_at for each in notices]),
            "ends": (ends, [number_of(each.ends) for each in notices]),
            "received_at": (received, [number_of(each.received_at) for each in notices]),
        }
        shape = np.concatenate((numbers[index] if count else index, len(shapes) + np.arange(len(notices))))
        shapes.extend(notices)
        types = np.array(ranks_of([str(getattr(each, "type", "")) for each in shapes]), np.int64)
        merged = {name: np.concatenate((told, np.array(more, np.int64))) for name, (told, more) in own.items()}
        order = np.lexsort((types[shape] if len(shape) else shape, merged["at"], consumer))
        texts = {name: texts_of(records, name, index) for name in _EVENT_TEXTS}
        texts["address"] = addresses_of(texts["address"])
        told: dict[str, Callable[[], Texts]] = {
            name: joined_texts(read, [getattr(each, name) for each in notices], order) for name, read in texts.items()
        }
        debts = debt_ids_of(records, index).then([each.debts for each in notices])
        return Records(
            consumer[order], shape[order], shapes, told, {name: values[order] for name, values in merged.items()},
            debts.take(order),
        )  # fmt: skip

    def _each_once(self, index: Ints) -> Ints:
        """Events in order of time, and of one instant and type in the order of what they say; each once."""
        records = self._of[Kind.EVENTS]
        numbers, bodies = records.shapes
        if len(index) == 0:
            return index
        types = np.array(ranks_of([type_of(body) for body in bodies]), np.int64)[numbers[index]]
        keys = types, records.numbers("at")[index], records.consumer[index]
        order = np.lexsort(keys)
        index = index[order]
        same = np.logical_and.reduce([key[order][1:] == key[order][:-1] for key in keys])
        keep = np.ones(len(index), bool)
        for first, last in runs_of(same):
            said = [words_of(self._objects.event(number)) for number in index[first:last]]
            # Of equal ones the first stays: they are one.
            places = dict(zip(reversed(said), reversed(index[first:last].tolist()), strict=True))
            index[first : first + len(places)] = [places[words] for words in sorted(places)]
            keep[first + len(places) : last] = False
        return index[keep]

    def _people(self, consumers: Ints) -> People:
        """What is on file of each; of one that is in no file of accounts, nothing."""
        records = self._of[Kind.CONSUMERS]
        bodies = list(records.values("body"))
        rows = [records.of(number) for number in consumers.tolist()]
        return people([(bodies[each[0]] if each else None, len(each)) for each in rows])

    def _owed(self, consumers: Ints) -> Owed:
        """The debts on file of each."""
        records, accounts = self._of[Kind.DEBTS], self._of[Kind.CONSUMERS]
        bodies = list(records.values("body"))
        found: list[list[dict[str, Any]]] = []
        for number in consumers.tolist():
            debts = [orjson.loads(bodies[index]) for index in records.of(number)]
            if len(accounts.of(number)) > 1:
                debts.sort(key=itemgetter("id"))
            found.append(debts)
        return Owed(found, Debt.model_validate)

    def counts(self, kind: Kind) -> Ints:
        """How many records of a kind each consumer has."""
        return np.bincount(self._of[kind].consumer, minlength=len(self.consumers))

    def of_file(self, kind: Kind, file: str) -> npt.NDArray[np.bool_]:
        """The consumers of whom a record of a kind stands in a file of that name."""
        return self.among(kind, np.array([place for place, name in enumerate(self._files) if name == file], np.int64))

    def among(self, kind: Kind, files: Ints) -> npt.NDArray[np.bool_]:
        """The consumers of whom a record of a kind stands in one of some files, which are named by their places."""
        records = self._of[kind]
        found = np.zeros(len(self.consumers), bool)
        found[records.consumer[np.isin(np.asarray(records.table["file"]), files)]] = True
        return found

    def _tied_rows(self) -> Ints:
        """The consumers of whom two rows stand at one instant, one of them without an id."""
        rows = self._of[Kind.ROWS]
        nameless = np.asarray(rows.table["id"].is_null())
        if not nameless.any():
            return np.zeros(0, np.int64)
        among = np.isin(rows.consumer, rows.consumer[nameless])
        return tied(rows.consumer[among], rows.numbers("at")[among])

    def _told_twice(self) -> Ints:
        """The consumers of whom rows of accounts say different things, or one debt stands in two."""
        consumers = self._of[Kind.CONSUMERS]
        bodies = np.asarray(consumers.table["body"].combine_chunks().dictionary_encode().indices) if len(consumers.table) else None
        found = np.zeros(0, np.int64)
        if bodies is not None:
            ordered, by_consumer = bodies[consumers.order], consumers.consumer[consumers.order]
            differs = (by_consumer[1:] == by_consumer[:-1]) & (ordered[1:] != ordered[:-1])
            found = by_consumer[1:][differs]
        return np.concatenate((found, self._debts_twice()))

    def _debts_twice(self) -> Ints:
        debts = self._of[Kind.DEBTS]
        bodies = debts.table["body"].combine_chunks()
        ids = pc.struct_field(pc.extract_regex(bodies, _ID_OF_DEBT), "id")
        written = np.flatnonzero(np.asarray(ids.is_null()))
        if len(written):
            read = [orjson.loads(body)["id"].encode() for body in bodies.take(pa.array(written)).to_pylist()]
            mask = np.zeros(len(ids), bool)
            mask[written] = True
            ids = pc.replace_with_mask(ids, mask, pa.array(read, pa.binary()))
        return _repeated(debts.consumer, ids)


def _repeated(consumer: Ints, column: pa.Array) -> Ints:
    """The consumers of whom two records have the same text."""
    valid = np.flatnonzero(np.asarray(column.is_valid()))
    encoded = column.take(pa.array(valid)).dictionary_encode()
    if len(encoded.dictionary) == len(valid):
        return np.zeros(0, np.int64)
    codes = np.asarray(encoded.indices).astype(np.int64)
    keys = consumer[valid] * (int(codes.max()) + 1) + codes
    distinct, counts = np.unique(keys, return_counts=True)
    found: Ints = distinct[counts > 1] // (int(codes.max()) + 1)
    return found
