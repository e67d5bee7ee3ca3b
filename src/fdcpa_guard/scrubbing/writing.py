"""The files of a scrub: every row of the list with its answer, what a dialer may load, and the manifest."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final

import orjson

from fdcpa_guard.auditing.inputs import FileMark, SettingRead, mark_of
from fdcpa_guard.auditing.output import MANIFEST, SUMMARY, Staging, as_json
from fdcpa_guard.auditing.problem_rows import PROBLEM_COLUMNS, ProblemRow
from fdcpa_guard.auditing.rows import for_spreadsheet
from fdcpa_guard.auditing.summary import FileRead
from fdcpa_guard.scrubbing.results import ANSWER_COLUMNS, ScrubbedContact
from fdcpa_guard.scrubbing.summary import loads

CSV, JSON, PARQUET, ALLOW = "scrubbed.csv", "scrubbed.jsonl", "scrubbed.parquet", "allow.csv"
PROBLEMS_JSON, PROBLEMS_CSV = "problems.jsonl", "problems.csv"
WRITTEN: Final = (CSV, JSON, PARQUET, ALLOW, PROBLEMS_JSON, PROBLEMS_CSV, SUMMARY, MANIFEST)
"""All files, the manifest last: where there is one, the others are of its run."""
FORM: Final = 1
"""Raised with every change of the manifest's keys or of their meaning."""
_TO_LOAD: Final = ("windows", "windows_utc", "zone")
_BATCH_ROWS: Final = 5000
_NO_PARQUET: Final = f"{PARQUET} was not written: pyarrow is not installed (pip install 'fdcpa-guard[parquet]')"


@dataclass(frozen=True, slots=True)
class ScrubManifest:
    """A run: what went in, by what it was judged, what came out. `made_with` and `notes` tell of the machine.

    `seal` is the SHA-256 of the manifest as written with an empty seal: it shows one that was changed by hand, and is no
    signature.
    """

    manifest: int
    rules_version: str
    rules_digest: str
    at: str | None
    on: str | None
    zone: str | None
    collector: dict[str, object]
    policy: dict[str, object]
    inputs: tuple[FileRead, ...]
    settings: tuple[SettingRead, ...]
    outputs: dict[str, FileMark]
    made_with: dict[str, str | None]
    notes: tuple[str, ...]
    seal: str = ""

    def sealed(self, outputs: Mapping[str, Path]) -> ScrubManifest:
        """The same with the marks of the files that were written."""
        whole = replace(self, outputs={name: mark_of(path) for name, path in outputs.items()}, seal="")
        return replace(whole, seal=hashlib.sha256(as_json(whole)).hexdigest())


def answer_names(columns: Sequence[str]) -> dict[str, str]:
    """What the columns of the answer are called beside those of the list: under another name where that has one of it."""
    taken = set(columns)
    found: dict[str, str] = {}
    for name in ANSWER_COLUMNS:
        called = name
        while called in taken:
            called = f"scrub_{called}"
        taken.add(called)
        found[name] = called
    return found


def write_rows(
    staging: Staging, columns: Sequence[str], rows: Iterable[tuple[Mapping[str, object], ScrubbedContact]]
) -> tuple[str, ...]:
    """Every row with its answer, in order, in each form. Gives notes on what could not be written."""
    names = answer_names(columns)
    with ExitStack() as stack:
        table = _csv(stack.enter_context(staging.file(CSV)), (*columns, *names.values()))
        allow = _csv(stack.enter_context(staging.file(ALLOW)), (*columns, *(names[name] for name in _TO_LOAD)))
        lines = stack.enter_context(staging.file(JSON))
        parquet = _Parquet(stack, staging, (*columns, *names.values())) if find_spec("pyarrow") is not None else None
        for carried, answer in rows:
            own = [as_text(carried.get(name)) for name in columns]
            cells = list(answer.cells())
            table.writerow(["" if cell is None else cell for cell in (*own, *cells)])
            if parquet is not None:
                parquet.add([*own, *(None if cell is None else str(cell) for cell in cells)])
            document = {name: value for name, value in carried.items() if value is not None}
            document.update((called, getattr(answer, name)) for name, called in names.items())
            lines.write(orjson.dumps(document, default=as_text, option=orjson.OPT_APPEND_NEWLINE))
            if loads(answer):
                allow.writerow(["" if cell is None else cell for cell in (*own, *(getattr(answer, name) for name in _TO_LOAD))])
        if parquet is not None:
            parquet.flush()
    return () if parquet is not None else (_NO_PARQUET,)


def _csv(file: IO[bytes], columns: Sequence[str]) -> Any:
    writer = csv.writer(_Rows(file))
    writer.writerow(columns)
    return writer


class _Rows:
    """What a CSV writer writes to: text in, bytes out."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode("utf-8", "replace"))


class _Parquet:
    """The rows of the CSV file as a table of texts."""

    def __init__(self, stack: ExitStack, staging: Staging, columns: Sequence[str]) -> None:
        import pyarrow
        from pyarrow import parquet

        self._arrow = pyarrow
        self._schema = pyarrow.schema([(name, pyarrow.string()) for name in columns])
        file = stack.enter_context(staging.file(PARQUET))
        self._writer = stack.enter_context(parquet.ParquetWriter(file, self._schema, compression="zstd"))
        self._batch: list[list[str | None]] = []

    def add(self, cells: list[str | None]) -> None:
        self._batch.append(cells)
        if len(self._batch) >= _BATCH_ROWS:
            self.flush()

    def flush(self) -> None:
        columns = list(zip(*self._batch, strict=True)) if self._batch else [()] * len(self._schema)
        arrays = [self._arrow.array(list(column), self._arrow.string()) for column in columns]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
        self._batch.clear()


def as_text(value: object) -> str | None:
    """A cell of the list as text: as it is written there, whatever the form of the list."""
    match value:
        case None:
            return None
        case str():
            return value.encode("utf-8", "replace").decode()
        case bool():
            return "true" if value else "false"
        case datetime() | date() | time():
            return value.isoformat()
        case int() | float() | Decimal():
            return str(value)
        case list() | tuple() if all(isinstance(part, str) for part in value):
            return "|".join(value)
        case dict() | list() | tuple():
            return orjson.dumps(value, default=as_text).decode()
        case _:
            return str(value)


class ProblemFiles:
    """The problems, written as they come; of a run that writes nothing, nowhere."""

    def __init__(self, stack: ExitStack, staging: Staging | None) -> None:
        self._lines = self._table = None
        if staging is not None:
            self._lines = stack.enter_context(staging.file(PROBLEMS_JSON))
            self._table = _csv(stack.enter_context(staging.file(PROBLEMS_CSV)), PROBLEM_COLUMNS)

    def add(self, row: ProblemRow) -> None:
        if self._lines is not None and self._table is not None:
            self._lines.write(row.to_line())
            self._table.writerow(map(for_spreadsheet, row.cells()))


def paths_of(staging: Staging) -> Iterator[tuple[str, Path]]:
    """The files that were written, the manifest apart."""
    for name in WRITTEN:
        path = staging.path(name)
        if name != MANIFEST and path.exists():
            yield name, path
