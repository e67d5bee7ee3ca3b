"""Rows that are alike in all that is cheaply known of them: what one of a class says, all of it say.

Very many communications differ in nothing that a condition reads but in their instants and addresses. A condition that
reads no more than what is alike is worked out once for each class; of one that reads more, what it may still come to is,
so that most rules are done with most rows before a single row is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.bucket import Bucket
from fdcpa_guard.engine.columnar.columns import CODED, Array, distinct_rows, unsaid_of
from fdcpa_guard.engine.columnar.conditions import Conditions
from fdcpa_guard.engine.columnar.facts import is_attribute, is_constant, is_native
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.planes import Indices, Planes, all_of, any_of, both, constant, negate
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.values import Kind

_FEW: Final = 256
"""A fact that says more than so many things tells rows apart too finely."""
_ALIKE: Final = 4
"""So many rows have to be alike in the mean,"""
_SMALL: Final = 4096
"""where there are more than so many."""
_FILE: Final = re.compile(r"\bf\b")
_FINITE: Final = CODED | {Kind.TRUTH}


class Alike:
    """Which judged communications are alike in the facts that say few different things.

    `of_judged` is the class of each; `facts` are those that all of a class say the same of.
    """

    def __init__(self, bucket: Bucket, facts: Iterable[n.Said], conditions: Conditions) -> None:
        rows = len(bucket.judged)
        by_entry = Frame(bucket, rows, c=bucket.judged)
        by_debt = Frame(bucket, len(bucket.debts), d=np.arange(len(bucket.debts)))
        self.of_judged = np.zeros(rows, np.int64)
        self.facts: set[n.Said] = set()
        found: list[tuple[int, Array, n.Said]] = []
        for fact in facts:
            if fact.reads == {"w"}:
                # Classes are of one place, and not of one consumer or collector.
                if not _FILE.search(EXPRESSIONS[fact.name]):
                    self.facts.add(fact)
            elif not is_native(fact.name):
                continue
            elif fact.reads == {"d"}:
                data = conditions.fact(fact, by_debt).data
                if bool((data == unsaid_of(data)).all()):
                    self.facts.add(fact)
            elif fact.reads <= {"c"} and (fact.kind in _FINITE or is_attribute(fact.name)):
                data = conditions.fact(fact, by_entry).data
                if rows == 0 or bool((data == data[0]).all()):
                    self.facts.add(fact)
                elif fact.kind in _FINITE:
                    found.append((int(data.max()) - int(data.min()), data, fact))
        for _, data, fact in sorted(found, key=lambda each: each[0]):
            distinct, codes = distinct_rows([data])
            if len(distinct) > _FEW:
                continue
            finer, numbers = distinct_rows([self.of_judged, codes])
            if len(finer) * _ALIKE < max(rows, _SMALL):
                self.of_judged = numbers
                self.facts.add(fact)


class Classes:
    """The classes of a frame's rows. `of_row` is the class of each row, and `frame` has one row of each class."""

    def __init__(
        self, base: Frame, judged: Indices, gate: list[Array], alike: Alike, facts: Iterable[n.Said], conditions: Conditions
    ) -> None:
        """`judged`: which judged communication each row is of; `gate`: what tells of each which rules speak of it at all."""
        self._conditions = conditions
        self._facts = alike.facts | {fact for fact in facts if not is_native(fact.name) and is_constant(fact.name, base)}
        self._exact: dict[n.Node, bool] = {}
        self._screened: dict[n.Node, Planes] = {}
        rows, self.of_row = distinct_rows([alike.of_judged[judged], *gate])
        self.size = len(rows)
        self.frame = Frame(base.bucket, len(rows), c=base.c[rows], w=base.w[rows], d=base.d[rows])

    def is_exact(self, node: n.Node) -> bool:
        """Whether all rows of a class have one answer."""
        known = self._exact.get(node)
        if known is None:
            known = self._exact[node] = self._is_exact(node)
        return known

    def _is_exact(self, node: n.Node) -> bool:
        match node:
            case n.Constant():
                return True
            case n.Said():
                return node in self._facts
            case n.All(parts=parts) | n.Any_(parts=parts):
                return all(map(self.is_exact, parts))
            case n.Negation(part=part):
                return self.is_exact(part)
            case n.Comparison(left=left, right=right):
                return not node.moments and self.is_exact(left) and self.is_exact(right)
            case n.Membership(value=value, names=names):
                return not node.moments and all(map(self.is_exact, (value, *names)))
            case n.Containing(value=value, item=item):
                return not node.moments and self.is_exact(value) and self.is_exact(item)
            case n.PresenceTest(value=value) | n.IsTrue(value=value):
                return not node.moments and self.is_exact(value)
            case _:
                return False

    def screened(self, node: n.Node) -> Planes:
        """What the node may come to in each class: what is sure is so of all its rows, what may not be of none."""
        known = self._screened.get(node)
        if known is None:
            known = self._screened[node] = self._screen(node)
        return known

    def _screen(self, node: n.Node) -> Planes:
        if self.is_exact(node):
            return self._conditions.truth(node, self.frame)
        match node:
            case n.All(parts=parts):
                return all_of([self.screened(part) for part in parts], self.size)
            case n.Any_(parts=parts):
                return any_of([self.screened(part) for part in parts], self.size)
            case n.Negation(part=part):
                return negate(self.screened(part))
            case n.Fails(only_when=only_when) if only_when is not None:
                return both(self.screened(only_when), constant(None, self.size))
            case _:
                return constant(None, self.size)


def facts_of(nodes: Iterable[n.Node]) -> list[n.Said]:
    """Every fact that conditions read of what is judged."""
    found: dict[n.Said, None] = {}
    seen: set[n.Node] = set()

    def walk(node: n.Node) -> None:
        if node in seen:
            return
        seen.add(node)
        if isinstance(node, n.Said):
            found[node] = None
        for name in node.__dataclass_fields__:
            value = getattr(node, name)
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, n.Node):
                    walk(each)

    for node in nodes:
        walk(node)
    return [fact for fact in found if not fact.reads & {"e", "v", "m"}]


__all__ = ["Alike", "Classes", "facts_of"]
