"""Each number and date of each rule is held by the rule's own cases: moved by one, one of them fails."""

from __future__ import annotations

from typing import Final

import pytest
from mutation import SAME_LAW, mutants, noticed, ready_cases, survivors
from shipped import shipped

RULES: Final = [rule.id for rule in shipped().rules]


@pytest.mark.parametrize("rule_id", RULES)
def test_a_number_or_date_moved_by_one_is_noticed_by_a_case_of_its_rule(rule_id: str) -> None:
    rulebook = shipped()
    rule = rulebook.by_id[rule_id]
    assert noticed(rule, rulebook, ready_cases(rulebook.paths[rule_id])) is None, "the rule as it is fits its cases"
    assert survivors(rule, rulebook) == [label for name, label in SAME_LAW if name == rule_id]


def test_the_moves_that_change_nothing_are_of_rules_that_ship() -> None:
    assert {name for name, _ in SAME_LAW} <= set(RULES)


class TestMoves:
    """What is moved, and that a move is not noticed by itself."""

    @pytest.mark.parametrize(
        ("rule_id", "expected"),
        [
            ("us-regf-contact-hours", "in_force from 2021-11-30 -1"),
            ("us-regf-contact-hours", "earliest: 8:00 a.m. +1"),
            ("us-regf-contact-hours", "next_day: 1 calendar day -1"),
            ("us-fdcpa-contact-hours", "in_force until 2021-11-29 +1"),
            ("us-regf-seven-in-seven", "limit: 7 -1"),
            ("us-regf-seven-in-seven", "span: 7 consecutive days +1"),
        ],
    )
    def test_numbers_spans_clock_times_and_days_are_moved(self, rule_id: str, expected: str) -> None:
        assert expected in [label for label, _ in mutants(shipped().by_id[rule_id])]

    def test_a_constant_in_a_condition_is_moved(self) -> None:
        labels = [label for label, _ in mutants(shipped().by_id["us-regf-after-conversation"])]
        assert {label.rpartition(", ")[2] for label in labels if label.startswith("violated_when")} == {"1 -1", "1 +1"}

    def test_each_move_makes_another_rule(self) -> None:
        rule = shipped().by_id["us-regf-seven-in-seven"]
        fields = ("in_force", "parameters", "blocks", "definitions", "violated_when", "unless", "undecided")
        moved = [[getattr(mutant, name) == getattr(rule, name) for name in fields].count(False) for _, mutant in mutants(rule)]
        assert moved
        assert set(moved) == {1}

    def test_without_cases_nothing_is_noticed(self) -> None:
        rulebook = shipped()
        assert all(noticed(mutant, rulebook, []) is None for _, mutant in mutants(rulebook.by_id["us-regf-seven-in-seven"]))
