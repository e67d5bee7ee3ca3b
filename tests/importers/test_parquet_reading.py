"""Parquet: the canonical table with the types that Parquet has, and files that are none."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import LogOptions, open_accounts, open_log

from .conftest import read_all

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
AT = datetime(2022, 4, 6, 15, 0, tzinfo=UTC)


def written(path: Path, **columns: object) -> Path:
    parquet.write_table(arrow.table(columns), path)
    return path


def test_instants_lists_and_truths_are_read_as_they_are(tmp_path):
    path = written(
        tmp_path / "log.parquet",
        id=["h1", "h2"],
        at=arrow.array([AT, AT], arrow.timestamp("ns", tz="America/Chicago")),
        consumer_id=["c1", "c2"],
        channel=arrow.array(["call", "text"]).dictionary_encode(),
        debt_ids=[["d1", "d2"], None],
        recorded=[True, None],
    )
    got = read_all(open_log([path]))
    first, second = (row.communication for row in got.rows)
    assert (first.at, first.channel, first.debts, first.recorded) == (AT, "call", ("d1", "d2"), True)
    assert (second.channel, second.debts, second.recorded) == ("text", None, None)


def test_a_time_without_a_zone_needs_one(tmp_path):
    at = arrow.array([datetime(2022, 4, 6, 10)], arrow.timestamp("us"))
    path = written(tmp_path / "log.parquet", at=at, consumer_id=["c1"])
    assert read_all(open_log([path])).rows == []
    assert read_all(open_log([path], LogOptions(zone="America/Chicago"))).rows[0].communication.at == AT


def test_money_and_dates_of_accounts_are_read_as_they_are(tmp_path):
    path = written(
        tmp_path / "accounts.parquet",
        consumer_id=["c1"],
        debt_id=["d1"],
        amount=arrow.array([Decimal("1200.00")], arrow.decimal128(10, 2)),
        charged_off_at=[date(2021, 5, 1)],
    )
    debt = read_all(open_accounts(path)).accounts[0].debts[0]
    assert (debt.amount, debt.charged_off_at) == (Decimal("1200.00"), date(2021, 5, 1))


def test_bytes_that_are_no_text_cost_their_field(tmp_path):
    agents = arrow.array([b"Ren\xe9", b"x"]).cast(arrow.binary())
    bad = arrow.StringArray.from_buffers(2, agents.buffers()[1], agents.buffers()[2])
    path = written(tmp_path / "log.parquet", at=[AT.isoformat()] * 2, consumer_id=["c1", "c2"], agent=bad)
    got = read_all(open_log([path]))
    assert [row.communication.agent for row in got.rows] == [None, "x"]
    assert "bytes that are not UTF-8 in the field" in got.messages[1]


def test_a_file_that_is_no_parquet_is_refused_by_name(tmp_path):
    path = tmp_path / "log.parquet"
    path.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(FactsError, match=r"log\.parquet: this is no Parquet file that can be read"):
        read_all(open_log([path]))


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch):
    path = written(tmp_path / "log.parquet", at=[AT.isoformat()], consumer_id=["c1"])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(FactsError) as caught:
        read_all(open_log([path]))
    assert caught.value.hint == "pip install 'fdcpa-guard[parquet]'"
