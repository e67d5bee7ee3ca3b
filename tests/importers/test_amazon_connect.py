"""Amazon Connect's contact records, with the numbers of a made-up shop."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from fdcpa_guard.facts.importers.dispositions import load_dispositions
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, open_log
from fdcpa_guard.facts.importers.rows import deduplicate
from fdcpa_guard.facts.models import CallerId

from .conftest import DATA, Read, read_all

AT = datetime(2022, 4, 6, 15, tzinfo=UTC)
CUSTOMER = {"Address": "+15125550100", "Type": "TELEPHONE_NUMBER"}
CALL = {
    "ContactId": "k1", "Channel": "VOICE", "InitiationMethod": "OUTBOUND", "InitiationTimestamp": "2022-04-06T15:00:00Z",
    "ConnectedToSystemTimestamp": "2022-04-06T15:00:05Z", "LastUpdateTimestamp": "2022-04-06T15:10:00Z",
    "CustomerEndpoint": CUSTOMER, "SystemEndpoint": {"Address": "+15125550199", "Type": "TELEPHONE_NUMBER"},
    "DisconnectReason": "CUSTOMER_DISCONNECT",
}  # fmt: skip
TALKED = {"Username": "agent6", "ConnectedToAgentTimestamp": "2022-04-06T15:00:07Z", "AgentInteractionDuration": 60}
LEG = {
    **CALL, "ContactId": "k2", "InitialContactId": "k1", "PreviousContactId": "k1", "InitiationMethod": "TRANSFER",
    "InitiationTimestamp": "2022-04-06T15:04:00Z", "LastUpdateTimestamp": "2022-04-06T15:12:00Z", "Agent": TALKED,
}  # fmt: skip
EMAIL = {
    **CALL, "Channel": "EMAIL", "CustomerEndpoint": {"Address": "pat@example.com", "Type": "EMAIL_ADDRESS"},
    "SystemEndpoint": {"Address": "shop@example.com", "Type": "EMAIL_ADDRESS"}, "Attributes": {"debt": "A-1"},
}  # fmt: skip
ON_FILE = {"+15125550100": ("c1",), "pat@example.com": ("c2",)}
Reader = Callable[..., Read]


def lines(*records: object) -> str:
    return "\n".join(json.dumps(record) for record in records)


@pytest.fixture
def connect(read: Reader) -> Reader:
    def do(*records: object, **options: object) -> Read:
        options.setdefault("consumers_by_number", ON_FILE)
        return read(lines(*records), "log.jsonl", format="amazon_connect", **options)

    return do


class TestAFile:
    def test_its_calls_are_read(self):
        got = read_all(open_log([DATA / "amazon_connect.jsonl"], LogOptions(consumers_by_number=ON_FILE)))
        assert [
            (row.consumer_id, row.communication.direction, row.communication.outcome, row.raw_outcome)
            for row in got.rows
        ] == [
            ("c1", "outbound", "conversation", "amd/HUMAN_ANSWERED"),
            ("c1", "outbound", "voicemail", "amd/VOICEMAIL_BEEP"),
            ("c1", "outbound", "busy", "unconnected/TELECOM_BUSY"),
            ("c1", "inbound", "conversation", "connected"),
        ]
        said = got.rows[0].communication
        assert said.id == "amazon_connect:contact-01"
        assert said.at == AT
        assert (said.channel, said.address, said.agent, said.dialing) == (
            "call", "+15125550100", "agent6", "autodialed",
        )  # fmt: skip
        assert said.caller_id == CallerId(number="+15125550199")
        assert got.rows[0].updated_at == datetime(2022, 4, 6, 15, 3, tzinfo=UTC)
        assert got.rows[2].communication.dialing is None
        assert got.rows[3].communication.caller_id is None
        assert got.counts.left_out_by == {ProblemKind.NOT_A_COMMUNICATION: 1}
        assert list(got.reading.formats.values()) == ["amazon_connect"]
        assert list(got.reading.unknown_columns.values()) == [()]

    def test_a_field_that_is_new_is_told_once_and_the_rows_are_kept(self, connect):
        got = connect({**CALL, "Hologram": 1}, {**CALL, "ContactId": "k2", "Hologram": 2})
        assert len(got.rows) == 2
        assert [problem.column for problem in got.problems if problem.kind is ProblemKind.UNKNOWN_COLUMN] == ["hologram"]

    def test_the_shape_of_describe_contact_is_read(self, read):
        record = {
            "Arn": "arn:aws:connect:contact/1", "Id": "k1", "Channel": "VOICE", "InitiationMethod": "INBOUND",
            "InitiationTimestamp": "2022-04-06T15:00:00Z", "CustomerEndpoint": CUSTOMER,
            "QueueInfo": {"Id": "q1", "EnqueueTimestamp": "2022-04-06T15:00:02Z"},
            "AgentInfo": {"Id": "a1", "ConnectedToAgentTimestamp": "2022-04-06T15:00:07Z"},
        }  # fmt: skip
        said = read(lines(record), "log.jsonl").rows[0].communication
        assert (said.id, said.agent, said.outcome) == ("amazon_connect:k1", "a1", "conversation")

    def test_records_of_a_stream_without_a_separator_are_read(self, read):
        text = "".join(json.dumps({**CALL, "ContactId": f"k{number}"}) for number in range(3))
        got = read(text, "log.jsonl", consumers_by_number=ON_FILE)
        assert [row.communication.id for row in got.rows] == [f"amazon_connect:k{number}" for number in range(3)]

    def test_a_line_that_is_broken_costs_itself_alone(self, read):
        text = lines(CALL) + '\n{"ContactId": "k2", \n' + lines({**CALL, "ContactId": "k3"})
        got = read(text, "log.jsonl", format="amazon_connect", consumers_by_number=ON_FILE)
        assert [row.communication.id for row in got.rows] == ["amazon_connect:k1", "amazon_connect:k3"]
        assert got.counts.left_out_by == {ProblemKind.BROKEN_RECORD: 1}

    def test_a_broken_line_is_its_consumers_where_an_attribute_tells(self, read):
        text = lines(CALL) + '\n{"ContactId": "k2", "Attributes": {"account": "A-1"}, "SystemEndpoint": \n'
        got = read(text, "log.jsonl", format="amazon_connect", consumer_column="account")
        assert next(each for each in got.problems if each.left_out).consumer_id == "A-1"


class TestOutcomes:
    @pytest.mark.parametrize(
        ("status", "agent", "outcome"),
        [
            ("HUMAN_ANSWERED", TALKED, "conversation"),
            ("HUMAN_ANSWERED", None, "answered"),
            ("HUMAN_ANSWERED", {**TALKED, "AgentInteractionDuration": 0}, "answered"),
            ("VOICEMAIL_BEEP", TALKED, "voicemail"),
            ("VOICEMAIL_NO_BEEP", None, "voicemail"),
            ("AMD_UNANSWERED", None, "no_answer"),
            ("SIT_TONE_BUSY", None, "busy"),
            ("SIT_TONE_INVALID_NUMBER", None, "not_connected"),
            ("SIT_TONE_DETECTED", None, "not_connected"),
            ("FAX_MACHINE_DETECTED", TALKED, "answered"),
            ("AMD_UNRESOLVED", TALKED, "answered"),
            ("AMD_UNRESOLVED_SILENCE", None, "answered"),
            ("AMD_ERROR", None, "answered"),
            ("ERROR", None, "answered"),
            ("UNDETECTED", None, "answered"),
            ("ANSWERED", None, "answered"),
            ("AMD_NOT_APPLICABLE", None, "answered"),
            (None, TALKED, "answered"),
        ],
    )
    def test_who_answered_says_how_it_ended(self, connect, status, agent, outcome):
        got = connect({**CALL, "AnsweringMachineDetectionStatus": status, "Agent": agent})
        assert got.rows[0].communication.outcome == outcome

    @pytest.mark.parametrize(
        ("reason", "outcome"),
        [
            (None, "no_answer"),
            ("TELECOM_BUSY", "busy"),
            ("TELECOM_NUMBER_INVALID", "not_connected"),
            ("OUTBOUND_DESTINATION_ENDPOINT_ERROR", "not_connected"),
            ("OUTBOUND_RESOURCE_ERROR", "not_connected"),
            ("OUTBOUND_ATTEMPT_FAILED", "no_answer"),
            ("TELECOM_UNANSWERED", "no_answer"),
            ("TELECOM_TIMEOUT", "no_answer"),
            ("TELECOM_ORIGINATOR_CANCEL", "no_answer"),
            ("TELECOM_PROBLEM", "no_answer"),
            ("TELECOM_POTENTIAL_BLOCKING", "no_answer"),
            ("CUSTOMER_DISCONNECT", "no_answer"),
            ("AGENT_DISCONNECT", "no_answer"),
            ("THIRD_PARTY_DISCONNECT", "no_answer"),
            ("CONTACT_FLOW_DISCONNECT", "no_answer"),
            ("BARGED", "no_answer"),
            ("API", "no_answer"),
            ("OTHER", "no_answer"),
        ],
    )
    def test_why_it_ended_says_whether_an_unanswered_call_reached_the_number(self, connect, reason, outcome):
        got = connect({**CALL, "ConnectedToSystemTimestamp": None, "DisconnectReason": reason})
        assert got.rows[0].communication.outcome == outcome

    @pytest.mark.parametrize("reason", ["TELECOM_BUSY", "TELECOM_NUMBER_INVALID", "EXPIRED"])
    def test_a_call_that_connected_did_so_whatever_ended_it(self, connect, reason):
        assert connect({**CALL, "DisconnectReason": reason}).rows[0].communication.outcome == "answered"

    def test_every_line_of_the_table_is_a_code_that_is_tested_here_or_no_contact(self):
        outcomes = {line.code: line.outcome for line in load_dispositions("amazon_connect").table()}
        assert len(outcomes) == 40
        assert {code for code, outcome in outcomes.items() if outcome == "no_contact"} == {
            "unconnected/EXPIRED", "unconnected/OUTBOUND_PREVIEW_DISCARDED", "unconnected/OUTBUND_PREVIEW_DISCARDED",
            "unconnected/CUSTOMER_NEVER_ARRIVED", "message/DISCARDED",
        }  # fmt: skip

    def test_a_code_that_is_new_is_unknown_and_told(self, connect):
        for change, code in (
            ({"AnsweringMachineDetectionStatus": "TELEPATHY"}, "amd/TELEPATHY"),
            ({"ConnectedToSystemTimestamp": None, "DisconnectReason": "FLOOD"}, "unconnected/FLOOD"),
        ):
            got = connect({**CALL, **change})
            assert got.rows[0].communication.outcome is None
            assert got.problems[-1].kind is ProblemKind.UNMAPPED_DISPOSITION
            assert got.problems[-1].value == code

    def test_a_shops_own_meaning_of_a_code_goes_before(self, connect, tmp_path):
        own = tmp_path / "own.yaml"
        own.write_text("unconnected/TELECOM_PROBLEM: not_connected\n")
        record = {**CALL, "ConnectedToSystemTimestamp": None, "DisconnectReason": "TELECOM_PROBLEM"}
        assert connect(record, dispositions=own).rows[0].communication.outcome == "not_connected"

    def test_seconds_with_an_agent_prove_a_conversation_where_the_reader_says_so(self, connect):
        for seconds, outcome in ((59, "answered"), (60, "conversation"), ("60", "conversation")):
            record = {**CALL, "Agent": {**TALKED, "AgentInteractionDuration": seconds}}
            assert connect(record, conversation_seconds=60).rows[0].communication.outcome == outcome
        fax = {**CALL, "Agent": TALKED, "AnsweringMachineDetectionStatus": "FAX_MACHINE_DETECTED"}
        assert connect(fax, conversation_seconds=60).rows[0].communication.outcome == "answered"
        rang = {**CALL, "Agent": TALKED, "ConnectedToSystemTimestamp": None}
        assert connect(rang, conversation_seconds=1).rows[0].communication.outcome == "no_answer"

    def test_an_answered_call_that_no_agent_took_from_the_queue_was_abandoned(self, connect):
        queued = {**CALL, "Queue": {"Name": "Collections", "EnqueueTimestamp": "2022-04-06T15:00:06Z"}}
        assert connect(queued).rows[0].communication.outcome == "abandoned"
        assert connect({**queued, "NextContactId": "k2"}).rows[0].communication.outcome == "answered"
        assert connect({**queued, "InitiationMethod": "INBOUND"}).rows[0].communication.outcome == "answered"

    def test_an_agent_who_talked_outweighs_a_tone(self, connect):
        got = connect({**CALL, "Agent": TALKED, "AnsweringMachineDetectionStatus": "SIT_TONE_DETECTED"})
        assert got.rows[0].communication.outcome == "answered"
        assert got.problems[-1].kind is ProblemKind.CONTRADICTION

    def test_an_agent_that_cannot_be_read_leaves_the_conversation_open(self, connect):
        record = {**CALL, "AnsweringMachineDetectionStatus": "HUMAN_ANSWERED"}
        got = connect({**record, "Agent": {**TALKED, "AgentInteractionDuration": "long"}})
        assert got.rows[0].communication.outcome is None
        assert [(each.kind, each.column) for each in got.problems] == [(ProblemKind.BAD_VALUE, "agent")]


class TestDirections:
    @pytest.mark.parametrize(
        ("method", "direction"),
        [
            ("INBOUND", "inbound"), ("OUTBOUND", "outbound"), ("API", "outbound"), ("CALLBACK", "outbound"),
            ("EXTERNAL_OUTBOUND", "outbound"), ("CAMPAIGN_PREVIEW", "outbound"), ("WEBRTC_API", "inbound"),
        ],
    )  # fmt: skip
    def test_how_it_began_says_who_called(self, connect, method, direction):
        said = connect({**CALL, "InitiationMethod": method}).rows[0].communication
        assert (said.direction, said.address) == (direction, "+15125550100")

    def test_a_way_that_is_new_is_taken_as_outbound_and_told(self, connect):
        got = connect({**CALL, "InitiationMethod": "TELEPATHY"})
        assert got.rows[0].communication.direction == "outbound"
        assert (got.problems[-1].column, got.problems[-1].value) == ("initiationmethod", "TELEPATHY")

    def test_a_direction_that_is_stated_goes_before(self, connect):
        stated = {**CALL, "SegmentAttributes": {"connect:Direction": {"ValueString": "INBOUND"}}}
        assert connect({**stated, "InitiationMethod": "API"}).rows[0].communication.direction == "inbound"
        assert connect({**stated, "InitiationMethod": "CALLBACK"}).rows[0].communication.direction == "outbound"

    def test_a_campaign_dials_and_a_preview_does_not(self, connect):
        campaign = {**CALL, "Campaign": {"CampaignId": "campaign-1"}, "InitiationMethod": "API"}
        assert connect(campaign).rows[0].communication.dialing == "autodialed"
        assert connect({**campaign, "InitiationMethod": "CAMPAIGN_PREVIEW"}).rows[0].communication.dialing is None
        assert connect({**campaign, "Campaign": {"CampaignId": None}}).rows[0].communication.dialing is None


class TestWhatIsNoCall:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"Channel": "TASK"}, "TASK"),
            ({"InitiationMethod": "MONITOR", "Agent": TALKED}, "MONITOR"),
            ({"InitiationMethod": "TRANSFER"}, "TRANSFER"),
            ({"InitiationMethod": "QUEUE_TRANSFER", "Agent": {**TALKED, "AgentInteractionDuration": 0}}, "QUEUE_TRANSFER"),
            ({"InitiationMethod": "DISCONNECT"}, "DISCONNECT"),
            ({"InitiationMethod": "TRANSFER", "Channel": "EMAIL", "Agent": TALKED}, "TRANSFER"),
            ({"InitiationMethod": "API", "CustomerEndpoint": {"Address": "flow", "Type": "CONTACT_FLOW"}}, "CONTACT_FLOW"),
            (
                {"InitiationMethod": "OUTBOUND", "CustomerEndpoint": {"Address": "arn", "Type": "CONNECT_PHONENUMBER_ARN"}},
                "CONNECT_PHONENUMBER_ARN",
            ),
            ({"ConnectedToSystemTimestamp": None, "DisconnectReason": "EXPIRED"}, "unconnected/EXPIRED"),
            (
                {"ConnectedToSystemTimestamp": None, "DisconnectReason": "OUTBOUND_PREVIEW_DISCARDED"},
                "unconnected/OUTBOUND_PREVIEW_DISCARDED",
            ),
            ({"InitiationMethod": "WEBRTC_API", "DisconnectReason": "CUSTOMER_NEVER_ARRIVED",
              "ConnectedToSystemTimestamp": None}, "unconnected/CUSTOMER_NEVER_ARRIVED"),
            ({"Channel": "EMAIL", "DisconnectReason": "DISCARDED"}, "message/DISCARDED"),
        ],
    )  # fmt: skip
    def test_it_is_left_out_and_told(self, connect, change, code):
        got = connect({**CALL, **change})
        assert got.rows == []
        assert [(each.kind, each.value) for each in got.problems] == [(ProblemKind.NOT_A_COMMUNICATION, code)]

    def test_what_expired_after_it_rang_was_a_call(self, connect):
        record = {**CALL, "ConnectedToSystemTimestamp": None, "DisconnectReason": "EXPIRED"}
        got = connect({**record, "RingStartTimestamp": "2022-04-06T15:00:02Z"})
        assert [row.communication.outcome for row in got.rows] == ["no_answer"]


class TestLegsAndCopies:
    def test_a_transfer_is_a_leg_of_the_first_call_in_any_order(self, connect):
        late = {**CALL, "LastUpdateTimestamp": "2022-05-01T00:00:00Z"}
        for records in permutations((CALL, LEG)):
            kept, problems = deduplicate(connect(*records).rows)
            assert [(row.communication.direction, row.communication.at, row.communication.outcome) for row in kept] == [
                ("outbound", AT, "conversation")
            ]
            assert [problem.kind for problem in problems] == [ProblemKind.DUPLICATE_ID]
        for records in permutations((CALL, late, LEG)):
            kept, _ = deduplicate(connect(*records).rows)
            assert [(row.communication.at, row.communication.outcome) for row in kept] == [(AT, "conversation")]

    def test_a_queue_transfer_and_a_second_transfer_are_the_same_call(self, connect):
        queued = {**LEG, "InitiationMethod": "QUEUE_TRANSFER"}
        second = {**LEG, "ContactId": "k3", "PreviousContactId": "k2"}
        kept, _ = deduplicate(connect(CALL, queued, second).rows)
        assert [row.communication.id for row in kept] == ["amazon_connect:k1"]

    def test_a_transfer_of_a_callback_is_a_leg_of_the_callback(self, connect):
        asked = {**CALL, "ContactId": "k0", "InitiationMethod": "INBOUND", "NextContactId": "k1"}
        callback = {**CALL, "InitiationMethod": "CALLBACK", "InitialContactId": "k0", "PreviousContactId": "k0"}
        kept, _ = deduplicate(connect(asked, callback, {**LEG, "InitialContactId": "k0"}).rows)
        assert {row.communication.id: row.communication.outcome for row in kept} == {
            "amazon_connect:k0": None, "amazon_connect:k1": "conversation",
        }  # fmt: skip

    def test_a_leg_finds_its_callback_in_any_order_and_from_any_file(self, connect):
        asked = {**CALL, "ContactId": "k0", "InitiationMethod": "INBOUND", "NextContactId": "k1"}
        callback = {**CALL, "InitiationMethod": "CALLBACK", "InitialContactId": "k0", "PreviousContactId": "k0"}
        passed_on = {**LEG, "ContactId": "k3", "InitialContactId": "k0", "PreviousContactId": "k2"}
        records = (asked, callback, {**LEG, "InitialContactId": "k0"}, passed_on)
        for order in permutations(records):
            kept, problems = deduplicate([row for record in order for row in connect(record).rows])
            assert {row.communication.id: (row.communication.direction, row.communication.outcome) for row in kept} == {
                "amazon_connect:k0": ("inbound", None), "amazon_connect:k1": ("outbound", "conversation"),
            }  # fmt: skip
            assert {problem.kind for problem in problems} == {ProblemKind.DUPLICATE_ID}

    def test_a_leg_without_a_conversation_between_is_passed_over(self, connect):
        asked = {**CALL, "InitiationMethod": "INBOUND", "NextContactId": "k2"}
        queue = {**LEG, "InitiationMethod": "QUEUE_TRANSFER", "Agent": None}
        last = {**LEG, "ContactId": "k3", "PreviousContactId": "k2"}
        kept, problems = deduplicate(connect(asked, queue, last).rows)
        assert [(row.communication.direction, row.communication.outcome) for row in kept] == [("inbound", "conversation")]
        assert [problem.kind for problem in problems] == [ProblemKind.DUPLICATE_ID]

    @pytest.mark.parametrize("records", [(LEG,), (LEG, {**LEG, "ContactId": "k3", "PreviousContactId": "k2"})])
    def test_legs_whose_first_record_is_in_no_file_are_one_outbound_call_and_told(self, connect, records):
        for order in permutations(records):
            kept, problems = deduplicate(connect(*order).rows)
            assert [
                (row.communication.id, row.communication.direction, row.communication.outcome) for row in kept
            ] == [("amazon_connect:k1", "outbound", "conversation")]
            told = [problem for problem in problems if problem.kind is ProblemKind.ASSUMPTION]
            assert [(problem.consumer_id, problem.rows) for problem in told] == [("c1", len(records))]

    def test_a_leg_of_a_missing_callback_is_not_lost_in_the_call_that_asked_for_it(self, connect):
        asked = {**CALL, "ContactId": "k0", "InitiationMethod": "INBOUND", "NextContactId": "k1"}
        kept, _ = deduplicate(connect(asked, {**LEG, "InitialContactId": "k0"}).rows)
        assert {row.communication.id: row.communication.direction for row in kept} == {
            "amazon_connect:k0": "inbound", "amazon_connect:k1": "outbound",
        }  # fmt: skip

    def test_a_leg_that_lost_the_record_before_it_is_of_the_last_outbound_call_of_its_chain(self, connect):
        kept, problems = deduplicate(connect(CALL, {**LEG, "PreviousContactId": "k9"}).rows)
        assert [(row.communication.id, row.communication.outcome) for row in kept] == [("amazon_connect:k1", "conversation")]
        assert [problem.kind for problem in problems] == [ProblemKind.DUPLICATE_ID]

    def test_legs_that_name_one_another_or_nothing_are_outbound(self, connect):
        ring = ({**LEG, "PreviousContactId": "k3"}, {**LEG, "ContactId": "k3", "PreviousContactId": "k2"})
        kept, problems = deduplicate(connect(*ring).rows)
        assert {row.communication.direction for row in kept} == {"outbound"}
        assert ProblemKind.ASSUMPTION in {problem.kind for problem in problems}
        got = connect({**LEG, "InitialContactId": None, "PreviousContactId": None})
        assert [row.communication.direction for row in deduplicate(got.rows)[0]] == ["outbound"]
        assert (got.problems[-1].kind, got.problems[-1].value) == (ProblemKind.ASSUMPTION, "TRANSFER")

    def test_a_leg_whose_channel_cannot_be_read_is_still_one(self, connect):
        kept, _ = deduplicate(connect(CALL, {**LEG, "Channel": 7.5}).rows)
        assert [row.communication.outcome for row in kept] == ["conversation"]

    def test_an_inbound_call_that_went_on_keeps_the_conversation_of_its_leg(self, connect):
        first = {**CALL, "InitiationMethod": "INBOUND", "NextContactId": "k2"}
        late = {**first, "LastUpdateTimestamp": "2022-05-01T00:00:00Z"}
        for records in permutations((first, LEG, late)):
            kept, _ = deduplicate(connect(*records).rows)
            assert [row.communication.outcome for row in kept] == ["conversation"]

    def test_a_call_to_somebody_outside_in_the_chain_is_a_call_of_its_own(self, connect):
        outside = {**CALL, "ContactId": "k2", "InitialContactId": "k1", "InitiationMethod": "EXTERNAL_OUTBOUND",
                   "CustomerEndpoint": {"Address": "+15125550177", "Type": "TELEPHONE_NUMBER"}}  # fmt: skip
        got = connect(CALL, outside)
        assert [(row.consumer_id, row.communication.id) for row in got.rows] == [
            ("c1", "amazon_connect:k1"), ("+15125550177", "amazon_connect:k2"),
        ]  # fmt: skip

    def test_of_two_copies_the_one_updated_last_counts_in_any_order(self, connect):
        early = {**CALL, "ConnectedToSystemTimestamp": None, "DisconnectReason": None}
        late = {**CALL, "AnsweringMachineDetectionStatus": "VOICEMAIL_BEEP", "LastUpdateTimestamp": "2022-05-01T00:00:00Z"}
        for records in permutations((early, late)):
            kept, problems = deduplicate(connect(*records).rows)
            assert [row.communication.outcome for row in kept] == ["voicemail"]
            assert len(problems) == 1


class TestTimes:
    def test_a_callback_is_at_its_dialling_and_not_at_the_request(self, connect):
        asked = {**CALL, "InitiationMethod": "CALLBACK", "InitiationTimestamp": "2022-04-06T01:00:00Z"}
        agent = {**asked, "Agent": TALKED}
        ring = {**agent, "RingStartTimestamp": "2022-04-06T15:00:01.250Z"}
        assert connect(ring).rows[0].communication.at == AT + timedelta(seconds=1.25)
        assert connect(agent).rows[0].communication.at == AT + timedelta(seconds=7)
        assert connect(asked).rows[0].communication.at == AT + timedelta(seconds=5)
        got = connect({**asked, "ConnectedToSystemTimestamp": None})
        assert got.rows[0].communication.at == datetime(2022, 4, 6, 1, tzinfo=UTC)
        assert (got.problems[-1].kind, got.problems[-1].value) == (ProblemKind.ASSUMPTION, "CALLBACK")

    def test_a_time_without_a_zone_is_refused_unless_a_clock_is_named(self, connect):
        record = {**CALL, "InitiationTimestamp": "2022-04-06T10:00:00"}
        got = connect(record)
        assert got.rows == []
        assert [(each.kind, each.left_out, each.consumer_id) for each in got.problems] == [
            (ProblemKind.NAIVE_TIME, False, "c1"), (ProblemKind.BAD_VALUE, True, "c1"),
        ]  # fmt: skip
        assert connect(record, zone="America/Chicago").rows[0].communication.at == AT

    def test_a_row_without_a_time_is_left_out(self, connect):
        got = connect({**CALL, "InitiationTimestamp": None})
        assert got.messages == [
            "log.jsonl: row 1, column `initiationtimestamp`: nothing stands in it, expected when it began; the row is left out"
        ]
        assert got.problems[0].consumer_id == "c1"

    def test_a_time_of_connection_that_cannot_be_read_was_one(self, connect):
        got = connect({**CALL, "ConnectedToSystemTimestamp": "soon", "DisconnectReason": "TELECOM_BUSY"})
        assert got.rows[0].communication.outcome == "answered"


class TestWhose:
    def test_a_number_of_two_people_gives_the_call_to_both(self, connect):
        got = connect(CALL, consumers_by_number={"+15125550100": ("c1", "c2")})
        assert [row.consumer_id for row in got.rows] == ["c1", "c2"]

    def test_a_number_that_nobody_has_stands_for_itself_and_is_told(self, connect):
        got = connect(CALL, consumers_by_number={})
        assert [row.consumer_id for row in got.rows] == ["+15125550100"]
        assert [problem.kind for problem in got.problems] == [ProblemKind.ASSUMPTION]

    def test_the_customer_id_is_nobodys_unless_it_is_named(self, connect):
        record = {**CALL, "CustomerId": "crm-7"}
        assert connect(record).rows[0].consumer_id == "c1"
        assert connect(record, consumer_column="CustomerId").rows[0].consumer_id == "crm-7"

    def test_consumer_and_debt_may_stand_in_attributes(self, connect):
        record = {**CALL, "Attributes": {"consumerKey": "c9", "DebtIds": "A-1|A-2"}}
        row = connect(record, consumer_column="consumerKey", debt_column="debtids").rows[0]
        assert (row.consumer_id, row.communication.debts) == ("c9", ("A-1", "A-2"))

    def test_a_debt_on_file_says_whose_the_call_is(self, connect):
        record = {**CALL, "Attributes": {"debt": "A-1"}}
        row = connect(record, debt_column="debt", consumers_by_debt={"A-1": ("c5",)}).rows[0]
        assert (row.consumer_id, row.communication.debts) == ("c5", ("A-1",))

    @pytest.mark.parametrize("end", [None, {"Address": None}, {"Address": "anonymous", "Type": "TELEPHONE_NUMBER"},
                                     {"Address": "sip:x", "Type": "VOIP"}, "nobody", 7])  # fmt: skip
    def test_a_row_of_which_nothing_tells_whose_it_is_is_left_out(self, connect, end):
        got = connect({**CALL, "CustomerEndpoint": end})
        assert got.rows == []
        assert got.problems[-1].left_out
        assert got.problems[-1].consumer_id is None

    def test_a_call_on_the_web_has_no_number(self, connect):
        record = {**CALL, "InitiationMethod": "WEBRTC_API", "CustomerEndpoint": {"Address": "x", "Type": "VOIP"},
                  "CustomerId": "c1"}  # fmt: skip
        row = connect(record, consumer_column="customerid").rows[0]
        assert (row.consumer_id, row.communication.address, row.communication.direction) == ("c1", None, "inbound")


class TestMessages:
    def test_an_email_is_an_email(self, connect):
        record = {**CALL, "Channel": "EMAIL", "CustomerEndpoint": {"Address": "Pat@example.com", "Type": "EMAIL_ADDRESS"},
                  "SystemEndpoint": {"Address": "shop@example.com", "Type": "EMAIL_ADDRESS"}}  # fmt: skip
        for method, direction, outcome in (
            ("OUTBOUND", "outbound", None), ("AGENT_REPLY", "outbound", None), ("FLOW", "outbound", None),
            ("INBOUND", "inbound", "delivered"),
        ):  # fmt: skip
            row = connect({**record, "InitiationMethod": method}).rows[0]
            said = row.communication
            assert (row.consumer_id, said.channel, said.address) == ("c2", "email", "pat@example.com")
            assert (said.direction, said.outcome) == (direction, outcome)
            assert said.sender == ("shop@example.com" if direction == "outbound" else None)

    def test_a_chat_by_sms_is_a_text_and_outbound_unless_it_says_otherwise(self, connect):
        sms = {"connect:Subtype": {"ValueString": "connect:SMS"}}
        record = {**CALL, "Channel": "CHAT", "InitiationMethod": "API", "SegmentAttributes": sms}
        got = connect(record)
        said = got.rows[0].communication
        assert (said.channel, said.direction, said.sender) == ("text", "outbound", "+15125550199")
        assert (got.problems[-1].kind, got.problems[-1].value) == (ProblemKind.ASSUMPTION, "API")
        inbound = {**record, "SegmentAttributes": {**sms, "connect:Direction": "INBOUND"}}
        assert connect(inbound).rows[0].communication.direction == "inbound"

    def test_another_chat_is_the_consumers_and_of_an_unknown_channel(self, connect):
        got = connect({**CALL, "Channel": "CHAT", "InitiationMethod": "API"})
        said = got.rows[0].communication
        assert (said.channel, said.direction) == (None, "inbound")
        assert got.problems[-1].value == "CHAT"

    @pytest.mark.parametrize(
        "change",
        [
            {"Channel": "VOICE\0"},
            {"Channel": None},
            {"Channel": ["CHAT"]},
            {"Channel": "CHAT", "SegmentAttributes": "garbage"},
            {"Channel": "CHAT", "SegmentAttributes": {"connect:Subtype": {"ValueString": 7}}},
            {"Channel": "CHAT", "SegmentAttributes": {"connect:Direction": {"ValueString": 7}}},
        ],
    )
    def test_what_the_api_made_and_cannot_be_read_whole_is_outbound_and_told(self, connect, change):
        got = connect({**CALL, "InitiationMethod": "API", **change})
        assert got.rows[0].communication.direction == "outbound"
        assert (ProblemKind.ASSUMPTION, "API") in {(problem.kind, problem.value) for problem in got.problems}


class TestFurtherRecipients:
    """A copy of an email is a contact too."""

    @pytest.mark.parametrize(
        "copies",
        [
            {"CcAddresses": ["Boss@example.com"], "ToAddresses": []},
            {"CcList": [{"Address": "boss@example.com", "DisplayName": "B"}]},
            {"ToList": [{"EmailAddress": "boss@example.com"}], "CcList": None},
        ],
    )
    def test_a_copy_to_somebody_unknown_is_a_contact_of_the_consumers(self, connect, copies):
        got = connect({**EMAIL, "AdditionalEmailRecipients": copies})
        assert [
            (row.consumer_id, row.communication.address, row.communication.person and row.communication.person.role)
            for row in got.rows
        ] == [("c2", "pat@example.com", None), ("c2", "boss@example.com", "unknown")]
        assert got.rows[0].communication.id != got.rows[1].communication.id
        assert len(deduplicate(got.rows)[0]) == 2
        assert ProblemKind.ASSUMPTION in {problem.kind for problem in got.problems}

    def test_a_copy_to_another_consumer_is_in_both_logs_and_the_debt_in_one(self, connect):
        record = {**EMAIL, "AdditionalEmailRecipients": {"CcAddresses": ["kim@example.com"]}}
        got = connect(record, debt_column="debt", consumers_by_number={**ON_FILE, "kim@example.com": ("c3",)})
        assert [(row.consumer_id, row.communication.address, row.communication.debts) for row in got.rows] == [
            ("c2", "pat@example.com", ("A-1",)),
            ("c2", "kim@example.com", ("A-1",)),
            ("c3", "kim@example.com", None),
        ]

    def test_another_address_of_the_same_consumer_is_theirs(self, connect):
        record = {**EMAIL, "AdditionalEmailRecipients": {"CcAddresses": ["pat@home.example.com", "pat@example.com"]}}
        got = connect(record, consumers_by_number={**ON_FILE, "pat@home.example.com": ("c2",)})
        assert [(row.communication.address, row.communication.person) for row in got.rows] == [
            ("pat@example.com", None), ("pat@home.example.com", None),
        ]  # fmt: skip

    @pytest.mark.parametrize("copies", ["boss", {"CcAddresses": "boss"}, {"CcAddresses": [7]}, {"CcAddresses": [{"x": 1}]}])
    def test_what_cannot_be_read_of_them_makes_the_log_incomplete(self, connect, copies):
        got = connect({**EMAIL, "AdditionalEmailRecipients": copies})
        assert len(got.rows) == 2
        assert (got.rows[1].communication.address, got.rows[1].communication.person.role) == (None, "unknown")
        assert "additionalemailrecipients" in {problem.column for problem in got.problems}

    def test_a_row_that_is_lost_is_lost_for_them_too(self, connect):
        record = {**EMAIL, "AdditionalEmailRecipients": {"CcList": [{"Address": "kim@example.com"}]}}
        on_file = {**ON_FILE, "kim@example.com": ("c3",)}
        for change in ({"InitiationTimestamp": None}, {"InitiationTimestamp": "soon"}):
            got = connect({**record, **change}, consumers_by_number=on_file)
            assert [problem.consumer_id for problem in got.problems if problem.left_out] == ["c2", "c3"]

    def test_those_of_an_email_that_came_in_are_not_the_shops(self, connect):
        record = {**EMAIL, "InitiationMethod": "INBOUND", "AdditionalEmailRecipients": {"CcAddresses": ["boss@example.com"]}}
        assert len(connect(record).rows) == 1
