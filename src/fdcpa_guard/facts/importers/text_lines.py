"""The lines of a text file of any size, in bounded memory: encoding, line ends and over-long lines are dealt with here."""

from __future__ import annotations

import codecs
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from fdcpa_guard.facts.importers.arrow_cells import pyarrow_for

BLOCK: Final = 1 << 18
PACKED: Final = (".gz", ".zst")
"""The endings of packed files that are unpacked while they are read."""
_DAMAGED: Final = re.compile("[\x00\ud800-\udfff]")
# UTF-32 first: its mark begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _lone(error: UnicodeError) -> tuple[str, int]:
    """In place of bytes that are no text, a character that no text has."""
    assert isinstance(error, UnicodeDecodeError)
    return "\udcff", error.end


codecs.register_error("fdcpa_guard.lone", _lone)


def errors_of(encoding: str) -> str:
    """The error handler under which bytes that are no text come as lone surrogates, in UTF-8 such as tell the byte."""
    return "surrogateescape" if encoding.startswith("utf-8") else "fdcpa_guard.lone"


def encoding_in_words(encoding: str) -> str:
    return "UTF-8" if encoding.startswith("utf-8") else encoding.upper()


@dataclass(slots=True)
class Line:
    """A line about which there is something to say. `damaged`: it holds bytes that are no text. `cut`: it was longer than
    allowed, and this is its beginning. `ended`: a line end followed."""

    text: str
    damaged: bool = False
    cut: bool = False
    ended: bool = True


def is_damaged(text: str) -> bool:
    """Whether it holds bytes that are no text in the file's encoding, or NUL."""
    if text.isascii():
        # Ten times as fast as the search, and most text.
        return "\x00" in text
    return _DAMAGED.search(text) is not None


def open_bytes(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked where its name ends in `.gz` or (by pyarrow) `.zst`.

    Raises:
        FactsError: there is no pyarrow to unpack it.
        OSError: the file cannot be opened; while it is read, that its packing is damaged.
    """
    match path.suffix.lower():
        case ".gz":
            return cast(BinaryIO, gzip.open(path, "rb"))
        case ".zst":
            arrow = pyarrow_for("zstd", str(path))
            return cast(BinaryIO, io.BufferedReader(arrow.input_stream(str(path), compression="zstd")))
        case _:
            return path.open("rb")


def encoding_of(start: bytes) -> str:
    """The encoding that the first bytes of a file show; UTF-8 where nothing speaks against it."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    pairs = len(start) // 2
    if pairs >= 8:
        # ASCII text in UTF-16 has a zero in every second byte.
        if start[1::2].count(0) > 0.4 * pairs and start[0::2].count(0) == 0:
            return "utf-16-le"
        if start[0::2].count(0) > 0.4 * pairs and start[1::2].count(0) == 0:
            return "utf-16-be"
    return "utf-8"


def lines_of(raw: BinaryIO, encoding: str, max_line: int) -> Iterator[str | Line]:
    """The lines without their ends; CR, LF and CR LF all end one. A line about which there is nothing to say is a string.

    Of a line longer than `max_line` characters only so many are kept. A byte that is no text stands in the line as a lone
    surrogate.
    """
    errors = errors_of(encoding)
    # What was read of the line that is still open: kept up to `max_line`, then thrown away.
    kept: list[str] = []
    length = 0
    damaged = False
    with io.TextIOWrapper(raw, encoding, errors, newline=None) as text:
        while block := text.read(BLOCK):
            block_damaged = is_damaged(block)
            *whole, rest = block.split("\n")
            if whole:
                first = "".join(kept) + whole[0]
                length += len(whole[0])
                if damaged or block_damaged or length > max_line:
                    yield Line(first[:max_line], damaged or block_damaged, length > max_line)
                else:
                    yield first
                if block_damaged or len(block) > max_line:
                    for line in whole[1:]:
                        yield Line(line[:max_line], is_damaged(line), len(line) > max_line)
                else:
                    yield from whole[1:]
                kept, length, damaged = [], 0, False
            if rest:
                if length <= max_line:
                    kept.append(rest)
                length += len(rest)
                damaged = damaged or block_damaged
    if length:
        yield Line("".join(kept)[:max_line], damaged, length > max_line, ended=False)


def as_line(line: str | Line) -> Line:
    return Line(line) if isinstance(line, str) else line
