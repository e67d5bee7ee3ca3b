"""Reads the parts of a rule or definition file from its tree and gathers every mistake on the way.

Pydantic says first what is wrong with the shape. The rest is then read as far as it goes, so that one file's mistakes
are all told at once; where the shape is wrong a reader here answers with an empty value and adds no second complaint.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TypeVar

from pydantic import ValidationError

from fdcpa_guard.errors import ConditionSyntaxError, RuleError, RuleErrors, RuleShapeError
from fdcpa_guard.lang import core
from fdcpa_guard.lang.check import read_condition
from fdcpa_guard.rulefile.names import NameTable
from fdcpa_guard.rulefile.nodes import MappingNode, Node, ScalarNode, SequenceNode, Style, to_python
from fdcpa_guard.rulefile.schema import Shape
from fdcpa_guard.rulefile.shape_errors import shape_errors
from fdcpa_guard.rulefile.strict_yaml import comment_after
from fdcpa_guard.source import Span
from fdcpa_guard.values import parse_day

Choice = TypeVar("Choice", bound=Enum)


class FileReader:
    """The tree of one file, its names, and what was found wrong with it."""

    def __init__(self, root: Node, shape: type[Shape], names: NameTable) -> None:
        self.errors: list[RuleError] = []
        self.names = names
        self.source = root.source
        self._passed_over: list[Span] = []
        try:
            shape.model_validate(to_python(root))
        except ValidationError as error:
            self.errors.extend(shape_errors(error, root, shape))
        self.root = root if isinstance(root, MappingNode) else MappingNode(root.source, root.start, root.end, (), False)

    def finish(self) -> list[RuleError]:
        """All that is wrong with the file. A part that was passed over without any complaint is an error of its own."""
        if self._passed_over and not self.errors:
            self.errors.append(RuleShapeError("this part cannot be read", self._passed_over[0]))
        return self.errors

    def error(self, kind: type[RuleError], message: str, span: Span, hint: str | None = None) -> None:
        self.errors.append(kind(message, span, hint))

    def scalar(self, mapping: MappingNode, key: str) -> ScalarNode | None:
        """The text at a key, or None where the key is left out, null, or has no text."""
        node = mapping.get(key)
        if node is None or (isinstance(node, ScalarNode) and node.value is None):
            return None
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            return node
        self._passed_over.append(node.span)
        return None

    def text(self, mapping: MappingNode, key: str, default: str | None = None) -> str:
        """The text at a key; `default` is for keys that may be left out."""
        node = self.scalar(mapping, key)
        if node is not None:
            return node.text
        if default is None:
            self._passed_over.append(mapping.span)
        return default or ""

    def optional_text(self, mapping: MappingNode, key: str) -> str | None:
        node = self.scalar(mapping, key)
        return None if node is None else node.text

    def choice(self, mapping: MappingNode, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One of a closed list; `default` is for keys that may be left out."""
        node = self.scalar(mapping, key)
        first = next(iter(kind)) if default is None else default
        if node is None:
            if default is None:
                self._passed_over.append(mapping.span)
            return first
        try:
            return kind(node.text)
        except ValueError:
            self._passed_over.append(node.span)
            return first

    def day(self, mapping: MappingNode, key: str) -> int | None:
        node = self.scalar(mapping, key)
        if node is None:
            return None
        day = parse_day(node.text)
        if day is None:
            self._passed_over.append(node.span)
        return day

    def mapping(self, mapping: MappingNode, key: str) -> MappingNode:
        """The mapping at a key, or an empty one."""
        node = mapping.get(key)
        if isinstance(node, MappingNode):
            return node
        if node is not None and not (isinstance(node, ScalarNode) and node.value is None):
            self._passed_over.append(node.span)
        return MappingNode(mapping.source, mapping.start, mapping.start, (), True)

    def named(self, mapping: MappingNode, key: str) -> list[tuple[str, MappingNode]]:
        """The named parts at a key: parameters, blocks, definitions."""
        found: list[tuple[str, MappingNode]] = []
        for name, node in self.mapping(mapping, key).items:
            if isinstance(node, MappingNode):
                found.append((name.text, node))
            else:
                self._passed_over.append(node.span)
        return found

    def sequence(self, mapping: MappingNode, key: str) -> tuple[Node, ...]:
        node = mapping.get(key)
        if isinstance(node, SequenceNode):
            return node.items
        if node is not None and not (isinstance(node, ScalarNode) and node.value is None):
            self._passed_over.append(node.span)
        return ()

    def items(self, mapping: MappingNode, key: str) -> list[MappingNode]:
        """The mappings in the list at a key."""
        found: list[MappingNode] = []
        for node in self.sequence(mapping, key):
            if isinstance(node, MappingNode):
                found.append(node)
            else:
                self._passed_over.append(node.span)
        return found

    def words(self, mapping: MappingNode, key: str) -> list[ScalarNode]:
        """The texts in the list at a key."""
        found: list[ScalarNode] = []
        for node in self.sequence(mapping, key):
            if isinstance(node, ScalarNode) and isinstance(node.value, str):
                found.append(node)
            else:
                self._passed_over.append(node.span)
        return found

    def refuse_repeated(self, nodes: Iterable[ScalarNode], what: str) -> None:
        """An error for each word of a list that stands there already."""
        seen: set[str] = set()
        for node in nodes:
            if node.text in seen:
                self.error(RuleShapeError, f"the {what} `{node.text}` is given twice", node.span)
            seen.add(node.text)

    def condition(self, mapping: MappingNode, key: str, scope: core.Scope) -> core.Condition | None:
        """The condition at a key, or None where there is none or it is wrong, which is then told."""
        node = self.scalar(mapping, key)
        if node is None:
            return None
        comment = comment_after(node)
        if comment is not None:
            self.error(
                ConditionSyntaxError,
                "` #` ends the condition and begins a comment; expected the comment on a line of its own, so that no "
                "part of a condition is lost unseen",
                comment,
            )
            return None
        if node.style is Style.FOLDED or node.spans_lines():
            span = node.span
            first = Span(node.source, span.start, node.source.text.index("\n", span.start))
            self.error(RuleShapeError, "a condition over several lines; expected one line, or a `|` block", first)
            return None
        try:
            return read_condition(node.text, node.locate, self.names.usable_in(scope))
        except RuleErrors as error:
            self.errors.extend(each for each in error.errors if not self._is_about_broken(each))
            self._passed_over.append(node.span)
            return None

    def _is_about_broken(self, error: RuleError) -> bool:
        span = error.span
        return span is not None and span.source.text[span.start : span.end] in self.names.broken

    def required_condition(self, mapping: MappingNode, key: str, scope: core.Scope) -> core.Condition:
        """The condition at a key that must be there. Where it is wrong, one that stands in for it."""
        found = self.condition(mapping, key, scope)
        if found is not None:
            return found
        self._passed_over.append(mapping.span)
        return core.AllOf((), mapping.span)
