"""What the importers of vendors' exports have in common: the columns that the caller names, and whose a row is.

A vendor's importer says what a row gives (`_items`), and which consumers on file its cells name (`_owners`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.columns import Column, ColumnReader
from fdcpa_guard.facts.importers.consumer_column import ConsumerColumn
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.dispositions import load_dispositions
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Item
from fdcpa_guard.facts.importers.table import column_name
from fdcpa_guard.facts.importers.whose import Whose
from fdcpa_guard.facts.models import Communication, Person


def text(name: str, meaning: str, *, repeats: bool = True) -> Column:
    return Column(name, "text", meaning, c.text, repeats=repeats)


def copy_for(message: Communication, consumer: str, stated: str, owners: Sequence[str]) -> Communication:
    """A message of the consumer `stated` to one of several recipients, as it stands in the log of `consumer`.

    `owners` have the recipient's address on file. A copy may tell somebody else of the debt, which is then nothing that is
    known to be theirs.
    """
    update: dict[str, object] = {"person": None if consumer in owners else Person(role="unknown")}
    if consumer != stated:
        update["debts"] = None
    return message.model_copy(update=update)


class VendorLog(ABC):
    """Reads rows of one vendor's export.

    The consumer and the debt come from the columns that the caller names, however the name is written, else from a member
    of that name of the column `own_data`, which holds texts of the shop's own by their names as `column_name` writes them.
    """

    def __init__(
        self, context: Context, name: str, columns: Sequence[Column], ignored: frozenset[str], own_data: str = ""
    ) -> None:
        self._context = context
        self._own_data = own_data
        options = context.options
        self._consumer_column = None if options.consumer_column is None else column_name(options.consumer_column)
        self._debt_column = None if options.debt_column is None else column_name(options.debt_column)
        named = [each for each in (self._consumer_column, self._debt_column) if each is not None]
        known = {column.name for column in columns}
        extra = [text(each, "named by the caller") for each in dict.fromkeys(named) if each not in known]
        self._reader = ColumnReader((*columns, *extra), context.reports, context.clock, ignored - set(named))
        self._cell_of_consumer = None if self._consumer_column is None else ConsumerColumn(self._consumer_column)
        self._whose = Whose(context)
        self._dispositions = load_dispositions(name, options.dispositions)
        self._never_held = named
        self._any_row = False

    @property
    def unknown_columns(self) -> Sequence[str]:
        return tuple(self._reader.unknown)

    def consumers_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        if self._cell_of_consumer is not None:
            data: Any = self._parsed(columns, cells, self._own_data) or {}
            stated = self._cell_of_consumer.of(columns, cells) or data.get(self._consumer_column)
            if stated:
                return (stated,)
        return self._owners(columns, cells)

    def read(self, row: int, columns: tuple[str, ...], cells: Sequence[object]) -> Sequence[Item]:
        fields: dict[str, Any] | None = self._reader.fields(
            row, columns, cells, lambda found: self.consumers_of(columns, found)
        )
        if fields is None:
            return ()
        self._any_row = True
        if self._never_held:
            self._never_held = [each for each in self._never_held if self._stated(fields, each) is None]
        return self._items(row, columns, fields)

    def finish(self) -> None:
        """Tell of a column that the caller named and no row had: its name may be wrong."""
        if not self._any_row:
            return
        for column in self._never_held:
            what = "the consumer" if column == self._consumer_column else "the debt"
            message = f"nothing stands in it in any row, and it was named as the column of {what}: told another way, or not at all"
            self._context.reports.add(ProblemKind.ASSUMPTION, message, column=column)

    @abstractmethod
    def _items(self, row: int, columns: tuple[str, ...], fields: Mapping[str, Any]) -> Sequence[Item]:
        """What the fields of a row give; nothing when it was left out, which has been reported then."""

    @abstractmethod
    def _owners(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        """The consumers on file whose row it may be, by cells of which any may be missing or unreadable."""

    # --- parts of a row ---------------------------------------------------------------------------------------------

    def _parsed(self, columns: tuple[str, ...], cells: Sequence[object], name: str) -> object:
        """One cell by its column's parser; None where it is empty, missing or unreadable."""
        if name not in columns or name not in self._reader.columns or (place := columns.index(name)) >= len(cells) or cells[place] in (None, ""):
            return None
        try:
            return self._reader.columns[name].parse(cells[place])
        except ValueError:
            return None

    def _stated(self, fields: Mapping[str, Any], column: str | None) -> str | None:
        """What a column that the caller named says, or else the shop's own data."""
        if column is None:
            return None
        found = fields.get(column)
        if not isinstance(found, str) and self._own_data:
            found = fields.get(self._own_data, {}).get(column)
        return found if isinstance(found, str) and found else None

    def _debts(self, fields: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        stated = self._stated(fields, self._debt_column)
        return {} if stated is None else {"debts": c.listing(stated)}

    def _on_file(self, address: str | None) -> tuple[str, ...]:
        """Whose a number or an email address is by the accounts file."""
        return () if address is None else tuple(self._context.options.consumers_by_number.get(address, ()))

    def _leave_out_as_nobodys(self, row: int, column: str) -> None:
        message = "nothing tells whose row this is"
        self._context.reports.leave_out(ProblemKind.MISSING_FIELD, message, row, self._consumer_column or column)

    def _leave_out_untimed(self, row: int, names: Sequence[str], expected: str, consumers: Sequence[str]) -> None:
        """A row of these consumers' that has no time in any of the columns `names`."""
        refused = next((name for name in names if name in self._reader.refused), None)
        if refused is not None:
            kind, message = ProblemKind.BAD_VALUE, "the row has no time that can be read"
        else:
            kind, message = ProblemKind.MISSING_FIELD, f"nothing stands in it, expected {expected}"
        self._context.reports.leave_out_of(consumers, kind, message, row, refused or names[0])
