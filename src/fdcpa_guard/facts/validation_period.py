"""The end of the validation period, and what counts as the sending of a validation notice.

Days are ordinals of the consumer's own calendar. The two numbers of the paragraph stand here and nowhere else: no
condition can add days to days.

Source: 12 CFR 1006.34(b)(5), 1006.34(a)(1)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fdcpa_guard.facts import models
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.values import datetime_of

if TYPE_CHECKING:
    from fdcpa_guard.facts.entries import Entry

_DAYS_AFTER_RECEIPT: Final = 30
_DAYS_TO_RECEIPT: Final = 5
"""Legal public holidays, Saturdays and Sundays left out."""
_AT_ONCE: Final = frozenset({"call", "in_person"})
"""What is said or handed over is received when it is given."""
_NOT_GIVEN: Final = frozenset({"no_answer", "busy", "not_connected", "abandoned", "undeliverable"})


@lru_cache(maxsize=256)
def _legal_holidays(year: int) -> frozenset[int]:
    from holidays import country_holidays  # 50 ms to import: only where such days are counted

    # 5 USC 6103(a) lists the days themselves. The day off in their stead, when one falls on a weekend, is of (b) and of
    # an executive order, for the pay and leave of federal employees: it counts.
    return frozenset(
        day.toordinal() for day in country_holidays("US", years=year, observed=False, categories=("public",))
    )


def is_counted(day: int) -> bool:
    """Whether a day counts toward the receipt of what was sent: no legal public holiday, Saturday or Sunday.

    Source: 12 CFR 1006.34(b)(5); 5 USC 6103(a)
    """
    return day % 7 not in (0, 6) and day not in _legal_holidays(date.fromordinal(day).year)


def assumed_receipt(provided: int, channel: str | None) -> int:
    """The first day on which what was provided on a day may be taken for received.

    A channel that nobody states is taken for one that needs time, since a validation notice is a document.
    """
    if channel in _AT_ONCE:
        return provided
    day, left = provided, _DAYS_TO_RECEIPT
    while left:
        day += 1
        left -= is_counted(day)
    return day


def earliest_end(provided: int | None, channel: str | None) -> int | None:
    """The first day on which the validation period of what was provided on a day may end; None where no day is known.

    Source: 12 CFR 1006.34(b)(5)
    """
    return None if provided is None else assumed_receipt(provided, channel) + _DAYS_AFTER_RECEIPT


def period_end(provided: int | None, channel: str | None, stated: int | None, received: int | None) -> int | None:
    """The day on which the period ends: the one that the notice states, if it is no earlier than it may be.

    Where it states none, a receipt that was later than assumed moves the end, and an earlier one does not: the collector
    need not know of it. A stated day may be kept whenever the notice came (comment 34(b)(5)-1).
    """
    earliest = earliest_end(provided, channel)
    if earliest is None:
        return None
    if stated is not None:
        return max(earliest, stated)
    return earliest if received is None else max(earliest, received + _DAYS_AFTER_RECEIPT)


def notices_among(entries: Iterable[Entry]) -> list[EventOf]:
    """The events that communications of the log are: each validation notice that was sent, or given in a conversation.

    One that is known not to have arrived is none; of a call only a conversation gives anything.
    """
    found: list[EventOf] = []
    for entry in entries:
        if entry.purpose != "validation_notice" or entry.direction != "outbound" or entry.outcome in _NOT_GIVEN:
            continue
        if entry.channel == "call" and entry.outcome != "conversation":
            continue
        said = models.Event(
            at=datetime_of(entry.at),
            type="validation_notice_sent",
            known_at=datetime_of(entry.known_at),
            debts=entry.debts,
            address=entry.address,
            language=entry.language,
            given_in=entry.id,
        )
        event = EventOf(said, "history")
        event.medium = entry.channel
        event.period_ends = entry.period_ends
        found.append(event)
    return found
