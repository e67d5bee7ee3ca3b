"""How the collector came by a number or email address on file, and what earlier collectors had done with it.

Only what the file states: whether a basis stands when an address is used, and what it frees, is the law's to say.
"""

from __future__ import annotations

from dataclasses import dataclass
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


UNSAID: Final = Provenance()


def provenances(consumer: models.Consumer) -> dict[str, Provenance]:
    """By number or address, in the form of `one_address`; the last stated of one given twice."""
    found = {
        one_address(phone.number): Provenance(phone.basis, phone.basis_at, _through((), phone.basis))
        for phone in consumer.phones
    }
    for email in consumer.emails:
        through = _through(email.prior_collectors, email.basis)
        found[one_address(email.address)] = Provenance(email.basis, email.basis_at, through)
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
