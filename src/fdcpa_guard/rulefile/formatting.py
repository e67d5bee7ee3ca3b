"""The canonical layout of rule, definition and case files: keys in the schema's order, comments kept with their key.

Lines are moved, never written anew: a value keeps its words, quotes and line breaks. What is moved is a key's whole
block of lines with the comments that stand above it. Keys inside `{...}` stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from fdcpa_guard.errors import RuleErrors, RuleShapeError
from fdcpa_guard.rulefile.limitation_shapes import LimitationCasesShape, LimitationsShape
from fdcpa_guard.rulefile.nodes import MappingNode, Node, ScalarNode, SequenceNode, Style, to_python
from fdcpa_guard.rulefile.schema import CasesShape, DefinitionsShape, RuleShape
from fdcpa_guard.rulefile.shape_errors import keys_below
from fdcpa_guard.rulefile.strict_yaml import read_yaml
from fdcpa_guard.source import SourceFile

_SHAPES: Final[dict[str, type[BaseModel]]] = {
    "rule": RuleShape,
    "definitions_of": DefinitionsShape,
    "cases_of": CasesShape,
    "limitations_of": LimitationsShape,
    "limitation_cases_of": LimitationCasesShape,
}

_FIRST_KEYS: Final = tuple(f"{key}:".encode() for key in _SHAPES)


def files_to_format(paths: Sequence[Path]) -> Iterator[Path]:
    """The files among the paths; of folders, the rule, definition and case files below them, in order of their names."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for found in sorted(path.rglob("*.yaml")):
            if found.is_file() and any(line.startswith(_FIRST_KEYS) for line in found.read_bytes().splitlines()):
                yield found


def format_rule_file(text: str, name: str = "text") -> str:
    """The text of a rule, definition or case file in its canonical layout. What is formatted already stays as it is.

    Raises:
        RuleErrors: the text is not YAML, or of none of these kinds.
    """
    source = SourceFile(name, text.removeprefix("\ufeff").replace("\r\n", "\n"))
    root = read_yaml(source)
    shape = next((_SHAPES[key] for key in _SHAPES if isinstance(root, MappingNode) and root.get(key)), None)
    if shape is None or not isinstance(root, MappingNode):
        expected = "`rule`, `definitions_of`, `cases_of`, `limitations_of` or `limitation_cases_of`"
        raise RuleErrors([RuleShapeError(f"neither key of a rule, definition or case file; expected {expected}", source.span(0, 1))])
    if root.flow:
        return _tidy(source.text, root)
    formatted = _Layout(source, shape).file()
    written = read_yaml(SourceFile(name, formatted))
    if to_python(written) != to_python(root):
        # Cannot be, short of a mistake in this module; then the author's text stands.
        return text
    return formatted


@dataclass(slots=True)
class _Block:
    """The lines of one key or list item, the comments above it first."""

    key: str
    lines: list[str] = field(default_factory=list)


class _Layout:
    def __init__(self, source: SourceFile, shape: type[BaseModel]) -> None:
        self.lines = _tidy(source.text, read_yaml(source)).split("\n")[:-1]
        self.source = SourceFile(source.name, "\n".join(self.lines) + "\n")
        self.shape = shape

    def file(self) -> str:
        root = read_yaml(self.source)
        if not isinstance(root, MappingNode):
            return self.source.text
        first = self._line(root)
        heading = self._heading(first)
        last = self.source.line_and_column(root.end - 1)[0]
        while last < len(self.lines) and not self._is_comment(self.lines[last], 0):
            last += 1
        body = self._mapping(root, (), heading, last)
        return "\n".join([*self.lines[:heading], *body, *self.lines[last:]]) + "\n"

    def _heading(self, first: int) -> int:
        """The lines before the first key that stay on top: up to the last blank one; the rest is the key's comment."""
        for index in range(first - 1, -1, -1):
            if not self.lines[index]:
                return index + 1
        return 0

    def _line(self, node: Node) -> int:
        return self.source.line_and_column(node.start)[0] - 1

    def _mapping(self, node: MappingNode, path: tuple[str | int, ...], start: int, end: int) -> list[str]:
        """The lines from `start` to `end`, which hold a block mapping, its keys in order."""
        known = keys_below(self.shape, path)
        blocks: list[_Block] = []
        starts = self._starts([key for key, _ in node.items], start)
        for index, (key, value) in enumerate(node.items):
            stop = starts[index + 1] if index + 1 < len(starts) else end
            blocks.append(_Block(key.text, self._value(value, (*path, key.text), self._line(key), starts[index], stop)))
        order = {name: position for position, name in enumerate(known)}
        if all(block.key in order for block in blocks):
            blocks.sort(key=lambda block: order[block.key])
        return [line for block in blocks for line in block.lines]

    def _starts(self, nodes: Sequence[Node], start: int) -> list[int]:
        """Where the lines of each begin: with the comments and blank lines that stand right above it."""
        starts: list[int] = []
        for index, node in enumerate(nodes):
            line = self._line(node)
            least = start if index == 0 else self._line(nodes[index - 1]) + 1
            indent = self.source.line_and_column(node.start)[1] - 1
            while line > least and self._is_comment(self.lines[line - 1], indent):
                line -= 1
            starts.append(start if index == 0 else line)
        return starts

    def _is_comment(self, line: str, indent: int) -> bool:
        """A deeper comment belongs to what stands before it: an item that is commented out, for one."""
        return not line or (line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= indent)

    def _value(self, value: Node, path: tuple[str | int, ...], line: int, start: int, end: int) -> list[str]:
        whole = self.lines[start:end]
        if isinstance(value, MappingNode) and not value.flow and self._line(value) > line:
            inner = self._mapping(value, path, line + 1, end)
            return [*self.lines[start : line + 1], *inner]
        if isinstance(value, SequenceNode) and not value.flow and self._line(value) > line:
            return [*self.lines[start : line + 1], *self._sequence(value, path, line + 1, end)]
        return whole

    def _sequence(self, node: SequenceNode, path: tuple[str | int, ...], start: int, end: int) -> list[str]:
        starts = self._starts(node.items, start)
        lines: list[str] = []
        for index, item in enumerate(node.items):
            stop = starts[index + 1] if index + 1 < len(starts) else end
            first = self._line(item)
            above = self.lines[starts[index] : first]
            if isinstance(item, MappingNode) and not item.flow:
                lines.extend([*above, *self._item(item, (*path, index), first, stop)])
            else:
                lines.extend(self.lines[starts[index] : stop])
        return lines

    def _item(self, item: MappingNode, path: tuple[str | int, ...], first: int, end: int) -> list[str]:
        """A mapping whose first key stands behind the dash: the dash goes to whichever key comes first."""
        column = self.source.line_and_column(item.start)[1] - 1
        dash = self.lines[first].rfind("-", 0, column)
        kept = self.lines[first]
        self.lines[first] = kept[:dash] + " " + kept[dash + 1 :]
        body = self._mapping(item, path, first, end)
        self.lines[first] = kept
        # A comment that came first with its key stands above the dash.
        top = next(index for index, line in enumerate(body) if line and not line.lstrip().startswith("#"))
        body[top] = body[top][:dash] + "-" + body[top][dash + 1 :]
        return body


def _tidy(text: str, root: Node) -> str:
    """No blanks at the ends of lines, no two blank lines together, none at the top, one line end at the bottom.

    Lines inside of a text over several lines are left alone.
    """
    inside: set[int] = set()
    for node in _scalars(root):
        first = node.source.line_and_column(node.start)[0]
        last = node.source.line_and_column(max(node.start, node.end - 1))[0]
        # The first line of a block holds its `|`; the last of a quoted text may have blanks after the quote.
        until = last + 1 if node.style in (Style.LITERAL, Style.FOLDED) else last
        inside.update(range(first + 1, until) if until > first else ())
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if number not in inside:
            line = line.rstrip()
            if not line and (not lines or not lines[-1]):
                continue
        lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def _scalars(node: Node) -> list[ScalarNode]:
    if isinstance(node, ScalarNode):
        return [node]
    children: Sequence[Node] = node.items if isinstance(node, SequenceNode) else [value for _, value in node.items]
    return [scalar for child in children for scalar in _scalars(child)]
