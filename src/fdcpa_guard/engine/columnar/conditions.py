"""What conditions mean of many rows: the columnar form of `engine.interpreted_conditions`.

What one part of a condition has settled of a row is not asked of the others, and a count is worked out only where bounds
that cost little leave a comparison open. Neither changes an answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    unsaid,
    unsaid_of,
)
from fdcpa_guard.engine.columnar.facts import read
from fdcpa_guard.engine.columnar.frame import NO_CANDIDATE, UNSURE_CANDIDATE, Frame, spread
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
from fdcpa_guard.engine.columnar.spans import unknown_where_unsaid, within
from fdcpa_guard.engine.content import is_said
from fdcpa_guard.engine.windows import EARLIEST_CLOCK, LATEST_CLOCK
from fdcpa_guard.facts.phrases import contains_phrase
from fdcpa_guard.lang.core import Presence
from fdcpa_guard.lang.operators import Symbol
from fdcpa_guard.values import Duration, Kind

UNBOUNDED: Final = 1 << 60
"""How many entries count at most where the log may lack any number of them."""
_COMPARE: Final[dict[Symbol, Callable[[Any, Any], Any]]] = {
    Symbol.EQ: np.equal, Symbol.NE: np.not_equal, Symbol.LT: np.less,
    Symbol.LE: np.less_equal, Symbol.GT: np.greater, Symbol.GE: np.greater_equal,
}  # fmt: skip
_WORTH_LEAVING: Final = 0.75
"""Where more of the rows than this are open still, all of them are asked: to pick them out would cost more."""
_THERE: Final = frozenset({Presence.PRESENT, Presence.KNOWN})
_CHEAP: Final = 10
"""What costs no more is asked of every row, since other rules will ask it too,"""
_MOST: Final = 4
"""where no fewer than one in so many is asked of."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Counts: so many surely, and so many at most."""

    least: Array
    most: Array

    def take(self, rows: Indices) -> Ranges:
        return Ranges(self.least[rows], self.most[rows])


@dataclass(frozen=True, slots=True)
class Spans:
    """Durations, of which few differ: the place of each row's among `values`; None among them is unknown."""

    values: tuple[Duration | None, ...]
    places: Array | None
    """None: every row has the one."""

    def groups(self, rows: int) -> Sequence[tuple[Duration | None, Indices | None]]:
        """Each duration with its rows; None: all of them."""
        if self.places is None:
            return ((self.values[0], None),)
        return [(value, np.flatnonzero(self.places == place)) for place, value in enumerate(self.values)]


@dataclass(frozen=True, slots=True)
class Found:
    """What a value is in each row. `gone`: the rows in which a moment gave nothing, so that there is no such value."""

    value: Column | Ranges | Spans
    gone: Bools | None = None


class Conditions(ABC):
    """Works nodes out for the frames of one bucket."""

    def __init__(self) -> None:
        self._every_entry: Frame | None = None
        self._every_event: Frame | None = None

    @abstractmethod
    def counted(self, node: n.Counted, frame: Frame) -> Ranges:
        """What a count gives."""

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
            return known  # type: ignore[no-any-return]
        elsewhere = self._elsewhere(node, frame)
        if elsewhere is not None:
            place, rows = elsewhere
            found = self.truth(node, place).take(rows)
        else:
            found = self._truth(node, frame)
        frame.known[node] = found
        return found

    def _known(self, node: n.Node, frame: Frame) -> Any:
        found = frame.known.get(node)
        if found is None and frame.origin is not None:
            whole = self._known(node, frame.origin[0])
            if whole is not None:
                found = frame.known[node] = whole.take(frame.origin[1])
        return found

    def _elsewhere(self, node: n.Node, frame: Frame) -> tuple[Frame, Indices] | None:
        """A smaller or more common frame for which the node says the same, and which of its rows each row is."""
        reads = node.reads
        classed = frame.classed
        if classed is not None and classed[0].is_exact(node):
            return classed[0].frame, classed[1]
        if frame.origin is not None:
            # A fact that costs little is worked out once for all of a frame's rows, whoever asks of most.
            return frame.origin if node.cost <= _CHEAP and frame.rows * _MOST > frame.origin[0].rows else None
        if frame.ground is None:
            return None
        if not reads & {"e", "v", "m"}:
            return frame.ground
        if reads == {"e"}:
            return self._entries(frame), frame.e
        if reads == {"v"}:
            return self._events(frame), frame.v
        return None

    def _entries(self, frame: Frame) -> Frame:
        """Every entry of the bucket, once."""
        if self._every_entry is None:
            rows = len(frame.bucket.entries)
            self._every_entry = Frame(frame.bucket, rows, e=np.arange(rows))
        return self._every_entry

    def _events(self, frame: Frame) -> Frame:
        if self._every_event is None:
            rows = len(frame.bucket.events)
            self._every_event = Frame(frame.bucket, rows, v=np.arange(rows))
        return self._every_event

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
        return _put(found, rows, self._worked_out(node, frame.take(rows))) if len(rows) else found

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
                result = _put(result, rows, found)
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
                return _unless_gone(found.value.truth(), found)
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
                    sides = (_taken(first.value, rows), part) if one is node.left else (part, _taken(first.value, rows))
                    found = _put(found, rows, _compared(node.symbol, *sides))
                return _unless_gone(found, first)
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        return _unless_gone(_compared(node.symbol, left.value, right.value), left, right)

    def _bounded(self, node: n.Comparison, count: n.Counted, frame: Frame) -> Planes:
        """A count is worked out only where bounds that are easily found leave the answer open."""
        right = self.value(node.right, frame)
        rough = self._known(count, frame)
        if rough is not None:
            return _unless_gone(_compared(node.symbol, rough, right.value), right)
        ever: Callable[[Frame], Ranges] = lambda part: self.bounds(count, part, in_window=False)  # noqa: E731
        in_window: Callable[[Frame], Ranges] = lambda part: self.bounds(count, part, in_window=True)  # noqa: E731
        exact: Callable[[Frame], Ranges] = lambda part: self.counted_of(count, part)  # noqa: E731
        found, piece, rows = constant(None, frame.rows), frame, np.arange(frame.rows)
        for bound in (ever, in_window, exact):
            answer = _compared(node.symbol, bound(piece), _taken(right.value, rows))
            found = answer if piece is frame else _put(found, rows, answer)
            left = np.flatnonzero(answer.maybe & ~answer.surely)
            if len(left) == 0:
                break
            if len(left) < piece.rows:
                piece, rows = piece.take(left), rows[left]
        return _unless_gone(found, right)

    def counted_of(self, node: n.Counted, frame: Frame) -> Ranges:
        """A count, worked out once for a frame."""
        known = self._known(node, frame)
        if known is None:
            known = frame.known[node] = self.counted(node, frame)
        return known  # type: ignore[no-any-return]

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
        return _unless_gone(where_known(hit if known is None else hit & known, known), found)

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
            None if text == UNSAID_CODE or word == UNSAID_CODE else _contains(values[text], values[word])
            for text, word in zip(texts.data[firsts].tolist(), items.data[firsts].tolist(), strict=True)
        ]
        return _unless_gone(_spread(answers, places), found, wanted)

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
        return _unless_gone(Planes(surely, maybe), moment, start)

    # -- values ----------------------------------------------------------------------------------------------------------

    def value(self, node: n.Node, frame: Frame) -> Found:
        """What a value is in each row."""
        match node:
            case n.Said():
                return Found(self.fact(node, frame))
            case n.Constant(value=value):
                return Found(_constant(value, frame))
            case n.Dated():
                return Found(self._dated(node, frame))
            case n.OfMoment():
                return self._of_moment(node, frame)
            case n.Counted():
                if frame.chosen and frame.ground is not None:
                    return Found(self.counted_of(node, frame.ground[0]).take(frame.ground[1]))
                return Found(self.counted_of(node, frame))
            case _:
                raise AssertionError(f"{type(node).__name__} is no value")

    def fact(self, node: n.Said, frame: Frame) -> Column:
        known = self._known(node, frame)
        if known is None:
            elsewhere = self._elsewhere(node, frame)
            if elsewhere is not None:
                known = self.fact(node, elsewhere[0]).take(elsewhere[1])
            else:
                known = read(node.name, node.kind, frame)
            frame.known[node] = known
        return known  # type: ignore[no-any-return]

    def days(self, frame: Frame) -> tuple[Array, Array]:
        """The earliest and the latest local day of the communication: one where the clock is known."""
        known = frame.known.get(_DAYS)
        if known is None:
            if frame.origin is not None or frame.ground is not None:
                whole, rows = frame.origin or frame.ground  # type: ignore[misc]
                first, last = self.days(whole)
                known = first[rows], last[rows] if last is not first else first[rows]
                if last is first:
                    known = known[0], known[0]
            else:
                known = _days(frame)
            frame.known[_DAYS] = known
        return known

    def _dated(self, node: n.Dated, frame: Frame) -> Column | Spans:
        """A parameter by day: unknown where the day might be either side of a change, and where there is no value."""
        first, last = self.days(frame)
        place = _span_of(node, first)
        if last is not first:
            other = _span_of(node, last)
            each = [value for _, _, value in node.spans]
            same = np.array([[one == another for another in each] for one in each], bool)
            neither = (place < 0) & (other < 0)
            agree = neither | ((place >= 0) & (other >= 0) & same[place, other])
            place = np.where(agree, place, -1)
        values = tuple(value for _, _, value in node.spans)
        if isinstance(values[0], Duration):
            durations: tuple[Any, ...] = (*values, None)
            return Spans(durations, np.where(place < 0, len(values), place))
        if isinstance(values[0], str):
            codes = np.array([*(frame.bucket.codes.of(value) for value in values), UNSAID_CODE], np.int32)
            return Column(codes[place], True)
        numbers = np.array([*values, UNSAID_NUMBER], np.int64)
        return Column(numbers[place], True)

    def _of_moment(self, node: n.OfMoment, frame: Frame) -> Found:
        chosen = frame.chosen[node.moment]
        gone = chosen == NO_CANDIDATE
        real = np.flatnonzero(chosen >= 0)
        if len(real) == frame.rows:
            return Found(self._field(node, frame, None))
        part = self._field(node, frame, real)
        data = np.full(frame.rows, unsaid_of(part.data), part.data.dtype)
        data[real] = part.data
        return Found(Column(data, True), gone if gone.any() else None)

    def _field(self, node: n.OfMoment, frame: Frame, rows: Indices | None) -> Column:
        chosen = frame.chosen[node.moment] if rows is None else frame.chosen[node.moment][rows]
        if len(chosen) == 0:
            return unsaid(0, node.kind)
        speaks = frame.speaks_of
        places = {name: getattr(frame, name) if rows is None else getattr(frame, name)[rows] for name in "cwd" if name in speaks}
        of = "v" if node.moment.select.events is not None else "e"
        look = Frame(frame.bucket, len(chosen), **places, **{of: chosen})  # type: ignore[arg-type]
        return read(node.fact, node.kind, look)

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
        return both(asked, _put(constant(True, frame.rows), rows, failed))

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
        found = _spread(said, places)
        return negate(found) if node.wanted else found


@dataclass(frozen=True, slots=True)
class _Candidates:
    lengths: Array
    items: Indices


_DAYS: Final[Any] = object()
"""Under what a frame keeps the days of its rows."""


def _days(frame: Frame) -> tuple[Array, Array]:
    bucket = frame.bucket
    at = bucket.at[frame.c]
    first = bucket.zones.day(at, frame.zone)
    lost = np.flatnonzero(first == UNSAID_NUMBER)
    if len(lost) == 0:
        return first, first
    last = first.copy()
    first[lost] = [EARLIEST_CLOCK.day(each) for each in at[lost].tolist()]
    last[lost] = [LATEST_CLOCK.day(each) for each in at[lost].tolist()]
    return first, last


def _span_of(node: n.Dated, days: Array) -> Array:
    place = np.full(len(days), -1, np.int64)
    for number, (start, end, _) in enumerate(node.spans):
        holds = np.ones(len(days), bool)
        if start is not None:
            holds &= days >= start
        if end is not None:
            holds &= days <= end
        place[holds & (place < 0)] = number
    return place


def _constant(value: int | str | Duration, frame: Frame) -> Column | Spans:
    if isinstance(value, Duration):
        return Spans((value,), None)
    if isinstance(value, str):
        return Column(np.full(frame.rows, frame.bucket.codes.of(value), np.int32), False)
    return Column(np.full(frame.rows, value, np.int64), False)


def _compared(symbol: Symbol, left: Column | Ranges | Spans, right: Column | Ranges | Spans) -> Planes:
    if isinstance(left, Ranges) or isinstance(right, Ranges):
        one, other = _as_range(left), _as_range(right)
        known = [each.known() for each in (left, right) if isinstance(each, Column)]
        return _only_where(_ranges(symbol, one, other), known)
    assert isinstance(left, Column)
    assert isinstance(right, Column)
    truth = _COMPARE[symbol](left.data, right.data)
    knowns = [each for each in (left.known(), right.known()) if each is not None]
    if not knowns:
        return settled(truth)
    return where_known(truth, knowns[0] if len(knowns) == 1 else knowns[0] & knowns[1])


def _as_range(value: Column | Ranges | Spans) -> Ranges:
    if isinstance(value, Ranges):
        return value
    assert isinstance(value, Column)
    return Ranges(value.data, value.data)


def _only_where(planes: Planes, known: Sequence[Bools | None]) -> Planes:
    for each in known:
        if each is not None:
            planes = Planes(planes.surely & each, planes.maybe | ~each)
    return planes


def _ranges(symbol: Symbol, one: Ranges, other: Ranges) -> Planes:
    """Whether every (surely) or some (maybe) value of one range stands so to those of the other."""
    low, high, least, most = one.least, one.most, other.least, other.most
    match symbol:
        case Symbol.GT:
            surely, maybe = low > most, high > least
        case Symbol.GE:
            surely, maybe = low >= most, high >= least
        case Symbol.LT:
            surely, maybe = high < least, low < most
        case Symbol.LE:
            surely, maybe = high <= least, low <= most
        case Symbol.EQ:
            surely = (low == high) & (least == most) & (low == least)
            maybe = ~((high < least) | (low > most))
        case Symbol.NE:
            return negate(_ranges(Symbol.EQ, one, other))
    return Planes(surely, maybe)


def _taken(value: Column | Ranges | Spans, rows: Indices) -> Column | Ranges:
    assert not isinstance(value, Spans)
    return value.take(rows)


def _contains(text: Any, item: Any) -> bool:
    return item in text if isinstance(text, tuple) else contains_phrase(str(text), str(item))


def _spread(answers: Sequence[bool | None], places: Array) -> Planes:
    surely = np.array([answer is True for answer in answers], bool)[places]
    if None not in answers:
        return settled(surely)
    return Planes(surely, np.array([answer is not False for answer in answers], bool)[places])


def _put(whole: Planes, rows: Indices, part: Planes) -> Planes:
    """The planes with those of some rows in their place."""
    surely = whole.surely.copy()
    surely[rows] = part.surely
    if whole.settled and part.settled:
        return settled(surely)
    maybe = whole.maybe.copy()
    maybe[rows] = part.maybe
    return Planes(surely, maybe)


def _unless_gone(planes: Planes, *found: Found) -> Planes:
    """False where a moment gave nothing to test."""
    for each in found:
        if each.gone is not None:
            planes = both(planes, settled(~each.gone))
    return planes


__all__ = ["CODED", "UNBOUNDED", "Conditions", "Found", "Ranges", "Spans", "unknown_where_unsaid"]
