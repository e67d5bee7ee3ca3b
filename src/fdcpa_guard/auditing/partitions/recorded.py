"""The records of one kind in a partition, and columns made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
from pydantic import ValidationError

from fdcpa_guard.auditing.partitions.splitting import (
    BITS_OF_A_TRUTH,
    PERIOD_ENDS,
    TRUTHS,
    TRUTHS_OF_COMMUNICATION,
    joined,
    own_fields,
)
from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Picks
from fdcpa_guard.engine.columnar.stored import Records
from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.models import Action, Communication, Event
from fdcpa_guard.facts.stated import UNSTATED, stated_as_written
from fdcpa_guard.facts.validation_period import notices_among

Ints = npt.NDArray[np.int64]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DEARER: Final = 8
"""So many times a cell costs by itself of what it costs among all."""
M = TypeVar("M", Action, Communication, Event)


class Recorded:
    """The records of one kind: in the order of reading, and of which consumer each is."""

    def __init__(self, table: pa.Table, consumer: Ints, consumers: int) -> None:
        self.table = table
        self.consumer = consumer
        self.order = _by_consumer(consumer, np.asarray(table["file"]), np.asarray(table["row"]))
        """By consumer, within one in the order of the files and rows."""
        self.starts = np.searchsorted(consumer[self.order], np.arange(consumers + 1))
        self._lists: dict[str, Cells] = {}

    def of(self, consumer: int) -> list[int]:
        """The records of a consumer."""
        found: list[int] = self.order[self.starts[consumer] : self.starts[consumer + 1]].tolist()
        return found

    def values(self, name: str) -> Cells:
        """A column as Python has it."""
        known = self._lists.get(name)
        if known is None:
            known = self._lists[name] = Cells(self.table[name].combine_chunks())
        return known

    def numbers(self, name: str) -> Ints:
        """A column of instants."""
        column = self.table[name].combine_chunks()
        filled = column.fill_null(UNSAID_NUMBER) if column.null_count else column
        return np.asarray(filled.to_numpy(zero_copy_only=False), np.int64)

    def documents(self, names: Sequence[str], index: Sequence[int]) -> list[dict[str, Any]]:
        """What some records say of their own in some columns: of each what it says there, and nothing else."""
        found: list[dict[str, Any]] = [{} for _ in index]
        for name in names:
            for own, value in zip(found, self.values(name).some(index), strict=True):
                if value is not None:
                    own[name] = value
        return found

    def has_any(self, name: str) -> bool:
        column = self.table[name]
        return bool(column.null_count < len(column))

    @cached_property
    def shapes(self) -> tuple[Ints, list[bytes]]:
        """The number of each record's shape, and the shapes."""
        column = self.table["shape"].combine_chunks()
        if len(column) == 0:
            return np.zeros(0, np.int64), []
        used, numbers = np.unique(np.asarray(column.indices), return_inverse=True)
        return numbers.astype(np.int64), column.dictionary.take(pa.array(used)).to_pylist()


def _by_consumer(consumer: Ints, file: npt.NDArray[np.int32], row: Ints) -> Ints:
    further = (file[1:] > file[:-1]) | ((file[1:] == file[:-1]) & (row[1:] >= row[:-1]))
    if not further.all():
        return np.lexsort((row, file, consumer))
    # As records come. Numbers that hold both, the consumer and the place, are sorted in a tenth of the time.
    bits = len(consumer).bit_length()
    both: Ints = (consumer << bits) | np.arange(len(consumer))
    both.sort()
    both &= (1 << bits) - 1
    return both


class Cells(Sequence[Any]):
    """The cells of a column: one after another where few are asked for, and all at once where many are."""

    def __init__(self, column: pa.Array) -> None:
        self._column = column
        self._asked = 0
        self._all: list[Any] | None = None

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, index: Any) -> Any:
        if self._all is None:
            self._asked += 1
            if self._asked * _DEARER <= len(self._column):
                return self._column[index].as_py()
            self._all = self._column.to_pylist()
        return self._all[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._column.to_pylist())

    def some(self, index: Sequence[int]) -> list[Any]:
        """The cells of some places."""
        if self._all is None:
            if self._column.null_count == len(self._column):
                return [None] * len(index)
            self._asked += len(index)
            if self._asked * _DEARER <= len(self._column):
                found: list[Any] = self._column.take(pa.array(index, pa.int64())).to_pylist()
                return found
            self._all = self._column.to_pylist()
        every = self._all
        return [every[place] for place in index]


def type_of(shape: bytes) -> str:
    found: str = orjson.loads(shape)["type"]
    return found


def tied(consumer: Ints, *keys: Ints) -> Ints:
    """The consumers of whom two records agree in every key."""
    if len(consumer) < 2:
        return np.zeros(0, np.int64)
    order = np.lexsort((*keys, consumer))
    same = consumer[order][1:] == consumer[order][:-1]
    for key in keys:
        same &= key[order][1:] == key[order][:-1]
    found: Ints = consumer[order][1:][same]
    return found


class Patterns(Generic[M]):
    """What the records of each shape say that is not their own, read once; and from it, what a record says."""

    def __init__(self, model: type[M], bodies: Sequence[bytes]) -> None:
        self._model: type[M] = model
        self._bodies = bodies
        self._read: list[M | None] = [read_back(model, body) for body in bodies]

    def __iter__(self) -> Iterator[M | None]:
        """What each shape says; None of one that cannot be read back."""
        return iter(self._read)

    def of(self, own: Mapping[str, Any], shape: int) -> M:
        """A record, of what is its own as its columns have it, and of its shape.

        Raises:
            ValidationError: it cannot be read back.
        """
        pattern = self._read[shape]
        # Each field is valid by itself: those of the shape were found so, and of these kinds of values all others are.
        if pattern is None or "stated" in own or "" in own.values():
            return self._model.model_validate(joined(own, self._bodies[shape]))
        return pattern.model_copy(update=own_fields(own, getattr(pattern, "person", None)))


def read_back(model: type[M], body: bytes) -> M | None:
    """What a shape says: a record that has nothing of its own, at an instant that nobody looks at."""
    try:
        return model.model_validate({**orjson.loads(body), "at": _EPOCH})
    except ValidationError:
        return None


def texts_of(records: Recorded, name: str, index: Ints) -> Callable[[], pa.Array]:
    return lambda: _taken(records, name, index)


def _taken(records: Recorded, name: str, index: Ints) -> pa.Array:
    taken: pa.Array = records.table[name].combine_chunks().take(pa.array(index))
    return taken


def addresses_of(read: Callable[[], pa.Array]) -> Callable[[], pa.Array]:
    """As the engine compares them."""

    def found() -> pa.Array:
        encoded = read().dictionary_encode()
        compared = pa.array([one_address(each) for each in encoded.dictionary.to_pylist()], pa.string())
        return compared.take(encoded.indices)

    return found


def truths_of(records: Recorded, index: Ints) -> dict[str, npt.NDArray[np.int8]]:
    """Of each truth that any record states, what each says of it, as the engine has truths."""
    packed = np.asarray(_taken(records, TRUTHS, index).fill_null(0))
    any_ = int(np.bitwise_or.reduce(packed))
    return {
        name: (packed >> BITS_OF_A_TRUTH * place & 3).astype(np.int8) - np.int8(1)
        for place, name in enumerate(TRUTHS_OF_COMMUNICATION)
        if any_ >> BITS_OF_A_TRUTH * place & 3
    }


def stated_by(records: Recorded, index: Ints) -> Callable[[], Picks]:
    """What each record states; of one that states nothing, what says nothing."""

    def found() -> Picks:
        encoded = _taken(records, "stated", index).dictionary_encode()
        told = [*map(stated_as_written, encoded.dictionary.to_pylist()), UNSTATED]
        return Picks(told, np.asarray(encoded.indices.fill_null(len(told) - 1)))

    return found


def joined_texts(read: Callable[[], pa.Array], more: Sequence[str | None], order: Ints) -> Callable[[], pa.Array]:
    return lambda: pa.concat_arrays([read(), pa.array(more, pa.string())]).take(pa.array(order))


def debt_ids_of(records: Recorded, index: Ints) -> Picks:
    encoded = _taken(records, "debts", index).dictionary_encode()
    told = [tuple(orjson.loads(text)) for text in encoded.dictionary.to_pylist()]
    return Picks(told, np.asarray(encoded.indices.fill_null(-1)))


def by_id_where_tied(index: Ints, consumer: Ints, when: Ints, records: Recorded) -> Ints:
    """Rows of one instant in the order of their ids."""
    same = (consumer[1:] == consumer[:-1]) & (when[1:] == when[:-1])
    if not same.any():
        return index
    ids = records.values("id")
    found = index.copy()
    for first, last in runs_of(same):
        found[first:last] = sorted(index[first:last].tolist(), key=lambda row: ids[row] or "")
    return found


def runs_of(same: npt.NDArray[np.bool_]) -> list[list[int]]:
    """Where runs of things begin and end of which each is like the one before it."""
    turns = np.flatnonzero(np.diff(np.concatenate(([False], same, [False])).astype(np.int8)))
    return [[first, last + 1] for first, last in turns.reshape(-1, 2).tolist()]


def notices_of(rows: Records) -> tuple[list[EventOf], list[int]]:
    """The notices among the communications, and whose they are: of each shape one is made, and copied for its records."""
    models = {number: _notice_of(shape) for number, shape in enumerate(rows.shapes)}
    is_notice = np.array([models[number] is not None for number in range(len(rows.shapes))], bool)
    found: list[EventOf] = []
    owners: list[int] = []
    if not is_notice.any():
        return found, owners
    places = np.flatnonzero(is_notice[rows.shape])
    ids, addresses = (_taken_texts(rows, name, places) for name in ("id", "address"))
    at, known_at, ends = (rows.numbers[name] for name in ("at", "known_at", PERIOD_ENDS))
    for place, row in enumerate(places.tolist()):
        model = models[int(rows.shape[row])]
        assert model is not None
        notice = copy(model)
        notice.at, notice.known_at = int(at[row]), int(known_at[row])
        notice.given_in, notice.address = ids[place], addresses[place]
        notice.period_ends = None if ends[row] == UNSAID_NUMBER else int(ends[row])
        notice.debts = rows.debts[row] or () if model.debts else ()
        found.append(notice)
        owners.append(int(rows.consumer[row]))
    return found, owners


def _taken_texts(rows: Records, name: str, places: Ints) -> list[str | None]:
    texts = rows.texts[name]()
    assert isinstance(texts, pa.Array)
    found: list[str | None] = texts.take(pa.array(places)).to_pylist()
    return found


def _notice_of(shape: Entry | EventOf) -> EventOf | None:
    """The notice that communications of a shape are; it has a debt where theirs are its own."""
    assert isinstance(shape, Entry)
    entry = copy(shape)
    entry.debts = ("any",)
    told = notices_among([entry])
    return told[0] if told else None


def number_of(instant: int | None) -> int:
    return UNSAID_NUMBER if instant is None else instant


def ranks_of(names: Sequence[str]) -> list[int]:
    ranks = {name: number for number, name in enumerate(sorted(set(names)))}
    return [ranks[name] for name in names]
