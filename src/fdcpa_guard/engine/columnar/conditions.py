"""What conditions mean of many rows: the columnar form of `engine.interpreted_conditions`.

What one part of a condition has settled of a row is not asked of the others, and a count is worked out only where bounds
that cost little leave a comparison open. Neither changes an answer.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.columns import (
    CODED,
    UNSAID_CODE,
    UNSAID_NUMBER,
    Array,
    Column,
    distinct_rows,
    spread,
)
from fdcpa_guard.engine.columnar.frame import NO_CANDIDATE, UNSURE_CANDIDATE, Frame
from fdcpa_guard.engine.columnar.measures import (
    UNBOUNDED,
    Found,
    Ranges,
    Spans,
    answered_by,
    compared,
    contains,
    put,
    taken,
    unless_gone,
)
from fdcpa_guard.engine.columnar.planes import (
    Bools,
    Indices,
    Planes,
    both,
    constant,
    either,
    negate,
    settled,
    where_known,
)
from fdcpa_guard.engine.columnar.reading import _CHEAP, Reading
from fdcpa_guard.engine.columnar.spans import unknown_where_unsaid, within
from fdcpa_guard.engine.content import is_said
from fdcpa_guard.lang.core import Presence
from fdcpa_guard.values import Kind

_WORTH_LEAVING: Final = 0.75
"""Where more of the rows than this are open still, all of them are asked: to pick them out would cost more."""
_THERE: Final = frozenset({Presence.PRESENT, Presence.KNOWN})


class Conditions(Reading):
    """Works nodes out for the frames of one bucket."""

    @abstractmethod
    def bounds(self, node: n.Counted, frame: Frame, *, in_window: bool) -> Ranges:
        """Something that a count surely lies within, found with little work; with a little more by its window."""

    @abstractmethod
    def candidates(self, node: n.Moment, frame: Frame) -> tuple[Array, Indices]:
        """How many candidates each row has, and all of them one after another."""

    @abstractmethod
    def block(self, node: n.Node, frame: Frame) -> Planes:
        """Whether a block that is a truth holds."""

    # -- truth -----------------------------------------------------------------------------------------------------------

    def truth(self, node: n.Node, frame: Frame) -> Planes:
        """The node's truth of each row of the frame."""
        known = self._known(node, frame)
        if known is not None:
            return known  # type: ignore[no-any-return]  # kept under a node that is a truth
        elsewhere = self._elsewhere(node, frame)
        if elsewhere is not None:
            place, rows = elsewhere
            found = self.truth(node, place).take(rows)
        else:
            found = self._truth(node, frame)
        frame.known[node] = found
        return found

    def _truth(self, node: n.Node, frame: Frame) -> Planes:
        idle = self.idle(node)
        if idle is None:
            return self._worked_out(node, frame)
        # Of a consumer to whom nothing of what it looks at has happened, its answer is known.
        looked_at, answer = idle
        rows = np.flatnonzero(self.may_see(looked_at, frame))
        if len(rows) == frame.rows:
            return self._worked_out(node, frame)
        found = constant(answer, frame.rows)
        return put(found, rows, self._worked_out(node, frame.take(rows))) if len(rows) else found

    def idle(self, node: n.Node) -> tuple[tuple[n.Chosen, ...], bool] | None:
        """The events that a block or a test looks at, and what it comes to where none of them is in the log."""
        match node:
            case n.Stands(begins=begins):
                looked_at, answer = begins, False
            case n.Waits(after=after, when_absent=when_absent):
                looked_at, answer = (after,), when_absent
            case n.Missed(after=after):
                looked_at, answer = (after,), False
            case n.PresenceTest(value=n.Moment(select=select), presence=presence):
                looked_at, answer = (select,), presence not in _THERE
            case n.PresenceTest(value=n.OfMoment(moment=n.Moment(select=select)), presence=presence):
                looked_at, answer = (select,), presence is Presence.ABSENT
            case n.Comparison(left=left, right=right):
                return self._idle_among((left, right))
            case n.Nearness(value=left, anchor=right):
                return self._idle_among((left, right))
            case n.Membership(value=value) | n.IsTrue(value=value):
                return self._idle_among((value,))
            case _:
                return None
        return None if any(select.events is None for select in looked_at) else (looked_at, answer)

    def _idle_among(self, values: Sequence[n.Node]) -> tuple[tuple[n.Chosen, ...], bool] | None:
        """Of a moment that gave nothing a test of its fields is false."""
        for value in values:
            if isinstance(value, n.OfMoment) and value.moment.select.events is not None:
                return (value.moment.select,), False
        return None

    @abstractmethod
    def may_see(self, looked_at: Sequence[n.Chosen], frame: Frame) -> Bools:
        """In which rows the log may have any of some events."""

    def _worked_out(self, node: n.Node, frame: Frame) -> Planes:
        match node:
            case n.All(parts=parts):
                return self._all(parts, frame)
            case n.Any_(parts=parts):
                return self._any(parts, frame)
            case n.Negation(part=part):
                return negate(self.truth(part, frame))
            case n.Fails():
                return self._fails(node, frame)
            case n.Test():
                return self._test(node, frame)
            case _:
                return self.block(node, frame)

    def all_in_turn(self, parts: Sequence[n.Node], frame: Frame) -> Planes:
        """Whether all hold; each is asked only where those before it have left that open."""
        return self._all(parts, frame)

    def _all(self, parts: Sequence[n.Node], frame: Frame) -> Planes:
        return self._in_turn(parts, frame, both, lambda found: found.maybe, True)

    def _any(self, parts: Sequence[n.Node], frame: Frame) -> Planes:
        return self._in_turn(parts, frame, either, lambda found: ~found.surely, False)

    def _in_turn(
        self,
        parts: Sequence[n.Node],
        frame: Frame,
        join: Callable[[Planes, Planes], Planes],
        still_open: Callable[[Planes], Bools],
        start: bool,
    ) -> Planes:
        """Each part asked of the rows only that those before it have left open."""
        found = constant(start, frame.rows)
        piece, rows = frame, None
        result = found
        for part in parts:
            answer = self.truth(part, piece)
            found = join(found, answer)
            if rows is None:
                result = found
            else:
                result = put(result, rows, found)
            if part is parts[-1]:
                break
            left = still_open(found)
            count = int(np.count_nonzero(left))
            if count == 0:
                break
            if count < _WORTH_LEAVING * len(left):
                picked = np.flatnonzero(left)
                piece = piece.take(picked)
                rows = picked if rows is None else rows[picked]
                found = found.take(picked)
        return result

    # -- tests -----------------------------------------------------------------------------------------------------------

    def _test(self, node: n.Test, frame: Frame) -> Planes:
        """A test. Over a moment of which it is not sure, it is true where it is for every candidate."""
        if not node.moments:
            return self._test_with(node, frame)
        rows: Indices = np.arange(frame.rows)
        chosen: dict[n.Moment, Indices] = {}
        for moment in node.moments:
            lengths, items = self._candidates(moment, frame)
            starts = np.cumsum(lengths) - lengths
            picked, numbers = spread(starts[rows], starts[rows] + lengths[rows])
            rows = rows[picked]
            chosen = {each: index[picked] for each, index in chosen.items()}
            chosen[moment] = items[numbers]
        answers = self._test_with(node, frame.choosing(rows, chosen))
        if len(rows) == frame.rows:
            return answers
        starts = np.searchsorted(rows, np.arange(frame.rows))
        surely = np.logical_and.reduceat(answers.surely, starts)
        maybe = np.logical_or.reduceat(answers.maybe, starts)
        return Planes(surely, maybe)

    def _candidates(self, moment: n.Moment, frame: Frame) -> tuple[Array, Indices]:
        known = frame.known.get(moment)
        if known is None:
            known = frame.known[moment] = _Candidates(*self.candidates(moment, frame))
        return known.lengths, known.items

    def _test_with(self, node: n.Test, frame: Frame) -> Planes:
        match node:
            case n.Comparison():
                return self._comparison(node, frame)
            case n.Membership(value=value, names=names):
                return self._membership(value, names, frame)
            case n.Containing(value=value, item=item):
                return self._containing(value, item, frame)
            case n.PresenceTest(value=value, presence=presence):
                return self._presence(value, presence, frame)
            case n.Nearness():
                return self._nearness(node, frame)
            case n.IsTrue(value=value):
                found = self.value(value, frame)
                assert isinstance(found.value, Column)
                return unless_gone(found.value.truth(), found)
            case _:
                raise AssertionError(f"{type(node).__name__} is no test")

    def _comparison(self, node: n.Comparison, frame: Frame) -> Planes:
        if isinstance(node.left, n.Counted):
            return self._bounded(node, node.left, frame)
        one, other = sorted((node.left, node.right), key=lambda each: each.cost)
        if isinstance(other, n.Said) and other.cost > _CHEAP:
            # Where the one says nothing, nothing is known whatever the other says.
            first = self.value(one, frame)
            known = first.value.known() if isinstance(first.value, Column) else None
            if known is not None and not known.all():
                rows = np.flatnonzero(known)
                found = constant(None, frame.rows)
                if len(rows):
                    part = self.fact(other, frame.take(rows))
                    sides = (taken(first.value, rows), part) if one is node.left else (part, taken(first.value, rows))
                    found = put(found, rows, compared(node.symbol, *sides))
                return unless_gone(found, first)
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        return unless_gone(compared(node.symbol, left.value, right.value), left, right)

    def _bounded(self, node: n.Comparison, count: n.Counted, frame: Frame) -> Planes:
        """A count is worked out only where bounds that are easily found leave the answer open."""
        right = self.value(node.right, frame)
        rough = self._known(count, frame)
        if rough is not None:
            return unless_gone(compared(node.symbol, rough, right.value), right)
        bounds = partial(self.bounds, count)
        surer = partial(bounds, in_window=False), partial(bounds, in_window=True), partial(self.counted_of, count)
        found, piece, rows = constant(None, frame.rows), frame, np.arange(frame.rows)
        for bound in surer:
            answer = compared(node.symbol, bound(piece), taken(right.value, rows))
            found = answer if piece is frame else put(found, rows, answer)
            left = np.flatnonzero(answer.maybe & ~answer.surely)
            if len(left) == 0:
                break
            if len(left) < piece.rows:
                piece, rows = piece.take(left), rows[left]
        return unless_gone(found, right)

    def _membership(self, value: n.Node, names: Sequence[n.Node], frame: Frame) -> Planes:
        found = self.value(value, frame)
        column = found.value
        assert isinstance(column, Column)
        hit = np.zeros(frame.rows, bool)
        for name in names:
            wanted = self._coded(name, frame)
            hit |= column.data == wanted
        # A name that is itself unknown is none that the value could be.
        known = column.known()
        return unless_gone(where_known(hit if known is None else hit & known, known), found)

    def _coded(self, node: n.Node, frame: Frame) -> Any:
        """A name or text as a code: one for all rows, or one for each."""
        if isinstance(node, n.Constant):
            return frame.bucket.codes.of(node.value)
        found = self.value(node, frame).value
        assert isinstance(found, Column)
        # Unsaid names must equal nothing, not even what is unsaid.
        return np.where(found.data == UNSAID_CODE, UNSAID_CODE - 1, found.data)

    def _containing(self, value: n.Node, item: n.Node, frame: Frame) -> Planes:
        found, wanted = self.value(value, frame), self.value(item, frame)
        texts, items = found.value, wanted.value
        assert isinstance(texts, Column)
        assert isinstance(items, Column)
        firsts, places = distinct_rows([texts.data, items.data])
        values = frame.bucket.codes.values
        answers = [
            None if text == UNSAID_CODE or word == UNSAID_CODE else contains(values[text], values[word])
            for text, word in zip(texts.data[firsts].tolist(), items.data[firsts].tolist(), strict=True)
        ]
        return unless_gone(answered_by(answers, places), found, wanted)

    def _presence(self, value: n.Node, presence: Presence, frame: Frame) -> Planes:
        if isinstance(value, n.Moment):
            there = frame.chosen[value]
            truth = (there != NO_CANDIDATE) if presence in _THERE else (there == NO_CANDIDATE)
            return where_known(truth, there != UNSURE_CANDIDATE)
        found = self.value(value, frame)
        column = found.value
        assert isinstance(column, Column)
        known = column.known()
        said = np.ones(frame.rows, bool) if known is None else known
        match presence:
            case Presence.KNOWN:
                return settled(said if found.gone is None else said & ~found.gone)
            case Presence.UNKNOWN:
                return settled(~said if found.gone is None else ~said & ~found.gone)
            case _:
                gone = np.zeros(frame.rows, bool) if found.gone is None else found.gone
                truth = said & ~gone if presence is Presence.PRESENT else gone
                return where_known(truth, None if known is None and found.gone is None else said | gone)

    def _nearness(self, node: n.Nearness, frame: Frame) -> Planes:
        moment, start, length = (self.value(each, frame) for each in (node.value, node.anchor, node.duration))
        assert isinstance(moment.value, Column)
        assert isinstance(start.value, Column)
        assert isinstance(length.value, Spans)
        at, since = moment.value.data, start.value.data
        if not node.after:
            at, since = since, at
        usable = (at != UNSAID_NUMBER) & (since != UNSAID_NUMBER)
        for each in (moment, start):
            if each.gone is not None:
                usable &= ~each.gone
        surely, maybe = np.zeros(frame.rows, bool), np.ones(frame.rows, bool)
        for duration, rows in length.value.groups(frame.rows):
            there = np.flatnonzero(usable) if rows is None else rows[usable[rows]]
            if duration is None or len(there) == 0:
                continue
            zones = frame.zone[there] if not node.on_days else at[there]
            found = within(at[there], since[there], duration, zones, frame.bucket.zones, on_days=node.on_days)
            surely[there], maybe[there] = found.surely, found.maybe
        return unless_gone(Planes(surely, maybe), moment, start)

    # -- values ----------------------------------------------------------------------------------------------------------

    # -- content ---------------------------------------------------------------------------------------------------------

    def _fails(self, node: n.Fails, frame: Frame) -> Planes:
        """Whether an item of content fails. Of each distinct text, and what is declared with it, this is asked once."""
        if node.only_when is None:
            return self._unsaid(node, frame)
        asked = self.truth(node.only_when, frame)
        rows = np.flatnonzero(asked.maybe)
        if len(rows) == 0:
            return settled(np.zeros(frame.rows, bool))
        failed = self._unsaid(node, frame.take(rows))
        return both(asked, put(constant(True, frame.rows), rows, failed))

    def _unsaid(self, node: n.Fails, frame: Frame) -> Planes:
        bucket = frame.bucket
        texts = bucket.entry_column("content", Kind.TEXT).data[frame.c]
        names = bucket.entry_column("discloses" if node.wanted else "asserts", Kind.NAMES).data[frame.c]
        firsts, places = distinct_rows([texts, names])
        values = bucket.codes.values
        said = [
            is_said(
                None if text == UNSAID_CODE else values[text], None if listed == UNSAID_CODE else values[listed],
                node.declared, node.looks_for,
            )
            for text, listed in zip(texts[firsts].tolist(), names[firsts].tolist(), strict=True)
        ]  # fmt: skip
        found = answered_by(said, places)
        return negate(found) if node.wanted else found


@dataclass(frozen=True, slots=True)
class _Candidates:
    lengths: Array
    items: Indices


__all__ = ["CODED", "UNBOUNDED", "Conditions", "Found", "Ranges", "Spans", "unknown_where_unsaid"]
