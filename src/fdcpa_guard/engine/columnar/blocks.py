"""What blocks give for many rows: the columnar form of `engine.interpreted_blocks`.

Each block looks, for every row, at a run of the entries or events of its consumer. Those that cannot be meant, by what
is known of the entry or event alone, are left out before any row looks; the rest is laid out as one row for each pair,
judged, and brought back together by row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.bucket import NO_DEBT, Instant
from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Array, distinct_rows
from fdcpa_guard.engine.columnar.conditions import UNBOUNDED, Ranges, Spans
from fdcpa_guard.engine.columnar.frame import NO_CANDIDATE, UNSURE_CANDIDATE, Frame
from fdcpa_guard.engine.columnar.lines import (
    Turns,
    either_of,
    ended_since,
    first_at,
    gathered,
    next_at,
)
from fdcpa_guard.engine.columnar.measures import answered_by, put
from fdcpa_guard.engine.columnar.planes import (
    Bools,
    Indices,
    Planes,
    all_of,
    any_of,
    both,
    constant,
    negate,
)
from fdcpa_guard.engine.columnar.relations import has_lapsed
from fdcpa_guard.engine.columnar.spans import span_ends, window_starts
from fdcpa_guard.engine.columnar.turning import Turning
from fdcpa_guard.engine.limitations import truth_of
from fdcpa_guard.engine.windows import NEVER
from fdcpa_guard.values import Kind


class Blocks(Turning):
    """Works blocks out for frames of communications, possible locations and debts."""

    def block(self, node: n.Node, frame: Frame) -> Planes:
        match node:
            case n.Stands():
                found = self._stands(node, frame)
            case n.Waits():
                return self._waits(node, frame)
            case n.Missed():
                found = self._missed(node, frame)
            case n.Barred():
                return _barred(node, frame)
            case _:
                raise AssertionError(f"{type(node).__name__} is no truth")
        # Where the log may lack what ended it, or what had to follow, nothing is certain.
        return _unsure_of_gaps(found, frame)

    # -- windows, counts and moments -------------------------------------------------------------------------------------

    def _spans(self, node: n.Node | None, frame: Frame) -> Spans | None:
        if node is None:
            return None
        found = self.value(node, frame).value
        assert isinstance(found, Spans)
        return found

    def _window(self, over: n.Over, frame: Frame) -> tuple[Array, Array]:
        """From when entries may lie, and surely lie, in each row's window."""
        known = frame.known.get(over)
        if known is None:
            known = frame.known[over] = self._window_of(over, frame)
        return known

    def _window_of(self, over: n.Over, frame: Frame) -> tuple[Array, Array]:
        bucket = frame.bucket
        at = bucket.at[frame.c]
        lengths = self._spans(over.length, frame)
        if lengths is None:
            length = over.window.length
            assert not isinstance(length, str)
            return window_starts(at, length, over.window, frame.zone, bucket.zones)
        maybe, sure = np.empty(frame.rows, np.int64), np.empty(frame.rows, np.int64)
        for duration, rows in lengths.groups(frame.rows):
            these = np.arange(frame.rows) if rows is None else rows
            maybe[these], sure[these] = window_starts(
                at[these], duration, over.window, frame.zone[these], bucket.zones
            )
        return maybe, sure

    def bounds(self, node: n.Counted, frame: Frame, *, in_window: bool) -> Ranges:
        """No fewer than none, and no more than there are entries that could be meant, in the window or ever."""
        bucket = frame.bucket
        picked = self._candidate_entries(node.select, frame)
        c = frame.c
        first, stop = picked.places(bucket.first[c], bucket.stop[c])
        if in_window:
            maybe, _ = self._window(node.over, frame)
            first = first_at(bucket.at, picked.numbers, first, stop, maybe)
        most = stop - first + (1 if node.over.window.this_one else 0)
        most[~bucket.log_complete[frame.consumer]] = UNBOUNDED
        return Ranges(np.zeros(frame.rows, np.int64), most)

    def counted(self, node: n.Counted, frame: Frame) -> Ranges:
        bucket = frame.bucket
        maybe, sure = self._window(node.over, frame)
        rows, entries = self._prior(node.select, frame, maybe)
        pairs = frame.looking(rows, e=entries)
        counts = self._counts(node, pairs)
        surely = counts.surely if sure is maybe else counts.surely & (bucket.at[entries] >= sure[rows])
        least = np.bincount(rows[surely], minlength=frame.rows)
        most = np.bincount(rows[counts.maybe], minlength=frame.rows)
        if node.over.window.this_one:
            # What is not known of it yet, as its outcome, is no reason to leave it out.
            own = frame.looking(np.arange(frame.rows), e=frame.c)
            fits = self._fits(node.select, own, frame.c)
            left_out = self._excused(node.exceptions, own).surely
            least = least + (fits.surely & ~left_out)
            most = most + (fits.maybe & ~left_out)
        most[~bucket.log_complete[frame.consumer]] = UNBOUNDED
        return Ranges(least, most)

    def candidates(self, node: n.Moment, frame: Frame) -> tuple[Array, Indices]:
        bucket = frame.bucket
        maybe, sure = self._window(node.over, frame)
        if node.select.events is not None:
            rows, sources, pairs = self._seen(node.select, frame, frame.c, bucket.at[frame.c])
            when = bucket.event_at[sources]
            inside = np.flatnonzero(when >= maybe[rows])
            if len(inside) < len(rows):
                rows, sources, when, pairs = rows[inside], sources[inside], when[inside], pairs.take(inside)
        else:
            rows, sources = self._prior(node.select, frame, maybe)
            when = bucket.at[sources]
            inside = np.flatnonzero(when >= maybe[rows])
            rows, sources, when = rows[inside], sources[inside], when[inside]
            pairs = frame.looking(rows, e=sources)
        counts = self._counts(node, pairs)
        surely = counts.surely & (when >= sure[rows])
        order = np.arange(len(rows))
        if node.latest:
            last = np.full(frame.rows, -1, np.int64)
            np.maximum.at(last, rows[surely], order[surely])
            reached = order >= last[rows]
        else:
            last = np.full(frame.rows, len(rows), np.int64)
            np.minimum.at(last, rows[surely], order[surely])
            reached = order <= last[rows]
        keep = np.flatnonzero(counts.maybe & reached)
        has_sure = np.zeros(frame.rows, bool)
        has_sure[rows[surely]] = True
        nothing = np.flatnonzero(~has_sure)
        unsure = np.flatnonzero(~bucket.log_complete[frame.consumer])
        all_rows = np.concatenate((rows[keep], nothing, unsure))
        items = np.concatenate(
            (sources[keep], np.full(len(nothing), NO_CANDIDATE), np.full(len(unsure), UNSURE_CANDIDATE))
        )
        order = np.argsort(all_rows, kind="stable")
        return np.bincount(all_rows, minlength=frame.rows), items[order]

    # -- truths ----------------------------------------------------------------------------------------------------------

    def _stands(self, node: n.Stands, frame: Frame) -> Planes:
        """True where a sure beginning has no possible end since; false where every possible one has a sure end."""
        subject, at = self._as_of(node, frame)
        begins = [each for select in node.begins if len((each := self._turns(select, frame, subject, at)).rows)]
        return self._of_touched(frame, begins, lambda piece, own: self._standing(node, piece, own))

    def _as_of(self, node: n.Stands, frame: Frame) -> tuple[Indices, Array]:
        """What a block is asked of, and as of which instant."""
        subject = frame.e if node.of_entry else frame.c
        return subject, frame.bucket.at[subject if node.as_of_entry else frame.c]

    @staticmethod
    def _of_touched(frame: Frame, turns: Sequence[Turns], asked: Callable[[Frame, Sequence[Turns]], Planes]) -> Planes:
        """What is asked of the rows that have any of some lines; it is false of all others."""
        touched = np.zeros(frame.rows, bool)
        for each in turns:
            touched[each.rows] = True
        rows = np.flatnonzero(touched)
        if len(rows) > _WORTH_TAKING * frame.rows:
            return asked(frame, turns)
        found = constant(False, frame.rows)
        return put(found, rows, asked(frame.take(rows), [each.among(rows, frame.rows) for each in turns])) if len(rows) else found

    def _standing(self, node: n.Stands, frame: Frame, begins: Sequence[Turns]) -> Planes:
        subject, at = self._as_of(node, frame)
        ends = [self._turns(select, frame, subject, at) for select in node.ends]
        lengths = self._spans(node.lapses_after, frame)
        found: list[Planes] = []
        for begin in begins:
            over = ended_since(begin, ends, at, frame)
            if begin.of_events:
                over = either_of(over, has_lapsed(begin.frame, at[begin.rows]))
            if lengths is not None:
                over = either_of(over, self._lapsed(begin.at, at[begin.rows], lengths, begin.rows, frame))
            found.append(gathered(both(begin.fits, negate(over)), begin.rows, frame.rows))
        return any_of(found, frame.rows)

    def _lapsed(self, begins: Array, at: Array, lengths: Spans, rows: Indices, frame: Frame) -> Planes:
        """Whether the span that began at each instant is over; unknown where its length is."""
        return negate(self._held(begins, at, lengths, rows, frame))

    def _held(self, begins: Array, at: Array, lengths: Spans, rows: Indices, frame: Frame) -> Planes:
        """Whether each instant still lies in the span that began at another."""
        ends, maybe_ends, unknown = self._ends(begins, lengths, rows, frame)
        after = at >= begins
        surely = after & (at < ends) & ~unknown
        return Planes(surely, surely | (after & (at < maybe_ends)) | unknown)

    def _ends(self, begins: Array, lengths: Spans, rows: Indices, frame: Frame) -> tuple[Array, Array, Bools]:
        """When the span of each row is over, surely from the second on; and where no length is known."""
        zones, clocks = frame.zone[rows], frame.bucket.zones
        if lengths.places is None and lengths.values[0] is not None:
            ends, maybe_ends = span_ends(begins, lengths.values[0], zones, clocks)
            return ends, maybe_ends, np.zeros(len(rows), bool)
        ends, maybe_ends = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
        unknown = np.zeros(len(rows), bool)
        places = np.zeros(len(rows), np.int64) if lengths.places is None else lengths.places[rows]
        for place, duration in enumerate(lengths.values):
            these = np.flatnonzero(places == place)
            if duration is None:
                unknown[these] = True
            elif len(these):
                ends[these], maybe_ends[these] = span_ends(begins[these], duration, zones[these], clocks)
        return ends, maybe_ends, unknown

    def _waits(self, node: n.Waits, frame: Frame) -> Planes:
        """Whether it comes too early after the latest (or earliest) of what had to come first, whichever that is."""
        bucket = frame.bucket
        at = bucket.at[frame.c]
        turns = self._turns(node.after, frame, frame.c, at)
        lengths = self._spans(node.at_least, frame)
        assert lengths is not None
        sure_at = np.full(frame.rows, -NEVER if node.latest else NEVER, np.int64)
        sure = turns.fits.surely
        has_sure = np.zeros(frame.rows, bool)
        has_sure[turns.rows[sure]] = True
        if node.latest:
            np.maximum.at(sure_at, turns.rows[sure], turns.at[sure])
            reached = turns.at >= sure_at[turns.rows]
        else:
            np.minimum.at(sure_at, turns.rows[sure], turns.at[sure])
            reached = turns.at <= sure_at[turns.rows]
        keep = np.flatnonzero(reached)
        rows = turns.rows[keep]
        early = self._held(turns.at[keep], at[rows], lengths, rows, frame)
        all_sure, any_maybe = np.ones(frame.rows, bool), np.zeros(frame.rows, bool)
        all_sure[rows[~early.surely]] = False
        any_maybe[rows[early.maybe]] = True
        absent = ~has_sure
        gaps = absent & ~bucket.log_complete[frame.consumer]
        if not node.when_absent:
            all_sure &= ~absent
        all_sure &= ~gaps
        any_maybe |= gaps | absent if node.when_absent else gaps
        return Planes(all_sure, any_maybe)

    def _missed(self, node: n.Missed, frame: Frame) -> Planes:
        """True where a sure trigger had no possible follower in time, and time is over."""
        triggers = self._turns(node.after, frame, frame.c, frame.bucket.at[frame.c], earliest=node.earliest)
        return self._of_touched(frame, [triggers], lambda piece, own: self._overdue(node, piece, own[0]))

    def _overdue(self, node: n.Missed, frame: Frame, triggers: Turns) -> Planes:
        at = frame.bucket.at[frame.c]
        rows = triggers.rows
        followers = self._turns(node.must_follow, frame, frame.c, at)
        lengths = self._spans(node.within, frame)
        assert lengths is not None
        ends, maybe_ends, unknown = self._ends(triggers.at, lengths, rows, frame)
        first_sure = next_at(followers, followers.fits.surely, rows, triggers.at, frame.rows)
        first_maybe = next_at(followers, followers.fits.maybe, rows, triggers.at, frame.rows)
        maybe_ends = np.maximum(ends, maybe_ends)
        in_time = Planes(
            (first_sure < ends) & ~unknown, np.where(unknown, first_maybe < NEVER, first_maybe < maybe_ends)
        )
        over = self._lapsed(triggers.at, at[rows], lengths, rows, frame)
        excused = self._excused(node.exceptions, frame).take(rows)
        missed = all_of([triggers.fits, negate(in_time), negate(excused), over], len(rows))
        return gathered(missed, rows, frame.rows)


_WORTH_TAKING: Final = 0.7
"""Where no more than so many of the rows are asked of, they are taken by themselves."""


def _unsure_of_gaps(found: Planes, frame: Frame) -> Planes:
    complete = frame.bucket.log_complete[frame.consumer]
    if complete.all():
        return found
    return Planes(found.surely & complete, found.maybe | ~complete)


def _barred(node: n.Barred, frame: Frame) -> Planes:
    """By the day that the file has for the end of the period; else asked of the one meaning of limitation periods."""
    bucket = frame.bucket
    found = constant(None, frame.rows)
    if len(bucket.debts) == 0:
        return found
    ends = np.append(bucket.debt_column("limitations_ends", Kind.DAY).data, UNSAID_NUMBER)[frame.d]
    days = bucket.zones.day(bucket.at[frame.c], frame.zone)
    dated = (ends != UNSAID_NUMBER) & (days != UNSAID_NUMBER)
    over = days > ends
    # Whether its end has ended the debt itself is another question.
    told = dated & ~over if node.ends_the_debt else dated
    found = Planes(told & over, ~told | over)
    rows = np.flatnonzero(~told)
    return put(found, rows, _barred_by_file(node, frame.take(rows))) if len(rows) else found


def _barred_by_file(node: n.Barred, frame: Frame) -> Planes:
    bucket = frame.bucket
    firsts, places = distinct_rows([frame.c, frame.w, frame.d])
    answers: list[bool | None] = []
    for c, w, d in zip(frame.c[firsts].tolist(), frame.w[firsts].tolist(), frame.d[firsts].tolist(), strict=True):
        debt = None if d == NO_DEBT else bucket.debts[d]
        file = bucket.eventful[int(bucket.consumer[c])]
        answers.append(truth_of(node.tables, node.ends_the_debt, Instant(int(bucket.at[c])), debt, file, bucket.worlds[w]))
    return answered_by(answers, places)


