"""The validation period and its end, what counts as the sending of a notice, and what came back or was answered.

Days are ordinals of the consumer's own calendar. The two numbers of the paragraph stand here and nowhere else: no
condition can add days to days.

Source: 12 CFR 1006.34(b)(5), 1006.34(a)(1)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fdcpa_guard.facts import models
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.values import DAY_MICROSECONDS, datetime_of

if TYPE_CHECKING:
    from fdcpa_guard.facts.bind import ConsumerFile, World
    from fdcpa_guard.facts.debts import DebtOf
    from fdcpa_guard.facts.entries import Entry

DAYS_AFTER_RECEIPT: Final = 30
_DAYS_TO_RECEIPT: Final = 5
"""Legal public holidays, Saturdays and Sundays left out."""
AT_ONCE: Final = frozenset({"call", "in_person"})
"""What is said or handed over is received when it is given."""
WORD_THAT_IT_CAME_BACK: Final = "notice_undeliverable"
"""The event that says so of a notice."""
NOTICE_NAMES: Final = {
    "validation_notice_sent": "validation_notice",
    "verification_sent": "verification",
    "original_creditor_sent": "original_creditor",
}
"""By which name a notice that comes back says which it was."""
ANSWERED_BY: Final = {
    "dispute_received": (("verification_sent", None),),
    "original_creditor_requested": (("original_creditor_sent", None), ("notice_sent", "original_creditor_is_current")),
}
"""What answers what the consumer wrote: types of event, and of a statutory notice its name."""
ANSWERS_A_DUPLICATIVE_DISPUTE: Final = ("notice_sent", "duplicative_dispute")
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
    if channel in AT_ONCE:
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
    return None if provided is None else assumed_receipt(provided, channel) + DAYS_AFTER_RECEIPT


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
    return earliest if received is None else max(earliest, received + DAYS_AFTER_RECEIPT)


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
        said = {
            "type": "validation_notice_sent",
            "at": datetime_of(entry.at),
            "known_at": datetime_of(entry.known_at),
            # Of which debts a communication was nobody said, and by which channel it came: it may have been one of these.
            "debts": entry.debts if entry.debts and entry.channel is not None else (),
            "medium": entry.channel,
            "address": entry.address,
            "language": entry.language,
            "period_ends": None if entry.period_ends is None else date.fromordinal(entry.period_ends),
            "given_in": entry.id,
        }
        found.append(EventOf(models.Event.model_validate(said), "history"))
    return found


def came_back(file: ConsumerFile, event: EventOf, at: int) -> bool:
    """Whether a notice that was sent is known, as of an instant, to have come back undeliverable.

    A notice of non-delivery is about the notice that it names, by the communication or the address; one that names
    neither is about the last of its kind that was sent before, in the medium that it names.

    Source: comment 42(a)(1)-2
    """
    name = NOTICE_NAMES.get(event.type, event.notice)
    knowledge = at if file.as_of is None else file.as_of
    for back in file.events_by_type.get(WORD_THAT_IT_CAME_BACK, ()):
        if back.known_at > knowledge or back.at < event.at or (back.notice or "validation_notice") != name:
            continue
        medium = back.medium or back.channel
        if not may_share_a_debt(file, event.debts, back.debts) or (None not in (medium, event.medium) and medium != event.medium):
            continue
        if back.given_in is not None and event.given_in is not None:
            if back.given_in == event.given_in:
                return True
        elif back.address is not None and event.address is not None:
            if back.address == event.address:
                return True
        elif not any(
            _is_a_later_one(later, event) and later.at <= back.at and may_share_a_debt(file, later.debts, back.debts)
            for later in file.events_by_type[event.type]
            if later.notice == event.notice and medium in (None, later.medium)
        ):
            return True
    return False


def _is_a_later_one(later: EventOf, event: EventOf) -> bool:
    """Another notice that was sent after it. One of the same day and medium may be the same, told by the log as well."""
    apart = later.at - event.at
    return apart > DAY_MICROSECONDS or (apart > 0 and None not in (later.medium, event.medium) and later.medium != event.medium)


def may_share_a_debt(file: ConsumerFile, one: Sequence[str] | None, other: Sequence[str] | None) -> bool:
    """Whether two things may be about one debt, or debts that are counted as one; of what names none it is not known."""
    if not one or not other:
        return True
    return not {file.debt(debt).key for debt in one}.isdisjoint(file.debt(debt).key for debt in other)


def in_validation_period(
    file: ConsumerFile, event: EventOf, debt: DebtOf | None, at: int, world: World
) -> bool | None:
    """Whether something that the consumer did came within the validation period of a debt, by what is known at an instant.

    None where no notice about the debt had been provided by then, so that no period had begun, and where it came later
    than the period may at the earliest have ended and the notice's own date is not on file.

    Source: 12 CFR 1006.34(b)(5), 1006.38(c), (d)(2)
    """
    knowledge = at if file.as_of is None else file.as_of
    day = world.day(event.at)
    answers: list[bool | None] = []
    for notice in file.events_by_type.get("validation_notice_sent", ()):
        about = file.about_event(notice, debt)
        if notice.at > event.at or notice.known_at > knowledge or about is False or came_back(file, notice, at):
            continue
        end = world.validation_period_end(notice.at, notice.medium, notice.period_ends, notice.received_at)
        if day is None or end is None:
            answers.append(None)
        elif day <= end:
            answers.append(about)
        else:
            answers.append(None if notice.period_ends is None else False)
    if not answers or (None in answers and True not in answers):
        return None
    return True in answers


def answered(file: ConsumerFile, event: EventOf, debt: DebtOf | None, at: int) -> bool | None:
    """Whether a dispute, or a request for the original creditor, is known by an instant to have been answered.

    An answer is sent when the collector has what it answers, and not before: one that crossed a second dispute in the
    post is no answer to that. None where an answer may have been about another debt.

    Source: 12 CFR 1006.38(c), (d)(2)
    """
    knowledge = at if file.as_of is None else file.as_of
    received = event.known_at if event.received_at is None else event.received_at
    kinds = ANSWERED_BY.get(event.type, ())
    if event.duplicative:
        kinds = (*kinds, ANSWERS_A_DUPLICATIVE_DISPUTE)
    answers = [
        file.about_event(answer, debt)
        for type_, notice in kinds
        for answer in file.events_by_type.get(type_, ())
        if (notice is None or answer.notice == notice)
        and received <= answer.at <= at
        and answer.known_at <= knowledge
        and not came_back(file, answer, at)
    ]
    return True if True in answers else None if None in answers else False
