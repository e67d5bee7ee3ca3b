"""What a rule file says once it is loaded: frozen, checked, conditions as typed trees. No validation is left to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from fdcpa_guard.lang.core import Condition
from fdcpa_guard.source import Span
from fdcpa_guard.values import Duration, Type

if TYPE_CHECKING:
    from fdcpa_guard.rulefile.limitations import LimitationTables

ACTIONS: Final = frozenset({
    "furnish", "sue", "deposit_payment", "accept_payment", "apply_payment", "collect_charge", "sell_debt", "repossess",
    "keep_records",
})  # fmt: skip
"""What rules may reach besides the channels of communications: what is regulated and no communication."""


class Effect(Enum):
    PROHIBITS = "prohibits"
    PRESUMES_VIOLATION = "presumes_violation"
    REQUIRES = "requires"
    ADVISES = "advises"


class Consequence(Enum):
    """What a verdict means for the decision."""

    BLOCK = "block"
    REVIEW = "review"
    NOTE = "note"
    """Shown with the decision, never changes it."""


class Confidence(Enum):
    VERIFIED = "verified"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Law:
    cite: str
    says: str


@dataclass(frozen=True, slots=True)
class InForce:
    """Days of the communication, as local ordinal days, both included; None is open."""

    start: int | None
    end: int | None

    def holds_on(self, day: int) -> bool:
        return (self.start is None or day >= self.start) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class DatedValue:
    value: int | str | Duration
    in_force: InForce
    span: Span


@dataclass(frozen=True, slots=True)
class ParameterOf:
    """A constant of the law. `values` has one for each span of days, in order, without gap or overlap."""

    name: str
    type: Type
    cite: str
    values: tuple[DatedValue, ...]
    stricter: str | None
    """`lower` or `higher`: the direction in which a user's policy may move it."""

    def on(self, day: int) -> int | str | Duration | None:
        for dated in self.values:
            if dated.in_force.holds_on(day):
                return dated.value
        return None


@dataclass(frozen=True, slots=True)
class Exception_:
    id: str
    cite: str
    when: Condition
    says: str
    span: Span


class Same(Enum):
    """In what an entry (or event) must agree with the communication judged. One meaning each: `engine/relations.py`."""

    CONSUMER = "consumer"
    PERSON = "person"
    DEBT = "debt"
    DEBT_DISCUSSED = "debt_discussed"
    ADDRESS = "address"
    CHANNEL = "channel"
    MEDIUM = "medium"
    PLACE = "place"
    HOURS = "hours"
    AGENT = "agent"


class WindowKind(Enum):
    ROLLING = "rolling"
    CALENDAR = "calendar"
    LIFETIME = "lifetime"


class CalendarUnit(Enum):
    DAY = "calendar day"
    WEEK = "calendar week"
    BUSINESS_WEEK = "business week"
    MONTH = "calendar month"
    YEAR = "calendar year"


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time that ends with the communication judged. `engine/windows.py` says what it means."""

    kind: WindowKind
    length: Duration | CalendarUnit | str | None
    """A duration (rolling), a calendar unit (calendar), the name of a duration parameter, or None (lifetime)."""
    clock: str
    """Whose days: `consumer_local` or `eastern`."""
    this_one: bool
    """Whether the communication judged is itself counted."""
    first_day_counts: bool
    """Rolling days: whether the day of the entry is day one of the span (Regulation F) or day zero."""
    week_starts: str
    span: Span


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries of the log, or which events, a block looks at."""

    entries: frozenset[str] | None
    """Channels; None where the block takes events."""
    events: frozenset[str] | None
    """Event types; None where the block takes entries."""
    same: tuple[Same, ...]
    only_when: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Count:
    name: str
    cite: str
    select: Selection
    window: Window
    exceptions: tuple[Exception_, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class MomentOf:
    """`latest` or `earliest`."""

    name: str
    cite: str
    latest: bool
    select: Selection
    window: Window
    exceptions: tuple[Exception_, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Standing:
    """True from a beginning to the next end, or until it lapses.

    `as_of_entry`: usable in the conditions of entries, and then judged at the entry's own instant.
    """

    name: str
    cite: str
    begins: tuple[Selection, ...]
    ends: tuple[Selection, ...]
    lapses_after: Duration | str | None
    as_of_entry: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Waiting:
    """True while the communication comes too early. `when_absent`: whether it is too early while `after` never was."""

    name: str
    cite: str
    after: Selection
    latest: bool
    at_least: Duration | str
    when_absent: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Deadline:
    """True where what must follow did not come in time."""

    name: str
    cite: str
    after: Selection
    must_follow: Selection
    within: Duration | str
    earliest: bool
    """Whether the time runs from the earliest that fits alone."""
    exceptions: tuple[Exception_, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Limitation:
    """True where the time for suing on the debt is over; `ends_the_debt`: and the debt itself with it.

    `tables` are the limitation periods of every jurisdiction that was loaded. `engine/limitations.py` says what they mean.
    """

    name: str
    cite: str
    ends_the_debt: bool
    tables: LimitationTables
    span: Span


Block = Count | MomentOf | Standing | Waiting | Deadline | Limitation


@dataclass(frozen=True, slots=True)
class RequiredText:
    """Words that a law prescribes or offers; any one wording will do."""

    name: str
    cite: str
    wordings: tuple[str, ...]
    language: str
    span: Span


@dataclass(frozen=True, slots=True)
class ContentItem:
    """One thing that must, or must not, be said: declared by name, or any one of `looks_for` in the text."""

    id: str
    cite: str
    says: str
    looks_for: tuple[str, ...]
    """Phrases, already taken from `texts` where the file names one."""
    declared: str | None
    """The name under which a communication declares it: in `discloses` what must, in `asserts` what must not be said."""
    only_when: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Undecided:
    """Where the words of the law leave the answer open: the verdict is unknown, and `because` says why."""

    id: str
    cite: str
    when: Condition
    because: str
    span: Span


@dataclass(frozen=True, slots=True)
class WhenUnknown:
    missing: Consequence
    """A fact is missing, or the law leaves it open."""
    locations_disagree: Consequence
    """The rule is violated in one possible location of the consumer and not in another."""
    because: str


@dataclass(frozen=True, slots=True)
class Reading:
    taken: str
    why: str


@dataclass(frozen=True, slots=True)
class DefinitionOf:
    """A condition with a name and a citation, shared by the rules of a law."""

    name: str
    cite: str
    says: str
    scope: str
    """`communication`, `entry` or `event`: what it may speak of."""
    when: Condition
    span: Span


@dataclass(frozen=True, slots=True)
class DefinitionsFile:
    """One definition file, and where each of its names is given."""

    name: str
    law: str
    jurisdiction: str
    spans: Mapping[str, Span]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule. Compared by identity: a rulebook holds each once."""

    id: str
    title: str
    jurisdiction: str
    law: tuple[Law, ...]
    in_force: InForce
    checked_on: int
    confidence: Confidence
    binds: frozenset[str]
    reaches: frozenset[str]
    effect: Effect
    when_violated: Consequence
    when_unknown: WhenUnknown
    parameters: dict[str, ParameterOf]
    """Its own, and those of the definitions it uses."""
    blocks: dict[str, Block]
    """Its own, and the shared ones it uses."""
    definitions: dict[str, DefinitionOf]
    """The shared conditions it uses, directly or through another."""
    texts: dict[str, RequiredText]
    must_contain: tuple[ContentItem, ...]
    must_not_contain: tuple[ContentItem, ...]
    applies_when: Condition | None
    violated_when: Condition | None
    undecided: tuple[Undecided, ...]
    unless: tuple[Exception_, ...]
    readings: tuple[Reading, ...]
    other_reading_of: str | None
    """This rule is the other reading of that one: judged only where the user switches other readings on."""
    replaces: str | None
    yields_to: tuple[str, ...]
    message: str | None
    span: Span
    path: str
    notes: str = field(default="")
    spans: dict[str, Span] = field(default_factory=dict)
    """Where the value of each top-level key stands: for mistakes that only several rules together show."""

    cites: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cites", tuple(law.cite for law in self.law))

    @property
    def cite(self) -> str:
        return self.law[0].cite

    @property
    def broken_by_deadline(self) -> bool:
        """Whether nothing but a missed deadline breaks it: it may be broken with no further communication."""
        return self.violated_when is None and any(isinstance(block, Deadline) for block in self.blocks.values())
