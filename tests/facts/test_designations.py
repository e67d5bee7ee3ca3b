"""Stretches of time that a consumer called inconvenient, and what the file says of a consent's own communication."""

from __future__ import annotations

from datetime import datetime

import pytest

from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.models import Communication, Consumer, Event
from fdcpa_guard.values import instant_of

DESIGNATED = "2026-10-01T12:00:00-05:00"


def said(type_: str, at: str = DESIGNATED, **fields: object) -> Event:
    return Event.model_validate({"type": type_, "at": at, **fields})


def file_of(*events: Event, history: tuple[Communication, ...] = ()) -> ConsumerFile:
    consumer = Consumer.model_validate({"id": "c1", "time_zones": ["America/Chicago"]})
    return ConsumerFile(consumer=consumer, events=events, history=history)


def world_of(file: ConsumerFile) -> World:
    (world,) = file.worlds(None)
    return world


def throughout(file: ConsumerFile, since: str, until: str) -> bool | None:
    world = world_of(file)
    return file.inconvenient_since(
        instant_of(datetime.fromisoformat(since)), instant_of(datetime.fromisoformat(until)), world
    )


class TestAStretchOfTime:
    def test_lies_within_one_span_of_named_hours(self) -> None:
        file = file_of(said("time_inconvenient", **{"from": "15:00", "to": "17:00"}))
        assert throughout(file, "2026-11-04T15:00:00-06:00", "2026-11-04T16:59:59-06:00") is True

    @pytest.mark.parametrize(
        ("since", "until"),
        [
            ("2026-11-04T14:59:59-06:00", "2026-11-04T16:00:00-06:00"),
            ("2026-11-04T16:00:00-06:00", "2026-11-04T17:00:00-06:00"),
            ("2026-11-04T16:00:00-06:00", "2026-11-05T16:00:00-06:00"),
        ],
    )
    def test_leaves_the_named_hours_before_during_or_after(self, since: str, until: str) -> None:
        file = file_of(said("time_inconvenient", **{"from": "15:00", "to": "17:00"}))
        assert throughout(file, since, until) is False

    def test_crosses_midnight_within_hours_that_do(self) -> None:
        file = file_of(said("time_inconvenient", **{"from": "22:00", "to": "06:00"}))
        assert throughout(file, "2026-11-03T22:00:00-06:00", "2026-11-04T05:59:59-06:00") is True

    def test_joins_whole_days_that_follow_each_other(self) -> None:
        file = file_of(said("time_inconvenient", days=["saturday"]), said("time_inconvenient", days=["sunday"]))
        assert throughout(file, "2026-11-07T20:00:00-06:00", "2026-11-08T20:00:00-06:00") is True
        assert throughout(file, "2026-11-06T23:59:59-06:00", "2026-11-07T20:00:00-06:00") is False

    def test_holds_through_the_hour_that_comes_twice(self) -> None:
        file = file_of(said("time_inconvenient", **{"from": "01:00", "to": "02:00"}))
        assert throughout(file, "2026-11-01T01:10:00-05:00", "2026-11-01T01:50:00-06:00") is True

    def test_is_broken_where_the_consumer_called_an_hour_convenient_again(self) -> None:
        file = file_of(
            said("time_inconvenient"),
            said("time_convenient", "2026-10-02T12:00:00-05:00", **{"from": "12:00", "to": "13:00"}),
        )
        assert throughout(file, "2026-11-04T11:00:00-06:00", "2026-11-04T11:30:00-06:00") is True
        assert throughout(file, "2026-11-04T11:00:00-06:00", "2026-11-04T14:00:00-06:00") is False

    def test_began_before_the_consumer_said_so(self) -> None:
        file = file_of(said("time_inconvenient"))
        assert throughout(file, "2026-10-01T11:59:59-05:00", "2026-10-01T12:30:00-05:00") is False

    def test_ends_where_the_designation_does(self) -> None:
        file = file_of(said("time_inconvenient", ends="2026-11-04T12:00:00-06:00"))
        assert throughout(file, "2026-11-04T11:00:00-06:00", "2026-11-04T11:59:59-06:00") is True
        assert throughout(file, "2026-11-04T11:00:00-06:00", "2026-11-04T12:00:00-06:00") is False

    def test_of_more_than_two_months_is_left_open(self) -> None:
        file = file_of(said("time_inconvenient"))
        assert throughout(file, "2026-10-02T12:00:00-05:00", "2026-12-03T12:00:00-06:00") is True
        assert throughout(file, "2026-10-02T12:00:00-05:00", "2026-12-04T12:00:00-06:00") is None

    def test_is_never_inconvenient_where_nobody_said_so(self) -> None:
        assert throughout(file_of(), "2026-11-04T11:00:00-06:00", "2026-11-04T12:00:00-06:00") is False


def unopposed(
    *events: Event, at: str = "2026-10-08T15:30:00-05:00", place: str | None = "personal", outcome: str | None = None
) -> bool | None:
    call = Communication.model_validate({"id": "h1", "at": at, "channel": "call", "place": place, "outcome": outcome})
    file = file_of(*events, said("consent_given", at, to=["contact_time"], given_in="h1"), history=(call,))
    return file.given_unopposed(consent_in(file), world_of(file))


def consent_in(file: ConsumerFile) -> EventOf:
    (consent,) = file.events_by_type["consent_given"]
    return consent


class TestTheCommunicationOfAConsent:
    """12 CFR 1006.6(b)(4)(i)"""

    def test_had_nothing_against_it(self) -> None:
        assert unopposed() is True

    def test_is_not_in_the_log(self) -> None:
        file = file_of(said("consent_given", to=["contact_time"], given_in="h1"))
        assert file.given_unopposed(consent_in(file), world_of(file)) is None

    @pytest.mark.parametrize(("outcome", "expected"), [("conversation", True), ("answered", True), ("no_answer", None)])
    def test_reached_nobody_by_the_log(self, outcome: str, expected: bool | None) -> None:
        assert unopposed(outcome=outcome) is expected

    def test_came_before_a_convenience_was_over(self) -> None:
        barred = said("place_inconvenient", place="home")
        fine = said("place_convenient", "2026-10-02T12:00:00-05:00", place="home", until="2026-10-05T12:00:00-05:00")
        assert unopposed(barred, fine, place="home") is False

    def test_came_at_an_inconvenient_time(self) -> None:
        hours = {"from": "15:00", "to": "17:00"}
        assert unopposed(said("time_inconvenient", **hours)) is False
        assert unopposed(said("time_inconvenient", **hours), at="2026-10-08T17:00:00-05:00") is True

    def test_came_to_an_inconvenient_place(self) -> None:
        barred = said("place_inconvenient", place="home")
        assert unopposed(barred, place="home") is False
        assert unopposed(barred, place="personal") is True
        assert unopposed(barred, place=None) is None
        assert unopposed(barred, said("place_convenient", "2026-10-02T12:00:00-05:00", place="home"), place="home") is True

    def test_came_to_work_though_the_employer_forbade_it(self) -> None:
        forbidden = said("employer_prohibits")
        assert unopposed(forbidden, place="work") is False
        assert unopposed(forbidden, said("employer_allows", "2026-10-02T12:00:00-05:00"), place="work") is True

    def test_came_when_an_attorney_was_known(self) -> None:
        assert unopposed(said("attorney_represents")) is None

    def test_came_before_anybody_objected(self) -> None:
        assert unopposed(said("time_inconvenient", "2026-10-09T12:00:00-05:00")) is True
        assert unopposed(said("attorney_represents", known_at="2026-10-09T12:00:00-05:00")) is True
