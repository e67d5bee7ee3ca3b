"""Arrow files and streams: the cells of Parquet, in batches; damaged ones cost no more than they must."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.arrow_reading import ArrowTable
from fdcpa_guard.facts.importers.opening import open_table
from fdcpa_guard.facts.importers.reading import LogOptions, open_accounts, open_log
from fdcpa_guard.facts.importers.table import Broken, Row

from .conftest import read_all

arrow = pytest.importorskip("pyarrow")
feather = pytest.importorskip("pyarrow.feather")
parquet = pytest.importorskip("pyarrow.parquet")
AT = datetime(2022, 4, 6, 15, 0, tzinfo=UTC)


def written(path: Path, table: object, rows_a_batch: int | None = None) -> Path:
    """The table as whatever the name's ending says."""
    match path.suffix:
        case ".parquet":
            parquet.write_table(table, path)
        case ".feather":
            feather.write_feather(table, path, compression="zstd")
        case ending:
            opened = arrow.ipc.new_stream if ending == ".arrows" else arrow.ipc.new_file
            with opened(str(path), table.schema) as file:  # type: ignore[attr-defined]
                file.write_table(table, max_chunksize=rows_a_batch)
    return path


@pytest.fixture
def log() -> object:
    return arrow.table(
        {
            "id": arrow.array(["h1", "h2"], arrow.large_string()),
            "at": arrow.array([AT, AT], arrow.timestamp("ns", tz="America/Chicago")),
            "consumer_id": arrow.array([Decimal(70), Decimal(71)], arrow.decimal128(38, 0)),
            "channel": arrow.array(["call", "text"]).dictionary_encode(),
            "debt_ids": [["d1", "d2"], None],
            "recorded": [True, None],
            "agent": arrow.array(["Ren", None], arrow.string_view()),
            "turns": [[{"speaker": "agent", "text": "Hello."}], None],
        }
    )


@pytest.mark.parametrize("name", ["log.arrow", "log.feather", "log.arrows", "log.parquet", "no_ending"])
def test_every_kind_of_file_gives_the_same_rows(tmp_path, log, name):
    got = read_all(open_log([written(tmp_path / name, log)]))
    first, second = (row.communication for row in got.rows)
    assert [row.consumer_id for row in got.rows] == ["70", "71"]
    assert (first.id, first.at, first.channel, first.debts, first.recorded, first.agent) == (
        "h1", AT, "call", ("d1", "d2"), True, "Ren",
    )  # fmt: skip
    assert first.turns is not None
    assert first.turns[0].text == "Hello."
    assert (second.channel, second.debts, second.recorded, second.agent) == ("text", None, None, None)
    assert [problem.kind for problem in got.problems] == ["assumption"]


@pytest.mark.parametrize("ending", ["arrow", "arrows"])
def test_a_time_without_a_zone_needs_one(tmp_path, ending):
    at = arrow.array([datetime(2022, 4, 6, 10)], arrow.timestamp("ms"))
    path = written(tmp_path / f"log.{ending}", arrow.table({"at": at, "consumer_id": ["c1"]}))
    refused = read_all(open_log([path]))
    assert refused.rows == []
    assert [problem.kind for problem in refused.problems] == ["assumption", "naive_time"]
    assert read_all(open_log([path], LogOptions(zone="America/Chicago"))).rows[0].communication.at == AT


def test_money_and_dates_of_accounts_are_read_as_they_are(tmp_path):
    table = arrow.table(
        {
            "consumer_id": ["c1"],
            "debt_id": arrow.array([18446744073709551615], arrow.uint64()),
            "amount": arrow.array([Decimal("1200.00")], arrow.decimal256(50, 2)),
            "charged_off_at": [date(2021, 5, 1)],
        }
    )
    debt = read_all(open_accounts(written(tmp_path / "accounts.arrow", table))).accounts[0].debts[0]
    assert (debt.id, debt.amount, debt.charged_off_at) == ("18446744073709551615", Decimal("1200.00"), date(2021, 5, 1))


def test_ids_run_together_or_of_a_type_of_their_own_are_text(tmp_path):
    runs = arrow.RunEndEncodedArray.from_arrays(arrow.array([2], arrow.int32()), arrow.array(["c1"]))
    uuids = arrow.array([b"\x00" * 15 + b"\x01", None], arrow.uuid())
    table = arrow.table({"id": uuids, "at": [AT.isoformat()] * 2, "consumer_id": runs})
    got = read_all(open_log([written(tmp_path / "log.arrow", table)]))
    assert got.ids == ["00000000-0000-0000-0000-000000000001", None]
    assert [row.consumer_id for row in got.rows] == ["c1", "c1"]


def test_dictionaries_that_grow_between_batches_are_followed(tmp_path):
    schema = arrow.schema({"at": arrow.string(), "consumer_id": arrow.dictionary(arrow.int8(), arrow.string())})
    path = tmp_path / "log.arrows"
    with arrow.ipc.new_stream(str(path), schema) as stream:
        for names in (["c1"], ["c2", "c3"]):
            ids = arrow.array(names).dictionary_encode().cast(schema.field("consumer_id").type)
            stream.write_batch(arrow.record_batch([arrow.array([AT.isoformat()] * len(names)), ids], schema=schema))
    assert [row.consumer_id for row in read_all(open_log([path])).rows] == ["c1", "c2", "c3"]


@pytest.mark.parametrize("ending", ["arrow", "arrows"])
def test_bytes_that_are_no_text_cost_their_field(tmp_path, ending):
    bytes_ = arrow.array([b"Ren\xe9", b"x"], arrow.binary())
    bad = arrow.StringArray.from_buffers(2, bytes_.buffers()[1], bytes_.buffers()[2])
    table = arrow.table({"at": [AT.isoformat()] * 2, "consumer_id": ["c1", "c2"], "agent": bad})
    got = read_all(open_log([written(tmp_path / f"log.{ending}", table)]))
    assert [row.communication.agent for row in got.rows] == [None, "x"]
    assert "bytes that are not UTF-8 in the field" in got.messages[1]


def test_offsets_outside_the_batch_are_told_and_not_followed(tmp_path):
    offsets = b"".join(place.to_bytes(4, "little") for place in (0, 2_000_000, 2))
    bad = arrow.StringArray.from_buffers(2, arrow.py_buffer(offsets), arrow.py_buffer(b"c1"))
    path = written(tmp_path / "log.arrow", arrow.table({"at": [AT.isoformat()] * 2, "consumer_id": bad}))
    got = read_all(open_log([path]))
    assert got.rows == []
    assert "damaged here" in got.messages[-1]
    assert got.counts.rows_unreadable == 1


@pytest.mark.parametrize("ending", ["arrow", "arrows"])
def test_a_file_that_breaks_off_gives_what_came_before_and_says_so(tmp_path, ending):
    table = arrow.table({"at": [AT.isoformat()] * 3000, "consumer_id": [f"c{n}" for n in range(3000)]})
    path = written(tmp_path / f"log.{ending}", table, rows_a_batch=1000)
    path.write_bytes(path.read_bytes()[:-40_000])
    if ending == "arrow":
        with pytest.raises(FactsError, match=r"log\.arrow: this is no Arrow file that can be read"):
            read_all(open_log([path]))
        return
    got = read_all(open_log([path]))
    assert len(got.rows) % 1000 == 0
    assert 0 < len(got.rows) < 3000
    assert "nothing after it can be read" in got.messages[-1]


def test_a_batch_of_many_rows_is_read_in_pieces(tmp_path):
    path = written(tmp_path / "log.arrow", arrow.table({"consumer_id": list(range(10_000))}))
    table = open_table(path)
    assert isinstance(table, ArrowTable)
    rows = [row for row in table.rows() if isinstance(row, Row)]
    assert [row.cells[0] for row in rows] == list(range(10_000))


def test_a_field_too_long_costs_the_field(tmp_path):
    path = written(tmp_path / "log.arrow", arrow.table({"agent": arrow.array(["x" * 50], arrow.string_view())}))
    (row,) = open_table(path, max_field=10).rows()
    assert not isinstance(row, Broken)
    assert "more than 10 characters" in str(row.cells[0])


def test_no_rows_are_told(tmp_path):
    path = written(tmp_path / "log.arrows", arrow.table({"at": arrow.array([], arrow.string()), "consumer_id": []}))
    assert [problem.kind for problem in read_all(open_log([path])).problems] == ["assumption", "empty_file"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("old.feather", b"FEA1" + bytes(20), "Feather file of version 1"),
        ("calls.duckdb", bytes(8) + b"DUCK" + bytes(20), "this is a database"),
        ("calls.db", b"SQLite format 3\x00" + bytes(20), "this is a database"),
        ("bad.arrow", b"ARROW1 and nothing more", "no Arrow file that can be read"),
        ("bad.arrows", b"\xff\xff\xff\xff\x10\x00\x00\x00", "no Arrow file that can be read"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FactsError, match=f"{name}: .*{told}"):
        read_all(open_log([tmp_path / name]))


def test_without_pyarrow_the_extra_is_named(tmp_path, log, monkeypatch):
    path = written(tmp_path / "log.arrow", log)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(FactsError) as caught:
        read_all(open_log([path]))
    assert caught.value.hint == "pip install 'fdcpa-guard[parquet]'"
