"""All rules on all communications of a bucket: what `engine.verdicts.judge_rule` says of each, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar.accounts import Accounts
from fdcpa_guard.engine.columnar.bucket import Bucket
from fdcpa_guard.engine.columnar.columns import Array
from fdcpa_guard.engine.columnar.conditions import UNBOUNDED
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.gating import Gates
from fdcpa_guard.engine.columnar.nodes import All, Any_, Negation, Node
from fdcpa_guard.engine.columnar.planes import Bools, Indices, Planes, all_of, any_of, both, constant, negate, settled
from fdcpa_guard.engine.columnar.planning import Plan, Planner
from fdcpa_guard.engine.columnar.screening import Alike, Classes, facts_of
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.verdicts import judge_rule, per_debt
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.values import Range

VIOLATED, UNKNOWN, EXEMPT, COMPLIES, NOT_APPLICABLE = range(5)
"""Verdicts by number, the worst first."""
_NO_ROWS: Final[Indices] = np.zeros(0, np.int64)
_KEPT: Final = 6
"""How many times all rows may stand in pieces that are kept for other rules."""
VERDICTS: Final = (Verdict.VIOLATED, Verdict.UNKNOWN, Verdict.EXEMPT, Verdict.COMPLIES, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """One rule on every communication judged, in their order.

    `verdicts` are numbers into `VERDICTS`. `disagree`: violated in one possible location and not in another. `missing`:
    unknown in a possible location.
    """

    verdicts: Array
    disagree: Bools
    missing: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One rule on all communications judged: `flags` of those `places` at which it is violated or unknown.

    `whole` works out the verdicts of all the others besides.
    """

    rule: Rule
    places: Indices
    flags: Told
    whole: Callable[[], Told]

    def flagged(self) -> Indices:
        """Which communications are violated or unknown."""
        return self.places

    def raised(self) -> Iterator[tuple[int, Verdict, bool, bool]]:
        """Of each of those its place, the verdict, whether places disagree, and whether it is unknown in one."""
        flags = self.flags
        columns = self.places, flags.verdicts, flags.disagree, flags.missing
        for place, verdict, disagree, missing in zip(*(each.tolist() for each in columns), strict=True):
            yield place, VERDICTS[verdict], disagree, missing

    def times(self) -> Iterator[tuple[Verdict, int]]:
        """How many are violated, and how many unknown."""
        numbers = np.bincount(self.flags.verdicts, minlength=len(VERDICTS)).tolist()
        yield from ((verdict, times) for verdict, times in zip(VERDICTS, numbers, strict=True) if times)

    @property
    def verdicts(self) -> Array:
        return self.whole().verdicts

    @property
    def disagree(self) -> Bools:
        return self.whole().disagree

    @property
    def missing(self) -> Bools:
        return self.whole().missing


def _of_whole(rule: Rule, told: Told) -> Judged:
    places = np.flatnonzero(told.verdicts <= UNKNOWN)
    flags = Told(told.verdicts[places], told.disagree[places], told.missing[places])
    return Judged(rule, places, flags, lambda: told)


class ColumnarRules:
    """Rules, planned once, to judge buckets by."""

    def __init__(
        self, rules: Sequence[Rule], yields: Mapping[str, Sequence[Rule]], planner: Planner | None = None
    ) -> None:
        """`planner`: that of other rules, with which these have what they have in common."""
        self._planner = planner or Planner()
        self.plans = tuple(self._planner.plan(rule) for rule in rules)
        self._yields = yields
        parts = (part for plan in self.plans for part in _parts(plan))
        self._facts = facts_of(parts)

    def some(self, rules: Sequence[Rule]) -> ColumnarRules:
        """Some of the rules: what a bucket knows by all of them it knows by these."""
        return ColumnarRules(rules, self._yields, self._planner)

    def judge(self, bucket: Bucket) -> Iterator[Judged]:
        """Each rule in turn. Of a rule that an error ends, the definition judges every communication on its own."""
        judging = _Judging(bucket, self._yields, self._facts)
        for plan in self.plans:
            try:
                found = judging.rule(plan)
            except Exception:  # whatever it is, the definition tells it where it happens, and judges the rest
                found = self._by_definition(plan.rule, bucket)
            yield found

    def _by_definition(self, rule: Rule, bucket: Bucket) -> Judged:
        told = [
            judge_rule(
                rule, bucket.entries[index], bucket.files[bucket.consumer[index]], bucket.prior(index),
                yields_to=self._yields.get(rule.id, ()), traced=False,
            )
            for index in bucket.judged.tolist()
        ]  # fmt: skip
        verdicts = np.array([VERDICTS.index(each.verdict) for each in told], np.int8)
        disagree = np.array([each.locations_disagree for each in told], bool)
        return _of_whole(rule, Told(verdicts, disagree, np.array([each.missing for each in told], bool)))

    def accounts(self, bucket: Bucket) -> Accounts:
        """What there is to say of the unknowns of a bucket."""
        return Accounts(bucket, self._yields, self._facts, self._planner.planning)

    def counts(self, plan: Plan, bucket: Bucket) -> dict[str, list[list[Range]]]:
        """What each count of a rule gives: for each communication judged, in each location and for each debt in turn."""
        judging = _Judging(bucket, self._yields, self._facts)
        frame = judging.frame(plan.rule)
        found: dict[str, list[list[Range]]] = {}
        owners = judging.owners(plan.rule).tolist()
        for name, node in plan.counts.items():
            ranges = judging.blocks.counted_of(node, frame)
            lists: list[list[Range]] = [[] for _ in bucket.judged]
            for owner, least, most in zip(owners, ranges.least.tolist(), ranges.most.tolist(), strict=True):
                lists[owner].append(Range(least, None if most >= UNBOUNDED else most))
            found[name] = lists
        return found


class _Judging(Gates):

    def _classes(self, frame: Frame) -> Classes:
        """The classes of the rows of one of the two frames."""
        known: Classes | None = frame.classes
        if known is None:
            bucket = self.bucket
            owners = bucket.located_judged
            judged = owners if frame is self._located else owners[self._debts()[1]]
            gate = [each for columns in self._told_apart(frame) for each in columns]
            known = frame.classes = Classes(frame, judged, gate, self._alike, self._facts, self.blocks)
        return known

    @cached_property
    def _alike(self) -> Alike:
        return Alike(self.bucket, self._facts, self.blocks)

    # -- one rule --------------------------------------------------------------------------------------------------------

    def rule(self, plan: Plan) -> Judged:
        """The rule on every communication.

        It is flagged where all of this holds or may: it speaks of the row, what it asks applies and is violated, and no
        exception excuses it. What is cheap to say of whole classes of rows is asked first.
        """
        rule = plan.rule
        base = self.frame(rule)
        classes = self._classes(base)
        maybe, surely, rest = self._screened(plan, classes)
        found = self._open(plan, base, classes, maybe, surely, rest)
        return self._flags(plan, *found)

    def _screened(self, plan: Plan, classes: Classes) -> tuple[Bools, Bools, list[Node]]:
        """Which classes may be flagged, which of them surely are by what is known of classes, and what is left to ask."""
        gate, exact = self._class_gate(plan.rule, classes)
        maybe, surely = gate.maybe.copy(), gate.surely.copy() if exact else np.ones(classes.size, bool)
        rest: list[Node] = []
        for part in _conjuncts(plan):
            if not maybe.any():
                break
            planes = classes.screened(part)
            maybe &= planes.maybe
            if classes.is_exact(part):
                surely &= planes.surely
            else:
                rest.append(part)
        if plan.open_questions and maybe.any():
            violated = all_of([classes.screened(part) for part in plan.violated], classes.size)
            questions = any_of([classes.screened(part) for part in plan.open_questions], classes.size)
            maybe &= violated.maybe | questions.maybe
        return maybe, surely, rest

    def _open(
        self, plan: Plan, base: Frame, classes: Classes, maybe: Bools, surely: Bools, rest: list[Node]
    ) -> tuple[Indices, Planes]:
        """The rows that are flagged, or may be: what of each of them is so."""
        if not maybe.any():
            return _NO_ROWS, constant(False, 0)
        piece, rows = self._piece(base, classes, maybe)
        found = settled(np.ones(len(rows), bool)) if surely[maybe].all() else _unless(surely[classes.of_row[rows]])
        _, exact = self._class_gate(plan.rule, classes)
        if not exact:
            found = both(found, self._gate(plan.rule, base).take(rows))
        for part in rest:
            rough = self._rough(part, piece)
            if rough is not None:
                found = Planes(found.surely, found.maybe & rough.maybe)
        piece, rows, found = _left(piece, rows, found)
        if rest and len(rows):
            found = both(found, self.blocks.all_in_turn(sorted(rest, key=lambda node: node.cost), piece))
        if plan.open_questions:
            piece, rows, found = _left(piece, rows, found)
            violated = self._all(plan.violated, piece)
            questions = self._any(plan.open_questions, piece)
            found = both(found, Planes(violated.surely, violated.maybe | questions.maybe))
        _, rows, found = _left(piece, rows, found)
        return rows, found

    def _piece(self, base: Frame, classes: Classes, maybe: Bools) -> tuple[Frame, Indices]:
        """The rows of some classes; rules that ask of the same classes share them."""
        key = id(base), maybe.tobytes()
        known = self._pieces.pop(key, None)
        if known is None:
            rows = np.flatnonzero(maybe[classes.of_row])
            known = base.take(rows)
            self._kept += known.rows
            while self._pieces and self._kept > _KEPT * base.rows:
                self._kept -= self._pieces.pop(next(iter(self._pieces))).rows
        self._pieces[key] = known
        assert known.origin is not None
        return known, known.origin[1]

    def _rough(self, node: Node, frame: Frame) -> Planes | None:
        """What a condition may come to by what kinds of events there are at all; None where that tells nothing."""
        idle = self.blocks.idle(node)
        if idle is not None:
            looked_at, answer = idle
            sees = self.blocks.may_see(looked_at, frame)
            return Planes(~sees, np.ones(frame.rows, bool)) if answer else Planes(np.zeros(frame.rows, bool), sees)
        match node:
            case Negation(part=part):
                inner = self._rough(part, frame)
                return None if inner is None else negate(inner)
            case All(parts=parts):
                known = [each for part in parts if (each := self._rough(part, frame)) is not None]
                if not known:
                    return None
                found = all_of(known, frame.rows)
                # The parts of which nothing is told may be false.
                return found if len(known) == len(parts) else Planes(np.zeros(frame.rows, bool), found.maybe)
            case Any_(parts=parts):
                told = [each for part in parts if (each := self._rough(part, frame)) is not None]
                return any_of(told, frame.rows) if len(told) == len(parts) else None
            case _:
                return None

    def _flags(self, plan: Plan, rows: Indices, found: Planes) -> Judged:
        """From rows to communications: violated where a rule is in every possible location, unknown where in some."""
        rule, bucket = plan.rule, self.bucket
        if len(rows) == 0:
            none = np.zeros(0, bool)
            return Judged(rule, _NO_ROWS, Told(np.zeros(0, np.int8), none, none), lambda: self.told(plan))
        # Rows stand in the order of their communications, and so do their places.
        located = self._debts()[1][rows] if per_debt(rule) else rows
        violated_in, _ = _runs(located[found.surely])
        unknown_in, _ = _runs(located[~found.surely])
        owner = bucket.located_judged
        places, counts = _runs(owner[violated_in])
        unknown, _ = _runs(owner[unknown_in[~_among(unknown_in, violated_in)]])
        flagged, _ = _runs(np.sort(np.concatenate((places, unknown)), kind="stable"))
        violated = np.zeros(len(flagged), np.int64)
        violated[np.searchsorted(flagged, places)] = counts
        missing = np.zeros(len(flagged), bool)
        missing[np.searchsorted(flagged, unknown)] = True
        everywhere = violated == bucket.places.starts[flagged + 1] - bucket.places.starts[flagged]
        verdicts = np.where(everywhere, VIOLATED, UNKNOWN).astype(np.int8)
        flags = Told(verdicts, (violated > 0) & ~everywhere, missing & ~everywhere)
        return Judged(rule, flagged, flags, lambda: self.told(plan))

    # -- every verdict of one rule -----------------------------------------------------------------------------------------

    def told(self, plan: Plan) -> Told:
        """The rule's verdict on every communication."""
        by_row = self._rows(plan)
        rule = plan.rule
        locations = len(self.bucket.located_judged)
        if per_debt(rule):
            # A communication about several debts counts once for each: the worst of them is its verdict.
            verdicts = np.full(locations, NOT_APPLICABLE, np.int8)
            np.minimum.at(verdicts, self._debts()[1], by_row)
        else:
            verdicts = by_row
        return self._over_locations(verdicts)

    def _over_locations(self, verdicts: Array) -> Told:
        """Violated where it is in every possible location; unknown where in some."""
        owner, size = self.bucket.located_judged, len(self.bucket.judged)
        places = np.bincount(owner, minlength=size)
        worst = np.full(size, NOT_APPLICABLE, np.int8)
        if len(owner) == size:
            worst = verdicts
            disagree = np.zeros(size, bool)
            return Told(worst, disagree, worst == UNKNOWN)
        np.minimum.at(worst, owner, verdicts)
        violated = np.bincount(owner[verdicts == VIOLATED], minlength=size)
        unknown = np.bincount(owner[verdicts == UNKNOWN], minlength=size) > 0
        disagree = (violated > 0) & (violated < places)
        open_ = disagree | ((violated == 0) & unknown)
        found = np.where(open_, UNKNOWN, worst).astype(np.int8)
        return Told(found, disagree, open_ & unknown)

    def _rows(self, plan: Plan) -> Array:
        """The verdict of each row of the rule's frame."""
        whole = self.frame(plan.rule)
        verdicts = np.full(whole.rows, NOT_APPLICABLE, np.int8)
        gate = self._gate(plan.rule, whole)
        asked = _Open(whole, np.arange(whole.rows), gate, gate).where(gate.maybe)
        if plan.applies is not None and len(asked.rows):
            applies = self.blocks.truth(plan.applies, asked.frame)
            asked = replace(asked, gate=both(asked.gate, applies)).where(applies.maybe)
        if not len(asked.rows):
            return verdicts
        verdicts[asked.rows] = COMPLIES
        violated = self._all(plan.violated, asked.frame)
        if plan.open_questions:
            # Where the words of the law leave the answer open, what is not violated is unknown.
            open_ = self._any(plan.open_questions, asked.frame)
            violated = Planes(violated.surely, violated.maybe | open_.maybe)
        asked = replace(asked, violated=violated).where(violated.maybe)
        if not len(asked.rows):
            return verdicts
        excused = self._any(plan.excuses, asked.frame)
        sure = asked.gate.surely & asked.violated.surely & ~excused.maybe
        verdicts[asked.rows] = np.where(excused.surely, EXEMPT, np.where(sure, VIOLATED, UNKNOWN))
        return verdicts

    def _all(self, parts: Sequence[Node], frame: Frame) -> Planes:
        return all_of([self.blocks.truth(part, frame) for part in parts], frame.rows)

    def _any(self, parts: Sequence[Node], frame: Frame) -> Planes:
        return any_of([self.blocks.truth(part, frame) for part in parts], frame.rows)

    # -- of whom, where, when ----------------------------------------------------------------------------------------------


def _runs(numbers: Indices) -> tuple[Indices, Array]:
    """Of numbers in order each once, and how often it stands there."""
    firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
    return numbers[firsts], np.diff(firsts, append=len(numbers))


def _among(numbers: Indices, others: Indices) -> Bools:
    """Which numbers are among others; both stand in order."""
    if len(others) == 0:
        return np.zeros(len(numbers), bool)
    places = np.minimum(np.searchsorted(others, numbers), len(others) - 1)
    found: Bools = others[places] == numbers
    return found


def _parts(plan: Plan) -> list[Node]:
    """Every condition of a rule."""
    return [*_conjuncts(plan), *plan.violated, *plan.open_questions]


def _conjuncts(plan: Plan) -> tuple[Node, ...]:
    """What all has to hold of a row for the rule to be broken there, but for open questions and what they leave open."""
    whole = [] if plan.applies is None else [plan.applies]
    if not plan.open_questions:
        whole.extend(plan.violated)
    found: dict[Node, None] = {}
    for node in whole:
        found.update(dict.fromkeys(node.parts if isinstance(node, All) else (node,)))
    found.update(dict.fromkeys(plan.excused))
    return tuple(found)


def _left(piece: Frame, rows: Indices, found: Planes) -> tuple[Frame, Indices, Planes]:
    """The rows that may be so still."""
    if found.maybe.all():
        return piece, rows, found
    picked = np.flatnonzero(found.maybe)
    return piece.take(picked), rows[picked], found.take(picked)


def _unless(surely: Bools) -> Planes:
    return Planes(surely, np.ones(len(surely), bool))


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """The rows of a rule that are open still, by number, and what is known of them."""

    frame: Frame
    rows: Indices
    gate: Planes
    violated: Planes

    def where(self, keep: Bools) -> _Open:
        if keep.all():
            return self
        picked = np.flatnonzero(keep)
        return _Open(self.frame.take(picked), self.rows[picked], self.gate.take(picked), self.violated.take(picked))
