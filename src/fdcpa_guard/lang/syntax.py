"""The untyped tree of a condition, as it is written: names not yet resolved, types not yet known.

Every node carries the span it came from. Unlike `core`, it may say things that make no sense.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from fdcpa_guard.source import Span
from fdcpa_guard.values import Duration, Kind


@dataclass(frozen=True, slots=True)
class Name:
    """`channel`, `communication.channel`: a fact, parameter, block, definition, or a name of a fact's closed set."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Constant:
    """`7`, `$25.00`, `2021-11-30`, `8:00 a.m.`, `"words"`, `7 calendar days`, in the engine's own form."""

    kind: Kind
    value: int | str | Duration
    text: str
    """As the condition writes it."""
    span: Span


Value = Name | Constant


class State(Enum):
    PRESENT = "present"
    ABSENT = "absent"
    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left words right`; `words` is an operator of `lang.operators`, its white space made single."""

    left: Name
    words: str
    words_span: Span
    right: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Membership:
    """`left in [a, b]`."""

    left: Name
    items: tuple[Value, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Containment:
    """`left contains item`."""

    left: Name
    item: Value
    span: Span


@dataclass(frozen=True, slots=True)
class PresenceTest:
    """`left is present`, `is absent`, `is known`, `is unknown`."""

    left: Name
    state: State
    span: Span


@dataclass(frozen=True, slots=True)
class Nearness:
    """`left is within duration after anchor`, or before it."""

    left: Name
    duration: Value
    after: bool
    anchor: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Alone:
    """A name that stands as a test by itself."""

    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Negation:
    part: Condition
    span: Span


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]
    span: Span


Condition = Comparison | Membership | Containment | PresenceTest | Nearness | Alone | Negation | AllOf | AnyOf
