"""The items of a log, put on disk by consumer and read back one consumer at a time.

Logs come in order of time, rules ask for the history of one consumer: this is the sort between the two. A temporary
SQLite file holds what was read; memory holds one batch while it is written, and one consumer while it is read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import groupby
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from fdcpa_guard.facts.importers.problems import Problem, ProblemKind
from fdcpa_guard.facts.importers.rows import AccountFacts, Item, LogAction, LogEvent, LogRow, Witness
from fdcpa_guard.facts.models import Action, Communication, Consumer, Debt, Event, Model
from fdcpa_guard.values import datetime_of, instant_of

BATCH_ITEMS: Final = 4000
RANGE_ITEMS: Final = 4000
"""About so many items are one piece of work; a consumer is never split."""

_NO_LOSS: Final = frozenset({ProblemKind.NOT_A_COMMUNICATION, ProblemKind.DUPLICATE_ID})
"""Rows left out that no count misses."""


class _Kind(IntEnum):
    ROW = 0
    EVENT = 1
    CONSUMER = 2
    DEBT = 3
    LOST_ROW = 4
    ACTION = 5


@dataclass(slots=True)
class SpooledConsumer:
    """Everything that was read about one consumer, each kind in the order of reading.

    `lost_rows` counts the rows of this consumer's log that could not be read. `unreadable` are items that could not be
    read back, by file and row: as bad as lost ones.
    """

    consumer_id: str
    rows: list[LogRow] = field(default_factory=list)
    actions: list[LogAction] = field(default_factory=list)
    events: list[LogEvent] = field(default_factory=list)
    accounts: list[AccountFacts] = field(default_factory=list)
    lost_rows: int = 0
    unreadable: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ConsumerRange:
    """Consumers `first` to `last`, both included, in the order of their ids' UTF-8 bytes; `items` in all."""

    number: int
    first: bytes
    last: bytes
    items: int


@dataclass(slots=True)
class Span:
    """The earliest and the latest instant that was put in; None of an empty log.

    `last` is of communications and actions. `last_known` is of anything at all, the instants of becoming known with it.
    """

    first: int | None = None
    last: int | None = None
    last_known: int | None = None

    def row(self, at: int) -> None:
        if self.first is None or at < self.first:
            self.first = at
        if self.last is None or at > self.last:
            self.last = at
        self.known(at)

    def known(self, at: int) -> None:
        if self.last_known is None or at > self.last_known:
            self.last_known = at

    def add(self, other: Span) -> None:
        """What was put in elsewhere."""
        for at in (other.first, other.last):
            if at is not None:
                self.row(at)
        if other.last_known is not None:
            self.known(other.last_known)


_Record = tuple[bytes, int, int, int, bytes | None, int | None, int, bytes | None, bytes | None, bytes]
"""Consumer, kind, number of the file, row, the vendor's own code, when changed, what it is a record of, the first of its chain,
the record that it is a leg of, body."""


def loses_a_row(problem: Problem) -> bool:
    """Whether a log lacks a row for it."""
    return problem.left_out and problem.kind not in _NO_LOSS


class Spool:
    """Writes. Call `put` for every item, then `finish`, and read with `SpoolReader`. Leaving it closes the file.

    `path` is a new file in a folder of the caller's, who removes it.
    """

    def __init__(self, path: Path, names: Mapping[str, str] | None = None) -> None:
        """`names` gives what a file is called in the output, by what the reading calls it."""
        self.path = path
        self.span = Span()
        self.attributed_lost_rows = 0
        self._last_lost: tuple[str, int | None] | None = None
        self.items = 0
        self._names = names or {}
        self._numbers: dict[str, int] = {}
        self._batch: list[_Record] = []
        self._db = sqlite3.connect(path, isolation_level=None)
        # A temporary file that nobody reads after a crash: no journal, no waiting for the disk.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32768", "locking_mode=EXCLUSIVE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE files (number INTEGER PRIMARY KEY, name BLOB)")
        self._db.execute(
            "CREATE TABLE items (consumer BLOB, kind INTEGER, file INTEGER, row INTEGER, raw BLOB, updated INTEGER, "
            "witness INTEGER, chain BLOB, leg_of BLOB, body BLOB)"
        )
        self._db.execute("BEGIN")

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def put(self, item: Item) -> None:
        """Keep an item. Of a problem only this is kept: whose log it makes incomplete.

        An item whose text is no Unicode (halves of characters) is kept as a lost row of its consumer.
        """
        match item:
            case LogRow():
                said = item.communication
                self.span.row(instant_of(said.at))
                if said.known_at is not None:
                    self.span.known(instant_of(said.known_at))
                updated = None if item.updated_at is None else instant_of(item.updated_at)
                self._add(item, _Kind.ROW, said, item.raw_outcome, updated, item.witness, (item.chain, item.leg_of))
            case LogAction():
                self.span.row(instant_of(item.action.at))
                if item.action.known_at is not None:
                    self.span.known(instant_of(item.action.known_at))
                self._add(item, _Kind.ACTION, item.action)
            case LogEvent():
                self.span.known(instant_of(item.event.at))
                if item.event.known_at is not None:
                    self.span.known(instant_of(item.event.known_at))
                self._add(item, _Kind.EVENT, item.event)
            case AccountFacts():
                self._add(item, _Kind.CONSUMER, item.consumer)
                for debt in item.debts:
                    self._add(item, _Kind.DEBT, debt)
            case Problem():
                if not loses_a_row(item) or item.consumer_id is None:
                    return
                # A row that may be of several consumers is told of each, one after another, and is one row.
                lost = item.file, item.row
                if item.row is None or lost != self._last_lost:
                    self.attributed_lost_rows += 1
                self._last_lost = lost
                key = _bytes(item.consumer_id)
                self._append((key, _Kind.LOST_ROW, self._file(item.file), item.row or 0, None, None, 0, None, None, b""))

    def finish(self) -> None:
        """Everything to disk, ordered by consumer."""
        self._flush()
        files = [(number, _bytes(self._names.get(name, name))) for name, number in self._numbers.items()]
        self._db.executemany("INSERT INTO files VALUES (?, ?)", files)
        self._db.execute("CREATE INDEX by_consumer ON items (consumer)")
        self._db.execute("COMMIT")
        self._db.close()

    def _add(
        self,
        item: LogRow | LogAction | LogEvent | AccountFacts,
        kind: _Kind,
        body: Model,
        raw: str | None = None,
        updated: int | None = None,
        witness: int = 0,
        chained: tuple[str | None, str | None] = (None, None),
    ) -> None:
        try:
            text = body.__pydantic_serializer__.to_json(body, exclude_none=True, by_alias=True)
        except (PydanticSerializationError, UnicodeError):
            kind, text = _Kind.LOST_ROW, b""
        own, chain, leg_of = (None if each is None else _bytes(each) for each in (raw, *chained))
        file = self._file(item.file)
        self._append((_bytes(item.consumer_id), kind, file, item.row, own, updated, int(witness), chain, leg_of, text))

    def _append(self, record: _Record) -> None:
        self._batch.append(record)
        self.items += 1
        if len(self._batch) >= BATCH_ITEMS:
            self._flush()

    def _flush(self) -> None:
        self._db.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._batch)
        self._batch.clear()

    def _file(self, name: str) -> int:
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self._numbers)
        return number


class SpoolReader:
    """Reads a finished spool, one consumer at a time. Open one in each process."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        self._db.execute("PRAGMA cache_size=-8192")
        self._files = [_text(name) for (name,) in self._db.execute("SELECT name FROM files ORDER BY number")]

    def close(self) -> None:
        self._db.close()

    def ranges(self, items: int = RANGE_ITEMS) -> Iterator[ConsumerRange]:
        """The consumers in pieces of work, numbered from 1, that depend on what is in the log alone."""
        number, size = 1, 0
        first: bytes | None = None
        last = b""
        for consumer, count in self._db.execute("SELECT consumer, count(*) FROM items GROUP BY consumer ORDER BY consumer"):
            if first is None:
                first = consumer
            last, size = consumer, size + count
            if size >= items:
                yield ConsumerRange(number, first, last, size)
                number, size, first = number + 1, 0, None
        if first is not None:
            yield ConsumerRange(number, first, last, size)

    def consumers(self, among: ConsumerRange) -> Iterator[SpooledConsumer]:
        """The consumers of a range; only the one last given is in memory."""
        found = self._db.execute(
            "SELECT consumer, kind, file, row, raw, updated, witness, chain, leg_of, body FROM items "
            "WHERE consumer BETWEEN ? AND ? ORDER BY consumer, rowid",
            (among.first, among.last),
        )
        for key, records in groupby(found, key=_consumer_of):
            yield self._consumer(key, records)

    def _consumer(self, key: bytes, records: Iterable[_Record]) -> SpooledConsumer:
        consumer_id = _text(key)
        found = SpooledConsumer(consumer_id)
        for _, kind, file_number, row, raw, updated, witness, chain, leg_of, body in records:
            file = self._files[file_number]
            try:
                if kind == _Kind.ROW:
                    found.rows.append(
                        LogRow(
                            consumer_id,
                            row,
                            file,
                            Communication.model_validate_json(body),
                            None if raw is None else _text(raw),
                            None if updated is None else datetime_of(updated),
                            Witness(witness),
                            None if chain is None else _text(chain),
                            None if leg_of is None else _text(leg_of),
                        )
                    )
                elif kind == _Kind.ACTION:
                    found.actions.append(LogAction(consumer_id, row, file, Action.model_validate_json(body)))
                elif kind == _Kind.EVENT:
                    found.events.append(LogEvent(consumer_id, row, file, Event.model_validate_json(body)))
                elif kind == _Kind.CONSUMER:
                    consumer = Consumer.model_validate_json(body)
                    found.accounts.append(AccountFacts(consumer_id, row, file, consumer))
                elif kind == _Kind.DEBT:
                    debt = Debt.model_validate_json(body)
                    told = found.accounts[-1] if found.accounts else None
                    if told is not None and (told.file, told.row) == (file, row):
                        found.accounts[-1] = replace(told, debts=(*told.debts, debt))
                    else:  # what the row says of the consumer was lost
                        found.accounts.append(AccountFacts(consumer_id, row, file, Consumer(), (debt,)))
                else:
                    found.lost_rows += 1
            except ValidationError as error:
                found.unreadable.append((file, row, str(error.errors(include_url=False)[0]["msg"])))
        return found


def _consumer_of(record: _Record) -> bytes:
    return record[0]


# A name may hold halves of characters: as bytes it stays apart from others, and is shown with a mark in their place.
def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
