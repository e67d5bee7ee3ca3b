"""What a run that goes on from a state asks of it, and what it leaves there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from fdcpa_guard.auditing.continued.state import (
    ITEMS,
    KINDS,
    PROBLEMS,
    TOLD,
    State,
    clear,
    commit,
    differing,
    read_state,
    stretch,
)
from fdcpa_guard.auditing.inputs import Marks
from fdcpa_guard.auditing.partitions.chunks import PartitionReader
from fdcpa_guard.auditing.partitions.kinds import Kind
from fdcpa_guard.auditing.partitions.source import partitions_for
from fdcpa_guard.auditing.problem_rows import ProblemRow
from fdcpa_guard.auditing.summary import FileRead
from fdcpa_guard.auditing.taking_in import Reading
from fdcpa_guard.auditing.unfinished import Kept, alone
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import AccountFacts

_TOO_MANY: Final = 2
"""How many times the partitions of a state have to be too few before there are more of them."""
_MANY_ITEMS: Final = 50_000


class Continued:
    """A run that adds to a state. First `judged_by` and `read_by`, then `leave_out` and `names`; at the end `commit`."""

    def __init__(self, folder: Path, before: State | None) -> None:
        self.folder = folder
        self.before = before
        self.run = 1 if before is None else before.runs + 1
        self.everyone = False
        """Whether the terms are others than those of the run before."""
        self.notes: list[str] = []
        self.told_before: list[ProblemRow] = []
        """Of files that are not read because they were."""
        self.state = State(0, 0, {}, {}) if before is None else replace(
            before, files=list(before.files), kinds=list(before.kinds), inputs=list(before.inputs), span=replace(before.span)
        )
        self.state.runs = self.run

    @property
    def items(self) -> Path:
        return self.folder / ITEMS

    @property
    def problems(self) -> Path:
        return self.folder / PROBLEMS

    @property
    def told(self) -> Path:
        return self.folder / TOLD / stretch(self.run)

    @property
    def told_by_the_run_before(self) -> Path | None:
        return None if self.before is None else self.folder / TOLD / stretch(self.before.runs)

    @property
    def is_large(self) -> bool:
        return self.state.items > _MANY_ITEMS

    def judged_by(self, terms: Mapping[str, str]) -> None:
        """Everything that a finding depends on besides the records."""
        if self.before is not None and (other := differing(self.before.judging, terms)):
            self.everyone = True
            self.notes.append(
                f"Other than in the run before: {', '.join(other)}. Everyone was judged again, from what was kept."
            )
        self.state.judging = dict(terms)

    def read_by(self, options: Mapping[str, str | None]) -> None:
        """Everything that the reading of a file depends on.

        Raises:
            FactsError: what is kept was read otherwise.
        """
        if self.before is not None and (other := differing(self.before.reading, options)):
            name = other[0]
            raise FactsError(
                f"the files of the runs before were read with another {name} ({_shown(self.before.reading.get(name))}, now "
                f"{_shown(options.get(name))}), and rows are kept as they were read; begin a new state with all files",
                str(self.folder),
            )
        self.state.reading = dict(options)

    def partitions(self, size: int, memory: int | None) -> int:
        """Into how many partitions the consumers are divided: as many as before, or twice or four times as many, where the files
        of all runs are too large for those. `size` is that of the files of this run."""
        needed = partitions_for(size + sum(file.bytes for _, file in self.state.inputs), memory)
        if self.before is None:
            self.state.partitions = needed
        while needed >= _TOO_MANY * self.state.partitions:
            self.state.partitions *= 2
        return self.state.partitions

    def leave_out(self, readings: Sequence[Reading], marks: Marks) -> None:
        """Files of which the content was read by an earlier run are not read again, and that is told."""
        known = {(file.kind, file.sha256): (run, file.name) for run, file in self.state.inputs if file.query is None}
        for kind, reading in readings:
            left_out: set[Path] = set()
            for path in reading.paths:
                mark = marks.before(str(path))
                found = None if mark is None else known.get((kind, mark.sha256))
                if found is not None:
                    left_out.add(path)
                    said = f"it was read by run {found[0]}, as `{found[1]}`, and is not read again"
                    row = ProblemRow(ProblemKind.ASSUMPTION.value, said, path.name, None, None, None, False, None, 1)
                    self.told_before.append(row)
            reading.leave_out(left_out)

    def refuse_answers_of_before(self, readings: Sequence[Reading]) -> None:
        """Raises FactsError where a database answered what it had answered before."""
        known = {(file.kind, file.sha256): run for run, file in self.state.inputs if file.query is not None}
        for kind, reading in readings:
            for query in reading.queries:
                run = known.get((kind, query.sha256))
                if run is not None:
                    raise FactsError(f"it answers what run {run} has read already; the state is as it was", str(query))

    def names(self, shown: Mapping[str, str]) -> dict[str, str]:
        """What the files of this run are called, none like one of an earlier run."""
        taken = {file.name for _, file in self.state.inputs}
        return {path: f"run-{self.run}/{name}" if name in taken else name for path, name in shown.items()}

    def accounts(self) -> Iterator[AccountFacts]:
        """What earlier runs read of accounts, in the order of reading."""
        if self.before is None or "accounts" not in self.before.kinds:
            return
        ranks = self.before.ranks()
        reader = PartitionReader(self.items, ranks, self.before.partitions)
        places = {
            name: rank for name, kind, rank in zip(self.before.files, self.before.kinds, ranks, strict=True) if kind == "accounts"
        }
        found: list[AccountFacts] = []
        for number in range(self.before.partitions):
            partition = reader.partition(number)
            for consumer in partition.counts(Kind.CONSUMERS).nonzero()[0].tolist():
                found += [each for each in partition.accounts(consumer).accounts if each.file in places]
        yield from sorted(found, key=lambda each: (places[each.file], each.row))

    def inputs(self, read: Sequence[FileRead]) -> list[tuple[int, FileRead]]:
        """All files of all runs in the order of a whole audit, each with the run that read it."""
        found = [*self.state.inputs, *((self.run, file) for file in read)]
        return sorted(found, key=lambda each: (KINDS.index(each[1].kind), each[0]))

    def commit(self, kept: Kept, inputs: Sequence[tuple[int, FileRead]], unreadable: int, lost_actions: int) -> None:
        """From now on, this run is one of the state's."""
        state = self.state
        state.inputs = list(inputs)
        state.span, state.items, state.attributed_lost_rows = kept.span, kept.items, kept.attributed_lost_rows
        state.unreadable, state.lost_actions = unreadable, lost_actions
        commit(self.folder, state)


def _shown(value: str | None) -> str:
    return "none" if value is None else f"`{value}`"


@contextmanager
def continued(folder: Path, out: Path | None) -> Iterator[Continued]:
    """A run that adds to the state in a folder, which is made where it is not there; nobody else does so meanwhile.

    Raises:
        FactsError: the folder holds something else, or another run is at work in it.
    """
    if out is not None and folder.resolve().is_relative_to(out.resolve()):
        raise FactsError("the state cannot lie among the results, which hold files of one run alone", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    before = read_state(folder)
    with alone(folder, "another run is at work with this state", folder):
        before = read_state(folder)
        for name in (ITEMS, PROBLEMS, TOLD):
            (folder / name).mkdir(exist_ok=True)
        clear(folder, 0 if before is None else before.runs)
        run = Continued(folder, before)
        run.told.mkdir()
        yield run
