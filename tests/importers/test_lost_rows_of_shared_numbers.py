"""A row that is left out is missing in the log of each consumer whose number it may have reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdcpa_guard.facts.importers.problems import Problem, ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, LogRow, open_log

SHARED = {"+15125550100": ("ann", "bob"), "pat@example.com": ("ann", "bob")}
CDR = "start,src,dst,channel,dstchannel,lastapp,lastdata,billsec,disposition,uniqueid\n"
CONTACT = (
    '{"ContactId": "k1", "Channel": "VOICE", "InitiationMethod": "OUTBOUND", "InitiationTimestamp": %s, '
    '"CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15125550100"}}\n'
)


@pytest.mark.parametrize(
    ("format_", "name", "text"),
    [
        ("twilio", "calls.csv", "sid,to,from,direction,status,start_time\nCA1,+15125550100,+15125550199,outbound-api,completed,\n"),
        ("asterisk", "cdr.csv", CDR + ",101,95125550100,SIP/al-00000001,SIP/out-00000002,Dial,SIP/out/5125550100,0,BUSY,1649257200.1\n"),
        ("asterisk", "cdr.csv", CDR + "2022-04-06 10:00:00,101,95125550100,SIP/al-00000001,SIP/out-00000002,Dial,SIP/out/5125550100,0,,1.1\n"),
        ("amazon_connect", "contacts.jsonl", CONTACT % "null"),
        ("five9", "log.csv", "CALL ID,TIMESTAMP,CALL TYPE,DISPOSITION,ANI,DNIS\n1,,Outbound,Busy,5125550199,5125550100\n"),
        ("genesys", "log.jsonl", '{"conversationId": "g1", "participants": [{"purpose": "customer", "sessions": [{"mediaType": "voice", '
                                 '"direction": "outbound", "dnis": "tel:+15125550100"}]}]}\n'),
        ("freeswitch", "cdr.csv", "destination_number,hangup_cause,start_stamp,uuid\n95125550100,NO_ANSWER,,u1\n"),
        ("freeswitch", "log.jsonl", '{"core-uuid": "u0", "variables": {"hangup_cause": "NO_ANSWER", "uuid": "u1"}, "callflow": '
                                    '[{"caller_profile": {"destination_number": "5125550100"}}]}\n'),
        ("ringcentral", "log.jsonl", '{"sessionId": "1", "direction": "Outbound", "result": "Busy", "startTime": "soon", '
                                     '"to": {"phoneNumber": "+15125550100"}}\n'),
        ("amazon_ses", "log.jsonl", '{"eventType": "Open", "open": {}, "mail": {"timestamp": "2022-04-06T15:00:00Z", '
                                    '"messageId": "m1", "destination": ["Pat@example.com"]}}\n'),
        ("postmark", "events.jsonl", '{"RecordType": "Delivery", "MessageID": "m1", "Recipient": "pat@example.com", "DeliveredAt": null}\n'),
        ("postmark", "events.jsonl", '{"RecordType": null, "MessageID": "m1", "Recipient": "Pat@example.com"}\n'),
        ("sendgrid", "events.jsonl", '{"email": "pat@example.com", "event": null, "timestamp": 1649257200, "sg_message_id": "m1"}\n'),
        ("vicidial", "export.csv", "call_date,phone_number,status,user,campaign_id\n,5125550100,NA,6001,C1\n"),
    ],
)
def test_each_of_them_has_lost_it(format_: str, name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    options = LogOptions(format=format_, zone="America/Chicago", consumers_by_number=SHARED)
    reading = open_log([tmp_path / name], options)
    lost = [item for item in reading if isinstance(item, Problem) and item.left_out]
    assert [problem.consumer_id for problem in lost] == ["ann", "bob"]
    assert reading.counts.rows_left_out == 1


def test_a_value_that_could_not_be_read_is_told_of_each_of_them(tmp_path: Path) -> None:
    (tmp_path / "contacts.jsonl").write_text(CONTACT % '"2022-04-06T10:00:00"', encoding="utf-8")
    options = LogOptions(format="amazon_connect", consumers_by_number=SHARED)
    problems = [item for item in open_log([tmp_path / "contacts.jsonl"], options) if isinstance(item, Problem)]
    assert [(each.left_out, each.consumer_id) for each in problems if each.consumer_id] == [
        (False, "ann"), (False, "bob"), (True, "ann"), (True, "bob"),
    ]  # fmt: skip


def test_a_broken_line_is_lost_for_each_of_them(tmp_path: Path) -> None:
    broken = '{"sid": "CA2", "to": "+15125550100", "from": "+15125550199", "direction": "outbound-api", "status"\n'
    whole = '{"sid": "CA1", "to": "+15125550101", "from": "+15125550199", "direction": "outbound-api", "status": "busy"}\n'
    (tmp_path / "calls.jsonl").write_text(whole + broken, encoding="utf-8")
    reading = open_log([tmp_path / "calls.jsonl"], LogOptions(format="twilio", consumers_by_number=SHARED))
    lost = [item for item in reading if isinstance(item, Problem) and item.kind is ProblemKind.BROKEN_RECORD]
    assert [problem.consumer_id for problem in lost] == ["ann", "bob"]


def test_an_account_of_several_people_has_lost_it_for_each(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(
        "call_date,phone_number_dialed,status,vendor_lead_code\n,5125550100,NA,A-1\n", encoding="utf-8"
    )
    options = LogOptions(zone="America/Chicago", consumers_by_debt={"A-1": ("ann", "bob")})
    lost = [item for item in open_log([tmp_path / "export.csv"], options) if isinstance(item, Problem) and item.left_out]
    assert [problem.consumer_id for problem in lost] == ["ann", "bob"]


class TestTheColumnsThatTheCallerNames:
    ROW = "sid,to,from,direction,status,start_time,Account No\nCA1,+15125550100,+15125550199,outbound-api,busy,{},{}\n"

    def read(self, tmp_path: Path, text: str, **named: str) -> list[object]:
        (tmp_path / "calls.csv").write_text(text, encoding="utf-8")
        return list(open_log([tmp_path / "calls.csv"], LogOptions(format="twilio", consumers_by_number=SHARED, **named)))  # type: ignore[arg-type]

    def test_their_names_may_be_written_as_in_the_file(self, tmp_path: Path) -> None:
        text = self.ROW.format('"Wed, 06 Apr 2022 15:00:00 +0000"', "A-1")
        items = self.read(tmp_path, text, consumer_column="Account No", debt_column="account-no")
        rows = [item for item in items if isinstance(item, LogRow)]
        assert [(row.consumer_id, row.communication.debts) for row in rows] == [("A-1", ("A-1",))]
        assert not [item for item in items if isinstance(item, Problem)]

    def test_a_row_that_is_lost_is_of_whom_they_name(self, tmp_path: Path) -> None:
        items = self.read(tmp_path, self.ROW.format("", "A-1"), consumer_column="Account No")
        assert [item.consumer_id for item in items if isinstance(item, Problem)] == ["A-1"]

    @pytest.mark.parametrize("name", ["Account No", "acct"])
    def test_one_that_never_holds_anything_is_told(self, tmp_path: Path, name: str) -> None:
        text = self.ROW.format('"Wed, 06 Apr 2022 15:00:00 +0000"', "")
        items = self.read(tmp_path, text, consumer_column=name)
        told = [item for item in items if isinstance(item, Problem) and item.column == name.lower().replace(" ", "_")]
        assert [problem.kind for problem in told] == [ProblemKind.ASSUMPTION]
        assert "the consumer" in told[0].message


def test_what_was_sent_along_with_a_message_tells_whose_a_lost_event_is(tmp_path: Path) -> None:
    text = '{"RecordType": null, "MessageID": "m1", "Recipient": "pat@example.com", "Metadata": {"Acct-Key": "A-1"}}\n'
    (tmp_path / "events.jsonl").write_text(text, encoding="utf-8")
    options = LogOptions(format="postmark", consumers_by_number=SHARED, consumer_column="acct-key")
    lost = [item for item in open_log([tmp_path / "events.jsonl"], options) if isinstance(item, Problem)]
    assert [problem.consumer_id for problem in lost] == ["A-1"]
