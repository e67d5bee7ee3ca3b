"""Furnishing to consumer reporting agencies: once the consumer has the notice, as disputed where it is, and of its true age."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from fdcpa_guard.simulate.life import DESK, Life
from fdcpa_guard.simulate.records import Owed

_FURNISHED: Final = 0.4
_KINDS: Final = frozenset({"credit_card", "auto", "student", "telecom", "utility", "rent", "other"})
_WAIT: Final = 16
"""Days after the notice, longer than the fourteen in which word that it came back is waited for."""
_TOO_OLD: Final = 7 * 365 + 150
"""Days after the delinquency, before seven years and 180 days are over."""


def plan_furnishing(life: Life) -> None:
    if life.draw() < _FURNISHED:
        day = life.notified_on + _WAIT + int(life.draw() * 30)
        for debt in life.debtor.debts:
            if debt.kind in _KINDS and day - debt.defaulted < _TOO_OLD:
                life.later(day, partial(_furnish, life, debt))


def _furnish(life: Life, debt: Owed, day: int) -> None:
    """For the first time; the month of the delinquency is told at once, or within ninety days."""
    if not life.reports or not life.owed or day < life.notified_on + _WAIT:
        return
    if life.paused:
        # Whether to furnish is to collect is contested, so that it waits for the answer too.
        life.later(day + 3, partial(_furnish, life, debt))
        return
    at_once = life.draw() < 0.7
    life.furnished[debt.id] = day
    life.act(
        day, "furnish", (debt.id,), agency_kind="nationwide", negative="true",
        marked_disputed="true" if debt.id in life.disputed else "false",
        delinquency_date=date.fromordinal(debt.defaulted).isoformat() if at_once else "",
        because_of_military_relief="false",
    )  # fmt: skip
    life.learn(day, DESK, "furnished", debt_ids=debt.id, negative="true", agency_kind="nationwide")
    if at_once:
        life.learn(day, DESK, "delinquency_date_furnished", debt_ids=debt.id)
    else:
        life.later(
            day + 10 + int(life.draw() * 50),
            lambda on: life.learn(on, DESK, "delinquency_date_furnished", debt_ids=debt.id),
        )
