"""Tables of a shop's own, explained by a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.formats import ACCOUNTS, EVENTS, FORMATS
from fdcpa_guard.facts.importers.manual import column_table
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, open_log

MAPPING = """
columns:
  consumer_id: Acct No
  debt_ids: Acct No
  at: {column: [Date, Time], format: "%m/%d/%Y %H:%M", zone: America/Chicago}
  address: Phone
  channel: {always: call}
  direction: {column: Dir, values: {O: outbound, I: inbound}}
  outcome: {column: Result, values: {RPC: conversation, NO: no_answer, DNQ: no_contact}}
ignore: [Notes]
"""
HEADER = "Acct No,Date,Time,Phone,Dir,Result,Notes"
ROW = "A-1,04/06/2022,10:00,(512) 555-0100,O,NO,x"


@pytest.fixture
def mapped(read):
    """Reads a table by a file of columns."""

    def do(text: str, mapping: str = MAPPING, **options):
        Path("own.yaml").write_text(mapping)
        return read(text, format=None, columns=Path("own.yaml"), **options)

    return do


def refused(mapping: str) -> str:
    Path("own.yaml").write_text(mapping)
    with pytest.raises(FactsError) as caught:
        open_log([], LogOptions(columns=Path("own.yaml")))
    return str(caught.value)


def test_a_row_is_read_by_what_the_file_says(mapped):
    got = mapped(f"{HEADER}\n{ROW}\n")
    assert got.messages == []
    assert got.reading.formats == {"log.csv": "mapped"}
    row = got.rows[0]
    said = row.communication
    assert (row.consumer_id, row.raw_outcome) == ("A-1", "NO")
    assert said.at == datetime(2022, 4, 6, 15, tzinfo=UTC)
    assert (said.channel, said.direction, said.outcome) == ("call", "outbound", "no_answer")
    assert (said.address, said.debts) == ("+15125550100", ("A-1",))


def test_a_code_that_the_file_does_not_have_is_unknown_and_told_once(mapped):
    got = mapped(f"{HEADER}\n{ROW.replace(',NO,', ',ZZ,')}\n{ROW.replace(',NO,', ',ZZ,')}\n")
    assert [row.communication.outcome for row in got.rows] == [None, None]
    assert got.rows[0].raw_outcome == "ZZ"
    assert got.messages == [
        "log.csv: a value of `outcome` that own.yaml does not have: it is unknown (2 rows, the first is row 1) (found `ZZ`)"
    ]


def test_a_row_that_is_no_contact_is_counted_as_such(mapped):
    got = mapped(f"{HEADER}\n{ROW.replace(',NO,', ',DNQ,')}\n")
    assert (got.rows, got.counts.not_a_communication, got.counts.rows_unreadable) == ([], 1, 0)


def test_a_column_that_the_file_names_nowhere_is_told(mapped):
    got = mapped(f"{HEADER},Rep\n{ROW},Kim\n")
    assert got.messages == ["log.csv, column `rep`: a column that own.yaml does not name: it is not read"]
    assert got.reading.unknown_columns == {"log.csv": ("rep",)}


def test_a_bad_value_is_told_by_the_tables_own_column(mapped):
    got = mapped(f"{HEADER}\n{ROW.replace('04/06/2022', '2022-04-06')}\n{ROW.replace('555-0100', '1')}\n")
    assert got.messages == [
        "log.csv: row 1, column `date + time (at)`: expected a time of the form `%m/%d/%Y %H:%M` (found `2022-04-06 10:00`); "
        "the row is left out",
        "log.csv: row 2, column `phone (address)`: expected a telephone number such as +15125550100 (found `(512) 1`)",
    ]
    assert got.problems[0].consumer_id == "A-1"


def test_an_hour_that_comes_twice_is_told(mapped):
    got = mapped(f"{HEADER}\n{ROW.replace('04/06/2022,10:00', '11/06/2022,01:30')}\n")
    assert [problem.kind for problem in got.problems] == [ProblemKind.AMBIGUOUS_TIME]


def test_a_zone_may_stand_in_the_row_or_be_the_readers_and_is_never_guessed(mapped):
    mapping = "columns: {consumer_id: a, at: {column: t, zone_column: z}}"
    got = mapped("a,t,z\n1,2022-04-06 10:00,America/Denver\n2,2022-04-06 10:00,MST7\n", mapping)
    assert [row.communication.at for row in got.rows] == [datetime(2022, 4, 6, 16, tzinfo=UTC)]
    assert got.problems[0].kind is ProblemKind.NAIVE_TIME
    assert "the row's zone `MST7` is no IANA name" in got.problems[0].message
    plain = "columns: {consumer_id: a, at: t}"
    assert mapped("a,t\n1,2022-04-06 10:00\n", plain).rows == []
    assert mapped("a,t\n1,2022-04-06 10:00\n", plain, zone="America/Denver").rows[0].communication.at.hour == 16


def test_a_role_that_is_not_mapped_is_unknown_and_not_the_consumer(mapped):
    mapping = "columns: {consumer_id: a, at: t, person_role: {column: r, values: {C: consumer}}}"
    got = mapped("a,t,r\n1,2022-04-06T10:00Z,X\n", mapping)
    assert got.rows[0].communication.person.role == "unknown"


def test_a_column_that_the_table_lacks_is_told(mapped):
    with pytest.raises(FactsError, match=r"the table has no column `acct_no`, which own\.yaml names for `consumer_id`"):
        mapped("Account,Date\n1,2\n")


def test_mistakes_in_the_file_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refused("columns: {consumer_id: a, at: t, outcom: r}") == (
        "own.yaml: outcom: the log has no column `outcom`; did you mean `outcome`?"
    )
    assert refused("columns: {consumer_id: a}") == (
        "own.yaml: nothing is said of `at`, without which no row can be read"
    )
    assert refused("columns: {consumer_id: a, at: {column: t, zone: Texas}}") == (
        "own.yaml: at: no time zone is called `Texas`"
    )
    assert refused("columns: {consumer_id: a, at: t, channel: {}}") == (
        "own.yaml: channel: expected either `column` or `always`"
    )
    assert refused("columns: {consumer_id: a, at: t, direction: {column: d, values: {O: out}}}") == (
        "own.yaml: direction: `out` is no direction, expected one of outbound, inbound"
    )
    assert refused("columns: {consumer_id: a, consumer_id: b}") == (
        "own.yaml: the file of columns is no YAML at line 1: `consumer_id` stands there twice"
    )
    assert refused("columns: {consumer_id: a, at: {colum: t}}").startswith("own.yaml: columns.at.colum: ")


def test_the_format_needs_its_file(tmp_path):
    with pytest.raises(FactsError, match="needs a file that says what the columns are"):
        open_log([], LogOptions(format="mapped"))
    with pytest.raises(FactsError, match="and not for `twilio`"):
        open_log([], LogOptions(format="twilio", columns=tmp_path / "own.yaml"))


def test_the_manuals_tables_have_each_column_once():
    for format_ in (*FORMATS.values(), ACCOUNTS, EVENTS):
        lines = column_table(format_.columns).splitlines()
        assert len(lines) == len(format_.columns) + 2
        assert all(line.replace("\\|", "").count("|") == 4 for line in lines)
    assert "| `consumer_id` | text | **required.** whose log it belongs to |" in column_table(
        FORMATS["canonical"].columns
    )
