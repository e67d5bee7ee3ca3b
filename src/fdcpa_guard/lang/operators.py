"""The one table of operators: what each takes, how it reads in English, and how both backends compute it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from fdcpa_guard.values import Kind

ORDERED = frozenset({Kind.COUNT, Kind.NUMBER, Kind.MONEY})
TIMED = frozenset({Kind.INSTANT, Kind.DAY, Kind.CLOCK_TIME})
EQUAL = frozenset({Kind.NAME, Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.DAY, Kind.CLOCK_TIME, Kind.INSTANT, Kind.COUNT})


class Symbol(Enum):
    """The comparison that an operator is, as Python and NumPy both write it."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


@dataclass(frozen=True, slots=True)
class Operator:
    """`words` is how a condition writes it; both sides must be of one kind in `takes`, and on one clock.

    A count is a range: `more than` is true where even the least is more, false where even the most is not, else
    unknown. Any other operand that is unknown makes the comparison unknown.
    """

    words: str
    symbol: Symbol
    takes: frozenset[Kind]
    phrase: str
    negated: str
    """The words of the operator that is true exactly where this one is false."""


OPERATORS: tuple[Operator, ...] = (
    Operator("is", Symbol.EQ, EQUAL, "{0} is {1}", "is not"),
    Operator("is not", Symbol.NE, EQUAL, "{0} is not {1}", "is"),
    Operator("is before", Symbol.LT, TIMED, "{0} is before {1}", "is on or after"),
    Operator("is on or after", Symbol.GE, TIMED, "{0} is on or after {1}", "is before"),
    Operator("is after", Symbol.GT, TIMED, "{0} is after {1}", "is on or before"),
    Operator("is on or before", Symbol.LE, TIMED, "{0} is on or before {1}", "is after"),
    Operator("is more than", Symbol.GT, ORDERED, "{0} is more than {1}", "is at most"),
    Operator("is at most", Symbol.LE, ORDERED, "{0} is at most {1}", "is more than"),
    Operator("is less than", Symbol.LT, ORDERED, "{0} is less than {1}", "is at least"),
    Operator("is at least", Symbol.GE, ORDERED, "{0} is at least {1}", "is less than"),
)

BY_WORDS: dict[str, Operator] = {operator.words: operator for operator in OPERATORS}
