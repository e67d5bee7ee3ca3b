"""What stands for the ends of logs, of many consumers at once: see `judging.at_the_end`."""

from __future__ import annotations

import numpy as np

from fdcpa_guard.auditing.partitions.recorded import Ints
from fdcpa_guard.engine.columnar.columns import distinct_rows
from fdcpa_guard.engine.columnar.stored import DebtIds, Ends, Stored


def ends_of(stored: Stored, ends_at: int) -> Ends:
    """The last thing done of each, at the end and once for each debt; none of a log that goes on after it."""
    rows = stored.rows
    starts = stored.starts()
    last = np.where(starts[1:] > starts[:-1], starts[1:] - 1, -1)
    outbound = np.array([getattr(shape, "direction", None) == "outbound" for shape in rows.shapes], bool)
    sent = np.flatnonzero(outbound[rows.shape]) if len(rows) else np.zeros(0, np.int64)
    last[rows.consumer[sent]] = sent
    ending = last < 0
    ending[~ending] = rows.numbers["at"][last[~ending]] <= ends_at
    each = _each_debt(stored)
    asked = [(number, debts) for number in np.flatnonzero(ending).tolist() for debts in each.get(number) or (None,)]
    consumer = np.array([number for number, _ in asked], np.int64)
    return Ends(ends_at, consumer, last[consumer], [debts for _, debts in asked])


def _each_debt(stored: Stored) -> dict[int, list[DebtIds]]:
    """Every debt of each file or of its log by itself, in the order in which they are named first; those that count as one
    once, as the last of them that is named."""
    keys: dict[tuple[int, str], str] = {}
    found: dict[int, dict[str, str]] = {}
    for number in range(len(stored.debts)):
        for debt_id, key in stored.debts.named(number):
            keys[number, debt_id] = key
            found.setdefault(number, {})[key] = debt_id
    consumer, lists, first, last = _named(stored)
    for pair in np.argsort(first).tolist():
        number = int(consumer[pair])
        of_log = found.setdefault(number, {})
        for debt_id in lists[pair]:
            of_log.setdefault(keys.get((number, debt_id), debt_id), debt_id)
    for pair in np.argsort(last).tolist():
        number = int(consumer[pair])
        for debt_id in lists[pair]:
            found[number][keys.get((number, debt_id), debt_id)] = debt_id
    return {number: [(debt_id,) for debt_id in of_consumer.values()] for number, of_consumer in found.items()}


def _named(stored: Stored) -> tuple[Ints, list[tuple[str, ...]], Ints, Ints]:
    """The lists of debts that rows name, once for each consumer: whose, which, and the first and the last row that does."""
    lists, said = stored.rows.debts, stored.rows.debts.places
    some = np.flatnonzero(np.array([*map(bool, lists.values), False], bool)[said])
    firsts, places = distinct_rows([stored.rows.consumer[some], said[some]])
    last = np.zeros(len(firsts), np.int64)
    last[places] = np.arange(len(some))
    first = some[firsts]
    return stored.rows.consumer[first], [lists[row] or () for row in first.tolist()], first, some[last]
