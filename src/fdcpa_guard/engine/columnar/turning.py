"""What rows look at: which entries and events a block may see from each, and which of them fit.

Those that cannot be meant, by what is known of the entry or event alone, are left out before any row looks. What all rows of
one consumer, debt and place think alike is asked once for them together (`grouping`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.bucket import Bucket, Runs
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, Array, spread
from fdcpa_guard.engine.columnar.conditions import Conditions
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.grouping import Groups, Lines, looks_alike, sees_in_order
from fdcpa_guard.engine.columnar.lines import Picked, Turns, first_at, merged, until_first
from fdcpa_guard.engine.columnar.planes import Bools, Indices, Planes, all_of, any_of, both, constant, settled
from fdcpa_guard.engine.columnar.relations import began_by, entry_agrees, event_agrees
from fdcpa_guard.ruleset.applies import EVERY_CHANNEL
from fdcpa_guard.values import Kind

_FEW_FACTS: Final = 60
"""What costs no more reads facts alone."""
_WORTH_GROUPING: Final = 64
_ROWS_OF_A_GROUP: Final = 2
"""Where no group has so many rows in the mean, each is asked by itself."""


class Turning(Conditions):
    """Finds what blocks look at, for frames of communications, possible locations and debts."""

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
        if earliest and alike is not None:
            in_order = sees_in_order(select, bucket)
            alike = None if in_order is None else alike & in_order
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
