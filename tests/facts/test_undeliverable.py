"""When word came that something sent could not be delivered, and how many days of notice a deposit had."""

from __future__ import annotations

from datetime import date

import pytest

from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.undeliverable import days_of_notice, returned_at
from fdcpa_guard.values import instant_of

LETTER = {"id": "h1", "at": "2026-05-01T16:00:00Z", "channel": "letter", "debts": ["d1"], "address": "1 Main St"}
NOTICE = {"at": "2026-05-01T16:00:00Z", "type": "validation_notice_sent", "medium": "letter", "debts": ["d1"]}
LATER = "2026-06-01T00:00:00Z"


def _instant(text: str) -> int:
    return instant_of(models.Action.model_validate({"at": text, "type": "furnish"}).at)


def _returned(*words: dict[str, object], sent: dict[str, object] = LETTER, at: str = LATER) -> int | None:
    of_event = "type" in sent
    file = ConsumerFile(
        events=[models.Event.model_validate(each) for each in (*words, *([sent] if of_event else []))],
        history=[] if of_event else [models.Communication.model_validate(sent)],
    )
    found = file.events_by_type["validation_notice_sent"][0] if of_event else file.entries[0]
    return returned_at(file, found, _instant(at))


def _word(at: str = "2026-05-10T16:00:00Z", **said: object) -> dict[str, object]:
    return {"at": at, "type": "notice_undeliverable", **said}


TENTH = _instant("2026-05-10T16:00:00Z")


class TestWordOfNonDelivery:
    def test_is_none_where_none_came(self) -> None:
        assert _returned() is None

    @pytest.mark.parametrize("type_", ["notice_undeliverable", "address_undeliverable"])
    def test_comes_by_either_event(self, type_: str) -> None:
        assert _returned({**_word(), "type": type_}) == TENTH

    def test_is_the_first_that_came(self) -> None:
        assert _returned(_word("2026-05-12T16:00:00Z"), _word()) == TENTH

    @pytest.mark.parametrize(
        ("said", "of_it"),
        [
            ({"debts": ["d1"]}, True),
            ({"debts": ["d2"]}, False),
            ({"debts": ["d2", "d1"]}, True),
            ({"address": "1 Main St"}, True),
            ({"address": "2 Main St"}, False),
            ({"given_in": "h1"}, True),
            ({"given_in": "h2"}, False),
            ({"given_in": "h1", "medium": "email", "notice": "verification"}, True),
            ({"medium": "letter"}, True),
            ({"medium": "email"}, False),
            ({"channel": "email"}, False),
            ({"notice": "verification"}, False),
        ],
    )
    def test_is_of_what_it_names(self, said: dict[str, object], of_it: bool) -> None:
        assert _returned(_word(**said)) == (TENTH if of_it else None)

    def test_counts_when_it_became_known(self) -> None:
        late = _word(known_at="2026-05-20T16:00:00Z")
        assert _returned(late) == _instant("2026-05-20T16:00:00Z")
        assert _returned(late, at="2026-05-19T00:00:00Z") is None

    def test_from_before_the_sending_is_of_something_else(self) -> None:
        assert _returned(_word("2026-04-30T16:00:00Z")) is None

    @pytest.mark.parametrize(("notice", "of_it"), [(None, True), ("validation_notice", True), ("verification", False)])
    def test_of_an_event_is_of_the_notice_that_it_names(self, notice: str | None, of_it: bool) -> None:
        assert _returned(_word(notice=notice), sent=NOTICE) == (TENTH if of_it else None)


class TestDaysOfNotice:
    """12 CFR 1006.22(c)(1); Thanksgiving of 2026 is on November 26."""

    @pytest.mark.parametrize(
        ("notice", "deposit", "least", "most"),
        [
            (date(2026, 11, 24), date(2026, 12, 1), 4, 4),
            (date(2026, 11, 25), date(2026, 12, 1), 3, 3),
            (date(2026, 11, 26), date(2026, 12, 1), 2, 3),
            (date(2026, 11, 28), date(2026, 12, 2), 2, 3),
            (date(2026, 12, 2), date(2026, 12, 5), 2, 3),
            (date(2026, 12, 1), date(2026, 12, 1), 0, 0),
            (date(2026, 12, 2), date(2026, 12, 1), 0, 0),
        ],
    )
    def test_leave_out_weekends_and_holidays(self, notice: date, deposit: date, least: int, most: int) -> None:
        assert days_of_notice(notice.toordinal(), deposit.toordinal()) == (least, most)

    def test_count_the_day_off_in_the_stead_of_a_holiday(self) -> None:
        """July 4 of 2026 is a Saturday; the Friday before it is no holiday of 5 USC 6103(a)."""
        assert days_of_notice(date(2026, 7, 1).toordinal(), date(2026, 7, 6).toordinal()) == (3, 3)

    @pytest.mark.parametrize(("notice", "deposit"), [(None, 1), (1, None)])
    def test_are_unknown_without_both_days(self, notice: int | None, deposit: int | None) -> None:
        assert days_of_notice(notice, deposit) == (None, None)
