"""In what an entry or event agrees with the communication judged: one function for each word of `same`.

Each answers True, False, or None where a side does not say. `subject` is the communication judged; for a standing
that is judged as of an entry it is that entry.
"""

from __future__ import annotations

from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.rulefile.model import Same

ONE_OF_A_KIND = frozenset({"consumer", "spouse"})
"""Roles that one person at most has: no id is needed to know that it is the same person."""
PROFESSIONALS = frozenset({"attorney", "reporting_agency", "creditor", "creditor_attorney", "collector_attorney"})
"""Roles of those with whom a debt may be talked of (12 CFR 1006.6(d)(1)) and who are not the consumer's kin."""


def same_person(entry: Entry, subject: Entry) -> bool | None:
    role, other = entry.person_role, subject.person_role
    if role is None or other is None:
        return None
    if role != other:
        return _under_another_role(entry.person_id, subject.person_id)
    if role in ONE_OF_A_KIND:
        return True
    if entry.person_id is not None and subject.person_id is not None:
        return entry.person_id == subject.person_id
    # Without ids, one number or address reached under one role is taken for one person; another may yet be.
    return True if entry.address is not None and entry.address == subject.address else None


def _under_another_role(one: str | None, other: str | None) -> bool | None:
    """Two roles are two persons; where both bear one id, the log contradicts itself or a role was learnt later."""
    return None if one is not None and one == other else False


def by_person(event: EventOf, subject: Entry) -> bool | None:
    """Whether an event is of the person contacted. One that names nobody is the consumer's own, or another's unsaid."""
    role = subject.person_role
    if role is None:
        return None
    if event.person_role is None:
        if role == "consumer":
            return True
        # Nobody keeps what an attorney or a creditor asked for as the consumer's own word, unless by their number.
        return False if role in PROFESSIONALS and same_text(event.address, subject.address) is not True else None
    if event.person_role != role:
        return _under_another_role(event.person_id, subject.person_id)
    if role in ONE_OF_A_KIND:
        return True
    return same_text(event.person_id, subject.person_id)


def same_text(one: str | None, other: str | None) -> bool | None:
    return None if one is None or other is None else one == other


def event_about(event: EventOf, debt: DebtOf | None, file: ConsumerFile) -> bool | None:
    """See `ConsumerFile.about_event`."""
    return file.about_event(event, debt)


def names_medium(event: EventOf, subject: Entry) -> bool | None:
    """An event names a channel, a very address, both, or neither and so every medium."""
    channel = True if event.channel is None else same_text(event.channel, subject.channel)
    address = True if event.address is None else same_text(event.address, subject.address)
    if channel is False or address is False:
        return False
    return None if channel is None or address is None else True


def names_hours(event: EventOf, subject: Entry, world: World) -> bool | None:
    """An event that names no days or hours speaks of all of them."""
    return True if event.hours is None else world.covered(event.hours, subject.at)


def entry_agrees(
    same: Same, entry: Entry, subject: Entry, debt: DebtOf | None, file: ConsumerFile, world: World
) -> bool | None:
    match same:
        case Same.CONSUMER:
            return True
        case Same.PERSON:
            return same_person(entry, subject)
        case Same.DEBT:
            return file.about(entry, debt, entry.debts)
        case Same.DEBT_DISCUSSED:
            # Comment 14(b)(4)-1.ii: what was talked of counts, whoever raised it and whatever the call was about.
            return file.about(entry, debt, entry.debts if entry.debts_discussed is None else entry.debts_discussed)
        case Same.ADDRESS:
            return same_text(entry.address, subject.address)
        case Same.CHANNEL | Same.MEDIUM:
            return same_text(entry.channel, subject.channel)
        case Same.PLACE:
            return same_text(file.place_of(entry), file.place_of(subject))
        case Same.AGENT:
            return same_text(entry.agent, subject.agent)
        case Same.HOURS:
            return world.day(entry.at) == world.day(subject.at) if world.clock else None


def event_agrees(
    same: Same, event: EventOf, subject: Entry, debt: DebtOf | None, file: ConsumerFile, world: World
) -> bool | None:
    match same:
        case Same.CONSUMER | Same.AGENT:
            return True
        case Same.PERSON:
            return by_person(event, subject)
        case Same.DEBT | Same.DEBT_DISCUSSED:
            return event_about(event, debt, file)
        case Same.ADDRESS:
            return same_text(event.address, subject.address)
        case Same.CHANNEL:
            return True if event.channel is None else same_text(event.channel, subject.channel)
        case Same.MEDIUM:
            return names_medium(event, subject)
        case Same.PLACE:
            return same_text(event.place, file.place_of(subject))
        case Same.HOURS:
            return names_hours(event, subject, world)


LACKING: dict[Same, tuple[str, str]] = {
    Same.CONSUMER: ("consumer.id", "consumer.id"),
    Same.PERSON: ("entry.person.role", "communication.person.role"),
    Same.DEBT: ("entry.debts", "communication.debts"),
    Same.DEBT_DISCUSSED: ("entry.debts_discussed", "communication.debts"),
    Same.ADDRESS: ("entry.address", "communication.address"),
    Same.CHANNEL: ("entry.channel", "communication.channel"),
    Same.MEDIUM: ("communication.channel", "communication.address"),
    Same.PLACE: ("entry.place", "communication.place"),
    Same.AGENT: ("entry.agent", "communication.agent"),
    Same.HOURS: ("consumer.time_zone", "consumer.time_zone"),
}
"""The facts for want of which an agreement is unknown, on the entry's side and on the communication's."""


ABOUT_THE_PAST = frozenset({"wrong_number"})
"""Events that tell how things always were: once known, they hold of earlier communications too (comment
14(b)(2)(i)-3)."""


def began_by(event: EventOf, at: int, subject: Entry) -> bool:
    """Whether an event that is known had happened by an instant; what was given in a communication came after it."""
    if event.given_in is not None and event.given_in == subject.id:
        return False
    return event.at <= at or event.type in ABOUT_THE_PAST


def has_lapsed(turn: Entry | EventOf, at: int) -> bool | None:
    """Whether an event's own time is over by an instant: it then neither holds nor ends anything any longer.

    Unknown of an event that is stated to end before it begins: a slip of the pen, and nobody can say which.
    """
    if not isinstance(turn, EventOf) or turn.ends is None:
        return False
    return None if turn.ends < turn.at else at >= turn.ends
