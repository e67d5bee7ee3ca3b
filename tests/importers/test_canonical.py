"""The project's own log: every field, every bad value, and the same rows from CSV, JSON lines and Parquet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts import models
from fdcpa_guard.facts import names as names_of
from fdcpa_guard.facts.importers.canonical import LOG_COLUMNS, NESTED_COLUMNS
from fdcpa_guard.facts.importers.problems import SHOWN_ROWS, ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, open_log
from fdcpa_guard.facts.models import Communication

from .conftest import HEADER, ROW, read_all


class TestValues:
    @pytest.mark.parametrize(
        ("column", "value", "said"),
        [
            ("outcome", "voicemal", "expected one of conversation, answered, voicemail, no_answer, busy, not_connected, "
                                    "abandoned, delivered, undeliverable; did you mean `voicemail`?"),
            ("recorded", "perhaps", "expected `true` or `false`"),
            ("known_at", "yesterday", "expected an instant such as 2026-03-02T09:30:00-05:00"),
            ("address", "1.51255E+10", "a spreadsheet shortened this number: its last digits are lost; export it as text"),
            ("address", "0100", "expected a telephone number such as +15125550100"),
            ("disconnect_seconds", "soon", "expected a number"),
        ],
    )  # fmt: skip
    def test_a_bad_value_costs_its_field_and_is_told(self, read, column, value, said):
        header = HEADER.replace(",outcome", "")
        row = ROW.replace(",no_answer", "")
        got = read(f"{header},{column}\n{row},{value}\n")
        assert getattr(got.rows[0].communication, column) is None
        assert got.messages == [f"log.csv: row 1, column `{column}`: {said} (found `{value}`)"]
        assert got.problems[0].consumer_id == "c1"

    @pytest.mark.parametrize(
        ("value", "kind", "said"),
        [
            ("2022-04-06", ProblemKind.BAD_VALUE,
             "a date without a time of day, expected an instant such as 2026-03-02T09:30:00-05:00"),
            ("4/6/2022 10:00", ProblemKind.BAD_VALUE,
             "a date in a spreadsheet's or country's own order, expected an instant such as 2026-03-02T09:30:00-05:00"),
            ("0001-01-01T00:00:00+10:00", ProblemKind.BAD_VALUE, "expected a year from 1970 to 2199"),
            ("2022-04-06 10:00:00", ProblemKind.NAIVE_TIME,
             "the time has no zone: write an offset (2026-03-02T09:30:00-05:00), or name the zone of the clock that wrote it "
             "(--zone America/New_York)"),
        ],
    )  # fmt: skip
    def test_a_time_that_is_none_costs_the_row(self, read, value, kind, said):
        got = read(f"{HEADER}\nh1,{value},c1,call,busy\n")
        assert got.rows == []
        assert got.messages == [f"log.csv: row 1, column `at`: {said} (found `{value}`); the row is left out"]
        assert got.problems[0].kind is kind
        assert got.problems[0].consumer_id == "c1"

    def test_a_time_without_a_zone_is_read_by_the_clock_that_is_named(self, read):
        got = read(f"{HEADER}\nh1,2022-04-06 10:00:00,c1,call,busy\n", zone="America/Chicago")
        assert got.rows[0].communication.at == datetime(2022, 4, 6, 15, tzinfo=UTC)

    def test_an_hour_that_comes_twice_is_told(self, read):
        got = read(f"{HEADER}\nh1,2022-11-06 01:30:00,c1,call,busy\n", zone="America/Chicago")
        assert got.rows[0].communication.at == datetime(2022, 11, 6, 6, 30, tzinfo=UTC)
        assert [problem.kind for problem in got.problems] == [ProblemKind.AMBIGUOUS_TIME]

    def test_a_zone_that_is_none_is_refused(self, tmp_path):
        with pytest.raises(FactsError, match="no time zone is called `Texas`"):
            open_log([], LogOptions(zone="Texas"))

    def test_numbers_become_e164_and_other_addresses_stay(self, read):
        rows = "".join(f"h{n},2022-04-06T10:00:00Z,c1,{address}\n" for n, address in enumerate(
            ["(512) 555-0100", "pat@example.com", "1 Example Way", "tel:+15125550100"]))  # fmt: skip
        got = read("id,at,consumer_id,address\n" + rows)
        assert [row.communication.address for row in got.rows] == [
            "+15125550100", "pat@example.com", "1 Example Way", "+15125550100",
        ]  # fmt: skip

    def test_a_role_that_is_none_becomes_unknown_and_not_the_consumer(self, read):
        got = read(f"{HEADER},person_role\n{ROW},neighbor\n")
        assert got.rows[0].communication.person == models.Person(role="unknown")

    def test_names_are_taken_in_any_case(self, read):
        assert read(f"{HEADER}\n{ROW.replace('no_answer', 'No Answer')}\n").rows[0].communication.outcome == "no_answer"

    def test_an_empty_cell_says_nothing(self, read):
        assert read(f"{HEADER},agent,debt_ids\n{ROW},  ,|\n").rows[0].communication.model_fields_set == {
            "id", "at", "channel", "outcome",
        }  # fmt: skip

    def test_of_many_like_problems_a_hundred_are_told_one_by_one(self, read):
        rows = "".join(f"h{n},2022-04-06T10:00:00Z,c1,call,x\n" for n in range(250))
        got = read(f"{HEADER}\n{rows}")
        assert len(got.rows) == 250
        assert len(got.problems) == SHOWN_ROWS + 1
        assert got.messages[-1] == "log.csv, column `outcome`: 150 more rows of this kind"
        assert got.counts.problems[ProblemKind.BAD_VALUE] == 250


class TestFiles:
    def test_a_file_without_a_required_column_is_refused_with_what_it_has(self, read):
        with pytest.raises(FactsError) as caught:
            read("id,when,consumer_id\n1,2,3\n")
        assert str(caught.value) == (
            "log.csv: the canonical format needs the column `at` (when it was initiated, with an offset)\n"
            "  = hint: the file has: id, when, consumer_id"
        )

    def test_a_file_of_no_known_format_is_refused(self, read):
        with pytest.raises(FactsError, match="no format has these columns; name one of canonical, vicidial, twilio"):
            read("a,b\n1,2\n", format=None)

    def test_a_format_that_is_none_is_refused(self, read):
        with pytest.raises(FactsError, match=r"no format is called `vicidal`.*did you mean `vicidial`"):
            read("a,b\n", format="vicidal")

    def test_a_file_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(FactsError, match="there is no such file"):
            open_log([tmp_path / "none.csv"])

    def test_a_folder_stands_for_its_logs_and_counts_are_kept_by_file(self, tmp_path):
        (tmp_path / "inner").mkdir()
        (tmp_path / "a.csv").write_text(f"{HEADER}\n{ROW}\n")
        (tmp_path / "inner" / "b.CSV").write_text(f"{HEADER}\n{ROW}\n{ROW}x\nbad\n")
        (tmp_path / "notes.md").write_text("no log")
        reading = open_log([tmp_path])
        got = read_all(reading)
        assert len(got.rows) == 3
        assert {name[len(str(tmp_path)) + 1 :]: counts.rows_read for name, counts in reading.counts_by_file.items()} == {
            "a.csv": 1, "inner/b.CSV": 3,
        }  # fmt: skip
        assert (reading.counts.rows_read, reading.counts.rows_given, reading.counts.rows_left_out) == (4, 3, 1)
        assert set(reading.formats.values()) == {"canonical"}

    def test_iterating_again_reads_again(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text(f"{HEADER}\n{ROW}\n")
        reading = open_log([path])
        assert list(reading) == list(reading)
        assert reading.counts.rows_read == 1


class TestEveryField:
    def test_each_field_of_a_communication_has_a_column(self):
        filled = {column.fills for column in (*LOG_COLUMNS, *NESTED_COLUMNS)}
        assert filled >= set(Communication.model_fields)

    def test_a_field_that_nobody_states_is_none(self):
        """On this the quick way of making a communication relies."""
        assert {info.default for name, info in Communication.model_fields.items() if name != "at"} == {None}


INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from(
    [UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=30))]))  # fmt: skip
WORDS = st.text(st.sampled_from("abcé'\"; ,.\n"), min_size=1, max_size=12).map(str.strip).filter(
    lambda text: any(letter.isalpha() for letter in text))  # fmt: skip
NAMED = {
    "channel": names_of.Channel, "direction": names_of.Direction, "place": names_of.Place, "outcome": names_of.Outcome,
    "dialing": names_of.Dialing, "purpose": names_of.Purpose, "person_role": names_of.Role,
}  # fmt: skip
RECORDS = st.fixed_dictionaries(
    {"at": INSTANTS.map(datetime.isoformat), "consumer_id": WORDS},
    optional={
        **{name: st.sampled_from(get_args(names)) for name, names in NAMED.items()},
        **dict.fromkeys(("id", "content", "subject", "agent", "person_relation"), WORDS),
        "known_at": INSTANTS.map(datetime.isoformat),
        "debt_ids": st.lists(WORDS, min_size=1, max_size=3),
        "recorded": st.booleans(),
        "disconnect_seconds": st.floats(0, 100),
        "address": st.sampled_from(["+15125550100", "pat@example.com"]),
    },
)


def validated(record: dict[str, object]) -> Communication:
    """What pydantic makes of the record, which is the standard."""
    said = {name: value for name, value in record.items() if name != "consumer_id"}
    if "debt_ids" in said:
        said["debts"] = tuple(said.pop("debt_ids"))
    person = {
        name.removeprefix("person_"): said.pop(name) for name in ("person_role", "person_relation") if name in said
    }
    if person:
        said["person"] = person
    return Communication.model_validate(said)


@given(st.lists(RECORDS, min_size=1, max_size=4))
def test_what_is_written_as_csv_or_json_lines_is_read_as_the_model_has_it(tmp_path_factory, records):
    folder = tmp_path_factory.mktemp("logs")
    names = ["at", "consumer_id", *sorted({name for record in records for name in record} - {"at", "consumer_id"})]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow({k: "|".join(v) if isinstance(v, list) else v for k, v in record.items()})
    (folder / "log.csv").write_text(text.getvalue(), encoding="utf-8")
    (folder / "log.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    expected = [validated(record) for record in records]
    for name in ("log.csv", "log.jsonl"):
        got = read_all(open_log([folder / name], LogOptions(format="canonical")))
        assert [row.communication for row in got.rows] == expected, name
        assert [row.communication.model_dump() for row in got.rows] == [said.model_dump() for said in expected]
        assert [row.consumer_id for row in got.rows] == [record["consumer_id"] for record in records]
        assert got.messages == [] or all("separated by" in message for message in got.messages)
