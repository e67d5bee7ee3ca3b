"""The work of a run that adds to a state: the new files are read into it, and who must be judged again is."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import orjson

from fdcpa_guard.auditing.ahead import ColumnarAudit
from fdcpa_guard.auditing.continued.run import Continued
from fdcpa_guard.auditing.continued.source import ContinuedSource, Plan, write_plan
from fdcpa_guard.auditing.continued.state import KINDS, stretch
from fdcpa_guard.auditing.judging import Terms
from fdcpa_guard.auditing.partitions.writing import PartitionWriter
from fdcpa_guard.auditing.problem_rows import KeptProblems, ProblemRow
from fdcpa_guard.auditing.rows import for_spreadsheet
from fdcpa_guard.auditing.taking_in import Progress, Reading, take_in
from fdcpa_guard.auditing.work import Run
from fdcpa_guard.auditing.workers import PROBLEMS_CSV, PROBLEMS_JSON, RangeResult, Workers, part


class ContinuedWork:
    """The work in this process, and in others that are forked from it."""

    in_order = False

    def __init__(self, run: Run, onto: Continued, columnar: ColumnarAudit, workers: int) -> None:
        self._run, self._onto = run, onto
        state = onto.state
        # No path has a zero byte: a file of an earlier run is never taken for one of this run.
        before = {f"\0{number}": name for number, name in enumerate(state.files)}
        self.kept = PartitionWriter(onto.items, run.partitions, {**run.names, **before}, list(before), stretch(onto.run))
        self.kept.span, self.kept.items = replace(state.span), state.items
        self.kept.attributed_lost_rows = state.attributed_lost_rows
        source = ContinuedSource(onto.items, run.partitions, run.folder)
        self._workers = Workers(workers, Terms(run.guard, run.collector, None, None, columnar=columnar), source)
        self._open = ExitStack()

    def __enter__(self) -> ContinuedWork:
        self._open.enter_context(self._workers)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, where)

    def read(self, readings: Sequence[Reading], tell: Progress) -> KeptProblems:
        onto, state, run = self._onto, self._onto.state, self._run
        kinds: dict[str, str] = {}
        aside = run.folder / "reading"
        aside.mkdir()
        for kind, reading in readings:
            take_in([(kind, reading)], self.kept, aside, KINDS.index(kind), run.names, tell)
            for source in (*reading.paths, *reading.queries):
                kinds[run.names[str(source)]] = kind
            for name in (PROBLEMS_JSON, PROBLEMS_CSV):
                shutil.move(part(aside, KINDS.index(kind), name), onto.problems / f"{stretch(onto.run)}{KINDS.index(kind)}.{name}")
        self.kept.finish()
        onto.refuse_answers_of_before(readings)
        first = len(state.files)
        state.files = list(self.kept.files)
        state.kinds += [kinds[name] for name in state.files[first:]]
        before = onto.told_by_the_run_before
        told_before = None if before is None else str(before.resolve())
        pieces_before = run.partitions if onto.before is None else onto.before.partitions
        write_plan(
            run.folder,
            Plan(state.ranks(), state.files, first, onto.everyone, told_before, pieces_before, str(onto.told.resolve())),
        )
        return self._problems()

    def _problems(self) -> KeptProblems:
        """Those of all runs, in the order of a whole audit."""
        kept = KeptProblems()
        for name in (PROBLEMS_JSON, PROBLEMS_CSV):
            found = sorted(self._onto.problems.glob(f"*.{name}"), key=_kind_and_run)
            with part(self._run.folder, 0, name).open("wb") as whole:
                for path in found:
                    with path.open("rb") as of_run:
                        shutil.copyfileobj(of_run, whole)
        with part(self._run.folder, 0, PROBLEMS_JSON).open("rb") as lines:
            for line in lines:
                kept.add(ProblemRow(**orjson.loads(line)))
        with (
            part(self._run.folder, 0, PROBLEMS_JSON).open("ab") as more,
            part(self._run.folder, 0, PROBLEMS_CSV).open("a", newline="", encoding="utf-8") as cells,
        ):
            for row in self._onto.told_before:
                kept.add(row)
                more.write(row.to_line())
                csv.writer(cells).writerow(map(for_spreadsheet, row.cells()))
        return kept

    def judge(self, as_of: int | None, ends_at: int | None) -> Iterator[RangeResult]:
        return self._workers.judge(as_of, ends_at)


def _kind_and_run(path: Path) -> tuple[str, str]:
    run, _, rest = path.name.partition("-")
    return rest, run
