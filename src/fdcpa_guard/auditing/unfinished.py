"""Runs that were stopped: what they had done is kept beside the results, and the same run goes on from there.

What is kept bears a hash of everything that the results depend on (the inputs' bytes, the rules, the policy, the options,
the program), so that another run never goes on with it. It is kept once the reading is done; whoever does not want it
deletes the folder.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import orjson

from fdcpa_guard.auditing.inputs import FileMark
from fdcpa_guard.auditing.problem_rows import KeptProblems, ProblemRow
from fdcpa_guard.auditing.spool import Span
from fdcpa_guard.auditing.tally import Tally
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.problems import Counts, ProblemKind
from fdcpa_guard.facts.importers.reading import LogReading

PREFIX: Final = ".unfinished-"
_READ: Final = "read.json"
_LOCK: Final = "lock"
_OPTION: Final = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


class Kept(Protocol):
    """Where items are kept until they are judged, after the last of them."""

    span: Span
    items: int
    attributed_lost_rows: int


def key_of(what: Mapping[str, object]) -> str:
    """A hash of everything that the results of a run depend on."""
    return hashlib.sha256(orjson.dumps(what, default=_plain, option=_OPTION)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, FileMark):
        return [value.sha256, value.bytes]
    return repr(value)


@contextmanager
def working_folder(out: Path | None, key: str | None) -> Iterator[Path]:
    """A folder to work in, beside the results where there is room for them: a system's own folder may be memory.

    With a key it is that of the run which was stopped, if there was one, and stays when this one is.

    Raises:
        FactsError: the same run is at work already.
    """
    if out is None or key is None:
        with tempfile.TemporaryDirectory(prefix=PREFIX, dir=out) as made:
            yield Path(made)
        return
    folder = out / f"{PREFIX}{key[:16]}"
    folder.mkdir(exist_ok=True)
    with alone(folder, "the same audit is at work in this folder already", out):
        if not (folder / _READ).exists():
            _cleared(folder)
        try:
            yield folder
        except BaseException:
            if not (folder / _READ).exists():
                shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)


def _cleared(folder: Path) -> None:
    """Takes away what a run left that was killed while it read: nobody knows how far it had come."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            path.unlink()


@contextmanager
def alone(folder: Path, busy: str, where: Path) -> Iterator[None]:
    """No second run works in the folder; the lock goes with the process that holds it, however that ends."""
    try:
        import fcntl
    except ImportError:  # Windows: two runs of the same into one folder are the user's to avoid
        yield
        return
    with (folder / _LOCK).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FactsError(busy, str(where)) from None
        yield


@dataclass(slots=True)
class ReadBefore:
    """What became of the reading of a run that was stopped."""

    span: Span
    items: int
    attributed_lost_rows: int
    problems: KeptProblems


def keep_read(
    folder: Path, readings: Sequence[tuple[str, LogReading]], kept: Kept, problems: KeptProblems
) -> None:
    """After the reading: everything that the end of the run asks of it."""
    state = {
        "span": asdict(kept.span),
        "items": kept.items,
        "attributed_lost_rows": kept.attributed_lost_rows,
        "problems": problems_as_json(problems),
        "readings": [_reading_as_json(reading) for _, reading in readings],
    }
    aside = folder / f"{_READ}.aside"
    aside.write_bytes(orjson.dumps(state, option=_OPTION))
    aside.rename(folder / _READ)


def read_before(folder: Path, readings: Sequence[tuple[str, LogReading]]) -> ReadBefore | None:
    """What a run that was stopped had read, put back into the readings; None where there is none."""
    path = folder / _READ
    if not path.exists():
        return None
    state = orjson.loads(path.read_bytes())
    for (_, reading), told in zip(readings, state["readings"], strict=True):
        _reading_from(reading, told)
    return ReadBefore(
        Span(**state["span"]), state["items"], state["attributed_lost_rows"], problems_from_json(state["problems"])
    )


def _reading_as_json(reading: LogReading) -> dict[str, Any]:
    return {
        "formats": reading.formats,
        "unknown_columns": reading.unknown_columns,
        "counts": {
            file: {
                **asdict(counts),
                "left_out_by": {kind.value: number for kind, number in counts.left_out_by.items()},
                "problems": {kind.value: number for kind, number in counts.problems.items()},
            }
            for file, counts in reading.counts_by_file.items()
        },
        "hashes": [query.sha256 for query in reading.queries],
    }


def _reading_from(reading: LogReading, told: dict[str, Any]) -> None:
    reading.formats.update(told["formats"])
    reading.unknown_columns.update({file: tuple(names) for file, names in told["unknown_columns"].items()})
    for file, counts in told["counts"].items():
        reading.counts_by_file[file] = Counts(
            counts["rows_read"], counts["rows_given"], counts["rows_left_out"],
            _kinds(counts["left_out_by"]), _kinds(counts["problems"]),
        )  # fmt: skip


def _kinds(told: dict[str, int]) -> Counter[ProblemKind]:
    return Counter({ProblemKind(kind): number for kind, number in told.items()})


def problems_as_json(problems: KeptProblems) -> dict[str, Any]:
    return {"rows": problems.rows, "first": {kind: [asdict(row) for row in rows] for kind, rows in problems.first.items()}}


def problems_from_json(told: dict[str, Any]) -> KeptProblems:
    first = {kind: [ProblemRow(**row) for row in rows] for kind, rows in told["first"].items()}
    return KeptProblems(Counter(told["rows"]), first)


def tally_as_json(tally: Tally) -> dict[str, Any]:
    return dict(tally.tables)


def tally_from_json(told: dict[str, dict[str, dict[str, int]]]) -> Tally:
    return Tally({table: {key: Counter(counts) for key, counts in rows.items()} for table, rows in told.items()})
