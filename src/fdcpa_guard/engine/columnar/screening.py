"""Rows that are alike in all that is cheaply known of them: what one of a class says, all of it say.

Very many communications differ in nothing that a condition reads but in their instants and addresses. A condition that
reads no more than what is alike is worked out once for each class; of one that reads more, what it may still come to is,
so that most rules are done with most rows before a single row is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.columns import Array, distinct_rows
from fdcpa_guard.engine.columnar.conditions import CODED, Conditions
from fdcpa_guard.engine.columnar.facts import is_constant, is_native
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.planes import Indices, Planes, all_of, any_of, both, constant, negate
from fdcpa_guard.values import Kind

_FEW = 256
"""A fact that says more than so many things tells rows apart too finely."""
_ALIKE = 4
"""So many rows have to be alike in the mean."""


class Classes:
    """The classes of a frame's rows, by the facts among `facts` that say few different things.

    `of_row` is the class of each row, and `frame` has one row of each class.
    """

    def __init__(self, base: Frame, place: Array, facts: Iterable[n.Said], conditions: Conditions) -> None:
        """`place`: a small number for where each row's consumer may be."""
        self._conditions = conditions
        self._known: dict[n.Said, bool] = {}
        self._exact: dict[n.Node, bool] = {}
        self._screened: dict[n.Node, Planes] = {}
        bucket = base.bucket
        entries, of_row = np.unique(base.c, return_inverse=True)
        by_entry = Frame(bucket, len(entries), c=entries)
        classes = np.zeros(len(entries), np.int64)
        firsts = np.zeros(min(1, len(entries)), np.int64)
        found: list[tuple[int, Array, n.Said]] = []
        for fact in facts:
            self._known[fact] = False
            if not is_native(fact.name):
                self._known[fact] = fact.reads <= {"c", "w", "d"} and is_constant(fact.name, base)
            elif fact.reads <= {"c"} and (fact.kind in CODED or fact.kind is Kind.TRUTH):
                data = conditions.fact(fact, by_entry).data
                found.append((int(data.max(initial=0)) - int(data.min(initial=0)), data, fact))
            elif fact.reads == {"w"}:
                self._known[fact] = True
        for size, data, fact in sorted(found, key=lambda each: (each[2].name != "communication.channel", each[0])):
            if size:
                distinct, codes = distinct_rows([data])
                if len(distinct) > _FEW:
                    continue
                finer, numbers = distinct_rows([classes, codes])
                if len(finer) * _ALIKE > len(entries) and fact.name != "communication.channel":
                    continue
                firsts, classes = finer, numbers
            self._known[fact] = True
        rows, self.of_row = distinct_rows([classes[of_row.reshape(-1)], place])
        self.size = len(rows)
        self.frame = Frame(bucket, len(rows), c=base.c[rows], w=base.w[rows], d=base.d[rows])

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
                return self._known.get(node, False)
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


__all__ = ["Classes", "Indices", "facts_of"]
