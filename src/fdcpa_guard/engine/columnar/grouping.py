"""Rows of one consumer, debt and place look at the same entries and events, each up to its own instant.

What a block thinks of an entry or event mostly depends on those three alone. It is then worked out once for all rows that
have them in common; of each row what is left to find is how far it sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.bucket import Bucket, Runs
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, Array, distinct_rows
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.planes import Bools, Indices, Planes
from fdcpa_guard.engine.columnar.spared import happened, may_have_died
from fdcpa_guard.engine.relations import ABOUT_THE_PAST
from fdcpa_guard.facts.validation_period import WORD_THAT_IT_CAME_BACK
from fdcpa_guard.rulefile.model import Same

_OF_EVENTS: Final = frozenset({Same.CONSUMER, Same.AGENT, Same.DEBT, Same.DEBT_DISCUSSED})
_OF_ENTRIES: Final = frozenset({Same.CONSUMER, Same.DEBT, Same.DEBT_DISCUSSED})
"""In what events and entries agree with a communication by its consumer and debt alone."""
_CHANGES: Final[dict[str, Callable[[Bucket], Bools]]] = {
    "event.came_back": lambda bucket: happened(bucket, WORD_THAT_IT_CAME_BACK),
    "consumer.deceased": may_have_died,
}
"""Facts that say another thing later, and of which consumers they may."""


class Groups:
    """The groups of the rows that are judged. `of_row` is the group of each.

    `frame` has one row of each: the one that sees furthest.
    """

    def __init__(self, base: Frame) -> None:
        bucket = base.bucket
        _, self.of_row = distinct_rows([base.consumer, base.d, base.w])
        self.size = int(self.of_row.max(initial=-1)) + 1
        furthest = np.empty(self.size, np.int64)
        order = np.argsort(bucket.stop[base.c], kind="stable")
        furthest[self.of_row[order]] = order
        self.frame = Frame(bucket, self.size, c=base.c[furthest], w=base.w[furthest], d=base.d[furthest])
        self.lines: dict[tuple[n.Chosen, bool], Lines] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The entries or events that fit in some row of a group or may, group by group and in their order."""

    of_group: Runs
    numbers: Indices
    fits: Planes

    def before(self, groups: Indices, stops: Array, size: int) -> Array:
        """The first line of each of some groups whose number is no less than a stop; numbers are less than a size."""
        of_line = np.repeat(np.arange(len(self.of_group.starts) - 1), np.diff(self.of_group.starts))
        found: Array = np.searchsorted(of_line * (size + 1) + self.numbers, groups * (size + 1) + stops)
        return found


def looks_alike(select: n.Chosen, bucket: Bucket) -> Bools | None:
    """The consumers of whom a block thinks the same of an entry or event whichever row of a group asks; None: of nobody."""
    among = _OF_ENTRIES if select.events is None else _OF_EVENTS
    if not among.issuperset(select.same):
        return None
    key = looks_alike, select
    if key not in bucket.picked:
        free = _Free(bucket)
        found = free.of(select.only_when)
        bucket.picked[key] = found if found.any() else None
    known: Bools | None = bucket.picked[key]
    return known


def sees_in_order(select: n.Chosen, bucket: Bucket) -> Bools | None:
    """The consumers whose entries or events are seen in their order: of each row all up to its own, and no others; None: of nobody.

    Then what comes first in a group comes first for each of its rows that sees it.
    """
    if select.events is not None and select.events & ABOUT_THE_PAST:
        return None
    key = sees_in_order, select.events is None
    if key not in bucket.picked:
        bucket.picked[key] = _entries_in_order(bucket) if select.events is None else _events_in_order(bucket)
    known: Bools = bucket.picked[key]
    return known


def _entries_in_order(bucket: Bucket) -> Bools:
    """Those of whom no two entries are one."""
    known = _told_in_time(bucket).copy()
    ids, _ = bucket.ids
    named = np.flatnonzero(ids != UNSAID_CODE)
    if len(named):
        _, places = distinct_rows([bucket.consumer[named], ids[named]])
        again = np.bincount(places)[places] > 1
        known[bucket.consumer[named[again]]] = False
    return known


def _events_in_order(bucket: Bucket) -> Bools:
    """Those of whom no event was given in a communication: of that very one it has not happened."""
    known = _told_in_time(bucket).copy()
    _, given_in = bucket.ids
    known[bucket.event_consumer[given_in != UNSAID_CODE]] = False
    return known


def _told_in_time(bucket: Bucket) -> Bools:
    """The consumers of whom everything was known when it happened, as far as anybody asks."""
    known: Bools | None = bucket.picked.get(_told_in_time)
    if known is None:
        known = np.full(len(bucket.log_complete), bool((bucket.knowledge >= bucket.at).all()))
        entries = bucket.known_at[: bucket.logged] > bucket.at[: bucket.logged]
        known[bucket.consumer[: bucket.logged][entries]] = False
        known[bucket.event_consumer[bucket.event_known_at > bucket.event_at]] = False
        bucket.picked[_told_in_time] = known
    return known


class _Free:
    """Of which consumers a condition about an entry or event says the same whatever is judged."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._all = np.ones(len(bucket.log_complete), bool)
        self._none = np.zeros(len(bucket.log_complete), bool)

    def of(self, node: n.Node | None) -> Bools:
        match node:
            case None | n.Constant():
                return self._all
            case n.Said(name=name, reads=reads):
                if name in _CHANGES:
                    return ~_CHANGES[name](self._bucket)
                return self._none if "c" in reads else self._all
            case n.All(parts=parts) | n.Any_(parts=parts):
                return self._each(parts)
            case n.Negation(part=part):
                return self.of(part)
            case n.Test(moments=()):
                return self._each(_values(node))
            case n.Stands(of_entry=True, as_of_entry=True, begins=begins, ends=ends, lapses_after=lapses):
                return self._of_standing((*begins, *ends), lapses)
            case _:
                return self._none

    def _each(self, nodes: Iterable[n.Node]) -> Bools:
        found = self._all
        for node in nodes:
            found = found & self.of(node)
            if not found.any():
                break
        return found

    def _of_standing(self, selects: Iterable[n.Chosen], lapses: n.Node | None) -> Bools:
        """As of an entry, what was known by then is known whenever it is judged later."""
        found = _told_in_time(self._bucket) & self.of(lapses)
        for select in selects:
            if select.events is None or select.events & ABOUT_THE_PAST:
                return self._none
            found = found & self.of(select.only_when)
        return found


def _values(node: n.Test) -> tuple[n.Node, ...]:
    match node:
        case n.Comparison(left=left, right=right):
            return left, right
        case n.Membership(value=value, names=names):
            return value, *names
        case n.Containing(value=value, item=item):
            return value, item
        case n.Nearness(value=value, duration=duration, anchor=anchor):
            return value, duration, anchor
        case n.PresenceTest(value=value) | n.IsTrue(value=value):
            return (value,)
        case _:
            raise AssertionError(f"{type(node).__name__} is no test")
