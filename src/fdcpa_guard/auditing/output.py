"""The files of a run: put together from the parts of the ranges, and each there as a whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import orjson

from fdcpa_guard.auditing.rows import COLUMNS, cells, from_line
from fdcpa_guard.auditing.workers import part

_BATCH_ROWS: Final = 5000
SUMMARY, REPORT, MANIFEST = "summary.json", "report.html", "manifest.json"
FINDINGS_PARQUET: Final = "findings.parquet"


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only once all of it is written; nothing of it stays after an error."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            yield file
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    with whole_file(path) as file:
        file.write(content)


def join_parts(path: Path, folder: Path, numbers: Iterable[int], heading: bytes = b"") -> None:
    """The parts of one output, one after another, below a heading. A part that no range wrote is none."""
    name = path.name
    with whole_file(path) as file:
        file.write(heading)
        for number in numbers:
            found = part(folder, number, name)
            if found.exists():
                with found.open("rb") as inner:
                    shutil.copyfileobj(inner, file, 1 << 20)


def heading_line(columns: Sequence[str]) -> bytes:
    """The first line of a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerow(columns)
    return text.getvalue().encode()


def write_parquet(findings: Path, path: Path) -> str | None:
    """The findings as Parquet, the columns of the CSV file. Gives why not, where pyarrow is not installed."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        path.unlink(missing_ok=True)  # of an earlier run: it would not belong to the other files
        return "findings.parquet was not written: pyarrow is not installed (pip install 'fdcpa-guard[parquet]')"
    schema = arrow.schema([(name, arrow.int64() if name == "row" else arrow.string()) for name in COLUMNS])
    with whole_file(path) as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        batch: list[tuple[str | int | None, ...]] = []

        def flush() -> None:
            columns = zip(*batch, strict=True) if batch else [()] * len(COLUMNS)
            arrays = [arrow.array(list(column), of.type) for column, of in zip(columns, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
            batch.clear()

        with findings.open("rb") as lines:
            for line in lines:
                batch.append(tuple(cells(from_line(line))))
                if len(batch) >= _BATCH_ROWS:
                    flush()
        flush()
    return None


def as_json(value: object) -> bytes:
    """Indented, in the order of its own fields: the same value gives the same bytes."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def hashes_of(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of the files that are there, by name."""
    found: dict[str, str] = {}
    for name in names:
        path = folder / name
        if path.exists():
            with path.open("rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found
