"""What a `limitations.yaml` says once it is loaded: within which time suits on debts may be brought in one jurisdiction.

What these say of a debt is worked out in one place, `engine/limitations.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fdcpa_guard.rulefile.model import Confidence, InForce
from fdcpa_guard.source import Span
from fdcpa_guard.values import Duration

_COUNTRY: Final = frozenset(
    ["AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC"]
)


@dataclass(frozen=True, slots=True)
class DatedLength:
    """A length during some days. Several, where the law leaves open which; None stands for a period without end."""

    any_of: tuple[Duration | None, ...]
    in_force: InForce
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Period:
    """How long suits on the debts that it fits may be brought. What is None does not narrow it."""

    id: str
    cite: str
    says: str
    confidence: Confidence
    judgment: bool
    kinds: frozenset[str] | None
    forms: frozenset[str] | None
    signed: bool | None
    consumer_credit: bool | None
    collectors: frozenset[str] | None
    lengths: tuple[DatedLength, ...]
    dated_by: str | None
    """`suit`, `accrual`, or a day of the debt; None where there is one length."""
    runs_from: tuple[str, ...]
    """Days of the debt: any of them is the first of the period, or, with `latest`, the latest of them."""
    latest: bool
    begins_after: Duration | None
    renewable: bool
    notes: str
    span: Span


@dataclass(frozen=True, slots=True)
class Restart:
    """What an act does to a period: `restarts`, `does_not`, or `open` where the law is."""

    id: str
    cite: str
    says: str
    confidence: Confidence
    by: frozenset[str]
    periods: frozenset[str] | None
    bought: bool | None
    before_expiry: str
    after_expiry: str
    in_force: InForce
    """Days of the act."""
    span: Span


@dataclass(frozen=True, slots=True)
class Tolling:
    cite: str
    by: str


@dataclass(frozen=True, slots=True)
class Extinguishes:
    cite: str
    says: str


@dataclass(frozen=True, slots=True, eq=False)
class LimitationTable:
    """One jurisdiction's periods, in the order in which a debt takes the first that fits it."""

    jurisdiction: str
    checked_on: int
    confidence: Confidence
    notes: str
    periods: tuple[Period, ...]
    restarts: tuple[Restart, ...]
    tolled_by: tuple[Tolling, ...]
    extinguishes: Extinguishes | None
    path: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class LimitationTables:
    """The tables of every jurisdiction that has one. One object is shared by all blocks of a rulebook."""

    by_jurisdiction: Mapping[str, LimitationTable] = field(default_factory=dict)
    whole_country: bool = field(init=False)
    """Whether each state and the District of Columbia has one."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "whole_country", self.by_jurisdiction.keys() >= _COUNTRY)

    def of(self, jurisdiction: str | None) -> LimitationTable | None:
        return None if jurisdiction is None else self.by_jurisdiction.get(jurisdiction)


NO_TABLES: Final = LimitationTables()
