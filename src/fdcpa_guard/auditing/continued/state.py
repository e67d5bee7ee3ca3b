"""The folder that a continued audit keeps between its runs, and the one file in it that says what holds.

Every run adds files of its own; that they hold is said by `state.json`, which is replaced at the very end. A run that is
stopped leaves that as it was, and the next run takes away what the stopped one had added.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa

from fdcpa_guard.auditing.partitions.hashing import hashes_of
from fdcpa_guard.auditing.partitions.kinds import SCHEMAS
from fdcpa_guard.auditing.partitions.splitting import TRUTHS_OF_COMMUNICATION
from fdcpa_guard.auditing.partitions.writing import whole_file
from fdcpa_guard.auditing.spool import Span
from fdcpa_guard.auditing.summary import FileRead
from fdcpa_guard.auditing.unfinished import key_of
from fdcpa_guard.errors import FactsError

FORM: Final = 1
"""Raised with every change of what is kept or of what it means."""
STATE, ITEMS, TOLD, PROBLEMS, LOCK = "state.json", "items", "told", "problems", "lock"
_FOLDERS: Final = (ITEMS, TOLD, PROBLEMS)
KINDS: Final = ("accounts", "events", "actions", "log")
"""In the order in which a whole audit reads them."""


@dataclass(slots=True)
class State:
    """What holds of a folder. `files` are the names of the inputs that have items, by their numbers, and `kinds` what each
    is of. `reading` and `judging` say how it was read and judged; `holds` the size of every file of the folder."""

    runs: int
    partitions: int
    reading: dict[str, str | None]
    judging: dict[str, str]
    files: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    inputs: list[tuple[int, FileRead]] = field(default_factory=list)
    """Each with the run that read it."""
    span: Span = field(default_factory=Span)
    items: int = 0
    attributed_lost_rows: int = 0
    unreadable: int = 0
    lost_actions: int = 0
    holds: dict[str, int] = field(default_factory=dict)

    def ranks(self) -> list[int]:
        """The place of each file where all were read by one run: by kind, and then by run."""
        order = sorted(range(len(self.files)), key=lambda number: (KINDS.index(self.kinds[number]), number))
        found = [0] * len(order)
        for place, number in enumerate(order):
            found[number] = place
        return found


def stretch(run: int) -> str:
    """What the names of the files of a run begin with."""
    return f"{run:06d}-"


def read_state(folder: Path) -> State | None:
    """What the folder holds; None where it holds nothing yet.

    Raises:
        FactsError: it is no state, of another form, or lacks a file.
    """
    place = folder / STATE
    if not place.exists():
        strange = [path.name for path in folder.iterdir() if path.name not in (*_FOLDERS, LOCK) and not _is_aside(path)]
        if strange:
            raise FactsError(f"the folder has no {STATE} and is not empty: it has `{min(strange)}`", str(folder))
        return None
    try:
        document = orjson.loads(place.read_bytes())
    except orjson.JSONDecodeError as error:
        raise FactsError(f"this is no JSON: {error}", str(place)) from None
    form = document.get("form") if isinstance(document, dict) else None
    if form != FORM or document["layout"] != _layout():
        told = f"is of form {form}, this version of the program keeps {FORM}" if form != FORM else "was laid out by another version"
        raise FactsError(f"the state {told}; begin a new one with all files", str(place))
    del document["form"], document["layout"]
    inputs = [
        (run, FileRead(**{**told, "unknown_columns": tuple(told["unknown_columns"])})) for run, told in document["inputs"]
    ]
    state = State(**{**document, "inputs": inputs, "span": Span(**document["span"])})
    for name, size in state.holds.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise FactsError(f"the state lacks `{name}` as it was written; begin a new one with all files", str(folder))
    return state


def commit(folder: Path, state: State) -> None:
    """From now on, what the run has added holds; what only the run before needed goes."""
    state.holds = {
        str(path.relative_to(folder).as_posix()): path.stat().st_size for path in sorted(_written(folder, state.runs))
    }
    with whole_file(folder / STATE) as aside:
        aside.write_bytes(orjson.dumps({"form": FORM, "layout": _layout(), **asdict(state)}))
    clear(folder, state.runs)


def clear(folder: Path, runs: int) -> None:
    """Takes away what does not hold after so many runs."""
    for path in folder.iterdir():
        if _is_aside(path):
            path.unlink()
    keep = set(_written(folder, runs))
    for name in (ITEMS, PROBLEMS):
        for path in (folder / name).glob("*"):
            if path not in keep and path.name[:1] != "f":  # files.json is written anew by each run
                path.unlink()
    for path in (folder / TOLD).glob("*"):
        if path.name != stretch(runs):
            shutil.rmtree(path)


def _layout() -> str:
    """A hash of how records lie in the folder: a consumer whose new records lay elsewhere would lack the old ones."""
    ids = pa.array([b"", b"a", "é".encode(), b"sim-0000001", b"x" * 40], pa.binary())
    schemas = [str(schema) for schema in SCHEMAS.values()]
    return key_of({"schemas": schemas, "truths": TRUTHS_OF_COMMUNICATION, "hashes": hashes_of(ids).tolist()})


def _written(folder: Path, runs: int) -> Iterator[Path]:
    """The files that hold after so many runs."""
    for name in (ITEMS, PROBLEMS):
        for path in (folder / name).glob("[0-9]*"):
            if int(path.name.partition("-")[0]) <= runs:
                yield path
    yield from (folder / TOLD / stretch(runs)).glob("[0-9]*")


def _is_aside(path: Path) -> bool:
    return path.name.startswith(f".{STATE}.")


def differing(before: Mapping[str, str | None], now: Mapping[str, str | None]) -> list[str]:
    """What two runs say otherwise."""
    names: Iterable[str] = dict.fromkeys((*before, *now))
    return [name for name in names if before.get(name) != now.get(name)]


def as_json(value: Any) -> str:
    """As text that is the same for the same value."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=repr).decode()
