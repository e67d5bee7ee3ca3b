"""What says little says no more than it does: empty names and lists, unsaid debts and channels, and days that clash."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile, file_of
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.naming import identifies_debt
from fdcpa_guard.facts.stated import is_same_account, is_same_name
from fdcpa_guard.facts.validation_period import came_back, notices_among

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)


class TestEmpty:
    @pytest.mark.parametrize(
        ("model", "said"),
        [
            (models.Communication, {"at": AT, "id": ""}),
            (models.Action, {"at": AT, "type": "sue", "id": ""}),
            (models.Debt, {"id": ""}),
            (models.Event, {"at": AT, "type": "consent_revoked", "to": []}),
            (models.Event, {"at": AT, "type": "time_convenient", "hours": []}),
            (models.Consumer, {"working_hours": []}),
        ],
    )
    def test_names_and_lists_are_refused(self, model: type[models.Model], said: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            model.model_validate(said)

    def test_a_copy_does_not_take_the_place_of_another_entry(self) -> None:
        repeated = models.HistoryEntry(id="a", at=AT, repeat=3, every="1 day")
        scenario = models.Scenario(history=(repeated, models.HistoryEntry(id="a-2", at=AT)))
        with pytest.raises(FactsError, match="its copy 2 would be called `a-2`"):
            file_of(scenario)


class TestNotices:
    @pytest.mark.parametrize(
        ("said", "debts"),
        [
            ({"channel": "letter", "debts": ("d1",)}, ("d1",)),
            ({"channel": "letter"}, ()),
            ({"debts": ("d1",)}, ()),
        ],
    )
    def test_one_of_unsaid_debts_or_channel_is_surely_about_none(self, said: dict[str, Any], debts: tuple[str, ...]) -> None:
        entry = Entry(models.Communication(at=AT, purpose="validation_notice", **said), of_log=True)
        (event,) = notices_among([entry])
        assert event.debts == debts

    def test_one_that_came_back_for_a_debt_of_the_group_came_back(self) -> None:
        back = {"at": datetime(2026, 3, 5, 18, tzinfo=UTC), "type": "notice_undeliverable", "debts": ["a2"]}
        sent = {"at": AT, "type": "validation_notice_sent", "debts": ["a1"]}
        for group, expected in ("g", True), (None, False):
            file = ConsumerFile(
                debts=[models.Debt(id="a1", group=group), models.Debt(id="a2", group=group)],
                events=[models.Event.model_validate(sent), models.Event.model_validate(back)],
            )
            (event,) = file.events_by_type["validation_notice_sent"]
            assert came_back(file, event, file.events[-1].at) is expected


class TestDebtsOfACommunication:
    @pytest.mark.parametrize(
        ("debts", "expected"),
        [(None, None), ((), None), (("a1",), True), (("a1", "a1"), True), (("a1", "a2"), True), (("a1", "b"), False)],
    )
    def test_those_counted_as_one_are_one(self, debts: tuple[str, ...] | None, expected: bool | None) -> None:
        file = ConsumerFile(debts=[models.Debt(id="a1", group="g"), models.Debt(id="a2", group="g"), models.Debt(id="b")])
        entry = Entry(models.Communication(at=AT, debts=debts), of_log=False)
        assert file.about_one_debt(entry) is expected


def test_what_was_not_yet_known_is_left_out_whatever_else_the_log_has() -> None:
    calls = [models.Communication(id=f"h{n}", at=datetime(2026, 3, 7, n, tzinfo=UTC), channel="call") for n in range(3)]
    late = models.Communication(id="l", at=datetime(2026, 1, 5, tzinfo=UTC), known_at=datetime(2026, 1, 6, tzinfo=UTC))
    asked = Entry(models.Communication(at=datetime(2026, 3, 8, tzinfo=UTC)), of_log=False)
    for history in calls, [*calls, late]:
        file = ConsumerFile(history=history, as_of=datetime(2026, 3, 5, tzinfo=UTC))
        assert [each.id for each in file.prior(asked)] == [each.id for each in history if each.id == "l"]


class TestNames:
    @pytest.mark.parametrize(
        ("subject", "creditor", "suffix", "expected"),
        [
            ("Hello", "", "", None),
            ("Banking news 2021", "Bank", "1", False),
            ("Alder Bank news 2021", "Alder Bank", "1", None),
            ("Alder Bank xxxx-4417", "Alder Bank", "4417", True),
            ("Alder Bank 4417", "Alder Bank", "", None),
        ],
    )
    def test_a_subject_line_names_whole_words(
        self, subject: str, creditor: str, suffix: str, expected: bool | None
    ) -> None:
        assert identifies_debt(subject, creditor, None, suffix) is expected

    def test_marks_alone_are_no_name(self) -> None:
        assert is_same_name("-", "***") is None
        assert is_same_name("Alder Bank", "***") is None
        assert is_same_account("1234", "xxxx") is None
