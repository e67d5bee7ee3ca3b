"""The typed tree of a condition: names resolved, units known, nothing left to guess.

Every node carries the span it came from. The unions are closed: each walk over them ends in `assert_never`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from fdcpa_guard.source import Span
from fdcpa_guard.values import Duration, Type

if TYPE_CHECKING:
    from fdcpa_guard.lang.operators import Operator


class Scope(Enum):
    """What a condition speaks of beside the judged communication, the consumer, the debt and the collector."""

    COMMUNICATION = "communication"
    ENTRY = "entry"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Fact:
    """A name of the vocabulary: `communication.channel`, `entry.outcome`, `debt.kind`."""

    name: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant written in the condition, in the engine's own form (see `values`)."""

    value: int | str | Duration
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Parameter:
    """A constant of the law, named under `parameters`; its value may depend on the day."""

    name: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class CountOf:
    """The range that a `counts` block gives."""

    name: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Moment:
    """The entry or event that a `latest` or `earliest` block gives, as such: for present, absent."""

    name: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class MomentField:
    """A field of what a `latest` or `earliest` block gives: `last_conversation.day`. `fact` is its vocabulary name."""

    name: str
    fact: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class BlockTruth:
    """A name that is itself true, false or unknown: a `standing`, `waiting` or `deadline` block."""

    name: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Definition:
    """A shared condition, by name; its tree is in the definitions of the law."""

    name: str
    type: Type
    span: Span


Value = Fact | Literal | Parameter | CountOf | Moment | MomentField | BlockTruth | Definition


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`; the operator's row in `operators` says what it means."""

    operator: Operator
    left: Value
    right: Value
    span: Span


@dataclass(frozen=True, slots=True)
class OneOf:
    """`value in [a, b]`."""

    value: Value
    names: tuple[Literal | Parameter, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Contains:
    """`value contains item`: a word or phrase in a text (letter case and white space apart), a member in a list."""

    value: Value
    item: Value
    span: Span


class Presence(Enum):
    PRESENT = "present"
    ABSENT = "absent"
    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Is:
    """`value is present`, `is absent`, `is known`, `is unknown`."""

    value: Value
    presence: Presence
    span: Span


@dataclass(frozen=True, slots=True)
class Within:
    """`value is within duration after anchor` (or before): from the anchor itself to the end of the duration."""

    value: Value
    duration: Literal | Parameter
    after: bool
    anchor: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Holds:
    """A truth-valued name standing alone."""

    value: Fact | MomentField | BlockTruth | Definition
    span: Span


@dataclass(frozen=True, slots=True)
class Not:
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


Test = Compare | OneOf | Contains | Is | Within | Holds
Condition = Test | Not | AllOf | AnyOf
