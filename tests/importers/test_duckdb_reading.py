"""What DuckDB answers, read as Arrow files are: its types, its refusals, and what is asked of it for buckets."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from fdcpa_guard.auditing.partitions.batches import in_columns
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers import sources
from fdcpa_guard.facts.importers.duckdb_reading import DuckdbTable
from fdcpa_guard.facts.importers.reading import LogOptions, open_accounts, open_log
from fdcpa_guard.facts.importers.sources import QuerySource, sources_of
from fdcpa_guard.facts.importers.table import Row

from .conftest import read_all

pytest.importorskip("pyarrow", reason="what DuckDB answers comes through pyarrow")
duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install 'fdcpa-guard[duckdb]'")
AT = datetime(2022, 4, 6, 15, 0, tzinfo=UTC)
CALLS = """CREATE TABLE calls AS SELECT * FROM (VALUES
    ('h1', TIMESTAMPTZ '2022-04-06 10:00:00-05', 9007199254740993::HUGEINT, 'call'::ENUM('call', 'text'), ['d1', 'd2']),
    ('h2', TIMESTAMPTZ '2022-04-06 10:00:00-05', 8::HUGEINT, NULL, NULL)
) AS t(id, "at", consumer_id, channel, debt_ids)"""


def database(folder: Path, *statements: str) -> Path:
    path = folder / "calls.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def cells(query: str) -> tuple[object, ...]:
    (row,) = DuckdbTable(None, query, "test").rows()
    assert isinstance(row, Row)
    return tuple(row.cells)


def test_a_table_is_read_as_a_file_is(tmp_path):
    path = database(tmp_path, CALLS)
    for asked in (f"duckdb:{path}?table=calls", f"duckdb://{path}?table=main.calls"):
        got = read_all(open_log([asked]))
        first, second = (row.communication for row in got.rows)
        assert (first.id, first.at, first.channel, first.debts) == ("h1", AT, "call", ("d1", "d2"))
        assert (second.channel, second.debts) == (None, None)
        assert [row.consumer_id for row in got.rows] == ["9007199254740993", "8"]
        assert {row.file for row in got.rows} == {asked}


def test_a_query_is_sql_as_it_stands(tmp_path):
    path = database(tmp_path, CALLS)
    query = "SELECT *, 'a&b=' || '%20+' AS agent FROM calls WHERE id LIKE '%1' AND 1 + 1 = 2; "
    got = read_all(open_log([f"duckdb:{path}?query={query}"]))
    assert [(row.id, row.communication.agent) for row in got.rows] == [("h1", "a&b=%20+")]


def test_a_query_may_name_its_own_files(tmp_path):
    (tmp_path / "mine.csv").write_text(f"who,ts\nc1,{AT.isoformat()}\n")
    query = f"SELECT who AS consumer_id, ts AS at FROM read_csv('{tmp_path}/mine.csv', all_varchar = true)"
    assert [row.consumer_id for row in read_all(open_log([f"duckdb:?query={query}"])).rows] == ["c1"]


def test_accounts_too_come_from_a_database(tmp_path):
    path = database(tmp_path, "CREATE TABLE accounts AS SELECT 'c1' AS consumer_id, 'd1' AS debt_id, 1200.00::DECIMAL(18,2) AS amount")
    got = read_all(open_accounts(f"duckdb:{path}?table=accounts"))
    assert got.accounts[0].debts[0].amount == Decimal("1200.00")


def test_a_timestamp_without_a_zone_needs_one_whatever_the_machine(tmp_path, monkeypatch):
    asked = "duckdb:?query=SELECT TIMESTAMP '2022-04-06 10:00:00' AS at, 'c1' AS consumer_id"
    got = read_all(open_log([asked]))
    assert (got.rows, got.problems[-1].kind) == ([], "naive_time")
    assert read_all(open_log([asked], LogOptions(zone="America/Chicago"))).rows[0].communication.at == AT
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    local = "SELECT CAST(TIMESTAMPTZ '2022-04-06 10:00:00-05' AS TIMESTAMP)"
    assert cells(local) == (datetime(2022, 4, 6, 15, 0),)


@pytest.mark.parametrize(
    ("sql", "cell"),
    [
        ("170141183460469231731687303715884105727::HUGEINT", 170141183460469231731687303715884105727),
        ("340282366920938463463374607431768211455::UHUGEINT", "340282366920938463463374607431768211455"),
        ("18446744073709551615::UBIGINT", 18446744073709551615),
        ("1.50::DECIMAL(38, 2)", Decimal("1.50")),
        ("7::DECIMAL(38, 0)", 7),
        ("NULL", None),
        ("'a'::ENUM('a', 'b')", "a"),
        ("['x', NULL]", ["x", None]),
        ("[340282366920938463463374607431768211455::UHUGEINT]", ["340282366920938463463374607431768211455"]),
        ("{'a': 1, 'b c': 9::UHUGEINT}", {"a": 1, "b c": "9"}),
        ("'101'::BIT", "101"),
        ("TIMETZ '10:00:00+02'", "10:00:00+02"),
        ("uuid '00000000-0000-0000-0000-000000000001'", "00000000-0000-0000-0000-000000000001"),
        ("'{\"a\": 1}'::JSON", '{"a": 1}'),
        ("TIMESTAMP_NS '2022-04-06 10:00:00.123456789'", datetime(2022, 4, 6, 10, 0, 0, 123456)),
    ],
)
def test_types_keep_their_values(sql, cell):
    assert cells(f"SELECT {sql} AS x") == (cell,)


def test_two_columns_of_one_name_are_kept_apart():
    assert cells("SELECT 1::UHUGEINT AS x, 2 AS x") == ("1", 2)


def test_an_infinite_time_costs_its_field():
    (cell,) = cells("SELECT 'infinity'::TIMESTAMPTZ AS at")
    assert "outside what can be read" in str(cell)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("COPY (SELECT 1) TO '{folder}/out.csv'", "expected one SELECT"),
        ("CREATE TABLE x AS SELECT 1", "expected one SELECT"),
        ("SELECT 1; SELECT 2", "expected one SELECT"),
        ("SELEC 1", "DuckDB cannot read this: Parser Error"),
        ("SELECT * FROM nothing", "DuckDB cannot read this: Catalog Error: Table with name nothing does not exist"),
        ("SELECT * FROM options", "Table with name options does not exist"),
    ],
)
def test_what_is_no_single_query_is_refused(tmp_path, query, told):
    with pytest.raises(FactsError, match=told):
        read_all(open_log([f"duckdb:?query={query.format(folder=tmp_path)}"]))
    assert list(tmp_path.iterdir()) == []


def test_an_error_among_the_rows_is_told_and_ends_the_source():
    query = (
        "SELECT '2022-04-06T15:00:00Z' AS at, "
        "CASE WHEN i < 20000 THEN 'c' ELSE error('no such month') END AS consumer_id FROM range(30000) t(i)"
    )
    got = read_all(open_log([f"duckdb:?query={query}"]))
    assert len(got.rows) <= 20_000
    assert got.counts.rows_unreadable == 1
    assert "no such month" in got.messages[-1]


@pytest.mark.parametrize("asked", ["duckdb:", "duckdb:calls.db", "duckdb:?table=calls", "duckdb:calls.db?tables=x", "duckdb:x?query= "])
def test_a_name_that_says_too_little_tells_what_is_expected(asked):
    with pytest.raises(FactsError, match=r"expected duckdb:FILE\?table=NAME"):
        open_log([asked])


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(FactsError, match="there is no such database"):
        open_log([f"duckdb:{tmp_path}/none.db?table=calls"])
    (tmp_path / "bad.db").write_bytes(b"nothing that DuckDB wrote" * 1000)
    with pytest.raises(FactsError, match="the database cannot be opened"):
        read_all(open_log([f"duckdb:{tmp_path}/bad.db?table=calls"]))


def test_the_hash_is_of_the_rows_and_not_of_where_they_stand(tmp_path):
    def hashed(asked: str) -> str:
        reading = open_log([asked])
        read_all(reading)
        return reading.queries[0].sha256

    (tmp_path / "other").mkdir()
    first, second = database(tmp_path, CALLS), database(tmp_path / "other", "CREATE TABLE x (a INT)", CALLS)
    same = hashed(f"duckdb:{first}?table=calls")
    assert same == hashed(f"duckdb:{second}?table=calls") == hashed(f"duckdb:{first}?query=FROM calls")
    assert same != hashed(f"duckdb:{first}?query=FROM calls ORDER BY id DESC")
    assert same != hashed(f"duckdb:{first}?query=SELECT * REPLACE (consumer_id::VARCHAR AS consumer_id) FROM calls")
    wide = "SELECT '2022-04-06T15:00:00Z' AS at, 170141183460469231731687303715884105727::HUGEINT - {} AS consumer_id"
    assert hashed(f"duckdb:?query={wide.format(0)}") != hashed(f"duckdb:?query={wide.format(1)}")


def test_labels_name_no_folder(tmp_path):
    path = database(tmp_path, CALLS)
    (table,) = sources_of([f"duckdb:{path}?table=calls"])
    (query,) = sources_of(["duckdb:?query=SELECT 1"])
    assert table.label == "calls.duckdb?table=calls"
    assert query.label.startswith("duckdb?query=")
    assert len(query.label) == len("duckdb?query=") + 8


def test_without_duckdb_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(FactsError) as caught:
        read_all(open_log(["duckdb:?query=SELECT 1"]))
    assert caught.value.hint == "pip install 'fdcpa-guard[duckdb]'"


# --- buckets: what is asked; nothing here has a network -------------------------------------------------------------------


def of_bucket(asked: str) -> QuerySource:
    (source,) = sources_of([asked])
    assert isinstance(source, QuerySource)
    return source


def test_the_reader_is_chosen_by_the_ending_and_csv_is_all_text():
    source = of_bucket("s3://bucket/logs/channel=call/O'Brien.PARQUET")
    assert source.sql == "SELECT * FROM read_parquet('s3://bucket/logs/channel=call/O''Brien.PARQUET', hive_partitioning = false)"
    assert source.partitions == (("channel", "call"),)
    source = of_bucket("gs://bucket/calls.csv.gz")
    assert source.sql == "SELECT * FROM read_csv('gs://bucket/calls.csv.gz', all_varchar = true, header = true, hive_partitioning = false)"
    with pytest.raises(FactsError, match=r"are read"):
        sources_of(["s3://bucket/calls.jsonl"])


def test_an_address_tells_nobody_the_key_to_it():
    source = of_bucket("https://me:secret@example.com/calls.parquet?X-Signature=secret&month=1")
    other = of_bucket("https://me:secret@example.com/calls.parquet?X-Signature=secret&month=2")
    assert "secret" in source.sql
    assert str(source).startswith("https://example.com/calls.parquet?")
    assert "secret" not in f"{source} {source.label} {source.query}"
    assert str(source) != str(other)


def test_a_pattern_is_asked_of_the_bucket(monkeypatch):
    asked: list[str] = []

    def matching(pattern: str, where: str) -> list[str]:
        asked.append(pattern)
        return ["s3://b/m=1/x.parquet", "s3://b/m=2/x.parquet"]

    monkeypatch.setattr(sources, "files_matching", matching)
    assert [(str(each), each.partitions) for each in sources_of(["s3://b/*/x.parquet"])] == [
        ("s3://b/m=1/x.parquet", (("m", "1"),)),
        ("s3://b/m=2/x.parquet", (("m", "2"),)),
    ]
    assert asked == ["s3://b/*/x.parquet"]
    monkeypatch.setattr(sources, "files_matching", lambda pattern, where: [])
    with pytest.raises(FactsError, match="no file matches the pattern"):
        sources_of(["s3://b/*/y.parquet"])


def test_files_are_listed_in_order(tmp_path):
    for name in ("b.csv", "a.csv"):
        (tmp_path / name).touch()
    listed = sources.files_matching(f"{tmp_path}/*.csv", "here")
    assert [Path(each).name for each in listed] == ["a.csv", "b.csv"]


def test_the_rows_of_csv_keep_their_zeros(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(f"at,consumer_id,agent\n{AT.isoformat()},007,\n{AT.isoformat()},008,Ren\n")
    sql = sources._reading(str(path), path.name)
    got = [row.cells for row in DuckdbTable(None, sql, "test").rows() if isinstance(row, Row)]
    assert got == [(AT.isoformat(), "007", None), (AT.isoformat(), "008", "Ren")]


@pytest.mark.parametrize("asked", ["s3://bucket/calls.parquet", "https://example.com/calls.csv?key=secret"])
def test_without_httpfs_the_extension_is_named_and_not_fetched(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(FactsError, match="DuckDB's extension httpfs, which is not installed") as caught:
        read_all(open_log([asked]))
    assert "INSTALL httpfs" in str(caught.value.hint)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("pattern", ["s3://bucket/*.parquet"])
def test_a_pattern_without_httpfs_says_the_same(pattern, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(FactsError, match="DuckDB's extension httpfs"):
        open_log([pattern])


def test_the_hash_of_an_answer_is_of_its_rows_however_they_are_read() -> None:
    def hashed(consumer: str, by_columns: bool) -> str:
        query = f"SELECT '{consumer}' AS consumer_id, TIMESTAMPTZ '2026-03-02 10:00:00+00' AS at, 'call' AS channel FROM range(3)"
        reading = open_log([f"duckdb:?query={query}"])
        reading.in_columns = in_columns if by_columns else None
        list(reading)
        return reading.queries[0].sha256

    assert hashed("ann", True) == hashed("ann", False)
    assert hashed("ann", True) != hashed("bob", True)
