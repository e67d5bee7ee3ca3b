"""The tree of a document as it was written: what each value is, and where each character of it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import assert_never

from fdcpa_guard.source import SourceFile, Span

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]
"""What `to_python` gives: the values alone."""


class Style(Enum):
    """How a scalar is written; the values are YAML's own indicators."""

    PLAIN = ""
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"
    FOLDED = ">"


@dataclass(frozen=True, slots=True, eq=False)
class ScalarNode:
    """A single value. `text` is what was written, `value` what it says: text, whole number, true, false or null."""

    source: SourceFile
    start: int
    end: int
    text: str
    value: str | int | bool | None
    style: Style

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def spans_lines(self) -> bool:
        """Whether lines were folded together, so that a place in `text` is no plain place in the file."""
        return self.style is not Style.LITERAL and "\n" in self.source.text[self.start : self.end]

    def locate(self, start: int, end: int) -> Span:
        """Where the characters `start` to `end` of `text` stand in the file.

        Right for values on one line, quoted or not, and for `|` blocks; of lines folded together, the whole value.
        """
        offsets = self._offsets()
        if offsets is None:
            return self.span
        last = len(self.text)
        start, end = min(max(start, 0), last), min(max(end, 0), last)
        begin = offsets[start] if start < last else offsets[last]
        return Span(self.source, begin, offsets[end - 1] + 1 if end > start else begin)

    def _offsets(self) -> Sequence[int] | None:
        """The file offset of each character of `text`, and of its end."""
        if self.style is Style.PLAIN and self.end - self.start == len(self.text):
            return range(self.start, self.end + 1)
        if self.spans_lines():
            return None
        match self.style:
            case Style.LITERAL:
                return _literal_offsets(self)
            case Style.SINGLE | Style.DOUBLE:
                return self._quoted_offsets()
            case Style.PLAIN | Style.FOLDED:
                return None
            case _:
                assert_never(self.style)

    def _quoted_offsets(self) -> list[int]:
        raw = self.source.text
        position, last = self.start + 1, self.end - 1
        offsets: list[int] = []
        for character in self.text:
            offsets.append(position)
            if self.style is Style.SINGLE:
                position += 2 if raw[position] == "'" else 1
            elif raw[position] == "\\":
                width = {"x": 4, "u": 6, "U": 10}.get(raw[position + 1], 2)
                # JSON writes a character beyond the basic plane as two escapes.
                position += 12 if width == 6 and ord(character) > 0xFFFF else width
            else:
                position += 1
        offsets.append(last)
        return offsets


@lru_cache(maxsize=16)
def _literal_offsets(node: ScalarNode) -> list[int]:
    """Those of a `|` block. Each name of its condition asks for them, one after another: the last few are kept."""
    raw = node.source.text
    line_start = raw.index("\n", node.start) + 1
    lines = node.text.split("\n")
    offsets: list[int] = []
    indent: int | None = None
    for index, line in enumerate(lines):
        line_end = raw.find("\n", line_start)
        line_end = len(raw) if line_end < 0 else line_end
        written = raw[line_start:line_end].rstrip("\r")
        if indent is None and line:
            indent = len(written) - len(line)
        skipped = (indent or 0) if line else len(written)
        offsets.extend(range(line_start + skipped, line_start + skipped + len(line)))
        if index < len(lines) - 1:
            offsets.append(min(line_start + skipped + len(line), len(raw)))
            line_start = line_end + 1
    offsets.append(min(node.end, (offsets[-1] + 1) if offsets else node.end))
    return offsets


@dataclass(frozen=True, slots=True, eq=False)
class SequenceNode:
    source: SourceFile
    start: int
    end: int
    items: tuple[Node, ...]
    flow: bool

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)


@dataclass(frozen=True, slots=True, eq=False)
class MappingNode:
    """Keys are text, each once, in the order of the file."""

    source: SourceFile
    start: int
    end: int
    items: tuple[tuple[ScalarNode, Node], ...]
    flow: bool

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def get(self, key: str) -> Node | None:
        for name, value in self.items:
            if name.text == key:
                return value
        return None

    def key(self, key: str) -> ScalarNode | None:
        for name, _ in self.items:
            if name.text == key:
                return name
        return None

    def keys(self) -> Iterator[str]:
        return (name.text for name, _ in self.items)


Node = ScalarNode | SequenceNode | MappingNode


def to_python(node: Node) -> Plain:
    """The document without its positions: mappings, lists, text, whole numbers, true, false and null."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [to_python(item) for item in node.items]
    return {key.text: to_python(value) for key, value in node.items}


def describe(node: Node) -> str:
    """What stands there, for `found ...` in a message."""
    match node:
        case MappingNode():
            return "a mapping of keys" if node.items else "an empty mapping"
        case SequenceNode():
            return "a list" if node.items else "an empty list"
        case ScalarNode(value=None):
            return "`null`"
        case ScalarNode(value=bool() | int()):
            return f"`{node.text}`"
        case ScalarNode():
            text = " ".join(node.text.split())
            return f"`{text if len(text) <= 60 else text[:57] + '...'}`"
        case _:
            assert_never(node)


def first_line(node: Node) -> Span:
    """The span of a node, cut off at the end of its first line: what a caret can underline."""
    end = node.source.text.find("\n", node.start, node.end)
    return Span(node.source, node.start, node.end if end < 0 else end)


def merge(under: MappingNode, over: MappingNode) -> MappingNode:
    """One mapping of both: mappings are merged deeply, everything else of `over` stands in place of what is under it.

    Each part keeps its own place in the file, so that a mistake is shown where it was written.
    """
    items: list[tuple[ScalarNode, Node]] = []
    for key, value in under.items:
        above = over.get(key.text)
        if isinstance(value, MappingNode) and isinstance(above, MappingNode):
            items.append((over.key(key.text) or key, merge(value, above)))
        elif above is not None:
            items.append((over.key(key.text) or key, above))
        else:
            items.append((key, value))
    given = {key.text for key, _ in items}
    items.extend((key, value) for key, value in over.items if key.text not in given)
    return MappingNode(over.source, over.start, over.end, tuple(items), over.flow)


def without(mapping: MappingNode, *keys: str) -> MappingNode:
    """The mapping, some keys left out."""
    items = tuple(item for item in mapping.items if item[0].text not in keys)
    return MappingNode(mapping.source, mapping.start, mapping.end, items, mapping.flow)
