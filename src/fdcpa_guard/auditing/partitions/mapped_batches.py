"""A table of the shop's own, brought to the canonical columns in record batches, and then read as the project's log is.

It is done where the file of columns leaves no doubt: a value that it has, a time of its form. All other rows are left to the
importer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.auditing.partitions.clocks import Clocks
from fdcpa_guard.auditing.partitions.kinds import ColumnBatch
from fdcpa_guard.auditing.partitions.texts import as_array, as_taken, is_text
from fdcpa_guard.auditing.partitions.written_times import WrittenTime
from fdcpa_guard.facts.importers import mapped
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.gathering import InColumns
from fdcpa_guard.facts.importers.table import Row, column_name
from fdcpa_guard.facts.importers.times import LocalClock, is_zone, zone_of

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_MOST_ZONES: Final = 1_000


class MappedReader:
    """Reads batches of one file; `canonical` reads them when they have the columns of the project's log."""

    columns_apart = True
    empty: frozenset[str] = frozenset()

    def __init__(self, context: Context, canonical: InColumns) -> None:
        assert context.options.columns is not None
        self._canonical = canonical
        self._limit = context.options.max_field
        self._sources = mapped.sources_of_fields(context.options.columns)
        self.asked: frozenset[str] = frozenset(name for source in self._sources.values() for name in source.needed)
        self._clock = Clocks(context.clock)
        self._by_zone: dict[str, Clocks] = {}
        self._forms = {source.format: WrittenTime.of(source.format) for source in self._sources.values() if source.format}

    def read(
        self, batch: pa.RecordBatch, numbers: Sequence[int], others: Sequence[Row] = ()
    ) -> tuple[ColumnBatch | None, Sequence[int]]:
        """What could be read in columns, and the places of the rows that are left to the importer."""
        try:
            good = np.ones(batch.num_rows, bool)
            found = self._canonically(batch, good)
        except pa.ArrowException:
            return None, range(batch.num_rows)
        if found is None or not good.any():
            return None, range(batch.num_rows)
        rows = np.flatnonzero(good)
        told, left = self._canonical.read(found.filter(pa.array(good)), as_array(numbers)[rows].tolist())
        good[rows[np.asarray(left, np.int64)]] = False
        return told, np.flatnonzero(~good).tolist()

    def _canonically(self, batch: pa.RecordBatch, good: Bools) -> pa.RecordBatch | None:
        names = [column_name(name) for name in batch.schema.names]
        columns = dict(zip(names, batch.columns, strict=True))
        if len(columns) < len(names) or not self.asked <= columns.keys():
            return None
        return pa.RecordBatch.from_arrays(
            [self._field(field, source, columns, good) for field, source in self._sources.items()],
            names=list(self._sources),
        )

    def _field(self, field: str, source: mapped.Source, columns: Mapping[str, pa.Array], good: Bools) -> pa.Array:
        if source.always is not None:
            return pa.array([source.always], pa.string()).take(pa.array(np.zeros(len(good), np.int64)))
        written = self._joined([columns[name] for name in source.columns], good)
        if field in mapped.INSTANTS:
            if not (source.format or source.zone or source.zone_column):
                return written
            zones = None if source.zone_column is None else columns[column_name(source.zone_column)]
            return self._instants(written, source, zones, good)
        return written if source.values is None else self._values(field, source.values, written, good)

    def _joined(self, columns: Sequence[pa.Array], good: Bools) -> pa.Array:
        if len(columns) == 1:
            return columns[0]
        texts = [self._text(column, good) for column in columns]
        for text in texts:
            good &= np.asarray(text.is_valid())
        return pc.binary_join_element_wise(*texts, " ")

    def _text(self, column: pa.Array, good: Bools) -> pa.Array:
        if not is_text(column.type):
            good &= np.asarray(column.is_null())
            return pa.nulls(len(column), pa.string())
        return as_taken(column, self._limit, good)

    def _values(self, field: str, values: Mapping[str, str], column: pa.Array, good: Bools) -> pa.Array:
        encoded = self._text(column, good).dictionary_encode()
        found = [mapped.said_by(field, values, written) for written in encoded.dictionary.to_pylist()]
        known = np.array([*(each is not None for each in found), True], bool)
        good &= known[np.asarray(encoded.indices.fill_null(len(found)))]
        return pa.array([each or None for each in found], pa.string()).take(encoded.indices)

    def _instants(self, column: pa.Array, source: mapped.Source, zones: pa.Array | None, good: Bools) -> pa.Array:
        text = self._text(column, good)
        if zones is None:
            found, told = self._read(text, source, self._of_zone(source.zone) if source.zone else self._clock)
        else:
            found, told = np.zeros(len(text), np.int64), np.zeros(len(text), bool)
            encoded = self._text(zones, good).dictionary_encode()
            codes = np.asarray(encoded.indices.fill_null(-1))
            for code, zone in enumerate(encoded.dictionary.to_pylist()):
                rows = np.flatnonzero(codes == code)
                if is_zone(zone):
                    found[rows], told[rows] = self._read(text.take(pa.array(rows)), source, self._of_zone(zone))
        good &= told | np.asarray(text.is_null())
        return pa.array(found, mask=~told).cast(pa.timestamp("us", "UTC"))

    def _read(self, text: pa.Array, source: mapped.Source, clocks: Clocks) -> tuple[Ints, Bools]:
        """Times by a clock, which has to have a zone."""
        form = None if source.format is None else self._forms[source.format]
        if not clocks.has_zone or (source.format is not None and form is None):
            return np.zeros(len(text), np.int64), np.zeros(len(text), bool)
        return clocks.local(text) if form is None else clocks.of(form.read, text)

    def _of_zone(self, zone: str) -> Clocks:
        if zone not in self._by_zone:
            if len(self._by_zone) >= _MOST_ZONES:
                self._by_zone.clear()
            self._by_zone[zone] = Clocks(LocalClock(zone_of(zone).key))
        return self._by_zone[zone]
