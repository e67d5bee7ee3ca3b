"""Folders that are named after a value, as `month=2025-01/`: the value is that of every row in the files below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile
from typing import Final
from urllib.parse import unquote

from fdcpa_guard.facts.importers.table import Broken, Note, Row, Table, column_name

Partitions = tuple[tuple[str, str | None], ...]
_FOLDER: Final = re.compile(r"([A-Za-z_][\w. -]*)=(.+)")
_NULL: Final = "__HIVE_DEFAULT_PARTITION__"


def partitions_of(folders: Iterable[str]) -> Partitions:
    """The columns and values that the names of some folders tell, from the outermost in; the innermost of one name counts."""
    found: dict[str, str | None] = {}
    for folder in folders:
        if match := _FOLDER.fullmatch(folder):
            value = unquote(match[2])
            found[column_name(unquote(match[1]))] = None if value == _NULL else value
    return tuple(found.items())


def named_below(folders: Iterable[str]) -> tuple[str, ...]:
    """Of some folders, those from the first that is named after a value: they are part of what a file says."""
    return tuple(dropwhile(lambda folder: _FOLDER.fullmatch(folder) is None, folders))


class PartitionedTable:
    """A table with the columns of its folders before its own, as text. A column that a row has itself is the row's."""

    def __init__(self, inner: Table, partitions: Partitions) -> None:
        self.inner = inner
        self._partitions = partitions
        self._widened: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str | None, ...]]] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        # A file without columns is empty, whatever its folder says.
        return self._wider(self.inner.columns)[0] if self.inner.columns else ()

    @property
    def notes(self) -> Sequence[Note]:
        return self.inner.notes

    def rows(self) -> Iterator[Row | Broken]:
        for row in self.inner.rows():
            columns = self.inner.columns if row.columns is None else row.columns
            wider, values = self._wider(columns)
            if isinstance(row, Broken):
                yield replace(row, cells=(*values, *row.cells), columns=wider)
            else:
                yield Row(wider, (*values, *row.cells), row.notes)

    def _wider(self, columns: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
        """The columns with those of the folders, and the values of these."""
        known = self._widened.get(columns)
        if known is None:
            lacking = [(name, value) for name, value in self._partitions if name not in columns]
            known = (*(name for name, _ in lacking), *columns), tuple(value for _, value in lacking)
            if len(self._widened) < 1_000:
                self._widened[columns] = known
        return known
