"""Printing a condition and reading it again; conditions in English."""

from __future__ import annotations

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from strategies import bare, conditions, sample_names

from fdcpa_guard.lang import core
from fdcpa_guard.lang.check import read_condition
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.lang.operators import OPERATORS
from fdcpa_guard.lang.parse import plain_locator
from fdcpa_guard.lang.printing import constant_text, describe_value, to_english, to_text
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

# Whether there is such an example, not which is the smallest.
ANY_EXAMPLE = settings(max_examples=1000, phases=[Phase.generate], database=None, deadline=None)


class TestConditionText:
    @settings(max_examples=300, deadline=None)
    @given(st.data())
    def test_a_printed_condition_reads_as_itself(self, data: st.DataObject) -> None:
        vocabulary = data.draw(st.sampled_from([VOCABULARY, EVERY_KIND]))
        scope = data.draw(st.sampled_from(Scope))
        condition = data.draw(conditions(vocabulary, scope))
        assert bare(read(to_text(condition), scope, vocabulary)) == condition

    @pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.words)
    def test_every_operator_is_among_the_generated(self, operator: object) -> None:
        drawn = conditions(EVERY_KIND, Scope.COMMUNICATION, max_leaves=1)
        find(drawn, lambda c: isinstance(c, core.Compare) and c.operator is operator, settings=ANY_EXAMPLE)

    @pytest.mark.parametrize("node", [core.OneOf, core.Contains, core.Is, core.Within, core.Holds, core.Not,
                                      core.AllOf, core.AnyOf])  # fmt: skip
    def test_every_node_is_among_the_generated(self, node: type) -> None:
        find(conditions(EVERY_KIND, Scope.EVENT), lambda c: isinstance(c, node), settings=ANY_EXAMPLE)

    @pytest.mark.parametrize("value", [core.Fact, core.Literal, core.Parameter, core.CountOf, core.Moment,
                                       core.MomentField, core.BlockTruth, core.Definition])  # fmt: skip
    def test_every_sort_of_value_is_among_the_generated(self, value: type) -> None:
        def has(condition: core.Condition) -> bool:
            return any(isinstance(getattr(leaf, slot), value)
                       for leaf in leaves_of(condition) for slot in leaf.__slots__)  # fmt: skip

        find(conditions(EVERY_KIND, Scope.COMMUNICATION, max_leaves=1), has, settings=ANY_EXAMPLE)

    def test_groups_keep_their_parentheses(self) -> None:
        text = "not (consumer.minor and (consumer.deceased or (consumer.at_work_now and not not consumer.minor)))"
        assert to_text(read(text)) == text

    def test_a_name_that_reads_like_a_presence_is_printed_in_a_list(self) -> None:
        place = VOCABULARY.facts["communication.place"]
        listed = read("not communication.place in [unknown]")
        assert isinstance(listed, core.Not) and isinstance(listed.part, core.OneOf)
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
        assert to_english(data.draw(conditions(EVERY_KIND, scope)), EVERY_KIND).strip()

    def test_a_value_is_described_by_its_phrase(self) -> None:
        span = plain_locator("")(0, 0)
        field = core.MomentField("last_call", "entry.outcome", VOCABULARY.facts["entry.outcome"].type, span)
        assert describe_value(field, VOCABULARY) == "the last call's outcome"
        limit = core.Parameter("limit", Type(Kind.NUMBER), span)
        assert describe_value(limit, VOCABULARY) == "the limit"
