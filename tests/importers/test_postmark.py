"""Postmark's events, with the messages of a made-up shop."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from fdcpa_guard.facts.importers.dispositions import load_dispositions
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Witness, deduplicate

ON_FILE = {"pat@example.com": ("c1",)}
TIMES = {
    "Delivery": ("DeliveredAt", "Recipient"), "Bounce": ("BouncedAt", "Email"), "SpamComplaint": ("BouncedAt", "Email"),
    "Open": ("ReceivedAt", "Recipient"), "Click": ("ReceivedAt", "Recipient"),
    "SubscriptionChange": ("ChangedAt", "Recipient"),
}  # fmt: skip


def event(name: str, hour: int = 15, **more: object) -> dict[str, object]:
    time, address = TIMES[name]
    return {
        "RecordType": name, "MessageID": "m1", "ServerID": 23, "MessageStream": "outbound", "Metadata": {"Account": "A-1001"},
        "Tag": "reminder", time: f"2022-04-06T{hour:02}:00:00.2735393Z", address: "Pat@example.com", **more,
    }  # fmt: skip


def lines(*events: dict[str, object]) -> str:
    return "\n".join(map(json.dumps, events))


def test_the_events_of_a_message_are_one_email_no_later_than_its_delivery(read):
    events = [event("Open", 18), event("Bounce", 16, Type="HardBounce"), event("Delivery")]
    got = read(lines(*events), "log.jsonl", consumers_by_number=ON_FILE)
    assert list(got.reading.formats.values()) == ["postmark"]
    assert list(got.reading.unknown_columns.values()) == [()]
    kept, problems = deduplicate(got.rows)
    said = kept[0].communication
    assert (len(kept), said.id, said.channel, said.address) == (
        1,
        "postmark:m1/pat@example.com",
        "email",
        "pat@example.com",
    )
    assert said.at == datetime(2022, 4, 6, 15, 0, 0, 273539, UTC)
    assert [(each.kind, each.left_out) for each in problems] == [(ProblemKind.ASSUMPTION, False)]


def test_a_bounce_after_the_delivery_is_undeliverable(read):
    got = read(lines(event("Delivery"), event("Bounce", 20, Type="HardBounce")), "log.jsonl")
    assert [row.communication.outcome for row in deduplicate(got.rows)[0]] == ["undeliverable"]


def test_an_offset_is_kept_and_a_time_without_one_refused(read):
    written = "2014-08-01T13:28:10.2735393-04:00"
    got = read(lines(event("Delivery", DeliveredAt=written)), "log.jsonl")
    assert got.rows[0].communication.at.utcoffset() == timedelta(hours=-4)
    got = read(lines(event("Delivery", DeliveredAt=written[:-6])), "log.jsonl", consumers_by_number=ON_FILE)
    assert got.rows == []
    assert ProblemKind.NAIVE_TIME in {each.kind for each in got.problems}
    assert [each.consumer_id for each in got.problems if each.left_out] == ["c1"]


def test_the_consumer_and_the_debt_come_from_what_was_sent_along(read):
    got = read(lines(event("Delivery")), "log.jsonl", consumer_column="Account", debt_column="account")
    assert [(row.consumer_id, row.communication.debts) for row in got.rows] == [("A-1001", ("A-1001",))]


@pytest.mark.parametrize(("record", "code", "outcome", "refused", "witness"), [
    (event("Delivery"), "delivery", "delivered", False, Witness.SOON),
    (event("Open"), "open", "delivered", False, Witness.LATER),
    (event("Click"), "click", "delivered", False, Witness.LATER),
    (event("SpamComplaint", Type="SpamComplaint"), "spamcomplaint", "delivered", True, Witness.LATER),
    (event("Bounce", Type="HardBounce"), "bounce/hardbounce", "undeliverable", False, Witness.SOON),
    (event("Bounce", Type="Blocked"), "bounce/blocked", "undeliverable", False, Witness.SOON),
    (event("Bounce"), "bounce", "undeliverable", False, Witness.SOON),
    (event("Bounce", Type="Transient"), "bounce/transient", None, False, Witness.SOON),
    (event("Bounce", Type="Unknown"), "bounce/unknown", None, False, Witness.SOON),
    (event("Bounce", Type="ChallengeVerification"), "bounce/challengeverification", None, False, Witness.SOON),
    (event("Bounce", Type="Unsubscribe"), "bounce/unsubscribe", "delivered", True, Witness.LATER),
    (event("Bounce", Type="SpamComplaint"), "bounce/spamcomplaint", "delivered", True, Witness.LATER),
    (event("Bounce", Type="Subscribe"), "bounce/subscribe", "delivered", False, Witness.LATER),
    (event("Bounce", Type="AutoResponder"), "bounce/autoresponder", "delivered", False, Witness.LATER),
    (event("Bounce", Type="AddressChange"), "bounce/addresschange", None, False, Witness.LATER),
    (event("SubscriptionChange", SuppressSending=True), "subscriptionchange", None, True, Witness.LATER),
    (event("SubscriptionChange", SuppressSending=True, SuppressionReason="ManualSuppression"),
     "subscriptionchange/manualsuppression", None, True, Witness.LATER),
    (event("SubscriptionChange", SuppressSending=True, SuppressionReason="SpamComplaint"),
     "subscriptionchange/spamcomplaint", "delivered", True, Witness.LATER),
    (event("SubscriptionChange", SuppressSending=True, SuppressionReason="HardBounce"),
     "subscriptionchange/hardbounce", "undeliverable", False, Witness.LATER),
    (event("SubscriptionChange", SuppressSending=False),
     "subscriptionchange/reactivated", None, False, Witness.LATER),
])  # fmt: skip
def test_each_event_says_how_it_ended_and_whether_email_was_refused(read, record, code, outcome, refused, witness):
    got = read(lines(record), "log.jsonl", consumers_by_number=ON_FILE)
    assert [(row.raw_outcome, row.communication.outcome, row.witness) for row in got.rows] == [(code, outcome, witness)]
    assert [(each.event.type, each.event.channel, each.event.address) for each in got.events] == (
        [("medium_refused", "email", "pat@example.com")] if refused else []
    )
    assert not any(each.kind is ProblemKind.UNMAPPED_DISPOSITION for each in got.problems)


def test_every_line_of_the_table_is_tried():
    assert len(load_dispositions("postmark").table()) == 18


def test_an_address_sent_to_again_takes_no_refusal_back_and_is_told(read):
    got = read(lines(event("Delivery"), event("SubscriptionChange", SuppressSending=False)), "log.jsonl")
    assert any("no refusal is taken back by it" in each for each in got.messages)


def test_a_change_of_no_message_is_no_communication(read):
    nothing = "00000000-0000-0000-0000-000000000000"
    change = event("SubscriptionChange", MessageID=nothing, SuppressSending=True, SuppressionReason="ManualSuppression")
    got = read(lines(event("Delivery"), change, {**change, "SuppressionReason": "HardBounce"}), "log.jsonl")
    assert (len(got.rows), len(got.events), got.counts.not_a_communication) == (1, 1, 1)


def test_an_event_that_is_new_is_told(read):
    got = read(lines({**event("Open"), "RecordType": "Teleported"}), "log.jsonl")
    assert [(row.communication.outcome, row.witness) for row in got.rows] == [(None, Witness.LATER)]
    assert any(each.endswith("(found `teleported`)") for each in got.messages)


def test_one_that_bounces_without_a_message_is_lost_as_its_consumers(read):
    got = read(lines(event("Delivery"), event("Bounce", MessageID=None)), "log.jsonl", consumers_by_number=ON_FILE)
    assert [(each.column, each.consumer_id) for each in got.problems if each.left_out] == [("messageid", "c1")]


def test_metadata_that_is_none_costs_its_field(read):
    got = read(lines(event("Delivery", Metadata=["x"])), "log.jsonl", consumers_by_number=ON_FILE)
    assert (len(got.rows), got.problems[-1].column) == (1, "metadata")
