"""Where a piece of text stands: file, line, column, and the excerpt with a caret."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

_LONGEST_LINE: Final = 200
"""Of a line that an excerpt shows: a file of one line would fill the screen."""


@dataclass(frozen=True)
class SourceFile:
    """A text that was read, and the name to show for it."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        starts = [0]
        starts.extend(index + 1 for index, character in enumerate(self.text) if character == "\n")
        return tuple(starts)

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both counted from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        start = self._line_starts[line - 1]
        end = self.text.find("\n", start)
        return (self.text[start:] if end < 0 else self.text[start:end]).rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        return Span(self, start, max(start, end))


class Span(NamedTuple):
    """Characters `start` to `end` (end not included) of a source file.

    A tuple, because every node of a rule has one: rules are opened sooner by a third.
    """

    source: SourceFile
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.source.line_and_column(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.line_and_column(self.start)[1]

    def within(self, start: int, end: int) -> Span:
        """The part of this span from `start` to `end`, counted from its own beginning."""
        return Span(self.source, self.start + start, self.start + end)

    def where(self) -> str:
        line, column = self.source.line_and_column(self.start)
        return f"{self.source.name}:{line}:{column}"

    def excerpt(self) -> str:
        """The line with its number, and a caret under each character of the span; of a very long line, what is around it."""
        line, column = self.source.line_and_column(self.start)
        return underlined(line, column, self.end - self.start, self.source.line_text(line))


def underlined(line: int, column: int, length: int, text: str) -> str:
    """A line with its number, and a caret under each of `length` characters from a column, counted from 1, to its end."""
    if len(text) > _LONGEST_LINE:
        first = max(0, column - 1 - _LONGEST_LINE // 2)
        before, after = "…" if first else "", "…" if first + _LONGEST_LINE < len(text) else ""
        text = f"{before}{text[first : first + _LONGEST_LINE]}{after}"
        column += len(before) - first
    width = max(1, min(length, len(text) - column + 1))
    gutter = " " * (len(str(line)) + 2)
    # A tab stays a tab in the caret line, so that the caret stands under what it names.
    indent = "".join("\t" if c == "\t" else " " for c in text[: column - 1])
    return f"  {line} | {text}\n{gutter} | {indent}{'^' * width}"
