"""Genesys Cloud's conversation details, with the numbers of a made-up shop."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from fdcpa_guard.facts.importers.dispositions import load_dispositions
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, open_log
from fdcpa_guard.facts.importers.rows import deduplicate
from fdcpa_guard.facts.models import CallerId, Person

from .conftest import DATA, Read, read_all

OURS, THEIRS = "tel:+15125550199", "tel:+15125550100"
ON_FILE = {"+15125550100": ("c1",), "pat@example.com": ("c2",)}
Reader = Callable[..., Read]


def stretch(kind: str, start: str, end: str | None = None, **more: object) -> dict[str, object]:
    """A segment of 6 April 2022, from and to a time of the day."""
    said: dict[str, object] = {"segmentType": kind, "segmentStart": f"2022-04-06T{start}Z", **more}
    return said if end is None else {**said, "segmentEnd": f"2022-04-06T{end}Z"}


def session(*segments: object, **more: object) -> dict[str, object]:
    usual = {"mediaType": "voice", "sessionId": "s1", "direction": "outbound", "ani": OURS, "dnis": THEIRS}
    return {**usual, "segments": list(segments), **more}


def who(purpose: str, *sessions: object, **more: object) -> dict[str, object]:
    return {"purpose": purpose, "participantId": f"p-{more.get('userId', purpose)}", "sessions": list(sessions), **more}


def conversation(*participants: object, **more: object) -> dict[str, object]:
    return {
        "conversationId": "g1", "conversationStart": "2022-04-06T15:00:00.000Z", "conversationEnd": "2022-04-06T15:10:00.000Z",
        "originatingDirection": "outbound", "participants": list(participants), **more,
    }  # fmt: skip


DIALLED = stretch("dialing", "15:00:02", "15:00:10")
ANSWERED = stretch("interact", "15:00:10", "15:03:00", disconnectType="peer")
CUSTOMER = who("customer", session(DIALLED, ANSWERED))
AGENT = who("agent", session(stretch("interact", "15:00:20", "15:03:00")), userId="agent6")
RANG = who("customer", session(DIALLED))


@pytest.fixture
def genesys(read: Reader) -> Reader:
    def do(*records: object, **options: object) -> Read:
        options.setdefault("consumers_by_number", ON_FILE)
        return read("\n".join(json.dumps(each) for each in records), "log.jsonl", **{"format": "genesys", **options})

    return do


def outcomes(got: Read) -> list[str | None]:
    return [row.communication.outcome for row in got.rows]


class TestAFile:
    def test_a_page_gives_its_conversations(self):
        got = read_all(open_log([DATA / "genesys_conversations.json"], LogOptions(consumers_by_number=ON_FILE)))
        assert [
            (row.row, row.communication.channel, row.communication.direction, row.communication.outcome, row.raw_outcome)
            for row in got.rows
        ] == [
            (1, "call", "outbound", "conversation", "disposition.classification.callable.person"),
            (2, "call", "outbound", "voicemail", "disposition.classification.callable.machine"),
            (3, "call", "outbound", "busy", "unconnected/error"),
            (4, "call", "inbound", "conversation", "connected"),
            (6, "text", "outbound", "delivered", "message/deliverysuccess"),
        ]
        assert {row.consumer_id for row in got.rows} == {"c1"}
        said = got.rows[0].communication
        assert (said.id, said.address, said.agent, said.dialing) == ("genesys:g-01", "+15125550100", "agent6", "autodialed")
        assert said.at == datetime(2022, 4, 6, 15, 0, 2, tzinfo=UTC)
        assert said.caller_id == CallerId(number="+15125550199")
        assert got.rows[0].updated_at == datetime(2022, 4, 6, 15, 5, 10, tzinfo=UTC)
        assert (got.rows[2].communication.agent, got.rows[2].communication.dialing) == ("agent7", None)
        assert (got.rows[3].communication.caller_id, got.rows[3].communication.address) == (None, "+15125550100")
        assert got.rows[4].communication.sender == "+15125550199"
        assert list(got.reading.formats.values()) == ["genesys"]
        assert list(got.reading.unknown_columns.values()) == [()]

    def test_a_call_between_telephones_of_the_shop_is_no_contact(self):
        got = read_all(open_log([DATA / "genesys_conversations.json"], LogOptions(consumers_by_number=ON_FILE)))
        assert got.counts.left_out_by == {ProblemKind.NOT_A_COMMUNICATION: 1}

    def test_a_page_on_one_line_and_lines_are_read_alike(self, read):
        records = [conversation(CUSTOMER), conversation(CUSTOMER, conversationId="g2")]
        page = read(json.dumps({"conversations": records, "cursor": "x"}), "page.json", consumers_by_number=ON_FILE)
        lines = read("\n".join(map(json.dumps, records)), "lines.jsonl", consumers_by_number=ON_FILE)
        assert page.ids == lines.ids == ["genesys:g1", "genesys:g2"]

    def test_participants_as_text_are_read(self, genesys):
        got = genesys({**conversation(), "participants": json.dumps([CUSTOMER, AGENT])})
        assert outcomes(got) == ["answered"]

    def test_a_copy_that_is_told_again_counts_once_and_the_later_holds(self, genesys):
        early = conversation(RANG, conversationEnd=None)
        late = conversation(CUSTOMER, AGENT)
        for records in ((early, late), (late, early), (late, conversation(RANG, conversationEnd="2022-04-06T15:01:00Z"))):
            rows, problems = deduplicate(genesys(*records).rows)
            assert [row.communication.outcome for row in rows] == ["answered"]
            assert [problem.kind for problem in problems] == [ProblemKind.DUPLICATE_ID]

    def test_a_field_that_is_new_is_told_and_the_row_kept(self, genesys):
        got = genesys(conversation(CUSTOMER, hologram=1))
        assert len(got.rows) == 1
        assert [each.column for each in got.problems if each.kind is ProblemKind.UNKNOWN_COLUMN] == ["hologram"]


class TestOutcomes:
    @pytest.mark.parametrize(
        ("name", "with_agent", "alone"),
        [
            ("person", "conversation", "answered"), ("lineconnected", "answered", "answered"), ("machine", "voicemail", "voicemail"),
            ("fax", "answered", "answered"),
        ],
    )  # fmt: skip
    def test_the_analysis_says_who_answered(self, genesys, name, with_agent, alone):
        customer = who("customer", session(DIALLED, ANSWERED, dispositionName=f"disposition.classification.callable.{name}"))
        assert outcomes(genesys(conversation(customer, AGENT))) == [with_agent]
        assert outcomes(genesys(conversation(customer))) == [alone]

    @pytest.mark.parametrize(
        ("name", "outcome"),
        [
            ("callable.noanswer", "no_answer"), ("callable.disconnect", "no_answer"), ("callable.busy", "busy"),
            ("callable.sit", "not_connected"), ("uncallable.sit", "not_connected"), ("uncallable.notfound", "not_connected"),
        ],
    )  # fmt: skip
    def test_the_analysis_says_that_nobody_did(self, genesys, name, outcome):
        got = genesys(conversation(who("customer", session(DIALLED, dispositionName=f"disposition.classification.{name}"))))
        assert outcomes(got) == [outcome]

    def test_an_older_name_of_an_analysis_is_the_same(self, genesys):
        got = genesys(conversation(who("customer", session(DIALLED, dispositionName="Busy"))))
        assert [(row.raw_outcome, row.communication.outcome) for row in got.rows] == [
            ("disposition.classification.callable.busy", "busy")
        ]

    def test_an_analysis_that_is_not_known_is_told_and_its_outcome_unknown(self, genesys):
        got = genesys(conversation(who("customer", session(DIALLED, dispositionName="disposition.classification.callable.ghost"))))
        assert outcomes(got) == [None]
        assert got.counts.problems[ProblemKind.UNMAPPED_DISPOSITION] == 1

    @pytest.mark.parametrize(
        ("more", "outcome"),
        [
            ({"disconnectType": "uncallable"}, "not_connected"), ({"disconnectType": "peer"}, "no_answer"),
            ({"disconnectType": "error"}, "no_answer"), ({"disconnectType": "noAnswerTransfer"}, "no_answer"), ({}, "no_answer"),
            ({"q850ResponseCodes": [1]}, "not_connected"), ({"q850ResponseCodes": [3]}, "not_connected"),
            ({"q850ResponseCodes": [22]}, "not_connected"), ({"q850ResponseCodes": [28]}, "not_connected"),
            ({"q850ResponseCodes": [17]}, "busy"), ({"sipResponseCodes": [404]}, "not_connected"), ({"sipResponseCodes": [486]}, "busy"),
            ({"sipResponseCodes": [600]}, "busy"), ({"sipResponseCodes": [604]}, "not_connected"),
            ({"q850ResponseCodes": [18]}, "no_answer"), ({"q850ResponseCodes": [21], "sipResponseCodes": [486]}, "no_answer"),
            ({"disconnectType": "uncallable", "sipResponseCodes": [603]}, "no_answer"),
        ],
    )  # fmt: skip
    def test_a_call_that_did_not_connect_is_what_its_end_and_causes_say(self, genesys, more, outcome):
        assert outcomes(genesys(conversation(who("customer", session({**DIALLED, **more}))))) == [outcome]

    def test_a_voicemail_segment_is_one(self, genesys):
        got = genesys(conversation(who("customer", session(DIALLED, stretch("voicemail", "15:00:20", "15:00:50")))))
        assert outcomes(got) == ["voicemail"]

    def test_an_agent_on_a_line_that_nobody_analysed_may_have_talked(self, genesys):
        record = conversation(CUSTOMER, AGENT)
        assert outcomes(genesys(record)) == ["answered"]
        assert outcomes(genesys(record, conversation_seconds=160)) == ["conversation"]
        assert outcomes(genesys(record, conversation_seconds=161)) == ["answered"]

    def test_an_agent_who_was_there_at_another_time_did_not_talk(self, genesys):
        later = who("agent", session(stretch("interact", "15:03:00", "15:09:00")), userId="agent6")
        customer = who("customer", session(DIALLED, ANSWERED, dispositionName="disposition.classification.callable.person"))
        assert outcomes(genesys(conversation(customer, later), conversation_seconds=1)) == ["answered"]

    def test_a_queue_that_no_agent_left_is_abandoned(self, genesys):
        queue = who("acd", session(stretch("interact", "15:00:10", "15:03:00")))
        assert outcomes(genesys(conversation(CUSTOMER, queue))) == ["abandoned"]
        assert outcomes(genesys(conversation(CUSTOMER, queue, AGENT))) == ["answered"]

    def test_a_call_passed_from_agent_to_agent_is_one_conversation(self, genesys):
        second = who("agent", session(stretch("interact", "15:02:00", "15:03:00")), userId="agent8")
        got = genesys(conversation(CUSTOMER, AGENT, second))
        assert outcomes(got) == ["conversation"]
        assert got.rows[0].communication.agent == "agent6"

    def test_a_supervisor_who_listens_in_is_no_second_agent(self, genesys):
        listening = session(stretch("interact", "15:01:00", "15:02:00"), monitoredParticipantId="p-agent6")
        assert outcomes(genesys(conversation(CUSTOMER, AGENT, who("user", listening, userId="chief")))) == ["answered"]

    def test_a_code_against_which_an_agent_talked_is_told_and_counts(self, genesys):
        customer = who("customer", session(DIALLED, ANSWERED, dispositionName="disposition.classification.callable.busy"))
        got = genesys(conversation(customer, AGENT))
        assert outcomes(got) == ["answered"]
        assert got.counts.problems[ProblemKind.CONTRADICTION] == 1

    def test_times_that_cannot_be_read_leave_open_whether_anybody_talked(self, genesys):
        broken = who("agent", session({"segmentType": "interact", "segmentStart": "2022-04-06 15:00:20"}), userId="agent6")
        got = genesys(conversation(CUSTOMER, broken))
        assert outcomes(got) == [None]
        told = [each for each in got.problems if each.kind is ProblemKind.BAD_VALUE]
        assert [(each.consumer_id, each.column, each.left_out) for each in told] == [("c1", "participants", False)]
        assert "no zone" in told[0].message

    def test_a_call_in_with_an_agent_is_a_conversation_and_without_is_answered(self, genesys):
        inbound = who("customer", session(ANSWERED, direction="inbound", ani=THEIRS, dnis=OURS))
        agent = who("agent", session(ANSWERED, direction="inbound", ani=THEIRS, dnis=OURS), userId="agent6")
        assert outcomes(genesys(conversation(inbound, agent))) == ["conversation"]
        assert outcomes(genesys(conversation(inbound))) == ["answered"]


class TestWrapUps:
    def record(self, code: str, *segments: object) -> dict[str, object]:
        agent = who("agent", session(stretch("wrapup", "15:03:00", "15:03:10", wrapUpCode=code)), userId="agent6")
        return conversation(who("customer", session(*(segments or (DIALLED,)))), agent)

    @pytest.mark.parametrize("line", [each for each in load_dispositions("genesys").table() if each.code.startswith("wrapup/")])
    def test_each_of_the_systems_own_is_known(self, genesys, line):
        got = genesys(self.record(line.code.partition("/")[2]))
        assert got.counts.problems[ProblemKind.UNMAPPED_DISPOSITION] == 0
        assert outcomes(got) == ["no_answer" if line.outcome in ("unknown", "no_contact") else line.outcome]

    def test_one_may_be_written_with_underscores(self, genesys):
        got = genesys(self.record("ININ-OUTBOUND-NUMBER_COULD_NOT_BE_DIALED"))
        assert outcomes(got) == ["not_connected"]

    def test_one_that_says_that_nothing_was_dialled_is_no_contact_where_nothing_was(self, genesys):
        got = genesys(self.record("ININ-OUTBOUND-PREVIEW-SKIPPED", stretch("scheduled", "15:00:00", "15:00:01")))
        assert got.rows == []
        assert got.counts.not_a_communication == 1

    def test_one_of_the_shops_is_told_until_a_file_says_what_it_means(self, genesys, tmp_path):
        record = self.record("a1b2", DIALLED, ANSWERED)
        got = genesys(record)
        assert outcomes(got) == ["answered"]
        assert [each.value for each in got.problems if each.kind is ProblemKind.UNMAPPED_DISPOSITION] == ["wrapup/a1b2"]
        own = tmp_path / "own.yaml"
        own.write_text("wrapup/a1b2: {outcome: conversation, event: {type: medium_refused, channel: call}}\n")
        got = genesys(record, dispositions=own)
        assert [(row.raw_outcome, row.communication.outcome) for row in got.rows] == [("wrapup/a1b2", "conversation")]
        assert [(each.consumer_id, each.event.type, each.event.channel) for each in got.events] == [
            ("c1", "medium_refused", "call")
        ]
        assert got.counts.problems[ProblemKind.UNMAPPED_DISPOSITION] == 0


class TestWhatIsOneCall:
    def test_a_callback_stands_at_its_dialling_and_each_dialling_is_a_call(self, genesys):
        asked = session(stretch("scheduled", "15:00:00", "17:00:00"), mediaType="callback", direction="inbound")
        first = session(stretch("dialing", "17:00:00", "17:00:30", disconnectType="peer"), sessionId="s2")
        again = session(stretch("dialing", "17:05:00", "17:05:10"), stretch("interact", "17:05:10", "17:06:00"), sessionId="s3")
        got = genesys(conversation(who("customer", asked, again, first)))
        assert [(row.communication.id, row.communication.at.hour, row.communication.at.minute) for row in got.rows] == [
            ("genesys:g1", 17, 0), ("genesys:g1/s3", 17, 5),
        ]  # fmt: skip
        assert outcomes(got) == ["no_answer", "answered"]
        assert len(deduplicate(got.rows)[0]) == 2

    def test_a_callback_that_was_not_dialled_is_no_contact(self, genesys):
        asked = session(stretch("scheduled", "15:00:00", "17:00:00"), mediaType="callback", direction="inbound")
        got = genesys(conversation(who("customer", asked)))
        assert (got.rows, got.counts.not_a_communication) == ([], 1)

    def test_a_preview_is_not_dialled_by_the_dialer(self, genesys):
        preview = session(stretch("interact", "15:00:00", "15:00:02"), mediaType="callback")
        call = session(DIALLED, outboundCampaignId="camp1")
        assert genesys(conversation(who("customer", preview, call))).rows[0].communication.dialing is None
        assert genesys(conversation(who("customer", call))).rows[0].communication.dialing == "autodialed"

    def test_a_session_without_a_dialling_of_its_own_is_a_leg(self, genesys):
        moved = session(stretch("interact", "15:05:00", "15:06:00"), sessionId="s2")
        assert len(genesys(conversation(who("customer", session(DIALLED, ANSWERED), moved))).rows) == 1

    def test_an_agents_dialling_alone_is_a_call(self, genesys):
        agent = who("user", session(DIALLED, ani="sip:agent6@example.com"), userId="agent6")
        got = genesys(conversation(agent))
        assert [(row.consumer_id, row.communication.outcome, row.communication.agent) for row in got.rows] == [
            ("c1", "no_answer", "agent6")
        ]
        assert got.rows[0].communication.caller_id is None

    def test_an_agents_dialling_beside_the_customers_is_the_same_call_and_before_it_another(self, genesys):
        beside = who("user", session(stretch("dialing", "15:00:01", "15:00:10"), ANSWERED), userId="agent6")
        before = who("user", session(stretch("dialing", "14:58:00", "14:58:30")), userId="agent6")
        assert len(genesys(conversation(CUSTOMER, beside)).rows) == 1
        assert len(genesys(conversation(CUSTOMER, beside, before)).rows) == 2

    def test_another_number_is_a_call_of_its_own_to_a_person_unknown(self, genesys):
        other = session(stretch("dialing", "15:04:00", "15:04:10"), dnis="tel:+15125550177", sessionId="s9")
        got = genesys(conversation(CUSTOMER, AGENT, who("external", other)))
        assert [(row.consumer_id, row.communication.address, row.communication.person) for row in got.rows] == [
            ("c1", "+15125550100", None), ("c1", "+15125550177", Person(role="unknown")),
        ]  # fmt: skip
        assert got.counts.problems[ProblemKind.ASSUMPTION] == 1

    def test_another_number_on_file_stands_in_the_log_of_its_owner_too(self, genesys):
        other = session(stretch("dialing", "15:04:00", "15:04:10"), dnis="tel:+15125550177", sessionId="s9")
        got = genesys(
            conversation(CUSTOMER, who("external", other)), consumers_by_number={**ON_FILE, "+15125550177": ("c7",)}
        )
        assert [(row.consumer_id, row.communication.person) for row in got.rows] == [
            ("c1", None), ("c1", Person(role="unknown")), ("c7", None),
        ]  # fmt: skip


class TestAddresses:
    @pytest.mark.parametrize("written", [THEIRS, "+15125550100", "sip:+15125550100@carrier.example.com", "5125550100", "tel:+15125550100;x=1"])
    def test_a_number_is_read_however_it_is_written(self, genesys, written):
        assert genesys(conversation(who("customer", session(DIALLED, dnis=written)))).rows[0].communication.address == "+15125550100"

    def test_a_withheld_number_is_nobodys(self, genesys):
        inbound = session(ANSWERED, direction="inbound", ani="sip:anonymous@anonymous.invalid", dnis=OURS)
        got = genesys(conversation(who("customer", inbound)))
        assert got.rows == []
        assert got.counts.left_out_by == {ProblemKind.MISSING_FIELD: 1}

    def test_a_number_that_cannot_be_read_is_told_of_whose_the_row_is(self, genesys):
        record = conversation(who("customer", session(DIALLED, dnis="tel:+1512"), attributes={"Account No": "A-1"}))
        got = genesys(record, consumer_column="Account No")
        assert [(row.consumer_id, row.communication.address) for row in got.rows] == [("A-1", None)]
        assert [each.value for each in got.problems if each.kind is ProblemKind.BAD_VALUE] == ["tel:+1512"]
        assert genesys(record).counts.left_out_by == {ProblemKind.MISSING_FIELD: 1}

    def test_an_email_goes_to_each_of_its_recipients(self, genesys):
        email = session(
            mediaType="email", ani=None, dnis=None, addressFrom="shop@example.com", cc=["sam@example.com"],
            addressTo="Pat <Pat@example.com>; lee@example.com", sessionId="s4",
        )  # fmt: skip
        got = genesys(conversation(who("external", email)))
        assert [(row.consumer_id, row.communication.address, row.communication.person) for row in got.rows] == [
            ("c2", "pat@example.com", None), ("c2", "lee@example.com", Person(role="unknown")),
            ("c2", "sam@example.com", Person(role="unknown")),
        ]  # fmt: skip
        assert len(set(got.ids)) == 3
        said = got.rows[0].communication
        assert (said.channel, said.outcome, said.sender) == ("email", None, "shop@example.com")
        assert said.at == datetime(2022, 4, 6, 15, tzinfo=UTC)

    def test_an_email_that_came_in_is_its_senders(self, genesys):
        email = session(mediaType="email", direction="inbound", addressFrom="pat@example.com", addressTo="shop@example.com")
        said = genesys(conversation(who("customer", email))).rows[0].communication
        assert (said.direction, said.address, said.outcome, said.sender) == ("inbound", "pat@example.com", "delivered", None)

    def test_an_email_of_which_only_the_agents_session_tells_counts(self, genesys):
        email = session(mediaType="email", addressFrom="shop@example.com", addressTo="pat@example.com")
        assert [row.consumer_id for row in genesys(conversation(who("agent", email, userId="agent6"))).rows] == ["c2"]

    @pytest.mark.parametrize(
        ("kind", "channel"),
        [("sms", "text"), ("whatsapp", "text"), ("facebook", "social_media"), ("webmessaging", None)],
    )
    def test_a_message_is_what_its_type_says(self, genesys, kind, channel):
        message = session(mediaType="message", messageType=kind, addressTo="+15125550100", ani=None, dnis=None)
        got = genesys(conversation(who("customer", message)))
        assert got.rows[0].communication.channel == channel
        assert got.counts.problems[ProblemKind.BAD_VALUE] == (channel is None)

    @pytest.mark.parametrize(
        ("status", "outcome"),
        [
            ("Queued", None), ("Published", None), ("DeliveryPushed", None), ("Sent", None), ("Received", "delivered"), ("Read", "delivered"),
            ("DeliverySuccess", "delivered"), ("DeliveryFailed", "undeliverable"), ("Failed", "undeliverable"), (None, None),
        ],
    )  # fmt: skip
    def test_a_message_ends_as_its_receipt_says(self, genesys, status, outcome):
        message = session(mediaType="message", messageType="sms", addressTo="+15125550100", deliveryStatus=status)
        got = genesys(conversation(who("customer", message)))
        assert outcomes(got) == [outcome]
        assert got.counts.problems[ProblemKind.UNMAPPED_DISPOSITION] == 0

    def test_an_agents_dialling_without_a_direction_is_taken_as_outbound(self, genesys):
        agent = who("user", session(DIALLED, direction=None, ani="sip:agent6@example.com"), userId="agent6")
        got = genesys(conversation(agent, originatingDirection=None))
        assert [row.communication.direction for row in got.rows] == ["outbound"]

    def test_a_direction_that_nothing_tells_is_taken_as_outbound_and_told(self, genesys):
        got = genesys(conversation(who("customer", session(DIALLED, direction=None)), originatingDirection=None))
        assert got.rows[0].communication.direction == "outbound"
        assert got.counts.problems[ProblemKind.BAD_VALUE] == 1


class TestWhose:
    RECORD = conversation(
        who("customer", session(DIALLED, outboundContactId="k-1"), attributes={"Account No": "A-1", "n": 7}), externalTag="T-1"
    )

    @pytest.mark.parametrize(("column", "consumer"), [("account-no", "A-1"), ("outboundContactId", "k-1"), ("externalTag", "T-1")])
    def test_an_attribute_or_id_tells_whose_it_is_and_which_debt(self, genesys, column, consumer):
        got = genesys(self.RECORD, consumer_column=column, debt_column=column)
        assert [(row.consumer_id, row.communication.debts) for row in got.rows] == [(consumer, (consumer,))]

    def test_a_debt_on_file_tells_its_consumers(self, genesys):
        got = genesys(self.RECORD, debt_column="Account No", consumers_by_debt={"A-1": ("ann", "bob")}, consumers_by_number={})
        assert [row.consumer_id for row in got.rows] == ["ann", "bob"]

    def test_a_number_that_is_on_file_for_nobody_stands_for_itself(self, genesys):
        assert [row.consumer_id for row in genesys(self.RECORD, consumers_by_number={}).rows] == ["+15125550100"]


class TestWhatCannotBeRead:
    @pytest.mark.parametrize("participants", [None, "x", 5, {"purpose": "customer"}])
    def test_without_participants_the_row_is_lost(self, genesys, participants):
        got = genesys({**conversation(), "participants": participants}, conversation(CUSTOMER, conversationId="g2"))
        assert got.ids == ["genesys:g2"]
        assert got.counts.rows_unreadable == 1

    @pytest.mark.parametrize("participants", [[5], [{"purpose": "customer", "sessions": 5}], [{"purpose": "customer", "sessions": ["x"]}]])
    def test_a_part_that_may_hide_the_contact_loses_the_row(self, genesys, participants):
        got = genesys(conversation(*participants))
        assert (got.rows, got.counts.left_out_by) == ([], {ProblemKind.BAD_VALUE: 1})

    @pytest.mark.parametrize("participants", [[], [{"purpose": "customer"}], [{"purpose": "customer", "sessions": []}]])
    def test_without_any_session_the_row_is_lost(self, genesys, participants):
        got = genesys(conversation(*participants))
        assert (got.rows, got.counts.left_out_by) == ([], {ProblemKind.MISSING_FIELD: 1})

    def test_a_part_beside_the_contact_is_told_and_the_row_kept(self, genesys):
        got = genesys(conversation(CUSTOMER, {"purpose": "agent", "sessions": [7], "attributes": 5}))
        assert len(got.rows) == 1
        assert got.counts.problems[ProblemKind.BAD_VALUE] == 2

    def test_without_any_time_the_row_is_lost_for_whose_it_is(self, genesys):
        bare = who("customer", session({"segmentType": "dialing"}))
        got = genesys(conversation(bare, conversationStart=None))
        assert [(each.kind, each.consumer_id) for each in got.problems if each.left_out] == [(ProblemKind.MISSING_FIELD, "c1")]

    def test_a_broken_line_is_whose_number_stands_in_it(self, read):
        text = json.dumps(conversation(CUSTOMER)) + "\n" + json.dumps(conversation(CUSTOMER, conversationId="g2"))[:-30] + "\n"
        got = read(text, "log.jsonl", format="genesys", consumers_by_number=ON_FILE)
        assert got.ids == ["genesys:g1"]
        assert [each.consumer_id for each in got.problems if each.left_out] == ["c1"]
