"""Conditions over one flat record of facts that somebody has worked out already: no log, no places, no days.

For programs that keep their own counters and want the language, its types, its unknowns and its speed. Where a record
lacks nothing that the rules read, one generated function of plain comparisons answers; where it lacks something, its
three-valued twin does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from fdcpa_guard.engine.compiled.expressions import FALSE, TRUE, Expressions, Names
from fdcpa_guard.engine.decision import Outcome
from fdcpa_guard.engine.formatting import show_value
from fdcpa_guard.engine.windows import within_span
from fdcpa_guard.errors import RuleShapeError
from fdcpa_guard.facts.bind import NOWHERE, World
from fdcpa_guard.facts.phrases import contains_phrase
from fdcpa_guard.lang import core
from fdcpa_guard.lang.operators import Symbol
from fdcpa_guard.rulefile.walk import tests_of, values_of
from fdcpa_guard.values import Duration, Kind

Record = Mapping[str, object]
"""Facts by their names in the vocabulary, in the form of `values`; one that is left out, or None, is unknown."""

_Answer = tuple[list[str], Sequence[str]]
_NO_PLACE: Final = World(NOWHERE)
_WORTH_GROUPING: Final = 20
"""Fewer rules than that are judged faster than their group is looked up."""
_ALLOW, _REVIEW, _BLOCK = Outcome.ALLOW, Outcome.REVIEW, Outcome.BLOCK


@dataclass(frozen=True, slots=True, eq=False)
class RecordRule:
    """A rule that is violated where its condition is true. The condition reads facts and nothing else."""

    id: str
    cite: str
    title: str
    violated_when: core.Condition


@dataclass(slots=True)
class RecordDecision:
    """`violated` and `unknown` are rule ids. An unknown is no permission: it makes the decision review."""

    decision: Outcome
    violated: list[str]
    unknown: Sequence[str]
    _rules: Mapping[str, RecordRule]
    _record: Record

    def reasons(self) -> list[str]:
        """A sentence for each rule that is violated or unknown: its citation, its title, and the facts it read."""
        said: list[str] = []
        for name in (*self.violated, *self.unknown):
            rule = self._rules[name]
            facts = ", ".join(f"{fact.name}: {self._shown(fact)}" for fact in facts_of(rule.violated_when))
            doubt = "cannot be decided: " if name in self.unknown else ""
            said.append(f"{rule.cite}: {doubt}{rule.title} ({facts})")
        return said

    def _shown(self, fact: core.Fact) -> str:
        return show_value(self._record.get(fact.name), fact.type, None)


class RecordRules:
    """Rules over records, compiled when made; safe to share between threads.

    `grouped_by` names a fact by which rules are set apart (a state): a rule whose condition asks that the fact be one
    value is in the code for that value alone, so that the rules of other states cost nothing.

    `judge` gives the ids of the rules that are violated, and of those that are unknown, for a record.

    Raises:
        RuleShapeError: a condition reads anything but facts of a record.
    """

    judge: Callable[[Record], _Answer]

    def __init__(self, rules: Sequence[RecordRule], grouped_by: str | None = None) -> None:
        self.rules = {rule.id: rule for rule in rules}
        groups: dict[str, list[RecordRule]] = {}
        for rule in rules:
            for fact in facts_of(rule.violated_when):
                if fact.name.startswith(("entry.", "event.")):
                    raise RuleShapeError(f"`{fact.name}` is of a log, and a record has none", fact.span)
            name = None if grouped_by is None else _asked_name(rule.violated_when, grouped_by)
            if name is not None:
                groups.setdefault(name, []).append(rule)
        grouped = {rule.id for own in groups.values() for rule in own}
        if grouped_by is None or len(grouped) < _WORTH_GROUPING:
            self.judge = _compiled(rules)
        else:
            everywhere = [rule for rule in rules if rule.id not in grouped]
            self.judge = _dispatched(rules, everywhere, groups, grouped_by)

    def decide(self, record: Record) -> RecordDecision:
        """The same as a decision: block where a rule is violated, else review where one is unknown, else allow."""
        violated, unknown = self.judge(record)
        outcome = _BLOCK if violated else _REVIEW if unknown else _ALLOW
        return RecordDecision(outcome, violated, unknown, self.rules, record)


def _dispatched(
    rules: Sequence[RecordRule],
    everywhere: Sequence[RecordRule],
    groups: Mapping[str, Sequence[RecordRule]],
    grouped_by: str,
) -> Callable[[Record], _Answer]:
    """One function for each value of a fact; every rule where the record does not say it."""
    elsewhere = _compiled(everywhere)
    every: list[Callable[[Record], _Answer]] = []
    by_value = {
        value: _compiled([rule for rule in rules if rule in everywhere or rule in own], {grouped_by: value})
        for value, own in groups.items()
    }
    find = by_value.get

    def judge(record: Record) -> _Answer:
        value = record.get(grouped_by)
        if value is not None:
            return find(cast(str, value), elsewhere)(record)
        if not every:
            every.append(_compiled(rules))
        return every[0](record)

    return judge


def facts_of(condition: core.Condition) -> Iterator[core.Fact]:
    """The facts that a condition reads, each once. Raises RuleShapeError where it reads anything else."""
    seen: set[str] = set()
    for test in tests_of(condition):
        if isinstance(test, core.Within) and test.value.type.kind is not Kind.DAY:
            raise RuleShapeError("spans of time between instants need a clock, and a record has none", test.span)
        for value in values_of(test):
            if isinstance(value, core.Literal):
                continue
            if not isinstance(value, core.Fact):
                raise RuleShapeError(f"`{value.name}` is no fact; a record has nothing else", value.span)
            if value.name not in seen:
                seen.add(value.name)
                yield value


def _asked_name(condition: core.Condition, fact: str) -> str | None:
    """The name that a condition asks of a fact before all else: `fact is name and ...`."""
    for part in condition.parts if isinstance(condition, core.AllOf) else (condition,):
        match part:
            case core.Compare(operator, core.Fact(name), core.Literal(str(value))):
                if name == fact and operator.symbol is Symbol.EQ:
                    return value
    return None


def _compiled(rules: Sequence[RecordRule], known: Mapping[str, str] | None = None) -> Callable[[Record], _Answer]:
    """One function of a record for some rules: the plain one, which hands over to the three-valued where it must."""
    constants: dict[str, object] = {"contains_phrase": contains_phrase, "within_span": within_span, "w": _NO_PLACE}
    fixed = dict(known or {})
    facts = sorted({fact.name for rule in rules for fact in facts_of(rule.violated_when)} - fixed.keys())
    variables = {fact: "fact_" + fact.replace(".", "_") for fact in facts}
    careful = _expressions(fixed, variables, constants, sure=False)
    lines = ["def careful(r):", "    get = r.get", "    violated = []; unknown = []"]
    lines += [f"    {variable} = get({fact!r})" for fact, variable in variables.items()]
    for rule in rules:
        test = careful.condition(rule.violated_when)
        if test != FALSE:
            lines += [f"    v = {test}", f"    if v: violated.append({rule.id!r})"]
            lines += [f"    elif v is None: unknown.append({rule.id!r})"]
    lines += ["    return violated, unknown", "", "def judge(r):", "    violated = []", "    try:"]
    plain = _Plain(rules, _expressions(fixed, variables, constants, sure=True), variables)
    lines += plain.lines() or ["        pass"]
    lines += ["    except KeyError: return careful(r)", "    return violated, ()"]
    names = dict(constants)
    exec(compile("\n".join(lines) + "\n", "<record rules>", "exec"), names)
    return cast(Callable[[Record], _Answer], names["judge"])


class _Plain:
    """Writes the tests of a record in which what they come to read is known.

    A fact is read, and found missing, only where a test needs it: the parts of an `and` are asked one inside the other,
    those that several rules share first, and what follows a part that does not hold is never read.
    """

    def __init__(
        self, rules: Sequence[RecordRule], expressions: Expressions, variables: Mapping[str, str]
    ) -> None:
        self.variables = variables
        self.parts: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for rule in rules:
            condition = rule.violated_when
            parts = condition.parts if isinstance(condition, core.AllOf) else (condition,)
            written = [
                (expressions.condition(part), tuple(fact.name for fact in facts_of(part) if fact.name in variables))
                for part in parts
            ]
            # `is unknown` is decided only by its fact's being there, which therefore has to be read all the same.
            if all(text != FALSE or facts for text, facts in written):
                self.parts[rule.id] = [(text, facts) for text, facts in written if text != TRUE or facts]

    def lines(self) -> list[str]:
        tests = Counter(text for parts in self.parts.values() for text, _ in parts)
        users = Counter(fact for parts in self.parts.values() for fact in {f for _, facts in parts for f in facts})
        under: dict[tuple[str, tuple[str, ...]], list[tuple[str, list[tuple[str, tuple[str, ...]]]]]] = {}
        for rule_id, parts in self.parts.items():
            ordered = sorted(parts, key=lambda part: (-tests[part[0]], -min((users[f] for f in part[1]), default=0)))
            first, rest = (ordered[0], ordered[1:]) if ordered else (("True", ()), [])
            under.setdefault(first, []).append((rule_id, rest))
        ready = tuple(dict.fromkeys(fact for _, facts in under for fact in facts))
        lines = self._read(ready, "        ")
        for (text, _), guarded in under.items():
            lines.append(f"        if {text}:")
            for rule_id, rest in guarded:
                lines += self._nested(rule_id, rest, frozenset(ready), "            ")
        return lines

    def _nested(
        self, rule_id: str, parts: Sequence[tuple[str, tuple[str, ...]]], ready: frozenset[str], indent: str
    ) -> list[str]:
        if not parts:
            return [f"{indent}violated.append({rule_id!r})"]
        (text, facts), rest = parts[0], parts[1:]
        lines = self._read([fact for fact in facts if fact not in ready], indent)
        lines.append(f"{indent}if {text}:")
        return lines + self._nested(rule_id, rest, ready | set(facts), indent + "    ")

    def _read(self, facts: Sequence[str], indent: str) -> list[str]:
        if not facts:
            return []
        lines = [f"{indent}{self.variables[fact]} = r[{fact!r}]" for fact in facts]
        lacking = " or ".join(f"{self.variables[fact]} is None" for fact in facts)
        return [*lines, f"{indent}if {lacking}: return careful(r)"]


def _expressions(
    known: Mapping[str, str], variables: Mapping[str, str], constants: dict[str, object], *, sure: bool
) -> Expressions:
    def bind(value: object, prefix: str) -> str:
        assert isinstance(value, Duration)  # nothing else of a record's conditions has no `repr`
        name = f"{prefix}_{value.length}_{value.unit.name.lower()}"
        constants[name] = value
        return name

    def no_block(name: str) -> str:
        raise AssertionError(f"`{name}` is no fact")

    return Expressions(
        None, Names(), known=known, hoisted=variables.get, day=0, block=no_block, bind=bind, sure=lambda _: sure
    )
