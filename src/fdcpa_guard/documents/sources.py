"""Opens a file within the limits, and decodes its text: bytes to characters, or a clear error that says where and why not."""

from __future__ import annotations

import codecs
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from fdcpa_guard.documents.limits import MAX_FILE_BYTES, MAX_TEXT_BYTES
from fdcpa_guard.documents.places import Places, TextPlaces
from fdcpa_guard.errors import DocumentError

# The longer marks first: that of UTF-32 begins as that of UTF-16 does.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# As browsers read these labels: what calls itself Latin-1 has typographic quotes where that has none.
_WESTERN: Final = frozenset(("iso8859-1", "ascii", "cp1252"))

_NO_TEXT: Final = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "unicode-escape"))
_UNMARKED: Final = "its zero bytes look like UTF-16 without a byte order mark; save the file as UTF-8"


@dataclass(frozen=True)
class Source:
    """The text of a document, and the name to show for it; `places` tells where its characters stand in the file."""

    name: str
    text: str = field(repr=False)
    given_places: Places | None = field(default=None, repr=False)

    @cached_property
    def places(self) -> Places:
        return TextPlaces(self.text) if self.given_places is None else self.given_places

    def error(self, offset: int, found: str, expected: str, hint: str | None = None) -> DocumentError:
        """What is wrong at an offset."""
        place = self.places.place(offset)
        return DocumentError(
            self.name, found, expected, line=place.line, column=place.column, page=place.page, hint=hint
        )


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of a file, of which no more are read than the limit.

    Raises:
        DocumentError: it is not there, cannot be read, is no file, or too large.
    """
    try:
        status = path.stat()
        # A pipe or a device has no size, and no end either.
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise DocumentError(name, kind, "the file of a letter or message")
        if status.st_size > MAX_FILE_BYTES:
            raise too_large(name, status.st_size, MAX_FILE_BYTES)
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise DocumentError(name, f"cannot be read: {reason}", "the file of a letter or message") from None
    check_size(name, len(data))
    return data


def check_size(name: str, size: int, limit: int = MAX_FILE_BYTES) -> None:
    """Raises DocumentError where something is larger than the limit."""
    if size > limit:
        raise too_large(name, size, limit)


def too_large(name: str, size: int, limit: int) -> DocumentError:
    return DocumentError(name, f"{megabytes(size)}", f"at most {megabytes(limit)}")


def decode(name: str, data: bytes, encoding: str | None = None, declared: str | None = None) -> str:
    """The characters of a text file.

    A byte order mark decides; else `encoding`, which the caller names; else `declared`, which the text itself names; else it
    has to be UTF-8. Nothing is guessed.

    Raises:
        DocumentError: the bytes are not of that encoding (with the offset of the first that is not), it is not a known one,
            or the file is no text.
    """
    check_size(name, len(data), MAX_TEXT_BYTES)
    for mark, its_encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(name, data[len(mark) :], its_encoding, "its byte order mark says", len(mark))
    if encoding is not None:
        return _decoded(name, data, encoding, "the caller says")
    if declared is not None:
        return _decoded(name, data, declared, "the file says")
    return _decoded(name, data, "utf-8", None)


def _decoded(name: str, data: bytes, encoding: str, who: str | None, skipped: int = 0) -> str:
    try:
        codec = codecs.lookup(encoding)
        # Codecs that are no character sets, as base64, are refused here; some others pass for such.
        bytes(4).decode(encoding)
        if codec.name in _NO_TEXT:
            raise LookupError
    except LookupError:
        raise DocumentError(name, f"the encoding `{encoding}`, which is not known", "utf-8, utf-16 or windows-1252") from None
    label = "cp1252" if codec.name in _WESTERN else codec.name
    because = "" if who is None else f", as {who}"
    try:
        text = data.decode(label)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(label, "replace")
        place = TextPlaces(before).place(len(before))
        hint = None
        if who is None and data.count(0, 0, 200) > 10:
            hint = _UNMARKED
        elif who is None and _is_western(data):
            hint = f"byte 0x{data[error.start]:02x} is one of windows-1252; save the file as UTF-8, or name its encoding"
        raise DocumentError(
            name,
            f"byte {skipped + error.start} (0x{data[error.start]:02x}) is not {label.upper()}",
            f"text in {label.upper()}{because}",
            line=place.line,
            column=place.column,
            hint=hint,
        ) from None
    if (zero := text.find("\0")) >= 0:
        place = TextPlaces(text).place(zero)
        raise DocumentError(
            name,
            "a zero byte, which no text has",
            f"text in {label.upper()}{because}",
            line=place.line,
            column=place.column,
            hint=_UNMARKED if data.count(0, 0, 200) > 10 else None,
        )
    return text


def _is_western(data: bytes) -> bool:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True
