"""All rules on all communications of a bucket: what `engine.verdicts.judge_rule` says of each, at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar.blocks import Blocks
from fdcpa_guard.engine.columnar.bucket import Bucket
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, Array
from fdcpa_guard.engine.columnar.conditions import UNBOUNDED
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.nodes import Node
from fdcpa_guard.engine.columnar.planes import Bools, Indices, Planes, all_of, any_of, both, constant, negate, settled
from fdcpa_guard.engine.columnar.planning import Plan, Planner
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.verdicts import judge_rule, per_debt
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.ruleset.applies import FEDERAL, binds, holds_in, reaches
from fdcpa_guard.values import Kind, Range

VIOLATED, UNKNOWN, EXEMPT, COMPLIES, NOT_APPLICABLE = range(5)
"""Verdicts by number, the worst first."""
VERDICTS: Final = (Verdict.VIOLATED, Verdict.UNKNOWN, Verdict.EXEMPT, Verdict.COMPLIES, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One rule on every communication judged, in their order.

    `verdicts` are numbers into `VERDICTS`. `disagree`: violated in one possible location and not in another. `missing`:
    unknown in a possible location.
    """

    rule: Rule
    verdicts: Array
    disagree: Bools
    missing: Bools

    def flagged(self) -> Indices:
        """Which communications are violated or unknown."""
        return np.flatnonzero(self.verdicts <= UNKNOWN)


class ColumnarRules:
    """Rules, planned once, to judge buckets by."""

    def __init__(self, rules: Sequence[Rule], yields: Mapping[str, Sequence[Rule]]) -> None:
        planner = Planner()
        self.plans = tuple(planner.plan(rule) for rule in rules)
        self._yields = yields

    def judge(self, bucket: Bucket) -> Iterator[Judged]:
        """Each rule in turn. Of a rule that an error ends, the definition judges every communication on its own."""
        judging = _Judging(bucket, self._yields)
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
        return Judged(
            rule,
            np.array([VERDICTS.index(each.verdict) for each in told], np.int8),
            np.array([each.locations_disagree for each in told], bool),
            np.array([each.missing for each in told], bool),
        )

    def counts(self, plan: Plan, bucket: Bucket) -> dict[str, list[list[Range]]]:
        """What each count of a rule gives: for each communication judged, in each location and for each debt in turn."""
        judging = _Judging(bucket, self._yields)
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


class _Judging:
    def __init__(self, bucket: Bucket, yields: Mapping[str, Sequence[Rule]]) -> None:
        self.bucket = bucket
        self.blocks = Blocks()
        self._yields = yields
        c, w = bucket.located_entry, bucket.located_world
        none = np.full(len(c), -1, np.int64)
        self._located = Frame(bucket, len(c), c=c, w=w, d=none)
        self._by_debt: tuple[Frame, Indices] | None = None
        self._reached: dict[frozenset[str], Planes] = {}
        self._held: dict[str, Planes] = {}
        self._bound: dict[frozenset[str], Planes] = {}
        codes = bucket.entry_column("channel", Kind.NAME).data[c]
        distinct, of_row = np.unique(codes, return_inverse=True)
        names = [None if code == UNSAID_CODE else bucket.codes.values[code] for code in distinct.tolist()]
        self._channels: tuple[list[str | None], Array] = names, of_row

    def frame(self, rule: Rule) -> Frame:
        """A row for each communication and location, and for each debt where the rule asks of debts."""
        return self._debts()[0] if per_debt(rule) else self._located

    def owners(self, rule: Rule) -> Indices:
        """Which communication, among those judged, each row of the rule's frame is of."""
        located = self.bucket.located_judged
        return located[self._debts()[1]] if per_debt(rule) else located

    def _debts(self) -> tuple[Frame, Indices]:
        if self._by_debt is None:
            rows, debts = self.bucket.by_debt
            c, w = self.bucket.located_entry[rows], self.bucket.located_world[rows]
            self._by_debt = Frame(self.bucket, len(rows), c=c, w=w, d=debts), rows
        return self._by_debt

    # -- one rule --------------------------------------------------------------------------------------------------------

    def rule(self, plan: Plan) -> Judged:
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
        return self._over_locations(rule, verdicts)

    def _over_locations(self, rule: Rule, verdicts: Array) -> Judged:
        """Violated where it is in every possible location; unknown where in some."""
        owner, size = self.bucket.located_judged, len(self.bucket.judged)
        places = np.bincount(owner, minlength=size)
        worst = np.full(size, NOT_APPLICABLE, np.int8)
        if len(owner) == size:
            worst = verdicts
            disagree = np.zeros(size, bool)
            return Judged(rule, worst, disagree, worst == UNKNOWN)
        np.minimum.at(worst, owner, verdicts)
        violated = np.bincount(owner[verdicts == VIOLATED], minlength=size)
        unknown = np.bincount(owner[verdicts == UNKNOWN], minlength=size) > 0
        disagree = (violated > 0) & (violated < places)
        open_ = disagree | ((violated == 0) & unknown)
        found = np.where(open_, UNKNOWN, worst).astype(np.int8)
        return Judged(rule, found, disagree, open_ & unknown)

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

    def _gate(self, rule: Rule, frame: Frame) -> Planes:
        """Whether the rule speaks of this collector, channel, place and day, and gives way to no other."""
        found = self._bounds(rule, frame)
        for other in self._yields.get(rule.id, ()):
            found = both(found, negate(self._bounds(other, frame)))
        return found

    def _bounds(self, rule: Rule, frame: Frame) -> Planes:
        parts = [self._binds(rule), self._reaches(rule), self._holds_in(rule.jurisdiction)]
        found = all_of(parts, self._located.rows)
        found = both(found, self._in_force(rule))
        return found if frame is self._located else found.take(self._debts()[1])

    def _binds(self, rule: Rule) -> Planes:
        known = self._bound.get(rule.binds)
        if known is None:
            kinds = [binds(rule, file.collector.kind) for file in self.bucket.files]
            first = kinds[0] if kinds else True
            if all(kind is first for kind in kinds):
                known = constant(first, self._located.rows)
            else:
                consumer = self.bucket.consumer[self._located.c]
                surely = np.array([kind is True for kind in kinds], bool)[consumer]
                known = Planes(surely, np.array([kind is not False for kind in kinds], bool)[consumer])
            self._bound[rule.binds] = known
        return known

    def _reaches(self, rule: Rule) -> Planes:
        known = self._reached.get(rule.reaches)
        if known is None:
            names, of_row = self._channels
            known = self._reached[rule.reaches] = _looked_up([reaches(rule, name) for name in names], of_row)
        return known

    def _holds_in(self, jurisdiction: str) -> Planes:
        known = self._held.get(jurisdiction)
        if known is None:
            if jurisdiction == FEDERAL:
                known = constant(True, self._located.rows)
            else:
                worlds = self.bucket.worlds
                asked: dict[tuple[str | None, str | None], bool | None] = {}
                answers = []
                for world in worlds:
                    place = world.state, world.city
                    if place not in asked:
                        asked[place] = holds_in(jurisdiction, *place)
                    answers.append(asked[place])
                known = _looked_up(answers, self._located.w)
            self._held[jurisdiction] = known
        return known

    def _in_force(self, rule: Rule) -> Planes:
        first, last = self.blocks.days(self._located)
        start, end = rule.in_force.start, rule.in_force.end
        maybe, surely = np.ones(len(first), bool), np.ones(len(first), bool)
        if start is not None:
            surely &= first >= start
            maybe &= last >= start
        if end is not None:
            surely &= last <= end
            maybe &= first <= end
        return settled(surely) if first is last else Planes(surely, maybe)


def _looked_up(answers: Sequence[bool | None], places: Array) -> Planes:
    surely = np.array([answer is True for answer in answers], bool)[places]
    if None not in answers:
        return settled(surely)
    return Planes(surely, np.array([answer is not False for answer in answers], bool)[places])


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
