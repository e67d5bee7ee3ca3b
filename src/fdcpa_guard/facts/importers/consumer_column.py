"""Whose row it is, read from its cells alone, so that also a row that gives nothing is known to be somebody's."""

from __future__ import annotations

from collections.abc import Sequence


class ConsumerColumn:
    """Finds the cell of the first of some column names that a table has."""

    def __init__(self, *names: str) -> None:
        self._names = names or ("consumer_id",)
        self._columns: tuple[str, ...] | None = None
        self._places: tuple[int, ...] = ()

    def of(self, columns: tuple[str, ...], cells: Sequence[object]) -> str | None:
        """The first of the named cells that holds something; None where none does."""
        if columns is not self._columns:
            self._columns = columns
            self._places = tuple(columns.index(name) for name in self._names if name in columns)
        for place in self._places:
            if place < len(cells):
                cell = cells[place]
                if isinstance(cell, str) and (found := cell.strip()):
                    return found
                if isinstance(cell, int) and not isinstance(cell, bool):
                    return str(cell)
        return None

    def all_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        """The same, as the one consumer whose row it can be."""
        found = self.of(columns, cells)
        return () if found is None else (found,)
