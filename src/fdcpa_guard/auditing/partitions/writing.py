"""Items into tables, of each kind one, and the tables into chunks on disk, ordered by partition.

A chunk holds what came in one stretch of reading. Each is written aside and put in place when it is whole, so that a run
that is stopped loses at most the chunk that it was at, and two that write the same do not meet.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pydantic_core import PydanticSerializationError

from fdcpa_guard.auditing.partitions.hashing import partition_of
from fdcpa_guard.auditing.partitions.kinds import FILES, SCHEMAS, SHARED, ColumnBatch, Kind
from fdcpa_guard.auditing.partitions.splitting import split_action, split_communication, split_event
from fdcpa_guard.auditing.spool import Span, loses_a_row
from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.facts.importers.rows import AccountFacts, Item, LogAction, LogEvent, LogRow
from fdcpa_guard.facts.models import Model
from fdcpa_guard.values import instant_of

CHUNK_ITEMS: Final = 200_000
CHUNK_BYTES: Final = 16_000_000
"""Of what records say at length (transcripts), which is copied several times until it is written: a chunk ends with
whichever of both is reached."""
_AT_LENGTH: Final = 1000
_CHUNK_ROWS: Final = 1 << 18
_CHUNK_COLUMNS: Final = 1 << 25
"""Rows and bytes of records that come in columns."""


class Gathering(ABC):
    """Takes items, and makes tables of them. Call `put` for every item, then `flush`."""

    def __init__(self, names: Mapping[str, str] | None = None, among: Sequence[str] = ()) -> None:
        """`names` gives what a file is called in the output, by what the reading calls it. `among` are files that have
        numbers already, in their order; those of others follow."""
        self.span = Span()
        self.items = 0
        self.attributed_lost_rows = 0
        self.files: list[str] = []
        self._names = names or {}
        self._numbers: dict[str, int] = {}
        for file in among:
            self.number_of(file)
        self._last_lost: tuple[str, int | None] | None = None
        self._kept: dict[Kind, dict[str, list[Any]]] = {kind: _empty(kind) for kind in Kind}
        self._batches: dict[Kind, list[pa.Table]] = {kind: [] for kind in Kind}
        self._rows_held, self._bytes_held = dict.fromkeys(Kind, 0), dict.fromkeys(Kind, 0)
        self._waiting = self._bytes = 0

    @abstractmethod
    def _table(self, kind: Kind, table: pa.Table) -> None:
        """What came in one stretch of a kind, in the order in which it was put in."""

    def put(self, item: Item | ColumnBatch) -> None:
        """Keep an item, or many in columns. Of a problem only this is kept: whose log it makes incomplete.

        An item whose text is no Unicode (halves of characters) is kept as a lost row of its consumer.
        """
        if isinstance(item, ColumnBatch):
            self._put_batch(item)
            return
        try:
            self._put(item)
        except (PydanticSerializationError, UnicodeError):
            assert not isinstance(item, Problem)
            self._add(Kind.LOST, item.consumer_id, item.file, item.row)

    def _put(self, item: Item) -> None:
        match item:
            case LogRow():
                own, shape = split_communication(item.communication)
                self.span.row(own["at"])
                if own["known_at"] is not None:
                    self.span.known(own["known_at"])
                updated = None if item.updated_at is None else instant_of(item.updated_at)
                self._add(
                    Kind.ROWS, item.consumer_id, item.file, item.row, **own, shape=shape, raw=_shown(item.raw_outcome),
                    updated=updated, witness=int(item.witness), chain=_shown(item.chain), leg_of=_shown(item.leg_of),
                )  # fmt: skip
            case LogEvent():
                own, shape = split_event(item.event)
                self.span.known(own["at"])
                if own["known_at"] is not None:
                    self.span.known(own["known_at"])
                self._add(Kind.EVENTS, item.consumer_id, item.file, item.row, **own, shape=shape)
            case LogAction():
                own, shape = split_action(item.action)
                self.span.row(own["at"])
                if own["known_at"] is not None:
                    self.span.known(own["known_at"])
                self._add(Kind.ACTIONS, item.consumer_id, item.file, item.row, **own, shape=shape)
            case AccountFacts():
                where = item.consumer_id, item.file, item.row
                self._add(Kind.CONSUMERS, *where, body=_json(item.consumer))
                for debt in item.debts:
                    self._add(Kind.DEBTS, *where, body=_json(debt))
            case Problem():
                if not loses_a_row(item) or item.consumer_id is None:
                    return
                # A row that may be of several consumers is told of each, one after another, and is one row.
                lost = item.file, item.row
                if item.row is None or lost != self._last_lost:
                    self.attributed_lost_rows += 1
                self._last_lost = lost
                self._add(Kind.LOST, item.consumer_id, item.file, item.row or 0)

    def _add(self, kind: Kind, consumer: str, file: str, row: int, **own: Any) -> None:
        kept = self._kept[kind]
        own |= {"consumer": consumer.encode("utf-8", "surrogatepass"), "file": self.number_of(file), "row": row}
        for name, values in kept.items():
            values.append(own.get(name))
        self.items += 1
        self._waiting += 1
        said = len(own.get("shape") or own.get("body") or b"")
        if said > _AT_LENGTH:
            self._bytes += said
        if self._waiting >= CHUNK_ITEMS or self._bytes >= CHUNK_BYTES:
            self._flush_items()

    def number_of(self, file: str) -> int:
        """The number of a file of the input."""
        number = self._numbers.get(file)
        if number is None:
            number = self._numbers[file] = len(self._numbers)
            self.files.append(self._names.get(file, file))
        return number

    def flush(self) -> None:
        """What waits becomes tables."""
        self._flush_items()
        for kind in Kind:
            self._flush_batches(kind)

    def _flush_items(self) -> None:
        for kind, columns in self._kept.items():
            if columns["consumer"]:
                self._table(kind, pa.table({name: _array(name, kind, values) for name, values in columns.items()}))
                self._kept[kind] = _empty(kind)
        self._waiting = self._bytes = 0

    def _put_batch(self, batch: ColumnBatch) -> None:
        """Records in the columns of their kind; several batches make a chunk."""
        table, rows = batch.table, len(batch.table)
        times = [table[name] for name in ("at", "known_at") if name in table.column_names]
        ends = [pc.min_max(each).as_py() for each in times if each.null_count < rows]
        if batch.kind in (Kind.ROWS, Kind.ACTIONS):
            self.span.row(ends[0]["min"])
            self.span.row(ends[0]["max"])
        for end in ends:
            self.span.known(end["max"])
        number = self.number_of(batch.file)
        columns = [
            table[field.name] if field.name in table.column_names
            else pa.array(np.full(rows, number, np.int32)) if field.name == "file"
            else pa.array(np.zeros(rows, np.int8)) if field.name == "witness"
            else pa.nulls(rows, field.type)
            for field in SCHEMAS[batch.kind]
        ]  # fmt: skip
        whole = pa.table(columns, schema=SCHEMAS[batch.kind])
        self._batches[batch.kind].append(whole)
        self.items += rows
        self._rows_held[batch.kind] += rows
        self._bytes_held[batch.kind] += whole.nbytes
        if self._rows_held[batch.kind] >= _CHUNK_ROWS or self._bytes_held[batch.kind] >= _CHUNK_COLUMNS:
            self._flush_batches(batch.kind)
        for each in batch.beside:
            self._put_batch(each)

    def _flush_batches(self, kind: Kind) -> None:
        if self._batches[kind]:
            self._table(kind, pa.concat_tables(self._batches[kind]))
            self._batches[kind] = []
            self._rows_held[kind] = self._bytes_held[kind] = 0


class PartitionWriter(Gathering):
    """Leaves what is put in as chunks in a folder. Call `finish` after the last item."""

    def __init__(
        self,
        folder: Path,
        partitions: int,
        names: Mapping[str, str] | None = None,
        among: Sequence[str] = (),
        stretch: str = "",
    ) -> None:
        """`stretch` begins the names of the chunks, where several writers fill one folder: those of one stretch come before
        those of the next in the order of the names, and a stretch that is written again puts the same in the same place."""
        super().__init__(names, among)
        self.folder = folder
        self.partitions = partitions
        folder.mkdir(parents=True, exist_ok=True)
        self._stretch = stretch
        self._chunks = 0

    def _table(self, kind: Kind, table: pa.Table) -> None:
        # Of what no record of the chunk says there is no column: it would be written, and read, in its full length.
        told = [name for name in SCHEMAS[kind].names if table[name].null_count < len(table)]
        table = table.select(told).combine_chunks().unify_dictionaries()
        place = partition_of(_whole(table["consumer"]), self.partitions)
        counts = np.bincount(place, minlength=self.partitions)
        stops = np.cumsum(counts)
        # Of such numbers NumPy counts how many there are of each, in place of comparing them.
        order = pa.array(np.argsort(place.astype(np.uint16), kind="stable"))
        ordered = pa.record_batch([each.take(order) for each in map(_whole, table.columns)], schema=table.schema)
        path = self.folder / f"{self._stretch}{self._chunks:06d}.{kind.value}.arrow"
        with (
            whole_file(path) as aside,
            pa.OSFile(str(aside), "wb") as sink,
            pa.ipc.new_file(sink, ordered.schema) as file,
        ):
            for start, count in zip((stops - counts).tolist(), counts.tolist(), strict=True):
                _write(file, ordered.slice(start, count))
        self._chunks += 1

    def finish(self) -> None:
        """After the last item: whoever reads the folder then has all of them."""
        self.flush()
        write_names(self.folder, self.files)

    def __enter__(self) -> PartitionWriter:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held open."""


def write_names(folder: Path, names: Iterable[str]) -> None:
    """What the files of the input are called, by their numbers."""
    (folder / FILES).write_bytes(orjson.dumps(list(names)))


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place beside a file to write it to; then it is put there at once, whoever else does the same."""
    aside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        yield aside
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _empty(kind: Kind) -> dict[str, list[Any]]:
    return {name: [] for name in SCHEMAS[kind].names}


def _array(name: str, kind: Kind, values: list[Any]) -> pa.Array:
    type_ = SCHEMAS[kind].field(name).type
    if type_ == SHARED:
        return pa.array(values, pa.binary()).dictionary_encode()
    return pa.array(values, type_)


def _shown(text: str | None) -> str | None:
    """With a mark in the place of halves of characters."""
    return None if text is None else text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _whole(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    if not isinstance(array, pa.ChunkedArray):
        return array
    return array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()


def _write(file: pa.ipc.RecordBatchFileWriter, batch: pa.RecordBatch) -> None:
    """Each slice of a batch has the dictionaries of the whole: a file has room for one of each."""
    file.write_batch(batch)


def _json(model: Model) -> bytes:
    return model.__pydantic_serializer__.to_json(model, exclude_none=True, by_alias=True)
