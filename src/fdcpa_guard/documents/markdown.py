"""Markdown: its words without its markup, each character still where it stands.

Headings, lists, quotations, tables, code and the markup within lines are read away; of lists the numbers stay, as a reader
sees them. Targets of links and pictures are not read. HTML within it loses its tags.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from fdcpa_guard.documents.building import LINE, PARAGRAPH, TAB, FlowBuilder, Layout
from fdcpa_guard.documents.markdown_inline import label_key, read_inline
from fdcpa_guard.documents.model import Part
from fdcpa_guard.documents.places import Places
from fdcpa_guard.documents.templates.masking import PASSED, Masked

_LINE: Final = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_QUOTE: Final = re.compile(r"(?:[ ]{0,3}>[ ]?)+")
_HEADING: Final = re.compile(r"(#{1,6})(?:[ \t]+|\Z)")
_FENCE: Final = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_BULLET: Final = re.compile(r"[-*+](?:[ \t]+|\Z)")
_NUMBER: Final = re.compile(r"\d{1,9}[.)](?:[ \t]+|\Z)")
_UNDERLINE: Final = re.compile(r"[ ]{0,3}(=+|-+)[ \t]*\Z")
_DEFINITION: Final = re.compile(
    r"[ ]{0,3}\[([^\[\]^][^\[\]]{0,998})\]:[ \t]*(?:<[^<>]*>|[^\s<]\S*)(?:[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*\Z"
)
_UNSEEN: Final = re.compile(r"<!--.*?-->|<(script|style)\b[^<>]*>.*?</\1[^<>]*>", re.DOTALL | re.IGNORECASE)
_STYLES: Final = Layout(bold=False, italic=False, underlined=False)

Span = tuple[int, int]


def read_markdown(masked: Masked, places: Places) -> tuple[tuple[Part, ...], list[Span]]:
    """The one part of a Markdown text, and where its comments stand. Bold and italic are known, sizes are not."""
    passed = list(_unseen(masked.text))
    reader = _Reader(masked.without(passed))
    reader.read()
    return (reader.builder.part("body", places),), [span for span in passed if masked.text.startswith("<!--", span[0])]


def _unseen(text: str) -> Iterator[Span]:
    """Comments, scripts and styles; one that is never closed is ordinary text."""
    position = 0
    closed = {"<!--": True, "script": True, "style": True}
    opens = re.compile(r"<!--|<(?:script|style)\b", re.IGNORECASE)
    while opening := opens.search(text, position):
        kind = opening[0].lstrip("<").lower() if opening[0] != "<!--" else "<!--"
        found = _UNSEEN.match(text, opening.start()) if closed[kind] else None
        if found is None:
            # What is not closed from here on is not closed further on either.
            closed[kind] = False
            position = opening.end()
            continue
        yield found.span()
        position = found.end()


class _Reader:
    """Goes through the lines, and reads each block when it ends."""

    def __init__(self, masked: Masked) -> None:
        self.masked = masked
        self.text = masked.text
        self.builder = FlowBuilder()
        self.builder.layout = _STYLES
        self.lines = [match.span(1) for match in _LINE.finditer(self.text)]
        self.labels = {
            label_key(match[1])
            for start, stop in self.lines
            if self.text.startswith(("[", " ", PASSED), start) and (match := _DEFINITION.match(self.text[start:stop]))
        }
        self.paragraph: list[Span] = []
        self.quoted = False

    def read(self) -> None:
        fence: str | None = None
        number = -1
        while (number := number + 1) < len(self.lines):
            start, stop = self.lines[number]
            quote = _QUOTE.match(self.text, start, stop)
            if fence is None and bool(quote) != self.quoted and (quote or not self.paragraph):
                self.quoted = bool(quote)
                self.end_paragraph(PARAGRAPH)
            if quote is not None:
                start = quote.end()
            line = self.text[start:stop]
            opened = _FENCE.match(line)
            if fence is not None:
                if opened is not None and opened[1].startswith(fence) and not line[opened.end() :].strip(f"{PASSED} \t"):
                    fence = None
                    self.builder.part_from(PARAGRAPH, start)
                else:
                    self.builder.part_from(LINE, start)
                    self.masked.emit(self.builder, start, stop)
                continue
            if opened is not None and (opened[1][0] == "~" or "`" not in line[opened.end() :]):
                self.end_paragraph(PARAGRAPH)
                fence = opened[1]
                continue
            shown = line.strip(f"{PASSED} \t")
            if not shown:
                self.end_paragraph(PARAGRAPH)
                continue
            underline = _UNDERLINE.match(line)
            if underline is not None and self.paragraph:
                self.end_paragraph(PARAGRAPH, heading=1 if underline[1][0] == "=" else 2)
                continue
            if len(shown) >= 3 and shown[0] in "*-_" and not shown.replace(" ", "").replace("\t", "").strip(shown[0]):
                self.end_paragraph(PARAGRAPH)
                continue
            if not self.paragraph and _DEFINITION.match(line):
                continue
            if "|" in line and number + 1 < len(self.lines) and self.is_delimiter_row(number + 1):
                number = self.table(number)
                continue
            self.block_line(start + len(line) - len(line.lstrip(f"{PASSED} \t")), stop)
        self.end_paragraph(PARAGRAPH)

    def block_line(self, start: int, stop: int) -> None:
        """A line of a paragraph, or the one line of a heading or the first of an item."""
        heading = _HEADING.match(self.text, start, stop)
        if heading is not None:
            self.end_paragraph(PARAGRAPH)
            inner = self.text[heading.end() : stop].rstrip(f"{PASSED} \t")
            without = inner.rstrip("#")
            if not without or without[-1] in " \t":
                inner = without
            self.paragraph = [(heading.end(), heading.end() + len(inner))]
            self.end_paragraph(PARAGRAPH, heading=len(heading[1]))
            return
        while bullet := _BULLET.match(self.text, start, stop):
            self.end_paragraph(LINE)
            start = bullet.end()
        if _NUMBER.match(self.text, start, stop) and (not self.paragraph or self.text.startswith("1", start)):
            self.end_paragraph(LINE)
        self.paragraph.append((start, stop))

    def is_delimiter_row(self, number: int) -> bool:
        start, stop = self.lines[number]
        row = self.text[start:stop].strip(f"{PASSED} \t>")
        return "-" in row and "|" in row and not row.strip("|:- \t")

    def table(self, number: int) -> int:
        """Reads the rows of a table that begins on a line; gives its last line."""
        self.end_paragraph(PARAGRAPH)
        last = number
        for at in range(number, len(self.lines)):
            start, stop = self.lines[at]
            quote = _QUOTE.match(self.text, start, stop)
            start = start if quote is None else quote.end()
            if "|" not in self.text[start:stop]:
                break
            last = at
            if at == number + 1:
                continue
            for cell in _cells(self.text, start, stop):
                self.paragraph = [cell]
                self.end_paragraph(TAB)
            self.builder.part_from(LINE, stop)
        self.builder.part_from(PARAGRAPH, self.lines[last][1])
        return last

    def end_paragraph(self, strength: int, heading: int | None = None) -> None:
        """Reads the lines that were gathered; what comes next is apart by `strength`."""
        lines, self.paragraph = self.paragraph, []
        at = lines[-1][1] if lines else self.builder.length
        if lines:
            self.builder.layout = replace(_STYLES, heading=heading)
            self.inline(lines)
            self.builder.layout = _STYLES
        self.builder.part_from(strength, at)

    def inline(self, lines: Sequence[Span]) -> None:
        text = "\n".join(self.text[start:stop] for start, stop in lines).rstrip()
        starts, sources = array("L"), array("L")
        length = 0
        for start, stop in lines:
            starts.append(length)
            sources.append(start)
            length += stop - start + 1
        cuts, turns = read_inline(text, self.labels)
        heading = None if self.builder.layout is None else self.builder.layout.heading
        depth = {"bold": 0, "italic": 0, "underlined": 0}

        def source(offset: int) -> int:
            line = bisect_right(starts, offset) - 1
            return sources[line] + offset - starts[line]

        def show(start: int, stop: int) -> None:
            while start < stop:
                line = bisect_right(starts, start) - 1
                end = min(stop, starts[line] + lines[line][1] - lines[line][0])
                self.masked.emit(self.builder, source(start), source(start) + end - start)
                if end < stop:
                    self.builder.put("\n", lines[line][1])
                    end += 1
                start = end

        done = turned = 0

        def style(at: int) -> None:
            nonlocal turned
            while turned < len(turns) and turns[turned].at <= at:
                depth[turns[turned].style] += turns[turned].by
                turned += 1
            self.builder.layout = Layout(
                bold=depth["bold"] > 0, italic=depth["italic"] > 0, underlined=depth["underlined"] > 0, heading=heading
            )

        for cut in cuts:
            if cut.start < done:
                continue
            style(done)
            show(done, cut.start)
            style(cut.start)
            if cut.text == "\n":
                self.builder.break_line(source(cut.start))
            else:
                self.builder.put(cut.text, source(cut.start), source(cut.start) + cut.stop - cut.start)
            done = cut.stop
        style(done)
        show(done, len(text))


def _cells(text: str, start: int, stop: int) -> Iterator[Span]:
    """The cells of a row of a table; a pipe after a backslash parts none."""
    row = text[start:stop].strip(f"{PASSED} \t")
    start += text[start:stop].index(row) if row else 0
    stop = start + len(row)
    begins = start + 1 if row.startswith("|") else start
    for pipe in re.finditer(r"\\.|\|", row):
        at = start + pipe.start()
        if pipe[0] != "|" or at < begins:
            continue
        yield _trimmed(text, begins, at)
        begins = at + 1
    if begins < stop:
        yield _trimmed(text, begins, stop)


def _trimmed(text: str, start: int, stop: int) -> Span:
    inner = text[start:stop]
    left = len(inner) - len(inner.lstrip(" \t"))
    return (start + left, max(start + left, start + len(inner.rstrip(" \t"))))
