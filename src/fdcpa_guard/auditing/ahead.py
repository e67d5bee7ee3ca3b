"""Many consumers' logs judged by the columnar engine, before the findings of any are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, TypeAlias

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.model import Rule

if TYPE_CHECKING:
    from fdcpa_guard.engine.columnar.bucket import Bucket
    from fdcpa_guard.engine.columnar.judging import ColumnarRules

Engine = Literal["auto", "columnar", "scalar"]
Raised: TypeAlias = tuple[Rule, Verdict, bool, bool]
"""A rule that is violated or unknown, which of the two, whether places disagree, and whether it is unknown in one."""


@dataclass(frozen=True, slots=True)
class ToJudge:
    """A consumer's log: communications and actions in turn, each with how many entries of the log stand before it, and
    what stands for the end of the log."""

    file: ConsumerFile
    in_turn: Sequence[tuple[Entry, int]]
    ends: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class JudgedAhead:
    """The rules that each communication or action, and each end of the log, raised, in the order of the rules' ids."""

    of_log: Sequence[Sequence[Raised]]
    of_end: Sequence[Sequence[Raised]]


class ColumnarAudit:
    """The rules of a guard, planned once for all processes of a run."""

    def __init__(self, guard: Guard) -> None:
        from fdcpa_guard.engine.columnar.judging import ColumnarRules

        self._all = ColumnarRules(guard.rules, guard.yields)
        self._deadlines = ColumnarRules([rule for rule in guard.rules if rule.broken_by_deadline], guard.yields)

    def raised(self, bucket: Bucket) -> dict[int, list[Raised]]:
        """The rules that what is judged raises, by its place among `bucket.judged`, in the order of the rules' ids."""
        return _raised(self._all, bucket)

    def counts(self, bucket: Bucket) -> Counter[tuple[str, Verdict]]:
        """How many of what is judged raise each rule, violated and unknown."""
        found: Counter[tuple[str, Verdict]] = Counter()
        for judged in self._all.judge(bucket):
            for verdict, times in judged.times():
                found[judged.rule.id, verdict] += times
        return found

    def overdue(self, bucket: Bucket) -> dict[int, list[Raised]]:
        """The same of the rules that nothing but a missed deadline breaks."""
        return _raised(self._deadlines, bucket)

    def judge(self, logs: Sequence[ToJudge]) -> list[JudgedAhead]:
        """Every log of a list, together."""
        from fdcpa_guard.engine.columnar.bucket import BucketBuilder

        turns, ends = BucketBuilder(), BucketBuilder()
        for log in logs:
            turns.beside(log.file, log.in_turn)
            ends.beside(log.file, [(each, len(log.file.entries)) for each in log.ends])
        turned, ended = turns.bucket(), ends.bucket()
        of_logs, of_ends = _listed(self.raised(turned), turned), _listed(self.overdue(ended), ended)
        found: list[JudgedAhead] = []
        start = first = 0
        for log in logs:
            stop, last = start + len(log.in_turn), first + len(log.ends)
            found.append(JudgedAhead(of_logs[start:stop], of_ends[first:last]))
            start, first = stop, last
        return found


def columnar_of(engine: Engine, guard: Guard) -> ColumnarAudit | None:
    """The columnar engine, where it is asked for, or may be taken and is there.

    Raises:
        FactsError: it is asked for, and NumPy is not installed.
    """
    if engine == "scalar":
        return None
    if find_spec("numpy") is None or find_spec("pyarrow") is None:
        if engine == "auto":
            return None
        raise FactsError("the columnar engine needs NumPy and pyarrow", "engine", "pip install 'fdcpa-guard[scale]'")
    return ColumnarAudit(guard)


def _raised(rules: ColumnarRules, bucket: Bucket) -> dict[int, list[Raised]]:
    found: dict[int, list[Raised]] = {}
    for judged in rules.judge(bucket):
        for place, verdict, disagree, missing in judged.raised():
            found.setdefault(place, []).append((judged.rule, verdict, disagree, missing))
    return found


def _listed(raised: dict[int, list[Raised]], bucket: Bucket) -> list[Sequence[Raised]]:
    return [raised.get(place, ()) for place in range(len(bucket.judged))]
