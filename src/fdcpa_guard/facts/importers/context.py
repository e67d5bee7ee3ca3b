"""What a reading of log files is told, and what an importer works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import ValidationError

from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.problems import ProblemKind, Reports
from fdcpa_guard.facts.importers.rows import Item
from fdcpa_guard.facts.importers.table import MAX_FIELD, Positions
from fdcpa_guard.facts.importers.times import LocalClock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LogOptions:
    """How log files are to be read.

    `format`: a name of `FORMATS`; None: found out for each file. `zone`: the IANA name of the clock that wrote times
    without an offset; None: such times are refused. `dispositions`: a file with the shop's own codes, put over the table of
    the format. `max_field`: characters of the longest field. `consumer_column`, `debt_column`: where a vendor's export
    has the consumer and the debt, when not in the format's usual place. `consumers_by_number` and `consumers_by_debt`: whose
    a number or an account is (see `numbers_on_file`, `debts_on_file`), for exports that know only those. `conversation_seconds`: from which length an answered call
    counts as a conversation, for exports that do not say; None: no length proves one. `columns`: a file that says what the
    columns of a table of the shop's own are (see `mapped`); tables are then read by it.
    """

    format: str | None = None
    zone: str | None = None
    dispositions: Path | None = None
    max_field: int = MAX_FIELD
    consumer_column: str | None = None
    debt_column: str | None = None
    consumers_by_number: Mapping[str, Sequence[str]] = field(default_factory=dict)
    consumers_by_debt: Mapping[str, Sequence[str]] = field(default_factory=dict)
    conversation_seconds: int | None = None
    columns: Path | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The file that is read, and where its problems go."""

    file: str
    options: LogOptions
    clock: LocalClock
    reports: Reports

    def made(self, make: Callable[[], T], row: int, consumer_id: str) -> T | None:
        """What `make` builds of a row's fields; None where a model refuses them: the row is then left out, and told."""
        try:
            return make()
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            column = ".".join(str(part) for part in first["loc"]) or None
            self.reports.leave_out(
                ProblemKind.BAD_VALUE, first["msg"], row, column, first["input"], consumer_id=consumer_id
            )
            return None


class Importer(Protocol):
    """Brings the rows of one file to the common form."""

    @property
    def unknown_columns(self) -> Sequence[str]:
        """The columns met so far that the format does not have."""
        ...

    def consumers_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        """Each consumer whose row it may be, as far as its cells (there may be fewer than columns) tell."""
        ...

    def read(self, row: int, columns: tuple[str, ...], cells: Sequence[object]) -> Sequence[Item]:
        """What the row gives. Nothing, when it was left out: then that has been reported, once."""
        ...

    def finish(self) -> None:
        """After the last row: report what is told once for the file."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. `recognises` looks at the names of its columns. `columns` is the table for the manual.

    `positions` gives the columns of a CSV file without a header by its first record, None where that is not of the format.
    `needs_zone`: its times have no zone, unless a column of `zoned_by` tells them another way; without `--zone` such a file is
    refused as a whole.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    open: Callable[[Context], Importer]
    recognises: Callable[[frozenset[str]], bool]
    vendor_columns: frozenset[str] = frozenset()
    needs_zone: bool = False
    positions: Positions | None = None
    zoned_by: frozenset[str] = frozenset({"start_epoch"})

    @property
    def known_columns(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns) | self.vendor_columns
