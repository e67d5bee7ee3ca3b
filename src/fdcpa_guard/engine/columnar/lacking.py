"""What is lacking where conditions are unknown: the lists of facts that `engine.interpreted_conditions` gives with them.

A condition is walked as it stands in its rule, for the rows of which it is unknown alone: whatever is settled lacks nothing.
What blocks lack is found by the lines that they look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

import numpy as np

from fdcpa_guard.engine.columnar import nodes as n
from fdcpa_guard.engine.columnar.blocks import Blocks
from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Array, Column, spread
from fdcpa_guard.engine.columnar.frame import NO_CANDIDATE, UNSURE_CANDIDATE, Frame
from fdcpa_guard.engine.columnar.measures import Spans
from fdcpa_guard.engine.columnar.names import NONE, Lists
from fdcpa_guard.engine.columnar.planes import Bools, Indices, Planes
from fdcpa_guard.engine.columnar.planning import Planning
from fdcpa_guard.engine.columnar.relations import entry_agrees, event_agrees
from fdcpa_guard.engine.relations import LACKING
from fdcpa_guard.lang import core
from fdcpa_guard.lang.core import Presence, Scope
from fdcpa_guard.rulefile.model import (
    Count,
    Deadline,
    Exception_,
    Limitation,
    MomentOf,
    Rule,
    Selection,
    Standing,
    Waiting,
)
from fdcpa_guard.rulefile.walk import values_of

_NO_CLOCK: Final = "consumer.time_zone"
_GAPS: Final = "log_complete"


class Untold(Exception):
    """A condition of which columns cannot tell what is lacking."""


def unknown_in(planes: Planes) -> Indices:
    """The rows of which it is unknown."""
    found: Indices = np.flatnonzero(planes.maybe & ~planes.surely)
    return found


class Lacking(Blocks):
    """Tells what the parts of one rule lack, row by row, as numbers among `lists`.

    Every method raises `Untold` where columns cannot tell it.
    """

    def __init__(self, rule: Rule, planning: Planning, lists: Lists) -> None:
        self._rule, self._planning, self._lists = rule, planning, lists

    def condition(self, node: core.Condition, scope: Scope, frame: Frame) -> Array:
        """What a condition lacks in each row; nothing where it is settled."""
        found = np.zeros(frame.rows, np.int64)
        if frame.rows == 0:
            return found
        planned = self._planning.condition(node, scope)
        if planned.reads and not planned.reads & {"e", "v", "m"}:
            judged, rows = _judged(frame)
            if judged is not frame:
                return self.condition(node, scope, judged)[rows]
        open_ = unknown_in(self.truth(planned, frame))
        if len(open_):
            piece = frame if len(open_) == frame.rows else frame.take(open_)
            found[open_] = self._of_unknown(node, scope, piece)
        return found

    def _of_unknown(self, node: core.Condition, scope: Scope, frame: Frame) -> Array:
        match node:
            case core.AllOf(parts) | core.AnyOf(parts):
                return self._after_each_other(self.condition(part, scope, frame) for part in parts)
            case core.Not(part):
                return self.condition(part, scope, frame)
            case core.Holds(core.Definition(name)):
                return self.condition(self._rule.definitions[name].when, scope, frame)
            case core.Compare() | core.OneOf() | core.Contains() | core.Is() | core.Within() | core.Holds():
                return self._of_test(node, scope, frame)
            case _:
                assert_never(node)

    def exceptions(self, exceptions: Iterable[Exception_], scope: Scope, frame: Frame) -> Array:
        """What those lack that are unknown, one after another."""
        found = np.zeros(frame.rows, np.int64)
        for each in exceptions:
            found = self._lists.joined(found, self.condition(each.when, scope, frame))
        return found

    def _after_each_other(self, parts: Iterable[Array]) -> Array:
        found: Array | None = None
        for part in parts:
            found = part if found is None else self._lists.joined(found, part)
        assert found is not None
        return found

    # -- tests -----------------------------------------------------------------------------------------------------------

    def _of_test(self, node: core.Test, scope: Scope, frame: Frame) -> Array:
        named = [value for value in values_of(node) if isinstance(value, core.Moment | core.MomentField)]
        names = list(dict.fromkeys(value.name for value in named))
        if not names:
            return self._with(node, scope, frame)
        rows: Indices = np.arange(frame.rows)
        chosen: dict[n.Moment, Indices] = {}
        for name in names:
            moment = self._planning.moment(name)
            lengths, items = self._in_order(moment, frame)
            starts = np.cumsum(lengths) - lengths
            picked, numbers = spread(starts[rows], starts[rows] + lengths[rows])
            rows = rows[picked]
            chosen = {each: index[picked] for each, index in chosen.items()}
            chosen[moment] = items[numbers]
        each = self._with(node, scope, frame.choosing(rows, chosen))
        found = self._lists.gathered(each, rows, frame.rows)
        return np.where(found == NONE, self._lists.of(names), found)

    def _in_order(self, moment: n.Moment, frame: Frame) -> tuple[Array, Indices]:
        """The candidates of each row as the definition meets them: the last of all first, where the latest is sought."""
        lengths, items = self._candidates(moment, frame)
        if not moment.latest:
            return lengths, items
        rows = np.repeat(np.arange(frame.rows), lengths)
        # What was not found, and what may be missing, stand last.
        return lengths, items[np.lexsort((np.where(items >= 0, -items, -items + 1), items < 0, rows))]

    def _with(self, node: core.Test, scope: Scope, frame: Frame) -> Array:
        """What a test lacks by itself, whatever its answer is."""
        match node:
            case core.Compare(_, left, right):
                return self._of_values((left, right), scope, frame)
            case core.OneOf(value, names):
                if frame.chosen and not all(isinstance(name, core.Literal) for name in names):
                    raise Untold
                return self._of_values((value,), scope, frame)
            case core.Contains(value, item):
                return self._of_values((value, item), scope, frame)
            case core.Is(core.Moment(name), _):
                unsure = frame.chosen[self._planning.moment(name)] == UNSURE_CANDIDATE
                return np.where(unsure, self._lists.of((_GAPS,)), NONE)
            case core.Is(_, Presence.KNOWN | Presence.UNKNOWN):
                return np.zeros(frame.rows, np.int64)
            case core.Is(value, _):
                return self._of_values((value,), scope, frame)
            case core.Within():
                return self._of_nearness(node, scope, frame)
            case core.Holds(core.BlockTruth(name)):
                return self._of_block(name, scope, frame)
            case core.Holds(value):
                return self._of_values((value,), scope, frame)
            case _:
                assert_never(node)

    def _of_nearness(self, node: core.Within, scope: Scope, frame: Frame) -> Array:
        values = node.value, node.anchor, node.duration
        moment, start, length = (self.value(self._planning.value(each, scope), frame).value for each in values)
        assert isinstance(moment, Column)
        assert isinstance(start, Column)
        assert isinstance(length, Spans)
        usable = (moment.data != UNSAID_NUMBER) & (start.data != UNSAID_NUMBER)
        for duration, rows in length.groups(frame.rows):
            if duration is None:
                usable[slice(None) if rows is None else rows] = False
        planned = self._planning.condition(node, scope)
        assert isinstance(planned, n.Test)
        answered = self._test_with(planned, frame)
        by_clock = usable & answered.maybe & ~answered.surely
        lacks = self._of_values(values, scope, frame)
        return np.where(by_clock, self._lists.of((_NO_CLOCK,)), np.where(usable, NONE, lacks))

    def _of_values(self, values: Sequence[core.Value], scope: Scope, frame: Frame) -> Array:
        """What values lack; nothing where one of them is of what a moment did not find."""
        gone = np.zeros(frame.rows, bool)
        found = np.zeros(frame.rows, np.int64)
        for value in values:
            found = self._lists.joined(found, self._of_value(value, scope, frame))
            if isinstance(value, core.MomentField):
                gone |= frame.chosen[self._planning.moment(value.name)] == NO_CANDIDATE
        return np.where(gone, NONE, found) if gone.any() else found

    def _of_value(self, value: core.Value, scope: Scope, frame: Frame) -> Array:
        nothing = np.zeros(frame.rows, np.int64)
        match value:
            case core.Literal():
                return nothing
            case core.Parameter(name):
                return self._of_parameter(name, frame)
            case core.Fact(name):
                column = self.fact(self._planning.value(value, scope), frame)
                return self._where_unsaid(column, name, nothing)
            case core.CountOf(name):
                judged, rows = _judged(frame)
                counted = self._of_count(name, judged)
                return counted if judged is frame else counted[rows]
            case core.MomentField(name, fact):
                chosen = frame.chosen[self._planning.moment(name)]
                found = self.value(self._planning.value(value, scope), frame).value
                assert isinstance(found, Column)
                lacks = self._where_unsaid(found, f"{name}.{fact.partition('.')[2]}", nothing)
                lacks = np.where(chosen == UNSURE_CANDIDATE, self._lists.of((_GAPS,)), lacks)
                return np.where(chosen == NO_CANDIDATE, NONE, lacks)
            case core.Moment() | core.BlockTruth() | core.Definition():
                raise AssertionError(f"`{value.name}` has no value to read")
            case _:
                assert_never(value)

    def _where_unsaid(self, column: Column, name: str, nothing: Array) -> Array:
        known = column.known()
        return nothing if known is None else np.where(known, NONE, self._lists.of((name,)))

    def _of_parameter(self, name: str, frame: Frame) -> Array:
        first, last = self.days(frame)
        found = np.zeros(frame.rows, np.int64)
        if first is last:
            return found
        parameter, lacks = self._rule.parameters[name], self._lists.of((_NO_CLOCK,))
        for row in np.flatnonzero(first != last).tolist():
            if parameter.on(int(first[row])) != parameter.on(int(last[row])):
                found[row] = lacks
        return found

    # -- blocks ----------------------------------------------------------------------------------------------------------

    def _of_block(self, name: str, scope: Scope, frame: Frame) -> Array:
        block = self._rule.blocks[name]
        match block:
            case Standing():
                return self._of_standing(block, scope, frame)
            case Waiting():
                judged, rows = _judged(frame)
                found = self._of_waiting(block, judged)
                return found if judged is frame else found[rows]
            case Deadline() | Limitation():
                raise Untold
            case Count() | MomentOf():
                raise AssertionError(f"`{name}` is no truth")
            case _:
                assert_never(block)

    def _of_standing(self, block: Standing, scope: Scope, frame: Frame) -> Array:
        node = self._planning.block_truth(block.name, scope)
        subject, at = self._as_of(node, frame)
        selects = (*block.ends, *block.begins)
        found = self._after_each_other(self._of_turns(select, frame, subject, at) for select in selects)
        nothing = self._complete(frame) & (found == NONE)
        return self._with_gaps(np.where(nothing, self._lists.of((block.name,)), found), frame)

    @staticmethod
    def _complete(frame: Frame) -> Bools:
        found: Bools = frame.bucket.log_complete[frame.consumer]
        return found

    def _with_gaps(self, lacks: Array, frame: Frame) -> Array:
        """The same, and of a log that may lack entries that besides."""
        return self._lists.joined(lacks, np.where(self._complete(frame), NONE, self._lists.of((_GAPS,))))

    def _of_waiting(self, block: Waiting, frame: Frame) -> Array:
        found = self._of_turns(block.after, frame, frame.c, frame.bucket.at[frame.c])
        return np.where(found == NONE, self._lists.of((_GAPS,)), found)

    def _of_turns(self, select: Selection, frame: Frame, subject: Indices, at: Array) -> Array:
        turns = self._turns(self._planning.select(select), frame, subject, at)
        lines = np.zeros(len(turns.rows), np.int64)
        open_ = unknown_in(turns.fits)
        if len(open_):
            lines[open_] = self._of_fit(select, turns.frame.take(open_), subject[turns.rows[open_]])
        return self._lists.gathered(lines, turns.rows, frame.rows)

    def _of_fit(self, select: Selection, pairs: Frame, subject: Indices) -> Array:
        """What lacks for it to be known whether the entry or event of each pair is one that a block looks at."""
        lists, of_events = self._lists, select.events is not None
        found = np.zeros(pairs.rows, np.int64)
        for same in select.same:
            agrees = event_agrees(same, pairs, subject) if of_events else entry_agrees(same, pairs, pairs.e, subject)
            found = lists.joined(found, self._where_open(agrees, LACKING[same][1 if of_events else 0 : 2]))
        if select.entries is not None and "any" not in select.entries:
            chosen = self._planning.select(select)
            found = lists.joined(found, self._where_open(self._on_channel(chosen, pairs), ("entry.channel",)))
        if select.only_when is not None:
            scope = Scope.EVENT if of_events else Scope.ENTRY
            found = lists.joined(found, self.condition(select.only_when, scope, pairs))
        return found

    def _where_open(self, planes: Planes, names: Sequence[str]) -> Array:
        return np.where(planes.maybe & ~planes.surely, self._lists.of(names), NONE)

    def _of_count(self, name: str, frame: Frame) -> Array:
        """What a count lacks where it is a range."""
        block = self._rule.blocks[name]
        assert isinstance(block, Count)
        node = self._planning.count(block)
        ranges = self.counted_of(node, frame)
        found = np.zeros(frame.rows, np.int64)
        open_ = np.flatnonzero(ranges.least != ranges.most)
        if len(open_) == 0:
            return found
        piece = frame.take(open_)
        maybe, sure = self._window(node.over, piece)
        rows, entries = self._prior(node.select, piece, maybe)
        pairs = piece.looking(rows, e=entries)
        lines, counts = self._of_counted(block, node, pairs)
        late = counts.surely & (piece.bucket.at[entries] < sure[rows])
        lines = np.where(late, self._lists.of((_NO_CLOCK,)), lines)
        lacks = self._lists.gathered(lines, rows, piece.rows)
        if block.window.this_one:
            own = piece.looking(np.arange(piece.rows), e=piece.c)
            fits = self._fits(node.select, own, own.c)
            left_out = self._excused(node.exceptions, own).surely
            unsure = np.flatnonzero(fits.maybe & ~fits.surely & ~left_out)
            lacks_own = np.zeros(piece.rows, np.int64)
            if len(unsure):
                lacks_own[unsure] = self._of_fit(block.select, own.take(unsure), own.c[unsure])
            lacks = self._lists.joined(lacks, lacks_own)
        found[open_] = self._with_gaps(lacks, piece)
        return found

    def _of_counted(self, block: Count, node: n.Counted, pairs: Frame) -> tuple[Array, Planes]:
        """What lacks for it to be known of each pair whether its entry counts, and whether it does."""
        fits = self._fits(node.select, pairs, pairs.c)
        excused = self._excused(node.exceptions, pairs)
        counts = Planes(fits.surely & ~excused.maybe, fits.maybe & ~excused.surely)
        open_ = unknown_in(counts)
        lines = np.zeros(pairs.rows, np.int64)
        if len(open_):
            part = pairs.take(open_)
            of_fit = np.zeros(len(open_), np.int64)
            unfit: Bools = fits.maybe[open_] & ~fits.surely[open_]
            unsure = np.flatnonzero(unfit)
            if len(unsure):
                of_fit[unsure] = self._of_fit(block.select, part.take(unsure), part.c[unsure])
            lines[open_] = self._lists.joined(of_fit, self.exceptions(block.exceptions, Scope.ENTRY, part))
        return lines, counts


def _judged(frame: Frame) -> tuple[Frame, Indices]:
    """The rows that are judged on which a frame stands, and which of them each of its rows is about."""
    rows: Indices = np.arange(frame.rows)
    while frame.chosen or frame.speaks_of & {"e", "v"}:
        source = frame.origin or frame.ground
        assert source is not None
        frame, rows = source[0], source[1][rows]
    return frame, rows
