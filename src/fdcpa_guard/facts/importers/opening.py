"""A file as a table, whatever it is: the first bytes tell CSV, JSON, Parquet and Arrow apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.arrow_reading import FILE, OLD_FEATHER, STREAM, ArrowTable
from fdcpa_guard.facts.importers.csv_reading import CsvTable
from fdcpa_guard.facts.importers.json_reading import JsonTable
from fdcpa_guard.facts.importers.parquet_reading import MARK, ParquetTable
from fdcpa_guard.facts.importers.table import MAX_FIELD, Positions, Table
from fdcpa_guard.facts.importers.text_lines import PACKED, encoding_of, open_bytes

_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of spreadsheet programs begin, new and old."""
_DATABASES: Final = {8: b"DUCK", 0: b"SQLite format 3\x00"}
"""What stands where in the files of databases."""


def open_table(
    path: Path, known: frozenset[str] = frozenset(), max_field: int = MAX_FIELD, positions: Sequence[Positions] = ()
) -> Table:
    """The rows of a file. `known` are the columns to expect, which tell a CSV file's delimiter; `positions` know
    those of CSV files without a header.

    Raises:
        FactsError: a Parquet or Arrow file that cannot be read, or no pyarrow to read it; a spreadsheet or a database,
            which are no text.
        OSError: the file cannot be opened.
    """
    with open_bytes(path) as raw:
        start = raw.read(4096)
    if start.startswith((MARK, FILE, STREAM)):
        if path.suffix.lower() in PACKED:
            raise FactsError("Parquet and Arrow files are packed inside, and not read from within a packed file", str(path), "unpack it")
        if start.startswith(MARK):
            return ParquetTable(path, max_field)
        return ArrowTable(path, max_field, stream=start.startswith(STREAM))
    if start.startswith(OLD_FEATHER):
        raise FactsError("this is a Feather file of version 1, which is not read", str(path), "write it as version 2, or as Parquet")
    if any(start[place:].startswith(mark) for place, mark in _DATABASES.items()):
        raise FactsError("this is a database, and no table", str(path), f"name a table of it: duckdb:{path}?table=calls")
    if start.startswith(_WORKBOOKS):
        raise FactsError("this is a spreadsheet or an archive, and no table in text", str(path), "save it as CSV")
    text = start.decode(encoding_of(start), "replace").lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return JsonTable(path, max_field)
    return CsvTable(path, known, max_field, positions)
