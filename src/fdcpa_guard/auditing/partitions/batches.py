"""The project's own tables of communications, events and actions, read in record batches.

What a row shares with others is read once for all that share it, by the importer itself, of one row that stands for them;
what is its own (when, of whom, to which number, about which debt) is read by columns. A row of which anything cannot be read
so, or of which the importer has anything to say, is left to it: nothing is read here that it would read otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.auditing.partitions.account_batches import AccountBatchReader
from fdcpa_guard.auditing.partitions.clocks import Clocks
from fdcpa_guard.auditing.partitions.keys import Keys, codes_of
from fdcpa_guard.auditing.partitions.kinds import DAYS_OF_ACTION, ColumnBatch, Kind
from fdcpa_guard.auditing.partitions.mapped_batches import MappedReader
from fdcpa_guard.auditing.partitions.splitting import (
    BITS_OF_A_TRUTH,
    PERIOD_ENDS,
    PERSON_ID,
    SAID_FALSE,
    SAID_TRUE,
    TRUTHS,
    TRUTHS_OF_COMMUNICATION,
    split_action,
    split_communication,
    split_event,
)
from fdcpa_guard.auditing.partitions.texts import (
    amount,
    as_array,
    as_taken,
    list_of_ids,
    lists_of_ids,
    odd_addresses,
    odd_amounts,
    says_nothing,
    stated,
)
from fdcpa_guard.auditing.partitions.times import days, instants, instants_in
from fdcpa_guard.auditing.partitions.vendor_batches import VendorReader
from fdcpa_guard.auditing.partitions.vendor_cells import vendor_cells
from fdcpa_guard.facts.importers import columns as cells
from fdcpa_guard.facts.importers.context import Context, Format, Importer
from fdcpa_guard.facts.importers.formats import ACCOUNTS, CANONICAL, MAPPED
from fdcpa_guard.facts.importers.gathering import InColumns
from fdcpa_guard.facts.importers.problems import Reports
from fdcpa_guard.facts.importers.rows import Item, LogAction, LogEvent, LogRow
from fdcpa_guard.facts.importers.table import Row, column_name

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
CellsOf = Callable[[pa.Array], list[object]]

_TEXTS: Final = frozenset({"id", "agent", "given_in", PERSON_ID, "raw", "subject", "template", "directed_to"})
_NUMBERS_AND_ADDRESSES: Final = frozenset({"address", "sender"})
_INSTANTS: Final = frozenset({"at", "known_at", "updated", "ends", "received_at"})
_DAYS: Final = frozenset({PERIOD_ENDS, *DAYS_OF_ACTION})
_KINDS: Final = {"canonical": Kind.ROWS, "events": Kind.EVENTS, "actions": Kind.ACTIONS}
_OWN: Final[dict[str, dict[str, str]]] = {
    "canonical": {
        "id": "id", "at": "at", "known_at": "known_at", "address": "address", "agent": "agent", "sender": "sender",
        "debt_ids": "debts", "debts": "debts", "person_id": PERSON_ID, "raw_outcome": "raw", "updated_at": "updated",
        "subject": "subject", "period_ends": PERIOD_ENDS, "stated": "stated",
        "template": "template", **dict.fromkeys(TRUTHS_OF_COMMUNICATION, TRUTHS),
    },
    "events": {
        "at": "at", "known_at": "known_at", "ends": "ends", "received_at": "received_at", "address": "address",
        "given_in": "given_in", "debt_ids": "debts", "debts": "debts",
    },
    "actions": {
        "at": "at", "known_at": "known_at", "id": "id", "debt_ids": "debts", "debts": "debts", "amount": "amount",
        "directed_to": "directed_to", **{name: name for name in DAYS_OF_ACTION},
    },
}  # fmt: skip
"""By format and name of the column: what is a record's own. Of two columns of one field the first that a table has is read;
all truths are one field."""
FORMATS_IN_COLUMNS: Final = frozenset({*_OWN, ACCOUNTS.name})
_HOLDS_OWN: Final[dict[str, frozenset[str]]] = {"canonical": frozenset({"person"})}
"""Columns of which a part is a record's own: rows that have one are left to the importer."""
_CENTS: Final = 2
"""Places of a decimal that all of them are written."""
_MOST_KNOWN: Final = 50_000
"""Values whose reading is remembered."""
_KEYS: Final = frozenset({type(None), bool, int, str, Decimal, date})
"""Of cells of these types those that are equal are read alike, where they stand in one column."""
_MOST_SHAPES_KNOWN: Final = 5_000
_MOST_SHAPES: Final = 0.2
"""Where more than this share of a batch's rows has a shape of its own, reading them one by one costs less."""


class BatchReader:
    """Reads batches of one file."""

    columns_apart = False
    asked = None
    empty: frozenset[str] = frozenset()

    def __init__(self, format_: Format, context: Context, cells_of: CellsOf) -> None:
        """`cells_of` gives the cells of a column as the importer of a single row has them."""
        self._cells = cells_of
        self._own = _OWN[format_.name]
        self._holds_own = _HOLDS_OWN.get(format_.name, frozenset())
        self._kind = _KINDS[format_.name]
        self._file = context.file
        self._limit = context.options.max_field
        clocks = Clocks(context.clock)
        self._read_instants = clocks.local if clocks.has_zone else instants_in
        # The importer that is asked of rows that stand for others: what it has to say is said by the one of the file.
        self._reports = Reports(context.file)
        self._importer = format_.open(Context(context.file, context.options, context.clock, self._reports))
        self._addresses: dict[str, str | None] = {}
        self._debts: dict[str, str | None] = {}
        self._stated: dict[str, str | None] = {}
        self._amounts: dict[str, str | None] = {}
        self._known: dict[tuple[str, ...], dict[tuple[object, ...], bytes]] = {}
        """By the columns of a table: the shapes of rows by what they share."""

    def read(
        self, batch: pa.RecordBatch, numbers: Sequence[int], others: Sequence[Row] = ()
    ) -> tuple[ColumnBatch | None, Sequence[int]]:
        """What could be read in columns, and the places of the rows that are left to the importer; `numbers` are those of the rows.

        A batch of a form that Arrow's own functions refuse is left to it whole.
        """
        try:
            return self._read(batch, as_array(numbers))
        except pa.ArrowException:
            return None, range(batch.num_rows)

    def _read(self, batch: pa.RecordBatch, numbers: Ints) -> tuple[ColumnBatch | None, Sequence[int]]:
        names = tuple(column_name(name) for name in batch.schema.names)
        rows = batch.num_rows
        good = np.ones(rows, bool)
        if len(set(names)) < len(names) or "consumer_id" not in names:
            return None, range(rows)
        batch = _without_views(batch)
        columns = {name: _plain(batch.column(place)) for place, name in enumerate(names)}
        consumers = self._text(_decoded(columns["consumer_id"]), good)
        good &= np.asarray(consumers.is_valid())
        own: dict[str, Any] = {}
        for name, field in self._own.items():
            if field == TRUTHS:
                continue
            if name in columns and field in own:
                good &= says_nothing(columns[name])
            elif name in columns:
                own[field] = self._own_column(field, _decoded(columns[name]), good)
        for name in self._holds_own & columns.keys():
            good &= says_nothing(columns[name])
        if (truths := self._truths(columns, good)) is not None:
            own[TRUTHS] = truths
        if "at" not in own:
            return None, range(rows)
        good &= own["at"].is_valid().to_numpy(zero_copy_only=False)
        found = self._shapes(batch, names, columns, own, good, numbers)
        if found is None:
            return None, range(rows)
        kinds, shapes = found
        good &= kinds >= 0
        if not good.any():
            return None, range(rows)
        table = pa.table({
            "consumer": consumers.cast(pa.binary()),
            "row": pa.array(numbers),
            "shape": pa.DictionaryArray.from_arrays(np.maximum(kinds, 0).astype(np.int32), pa.array(shapes, pa.binary())),
            **own,
        })  # fmt: skip
        if good.all():
            return ColumnBatch(self._kind, self._file, table), ()
        return ColumnBatch(self._kind, self._file, table.filter(pa.array(good))), np.flatnonzero(~good).tolist()

    # -- what is a record's own ------------------------------------------------------------------------------------------

    def _own_column(self, field: str, column: pa.Array, good: Bools) -> pa.Array:
        if field in _INSTANTS:
            return instants(column, good, self._read_instants)
        if field in _DAYS:
            return days(column, good)
        if field == "amount" and pa.types.is_decimal(column.type) and 0 < column.type.scale <= _CENTS:
            return column.cast(pa.string())
        text = self._text(column, good)
        if field in _TEXTS or text.null_count == len(text):
            return text
        if field == "stated":
            return self._each(text, text, np.flatnonzero(text.is_valid()), good, self._stated, stated)
        if field == "amount":
            return self._each(text, text, odd_amounts(text), good, self._amounts, amount)
        if field in _NUMBERS_AND_ADDRESSES:
            return self._each(text, text, odd_addresses(text), good, self._addresses, cells.address)
        lists, odd = lists_of_ids(text)
        return self._each(text, lists, odd, good, self._debts, list_of_ids)

    def _truths(self, columns: dict[str, pa.Array], good: Bools) -> pa.Array | None:
        """All truths of each row in one number; None where the table has none."""
        found: Ints | None = None
        for place, name in enumerate(TRUTHS_OF_COMMUNICATION):
            if name in columns and name in self._own and columns[name].null_count < len(columns[name]):
                bits = self._truth(_decoded(columns[name]), good).astype(np.int64) << BITS_OF_A_TRUTH * place
                found = bits if found is None else np.bitwise_or(found, bits, out=found)
        return None if found is None else pa.array(found, mask=found == 0)

    def _truth(self, column: pa.Array, good: Bools) -> npt.NDArray[np.int8]:
        """The bits of what each row says of one; not good where that is no truth."""
        if pa.types.is_boolean(column.type):
            return np.asarray(column.cast(pa.int8()).fill_null(-1), np.int8) + np.int8(SAID_FALSE)
        encoded = self._text(column, good).dictionary_encode()
        bits: list[int] = []
        for value in encoded.dictionary.to_pylist():
            try:
                bits.append(SAID_TRUE if cells.truth(value) else SAID_FALSE)
            except ValueError:
                bits.append(-1)
        found: npt.NDArray[np.int8] = np.array([*bits, 0], np.int8)[np.asarray(encoded.indices.fill_null(len(bits)))]
        good &= found >= 0
        found[found < 0] = 0
        return found

    def _text(self, column: pa.Array, good: Bools) -> pa.Array:
        """Text as the importer takes it; not good where it is no text, or not as it stands."""
        if pa.types.is_integer(column.type):
            return column.cast(pa.string())
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            good &= np.asarray(column.is_null())
            return pa.nulls(len(column), pa.string())
        return as_taken(column, self._limit, good)

    def _each(
        self,
        column: pa.Array,
        told: pa.Array,
        odd: Ints,
        good: Bools,
        known: dict[str, str | None],
        parse: Callable[[str], str],
    ) -> pa.Array:
        """What is told of all rows but the odd ones; these parsed, each value once."""
        if len(odd) == 0:
            return told
        if len(known) > _MOST_KNOWN:
            known.clear()
        parsed: list[str | None] = []
        for value in column.take(pa.array(odd)).to_pylist():
            if value not in known:
                try:
                    known[value] = parse(value)
                except ValueError:
                    known[value] = None
            parsed.append(known[value])
        good[odd[[value is None for value in parsed]]] = False
        mask = np.zeros(len(column), bool)
        mask[odd] = True
        return pc.replace_with_mask(told, pa.array(mask), pa.array(parsed, pa.string()))

    # -- what it shares --------------------------------------------------------------------------------------------------

    def _shapes(
        self,
        batch: pa.RecordBatch,
        names: Sequence[str],
        columns: dict[str, pa.Array],
        own: dict[str, pa.Array],
        good: Bools,
        rows: Ints,
    ) -> tuple[Ints, list[bytes]] | None:
        """The number of each row's shape (-1: it is left to the importer), and the shapes."""
        keys = Keys(batch.num_rows)
        for name in names:
            column = columns[name]
            if column.null_count == len(column) or name == "consumer_id":
                continue
            if self._own.get(name) == PERSON_ID:
                # Whether a person has an id tells whether there is one.
                codes, count = np.asarray(own[PERSON_ID].is_valid()).astype(np.int64), 2
            elif name in self._own:
                continue
            else:
                encoded = codes_of(column)
                if encoded is None:
                    return None
                codes, count = encoded
            keys.add(codes, count)
        codes, count = keys.numbered()
        if count > _MOST_SHAPES * batch.num_rows + 64:
            return None
        # A row that stands for others has to be one that can be read.
        able = np.flatnonzero(good)[::-1]
        firsts = np.full(count, -1, np.int64)
        firsts[codes[able]] = able
        with_id = np.asarray(own[PERSON_ID].is_valid()) if PERSON_ID in own else np.zeros(batch.num_rows, bool)
        numbers, shapes = self._asked(batch, names, firsts, with_id, rows)
        return numbers[codes], shapes

    def _asked(
        self, batch: pa.RecordBatch, names: Sequence[str], firsts: Ints, with_id: Bools, told: Ints
    ) -> tuple[Ints, list[bytes]]:
        """The importer, asked of one row of each kind that it has not been asked of."""
        numbers = np.full(len(firsts), -1, np.int64)
        kinds = np.flatnonzero(firsts >= 0)
        rows = firsts[kinds]
        shared = [place for place, name in enumerate(names) if name not in self._own and name != "consumer_id"]
        asked = batch.take(pa.array(rows))
        lists = [self._cells(asked.column(place)) for place in shared]
        keys = [*zip(with_id[rows].tolist(), *lists, strict=True)]
        known = self._known.setdefault(tuple(names), {})
        found = [known.get(key) if _KEYS.issuperset(map(type, key)) else None for key in keys]
        unknown = [index for index, shape in enumerate(found) if shape is None]
        if unknown:
            of_unknown = asked.take(pa.array(unknown))
            lists = [self._cells(column) for column in of_unknown.columns]
            for index, row in zip(unknown, zip(*lists, strict=True), strict=True):
                found[index] = shape = self._shape(int(told[rows[index]]), tuple(names), row)
                if shape is not None and _KEYS.issuperset(map(type, keys[index])):
                    if len(known) >= _MOST_SHAPES_KNOWN:
                        known.clear()
                    known[keys[index]] = shape
        shapes: list[bytes] = []
        for kind, shape in zip(kinds.tolist(), found, strict=True):
            if shape is not None:
                numbers[kind] = len(shapes)
                shapes.append(shape)
        return numbers, shapes

    def _shape(self, number: int, columns: tuple[str, ...], row: Sequence[object]) -> bytes | None:
        """What the importer makes of a row; None where it has anything to say of it."""
        items = self._importer.read(number, columns, row)
        said = [each for each in self._reports.pending if each.row is not None]
        # Closed, they begin anew: of a cause that was told often they would else be silent.
        self._reports.close()
        self._reports.pending.clear()
        return None if said or len(items) != 1 else _shape_of(items[0])


def in_columns(format_: Format, context: Context, importer: Importer, cells_of: CellsOf) -> InColumns | None:
    """The reader of a file of a format that has columns here."""
    if format_.name == ACCOUNTS.name:
        return AccountBatchReader(format_, context, cells_of)
    if format_.name == MAPPED.name:
        return MappedReader(context, BatchReader(CANONICAL, context, cells_of))
    if (cells := vendor_cells(format_.name)) is not None:
        return VendorReader(format_, context, importer, cells_of, cells)
    return BatchReader(format_, context, cells_of) if format_.name in _OWN else None


def _shape_of(item: Item) -> bytes | None:
    if isinstance(item, LogRow) and not item.witness and item.chain is None and item.leg_of is None:
        return split_communication(item.communication)[1]
    if isinstance(item, LogAction):
        return split_action(item.action)[1]
    return split_event(item.event)[1] if isinstance(item, LogEvent) else None


def _without_views(batch: pa.RecordBatch) -> pa.RecordBatch:
    """With texts in the form of which pyarrow can take rows."""
    if not any(pa.types.is_string_view(kind) for kind in batch.schema.types):
        return batch
    columns = [each.cast(pa.string()) if pa.types.is_string_view(each.type) else each for each in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _plain(column: pa.Array) -> pa.Array:
    """A column without the mark of an extension."""
    return column.storage if isinstance(column, pa.ExtensionArray) else column


def _decoded(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
