"""What a carrier's cause says: whether a call that nobody answered had reached the number.

12 CFR 1006.14(b)(3)(ii) and comment 14(b)(3)(ii)-1: a busy signal or a number that is not in service did not connect. A
rejected call rang, and a cause that may mean either is taken as a call that counts: it changes nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_Q850: Final = {
    1: "not_connected", 3: "not_connected", 22: "not_connected", 27: "not_connected", 28: "not_connected", 17: "busy",
    18: "no_answer", 19: "no_answer", 21: "no_answer",
}  # fmt: skip
_SIP: Final = {
    404: "not_connected", 410: "not_connected", 484: "not_connected", 604: "not_connected", 486: "busy", 600: "busy",
    408: "no_answer", 480: "no_answer", 487: "no_answer", 603: "no_answer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cause:
    """A Q.850 cause and a SIP code, each None where it is not told."""

    q850: int | None
    sip: int | None


def cause_of(q850: str | None, sip: str | None) -> Cause:
    """The causes as a log writes them; what is no number says nothing."""
    return Cause(_number(q850), _number(sip))


def outcome_by_cause(cause: Cause) -> str | None:
    """`not_connected` or `busy` where no cause told speaks for a call that rang; `no_answer` where one does; else None."""
    outcomes = {outcome for outcome in (_Q850.get(cause.q850 or 0), _SIP.get(cause.sip or 0)) if outcome is not None}
    if "no_answer" in outcomes:
        return "no_answer"
    return "busy" if "busy" in outcomes else next(iter(outcomes), None)


def _number(written: str | None) -> int | None:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 6 else None
