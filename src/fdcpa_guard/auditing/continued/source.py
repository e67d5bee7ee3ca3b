"""The partitions of a continued audit as pieces of work."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import orjson

from fdcpa_guard.auditing.change_rows import CHANGES_JSON, change_to_line
from fdcpa_guard.auditing.continued.changes import Arrived
from fdcpa_guard.auditing.continued.judging import Bools, ContinuedJudge
from fdcpa_guard.auditing.continued.kept import KeptTold, read_kept, write_kept
from fdcpa_guard.auditing.judging import Judge, Terms
from fdcpa_guard.auditing.partitions.chunks import PartitionReader
from fdcpa_guard.auditing.partitions.kinds import Kind
from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.auditing.partitions.source import PartitionSource
from fdcpa_guard.auditing.partitions.writing import whole_file
from fdcpa_guard.auditing.problem_rows import KeptProblems
from fdcpa_guard.auditing.workers import PARTS, RangeResult, Segment, part

JUDGED_AGAIN: Final = "consumers_judged"
"""In the totals of a piece: how many consumers had to be judged."""
_PLAN: Final = "plan.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run goes on from the one before it, once everything is read. `ranks` is the order of the files, `first` the number
    of the first file that is new; `everyone` is judged again where the terms are others. `before` and `told` are where what
    was told lies and where what is told goes; without `before` there was none."""

    ranks: list[int]
    names: list[str]
    first: int
    everyone: bool
    before: str | None
    pieces_before: int
    """A divisor of how many there are now."""
    told: str


def write_plan(folder: Path, plan: Plan) -> None:
    """For the processes that judge."""
    (folder / _PLAN).write_bytes(orjson.dumps(asdict(plan)))


class ContinuedSource(PartitionSource):
    """The partitions of a state; `parts` is where what is judged is written, and the plan of the run lies."""

    def open(self) -> None:
        self._plan = Plan(**orjson.loads((self._parts / _PLAN).read_bytes()))
        self._reader = PartitionReader(self.folder, self._plan.ranks, self.partitions)
        self._new = np.array(self._plan.ranks[self._plan.first :], np.int64)
        self._new_names = frozenset(self._plan.names[self._plan.first :])

    def _judged(self, piece: int, terms: Terms) -> RangeResult:
        assert self._reader is not None
        plan = self._plan
        partition = self._reader.partition(piece - 1)
        before: Mapping[bytes, KeptTold] = {}
        if plan.before is not None:
            before = read_kept(kept_path(Path(plan.before), (piece - 1) % plan.pieces_before + 1), partition.ids)
        later = terms.as_of is not None
        again = self._with_anything_new(partition)
        if plan.everyone or later or plan.before is None:
            again[:] = True
        judging = ContinuedJudge(partition, Judge(terms), before, again)
        found = judging.judged()
        segments: list[Segment] = []
        with ExitStack() as stack:
            places = [stack.enter_context(whole_file(part(self._parts, piece, name))) for name in PARTS]
            files = [stack.enter_context(place.open("wb")) for place in places]
            for each in found:
                told = each.told
                written = told.findings, told.findings_csv, told.problems, told.problems_csv
                if any(written):
                    for file, content in zip(files, written, strict=True):
                        file.write(content)
                    segments.append((told.consumer, tuple(map(len, written))))
        write_kept(kept_path(Path(plan.told), piece), found)
        if plan.before is not None:
            self._write_changes(piece, partition, judging, before, found, terms)
        tally = judging.tally
        tally.total(JUDGED_AGAIN, len(judging.again))
        for each in found:
            tally.merge(each.tally)
        return RangeResult(piece, partition.items, tally, KeptProblems(), tuple(segments))

    def _with_anything_new(self, partition: Partition) -> Bools:
        found: Bools = np.logical_or.reduce([partition.among(kind, self._new) for kind in Kind])
        return found

    def _write_changes(
        self,
        piece: int,
        partition: Partition,
        judging: ContinuedJudge,
        before: Mapping[bytes, KeptTold],
        found: list[KeptTold],
        terms: Terms,
    ) -> None:
        now = {each.told.consumer: each.told.findings for each in found}
        lost = partition.among(Kind.LOST, self._new)
        deadlines = frozenset(rule.id for rule in terms.overdue_rules())
        with part(self._parts, piece, CHANGES_JSON).open("wb") as lines:
            for number in judging.again.tolist():
                consumer = partition.ids[number]
                was = before[consumer].told.findings if consumer in before else b""
                is_ = now.get(consumer, b"")
                if was == is_:
                    continue
                arrived = Arrived(
                    partition.spooled(number), self._new_names, deadlines, bool(lost[number]), self._plan.everyone,
                    terms.as_of is not None,
                )  # fmt: skip
                for row in arrived.changes(was, is_):
                    lines.write(change_to_line(row))


def kept_path(folder: Path, piece: int) -> Path:
    """Where what was told in a piece lies."""
    return folder / f"{piece:06d}.arrow"
