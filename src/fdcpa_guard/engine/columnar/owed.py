"""The debts on file of many consumers, of which an object is made where one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, Final

import numpy as np
import pyarrow as pa

from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Array, Codes, Column, column_of, unsaid
from fdcpa_guard.facts import models
from fdcpa_guard.facts.debts import AMOUNTS, DebtOf, key_as_written, read_as_written
from fdcpa_guard.values import Kind

_MADE_OF: Final[Mapping[str, frozenset[str]]] = {
    "key": frozenset({"id"}),
    "has_account_number": frozenset({"account_suffix", "has_account_number"}),
    "reporting_period_begins": frozenset({"delinquent_since"}),
}
"""What an attribute is made of, where that is more than the field of its name."""
_DOLLARS: Final = pa.decimal128(18, 2)
Document = Mapping[str, Any]
"""A debt as its model writes it in JSON."""


class Owed:
    """`documents` are those of each consumer; `model` makes the model of one."""

    def __init__(self, documents: Sequence[Sequence[Document]], model: Callable[[Document], models.Debt]) -> None:
        self.documents = documents
        self.model = model

    def __len__(self) -> int:
        return len(self.documents)

    def of(self, consumer: int) -> list[models.Debt]:
        return [self.model(each) for each in self.documents[consumer]]

    def named(self, consumer: int) -> list[tuple[str, str]]:
        """The id of each debt of a consumer, and what counts compare of it."""
        return [(each["id"], key_as_written(each)) for each in self.documents[consumer]]


class Numbered:
    """Debts by number: those on file first, and then those that something names, of which nothing is known but the id."""

    def __init__(self, owed: Owed) -> None:
        self._owed = owed
        self.of_consumer: list[dict[str, int]] = []
        """The number of each debt of a consumer, by its id."""
        self.keys: list[str] = []
        self._documents: list[Document] = []
        self._ids: list[str] = []
        self._made: dict[int, DebtOf] = {}
        for documents in owed.documents:
            known: dict[str, int] = {}
            for each in documents:
                known.setdefault(each["id"], len(self._documents))
                self._documents.append(each)
                self.keys.append(key_as_written(each))
            self.of_consumer.append(known)

    def __len__(self) -> int:
        return len(self.keys)

    def name(self, consumer: int, debt_id: str) -> None:
        """A debt that is named has a number from then on."""
        known = self.of_consumer[consumer]
        if debt_id not in known:
            known[debt_id] = len(self.keys)
            self.keys.append(debt_id)
            self._ids.append(debt_id)

    def __getitem__(self, number: int) -> DebtOf:
        made = self._made.get(number)
        if made is None:
            made = self._made[number] = DebtOf(self._owed.model(self.document(number)))
        return made

    def document(self, number: int) -> Document:
        filed = len(self._documents)
        return self._documents[number] if number < filed else {"id": self._ids[number - filed]}

    def column(self, name: str, kind: Kind, codes: Codes) -> Column:
        """An attribute of each."""
        if name in AMOUNTS and (cents := _cents([each.get(name) for each in self._documents], len(self))) is not None:
            return Column(cents, bool((cents == UNSAID_NUMBER).any()))
        if not self._stated & _MADE_OF.get(name, {name}):
            return unsaid(len(self), kind)
        of_named = self._ids if name in ("id", "key") else [None] * len(self._ids)
        return column_of([*(read_as_written(each, name) for each in self._documents), *of_named], kind, codes)

    @cached_property
    def _stated(self) -> frozenset[str]:
        """What any of them says: of most that may be said of debts, none says anything."""
        return frozenset(chain.from_iterable(self._documents)) | {"id"}


def _cents(written: Sequence[str | None], rows: int) -> Array | None:
    """Amounts as cents, and nothing said in as many rows more as are lacking; None where Arrow does not read all of them, as
    those of very many dollars."""
    try:
        amounts = pa.array(written, pa.string()).cast(_DOLLARS)
    except pa.ArrowException:
        return None
    found = np.full(rows, UNSAID_NUMBER, np.int64)
    # So many digits are in the lower half of each.
    halves = np.frombuffer(amounts.buffers()[1], np.int64)[: 2 * len(written) : 2]
    found[: len(written)] = np.where(np.asarray(amounts.is_valid()), halves, UNSAID_NUMBER)
    return found
