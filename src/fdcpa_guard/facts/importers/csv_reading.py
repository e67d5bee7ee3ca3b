"""CSV as offices have it: any delimiter, encoding and line end, broken quotes, and no file that fills the memory.

Every record gives a row or a reason why it does not. A quote that is never closed costs its own line and not the rest of
the file; a field longer than allowed costs that field.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from fdcpa_guard.facts.importers.problems import ProblemKind, shortened
from fdcpa_guard.facts.importers.table import (
    FIELDS_IN_A_RECORD,
    MAX_FIELD,
    Broken,
    Note,
    Positions,
    Row,
    Unreadable,
    column_name,
)
from fdcpa_guard.facts.importers.text_lines import (
    Line,
    as_line,
    encoding_in_words,
    encoding_of,
    is_damaged,
    lines_of,
    open_bytes,
)

DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# The csv module gives up on longer fields; they are split here without it.
_CSV_LIMIT: Final = 131_072
_MOST_COLUMNS: Final = 4_096


class CsvTable:
    """An open CSV file. `columns` is its header; a file without one is empty and has no columns, unless one of `positions`
    knows its columns by its first record, which is then a row.

    Raises:
        OSError: the file cannot be opened or read.
    """

    def __init__(
        self,
        path: Path,
        known: frozenset[str] = frozenset(),
        max_field: int = MAX_FIELD,
        positions: Sequence[Positions] = (),
    ) -> None:
        self._max_field = max_field
        with open_bytes(path) as raw:
            start = raw.read(4096)
        self._encoding = encoding = encoding_of(start)
        self._again: deque[Line] = deque()
        self._lines = lines_of(open_bytes(path), encoding, max_field * FIELDS_IN_A_RECORD)
        self.notes: list[Note] = []
        self._twins: list[tuple[int, int]] = []
        first = self._header_line()
        header = first.text
        self._delimiter, written = _best_split(header, known, self._stated)
        self._split = _Splitter(self._delimiter)
        self.columns: tuple[str, ...] = tuple(column_name(name) for name in written) if header.strip() else ()
        if not self.columns:
            self.notes.append(Note(ProblemKind.EMPTY_FILE, "the file is empty: it has no header and no rows"))
        else:
            self._note_dialect(encoding)
            by_position = next(filter(None, (known_by(written) for known_by in positions)), None)
            if by_position is not None:
                self.columns = by_position
                self._again.append(first)
                self.notes.append(Note(ProblemKind.DIALECT, "it has no header: its columns are told by their order"))
            self._twins = self._duplicates()

    def rows(self) -> Iterator[Row | Broken]:
        if not self.columns:
            return
        columns, width, delimiter = self.columns, len(self.columns), self._delimiter
        # Where cells have to be compared or measured, no line is a plain one.
        plain = -1 if self._twins else self._max_field
        any_row = False
        for line in self._every_line():
            if type(line) is str and '"' not in line and len(line) <= plain:
                cells = line.split(delimiter)
                if len(cells) == width and width > 1:
                    any_row = True
                    yield Row(columns, cells)
                    continue
            record = self._record(as_line(line))
            if record is not None:
                any_row = True
                yield record
        if not any_row:
            self.notes.append(Note(ProblemKind.EMPTY_FILE, "the file has a header and no rows"))

    def _every_line(self) -> Iterator[str | Line]:
        """The lines, those given back again before those that follow them."""
        again = self._again
        while True:
            while again:
                yield again.popleft()
            for line in self._lines:
                yield line
                if again:
                    break
            else:
                # Lines may also be given back after the last one.
                if not again:
                    return

    def _next_line(self) -> Line | None:
        line = self._again.popleft() if self._again else next(self._lines, None)
        return None if line is None else as_line(line)

    # --- the header -------------------------------------------------------------------------------------------------

    def _header_line(self) -> Line:
        self._stated: str | None = None
        for line in self._lines:
            whole = as_line(line)
            text = whole.text
            if text.lower().startswith("sep=") and len(text) == 5 and text[4] in DELIMITERS:
                self._stated = text[4]
            elif text.strip():
                return whole
        return as_line("")

    def _note_dialect(self, encoding: str) -> None:
        said = []
        if encoding == "utf-8-sig":
            said.append("it begins with a byte order mark")
        elif encoding != "utf-8":
            said.append(f"its encoding is {encoding.upper()}")
        if self._delimiter != ",":
            said.append(f"its fields are separated by {DELIMITERS[self._delimiter]}")
        if said:
            self.notes.append(Note(ProblemKind.DIALECT, "read as found: " + ", and ".join(said)))

    def _duplicates(self) -> list[tuple[int, int]]:
        first: dict[str, int] = {}
        twins = []
        for place, name in enumerate(self.columns):
            if name in first and name:
                twins.append((first[name], place))
                message = (
                    f"two columns of the header bear this name (columns {first[name] + 1} and {place + 1}); "
                    "where a row has different values in them, it has none"
                )
                self.notes.append(Note(ProblemKind.DIALECT, message, name))
            first.setdefault(name, place)
        return twins

    # --- records ----------------------------------------------------------------------------------------------------

    def _record(self, line: Line) -> Row | Broken | None:
        """The record that begins with a line; None for a line of nothing but white space, which is none."""
        text = line.text
        if '"' in text:
            cells = self._split.line(text)
            if cells is None:
                return self._over_lines(line)
        elif not text or (text.isspace() and self._delimiter not in text):
            return None
        else:
            cells = text.split(self._delimiter)
        return self._row(cells, line)

    def _row(self, cells: list[str], line: Line) -> Row | Broken:
        if len(cells) != len(self.columns):
            return self._uneven(cells, line)
        if line.damaged or line.cut or self._twins or len(line.text) > self._max_field:
            return self._checked(cells, line)
        return Row(self.columns, cells)

    def _over_lines(self, first: Line) -> Row | Broken:
        """A record whose quoted field runs past the end of the line, or a quote that was never closed.

        Closed means: by a quote that a delimiter or the line's end follows, within the length of a record, in a
        record of as many fields as the header. Else the quote was a mistake of the first line, and the lines after it
        are read again as records of their own.
        """
        if first.cut:
            return self._checked([*self._split.opened(first.text).closed_before, ""], first)
        taken = [first]
        length = len(first.text)
        damaged = first.damaged
        state = self._split.opened(first.text)
        while True:
            line = self._next_line()
            if line is None:
                break
            taken.append(line)
            length += len(line.text) + 1
            damaged = damaged or line.damaged
            if line.cut or length > self._max_field * FIELDS_IN_A_RECORD:
                break
            ended = state.more(line.text)
            if ended is None:
                continue
            if ended and len(state.cells) == len(self.columns):
                whole = "" if length <= self._max_field else "\n".join(part.text for part in taken)
                return self._row(state.cells, Line(whole, damaged, False, line.ended))
            break
        self._again.extendleft(reversed(taken[1:]))
        cells: list[object] = list(state.closed_before)
        if damaged:
            cells = [None if is_damaged(cell) else cell for cell in state.closed_before]
        place = len(state.closed_before)
        column = self.columns[place] if place < len(self.columns) else None
        message = "a quote is opened and not closed; the row ends with its line, and reading goes on with the next"
        return Broken(ProblemKind.UNCLOSED_QUOTE, message, cells, column)

    # --- rows that are not as they should be ------------------------------------------------------------------------

    def _uneven(self, cells: list[str], line: Line) -> Row | Broken:
        width, count = len(self.columns), len(cells)
        if count > width:
            if not any(cell.strip() for cell in cells[width:]):
                return self._checked(cells[:width], line)
            message = (
                f"{count} fields, expected the {width} of the header: a delimiter inside a field that is not quoted "
                "shifts the rest"
            )
            return Broken(ProblemKind.LONG_ROW, message, cells[:width], None, shortened(self._delimiter.join(cells)))
        if line.cut:
            return self._checked(cells, line)
        fields = "1 field" if count == 1 else f"{count} fields"
        if not line.ended:
            message = f"the file ends in the middle of this row: {fields}, expected the {width} of the header"
            return Broken(ProblemKind.SHORT_ROW, message, cells[:-1])
        row = self._checked(cells, line)
        note = Note(
            ProblemKind.SHORT_ROW, f"{fields}, expected the {width} of the header; the missing ones are taken as empty"
        )
        return Row(row.columns, row.cells, (note, *row.notes))

    def _checked(self, cells: Sequence[str], line: Line) -> Row:
        """The row with every cell looked at: damaged or over-long ones are replaced by the reason."""
        checked: list[object] = [self._cell(cell) for cell in cells]
        if line.cut:
            # Only the beginning of the line is there; its last field is not whole, and those after it are lost.
            reason = Unreadable(ProblemKind.TOO_LONG, f"lost: the record is longer than {len(line.text):,} characters")
            checked[-1] = reason
            checked += [reason] * (len(self.columns) - len(checked))
        checked += [None] * (len(self.columns) - len(checked))
        for first, second in self._twins:
            if checked[first] != checked[second]:
                message = f"the two columns of this name disagree: `{shortened(checked[second])}` in the other"
                value = shortened(checked[first])
                checked[first] = Unreadable(ProblemKind.CONTRADICTION, message, value)
        return Row(self.columns, checked)

    def _cell(self, cell: str) -> object:
        if len(cell) > self._max_field:
            message = f"a field of more than {self._max_field:,} characters is not read"
            return Unreadable(ProblemKind.TOO_LONG, message, shortened(cell))
        if is_damaged(cell):
            shown = cell[:200].encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\x00", "\\0")
            what = "a NUL character" if "\x00" in cell else f"bytes that are not {encoding_in_words(self._encoding)}"
            return Unreadable(ProblemKind.ENCODING, f"{what} in the field: it is not read", shortened(shown))
        return cell


class _Splitter:
    """Splits a line that has quotes in it."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._line: str | None = None
        self._reader = csv.reader(self, delimiter=delimiter, strict=True)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line, self._line = self._line, None
        if line is None:
            raise StopIteration
        return line

    def line(self, text: str) -> list[str] | None:
        """Its fields; None where a quoted field does not end in it."""
        if len(text) < _CSV_LIMIT:
            self._line = text
            try:
                return next(self._reader)
            except csv.Error:
                # Not closed, or text after a closing quote: told apart below.
                self._line = None
        state = self.opened(text)
        return None if state.is_open else state.cells

    def opened(self, text: str) -> _Record:
        record = _Record(self._delimiter)
        record.more(text)
        return record


class _Record:
    """A record that is split while its lines come in.

    A quote opens a field only at its beginning, and closes it where a delimiter or the line's end follows. In the line in
    which the field began, text after a closing quote is taken as part of the field, as spreadsheets do.
    """

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self.cells: list[str] = []
        self.closed_before: Sequence[str] = ()
        """The cells before the first field that ran past its line."""
        self.is_open = False
        self._parts: list[str] = []

    def more(self, text: str) -> bool | None:
        """Take one more line. True: the record ends with it; False: it cannot be right; None: a field is still open."""
        place = 0
        if self.is_open:
            end = _closing(text, 0)
            if end is None:
                self._parts.append(text)
                return None
            place = end + 1
            if text[place : place + 1] not in ("", self._delimiter):
                return False
            self._parts.append(text[:end])
            self.cells.append("\n".join(self._parts).replace('""', '"'))
            self.is_open = False
            if place == len(text):
                return True
            place += 1
        while True:
            if text[place : place + 1] == '"':
                end = _closing(text, place + 1)
                if end is None:
                    if not self.closed_before:
                        self.closed_before = tuple(self.cells)
                    self.is_open = True
                    self._parts = [text[place + 1 :]]
                    return None
                stop = text.find(self._delimiter, end + 1)
                after = text[end + 1 : stop] if stop >= 0 else text[end + 1 :]
                self.cells.append(text[place + 1 : end].replace('""', '"') + after)
            else:
                stop = text.find(self._delimiter, place)
                self.cells.append(text[place:stop] if stop >= 0 else text[place:])
            if stop < 0:
                return True
            place = stop + 1


def _closing(text: str, start: int) -> int | None:
    """Where the quote stands that closes a field; two quotes are one character of it."""
    while True:
        place = text.find('"', start)
        if place < 0:
            return None
        if text[place + 1 : place + 2] != '"':
            return place
        start = place + 2


def _best_split(header: str, known: frozenset[str], stated: str | None) -> tuple[str, list[str]]:
    """The delimiter under which the header has the most known names, then the most names."""
    best: tuple[tuple[int, int], str, list[str]] | None = None
    for delimiter in (stated,) if stated else DELIMITERS:
        record = _Record(delimiter)
        record.more(header)
        names = (record.cells or [header])[:_MOST_COLUMNS]
        score = (len({column_name(name) for name in names} & known), len(names))
        if best is None or score > best[0]:
            best = (score, delimiter, names)
    assert best is not None
    return best[1], best[2]
