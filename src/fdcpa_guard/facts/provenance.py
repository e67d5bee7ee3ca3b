"""How the collector came by a number or email address on file, and what earlier collectors had done with it.

Only what the file states: whether a basis stands when an address is used, and what it frees, is the law's to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from fdcpa_guard.facts import models
from fdcpa_guard.facts.addresses import one_address

_FROM_THE_CONSUMER_OR_CREDITOR: Final = ("consumer_used", "consumer_consented", "creditor_notice")
"""The bases of 12 CFR 1006.6(d)(4)(i) and (ii)."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Of one number or address; None: the file does not say."""

    basis: str | None = None
    since: date | datetime | None = None
    through_prior_collectors: bool | None = None
    checked: date | datetime | None = None
    """When the number was last looked up in the reassigned numbers database."""
    given_for: tuple[str, ...] | None = None
    """The debts in whose transactions the consumer gave the number to the creditor."""
    creditor_use: str | None = None
    creditor_told_to_stop: bool | None = None
    domain_public: bool | None = None
    notice_discloses: tuple[str, ...] | None = None
    """What the creditor's notice of 12 CFR 1006.6(d)(4)(ii)(C) disclosed; `since` is the day on which it was sent."""
    opt_out_ends: date | datetime | None = None
    opt_out_to: str | None = None


UNSAID: Final = Provenance()


_OF_OTHER_THINGS: Final = frozenset({"number", "address", "line", "place"})


def says_of_any(consumer: models.Consumer) -> bool:
    """Whether a file says anything of how a number or email address was come by: of all others, `provenances` says nothing."""
    return any(not each.model_fields_set <= _OF_OTHER_THINGS for each in (*consumer.phones, *consumer.emails))


def provenances(consumer: models.Consumer) -> dict[str, Provenance]:
    """By number or address, in the form of `one_address`; the last stated of one given twice."""
    found = {
        one_address(phone.number): Provenance(
            phone.basis,
            phone.basis_at,
            _through((), phone.basis),
            checked=phone.checked_at,
            given_for=phone.given_for,
        )
        for phone in consumer.phones
    }
    for email in consumer.emails:
        address = one_address(email.address)
        found[address] = replace(
            found.get(address, UNSAID),
            basis=email.basis,
            since=email.basis_at,
            through_prior_collectors=_through(email.prior_collectors, email.basis),
            creditor_use=email.creditor_use,
            creditor_told_to_stop=email.creditor_told_to_stop,
            domain_public=email.domain_public,
            notice_discloses=email.notice_discloses,
            opt_out_ends=email.opt_out_ends,
            opt_out_to=email.opt_out_to,
        )
    return found


def _through(collectors: tuple[models.PriorCollector, ...], basis: str | None) -> bool | None:
    """Whether any earlier collector obtained it from the consumer, or by the creditor's notice, and the last used it
    without an opt-out.

    `collectors` are oldest first. Where none is named, it did not come from one unless its basis says so, and nothing
    is known where no basis is stated.

    Source: 12 CFR 1006.6(d)(4)(iii)
    """
    if not collectors:
        return None if basis in (None, "prior_collector_used") else False
    obtained: bool | None = False
    for each in collectors:
        if each.basis in _FROM_THE_CONSUMER_OR_CREDITOR:
            obtained = True
            break
        if each.basis is None:
            obtained = None
    last = collectors[-1]
    parts = (obtained, last.used, None if last.opted_out is None else not last.opted_out)
    if False in parts:
        return False
    return None if None in parts else True
