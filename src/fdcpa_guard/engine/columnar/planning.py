"""From checked rules to the graph of columnar nodes (see `nodes`).

Definitions, parameters and blocks are put in the place of their names. A definition that is used about an entry is
another node than the same about the communication: what it reads differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, assert_never

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.facts import is_native
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.lang import core
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.rulefile.model import (
    ContentItem,
    Count,
    Deadline,
    Exception_,
    Limitation,
    MomentOf,
    Rule,
    Selection,
    Standing,
    Waiting,
    Window,
)
from fdcpa_guard.rulefile.walk import values_of
from fdcpa_guard.ruleset.applies import EVERY_CHANNEL
from fdcpa_guard.values import Duration, Kind

_JUDGED: Final[n.Reads] = frozenset({"c", "w", "d"})
_NAME: Final = re.compile(r"\b[cevdw]\b")
_BY_DAY: Final[n.Reads] = frozenset({"c", "w"})
_FOREVER: Final = (None, None)
_FACT, _WORKED_OUT, _MANY, _LOG = 1, 20, 60, 600
"""What it costs to look at a fact, at one that is worked out, at a consumer's events, and at all of a log."""


def _looking(*selects: n.Chosen) -> int:
    """What blocks cost that look at these."""
    return sum(_MANY if select.entries is None else _LOG for select in selects)


@cache
def reads_of(fact: str) -> n.Reads:
    """Of which things a fact speaks."""
    return frozenset(_NAME.findall(EXPRESSIONS[fact]))


@dataclass(frozen=True, slots=True)
class Plan:
    """One rule as nodes; `violated` has no part where nothing is asked, and then everything violates it.

    `counts` are its count blocks by name.
    """

    rule: Rule
    applies: n.Node | None
    violated: tuple[n.Node, ...]
    open_questions: tuple[n.Node, ...]
    excuses: tuple[n.Node, ...]
    excused: tuple[n.Node, ...]
    """That each of the excuses does not hold."""
    counts: dict[str, n.Counted]


class Planner:
    """Makes plans that share their nodes."""

    def __init__(self) -> None:
        self._shop = n.Workshop()

    def plan(self, rule: Rule) -> Plan:
        """The rule as nodes."""
        return self.planning(rule).plan()

    def planning(self, rule: Rule) -> Planning:
        """The nodes of its parts."""
        return Planning(rule, self._shop)


class Planning:
    """The parts of one rule as nodes; each is one and the same whenever it is asked for."""

    def __init__(self, rule: Rule, shop: n.Workshop) -> None:
        self._rule = rule
        self._make: Any = shop.make
        self._done: dict[tuple[str, Scope], n.Node] = {}

    def plan(self) -> Plan:
        rule = self._rule
        excuses = self._exceptions(rule.unless, Scope.COMMUNICATION)
        applies = None if rule.applies_when is None else self.condition(rule.applies_when, Scope.COMMUNICATION)
        return Plan(
            rule,
            applies,
            tuple(self._violated()),
            self._each(question.when for question in rule.undecided),
            excuses,
            tuple(each.part if isinstance(each, n.Negation) else self._make(n.Negation, each) for each in excuses),
            {name: self.count(block) for name, block in rule.blocks.items() if isinstance(block, Count)},
        )

    def _violated(self) -> Iterable[n.Node]:
        rule = self._rule
        if rule.violated_when is not None:
            yield self.condition(rule.violated_when, Scope.COMMUNICATION)
        elif deadlines := [block for block in rule.blocks.values() if isinstance(block, Deadline)]:
            yield self._make(n.Any_, tuple(self._deadline(block) for block in deadlines))
        items = [
            *(self._item(item, wanted=True) for item in rule.must_contain),
            *(self._item(item, wanted=False) for item in rule.must_not_contain),
        ]
        if items:
            yield self._make(n.Any_, tuple(items))

    def _item(self, item: ContentItem, *, wanted: bool) -> Any:
        asked = None if item.only_when is None else self.condition(item.only_when, Scope.COMMUNICATION)
        reads = frozenset({"c"}) | (asked.reads if asked is not None else frozenset())
        return self._make(n.Fails, wanted, item.declared, item.looks_for, asked, reads=reads, cost=_WORKED_OUT)

    # -- conditions ------------------------------------------------------------------------------------------------------

    def _each(self, conditions: Iterable[core.Condition]) -> tuple[n.Node, ...]:
        return tuple(self.condition(each, Scope.COMMUNICATION) for each in conditions)

    def _exceptions(self, exceptions: Iterable[Exception_], scope: Scope) -> tuple[n.Node, ...]:
        return tuple(self.condition(each.when, scope) for each in exceptions)

    def condition(self, node: core.Condition, scope: Scope) -> n.Node:
        return self._condition(node, scope)  # type: ignore[no-any-return]  # what is made is of the kind that is asked for

    def _condition(self, node: core.Condition, scope: Scope) -> Any:
        make = self._make
        match node:
            case core.AllOf(parts):
                return make(n.All, self._joined(core.AllOf, parts, scope))
            case core.AnyOf(parts):
                return make(n.Any_, self._joined(core.AnyOf, parts, scope))
            case core.Not(part):
                inner = self.condition(part, scope)
                return inner.part if isinstance(inner, n.Negation) else make(n.Negation, inner)
            case core.Holds(core.Definition(name)):
                known = self._done.get((name, scope))
                if known is None:
                    known = self._done[name, scope] = self.condition(self._rule.definitions[name].when, scope)
                return known
            case core.Holds(core.BlockTruth(name)):
                return self.block_truth(name, scope)
            case core.Compare() | core.OneOf() | core.Contains() | core.Is() | core.Within() | core.Holds():
                return self._test(node, scope)
            case _:
                assert_never(node)

    def _joined(
        self, kind: type[core.AllOf] | type[core.AnyOf], parts: Iterable[core.Condition], scope: Scope
    ) -> tuple[n.Node, ...]:
        """The parts, those of parts of the same kind with them, in one order: `a and b` is `b and a`."""
        of = n.All if kind is core.AllOf else n.Any_
        found: dict[n.Node, None] = {}
        for part in parts:
            made = self.condition(part, scope)
            found.update(dict.fromkeys(made.parts if isinstance(made, of) else (made,)))
        return tuple(sorted(found, key=lambda node: (node.cost, id(node))))

    def _test(self, node: core.Test, scope: Scope) -> Any:
        make = self._make
        moments = tuple(
            dict.fromkeys(
                self.moment(value.name) for value in values_of(node) if isinstance(value, core.Moment | core.MomentField)
            )
        )
        reads = frozenset[str]().union(*(moment.reads for moment in moments))
        read = {value: self.value(value, scope) for value in values_of(node)}
        for each in read.values():
            reads |= each.reads - {"m"}
        cost = sum(moment.cost for moment in moments)
        match node:
            case core.Compare(operator, left, right):
                return make(n.Comparison, moments, operator.symbol, read[left], read[right], reads=reads, cost=cost)
            case core.OneOf(value, names):
                among = tuple(read[name] for name in names)
                return make(n.Membership, moments, read[value], among, reads=reads, cost=cost)
            case core.Contains(value, item):
                return make(n.Containing, moments, read[value], read[item], reads=reads, cost=cost)
            case core.Is(value, presence):
                return make(n.PresenceTest, moments, read[value], presence, reads=reads, cost=cost)
            case core.Within(value, duration, after, anchor):
                on_days = value.type.kind is Kind.DAY
                # Without a clock the outermost ones answer, and only the location tells whether there is one.
                return make(
                    n.Nearness, moments, read[value], read[duration], after, read[anchor], on_days, reads=reads | {"w"}, cost=cost
                )
            case core.Holds(value):
                return make(n.IsTrue, moments, read[value], reads=reads, cost=cost)
            case _:
                assert_never(node)

    def value(self, value: core.Value, scope: Scope) -> Any:
        make = self._make
        match value:
            case core.Literal(constant):
                return make(n.Constant, constant)
            case core.Parameter(name):
                return self._parameter(name)
            case core.Fact(name, type_):
                cost = _FACT if is_native(name) else _WORKED_OUT
                return make(n.Said, name, type_.kind, reads=reads_of(name), cost=cost)
            case core.CountOf(name):
                block = self._rule.blocks[name]
                assert isinstance(block, Count)
                return self.count(block)
            case core.Moment(name):
                return self.moment(name)
            case core.MomentField(name, fact, type_):
                reads = (reads_of(fact) - {"e", "v"}) | {"m"}
                return make(n.OfMoment, self.moment(name), fact, type_.kind, reads=reads)
            case core.BlockTruth() | core.Definition():
                raise AssertionError(f"`{value.name}` has no value to read")
            case _:
                assert_never(value)

    def _parameter(self, name: str) -> Any:
        values = self._rule.parameters[name].values
        if len(values) == 1 and (values[0].in_force.start, values[0].in_force.end) == _FOREVER:
            return self._make(n.Constant, values[0].value)
        spans = tuple((each.in_force.start, each.in_force.end, each.value) for each in values)
        return self._make(n.Dated, spans, reads=_BY_DAY)

    def _length(self, length: Duration | str) -> Any:
        return self._make(n.Constant, length) if isinstance(length, Duration) else self._parameter(length)

    # -- blocks ----------------------------------------------------------------------------------------------------------

    def select(self, select: Selection) -> Any:
        """What it looks at is an entry or an event, whatever it is asked about."""
        scope = Scope.ENTRY if select.entries is not None else Scope.EVENT
        held = None if select.only_when is None else self.condition(select.only_when, scope)
        entries = select.entries
        if entries is not None and EVERY_CHANNEL in entries:
            entries = frozenset({EVERY_CHANNEL})
        return self._make(n.Chosen, entries, select.events, select.same, held)

    def _over(self, window: Window) -> Any:
        length = self._parameter(window.length) if isinstance(window.length, str) else None
        said = Window(
            window.kind, None if length is not None else window.length, window.clock, window.this_one, window.first_day_counts,
            window.week_starts, _NOWHERE,
        )  # fmt: skip
        return self._make(n.Over, said, length)

    def count(self, block: Count) -> Any:
        excepted = self._exceptions(block.exceptions, Scope.ENTRY)
        parts = self.select(block.select), self._over(block.window), excepted
        return self._make(n.Counted, *parts, reads=_JUDGED, cost=_looking(parts[0]))

    def moment(self, name: str) -> Any:
        block = self._rule.blocks[name]
        assert isinstance(block, MomentOf)
        scope = Scope.ENTRY if block.select.entries is not None else Scope.EVENT
        excepted = self._exceptions(block.exceptions, scope)
        parts = block.latest, self.select(block.select), self._over(block.window), excepted
        return self._make(n.Moment, *parts, reads=_JUDGED, cost=_looking(parts[1]))

    def block_truth(self, name: str, scope: Scope) -> Any:
        block = self._rule.blocks[name]
        of_entry = scope is Scope.ENTRY
        match block:
            case Standing():
                reads = _JUDGED | ({"e"} if of_entry else frozenset())
                begins, ends = self._selects(block.begins), self._selects(block.ends)
                lapses = None if block.lapses_after is None else self._length(block.lapses_after)
                asked = block.as_of_entry, of_entry
                return self._make(n.Stands, begins, ends, lapses, *asked, reads=reads, cost=_looking(*begins, *ends))
            case Waiting():
                parts = self.select(block.after), block.latest, self._length(block.at_least), block.when_absent
                return self._make(n.Waits, *parts, reads=_JUDGED, cost=_looking(parts[0]))
            case Deadline():
                return self._deadline(block)
            case Limitation():
                return self._make(n.Barred, block.tables, block.ends_the_debt, reads=_JUDGED, cost=_MANY)
            case Count() | MomentOf():
                raise AssertionError(f"`{name}` is no truth")
            case _:
                assert_never(block)

    def _deadline(self, block: Deadline) -> Any:
        parts = self.select(block.after), self.select(block.must_follow), self._length(block.within)
        excepted = self._exceptions(block.exceptions, Scope.COMMUNICATION)
        return self._make(n.Missed, *parts, block.earliest, excepted, reads=_JUDGED, cost=_looking(*parts[:2]))

    def _selects(self, selects: Sequence[Selection]) -> tuple[n.Chosen, ...]:
        return tuple(self.select(select) for select in selects)


_NOWHERE: Final[Any] = None
"""In place of where a window stands in its file: two that are alike are one."""
