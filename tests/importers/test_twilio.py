"""Twilio's calls and messages, with the numbers of a made-up shop."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, open_log
from fdcpa_guard.facts.importers.rows import deduplicate
from fdcpa_guard.facts.models import CallerId

from .conftest import DATA, Read, read_all

CALL = {
    "sid": "CA01", "to": "+15125550100", "from": "+15125550199", "status": "completed", "direction": "outbound-api",
    "start_time": "Wed, 06 Apr 2022 15:00:00 +0000", "duration": "30",
}  # fmt: skip
ON_FILE = {"+15125550100": ("c1",)}


def read_file(name: str, **options: object) -> Read:
    return read_all(open_log([DATA / name], LogOptions(**options)))  # type: ignore[arg-type]


class TestCalls:
    def test_a_page_gives_its_calls(self):
        got = read_file("twilio_calls.json", consumers_by_number=ON_FILE)
        assert [
            (row.row, row.communication.direction, row.communication.outcome, row.raw_outcome) for row in got.rows
        ] == [
            (1, "outbound", "voicemail", "completed/machine_end_beep"),
            (2, "outbound", "answered", "completed/human"),
            (4, "outbound", "not_connected", "failed"),
            (5, "inbound", "answered", "completed"),
        ]
        first = got.rows[0]
        assert first.consumer_id == "c1"
        assert first.communication.id == "twilio:CA00000000000000000000000000000001"
        assert first.communication.at == datetime(2022, 4, 6, 15, tzinfo=UTC)
        assert first.communication.address == "+15125550100"
        assert first.communication.caller_id == CallerId(number="+15125550199")
        assert first.updated_at == datetime(2022, 4, 6, 15, 1, tzinfo=UTC)
        assert got.rows[3].communication.address == "+15125550100"

    def test_an_agents_leg_and_a_call_not_dialled_are_no_contact(self):
        got = read_file("twilio_calls.json", consumers_by_number=ON_FILE)
        assert got.counts.not_a_communication == 2
        assert got.counts.rows_unreadable == 0

    def test_an_answered_call_that_lasts_is_a_conversation_where_the_reader_says_so(self):
        got = read_file("twilio_calls.json", consumers_by_number=ON_FILE, conversation_seconds=60)
        assert [row.communication.outcome for row in got.rows] == [
            "voicemail", "conversation", "not_connected", "answered",
        ]  # fmt: skip

    def test_no_field_of_it_is_unknown(self):
        for name in ("twilio_calls.json", "twilio_messages.json"):
            assert list(read_file(name).reading.unknown_columns.values()) == [()]

    def test_a_number_that_nobody_has_stands_for_itself_and_is_told_once(self):
        got = read_file("twilio_calls.json")
        assert {row.consumer_id for row in got.rows} == {"+15125550100"}
        assert sum(problem.kind is ProblemKind.ASSUMPTION for problem in got.problems) == 2  # with that of the format

    def test_a_number_of_two_people_gives_the_call_to_both(self):
        got = read_file("twilio_calls.json", consumers_by_number={"+15125550100": ("c1", "c2")})
        assert [row.consumer_id for row in got.rows[:2]] == ["c1", "c2"]
        assert got.counts.rows_given == 4

    @pytest.mark.parametrize(
        ("change", "outcome"),
        [
            ({"status": "busy"}, "busy"),
            ({"status": "busy", "sip_response_code": "603"}, "no_answer"),
            ({"status": "failed"}, "no_answer"),
            ({"status": "failed", "sip_response_code": 484}, "not_connected"),
            ({"status": "no-answer"}, "no_answer"),
            ({"status": "canceled"}, "no_answer"),
            ({"status": "in-progress"}, "answered"),
            ({"answered_by": "machine_start"}, "voicemail"),
            ({"answered_by": "something_new"}, "answered"),
            ({"answered_by": "fax", "duration": "900"}, "answered"),
        ],
    )
    def test_a_status_says_how_it_ended(self, read, change, outcome):
        got = read(json.dumps({**CALL, **change}), "log.jsonl", conversation_seconds=600)
        assert got.rows[0].communication.outcome == outcome

    def test_a_status_that_is_new_is_unknown_and_told(self, read):
        got = read(json.dumps({**CALL, "status": "teleported"}), "log.jsonl")
        assert got.rows[0].communication.outcome is None
        assert got.messages[-1].endswith("(1 row, the first is row 1) (found `call/teleported`)")

    def test_out_of_the_trunk_is_out_of_the_shop(self, read):
        for written, direction in (("trunking-terminating", "outbound"), ("trunking-originating", "inbound")):
            assert (
                read(json.dumps({**CALL, "direction": written}), "log.jsonl").rows[0].communication.direction
                == direction
            )

    def test_a_call_without_a_time_is_left_out(self, read):
        got = read(json.dumps({**CALL, "start_time": ""}), "log.jsonl", consumers_by_number=ON_FILE)
        assert got.rows == []
        assert got.messages[-1] == (
            "log.jsonl: row 1, column `start_time`: nothing stands in it, expected when it was placed; the row is left out"
        )
        assert got.problems[-1].consumer_id == "c1"

    def test_the_csv_of_the_console_is_read_and_a_zone_by_its_letters_refused(self):
        got = read_file("twilio_calls.csv", consumer_column="account", debt_column="account")
        assert [(row.consumer_id, row.communication.debts) for row in got.rows] == [("A-1001", ("A-1001",))]
        assert got.rows[0].communication.at == datetime(2022, 4, 6, 15, tzinfo=UTC)
        assert got.problems[-1].consumer_id == "A-1001"
        assert got.problems[-1].left_out


class TestMessages:
    def test_a_page_gives_its_messages(self):
        got = read_file("twilio_messages.json", consumers_by_number=ON_FILE)
        assert [(row.communication.direction, row.communication.outcome) for row in got.rows] == [
            ("outbound", "delivered"), ("inbound", "delivered"), ("outbound", "undeliverable"),
        ]  # fmt: skip
        said = got.rows[0].communication
        assert (said.channel, said.sender, said.address) == ("text", "+15125550199", "+15125550100")
        assert said.content == "This is Example Recovery, a debt collector. Reply STOP to opt out."
        assert said.at == datetime(2022, 4, 6, 15, 0, 2, tzinfo=UTC)
        assert got.rows[2].communication.address == "+15125550100"

    def test_the_word_stop_is_an_opt_out(self):
        event = read_file("twilio_messages.json", consumers_by_number=ON_FILE).events[0]
        assert (event.consumer_id, event.row) == ("c1", 2)
        assert (event.event.type, event.event.channel, event.event.address) == (
            "medium_refused",
            "text",
            "+15125550100",
        )
        assert event.event.at == datetime(2022, 4, 6, 15, 5, tzinfo=UTC)

    def test_a_message_held_back_shows_an_opt_out_and_is_no_message(self):
        got = read_file("twilio_messages.json", consumers_by_number=ON_FILE)
        event = got.events[1]
        assert (event.consumer_id, event.event.type, event.row) == ("+15125550102", "medium_refused", 3)
        assert 3 not in [row.row for row in got.rows]
        assert (got.counts.rows_read, got.counts.rows_given) == (4, 4)

    def test_stop_within_a_sentence_is_left_to_a_person(self, read):
        record = {
            **CALL,
            "sid": "SM01",
            "body": "stop by my house",
            "direction": "inbound",
            "date_sent": CALL["start_time"],
        }
        got = read(json.dumps(record), "log.jsonl")
        assert (len(got.rows), got.events) == (1, [])

    def test_of_two_copies_the_one_changed_last_counts_in_any_order(self, read):
        late = {
            **CALL,
            "sid": "SM01",
            "body": "x",
            "status": "undelivered",
            "date_updated": "Wed, 06 Apr 2022 16:00:00 +0000",
        }
        early = {**late, "status": "sent", "date_updated": "Wed, 06 Apr 2022 15:00:01 +0000"}
        for pair in ([late, early], [early, late]):
            pair = [{**record, "date_sent": CALL["start_time"]} for record in pair]
            kept, problems = deduplicate(read("\n".join(map(json.dumps, pair)), "log.jsonl").rows)
            assert [row.communication.outcome for row in kept] == ["undeliverable"]
            assert len(problems) == 1
