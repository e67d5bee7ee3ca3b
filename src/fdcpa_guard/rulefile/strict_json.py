"""JSON and JSON lines as the same tree as YAML, with the position of every value.

Numbers that are not whole stay the text that they are, so that an amount keeps its cents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from fdcpa_guard.errors import RuleError, RuleErrors, RuleYamlError
from fdcpa_guard.rulefile.nodes import MappingNode, Node, ScalarNode, SequenceNode, Style
from fdcpa_guard.source import SourceFile

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
_WORD: Final = re.compile(r"[A-Za-z_]+")
_RESOLVED: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_DECODER: Final = json.JSONDecoder(strict=True)
_MAX_DEPTH: Final = 50


def read_json(source: SourceFile) -> Node:
    """The one document in a JSON text.

    Raises:
        RuleErrors: of `RuleYamlError`; a key given twice is one.
    """
    reader = _Reader(source)
    try:
        node, end = reader.value(reader.skip(0), 0)
        end = reader.skip(end)
        if end < len(source.text):
            raise reader.error("text after the end of the document", end)
    except RuleYamlError as error:
        raise RuleErrors([*reader.errors, error]) from None
    if reader.errors:
        raise RuleErrors(reader.errors)
    return node


def read_json_lines(source: SourceFile) -> tuple[Node, ...]:
    """The documents of a JSON lines text, one on each line that is not blank.

    Raises:
        RuleErrors: of `RuleYamlError`, at most one for the syntax of each line.
    """
    nodes: list[Node] = []
    errors: list[RuleError] = []
    for _, found in each_json_line(source):
        if isinstance(found, RuleErrors):
            errors.extend(found.errors)
        else:
            nodes.append(found)
    if errors:
        raise RuleErrors(errors)
    return tuple(nodes)


def each_json_line(source: SourceFile) -> Iterator[tuple[int, Node | RuleErrors]]:
    """The same, one at a time with the number of its line, and in the place of one that is wrong what is wrong with it."""
    start = 0
    for number, line in enumerate(source.text.split("\n"), start=1):
        if line.strip():
            reader = _Reader(source)
            try:
                node, end = reader.value(reader.skip(start), 0)
                end = reader.skip(end)
                if end < start + len(line):
                    raise reader.error("text after the end of the document", end)
                if "\n" in source.text[node.start : node.end]:
                    raise reader.error("a document that goes on over the end of its line", node.start)
            except RuleYamlError as error:
                reader.errors.append(error)
            yield number, RuleErrors(reader.errors) if reader.errors else node
        start += len(line) + 1


class _Reader:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.text = source.text
        self.errors: list[RuleYamlError] = []

    def error(self, message: str, start: int, end: int | None = None) -> RuleYamlError:
        return RuleYamlError(message, self.source.span(start, start + 1 if end is None else end))

    def skip(self, position: int) -> int:
        match = _SPACE.match(self.text, position)
        return position if match is None else match.end()

    def expected(self, what: str, position: int) -> RuleYamlError:
        found = self.text[position : position + 1]
        return self.error(f"found {f'`{found}`' if found else 'the end'}; expected {what}", position)

    def value(self, position: int, depth: int) -> tuple[Node, int]:
        if depth > _MAX_DEPTH:
            raise self.error(f"nested more than {_MAX_DEPTH} deep", position)
        match self.text[position : position + 1]:
            case '"':
                return self.string(position)
            case "{":
                return self.mapping(position, depth)
            case "[":
                return self.sequence(position, depth)
        number = _NUMBER.match(self.text, position)
        if number is not None:
            text = number[0]
            whole = number[1] is None and number[2] is None and len(text) < 20
            value: int | str = int(text) if whole else text
            return ScalarNode(self.source, position, number.end(), text, value, Style.PLAIN), number.end()
        word = _WORD.match(self.text, position)
        if word is not None and word[0] in _RESOLVED:
            node = ScalarNode(self.source, position, word.end(), word[0], _RESOLVED[word[0]], Style.PLAIN)
            return node, word.end()
        raise self.expected("a value", position)

    def string(self, position: int) -> tuple[ScalarNode, int]:
        try:
            text, end = _DECODER.raw_decode(self.text, position)
        except json.JSONDecodeError as error:
            raise self.error(error.msg[0].lower() + error.msg[1:], error.pos) from None
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise self.error("half of a surrogate pair", position, end)
        return ScalarNode(self.source, position, end, text, text, Style.DOUBLE), end

    def sequence(self, start: int, depth: int) -> tuple[Node, int]:
        items: list[Node] = []
        position = self.skip(start + 1)
        if self.text[position : position + 1] != "]":
            while True:
                item, position = self.value(position, depth + 1)
                items.append(item)
                position = self.skip(position)
                if self.text[position : position + 1] != ",":
                    break
                position = self.skip(position + 1)
        if self.text[position : position + 1] != "]":
            raise self.expected("`,` or `]`", position)
        return SequenceNode(self.source, start, position + 1, tuple(items), True), position + 1

    def mapping(self, start: int, depth: int) -> tuple[Node, int]:
        items: list[tuple[ScalarNode, Node]] = []
        seen: set[str] = set()
        position = self.skip(start + 1)
        if self.text[position : position + 1] != "}":
            while True:
                if self.text[position : position + 1] != '"':
                    raise self.expected("a key in double quotes", position)
                key, position = self.string(position)
                if key.text in seen:
                    self.errors.append(RuleYamlError(f"the key `{key.text}` is given twice", key.span))
                position = self.skip(position)
                if self.text[position : position + 1] != ":":
                    raise self.expected("`:`", position)
                value, position = self.value(self.skip(position + 1), depth + 1)
                if key.text not in seen:
                    items.append((key, value))
                    seen.add(key.text)
                position = self.skip(position)
                if self.text[position : position + 1] != ",":
                    break
                position = self.skip(position + 1)
        if self.text[position : position + 1] != "}":
            raise self.expected("`,` or `}`", position)
        return MappingNode(self.source, start, position + 1, tuple(items), True), position + 1
