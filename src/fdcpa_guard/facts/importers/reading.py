"""Opening log, account and event files: the one way in for the audit and the command line.

A reading is iterated over and gives `LogRow`, `LogEvent`, `AccountFacts` and `Problem` in the order of the files. It holds
one row at a time. After the end, `counts` says what became of every row: `rows_read == rows_given + rows_left_out`.
"""

from __future__ import annotations

import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers import mapped
from fdcpa_guard.facts.importers.agreement import Agreement
from fdcpa_guard.facts.importers.arrow_cells import BatchTable
from fdcpa_guard.facts.importers.columns import required_missing
from fdcpa_guard.facts.importers.context import Context, Format, Importer, LogOptions
from fdcpa_guard.facts.importers.formats import ACCOUNTS, ACTIONS, EVENTS, FORMATS
from fdcpa_guard.facts.importers.gathering import InColumns, OpenInColumns, cells_of, parted
from fdcpa_guard.facts.importers.on_file import debts_on_file, numbers_on_file
from fdcpa_guard.facts.importers.parquet_reading import ParquetTable, RowGroups
from fdcpa_guard.facts.importers.problems import (
    Counts,
    Problem,
    ProblemKind,
    Reports,
    ReportsOfAStretch,
    StretchError,
    did_you_mean,
)
from fdcpa_guard.facts.importers.rows import AccountFacts, Item, LogEvent, LogRow
from fdcpa_guard.facts.importers.sources import FileSource, QuerySource, Source, one_source, sources_of
from fdcpa_guard.facts.importers.table import Broken, Note, Row, Table
from fdcpa_guard.facts.importers.times import LocalClock

__all__ = [
    "ACCOUNTS", "ACTIONS", "EVENTS", "FORMATS", "AccountFacts", "Counts", "Format", "Item", "LogEvent", "LogOptions", "LogReading",
    "LogRow", "Problem", "ProblemKind", "debts_on_file", "numbers_on_file", "open_accounts", "open_actions", "open_events", "open_log",
    "open_one",
]  # fmt: skip

_UNREADABLE: Final = (OSError, EOFError, zlib.error)


class LogReading:
    """The items of some files, or of what a database answers. Iterating again reads them again.

    `formats` says in which format each file was read, `unknown_columns` which columns of it were not; both, and the
    counts, are complete after the last item. Problems that concern nobody's row come with the file's others.

    Raises (while iterating):
        FactsError: a file cannot be read at all: it is not there, or no format fits its columns.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        formats: Mapping[str, Format],
        options: LogOptions,
        compared: Mapping[str, Sequence[Note]] | None = None,
        stretch: RowGroups | None = None,
    ) -> None:
        """`compared`: what is to be said of each source beside the others of its log, where a reading has not all of them.
        `stretch`: of one Parquet file, the part that is read; what there is to say is
        then kept in `said`, and among the items is none of it (`tell_stretch`).

        Raises (while a stretch is read):
            StretchError: it cannot be read apart from the others.
        """
        self._formats = formats
        self._options = options
        self._compared = compared
        self._stretch = stretch
        self.said: Sequence[Problem] = ()
        self.in_columns: OpenInColumns | None = None
        """Set by whoever takes what is read in columns: among the items are then what these readers give."""
        self._clock = LocalClock(options.zone)
        self._sources = tuple(sources)
        self._reset()

    def _reset(self) -> None:
        self.formats: dict[str, str] = {}
        self.unknown_columns: dict[str, tuple[str, ...]] = {}
        self.counts_by_file: dict[str, Counts] = {}
        self._agreement = Agreement()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files."""
        return tuple(source.path for source in self._sources if isinstance(source, FileSource))

    @property
    def queries(self) -> tuple[QuerySource, ...]:
        """What is read and is no file here."""
        return tuple(source for source in self._sources if isinstance(source, QuerySource))

    @property
    def sources(self) -> tuple[Source, ...]:
        """All that is read, in order."""
        return self._sources

    def leave_out(self, paths: Container[Path]) -> None:
        """Files that are not to be read."""
        self._sources = tuple(
            each for each in self._sources if not (isinstance(each, FileSource) and each.path in paths)
        )

    @property
    def options(self) -> LogOptions:
        """How they are read."""
        return self._options

    @property
    def counts(self) -> Counts:
        """Of all files together."""
        total = Counts()
        for counts in self.counts_by_file.values():
            total.rows_read += counts.rows_read
            total.rows_given += counts.rows_given
            total.rows_left_out += counts.rows_left_out
            total.left_out_by.update(counts.left_out_by)
            total.problems.update(counts.problems)
        return total

    def __iter__(self) -> Iterator[Item]:
        self._reset()
        for source in self._sources:
            yield from self._file(source)

    def one_by_one(self) -> Iterator[tuple[Source, tuple[Note, ...]]]:
        """Each source, and what is to be said of it beside those before it: with both, it can be read by itself. Of the files
        no more is read than says what their columns are.

        Raises:
            FactsError: a file cannot be read at all.
        """
        agreement = Agreement()
        for source in self._sources:
            table = self._table(source)
            if not table.columns:
                yield source, ()
                continue
            yield source, self._beside(agreement, source, table, self._format(table, str(source), Reports(str(source))))

    def take_over(self, other: LogReading) -> None:
        """What another reading knows of the files that it has read, which are some of these."""
        self.formats |= other.formats
        self.unknown_columns |= other.unknown_columns
        self.counts_by_file |= other.counts_by_file

    def _file(self, source: Source) -> Iterator[Item]:
        file = str(source)
        reports = self._reports(file)
        self.counts_by_file[file] = reports.counts
        table = self._table(source)
        counts = reports.counts
        _tell(reports, source.notes)
        told = _tell(reports, table.notes)
        if not table.columns:
            for number, row in enumerate(_guarded(table), start=1):
                counts.rows_read += 1
                if isinstance(row, Broken):
                    reports.leave_out(row.kind, row.message, number, row.column, row.value)
                else:
                    reports.leave_out(ProblemKind.BROKEN_RECORD, "the record has no fields", number)
                yield from _drained(reports)
            reports.close()
            yield from _drained(reports)
            return
        format_ = self._format(table, file, reports)
        if format_.needs_zone and self._clock.zone_name is None and not format_.zoned_by & set(table.columns):
            message = f"the times of a {format_.name} export have no zone: name that of the clock that wrote them"
            raise FactsError(message, file, "--zone America/New_York")
        compared = self._compared
        _tell(reports, self._beside(self._agreement, source, table, format_) if compared is None else compared.get(file, ()))
        context = Context(file, self._options, self._clock, reports)
        importer = format_.open(context)
        reader = None
        if self.in_columns is not None:
            cells = table.cells if isinstance(table, BatchTable) else cells_of
            reader = self.in_columns(format_, context, importer, cells)
        if reader is None:
            yield from self._row_by_row(enumerate(_guarded(table), start=1), table.columns, importer, reports)
        elif isinstance(table, BatchTable):
            yield from self._in_batches(table, importer, reader, reports)
        else:
            for batch, left in parted(enumerate(_guarded(table), start=1), reader):
                if batch is not None:
                    counts.rows_read += len(batch)
                    counts.rows_given += len(batch)
                    yield batch
                yield from self._row_by_row(left, table.columns, importer, reports)
        _tell(reports, table.notes[told:])
        importer.finish()
        self.unknown_columns[file] = tuple(importer.unknown_columns)
        reports.close()
        yield from _drained(reports)

    def _reports(self, file: str) -> Reports:
        if self._stretch is None:
            return Reports(file)
        reports = ReportsOfAStretch(file, first=self._stretch.rows_before == 0)
        self.said = reports.said
        return reports

    def _beside(self, agreement: Agreement, source: Source, table: Table, format_: Format) -> tuple[Note, ...]:
        told_of = {column.name for column in format_.columns}
        return tuple(agreement.compared(table, source.label, format_.name, told_of))

    def _row_by_row(
        self, rows: Iterable[tuple[int, Row | Broken]], columns: tuple[str, ...], importer: Importer, reports: Reports
    ) -> Iterator[Item]:
        read, pending, counts = importer.read, reports.pending, reports.counts
        for number, row in rows:
            counts.rows_read += 1
            if type(row) is Row:
                for note in row.notes:
                    owners = importer.consumers_of(row.columns, row.cells)
                    reports.add_of(owners, note.kind, note.message, number, note.column, note.value)
                items = read(number, row.columns, row.cells)
                if items:
                    counts.rows_given += 1
                    yield from items
            elif isinstance(row, Broken):
                owners = importer.consumers_of(row.columns or columns, row.cells)
                reports.leave_out_of(owners, row.kind, row.message, number, row.column, row.value)
            while pending:
                yield pending.popleft()

    def _in_batches(self, table: BatchTable, importer: Importer, reader: InColumns, reports: Reports) -> Iterator[Item]:
        """By columns what can be, and row by row what is left. The first row is, so that its columns are told."""
        counts, number = reports.counts, 0 if self._stretch is None else self._stretch.rows_before
        try:
            for batch in table.batches():
                rows = batch.num_rows
                counts.rows_read += rows
                ahead = min(1 if number == 0 else 0, rows)
                first = [Row(table.columns, cells) for cells in table.taken(batch, range(ahead))]
                told, left = reader.read(batch.slice(ahead), range(number + ahead + 1, number + rows + 1), first)
                if told is not None:
                    counts.rows_given += len(told)
                    yield told
                places = [*range(ahead), *(place + ahead for place in left)]
                for place, cells in zip(places, table.taken(batch, places), strict=True):
                    items = importer.read(number + place + 1, table.columns, cells)
                    if items:
                        counts.rows_given += 1
                        yield from items
                    yield from _drained(reports)
                number += rows
        except table.errors() as error:
            if self._stretch is not None:
                raise StretchError from error
            broken = table.damaged(error)
            counts.rows_read += 1
            reports.leave_out(broken.kind, broken.message, number + 1)
            yield from _drained(reports)

    def _table(self, source: Source) -> Table:
        known = frozenset[str]().union(*(format_.known_columns for format_ in self._formats.values()))
        try:
            stated = self._options.format
            formats = self._formats.values() if stated is None else (self._formats[stated],)
            positions = [format_.positions for format_ in formats if format_.positions is not None]
            table = source.open(known, self._options.max_field, positions)
        except _UNREADABLE as error:
            raise FactsError(f"the file cannot be read: {_reason(error)}", str(source)) from None
        if self._stretch is not None:
            assert isinstance(table, ParquetTable)
            table.keep(self._stretch)
        return table

    def _format(self, table: Table, file: str, reports: Reports) -> Format:
        names = frozenset(table.columns)
        stated = self._options.format
        if stated is not None or len(self._formats) == 1:
            format_ = self._formats[stated] if stated is not None else next(iter(self._formats.values()))
            self.formats[file] = format_.name
            if missing := required_missing(format_.columns, names):
                what = ", ".join(f"`{column.name}` ({column.meaning})" for column in missing)
                raise FactsError(f"the {format_.name} format needs the column {what}", file, _has(table))
            return format_
        for format_ in self._formats.values():
            if format_.recognises(names):
                self.formats[file] = format_.name
                reports.add(ProblemKind.ASSUMPTION, f"read as the format `{format_.name}`, by the names of its columns")
                return format_
        known = ", ".join(name for name in self._formats if name != "mapped")
        raise FactsError(
            f"no format has these columns; name one of {known} (--from), or say what the columns are (--columns)",
            file,
            _nearly(self._formats.values(), names) + _has(table),
        )


def open_log(log: Sequence[Path | str], options: LogOptions | None = None) -> LogReading:
    """The communications (and the events that vendors' codes tell) of a log.

    `log` names files, folders, which stand for the files in them, and patterns (`logs/2025-*.parquet`, `**`); as text also
    tables and queries of DuckDB (`duckdb:calls.duckdb?table=calls`) and files in buckets (`s3://...`), see `sources`.

    Raises:
        FactsError: an option names no format or no zone, a path is not there, or the file of columns is wrong.
    """
    options = options or LogOptions()
    if options.format is not None and options.format not in FORMATS:
        hint = did_you_mean(options.format, FORMATS)
        raise FactsError(
            f"no format is called `{options.format}`, expected one of {', '.join(FORMATS)}{hint}", "format"
        )
    if options.dispositions is not None and not options.dispositions.is_file():
        # A format without codes would never open it, and nobody would hear of the wrong name.
        raise FactsError("there is no such file", str(options.dispositions))
    if options.columns is not None and options.format not in (None, "mapped"):
        raise FactsError(f"a file of columns is for the format `mapped`, and not for `{options.format}`", "columns")
    if options.columns is not None:
        mapped.load_mapping(options.columns)
        options = replace(options, format="mapped")
    elif options.format == "mapped":
        raise FactsError("the format `mapped` needs a file that says what the columns are", "columns", "--columns FILE")
    return LogReading(sources_of(log), FORMATS, options)


def open_accounts(path: Path | str, options: LogOptions | None = None) -> LogReading:
    """The consumers and debts of an accounts file, as `AccountFacts` and `Problem`. Of the options, those of the file count.

    Raises:
        FactsError: the option names no zone, or the path is not there.
    """
    return LogReading(one_source(path), {ACCOUNTS.name: ACCOUNTS}, _of_any_file(options))


def open_events(path: Path | str, options: LogOptions | None = None) -> LogReading:
    """What became known, as `LogEvent` and `Problem`. Of the options, those of the file count.

    Raises:
        FactsError: the option names no zone, or the path is not there.
    """
    return LogReading(one_source(path), {EVENTS.name: EVENTS}, _of_any_file(options))


def open_actions(path: Path | str, options: LogOptions | None = None) -> LogReading:
    """What was done besides communicating, as `LogAction` and `Problem`. Of the options, those of the file count.

    Raises:
        FactsError: the option names no zone, or the path is not there.
    """
    return LogReading(one_source(path), {ACTIONS.name: ACTIONS}, _of_any_file(options))


def open_one(
    kind: str, source: Source, options: LogOptions, compared: Sequence[Note], stretch: RowGroups | None = None
) -> LogReading:
    """One source of a reading by itself, or a stretch of one, in another process. `kind`: log, accounts, events or actions;
    `options` are those of the reading, and `compared` is what it says of the source (see `LogReading.one_by_one`)."""
    formats = FORMATS if kind == "log" else {kind: {each.name: each for each in (ACCOUNTS, EVENTS, ACTIONS)}[kind]}
    return LogReading((source,), formats, options, {str(source): compared}, stretch)


def _of_any_file(options: LogOptions | None) -> LogOptions:
    options = options or LogOptions()
    return LogOptions(zone=options.zone, max_field=options.max_field)


def _guarded(table: Table) -> Iterator[Row | Broken]:
    """The rows; where the file cannot be read further (a compressed one that breaks off), that is the last of them."""
    try:
        yield from table.rows()
    except _UNREADABLE as error:
        message = f"the file cannot be read further: {_reason(error)}; whatever follows is lost"
        yield Broken(ProblemKind.BROKEN_RECORD, message)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _nearly(formats: Iterable[Format], names: frozenset[str]) -> str:
    """What is missing to the one format that most of the columns are of, where there is such a one."""
    for format_ in formats:
        missing = required_missing(format_.columns, names)
        if missing and 2 * len(names & format_.known_columns) > len(names):
            lacked = ", ".join(f"`{column.name}`" for column in missing)
            return f"most are columns of the format {format_.name}, which also needs {lacked}; "
    return ""


def _has(table: Table) -> str:
    # What a file that is no table has in its first line could steer a terminal.
    plain = ("".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name) for name in table.columns)
    shown = ", ".join(islice(plain, 30))
    return f"the file has: {shown}{', …' if len(table.columns) > 30 else ''}"


def _tell(reports: Reports, notes: Sequence[Note]) -> int:
    for note in notes:
        reports.add(note.kind, note.message, column=note.column, value=note.value)
    return len(notes)


def _drained(reports: Reports) -> Iterator[Item]:
    while reports.pending:
        yield reports.pending.popleft()
