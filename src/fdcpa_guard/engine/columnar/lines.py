"""Lines: one for each entry or event that something of a row looks at, in order of the rows, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fdcpa_guard.engine.columnar.columns import Array
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.planes import (
    Bools,
    Indices,
    Planes,
    any_of,
    both,
    negate,
    settled,
)
from fdcpa_guard.engine.columnar.relations import has_lapsed
from fdcpa_guard.engine.windows import NEVER


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """What turns a row's block on or off: one line for each entry or event that may, in order of its row.

    `fits` says of each whether it does; none surely does not. `frame` has a row for each.
    """

    rows: Indices
    at: Array
    fits: Planes
    frame: Frame
    of_events: bool

    @property
    def looked_at(self) -> Indices:
        """The entry or event of each line."""
        return self.frame.v if self.of_events else self.frame.e

    def among(self, rows: Indices, size: int) -> Turns:
        """The same lines, all of which are of some of so many rows, by the places of these."""
        places = np.zeros(size, np.int64)
        places[rows] = np.arange(len(rows))
        return Turns(places[self.rows], self.at, self.fits, self.frame, self.of_events)


def merged(one: tuple[Turns, Indices], other: tuple[Turns, Indices], frame: Frame) -> Turns:
    """The lines of two pieces of a frame, each with the rows that it has of it."""
    (a, of_a), (b, of_b) = one, other
    rows = np.concatenate((of_a[a.rows], of_b[b.rows]))
    order = np.argsort(rows, kind="stable")
    fits = Planes(*(np.concatenate(each)[order] for each in ((a.fits.surely, b.fits.surely), (a.fits.maybe, b.fits.maybe))))
    looked_at = np.concatenate((a.looked_at, b.looked_at))[order]
    rows = rows[order]
    pairs = frame.looking(rows, **{"v" if a.of_events else "e": looked_at})
    return Turns(rows, np.concatenate((a.at, b.at))[order], fits, pairs, a.of_events)


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """The numbers of the entries or events that a block may look at. `before[i]` of them are less than `i`."""

    numbers: Indices
    before: Array

    @staticmethod
    def where(may: Bools) -> Picked:
        before = np.zeros(len(may) + 1, np.int64)
        np.cumsum(may, out=before[1:])
        return Picked(np.flatnonzero(may), before)

    def places(self, firsts: Array, stops: Array) -> tuple[Array, Array]:
        """Where runs of numbers begin and end among these."""
        return self.before[firsts], self.before[stops]


def first_at(at: Array, picked: Indices, first: Array, stop: Array, targets: Array) -> Array:
    """The first place of each run at which the instant is no earlier than a target."""
    low, high = first.copy(), stop.copy()
    open_ = np.flatnonzero(low < high)
    while len(open_):
        middle = (low[open_] + high[open_]) >> 1
        early = at[picked[middle]] < targets[open_]
        low[open_[early]] = middle[early] + 1
        high[open_[~early]] = middle[~early]
        open_ = open_[low[open_] < high[open_]]
    return low


def until_first(rows: Indices, surely: Bools, size: int) -> Bools:
    """Of lines in order of their rows, those up to the first of each row that surely fits."""
    order = np.arange(len(rows))
    first = np.full(size, len(rows), np.int64)
    np.minimum.at(first, rows[surely], order[surely])
    found: Bools = order <= first[rows]
    return found


def gathered(lines: Planes, rows: Indices, size: int) -> Planes:
    """Whether any line of a row holds."""
    surely = np.zeros(size, bool)
    surely[rows[lines.surely]] = True
    if lines.settled:
        return settled(surely)
    maybe = np.zeros(size, bool)
    maybe[rows[lines.maybe]] = True
    return Planes(surely, maybe)


def either_of(one: Planes, other: Planes) -> Planes:
    return any_of((one, other), len(one))


def ended_since(begin: Turns, ends: Sequence[Turns], at: Array, frame: Frame) -> Planes:
    """Whether something has ended what began: something that came later and has itself not lapsed.

    Of two events of one instant, nobody knows which came last.
    """
    sure_last = np.full(frame.rows, -NEVER, np.int64)
    maybe_last, event_last = sure_last.copy(), sure_last.copy()
    for end in ends:
        holds = end.fits
        if end.of_events:
            holds = both(holds, negate(has_lapsed(end.frame, at[end.rows])))
            np.maximum.at(event_last, end.rows[holds.maybe], end.at[holds.maybe])
        np.maximum.at(sure_last, end.rows[holds.surely], end.at[holds.surely])
        np.maximum.at(maybe_last, end.rows[holds.maybe], end.at[holds.maybe])
    rows = begin.rows
    surely = sure_last[rows] > begin.at
    maybe = maybe_last[rows] > begin.at
    if begin.of_events:
        maybe = maybe | (event_last[rows] == begin.at)
    return Planes(surely, maybe)


def next_at(followers: Turns, which: Bools, rows: Indices, at: Array, size: int) -> Array:
    """The instant of the first follower of each row at or after an instant; `NEVER` where there is none."""
    lines = np.flatnonzero(which)
    found = np.full(len(rows), NEVER, np.int64)
    if len(lines) == 0:
        return found
    # In order of instants within each row, as turns are, but for those of several types of events.
    order = lines[np.lexsort((followers.at[lines], followers.rows[lines]))]
    starts = np.searchsorted(followers.rows[order], np.arange(size + 1))
    low = first_at(followers.at, order, starts[rows], starts[rows + 1], at)
    there = np.flatnonzero(low < starts[rows + 1])
    found[there] = followers.at[order[low[there]]]
    return found
