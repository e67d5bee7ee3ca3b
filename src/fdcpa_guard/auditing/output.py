"""The files of a run: put together from the parts of the ranges, and put in place all together or not at all."""

from __future__ import annotations

import csv
import errno
import io
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import orjson

from fdcpa_guard.auditing.change_rows import (
    CHANGE_COLUMNS,
    CHANGES_CSV,
    CHANGES_JSON,
    Changes,
    change_cells,
    change_from_line,
)
from fdcpa_guard.auditing.rows import COLUMNS, cells, for_spreadsheet, from_line
from fdcpa_guard.auditing.workers import part
from fdcpa_guard.errors import OutputError

_BATCH_ROWS: Final = 5000
SUMMARY, REPORT, MANIFEST = "summary.json", "report.html", "manifest.json"
FINDINGS_PARQUET: Final = "findings.parquet"
NOTHING_REPLACED: Final = "nothing was replaced"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def room_to_work(out: Path | None) -> Iterator[None]:
    """Says of a full disk what was full, and that results of before are as they were.

    Raises:
        OutputError: there is no room for the working files.
    """
    try:
        yield
    except OutputError:
        raise
    except (OSError, sqlite3.OperationalError) as error:
        if not _is_full(error):
            raise
        where = "the system's folder for temporary files" if out is None else str(out)
        raise OutputError(where, f"no room for the working files ({_reason(error)})", NOTHING_REPLACED) from error


def _is_full(error: OSError | sqlite3.OperationalError) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL
    # Over a quota, SQLite says that it could not write.
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR"))


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


class Staging:
    """The files of a run, written aside and put in place all at once, so that no folder has files of two runs.

    `aside` is an empty folder on the file system of `out`.
    """

    def __init__(self, aside: Path, out: Path) -> None:
        self.out = out
        self._new, self._old = aside / "new", aside / "old"
        self._new.mkdir()
        self._old.mkdir()

    def path(self, name: str) -> Path:
        """Where the file lies until it is put in place."""
        return self._new / name

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """The file, to be written. Raises OutputError where that cannot be done."""
        try:
            with self.path(name).open("wb") as file:
                yield file
        except OutputError:
            raise
        except OSError as error:
            raise OutputError(str(self.out / name), _reason(error), NOTHING_REPLACED) from error

    def write(self, name: str, content: bytes) -> None:
        with self.file(name) as file:
            file.write(content)

    def put_in_place(self, names: Sequence[str]) -> None:
        """Each file under its name in `out`, in this order; one of the names that was not written is taken away there.

        The last name stands for the whole: it is taken away first, so that whoever breaks off between leaves none.

        Raises:
            OutputError: a file cannot be replaced. All are then as they were.
        """
        undo: list[tuple[str, bool]] = []
        try:
            for name in (names[-1], *names[:-1]):
                if os.path.lexists(self.out / name):
                    os.replace(self.out / name, self._old / name)
                    undo.append((name, True))
            for name in names:
                if self.path(name).exists():
                    os.replace(self.path(name), self.out / name)
                    undo.append((name, False))
        except OSError as error:
            kept = NOTHING_REPLACED if self._undone(undo) else "its folder has no results of one run any more"
            raise OutputError(str(self.out / name), _reason(error), kept) from error

    def _undone(self, undo: Sequence[tuple[str, bool]]) -> bool:
        try:
            for name, was_there in reversed(undo):
                if was_there:
                    os.replace(self._old / name, self.out / name)
                else:
                    (self.out / name).unlink()
        except OSError:
            return False
        return True


def join_parts(staging: Staging, name: str, folder: Path, numbers: Iterable[int], heading: bytes = b"") -> None:
    """The parts of one output, one after another, below a heading. A part that no range wrote is none."""
    with staging.file(name) as file:
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


def write_changes(staging: Staging, changes: Changes) -> None:
    """What is said otherwise than before, in both forms."""
    with staging.file(CHANGES_JSON) as lines, changes.lines.open("rb") as found:
        shutil.copyfileobj(found, lines, 1 << 20)
    with staging.file(CHANGES_CSV) as file, changes.lines.open("rb") as found:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        table = csv.writer(text)
        table.writerow(CHANGE_COLUMNS)
        table.writerows(map(for_spreadsheet, change_cells(change_from_line(line))) for line in found)
        text.detach()


def write_parquet(staging: Staging, findings: str, name: str) -> str | None:
    """The findings as Parquet, the columns of the CSV file. Gives why not, where pyarrow is not installed."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        return "findings.parquet was not written: pyarrow is not installed (pip install 'fdcpa-guard[parquet]')"
    schema = arrow.schema([(name, arrow.int64() if name == "row" else arrow.string()) for name in COLUMNS])
    with staging.file(name) as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        batch: list[tuple[str | int | None, ...]] = []

        def flush() -> None:
            columns = zip(*batch, strict=True) if batch else [()] * len(COLUMNS)
            arrays = [arrow.array(list(column), of.type) for column, of in zip(columns, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
            batch.clear()

        with staging.path(findings).open("rb") as lines:
            for line in lines:
                batch.append(tuple(cells(from_line(line))))
                if len(batch) >= _BATCH_ROWS:
                    flush()
        flush()
    return None


def as_json(value: object) -> bytes:
    """Indented, in the order of its own fields: the same value gives the same bytes."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
