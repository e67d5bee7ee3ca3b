"""The hours of the day in which a contact may be made, each bound to the microsecond."""

from __future__ import annotations

from datetime import date

import pytest
from scrub_world import HOURS, INCONVENIENT, MONDAY, TEXTS, WEEK, World, account, done, planned

pytestmark = pytest.mark.parametrize("engine", ["scalar", "columnar"])


class TestTheDay:
    def test_hours_of_the_law_bound_the_window(self, world: World, engine: str) -> None:
        answer = world.answer(on=MONDAY, engine=engine)
        assert (answer.decision, answer.windows, answer.zone) == ("allow", "08:00-21:00", "America/Chicago")
        assert answer.windows_utc == "2026-03-02T14:00:00Z/2026-03-03T03:00:00Z"
        assert answer.permitted_at == "2026-03-02T08:00:00-06:00"

    def test_with_two_possible_zones_it_has_to_be_lawful_in_both(self, world: World, engine: str) -> None:
        world.contacts = [planned(address="+12125550100")]
        answer = world.answer(on=MONDAY, engine=engine)
        assert set(answer.zones) == {"America/Chicago", "America/New_York"}
        assert answer.windows_utc == "2026-03-02T14:00:00Z/2026-03-03T02:00:00Z"

    def test_from_an_instant_on_the_rest_of_the_day_is_told(self, world: World, engine: str) -> None:
        answer = world.answer("2026-03-02T10:30:00-06:00", engine=engine)
        assert (answer.decision, answer.windows) == ("allow", "10:30-21:00")
        assert answer.judged_at == answer.permitted_at == "2026-03-02T10:30:00-06:00"

    def test_before_the_hours_the_contact_is_blocked_until_they_begin(self, world: World, engine: str) -> None:
        answer = world.answer("2026-03-02T07:59:59.999999-06:00", engine=engine)
        assert (answer.decision, answer.rules, answer.windows) == ("block", (HOURS,), "08:00-21:00")
        assert answer.reason == "Calls are made from 8:00 a.m. to 9:00 p.m."
        assert answer.permitted_at == "2026-03-02T08:00:00-06:00"

    def test_at_the_very_instant_of_a_bound_the_law_decides(self, world: World, engine: str) -> None:
        assert world.answer("2026-03-02T08:00:00-06:00", engine=engine).decision == "allow"
        assert world.answer("2026-03-02T21:00:00-06:00", engine=engine).decision == "block"

    def test_after_the_hours_the_next_day_is_told(self, world: World, engine: str) -> None:
        answer = world.answer("2026-03-02T21:30:00-06:00", engine=engine)
        assert (answer.decision, answer.windows) == ("block", "")
        assert answer.permitted_at == "2026-03-03T08:00:00-06:00"

    def test_where_no_place_is_known_nothing_is_allowed(self, world: World, engine: str) -> None:
        world.accounts, world.contacts = [account("another")], [planned(address="")]
        answer = world.answer(on=MONDAY, engine=engine)
        assert (answer.decision, answer.windows, answer.zone) == ("review", "", None)
        assert answer.unknown


class TestClocksThatChange:
    def test_on_the_short_day_the_window_is_an_hour_nearer_to_midnight(self, world: World, engine: str) -> None:
        answer = world.answer(on=date(2026, 3, 8), engine=engine)
        assert answer.windows == "08:00-21:00"
        assert answer.windows_utc == "2026-03-08T13:00:00Z/2026-03-09T02:00:00Z"

    def test_an_hour_that_comes_twice_is_called_inconvenient_twice(self, world: World, engine: str) -> None:
        """On 1 November 2026 the clock shows every time from 1:00 to 2:00 a.m. twice."""
        world.contacts = [planned(channel="email", address="someone@example.com")]
        world.events = [
            {"consumer_id": "c1", "at": "2026-02-01T12:00:00-06:00", "type": "time_inconvenient", "from": "01:00", "to": "01:30"}
        ]
        answer = world.answer(on=date(2026, 11, 1), engine=engine)
        assert answer.windows == "00:00-01:00;01:30-01:00;01:30-24:00"
        assert answer.windows_utc == (
            "2026-11-01T05:00:00Z/2026-11-01T06:00:00Z;2026-11-01T06:30:00Z/2026-11-01T07:00:00Z;"
            "2026-11-01T07:30:00Z/2026-11-02T06:00:00Z"
        )


class TestNeighbouringMicroseconds:
    def test_what_changes_a_microsecond_before_the_hours_begin_holds_within_them(self, world: World, engine: str) -> None:
        """The log's second call stands right before eight: nothing lies between the two changes to be asked of."""
        world.log = [done("2026-03-02T07:59:59.999998-06:00", id="h1"), done("2026-03-02T07:59:59.999999-06:00", id="h2")]
        assert world.answer(on=MONDAY, engine=engine).windows == ""

    def test_the_last_microsecond_of_a_day_has_no_window_after_it(self, world: World, engine: str) -> None:
        world.contacts = [planned(channel="email", address="someone@example.com")]
        world.log = [done("2026-03-02T23:59:59.999999-06:00", id="h1")]
        answer = world.answer("2026-03-02T23:59:59.999999-06:00", engine=engine)
        assert (answer.decision, answer.windows) == ("allow", "")


class TestWhatTheConsumerSaid:
    def test_named_hours_cut_the_day_in_two(self, world: World, engine: str) -> None:
        world.events = [
            {"consumer_id": "c1", "at": "2026-02-01T12:00:00-06:00", "type": "time_inconvenient", "from": "12:00", "to": "13:30"}
        ]
        answer = world.answer(on=MONDAY, engine=engine)
        assert answer.windows == "08:00-12:00;13:30-21:00"
        at_noon = world.answer("2026-03-02T12:00:00-06:00", engine=engine)
        assert (at_noon.rules, at_noon.permitted_at) == ((INCONVENIENT,), "2026-03-02T13:30:00-06:00")


class TestCountsThatFreeUp:
    def test_a_rolling_window_frees_up_in_the_middle_of_the_day(self, world: World, engine: str) -> None:
        world.log = [done("2026-02-23T11:22:33.000444-06:00", id="h1"), done("2026-02-27T12:00:00-06:00", id="h2")]
        answer = world.answer(on=MONDAY, engine=engine)
        assert answer.windows == "11:22:33.000444-21:00"
        early = world.answer("2026-03-02T09:00:00-06:00", engine=engine)
        assert (early.decision, early.rules, early.reason) == ("block", (WEEK,), "Call 3 of at most 2 in a week.")
        assert early.permitted_at == "2026-03-02T11:22:33.000444-06:00"

    def test_a_count_of_a_day_frees_up_at_midnight(self, world: World, engine: str) -> None:
        world.contacts = [planned(channel="text")]
        world.log = [done("2026-03-02T09:00:00-06:00", channel="text", outcome="delivered")]
        today = world.answer("2026-03-02T10:00:00-06:00", engine=engine)
        assert (today.decision, today.rules, today.windows) == ("block", (TEXTS,), "")
        assert today.permitted_at == "2026-03-03T08:00:00-06:00"
        assert world.answer(on=date(2026, 3, 3), engine=engine).windows == "08:00-21:00"

    def test_what_is_free_in_days_only_is_found_beyond_the_day(self, world: World, engine: str) -> None:
        world.log = [done("2026-03-01T11:00:00-06:00", id="h1"), done("2026-03-01T12:00:00-06:00", id="h2")]
        answer = world.answer(on=MONDAY, engine=engine)
        assert (answer.windows, answer.permitted_at) == ("", "2026-03-08T12:00:00-05:00")
        assert world.answer(on=MONDAY, engine=engine, ahead=False).permitted_at is None

    def test_what_the_log_has_later_in_the_day_counts_from_then_on(self, world: World, engine: str) -> None:
        world.log = [done("2026-03-02T09:00:00-06:00", id="h1"), done("2026-03-02T12:00:00-06:00", id="h2")]
        assert world.answer(on=MONDAY, engine=engine).windows == "08:00-12:00"
