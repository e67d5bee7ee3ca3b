"""What a span of time means: each unit at its boundaries, and the two readings of one rule against each other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.engine.windows import (
    add_business_days,
    add_months,
    first_day_of_span,
    is_business_day,
    last_day_of_span,
    next_boundary,
    span_end,
    unit_bounds,
    unit_days,
    window_span,
    window_start,
    within_span,
)
from fdcpa_guard.facts.clock import Clock, clock_of
from fdcpa_guard.facts.events import HoursOf
from fdcpa_guard.rulefile.model import CalendarUnit, Window, WindowKind
from fdcpa_guard.source import SourceFile, Span
from fdcpa_guard.values import DAY_MICROSECONDS, Duration, Unit, format_day, instant_of, parse_day

CENTRAL = clock_of("America/Chicago")
NOWHERE = Span(SourceFile("nowhere", ""), 0, 0)


def at(text: str, clock: Clock = CENTRAL) -> int:
    """An instant by its local time: `2026-03-08 10:00`."""
    return instant_of(datetime.fromisoformat(text).replace(tzinfo=clock.zone))


def local(instant: int, clock: Clock = CENTRAL) -> str:
    return clock.show(instant).isoformat(sep=" ")


def day(text: str) -> int:
    found = parse_day(text)
    assert found is not None
    return found


def span(text: str) -> Duration:
    found = Duration.parse(text)
    assert found is not None
    return found


class TestTheEndOfASpan:
    @pytest.mark.parametrize(
        ("began", "length", "end"),
        [
            ("2022-04-06 10:00", "7 consecutive days", "2022-04-13 00:00:00-05:00"),
            ("2022-04-06 00:00", "7 consecutive days", "2022-04-13 00:00:00-05:00"),
            ("2022-04-06 23:59:59.999999", "7 consecutive days", "2022-04-13 00:00:00-05:00"),
            ("2022-04-06 10:00", "1 consecutive day", "2022-04-07 00:00:00-05:00"),
            ("2022-04-06 10:00", "7 calendar days", "2022-04-14 00:00:00-05:00"),
            ("2022-04-06 23:59", "0 calendar days", "2022-04-07 00:00:00-05:00"),
            ("2022-04-06 10:00", "24 hours", "2022-04-07 10:00:00-05:00"),
            ("2022-04-06 10:00:00.000001", "90 minutes", "2022-04-06 11:30:00.000001-05:00"),
            ("2022-01-31 10:00", "1 month", "2022-03-01 00:00:00-06:00"),
            ("2024-01-31 10:00", "1 month", "2024-03-01 00:00:00-06:00"),
            ("2022-11-30 10:00", "3 months", "2023-03-01 00:00:00-06:00"),
            ("2024-02-29 10:00", "1 year", "2025-03-01 00:00:00-06:00"),
            ("2024-02-29 10:00", "4 years", "2028-03-01 00:00:00-06:00"),
            ("2026-07-02 10:00", "1 business day", "2026-07-07 00:00:00-05:00"),
        ],
        ids=lambda value: value if isinstance(value, str) else None,
    )
    def test_it_is_the_first_instant_that_no_longer_belongs_to_it(self, began: str, length: str, end: str) -> None:
        assert local(span_end(at(began), span(length), CENTRAL)) == end

    @pytest.mark.parametrize(
        ("began", "length", "end"),
        [
            # On 2026-03-08 the clocks go from 2:00 to 3:00, on 2026-11-01 from 2:00 back to 1:00.
            ("2026-03-07 12:00", "24 hours", "2026-03-08 13:00:00-05:00"),
            ("2026-03-07 12:00", "1 calendar day", "2026-03-09 00:00:00-05:00"),
            ("2026-03-08 01:30", "1 consecutive day", "2026-03-09 00:00:00-05:00"),
            ("2026-03-08 01:30", "60 minutes", "2026-03-08 03:30:00-05:00"),
            ("2026-10-31 12:00", "24 hours", "2026-11-01 11:00:00-06:00"),
            ("2026-10-31 12:00", "1 calendar day", "2026-11-02 00:00:00-06:00"),
            ("2026-10-26 12:00", "7 consecutive days", "2026-11-02 00:00:00-06:00"),
        ],
    )  # fmt: skip
    def test_a_change_of_clock_moves_hours_and_never_a_day(self, began: str, length: str, end: str) -> None:
        assert local(span_end(at(began), span(length), CENTRAL)) == end

    def test_where_a_day_begins_after_midnight_the_span_ends_with_its_first_instant(self) -> None:
        """In Cairo the clocks went forward at midnight: 2023-04-28 began at 1:00."""
        cairo = clock_of("Africa/Cairo")
        assert local(span_end(at("2023-04-27 10:00", cairo), span("1 consecutive day"), cairo), cairo) == (
            "2023-04-28 01:00:00+03:00"
        )

    @pytest.mark.parametrize("length", ["5 hours", "5 minutes"])
    def test_a_span_of_hours_has_no_last_day(self, length: str) -> None:
        with pytest.raises(ValueError, match="is no span of days"):
            last_day_of_span(day("2026-03-08"), span(length))


class TestBusinessDays:
    @pytest.mark.parametrize(
        "holiday",
        [
            "2026-07-03",  # Independence Day 2026 falls on a Saturday, and is observed on the Friday
            "2021-12-31",  # the New Year's Day of 2022, observed in the year before
            "2023-01-02",  # the New Year's Day of 2023, observed on the Monday
            "2022-06-20",  # Juneteenth, observed on the Monday
            "2026-11-26",  # Thanksgiving
            "2026-10-12",  # Columbus Day
        ],
    )  # fmt: skip
    def test_a_holiday_is_none_on_the_day_on_which_it_is_observed(self, holiday: str) -> None:
        assert not is_business_day(day(holiday))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [("2026-07-06", True), ("2026-07-04", False), ("2026-07-05", False), ("2026-11-27", True), ("2020-06-19", True)],
    )
    def test_saturdays_and_sundays_are_none(self, text: str, expected: bool) -> None:
        assert is_business_day(day(text)) is expected

    @pytest.mark.parametrize(
        ("start", "days", "end"),
        [
            ("2026-07-01", 1, "2026-07-02"),
            ("2026-07-02", 1, "2026-07-06"),
            ("2026-07-03", 1, "2026-07-06"),
            ("2026-07-04", 1, "2026-07-06"),
            ("2026-12-23", 10, "2027-01-08"),
            ("2026-07-02", 0, "2026-07-02"),
        ],
    )
    def test_they_are_counted_from_the_day_after(self, start: str, days: int, end: str) -> None:
        assert format_day(add_business_days(day(start), days)) == end


class TestMonths:
    @pytest.mark.parametrize(
        ("start", "months", "end"),
        [
            ("2026-01-31", 1, "2026-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2026-08-31", 1, "2026-09-30"),
            ("2026-12-15", 1, "2027-01-15"),
            ("2026-02-28", 12, "2027-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-02-29", 48, "2028-02-29"),
            ("2026-03-31", 0, "2026-03-31"),
        ],
    )
    def test_a_later_month_has_the_same_day_or_its_last(self, start: str, months: int, end: str) -> None:
        assert format_day(add_months(day(start), months)) == end


class TestCalendarUnits:
    @pytest.mark.parametrize(
        ("text", "unit", "week_starts", "first", "last"),
        [
            ("2026-03-08", CalendarUnit.DAY, "sunday", "2026-03-08", "2026-03-08"),
            ("2026-03-08", CalendarUnit.WEEK, "sunday", "2026-03-08", "2026-03-14"),
            ("2026-03-07", CalendarUnit.WEEK, "sunday", "2026-03-01", "2026-03-07"),
            ("2026-03-08", CalendarUnit.WEEK, "monday", "2026-03-02", "2026-03-08"),
            ("2026-03-09", CalendarUnit.WEEK, "monday", "2026-03-09", "2026-03-15"),
            ("2026-03-09", CalendarUnit.BUSINESS_WEEK, "sunday", "2026-03-09", "2026-03-13"),
            ("2026-03-13", CalendarUnit.BUSINESS_WEEK, "sunday", "2026-03-09", "2026-03-13"),
            ("2026-03-14", CalendarUnit.BUSINESS_WEEK, "sunday", "2026-03-14", "2026-03-15"),
            ("2026-03-15", CalendarUnit.BUSINESS_WEEK, "sunday", "2026-03-14", "2026-03-15"),
            ("2024-02-29", CalendarUnit.MONTH, "sunday", "2024-02-01", "2024-02-29"),
            ("2026-12-31", CalendarUnit.MONTH, "sunday", "2026-12-01", "2026-12-31"),
            ("2024-02-29", CalendarUnit.YEAR, "sunday", "2024-01-01", "2024-12-31"),
        ],
    )
    def test_each_has_its_first_and_last_day(
        self, text: str, unit: CalendarUnit, week_starts: str, first: str, last: str
    ) -> None:
        assert tuple(map(format_day, unit_days(day(text), unit, week_starts))) == (first, last)

    def test_the_day_on_which_clocks_go_forward_has_twenty_three_hours(self) -> None:
        start, end = unit_bounds(at("2026-03-08 12:00"), CalendarUnit.DAY, "sunday", CENTRAL)
        assert end - start == DAY_MICROSECONDS * 23 // 24

    def test_the_day_on_which_clocks_go_back_has_twenty_five_hours(self) -> None:
        start, end = unit_bounds(at("2026-11-01 12:00"), CalendarUnit.DAY, "sunday", CENTRAL)
        assert end - start == DAY_MICROSECONDS * 25 // 24

    @given(st.integers(day("2020-01-01"), day("2030-01-01")), st.sampled_from(CalendarUnit), st.sampled_from(["sunday", "monday"]))
    def test_every_day_of_a_unit_has_that_unit(self, some_day: int, unit: CalendarUnit, week_starts: str) -> None:
        first, last = unit_days(some_day, unit, week_starts)
        assert {unit_days(each, unit, week_starts) for each in range(first, last + 1)} == {(first, last)}


DURATIONS = st.builds(Duration, st.integers(1, 14), st.sampled_from(Unit))
DAY_UNITS = [unit for unit in Unit if unit not in (Unit.HOURS, Unit.MINUTES)]
CLOCKS = st.sampled_from(["America/Chicago", "America/New_York", "America/Phoenix", "America/St_Johns", "Africa/Cairo"]).map(clock_of)
INSTANTS = st.one_of(
    st.datetimes(datetime(2020, 1, 1), datetime(2029, 12, 31)),
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from([datetime(2026, 3, 8), datetime(2026, 11, 1), datetime(2024, 2, 29), datetime(2026, 12, 31)]),
        st.integers(-48 * 60, 48 * 60),
    ),
).map(lambda moment: instant_of(moment.replace(tzinfo=clock_of("UTC").zone)))


class TestAWindowIsASpanReadBackwards:
    @given(INSTANTS, DURATIONS, CLOCKS)
    def test_what_began_at_the_first_instant_of_a_window_has_not_ended(
        self, judged: int, length: Duration, clock: Clock
    ) -> None:
        assert judged < span_end(window_start(judged, length, clock), length, clock)

    @given(INSTANTS, DURATIONS, CLOCKS)
    def test_what_began_just_before_a_window_has_ended(self, judged: int, length: Duration, clock: Clock) -> None:
        assert span_end(window_start(judged, length, clock) - 1, length, clock) <= judged

    @given(INSTANTS, INSTANTS, DURATIONS, CLOCKS)
    def test_an_instant_lies_within_a_span_exactly_while_its_beginning_lies_in_the_window(
        self, one: int, other: int, length: Duration, clock: Clock
    ) -> None:
        start, judged = min(one, other), max(one, other)
        assert within_span(judged, start, length, clock, on_days=False) is (start >= window_start(judged, length, clock))

    @given(st.integers(day("2020-01-01"), day("2029-12-31")), st.integers(1, 14), st.sampled_from(DAY_UNITS))
    def test_the_first_day_of_a_span_still_reaches_the_day_and_the_one_before_does_not(
        self, some_day: int, length: int, unit: Unit
    ) -> None:
        duration = Duration(length, unit)
        first = first_day_of_span(some_day, duration)
        assert last_day_of_span(first - 1, duration) < some_day <= last_day_of_span(first, duration)


def window(length: Duration | CalendarUnit, clock: str = "consumer_local") -> Window:
    kind = WindowKind.CALENDAR if isinstance(length, CalendarUnit) else WindowKind.ROLLING
    return Window(kind, length, clock, False, True, "sunday", NOWHERE)


ANY_CLOCK = st.sampled_from(
    ["Etc/GMT+12", "Pacific/Pago_Pago", "Pacific/Honolulu", "America/Los_Angeles", "America/New_York", "UTC", "Asia/Kolkata",
     "Asia/Tokyo", "Pacific/Auckland", "Pacific/Chatham", "Etc/GMT-14"]
).map(clock_of)  # fmt: skip
LENGTHS = st.one_of(DURATIONS, st.sampled_from(CalendarUnit))


class TestWhileNoClockIsKnown:
    @given(INSTANTS, LENGTHS, ANY_CLOCK)
    def test_what_is_surely_in_the_window_is_in_it_by_every_clock(
        self, judged: int, length: Duration | CalendarUnit, clock: Clock
    ) -> None:
        assert window_span(judged, length, window(length), None)[1] >= window_span(judged, length, window(length), clock)[1]

    @given(INSTANTS, LENGTHS, ANY_CLOCK)
    def test_what_is_surely_out_of_the_window_is_out_of_it_by_every_clock(
        self, judged: int, length: Duration | CalendarUnit, clock: Clock
    ) -> None:
        assert window_span(judged, length, window(length), None)[0] <= window_span(judged, length, window(length), clock)[0]

    @given(INSTANTS, st.integers(0, 15 * 24 * 60), DURATIONS, ANY_CLOCK)
    def test_what_surely_lies_in_a_span_or_not_does_so_by_every_clock(
        self, start: int, minutes: int, length: Duration, clock: Clock
    ) -> None:
        judged = start + minutes * 60_000_000
        sure = within_span(judged, start, length, None, on_days=False)
        assert sure in (None, within_span(judged, start, length, clock, on_days=False))

    def test_a_morning_call_is_not_surely_of_another_day_than_one_at_noon(self) -> None:
        """In UTC both are of one day, by the outermost clocks they are not."""
        noon = at("2026-04-06 23:00", clock_of("UTC"))
        assert window_span(noon, CalendarUnit.DAY, window(CalendarUnit.DAY), None)[0] <= at("2026-04-06 05:00", clock_of("UTC"))

    def test_a_window_in_eastern_time_needs_no_clock(self) -> None:
        judged, length = at("2026-03-08 12:00"), Duration(2, Unit.CONSECUTIVE_DAYS)
        eastern = clock_of("America/New_York")
        maybe, sure, _ = window_span(judged, length, window(length, "eastern"), None)
        assert (local(maybe, eastern), maybe) == ("2026-03-07 00:00:00-05:00", sure)

    def test_a_length_that_is_unknown_holds_everything_as_a_maybe(self) -> None:
        maybe, sure, leaves = window_span(0, None, window(CalendarUnit.DAY), CENTRAL)
        assert (maybe < at("1900-01-01 00:00"), sure > at("2100-01-01 00:00"), leaves) == (True, True, None)


class TestWhenAnEntryLeavesAWindow:
    @given(INSTANTS, LENGTHS, CLOCKS)
    def test_it_is_in_until_then_and_out_from_then_on(
        self, entry: int, length: Duration | CalendarUnit, clock: Clock
    ) -> None:
        held = window(length)
        leaves = window_span(entry, length, held, clock)[2]
        assert leaves is not None
        end = leaves(entry)
        assert window_span(end - 1, length, held, clock)[0] <= entry < window_span(end, length, held, clock)[0]


class TestWithinDays:
    @pytest.mark.parametrize(("ago", "expected"), [(0, True), (30, True), (31, False), (-1, False)])
    def test_days_are_within_a_span_from_the_first_to_the_last(self, ago: int, expected: bool) -> None:
        today = day("2026-03-08")
        assert within_span(today, today - ago, span("30 calendar days"), None, on_days=True) is expected


class TestTheNextBoundaryOfHours:
    def test_it_lists_the_beginnings_ends_and_midnights_of_two_days_that_are_still_to_come(self) -> None:
        hours = HoursOf.of(None, "09:00", "17:00")
        found = sorted(next_boundary(at("2026-03-07 10:00"), [hours], CENTRAL))
        assert [local(each)[:16] for each in found] == [
            "2026-03-07 17:00", "2026-03-08 00:00", "2026-03-08 09:00", "2026-03-08 17:00", "2026-03-09 00:00",
        ]  # fmt: skip
