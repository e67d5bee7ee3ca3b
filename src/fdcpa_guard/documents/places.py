"""Where characters of a source stand: line and column, as an editor shows them; of paged documents the page too."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

_LINE_END: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a character stands in the source: what an editor shows.

    Line and column count from 1, columns in characters. Of a Word file, the line is the number of the paragraph; of a PDF,
    it counts on its page. `page` is None where the format knows no pages.
    """

    line: int
    column: int
    page: int | None = None


class Places(Protocol):
    """Tells the place of an offset into a source."""

    def place(self, offset: int) -> Place: ...


class TextPlaces:
    """Places in a text. Lines end as editors end them: `\\n`, `\\r\\n` or `\\r`. Form feeds begin pages, where there are any."""

    def __init__(self, text: str) -> None:
        self._text = text

    # Only of a text in which something was found are places asked for.
    @cached_property
    def _lines(self) -> array[int]:
        starts = array("L", [0])
        starts.extend(end.end() for end in _LINE_END.finditer(self._text))
        return starts

    @cached_property
    def _pages(self) -> array[int]:
        return array("L", (feed.end() for feed in re.finditer("\f", self._text)))

    def place(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        page = bisect_right(self._pages, offset) + 1 if self._pages else None
        return Place(line, offset - self._lines[line - 1] + 1, page)


class NumberedPlaces:
    """Places where the format itself has the lines: paragraphs of a Word file, lines on the pages of a PDF.

    `starts` has the offset at which each begins, in order, and `numbers` what it is called; `pages` the offsets at which the
    second page and further ones begin, None where pages are not known.
    """

    def __init__(self, starts: Sequence[int], numbers: Sequence[int], pages: Sequence[int] | None) -> None:
        self._starts = array("L", starts)
        self._numbers = array("L", numbers)
        self._pages = None if pages is None else array("L", pages)

    def place(self, offset: int) -> Place:
        at = max(0, bisect_right(self._starts, offset) - 1)
        page = None if self._pages is None else bisect_right(self._pages, offset) + 1
        if not self._starts:
            return Place(1, 1, page)
        return Place(self._numbers[at], offset - self._starts[at] + 1, page)


class BytePlaces:
    """Places of bytes of a file whose characters may take several bytes each: the columns are still in characters."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _lines(self) -> array[int]:
        starts = array("L", [0])
        starts.extend(end.end() for end in re.finditer(rb"\r\n|\n|\r", self._data))
        return starts

    @cached_property
    def _encoding(self) -> str:
        try:
            self._data.decode("utf-8")
        except UnicodeDecodeError:
            return "latin-1"
        return "utf-8"

    def place(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        start = self._lines[line - 1]
        return Place(line, len(self._data[start:offset].decode(self._encoding, "ignore")) + 1)


class MappedPlaces:
    """Places in a text that was itself decoded from another source: offsets lead through `pieces` to that source's places."""

    def __init__(self, pieces: Pieces, places: Places) -> None:
        self._pieces = pieces
        self._places = places

    def place(self, offset: int) -> Place:
        return self._places.place(self._pieces.source(offset))


class Pieces:
    """Which offset of a source each character of a text comes from: stretches that follow each other in both.

    `starts` has the offsets of the text at which stretches begin, `sources` those of the source. `ends` has the end in the
    source of characters that stand there for more than one: of a hole, or of `&eacute;`.
    """

    __slots__ = ("ends", "sources", "starts")

    def __init__(self, starts: Iterable[int], sources: Iterable[int], ends: dict[int, int]) -> None:
        self.starts = array("L", starts)
        self.sources = array("L", sources)
        self.ends = ends

    def source(self, offset: int) -> int:
        """Where a character stands in the source."""
        at = bisect_right(self.starts, offset) - 1
        return offset if at < 0 else self.sources[at] + offset - self.starts[at]

    def stretches(self, sources: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
        """Where in a text of that length the characters stand that come from some stretches of the source, in order."""
        for at, start in enumerate(self.starts):
            stop = self.starts[at + 1] if at + 1 < len(self.starts) else length
            source = self.sources[at]
            first = max(0, bisect_right(sources, (source, 1 << 62)) - 1)
            for low, high in sources[first:]:
                if low >= source + stop - start:
                    break
                begun, ended = max(low, source), min(high, source + stop - start)
                if begun < ended:
                    yield start + begun - source, start + ended - source

    def end(self, offset: int) -> int:
        """The offset in the source after the last character before `offset`."""
        if offset == 0:
            return self.source(0)
        return self.ends.get(offset - 1) or self.source(offset - 1) + 1
