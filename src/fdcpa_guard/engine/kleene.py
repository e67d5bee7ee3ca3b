"""Kleene's three-valued logic over True, False and None, and comparisons that may be unknown."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from fdcpa_guard.lang.operators import Symbol
from fdcpa_guard.values import Range


def all_of(answers: Iterable[bool | None]) -> bool | None:
    result: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            result = None
    return result


def any_of(answers: Iterable[bool | None]) -> bool | None:
    result: bool | None = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            result = None
    return result


def negate(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


_PLAIN: dict[Symbol, Callable[[Any, Any], bool]] = {
    Symbol.EQ: operator.eq,
    Symbol.NE: operator.ne,
    Symbol.LT: operator.lt,
    Symbol.LE: operator.le,
    Symbol.GT: operator.gt,
    Symbol.GE: operator.ge,
}
_INFINITE = float("inf")


def compare(symbol: Symbol, one: object, other: object) -> bool | None:
    """`one symbol other`: unknown where a side is, or where a range leaves it open."""
    if one is None or other is None:
        return None
    if isinstance(one, Range) or isinstance(other, Range):
        return compare_ranges(symbol, *_bounds(one), *_bounds(other))
    return _PLAIN[symbol](one, other)


def _bounds(value: object) -> tuple[float, float]:
    if isinstance(value, Range):
        return value.at_least, _INFINITE if value.at_most is None else value.at_most
    assert isinstance(value, int)
    return value, value


def compare_ranges(symbol: Symbol, low: float, high: float, least: float, most: float) -> bool | None:
    """Whether every (True), no (False) or some value of `low..high` stands so to those of `least..most`."""
    match symbol:
        case Symbol.GT:
            return True if low > most else False if high <= least else None
        case Symbol.GE:
            return True if low >= most else False if high < least else None
        case Symbol.LT:
            return True if high < least else False if low >= most else None
        case Symbol.LE:
            return True if high <= least else False if low > most else None
        case Symbol.EQ:
            if low == high == least == most:
                return True
            return False if high < least or low > most else None
        case Symbol.NE:
            return negate(compare_ranges(Symbol.EQ, low, high, least, most))
