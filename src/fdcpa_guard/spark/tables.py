"""One partition of DataFrames, in the process that judges it: tables of all records of some consumers, read and judged as the
files of a log are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pyarrow as pa

from fdcpa_guard.auditing.judging import Judge, Terms
from fdcpa_guard.auditing.partitions.batches import in_columns
from fdcpa_guard.auditing.partitions.judging import PartitionJudge
from fdcpa_guard.auditing.partitions.kinds import SCHEMAS, Kind
from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.auditing.partitions.writing import Gathering
from fdcpa_guard.auditing.problem_rows import PROBLEM_COLUMNS, ProblemRow, problem_from_line, problem_row
from fdcpa_guard.auditing.rows import COLUMNS, cells, from_line
from fdcpa_guard.auditing.taking_in import ACTIONS
from fdcpa_guard.facts.importers.in_memory import TableSource
from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.facts.importers.reading import LogOptions, open_one
from fdcpa_guard.garbage import search_after, searched_for_afterwards

LOG: Final = "log"
KINDS: Final = ("accounts", "events", ACTIONS, LOG)
"""In the order in which they are read: what accounts and events say stands before what the log's own rows add."""

_NUMBERS: Final = {"row": pa.int64(), "rows": pa.int64(), "left_out": pa.bool_()}
FINDING: Final = pa.struct([(name, _NUMBERS.get(name, pa.string())) for name in COLUMNS])
PROBLEM: Final = pa.struct([(name, _NUMBERS.get(name, pa.string())) for name in PROBLEM_COLUMNS])
TOLD: Final = pa.schema([("finding", FINDING), ("problem", PROBLEM), ("key", pa.string())])
"""Of each row either is there. What is said of a table as a whole has one key in all partitions."""


class _Gathered(Gathering):
    """Keeps the tables of one partition."""

    def __init__(self) -> None:
        super().__init__()
        self._tables: dict[Kind, list[pa.Table]] = {kind: [] for kind in Kind}

    def _table(self, kind: Kind, table: pa.Table) -> None:
        self._tables[kind].append(table.select(SCHEMAS[kind].names))

    def partition(self) -> Partition:
        self.flush()
        whole = {
            kind: pa.concat_tables(tables).unify_dictionaries().combine_chunks() if tables else SCHEMAS[kind].empty_table()
            for kind, tables in self._tables.items()
        }
        return Partition(whole, self.files)


def judged(tables: Mapping[str, pa.Table], number: int, terms: Terms, options: Mapping[str, LogOptions]) -> pa.Table:
    """The findings and problems of some consumers, of whom everything is in the tables (by kind), as `TOLD`.

    In a DataFrame nothing is first: records are put in the order of what they say, and `row` is null.
    """
    into = _Gathered()
    found: list[tuple[dict[str, Any] | None, dict[str, Any] | None, str]] = []
    for kind in KINDS:
        table = tables.get(kind)
        if table is None or table.num_rows == 0:
            continue
        reading = open_one(kind, TableSource(kind, _ordered(table)), options[kind], ())
        reading.in_columns = in_columns
        for item in reading:
            if not (kind == ACTIONS and isinstance(item, Problem)):
                into.put(item)
            if isinstance(item, Problem):
                found.append(_problem(problem_row(item, {}), f"{number} {len(found)}"))
    judge = Judge(terms)
    partition = into.partition()
    with searched_for_afterwards():
        everything = list(PartitionJudge(partition, judge).told())
    search_after(partition.items)
    for told in everything:
        for line in told.findings.splitlines():
            finding = dict(zip(COLUMNS, cells(from_line(line)), strict=True))
            found.append(({**finding, "row": None}, None, f"{number} {len(found)}"))
        for line in told.problems.splitlines():
            found.append(_problem(problem_from_line(line), f"{number} {len(found)}"))
    columns = zip(*found, strict=True) if found else ((), (), ())
    return pa.table([pa.array(list(each), of.type) for each, of in zip(columns, TOLD, strict=True)], schema=TOLD)


def _problem(row: ProblemRow, key: str) -> tuple[None, dict[str, Any], str]:
    if row.row is None and row.consumer_id is None:
        key = f"{row.kind} {row.file} {row.column} {row.value} {row.message}"
    row = replace(row, row=None)
    return None, {name: getattr(row, name) for name in PROBLEM_COLUMNS}, key


def _ordered(table: pa.Table) -> pa.Table:
    """Rows in the order of their values, whatever the order was in which they came."""
    keys = [(name, "ascending") for name, kind in zip(table.schema.names, table.schema.types, strict=True) if _orders(kind)]
    return table.sort_by(keys) if keys else table


def _orders(kind: Any) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_null(kind) or isinstance(kind, pa.BaseExtensionType))
