"""Which limitation periods may be a debt's: by its kind, the form of its contract, and what else a period asks.

Where a trait is not stated, every one that the debt may have is gone through, and all periods found are possible. A
seal lengthens the time and is never supposed. Of debts secured on land only periods that name mortgages are possible:
suits for the land itself follow other rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from fdcpa_guard.engine.kleene import all_of
from fdcpa_guard.engine.windows import last_day_of_span
from fdcpa_guard.rulefile.limitations import LimitationTable, LimitationTables, Period
from fdcpa_guard.values import Duration

FEDERAL: Final = "US"
MORTGAGE: Final = "mortgage"
_FORMS: Final[dict[str, tuple[str, ...]]] = {
    "credit_card": ("written", "oral", "open_account"),
    "medical": ("written", "oral", "open_account"),
    "student": ("written", "promissory_note"),
    "auto": ("written", "promissory_note", "sale_of_goods"),
    "mortgage": ("written", "promissory_note"),
    "rent": ("written", "oral"),
    "utility": ("written", "oral", "open_account", "sale_of_goods"),
    "telecom": ("written", "oral", "open_account"),
}
"""The forms that debts of a kind take where none is stated. A seal is never supposed."""
_EVERY_FORM: Final = ("written", "oral", "open_account", "promissory_note", "sale_of_goods")
_EVERY_KIND: Final = (*_FORMS, "commercial", "other")
_SOME_DAY: Final = 738_000
"""From which lengths are compared: any would do."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What decides which periods a debt may have."""

    kind: str | None
    form: str | None
    judgment: bool | None
    signed: bool | None
    consumer_credit: bool | None
    collector: str | None


def _of_judgments(table: LimitationTable) -> tuple[Period | None, ...]:
    return tuple(period for period in table.periods if period.judgment) or (None,)


@lru_cache(maxsize=16_384)
def fitting(table: LimitationTable, traits: Traits) -> tuple[Period | None, ...]:
    """The periods that may be the debt's; None among them, where it may have one that the table does not tell."""
    found: dict[Period | None, None] = {}
    if traits.judgment is not False:
        found.update(dict.fromkeys(_of_judgments(table)))
    if traits.judgment is not True:
        for kind in _EVERY_KIND if traits.kind is None else (traits.kind,):
            for form in _FORMS.get(kind, _EVERY_FORM) if traits.form is None else (traits.form,):
                found.update(dict.fromkeys(_first_that_fit(table, kind, form, traits)))
    return tuple(found)


def _first_that_fit(table: LimitationTable, kind: str, form: str, traits: Traits) -> tuple[Period | None, ...]:
    """The first period that surely fits a debt that is no judgment, after those that may; None at the end for none."""
    found: list[Period | None] = []
    for period in table.periods:
        if period.judgment or (period.kinds is not None and kind not in period.kinds):
            continue
        if (kind == MORTGAGE and period.kinds is None) or (period.forms is not None and form not in period.forms):
            continue
        collector = None if traits.collector is None else traits.collector in (period.collectors or ())
        fits = all_of(
            (
                agrees(period.signed, traits.signed),
                agrees(period.consumer_credit, traits.consumer_credit),
                True if period.collectors is None else collector,
            )
        )
        if fits is not False:
            found.append(period)
            if fits:
                return tuple(found)
    return (*found, None)


@lru_cache(maxsize=1024)
def shortest(tables: LimitationTables, traits: Traits) -> tuple[tuple[Period, Duration], ...] | None:
    """For each way in which periods begin, the shortest of all that the debt may have anywhere.

    None where it may have one that some table does not tell.
    """
    found: dict[object, tuple[int, Period, Duration]] = {}
    for table in tables.by_jurisdiction.values():
        for period in fitting(table, traits):
            if period is None:
                if table.jurisdiction == FEDERAL:
                    continue
                return None
            begins = period.runs_from, period.latest, period.begins_after
            for length in (each for dated in period.lengths for each in dated.any_of if each is not None):
                days = last_day_of_span(_SOME_DAY, length)
                if begins not in found or days < found[begins][0]:
                    found[begins] = days, period, length
    return tuple((period, length) for _, period, length in found.values())


def agrees(asked: bool | None, stated: bool | None) -> bool | None:
    return True if asked is None else None if stated is None else asked is stated


def what_narrows(traits: Traits, found: Iterable[Period | None]) -> Iterable[str]:
    """The facts that are not stated and by which fewer of these periods might be left."""
    periods = [period for period in found if period is not None]
    if traits.kind is None:
        yield "debt.kind"
    if traits.form is None and any(period.forms is not None for period in periods):
        yield "debt.contract_form"
    if traits.signed is None and any(period.signed is not None for period in periods):
        yield "debt.contract_signed"
    if traits.consumer_credit is None and any(period.consumer_credit is not None for period in periods):
        yield "debt.consumer_credit_transaction"
    if traits.collector is None and any(period.collectors is not None for period in periods):
        yield "collector.kind"
