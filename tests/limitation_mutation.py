"""Are the cases beside limitation periods sharp? Moves each number and date of a table by one, and each of its answers.

Moved: lengths, spans before a period, the days on which a length or an effect changes; what an act does to a period
that runs and to one that is over; and whether a period may be renewed. Moves that no case notices are told, as by
`mutation.py`, which calls this for tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from fdcpa_guard.review.limitation_cases import ReadyLimitationCase, ready
from fdcpa_guard.rulefile.documents import LIMITATION_CASES_FILE
from fdcpa_guard.rulefile.limitation_cases_file import load_limitation_cases
from fdcpa_guard.rulefile.limitation_shapes import EFFECTS
from fdcpa_guard.rulefile.limitations import DatedLength, LimitationTable, LimitationTables, Period, Restart
from fdcpa_guard.rulefile.model import InForce
from fdcpa_guard.values import Duration, format_day

_STEPS: Final = (-1, 1)
SAME_ANSWERS: Final[Mapping[tuple[str, str], str]] = dict.fromkeys(
    (
        ("PR", "judgment: renewable"),
        ("PR", "promissory-note: renewable"),
        ("PR", "contract: renewable"),
        ("PR", "interruption: after expiry does_not"),
    ),
    "a demand of the creditor may always have begun the period anew, so that no suit is surely barred",
)
"""Moves, by jurisdiction, that change no answer at all, each with the reason."""


def table_mutants(table: LimitationTable) -> Iterator[tuple[str, LimitationTable]]:
    """The table with one move made, each in its turn."""
    for index, period in enumerate(table.periods):
        for label, moved in _of_period(period):
            periods = (*table.periods[:index], moved, *table.periods[index + 1 :])
            yield f"{period.id}: {label}", replace(table, periods=periods)
    for place, restart in enumerate(table.restarts):
        for label, changed in _of_restart(restart):
            restarts = (*table.restarts[:place], changed, *table.restarts[place + 1 :])
            yield f"{restart.id}: {label}", replace(table, restarts=restarts)
    for place, tolling in enumerate(table.tolled_by):
        rest = (*table.tolled_by[:place], *table.tolled_by[place + 1 :])
        yield f"not tolled by {tolling.by}", replace(table, tolled_by=rest)


def _of_period(period: Period) -> Iterator[tuple[str, Period]]:
    for index, dated in enumerate(period.lengths):
        for place, length in enumerate(dated.any_of):
            for by in _STEPS if length is not None else ():
                assert length is not None
                moved = Duration(length.length + by, length.unit)
                any_of = (*dated.any_of[:place], moved, *dated.any_of[place + 1 :])
                yield f"{length} {by:+d}", _with_length(period, index, replace(dated, any_of=any_of))
    for index, (before, after) in enumerate(pairwise(period.lengths)):
        start = after.in_force.start
        assert start is not None
        for by in _STEPS:
            earlier = replace(before, in_force=InForce(before.in_force.start, start + by - 1))
            later = replace(after, in_force=InForce(start + by, after.in_force.end))
            moved_both = _with_length(_with_length(period, index, earlier), index + 1, later)
            yield f"from {format_day(start)} {by:+d}", moved_both
    if period.begins_after is not None:
        for by in _STEPS:
            span = Duration(period.begins_after.length + by, period.begins_after.unit)
            yield f"begins after {period.begins_after} {by:+d}", replace(period, begins_after=span)
    if any(None not in dated.any_of for dated in period.lengths):
        yield "renewable", replace(period, renewable=not period.renewable)


def _with_length(period: Period, index: int, dated: DatedLength) -> Period:
    return replace(period, lengths=(*period.lengths[:index], dated, *period.lengths[index + 1 :]))


def _of_restart(restart: Restart) -> Iterator[tuple[str, Restart]]:
    for effect in EFFECTS:
        if effect != restart.before_expiry:
            yield f"before expiry {effect}", replace(restart, before_expiry=effect)
        if effect != restart.after_expiry:
            yield f"after expiry {effect}", replace(restart, after_expiry=effect)
    span = restart.in_force
    for by in _STEPS:
        if span.start is not None:
            yield f"from {format_day(span.start)} {by:+d}", replace(restart, in_force=InForce(span.start + by, span.end))
        if span.end is not None:
            yield f"until {format_day(span.end)} {by:+d}", replace(restart, in_force=InForce(span.start, span.end + by))


def ready_table_cases(path: Path) -> list[ReadyLimitationCase]:
    """The cases beside a file of limitation periods, with their facts bound."""
    return [ready(case) for case in load_limitation_cases(path.with_name(LIMITATION_CASES_FILE)).cases]


def table_noticed(
    table: LimitationTable, tables: LimitationTables, cases: Iterable[ReadyLimitationCase]
) -> str | None:
    """The first case that does not hold with this table in place of its jurisdiction's; None where all hold."""
    among = LimitationTables({**tables.by_jurisdiction, table.jurisdiction: table})
    return next((ready.case.name for ready in cases if any(ready.differences(among))), None)


def table_survivors(
    table: LimitationTable, tables: LimitationTables, cases: Sequence[ReadyLimitationCase]
) -> list[str]:
    """The moves that no case of the table notices."""
    return [label for label, mutant in table_mutants(table) if table_noticed(mutant, tables, cases) is None]
