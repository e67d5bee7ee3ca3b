"""Small pieces of English."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fdcpa_guard.engine.relations import LACKING
from fdcpa_guard.review.wording import JURISDICTIONS, count, fact_phrase, listed, local_time, words_of
from fdcpa_guard.rulefile.schema import STATES


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2022, 4, 6, 15, tzinfo=UTC), "Wed 6 Apr 2022, 10:00 a.m. CDT"),
        (datetime(2022, 12, 6, 6, 0, 5, tzinfo=UTC), "Tue 6 Dec 2022, 12:00:05 a.m. CST"),
        (datetime(2022, 12, 6, 18, tzinfo=UTC), "Tue 6 Dec 2022, 12:00 p.m. CST"),
    ],
)
def test_an_instant_is_told_in_local_time_with_its_zone(moment: datetime, said: str) -> None:
    assert local_time(moment.astimezone(ZoneInfo("America/Chicago"))) == said


def test_every_state_has_a_name() -> None:
    assert set(JURISDICTIONS) >= STATES


def test_every_fact_that_an_agreement_lacks_has_a_phrase() -> None:
    names = {name for pair in LACKING.values() for name in pair} - {"consumer.id"}
    assert {name for name in names if fact_phrase(name) is None} == set()


def test_lists_and_counts() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")] == ["", "a", "a and b", "a, b or c"]
    assert [count(1, "rule"), count(0, "rule"), count(2, "class", "classes")] == ["1 rule", "0 rules", "2 classes"]


class TestNames:
    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("is_the_collectors_act", "is the collector's act"),
            ("is_on_the_consumers_side", "is on the consumer's side"),
            ("address_is_anothers", "address is another's"),
            ("dispute_is_open", "dispute is open"),
        ],
    )
    def test_a_name_says_whose_it_is(self, name: str, words: str) -> None:
        assert words_of(name) == words
