"""A local clock and back: days and times about the changes of summer time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.clock import Clock, clock_of, weekday_name
from fdcpa_guard.values import instant_of, parse_clock_time, parse_day

CLOCKS = st.sampled_from(
    ["America/New_York", "America/Phoenix", "America/St_Johns", "Pacific/Honolulu", "Pacific/Guam", "Africa/Cairo", "UTC"]
).map(clock_of)
INSTANTS = st.one_of(
    st.datetimes(datetime(2007, 1, 1), datetime(2037, 12, 31)),
    st.integers(-36 * 60, 36 * 60).map(lambda minutes: datetime(2026, 3, 8, 7) + timedelta(minutes=minutes)),
    st.integers(-36 * 60, 36 * 60).map(lambda minutes: datetime(2026, 11, 1, 6) + timedelta(minutes=minutes)),
).map(lambda moment: instant_of(moment.replace(tzinfo=UTC)))


def shown(text: str, day: str, zone: str = "America/New_York") -> str:
    """The instant at which a clock first shows a time on a day, in its own local time."""
    time, ordinal = parse_clock_time(text), parse_day(day)
    assert time is not None
    assert ordinal is not None
    clock = clock_of(zone)
    return clock.show(clock.at(ordinal, time)).isoformat(sep=" ")


class TestDays:
    @given(INSTANTS, CLOCKS)
    def test_an_instant_lies_between_the_midnights_of_its_day(self, instant: int, clock: Clock) -> None:
        day = clock.day(instant)
        assert clock.midnight(day) <= instant < clock.midnight(day + 1)

    @given(INSTANTS, CLOCKS)
    def test_the_day_and_time_are_those_that_the_zone_shows(self, instant: int, clock: Clock) -> None:
        local = clock.show(instant)
        since_midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        assert clock.day(instant) == local.toordinal()
        assert clock.time_of_day(instant) == since_midnight // timedelta(microseconds=1)

    @pytest.mark.parametrize(("day", "name"), [("2026-03-08", "sunday"), ("2026-11-02", "monday"), ("2024-02-29", "thursday")])
    def test_weekdays_are_those_of_the_calendar(self, day: str, name: str) -> None:
        ordinal = parse_day(day)
        assert ordinal is not None
        assert weekday_name(ordinal) == name


class TestTimes:
    @pytest.mark.parametrize(
        ("time", "day", "expected"),
        [
            ("8:00", "2026-03-08", "2026-03-08 08:00:00-04:00"),
            ("1:59", "2026-03-08", "2026-03-08 01:59:00-05:00"),
            ("3:00", "2026-03-08", "2026-03-08 03:00:00-04:00"),
            ("24:00", "2026-03-07", "2026-03-08 00:00:00-05:00"),
            ("1:30", "2026-11-01", "2026-11-01 01:30:00-04:00"),
            ("2:00", "2026-11-01", "2026-11-01 02:00:00-05:00"),
        ],
    )
    def test_a_time_is_shown_first_at_one_instant(self, time: str, day: str, expected: str) -> None:
        assert shown(time, day) == expected

    @pytest.mark.parametrize("time", ["2:00", "2:30", "2:59:59"])
    def test_a_time_that_is_skipped_is_the_instant_of_the_jump(self, time: str) -> None:
        assert shown(time, "2026-03-08") == "2026-03-08 03:00:00-04:00"

    @given(INSTANTS, CLOCKS)
    def test_it_comes_back_to_the_time_from_which_it_was_made(self, instant: int, clock: Clock) -> None:
        back = clock.at(clock.day(instant), clock.time_of_day(instant))
        assert (clock.day(back), clock.time_of_day(back)) == (clock.day(instant), clock.time_of_day(instant))
        assert back <= instant


@pytest.mark.parametrize("name", ["America/Springfield", "", "../etc/passwd", "EST5EDT4"])
def test_a_zone_that_there_is_not_is_a_mistake_of_the_caller(name: str) -> None:
    with pytest.raises(FactsError, match="no time zone is called"):
        Clock(name)
