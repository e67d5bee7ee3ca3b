"""The actions of a partition in columns: in order of time, and of whom there is more to say of them than that."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from fdcpa_guard.auditing.consumers import words_of
from fdcpa_guard.auditing.partitions.kinds import DAYS_OF_ACTION
from fdcpa_guard.auditing.partitions.recorded import (
    _EPOCH,
    Ints,
    Recorded,
    debt_ids_of,
    read_back,
    runs_of,
    texts_of,
)
from fdcpa_guard.auditing.partitions.splitting import OWN_OF_ACTION, joined
from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Texts
from fdcpa_guard.engine.columnar.stored import Records
from fdcpa_guard.facts.actions import ActionEntry
from fdcpa_guard.facts.debts import cents_of
from fdcpa_guard.facts.models import Action

_TEXTS: Final = {"id": "id", "directed_to": "action.directed_to"}
_SAYS_NOTHING: Final = ActionEntry(Action(at=_EPOCH, type="keep_records"))
"""Stands for a shape that no plain consumer has."""
_TOO_MUCH: Final = 1 << 53


class Actions:
    """The actions among the records of a partition."""

    def __init__(self, records: Recorded) -> None:
        self._records = records
        self._words: dict[int, str] = {}

    def action(self, index: int) -> Action:
        """One of the records. Raises ValidationError where it cannot be read back."""
        values = self._records.values
        own = {name: values(name)[index] for name in OWN_OF_ACTION}
        return Action.model_validate(joined(own, values("shape")[index]))

    @cached_property
    def entries(self) -> list[ActionEntry | None]:
        """What the actions of each shape say; None of one that cannot be read back."""
        return [
            None if (said := read_back(Action, body)) is None else ActionEntry(said) for body in self._records.shapes[1]
        ]

    def beyond_counting(self) -> Ints:
        """The consumers of whom an action is of more money than columns hold."""
        records = self._records
        numbers, cents = self._cents
        found: Ints = records.consumer[np.array([abs(each) >= _TOO_MUCH for each in cents], bool)[numbers]]
        return found

    def told_twice(self) -> Ints:
        """The consumers of whom two actions without an id say the same."""
        records = self._records
        readable = np.array([each is not None for each in self.entries], bool)[records.shapes[0]]
        nameless = np.flatnonzero(np.asarray(records.table["id"].is_null()) & readable)
        order = nameless[np.lexsort((records.numbers("at")[nameless], records.consumer[nameless]))]
        found: list[int] = []
        for first, last in runs_of(self._tied(order)):
            said = list(map(self._said, order[first:last].tolist()))
            if len(set(said)) < len(said):
                found.append(int(records.consumer[order[first]]))
        return np.array(found, np.int64)

    def stored(self, place: Ints) -> tuple[Records, Callable[[int], ActionEntry]]:
        """The actions of some consumers, and what makes an object of one of them. `place` of a consumer among these; -1 of
        all others."""
        records = self._records
        index = records.order[place[records.consumer[records.order]] >= 0]
        at = records.numbers("at")
        index = self._in_turn(index[np.lexsort((at[index], place[records.consumer[index]]))])
        when, known = at[index], records.numbers("known_at")[index]
        numbers, _ = records.shapes
        texts: dict[str, Callable[[], Texts]] = {told: texts_of(records, name, index) for name, told in _TEXTS.items()}
        own = {
            "at": when, "known_at": np.where(known == UNSAID_NUMBER, when, known),
            **{f"action.{name}": records.numbers(name)[index] for name in DAYS_OF_ACTION}, "action.amount": self._amounts(index),
        }  # fmt: skip
        shapes = [each or _SAYS_NOTHING for each in self.entries]
        found = Records(place[records.consumer[index]], numbers[index], shapes, texts, own, debt_ids_of(records, index))
        return found, lambda number: ActionEntry(self.action(int(index[number])))

    def _tied(self, order: Ints) -> npt.NDArray[np.bool_]:
        """Which of some actions of the consumers, in order of time, are of the instant of the one before."""
        consumer, at = self._records.consumer[order], self._records.numbers("at")[order]
        same: npt.NDArray[np.bool_] = (consumer[1:] == consumer[:-1]) & (at[1:] == at[:-1])
        return same

    def _in_turn(self, index: Ints) -> Ints:
        """Of one instant in the order of their ids, and those without one by what they say: see `in_order_of_time`."""
        runs = runs_of(self._tied(index))
        if not runs:
            return index
        ids = self._records.values("id")
        found = index.copy()
        for first, last in runs:
            tied = index[first:last].tolist()
            nameless = [number for number in tied if ids[number] is None]
            words = {number: self._said(number) for number in nameless} if len(nameless) > 1 else {}
            found[first:last] = sorted(tied, key=lambda number: (ids[number] or "", words.get(number, "")))
        return found

    def _said(self, index: int) -> str:
        known = self._words.get(index)
        if known is None:
            known = self._words[index] = words_of(self.action(index))
        return known

    @cached_property
    def _cents(self) -> tuple[Ints, list[int]]:
        """The amounts that are said, as cents, and which of them each action says; the last is said by none."""
        encoded = self._records.table["amount"].combine_chunks().dictionary_encode()
        cents = [cents_of(Decimal(text)) or 0 for text in encoded.dictionary.to_pylist()]
        return np.asarray(encoded.indices.fill_null(len(cents))).astype(np.int64), [*cents, 0]

    def _amounts(self, index: Ints) -> Ints:
        numbers, cents = self._cents
        whole = np.array([each if abs(each) < _TOO_MUCH else UNSAID_NUMBER for each in cents], np.int64)
        whole[-1] = UNSAID_NUMBER
        found: Ints = whole[numbers[index]]
        return found

