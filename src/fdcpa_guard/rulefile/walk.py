"""Walks over the conditions of a rule: which there are, and which names they read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from fdcpa_guard.lang import core
from fdcpa_guard.rulefile.model import Count, Deadline, Limitation, MomentOf, Rule, Same, Selection, Standing, Waiting


def selections_of(rule: Rule) -> Iterator[Selection]:
    """What each block of the rule looks at."""
    for block in rule.blocks.values():
        match block:
            case Count() | MomentOf():
                yield block.select
            case Standing():
                yield from block.begins
                yield from block.ends
            case Waiting():
                yield block.after
            case Deadline():
                yield block.after
                yield block.must_follow
            case Limitation():
                pass
            case _:
                assert_never(block)


def looks_at_entries(rule: Rule) -> bool:
    """Whether what stands in the log can tell the rule anything, but for the notices and the ids that are in it."""
    return any(select.entries is not None for select in selections_of(rule))


def conditions_of(rule: Rule) -> Iterator[core.Condition]:
    """Every condition of the rule, of its blocks and of the definitions that it uses."""
    for condition in (rule.applies_when, rule.violated_when):
        if condition is not None:
            yield condition
    yield from (each.when for each in rule.undecided)
    yield from (each.when for each in rule.unless)
    yield from (each.when for each in rule.definitions.values())
    for select in selections_of(rule):
        if select.only_when is not None:
            yield select.only_when
    for block in rule.blocks.values():
        if isinstance(block, Count | MomentOf | Deadline):
            yield from (each.when for each in block.exceptions)
    for item in (*rule.must_contain, *rule.must_not_contain):
        if item.only_when is not None:
            yield item.only_when


def tests_of(condition: core.Condition) -> Iterator[core.Test]:
    """The tests of a condition, from left to right."""
    match condition:
        case core.AllOf(parts) | core.AnyOf(parts):
            for part in parts:
                yield from tests_of(part)
        case core.Not(part):
            yield from tests_of(part)
        case core.Compare() | core.OneOf() | core.Contains() | core.Is() | core.Within() | core.Holds():
            yield condition
        case _:
            assert_never(condition)


def values_of(test: core.Test) -> tuple[core.Value, ...]:
    """The values that a test reads."""
    match test:
        case core.Compare(_, left, right):
            return (left, right)
        case core.OneOf(value, names):
            return (value, *names)
        case core.Contains(value, item):
            return (value, item)
        case core.Is(value):
            return (value,)
        case core.Within(value, duration, _, anchor):
            return (value, duration, anchor)
        case core.Holds(value):
            return (value,)
        case _:
            assert_never(test)


def values_read(rule: Rule) -> Iterator[core.Value]:
    """Every value that the rule's conditions read."""
    for condition in conditions_of(rule):
        for test in tests_of(condition):
            yield from values_of(test)


def facts_read(rule: Rule) -> frozenset[str]:
    """The vocabulary names that the rule's conditions read, directly or as fields of a moment."""
    names: set[str] = set()
    for value in values_read(rule):
        if isinstance(value, core.Fact):
            names.add(value.name)
        elif isinstance(value, core.MomentField):
            names.add(value.fact)
    return frozenset(names)


def is_per_debt(rule: Rule) -> bool:
    """Whether the rule is judged once for each debt of the communication."""
    if any(isinstance(block, Limitation) for block in rule.blocks.values()):
        return True
    return any(name.startswith("debt.") for name in facts_read(rule)) or any(
        same in (Same.DEBT, Same.DEBT_DISCUSSED) for select in selections_of(rule) for same in select.same
    )
