"""A table of the shop's own, read by a file that says which of its columns is which of the project's log.

    columns:
      consumer_id: Acct No
      debt_ids: Acct No
      at: {column: [Date, Time], format: "%m/%d/%Y %H:%M:%S", zone: America/Chicago}
      address: Phone
      channel: {always: call}
      direction: {column: Dir, values: {O: outbound, I: inbound}}
      outcome: {column: Result, values: {RPC: conversation, NA: no_answer, DNQ: no_contact}}
    ignore: [Notes]

A column that the file names nowhere is reported; so is a value that `values` does not have, and its field is then unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.canonical import LOG_COLUMNS, CanonicalLog
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.plain_yaml import plain_yaml, text_of
from fdcpa_guard.facts.importers.problems import ProblemKind, did_you_mean
from fdcpa_guard.facts.importers.rows import Item
from fdcpa_guard.facts.importers.table import Unreadable, column_name
from fdcpa_guard.facts.importers.times import LocalClock, NaiveTimeError, is_zone, zone_of
from fdcpa_guard.facts.models import Model

_WHAT: Final = "the file of columns"
INSTANTS: Final = frozenset(column.name for column in LOG_COLUMNS if column.type == "instant")
_SAYS_NOTHING: Final = "unknown"
_NO_CONTACT: Final = "no_contact"


class Source(Model):
    """Where one field comes from."""

    column: str | tuple[str, ...] | None = None
    always: str | None = None
    values: dict[str, str] | None = None
    format: str | None = None
    zone: str | None = None
    zone_column: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        named = (self.column,) if isinstance(self.column, str) else self.column or ()
        return tuple(column_name(name) for name in named)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns, and that of the zone."""
        return self.columns if self.zone_column is None else (*self.columns, column_name(self.zone_column))


class _Mapping(Model):
    columns: dict[str, Source] = Field(min_length=1)
    ignore: tuple[str, ...] = ()


def load_mapping(path: Path) -> Mapping[str, Source]:
    """The sources of the fields by their canonical names. Raises FactsError: the file is not there, or wrong."""
    return _load(path).columns


def sources_of_fields(path: Path) -> Mapping[str, Source]:
    """The same, with the field that keeps the words of the outcome where the file has one."""
    return _with_raw_outcome(load_mapping(path))


def _with_raw_outcome(sources: Mapping[str, Source]) -> Mapping[str, Source]:
    outcome = sources.get("outcome", Source())
    return sources if "raw_outcome" in sources or not outcome.columns else {**sources, "raw_outcome": Source(column=outcome.columns)}


def said_by(field: str, values: Mapping[str, str], written: str) -> str | None:
    """What a value of a file's own says of a field, by its table; the empty text where that is nothing. None where it is not in
    the table, or its row is no communication."""
    value = _looked_up(values, written)
    if value is None or (field == "outcome" and value == _NO_CONTACT):
        return None
    return "" if value == _SAYS_NOTHING and field != "person_role" else value


def _load(path: Path) -> _Mapping:
    raw: Any = plain_yaml(text_of(path, _WHAT), path.name, _WHAT)
    if not isinstance(raw, dict):
        raise FactsError(f"{_WHAT} is a mapping with the key `columns`, found something else", path.name)
    if isinstance(raw.get("columns"), dict):
        said = {
            name: {"column": source} if isinstance(source, str | list) else source
            for name, source in raw["columns"].items()
        }
        raw = {**raw, "columns": said}
    try:
        mapping = _Mapping.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ": ".join((path.name, ".".join(str(part) for part in first["loc"])))
        raise FactsError(first["msg"], where) from None
    _check(mapping, path.name)
    return mapping


def _check(mapping: _Mapping, name: str) -> None:
    known = {column.name: column for column in LOG_COLUMNS}
    for field, source in mapping.columns.items():
        where = f"{name}: {field}"
        if field not in known:
            raise FactsError(f"the log has no column `{field}`{did_you_mean(field, known)}", where)
        if bool(source.columns) == (source.always is not None):
            raise FactsError("expected either `column` or `always`", where)
        if field not in INSTANTS and (source.format or source.zone or source.zone_column):
            raise FactsError("`format`, `zone` and `zone_column` are for instants", where)
        if source.zone is not None and not is_zone(source.zone):
            raise FactsError(f"no time zone is called `{source.zone}`", where)
        allowed = known[field].names
        for value in source.values.values() if source.values and allowed else ():
            if value not in allowed and value != _SAYS_NOTHING and not (field == "outcome" and value == _NO_CONTACT):
                raise FactsError(f"`{value}` is no {field}, expected one of {', '.join(allowed)}", where)
    for field in ("at", "consumer_id"):
        if field not in mapping.columns:
            raise FactsError(f"nothing is said of `{field}`, without which no row can be read", name)


class MappedLog:
    """Reads rows of such a table: brings their cells to the canonical columns, and leaves the rest to the canonical log."""

    def __init__(self, context: Context) -> None:
        assert context.options.columns is not None
        self._context = context
        self._name = context.options.columns.name
        self._mapping = _load(context.options.columns)
        self._called = {field: _called(field, source) for field, source in self._mapping.columns.items()}
        if "raw_outcome" not in self._called and self._mapping.columns.get("outcome", Source()).columns:
            self._called["raw_outcome"] = "raw_outcome"
        self._log = CanonicalLog(context, self._called)
        self._columns = tuple(self._called.values())
        self._seen: tuple[str, ...] | None = None
        self._makers: list[Callable[[int, Sequence[object]], object]] = []
        self._outcome: Callable[[Sequence[object]], object] = lambda cells: None
        self._consumer: Callable[[Sequence[object]], object] = lambda cells: None
        self._told: dict[str, None] = {}

    @property
    def unknown_columns(self) -> Sequence[str]:
        return tuple(self._told)

    def consumers_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        self._see(columns)
        found = self._consumer(cells)
        return (found.strip(),) if isinstance(found, str) and found.strip() else ()

    def read(self, row: int, columns: tuple[str, ...], cells: Sequence[object]) -> Sequence[Item]:
        self._see(columns)
        outcome = self._mapping.columns.get("outcome")
        if outcome is not None and outcome.values:
            code = self._outcome(cells)
            if isinstance(code, str) and _looked_up(outcome.values, code) == _NO_CONTACT:
                self._context.reports.not_a_communication(code.strip(), row, "no contact, by the file of columns")
                return ()
        return self._log.read(row, self._columns, [make(row, cells) for make in self._makers])

    def finish(self) -> None:
        self._log.finish()

    # --- from the file's columns to the canonical ones ------------------------------------------------------------------

    def _see(self, columns: tuple[str, ...]) -> None:
        """Make ready for rows under these columns. Raises FactsError: one that the mapping names is not there."""
        if columns is self._seen:
            return
        self._seen = columns
        places = {name: place for place, name in reversed(list(enumerate(columns)))}
        used = {column_name(name) for name in self._mapping.ignore}
        self._makers = []
        for field in self._called:
            source = self._mapping.columns.get(field) or Source(column=self._mapping.columns["outcome"].columns)
            used |= set(source.needed)
            for name in source.needed:
                if name not in places:
                    message = f"the table has no column `{name}`, which {self._name} names for `{field}`"
                    raise FactsError(message + did_you_mean(name, places), self._context.file)
            self._makers.append(self._maker(field, source, places))
        self._consumer = _joined(self._mapping.columns["consumer_id"], places)
        self._outcome = _joined(self._mapping.columns.get("outcome", Source()), places)
        for name in columns:
            if name not in used and name not in self._told:
                self._told[name] = None
                message = f"a column that {self._name} does not name: it is not read"
                self._context.reports.add(ProblemKind.UNKNOWN_COLUMN, message, column=name)

    def _maker(
        self, field: str, source: Source, places: Mapping[str, int]
    ) -> Callable[[int, Sequence[object]], object]:
        if source.always is not None:
            return lambda row, cells: source.always
        written = _joined(source, places)
        if field in INSTANTS:
            zone_place = None if source.zone_column is None else places[column_name(source.zone_column)]
            return lambda row, cells: self._instant(row, field, source, written(cells), zone_place, cells)
        if source.values is None:
            return lambda row, cells: written(cells)
        values = source.values
        return lambda row, cells: self._value(row, field, values, written(cells))

    def _value(self, row: int, field: str, values: Mapping[str, str], written: object) -> object:
        if not isinstance(written, str) or not written.strip():
            return written
        value = _looked_up(values, written)
        if value is None:
            message = f"a value of `{field}` that {self._name} does not have: it is unknown"
            self._context.reports.count_code(ProblemKind.UNMAPPED_DISPOSITION, written.strip(), row, message)
            # Of a role, nothing said would mean the consumer.
            return _SAYS_NOTHING if field == "person_role" else None
        return None if value == _SAYS_NOTHING and field != "person_role" else value

    def _instant(
        self, row: int, field: str, source: Source, written: object, zone_place: int | None, cells: Sequence[object]
    ) -> object:
        if not isinstance(written, str) or not written.strip():
            return written
        moment: object = written
        if source.format is not None:
            try:
                moment = datetime.strptime(written.strip(), source.format)
            except ValueError:
                return Unreadable(ProblemKind.BAD_VALUE, f"expected a time of the form `{source.format}`", written[:80])
        zone = source.zone
        if zone_place is not None:
            zone = str(cells[zone_place] or "").strip()
            if not is_zone(zone):
                message = f"the row's zone `{zone[:80]}` is no IANA name such as America/New_York"
                return Unreadable(ProblemKind.NAIVE_TIME, message, written[:80])
        return moment if zone is None else self._in_zone(row, field, moment, zone, written)

    def _in_zone(self, row: int, field: str, moment: object, zone: str, written: str) -> object:
        if isinstance(moment, str):
            try:
                moment = datetime.fromisoformat(moment.strip())
            except ValueError:
                return written
            if len(written.strip()) <= 10:
                return written
        if not isinstance(moment, datetime) or moment.tzinfo is not None:
            return moment
        try:
            reading = _clock(zone).instant(moment)
        except (OverflowError, NaiveTimeError):
            return written
        if reading.kind is not None and reading.note is not None:
            self._context.reports.add(reading.kind, reading.note, row, self._called[field], written)
        return reading.at


@lru_cache(maxsize=1_000)
def _clock(zone: str) -> LocalClock:
    return LocalClock(zone_of(zone).key)


def _called(field: str, source: Source) -> str:
    """How messages name a field: by the columns of the file."""
    return f"{' + '.join(source.columns)} ({field})" if source.columns else field


def _joined(source: Source, places: Mapping[str, int]) -> Callable[[Sequence[object]], object]:
    """The cell of a source; of several columns (a date, a time) their texts with a space between."""
    where = tuple(places[name] for name in source.columns if name in places)
    if not where:
        return lambda cells: source.always
    if len(where) == 1:
        place = where[0]
        return lambda cells: cells[place] if place < len(cells) else None

    def join(cells: Sequence[object]) -> object:
        parts = [cells[place] if place < len(cells) else None for place in where]
        bad = next((part for part in parts if isinstance(part, Unreadable)), None)
        return bad or " ".join(str(part).strip() for part in parts if part is not None).strip()

    return join


def _looked_up(values: Mapping[str, str], written: str) -> str | None:
    found = values.get(written)
    return found if found is not None else values.get(written.strip())
