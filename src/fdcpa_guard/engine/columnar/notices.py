"""Whether notices came back and requests were answered, for many rows: `facts.validation_period`, event by event.

That a notice came back is known from one instant on, which is found once for each notice.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar.bucket import NO_DEBT, Bucket
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, UNSAID_NUMBER, Array, Column
from fdcpa_guard.engine.columnar.frame import Frame, spread
from fdcpa_guard.engine.columnar.planes import Bools
from fdcpa_guard.engine.windows import NEVER
from fdcpa_guard.facts.validation_period import ANSWERED_BY, ANSWERS_A_DUPLICATIVE_DISPUTE
from fdcpa_guard.facts.validation_period import came_back as is_back
from fdcpa_guard.values import Kind

_BACK: Final = "notice_undeliverable"
_ANSWERS: Final = tuple(dict.fromkeys([
    *((of, *answer) for of, answers in ANSWERED_BY.items() for answer in answers),
    (None, *ANSWERS_A_DUPLICATIVE_DISPUTE),
]))  # fmt: skip
"""What was asked (None: a duplicative dispute), by what type of event it is answered, and by which notice."""


def _back_from(bucket: Bucket) -> Array:
    """From which instant of knowledge on each event is known to have come back; `NEVER` of what did not."""
    known = bucket.picked.get(_back_from)
    if known is None:
        known = bucket.picked[_back_from] = np.full(len(bucket.event_at), NEVER, np.int64)
        backs = np.flatnonzero(bucket.event_column("type", Kind.NAME).data == bucket.codes.of(_BACK))
        for consumer in np.unique(bucket.event_consumer[backs]).tolist():
            file = bucket.files[consumer]
            instants = sorted({event.known_at for event in file.events if event.type == _BACK})
            for number in range(int(bucket.happened.starts[consumer]), int(bucket.happened.starts[consumer + 1])):
                event = bucket.events[number]
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
    is_answer = np.isin(types, [of(type_) for _, type_, _ in _ANSWERS])
    numbers = np.flatnonzero(is_answer)
    before = np.concatenate(([0], np.cumsum(is_answer)))
    consumer = frame.consumer
    rows, places = spread(before[bucket.happened.starts[consumer]], before[bucket.happened.starts[consumer + 1]])
    answers, asked, c = numbers[places], frame.v[rows], frame.c[rows]
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


def _about(frame: Frame, rows: Array, events: Array) -> tuple[Bools, Bools]:
    """Whether each event is about the debt of a row, surely and maybe; see `ConsumerFile.about_event`."""
    bucket, d = frame.bucket, frame.d[rows]
    lists = bucket.event_debts
    unsaid = lists.unsaid[events]
    unknown = (d == NO_DEBT) | (lists.lengths[events] == 0)
    keys = np.append(bucket.debt_key, UNSAID_CODE - 1)[d]
    about = lists.hold(events, keys)
    return unsaid | (about & ~unknown), unsaid | about | unknown
