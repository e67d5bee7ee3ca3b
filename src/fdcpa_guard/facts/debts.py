"""The debts of a file as the engine reads them: days as ordinals, money in cents, absent as None.

Nothing is guessed here but what the model page states: a debt that says no group stands for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, get_args

from fdcpa_guard.facts import models


def _plain_type(annotation: object) -> object:
    """A type without what narrows it down."""
    return get_args(annotation)[0] if get_args(annotation) else annotation


_DELINQUENT_BEFORE_REPORTING_PERIOD: Final = 180
"""Days, of which the day on which the delinquency began is the first (15 USC 1681c(c)(1))."""


_DAYS: Final = frozenset(
    name for name, field in models.Debt.model_fields.items() if date in get_args(field.annotation)
)
AMOUNTS: Final = frozenset(
    name for name, field in models.Debt.model_fields.items() if Decimal in map(_plain_type, get_args(field.annotation))
)


class DebtOf:
    """One debt. `key` is what counts compare: the group, where debts are counted as one."""

    __slots__ = (
        "account_suffix",
        "amount",
        "annual_rate_basis_points",
        "assigned_at",
        "charged_off_at",
        "collection_began_at",
        "consumer_credit_transaction",
        "contract_at",
        "contract_form",
        "contract_signed",
        "creditor",
        "creditor_type",
        "defaulted_at",
        "delinquent_since",
        "direct_motor_vehicle_loan",
        "final_invoice_due_at",
        "first_payment_at",
        "governing_law",
        "has_account_number",
        "id",
        "incurred_at",
        "itemization",
        "judgment_at",
        "key",
        "kind",
        "last_charge_at",
        "last_payment_at",
        "last_statement_by",
        "licence_type",
        "limitations_ends",
        "military_annual_rate_basis_points",
        "military_lending",
        "original_creditor",
        "payment_plan_offered",
        "periodic_statement_required",
        "placed_at",
        "reporting_period_begins",
        "secured_by_real_estate",
        "service_date",
        "status",
        "sued_at",
        "total_with_lender",
        "veteran_medical",
    )  # fmt: skip

    def __init__(self, said: models.Debt) -> None:
        self.id = said.id
        self.key = key_of(said)
        self.kind = said.kind
        self.status = said.status
        self.amount = cents_of(said.amount)
        self.total_with_lender = cents_of(said.total_with_lender)
        self.licence_type = said.licence_type
        self.creditor_type = said.creditor_type
        self.last_statement_by = said.last_statement_by
        self.contract_at = _day(said.contract_at)
        self.contract_form = said.contract_form
        self.contract_signed = said.contract_signed
        self.governing_law = said.governing_law
        self.incurred_at = _day(said.incurred_at)
        self.defaulted_at = _day(said.defaulted_at)
        self.last_payment_at = _day(said.last_payment_at)
        self.last_charge_at = _day(said.last_charge_at)
        self.final_invoice_due_at = _day(said.final_invoice_due_at)
        self.charged_off_at = _day(said.charged_off_at)
        self.delinquent_since = _day(said.delinquent_since)
        self.placed_at = _day(said.placed_at)
        self.assigned_at = _day(said.assigned_at)
        self.limitations_ends = _day(said.limitations_ends)
        self.judgment_at = _day(said.judgment_at)
        self.sued_at = _day(said.sued_at)
        self.secured_by_real_estate = said.secured_by_real_estate
        self.periodic_statement_required = said.periodic_statement_required
        self.account_suffix = said.account_suffix
        self.has_account_number = said.has_account_number if said.account_suffix is None else True
        self.creditor = said.creditor
        self.original_creditor = said.original_creditor
        self.itemization = said.itemization
        self.consumer_credit_transaction = said.consumer_credit_transaction
        self.direct_motor_vehicle_loan = said.direct_motor_vehicle_loan
        self.collection_began_at = _day(said.collection_began_at)
        self.payment_plan_offered = said.payment_plan_offered
        self.first_payment_at = _day(said.first_payment_at)
        self.service_date = _day(said.service_date)
        self.veteran_medical = said.veteran_medical
        self.annual_rate_basis_points = said.annual_rate_basis_points
        self.military_lending = said.military_lending
        self.military_annual_rate_basis_points = said.military_annual_rate_basis_points
        delinquent = self.delinquent_since
        self.reporting_period_begins = None if delinquent is None else delinquent + _DELINQUENT_BEFORE_REPORTING_PERIOD


def key_of(said: models.Debt) -> str:
    """What counts compare: debts of one group are counted as one."""
    return _key(said.id, said.group)


def key_as_written(written: Mapping[str, Any]) -> str:
    """The same of a debt as its model writes it in JSON, with what is None left out."""
    return _key(written["id"], written.get("group"))


def read_as_written(written: Mapping[str, Any], name: str) -> Any:
    """What `DebtOf` has under a name, of such a debt; `itemization` is not read so."""
    match name:
        case "key":
            return key_as_written(written)
        case "has_account_number" if "account_suffix" in written:
            return True
        case "reporting_period_begins":
            delinquent: int | None = read_as_written(written, "delinquent_since")
            return None if delinquent is None else delinquent + _DELINQUENT_BEFORE_REPORTING_PERIOD
    said = written.get(name)
    if said is None:
        return None
    if name in _DAYS:
        return _written_day(said)
    return cents_of(Decimal(said)) if name in AMOUNTS else said


@lru_cache(maxsize=16384)
def _written_day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _key(debt_id: str, group: str | None) -> str:
    return debt_id if group is None else f"group {group}"


def cents_of(amount: Decimal | None) -> int | None:
    """An amount of dollars as whole cents; None where nobody said one."""
    return None if amount is None else int(amount * 100)


def _day(value: date | datetime | None) -> int | None:
    return None if value is None else value.toordinal()
