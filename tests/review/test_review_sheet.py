"""The review sheet: each part of a rule is there, in English, and nothing that the rule does not say."""

from __future__ import annotations

import pytest

from fdcpa_guard.review.sheet import sheet_of
from fdcpa_guard.ruleset.rulebook import Rulebook


def sheet(invented: Rulebook, rule: str) -> str:
    return sheet_of(invented.by_id[rule], invented)


class TestHead:
    @pytest.mark.parametrize(
        "line",
        [
            "# More than three calls in seven days about one debt",
            "| Rule | `us-three-calls` |",
            "| Jurisdiction | Federal law (US) |",
            "| In force | from 2021-11-30 |",
            "| Compared with the law | 2026-11-21; verified against the text of the law |",
            "| Binds | third-party collectors and debt buyers |",
            "| Reaches | calls |",
            "| Effect | what violates it is presumed to violate the law; the presumption can be rebutted |",
            "| Where it is violated | the contact is blocked |",
            "- **99 CFR 7.2(a)**: No more than three calls to a person about a debt in seven consecutive days.",
            "An invented rule.",
        ],
    )
    def test_what_the_rule_is_stands_on_top(self, invented: Rulebook, line: str) -> None:
        assert line in sheet(invented, "us-three-calls").splitlines()

    def test_a_rule_that_was_recalled_says_so(self, invented: Rulebook) -> None:
        told = sheet(invented, "us-quiet-after-talk")
        assert "recalled: the text of the law was not in hand" in told
        assert "| In force | from 2021-11-30 until 2026-12-31 |" in told
        assert "the contact goes to a person for review" in told

    def test_a_first_day_that_is_not_established_is_not_hidden(self, invented: Rulebook) -> None:
        assert "| In force | on every day (its first is not established) |" in sheet(invented, "us-notice-waits")


class TestRule:
    def test_conditions_show_the_numbers_of_the_law(self, invented: Rulebook) -> None:
        told = sheet(invented, "us-three-calls").splitlines()
        assert "It applies where the direction is outbound." in told
        assert "It is violated where the number of *counted calls* is more than 3 (limit)." in told
        assert "A finding says: “Call [counted calls] of at most 3.”" in told

    def test_a_count_says_its_window_and_what_is_left_out(self, invented: Rulebook) -> None:
        told = sheet(invented, "us-three-calls")
        assert (
            "How many calls in the log with the same person and placed about the same debt in the 7 consecutive days "
            "(span) that end with the day of the communication, days where the consumer is, the communication judged "
            "included. (99 CFR 7.2(a))"
        ) in told
        assert "- **did not connect** (99 CFR 7.2(b)(2)): when the entry's outcome is busy or “not connected”." in told

    def test_exceptions_are_explained(self, invented: Rulebook) -> None:
        told = sheet(invented, "us-three-calls")
        assert (
            "- **wants more calls** (99 CFR 7.2(b)(1)): The person wants more calls. When *wants more calls* holds."
        ) in told
        assert "- events “consent given” that concern the same debt, where what is consented to includes call" in told
        assert "It lapses after 30 calendar days." in told

    def test_a_number_that_changed_has_both_values(self, invented: Rulebook) -> None:
        told = sheet(invented, "us-quiet-after-talk")
        assert "is within 5 consecutive days, or from 2026-01-01 7 consecutive days (quiet) after" in told
        assert "| quiet | 5 consecutive days from 2021-11-30 until 2025-12-31; 7 consecutive days from 2026-01-01 |" in told

    def test_what_the_law_leaves_open_and_what_an_unknown_means(self, invented: Rulebook) -> None:
        told = sheet(invented, "us-quiet-after-talk")
        assert "**at midnight** (99 CFR 7.2(a)): Midnight is of neither day." in told
        assert "and not in another, the contact is blocked." in told
        assert "Why: A day must be free everywhere." in told

    def test_waiting_and_deadlines(self, invented: Rulebook) -> None:
        told = sheet(invented, "us-notice-waits")
        assert "    - the wait *notice period* is not over" in told
        assert "    - the deadline *answer due* is missed" in told
        assert "while there is none, there is nothing to wait for. (99 CFR 7.3)" in told
        assert "Missed where, within 10 business days after one of the events “dispute received”" in told

    def test_what_must_be_said(self, invented: Rulebook) -> None:
        told = sheet(invented, "us-notice-waits")
        assert "It is violated where what is said fails, and all of these hold:" in told
        assert "- **who writes** (99 CFR 7.3): It names the collector." in told
        assert "> this is from a debt collector" in told

    def test_readings_and_relations(self, invented: Rulebook) -> None:
        assert "- Days are those of the calendar. Why: The law says consecutive days." in sheet(invented, "us-three-calls")
        assert "- Another reading of it is `tx-hours-weekend`." in sheet(invented, "tx-hours")
        assert "- This is another reading of `tx-hours`:" in sheet(invented, "tx-hours-weekend")

    def test_a_clock_time_is_tightened_by_moving_it(self, invented: Rulebook) -> None:
        told = sheet(invented, "tx-hours")
        assert "| earliest | 8:00 a.m. | Tex. Inv. Code 1 | make it later |" in told
        assert "| latest | 9:00 p.m. | Tex. Inv. Code 1 | make it earlier |" in told


class TestCases:
    def test_cases_are_a_table(self, invented: Rulebook) -> None:
        told = sheet(invented, "us-three-calls").splitlines()
        assert "| the fourth call | violated; counted calls: 4; clears at 2026-11-10 00:00:00-06:00 |" in told
        assert "| the person wants more | exempt; by *wants more calls* |" in told
        assert "| nobody says how one ended | cannot be decided; counted calls: 3..4; for want of `entry.outcome` |" in told

    def test_a_rule_without_cases_has_no_table(self, invented: Rulebook) -> None:
        assert "## Cases" not in sheet(invented, "tx-hours")
