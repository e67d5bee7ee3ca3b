"""Whether notices came back and requests were answered, for many rows: `facts.validation_period`, event by event.

That a notice came back is known from one instant on, which is found once for each notice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from fdcpa_guard.engine.columnar.bucket import NO_DEBT, Bucket
from fdcpa_guard.engine.columnar.clocks import by_value
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, UNSAID_NUMBER, Array, Column, spread
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.planes import Bools
from fdcpa_guard.engine.windows import NEVER
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.validation_period import (
    ANSWERED_BY,
    ANSWERS_A_DUPLICATIVE_DISPUTE,
    AT_ONCE,
    DAYS_AFTER_RECEIPT,
    WORD_THAT_IT_CAME_BACK,
    earliest_end,
)
from fdcpa_guard.facts.validation_period import came_back as is_back
from fdcpa_guard.values import Kind

_ANSWERS: Final = tuple(dict.fromkeys([
    *((of, *answer) for of, answers in ANSWERED_BY.items() for answer in answers),
    (None, *ANSWERS_A_DUPLICATIVE_DISPUTE),
]))  # fmt: skip
"""What was asked (None: a duplicative dispute), by what type of event it is answered, and by which notice."""


@dataclass(frozen=True, slots=True)
class _Events:
    """In the place of a file, of which no more is asked here than its events and which debts are counted as one."""

    as_of: int | None
    events_by_type: dict[str, list[EventOf]]
    debt: Callable[[str], DebtOf]

    @staticmethod
    def of(events: Sequence[EventOf], as_of: int | None, person: ConsumerFile) -> _Events:
        by_type: dict[str, list[EventOf]] = {}
        for event in events:
            by_type.setdefault(event.type, []).append(event)
        return _Events(as_of, by_type, person.debt)


def _back_from(bucket: Bucket) -> Array:
    """From which instant of knowledge on each event is known to have come back; `NEVER` of what did not."""
    known = bucket.picked.get(_back_from)
    if known is None:
        known = bucket.picked[_back_from] = np.full(len(bucket.event_at), NEVER, np.int64)
        backs = np.flatnonzero(bucket.event_column("type", Kind.NAME).data == bucket.codes.of(WORD_THAT_IT_CAME_BACK))
        for consumer in np.unique(bucket.event_consumer[backs]).tolist():
            first, stop = int(bucket.happened.starts[consumer]), int(bucket.happened.starts[consumer + 1])
            events = [bucket.events[number] for number in range(first, stop)]
            file = cast(ConsumerFile, _Events.of(events, bucket.as_of[consumer], bucket.persons[consumer]))
            instants = sorted({event.known_at for event in events if event.type == WORD_THAT_IT_CAME_BACK})
            for number, event in enumerate(events, first):
                if file.as_of is not None:
                    known[number] = -NEVER if is_back(file, event, file.as_of) else NEVER
                else:
                    known[number] = next((instant for instant in instants if is_back(file, event, instant)), NEVER)
    return known


def came_back(frame: Frame) -> Column:
    """Whether the event of each row is known to have come back when the communication is judged."""
    bucket = frame.bucket
    if not bucket.picked.setdefault("any back", bool((_back_from(bucket) != NEVER).any())):
        return Column(np.zeros(frame.rows, np.int8), False)
    return Column((_back_from(bucket)[frame.v] <= bucket.knowledge[frame.c]).astype(np.int8), False)


def answered(frame: Frame) -> Column:
    """Whether what the event of each row asked for is known to have been answered, for the debt of the row."""
    bucket = frame.bucket
    types = bucket.event_column("type", Kind.NAME).data
    notices = bucket.event_column("notice", Kind.NAME).data
    said_received = bucket.event_column("received_at", Kind.INSTANT).data
    received = np.where(said_received == UNSAID_NUMBER, bucket.event_known_at, said_received)
    duplicative = bucket.event_column("duplicative", Kind.TRUTH).data == 1
    of = bucket.codes.of
    rows, answers = _beside(frame, np.isin(types, [of(type_) for _, type_, _ in _ANSWERS]))
    asked, c = frame.v[rows], frame.c[rows]
    fits = np.zeros(len(rows), bool)
    for question, type_, notice in _ANSWERS:
        meant = duplicative[asked] if question is None else types[asked] == of(question)
        meant = meant & (types[answers] == of(type_))
        fits |= meant if notice is None else meant & (notices[answers] == of(notice))
    at, knowledge = bucket.event_at[answers], bucket.knowledge[c]
    fits &= (received[asked] <= at) & (at <= bucket.at[c])
    fits &= (bucket.event_known_at[answers] <= knowledge) & (_back_from(bucket)[answers] > knowledge)
    surely, maybe = _about(frame, rows, answers)
    data = np.zeros(frame.rows, np.int8)
    data[rows[fits & maybe]] = UNSAID_CODE
    data[rows[fits & surely]] = 1
    return Column(data, True)


def in_validation_period(frame: Frame) -> Column:
    """Whether the event of each row came within the validation period of the debt of the row."""
    bucket = frame.bucket
    is_notice = bucket.event_column("type", Kind.NAME).data == bucket.codes.of("validation_notice_sent")
    rows, notices = _beside(frame, is_notice)
    event, knowledge = frame.v[rows], bucket.knowledge[frame.c[rows]]
    surely, maybe = _about(frame, rows, notices)
    counts = (bucket.event_at[notices] <= bucket.event_at[event]) & (bucket.event_known_at[notices] <= knowledge)
    counts &= maybe & (_back_from(bucket)[notices] > knowledge)
    keep = np.flatnonzero(counts)
    rows, notices, event, surely = rows[keep], notices[keep], event[keep], surely[keep]
    pairs = frame.looking(rows, v=notices)
    ends = event_period_end(pairs).data
    days = bucket.zones.day(bucket.event_at[event], pairs.zone)
    known = (days != UNSAID_NUMBER) & (ends != UNSAID_NUMBER)
    within = known & (days <= ends)
    dated = bucket.event_column("period_ends", Kind.DAY).data[notices] != UNSAID_NUMBER
    # Where none began, and of what none is known to have held, it is unknown.
    data = np.full(frame.rows, UNSAID_CODE, np.int8)
    data[rows] = 0
    data[rows[np.where(within, ~surely, ~known | ~dated)]] = UNSAID_CODE
    data[rows[within & surely]] = 1
    return Column(data, True)


def _beside(frame: Frame, which: Bools) -> tuple[Array, Array]:
    """For each row those events of its consumer that are among some: rows and events."""
    bucket, consumer = frame.bucket, frame.consumer
    before = np.concatenate(([0], np.cumsum(which)))
    rows, places = spread(before[bucket.happened.starts[consumer]], before[bucket.happened.starts[consumer + 1]])
    return rows, np.flatnonzero(which)[places]


def _about(frame: Frame, rows: Array, events: Array) -> tuple[Bools, Bools]:
    """Whether each event is about the debt of a row, surely and maybe; see `ConsumerFile.about_event`."""
    bucket, d = frame.bucket, frame.d[rows]
    lists = bucket.event_debts
    unsaid = lists.unsaid[events]
    unknown = (d == NO_DEBT) | (lists.lengths[events] == 0)
    keys = np.append(bucket.debt_key, UNSAID_CODE - 1)[d]
    about = lists.hold(events, keys)
    return unsaid | (about & ~unknown), unsaid | about | unknown


# -- when validation periods end ------------------------------------------------------------------------------------------------


def _earliest_ends(frame: Frame, days: Array, channels: Array) -> Array:
    """The earliest end of the validation period of what was provided on each day."""
    codes = frame.bucket.codes
    at_once = np.isin(channels, [codes.of(channel) for channel in AT_ONCE])
    found = np.empty(len(days), np.int64)
    for channel, rows in (("call", np.flatnonzero(at_once)), (None, np.flatnonzero(~at_once))):

        def end(day: int, channel: str | None = channel) -> int:
            return UNSAID_NUMBER if (found := earliest_end(day, channel)) is None else found

        found[rows] = by_value(days[rows], end)
    return found


def earliest_period_end(frame: Frame, x: Array, _: Kind) -> Column:
    channels = frame.bucket.entry_column("channel", Kind.NAME).data[x]
    ends = _earliest_ends(frame, frame.bucket.zones.day(frame.bucket.at[x], frame.zone), channels)
    ends[channels == UNSAID_CODE] = UNSAID_NUMBER
    return Column(ends, True)


def period_end(frame: Frame, x: Array, _: Kind) -> Column:
    bucket = frame.bucket
    channels = bucket.entry_column("channel", Kind.NAME).data[x]
    earliest = _earliest_ends(frame, frame.bucket.zones.day(frame.bucket.at[x], frame.zone), channels)
    return _ended(earliest, bucket.entry_column("period_ends", Kind.DAY).data[x], None)


def event_period_end(frame: Frame) -> Column:
    """When the validation period ends that the notice of each row began."""
    bucket, v = frame.bucket, frame.v
    days = bucket.zones.day(bucket.event_at[v], frame.zone)
    earliest = _earliest_ends(frame, days, bucket.event_column("medium", Kind.NAME).data[v])
    received = bucket.zones.day(bucket.event_column("received_at", Kind.INSTANT).data[v], frame.zone)
    return _ended(earliest, bucket.event_column("period_ends", Kind.DAY).data[v], received)


def _ended(earliest: Array, stated: Array, received: Array | None) -> Column:
    """See `validation_period.period_end`."""
    ends = np.maximum(earliest, stated)
    if received is not None:
        counts = (stated == UNSAID_NUMBER) & (received != UNSAID_NUMBER)
        ends = np.where(counts, np.maximum(earliest, received + DAYS_AFTER_RECEIPT), ends)
    return Column(np.where(earliest == UNSAID_NUMBER, UNSAID_NUMBER, ends), True)
