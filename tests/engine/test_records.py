"""Rules over flat records answer as Kleene's tables do, whatever the record lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, assert_never, get_args

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from strategies import NOWHERE, conditions

from fdcpa_guard.engine.compiled.records import RecordRule, RecordRules
from fdcpa_guard.engine.decision import Outcome
from fdcpa_guard.engine.kleene import all_of, any_of, compare, negate
from fdcpa_guard.engine.windows import last_day_of_span
from fdcpa_guard.errors import RuleShapeError
from fdcpa_guard.facts.phrases import contains_phrase
from fdcpa_guard.lang import core
from fdcpa_guard.lang.check import read_condition
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.lang.parse import plain_locator
from fdcpa_guard.lang.printing import to_text
from fdcpa_guard.lang.resolve import Names
from fdcpa_guard.rulefile.walk import tests_of as leaves_of
from fdcpa_guard.rulefile.walk import values_of
from fdcpa_guard.values import Duration, Kind
from fdcpa_guard.vocabulary import FactEntry, Vocabulary

STATES = [f"s{number}" for number in range(12)]
# Small pools of values, so that comparisons come out true as often as false.
VOCABULARY = Vocabulary.parse(
    f"""
    sets: {{state: [{", ".join(STATES)}], channel: [call, email], place: [home, unknown]}}
    facts:
      communication.day: {{type: day, clock: consumer_local, phrase: "the day", from: document}}
      communication.local_time: {{type: clock_time, clock: consumer_local, phrase: the time, from: document}}
      communication.state: {{type: name, names: state, phrase: the state, from: document}}
      communication.channel: {{type: name, names: channel, phrase: the channel, from: document}}
      communication.place: {{type: name, names: place, phrase: the place, from: document}}
      communication.content: {{type: text, phrase: what is said, from: document}}
      communication.calls: {{type: number, phrase: the calls, from: document}}
      communication.texts: {{type: number, phrase: the texts, from: document}}
      communication.enclosures: {{type: texts, phrase: the enclosures, from: document}}
      communication.media: {{type: names, names: channel, phrase: the media, from: document}}
      communication.recorded: {{type: truth, phrase: it is recorded, from: document}}
      debt.amount: {{type: money, phrase: the amount, from: document}}
      debt.placed_at: {{type: day, phrase: the day of placement, from: document}}
      debt.charged_off_at: {{type: day, phrase: the day of charge-off, from: document}}
      consumer.minor: {{type: truth, phrase: the consumer is a minor, from: document}}
    """
)
FACTS = {name: fact for name, fact in VOCABULARY.facts.items() if fact.subject != "entry"}
NAMES = Names(VOCABULARY, Scope.COMMUNICATION, {}, (), {}, (), {})
CONDITIONS = conditions(VOCABULARY, Scope.COMMUNICATION, NAMES, max_leaves=5)
STATE = FACTS["communication.state"]


def _values(fact: FactEntry) -> st.SearchStrategy[Any]:
    match fact.type.kind:
        case Kind.TRUTH:
            return st.booleans()
        case Kind.NUMBER | Kind.MONEY:
            return st.integers(0, 5) | st.integers(0, 1_000_000)
        case Kind.DAY:
            return st.integers(738_000, 738_020) | st.integers(1, 3_000_000)
        case Kind.CLOCK_TIME:
            return st.integers(0, 24 * 3600).map(lambda second: second * 1_000_000)
        case Kind.NAME:
            return st.sampled_from(fact.names)
        case Kind.NAMES:
            return st.lists(st.sampled_from(fact.names), max_size=2).map(tuple)
        case Kind.TEXTS:
            return st.lists(st.sampled_from(["a", "b", "pay now"]), max_size=2).map(tuple)
        case _:
            return st.sampled_from(["pay", "pay now", "a", ""])


@st.composite
def records(draw: st.DrawFn) -> dict[str, object]:
    """Facts of which any may be left out, or stated as None."""
    record: dict[str, object] = {}
    for name, fact in FACTS.items():
        said = draw(st.sampled_from(["said", "said", "said", "none", "left out"]))
        if said != "left out":
            record[name] = draw(_values(fact)) if said == "said" else None
    return record


def truth(node: core.Condition, record: Mapping[str, object]) -> bool | None:
    """The oracle: the meaning of the language over a record, part by part."""
    match node:
        case core.AllOf(parts):
            return all_of([truth(part, record) for part in parts])
        case core.AnyOf(parts):
            return any_of([truth(part, record) for part in parts])
        case core.Not(part):
            return negate(truth(part, record))
        case core.Compare(operator, left, right):
            return compare(operator.symbol, _read(left, record), _read(right, record))
        case core.OneOf(value, names):
            found = _read(value, record)
            return None if found is None else found in [_read(name, record) for name in names]
        case core.Contains(value, item):
            found, wanted = _read(value, record), _read(item, record)
            if found is None or wanted is None:
                return None
            return wanted in found if isinstance(found, tuple) else contains_phrase(str(found), str(wanted))
        case core.Is(value, presence):
            found = _read(value, record)
            if presence is core.Presence.KNOWN or presence is core.Presence.UNKNOWN:
                return (found is not None) is (presence is core.Presence.KNOWN)
            return None if found is None else presence is core.Presence.PRESENT
        case core.Within(value, duration, after, anchor):
            found, start, length = _read(value, record), _read(anchor, record), _read(duration, record)
            if found is None or start is None:
                return None
            assert isinstance(found, int)
            assert isinstance(start, int)
            assert isinstance(length, Duration)
            first, last = (start, found) if after else (found, start)
            return first <= last <= last_day_of_span(first, length)
        case core.Holds(value):
            held = _read(value, record)
            return held if isinstance(held, bool) else None
        case _:
            assert_never(node)


def _read(value: core.Value, record: Mapping[str, object]) -> object:
    if isinstance(value, core.Literal):
        return value.value
    assert isinstance(value, core.Fact)
    return record.get(value.name)


def _of_a_state(condition: core.Condition, state: str | None) -> core.Condition:
    """The condition, asked in one state alone."""
    if state is None:
        return condition
    of = read_condition(f"communication.state is {state}", plain_locator(state), NAMES)
    return core.AllOf((of, condition), NOWHERE)


def some_rules(count: int, states: st.SearchStrategy[str | None]) -> st.SearchStrategy[list[RecordRule]]:
    one = st.tuples(CONDITIONS, states).map(lambda pair: _of_a_state(*pair))
    return st.lists(one, min_size=count, max_size=count).map(
        lambda found: [RecordRule(f"r{number}", "law", "a rule", each) for number, each in enumerate(found)]
    )


def expected(rules: list[RecordRule], record: Mapping[str, object]) -> tuple[list[str], list[str]]:
    answers = {rule.id: truth(rule.violated_when, record) for rule in rules}
    return sorted(name for name, each in answers.items() if each), sorted(name for name, each in answers.items() if each is None)


def found(judge: Callable[[Mapping[str, object]], tuple[Any, Any]], record: Mapping[str, object]) -> tuple[list[str], list[str]]:
    violated, unknown = judge(record)
    return sorted(violated), sorted(unknown)


# Many rules shrink for minutes; a failing example tells enough as it is.
_QUICK = settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])


class TestJudging:
    @_QUICK
    @given(some_rules(4, st.none()), st.lists(records(), min_size=4, max_size=4))
    def test_rules_answer_as_the_tables_do(self, rules: list[RecordRule], some: list[dict[str, object]]) -> None:
        judge = RecordRules(rules).judge
        for record in some:
            assert found(judge, record) == expected(rules, record), [to_text(rule.violated_when) for rule in rules]

    @settings(_QUICK, max_examples=max(10, settings().max_examples // 5))
    @given(some_rules(30, st.sampled_from([*STATES[:4], None])), st.lists(records(), min_size=6, max_size=6))
    def test_grouped_by_a_state_they_answer_the_same(
        self, rules: list[RecordRule], some: list[dict[str, object]]
    ) -> None:
        judge = RecordRules(rules, grouped_by=STATE.name).judge
        for record in some:
            assert found(judge, record) == expected(rules, record), [to_text(rule.violated_when) for rule in rules]

    def test_every_test_and_kind_that_a_record_can_have_is_drawn(self) -> None:
        seen: set[object] = set()

        @given(CONDITIONS)
        def look(condition: core.Condition) -> None:
            for test in leaves_of(condition):
                seen.add(type(test))
                seen.update(value.type.kind for value in values_of(test))

        look()
        assert seen >= {*get_args(core.Test)}
        assert seen >= {fact.type.kind for fact in FACTS.values()}


def rule(text: str) -> RecordRule:
    return RecordRule("one", "law", "too many calls", read_condition(text, plain_locator(text), NAMES))


class TestDeciding:
    @pytest.mark.parametrize(
        ("record", "outcome"),
        [
            ({"communication.calls": 8}, Outcome.BLOCK),
            ({"communication.calls": 7}, Outcome.ALLOW),
            ({"communication.calls": None}, Outcome.REVIEW),
            ({}, Outcome.REVIEW),
        ],
    )
    def test_an_unknown_is_no_permission(self, record: dict[str, object], outcome: Outcome) -> None:
        assert RecordRules([rule("communication.calls is more than 7")]).decide(record).decision is outcome

    def test_its_reasons_name_the_law_and_the_facts(self) -> None:
        decided = RecordRules([rule("communication.calls is more than 7")]).decide({"communication.calls": 8})
        assert decided.reasons() == ["law: too many calls (communication.calls: 8)"]

    def test_a_reason_says_what_cannot_be_decided(self) -> None:
        decided = RecordRules([rule("communication.calls is more than 7")]).decide({})
        assert decided.reasons() == ["law: cannot be decided: too many calls (communication.calls: unknown)"]


class TestWhatARecordLacks:
    @pytest.mark.parametrize("text", ["communication.channel is unknown", "not communication.channel is known"])
    def test_that_nobody_said_a_fact_can_itself_be_the_violation(self, text: str) -> None:
        assert RecordRules([rule(text)]).judge({})[0] == ["one"]

    def test_a_day_that_nobody_said_leaves_a_span_of_days_unknown(self) -> None:
        text = "communication.day is within 30 calendar days after debt.placed_at"
        assert RecordRules([rule(text)]).judge({"debt.placed_at": 738_000}) == ([], ["one"])


class TestRefused:
    def test_a_condition_on_an_entry_of_a_log(self) -> None:
        outcome = VOCABULARY.facts["entry.channel"]
        condition = core.Is(core.Fact(outcome.name, outcome.type, NOWHERE), core.Presence.KNOWN, NOWHERE)
        with pytest.raises(RuleShapeError, match="a record has none"):
            RecordRules([RecordRule("one", "law", "a rule", condition)])

    def test_a_count(self) -> None:
        names = Names(VOCABULARY, Scope.COMMUNICATION, {}, ("counted_calls",), {}, (), {})
        text = "counted_calls is more than 7"
        with pytest.raises(RuleShapeError, match="is no fact"):
            RecordRules([RecordRule("one", "law", "a rule", read_condition(text, plain_locator(text), names))])
