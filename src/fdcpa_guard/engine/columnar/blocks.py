"""What blocks give for many rows: the columnar form of `engine.interpreted_blocks`.

Each block looks, for every row, at a run of the entries or events of its consumer. Those that cannot be meant, by what
is known of the entry or event alone, are left out before any row looks; the rest is laid out as one row for each pair,
judged, and brought back together by row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.bucket import NO_DEBT, Bucket, Instant, Runs
from fdcpa_guard.engine.columnar.clocks import NO_ZONE
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, UNSAID_NUMBER, Array, distinct_rows, spread
from fdcpa_guard.engine.columnar.conditions import UNBOUNDED, Conditions, Ranges, Spans
from fdcpa_guard.engine.columnar.frame import NO_CANDIDATE, UNSURE_CANDIDATE, Frame
from fdcpa_guard.engine.columnar.grouping import Groups, Lines, looks_alike, sees_in_order
from fdcpa_guard.engine.columnar.lines import (
    Picked,
    Turns,
    either_of,
    ended_since,
    first_at,
    gathered,
    merged,
    next_at,
    until_first,
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
    settled,
)
from fdcpa_guard.engine.columnar.relations import began_by, entry_agrees, event_agrees, has_lapsed
from fdcpa_guard.engine.columnar.spans import span_ends, window_starts
from fdcpa_guard.engine.limitations import truth_of
from fdcpa_guard.engine.windows import NEVER
from fdcpa_guard.ruleset.applies import EVERY_CHANNEL
from fdcpa_guard.values import Kind


class Blocks(Conditions):
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

    # -- what is looked at -----------------------------------------------------------------------------------------------

    def _fits(self, select: n.Chosen, pairs: Frame, subject: Indices) -> Planes:
        """Whether the entry or event of each pair is one that a block looks at."""
        if select.events is not None:
            answers = [event_agrees(same, pairs, subject) for same in select.same]
        else:
            answers = [entry_agrees(same, pairs, pairs.e, subject) for same in select.same]
            answers.append(self._on_channel(select, pairs))
        found = all_of(answers, pairs.rows)
        if select.only_when is None:
            return found
        left = np.flatnonzero(found.maybe)
        if len(left) == pairs.rows:
            return both(found, self.truth(select.only_when, pairs))
        held = self.truth(select.only_when, pairs.take(left))
        surely, maybe = np.zeros(pairs.rows, bool), np.zeros(pairs.rows, bool)
        surely[left], maybe[left] = held.surely, held.maybe
        return both(found, Planes(surely, maybe))

    def _on_channel(self, select: n.Chosen, pairs: Frame) -> Planes:
        assert select.entries is not None
        return self._channels(select.entries, pairs).take(pairs.e)

    def _channels(self, channels: frozenset[str], frame: Frame) -> Planes:
        """Whether every entry of the bucket is on one of some channels."""
        bucket = frame.bucket
        if EVERY_CHANNEL in channels:
            return constant(True, len(bucket.entries))
        known = bucket.picked.get(("channels", channels))
        if known is None:
            codes = bucket.entry_column("channel", Kind.NAME)
            there = np.isin(codes.data, [bucket.codes.of(channel) for channel in channels])
            unsaid = codes.data == UNSAID_CODE
            known = Planes(there, there | unsaid) if unsaid.any() else settled(there)
            bucket.picked["channels", channels] = known
        return known

    def _excused(self, exceptions: Sequence[n.Node], frame: Frame) -> Planes:
        return any_of([self.truth(each, frame) for each in exceptions], frame.rows)

    def _counts(self, node: n.Counted | n.Moment, pairs: Frame) -> Planes:
        """Whether the entry or event of each pair counts: it fits, and no exception leaves it out."""
        fits = self._fits(node.select, pairs, pairs.c)
        if not node.exceptions:
            return fits
        left = np.flatnonzero(fits.maybe)
        excused = self._excused(node.exceptions, pairs.take(left))
        surely, maybe = fits.surely.copy(), fits.maybe.copy()
        surely[left] &= ~excused.maybe
        maybe[left] &= ~excused.surely
        return Planes(surely, maybe)

    def _candidate_entries(self, select: n.Chosen, frame: Frame) -> Picked:
        """The entries of the bucket that a block may look at, by what is known of them alone."""
        assert select.entries is not None
        key = _CandidateKey(select.entries, select.only_when)
        known = frame.bucket.picked.get(key)
        if known is None:
            bucket = frame.bucket
            may: Bools = self._channels(select.entries, frame).maybe[: bucket.logged].copy()
            for part in _parts(select.only_when):
                if part.reads == {"e"}:
                    may &= self.truth(part, self._entries(frame)).maybe[: bucket.logged]
            known = bucket.picked[key] = Picked.where(may)
        return known

    def _prior(self, select: n.Chosen, frame: Frame, starts: Array | None = None) -> tuple[Indices, Indices]:
        """Rows and entries: those before each row's communication that a block may look at, from `starts` on."""
        bucket = frame.bucket
        picked = self._candidate_entries(select, frame)
        c = frame.c
        first, stop = picked.places(bucket.first[c], bucket.stop[c])
        if starts is not None:
            first = first_at(bucket.at, picked.numbers, first, stop, starts)
        rows, places = spread(first, stop)
        entries = picked.numbers[places]
        keep = self._seen_of(entries, c[rows], bucket)
        return (rows, entries) if len(keep) == len(rows) else (rows[keep], entries[keep])

    @staticmethod
    def _seen_of(entries: Indices, judged: Indices, bucket: Bucket) -> Indices:
        """Which of some entries before what is judged were known by then, and are no other words for it."""
        if bucket.in_time and len(bucket.entries) == bucket.logged:
            return np.arange(len(entries))
        ids, _ = bucket.ids
        keep = (bucket.known_at[entries] <= bucket.knowledge[judged]) & (entries != judged)
        keep &= (ids[entries] == UNSAID_CODE) | (ids[entries] != ids[judged])
        return np.flatnonzero(keep)

    def _candidate_events(self, select: n.Chosen, frame: Frame) -> Picked:
        """The events of the bucket that a block may look at, by what is known of them alone."""
        assert select.events is not None
        bucket = frame.bucket
        key = _CandidateKey(select.events, select.only_when)
        known = bucket.picked.get(key)
        if known is None:
            codes = [bucket.codes.of(name) for name in select.events]
            may = np.isin(bucket.event_column("type", Kind.NAME).data, codes)
            for part in _parts(select.only_when):
                if part.reads == {"v"} and part.cost <= _FEW_FACTS and may.any():
                    may &= self.truth(part, self._events(frame)).maybe
            known = bucket.picked[key] = Picked.where(may)
        return known

    def may_see(self, looked_at: Sequence[n.Chosen], frame: Frame) -> Bools:
        key = "may see", tuple(looked_at)
        bucket = frame.bucket
        known = bucket.picked.get(key)
        if known is None:
            known = ~bucket.log_complete
            for select in looked_at:
                picked = self._candidate_events(select, frame)
                first, stop = picked.places(bucket.happened.starts[:-1], bucket.happened.starts[1:])
                known = known | (stop > first)
            bucket.picked[key] = known
        found: Bools = known[frame.consumer] if known.any() else np.zeros(frame.rows, bool)
        return found

    def _seen(self, select: n.Chosen, frame: Frame, subject: Indices, at: Array) -> tuple[Indices, Indices, Frame]:
        """Rows, events and a frame of both: events that a block may look at, were known and had begun by an instant."""
        bucket = frame.bucket
        picked = self._candidate_events(select, frame)
        consumer = frame.consumer
        rows, places = spread(*picked.places(bucket.happened.first(consumer), bucket.happened.stop(consumer)))
        events = picked.numbers[places]
        if len(rows) == 0:
            return rows, events, frame.looking(rows, v=events)
        known = bucket.event_known_at[events] <= bucket.knowledge[frame.c[rows]]
        rows, events = rows[known], events[known]
        pairs = frame.looking(rows, v=events)
        begun = np.flatnonzero(began_by(pairs, at[rows], subject[rows]))
        if len(begun) == len(rows):
            return rows, events, pairs
        return rows[begun], events[begun], frame.looking(rows[begun], v=events[begun])

    def _turns(self, select: n.Chosen, frame: Frame, subject: Indices, at: Array, *, earliest: bool = False) -> Turns:
        """The events or entries up to an instant that turn a row's block on or off, in order.

        `earliest`: none after the first that surely does.
        """
        alike = self._alike_in_groups(select, frame, earliest=earliest)
        if alike is None:
            return self._turns_by_row(select, frame, subject, at, earliest=earliest)
        rows = np.flatnonzero(~alike)
        if len(rows) == 0:
            return self._turns_by_group(select, frame, subject, at, earliest=earliest)
        others = np.flatnonzero(alike)
        apart = self._turns_by_row(select, frame.take(rows), subject[rows], at[rows], earliest=earliest)
        grouped = self._turns_by_group(select, frame.take(others), subject[others], at[others], earliest=earliest)
        return merged((apart, rows), (grouped, others), frame)

    def _turns_by_row(self, select: n.Chosen, frame: Frame, subject: Indices, at: Array, *, earliest: bool) -> Turns:
        bucket = frame.bucket
        if select.events is not None:
            rows, events, pairs = self._seen(select, frame, subject, at)
            when = bucket.event_at[events]
        else:
            rows, entries = self._prior(select, frame)
            keep = self._happened(entries, subject[rows], at[rows], bucket)
            rows, entries = rows[keep], entries[keep]
            when = bucket.at[entries]
            pairs = frame.looking(rows, e=entries)
        if earliest:
            fits, keep = self._fits_until_sure(select, pairs, rows, subject)
            rows, when, pairs = rows[keep], when[keep], pairs.take(keep)
        else:
            fits = self._fits(select, pairs, subject[rows])
        may = fits.maybe
        if earliest and len(rows):
            may = may & until_first(rows, fits.surely, frame.rows)
        keep = np.flatnonzero(may)
        if len(keep) < len(rows):
            return Turns(rows[keep], when[keep], fits.take(keep), pairs.take(keep), select.events is not None)
        return Turns(rows, when, fits, pairs, select.events is not None)

    @staticmethod
    def _happened(entries: Indices, asked: Indices, instant: Array, bucket: Bucket) -> Indices:
        """Which of some entries had happened by an instant, and as of the entry of which is asked, where that is its own."""
        when = bucket.at[entries]
        # Of the entries of its very instant, those that stand after an entry have not happened as of it.
        later = (entries > asked) & (when == instant) & (bucket.at[asked] == instant)
        return np.flatnonzero((when <= instant) & (entries != asked) & ~later)

    # -- what rows of one consumer, debt and place look at ---------------------------------------------------------------

    def _alike_in_groups(self, select: n.Chosen, frame: Frame, *, earliest: bool) -> Bools | None:
        """The rows for which a block's entries or events are found by groups; None where they are for none of them."""
        if frame.rows < _WORTH_GROUPING or frame.grouped is None:
            return None
        bucket = frame.bucket
        alike = looks_alike(select, bucket)
        if alike is not None and earliest:
            alike = alike & sees_in_order(bucket)
        if alike is None:
            return None
        groups = frame.grouped[0]
        if (select, earliest) not in groups.lines and frame.rows * _ROWS_OF_A_GROUP < groups.size:
            return None
        found: Bools = alike[frame.consumer]
        return found if found.any() else None

    def _turns_by_group(self, select: n.Chosen, frame: Frame, subject: Indices, at: Array, *, earliest: bool) -> Turns:
        bucket = frame.bucket
        assert frame.grouped is not None
        groups, of_row = frame.grouped
        lines = self._lines(select, groups, earliest=earliest)
        if select.events is not None:
            rows, places = spread(lines.of_group.first(of_row), lines.of_group.stop(of_row))
            events = lines.numbers[places]
            known = bucket.event_known_at[events] <= bucket.knowledge[frame.c[rows]]
            pairs = frame.looking(rows, v=events)
            keep = np.flatnonzero(known & began_by(pairs, at[rows], subject[rows]))
            if len(keep) < len(rows):
                rows, places, events = rows[keep], places[keep], events[keep]
                pairs = frame.looking(rows, v=events)
            return Turns(rows, bucket.event_at[events], lines.fits.take(places), pairs, True)
        stops = lines.before(of_row, bucket.stop[frame.c], len(bucket.entries))
        rows, places = spread(lines.of_group.first(of_row), stops)
        entries = lines.numbers[places]
        keep = self._seen_of(entries, frame.c[rows], bucket)
        keep = keep[self._happened(entries[keep], subject[rows[keep]], at[rows[keep]], bucket)]
        rows, places, entries = rows[keep], places[keep], entries[keep]
        return Turns(rows, bucket.at[entries], lines.fits.take(places), frame.looking(rows, e=entries), False)

    def _lines(self, select: n.Chosen, groups: Groups, *, earliest: bool) -> Lines:
        """What fits in the groups, or may; of `earliest` none after a first that surely does."""
        known = groups.lines.get((select, earliest))
        if known is None:
            known = groups.lines[select, earliest] = self._lines_of(select, groups, earliest=earliest)
        return known

    def _lines_of(self, select: n.Chosen, groups: Groups, *, earliest: bool) -> Lines:
        frame, bucket = groups.frame, groups.frame.bucket
        if select.events is not None:
            picked = self._candidate_events(select, frame)
            consumer = frame.consumer
            rows, places = spread(*picked.places(bucket.happened.first(consumer), bucket.happened.stop(consumer)))
            numbers = picked.numbers[places]
            pairs = frame.looking(rows, v=numbers)
        else:
            picked = self._candidate_entries(select, frame)
            rows, places = spread(*picked.places(bucket.first[frame.c], bucket.stop[frame.c]))
            numbers = picked.numbers[places]
            pairs = frame.looking(rows, e=numbers)
        if earliest:
            fits, keep = self._fits_until_sure(select, pairs, rows, frame.c)
            rows, numbers = rows[keep], numbers[keep]
            keep = np.flatnonzero(fits.maybe & until_first(rows, fits.surely, frame.rows))
        else:
            fits = self._fits(select, pairs, frame.c[rows])
            keep = np.flatnonzero(fits.maybe)
        counts = np.bincount(rows[keep], minlength=frame.rows)
        return Lines(Runs.of(counts), numbers[keep], fits.take(keep))

    def _fits_until_sure(
        self, select: n.Chosen, pairs: Frame, rows: Indices, subject: Indices
    ) -> tuple[Planes, Indices]:
        """Of lines in order of their rows, which fit, and which lines these are: none after a first that surely does."""
        is_first = np.diff(rows, prepend=-1) != 0
        firsts = np.flatnonzero(is_first)
        of_firsts = self._fits(select, pairs.take(firsts), subject[rows[firsts]])
        open_ = np.ones(len(subject), bool)
        open_[rows[firsts[of_firsts.surely]]] = False
        others = np.flatnonzero(~is_first & open_[rows])
        surely, maybe = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        surely[firsts], maybe[firsts] = of_firsts.surely, of_firsts.maybe
        if len(others):
            of_others = self._fits(select, pairs.take(others), subject[rows[others]])
            surely[others], maybe[others] = of_others.surely, of_others.maybe
        keep = np.flatnonzero(maybe)
        return Planes(surely[keep], maybe[keep]), keep

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


_WORTH_GROUPING: Final = 64
_ROWS_OF_A_GROUP: Final = 2
"""Where no group has so many rows in the mean, each is asked by itself."""
_WORTH_TAKING: Final = 0.7
"""Where no more than so many of the rows are asked of, they are taken by themselves."""
_FEW_FACTS: Final = 60
"""What costs no more reads facts alone."""


@dataclass(frozen=True, slots=True)
class _CandidateKey:
    names: frozenset[str]
    only_when: n.Node | None

    def __hash__(self) -> int:
        return hash((self.names, id(self.only_when)))


def _parts(node: n.Node | None) -> tuple[n.Node, ...]:
    """What must hold for a condition to hold."""
    if node is None:
        return ()
    return node.parts if isinstance(node, n.All) else (node,)


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


__all__ = ["NO_ZONE", "Blocks"]
