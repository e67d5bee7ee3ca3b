"""Simulated lives, read once, and lived again by any number of other consumers.

A consumer of a later tile is one of the first under other ids and telephone numbers, with every instant later by the same
few seconds: so few that none of them leaves the half hour in which it lay. No clock time that a law or a consumer names lies
within a half hour, and what lies between two instants stays the same; so each is as lawful as the one before. Who was called
or written to at the very beginning of a half hour, where laws are in doubt, does not move at all; for letters no hour matters.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from bench.texts import Ints, OpenTexts, names_its_consumer
from fdcpa_guard.facts.importers.columns import Column, telephone
from fdcpa_guard.simulate.simulation import Parameters, simulate

SECOND: Final = 1_000_000
CELL: Final = 1800 * SECOND
"""No instant leaves its half hour."""
_MOST_SHIFT: Final = 900
_MOST_NAMES: Final = 5_000
"""A column with more different texts is written as plain text: a dictionary is written with every group of rows."""
_TURN: Final = 37
INSTANT: Final = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True)
class Picked:
    """Rows of the first tile, and for each of them by how many consumers, seconds and telephone numbers it moves."""

    rows: Ints
    consumers: Ints
    shift: Ints
    turned: Ints


class Tiles:
    """How the consumers of the first tile move. `slack` has for each the seconds by which its instants may be later."""

    def __init__(self, consumers: int, slack: Ints) -> None:
        self.consumers = consumers
        self._slack = np.minimum(slack, _MOST_SHIFT)

    def shift(self, tile: Ints | int, consumer: Ints) -> Ints:
        """In microseconds; none in the first tile."""
        mixed = (np.asarray(tile, np.uint64) * np.uint64(self.consumers) + consumer.astype(np.uint64)) * np.uint64(
            0x9E3779B97F4A7C15
        )
        seconds = (mixed >> np.uint64(33)).astype(np.int64) % self._slack[consumer]
        return np.where(np.asarray(tile) == 0, 0, seconds) * SECOND

    def pick(self, rows: Ints, of: Ints, tile: Ints | int) -> Picked:
        """`of`: the consumer of each row, from 1 on."""
        tiles = np.broadcast_to(np.asarray(tile, np.int64), rows.shape)
        return Picked(rows, tiles * self.consumers + of, self.shift(tiles, of), tiles * _TURN % 100)


class BaseTable:
    """A table of the first tile. Written in the types that the canonical importer takes, with the columns it was read with."""

    def __init__(self, file: Path, declared: Sequence[Column]) -> None:
        table = _read(file)
        known = {column.name: column for column in declared}
        number = pc.cast(pc.utf8_slice_codeunits(table.column("consumer_id"), 4), pa.int64())
        self.consumer: Ints = number.to_numpy()
        self.at: Ints | None = None
        if "at" in table.column_names:
            self.at = pc.cast(pc.cast(table.column("at"), INSTANT), pa.int64()).to_numpy()
        self.rows = table.num_rows
        self._columns: dict[str, OpenTexts | Any] = {
            name: None if name == "at" else _column(table.column(name), known[name]) for name in table.column_names
        }
        self.schema: Any = pa.schema([(name, _type(column)) for name, column in self._columns.items()])

    def sort(self) -> None:
        """By time; what happens at one instant stays in its order. To be called before anything is written."""
        assert self.at is not None
        order = np.argsort(self.at, kind="stable")
        self.at, self.consumer = self.at[order], self.consumer[order]
        for name, column in self._columns.items():
            if isinstance(column, OpenTexts):
                column.reorder(order)
            elif column is not None:
                self._columns[name] = column.take(pa.array(order))

    def is_not(self, column: str, text: str) -> npt.NDArray[np.bool_]:
        """For each row whether another text than this stands in a column of few."""
        coded = self._columns[column]
        assert not isinstance(coded, OpenTexts)
        found: npt.NDArray[np.bool_] = pc.not_equal(coded.dictionary_decode(), text).to_numpy(zero_copy_only=False)
        return found

    def written(self, picked: Picked) -> Any:
        """An Arrow table of the rows picked."""
        rows = pa.array(picked.rows)
        arrays = []
        for column in self._columns.values():
            if column is None:
                assert self.at is not None
                arrays.append(pa.array(self.at[picked.rows] + picked.shift).cast(INSTANT))
            elif isinstance(column, OpenTexts):
                arrays.append(column.written(picked.rows, picked.consumers, picked.turned))
            else:
                arrays.append(column.take(rows))
        return pa.Table.from_arrays(arrays, schema=self.schema)


def _read(file: Path) -> Any:
    with file.open(encoding="utf-8") as lines:
        names = lines.readline().rstrip("\n").split(",")
    options = csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
    )
    return csv.read_csv(file, parse_options=csv.ParseOptions(newlines_in_values=True), convert_options=options)


def _column(texts: Any, declared: Column) -> OpenTexts | Any:
    texts = texts.combine_chunks()
    if isinstance(texts, pa.ChunkedArray):
        texts = pa.concat_arrays(texts.chunks) if texts.num_chunks else pa.array([], pa.string())
    match declared.type:
        case "true or false":
            return pc.equal(texts, "true")
        case "date":
            return pc.cast(texts, pa.date32())
        case "money":
            return pc.cast(texts, pa.decimal128(14, 2))
        case "number" if declared.parse is not telephone:
            return pc.cast(texts, pa.int64())
    if names_its_consumer(texts):
        return OpenTexts(texts)
    encoded = texts.dictionary_encode()
    return encoded if len(encoded.dictionary) <= _MOST_NAMES else texts


def _type(column: OpenTexts | Any) -> Any:
    if column is None:
        return INSTANT
    return pa.string() if isinstance(column, OpenTexts) else column.type


def slack_of(consumers: int, log: BaseTable, *others: BaseTable) -> Ints:
    """For each consumer by how many seconds, this number left out, all of its instants may be later."""
    found = np.full(consumers + 1, CELL // SECOND, np.int64)
    assert log.at is not None
    on_the_dot = (log.at % CELL == 0) & log.is_not("channel", "letter")
    found[log.consumer[on_the_dot]] = 1
    for table in (log, *others):
        assert table.at is not None
        np.minimum.at(found, table.consumer, (CELL - table.at % CELL) // SECOND)
    return found


def simulated(parameters: Parameters, folder: Path) -> Path:
    """The folder with the simulated files of these parameters; made once, and kept for the next time.

    Who changes the simulator empties the folder.
    """
    p = parameters
    made = folder / f"lives-{p.consumers}-{p.weeks}w-seed{p.seed}-{p.violations:g}"
    if not (made / "simulation.json").exists():
        unfinished = made.with_name(made.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        simulate(parameters, unfinished)
        unfinished.rename(made)
    return made


def slices(at: Ints, copies: npt.NDArray[np.int64], most: int) -> Iterator[slice]:
    """Stretches of sorted rows that end with a half hour and a month, of about `most` rows with their copies."""
    cells = np.flatnonzero(np.diff(at // CELL)) + 1
    ends = np.append(cells, len(at))
    months = at.astype("datetime64[us]").astype("datetime64[M]")
    total = np.cumsum(copies)
    start, written = 0, 0
    for index, end in enumerate(ends):
        last = index + 1 == len(ends)
        full = not last and total[ends[index + 1] - 1] - written > most
        if last or full or months[end] != months[start]:
            yield slice(start, int(end))
            start, written = int(end), int(total[end - 1])
