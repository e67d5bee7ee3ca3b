"""When word came that something sent could not be delivered, and how many days of notice a deposit had.

Source: 12 CFR 1006.30(a)(1), 1006.22(c)(1); 15 USC 1692f(2)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.validation_period import NOTICE_NAMES, WORD_THAT_IT_CAME_BACK, is_counted, may_share_a_debt

if TYPE_CHECKING:
    from fdcpa_guard.facts.bind import ConsumerFile

WORD_OF_IT: Final = (WORD_THAT_IT_CAME_BACK, "address_undeliverable")


def returned_at(file: ConsumerFile, sent: Entry | EventOf, at: int) -> int | None:
    """The first instant at which word came that something sent, or another thing sent alike, could not be delivered.

    Word that names another communication, notice, number or address, or other debts, is of something else; word that
    names none of them may be of anything sent before it. None where no word is known as of the instant.

    Source: 12 CFR 1006.30(a)(1); comment 30(a)(1)-3
    """
    knowledge = at if file.as_of is None else file.as_of
    found = [
        max(word.at, word.known_at)
        for type_ in WORD_OF_IT
        for word in file.events_by_type.get(type_, ())
        if word.known_at <= knowledge and word.at >= sent.at and _may_be_of(file, word, sent)
    ]
    return min(found, default=None)


def _may_be_of(file: ConsumerFile, word: EventOf, sent: Entry | EventOf) -> bool:
    if not may_share_a_debt(file, word.debts, sent.debts):
        return False
    if word.address is not None and sent.address is not None and word.address != sent.address:
        return False
    if isinstance(sent, Entry):
        of, medium = sent.id, sent.channel
        name: str | None = sent.purpose
    else:
        of, medium = sent.given_in, sent.medium
        name = NOTICE_NAMES.get(sent.type, sent.notice)
    if word.given_in is not None and of is not None:
        return word.given_in == of
    channel = word.medium or word.channel
    if channel is not None and medium is not None and channel != medium:
        return False
    return word.notice is None or name is None or word.notice == name


def days_of_notice(notice: int | None, deposit: int | None) -> tuple[int | None, int | None]:
    """The days from a notice to a deposit at the least and at the most, Saturdays, Sundays and legal holidays left out.

    Days are ordinals. Of the two days themselves one counts: which one matters only where either is itself left out, and
    then the two answers differ. None where either day is not known.

    Source: 12 CFR 1006.22(c)(1); 5 USC 6103(a)
    """
    if notice is None or deposit is None:
        return None, None
    counts = sorted((_counted(range(notice, deposit)), _counted(range(notice + 1, deposit + 1))))
    return counts[0], counts[1]


def _counted(days: Iterable[int]) -> int:
    return sum(is_counted(day) for day in days)
