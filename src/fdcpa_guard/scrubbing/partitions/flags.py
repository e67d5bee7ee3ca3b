"""What rules find of many contacts at many instants, as columns, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fdcpa_guard.engine.columnar.accounts import Accounts
from fdcpa_guard.engine.columnar.bucket import Instant
from fdcpa_guard.engine.columnar.judging import UNKNOWN, VIOLATED, ColumnarRules
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Outcome, Verdict
from fdcpa_guard.engine.findings import OUTCOMES
from fdcpa_guard.engine.verdicts import Flag, RuleVerdict
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.scrubbing.partitions.planned import Ints, PlannedBucket
from fdcpa_guard.scrubbing.results import OutcomeName

Bools = npt.NDArray[np.bool_]
ALLOW, REVIEW, BLOCK = range(3)
"""Outcomes by number, the worst last."""
NAMES: Final[tuple[OutcomeName, ...]] = ("allow", "review", "block")
_RANK: Final = {Outcome.ALLOW: ALLOW, Outcome.REVIEW: REVIEW, Outcome.BLOCK: BLOCK}
UNKNOWN_KIND, _DISAGREE, _MISSING = 1, 2, 4
_KINDS = 8


@dataclass(slots=True)
class Found:
    """Flags of some points, by point and then by rule. `kind` packs the verdict, whether places disagree and whether
    something is missing; `consequence` is what the flag alone makes of a decision, `stands` whether nobody waived it."""

    points: int
    point: Ints
    rule: Ints
    kind: Ints
    consequence: Ints
    stands: Bools

    def starts(self) -> Ints:
        found: Ints = np.searchsorted(self.point, np.arange(self.points + 1))
        return found

    def outcome(self, among: Bools | None = None) -> Ints:
        """The worst consequence at each point, of the flags of some rules."""
        found = np.zeros(self.points, np.int64)
        rows = self.stands if among is None else self.stands & among[self.rule]
        np.maximum.at(found, self.point[rows], self.consequence[rows])
        return found

    def stopping(self, among: Bools | None = None) -> Ints:
        """How many flags at each point are more than advice."""
        rows = self.consequence > ALLOW if among is None else (self.consequence > ALLOW) & among[self.rule]
        found: Ints = np.bincount(self.point[rows], minlength=self.points)
        return found


class Judging:
    """All rules, or some of them, on contacts of one partition."""

    def __init__(self, guard: Guard, whole: ColumnarRules, moving: ColumnarRules, looking: ColumnarRules) -> None:
        """`moving` are those that move within a day, `looking` those that look at what was done before."""
        self.guard, self._whole, self._moving, self._looking = guard, whole, moving, looking
        self.rules = guard.rules
        self._numbers = {rule.id: number for number, rule in enumerate(guard.rules)}
        self.is_moving = np.zeros(len(self.rules), bool)
        self.is_moving[[self._numbers[plan.rule.id] for plan in moving.plans]] = True
        self._consequences = np.array([_consequences(rule) for rule in self.rules], np.int64).reshape(-1, _KINDS)

    def all(self, bucket: PlannedBucket, points: Ints) -> Found:
        """What all rules find of some of a bucket's points, by the places of these."""
        return self._judged(self._whole, bucket, points)

    def those_that_move(self, bucket: PlannedBucket, points: Ints) -> Found:
        return self._judged(self._moving, bucket, points)

    def those_that_look_back(self, bucket: PlannedBucket, points: Ints) -> Found:
        return self._judged(self._looking, bucket, points)

    def accounts(self, bucket: PlannedBucket, points: Ints) -> Accounts:
        """What there is to say of the unknowns of some points."""
        return self._whole.accounts(bucket.some(points))

    def _judged(self, rules: ColumnarRules, bucket: PlannedBucket, points: Ints) -> Found:
        parts: list[tuple[Ints, Ints, Ints]] = []
        if len(points):
            for judged in rules.judge(bucket.some(points)):
                if len(judged.places):
                    flags = judged.flags
                    kind = (flags.verdicts == UNKNOWN) + _DISAGREE * flags.disagree + _MISSING * flags.missing
                    number = np.full(len(kind), self._numbers[judged.rule.id], np.int64)
                    parts.append((judged.places, number, kind.astype(np.int64)))
        none = np.zeros(0, np.int64)
        point, rule, kind = (np.concatenate([none, *(part[place] for part in parts)]) for place in range(3))
        order = np.argsort(point, kind="stable")
        point, rule, kind = point[order], rule[order], kind[order]
        consequence = self._consequences[rule, kind]
        return Found(len(points), point, rule, kind, consequence, self._stand(bucket, points[point], rule, consequence))

    def _stand(self, bucket: PlannedBucket, point: Ints, rule: Ints, consequence: Ints) -> Bools:
        found = np.ones(len(point), bool)
        if not self.guard.policy.waivers:
            return found
        points = bucket.points
        for row in np.flatnonzero(consequence > ALLOW).tolist():
            number = int(point[row])
            entry = Instant(int(points.numbers["at"][number]))
            waiver = self.guard.waiver(self.rules[int(rule[row])], entry, bucket.worlds_of[int(points.contact[number])])
            found[row] = waiver is None
        return found

    def flag(self, rule: int, kind: int) -> Flag:
        """A flag of a rule, of which there is no account."""
        verdict = Verdict.UNKNOWN if kind & UNKNOWN_KIND else Verdict.VIOLATED
        return Flag(self.rules[rule], verdict, bool(kind & _DISAGREE), bool(kind & _MISSING), _no_account)

    def flag_of(self, rule: int, kind: int, entry: Entry, file: ConsumerFile) -> Flag:
        """A flag of a rule at an entry, with the definition's account."""
        flag = self.flag(rule, kind)
        return self.guard.flag_of_columns(
            flag.rule, flag.verdict, flag.locations_disagree, flag.missing, entry, file, file.prior(entry)
        )


def _consequences(rule: Rule) -> list[int]:
    """Of each kind of flag."""
    assert (VIOLATED, UNKNOWN) == (0, 1)
    found: list[int] = []
    for kind in range(_KINDS):
        verdict = Verdict.UNKNOWN if kind & UNKNOWN_KIND else Verdict.VIOLATED
        if verdict is Verdict.UNKNOWN and kind == UNKNOWN_KIND:
            found.append(BLOCK)  # unknown for no reason: there is none such, and if there were it would be no leave to call
            continue
        flag = Flag(rule, verdict, bool(kind & _DISAGREE), bool(kind & _MISSING), _no_account)
        found.append(_RANK[OUTCOMES[flag.consequence]])
    return found


def _no_account(rule: Rule) -> RuleVerdict:
    raise AssertionError(f"nobody asks for the account of {rule.id}")
