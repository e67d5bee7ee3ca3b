"""Conditions as Python expressions that give True, False or None, each part once and none that is not needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, assert_never

from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.lang import core
from fdcpa_guard.lang.operators import Symbol
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.rulefile.walk import values_of
from fdcpa_guard.values import Duration, Kind

Constant = bool | int | str | None

TRUE: Final = "True"
FALSE: Final = "False"
UNKNOWN: Final = "None"
DECIDED: Final = (TRUE, FALSE, UNKNOWN)

BLOCK_PREFIX: Final = "block_"
"""With it begin the names of generated functions that may loop over a log."""

_RANGE_TESTS: Final = {
    Symbol.GT: "True if {n}[0] > {k} else False if {n}[1] <= {k} else None",
    Symbol.GE: "True if {n}[0] >= {k} else False if {n}[1] < {k} else None",
    Symbol.LT: "True if {n}[1] < {k} else False if {n}[0] >= {k} else None",
    Symbol.LE: "True if {n}[1] <= {k} else False if {n}[0] > {k} else None",
    Symbol.EQ: "True if {n}[0] == {n}[1] == {k} else False if {n}[1] < {k} or {n}[0] > {k} else None",
    Symbol.NE: "False if {n}[0] == {n}[1] == {k} else True if {n}[1] < {k} or {n}[0] > {k} else None",
}
"""The rows of `kleene.compare_ranges` for one fixed side, written out."""


class Names:
    """Fresh temporary names of one generated module."""

    def __init__(self) -> None:
        self._next = 0

    def fresh(self, prefix: str) -> str:
        self._next += 1
        return f"{prefix}{self._next}"


class Expressions:
    """Turns the conditions of one rule into expressions.

    `rule` may be left out where conditions name no parameter and no definition. `known` are facts that are constants here (None: surely unknown); `hoisted` reads a fact from a local variable and
    asks for it to be loaded; `day` is a day of the span for which the code is made, so that parameters are constants;
    `block` gives the expression of a block's value; `bind` makes a constant of the module for what `repr` cannot write;
    `sure` says of a fact that it is never unknown here; `shared` gives the variable of a definition that is worked out
    once for several rules.
    """

    def __init__(
        self,
        rule: Rule | None,
        names: Names,
        *,
        known: Mapping[str, Constant],
        hoisted: Callable[[str], str | None],
        day: int,
        block: Callable[[str], str],
        bind: Callable[[object, str], str],
        sure: Callable[[str], bool] = lambda name: name in _ALWAYS_KNOWN,
        shared: Callable[[str, Expressions], str | None] = lambda _name, _self: None,
    ) -> None:
        self.rule = rule
        self.names = names
        self.known = known
        self.hoisted = hoisted
        self.day = day
        self.block = block
        self.bind = bind
        self.sure = sure
        self.shared = shared
        self.moment: dict[str, str] = {}
        self._two_valued: set[str] = set()

    def _decided(self, text: str) -> str:
        """Notes that an expression is never unknown, so that plain `and`, `or` and `not` may join it."""
        self._two_valued.add(text)
        return text

    # -- truth -----------------------------------------------------------------------------------------------------------

    def condition(self, node: core.Condition) -> str:
        match node:
            case core.AllOf(parts):
                return self.all_of([self.condition(part) for part in parts])
            case core.AnyOf(parts):
                return self.any_of([self.condition(part) for part in parts])
            case core.Not(part):
                return self.negate(self.condition(part))
            case core.Compare() | core.OneOf() | core.Contains() | core.Is() | core.Within() | core.Holds():
                return self._test(node)
            case _:
                assert_never(node)

    def all_of(self, parts: list[str]) -> str:
        return self._joined(parts, neutral=TRUE, absorbing=FALSE)

    def any_of(self, parts: list[str]) -> str:
        return self._joined(parts, neutral=FALSE, absorbing=TRUE)

    def _joined(self, parts: list[str], *, neutral: str, absorbing: str) -> str:
        """Kleene's `and` and `or`, cheapest parts first: an absorbing part decides, an unknown one waits for it."""
        if absorbing in parts:
            return absorbing
        open_ = sorted(dict.fromkeys(part for part in parts if part not in DECIDED), key=_cost)
        unknown = UNKNOWN in parts
        if not open_:
            return UNKNOWN if unknown else neutral
        if len(open_) == 1 and not unknown:
            return open_[0]
        decided = [part for part in open_ if part in self._two_valued]
        open_ = [part for part in open_ if part not in self._two_valued]
        if open_ and decided and _cost(decided[-1]) > _cost(open_[-1]):
            # What is never unknown goes first, unless it is the dearest part of all.
            open_, decided = [*open_, *(part for part in decided if _cost(part) > _cost(open_[-1]))], [
                part for part in decided if _cost(part) <= _cost(open_[-1])
            ]
        word, refused = (" and ", "not ") if absorbing == FALSE else (" or ", "")
        joined = f"({word.join(decided)})"
        if not open_ and not unknown:
            return self._decided(joined)
        temps = [self.names.fresh("t") for _ in open_]
        text = f"{absorbing} if {refused}{joined} else " if decided else ""
        text += "".join(f"{absorbing} if ({t} := {part}) is {absorbing} else " for t, part in zip(temps, open_, strict=True))
        if unknown:
            return f"({text}None)"
        waiting = " or ".join(f"{t} is None" for t in temps)
        return f"({text}None if {waiting} else {neutral})"

    def negate(self, part: str) -> str:
        match part:
            case "True":
                return FALSE
            case "False":
                return TRUE
            case "None":
                return UNKNOWN
            case _ if part in self._two_valued:
                return self._decided(f"(not {part})")
            case _:
                t = self.names.fresh("t")
                return f"(None if ({t} := {part}) is None else not {t})"

    # -- tests -----------------------------------------------------------------------------------------------------------

    def _test(self, node: core.Test) -> str:
        names = dict.fromkeys(v.name for v in values_of(node) if isinstance(v, core.Moment | core.MomentField))
        if not names:
            return self._plain_test(node)
        # Over the candidates of each moment; a field of none makes its test false.
        choices = [self.block(name) for name in names]
        self.moment = {name: self.names.fresh("m") for name in names}
        inner = self._plain_test(node)
        candidates = ", ".join(self.moment.values())
        self.moment = {}
        return f"over(lambda {candidates}: {inner}, {', '.join(choices)})"

    def _plain_test(self, node: core.Test) -> str:
        match node:
            case core.Compare(operator, left, right):
                return self._guarded(node, self._compare(operator.symbol, left, right))
            case core.OneOf(value, names):
                options = tuple(self._constant(each) for each in names)
                return self._guarded(node, self._of_known(value, lambda x: self._decided(f"({x} in {options!r})")))
            case core.Contains(value, item):
                return self._guarded(node, self._contains(value, item))
            case core.Is(value, presence):
                return self._is(value, presence)
            case core.Within(value, duration, after, anchor):
                return self._guarded(node, self._within(value, duration, after, anchor))
            case core.Holds(value):
                match value:
                    case core.Definition(name):
                        assert self.rule is not None
                        shared = None if self.moment else self.shared(name, self)
                        return shared or self.condition(self.rule.definitions[name].when)
                    case core.BlockTruth(name):
                        return self.block(name)
                    case core.Fact():
                        text = self.value(value)
                        return self._decided(text) if self._surely_known(value) and text not in DECIDED else text
                    case core.MomentField():
                        return self._guarded(node, self.value(value))
                    case _:
                        assert_never(value)
            case _:
                assert_never(node)

    def _guarded(self, node: core.Test, test: str) -> str:
        """False where the test reads a field of a moment that is none."""
        for value in values_of(node):
            if isinstance(value, core.MomentField):
                decided = test in self._two_valued
                test = f"(False if {self.moment[value.name]} is NONE else {test})"
                if decided:
                    self._decided(test)
        return test

    def _compare(self, symbol: Symbol, left: core.Value, right: core.Value) -> str:
        if isinstance(right, core.CountOf) and not isinstance(left, core.CountOf):
            swapped = {Symbol.GT: Symbol.LT, Symbol.LT: Symbol.GT, Symbol.GE: Symbol.LE, Symbol.LE: Symbol.GE}
            return self._compare(swapped.get(symbol, symbol), right, left)
        if isinstance(left, core.CountOf):
            if isinstance(right, core.CountOf):
                kind = self.bind(symbol, "symbol")
                return f"compare_ranges({kind}, *{self.block(left.name)}, *{self.block(right.name)})"
            count = left.name

            def against(limit: str) -> str:
                n = self.names.fresh("n")
                first, rest = _RANGE_TESTS[symbol].format(n=n, k=limit).split(n, 1)
                return f"({first}({n} := {self.block(count)}){rest})"

            limit = self.value(right)
            if limit == UNKNOWN:
                return UNKNOWN
            # A fact may be unknown at every turn; a number of the law is one here.
            fixed = isinstance(right, core.Literal | core.Parameter)
            return against(limit) if fixed else self._of_known(right, against)
        return self._of_known(left, lambda x: self._of_known(right, lambda y: self._decided(f"({x} {symbol.value} {y})")))

    def _of_known(self, value: core.Value, test: Callable[[str], str]) -> str:
        """The test over a value: unknown where the value is, decided where it is a constant."""
        text = self.value(value)
        if text == UNKNOWN:
            return UNKNOWN
        if self._surely_known(value):
            done = test(text)
            return _folded(done) if _is_constant(text) else done
        if text.isidentifier():
            inner = test(text)
            return inner if inner in DECIDED and inner == UNKNOWN else f"(None if {text} is None else {inner})"
        t = self.names.fresh("t")
        inner = test(t)
        return UNKNOWN if inner == UNKNOWN else f"(None if ({t} := {text}) is None else {inner})"

    def _surely_known(self, value: core.Value) -> bool:
        match value:
            case core.Literal() | core.Parameter():
                return True
            case core.Fact(name):
                return name in self.known or self.sure(name)
            case _:
                return False

    def _contains(self, value: core.Value, item: core.Value) -> str:
        if value.type.kind in (Kind.NAMES, Kind.TEXTS):
            return self._of_known(value, lambda x: self._of_known(item, lambda y: self._decided(f"({y} in {x})")))
        return self._of_known(
            value, lambda x: self._of_known(item, lambda y: self._decided(f"contains_phrase({x}, {y})"))
        )

    def _is(self, value: core.Value, presence: core.Presence) -> str:
        if isinstance(value, core.Moment):
            there = presence in (core.Presence.PRESENT, core.Presence.KNOWN)
            return self._decided(f"({self.moment[value.name]} is {'not ' if there else ''}NONE)")
        none = self.moment[value.name] if isinstance(value, core.MomentField) else None
        text = self.value(value)
        match presence:
            case core.Presence.KNOWN | core.Presence.UNKNOWN:
                known = presence is core.Presence.KNOWN
                if _is_constant(text):
                    test = TRUE if (text != UNKNOWN) is known else FALSE
                elif self._surely_known(value):
                    test = TRUE if known else FALSE
                else:
                    test = self._decided(f"({text} is {'not ' if known else ''}None)")
                return test if none is None else f"(False if {none} is NONE else {test})"
            case core.Presence.PRESENT | core.Presence.ABSENT:
                there = presence is core.Presence.PRESENT
                found = self._of_known(value, lambda _: TRUE if there else FALSE)
                return found if none is None else f"({FALSE if there else TRUE} if {none} is NONE else {found})"
            case _:
                assert_never(presence)

    def _within(self, value: core.Value, duration: core.Value, after: bool, anchor: core.Value) -> str:
        length = self._constant(duration)
        if not isinstance(length, Duration):
            return UNKNOWN
        span = self.bind(length, "span")
        on_days = value.type.kind is Kind.DAY

        def test(x: str, y: str) -> str:
            moment, start = (x, y) if after else (y, x)
            # The clock is known wherever compiled code runs, so that the answer is too.
            return self._decided(f"within_span({moment}, {start}, {span}, w.clock, on_days={on_days})")

        return self._of_known(value, lambda x: self._of_known(anchor, lambda y: test(x, y)))

    # -- values ------------------------------------------------------------------------------------------------------------

    def value(self, value: core.Value) -> str:
        """The expression of a value, None where it is unknown."""
        match value:
            case core.Literal() | core.Parameter():
                constant = self._constant(value)
                if constant is None or isinstance(constant, int | str):
                    return repr(constant)
                return self.bind(constant, "span")
            case core.Fact(name):
                if name in self.known:
                    return repr(self.known[name])
                return self.hoisted(name) or EXPRESSIONS[name]
            case core.MomentField(name, fact):
                root = fact.partition(".")[0]
                inner = EXPRESSIONS[fact]
                letter = {"entry": "e", "event": "v"}[root]
                return f"(lambda {letter}: {inner})({self.moment[name]})"
            case core.CountOf() | core.Moment() | core.BlockTruth() | core.Definition():
                raise AssertionError(f"`{value.name}` has no value to read")
            case _:
                assert_never(value)

    def _constant(self, value: core.Value) -> int | str | Duration | None:
        if isinstance(value, core.Literal):
            return value.value
        assert isinstance(value, core.Parameter)
        assert self.rule is not None
        return self.rule.parameters[value.name].on(self.day)


_ALWAYS_KNOWN: Final[frozenset[str]] = frozenset(
    {"communication.at", "communication.direction", "communication.purpose", "communication.eastern_time",
     "communication.day", "communication.weekday", "communication.local_time",
     "entry.at", "entry.direction", "entry.purpose", "entry.eastern_time", "entry.day", "entry.weekday",
     "entry.local_time", "event.at", "event.day", "event.type", "event.given_to_collector", "event.has_hours"}
)  # fmt: skip
"""Facts that the binder always supplies while the clock is known."""


def _is_constant(text: str) -> bool:
    return text == UNKNOWN or not (text.isidentifier() or "(" in text or ("." in text and text[0] not in "'\"0123456789"))


@lru_cache(maxsize=1024)
def _folded(expression: str) -> str:
    """A comparison of constants, decided now. The text is made of `repr` and operators alone."""
    try:
        return repr(bool(eval(expression, {"__builtins__": {}})))
    except NameError:
        return expression


_CALL: Final = re.compile(r"\b(?:[fw]\.(?:clock\.)?\w+|within_span|entry_agrees|event_agrees|same_person)\(")


@lru_cache(maxsize=1024)
def _cost(expression: str) -> tuple[int, int]:
    """The cheapest first: plain fields, then what a function works out, then blocks, which may loop over a log."""
    calls = expression.count(BLOCK_PREFIX) * 1000 + len(_CALL.findall(expression)) * 50
    return calls + expression.count("("), len(expression)
