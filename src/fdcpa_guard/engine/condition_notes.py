"""What is found out of a condition once, by looking at it, and kept by the condition itself: a rule holds it for good."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Generic, TypeVar, assert_never

from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.lang import core
from fdcpa_guard.lang.printing import to_text
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.rulefile.walk import conditions_of, values_of
from fdcpa_guard.values import Kind

_MOST_KEPT: Final = 100_000
N = TypeVar("N")
T = TypeVar("T")

_OF_NOTHING_ELSE: Final = re.compile(r"[ev]\.\w+(\.\w+)*|f\.(place|line)_of\(e\)|\(v\.hours is not None\)")
_ALONE: Final = frozenset(
    name
    for name, text in EXPRESSIONS.items()
    if name.startswith(("entry.", "event.")) and _OF_NOTHING_ELSE.fullmatch(text)
)
"""The facts that an entry or event says of itself, whatever else is known."""
_TURNS_WITH_TIME: Final = frozenset({Kind.CLOCK_TIME, Kind.INSTANT})


class Kept(Generic[N, T]):
    """What a function gives of a node, by the node itself: to compare or to hash one walks the whole tree."""

    def __init__(self, of: Callable[[N], T]) -> None:
        self._of = of
        self._known: dict[int, tuple[N, T]] = {}

    def __call__(self, node: N) -> T:
        known = self._known.get(id(node))
        if known is None or known[0] is not node:
            if len(self._known) > _MOST_KEPT:
                self._known.clear()
            known = self._known[id(node)] = node, self._of(node)
        return known[1]


def _moments_in(node: core.Test) -> tuple[str, ...]:
    names = (value.name for value in values_of(node) if isinstance(value, core.Moment | core.MomentField))
    return tuple(dict.fromkeys(names))


moments_in: Final = Kept(_moments_in)
"""The `latest` and `earliest` blocks that a test reads."""
text_of: Final[Kept[core.Condition, str]] = Kept(to_text)
"""The condition on one line."""


def _decided_alone(rule: Rule) -> frozenset[int]:
    return frozenset(id(node) for node in conditions_of(rule) if _is_decided_alone(rule, node))


decided_alone: Final = Kept(_decided_alone)
"""The conditions of a rule, by their ids, that read nothing of an entry or event but what that says of itself.

Such a condition has one answer of it for ever, whatever is judged; and that it was asked leaves no trace.
"""


def _is_decided_alone(rule: Rule, node: core.Condition) -> bool:
    match node:
        case core.AllOf(parts) | core.AnyOf(parts):
            return all(_is_decided_alone(rule, part) for part in parts)
        case core.Not(part):
            return _is_decided_alone(rule, part)
        case core.Holds(core.Definition(name)):
            return _is_decided_alone(rule, rule.definitions[name].when)
        case core.Within():
            return False
        case core.Compare() | core.OneOf() | core.Contains() | core.Is() | core.Holds():
            return all(_is_alone(value) for value in values_of(node))
        case _:
            assert_never(node)


def _is_alone(value: core.Value) -> bool:
    if isinstance(value, core.Fact):
        # When a time is compared, the instant at which it would compare otherwise is noted.
        return value.name in _ALONE and value.type.kind not in _TURNS_WITH_TIME
    return isinstance(value, core.Literal)
