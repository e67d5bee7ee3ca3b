"""The values that a notice states, and those that the file has of the same debts: amounts in cents, days as ordinals.

A notice about several debts states the sums of all of them, and so the file's amounts are summed as well. What one of
the debts does not say, the sum does not say either.

Source: 12 CFR 1006.34(c)(2) and comments 34(c)(2)(viii)-4 and 34(c)(2)(ix)-2
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from json import loads
from typing import Any, Final, NamedTuple, TypeVar

from fdcpa_guard.facts import models
from fdcpa_guard.facts.debts import DebtOf, cents_of

_T = TypeVar("_T")
_ENOUGH_TO_KNOW_IT_BY: Final = 4
"""The last digits of an account number that comment 34(c)(2)(iv)-1 takes for recognisable."""


@dataclass(frozen=True, slots=True)
class StatedOf:
    """What a notice states, or what the file would have it state; None where nothing is said."""

    creditor: str | None = None
    current_creditor: str | None = None
    account_suffix: str | None = None
    itemization_date: int | None = None
    itemization_kind: str | None = None
    amount_on_itemization_date: int | None = None
    interest: int | None = None
    fees: int | None = None
    payments: int | None = None
    credits: int | None = None
    payments_and_credits: int | None = None
    current_amount: int | None = None

    @property
    def itemization_adds_up(self) -> bool | None:
        """Whether the amount, with what was added and less what was paid since, is the amount now; in whole cents."""
        owed, less = (self.amount_on_itemization_date, self.interest, self.fees), self.payments_and_credits
        before = _sum(owed)
        return (
            None
            if before is None or less is None or self.current_amount is None
            else before - less == self.current_amount
        )


UNSTATED = StatedOf()
_AMOUNTS: Final = frozenset({
    "amount_on_itemization_date", "interest", "fees", "payments", "credits", "payments_and_credits", "current_amount",
})  # fmt: skip
_NO_ITEMIZATION: Final = models.Itemization()


def stated_of(said: models.Stated | None) -> StatedOf:
    """What a communication states, in the engine's form."""
    if said is None:
        return UNSTATED
    paid, credited, both = cents_of(said.payments), cents_of(said.credits), cents_of(said.payments_and_credits)
    return StatedOf(
        creditor=said.creditor,
        current_creditor=said.current_creditor,
        account_suffix=said.account_suffix,
        itemization_date=_day(said.itemization_date),
        itemization_kind=said.itemization_kind,
        amount_on_itemization_date=cents_of(said.amount_on_itemization_date),
        interest=cents_of(said.interest),
        fees=cents_of(said.fees),
        payments=paid,
        credits=credited,
        # The model form has one row for both.
        payments_and_credits=_sum((paid, credited)) if both is None else both,
        current_amount=cents_of(said.current_amount),
    )


def stated_as_written(text: str) -> StatedOf:
    """The same of what a `Stated` wrote of itself as JSON: it is known to be in order, and is not checked again."""
    said = loads(text)
    for name in said.keys() & _AMOUNTS:
        said[name] = cents_of(Decimal(said[name]))
    if "itemization_date" in said:
        said["itemization_date"] = date.fromisoformat(said["itemization_date"]).toordinal()
    if said.get("payments_and_credits") is None:
        said["payments_and_credits"] = _sum((said.get("payments"), said.get("credits")))
    return StatedOf(**said)


class _Itemized(NamedTuple):
    """What the file has of one debt."""

    day: int | None
    kind: str | None
    now: int | None
    amount: int | None
    interest: int | None
    fees: int | None
    payments: int | None
    credits: int | None


def on_file(debts: Sequence[DebtOf]) -> StatedOf:
    """What the file has of these debts together; a date and its kind only where all of them have the same."""
    return _together(list(map(_itemized, debts)))


def on_file_as_written(debts: Sequence[Mapping[str, Any]]) -> StatedOf:
    """The same of debts as their model writes them in JSON, with what is None left out."""
    return _together(list(map(_itemized_as_written, debts)))


def _itemized(debt: DebtOf) -> _Itemized:
    said = debt.itemization or _NO_ITEMIZATION
    amounts = (cents_of(each) for each in (said.amount, said.interest, said.fees, said.payments, said.credits))
    return _Itemized(_day(said.date), said.kind, debt.amount, *amounts)


def _itemized_as_written(debt: Mapping[str, Any]) -> _Itemized:
    said = debt.get("itemization", {})
    day = said.get("date")
    amounts = (_cents(said.get(name)) for name in ("amount", "interest", "fees", "payments", "credits"))
    return _Itemized(
        None if day is None else date.fromisoformat(day).toordinal(), said.get("kind"), _cents(debt.get("amount")), *amounts
    )


def _cents(written: str | None) -> int | None:
    return None if written is None else cents_of(Decimal(written))


def _together(debts: Sequence[_Itemized]) -> StatedOf:
    return StatedOf(
        itemization_date=_same(each.day for each in debts),
        itemization_kind=_same(each.kind for each in debts),
        amount_on_itemization_date=_sum(each.amount for each in debts),
        interest=_sum(each.interest for each in debts),
        fees=_sum(each.fees for each in debts),
        payments_and_credits=_sum(paid for each in debts for paid in (each.payments, each.credits)),
        current_amount=_sum(each.now for each in debts),
    )


def is_same_name(stated: str | None, filed: str | None) -> bool | None:
    """Whether two names are one, letter case, spaces and punctuation apart.

    None where either is not said, or has not one letter or digit.
    """
    one, other = _letters(stated or ""), _letters(filed or "")
    return one == other if one and other else None


def is_same_account(stated: str | None, filed: str | None) -> bool | None:
    """Whether a stated number is the one on file or the end of it, or the other way round.

    Masks, spaces and hyphens do not matter: of `xxxx-1234` the digits count. None where either is not said or nothing but
    a mask is on file, and where one is the end of the other and has no more than three characters to know the account by:
    comment 34(c)(2)(iv)-1 speaks of four.
    """
    if stated is None or filed is None or not _account(filed):
        return None
    shorter, longer = sorted((_account(stated), _account(filed)), key=len)
    if not shorter or not longer.endswith(shorter):
        return False
    return True if shorter == longer or len(shorter) >= _ENOUGH_TO_KNOW_IT_BY else None


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _account(number: str) -> str:
    return "".join(letter for letter in number.casefold() if letter.isalnum()).lstrip("x")


def _day(said: date | None) -> int | None:
    return None if said is None else said.toordinal()


def _sum(amounts: Iterable[int | None]) -> int | None:
    total = 0
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _same(values: Iterable[_T | None]) -> _T | None:
    found = set(values)
    return found.pop() if len(found) == 1 else None
