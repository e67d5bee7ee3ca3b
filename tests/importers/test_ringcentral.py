"""RingCentral's call log and texts, with the numbers of a made-up shop."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from fdcpa_guard.facts.importers.dispositions import load_dispositions
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import deduplicate
from fdcpa_guard.facts.models import CallerId, Person

ON_FILE = {"+15125550100": ("c1",), "+15125550101": ("c2",)}
PAT = {"phoneNumber": "+15125550100", "location": "Austin, TX"}
LEE = {"phoneNumber": "(512) 555-0101"}
DESK = {"phoneNumber": "+15125550199", "extensionId": 62264425008, "name": "Six"}
AT = datetime(2022, 4, 6, 15, tzinfo=UTC)


def call(**more: object) -> dict[str, object]:
    return {
        "uri": "https://platform.example.com/call-log/k1", "id": "k1", "sessionId": "4503991004",
        "telephonySessionId": "s-1", "startTime": "2022-04-06T15:00:00.000Z", "duration": 77, "durationMs": 77034,
        "type": "Voice", "internalType": "LongDistance", "direction": "Outbound", "action": "VoIP Call",
        "result": "Call connected", "to": PAT, "from": DESK, "transport": "VoIP",
        "lastModifiedTime": "2022-04-06T15:02:00.000Z", **more,
    }  # fmt: skip


def sms(**more: object) -> dict[str, object]:
    return {
        "id": 600112410004, "to": [PAT], "from": {"phoneNumber": "+15125550199"}, "type": "SMS", "subject": "Please call.",
        "creationTime": "2022-04-06T15:00:00.000Z", "readStatus": "Read", "priority": "Normal", "direction": "Outbound",
        "availability": "Alive", "messageStatus": "Delivered", "conversation": {"id": "9"},
        "lastModifiedTime": "2022-04-06T15:00:05.000Z", **more,
    }  # fmt: skip


@pytest.fixture
def log(read):
    def do(*records: dict[str, object], **options: object):
        return read("\n".join(map(json.dumps, records)), "log.jsonl", **{"consumers_by_number": ON_FILE, **options})

    return do


class TestCalls:
    def test_a_call_has_its_number_agent_caller_id_and_session(self, log):
        got = log(call())
        assert list(got.reading.formats.values()) == ["ringcentral"]
        assert list(got.reading.unknown_columns.values()) == [()]
        (row,) = got.rows
        said = row.communication
        assert (row.consumer_id, said.at, said.channel, said.direction) == ("c1", AT, "call", "outbound")
        assert (said.address, said.agent, said.caller_id) == ("+15125550100", "62264425008", CallerId(number="+15125550199"))
        assert (said.id, said.outcome, row.raw_outcome) == ("ringcentral:4503991004/+15125550100", "answered", "Call connected")
        assert row.updated_at == AT + timedelta(minutes=2)
        assert (said.recorded, said.debts) == (None, None)

    def test_a_page_of_the_api_is_read(self, read):
        page = {"uri": "https://platform.example.com/call-log", "records": [call(), call(id="k2", sessionId="2")], "paging": {}}
        for content in (json.dumps(page), json.dumps(page, indent=1)):
            got = read(content, "log.json", consumers_by_number=ON_FILE)
            assert [row.consumer_id for row in got.rows] == ["c1", "c1"]

    def test_of_a_call_that_came_in_the_caller_is_the_consumer(self, log):
        (row,) = log(call(direction="Inbound", result="Accepted", **{"from": PAT, "to": DESK})).rows
        said = row.communication
        assert (row.consumer_id, said.direction, said.address) == ("c1", "inbound", "+15125550100")
        assert (said.agent, said.caller_id) == ("62264425008", None)

    def test_records_of_several_extensions_of_one_session_are_one_call_as_last_changed(self, log):
        first = call(id="k1", result="In Progress", lastModifiedTime="2022-04-06T15:03:00Z", extension={"id": 1})
        kept, _ = deduplicate(log(call(id="k2", lastModifiedTime="2022-04-06T15:04:00Z"), first).rows)
        assert [(row.communication.outcome, row.updated_at) for row in kept] == [
            ("answered", datetime(2022, 4, 6, 15, 4, tzinfo=UTC))
        ]

    def test_the_record_of_whoever_took_a_call_over_makes_no_second_call(self, log):
        taken = call(id="k2", direction="Inbound", result="Accepted", **{"from": PAT, "to": DESK})
        kept, _ = deduplicate(log(call(result="Disconnected", reason="BlindTransfer"), taken).rows)
        assert [(row.communication.direction, row.communication.outcome) for row in kept] == [("outbound", "answered")]

    def test_calling_again_is_a_call_of_its_own(self, log):
        kept, _ = deduplicate(log(call(), call(id="k2", sessionId="4503991005")).rows)
        assert len(kept) == 2

    @pytest.mark.parametrize(("end", "other"), [
        ({"extensionId": 1, "extensionNumber": "101"}, DESK), ({"extensionNumber": "101"}, DESK), ({"phoneNumber": "911"}, DESK),
    ])  # fmt: skip
    def test_a_call_to_an_extension_or_for_help_is_no_contact(self, log, end, other):
        got = log(call(to=end, **{"from": other}))
        assert (got.rows, got.counts.not_a_communication, got.counts.rows_unreadable) == ([], 1, 0)

    def test_a_leg_to_another_number_on_file_is_a_call_of_its_own(self, log):
        legs = [
            {"direction": "Outbound", "to": PAT, "master": True, "startTime": "2022-04-06T15:00:00Z"},
            {"direction": "Outbound", "to": LEE, "startTime": "2022-04-06T15:01:00Z", "legType": "TransferCall"},
            {"direction": "Outbound", "to": {"phoneNumber": "+15125550177"}, "legType": "FindMe"},
            {"direction": "Inbound", "to": {"extensionId": 3}, "legType": "Accept"},
        ]
        got = log(call(legs=legs))
        assert [(row.consumer_id, row.communication.at) for row in got.rows] == [
            ("c1", AT), ("c2", AT + timedelta(minutes=1)),
        ]  # fmt: skip
        got = log(call(legs=legs, to={"extensionId": 3}))
        assert {row.consumer_id for row in got.rows} == {"c1", "c2"}

    def test_milliseconds_stand_in_for_seconds_and_are_not_taken_for_them(self, log):
        short, long = call(duration=None, durationMs=59000), call(duration=None, durationMs=61000, sessionId="2")
        got = log(short, long, call(sessionId="3", duration=60), call(sessionId="4", duration=59), conversation_seconds=60)
        assert [row.communication.outcome for row in got.rows] == ["answered", "conversation", "conversation", "answered"]

    def test_no_length_makes_a_conversation_of_a_missed_call_or_where_none_is_named(self, log):
        assert log(call(result="Missed"), conversation_seconds=10).rows[0].communication.outcome == "no_answer"
        assert log(call(duration=9999)).rows[0].communication.outcome == "answered"

    def test_a_recording_is_told(self, log):
        assert log(call(recording={"id": "1", "type": "Automatic"})).rows[0].communication.recorded is True

    def test_a_time_without_an_offset_is_refused(self, log):
        got = log(call(startTime="2022-04-06T15:00:00"))
        assert got.rows == []
        assert [(each.column, each.consumer_id) for each in got.problems if each.left_out] == [("starttime", "c1")]

    def test_a_direction_or_type_that_is_new_counts_and_is_told(self, log):
        got = log(call(direction="Sideways"), call(type="Hologram", sessionId="2"))
        assert [(row.communication.direction, row.communication.channel) for row in got.rows] == [("outbound", "call")] * 2
        assert {"Sideways", "Hologram"} <= {each.value for each in got.problems}

    def test_a_number_that_cannot_be_read_or_is_withheld_is_lost(self, log):
        got = log(call(to={"phoneNumber": "anonymous"}), call(direction="Inbound", **{"from": {"name": "Anonymous"}}))
        assert (got.rows, got.counts.rows_unreadable) == ([], 2)

    def test_a_named_column_goes_before_the_number(self, log):
        got = log(call(acct="A-1"), call(acct="A-2", to={}), consumer_column="Acct", debt_column="acct")
        assert [(row.consumer_id, row.communication.address, row.communication.debts) for row in got.rows] == [
            ("A-1", "+15125550100", ("A-1",)), ("A-2", None, ("A-2",)),
        ]  # fmt: skip

    def test_whose_a_number_on_file_of_two_is_may_be_either(self, log):
        got = log(call(), consumers_by_number={"+15125550100": ("c1", "c2")})
        assert [row.consumer_id for row in got.rows] == ["c1", "c2"]


class TestOutcomes:
    @pytest.mark.parametrize(("line", "outcome"), [
        (line.code, line.outcome) for line in load_dispositions("ringcentral").table() if line.code.startswith("call/")
    ])  # fmt: skip
    def test_each_result_is_found_as_ringcentral_writes_it(self, log, line, outcome):
        got = log(call(result=line.removeprefix("call/").title()))
        known = None if outcome == "unknown" else outcome
        assert [row.communication.outcome for row in got.rows] == ([] if outcome == "no_contact" else [known])
        assert got.counts.not_a_communication == (1 if outcome == "no_contact" else 0)

    @pytest.mark.parametrize(("result", "outcome"), [
        ("Accepted", "answered"), ("Missed", "no_answer"), ("Declined", "no_answer"), ("Voicemail", "voicemail"),
        ("Busy", "busy"), ("Wrong Number", "not_connected"), ("Call Failed", "no_answer"), ("Restricted Number", "not_connected"),
    ])  # fmt: skip
    def test_what_counts_and_what_did_not_connect(self, log, result, outcome):
        assert log(call(result=result)).rows[0].communication.outcome == outcome

    @pytest.mark.parametrize(("reason", "outcome"), [
        ("Wrong Number", "not_connected"), ("Line Busy", "busy"), ("No Credit", "not_connected"), ("Not Answered", "no_answer"),
        ("Bad Number", "no_answer"), ("Failed Try Again", "no_answer"), ("Resource Error", "no_answer"), ("Accepted", "answered"),
    ])  # fmt: skip
    def test_a_reason_tells_of_a_failed_call_whether_it_reached_the_number(self, log, reason, outcome):
        (row,) = log(call(result="Call Failed", reason=reason)).rows
        assert (row.communication.outcome, row.raw_outcome) == (outcome, f"Call Failed/{reason}")

    def test_a_reason_takes_nothing_from_a_call_that_did_not_fail(self, log):
        assert log(call(result="Declined", reason="Wrong Number")).rows[0].communication.outcome == "no_answer"

    @pytest.mark.parametrize(("result", "outcome"), [
        ("Sent", "delivered"), ("Fax Partially Sent", "delivered"), ("Fax Not Sent", "undeliverable"),
        ("Send Error", "undeliverable"), ("Fax Poor Line", "undeliverable"), ("In Progress", None),
    ])  # fmt: skip
    def test_a_fax_is_one(self, log, result, outcome):
        (row,) = log(call(type="Fax", result=result)).rows
        assert (row.communication.channel, row.communication.outcome) == ("fax", outcome)
        assert (row.communication.caller_id, row.communication.sender) == (None, "+15125550199")

    def test_a_result_that_is_new_is_told(self, log):
        got = log(call(result="Beamed up"))
        assert got.rows[0].communication.outcome is None
        assert any(each.kind is ProblemKind.UNMAPPED_DISPOSITION for each in got.problems)


class TestTexts:
    def test_a_text_has_its_words_and_sender(self, log):
        got = log(sms())
        assert list(got.reading.formats.values()) == ["ringcentral"]
        assert list(got.reading.unknown_columns.values()) == [()]
        said = got.rows[0].communication
        assert (said.channel, said.at, said.content, said.sender) == ("text", AT, "Please call.", "+15125550199")
        assert (said.id, said.caller_id) == ("ringcentral:message/600112410004/+15125550100", None)

    @pytest.mark.parametrize(("status", "outcome"), [
        ("Delivered", "delivered"), ("Received", "delivered"), ("Sent", None), ("Queued", None),
        ("DeliveryFailed", "undeliverable"), ("SendingFailed", "undeliverable"),
    ])  # fmt: skip
    def test_each_status_says_how_it_ended(self, log, status, outcome):
        assert log(sms(messageStatus=status)).rows[0].communication.outcome == outcome

    def test_a_text_to_several_is_one_to_each_with_its_own_status(self, log):
        got = log(sms(to=[{**PAT, "messageStatus": "DeliveryFailed"}, LEE]))
        assert [(row.consumer_id, row.communication.outcome) for row in got.rows] == [
            ("c1", "undeliverable"), ("c2", "delivered"),
        ]  # fmt: skip

    def test_a_copy_of_a_named_consumers_text_is_a_contact_of_both(self, log):
        got = log(sms(to=[PAT, LEE], acct="c1"), consumer_column="acct", debt_column="acct")
        assert [(row.consumer_id, row.communication.address, row.communication.person, row.communication.debts) for row in got.rows] == [
            ("c1", "+15125550100", None, ("c1",)),
            ("c1", "+15125550101", Person(role="unknown"), ("c1",)),
            ("c2", "+15125550101", None, None),
        ]

    @pytest.mark.parametrize(("words", "asked"), [("STOP", True), (" stop.", True), ("Stop it", False), ("", False)])
    def test_a_received_stop_is_a_refusal(self, log, words, asked):
        got = log(sms(direction="Inbound", messageStatus="Received", subject=words, **{"from": PAT, "to": [DESK]}))
        assert [row.communication.direction for row in got.rows] == ["inbound"]
        assert [(each.consumer_id, each.event.type, each.event.channel, each.event.address) for each in got.events] == (
            [("c1", "medium_refused", "text", "+15125550100")] if asked else []
        )
        assert log(sms(subject="STOP")).events == []

    @pytest.mark.parametrize("kind", ["Pager", "VoiceMail"])
    def test_messages_of_the_shop_and_those_that_the_call_log_tells_are_none(self, log, kind):
        got = log(sms(type=kind))
        assert (got.rows, got.counts.not_a_communication) == ([], 1)

    def test_a_short_code_is_nobodys_telephone(self, log):
        got = log(sms(direction="Inbound", messageStatus="Received", **{"from": {"phoneNumber": "24273"}, "to": [DESK]}))
        assert (got.rows, got.counts.not_a_communication) == ([], 1)

    def test_one_without_a_time_is_lost_as_its_consumers(self, log):
        got = log(sms(to=[PAT, LEE], creationTime=None))
        assert [(each.column, each.consumer_id) for each in got.problems if each.left_out] == [
            ("creationtime", "c1"), ("creationtime", "c2"),
        ]  # fmt: skip
