"""The accounts of what is unknown, by columns: which facts would settle it, and which open questions of the law stand.

Of many communications at once what `engine.interpreter` says of each. What the messages and the missing facts of an unknown
rest on is told, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fdcpa_guard.engine.columnar.bucket import Bucket
from fdcpa_guard.engine.columnar.columns import Array, distinct_rows
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.gating import Gates
from fdcpa_guard.engine.columnar.lacking import Lacking, Untold, unknown_in
from fdcpa_guard.engine.columnar.names import NONE, Lists
from fdcpa_guard.engine.columnar.nodes import Said
from fdcpa_guard.engine.columnar.planes import Bools, Indices, Planes, all_of, any_of, both, negate
from fdcpa_guard.engine.columnar.planning import Planning
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.verdicts import OpenAccount, OpenJudgement, lacked_in, per_debt
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.rulefile.model import Deadline, Rule

_VIOLATED, _UNKNOWN, _NEITHER = range(3)
_VERDICTS: Final = (Verdict.VIOLATED, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE)


def can_be_told(rule: Rule) -> bool:
    """Whether what a rule is violated by is of a kind that columns tell."""
    missed = rule.violated_when is None and any(isinstance(block, Deadline) for block in rule.blocks.values())
    return not (missed or rule.must_contain or rule.must_not_contain)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows of a rule: what each comes to, what it lacks, which open questions stand."""

    verdict: Array
    lacks: Array
    because: Array


class Accounts(Gates):
    """Accounts of what is judged in one bucket."""

    def __init__(
        self, bucket: Bucket, yields: Mapping[str, Sequence[Rule]], facts: Sequence[Said],
        planning: Callable[[Rule], Planning],
    ) -> None:  # fmt: skip
        super().__init__(bucket, yields, facts)
        self._planning = planning
        self._lists = Lists()

    def of(self, rule: Rule, places: Indices) -> list[OpenAccount] | None:
        """The accounts of a rule where it is flagged, in the order of `places` among what is judged; None where columns do
        not tell them."""
        if not can_be_told(rule):
            return None
        try:
            return self._of(rule, places)
        except Untold:
            return None

    def _of(self, rule: Rule, places: Indices) -> list[OpenAccount]:
        asked = np.zeros(len(self.bucket.judged), bool)
        asked[places] = True
        owners = self.owners(rule)
        rows = np.flatnonzero(asked[owners])
        frame = self.frame(rule).take(rows)
        told = self._rows(rule, frame, rows)
        where = [self.bucket.worlds[world].because for world in self.bucket.located_world.tolist()]
        located = self._debts()[1][rows] if per_debt(rule) else rows
        reasons: dict[str, int] = {}
        numbers = np.array([reasons.setdefault(each, len(reasons)) for each in where], np.int64)[located]
        return self._put_together(rule, places, owners[rows], located, told, numbers, list(reasons))

    def _put_together(
        self, rule: Rule, places: Indices, owners: Indices, located: Indices, told: _Rows, where: Array, reasons: list[str]
    ) -> list[OpenAccount]:
        columns = told.verdict, told.lacks, told.because, where
        firsts, kinds = distinct_rows(list(columns))
        values = self._lists.values
        judgements = [
            OpenJudgement(_VERDICTS[verdict], values[lacks], values[because], reasons[place])
            for verdict, lacks, because, place in zip(*(each[firsts].tolist() for each in columns), strict=True)
        ]
        # Whether a row is of another location than the one before it.
        other = (np.diff(located, prepend=-1) != 0).tolist()
        by_place: dict[int, list[tuple[int, bool]]] = {}
        for owner, kind, is_other in zip(owners.tolist(), kinds.tolist(), other, strict=True):
            by_place.setdefault(owner, []).append((kind, is_other))
        known: dict[tuple[tuple[int, bool], ...], OpenAccount] = {}
        found: list[OpenAccount] = []
        for place in places.tolist():
            key = tuple(by_place[place])
            account = known.get(key)
            if account is None:
                account = known[key] = _account(rule, [(judgements[kind], is_other) for kind, is_other in key])
            found.append(account)
        return found

    def _rows(self, rule: Rule, frame: Frame, rows: Indices) -> _Rows:
        planning = self._planning(rule)
        plan = planning.plan()
        lacking = Lacking(rule, planning, self._lists)
        bound = self._bound_by(rule, rows)
        gate = all_of([planes for planes, _ in bound], frame.rows)
        if plan.applies is not None:
            gate = both(gate, lacking.truth(plan.applies, frame))
        violated = all_of([lacking.truth(part, frame) for part in plan.violated], frame.rows)
        because = np.zeros(frame.rows, np.int64)
        questions = [lacking.truth(node, frame) for node in plan.open_questions]
        complied = ~violated.maybe
        for question, planes in zip(rule.undecided, questions, strict=True):
            stands = np.where(complied & planes.surely, self._lists.of((f"{question.because} ({question.cite})",)), NONE)
            because = self._lists.joined(because, stands)
        violated = Planes(violated.surely, violated.maybe | any_of(questions, frame.rows).maybe)
        excused = any_of([lacking.truth(node, frame) for node in plan.excuses], frame.rows)
        found = all_of([gate, violated, negate(excused)], frame.rows)
        verdict = np.where(found.surely, _VIOLATED, np.where(found.maybe, _UNKNOWN, _NEITHER))
        lacks = np.zeros(frame.rows, np.int64)
        open_ = unknown_in(found)
        if len(open_):
            piece = frame.take(open_)
            of_bounds = [(planes.take(open_), name) for planes, name in bound]
            lacks[open_] = self._lacks(rule, lacking, piece, of_bounds, complied[open_])
        return _Rows(verdict, lacks, np.where(verdict == _UNKNOWN, because, NONE))

    def _lacks(
        self, rule: Rule, lacking: Lacking, frame: Frame, bound: Sequence[tuple[Planes, str]], complied: Bools
    ) -> Array:
        """What rows lack that are unknown; `complied`: those that but for open questions comply."""
        lists = self._lists
        found = np.zeros(frame.rows, np.int64)
        for planes, name in bound:
            found = lists.joined(found, np.where(planes.maybe & ~planes.surely, lists.of((name,)), NONE))
        if rule.applies_when is not None:
            found = lists.joined(found, lacking.condition(rule.applies_when, Scope.COMMUNICATION, frame))
        if rule.violated_when is not None:
            found = lists.joined(found, lacking.condition(rule.violated_when, Scope.COMMUNICATION, frame))
        asked = np.flatnonzero(complied)
        if len(asked):
            piece = frame.take(asked)
            for question in rule.undecided:
                found[asked] = lists.joined(found[asked], lacking.condition(question.when, Scope.COMMUNICATION, piece))
        return lists.joined(found, lacking.exceptions(rule.unless, Scope.COMMUNICATION, frame))

    def _bound_by(self, rule: Rule, rows: Indices) -> list[tuple[Planes, str]]:
        """See `engine.interpreter.rule_bounds`: of some rows of a rule, with the fact that each lacks where it is unknown."""
        located = self._debts()[1][rows] if per_debt(rule) else rows
        found = [
            (self._binds(rule).take(located), "collector.kind"),
            (self._reaches(rule).take(located), "communication.channel"),
            (self._holds_in(rule.jurisdiction).take(located), "consumer.location"),
            (self._in_force(rule).take(located), "consumer.time_zone"),
        ]
        for other in self._yields.get(rule.id, ()):
            found.append((negate(self._bounds(other, self._located).take(located)), "consumer.location"))
        return found


def _account(rule: Rule, rows: Sequence[tuple[OpenJudgement, bool]]) -> OpenAccount:
    """From the judgements of a communication, and with which of them another location begins."""
    worst: list[set[Verdict]] = []
    for judgement, is_other in rows:
        if is_other:
            worst.append(set())
        worst[-1].add(judgement.verdict)
    violated = [Verdict.VIOLATED in verdicts for verdicts in worst]
    disagree = any(violated) and not all(violated)
    unknown = [Verdict.UNKNOWN in verdicts and Verdict.VIOLATED not in verdicts for verdicts in worst]
    judgements = tuple(judgement for judgement, _ in rows)
    verdict = Verdict.VIOLATED if all(violated) else Verdict.UNKNOWN
    missing = verdict is Verdict.UNKNOWN and any(unknown)
    return OpenAccount(rule, verdict, disagree, missing, judgements, lacked_in(verdict, disagree, judgements))


__all__ = ["Accounts", "can_be_told"]
