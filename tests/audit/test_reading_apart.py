"""Files that are read in several processes, and large ones in stretches, give what one reading of all of them gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from audit_world import COLLECTOR, account, guard, write
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from fdcpa_guard.auditing.partitions import apart
from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers import problems
from fdcpa_guard.simulate import Parameters, simulate

WRITTEN = ("findings.jsonl", "findings.csv", "problems.jsonl", "problems.csv", "summary.json")
START = datetime(2024, 3, 4, 16, tzinfo=UTC)
GROUP = 40
"""Rows of a row group of the logs here, and at least of a stretch."""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[apart.Parts]:
    """Stretches of few rows; and what was read by itself."""
    seen: list[apart.Parts] = []
    parts_of = apart.parts_of

    def told(*arguments: Any) -> Any:
        found = parts_of(*arguments)
        seen.extend(found[0])
        return found

    monkeypatch.setattr(apart, "ROWS_OF_A_STRETCH", GROUP)
    monkeypatch.setattr(apart, "parts_of", told)
    return seen


def audited(folder: Path, workers: int, **more: Any) -> dict[str, bytes]:
    named = {name: folder / f"{name}.csv" for name in ("accounts", "events", "actions")}
    there: dict[str, Any] = {name: path for name, path in named.items() if path.exists()}
    out = folder / f"out{workers}"
    run_audit([folder / "log"], guard=guard(), collector=COLLECTOR, out=out, workers=workers, engine="columnar", **there, **more)
    return {name: (out / name).read_bytes() for name in WRITTEN}


def same(folder: Path, **more: Any) -> dict[str, bytes]:
    told = audited(folder, 1, **more)
    assert audited(folder, 2, **more) == told
    return told


def table(rows: int, **columns: Any) -> pa.Table:
    """Calls to two consumers, an hour apart."""
    said: dict[str, Any] = {
        "id": [f"call-{number}" for number in range(rows)],
        "at": pa.array([START + timedelta(hours=number) for number in range(rows)], pa.timestamp("us", "UTC")),
        "consumer_id": [("ann", "bob")[number % 2] for number in range(rows)],
        "channel": ["call"] * rows,
        "debt_ids": [("debt-ann", "debt-bob")[number % 2] for number in range(rows)],
        "outcome": ["no_answer"] * rows,
        **columns,
    }
    return pa.table(said)


def log_of(folder: Path, **columns: Any) -> Path:
    (folder / "log").mkdir(parents=True)
    write(folder / "accounts.csv", [account("ann"), account("bob")])
    path = folder / "log" / "1.parquet"
    parquet.write_table(table(400, **columns), path, row_group_size=GROUP)
    return path


def test_files_of_several_forms(tmp_path: Path, read: list[apart.Parts]) -> None:
    simulate(Parameters(30, 6, seed=11, violations=0.5), tmp_path)
    lines = (tmp_path / "log.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "log").mkdir()
    third = len(lines) // 3
    for number in range(3):
        part = [lines[0], *lines[1 + number * third : 1 + (number + 1) * third], "x\n" * number, "?,2024-03-04\n"]
        (tmp_path / "log" / f"{number}.csv").write_text("".join(part), encoding="utf-8")
    parquet.write_table(table(200), tmp_path / "log" / "3.parquet", row_group_size=GROUP)
    (tmp_path / "log" / "4.csv").write_text("", encoding="utf-8")
    told = same(tmp_path)
    assert len(told["findings.jsonl"].splitlines()) > 10
    assert [len(parts.tasks) for parts in read if parts.file.endswith("3.parquet")] == [5]
    assert len(read) == 8


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"outcome": [f"zz{number % 7}" if number % 3 else "no_answer" for number in range(400)]},
        {"consumer_id": [None if number % 5 == 0 else "ann" for number in range(400)]},
        {"at": [f"2024-03-04T10:00:{number % 60:02d}" for number in range(400)]},
        {"agnt": ["Ada"] * 400, "person_rol": [None] * 150 + ["spouse"] * 250},
        {"agent": ["a\x00b" if 100 < number < 300 else "Ada" for number in range(400)]},
    ],
    ids=["clean", "unknown outcomes", "rows of nobody", "times without a zone", "unknown columns", "NUL"],
)
def test_a_large_file_in_stretches(columns: dict[str, Any], tmp_path: Path, read: list[apart.Parts]) -> None:
    log_of(tmp_path, **columns)
    same(tmp_path)
    assert [len(parts.tasks) for parts in read] == [1, 10]


def test_large_accounts_in_stretches(tmp_path: Path, read: list[apart.Parts]) -> None:
    log_of(tmp_path)
    rows = range(200)
    told = pa.table(
        {
            "consumer_id": [None if number % 9 == 8 else ("ann", "bob")[number // 100] for number in rows],
            "debt_id": [f"debt-{number}" if number % 4 else "debt-ann" for number in rows],
            "home_state": ["Texas" if 60 < number < 90 else "TX" for number in rows],
            "creditor": ["The Bank", 'The "Other" Bank', " C", None] * 50,
            "mood": ["glad"] * 200,
        }
    )
    (tmp_path / "accounts.csv").unlink()
    parquet.write_table(told, tmp_path / "accounts.parquet", row_group_size=GROUP)
    problems = same(tmp_path, accounts=tmp_path / "accounts.parquet")["problems.jsonl"]
    assert b"mood" in problems
    assert b"accounts.parquet" in problems
    assert [len(parts.tasks) for parts in read] == [5, 10]


def test_a_large_file_of_actions_in_stretches(tmp_path: Path, read: list[apart.Parts]) -> None:
    log_of(tmp_path)
    rows = 200
    actions = {
        "consumer_id": ["ann" if number % 9 else None for number in range(rows)],
        "at": pa.array([START + timedelta(hours=number) for number in range(rows)], pa.timestamp("us", "UTC")),
        "type": ["apply_payment" if number % 7 else "zz" for number in range(rows)],
        "debt_ids": ["debt-ann"] * rows,
    }
    parquet.write_table(pa.table(actions), tmp_path / "actions.csv", row_group_size=GROUP)
    told = same(tmp_path)
    assert b"actions.csv" in told["problems.jsonl"]
    assert [len(parts.tasks) for parts in read] == [1, 5, 10]


@settings(max_examples=10)
@given(data=st.data())
def test_drawn_rows_in_stretches(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    def drawn(*values: str | None) -> list[str | None]:
        bad = data.draw(st.sets(st.integers(0, 399), max_size=data.draw(st.sampled_from([3, 150]))))
        return [data.draw(st.sampled_from(values[1:])) if number in bad else values[0] for number in range(400)]

    folder = tmp_path_factory.mktemp("drawn")
    log_of(
        folder, channel=drawn("call", "text", "fon", ""), consumer_id=drawn("ann", "bob", None, "who", "ann "),
        address=drawn("+15125550100", "5125550100", "pat@example.com", None, "555"),
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart, "ROWS_OF_A_STRETCH", GROUP)
        same(folder)


def test_of_more_to_say_than_is_kept_the_file_is_read_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: list[apart.Parts]
) -> None:
    log_of(tmp_path, outcome=["zz"] * 400)
    monkeypatch.setattr(problems, "KEPT_OF_A_STRETCH", 30)
    told = same(tmp_path)
    assert b"300 more rows of this kind" in told["problems.jsonl"]
    assert [len(parts.tasks) for parts in read] == [1, 10]


def test_a_damaged_file_is_read_up_to_where_it_is_damaged(tmp_path: Path, read: list[apart.Parts]) -> None:
    path = log_of(tmp_path)
    content = bytearray(path.read_bytes())
    middle = parquet.read_metadata(path).row_group(5).column(0).data_page_offset
    content[middle : middle + 40] = b"\xff" * 40
    path.write_bytes(content)
    told = same(tmp_path)
    assert b"damaged here" in told["problems.jsonl"]
    assert [len(parts.tasks) for parts in read] == [1, 10]


def test_the_first_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    log_of(tmp_path)
    # What the columns are does not tell that their times have no zone.
    (tmp_path / "log" / "2.csv").write_text("call_date,phone_number_dialed,status,vendor_lead_code\n2024-03-04 10:00:00,5125550100,NA,ann\n")
    (tmp_path / "log" / "3.csv").write_text("color,size\nred,2\n", encoding="utf-8")
    messages = []
    for workers in (1, 2):
        with pytest.raises(FactsError) as caught:
            audited(tmp_path, workers)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_a_reader_that_is_killed_leaves_nothing_that_is_taken_for_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: list[apart.Parts]
) -> None:
    log_of(tmp_path)
    whole = audited(tmp_path, 1)
    read_task = apart.read_task

    def some(task: apart.FileToRead, folders: apart.Folders) -> Any:
        if task.place == 7:
            raise KeyboardInterrupt
        return read_task(task, folders)

    with monkeypatch.context() as patch:
        patch.setattr(apart, "read_task", some)
        with pytest.raises(KeyboardInterrupt):
            audited(tmp_path, 2)
    assert audited(tmp_path, 2) == whole
