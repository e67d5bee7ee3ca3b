"""An audit of files on Spark leaves the bytes that one without it leaves, whatever dies meanwhile."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from audit_world import COLLECTOR, THREE_CALLS, account, call, calls, write
from audit_world import guard as sample_guard
from pyarrow import parquet
from shipped import default_guard

from fdcpa_guard.auditing.partitions import source
from fdcpa_guard.auditing.run import AuditResult, run_audit
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.simulate import Parameters, simulate
from fdcpa_guard.spark import charge, stages
from fdcpa_guard.spark.executors import on_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def audit(folder: Path, out: str, guard: Guard, **more: Any) -> AuditResult:
    named = {name: folder / f"{name}.csv" for name in ("accounts", "events", "actions")}
    there = {name: path for name, path in named.items() if path.exists()}
    return run_audit(
        [folder / "log"], guard=guard, collector=COLLECTOR, out=folder / out, workers=1, engine="auto", **there, **more
    )


def same_bytes(folder: Path, guard: Guard, **more: Any) -> None:
    audit(folder, "plain", guard, **more)
    audit(folder, "spark", guard, elsewhere=on_spark(), **more)
    plain = {path.name: path.read_bytes() for path in (folder / "plain").iterdir()}
    assert {path.name: path.read_bytes() for path in (folder / "spark").iterdir()} == plain


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "ITEMS_OF_A_PARTITION", 200)


def of_several_files(folder: Path) -> None:
    """A simulated log in three files, of which two are CSV and one is Parquet, and one lacks a column."""
    made = folder / "made"
    simulate(Parameters(30, 6, seed=11, violations=0.5), made)
    (folder / "log").mkdir()
    with (made / "log.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    third = len(rows) // 3
    write(folder / "log" / "1.csv", rows[:third])
    lacking = [{name: value for name, value in row.items() if name != "agent"} for row in rows[third : 2 * third]]
    parquet.write_table(pa.Table.from_pylist(lacking), folder / "log" / "2.parquet")
    write(folder / "log" / "3.csv", rows[2 * third :])
    for name in ("accounts", "events", "actions"):
        (made / f"{name}.csv").rename(folder / f"{name}.csv")


@pytest.mark.parametrize(("guard", "as_known"), [(default_guard, "then"), (sample_guard, "now")])
@pytest.mark.usefixtures("spark", "small_pieces")
def test_a_simulated_log_of_several_files(tmp_path: Path, guard: Callable[[], Guard], as_known: str) -> None:
    of_several_files(tmp_path)
    same_bytes(tmp_path, guard(), as_known=as_known)
    assert (tmp_path / "spark" / "findings.jsonl").read_bytes().count(b"\n") > 10
    assert b"the column is missing here" in (tmp_path / "spark" / "problems.jsonl").read_bytes()


def three_files(folder: Path) -> None:
    (folder / "log").mkdir()
    for number, name in enumerate(("ann", "bob", "cid")):
        write(folder / "log" / f"{number}.csv", calls(name, range(4, 12)))
    write(folder / "accounts.csv", [account("ann"), account("bob"), account("cid")])


@pytest.mark.usefixtures("spark", "small_pieces")
def test_one_consumer_with_most_of_the_rows(tmp_path: Path) -> None:
    three_files(tmp_path)
    many = [
        call("ann", 1000 + number, f"2024-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}T{9 + number % 9:02d}:00:00-06:00")
        for number in range(900)
    ]
    write(tmp_path / "log" / "3.csv", many)
    same_bytes(tmp_path, sample_guard())


@pytest.mark.usefixtures("spark")
def test_files_that_are_broken_and_rows_that_cannot_be_read(tmp_path: Path) -> None:
    three_files(tmp_path)
    write(tmp_path / "log" / "3.csv", [*calls("bob", [20]), call("ann", 1, "never"), call("", 2, "2024-03-20T10:00:00-06:00")])
    table = pa.Table.from_pylist(calls("cid", range(13, 28)))
    parquet.write_table(table, tmp_path / "log" / "4.parquet", compression=None, use_dictionary=False)
    content = bytearray((tmp_path / "log" / "4.parquet").read_bytes())
    content[4:60] = b"\xff" * 56
    (tmp_path / "log" / "4.parquet").write_bytes(content)
    (tmp_path / "log" / "5.csv").write_bytes(b"")
    same_bytes(tmp_path, sample_guard())
    said = (tmp_path / "spark" / "problems.csv").read_text(encoding="utf-8")
    assert "the file is damaged here" in said
    assert "empty_file" in said


@pytest.mark.usefixtures("spark")
def test_whose_a_number_is_comes_from_the_accounts_on_every_executor(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    for number, digits in enumerate(("5125550100", "5125550101", "5125550102")):
        rows = [
            {"call_date": f"2024-03-{day:02d} 10:00:00", "phone_number": digits, "status": "NA", "user": "6001", "campaign_id": "C1"}
            for day in range(4, 10)
        ]
        write(tmp_path / "log" / f"{number}.csv", rows)
    write(tmp_path / "accounts.csv", [account("ann", phones="+15125550100"), account("bob", phones="+15125550101")])
    same_bytes(tmp_path, sample_guard(), options=LogOptions(format="vicidial", zone="America/Chicago"))
    said = (tmp_path / "spark" / "findings.csv").read_text(encoding="utf-8")
    assert ",ann," in said
    assert ",bob," in said


def dying_once(work: Callable[..., Any], marker: Path, when: str) -> Callable[..., Any]:
    """The same, but the first process that does it dies, before or after."""

    def dying(*arguments: Any) -> Any:
        found = work(*arguments) if when == "after" else None
        if not marker.exists():
            marker.touch()
            os._exit(17)
        return work(*arguments) if found is None else found

    return dying


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("stage", ["read_file", "judge_piece"])
@pytest.mark.usefixtures("spark")
def test_a_process_that_dies_is_one_that_was_never_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, when: str
) -> None:
    three_files(tmp_path)
    marker = tmp_path / "died"
    monkeypatch.setattr(stages, stage, dying_once(getattr(stages, stage), marker, when))
    same_bytes(tmp_path, sample_guard())
    assert marker.exists()
    assert THREE_CALLS.encode() in (tmp_path / "spark" / "findings.jsonl").read_bytes()


@pytest.mark.usefixtures("spark")
def test_an_executor_of_another_version_judges_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    three_files(tmp_path)
    monkeypatch.setattr(charge, "_versions", lambda: {"tzdata": "1999.1"})
    with pytest.raises(FactsError, match=r"an executor has tzdata .*, and the program that began the run 1999\.1"):
        audit(tmp_path, "spark", sample_guard(), elsewhere=on_spark())
    assert not list((tmp_path / "spark").glob("*.json*"))


@pytest.mark.usefixtures("spark")
def test_a_file_that_nothing_can_be_read_of_stops_the_run_as_it_does_without_spark(tmp_path: Path) -> None:
    three_files(tmp_path)
    (tmp_path / "log" / "3.csv").write_text("color,size\nred,2\n", encoding="utf-8")
    messages = []
    for more in ({}, {"elsewhere": on_spark()}):
        with pytest.raises(FactsError) as caught:
            audit(tmp_path, "spark", sample_guard(), **more)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


@pytest.mark.usefixtures("spark")
def test_a_database_is_not_asked_by_executors(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match="ask no database"):
        run_audit(
            ["duckdb:?query=SELECT 'ann' AS consumer_id"], guard=sample_guard(), options=LogOptions(format="canonical"),
            elsewhere=on_spark(), out=tmp_path / "out",
        )  # fmt: skip


def test_without_pyspark_the_engine_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    three_files(tmp_path)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(FactsError, match="needs pyspark") as caught:
        audit(tmp_path, "spark", sample_guard(), elsewhere=on_spark())
    assert "fdcpa-guard[spark]" in str(caught.value)


def test_the_command_line_names_the_engine(spark: SparkSession, tmp_path: Path) -> None:
    from fdcpa_guard.cli.run import run

    three_files(tmp_path)
    asked = ["audit", str(tmp_path / "log"), "--out", str(tmp_path / "out"), "--rules", str(Path(__file__).parents[1] / "audit/rules")]
    assert run([*asked, "--spark-master", "local[2]"]) == 2
    assert run([*asked, "--engine", "spark", "--collector-kind", "third_party_collector"]) == 1
    assert (tmp_path / "out" / "manifest.json").exists()
    assert spark.sparkContext is not None
