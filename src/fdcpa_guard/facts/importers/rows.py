"""The common form to which every importer brings its rows, and the rule for a row that comes twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Final

from fdcpa_guard.facts.importers.legs import put_to_their_calls
from fdcpa_guard.facts.importers.problems import Problem, ProblemKind
from fdcpa_guard.facts.models import Action, Communication, Consumer, Debt, Event
from fdcpa_guard.facts.names import Outcome


class Witness(IntEnum):
    """What a record is of, for vendors that write several records of one message; the lower, the better its time."""

    ACT = 0
    """The act itself: its time is when the communication was placed or sent."""
    OUTCOME = 1
    """What became of it later, with the time of the act itself."""
    SOON = 2
    """What a carrier did with it: its time is the latest at which it can have been sent."""
    LATER = 3
    """What the recipient did with it, hours or months after: it shows that there was a message, and not when."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One communication of a log. `row` counts the data rows of `file` from 1.

    `raw_outcome` is the vendor's own code, kept as evidence. `updated_at` is when the vendor last changed the record,
    where it says so. `witness` says what its time is worth. `leg_of` is the id of the record before this one, of a leg of a
    call; `chain` the id of the first record of the chain in which it stands.
    """

    consumer_id: str
    row: int
    file: str
    communication: Communication
    raw_outcome: str | None = None
    updated_at: datetime | None = None
    witness: Witness = Witness.ACT
    chain: str | None = None
    leg_of: str | None = None

    @property
    def id(self) -> str | None:
        return self.communication.id


@dataclass(frozen=True, slots=True)
class LogAction:
    """One action of a log: what is regulated and no communication."""

    consumer_id: str
    row: int
    file: str
    action: Action

    @property
    def id(self) -> str | None:
        return self.action.id

    @property
    def raw_outcome(self) -> str | None:
        """An action has no outcome."""
        return None


@dataclass(frozen=True, slots=True)
class LogEvent:
    """What a row of a log tells besides its communication: an opt-out, a request to stop."""

    consumer_id: str
    row: int
    file: str
    event: Event


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What a row tells of the consumer and the debts. Given again whenever it may have changed; later rows add to it."""

    consumer_id: str
    row: int
    file: str
    consumer: Consumer
    debts: tuple[Debt, ...] = ()


Item = LogRow | LogAction | LogEvent | AccountFacts | Problem

_COUNTS_MOST: Final[tuple[Outcome | None, ...]] = (
    "conversation",
    "answered",
    "abandoned",
    "voicemail",
    "delivered",
    "no_answer",
    None,
    "undeliverable",
    "busy",
    "not_connected",
)


def deduplicate(rows: Iterable[LogRow]) -> tuple[list[LogRow], list[Problem]]:
    """One row per id: the one that the vendor changed last, else the one stated last, filled from the other.

    For the rows of one consumer, in the order of the files. A row keeps the place of the first of its copies; rows
    without an id are all kept, because nothing shows that two of them are one. Where copies of one id differ in direction
    they are legs of one call (an outbound call handed to a queue is logged again as inbound): it stays outbound, at the
    instant of its outbound leg, with the outcome that counts most; a row that says whose leg it is (`leg_of`) is put to its call
    first. Where records of one id are of several stages of a
    message (see `Witness`), they make one row, at the time of the best of them, and no copy is told; a message of which
    there are only records of what its recipient did is left out and told, because nobody knows when it was sent.
    """
    places: dict[str, int] = {}
    kept: list[LogRow] = []
    rows, problems = put_to_their_calls(rows)
    heard: dict[str, Outcome | None] = {}
    for row in rows:
        key = row.communication.id
        if key is None:
            kept.append(row)
            continue
        place = places.setdefault(key, len(kept))
        if place == len(kept):
            kept.append(row)
            continue
        first = kept[place]
        kept[place], dropped = _joined(first, row)
        if _is_inbound(first) != _is_inbound(row):
            leg = (first if _is_inbound(first) else row).communication.outcome
            heard[key] = min(heard.get(key, leg), leg, key=_COUNTS_MOST.index)
        if key in heard:
            # A later copy of the outbound leg knows nothing of the others.
            kept[place] = _counting_most(kept[place], heard[key])
        if first.witness or row.witness:
            continue
        problems.append(
            Problem(
                ProblemKind.DUPLICATE_ID,
                f"the same communication stands in row {kept[place].row} of {kept[place].file}; one of them counts",
                dropped.file,
                dropped.row,
                "id",
                key[:80],
                left_out=True,
                consumer_id=None,
            )
        )
    return _timed(kept, problems), problems


def _timed(rows: list[LogRow], problems: list[Problem]) -> list[LogRow]:
    """The rows whose time is known or bounded; what is missing of the others is added to the problems."""
    bounded = [row for row in rows if row.witness is Witness.SOON]
    if bounded:
        first = bounded[0]
        message = "no record tells when the message was sent: the time of the first that tells of it was taken"
        problems.append(
            Problem(
                ProblemKind.ASSUMPTION, message, first.file, first.row, consumer_id=first.consumer_id, rows=len(bounded)
            )
        )
    later = [row for row in rows if row.witness is Witness.LATER]
    for row in later:
        message = "nothing tells when the message was sent, only what its recipient did with it later"
        problems.append(
            Problem(
                ProblemKind.MISSING_FIELD, message, row.file, row.row, "id", (row.id or "")[:80], left_out=True,
                consumer_id=row.consumer_id,
            )
        )  # fmt: skip
    return [row for row in rows if row.witness is not Witness.LATER] if later else rows


def _joined(first: LogRow, second: LogRow) -> tuple[LogRow, LogRow]:
    """The row that stands for both, and the one that it replaces."""
    older = second.updated_at is not None and first.updated_at is not None and second.updated_at < first.updated_at
    newest, other = (first, second) if older else (second, first)
    if _is_inbound(newest) == _is_inbound(other):
        return _at_best(_filled(newest, other), first, second), other
    outbound, inbound = (other, newest) if _is_inbound(newest) else (newest, other)
    return _counting_most(outbound, inbound.communication.outcome), inbound


def _counting_most(row: LogRow, other: Outcome | None) -> LogRow:
    """The row with the one of two outcomes that counts most."""
    outcome = min(row.communication.outcome, other, key=_COUNTS_MOST.index)
    return replace(row, communication=row.communication.model_copy(update={"outcome": outcome}))


def _at_best(row: LogRow, first: LogRow, second: LogRow) -> LogRow:
    """The row at the time of the better witness of the two, of equal ones at the earlier bound."""
    if not (first.witness or second.witness):
        return row
    best = min((first, second), key=lambda each: (each.witness, each.communication.at))
    return replace(
        row, communication=row.communication.model_copy(update={"at": best.communication.at}), witness=best.witness
    )


def _filled(row: LogRow, other: LogRow) -> LogRow:
    """The row, with what it does not say taken from its other copy: one table has the outcome, another the caller id."""
    said, more = row.communication, other.communication
    update = {
        name: found for name in Communication.model_fields
        if getattr(said, name) is None and (found := getattr(more, name)) is not None
    }  # fmt: skip
    raw_outcome = row.raw_outcome if row.raw_outcome is not None else other.raw_outcome
    if not update and raw_outcome == row.raw_outcome:
        return row
    return replace(row, communication=said.model_copy(update=update), raw_outcome=raw_outcome)


def _is_inbound(row: LogRow) -> bool:
    return row.communication.direction == "inbound"
