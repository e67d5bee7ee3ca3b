"""The days of many contacts in pieces in which nothing changes, what each comes to, and the windows that they make.

What `scrubbing.judging` does contact by contact, in the same order and by the same instants.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, spread
from fdcpa_guard.engine.columnar.stored import Stored
from fdcpa_guard.scrubbing.partitions.cuts import Cutter, Days, Places
from fdcpa_guard.scrubbing.partitions.flags import ALLOW, Bools, Found, Judging
from fdcpa_guard.scrubbing.partitions.planned import Ints, PlannedBucket, PlannedContacts

_NONE = -1


@dataclass(slots=True)
class Pieces:
    """Stretches of days, by contact and in order of time; what each comes to, once it is judged.

    `contact` is the place among those that were asked of. `like` is the piece before it that differs by what moves within
    the day alone; where there is none, every rule was asked of the piece. `exact` are those that stand for the very instant
    asked about.
    """

    contact: Ints
    start: Ints
    end: Ints
    at: Ints
    like: Ints
    exact: Bools
    outcome: Ints
    stopping: Ints

    @staticmethod
    def cut(cutter: Cutter, contacts: Ints, days: Days) -> Pieces:
        cuts = cutter.cuts(contacts, days)
        number = np.arange(len(contacts))
        whose = np.concatenate((cuts.contact, number, number))
        at = np.concatenate((cuts.at, days.start, days.end))
        # Of an instant that is cut and where a day begins besides, the cut says what changes there.
        whole = np.concatenate((cuts.whole, np.full(2 * len(number), 2)))
        order = np.lexsort((whole, at, whose))
        whose, at, whole = whose[order], at[order], whole[order]
        first = np.ones(len(whose), bool)
        first[1:] = (whose[1:] != whose[:-1]) | (at[1:] != at[:-1])
        whose, at, whole = whose[first], at[first], whole[first]
        begins = np.flatnonzero(whose[1:] == whose[:-1])
        contact, start, end, cut = whose[begins], at[begins], at[begins + 1], whole[begins]
        asked = days.at[contact] == start
        exact = asked & (cut < 2)
        instant = np.where(asked & ~exact, start, start + 1)
        # Pieces of which each is like the first of them.
        opens = (cut > 0) | np.concatenate(([True], contact[1:] != contact[:-1])) if len(contact) else np.zeros(0, bool)
        group = np.cumsum(opens)
        there = instant < end  # else nothing lies between two neighbouring microseconds
        every = np.arange(len(contact))
        pieces = _first_of(group[there])
        stands = np.flatnonzero(exact)
        source = np.concatenate((stands, every[there]))
        is_exact = np.concatenate((np.ones(len(stands), bool), np.zeros(int(there.sum()), bool)))
        like = np.concatenate((np.full(len(stands), _NONE), np.where(pieces == np.arange(len(pieces)), _NONE, pieces)))
        place = np.lexsort((~is_exact, source))
        moved = np.empty(len(place), np.int64)
        moved[place] = np.arange(len(place))
        like = np.where(like == _NONE, _NONE, moved[np.minimum(like + len(stands), len(place) - 1)])[place] if len(place) else like
        source, is_exact = source[place], is_exact[place]
        none = np.full(len(source), _NONE)
        return Pieces(
            contact[source], start[source], np.where(is_exact, start[source], end[source]),
            np.where(is_exact, start[source], instant[source]), like, is_exact, none, none.copy(),
        )  # fmt: skip


def _first_of(group: Ints) -> Ints:
    """The place of the first of each group, of places whose groups stand in order."""
    firsts = np.ones(len(group), bool)
    firsts[1:] = group[1:] != group[:-1]
    found: Ints = np.flatnonzero(firsts)[np.cumsum(firsts) - 1] if len(group) else group
    return found


@dataclass(slots=True)
class Judged:
    """The pieces of some contacts, judged. `whole` and `moved` are the flags of points; `of_whole` and `of_moved` say which
    point a piece is, -1 none. `bucket` has a point for each piece, of its number. `windows` are by contact and in order of time."""

    bucket: PlannedBucket
    pieces: Pieces
    whole: Found
    of_whole: Ints
    moved: Found
    of_moved: Ints
    window_contact: Ints
    window_start: Ints
    window_end: Ints

    def flags(self, pieces: Ints, is_moving: Bools) -> Flags:
        """The flags of some pieces, by the places of these and then by rule."""
        like = self.pieces.like[pieces]
        alone = like == _NONE
        place, row = _rows(self.whole, np.where(alone, self.of_whole[pieces], self.of_whole[like]))
        keep = alone[place] | ~is_moving[self.whole.rule[row]]
        place, row = place[keep], row[keep]
        moving = np.flatnonzero(~alone)
        of_moved, moved = _rows(self.moved, self.of_moved[pieces[moving]])
        return Flags.of(self.whole, row, place).then(Flags.of(self.moved, moved, moving[of_moved]))


@dataclass(slots=True)
class Flags:
    """Flags of things by the places of these, each with its rule, its kind, its consequence, and whether it stands."""

    place: Ints
    rule: Ints
    kind: Ints
    consequence: Ints
    stands: Bools

    @staticmethod
    def of(found: Found, rows: Ints, place: Ints) -> Flags:
        return Flags(place, found.rule[rows], found.kind[rows], found.consequence[rows], found.stands[rows])

    @staticmethod
    def at(found: Found, points: Ints) -> Flags:
        """The flags of some points, by the places of these."""
        place, rows = _rows(found, points)
        return Flags.of(found, rows, place)

    def take(self, rows: Ints) -> Flags:
        return Flags(self.place[rows], self.rule[rows], self.kind[rows], self.consequence[rows], self.stands[rows])

    def then(self, more: Flags) -> Flags:
        """With others, by place and then by rule."""
        place, rule = np.concatenate((self.place, more.place)), np.concatenate((self.rule, more.rule))
        kind, consequence = np.concatenate((self.kind, more.kind)), np.concatenate((self.consequence, more.consequence))
        order = np.lexsort((rule, place))
        return Flags(place, rule, kind, consequence, np.concatenate((self.stands, more.stands))).take(order)


def _rows(found: Found, points: Ints) -> tuple[Ints, Ints]:
    """The flags of some points: at which place of these each is, and its row."""
    return spread(np.searchsorted(found.point, points), np.searchsorted(found.point, points, "right"))


class DayJudge:
    """Judges stretches of the days of contacts of one partition."""

    def __init__(self, judging: Judging, stored: Stored, contacts: PlannedContacts, places: Places, cutter: Cutter) -> None:
        self._judging, self._stored, self._contacts = judging, stored, contacts
        self._places, self._cutter = places, cutter

    def judged(self, contacts: Ints, days: Days, *, later: bool) -> Judged:
        """`later`: they stand for the day after, of which nothing but the windows is asked."""
        pieces = Pieces.cut(self._cutter, contacts, days)
        moving = self._judging.is_moving
        bucket, boundary = self._bucket(contacts, pieces)
        asked = np.flatnonzero(pieces.like == _NONE)
        whole = self._judging.all(bucket, asked)
        of_whole = np.full(len(pieces.contact), _NONE)
        of_whole[asked] = np.arange(len(asked))
        pieces.outcome[asked], pieces.stopping[asked] = whole.outcome(), whole.stopping()
        still, still_stopping = whole.outcome(~moving), whole.stopping(~moving)
        # Nothing but what moves differs: where something else is in the way, it still is.
        others = np.flatnonzero(pieces.like != _NONE)
        first = of_whole[pieces.like[others]]
        on_a_day = (days.at[pieces.contact[others]] == UNSAID_NUMBER) & (not later)
        matters = (still[first] == ALLOW) | on_a_day
        others, first = others[matters], first[matters]
        moved = self._judging.those_that_move(bucket, others)
        of_moved = np.full(len(pieces.contact), _NONE)
        of_moved[others] = np.arange(len(others))
        pieces.outcome[others] = np.maximum(still[first], moved.outcome())
        pieces.stopping[others] = still_stopping[first] + moved.stopping()
        windows = self._windows(bucket, boundary, pieces, of_whole, still)
        return Judged(bucket, pieces, whole, of_whole, moved, of_moved, *windows)

    def _bucket(self, contacts: Ints, pieces: Pieces) -> tuple[PlannedBucket, Ints]:
        """Every point that may be asked of: that of each piece by its number, and after them the boundaries between two;
        and which point is the boundary before each piece."""
        parts = np.flatnonzero(~pieces.exact)
        inner = parts[1:][pieces.contact[parts[1:]] == pieces.contact[parts[:-1]]]
        boundary = np.full(len(pieces.contact), _NONE)
        boundary[inner] = len(boundary) + np.arange(len(inner))
        contact = np.concatenate((pieces.contact, pieces.contact[inner]))
        points = self._contacts.points(contacts[contact], np.concatenate((pieces.at, pieces.start[inner])))
        return PlannedBucket(self._stored, self._contacts, points, self._places.worlds), boundary

    def _windows(
        self, bucket: PlannedBucket, boundary: Ints, pieces: Pieces, of_whole: Ints, still: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """What allowed pieces come to: two that meet are one where the boundary is allowed too."""
        allowed = np.flatnonzero((pieces.outcome == ALLOW) & ~pieces.exact)
        contact, start, end = pieces.contact[allowed], pieces.start[allowed], pieces.end[allowed]
        meets = np.zeros(len(allowed), bool)
        meets[1:] = (contact[1:] == contact[:-1]) & (start[1:] == end[:-1])
        is_first = pieces.like[allowed] == _NONE
        whole, moving = np.flatnonzero(meets & is_first), np.flatnonzero(meets & ~is_first)
        of_all = self._judging.all(bucket, boundary[allowed[whole]]).outcome()
        of_moving = self._judging.those_that_move(bucket, boundary[allowed[moving]]).outcome()
        goes_on = np.zeros(len(allowed), bool)
        goes_on[whole] = of_all == ALLOW
        goes_on[moving] = np.maximum(still[of_whole[pieces.like[allowed[moving]]]], of_moving) == ALLOW
        firsts = np.flatnonzero(~goes_on)
        lasts = np.append(firsts[1:], len(allowed))[: len(firsts)] - 1
        return contact[firsts], start[firsts], end[lasts]


def decided(pieces: Pieces, days: Days) -> Ints:
    """The piece that the decision on each contact is on: of a day its best, and of those the first."""
    on_a_day = days.at[pieces.contact] == UNSAID_NUMBER
    judged = np.flatnonzero(pieces.outcome != _NONE)
    # At an instant the first that there is: the exact one, where an answer changes at it.
    rank, stopping = (np.where(on_a_day[judged], values[judged], 0) for values in (pieces.outcome, pieces.stopping))
    order = np.lexsort((np.arange(len(judged)), pieces.start[judged], stopping, rank, pieces.contact[judged]))
    whose = pieces.contact[judged][order]
    first = np.ones(len(whose), bool)
    first[1:] = whose[1:] != whose[:-1]
    found: Ints = judged[order][first]
    return found
