"""Hypothesis strategies of well-typed conditions: every node, operator and kind of value that a vocabulary has.

The trees are such as the checker gives: printing one and reading it again gives the same. Spans are dummies; `bare`
puts a dummy in place of every span, so that two trees can be compared by what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from hypothesis import strategies as st

from fdcpa_guard.lang import core
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.lang.operators import OPERATORS, Operator
from fdcpa_guard.lang.resolve import Names
from fdcpa_guard.source import SourceFile, Span
from fdcpa_guard.values import DAY_MICROSECONDS, MICROSECONDS, Duration, Kind, Type, Unit
from fdcpa_guard.vocabulary import Vocabulary

NOWHERE = Span(SourceFile("nowhere", ""), 0, 0)
TRUTH = Type(Kind.TRUTH)

T = TypeVar("T")


def bare(node: T) -> T:
    """The same tree with `NOWHERE` for every span."""
    if isinstance(node, tuple) and not isinstance(node, Span):
        return type(node)(bare(each) for each in node)
    if not is_dataclass(node) or isinstance(node, type | Type | Operator | Duration):
        return node
    changes = {
        each.name: NOWHERE if each.name == "span" else bare(getattr(node, each.name)) for each in fields(node)
    }
    return replace(node, **changes)


def sample_names(vocabulary: Vocabulary, scope: Scope) -> Names:
    """Names of every sort: a parameter of each kind, two counts, moments, truth blocks and definitions of each scope."""
    return Names(
        vocabulary=vocabulary,
        scope=scope,
        parameters={
            "limit": Type(Kind.NUMBER),
            "least_amount": Type(Kind.MONEY),
            "first_day": Type(Kind.DAY),
            "opening_time": Type(Kind.CLOCK_TIME),
            "waiting_span": Type(Kind.DURATION),
            "wording": Type(Kind.TEXT),
        },
        counts=("counted_calls", "counted_messages"),
        moments={"last_call": Scope.ENTRY, "last_dispute": Scope.EVENT},
        truths=("consented_to_calls", "in_waiting_time"),
        definitions={
            "is_a_collection_contact": Scope.COMMUNICATION,
            "is_a_conversation": Scope.ENTRY,
            "is_a_revocation": Scope.EVENT,
        },
    )


def conditions(
    vocabulary: Vocabulary, scope: Scope, names: Names | None = None, max_leaves: int = 8
) -> st.SearchStrategy[core.Condition]:
    """Well-typed conditions of a scope over the vocabulary and `names` (`sample_names`, where left out).

    Make it once and draw from it often: making it costs several times what a draw does.
    """
    made = _Tests(names if names is not None else sample_names(vocabulary, scope))

    def joined(inner: st.SearchStrategy[core.Condition]) -> st.SearchStrategy[core.Condition]:
        parts = st.lists(inner, min_size=2, max_size=4).map(tuple)
        return (
            st.builds(core.Not, inner, st.just(NOWHERE))
            | st.builds(core.AllOf, parts, st.just(NOWHERE))
            | st.builds(core.AnyOf, parts, st.just(NOWHERE))
        )

    return st.recursive(made.tests(), joined, max_leaves=max_leaves)


def literals(type_: Type) -> st.SearchStrategy[core.Literal]:
    """Constants that a condition may write beside a value of this type."""
    match type_.kind:
        case Kind.NUMBER | Kind.COUNT:
            return _literal(Kind.NUMBER, st.integers(0, 1_000_000))
        case Kind.MONEY:
            return _literal(Kind.MONEY, st.integers(0, 1_000_000_000))
        case Kind.DAY:
            return _literal(Kind.DAY, st.integers(1, 3_652_059))
        case Kind.CLOCK_TIME:
            seconds = st.integers(0, DAY_MICROSECONDS // MICROSECONDS)
            return _literal(Kind.CLOCK_TIME, seconds.map(lambda second: second * MICROSECONDS))
        case Kind.TEXT | Kind.TEXTS:
            characters = st.characters(exclude_categories=("Cs", "Cc"))
            return _literal(Kind.TEXT, st.text(characters, min_size=1).filter(str.strip))
        case Kind.NAME | Kind.NAMES:
            assert type_.names is not None
            named = Type(Kind.NAME, type_.names)
            return st.sampled_from(sorted(type_.names)).map(lambda name: core.Literal(name, named, NOWHERE))
        case _:
            return st.nothing()


def durations(units: Iterable[Unit]) -> st.SearchStrategy[core.Literal]:
    lengths = st.builds(Duration, st.integers(0, 400), st.sampled_from(sorted(units, key=lambda unit: unit.value)))
    return _literal(Kind.DURATION, lengths)


def _literal(kind: Kind, values: st.SearchStrategy[int] | st.SearchStrategy[str] | st.SearchStrategy[Duration]
             ) -> st.SearchStrategy[core.Literal]:  # fmt: skip
    return values.map(lambda value: core.Literal(value, Type(kind), NOWHERE))


class _Tests:
    """The tests that can be made of some names."""

    def __init__(self, names: Names) -> None:
        facts = names.vocabulary.facts
        # The rules drawn reach communications; facts of actions are met in test_every_fact.
        other = {Scope.ENTRY.value, Scope.EVENT.value, "action"} - {names.scope.value}
        self.facts: list[core.Fact | core.MomentField] = [
            core.Fact(fact.name, fact.type, NOWHERE) for fact in facts.values() if fact.subject not in other
        ]
        self.facts += [
            core.MomentField(block, fact.name, fact.type, NOWHERE)
            for block, gives in names.moments.items()
            for fact in facts.values()
            if fact.subject == gives.value
        ]
        self.parameters = [core.Parameter(name, type_, NOWHERE) for name, type_ in names.parameters.items()]
        self.counts = [core.CountOf(name, Type(Kind.COUNT), NOWHERE) for name in names.counts]
        self.moments = [core.Moment(name, Type(Kind.MOMENT), NOWHERE) for name in names.moments]
        self.truths: list[core.Fact | core.MomentField | core.BlockTruth | core.Definition] = [
            *self.of_kind(Kind.TRUTH),
            *(core.BlockTruth(name, TRUTH, NOWHERE) for name in names.truths),
            *(
                core.Definition(name, TRUTH, NOWHERE)
                for name, about in names.definitions.items()
                if about in (Scope.COMMUNICATION, names.scope)
            ),
        ]

    def of_kind(self, *kinds: Kind) -> list[core.Fact | core.MomentField]:
        return [fact for fact in self.facts if fact.type.kind in kinds]

    def parameters_of(self, *kinds: Kind) -> list[core.Parameter]:
        return [parameter for parameter in self.parameters if parameter.type.kind in kinds]

    def tests(self) -> st.SearchStrategy[core.Condition]:
        return st.one_of(
            self.compares(), self.one_of(), self.contains(), self.presences(), self.withins(),
            _sampled(self.truths).map(lambda value: core.Holds(value, NOWHERE)),
        )  # fmt: skip

    def compares(self) -> st.SearchStrategy[core.Condition]:
        def of(operator: Operator) -> st.SearchStrategy[core.Condition]:
            kinds = sorted(operator.takes, key=lambda kind: kind.value)
            lefts = {kind: self.counts if kind is Kind.COUNT else self.of_kind(kind) for kind in kinds}
            present = [kind for kind in kinds if lefts[kind]]

            def against(left: core.Value) -> st.SearchStrategy[core.Condition]:
                right = self.rights(left).filter(lambda value: not _says_unknown(value))
                return right.map(lambda value: core.Compare(operator, left, value, NOWHERE))

            return _sampled(present).flatmap(lambda kind: _sampled(lefts[kind])).flatmap(against)

        return st.sampled_from(OPERATORS).flatmap(of)

    def rights(self, left: core.Value) -> st.SearchStrategy[core.Value]:
        """What may stand on the right of a comparison: a constant, a parameter, a fact of the same kind and clock."""
        kind = left.type.kind
        beside = {Kind.COUNT: (Kind.NUMBER,), Kind.NAME: (Kind.TEXT,)}.get(kind, (kind,))
        others: list[core.Value] = [*self.parameters_of(*beside)]
        if kind is Kind.COUNT:
            others += self.of_kind(Kind.NUMBER)
        else:
            others += [fact for fact in self.of_kind(kind) if fact != left and _comparable(left.type, fact.type)]
        return st.one_of(literals(left.type), _sampled(others))

    def one_of(self) -> st.SearchStrategy[core.Condition]:
        def among(left: core.Fact | core.MomentField) -> st.SearchStrategy[core.Condition]:
            items = st.one_of(literals(left.type), _sampled(self.parameters_of(Kind.TEXT)))
            lists = st.lists(items, min_size=1, max_size=4, unique_by=_what_it_is).map(tuple)
            return lists.map(lambda names: core.OneOf(left, names, NOWHERE))

        return _sampled(self.of_kind(Kind.NAME, Kind.TEXT)).flatmap(among)

    def contains(self) -> st.SearchStrategy[core.Condition]:
        def held(left: core.Fact | core.MomentField) -> st.SearchStrategy[core.Condition]:
            member = Kind.NAME if left.type.kind is Kind.NAMES else Kind.TEXT
            facts = [
                fact for fact in self.of_kind(member)
                if fact != left and (member is Kind.TEXT or fact.type.names == left.type.names)
            ]  # fmt: skip
            items = st.one_of(literals(left.type), _sampled([*self.parameters_of(Kind.TEXT), *facts]))
            return items.map(lambda item: core.Contains(left, item, NOWHERE))

        return _sampled(self.of_kind(Kind.TEXT, Kind.TEXTS, Kind.NAMES)).flatmap(held)

    def presences(self) -> st.SearchStrategy[core.Condition]:
        there = [core.Presence.PRESENT, core.Presence.ABSENT]

        def of(value: core.Fact | core.MomentField | core.Moment) -> st.SearchStrategy[core.Condition]:
            may = list(there)
            if not isinstance(value, core.Moment):
                may.append(core.Presence.KNOWN)
                # `is unknown` of a fact that may be stated as `unknown` is refused: it could mean either.
                if "unknown" not in (value.type.names or ()):
                    may.append(core.Presence.UNKNOWN)
            return st.sampled_from(may).map(lambda presence: core.Is(value, presence, NOWHERE))

        return _sampled([*self.facts, *self.moments]).flatmap(of)

    def withins(self) -> st.SearchStrategy[core.Condition]:
        def near(value: core.Fact | core.MomentField) -> st.SearchStrategy[core.Condition]:
            on_days = value.type.kind is Kind.DAY
            units = [unit for unit in Unit if not on_days or unit not in (Unit.HOURS, Unit.MINUTES)]
            # Of a span the type's names are its units; the checker refuses hours between days.
            named = [each for each in self.parameters_of(Kind.DURATION) if not on_days or _of_days(each.type)]
            length = st.one_of(durations(units), _sampled(named))
            return st.builds(
                core.Within, st.just(value), length, st.booleans(), self.rights(value), st.just(NOWHERE)
            )

        return _sampled(self.of_kind(Kind.INSTANT, Kind.DAY)).flatmap(near)


def _of_days(type_: Type) -> bool:
    return not {Unit.HOURS.value, Unit.MINUTES.value} & (type_.names or frozenset())


def _sampled(values: Sequence[T]) -> st.SearchStrategy[T]:
    return st.sampled_from(values) if values else st.nothing()


def _comparable(one: Type, other: Type) -> bool:
    clocks = one.clock is None or other.clock is None or one.clock == other.clock
    return clocks and one.names == other.names


def _says_unknown(value: core.Value) -> bool:
    return isinstance(value, core.Literal) and value.type.kind is Kind.NAME and value.value == "unknown"


def _what_it_is(value: core.Literal | core.Parameter) -> tuple[str, object]:
    return ("literal", value.value) if isinstance(value, core.Literal) else ("parameter", value.name)
