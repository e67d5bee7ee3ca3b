"""The columns of a file kind: name, type and meaning, the parser of a cell, and the reading of a whole row by them.

One declared table of `Column` serves the reading, the messages and the manual.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from fdcpa_guard.facts.importers.numbers import e164
from fdcpa_guard.facts.importers.problems import ProblemKind, Reports, did_you_mean
from fdcpa_guard.facts.importers.table import Unreadable
from fdcpa_guard.facts.importers.times import LocalClock, NaiveTimeError, Reading, read_instant

Parse = Callable[[object], object]
Whose = Callable[[Sequence[object]], Sequence[str]]
"""Finds the consumers whose row it may be in its cells."""
_CACHED: Final = 50_000
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2199
_MONEY: Final = re.compile(r"-?\$?(\d+|\d{1,3}(,\d{3})+(?=\.))(\.\d{1,2})?", re.ASCII)
_DIALLED: Final = re.compile(r"(tel:)?\+?[0-9 ().,\-]+([eE]\+?[0-9]+)?", re.ASCII)
_TRUTHS: Final[Mapping[str, bool]] = {
    "true": True, "t": True, "yes": True, "y": True, "1": True,
    "false": False, "f": False, "no": False, "n": False, "0": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `type` is in the words of the manual; `field` the field it fills, where that bears another name.

    `parse` takes a cell that is not empty and raises ValueError with what was expected. `repeats`: its values come again
    and again, so that each is parsed once. `names` are the values it may have, where that is a closed list. `or_none`: an
    empty list says that there is none, which is more than to say nothing.
    """

    name: str
    type: str
    meaning: str
    parse: Parse
    field: str = ""
    required: bool = False
    repeats: bool = False
    names: tuple[str, ...] = ()
    or_none: bool = False

    @property
    def fills(self) -> str:
        return self.field or self.name


# --- parsers ------------------------------------------------------------------------------------------------------------


def text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError("expected text")


def truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    found = _TRUTHS.get(str(value).strip().lower())
    if found is None:
        raise ValueError("expected `true` or `false`")
    return found


def instant(value: object) -> datetime:
    """With an offset; the reader of a row puts its own clock in this place."""
    return _plausible(read_instant(value, LocalClock(None))).at


def _plausible(reading: Reading) -> Reading:
    if not _FIRST_YEAR <= reading.at.year <= _LAST_YEAR:
        raise ValueError(f"expected a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return reading


def instant_or_day(value: object) -> datetime | date:
    try:
        return day(value)
    except ValueError:
        return instant(value)


def day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and len(value.strip()) == 10:
            return date.fromisoformat(value.strip())
    except ValueError:
        pass
    raise ValueError("expected a date such as 2026-03-02")


def money(value: object) -> Decimal:
    if isinstance(value, bool):
        raise ValueError("expected an amount such as 1200.00")
    written = str(value).strip()
    if _MONEY.fullmatch(written):
        return Decimal(written.replace("$", "").replace(",", ""))
    raise ValueError("expected an amount such as 1200.00")


def number(value: object) -> float:
    try:
        if not isinstance(value, bool):
            found = float(Decimal(str(value).strip()))
            if isfinite(found):
                return found
    except (InvalidOperation, OverflowError):
        pass
    raise ValueError("expected a number")


def whole_number(value: object) -> int:
    found = number(value)
    if found != int(found):
        raise ValueError("expected a whole number")
    return int(found)


def telephone(value: object) -> str:
    return e164(text(value))


def address(value: object) -> str:
    """A telephone number in E.164; an e-mail or postal address as it is written."""
    written = text(value)
    return e164(written) if _DIALLED.fullmatch(written) else written


def listing(value: object) -> tuple[str, ...]:
    """Texts separated by `|`, or a JSON list."""
    if isinstance(value, list | tuple):
        return tuple(text(part) for part in value)
    return tuple(part for part in (piece.strip() for piece in text(value).split("|")) if part)


def or_none(parse: Parse) -> Parse:
    """The same, where the word `none` and an empty JSON list say that there is none. A blank says nothing."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            return parse(value)
        return () if value.strip().lower() == "none" else parse(value) or None

    return read


def one_of(names: Sequence[str]) -> Parse:
    allowed = frozenset(names)

    def parse(value: object) -> str:
        written = text(value)
        if written in allowed:
            return written
        plain = "_".join(written.lower().replace("-", " ").split())
        if plain in allowed:
            return plain
        raise ValueError(f"expected one of {', '.join(names)}{did_you_mean(plain, names)}")

    return parse


def several_of(names: Sequence[str]) -> Parse:
    one = one_of(names)

    def parse(value: object) -> tuple[object, ...]:
        return tuple(one(part) for part in listing(value))

    return parse


def nested(kind: Any, expected: str) -> Parse:
    """A structure: as JSON text in a cell, or as it stands in a JSON or Parquet row."""
    adapter: TypeAdapter[object] = TypeAdapter(kind)

    def parse(value: object) -> object:
        try:
            return adapter.validate_python(orjson.loads(value) if isinstance(value, str) else value)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise ValueError(f"expected {expected}: {where + ': ' if where else ''}{first['msg']}") from None
        except orjson.JSONDecodeError:
            raise ValueError(f"expected {expected} as JSON") from None

    return parse


# --- a row ----------------------------------------------------------------------------------------------------------------


class ColumnReader:
    """Reads the cells of rows by a table of columns, and reports columns and values that it does not know.

    `ignored` are columns that a format has and that tell nothing for this purpose; no other column is passed over in
    silence.
    """

    def __init__(
        self,
        columns: Iterable[Column],
        reports: Reports,
        clock: LocalClock,
        ignored: frozenset[str] = frozenset(),
    ) -> None:
        self.columns = {column.name: column for column in columns}
        self._reports = reports
        self._clock = clock
        self._doubts: list[Reading] = []
        self._ignored = ignored
        self._caches: dict[str, dict[object, object]] = {column: {} for column in self.columns}
        self._named: tuple[str, ...] | None = None
        self._plan: list[tuple[int, str, Column, Parse, dict[object, object] | None]] = []
        self._required: list[Column] = []
        self.unknown: dict[str, None] = {}
        self.refused: list[str] = []
        """The columns of the last row whose values could not be taken, or stand under a name that is nearly one known."""
        self._nearly_known: list[tuple[int, str]] = []

    def fields(
        self, row: int, columns: tuple[str, ...], cells: Sequence[object], whose: Whose
    ) -> dict[str, object] | None:
        """The fields that the cells fill, by field name; None where the row is left out, which is then reported.

        A bad value is reported and its field absent; the row is left out where the field is required. `whose` finds the
        consumers in the cells, for the report.
        """
        if columns is not self._named:
            self._make_plan(columns)
        if self.refused:
            self.refused = []
        found: dict[str, object] = {}
        for place, fills, column, parse, cache in self._plan:
            cell = cells[place]
            if cell is None or cell == "":
                continue
            if cache is not None:
                try:
                    found[fills] = cache[cell]
                    continue
                except (KeyError, TypeError):
                    pass
            if isinstance(cell, Unreadable):
                if self._refuse(row, column, cell.kind, cell.message, cell.value, cells, whose):
                    return None
                continue
            try:
                value = parse(cell)
            except ValueError as error:
                kind = ProblemKind.NAIVE_TIME if isinstance(error, NaiveTimeError) else ProblemKind.BAD_VALUE
                if self._refuse(row, column, kind, str(error), cell, cells, whose):
                    return None
                continue
            if self._doubts:
                self._tell_doubts(row, column, cell, cells, whose)
            if value is None or value == "" or (value == () and not column.or_none):
                continue
            found[fills] = value
            if cache is not None and len(cache) < _CACHED and isinstance(cell, str) and len(cell) <= 100:
                cache[cell] = value
        for place, name in self._nearly_known:
            if cells[place] not in (None, ""):
                self.refused.append(name)
        for column in self._required:
            if column.fills not in found:
                message = f"nothing stands in it, expected {column.meaning}"
                self._reports.leave_out_of(whose(cells), ProblemKind.MISSING_FIELD, message, row, column.name)
                return None
        return found

    def _refuse(
        self,
        row: int,
        column: Column,
        kind: ProblemKind,
        message: str,
        value: object,
        cells: Sequence[object],
        whose: Whose,
    ) -> bool:
        """Report a cell that gives nothing; True where that leaves the row out."""
        self.refused.append(column.name)
        put = self._reports.leave_out_of if column.required else self._reports.add_of
        put(whose(cells), kind, message, row, column.name, value)
        return column.required

    def _instant(self, value: object) -> datetime:
        if type(value) is str:
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                pass
            else:
                if moment.tzinfo is not None and _FIRST_YEAR < moment.year < _LAST_YEAR:
                    return moment
        try:
            reading = _plausible(read_instant(value, self._clock))
        except OverflowError:
            raise ValueError(f"expected a year from {_FIRST_YEAR} to {_LAST_YEAR}") from None
        if reading.kind is not None:
            self._doubts.append(reading)
        return reading.at

    def _instant_or_day(self, value: object) -> datetime | date:
        try:
            return day(value)
        except ValueError:
            return self._instant(value)

    def _tell_doubts(self, row: int, column: Column, value: object, cells: Sequence[object], whose: Whose) -> None:
        for doubt in self._doubts:
            if doubt.kind is not None and doubt.note is not None:
                self._reports.add_of(whose(cells), doubt.kind, doubt.note, row, column.name, value)
        self._doubts.clear()

    def _make_plan(self, columns: tuple[str, ...]) -> None:
        self._named = columns
        self._plan = []
        self._nearly_known = []
        taken: set[str] = set()
        for place, name in enumerate(columns):
            column = self.columns.get(name)
            if column is None:
                self._unknown(place, name)
            elif name not in taken:
                taken.add(name)
                parse = column.parse
                if parse is instant:
                    parse = self._instant
                elif parse is instant_or_day:
                    parse = self._instant_or_day
                self._plan.append((place, column.fills, column, parse, self._caches[name] if column.repeats else None))
        self._required = [column for column in self.columns.values() if column.required]

    def _unknown(self, place: int, name: str) -> None:
        if name in self._ignored:
            return
        meant = did_you_mean(name, self.columns)
        if meant:
            self._nearly_known.append((place, name))
        if name in self.unknown:
            return
        self.unknown[name] = None
        if name:
            message = f"a column that this format does not know: it is not read{meant}"
        else:
            message = "a column without a name: it is not read"
        self._reports.add(ProblemKind.UNKNOWN_COLUMN, message, column=name)


def required_missing(columns: Iterable[Column], present: Iterable[str]) -> list[Column]:
    """The required columns that a header lacks."""
    there = set(present)
    return [column for column in columns if column.required and column.name not in there]
