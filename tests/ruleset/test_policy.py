"""A user's policy tightens; to go on in spite of a rule takes a waiver with a name, a reason and an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shipped
from pydantic import ValidationError

from fdcpa_guard import check
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Decision, Outcome
from fdcpa_guard.errors import FactsError
from fdcpa_guard.rulefile.model import Consequence, Effect
from fdcpa_guard.ruleset.policy import PolicyText, WaiverText, read_policy
from fdcpa_guard.ruleset.rulebook import Rulebook

SEVEN = "us-regf-seven-in-seven"
HOURS = "us-regf-contact-hours"


def guard_under(**policy: Any) -> Guard:
    return Guard(shipped.shipped(), PolicyText.model_validate(policy))


def some_calls(count: int, at: str = "2026-06-16T10:00:00-06:00", **consumer: object) -> dict[str, object]:
    """A call to a consumer in Montana after so many in the two days before it."""
    call = {"channel": "call", "person": {"role": "consumer"}, "address": "+14065550100", "debts": ["d1"]}
    many = {"id": "h1", "at": "2026-06-14T09:00:00-06:00", "outcome": "no_answer", "repeat": count, "every": "4 hours"}
    return {
        "collector": {"kind": "third_party_collector"},
        "consumer": {
            "addresses": [{"kind": "home", "state": "MT", "zip": "59601"}],
            "phones": [{"number": "+14065550100", "line": "mobile", "place": "personal"}],
            **consumer,
        },
        "debts": [{"id": "d1", "kind": "credit_card"}],
        "history": [{**call, **many}],
        "communication": {**call, "at": at, "place": "personal"},
    }


def rules_found(decision: Decision) -> set[str]:
    return {finding.rule for finding in decision.findings}


class TestTightening:
    def test_a_limit_that_is_the_stricter_the_lower_can_be_lowered(self) -> None:
        guard = guard_under(tighten={SEVEN: {"limit": 5}})
        assert SEVEN not in rules_found(check(some_calls(5)))
        assert SEVEN in rules_found(check(some_calls(5), guard))

    @pytest.mark.parametrize(("calls", "found"), [(4, False), (5, True)])
    def test_the_stricter_limit_is_met_at_its_own_boundary(self, calls: int, found: bool) -> None:
        guard = guard_under(tighten={SEVEN: {"limit": 5}})
        assert (SEVEN in rules_found(check(some_calls(calls), guard))) is found

    def test_a_time_that_is_the_stricter_the_later_can_be_set_later(self) -> None:
        guard = guard_under(tighten={HOURS: {"earliest": "11:00"}})
        assert HOURS not in rules_found(check(some_calls(1)))
        assert HOURS in rules_found(check(some_calls(1), guard))

    def test_the_laws_own_value_is_no_loosening(self) -> None:
        limit = shipped.rule(SEVEN).parameters["limit"]
        tightened = guard_under(tighten={SEVEN: {"limit": 7}}).rulebook.by_id[SEVEN].parameters["limit"]
        assert tightened == limit

    def test_the_rulebook_keeps_the_law_as_it_is(self) -> None:
        guard = guard_under(tighten={SEVEN: {"limit": 5}})
        assert guard.rulebook.by_id[SEVEN].parameters["limit"].values[0].value == 7

    def test_the_message_states_the_stricter_limit(self) -> None:
        decision = check(some_calls(6), guard_under(tighten={SEVEN: {"limit": 5}}))
        (finding,) = [each for each in decision.findings if each.rule == SEVEN]
        assert "5" in finding.message

    @pytest.mark.parametrize(
        ("rule", "parameter", "value", "why"),
        [
            (SEVEN, "limit", 8, "is looser than the law's"),
            (HOURS, "earliest", "7:00", "is looser than the law's"),
            (HOURS, "latest", "22:00", "is looser than the law's"),
            (SEVEN, "no_such", 5, "has no parameter `no_such`"),
            (SEVEN, "limit", "five", "expected a number"),
            (HOURS, "earliest", "25:00", "expected a"),
            ("us-no-such-rule", "limit", 5, "no rule is called `us-no-such-rule`"),
        ],
    )
    def test_what_would_loosen_or_names_what_is_not_there_is_refused(
        self, rule: str, parameter: str, value: int | str, why: str
    ) -> None:
        with pytest.raises(FactsError, match=why):
            guard_under(tighten={rule: {parameter: value}})

    def test_a_span_in_another_unit_is_refused(self) -> None:
        found = [
            (rule.id, name)
            for rule in shipped.shipped().rules
            for name, parameter in rule.parameters.items()
            if parameter.stricter is not None and str(parameter.values[0].value).endswith("days")
        ]
        (rule, name), *_ = found
        with pytest.raises(FactsError, match="expected the unit of"):
            guard_under(tighten={rule: {name: "3 months"}})

    def test_a_constant_without_a_stricter_side_cannot_be_moved(self) -> None:
        found = [
            (rule.id, name)
            for rule in shipped.shipped().rules
            for name, parameter in rule.parameters.items()
            if parameter.stricter is None
        ]
        (rule, name), *_ = found
        with pytest.raises(FactsError, match="no stricter side"):
            guard_under(tighten={rule: {name: 1}})

    def test_a_loosening_is_answered_with_what_would_be_right(self) -> None:
        with pytest.raises(FactsError) as caught:
            guard_under(tighten={SEVEN: {"limit": 8}})
        assert caught.value.path == f"policy.tighten.{SEVEN}.limit"
        assert caught.value.hint is not None
        assert "write a waiver" in caught.value.hint


class TestWhatAnUnknownMeans:
    def nowhere(self) -> dict[str, object]:
        """A call of which only the debt is not said: how many calls were about it cannot be known."""
        scenario = some_calls(7)
        communication = scenario["communication"]
        assert isinstance(communication, dict)
        del communication["debts"]
        return scenario

    def test_it_is_a_review_where_the_policy_says_nothing(self) -> None:
        assert check(self.nowhere()).decision is Outcome.REVIEW

    def test_it_blocks_where_the_policy_says_so(self) -> None:
        assert check(self.nowhere(), guard_under(unknown="block")).decision is Outcome.BLOCK

    def test_a_note_stays_a_note(self) -> None:
        guard = guard_under(unknown="block")
        before = {rule.id: rule.when_unknown for rule in shipped.default_guard().rules}
        notes = [rule for rule in guard.rules if before[rule.id].missing is Consequence.NOTE]
        assert notes
        assert {rule.when_unknown.missing for rule in notes} == {Consequence.NOTE}


def waiver(until: str, rule: str = SEVEN) -> dict[str, str]:
    return {"rule": rule, "name": "A. Manager", "reason": "the consumer asked for a call back", "until": until}


class TestWaivers:
    def test_under_a_waiver_the_decision_goes_on_and_says_so(self) -> None:
        decision = check(some_calls(8), guard_under(waivers=[waiver("2026-06-30")]))
        (finding,) = [each for each in decision.findings if each.rule == SEVEN]
        assert (finding.consequence, decision.decision) == (Outcome.ALLOW, Outcome.ALLOW)
        assert [(each.rule, each.name, each.reason, each.until) for each in decision.waivers] == [
            (SEVEN, "A. Manager", "the consumer asked for a call back", date(2026, 6, 30))
        ]

    def test_a_waiver_of_one_rule_leaves_the_others(self) -> None:
        guard = guard_under(waivers=[waiver("2026-06-30")])
        assert check(some_calls(8, at="2026-06-16T22:00:00-06:00"), guard).decision is Outcome.BLOCK

    @pytest.mark.parametrize(
        ("at", "decision"),
        [("2026-06-16T20:59:59-06:00", Outcome.ALLOW), ("2026-06-17T08:00:01-06:00", Outcome.BLOCK)],
    )
    def test_it_lapses_after_its_last_local_day(self, at: str, decision: Outcome) -> None:
        """At nine in the evening in Helena it is the next day in UTC already."""
        assert check(some_calls(8, at=at), guard_under(waivers=[waiver("2026-06-16")])).decision is decision

    def test_without_a_known_place_it_lapses_with_the_first_that_may_have_passed_its_day(self) -> None:
        scenario = {**some_calls(8, at="2026-06-16T18:00:00-06:00"), "consumer": {}}
        communication = scenario["communication"]
        assert isinstance(communication, dict)
        communication["address"] = "+18005550100"
        assert not check(scenario, guard_under(waivers=[waiver("2026-06-16")])).waivers

    def test_a_waiver_of_a_rule_that_there_is_not_is_refused(self) -> None:
        with pytest.raises(FactsError, match="no rule is called `us-no-such-rule`"):
            guard_under(waivers=[waiver("2026-06-30", "us-no-such-rule")])

    @pytest.mark.parametrize("field", ["rule", "name", "reason", "until"])
    def test_it_names_a_rule_a_person_a_reason_and_an_end(self, field: str) -> None:
        said = waiver("2026-06-30")
        del said[field]
        with pytest.raises(ValidationError):
            WaiverText.model_validate(said)

    def test_no_waiver_is_shown_where_none_was_needed(self) -> None:
        assert not check(some_calls(1), guard_under(waivers=[waiver("2026-06-30")])).waivers

    def test_what_waits_for_a_waived_rule_alone_is_permitted_now(self) -> None:
        decision = check(some_calls(8), guard_under(waivers=[waiver("2026-06-30")]))
        assert decision.permitted_at is not None
        assert decision.permitted_at.isoformat() == "2026-06-16T10:00:00-06:00"


class TestOtherReadings:
    def test_they_are_off_unless_switched_on(self) -> None:
        assert not [rule for rule in shipped.default_guard().rules if rule.other_reading_of is not None]

    def test_switched_on_every_one_is_judged(self) -> None:
        every = {rule.id for rule in shipped.shipped().rules}
        assert {rule.id for rule in guard_under(other_readings=True).rules} == every

    def test_they_warn_and_never_change_a_decision(self) -> None:
        others = [rule for rule in shipped.shipped().rules if rule.other_reading_of is not None]
        assert others
        assert {rule.effect for rule in others} == {Effect.ADVISES}
        assert {rule.when_violated for rule in others} == {Consequence.NOTE}
        assert {(rule.when_unknown.missing, rule.when_unknown.locations_disagree) for rule in others} == {
            (Consequence.NOTE, Consequence.NOTE)
        }

    def test_they_stay_warnings_where_an_unknown_blocks(self) -> None:
        guard = guard_under(other_readings=True, unknown="block")
        others = [rule for rule in guard.rules if rule.other_reading_of is not None]
        assert {rule.when_unknown.missing for rule in others} == {Consequence.NOTE}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


class TestThePolicyFile:
    def test_it_is_read_as_written(self, written: Callable[[str], Path]) -> None:
        text = f"unknown: block\ntighten:\n  {SEVEN}: {{limit: 5}}\n  {HOURS}: {{earliest: \"09:00\"}}\n"
        policy = read_policy(written(text))
        assert (policy.unknown, policy.tighten) == ("block", {SEVEN: {"limit": 5}, HOURS: {"earliest": "09:00"}})

    @pytest.mark.parametrize(
        ("text", "where"),
        [("unknwon: block\n", "unknwon"), ("unknown: allow\n", "unknown"), ("waivers: [{rule: x}]\n", "waivers.0.name")],
    )
    def test_what_is_wrong_in_it_is_named_by_its_path(
        self, written: Callable[[str], Path], text: str, where: str
    ) -> None:
        with pytest.raises(FactsError) as caught:
            read_policy(written(text))
        assert caught.value.path.endswith(where)

    def test_no_policy_is_the_law_as_it_is(self) -> None:
        rules = [rule for rule in shipped.shipped().rules if rule.other_reading_of is None]
        assert list(Guard(Rulebook(tuple(rules), "")).rules) == rules
