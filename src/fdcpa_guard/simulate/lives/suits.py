"""Suits, the return of accounts to their owner, and records that are no longer kept."""

from __future__ import annotations

from datetime import date
from typing import Final

from fdcpa_guard.simulate.life import DESK, Life

_SUED: Final = 0.02
_PURGED: Final = 0.03
_KEPT_FOR: Final = 3 * 366 + 30
_COURT_COSTS: Final = "85.00"
_VALIDATION_IS_OVER: Final = 50
"""Days after the notice, when the period that it names is over."""


def plan_suit(life: Life) -> None:
    if life.draw() < _SUED:
        day = life.notified_on + _VALIDATION_IS_OVER + int(life.draw() * 30)
        life.later(day, lambda on: _sue(life, on))
    if life.draw() < _PURGED:
        life.later(life.first_day + 40, lambda on: _purge(life, on))


def _sue(life: Life, day: int) -> None:
    """On the first debt, in the court of the place where the consumer lives, while there is time; nobody calls after it."""
    debt = life.debtor.debts[0]
    free = life.owed and life.reports and not life.paused and not life.stopped
    if not free or debt.id in life.disputed or debt.last_day_to_sue <= day or life.debtor.serves:
        return
    court = f"{life.debtor.home.city}, {life.debtor.home.state}"
    life.act(day, "sue", (debt.id,), venue=court, venue_of_residence=court)
    life.learn(day, DESK, "lawsuit_filed", debt_ids=debt.id)
    life.stopped = True

    def ask_for_judgment(on: int) -> None:
        if life.reports:
            life.act(
                on, "sue", (debt.id,), venue=court, venue_of_residence=court, seeks_default_judgment="true",
                military_affidavit="true",
            )  # fmt: skip
            life.act(on, "collect_charge", (debt.id,), amount=_COURT_COSTS, content="court costs", permitted_by_law="true")

    life.later(day + 35, ask_for_judgment)


def give_back(life: Life, day: int) -> None:
    """The accounts go back to their owner, and are closed here."""

    def back(on: int) -> None:
        if life.owed and life.reports:
            for debt in life.debts:
                life.act(on, "sell_debt", (debt,), transferee="owner")
            life.reports = False

    life.later(day, back)


def _purge(life: Life, day: int) -> None:
    """A recording of an earlier account is destroyed when it is older than three years."""
    life.act(
        day, "keep_records", (), record="telephone_recording", record_of=date.fromordinal(day - _KEPT_FOR).isoformat(),
        disposition="destroyed",
    )  # fmt: skip
