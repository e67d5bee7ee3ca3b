"""The file of actions: one row for each furnishing, suit, deposit, sale or other act that is no communication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, get_args

from fdcpa_guard.facts import names as names_of
from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.columns import Column, ColumnReader
from fdcpa_guard.facts.importers.consumer_column import ConsumerColumn
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.from_models import remaining
from fdcpa_guard.facts.importers.rows import Item, LogAction
from fdcpa_guard.facts.models import Action

_TYPES: Final = get_args(names_of.ActionType)

_DECLARED: Final[tuple[Column, ...]] = (
    Column("consumer_id", "text", "whom it concerns", c.text, required=True, repeats=True),
    Column("id", "text", "the action's id; the same id twice is one action", c.text),
    Column("at", "instant", "when it was done, with an offset", c.instant, required=True),
    Column("type", "name", "what was done", c.one_of(_TYPES), required=True, repeats=True, names=_TYPES),
    Column("known_at", "instant", "when the collector learnt of it, where that is later", c.instant),
    Column("debt_ids", "list", "the debts concerned", c.listing, "debts", repeats=True),
)

ACTION_COLUMNS: Final[tuple[Column, ...]] = (*_DECLARED, *remaining(Action, "action", _DECLARED))

NESTED_COLUMNS: Final = (Column("debts", "list", "another name of debt_ids", c.listing),)


class CanonicalActions:
    """Reads rows of the actions file."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._reader = ColumnReader((*ACTION_COLUMNS, *NESTED_COLUMNS), context.reports, context.clock)
        self._consumer = ConsumerColumn()

    @property
    def unknown_columns(self) -> Sequence[str]:
        return tuple(self._reader.unknown)

    def consumers_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        return self._consumer.all_of(columns, cells)

    def read(self, row: int, columns: tuple[str, ...], cells: Sequence[object]) -> Sequence[Item]:
        fields = self._reader.fields(row, columns, cells, lambda found: self._consumer.all_of(columns, found))
        if fields is None:
            return ()
        consumer: Any = fields.pop("consumer_id")
        action = self._context.made(lambda: Action.model_validate(fields), row, consumer)
        if action is None:
            return ()
        return (LogAction(consumer, row, self._context.file, action),)

    def finish(self) -> None:
        """Nothing waits for the end of the file."""
