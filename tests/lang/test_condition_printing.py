"""Printing a condition and reading it again; conditions in English."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from strategies import bare, conditions, sample_names

from fdcpa_guard.lang import core
from fdcpa_guard.lang.check import read_condition
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.lang.operators import OPERATORS, Operator
from fdcpa_guard.lang.parse import plain_locator
from fdcpa_guard.lang.printing import Term, constant_text, describe_value, to_english, to_text
from fdcpa_guard.rulefile.walk import tests_of as leaves_of
from fdcpa_guard.values import Duration, Kind, Type, Unit
from fdcpa_guard.vocabulary import Vocabulary, load_vocabulary

VOCABULARY = load_vocabulary()

# The vocabulary of rules has no whole number and no list of texts yet.
EVERY_KIND = Vocabulary.parse(
    """
    sets: {channel: [call, email], place: [home, unknown]}
    facts:
      communication.at: {type: instant, phrase: the instant of the communication, from: document}
      communication.day: {type: day, clock: consumer_local, phrase: "the communication's day", from: derived}
      communication.local_time: {type: clock_time, clock: consumer_local, phrase: the time, from: derived}
      communication.channel: {type: name, names: channel, phrase: the channel, from: document}
      communication.place: {type: name, names: place, phrase: the place, from: document}
      communication.content: {type: text, phrase: what is said, from: document}
      communication.points: {type: number, phrase: the size of print, from: document}
      communication.enclosures: {type: texts, phrase: the enclosures, from: document}
      communication.recorded: {type: truth, phrase: it is recorded, from: document}
      debt.amount: {type: money, phrase: the amount, from: document}
      debt.placed_at: {type: day, phrase: the day of placement, from: document}
      event.to: {type: names, names: channel, phrase: what is consented to, from: document}
      event.written: {type: truth, phrase: it was in writing, from: document}
    """
)


def read(text: str, scope: Scope = Scope.COMMUNICATION, vocabulary: Vocabulary = VOCABULARY) -> core.Condition:
    return read_condition(text, plain_locator(text), sample_names(vocabulary, scope))

STRATEGIES = {
    vocabulary_name: {scope: conditions(vocabulary, scope) for scope in Scope}
    for vocabulary_name, vocabulary in (("rules", VOCABULARY), ("every kind", EVERY_KIND))
}


def values_in(test: core.Test) -> list[core.Value]:
    """The values that a test reads, items of a list too."""
    found: list[core.Value] = []
    for slot in fields(test):
        held = getattr(test, slot.name)
        found.extend(each for each in (held if isinstance(held, tuple) else (held,)) if isinstance(each, core.Value))
    return found


@pytest.fixture(scope="module")
def generated() -> list[core.Test]:
    """Tests as the strategy gives them, enough for each sort to be among them."""
    found: list[core.Test] = []

    @settings(max_examples=600, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(conditions(EVERY_KIND, Scope.EVENT, max_leaves=3))
    def collect(condition: core.Condition) -> None:
        found.extend(leaves_of(condition))

    collect()
    return found


class TestConditionText:
    @settings(max_examples=300, deadline=None)
    @given(st.data())
    def test_a_printed_condition_reads_as_itself(self, data: st.DataObject) -> None:
        name, vocabulary = data.draw(st.sampled_from([("rules", VOCABULARY), ("every kind", EVERY_KIND)]))
        scope = data.draw(st.sampled_from(Scope))
        condition = data.draw(STRATEGIES[name][scope])
        assert bare(read(to_text(condition), scope, vocabulary)) == condition

    @pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.words)
    def test_every_operator_is_among_the_generated(self, operator: Operator, generated: list[core.Test]) -> None:
        assert any(isinstance(test, core.Compare) and test.operator is operator for test in generated)

    @pytest.mark.parametrize("presence", core.Presence)
    def test_every_presence_is_among_the_generated(
        self, presence: core.Presence, generated: list[core.Test]
    ) -> None:
        assert any(isinstance(test, core.Is) and test.presence is presence for test in generated)

    @pytest.mark.parametrize("node", get_args(core.Test))
    def test_every_test_is_among_the_generated(self, node: type, generated: list[core.Test]) -> None:
        assert any(isinstance(test, node) for test in generated)

    @pytest.mark.parametrize("sort", get_args(core.Value))
    def test_every_sort_of_value_is_among_the_generated(self, sort: type, generated: list[core.Test]) -> None:
        assert any(isinstance(value, sort) for test in generated for value in values_in(test))

    @pytest.mark.parametrize("kind", sorted(set(Kind), key=lambda kind: kind.value))
    def test_every_kind_of_value_is_among_the_generated(self, kind: Kind, generated: list[core.Test]) -> None:
        assert any(value.type.kind is kind for test in generated for value in values_in(test))

    def test_groups_keep_their_parentheses(self) -> None:
        text = "not (consumer.minor and (consumer.deceased or (consumer.at_work_now and not not consumer.minor)))"
        assert to_text(read(text)) == text

    def test_a_name_that_reads_like_a_presence_is_printed_in_a_list(self) -> None:
        place = VOCABULARY.facts["communication.place"]
        listed = read("not communication.place in [unknown]")
        assert isinstance(listed, core.Not)
        assert isinstance(listed.part, core.OneOf)
        unknown = listed.part.names[0]
        fact = core.Fact(place.name, place.type, listed.span)
        is_not = next(each for each in OPERATORS if each.words == "is not")
        assert to_text(core.Compare(is_not, fact, unknown, listed.span)) == to_text(listed)
        assert to_text(core.Is(fact, core.Presence.UNKNOWN, listed.span)) == "not communication.place is known"

    @pytest.mark.parametrize(
        ("value", "kind", "text"),
        [
            (7, Kind.NUMBER, "7"),
            (2500, Kind.MONEY, "$25.00"),
            (737762, Kind.DAY, "2020-12-03"),
            (8 * 3600 * 1_000_000, Kind.CLOCK_TIME, "8:00 a.m."),
            ("busy", Kind.NAME, "busy"),
            ('a "b" \\', Kind.TEXT, '"a \\"b\\" \\\\"'),
            (Duration(7, Unit.CONSECUTIVE_DAYS), Kind.DURATION, "7 consecutive days"),
        ],
    )
    def test_constants_are_printed_as_they_are_written(self, value: int, kind: Kind, text: str) -> None:
        assert constant_text(value, kind) == text


class TestEnglish:
    @pytest.mark.parametrize(
        ("condition", "english"),
        [
            ("counted_calls is more than limit", "the number of counted calls is more than 7 (limit)"),
            ("not counted_calls is more than limit", "the number of counted calls is at most 7 (limit)"),
            (
                "communication.day is before last_dispute.day",
                "the communication's day where the consumer is, is before the day of the last dispute where the "
                "consumer is",
            ),
            ("communication.outcome is not_connected", "the outcome is “not connected”"),
            ("communication.outcome in [busy, not_connected]", "the outcome is busy or “not connected”"),
            ("not communication.outcome in [busy, not_connected]", "the outcome is none of busy, “not connected”"),
            ('not communication.content contains "pay now"', 'what is said does not contain "pay now"'),
            ("last_call is absent", "there is no last call"),
            ("not last_call is absent", "there is a last call"),
            ("last_dispute.written", "of the last dispute: it was in writing"),
            ("not communication.recorded", "it is not recorded"),
            ("last_dispute.medium is letter", "the medium in which the last dispute came is letter"),
            ("communication.weekday in [saturday, sunday]", "the communication's day of the week where the consumer is, is Saturday or Sunday"),
            ("not communication.message_possible", "no message could be left"),
            ("not debt.payment_plan_offered", "no payment plan was offered"),
            ("not consumer.at_work_now", "the communication does not fall in the consumer's working hours"),
            ("not communication.legally_required", "it is not so that law requires the communication"),
            ("communication.outcome is known", "the outcome is known"),
            ("consumer.minor is unknown", "it is unknown whether the consumer is a minor"),
            (
                "communication.day is within waiting_span after debt.placed_at",
                "the communication's day where the consumer is, is within the waiting span after the day of placement",
            ),
            ("is_a_collection_contact", "the contact is about a debt"),
            ("consented_to_calls", "consented to calls"),
        ],
    )
    def test_a_test_is_a_sentence(self, condition: str, english: str) -> None:
        made = to_english(
            read(condition), VOCABULARY, {"limit": "7"}, {"is_a_collection_contact": "the contact is about a debt."}
        )
        assert made == english

    def test_a_field_of_an_entry_that_may_not_exist_is_denied_as_a_whole(self) -> None:
        """No last call: `is not busy` is false, `not ... is busy` is true."""
        made = to_english(read("not last_call.outcome is busy"), VOCABULARY)
        assert made == "it is not so that the last call's outcome is busy"

    def test_terms_are_spoken_of_as_the_glossary_has_them(self) -> None:
        terms = {
            "counted_calls": Term("*counted calls*", "", ""),
            "last_call": Term("*last call*", "", ""),
            "consented_to_calls": Term("*consent*", "*consent* stands", "*consent* does not stand"),
        }
        said = {
            "counted_calls is more than limit": "the number of *counted calls* is more than the limit",
            "last_call is present": "there is a *last call*",
            "last_call.outcome is busy": "the *last call*'s outcome is busy",
            "consented_to_calls": "*consent* stands",
            "not consented_to_calls": "*consent* does not stand",
        }
        assert {text: to_english(read(text), VOCABULARY, terms=terms) for text in said} == said

    def test_groups_are_lists(self) -> None:
        made = to_english(
            read("not consumer.minor and (last_call is present or not (consumer.deceased or consented_to_calls))"),
            VOCABULARY,
        )
        assert made.splitlines() == [
            "all of:",
            "  - the consumer is not a minor",
            "  - any of:",
            "      - there is a last call",
            "      - none of:",
            "          - the consumer is deceased",
            "          - consented to calls",
        ]

    @settings(max_examples=100, deadline=None)
    @given(st.data())
    def test_every_condition_has_an_english_form(self, data: st.DataObject) -> None:
        scope = data.draw(st.sampled_from(Scope))
        assert to_english(data.draw(STRATEGIES["every kind"][scope]), EVERY_KIND).strip()

    def test_a_value_is_described_by_its_phrase(self) -> None:
        span = plain_locator("")(0, 0)
        field = core.MomentField("last_call", "entry.outcome", VOCABULARY.facts["entry.outcome"].type, span)
        assert describe_value(field, VOCABULARY) == "the last call's outcome"
        limit = core.Parameter("limit", Type(Kind.NUMBER), span)
        assert describe_value(limit, VOCABULARY) == "the limit"
