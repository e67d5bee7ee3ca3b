"""An error while judging is an unknown that carries it; two evaluators that disagree are an error of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import shipped

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Decision, Outcome, Status, Verdict
from fdcpa_guard.engine.verdicts import Flag, RuleVerdict
from fdcpa_guard.errors import BackendDisagreement
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.rulefile.walk import facts_read

BROKEN = "communication.local_time"


def call(hour: int = 18, place: str | None = "personal") -> models.Communication:
    return models.Communication.model_validate(
        {
            "at": datetime(2026, 6, 16, hour, tzinfo=UTC), "channel": "call", "person": {"role": "consumer"},
            "address": "+14065550100", "debts": ["d1"], "place": place,
        }
    )  # fmt: skip


def file(calls: int = 0) -> ConsumerFile:
    """A consumer in Montana, called so many times on the morning of the day before."""
    at = datetime(2026, 6, 15, 18, tzinfo=UTC)
    return ConsumerFile(
        collector=models.Collector(kind="third_party_collector"),
        consumer=models.Consumer(
            addresses=(models.Address(state="MT", zip="59601"),),
            phones=(models.Phone(number="+14065550100", line="mobile", place="personal"),),
        ),
        debts=[models.Debt(id="d1", kind="credit_card")],
        history=[
            call().model_copy(update={"at": at + timedelta(minutes=30 * n), "outcome": "no_answer"}) for n in range(calls)
        ],
    )


def decide(guard: Guard, hour: int = 18, calls: int = 0) -> Decision:
    return guard.check(call(hour), file(calls))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Guard:
    """A guard whose reader of one fact fails, in the definition and in the compiled rules."""

    def fails(*_: object) -> int:
        raise RuntimeError("the clock has stopped")

    monkeypatch.setattr(World, "time_of_day", fails)
    return Guard(shipped.shipped())


def readers(guard: Guard) -> set[str]:
    """The rules that have come to read the broken fact: those without it answer as ever."""
    return {rule.id for rule in guard.rules if BROKEN in facts_read(rule)}


class TestAFactThatCannotBeRead:
    def test_makes_the_rules_that_read_it_unknown(self, broken: Guard) -> None:
        found = {each.rule: each.status for each in decide(broken).findings}
        assert set(found) & readers(broken)
        assert {found[name] for name in set(found) & readers(broken)} == {Status.UNKNOWN}

    def test_is_never_a_permission(self, broken: Guard) -> None:
        assert decide(broken).decision is Outcome.REVIEW

    def test_could_be_read_it_would_be_one(self) -> None:
        assert decide(shipped.default_guard()).decision is Outcome.ALLOW

    def test_is_told_with_its_error(self, broken: Guard) -> None:
        (message, *_) = [each.message for each in decide(broken).findings if each.rule in readers(broken)]
        assert "an error while judging: RuntimeError: the clock has stopped" in message

    def test_leaves_the_other_rules_their_answers(self, broken: Guard) -> None:
        found = {each.rule: each.status for each in decide(broken, calls=8).findings}
        assert found["us-regf-seven-in-seven"] is Status.VIOLATED

    def test_is_in_the_account_of_the_rule_alone(self, broken: Guard) -> None:
        name = sorted({each.rule for each in decide(broken).findings} & readers(broken))[0]
        rule = next(each for each in broken.rules if each.id == name)
        told = broken.judge(rule, Entry(call(), of_log=False), file())
        assert told.verdict is Verdict.UNKNOWN
        assert any("RuntimeError" in because for each in told.judgements for because in each.because)


class TestADisagreement:
    @pytest.fixture
    def mistaken(self, monkeypatch: pytest.MonkeyPatch) -> Guard:
        """A guard whose definition finds nothing in any rule."""
        guard = Guard(shipped.shipped())

        def nothing(rule: Rule, *_: object, **__: object) -> RuleVerdict:
            return RuleVerdict(rule, Verdict.COMPLIES, False, False, ())

        monkeypatch.setattr("fdcpa_guard.engine.deciding.judge_rule", nothing)
        return guard

    def test_stops_the_explanation_of_a_finding(self, mistaken: Guard) -> None:
        (finding, *_) = decide(mistaken, hour=11).findings
        with pytest.raises(BackendDisagreement, match="the definition complies"):
            _ = finding.counted

    def test_names_the_rule(self, mistaken: Guard) -> None:
        (finding, *_) = decide(mistaken, hour=11).findings
        with pytest.raises(BackendDisagreement) as caught:
            _ = finding.facts
        assert caught.value.rule == finding.rule

    def test_stops_the_search_for_a_lawful_instant(self, mistaken: Guard) -> None:
        with pytest.raises(BackendDisagreement):
            _ = decide(mistaken, hour=11).permitted_at

    def test_ends_a_program_with_a_code_of_its_own(self) -> None:
        assert BackendDisagreement.exit_code == 70

    @pytest.mark.parametrize(
        ("verdict", "disagree", "missing"),
        [
            (Verdict.COMPLIES, False, False),
            (Verdict.UNKNOWN, False, True),
            (Verdict.VIOLATED, True, False),
            (Verdict.VIOLATED, False, True),
        ],
    )
    def test_is_any_difference_in_the_verdict_or_its_grounds(
        self, verdict: Verdict, disagree: bool, missing: bool
    ) -> None:
        rule = shipped.rule("us-regf-contact-hours")
        flag = Flag.of(RuleVerdict(rule, Verdict.VIOLATED, False, False, ()))
        assert not flag.agrees(RuleVerdict(rule, verdict, disagree, missing, ()))
