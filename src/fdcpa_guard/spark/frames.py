"""An audit of Spark DataFrames: the records of a consumer come together in one partition, which is judged whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import pyarrow as pa

from fdcpa_guard.auditing.partitions.source import ITEMS_OF_A_PARTITION
from fdcpa_guard.auditing.taking_in import ACTIONS
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.context import LogOptions
from fdcpa_guard.facts.importers.table import column_name
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.spark.charge import Charge
from fdcpa_guard.spark.tables import LOG, TOLD, judged
from fdcpa_guard.values import instant_of

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import Column, DataFrame

_PARTITION: Final = "fdcpa_guard_partition"
_CONSUMER: Final = "consumer_id"
_SPACE: Final = r"(?U)^[\s\x1c-\x1f]+|[\s\x1c-\x1f]+$"
"""What the importers take off the ends of a text: two ids that differ in nothing else are one consumer's."""
_YEARS: Final = ("1971-01-01T00:00:00Z", "2199-01-01T00:00:00Z")


class Audited(NamedTuple):
    """`findings` has the columns of findings.parquet (`row` is null), `problems` those of problems.csv.

    Both come of one computation, which Spark does again for each: `persist` the one that is looked at often.
    """

    findings: DataFrame
    problems: DataFrame


def audit_dataframe(
    log: DataFrame,
    *,
    guard: Guard,
    collector: Collector | None = None,
    accounts: DataFrame | None = None,
    events: DataFrame | None = None,
    actions: DataFrame | None = None,
    zone: str | None = None,
    as_known: Literal["then", "now"] = "then",
    as_of: datetime | None = None,
    partitions: int | None = None,
) -> Audited:
    """Judge every communication and action of DataFrames against what came before it, as `run_audit` does files.

    Args:
        log, accounts, events, actions: in the columns of the project's own tables (docs/model.md). Nothing of their order
            counts: of two contradicting copies of one row, neither of which says when it was changed, it is not said which
            holds.
        guard, collector: the rules and the policy; whose log it is.
        zone: the clock that wrote times without an offset.
        as_known: `then`, or `now`, which needs `as_of`.
        as_of: the end to which deadlines and `now` look. Left out, it is the latest `at` of the log and the actions,
            which are then looked through for it; both have to be timestamps.
        partitions: into how many parts the consumers are divided, each of which one process holds whole; left out, the
            rows are counted, and some 80,000 are one part.

    Raises:
        FactsError: a column is missing, or an instant is wanted that is not said; pyspark or pandas is missing.

    While Spark computes, an executor that would judge otherwise (another version of the package, of its rules or of a
    library) stops the job, and so does a disagreement of the engines.
    """
    kinds = {name: frame for name, frame in (("accounts", accounts), ("events", events), (ACTIONS, actions)) if frame is not None}
    if as_of is not None and as_of.tzinfo is None:
        raise FactsError("a time without an offset, expected an instant such as 2026-03-02T09:30:00-05:00", "as_of")
    if as_known == "now" and as_of is None:
        raise FactsError("to judge by what is known now needs the instant that is now", "as_of")
    ends_at = None if as_of is None else instant_of(as_of)
    if partitions is None or ends_at is None:
        rows, last = _looked_through(log, kinds.get(ACTIONS), timed=ends_at is None)
        partitions = partitions or 1 + rows // ITEMS_OF_A_PARTITION
        ends_at = last if ends_at is None else ends_at
    of_file = LogOptions(zone=zone)
    options = {LOG: LogOptions(format="canonical", zone=zone), **dict.fromkeys(kinds, of_file)}
    charge = log.sparkSession.sparkContext.broadcast(Charge(guard, collector or Collector()))
    task = _task(charge, instant_of(as_of) if as_known == "now" and as_of is not None else None, ends_at, options)
    told = _together(log, kinds, partitions, task)
    findings = told.where("finding is not null").select("finding.*")
    problems = told.where("problem is not null").dropDuplicates(["key"]).select("problem.*")
    return Audited(findings, problems)


def _looked_through(log: DataFrame, actions: DataFrame | None, *, timed: bool) -> tuple[int, int | None]:
    """How many rows there are, and the latest instant of a row that has a consumer, in microseconds."""
    from pyspark.sql import functions as F

    rows, last = 0, None
    for name, frame in ((LOG, log), (ACTIONS, actions)):
        if frame is None:
            continue
        asked = [F.count(F.lit(1)).alias("rows")]
        if timed:
            at = frame[_named(frame, name, "at")]
            if frame.schema[_named(frame, name, "at")].dataType.typeName() != "timestamp":
                message = f"the column `at` of the {name} is no timestamp, so that the end of the log is not known"
                raise FactsError(message, "as_of", "say as_of, or cast the column")
            first, end = (F.lit(year).cast("timestamp") for year in _YEARS)
            counts = (at >= first) & (at < end) & (_consumer(frame, name) != "")
            asked.append(F.max(F.when(counts, F.unix_micros(at))).alias("last"))
        found = frame.agg(*asked).first()
        assert found is not None
        rows += found["rows"]
        if timed and found["last"] is not None:
            last = found["last"] if last is None else max(last, found["last"])
    return rows, last


def _together(
    log: DataFrame, kinds: Mapping[str, DataFrame], partitions: int, task: Callable[[Any, pa.Table, pa.Table], pa.Table]
) -> DataFrame:
    """Both sides of each partition: the log in its own columns, and the other kinds, which are few, each in one."""
    from pyspark.sql import functions as F
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import IntegerType, StructField, StructType

    def numbered(frame: DataFrame, name: str, *columns: Column) -> DataFrame:
        number = F.pmod(F.xxhash64(_consumer(frame, name)), F.lit(partitions)).cast("int")
        return frame.select(number.alias(_PARTITION), *columns)

    logged = numbered(log, LOG, *(log[f"`{name}`"] for name in log.columns))
    others = [
        numbered(frame, name, F.struct(*(frame[f"`{column}`"] for column in frame.columns)).alias(name))
        for name, frame in kinds.items()
    ]
    nothing = log.sparkSession.createDataFrame([], StructType([StructField(_PARTITION, IntegerType())]))
    beside = reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), others, nothing)
    schema = from_arrow_schema(TOLD)
    return logged.groupBy(_PARTITION).cogroup(beside.groupBy(_PARTITION)).applyInArrow(task, schema)


def _task(
    charge: Broadcast[Charge], as_of: int | None, ends_at: int | None, options: Mapping[str, LogOptions]
) -> Callable[[Any, pa.Table, pa.Table], pa.Table]:
    def task(key, logged, beside):  # type: ignore[no-untyped-def]  # Spark reads hints, and knows no strings of them
        tables = {LOG: logged.drop_columns([_PARTITION])}
        for name in beside.column_names:
            if name != _PARTITION:
                tables[name] = _of_structs(beside[name])
        return judged(tables, key[0].as_py(), charge.value.terms(as_of, ends_at), options)

    return task


def _of_structs(column: pa.ChunkedArray) -> pa.Table:
    whole = column.drop_null().combine_chunks()
    return pa.Table.from_struct_array(whole)


def _consumer(frame: DataFrame, name: str) -> Column:
    from pyspark.sql import functions as F

    return F.regexp_replace(frame[f"`{_named(frame, name, _CONSUMER)}`"].cast("string"), _SPACE, "")


def _named(frame: DataFrame, name: str, column: str) -> str:
    """What the frame calls a column: `Consumer ID` is `consumer_id`."""
    for each in frame.columns:
        if column_name(each) == column:
            return each
    raise FactsError(f"there is no column `{column}`", name, f"it has: {', '.join(frame.columns)}")
