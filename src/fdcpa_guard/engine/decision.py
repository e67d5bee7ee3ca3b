"""What the engine answers: plain frozen data, in the words that a report prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from fdcpa_guard.facts.clock import Clock
from fdcpa_guard.values import Range, Truth, datetime_of

if TYPE_CHECKING:
    from fdcpa_guard.engine.findings import Finding


def shown(instant: int, clock: Clock | None) -> datetime:
    """An instant in local time where a clock is known, else in UTC."""
    return datetime_of(instant) if clock is None else clock.show(instant)


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
    day: int
    """The local day on which it was judged; the earliest that it may be, where the clock is unknown."""


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


@dataclass(frozen=True, slots=True)
class Due:
    """What has to be done, or had to be, after an entry or event of the log, before `due_at`.

    `overdue` is None where no clock tells whether the time is over; `sure` is false where a missing fact leaves open
    whether it is owed at all.
    """

    rule: str
    title: str
    cite: str
    what: str
    debt: str | None
    after: str
    since: datetime
    due_at: datetime | None
    overdue: bool | None
    sure: bool


class Answer(Protocol):
    """Where a decision gets what it is asked for."""

    @property
    def rules_version(self) -> str: ...

    def findings(self) -> tuple[Finding, ...]: ...

    def permitted_at(self) -> datetime | None: ...

    def as_of(self) -> datetime: ...

    def due(self) -> tuple[Due, ...]: ...


class Decision:
    """May this communication be made? `decision` says so at once; the rest is worked out when first asked for."""

    __slots__ = ("_answer", "_findings", "_permitted_at", "decision")

    decision: Outcome
    """allow, review or block: the worst that any finding makes of it."""

    def __init__(self, decision: Outcome, answer: Answer, findings: tuple[Finding, ...] | None = None) -> None:
        self.decision = decision
        self._answer = answer
        self._findings = findings
        self._permitted_at: tuple[datetime | None] | None = None

    def __repr__(self) -> str:
        return f"Decision({self.decision.value}: {', '.join(finding.rule for finding in self.findings) or 'no finding'})"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The rules that are violated or undecided, in the order of their ids."""
        if self._findings is None:
            self._findings = self._answer.findings()
        return self._findings

    @property
    def permitted_at(self) -> datetime | None:
        """The beginning of the next span of time in which it would be allowed; its own instant, where it is now.

        None where waiting alone never helps. Where the law leaves the very instant of a boundary open (exactly
        8:00 a.m.), the span that begins just after it is meant.
        """
        if self._permitted_at is None:
            self._permitted_at = (self._answer.permitted_at(),)
        return self._permitted_at[0]

    @property
    def due(self) -> tuple[Due, ...]:
        """What must still be done about these debts by a day, and what should have been; soonest first."""
        return self._answer.due()

    @property
    def unknown(self) -> tuple[str, ...]:
        """The facts that would settle what is undecided, each once, in alphabetical order."""
        return tuple(sorted({name for finding in self.findings for name in finding.unknown}))

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The waivers under which it was made."""
        return tuple(finding.waiver for finding in self.findings if finding.waiver is not None)

    @property
    def rules_version(self) -> str:
        """A hash of every rule that was in force."""
        return self._answer.rules_version

    @property
    def as_of(self) -> datetime:
        """The instant whose knowledge counts, in the consumer's local time where a clock is known, else in UTC."""
        return self._answer.as_of()
