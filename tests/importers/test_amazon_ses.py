"""Amazon SES's events, with the messages of a made-up shop."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from fdcpa_guard.facts.importers.dispositions import load_dispositions
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Witness, deduplicate
from fdcpa_guard.facts.models import Person

ON_FILE = {"pat@example.com": ("c1",), "lee@example.com": ("c2",)}
SENT = datetime(2022, 4, 6, 15, tzinfo=UTC)
BOTH = ["Pat@example.com", "lee@example.com"]
KEYS = {"DeliveryDelay": "deliveryDelay", "Rendering Failure": "failure"}
NAMED = {"Bounce": "bouncedRecipients", "Complaint": "complainedRecipients", "DeliveryDelay": "delayedRecipients"}


def event(name: str, to: object = "Pat@example.com", hour: int = 16, **more: object) -> dict[str, object]:
    recipients = to if isinstance(to, list) else [to]
    detail: dict[str, object] = dict(more)
    if name not in ("Send", "Reject", "Rendering Failure"):
        detail = {"timestamp": f"2022-04-06T{hour:02}:00:00.669Z", **more}
    if name in NAMED:
        detail.setdefault(NAMED[name], [{"emailAddress": each, "status": "5.1.1"} for each in recipients])
    if name == "Delivery":
        detail.setdefault("recipients", recipients)
    return {
        "eventType": name,
        "mail": {
            "timestamp": "2022-04-06T15:00:00.000Z", "source": "Six <Desk@example.com>", "messageId": "m1",
            "destination": recipients, "headersTruncated": False, "commonHeaders": {"subject": "Your account"},
            "tags": {"ses:configuration-set": ["main"], "Account": ["A-1001"]},
        },
        KEYS.get(name, name.lower()): detail,
    }  # fmt: skip


def of_two(record: dict[str, object]) -> dict[str, object]:
    return {**record, "mail": {**record["mail"], "destination": BOTH}}  # type: ignore[dict-item]


def lines(*events: dict[str, object]) -> str:
    return "\n".join(map(json.dumps, events))


@pytest.fixture
def ses(read):
    def do(*events: dict[str, object], **options: object):
        return read(lines(*events), "log.jsonl", **{"consumers_by_number": ON_FILE, **options})

    return do


def test_the_events_of_a_message_are_one_email_at_the_time_it_was_sent(ses):
    events = [event("Open", hour=18), event("Delivery"), event("Send"), event("DeliveryDelay", hour=15)]
    got = ses(*events)
    assert list(got.reading.formats.values()) == ["amazon_ses"]
    assert list(got.reading.unknown_columns.values()) == [()]
    kept, problems = deduplicate(got.rows)
    assert [(row.consumer_id, row.communication.at, row.communication.outcome) for row in kept] == [("c1", SENT, "delivered")]
    said = kept[0].communication
    assert (said.id, said.channel, said.address) == ("amazon_ses:m1/pat@example.com", "email", "pat@example.com")
    assert (said.sender, said.subject, said.direction) == ("desk@example.com", "Your account", "outbound")
    assert problems == []


def test_without_its_sending_an_event_tells_the_same_time(ses):
    kept, problems = deduplicate(ses(event("Delivery", hour=20)).rows)
    assert ([row.communication.at for row in kept], problems) == ([SENT], [])


def test_an_event_that_is_delivered_again_changes_nothing(ses):
    kept, problems = deduplicate(ses(event("Send"), event("Send"), event("Delivery"), event("Delivery")).rows)
    assert len(kept) == 1
    assert [each.kind for each in problems] == [ProblemKind.DUPLICATE_ID]


def test_the_latest_event_tells_the_outcome_in_any_order(ses):
    for events in ([event("Bounce", hour=20), event("Delivery")], [event("Delivery"), event("Bounce", hour=20)]):
        assert [row.communication.outcome for row in deduplicate(ses(*events).rows)[0]] == ["undeliverable"]


def test_an_automatic_answer_takes_nothing_from_a_delivery(ses):
    answer = event("Bounce", hour=20, bounceType="Transient", bounceSubType="General")
    kept, _ = deduplicate(ses(event("Delivery"), answer).rows)
    assert [row.communication.outcome for row in kept] == ["delivered"]


@pytest.mark.parametrize(("record", "code", "outcome", "refused"), [
    (event("Send"), "send", None, False),
    (event("Delivery"), "delivery", "delivered", False),
    (event("DeliveryDelay"), "deliverydelay", None, False),
    (event("Bounce"), "bounce", "undeliverable", False),
    (event("Bounce", bounceType="Permanent", bounceSubType="NoEmail"), "bounce/permanent/noemail", "undeliverable", False),
    (event("Bounce", bounceType="Transient", bounceSubType="MailboxFull"),
     "bounce/transient/mailboxfull", "undeliverable", False),
    (event("Bounce", bounceType="Transient", bounceSubType="General"), "bounce/transient/general", None, False),
    (event("Bounce", bounceType="Undetermined", bounceSubType="Undetermined"),
     "bounce/undetermined/undetermined", None, False),
    (event("Bounce", bounceType="Permanent", bounceSubType="Suppressed"),
     "bounce/permanent/suppressed", "undeliverable", False),
    (event("Bounce", bounceType="Permanent", bounceSubType="OnAccountSuppressionList"),
     "bounce/permanent/onaccountsuppressionlist", "undeliverable", False),
    (event("Bounce", bounceType="Permanent", bounceSubType="UnsubscribedRecipient"),
     "bounce/permanent/unsubscribedrecipient", "undeliverable", True),
    (event("Complaint"), "complaint", "delivered", True),
    (event("Complaint", complaintFeedbackType="abuse"), "complaint/abuse", "delivered", True),
    (event("Complaint", complaintFeedbackType="not-spam"), "complaint/not-spam", "delivered", False),
    (event("Complaint", complaintFeedbackType="auth-failure"), "complaint/auth-failure", None, False),
    (event("Complaint", complaintSubType="OnAccountSuppressionList", complaintFeedbackType="abuse"),
     "complaint/onaccountsuppressionlist", "undeliverable", True),
    (event("Open"), "open", "delivered", False),
    (event("Click"), "click", "delivered", False),
    (event("Subscription", newTopicPreferences={"unsubscribeAll": True}), "subscription", "delivered", True),
    (event("Subscription", newTopicPreferences={
        "unsubscribeAll": False, "topicSubscriptionStatus": [{"topicName": "t", "subscriptionStatus": "OptOut"}],
    }), "subscription", "delivered", True),
    (event("Subscription"), "subscription", "delivered", True),
    (event("Subscription", newTopicPreferences={
        "unsubscribeAll": False, "topicSubscriptionStatus": [{"topicName": "t", "subscriptionStatus": "OptIn"}],
    }), "subscription/optin", "delivered", False),
])  # fmt: skip
def test_each_event_says_how_it_ended_and_whether_email_was_refused(ses, record, code, outcome, refused):
    got = ses(record)
    assert [(row.raw_outcome, row.communication.outcome) for row in got.rows] == [(code, outcome)]
    assert [(each.event.type, each.event.channel, each.event.address) for each in got.events] == (
        [("medium_refused", "email", "pat@example.com")] if refused else []
    )
    assert all(each.event.at == datetime(2022, 4, 6, 16, 0, 0, 669000, UTC) for each in got.events)
    assert [row.witness for row in got.rows] == [Witness.ACT if code == "send" else Witness.OUTCOME]
    assert not any(each.kind is ProblemKind.UNMAPPED_DISPOSITION for each in got.problems)


def test_every_line_of_the_table_is_tried():
    """Those above but the kinds without a line, and in this file the two that were not sent and the four of several."""
    assert len(load_dispositions("amazon_ses").table()) == 23


@pytest.mark.parametrize("name", ["Reject", "Rendering Failure"])
def test_what_was_not_sent_is_no_communication(ses, name):
    got = ses(event(name))
    assert (got.rows, got.events, got.counts.not_a_communication) == ([], [], 1)


def test_a_notification_of_an_identity_has_another_name_for_the_event(ses):
    record = event("Bounce")
    record["notificationType"] = record.pop("eventType")
    got = ses(record)
    assert list(got.reading.formats.values()) == ["amazon_ses"]
    assert [row.raw_outcome for row in got.rows] == ["bounce"]


class TestSeveralRecipients:
    def test_a_message_to_several_is_a_communication_with_each(self, ses):
        kept, _ = deduplicate(ses(event("Send", BOTH)).rows)
        assert [(row.consumer_id, row.communication.address) for row in kept] == [
            ("c1", "pat@example.com"), ("c2", "lee@example.com"),
        ]  # fmt: skip

    def test_an_event_is_of_those_that_it_names(self, ses):
        got = ses(event("Send", BOTH), of_two(event("Bounce", "lee@example.com")), of_two(event("Delivery", "pat@example.com")))
        kept, _ = deduplicate(got.rows)
        assert [(row.consumer_id, row.communication.outcome) for row in kept] == [
            ("c1", "delivered"), ("c2", "undeliverable"),
        ]  # fmt: skip

    @pytest.mark.parametrize(("name", "refused"), [
        ("Open", False), ("Click", False), ("Complaint", True), ("Subscription", True),
    ])  # fmt: skip
    def test_what_one_of_several_did_proves_nothing_of_another_and_refuses_for_each(self, ses, name, refused):
        got = ses(event(name, BOTH))
        assert [(row.raw_outcome, row.communication.outcome) for row in got.rows] == [(f"{name.lower()}/several", None)] * 2
        assert [each.consumer_id for each in got.events] == (["c1", "c2"] if refused else [])
        assert any("may have complained" in each for each in got.messages) == (name == "Complaint")

    def test_a_copy_to_somebody_else_is_a_contact_of_the_consumer_and_of_whose_address_it_is(self, ses):
        got = ses(event("Send", [*BOTH, "new@example.com"]), consumer_column="account", debt_column="Account")
        assert [
            (row.consumer_id, row.communication.address, row.communication.person, row.communication.debts)
            for row in got.rows
        ] == [
            ("A-1001", "pat@example.com", Person(role="unknown"), ("A-1001",)),
            ("c1", "pat@example.com", None, None),
            ("A-1001", "lee@example.com", Person(role="unknown"), ("A-1001",)),
            ("c2", "lee@example.com", None, None),
            ("A-1001", "new@example.com", Person(role="unknown"), ("A-1001",)),
        ]


def test_the_consumer_and_the_debt_come_from_tags(ses):
    got = ses(event("Send"), consumer_column="Account", debt_column="account")
    assert [(row.consumer_id, row.communication.debts, row.communication.person) for row in got.rows] == [
        ("A-1001", ("A-1001",), None)
    ]


def test_a_name_before_an_address_is_passed_over(ses):
    assert ses(event("Send", '"Pat" <Pat@example.com>')).rows[0].communication.address == "pat@example.com"


@pytest.mark.parametrize("address", ["success@simulator.amazonses.com", "Bounce+1@Simulator.AmazonSES.com"])
def test_the_mailbox_simulator_is_nobody(ses, address):
    got = ses(event("Send", address), event("Bounce", address), event("Send", [address, "lee@example.com"]))
    assert ([row.consumer_id for row in got.rows], got.counts.not_a_communication) == (["c2"], 2)


def test_records_that_stand_one_after_the_other_are_read(read):
    got = read(json.dumps(event("Send")) + json.dumps(event("Delivery")), "log.json", consumers_by_number=ON_FILE)
    assert len(got.rows) == 2


def test_a_time_with_an_offset_is_kept_and_one_without_refused(ses):
    record = event("Send")
    record["mail"] = {**record["mail"], "timestamp": "2022-04-06T15:00:00-04:00"}  # type: ignore[dict-item]
    assert ses(record).rows[0].communication.at.utcoffset() == timedelta(hours=-4)
    record["mail"] = {**record["mail"], "timestamp": "2022-04-06T15:00:00"}
    got = ses(record)
    assert (got.rows, [each.column for each in got.problems if each.left_out]) == ([], ["mail"])


@pytest.mark.parametrize("detail", [None, [], {"timestamp": "yesterday"}, {"complainedRecipients": [{"emailAddress": "x"}]}, {}])
def test_a_complaint_that_cannot_be_read_is_lost_as_its_consumers(ses, detail):
    got = ses(event("Delivery"), {**event("Complaint"), "complaint": detail})
    assert (len(got.rows), got.events) == (1, [])
    assert [(each.column, each.consumer_id) for each in got.problems if each.left_out] == [("complaint", "c1")]


@pytest.mark.parametrize("mail", [None, [], {}, {"timestamp": "2022-04-06T15:00:00Z", "destination": "x"}])
def test_an_event_of_no_message_is_lost_as_those_that_it_names(ses, mail):
    got = ses(event("Delivery"), {**event("Bounce", "lee@example.com"), "mail": mail})
    assert [(each.column, each.consumer_id) for each in got.problems if each.left_out] == [("mail", "c2")]


def test_without_the_id_of_its_message_an_outcome_is_lost(ses):
    record = event("Delivery")
    record["mail"] = {**record["mail"], "messageId": None}  # type: ignore[dict-item]
    assert [(each.column, each.consumer_id) for each in ses(record).problems if each.left_out] == [("mail", "c1")]


def test_one_to_nobody_is_left_out(ses):
    record = event("Send")
    record["mail"] = {**record["mail"], "destination": []}  # type: ignore[dict-item]
    got = ses(record)
    assert (got.rows, got.counts.rows_unreadable) == ([], 1)


def test_an_event_that_is_new_is_told_and_shows_a_message(ses):
    got = ses({**event("Send"), "eventType": "Teleported"})
    assert [(row.communication.outcome, row.communication.at) for row in got.rows] == [(None, SENT)]
    assert any(each.endswith("(found `teleported`)") for each in got.messages)
