"""Each number and date of each rule is held by the rule's own cases: moved by one, one of them fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from mutation import noticed, ready_cases, survivors
from shipped import shipped

SAME_LAW: Final[Mapping[tuple[str, str], str]] = {
    ("us-regf-after-conversation", "consent_lasts: 7 consecutive days +1"): (
        "a conversation ends consent, so that one that stands outlasts the wait; a day more of it covers no further call"
    ),
}
"""Moves that change no answer at all, each with the reason. One that a case does notice has no place here."""

RULES: Final = [rule.id for rule in shipped().rules]


@pytest.mark.parametrize("rule_id", RULES)
def test_a_number_or_date_moved_by_one_is_noticed_by_a_case_of_its_rule(rule_id: str) -> None:
    rulebook = shipped()
    rule = rulebook.by_id[rule_id]
    assert noticed(rule, rulebook, ready_cases(rulebook.paths[rule_id])) is None, "the rule as it is fits its cases"
    assert survivors(rule, rulebook) == [label for name, label in SAME_LAW if name == rule_id]


def test_the_moves_that_change_nothing_are_of_rules_that_ship() -> None:
    assert {name for name, _ in SAME_LAW} <= set(RULES)
