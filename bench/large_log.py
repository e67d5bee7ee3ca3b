"""A log of any size with its accounts, events and actions, in the project's own tables, as Parquet.

`python -m bench.large_log 10000000 --folder FOLDER` simulates some tens of thousands of lives once and has them lived again
by as many consumers as it takes. The log is in files of a month, in the order of time over all consumers.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from bench.texts import DIGITS, Ints
from bench.tiling import BaseTable, Picked, Tiles, simulated, slack_of, slices
from fdcpa_guard.facts.importers.accounts import ACCOUNT_COLUMNS
from fdcpa_guard.facts.importers.actions import ACTION_COLUMNS
from fdcpa_guard.facts.importers.canonical import LOG_COLUMNS
from fdcpa_guard.facts.importers.events import EVENT_COLUMNS
from fdcpa_guard.simulate.simulation import Parameters

GROUP: Final = 1_000_000
"""Rows of a group in the log's files."""
_AHEAD: Final = 2


@dataclass(frozen=True, slots=True)
class Made:
    folder: Path
    communications: int
    consumers: int
    seconds: float


class _Base:
    """The lives of the first tile, and how often each is lived."""

    def __init__(self, folder: Path, consumers: int, wanted: int) -> None:
        self.log = BaseTable(folder / "log.csv", LOG_COLUMNS)
        self.log.sort()
        self.accounts = BaseTable(folder / "accounts.csv", ACCOUNT_COLUMNS)
        self.events = BaseTable(folder / "events.csv", EVENT_COLUMNS)
        self.actions = BaseTable(folder / "actions.csv", ACTION_COLUMNS)
        self.tiles = Tiles(consumers, slack_of(consumers, self.log, self.events, self.actions))
        whole, rest = divmod(wanted, self.log.rows)
        each = np.bincount(self.log.consumer, minlength=consumers + 1)
        # Of the last tile so many consumers that the log comes nearest to what is wanted.
        self.whole, self.of_last = whole, int(np.argmin(np.abs(np.cumsum(each) - rest)))
        self.number = whole * consumers + self.of_last

    def copies(self, of: Ints) -> Ints:
        copies: Ints = (of <= self.of_last).astype(np.int64) + self.whole
        return copies

    def picked(self, table: BaseTable) -> Iterator[Picked]:
        """All rows of a table, a tile after the other."""
        rows = np.arange(table.rows)
        for tile in range(self.whole):
            yield self.tiles.pick(rows, table.consumer, tile)
        rows = rows[table.consumer <= self.of_last]
        if len(rows):
            yield self.tiles.pick(rows, table.consumer[rows], self.whole)

    def picked_in_time(self, part: slice) -> Picked:
        """Each row of a stretch of the log as often as it is lived, in the order of time."""
        of = self.log.consumer[part]
        copies = self.copies(of)
        first = np.cumsum(copies) - copies
        rows = np.repeat(np.arange(part.start, part.stop), copies)
        tile = np.arange(len(rows)) - np.repeat(first, copies)
        picked = self.tiles.pick(rows, self.log.consumer[rows], tile)
        assert self.log.at is not None
        order = np.argsort(self.log.at[rows] + picked.shift, kind="stable")
        return Picked(rows[order], picked.consumers[order], picked.shift[order], picked.turned[order])


def make(parameters: Parameters, communications: int, folder: Path) -> Made:
    """Write the tables to a folder of their own below `folder`, and say where. What is there already is made anew."""
    lives = simulated(parameters, folder)
    base = _Base(lives, parameters.consumers, communications)
    out = folder / f"log-{communications}-{parameters.violations:g}"
    shutil.rmtree(out, ignore_errors=True)
    (out / "log").mkdir(parents=True)
    start = time.perf_counter()
    rows = _write_log(base, out / "log")
    for name, table in (("accounts", base.accounts), ("events", base.events), ("actions", base.actions)):
        with _writer(out / f"{name}.parquet", table) as writer:
            for picked in base.picked(table):
                writer.write_table(table.written(picked), row_group_size=GROUP)
    _write_truth(base, lives / "truth.jsonl", out / "truth.jsonl")
    return Made(out, rows, base.number, time.perf_counter() - start)


def _write_truth(base: _Base, first: Path, file: Path) -> None:
    """What is planted, and with whom: the lines of the first tile under every later consumer's ids."""
    planted = [(int(line.split('"sim-', 1)[1][:DIGITS]), line) for line in first.read_text(encoding="utf-8").splitlines()]
    with file.open("w", encoding="utf-8") as lines:
        for tile in range(base.whole + 1):
            for of, line in planted:
                number = tile * base.tiles.consumers + of
                if number <= base.number:
                    lines.write(line.replace(f"sim-{of:0{DIGITS}d}", f"sim-{number:0{DIGITS}d}") + "\n")


def _write_log(base: _Base, folder: Path) -> int:
    at = base.log.at
    assert at is not None
    parts = slices(at, base.copies(base.log.consumer), GROUP)
    rows, month, writer = 0, "", None
    with ThreadPoolExecutor(_AHEAD) as pool:
        for part, table in _in_turn(pool, base, parts):
            of = str(at[part.start].astype("datetime64[us]").astype("datetime64[M]"))
            if of != month:
                if writer is not None:
                    writer.close()
                month, writer = of, _writer(folder / f"{of}.parquet", base.log)
            assert writer is not None
            writer.write_table(table, row_group_size=2 * GROUP)
            rows += table.num_rows
    if writer is not None:
        writer.close()
    return rows


def _in_turn(pool: ThreadPoolExecutor, base: _Base, parts: Iterator[slice]) -> Iterator[tuple[slice, Any]]:
    """The tables of the parts in their order, the next ones made while one is written."""
    waiting: list[tuple[slice, Future[Any]]] = []
    for part in parts:
        waiting.append((part, pool.submit(lambda of: base.log.written(base.picked_in_time(of)), part)))
        if len(waiting) > _AHEAD:
            done, future = waiting.pop(0)
            yield done, future.result()
    for done, future in waiting:
        yield done, future.result()


def _writer(file: Path, table: BaseTable) -> Any:
    # Ids are all different: a dictionary of them would only be thrown away.
    named = [field.name for field in table.schema if pa.types.is_string(field.type) or pa.types.is_dictionary(field.type)]
    return parquet.ParquetWriter(
        file, table.schema, compression="zstd", use_dictionary=[name for name in named if name != "id"]
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.large_log", description=__doc__)
    parser.add_argument("communications", type=lambda text: int(float(text)), help="about so many; 1e6 is understood")
    parser.add_argument("--folder", type=Path, required=True, help="where the log and the simulated lives are kept")
    parser.add_argument("--lives", type=int, default=40_000, help="consumers to simulate")
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--violations", type=float, default=0.01, help="the share of consumers with one planted")
    given = parser.parse_args()
    parameters = Parameters(given.lives, weeks=given.weeks, seed=given.seed, violations=given.violations)
    made = make(parameters, given.communications, given.folder)
    print(
        f"{made.communications:,} communications of {made.consumers:,} consumers, written to {made.folder} in "
        f"{made.seconds:.1f} s ({made.communications / made.seconds:,.0f} a second); most memory "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"
    )
    for file in sorted(made.folder.rglob("*.parquet")):
        about = parquet.ParquetFile(file).metadata
        print(
            f"  {file.relative_to(made.folder)}: {about.num_rows:,} rows in {about.num_row_groups} groups, "
            f"{file.stat().st_size / 1e6:,.1f} MB"
        )


if __name__ == "__main__":
    main()
