"""In what events agree with a communication: of whom they are, and what they say of the past."""

from __future__ import annotations

import pytest

from fdcpa_guard.engine.relations import began_by, by_person, has_lapsed, same_person
from fdcpa_guard.facts import models
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf

MONDAY = "2026-04-06T10:00:00-05:00"
TUESDAY = "2026-04-07T10:00:00-05:00"


def call(at: str = MONDAY, **fields: object) -> Entry:
    return Entry(models.Communication.model_validate({"at": at, "channel": "call", **fields}), of_log=False)


def event(at: str = MONDAY, **fields: object) -> EventOf:
    return EventOf(models.Event.model_validate({"at": at, **fields}), "events[0]")


class TestWhoseAnEventIs:
    @pytest.mark.parametrize(
        ("said_by", "called", "expected"),
        [
            (None, {"role": "consumer"}, True),
            (None, {"role": "third_party", "id": "p1"}, None),
            (None, {"role": "spouse"}, None),
            (None, {"role": "attorney"}, False),
            (None, {"role": "creditor"}, False),
            ({"role": "third_party", "id": "p1"}, {"role": "third_party", "id": "p1"}, True),
            ({"role": "third_party", "id": "p1"}, {"role": "third_party", "id": "p2"}, False),
            ({"role": "third_party"}, {"role": "third_party", "id": "p1"}, None),
            ({"role": "employer", "id": "p1"}, {"role": "third_party", "id": "p1"}, None),
            ({"role": "employer", "id": "p1"}, {"role": "third_party", "id": "p2"}, False),
            ({"role": "employer", "id": "p1"}, {"role": "third_party"}, False),
            ({"role": "spouse"}, {"role": "spouse"}, True),
            ({"role": "spouse"}, {"role": "consumer"}, False),
            ({"role": "consumer"}, {"role": "unknown"}, None),
        ],
    )
    def test_an_event_that_names_nobody_is_surely_the_consumers_own_alone(
        self, said_by: dict[str, str] | None, called: dict[str, str], expected: bool | None
    ) -> None:
        assert by_person(event(type="medium_refused", person=said_by), call(person=called)) is expected


    def test_an_event_of_an_attorneys_number_may_be_the_attorneys(self) -> None:
        attorney = call(person={"role": "attorney"}, address="+15125550130")
        assert by_person(event(type="medium_refused", address="+15125550130"), attorney) is None
        assert by_person(event(type="medium_refused", address="+15125550131"), attorney) is False


class TestWhoseACallIs:
    @pytest.mark.parametrize(
        ("logged", "called", "expected"),
        [
            ({"role": "employer", "id": "p1"}, {"role": "third_party", "id": "p1"}, None),
            ({"role": "employer", "id": "p1"}, {"role": "third_party", "id": "p2"}, False),
            ({"role": "employer"}, {"role": "third_party", "id": "p1"}, False),
            ({"role": "third_party", "id": "p1"}, {"role": "third_party", "id": "p1"}, True),
            ({"role": "third_party", "id": "p1"}, {"role": "third_party", "id": "p2"}, False),
            ({"role": "third_party"}, {"role": "third_party"}, None),
        ],
    )
    def test_one_id_under_two_roles_may_be_one_person(
        self, logged: dict[str, str], called: dict[str, str], expected: bool | None
    ) -> None:
        assert same_person(call(person=logged), call(TUESDAY, person=called)) is expected


class TestWhatHadHappened:
    def test_a_wrong_number_was_wrong_before_the_collector_learnt_of_it(self) -> None:
        """Comment 14(b)(2)(i)-3"""
        monday = call(MONDAY)
        assert began_by(event(TUESDAY, type="wrong_number", address="+15125550130"), monday.at, monday)

    def test_a_number_was_the_consumers_until_it_was_reassigned(self) -> None:
        monday = call(MONDAY)
        assert not began_by(event(TUESDAY, type="number_reassigned", address="+15125550130"), monday.at, monday)

    def test_a_consent_given_in_a_call_is_none_for_that_call(self) -> None:
        """12 CFR 1006.14(b)(3)(i): prior consent"""
        consent = event(MONDAY, type="consent_given", to="call", given_in="h1")
        assert not began_by(consent, call(MONDAY, id="h1").at, call(MONDAY, id="h1"))
        assert began_by(consent, call(TUESDAY, id="h2").at, call(TUESDAY, id="h2"))


class TestLapsing:
    def test_an_event_lapses_at_its_end_and_one_without_an_end_never(self) -> None:
        until = event(MONDAY, type="time_convenient", until=TUESDAY)
        tuesday = call(TUESDAY).at
        assert has_lapsed(until, tuesday)
        assert not has_lapsed(until, tuesday - 1)
        assert not has_lapsed(event(MONDAY, type="time_convenient"), tuesday)
        assert not has_lapsed(call(MONDAY), tuesday)

    def test_of_an_event_that_ends_before_it_begins_nobody_can_say(self) -> None:
        slip = event(TUESDAY, type="medium_refused", ends=MONDAY)
        assert has_lapsed(slip, call(TUESDAY).at) is None


class TestConversations:
    @pytest.mark.parametrize(
        ("channel", "outcome", "expected"),
        [
            ("call", "conversation", True),
            ("call", "answered", None),
            ("call", None, None),
            ("call", "voicemail", False),
            ("call", "no_answer", False),
            ("text", None, False),
            (None, "conversation", None),
        ],
    )
    def test_an_answered_call_may_have_been_a_conversation(
        self, channel: str | None, outcome: str | None, expected: bool | None
    ) -> None:
        assert call(channel=channel, outcome=outcome).conversation is expected


class TestConsentToAnything:
    @pytest.mark.parametrize("kind", ["consent_given", "consent_revoked"])
    def test_what_names_nothing_in_particular_leaves_unsaid_what_it_covers(self, kind: str) -> None:
        assert event(type=kind, to="any").to is None
