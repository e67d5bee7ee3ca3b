"""Finds conditions that can never hold, as far as comparisons of names show it.

Each part of a condition that must hold leaves a fact some of the names of its closed list; where none is left, the
whole never holds. Numbers, days and times are not looked at: nothing is reported that might hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from fdcpa_guard.lang import core
from fdcpa_guard.lang.operators import Symbol
from fdcpa_guard.rulefile.model import DefinitionOf, ParameterOf
from fdcpa_guard.values import Kind

Names = Mapping[str, frozenset[str]]
"""For each fact, the names that are left to it; a fact that is not there may be any."""

Truths = Mapping[str, bool]
"""Names that are themselves true or false, and what they must be."""


class Possible:
    """What a condition leaves open: None where it can never hold."""

    def __init__(self, definitions: Mapping[str, DefinitionOf], parameters: Mapping[str, ParameterOf]) -> None:
        self._definitions = definitions
        self._parameters = parameters

    def left_by(self, condition: core.Condition | None, given: Names) -> Names | None:
        """The names left to each fact where the condition holds, too; None where it never does."""
        if condition is None:
            return given
        found = self._hold(condition, given, {}, True)
        return None if found is None else found[0]

    def _hold(
        self, condition: core.Condition, names: Names, truths: Truths, holds: bool
    ) -> tuple[Names, Truths] | None:
        match condition:
            case core.Not(part):
                return self._hold(part, names, truths, not holds)
            case core.AllOf(parts) | core.AnyOf(parts):
                if isinstance(condition, core.AllOf) is holds:
                    return self._every(parts, names, truths, holds)
                return self._some(parts, names, truths, holds)
            case core.Compare(operator, left, right):
                if operator.symbol in (Symbol.EQ, Symbol.NE):
                    return self._narrow(left, self._values([right]), names, truths, (operator.symbol is Symbol.EQ) is holds)
            case core.OneOf(value, listed):
                return self._narrow(value, self._values(listed), names, truths, holds)
            case core.Holds(value):
                return self._truth(value, names, truths, holds)
            case core.Contains() | core.Is() | core.Within():
                pass
            case _:
                assert_never(condition)
        return names, truths

    def _every(
        self, parts: Iterable[core.Condition], names: Names, truths: Truths, holds: bool
    ) -> tuple[Names, Truths] | None:
        for part in parts:
            found = self._hold(part, names, truths, holds)
            if found is None:
                return None
            names, truths = found
        return names, truths

    def _some(
        self, parts: Iterable[core.Condition], names: Names, truths: Truths, holds: bool
    ) -> tuple[Names, Truths] | None:
        ways = [found for part in parts if (found := self._hold(part, names, truths, holds)) is not None]
        if not ways:
            return None
        # A fact that one of the ways leaves alone stays as it was.
        shared = set.intersection(*(set(way[0]) for way in ways))
        return {fact: frozenset().union(*(way[0][fact] for way in ways)) for fact in shared}, truths

    def _narrow(
        self, value: core.Value, listed: frozenset[str] | None, names: Names, truths: Truths, holds: bool
    ) -> tuple[Names, Truths] | None:
        if listed is None or not isinstance(value, core.Fact | core.MomentField) or value.type.kind is not Kind.NAME:
            return names, truths
        key = _key(value)
        before = names.get(key, value.type.names)
        if before is None:
            return names, truths
        left = before & listed if holds else before - listed
        return ({**names, key: left}, truths) if left else None

    def _values(self, listed: Iterable[core.Value]) -> frozenset[str] | None:
        found: set[str] = set()
        for value in listed:
            if isinstance(value, core.Literal) and isinstance(value.value, str):
                found.add(value.value)
            elif isinstance(value, core.Parameter) and value.name in self._parameters:
                for dated in self._parameters[value.name].values:
                    if isinstance(dated.value, str):
                        found.add(dated.value)
            else:
                return None
        return frozenset(found)

    def _truth(
        self, value: core.Value, names: Names, truths: Truths, holds: bool
    ) -> tuple[Names, Truths] | None:
        key = _key(value)
        if truths.get(key, holds) is not holds:
            return None
        truths = {**truths, key: holds}
        definition = self._definitions.get(value.name) if isinstance(value, core.Definition) else None
        return (names, truths) if definition is None else self._hold(definition.when, names, truths, holds)


def _key(value: core.Value) -> str:
    if isinstance(value, core.MomentField):
        return f"{value.name} {value.fact}"
    return str(value.value) if isinstance(value, core.Literal) else value.name
