"""YAML as this project reads it: nothing is guessed, and every value knows where it stands.

Only plain `true`, `false`, `null` and whole numbers are resolved; `21:00`, `1006.10`, `NO`, `0012`, `+15125550100` and
`2021-11-30` stay the text that they are. Whatever makes a document say something other than what a reader sees is
refused: a key given twice, a key without a value, anchors, aliases, tags, merge keys, a second document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, cast

import yaml

from fdcpa_guard.errors import RuleErrors, RuleYamlError
from fdcpa_guard.rulefile.nodes import MappingNode, Node, ScalarNode, SequenceNode, Style, first_line, to_python
from fdcpa_guard.source import SourceFile, Span

__all__ = ["comment_after", "parse_yaml", "read_yaml", "to_python"]

# libyaml's parser is some ten times as fast; both count positions in characters.
_LOADER: Final = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader

_WHOLE_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)", re.ASCII)
_RESOLVED: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_STYLES: Final = {style.value: style for style in Style} | {None: Style.PLAIN}
# YAML 1.1 takes a lone carriage return, U+0085, U+2028 and U+2029 for ends of lines; no editor shows them as such.
_UNREADABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)"
)
_MAX_DEPTH: Final = 50


def read_yaml(source: SourceFile) -> Node:
    """The one document in a YAML text.

    Raises:
        RuleErrors: of `RuleYamlError`, all that were found; a mistake in the syntax itself ends the reading.
    """
    node, errors = parse_yaml(source)
    if node is None or errors:
        raise RuleErrors(errors)
    return node


def parse_yaml(source: SourceFile) -> tuple[Node | None, list[RuleYamlError]]:
    """The document, as far as it can be read, and what is wrong with it. Without errors there is a document."""
    unreadable = _UNREADABLE.search(source.text)
    if unreadable is not None:
        code = f"U+{ord(unreadable[0]):04X}"
        message = f"the character {code} cannot stand here; expected visible text"
        return None, [RuleYamlError(message, source.span(unreadable.start(), unreadable.end()))]
    composer = _Composer(source)
    try:
        node = composer.document()
    except yaml.MarkedYAMLError as error:
        return None, [*composer.errors, _syntax_error(source, error)]
    except yaml.YAMLError as error:
        return None, [*composer.errors, RuleYamlError(str(error), source.span(0, 0))]
    except RuleYamlError as error:
        return None, [*composer.errors, error]
    return node, composer.errors


def _bounds(event: yaml.Event) -> tuple[int, int]:
    start, end = event.start_mark, event.end_mark
    return (0 if start is None else start.index), (0 if end is None else end.index)


class _Composer:
    """Builds the tree from the parser's events; refuses by the way what this project does not read."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.errors: list[RuleYamlError] = []
        # The stubs do not know that the two loaders have this in common.
        self._next = cast(Callable[[], yaml.Event], _LOADER(source.text).get_event)
        self._depth = 0

    def document(self) -> Node:
        self._next()
        start = self._next()
        if not isinstance(start, yaml.DocumentStartEvent):
            raise RuleYamlError("the document is empty", self.source.span(0, 0))
        if start.version or start.tags:
            self._refuse("a directive (`%...`) is not read", start)
        node = self._node(self._next())
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse("a second document begins here; expected one in a file", after)
        return node

    def _refuse(self, message: str, event: yaml.Event) -> None:
        self.errors.append(RuleYamlError(message, self.source.span(*_bounds(event))))

    def _node(self, event: yaml.Event) -> Node:
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            if event.anchor is not None:
                message = f"the anchor `&{event.anchor}` is not read; write the value out where it is used"
                self._refuse(message, event)
            if event.tag is not None:
                self._refuse(f"the tag `{event.tag}` is not read", event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise RuleYamlError(f"nested more than {_MAX_DEPTH} deep", self.source.span(*_bounds(event)))
        if isinstance(event, yaml.SequenceStartEvent):
            node: Node = self._sequence(event)
        elif isinstance(event, yaml.MappingStartEvent):
            node = self._mapping(event)
        else:
            name = event.anchor if isinstance(event, yaml.AliasEvent) else "?"
            self._refuse(f"the alias `*{name}` is not read; write the value out", event)
            node = ScalarNode(self.source, *_bounds(event), "", None, Style.PLAIN)
        self._depth -= 1
        return node

    def _scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        text = event.value
        style = _STYLES[event.style]
        start, end = _bounds(event)
        value: str | int | bool | None = text
        if style is Style.PLAIN:
            if text in _RESOLVED:
                value = _RESOLVED[text]
            # A number of more digits than any that the law writes is an identifier; int() would even refuse it.
            elif len(text) < 20 and _WHOLE_NUMBER.fullmatch(text):
                value = int(text)
        elif style is Style.LITERAL or style is Style.FOLDED:
            # The parser's end of a block is the beginning of what follows.
            end = start + len(self.source.text[start:end].rstrip())
        return ScalarNode(self.source, start, end, text, value, style)

    def _sequence(self, event: yaml.SequenceStartEvent) -> SequenceNode:
        items: list[Node] = []
        while not isinstance(child := self._next(), yaml.SequenceEndEvent):
            item = self._node(child)
            if isinstance(item, ScalarNode) and item.style is Style.PLAIN and not item.text:
                self._refuse("an item without a value; expected one after `-`", child)
            items.append(item)
        start, end = _bounds(event)[0], _bounds(child)[1] if event.flow_style else items[-1].end
        return SequenceNode(self.source, start, end, tuple(items), bool(event.flow_style))

    def _mapping(self, event: yaml.MappingStartEvent) -> MappingNode:
        items: list[tuple[ScalarNode, Node]] = []
        seen: dict[str, ScalarNode] = {}
        while not isinstance(child := self._next(), yaml.MappingEndEvent):
            key = self._node(child)
            value = self._node(self._next())
            if not isinstance(key, ScalarNode):
                self.errors.append(RuleYamlError("a key has to be a word, not a list or mapping", first_line(key)))
                continue
            name = key.text
            if name == "<<" and key.style is Style.PLAIN:
                self.errors.append(RuleYamlError("the merge key `<<` is not read; write the keys out", key.span))
            elif name in seen:
                line = seen[name].span.line
                message = f"the key `{name}` is given twice; it stands on line {line} already"
                self.errors.append(RuleYamlError(message, key.span))
            else:
                if isinstance(value, ScalarNode) and value.style is Style.PLAIN and value.start == value.end:
                    message = f"`{name}` has no value; expected one, or `null`, `[]` or `{{}}`"
                    self.errors.append(RuleYamlError(message, key.span))
                seen[name] = key
                items.append((key, value))
        start, end = _bounds(event)[0], _bounds(child)[1] if event.flow_style or not items else items[-1][1].end
        return MappingNode(self.source, start, end, tuple(items), bool(event.flow_style))


def comment_after(node: ScalarNode) -> Span | None:
    """The comment on the same line after an unquoted value; ` #` has cut it off from what may be the value's tail."""
    if node.style is not Style.PLAIN:
        return None
    text = node.source.text
    line_end = text.find("\n", node.end)
    rest = text[node.end : len(text) if line_end < 0 else line_end]
    tail = re.match(r"[ \t]+(#.*)", rest.rstrip())
    return None if tail is None else node.source.span(node.end + tail.start(1), node.end + tail.end(1))


_KEY_AND_COLON = re.compile(r"\s*(?:- )?[\w.]+:\s+[^\"'\[{|>#\s][^#]*: ")


def _syntax_error(source: SourceFile, error: yaml.MarkedYAMLError) -> RuleYamlError:
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index, len(source.text)) if mark is not None else 0
    problem = str(error.problem or error.context or "not YAML")
    hint: str | None = None
    if offset < len(source.text) and source.text[offset] == "\t":
        problem = "a tab stands where the indentation ends; expected spaces"
    elif "mapping values are not allowed" in problem:
        line = source.text[source.text.rfind("\n", 0, offset) + 1 : offset + 2]
        problem = "a second `: ` on the line; expected one key and one value"
        if _KEY_AND_COLON.match(line):
            hint = 'put a value that contains `: ` in quotes'
    elif "did not find expected ',' or" in problem:
        closing = "}" if "}" in problem else "]"
        opened = error.context_mark
        problem = f"expected `,` or `{closing}` here"
        if opened is not None:
            problem += f", to go on with or to close what line {opened.line + 1} opens"
        if offset < len(source.text) and source.text[offset] in "[{":
            hint = f"inside `{'{' if closing == '}' else '['}`, put a value that contains brackets or commas in quotes"
    elif "cannot start any token" in problem:
        problem = f"a value cannot begin with `{source.text[offset : offset + 1]}`"
        hint = "put it in quotes"
    elif "unexpected end of stream" in problem and error.context_mark is not None:
        problem = "the quote that opens here is never closed"
        offset = error.context_mark.index
    elif "did not find expected key" in problem and error.context_mark is not None:
        problem = (
            f"expected a key in line with those of the mapping that begins on line {error.context_mark.line + 1}"
        )
    return RuleYamlError(problem, source.span(offset, offset + 1), hint)
