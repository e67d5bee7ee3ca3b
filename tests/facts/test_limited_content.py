"""Whether a voicemail is a limited-content message, where that follows from what it is declared to contain."""

from __future__ import annotations

import pytest

from fdcpa_guard.facts import models
from fdcpa_guard.facts.entries import Entry

REQUIRED = [
    f"limited_content_{name}" for name in ("business_name", "request_to_reply", "person_name", "telephone_number")
]
PERMITTED = [f"limited_content_{name}" for name in ("salutation", "date_and_time", "reply_times", "any_representative")]


def _of(**said: object) -> bool | None:
    voicemail = {
        "at": "2026-04-07T10:00:00-05:00",
        "channel": "call",
        "outcome": "voicemail",
        "discloses": REQUIRED,
        "asserts": [],
    }
    return Entry(models.Communication.model_validate({**voicemail, **said}), of_log=False).limited_content


class TestLimitedContent:
    """12 CFR 1006.2(j)"""

    def test_has_what_is_required_and_nothing_else(self) -> None:
        assert _of() is True

    def test_may_have_what_is_permitted(self) -> None:
        assert _of(discloses=REQUIRED + PERMITTED) is True

    @pytest.mark.parametrize("left_out", REQUIRED)
    def test_is_none_without_an_item_that_is_required(self, left_out: str) -> None:
        assert _of(discloses=[name for name in REQUIRED + PERMITTED if name != left_out]) is False

    def test_is_none_with_another_notice(self) -> None:
        assert _of(discloses=[*REQUIRED, "from_debt_collector"]) is False

    def test_is_none_with_a_claim(self) -> None:
        assert _of(asserts=["threatens_suit"]) is False

    def test_is_open_where_nobody_says_what_it_claims(self) -> None:
        assert _of(asserts=None) is None

    def test_is_none_whatever_it_claims_where_an_item_is_left_out(self) -> None:
        assert _of(discloses=PERMITTED, asserts=None) is False

    def test_is_open_where_nobody_says_what_it_contains(self) -> None:
        assert _of(discloses=None) is None

    def test_of_a_proposed_call_is_the_message_that_it_would_leave(self) -> None:
        assert _of(outcome=None) is True

    @pytest.mark.parametrize("other", [{"channel": "text"}, {"channel": None}, {"outcome": "conversation"}])
    def test_follows_for_voicemails_alone(self, other: dict[str, object]) -> None:
        """A text message can never be one (comment 2(j)-1); of what is no voicemail nothing is said here."""
        assert _of(**other) is None

    @pytest.mark.parametrize("stated", [True, False])
    def test_what_is_stated_wins(self, stated: bool) -> None:
        assert _of(limited_content=stated) is stated
        assert _of(limited_content=stated, discloses=["caller_identity"], asserts=["names_employer"]) is stated

    @pytest.mark.parametrize(
        "more", [{"discloses": ["from_debt_collector"]}, {"discloses": ["current_amount"]}, {"asserts": ["states_debt"]}]
    )
    def test_what_is_stated_to_be_one_and_tells_of_a_debt_is_open(self, more: dict[str, object]) -> None:
        """Other content takes a voicemail out of the definition (comment 2(j)-1)."""
        assert _of(limited_content=True, **more) is None
        assert _of(limited_content=False, **more) is False
