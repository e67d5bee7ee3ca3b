"""All rules together: the decision, and from when on waiting alone makes it lawful."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import shipped
from hypothesis import given, settings
from hypothesis import strategies as st

from fdcpa_guard import check
from fdcpa_guard.engine.decision import Outcome
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile

_MICROSECOND = timedelta(microseconds=1)
_SOME = settings(max_examples=max(25, settings().max_examples // 4))


@st.composite
def dialled(draw: st.DrawFn) -> tuple[ConsumerFile, models.Communication]:
    """A consumer of one state, called and texted often of late; nothing but time stands in the way of a contact."""
    zip_code, number = shipped.PLACES[draw(st.sampled_from(sorted(shipped.PLACES)))]
    day = draw(st.sampled_from([datetime(2026, 3, 8), datetime(2026, 6, 15), datetime(2026, 11, 2)])).replace(tzinfo=UTC)
    at = day + timedelta(minutes=draw(st.integers(0, 3 * 24 * 12)) * 5)
    person = models.Person(role="consumer")

    def contact(moment: datetime, channel: Any, **fields: Any) -> models.Communication:
        return models.Communication(
            at=moment, channel=channel, direction="outbound", person=person, address=number, place="personal",
            debts=("d1",), charges_recipient=False, message_possible=True, consumer_at="home", **fields,
        )  # fmt: skip

    outcomes = ["no_answer", "no_answer", "voicemail", "conversation", "busy"]
    history = [
        contact(at - timedelta(minutes=minutes), "call", outcome=draw(st.sampled_from(outcomes)))
        for minutes in draw(st.lists(st.integers(10, 10 * 24 * 60), max_size=9))
    ]
    file = ConsumerFile(
        collector=models.Collector(kind="third_party_collector"),
        consumer=models.Consumer(
            addresses=(models.Address(zip=zip_code),),
            phones=(models.Phone(number=number, line="mobile", place="personal"),),
        ),
        debts=[models.Debt(id="d1", kind="credit_card", creditor_type="assignee", licence_type="bank")],
        history=history,
    )
    return file, contact(at, draw(st.sampled_from(["call", "call", "letter"])))


def allowed(file: ConsumerFile, said: models.Communication, at: datetime) -> bool:
    moved = said.model_copy(update={"at": at})
    return shipped.default_guard().check(moved, file).decision is Outcome.ALLOW


class TestTheNextLawfulInstant:
    @_SOME
    @given(dialled())
    def test_it_is_allowed_just_after_it_begins(self, world: tuple[ConsumerFile, models.Communication]) -> None:
        file, said = world
        permitted = shipped.default_guard().check(said, file).permitted_at
        assert permitted is None or allowed(file, said, permitted + _MICROSECOND)

    @_SOME
    @given(dialled())
    def test_it_is_not_allowed_just_before_it_begins(self, world: tuple[ConsumerFile, models.Communication]) -> None:
        file, said = world
        permitted = shipped.default_guard().check(said, file).permitted_at
        if permitted is not None and permitted > said.at:
            assert not allowed(file, said, permitted - _MICROSECOND)

    @settings(max_examples=max(10, settings().max_examples // 6))
    @given(dialled())
    def test_at_no_hour_before_it_was_it_allowed(self, world: tuple[ConsumerFile, models.Communication]) -> None:
        file, said = world
        permitted = shipped.default_guard().check(said, file).permitted_at
        hour = said.at
        while permitted is not None and hour < permitted:
            assert not allowed(file, said, hour), hour
            hour += timedelta(hours=1, minutes=7)

    @_SOME
    @given(dialled())
    def test_it_never_lies_in_the_past(self, world: tuple[ConsumerFile, models.Communication]) -> None:
        file, said = world
        permitted = shipped.default_guard().check(said, file).permitted_at
        assert permitted is None or permitted >= said.at

    @_SOME
    @given(dialled())
    def test_it_is_now_exactly_where_it_is_allowed_now(self, world: tuple[ConsumerFile, models.Communication]) -> None:
        file, said = world
        decision = shipped.default_guard().check(said, file)
        assert (decision.permitted_at == said.at) is (decision.decision is Outcome.ALLOW)

    @_SOME
    @given(dialled())
    def test_no_finding_clears_before_now_nor_all_of_them_after_it(
        self, world: tuple[ConsumerFile, models.Communication]
    ) -> None:
        file, said = world
        decision = shipped.default_guard().check(said, file)
        in_the_way = [each for each in decision.findings if each.consequence is not Outcome.ALLOW]
        clear = [each.clears_at for each in in_the_way]
        assert all(each is None or each >= said.at for each in clear)
        if decision.permitted_at is not None and None not in clear:
            # Each clears by itself first; together they may block again later.
            assert max((each for each in clear if each is not None), default=said.at) <= decision.permitted_at

    def test_what_is_drawn_is_allowed_or_waits_or_never_clears(self) -> None:
        seen: set[str] = set()

        @_SOME
        @given(dialled())
        def look(world: tuple[ConsumerFile, models.Communication]) -> None:
            file, said = world
            permitted = shipped.default_guard().check(said, file).permitted_at
            seen.add("never" if permitted is None else "now" if permitted == said.at else "later")

        look()
        assert seen >= {"now", "later"}


def eighth_call(at: str) -> dict[str, object]:
    """The model's own example: seven calls on the days from 6 to 12 April 2022, and one more."""
    call = {"channel": "call", "person": {"role": "consumer"}, "address": "+15125550100", "debts": ["d1"]}
    first = {"id": "h1", "at": "2022-04-06T10:00:00-05:00", "outcome": "no_answer", "repeat": 7, "every": "20 hours"}
    return {
        "collector": {"kind": "third_party_collector"},
        "consumer": {
            "id": "c1",
            "addresses": [{"kind": "home", "state": "TX", "zip": "78701"}],
            "phones": [{"number": "+15125550100", "line": "mobile", "place": "personal"}],
        },
        "debts": [{"id": "d1", "kind": "credit_card"}],
        "history": [{**call, **first}],
        "communication": {**call, "at": at},
    }


class TestTheEighthCallInSevenDays:
    """12 CFR 1006.14(b)(2)(ii), (b)(2)(i)(A)"""

    def test_it_is_permitted_on_the_next_morning(self) -> None:
        permitted = check(eighth_call("2022-04-12T10:00:00-05:00")).permitted_at
        assert permitted is not None
        assert permitted.isoformat() == "2022-04-13T08:00:00-05:00"

    def test_it_is_shown_in_the_consumers_local_time_whatever_offset_it_was_asked_in(self) -> None:
        permitted = check(eighth_call("2022-04-12T17:00:00+02:00")).permitted_at
        assert permitted is not None
        assert permitted.isoformat() == "2022-04-13T08:00:00-05:00"

    def test_the_finding_clears_at_the_midnight_that_ends_the_first_calls_seven_days(self) -> None:
        decision = check(eighth_call("2022-04-12T10:00:00-05:00"))
        (finding,) = [each for each in decision.findings if each.rule == "us-regf-seven-in-seven"]
        assert finding.clears_at is not None
        assert finding.clears_at.isoformat() == "2022-04-13T00:00:00-05:00"

    @pytest.mark.parametrize(
        ("at", "decision"),
        [("2022-04-12T10:00:00-05:00", Outcome.BLOCK), ("2022-04-13T10:00:00-05:00", Outcome.ALLOW)],
    )
    def test_it_is_blocked_on_the_seventh_day_and_allowed_on_the_eighth(self, at: str, decision: Outcome) -> None:
        assert check(eighth_call(at)).decision is decision

    def test_the_seven_calls_that_counted_are_named(self) -> None:
        decision = check(eighth_call("2022-04-12T10:00:00-05:00"))
        (finding,) = [each for each in decision.findings if each.rule == "us-regf-seven-in-seven"]
        counted = [each.id for each in finding.counted if each.block == "counted_calls"]
        assert counted == ["h1", "h1-2", "h1-3", "h1-4", "h1-5", "h1-6", "h1-7", "this communication"]
