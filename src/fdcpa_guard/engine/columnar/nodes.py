"""The rules as one graph of columnar nodes: names resolved, equal parts one and the same node.

A node is worked out for many rows at once. What it reads says for which rows it has to be: one that speaks of entries
of the log alone is worked out once for every entry, however many rules, windows and communications ask for it.

| reads | the row is of                                              |
| ----- | ---------------------------------------------------------- |
| c     | the communication judged                                   |
| w     | a possible location of its consumer                        |
| d     | a debt                                                     |
| e     | an entry of the log that a block looks at                  |
| v     | an event that a block looks at                             |
| m     | what a `latest` or `earliest` block gave                   |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from fdcpa_guard.lang.core import Presence
from fdcpa_guard.lang.operators import Symbol
from fdcpa_guard.rulefile.limitations import LimitationTables
from fdcpa_guard.rulefile.model import Same, Window
from fdcpa_guard.values import Duration, Kind

Reads: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """`cost` orders the parts of a condition: what is cheap is asked first."""

    reads: Reads
    cost: int


# -- values ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Node):
    value: int | str | Duration


@dataclass(frozen=True, slots=True, eq=False)
class Dated(Node):
    """A parameter whose value depends on the day: spans of days, both ends included, None open."""

    spans: tuple[tuple[int | None, int | None, int | str | Duration], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Said(Node):
    """A fact of the vocabulary."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True, eq=False)
class OfMoment(Node):
    """A field of what a moment gives."""

    moment: Moment
    fact: str
    kind: Kind


# -- conditions ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class All(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Any_(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Negation(Node):
    part: Node


@dataclass(frozen=True, slots=True, eq=False)
class Test(Node):
    """What tests have in common: the moments whose candidates each are tried."""

    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Test):
    symbol: Symbol
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Membership(Test):
    value: Node
    names: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Containing(Test):
    value: Node
    item: Node


@dataclass(frozen=True, slots=True, eq=False)
class PresenceTest(Test):
    """`value` is the moment itself, or what a test may read."""

    value: Node
    presence: Presence


@dataclass(frozen=True, slots=True, eq=False)
class Nearness(Test):
    value: Node
    duration: Node
    after: bool
    anchor: Node
    on_days: bool


@dataclass(frozen=True, slots=True, eq=False)
class IsTrue(Test):
    value: Node


# -- blocks --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Chosen(Node):
    """Which entries or events a block looks at."""

    entries: frozenset[str] | None
    events: frozenset[str] | None
    same: tuple[Same, ...]
    only_when: Node | None


@dataclass(frozen=True, slots=True, eq=False)
class Over(Node):
    """A window, and its length where that is a parameter."""

    window: Window
    length: Node | None


@dataclass(frozen=True, slots=True, eq=False)
class Counted(Node):
    select: Chosen
    over: Over
    exceptions: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Moment(Node):
    latest: bool
    select: Chosen
    over: Over
    exceptions: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stands(Node):
    """`of_entry`: asked of the entry that a block looks at, and not of the communication."""

    begins: tuple[Chosen, ...]
    ends: tuple[Chosen, ...]
    lapses_after: Node | None
    as_of_entry: bool
    of_entry: bool


@dataclass(frozen=True, slots=True, eq=False)
class Waits(Node):
    after: Chosen
    latest: bool
    at_least: Node
    when_absent: bool


@dataclass(frozen=True, slots=True, eq=False)
class Missed(Node):
    after: Chosen
    must_follow: Chosen
    within: Node
    earliest: bool
    exceptions: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Barred(Node):
    tables: LimitationTables
    ends_the_debt: bool


@dataclass(frozen=True, slots=True, eq=False)
class Fails(Node):
    """An item of content: it is wanted and not said, or said and not wanted."""

    wanted: bool
    declared: str | None
    looks_for: tuple[str, ...]
    only_when: Node | None


class Workshop:
    """Makes nodes, each once: what is equal is the same."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], Node] = {}

    def make(self, kind: type[Node], *parts: Any, reads: Reads | None = None, cost: int = 0) -> Any:
        """The node of these parts. It reads what its parts read, and costs what they do, with what is given besides."""
        key = (kind, *parts, reads)
        known = self._made.get(key)
        if known is None:
            inner = list(_nodes_in(parts))
            read = frozenset().union(*(node.reads for node in inner)) if reads is None else reads
            known = self._made[key] = kind(read, cost + sum(node.cost for node in inner), *parts)
        return known


def _nodes_in(parts: tuple[Any, ...]) -> list[Node]:
    found: list[Node] = []
    for part in parts:
        if isinstance(part, Node):
            found.append(part)
        elif isinstance(part, tuple):
            found.extend(each for each in part if isinstance(each, Node))
    return found
