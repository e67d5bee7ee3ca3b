"""Calls of which a file may have further rows: remembered for so many rows, whoever reads these."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from fdcpa_guard.facts.importers.rows import _COUNTS_MOST
from fdcpa_guard.facts.models import Communication
from fdcpa_guard.facts.names import Outcome
from fdcpa_guard.values import datetime_of, instant_of

Call = tuple[str, bool]
"""The id of a communication, and whether it is inbound."""
_ROWS: Final = 50_000
_KEPT: Final = 2 * _ROWS
"""Rows do not come strictly in order: those that are read together come before those that are left."""


class Calls:
    """Joins a row to the rows before it of the same call."""

    def __init__(self) -> None:
        self._known: OrderedDict[Call, tuple[int, int, Outcome | None]] = OrderedDict()
        """The first row, the instant and the outcome of each."""

    def joined(self, row: int, communication: Communication) -> Communication:
        """At the time of the first of the rows, with the outcome that counts most."""
        if communication.id is None:
            return communication
        key = communication.id, communication.direction == "inbound"
        first, at, outcome = row, instant_of(communication.at), communication.outcome
        before = self._known.get(key)
        if before is not None and row - before[0] < _ROWS:
            first, earlier, other = before
            at, outcome = min(earlier, at), min(other, outcome, key=_COUNTS_MOST.index)
            communication = communication.model_copy(update={"outcome": outcome, "at": datetime_of(at)})
        else:
            self._known.pop(key, None)
        self._known[key] = first, at, outcome
        self._forget(row)
        return communication

    def knows(self, call: Call) -> bool:
        """Whether a row of it came before, however long ago."""
        return call in self._known

    def add(self, calls: Iterable[tuple[Call, tuple[int, int, Outcome | None]]], row: int) -> None:
        """Calls of which no row came before: of each its row, the instant and the outcome. `row` is one of these rows."""
        self._known.update(calls)
        self._forget(row)

    def clear(self) -> None:
        self._known.clear()

    def _forget(self, row: int) -> None:
        known = self._known
        while known and row - next(iter(known.values()))[0] >= _KEPT:
            known.popitem(last=False)
