"""Definition files: the parameters, conditions and blocks that the rules of a law share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fdcpa_guard.errors import RuleError, RuleErrors, RuleShapeError
from fdcpa_guard.lang import core
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.rulefile.blocks import enter_block_names, read_blocks
from fdcpa_guard.rulefile.documents import read_source
from fdcpa_guard.rulefile.limitations import NO_TABLES, LimitationTables
from fdcpa_guard.rulefile.model import Block, DefinitionOf, DefinitionsFile, ParameterOf
from fdcpa_guard.rulefile.names import NameTable
from fdcpa_guard.rulefile.nodes import MappingNode
from fdcpa_guard.rulefile.parameters import read_parameters, units_of
from fdcpa_guard.rulefile.reach import circle_errors, must_follow_errors
from fdcpa_guard.rulefile.reading import FileReader
from fdcpa_guard.rulefile.schema import DefinitionsShape
from fdcpa_guard.rulefile.strict_yaml import parse_yaml
from fdcpa_guard.source import SourceFile, Span

NAMED_PARTS: Final = ("parameters", "conditions", "counts", "latest", "earliest", "standing", "waiting", "deadline", "limitation")
"""The keys whose names conditions use; over all of them a name stands once."""


@dataclass(frozen=True, slots=True)
class DefinitionSet:
    """What the rules of a folder share: the definitions of that folder and of all above it."""

    parameters: Mapping[str, ParameterOf] = field(default_factory=dict)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    conditions: Mapping[str, DefinitionOf] = field(default_factory=dict)
    files: tuple[DefinitionsFile, ...] = ()
    names: NameTable = field(default_factory=NameTable)
    tables: LimitationTables = NO_TABLES
    """The limitation periods that were loaded, of every jurisdiction."""


def load_definitions(source: Path | SourceFile, above: DefinitionSet | None = None) -> DefinitionSet:
    """The definitions of a file, together with those above it.

    Raises:
        RuleErrors: every mistake in the file.
    """
    file = source if isinstance(source, SourceFile) else read_source(source)
    definitions, errors = read_definitions(file, above or DefinitionSet())
    if errors:
        raise RuleErrors(errors)
    return definitions


def read_definitions(source: SourceFile, above: DefinitionSet) -> tuple[DefinitionSet, list[RuleError]]:
    """The definitions as far as they can be read, and what is wrong with them."""
    root, yaml_errors = parse_yaml(source)
    if root is None:
        return above, list(yaml_errors)
    reader = FileReader(root, DefinitionsShape, above.names.copy())
    reader.errors.extend(yaml_errors)
    own = enter_names(reader, reader.root)
    parameters = read_parameters(reader, reader.root)
    enter_block_names(reader, reader.root)
    for name, node in reader.named(reader.root, "conditions"):
        reader.names.definitions[name] = _scope(reader, node)
    every_parameter = {**above.parameters, **parameters}
    blocks = read_blocks(reader, reader.root, units_of(every_parameter), above.tables)
    conditions = {
        name: DefinitionOf(
            name=name,
            cite=reader.text(node, "cite"),
            says=reader.text(node, "says", ""),
            scope=_scope(reader, node).value,
            when=_condition(reader, node),
            span=own.get(name, node.span),
        )
        for name, node in reader.named(reader.root, "conditions")
    }
    every_block = {**above.blocks, **blocks}
    every_condition = {**above.conditions, **conditions}
    reader.errors.extend(circle_errors(own, every_block, every_condition))
    if not reader.errors:
        reader.errors.extend(must_follow_errors(blocks.values(), every_condition))
    file = DefinitionsFile(
        source.name, reader.text(reader.root, "definitions_of"), reader.text(reader.root, "jurisdiction"), own
    )
    found = DefinitionSet(every_parameter, every_block, every_condition, (*above.files, file), reader.names, above.tables)
    return found, reader.finish()


def enter_names(reader: FileReader, root: MappingNode) -> dict[str, Span]:
    """Where a file gives each of its names; one that is taken already, here or above, is an error."""
    own: dict[str, Span] = {}
    for part in NAMED_PARTS:
        for key, _ in reader.mapping(root, part).items:
            taken = reader.names.where.get(key.text)
            if taken is not None:
                line = taken.line
                where = f"on line {line}" if taken.source is key.source else f"in {taken.source.name}, line {line}"
                reader.error(RuleShapeError, f"the name `{key.text}` is taken; it is given {where} already", key.span)
                continue
            own[key.text] = reader.names.where[key.text] = key.span
    return own


def _condition(reader: FileReader, node: MappingNode) -> core.Condition:
    about = reader.optional_text(node, "about")
    if about is not None and about not in {scope.value for scope in Scope}:
        # Told already; read as of another scope, the condition would be wrong for no reason of its own.
        return core.AllOf((), node.span)
    return reader.required_condition(node, "when", _scope(reader, node))


def _scope(reader: FileReader, node: MappingNode) -> Scope:
    return reader.choice(node, "about", Scope, Scope.COMMUNICATION)
