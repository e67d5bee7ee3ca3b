"""When a validation period ends, which communications are notices, and which notices came back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.naming import identifies_debt
from fdcpa_guard.facts.validation_period import assumed_receipt, earliest_end, is_counted, period_end

EVERY_DAY = [date(2021, 1, 1) + timedelta(days=each) for each in range((date(2028, 1, 1) - date(2021, 1, 1)).days)]
MONDAY, THURSDAY = 0, 3


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    """The n-th such weekday of a month; -1 is the last."""
    days = [day for day in EVERY_DAY if (day.year, day.month, day.weekday()) == (year, month, weekday)]
    return days[which] if which < 0 else days[which - 1]


def legal_public_holidays(year: int) -> set[date]:
    """5 USC 6103(a), as amended in 2021, written out: the days themselves, and no day in their stead."""
    return {
        date(year, 1, 1), _nth(year, 1, MONDAY, 3), _nth(year, 2, MONDAY, 3), _nth(year, 5, MONDAY, -1),
        date(year, 6, 19), date(year, 7, 4), _nth(year, 9, MONDAY, 1), _nth(year, 10, MONDAY, 2),
        date(year, 11, 11), _nth(year, 11, THURSDAY, 4), date(year, 12, 25),
    }  # fmt: skip


HOLIDAYS = set().union(*(legal_public_holidays(year) for year in range(2021, 2028)))


class TestTheDaysCounted:
    def test_are_those_that_are_no_weekend_and_no_legal_public_holiday(self) -> None:
        wrong = [day for day in EVERY_DAY if is_counted(day.toordinal()) is not (day.weekday() < 5 and day not in HOLIDAYS)]
        assert wrong == []

    def test_count_a_day_off_in_place_of_a_holiday(self) -> None:
        """5 USC 6103(b): Monday 26 December 2022 and Friday 31 December 2021 are for pay and leave alone."""
        assert is_counted(date(2022, 12, 26).toordinal())
        assert is_counted(date(2021, 12, 31).toordinal())


class TestTheEarliestEnd:
    def test_is_never_a_day_count_short_nor_long_on_any_day_of_seven_years(self) -> None:
        """12 CFR 1006.34(b)(5)"""
        for provided in EVERY_DAY[:-15]:
            receipt = date.fromordinal(assumed_receipt(provided.toordinal(), "letter"))
            between = [provided + timedelta(days=each) for each in range(1, (receipt - provided).days + 1)]
            counted = [day for day in between if day.weekday() < 5 and day not in HOLIDAYS]
            assert (len(counted), counted[-1]) == (5, receipt), provided
            assert earliest_end(provided.toordinal(), "letter") == receipt.toordinal() + 30

    def test_never_comes_sooner_for_a_notice_sent_later(self) -> None:
        ends = [earliest_end(day.toordinal(), "email") for day in EVERY_DAY]
        assert ends == sorted(ends, key=lambda end: end or 0)

    @pytest.mark.parametrize(
        ("provided", "end"),
        [
            (date(2026, 11, 23), date(2026, 12, 31)),
            (date(2026, 12, 28), date(2027, 2, 4)),
            (date(2022, 12, 20), date(2023, 1, 26)),
            (date(2026, 6, 15), date(2026, 7, 23)),
        ],
    )
    def test_over_holidays(self, provided: date, end: date) -> None:
        assert earliest_end(provided.toordinal(), "letter") == end.toordinal()

    @pytest.mark.parametrize("channel", ["call", "in_person"])
    def test_of_what_is_said_or_handed_over_is_thirty_days_later(self, channel: str) -> None:
        assert earliest_end(date(2026, 11, 23).toordinal(), channel) == date(2026, 12, 23).toordinal()

    def test_is_unknown_where_the_day_is(self) -> None:
        assert earliest_end(None, "letter") is None


class TestThePeriodEnd:
    """Of a notice that was mailed on Monday 2 March 2026: the earliest end is 8 April."""

    @staticmethod
    def _end(stated: date | None, received: date | None) -> date:
        found = period_end(
            date(2026, 3, 2).toordinal(), "letter",
            None if stated is None else stated.toordinal(), None if received is None else received.toordinal(),
        )  # fmt: skip
        assert found is not None
        return date.fromordinal(found)

    def test_is_the_earliest_where_nothing_is_stated(self) -> None:
        assert self._end(None, None) == date(2026, 4, 8)

    def test_is_the_stated_day_where_that_is_later(self) -> None:
        assert self._end(date(2026, 4, 20), None) == date(2026, 4, 20)

    def test_is_not_a_stated_day_that_is_too_early(self) -> None:
        assert self._end(date(2026, 4, 7), None) == date(2026, 4, 8)

    def test_stays_where_it_is_stated_whenever_the_notice_came(self) -> None:
        """comment 34(b)(5)-1"""
        assert self._end(date(2026, 4, 8), date(2026, 3, 20)) == date(2026, 4, 8)

    def test_moves_with_a_late_receipt_where_nothing_is_stated(self) -> None:
        assert self._end(None, date(2026, 3, 20)) == date(2026, 4, 19)

    def test_does_not_move_with_an_early_one(self) -> None:
        assert self._end(None, date(2026, 3, 3)) == date(2026, 4, 8)


def _event(type_: str, at: str, **more: object) -> models.Event:
    return models.Event.model_validate({"type": type_, "at": at, **more})


def _entry(**more: object) -> models.Communication:
    said = {"id": "n1", "at": "2026-03-02T10:00:00-07:00", "channel": "letter", "purpose": "validation_notice"}
    return models.Communication.model_validate({**said, "debts": ["d1"], **more})


def _file(*events: models.Event, history: tuple[models.Communication, ...] = ()) -> ConsumerFile:
    consumer = models.Consumer.model_validate({"addresses": [{"state": "MT", "zip": "59601"}]})
    return ConsumerFile(consumer=consumer, events=events, history=history)


class TestANoticeOfTheLog:
    def test_is_the_event_that_it_was_sent(self) -> None:
        file = _file(history=(_entry(language="en", period_ends="2026-04-20", address="1 Main Street"),))
        (event,) = file.events_by_type["validation_notice_sent"]
        assert event.at == file.entries[0].at
        assert (event.debts, event.medium, event.language, event.given_in) == (("d1",), "letter", "en", "n1")
        assert event.period_ends == date(2026, 4, 20).toordinal()

    @pytest.mark.parametrize(
        "more",
        [
            {"outcome": "undeliverable"},
            {"purpose": "collection"},
            {"direction": "inbound"},
            {"channel": "call", "outcome": "voicemail"},
            {"channel": "call"},
            {"channel": "call", "outcome": "no_answer"},
        ],
    )
    def test_is_none_where_it_gave_nothing(self, more: dict[str, str]) -> None:
        assert "validation_notice_sent" not in _file(history=(_entry(**more),)).events_by_type

    def test_may_be_given_in_a_conversation(self) -> None:
        file = _file(history=(_entry(channel="call", outcome="conversation"),))
        assert "validation_notice_sent" in file.events_by_type


MARCH_2, MARCH_10, MARCH_12 = (f"2026-03-{day:02}T17:00:00Z" for day in (2, 10, 12))
LATER = 1 << 60


class TestANoticeCameBack:
    @staticmethod
    def _back(*events: models.Event, at: int = LATER) -> list[bool]:
        file = _file(*events)
        return [file.came_back(event, at) for event in file.events if event.type != "notice_undeliverable"]

    def test_where_word_of_it_names_nothing_and_it_was_the_last(self) -> None:
        assert self._back(
            _event("validation_notice_sent", MARCH_2),
            _event("validation_notice_sent", MARCH_10),
            _event("notice_undeliverable", MARCH_12),
        ) == [False, True]

    def test_where_word_of_it_names_its_address(self) -> None:
        assert self._back(
            _event("validation_notice_sent", MARCH_2, address="jo@example.com"),
            _event("validation_notice_sent", MARCH_10, address="1 Main Street"),
            _event("notice_undeliverable", MARCH_12, address="jo@example.com"),
        ) == [True, False]

    def test_where_word_of_it_names_the_communication(self) -> None:
        assert self._back(
            _event("validation_notice_sent", MARCH_2, given_in="n1"),
            _event("validation_notice_sent", MARCH_10, given_in="n2"),
            _event("notice_undeliverable", MARCH_12, given_in="n1"),
        ) == [True, False]

    def test_where_one_notice_is_told_by_the_log_and_by_an_event(self) -> None:
        file = _file(
            _event("validation_notice_sent", MARCH_2, medium="letter"),
            _event("notice_undeliverable", MARCH_12),
            history=(_entry(at="2026-03-02T20:00:00Z"),),
        )
        assert [file.came_back(event, LATER) for event in file.events_by_type["validation_notice_sent"]] == [True, True]

    def test_where_word_of_it_names_its_medium(self) -> None:
        assert self._back(
            _event("validation_notice_sent", MARCH_2, medium="email"),
            _event("validation_notice_sent", MARCH_10, medium="letter"),
            _event("notice_undeliverable", MARCH_12, medium="email"),
        ) == [True, False]

    def test_not_where_word_of_it_is_of_another_debt(self) -> None:
        assert self._back(
            _event("validation_notice_sent", MARCH_2, debts=["d1"]),
            _event("notice_undeliverable", MARCH_12, debts=["d2"]),
        ) == [False]

    def test_not_where_word_of_it_is_of_another_notice(self) -> None:
        assert self._back(
            _event("validation_notice_sent", MARCH_2),
            _event("verification_sent", MARCH_10),
            _event("notice_undeliverable", MARCH_12, notice="verification"),
        ) == [False, True]

    def test_not_before_that_is_known(self) -> None:
        events = _event("validation_notice_sent", MARCH_2), _event("notice_undeliverable", MARCH_12)
        known = _file(*events).events[1].known_at
        assert self._back(*events, at=known - 1) == [False]
        assert self._back(*events, at=known) == [True]


class TestWithinThePeriod:
    @staticmethod
    def _within(dispute_at: str, *notices: models.Event, debt: str | None = "d1") -> bool | None:
        file = _file(*notices, _event("dispute_received", dispute_at))
        (dispute,) = file.events_by_type["dispute_received"]
        return file.in_validation_period(dispute, None if debt is None else file.debt(debt), LATER, file.worlds(None)[0])

    def test_on_the_last_day(self) -> None:
        assert self._within("2026-04-08T23:59:59-06:00", _event("validation_notice_sent", MARCH_2)) is True

    def test_after_the_stated_end(self) -> None:
        notice = _event("validation_notice_sent", MARCH_2, period_ends="2026-04-08")
        assert self._within("2026-04-09T00:00:00-06:00", notice) is False

    def test_is_open_after_the_earliest_end_where_the_notice_states_none(self) -> None:
        assert self._within("2026-04-09T00:00:00-06:00", _event("validation_notice_sent", MARCH_2)) is None

    def test_is_open_before_any_notice(self) -> None:
        assert self._within("2026-03-02T09:00:00-07:00", _event("validation_notice_sent", MARCH_2)) is None

    def test_of_an_earlier_notice_where_a_later_one_states_another_end(self) -> None:
        first = _event("validation_notice_sent", MARCH_2, period_ends="2026-04-20")
        second = _event("validation_notice_sent", "2026-03-03T17:00:00Z", period_ends="2026-04-10")
        assert self._within("2026-04-15T12:00:00-06:00", first, second) is True

    def test_is_open_where_nobody_says_which_debt(self) -> None:
        notice = _event("validation_notice_sent", MARCH_2, debts=["d1"])
        assert self._within("2026-04-01T12:00:00-06:00", notice, debt=None) is None
        assert self._within("2026-04-01T12:00:00-06:00", notice, debt="d2") is None


class TestASubjectLine:
    """comment 42(a)(1)-1.i"""

    @pytest.mark.parametrize(
        ("subject", "expected"),
        [
            ("Alder Bank account ending in 4417", True),
            ("ALDER  bank, formerly Birch Stores", True),
            ("Alder Bank", None),
            ("Account ending in 4417", False),
            (None, None),
        ],
    )
    def test_names_the_creditor_and_one_more_mark(self, subject: str | None, expected: bool | None) -> None:
        assert identifies_debt(subject, "Alder Bank", "Birch Stores", "4417") is expected

    def test_needs_another_name_than_the_creditors_own(self) -> None:
        assert identifies_debt("Alder Bank", "Alder Bank", "alder bank", None) is None

    def test_is_unknown_without_a_creditor_on_file(self) -> None:
        assert identifies_debt("Alder Bank 4417", None, None, "4417") is None


class TestAnAnswer:
    @staticmethod
    def _answered(*events: models.Event, debt: str | None = "d1") -> bool | None:
        file = _file(*events)
        asked = next(event for event in file.events if event.type in ("dispute_received", "original_creditor_requested"))
        return file.answered(asked, None if debt is None else file.debt(debt), LATER)

    def test_is_verification_of_a_dispute(self) -> None:
        assert self._answered(_event("dispute_received", MARCH_2), _event("verification_sent", MARCH_10)) is True

    def test_is_none_where_it_was_sent_before_the_dispute_came(self) -> None:
        dispute = _event("dispute_received", MARCH_2, received_at=MARCH_12)
        assert self._answered(dispute, _event("verification_sent", MARCH_10)) is False

    def test_is_none_where_it_came_back(self) -> None:
        back = _event("notice_undeliverable", MARCH_12, notice="verification")
        assert self._answered(_event("dispute_received", MARCH_2), _event("verification_sent", MARCH_10), back) is False

    @pytest.mark.parametrize(("duplicative", "expected"), [(True, True), (False, False), (None, False)])
    def test_is_word_that_a_dispute_is_duplicative_of_such_a_one_alone(
        self, duplicative: bool | None, expected: bool
    ) -> None:
        dispute = _event("dispute_received", MARCH_2, duplicative=duplicative)
        assert self._answered(dispute, _event("notice_sent", MARCH_10, notice="duplicative_dispute")) is expected

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (_event("original_creditor_sent", MARCH_10), True),
            (_event("notice_sent", MARCH_10, notice="original_creditor_is_current"), True),
            (_event("notice_sent", MARCH_10, notice="other"), False),
            (_event("verification_sent", MARCH_10), False),
        ],
    )
    def test_to_a_request_names_the_original_creditor(self, answer: models.Event, expected: bool) -> None:
        assert self._answered(_event("original_creditor_requested", MARCH_2), answer) is expected

    def test_is_open_where_it_may_be_about_another_debt(self) -> None:
        answer = _event("verification_sent", MARCH_10, debts=["d1"])
        assert self._answered(_event("dispute_received", MARCH_2), answer, debt=None) is None
        assert self._answered(_event("dispute_received", MARCH_2), answer, debt="d2") is False
