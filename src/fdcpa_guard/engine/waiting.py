"""When waiting alone makes a contact lawful: the first instant after which nothing is in the way any more.

Every rule in the way tells the instants at which, by waiting, one of its ingredients changes. Most of them come every
day anew (midnights, the hours of a clock); the others are fixed: an entry leaves a window, an event lapses, a law
begins. The search goes from change to change. Where a whole week and a day has brought nothing but daily changes, it
goes on at the next fixed one, and where there is none, waiting never helps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.verdicts import Flag
from fdcpa_guard.values import DAY_MICROSECONDS

_FORESEEN: Final = 2 * DAY_MICROSECONDS - 1
"""A judgement tells the daily changes of its own day and the next: so far ahead none is missing."""
_A_CYCLE: Final = 8 * DAY_MICROSECONDS
"""After so long, days and hours of the week have all come round."""
_MOST_ROUNDS: Final = 400


def first_free(at: int, flags: Sequence[Flag], in_the_way: Callable[[int], Sequence[Flag]]) -> int | None:
    """The first change just after which nothing is in the way; None where waiting never helps.

    `flags` are what is in the way at `at`; `in_the_way` gives the same for an instant. What follows a boundary counts,
    whatever the law says of the boundary itself: each change is judged one microsecond after it.
    """
    fixed: set[int] = set()
    quiet_since = at
    for _ in range(_MOST_ROUNDS):
        changes = [_changes_after(flag, at) for flag in flags]
        if not all(changes):
            return None
        # None of the flags can fall before its own first change, so nothing is free before the latest of these.
        earliest = max(min(each) for each in changes)
        ahead = sorted({change for each in changes for change in each if change >= earliest})
        fixed.update(change for change in ahead if change > at + _FORESEEN)
        near = [change for change in ahead if change <= at + _FORESEEN]
        if not near or at - quiet_since >= _A_CYCLE:
            later = [change for change in ahead if change > at + _FORESEEN]
            if not later:
                return None
            near = later[:1]
        asked = {_what(flag) for flag in flags}
        for change in near:
            if change in fixed:
                quiet_since = change
            at = change + 1
            flags = in_the_way(at)
            if not flags:
                return change
            if not asked.issuperset(map(_what, flags)):
                break  # what has come in the way, or is there for another reason, has changes of its own
    return None


def _what(flag: Flag) -> tuple[str, Verdict, bool, bool]:
    return flag.rule.id, flag.verdict, flag.locations_disagree, flag.missing


def _changes_after(flag: Flag, at: int) -> list[int]:
    return [change for each in flag.account.judgements for change in each.changes_at if change >= at]
