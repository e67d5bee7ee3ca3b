"""A file as a table, whatever it is: the first bytes tell CSV, JSON and Parquet apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.csv_reading import CsvTable
from fdcpa_guard.facts.importers.json_reading import JsonTable
from fdcpa_guard.facts.importers.parquet_reading import ParquetTable
from fdcpa_guard.facts.importers.table import MAX_FIELD, Positions, Table
from fdcpa_guard.facts.importers.text_lines import encoding_of, open_bytes

_PARQUET: Final = b"PAR1"
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of spreadsheet programs begin, new and old."""


def open_table(
    path: Path, known: frozenset[str] = frozenset(), max_field: int = MAX_FIELD, positions: Sequence[Positions] = ()
) -> Table:
    """The rows of a file. `known` are the columns to expect, which tell a CSV file's delimiter; `positions` know
    those of CSV files without a header.

    Raises:
        FactsError: a Parquet file that cannot be read, or no pyarrow to read it; a spreadsheet that is no text.
        OSError: the file cannot be opened.
    """
    with open_bytes(path) as raw:
        start = raw.read(4096)
    if start.startswith(_PARQUET):
        return ParquetTable(path, max_field)
    if start.startswith(_WORKBOOKS):
        raise FactsError("this is a spreadsheet or an archive, and no table in text", str(path), "save it as CSV")
    text = start.decode(encoding_of(start), "replace").lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return JsonTable(path, max_field)
    return CsvTable(path, known, max_field, positions)
