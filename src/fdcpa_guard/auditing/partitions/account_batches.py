"""The accounts file, read in record batches: its rows' records are put together by columns, as the models would write them.

A column's values are written to JSON all at once where it is certain how the importer reads and the model writes them, and
else asked of the importer, each that differs once. A row of which anything cannot be read so, or of which the importer has
anything to say, is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic_core import to_json

from fdcpa_guard.auditing.partitions.account_cells import Bools, Ints, Plain, plain
from fdcpa_guard.auditing.partitions.kinds import ColumnBatch, Kind
from fdcpa_guard.auditing.partitions.texts import as_array
from fdcpa_guard.facts.importers.accounts import (
    ACCOUNT_COLUMNS,
    ADDRESS_KINDS,
    DEBT_COLUMNS,
    ITEMIZATION_COLUMNS,
    NUMBERED,
)
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context, Format
from fdcpa_guard.facts.importers.problems import Reports
from fdcpa_guard.facts.importers.rows import AccountFacts
from fdcpa_guard.facts.importers.table import Row, column_name
from fdcpa_guard.facts.models import Address, Consumer, Debt, Email, Hours, Itemization, Model, Phone

_MOST_ASKED: Final = 1 / 32
"""Where more than this share of a batch's rows has a value of its own that the importer would have to be asked of, it reads
the rows at once."""
_FEW: Final = 512
_MOST_KNOWN: Final = 50_000
"""Values whose reading is remembered."""
_COLUMNS: Final[Mapping[str, Column]] = {column.name: column for column in ACCOUNT_COLUMNS}


@dataclass(frozen=True, slots=True)
class _Field:
    """A column, and the field that it fills. `beside` is what a row has to say so that the field is kept at all; `of` finds
    in what the importer then reads the model that has it."""

    column: Column
    name: str
    before: str
    """What is written before its value: the name, and what sets it off from the field before."""
    plain: Plain | None
    beside: Mapping[str, str]
    of: Callable[[AccountFacts], Any]

    @property
    def asked(self) -> tuple[str, ...]:
        """The columns of a row that says the field alone."""
        return tuple(dict.fromkeys(("consumer_id", *self.beside, self.column.name)))

    def value(self, facts: AccountFacts) -> object:
        """None where nothing was read."""
        model = self.of(facts)
        return None if model is None else getattr(model, self.name)


def _fields(
    model: type[Model],
    columns: Mapping[str, str],
    of: Callable[[AccountFacts], Any],
    beside: Mapping[str, str] | None = None,
    first: str | None = None,
) -> tuple[_Field, ...]:
    """The fields of a model that have columns (these by the name of the field), in its order. `first`: the one that is always
    there; None where none is."""
    return tuple(
        _Field(
            column := _COLUMNS[columns[key]], name, f'"{key}":' if first in (None, key) else f',"{key}":',
            plain(column.parse, info.annotation), beside or {}, of,
        )
        for name, info in model.model_fields.items() if (key := info.alias or name) in columns
    )  # fmt: skip


def _under(stem: str, model: type[Model]) -> dict[str, str]:
    found = {info.alias or name: f"{stem}_{info.alias or name}" for name, info in model.model_fields.items()}
    return {name: column for name, column in found.items() if column in _COLUMNS}


def _first(models: Sequence[Any]) -> Any:
    return models[0] if models else None


_ID: Final = "consumer_id"
_READ_OTHERWISE: Final = frozenset(
    {"phones", "emails", "addresses", "time_zones", "working_hours", "itemization", "debts"}
)
"""Columns that hold structures: rows that have one are left to the importer."""
_CONSUMER: Final = _fields(
    Consumer,
    {"id": "consumer_id", "time_zones": "time_zone"}
    | {name: name for name in Consumer.model_fields if name in _COLUMNS.keys() - _READ_OTHERWISE},
    lambda facts: facts.consumer,
    first="id",
)
_HOURS: Final = _fields(Hours, _under("working", Hours), lambda facts: facts.consumer.working_hours)
_ADDRESSES: Final = {
    kind: _fields(Address, _under(kind, Address), lambda facts: _first(facts.consumer.addresses), first="kind")
    for kind in ADDRESS_KINDS
}
_PHONES: Final = tuple(
    _fields(
        Phone, {"number": stem, **_under(stem, Phone)}, lambda facts: _first(facts.consumer.phones),
        {stem: "+15125550100"}, "number",
    )
    for stem in (f"phone{number}" for number in range(1, NUMBERED + 1))
)  # fmt: skip
_EMAILS: Final = tuple(
    _fields(
        Email, {"address": stem, **_under(stem, Email)}, lambda facts: _first(facts.consumer.emails),
        {stem: "pat@example.com"}, "address",
    )
    for stem in (f"email{number}" for number in range(1, NUMBERED + 1))
)  # fmt: skip
_OF_DEBT: Final = {"debt_id": "debt"}
_DEBT: Final = _fields(
    Debt, {column.fills: column.name for column in DEBT_COLUMNS}, lambda facts: _first(facts.debts), _OF_DEBT, "id"
)
_IN_ORDER: Final = list(Debt.model_fields).index
_BEFORE_ITEMIZATION: Final = [each for each in _DEBT[1:] if _IN_ORDER(each.name) < _IN_ORDER("itemization")]
_AFTER_ITEMIZATION: Final = [each for each in _DEBT[1:] if _IN_ORDER(each.name) > _IN_ORDER("itemization")]
_ITEMIZATION: Final = _fields(
    Itemization, {column.fills: column.name for column in ITEMIZATION_COLUMNS}, lambda facts: facts.debts[0].itemization,
    _OF_DEBT,
)  # fmt: skip
_FIELDS: Final[Mapping[str, _Field]] = {
    field.column.name: field
    for fields in (_CONSUMER, _HOURS, *_ADDRESSES.values(), *_PHONES, *_EMAILS, _DEBT, _ITEMIZATION)
    for field in fields
}
"""By column."""
_ASKED: Final[Mapping[str, tuple[str, ...]]] = {name: field.asked for name, field in _FIELDS.items()}


class AccountBatchReader:
    """Reads batches of one file of accounts."""

    columns_apart = False
    asked = None
    empty: frozenset[str] = frozenset()

    def __init__(self, format_: Format, context: Context, cells_of: Callable[[pa.Array], list[object]]) -> None:
        """`cells_of` gives the cells of a column as the importer of a single row has them."""
        self._cells = cells_of
        self._file = context.file
        self._limit = context.options.max_field
        # The importer that is asked of values: what it has to say is said by the one of the file.
        self._reports = Reports(context.file)
        self._importer = format_.open(Context(context.file, context.options, context.clock, self._reports))
        self._known: dict[str, dict[object, str | ValueError | None]] = {name: {} for name in _FIELDS}

    def read(
        self, batch: pa.RecordBatch, numbers: Sequence[int], others: Sequence[Row] = ()
    ) -> tuple[ColumnBatch | None, Sequence[int]]:
        """What could be read in columns, and the places of the rows that are left to the importer.

        A batch of a form that Arrow's own functions refuse is left to it whole.
        """
        try:
            return self._read(batch, as_array(numbers))
        except pa.ArrowException:
            return None, range(batch.num_rows)

    def _read(self, batch: pa.RecordBatch, numbers: Ints) -> tuple[ColumnBatch | None, Sequence[int]]:
        names, rows = [column_name(name) for name in batch.schema.names], batch.num_rows
        if len(set(names)) < len(names) or _ID not in names or rows == 0:
            return None, range(rows)
        columns = dict(zip(names, batch.columns, strict=True))
        good = np.ones(rows, bool)
        consumers = self._consumers(columns.pop(_ID), good)
        told: dict[str, pa.Array] = {}
        for name, column in columns.items():
            if name in _READ_OTHERWISE:
                good &= _nothing(column)
            elif name in _FIELDS and (written := self._written(_FIELDS[name], column, good)) is not None:
                told[name] = written
        if not good.any():
            return None, range(rows)
        return self._records(consumers, told, good, numbers), np.flatnonzero(~good).tolist()

    def _records(self, consumers: pa.Array, told: Mapping[str, pa.Array], good: Bools, numbers: Ints) -> ColumnBatch:
        where = {"consumer": consumers.cast(pa.binary()), "row": pa.array(numbers)}
        of_consumers = pa.table({**where, "body": _consumer(consumers, told).cast(pa.binary())})
        found = ColumnBatch(Kind.CONSUMERS, self._file, _those(of_consumers, good))
        if "debt_id" not in told:
            return found
        of_debts = _those(
            pa.table({**where, "body": _debt(consumers, told).cast(pa.binary())}), good & _there(told["debt_id"])
        )
        return ColumnBatch(found.kind, found.file, found.table, (ColumnBatch(Kind.DEBTS, self._file, of_debts),))

    # -- the values of a column ------------------------------------------------------------------------------------------

    def _consumers(self, column: pa.Array, good: Bools) -> pa.Array:
        """Ids that stand in a record and in JSON as they stand in the file."""
        column = _stored(column)
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        id_ = _FIELDS[_ID].plain
        found = None if id_ is None else id_.write(column, self._limit)
        if found is None:
            good[:] = False
            return pa.nulls(len(column), pa.string())
        texts, odd = found
        good[odd] = False
        good &= _there(texts)
        return texts

    def _written(self, field: _Field, column: pa.Array, good: Bools) -> pa.Array | None:
        """What is written of the field in each row, with its name; None where no row says it."""
        column = _stored(column)
        if column.null_count == len(column):
            return None
        if not _is_simple(column.type):
            good &= _nothing(column)
            return None
        codes: pa.Array | None = None
        if pa.types.is_dictionary(column.type):
            column, codes = _stored(column.dictionary), column.indices
        elif pa.types.is_date32(column.type):
            column, codes = _coded(column)
        found = None if field.plain is None else field.plain.write(column, self._limit)
        if found is None:
            if codes is None:
                column, codes = _coded(column)
            found = pa.nulls(len(column), pa.string()), np.flatnonzero(_there(column))
        texts, odd = found
        if codes is not None and len(odd):
            odd = odd[_used(codes, len(column))[odd]]
        if len(odd):
            texts, refused = self._asked(field, column, texts, odd, len(good))
            bad = np.zeros(len(column), bool)
            bad[refused] = True
            good &= ~(bad if codes is None else _truths(pa.array(bad).take(codes)))
        if field.plain is not None and field.plain.quoted:
            written = pc.binary_join_element_wise(field.before + '"', texts, '"', "")
        else:
            written = pc.binary_join_element_wise(field.before, texts, "")
        return written if codes is None else written.take(codes)

    def _asked(self, field: _Field, values: pa.Array, texts: pa.Array, odd: Ints, rows: int) -> tuple[pa.Array, Ints]:
        """The texts with those of the odd values, as the importer reads them, and the places of those that are left to it."""
        known = self._known[field.column.name]
        if len(known) > _MOST_KNOWN:
            known.clear()
        cells = self._cells(values.take(pa.array(odd)))
        unknown = {cell for cell in cells if isinstance(cell, str) and cell not in known}
        others = sum(not isinstance(cell, str) for cell in cells)
        at_once = len(unknown) + others <= max(_FEW, _MOST_ASKED * rows)
        found: list[str | ValueError | None] = []
        for cell in cells:
            if not isinstance(cell, str):
                found.append(self._text_of(field, cell) if at_once else _UNREAD)
                continue
            if at_once and cell not in known:
                known[cell] = self._text_of(field, cell)
            found.append(known.get(cell, _UNREAD))
        refused = np.array([isinstance(each, ValueError) for each in found], bool)
        mask = np.zeros(len(values), bool)
        mask[odd] = True
        more = pa.array([None if isinstance(each, ValueError) else each for each in found], pa.string())
        return pc.replace_with_mask(texts, pa.array(mask), more), odd[refused]

    def _text_of(self, field: _Field, cell: object) -> str | ValueError | None:
        """The JSON of what the importer reads in a cell; an error where it has anything to say of it."""
        said = {_ID: "consumer", **field.beside, field.column.name: cell}
        columns = _ASKED[field.column.name]
        items = self._importer.read(1, columns, [said[name] for name in columns])
        told = any(each.row is not None for each in self._reports.pending)
        # Closed, they begin anew: of a cause that was told often they would else be silent.
        self._reports.close()
        self._reports.pending.clear()
        if told or len(items) != 1 or not isinstance(items[0], AccountFacts):
            return _UNREAD
        value = field.value(items[0])
        if value is None:
            return None
        text = to_json(value).decode()
        return text[1:-1] if field.plain is not None and field.plain.quoted else text


_UNREAD: Final = ValueError()


# -- records of the fields -----------------------------------------------------------------------------------------------


def _consumer(consumers: pa.Array, told: Mapping[str, pa.Array]) -> pa.Array:
    addresses = [_any_of(f'{{"kind":"{kind}"', fields, told, "") for kind, fields in _ADDRESSES.items()]
    phones = [_with_first(fields, told, "}") for fields in _PHONES]
    emails = [_with_first(fields, told, ',"prior_collectors":[]}') for fields in _EMAILS]
    id_, zones, *more = _CONSUMER
    hours = _any_of(',"working_hours":{', _HOURS, told, ",")
    return _joined(
        [
            "{", id_.before, '"', consumers, '","addresses":[', *_listed(addresses), '],"phones":[', *_listed(phones),
            '],"emails":[', *_listed(emails), "]",
            pc.fill_null(told[zones.column.name], f"{zones.before}[]") if zones.column.name in told else f"{zones.before}[]",
            *_said(more, told), hours, "}",
        ]
    )  # fmt: skip


def _debt(consumers: pa.Array, told: Mapping[str, pa.Array]) -> pa.Array:
    itemization = _any_of(',"itemization":{', _ITEMIZATION, told, ",")
    return _joined(
        [
            "{", told["debt_id"], ',"consumer":"', consumers, '"', *_said(_BEFORE_ITEMIZATION, told), itemization,
            *_said(_AFTER_ITEMIZATION, told), "}",
        ]
    )  # fmt: skip


def _said(fields: Sequence[_Field], told: Mapping[str, pa.Array]) -> list[pa.Array]:
    return [told[field.column.name] for field in fields if field.column.name in told]


def _any_of(start: str, fields: Sequence[_Field], told: Mapping[str, pa.Array], between: str) -> pa.Array | None:
    """A structure of those fields that are said; nothing where none is."""
    said = _said(fields, told)
    if not said:
        return None
    return _where(said, _joined([start, *([_together(said, between)] if between else said), "}"]))


def _with_first(fields: Sequence[_Field], told: Mapping[str, pa.Array], end: str) -> pa.Array | None:
    """A structure that is there where its first field is said."""
    first, *_ = fields
    if first.column.name not in told:
        return None
    return _where([told[first.column.name]], _joined(["{", *_said(fields, told), end]))


def _where(any_of: Sequence[pa.Array], texts: pa.Array) -> pa.Array:
    if any(each.null_count == 0 for each in any_of):
        return texts
    there = np.logical_or.reduce([_there(each) for each in any_of])
    return pc.if_else(pa.array(there), texts, pa.scalar(None, pa.string()))


def _listed(texts: Sequence[pa.Array | None]) -> list[pa.Array]:
    found = [each for each in texts if each is not None]
    return [_together(found, ",")] if found else []


def _together(texts: Sequence[pa.Array], between: str) -> pa.Array:
    # Of a single column Arrow would drop the rows that say nothing.
    return _joined(texts, between) if len(texts) > 1 else texts[0]


def _joined(pieces: Sequence[pa.Array | str | None], between: str = "") -> pa.Array:
    """What there is of each row, one after another. One of the pieces is a column."""
    return pc.binary_join_element_wise(*(each for each in pieces if each is not None), between, null_handling="skip")


# -- Arrow ---------------------------------------------------------------------------------------------------------------


def _stored(column: pa.Array) -> pa.Array:
    """A column without the mark of an extension, its text in the form of which pyarrow can take rows."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    return column.cast(pa.string()) if pa.types.is_string_view(column.type) else column


def _is_simple(kind: Any) -> bool:
    """Of values that, where they are equal, are read alike."""
    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    tests = (
        types.is_string, types.is_large_string, types.is_string_view, types.is_integer, types.is_decimal, types.is_date,
        types.is_timestamp, types.is_boolean,
    )  # fmt: skip
    return any(test(kind) for test in tests)


def _coded(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    encoded = column.dictionary_encode()
    return encoded.dictionary, encoded.indices


def _used(codes: pa.Array, values: int) -> Bools:
    found = np.zeros(values, bool)
    found[np.asarray(codes.drop_null())] = True
    return found


def _nothing(column: pa.Array) -> Bools:
    """The rows of which the column says nothing; of a type whose nulls are somewhere else, none."""
    kind = column.type
    if pa.types.is_run_end_encoded(kind) or pa.types.is_union(kind):
        return np.zeros(len(column), bool)
    return _truths(column.is_null())


def _there(column: pa.Array) -> Bools:
    return _truths(column.is_valid())


def _truths(column: pa.Array) -> Bools:
    found: Bools = column.fill_null(False).to_numpy(zero_copy_only=False)
    return found


def _those(table: pa.Table, good: Bools) -> pa.Table:
    return table if good.all() else table.filter(pa.array(good))
