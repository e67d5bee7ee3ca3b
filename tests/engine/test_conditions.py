"""Single tests of conditions whose meaning a property once caught: each is the example, by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shipped
from strategies import NOWHERE

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.lang import core
from fdcpa_guard.lang.check import read_condition
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.lang.parse import plain_locator
from fdcpa_guard.lang.resolve import Names
from fdcpa_guard.rulefile.model import MomentOf, Rule, Selection, Window, WindowKind
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.vocabulary import load_vocabulary

_EVER = Window(WindowKind.LIFETIME, None, "consumer_local", False, True, "sunday", NOWHERE)
_DISPUTES = Selection(None, frozenset({"dispute_received"}), (), None, NOWHERE)
_NAMES = Names(load_vocabulary(), Scope.COMMUNICATION, {}, (), {"last_dispute": Scope.EVENT}, (), {})


def condition(text: str) -> core.Condition:
    return read_condition(text, plain_locator(text), _NAMES)


def rule_of(text: str) -> Rule:
    """A rule that is violated where a condition over the last dispute is true."""
    last = MomentOf("last_dispute", "law", True, _DISPUTES, _EVER, (), NOWHERE)
    return replace(
        shipped.rule("us-regf-contact-hours"),
        binds=frozenset({"creditor"}), reaches=frozenset({"any"}), parameters={}, blocks={"last_dispute": last},
        definitions={}, applies_when=None, violated_when=condition(text), undecided=(), unless=(),
    )  # fmt: skip


def verdicts(text: str, **said: object) -> tuple[Verdict, bool]:
    """By the definition, and whether the compiled rule flags it; there is no dispute, and a clock is known."""
    rule = rule_of(text)
    guard = Guard(Rulebook((rule,), ""))
    file = ConsumerFile(
        collector=models.Collector(kind="creditor"), consumer=models.Consumer(time_zones=("America/Chicago",))
    )
    entry = Entry(models.Communication.model_validate({"at": "2026-03-04T12:00:00Z", **said}), of_log=False)
    flags = guard._screened(entry, file, [])
    assert flags is not None
    return guard.judge(rule, entry, file).verdict, bool(flags)


class TestAFieldOfNoEvent:
    @pytest.mark.parametrize(
        "test",
        [
            "communication.content contains last_dispute.notice",
            "last_dispute.notice contains communication.content",
            "communication.content is last_dispute.notice",
            "communication.content is not last_dispute.notice",
            "last_dispute.notice is communication.content",
            "last_dispute.channel in [call, text]",
            "last_dispute.written",
            "last_dispute.at is within 7 calendar days before communication.at",
            "communication.at is within 7 calendar days after last_dispute.at",
            "last_dispute.written is known",
            "last_dispute.written is unknown",
            "last_dispute.written is present",
        ],
    )
    def test_makes_its_test_false_whatever_else_is_unknown(self, test: str) -> None:
        assert verdicts(test) == (Verdict.COMPLIES, False)

    def test_is_absent(self) -> None:
        assert verdicts("last_dispute.written is absent") == (Verdict.VIOLATED, True)

    def test_denied_makes_the_denial_true(self) -> None:
        assert verdicts("not communication.content contains last_dispute.notice") == (Verdict.VIOLATED, True)
