"""What a simulated validation notice contains: every item of the model form, with the values of the accounts.

Nothing was added or paid since the itemization date, which is the day of default, and the period ends later than it has
to.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import orjson

from fdcpa_guard.simulate.records import Contact, Debtor, Owed

DISCLOSES: Final = (
    "attempting_to_collect", "information_used", "collector_name", "collector_mailing_address", "consumer_name",
    "consumer_mailing_address", "itemization_creditor", "account_number", "current_creditor", "itemization_date",
    "amount_on_itemization_date", "interest_since", "fees_since", "payments_since", "credits_since", "current_amount",
    "validation_period_end", "dispute_right", "original_creditor_right", "assumed_valid", "cfpb_website",
    "response_headings", "dispute_prompts", "original_creditor_prompt", "response_addresses", "response_part_at_bottom",
    "model_form_b1",
)  # fmt: skip
ELECTRONIC: Final = ("electronic_dispute_how", "electronic_original_creditor_how", "opt_out_notice", "from_debt_collector")
"""What a notice by email has besides."""
ITEMIZATION_COLUMNS: Final = (
    "itemization_date", "itemization_kind", "itemization_amount", "itemization_interest", "itemization_fees",
    "itemization_payments", "itemization_credits",
)  # fmt: skip
_DAYS_TO_THE_END: Final = 45
"""Thirty after receipt, and five for the mail, however many holidays and weekends fall among them."""
_NOTHING: Final = "0.00"


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def itemization(debt: Owed) -> tuple[str, ...]:
    """The cells of the accounts file, in the order of its columns."""
    since = date.fromordinal(debt.defaulted).isoformat()
    return since, "last_statement", money(debt.cents), _NOTHING, _NOTHING, _NOTHING, _NOTHING


def contents(debtor: Debtor, notice: Contact) -> dict[str, str]:
    """The columns of a log that say what the notice discloses, the end of its period, and the values that it states."""
    debts = [debt for debt in debtor.debts if debt.id in notice.debts]
    owed = money(sum(debt.cents for debt in debts))
    stated = {
        "amount_on_itemization_date": owed,
        "interest": _NOTHING,
        "fees": _NOTHING,
        "payments_and_credits": _NOTHING,
        "current_amount": owed,
    }
    if len(debts) == 1:
        (debt,) = debts
        since, kind, *_ = itemization(debt)
        stated |= {"creditor": debt.creditor, "current_creditor": debt.creditor, "account_suffix": debt.suffix}
        stated |= {"itemization_date": since, "itemization_kind": kind}
    said = {
        "discloses": "|".join(DISCLOSES),
        "asserts": "states_debt",
        "period_ends": date.fromordinal(notice.day + _DAYS_TO_THE_END).isoformat(),
        "stated": orjson.dumps(stated).decode(),
    }
    if notice.channel == "email":
        said["discloses"] += "|" + "|".join(ELECTRONIC)
        said["subject"] = subject(debtor)
    return said


def subject(debtor: Debtor) -> str:
    """The subject line of an email: the creditor, and the end of the account number, of each debt."""
    return "; ".join(f"{debt.creditor} account {debt.suffix}" for debt in debtor.debts)
