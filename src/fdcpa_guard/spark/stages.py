"""The two stages of an audit of files, as an executor does them: a file is read, a partition is judged.

What a task leaves in the folder of the run has names that depend on the file, or the partition, and not on the attempt:
one that is done again puts the same in the same places.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fdcpa_guard.auditing.partitions.apart import ITEMS, FileTaken, FileToRead, Folders, read_task
from fdcpa_guard.auditing.partitions.source import PartitionSource
from fdcpa_guard.auditing.workers import RangeResult
from fdcpa_guard.errors import FactsError, GuardError
from fdcpa_guard.spark.charge import Charge

if TYPE_CHECKING:
    from pyspark import Broadcast

@dataclass(frozen=True, slots=True)
class Place:
    """The run, as every task knows it."""

    charge: Charge
    folder: Path
    folders: Folders


class Sent:
    """A place on its way, and opened once in each process. It is pickled by Spark's own pickler, which takes functions."""

    def __init__(self, pickled: bytes) -> None:
        self._pickled = pickled

    def __getstate__(self) -> dict[str, Any]:
        return {"_pickled": self._pickled}

    @cached_property
    def place(self) -> Place:
        found = pickle.loads(self._pickled)
        assert isinstance(found, Place)
        return found


@dataclass(frozen=True, slots=True)
class Failed:
    """An error that another attempt would meet again: it is handed back, and raised where the run was begun."""

    error: GuardError


def read_file(place: Place, task: FileToRead) -> FileTaken | None:
    """Reads a file into chunks of its own.

    Raises:
        FactsError: the file cannot be read at all, or the folder of the run is not seen from here.
    """
    if not place.folder.is_dir():
        raise FactsError(
            "an executor does not see the folder of the run", str(place.folder), "name an --out that all of them share"
        )
    if not task.source.path.exists():
        raise FactsError("an executor does not see the file", str(task.source.path), "put it where all of them see it")
    place.charge.check()
    return read_task(task, place.folders)


def judge_piece(place: Place, piece: int, as_of: int | None, ends_at: int | None) -> RangeResult:
    """Judges a partition and leaves its parts in the folder of the run."""
    source = _source(place.folder, place.folders.partitions)
    return source.judge(piece, place.charge.terms(as_of, ends_at))


@lru_cache(maxsize=1)
def _source(folder: Path, partitions: int) -> PartitionSource:
    found = PartitionSource(folder / ITEMS, partitions, folder)
    found.open()
    return found


# -- as Spark calls them ---------------------------------------------------------------------------------------------------


def reading_task(sent: Broadcast[Sent]) -> Any:
    def task(asked: bytes) -> bytes:
        return _answer(lambda: read_file(sent.value.place, pickle.loads(asked)))

    return task


def judging_task(sent: Broadcast[Sent], as_of: int | None, ends_at: int | None) -> Any:
    def task(piece: int) -> bytes:
        return _answer(lambda: judge_piece(sent.value.place, piece, as_of, ends_at))

    return task


def _answer(work: Any) -> bytes:
    try:
        found = work()
    except GuardError as error:
        found = Failed(error)
    return pickle.dumps(found, protocol=5)
