"""Legs of calls: records of a transfer or a queue, which belong to a call whose own record may stand in another file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from fdcpa_guard.facts.importers.problems import Problem, ProblemKind

if TYPE_CHECKING:
    from fdcpa_guard.facts.importers.rows import LogRow


def put_to_their_calls(rows: Iterable[LogRow]) -> tuple[list[LogRow], list[Problem]]:
    """The rows of one consumer, each leg under the id of its call, and what is told of the legs that have none.

    The call is the one of the record before it, over as many legs as there are between, in any order. Where that record
    is not there, it is the last outbound call of the same chain before the leg. A leg without either stays outbound, under
    the id of the record that is missing: it may have been a call out of the shop, and counts.
    """
    rows = list(rows)
    if all(row.leg_of is None for row in rows):
        return rows, []
    by_id: dict[str, LogRow] = {}
    calls: dict[str, list[LogRow]] = {}
    for row in rows:
        if row.id is not None:
            by_id.setdefault(row.id, row)
        if row.leg_of is None and row.chain is not None:
            calls.setdefault(row.chain, []).append(row)
    found: list[LogRow] = []
    lone: list[LogRow] = []
    for row in rows:
        if row.leg_of is None:
            found.append(row)
            continue
        last = _last_leg(row, by_id)
        call = by_id.get(last.leg_of or "")
        if call is None or call.leg_of is not None:
            call = _outbound_before(row, calls.get(row.chain or "", ()))
        if call is None:
            lone.append(row)
        update = {
            "id": last.leg_of if call is None else call.id,
            # Records of one id that differ in direction are read as a call and its legs.
            "direction": "outbound" if call is None else "inbound",
        }
        found.append(replace(row, communication=row.communication.model_copy(update=update), leg_of=None))
    if not lone:
        return found, []
    first = lone[0]
    message = "a leg of a call whose own record is in no file: taken as a call out of the shop at the time of the leg, which counts"
    told = Problem(
        ProblemKind.ASSUMPTION, message, first.file, first.row, consumer_id=first.consumer_id, rows=len(lone)
    )
    return found, [told]


def _last_leg(row: LogRow, by_id: Mapping[str, LogRow]) -> LogRow:
    """The first leg after the call, as far back as there are records; a ring of legs ends where it began."""
    seen = {row.leg_of}
    while (before := by_id.get(row.leg_of or "")) is not None and before.leg_of is not None and before.leg_of not in seen:
        seen.add(before.leg_of)
        row = before
    return row


def _outbound_before(leg: LogRow, calls: Iterable[LogRow]) -> LogRow | None:
    earlier = (
        call for call in calls
        if call.communication.direction != "inbound" and call.communication.at <= leg.communication.at
    )  # fmt: skip
    return max(earlier, key=lambda call: call.communication.at, default=None)
