"""An audit of DataFrames finds what an audit of the same records in files finds."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audit_world import COLLECTOR, THREE_CALLS, account, call, calls, write
from audit_world import guard as sample_guard
from shipped import default_guard

from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import FactsError
from fdcpa_guard.simulate import Parameters, simulate
from fdcpa_guard.spark import frames
from fdcpa_guard.spark.frames import audit_dataframe

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

KINDS = ("accounts", "events", "actions")
Rows = list[tuple[Any, ...]]


def frame_of(spark: SparkSession, path: Path, *, timed: bool = True) -> DataFrame:
    from pyspark.sql import functions as F

    read = spark.read.csv(str(path), header=True, escape='"', multiLine=True)
    return read.withColumn("at", F.try_to_timestamp("at")) if timed and "at" in read.columns else read


def in_files(folder: Path, guard: Guard, **more: Any) -> Rows:
    """The findings of an audit of the files of a folder, without where their rows are."""
    there = {name: folder / f"{name}.csv" for name in KINDS if (folder / f"{name}.csv").exists()}
    run_audit([folder / "log.csv"], guard=guard, collector=COLLECTOR, out=folder / "out", workers=1, **there, **more)
    with (folder / "out" / "findings.csv").open(newline="", encoding="utf-8") as file:
        return sorted(tuple(row[name] for name in sorted(row) if name not in ("file", "row")) for row in csv.DictReader(file))


def in_frames(spark: SparkSession, folder: Path, guard: Guard, *, timed: bool = True, **more: Any) -> tuple[Rows, Rows]:
    """The same findings, and the problems."""
    from fdcpa_guard.auditing.rows import for_spreadsheet

    there = {
        name: frame_of(spark, folder / f"{name}.csv", timed=timed) for name in KINDS if (folder / f"{name}.csv").exists()
    }
    log = frame_of(spark, folder / "log.csv", timed=timed)
    found = audit_dataframe(log, guard=guard, collector=COLLECTOR, **there, **more)
    findings = sorted(
        tuple(str("" if row[name] is None else for_spreadsheet(row[name])) for name in sorted(found.findings.columns) if name not in ("file", "row"))
        for row in found.findings.collect()
    )
    return findings, sorted((row["kind"], row["message"], row["consumer_id"] or "") for row in found.problems.collect())


@pytest.mark.parametrize("guard", [default_guard, sample_guard])
def test_a_simulated_log(spark: SparkSession, tmp_path: Path, guard: Any) -> None:
    simulate(Parameters(30, 6, seed=11, violations=0.5), tmp_path)
    expected = in_files(tmp_path, guard())
    findings, _ = in_frames(spark, tmp_path, guard(), partitions=5)
    assert findings == expected
    assert len(findings) > 10 or guard is sample_guard


def test_one_consumer_with_most_of_the_rows_and_ids_that_are_written_in_several_ways(
    spark: SparkSession, tmp_path: Path
) -> None:
    many = [
        call("ann", 1000 + number, f"2024-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}T{9 + number % 9:02d}:00:00-06:00")
        for number in range(600)
    ]
    apart = [{**row, "consumer_id": f" {row['consumer_id']}\t"} for row in calls("bob", range(4, 8))]
    write(tmp_path / "log.csv", [*many, *apart, *calls("bob", range(8, 12))])
    write(tmp_path / "accounts.csv", [account("ann"), account("bob")])
    expected = in_files(tmp_path, sample_guard())
    findings, _ = in_frames(spark, tmp_path, sample_guard(), partitions=7)
    assert findings == expected
    assert {row[sorted_columns().index("consumer_id")] for row in findings} == {"ann", "bob"}


def sorted_columns() -> Sequence[str]:
    from fdcpa_guard.auditing.rows import COLUMNS

    return sorted(name for name in COLUMNS if name not in ("file", "row"))


def test_what_is_wrong_with_the_rows_is_told_once(spark: SparkSession, tmp_path: Path) -> None:
    rows = [*calls("ann", range(4, 8), colour="red"), *calls("bob", range(4, 8), colour="red"), *calls("cid", range(4, 8), colour="red")]
    rows.append({**call("ann", 9, "2024-03-09T10:00:00-06:00"), "direction": "sideways"})
    write(tmp_path / "log.csv", rows)
    expected = in_files(tmp_path, sample_guard())
    findings, problems = in_frames(spark, tmp_path, sample_guard(), partitions=4)
    assert findings == expected
    with (tmp_path / "out" / "problems.csv").open(newline="", encoding="utf-8") as file:
        told = sorted((row["kind"], row["message"], row["consumer_id"]) for row in csv.DictReader(file))
    # Of files it is besides told by what their format was found.
    assert problems == [each for each in told if not each[1].startswith("read as the format")]
    assert any(kind == "unknown_column" for kind, *_ in problems)


def test_times_as_text_need_an_end(spark: SparkSession, tmp_path: Path) -> None:
    write(tmp_path / "log.csv", calls("ann", range(4, 12)))
    with pytest.raises(FactsError, match="no timestamp"):
        in_frames(spark, tmp_path, sample_guard(), timed=False)
    end = datetime(2024, 3, 11, 16, tzinfo=UTC)
    findings, _ = in_frames(spark, tmp_path, sample_guard(), timed=False, as_of=end, partitions=2)
    assert findings == in_files(tmp_path, sample_guard(), as_of=end)


def test_what_cannot_be_judged_by_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    write(tmp_path / "log.csv", calls("ann", range(4, 12)))
    log = frame_of(spark, tmp_path / "log.csv")
    with pytest.raises(FactsError, match="there is no column `consumer_id`"):
        audit_dataframe(log.drop("consumer_id"), guard=sample_guard())
    with pytest.raises(FactsError, match="the instant that is now"):
        audit_dataframe(log, guard=sample_guard(), as_known="now")


def test_a_process_that_dies_is_one_that_was_never_there(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "log.csv", [*calls("ann", range(4, 12)), *calls("bob", range(4, 12))])
    marker, work = tmp_path / "died", frames.judged

    def dying(*arguments: Any) -> Any:
        if not marker.exists():
            marker.touch()
            os._exit(17)
        return work(*arguments)

    monkeypatch.setattr(frames, "judged", dying)
    findings, _ = in_frames(spark, tmp_path, sample_guard(), partitions=2)
    assert marker.exists()
    assert findings == in_files(tmp_path, sample_guard())
    assert any(THREE_CALLS in row for row in findings)
