"""JSON as logs have it: an object a line, lists of objects, a page of an API, or objects one after the other.

Lines are read one by one, and a broken one costs itself alone. In a list or a page a break ends the reading, because
nothing shows where the next record begins; that is reported.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeGuard

import ijson
import orjson

from fdcpa_guard.facts.importers.json_bounds import JsonBounds
from fdcpa_guard.facts.importers.problems import ProblemKind, shortened
from fdcpa_guard.facts.importers.table import (
    FIELDS_IN_A_RECORD,
    MAX_FIELD,
    Broken,
    Note,
    Row,
    Unreadable,
    column_name,
)
from fdcpa_guard.facts.importers.text_lines import (
    Line,
    as_line,
    encoding_in_words,
    encoding_of,
    errors_of,
    is_damaged,
    lines_of,
    open_bytes,
)

PAGES: Final = ("calls", "messages", "records", "conversations")
"""Keys of an API's page under which its records stand."""
_START: Final = 65_536
_PAGE: Final = re.compile(rf'"({"|".join(PAGES)})"\s*:\s*\[')
_TEXT_FIELD: Final = re.compile(r'"([A-Za-z_]{1,64})"\s*:\s*"([^"\\]{0,320})"')
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
# A code point that is valid in UTF-8 and that no text has: it marks damaged bytes on the way through the parser.
_MARK: Final = "\ufdd0"
_SHAPES: Final = 1_000
_AHEAD: Final = 20
"""Records that are looked at to know the columns: a record leaves out what it does not say."""


class JsonTable:
    """An open JSON file. `columns` are the keys of its first records; later records may have others.

    Raises:
        OSError: the file cannot be opened or read.
    """

    def __init__(self, path: Path, max_field: int = MAX_FIELD) -> None:
        self._path = path
        self._max_field = max_field
        self.columns: tuple[str, ...] = ()
        self._shapes: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.notes: list[Note] = []
        with open_bytes(path) as raw:
            start = raw.read(_START)
        self._encoding = encoding_of(start)
        records = self._records(start.decode(self._encoding, "replace").lstrip("\ufeff \t\r\n"))
        ahead = list(islice(records, _AHEAD))
        self.columns = tuple(
            dict.fromkeys(name for record in ahead if isinstance(record, Row) for name in record.columns)
        )
        self._all = chain(ahead, records)
        if not ahead:
            self.notes.append(Note(ProblemKind.EMPTY_FILE, "the file is empty: it has no records"))

    def rows(self) -> Iterator[Row | Broken]:
        return iter(self._all)

    def _records(self, start: str) -> Iterator[Row | Broken]:
        if not start:
            return iter(())
        if start.startswith("["):
            return self._parsed("item")
        lines = lines_of(open_bytes(self._path), self._encoding, self._max_field * FIELDS_IN_A_RECORD)
        first = next((line for line in map(as_line, lines) if line.text.strip()), None)
        if first is not None and _are_glued(first.text):
            return self._parsed("")
        if first is not None and (_is_object(first.text) or not _object_goes_on(first.text)):
            return self._by_lines(chain((first,), lines))
        page = _PAGE.search(start)
        return self._parsed(f"{page[1]}.item" if page else "")

    # --- one record a line --------------------------------------------------------------------------------------------

    def _by_lines(self, lines: Iterable[str | Line]) -> Iterator[Row | Broken]:
        for line in map(as_line, lines):
            text = line.text
            if not text or text.isspace():
                continue
            if line.cut:
                message = f"a record of more than {len(text):,} characters is not read"
                yield self._broken(ProblemKind.TOO_LONG, message, text)
                continue
            for record in _records(text):
                if isinstance(record, dict):
                    yield self._row(record)
                else:
                    yield self._broken(ProblemKind.BROKEN_RECORD, *record)

    # --- a list, a page, or objects of many lines -----------------------------------------------------------------------

    def _parsed(self, where: str) -> Iterator[Row | Broken]:
        with open_bytes(self._path) as raw:
            try:
                for record in ijson.items(_Utf8(raw, self._encoding, self._bounds()), where, multiple_values=True):
                    if isinstance(record, dict):
                        yield self._row(record)
                    else:
                        yield self._broken(ProblemKind.BROKEN_RECORD, "expected a JSON object", str(record)[:1000])
            except (ijson.JSONError, ValueError, RecursionError) as error:
                message = f"the JSON breaks off here, and nothing after it can be read: {_reason(error)}"
                yield Broken(ProblemKind.BROKEN_RECORD, message)

    def _bounds(self) -> JsonBounds:
        return JsonBounds(self._max_field * FIELDS_IN_A_RECORD)

    # --- a record ---------------------------------------------------------------------------------------------------------

    def _row(self, record: dict[str, Any]) -> Row:
        keys = tuple(record)
        columns = self._shapes.get(keys)
        if columns is None:
            columns = tuple(column_name(str(key)) for key in keys)
            if len(self._shapes) < _SHAPES:
                self._shapes[keys] = columns
        return Row(columns, [self._cell(value) for value in record.values()])

    def _cell(self, value: object) -> object:
        if type(value) is not str or (len(value) <= self._max_field and (value.isascii() and "\x00" not in value)):
            return value
        if len(value) > self._max_field:
            message = f"a field of more than {self._max_field:,} characters is not read"
            return Unreadable(ProblemKind.TOO_LONG, message, shortened(value))
        if _MARK in value or is_damaged(value):
            shown = value[:200].encode("utf-8", "surrogateescape" if not _has_escaped(value) else "replace")
            message = (
                "a NUL character" if "\x00" in value else f"bytes that are not {encoding_in_words(self._encoding)}"
            )
            text = shown.decode("utf-8", "replace").replace("\x00", "\\0").replace(_MARK, "\ufffd")
            return Unreadable(ProblemKind.ENCODING, f"{message} in the field: it is not read", shortened(text))
        return value

    def _broken(self, kind: ProblemKind, message: str, text: str) -> Broken:
        """What cannot be read, with what it says of itself; what it says twice, as two records do, is left out."""
        found = [(column_name(key), value) for key, value in _TEXT_FIELD.findall(text[:20_000])]
        times = Counter(key for key, _ in found)
        said = {key: value for key, value in found if times[key] == 1}
        return Broken(kind, message, tuple(said.values()), None, shortened(_shown(text)), tuple(said))


class _Utf8:
    """A file of any encoding, read as UTF-8 within bounds; bytes that are no text come as a mark."""

    def __init__(self, raw: BinaryIO, encoding: str, bounds: JsonBounds) -> None:
        self._raw = raw
        self._bounds = bounds
        self._decoder = codecs.getincrementaldecoder(encoding)(errors_of(encoding))

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            return b""
        while block := self._raw.read(size):
            if text := self._decoder.decode(block):
                found = _SURROGATES.sub(_MARK, text).encode()
                self._bounds.see(found)
                return found
        return _SURROGATES.sub(_MARK, self._decoder.decode(b"", True)).encode()


def _no_constant(name: str) -> object:
    raise ValueError(f"`{name}` is no JSON value")


_DECODER: Final = json.JSONDecoder(strict=False, parse_constant=_no_constant)


def _records(text: str) -> Iterator[dict[str, Any] | tuple[str, str]]:
    """The objects of a line: one, a page or a list of them, or several without a separator; and what is wrong, with the text."""
    try:
        yield from _objects(orjson.loads(text), text)
        return
    except ValueError:
        # The stricter parser refuses lone surrogates and NUL; whatever else is right with the record is kept.
        rest = text.strip()
    while rest:
        try:
            record, end = _DECODER.raw_decode(rest)
        except (ValueError, RecursionError) as error:
            yield f"this line is no JSON: {_reason(error)}", rest
            return
        for each in _objects(record, rest[:end]):
            yield {key: _readable(value) for key, value in each.items()} if isinstance(each, dict) else each
        rest = rest[end:].lstrip()


def _readable(value: object) -> object:
    """A structure, or the reason why it is not read: somewhere in it stands what is no text."""
    if isinstance(value, dict | list) and _SURROGATES.search(json.dumps(value, ensure_ascii=False)):
        return Unreadable(ProblemKind.ENCODING, "characters that are no text in the structure: it is not read")
    return value


def _objects(record: object, text: str) -> Iterator[dict[str, Any] | tuple[str, str]]:
    if _is_page(record):
        yield from record
    elif not isinstance(record, dict):
        yield "expected a JSON object", text
    else:
        page = next((key for key in PAGES if _is_page(record.get(key))), None)
        yield from (record,) if page is None else record[page]


def _is_page(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)


def _is_object(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except ValueError:
        return False


def _are_glued(text: str) -> bool:
    """Whether a line holds objects one after the other, as streams to a store write them that were told no separator."""
    try:
        first, end = json.JSONDecoder().raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and text.lstrip()[end:].lstrip().startswith("{")


def _object_goes_on(text: str) -> bool:
    """Whether a line that is no object may be the beginning of one of several lines."""
    stripped = text.strip()
    return stripped.startswith("{") and not stripped.endswith("}")


def _has_escaped(value: str) -> bool:
    """Whether a surrogate in it came from an escape of the JSON text and stands for no byte."""
    return any("\ud800" <= character < "\udc80" or character > "\udcff" for character in _SURROGATES.findall(value))


def _shown(text: str) -> str:
    return _SURROGATES.sub("\ufffd", text[:400])


def _reason(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__
