"""What values are in many rows, how they compare, and answers brought back to the rows that they are of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.columns import (
    Array,
    Column,
)
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.planes import (
    Bools,
    Indices,
    Planes,
    both,
    negate,
    settled,
    where_known,
)
from fdcpa_guard.facts.phrases import contains_phrase
from fdcpa_guard.lang.operators import Symbol
from fdcpa_guard.values import Duration

UNBOUNDED: Final = 1 << 60
"""How many entries count at most where the log may lack any number of them."""
_COMPARE: Final[dict[Symbol, Callable[[Any, Any], Any]]] = {
    Symbol.EQ: np.equal, Symbol.NE: np.not_equal, Symbol.LT: np.less,
    Symbol.LE: np.less_equal, Symbol.GT: np.greater, Symbol.GE: np.greater_equal,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranges:
    """Counts: so many surely, and so many at most."""

    least: Array
    most: Array

    def take(self, rows: Indices) -> Ranges:
        return Ranges(self.least[rows], self.most[rows])


@dataclass(frozen=True, slots=True)
class Spans:
    """Durations, of which few differ: the place of each row's among `values`; None among them is unknown."""

    values: tuple[Duration | None, ...]
    places: Array | None
    """None: every row has the one."""

    def groups(self, rows: int) -> Sequence[tuple[Duration | None, Indices | None]]:
        """Each duration with its rows; None: all of them."""
        if self.places is None:
            return ((self.values[0], None),)
        return [(value, np.flatnonzero(self.places == place)) for place, value in enumerate(self.values)]


@dataclass(frozen=True, slots=True)
class Found:
    """What a value is in each row. `gone`: the rows in which a moment gave nothing, so that there is no such value."""

    value: Column | Ranges | Spans
    gone: Bools | None = None


def span_of(node: n.Dated, days: Array) -> Array:
    place = np.full(len(days), -1, np.int64)
    for number, (start, end, _) in enumerate(node.spans):
        holds = np.ones(len(days), bool)
        if start is not None:
            holds &= days >= start
        if end is not None:
            holds &= days <= end
        place[holds & (place < 0)] = number
    return place


def constant_of(value: int | str | Duration, frame: Frame) -> Column | Spans:
    if isinstance(value, Duration):
        return Spans((value,), None)
    if isinstance(value, str):
        return Column(np.full(frame.rows, frame.bucket.codes.of(value), np.int32), False)
    return Column(np.full(frame.rows, value, np.int64), False)


def compared(symbol: Symbol, left: Column | Ranges | Spans, right: Column | Ranges | Spans) -> Planes:
    if isinstance(left, Ranges) or isinstance(right, Ranges):
        one, other = _as_range(left), _as_range(right)
        known = [each.known() for each in (left, right) if isinstance(each, Column)]
        return _only_where(_ranges(symbol, one, other), known)
    assert isinstance(left, Column)
    assert isinstance(right, Column)
    truth = _COMPARE[symbol](left.data, right.data)
    knowns = [each for each in (left.known(), right.known()) if each is not None]
    if not knowns:
        return settled(truth)
    return where_known(truth, knowns[0] if len(knowns) == 1 else knowns[0] & knowns[1])


def _as_range(value: Column | Ranges | Spans) -> Ranges:
    if isinstance(value, Ranges):
        return value
    assert isinstance(value, Column)
    return Ranges(value.data, value.data)


def _only_where(planes: Planes, known: Sequence[Bools | None]) -> Planes:
    for each in known:
        if each is not None:
            planes = Planes(planes.surely & each, planes.maybe | ~each)
    return planes


def _ranges(symbol: Symbol, one: Ranges, other: Ranges) -> Planes:
    """Whether every (surely) or some (maybe) value of one range stands so to those of the other."""
    low, high, least, most = one.least, one.most, other.least, other.most
    match symbol:
        case Symbol.GT:
            surely, maybe = low > most, high > least
        case Symbol.GE:
            surely, maybe = low >= most, high >= least
        case Symbol.LT:
            surely, maybe = high < least, low < most
        case Symbol.LE:
            surely, maybe = high <= least, low <= most
        case Symbol.EQ:
            surely = (low == high) & (least == most) & (low == least)
            maybe = ~((high < least) | (low > most))
        case Symbol.NE:
            return negate(_ranges(Symbol.EQ, one, other))
    return Planes(surely, maybe)


def taken(value: Column | Ranges | Spans, rows: Indices) -> Column | Ranges:
    assert not isinstance(value, Spans)
    return value.take(rows)


def contains(text: Any, item: Any) -> bool:
    return item in text if isinstance(text, tuple) else contains_phrase(str(text), str(item))


def answered_by(answers: Sequence[bool | None], places: Array) -> Planes:
    surely = np.array([answer is True for answer in answers], bool)[places]
    if None not in answers:
        return settled(surely)
    return Planes(surely, np.array([answer is not False for answer in answers], bool)[places])


def put(whole: Planes, rows: Indices, part: Planes) -> Planes:
    """The planes with those of some rows in their place."""
    surely = whole.surely.copy()
    surely[rows] = part.surely
    if whole.settled and part.settled:
        return settled(surely)
    maybe = whole.maybe.copy()
    maybe[rows] = part.maybe
    return Planes(surely, maybe)


def unless_gone(planes: Planes, *found: Found) -> Planes:
    """False where a moment gave nothing to test."""
    for each in found:
        if each.gone is not None:
            planes = both(planes, settled(~each.gone))
    return planes
