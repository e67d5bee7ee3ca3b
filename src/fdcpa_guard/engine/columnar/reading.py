"""What values are in many rows: facts, parameters by day, counts, and fields of what a moment gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sized
from typing import Any, Final

import numpy as np

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.bucket import Bucket
from fdcpa_guard.engine.columnar.clocks import day_of_local, fixed
from fdcpa_guard.engine.columnar.columns import (
    UNSAID_CODE,
    UNSAID_NUMBER,
    Array,
    Column,
    unsaid,
    unsaid_of,
)
from fdcpa_guard.engine.columnar.facts import read
from fdcpa_guard.engine.columnar.frame import NO_CANDIDATE, Frame
from fdcpa_guard.engine.columnar.measures import (
    Found,
    Ranges,
    Spans,
    constant_of,
    span_of,
)
from fdcpa_guard.engine.columnar.planes import (
    Indices,
)
from fdcpa_guard.engine.windows import EARLIEST_CLOCK, LATEST_CLOCK
from fdcpa_guard.values import Duration

_CHEAP: Final = 10
"""What costs no more is asked of every row, since other rules will ask it too, ..."""
_MOST: Final = 4
"""... where no fewer than one in so many is asked of."""

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
    first[lost] = day_of_local(fixed(EARLIEST_CLOCK)(at[lost]))
    last[lost] = day_of_local(fixed(LATEST_CLOCK)(at[lost]))
    return first, last


def _kept(bucket: Bucket, key: str, made: Callable[[int], Frame], of: Sized) -> Frame:
    """A frame that all have who ask of a bucket, whatever of it they judge."""
    known: Frame | None = bucket.picked.get(key)
    if known is None:
        known = bucket.picked[key] = made(len(of))
    return known


class Reading(ABC):
    """Works values out for the frames of one bucket, each once."""

    @abstractmethod
    def counted(self, node: n.Counted, frame: Frame) -> Ranges:
        """What a count gives."""

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
        return _kept(frame.bucket, "every entry", lambda rows: Frame(frame.bucket, rows, e=np.arange(rows)), frame.bucket.entries)

    def _events(self, frame: Frame) -> Frame:
        return _kept(frame.bucket, "every event", lambda rows: Frame(frame.bucket, rows, v=np.arange(rows)), frame.bucket.events)

    def counted_of(self, node: n.Counted, frame: Frame) -> Ranges:
        """A count, worked out once for a frame."""
        known: Ranges | None = self._known(node, frame)
        if known is None:
            known = frame.known[node] = self.counted(node, frame)
        return known

    def value(self, node: n.Node, frame: Frame) -> Found:
        """What a value is in each row."""
        match node:
            case n.Said():
                return Found(self.fact(node, frame))
            case n.Constant(value=value):
                return Found(constant_of(value, frame))
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
        known: Column | None = self._known(node, frame)
        if known is None:
            elsewhere = self._elsewhere(node, frame)
            if elsewhere is not None:
                known = self.fact(node, elsewhere[0]).take(elsewhere[1])
            else:
                known = read(node.name, node.kind, frame)
            frame.known[node] = known
        return known

    def days(self, frame: Frame) -> tuple[Array, Array]:
        """The earliest and the latest local day of the communication: one where the clock is known."""
        known = frame.known.get(_DAYS)
        if known is None:
            source = frame.origin or frame.ground
            if source is not None:
                whole, rows = source
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
        place = span_of(node, first)
        if last is not first:
            other = span_of(node, last)
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
        look = Frame(frame.bucket, len(chosen), **places, **{of: chosen})  # type: ignore[arg-type]  # by the names that a frame has for them
        return read(node.fact, node.kind, look)
