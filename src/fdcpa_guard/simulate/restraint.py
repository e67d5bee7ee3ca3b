"""What a careful shop allows itself, by where the consumer may be: below every limit of the law of that place.

These are no limits of the law, which the rules state; they are how the simulated collector stays clear of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

EASTERN: Final = "America/New_York"


@dataclass(frozen=True, slots=True)
class Restraint:
    """At most so many contacts of all channels, and calls, in seven days; days from one contact to the next."""

    contacts: int = 6
    calls: int = 6
    apart: int = 1
    electronic: bool = True
    work_calls: bool = False
    eastern: bool = False
    calls_again_on_request: bool = True
    confirms: bool = True
    """Whether an opt-out from texts is confirmed on the day, by one more text."""


_PLAIN: Final = Restraint()
_OF: Final = {
    "DC": Restraint(contacts=3, calls=3, electronic=False, eastern=True, calls_again_on_request=False),
    "FL": Restraint(confirms=False),
    "GA": Restraint(work_calls=True),
    "MA": Restraint(contacts=2, calls=2, eastern=True, calls_again_on_request=False, confirms=False),
    "NY": Restraint(contacts=3, calls=3, calls_again_on_request=False),
    "NY-NYC": Restraint(contacts=2, calls=2, electronic=False, calls_again_on_request=False),
    "SC": Restraint(apart=2, confirms=False),
    "TX": Restraint(work_calls=True),
    "WA": Restraint(contacts=3, calls=3, calls_again_on_request=False),
}


def restraint_in(jurisdictions: Sequence[str]) -> Restraint:
    """The strictest of each, for a consumer who may be in any of them."""
    if len(jurisdictions) == 1:
        return _OF.get(jurisdictions[0], _PLAIN)
    each = [_OF.get(name, _PLAIN) for name in jurisdictions]
    return Restraint(
        contacts=min(of.contacts for of in each),
        calls=min(of.calls for of in each),
        apart=max(of.apart for of in each),
        electronic=all(of.electronic for of in each),
        work_calls=all(of.work_calls for of in each),
        eastern=any(of.eastern for of in each),
        calls_again_on_request=all(of.calls_again_on_request for of in each),
        confirms=all(of.confirms for of in each),
    )
