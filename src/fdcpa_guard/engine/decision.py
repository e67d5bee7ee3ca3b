"""What the engine answers: plain frozen data, in the words that a report prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from fdcpa_guard.values import Range, Truth


Seek: TypeAlias = Callable[[], datetime | None]


class Verdict(Enum):
    """Of one rule on one communication."""

    VIOLATED = "violated"
    COMPLIES = "complies"
    EXEMPT = "exempt"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class Outcome(Enum):
    """Of all rules together."""

    ALLOW = "allow"
    REVIEW = "review"
    BLOCK = "block"


class Status(Enum):
    VIOLATED = "violated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a condition as it was judged: its text, its answer, the values it read, and its own parts."""

    text: str
    answer: Truth
    values: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """An entry or event that a block looked at. `counted` is unknown where it only might count."""

    id: str
    at: int
    counted: Truth
    why: str


@dataclass(frozen=True, slots=True)
class BlockTrace:
    name: str
    gives: str
    looked_at: tuple[Looked, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule on one communication, in one possible location and for one debt: the whole account of it.

    `changes_at` are instants at which, by waiting alone, one of its ingredients changes.
    """

    rule: str
    verdict: Verdict
    exempt_by: str | None
    lacked: tuple[str, ...]
    because: tuple[str, ...]
    counts: Mapping[str, Range]
    blocks: tuple[BlockTrace, ...]
    facts: Mapping[str, str]
    items: tuple[str, ...]
    changes_at: tuple[int, ...]
    steps: tuple[Step, ...]
    debt: str | None
    location: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A named person's decision to go on in spite of a rule, with a reason and an end."""

    rule: str
    name: str
    reason: str
    until: date


@dataclass(frozen=True, slots=True)
class Counted:
    """An earlier communication or event on which a finding rests."""

    id: str
    at: datetime
    block: str
    sure: bool


@dataclass(frozen=True)
class Finding:
    """A rule that is violated, or that cannot be decided for want of facts."""

    rule: str
    title: str
    cite: str
    cites: tuple[str, ...]
    jurisdiction: str
    status: Status
    effect: str
    """prohibited, presumed_violation, missing_requirement, advice."""
    consequence: Outcome
    """What it alone would make of the decision; `allow` for advice, and under a waiver."""
    message: str
    facts: Mapping[str, str]
    counted: tuple[Counted, ...]
    unknown: tuple[str, ...]
    """The facts for want of which it is undecided; empty where it is violated."""
    debts: tuple[str, ...]
    confidence: str
    waiver: Waiver | None
    seek: Seek = field(repr=False, compare=False)

    @cached_property
    def clears_at(self) -> datetime | None:
        """When waiting alone would cure it; None where it never would. Worked out when first asked for."""
        return self.seek()


@dataclass(frozen=True, slots=True)
class Due:
    """Something that must happen before an instant, or should have."""

    rule: str
    cite: str
    what: str
    before: datetime
    missed: bool


@dataclass(frozen=True)
class Decision:
    """May this communication be made?"""

    decision: Outcome
    findings: tuple[Finding, ...]
    unknown: tuple[str, ...]
    rules_version: str
    as_of: datetime
    due: tuple[Due, ...]
    waivers: tuple[Waiver, ...]
    seek: Seek = field(repr=False, compare=False)

    @cached_property
    def permitted_at(self) -> datetime | None:
        """The beginning of the next span of time in which it would be allowed; its own instant, where it is now.

        None where waiting alone never helps. Where the law leaves the very instant of a boundary open (exactly
        8:00 a.m.), the span that begins just after it is meant. Worked out when first asked for.
        """
        return self.seek()
