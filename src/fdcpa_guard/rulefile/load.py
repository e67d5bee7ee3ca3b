"""From a rule file's text to a `Rule`: every value checked, every mistake of the file told at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from string import Formatter

from fdcpa_guard.errors import RuleDateError, RuleError, RuleErrors, RuleShapeError, UnknownNameError
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.rulefile.blocks import enter_block_names, read_blocks, read_channels, read_exceptions
from fdcpa_guard.rulefile.content import read_items, read_texts
from fdcpa_guard.rulefile.definitions import DefinitionSet, enter_names, read_definitions
from fdcpa_guard.rulefile.documents import read_source
from fdcpa_guard.rulefile.model import (
    Confidence,
    Consequence,
    Effect,
    InForce,
    Law,
    ParameterOf,
    Reading,
    Rule,
    Undecided,
    WhenUnknown,
)
from fdcpa_guard.rulefile.nodes import MappingNode, first_line
from fdcpa_guard.rulefile.parameters import backwards, read_parameters, units_of
from fdcpa_guard.rulefile.reach import circle_errors, judged_thing_errors, must_follow_errors, names_in, reachable
from fdcpa_guard.rulefile.reading import FileReader
from fdcpa_guard.rulefile.schema import RuleShape
from fdcpa_guard.rulefile.strict_yaml import parse_yaml
from fdcpa_guard.source import SourceFile, Span
from fdcpa_guard.values import format_day
from fdcpa_guard.vocabulary import closest

DEFINITIONS_FILE = "definitions.yaml"

__all__ = ["DEFINITIONS_FILE", "load_rule_file", "read_definitions", "read_rule"]


def load_rule_file(source: Path | SourceFile, definitions: DefinitionSet | None = None) -> list[Rule]:
    """The rule of a file; `definitions` are those of its folder and of the folders above it.

    Raises:
        RuleErrors: every mistake in the file.
    """
    file = source if isinstance(source, SourceFile) else read_source(source)
    rule, errors = read_rule(file, definitions or DefinitionSet())
    if rule is None or errors:
        raise RuleErrors(errors)
    return [rule]


def read_rule(source: SourceFile, definitions: DefinitionSet) -> tuple[Rule | None, list[RuleError]]:
    """The rule, as far as it can be read, and what is wrong with it. Without errors there is a rule."""
    root, yaml_errors = parse_yaml(source)
    if root is None:
        return None, list(yaml_errors)
    reader = FileReader(root, RuleShape, definitions.names.copy())
    reader.errors.extend(yaml_errors)
    rule = _rule(reader, reader.root, definitions)
    return rule, reader.finish()


def _rule(reader: FileReader, root: MappingNode, definitions: DefinitionSet) -> Rule:
    own = enter_names(reader, root)
    parameters = read_parameters(reader, root)
    enter_block_names(reader, root)
    every_parameter = {**definitions.parameters, **parameters}
    blocks = read_blocks(reader, root, units_of(every_parameter), definitions.tables)
    every_block = {**definitions.blocks, **blocks}
    texts = read_texts(reader, root)
    effect = reader.choice(root, "effect", Effect)
    in_force = _in_force(reader, root)
    checked_on = reader.day(root, "checked_on")
    key = root.key("rule")
    rule = Rule(
        id=_id(reader, root),
        title=reader.text(root, "title"),
        jurisdiction=reader.text(root, "jurisdiction"),
        law=tuple(Law(reader.text(item, "cite"), reader.text(item, "says")) for item in reader.items(root, "law")),
        in_force=in_force,
        checked_on=0 if checked_on is None else checked_on,
        confidence=reader.choice(root, "confidence", Confidence),
        binds=frozenset(word.text for word in reader.words(root, "binds")),
        reaches=read_channels(reader, root, "reaches"),
        effect=effect,
        when_violated=reader.choice(root, "when_violated", Consequence, _usual_of(root, effect)),
        when_unknown=_when_unknown(reader, root, _usual(effect, Consequence.REVIEW)),
        parameters=every_parameter,
        blocks=every_block,
        definitions=dict(definitions.conditions),
        texts=texts,
        must_contain=read_items(reader, root, "must_contain", texts),
        must_not_contain=read_items(reader, root, "must_not_contain", texts),
        applies_when=reader.condition(root, "applies_when", Scope.COMMUNICATION),
        violated_when=reader.condition(root, "violated_when", Scope.COMMUNICATION),
        undecided=_undecided(reader, root),
        unless=read_exceptions(reader, root, "unless", Scope.COMMUNICATION),
        readings=tuple(
            Reading(reader.text(item, "taken"), reader.text(item, "why")) for item in reader.items(root, "reading")
        ),
        other_reading_of=reader.optional_text(root, "other_reading_of"),
        replaces=reader.optional_text(root, "replaces"),
        yields_to=tuple(word.text for word in reader.words(root, "yields_to")),
        message=reader.optional_text(root, "message"),
        span=root.span if key is None else key.span,
        path=root.source.name,
        notes=reader.text(root, "notes", ""),
        spans=_spans(root),
    )
    named = _message_names(reader, root)
    _check_whole(reader, root, rule, definitions)
    reader.errors.extend(circle_errors(own, every_block, definitions.conditions))
    if not reader.errors:
        reader.errors.extend(must_follow_errors(blocks.values(), definitions.conditions))
    for name in parameters:
        _check_covers(reader, parameters[name], in_force)
    used = reachable([*own, *named, *_named_by(rule)], every_block, definitions.conditions)
    whole = replace(
        rule,
        parameters={name: each for name, each in every_parameter.items() if name in used},
        blocks={name: each for name, each in every_block.items() if name in used},
        definitions={name: each for name, each in definitions.conditions.items() if name in used},
    )
    reader.errors.extend(judged_thing_errors(whole))
    return whole


def _named_by(rule: Rule) -> list[str]:
    conditions = [rule.applies_when, rule.violated_when]
    conditions.extend(each.when for each in rule.unless)
    conditions.extend(each.when for each in rule.undecided)
    conditions.extend(item.only_when for item in (*rule.must_contain, *rule.must_not_contain))
    return [name for condition in conditions for name in names_in(condition)]


def _spans(root: MappingNode) -> dict[str, Span]:
    spans: dict[str, Span] = {}
    for key, value in root.items:
        spans[key.text] = first_line(value)
    return spans


def _usual(effect: Effect, consequence: Consequence) -> Consequence:
    return Consequence.NOTE if effect is Effect.ADVISES else consequence


def _usual_of(root: MappingNode, effect: Effect) -> Consequence:
    """What was not done in time is a violation by itself, and does not make the next communication one."""
    late = bool(root.get("deadline")) and not root.get("violated_when")
    return Consequence.NOTE if late else _usual(effect, Consequence.BLOCK)


def _id(reader: FileReader, root: MappingNode) -> str:
    node, jurisdiction = reader.scalar(root, "rule"), reader.scalar(root, "jurisdiction")
    if node is not None and jurisdiction is not None:
        prefix = jurisdiction.text.lower() + "-"
        if not node.text.startswith(prefix):
            message = f"the id `{node.text}` does not begin with its jurisdiction; expected `{prefix}...`"
            reader.error(RuleShapeError, message, node.span)
    return reader.text(root, "rule")


def _in_force(reader: FileReader, root: MappingNode) -> InForce:
    node = reader.mapping(root, "in_force")
    in_force = InForce(reader.day(node, "from"), reader.day(node, "until"))
    if in_force.start is not None and in_force.end is not None and in_force.end < in_force.start:
        until = node.get("until")
        reader.errors.append(backwards(in_force.start, in_force.end, (until or node).span))
    return in_force


def _when_unknown(reader: FileReader, root: MappingNode, usual: Consequence) -> WhenUnknown:
    node = root.get("when_unknown")
    if isinstance(node, MappingNode):
        missing = reader.choice(node, "missing", Consequence, usual)
        disagree = reader.choice(node, "locations_disagree", Consequence, missing)
        return WhenUnknown(missing, disagree, reader.text(node, "because", ""))
    missing = reader.choice(root, "when_unknown", Consequence, usual)
    return WhenUnknown(missing, missing, "")


def _undecided(reader: FileReader, root: MappingNode) -> tuple[Undecided, ...]:
    items = reader.items(root, "undecided_when")
    ids = [node for item in items if (node := reader.scalar(item, "id")) is not None]
    reader.refuse_repeated(ids, "id")
    return tuple(
        Undecided(
            id=reader.text(item, "id"),
            cite=reader.text(item, "cite"),
            when=reader.required_condition(item, "when", Scope.COMMUNICATION),
            because=reader.text(item, "because"),
            span=first_line(item),
        )
        for item in items
    )


def _message_names(reader: FileReader, root: MappingNode) -> list[str]:
    """The counts and parameters that the message names in braces."""
    node = reader.scalar(root, "message")
    if node is None:
        return []
    known = {*reader.names.counts, *reader.names.parameters, *reader.names.broken}
    found: list[str] = []
    try:
        parts = list(Formatter().parse(node.text))
    except ValueError:
        reader.error(RuleShapeError, "a brace that is not closed or not opened; expected `{name}`", first_line(node))
        return []
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if name in known and not form and not conversion:
            found.append(name)
            continue
        at = node.text.find("{" + name)
        span = node.locate(at, at + len(name) + 2)
        near = closest(name, known)
        hint = f"did you mean `{{{near}}}`?" if near else None
        reader.error(UnknownNameError, f"no count or parameter is called `{name}`", span, hint)
    return found


def _check_whole(reader: FileReader, root: MappingNode, rule: Rule, definitions: DefinitionSet) -> None:
    """What the parts of a rule say together."""
    if not any(root.get(key) for key in ("violated_when", "deadline", "must_contain", "must_not_contain")):
        message = "nothing says when the rule is violated; expected `violated_when`, or a deadline or required content"
        reader.error(RuleShapeError, message, first_line(root))
    if rule.other_reading_of is not None and rule.effect is not Effect.ADVISES:
        span = rule.spans["other_reading_of"]
        reader.error(RuleShapeError, f"another reading only advises; found effect `{rule.effect.value}`", span)
    for key in ("other_reading_of", "replaces"):
        if root.get(key) is not None and reader.optional_text(root, key) == rule.id:
            reader.error(RuleShapeError, f"`{key}` names the rule itself", rule.spans[key])
    words = reader.words(root, "yields_to")
    reader.refuse_repeated(words, "rule")
    for word in words:
        if word.text == rule.id:
            reader.error(RuleShapeError, "`yields_to` names the rule itself", word.span)
    reader.refuse_repeated(reader.words(root, "binds"), "kind")
    if rule.replaces is not None and rule.in_force.start is None:
        message = "a rule that replaces another needs the first day on which it does; found `from: null`"
        reader.error(RuleDateError, message, rule.spans.get("in_force", rule.span))
    for file in definitions.files:
        if not lies_within(rule.jurisdiction, file.jurisdiction) and "jurisdiction" in rule.spans:
            message = f"a rule of `{rule.jurisdiction}` cannot lie under {file.name}, which is of `{file.jurisdiction}`"
            reader.error(RuleShapeError, message, rule.spans["jurisdiction"])


def lies_within(jurisdiction: str, other: str) -> bool:
    """Whether the other jurisdiction's definitions serve this one: the same, one above it, or the federal one."""
    return other in ("US", jurisdiction) or jurisdiction.startswith(other + "-")


def _check_covers(reader: FileReader, parameter: ParameterOf, in_force: InForce) -> None:
    """A dated parameter has a value on every day on which its rule is in force, where the first such day is known."""
    first, last = parameter.values[0].in_force.start, parameter.values[-1].in_force.end
    if in_force.start is not None and first is not None and first > in_force.start:
        message = f"the first value begins on {format_day(first)}; the rule is in force from {format_day(in_force.start)}"
        reader.error(RuleDateError, message, parameter.values[0].span)
    if last is not None and (in_force.end is None or in_force.end > last):
        until = "still" if in_force.end is None else f"until {format_day(in_force.end)}"
        message = f"the last value ends on {format_day(last)}; the rule is in force {until}"
        reader.error(RuleDateError, message, parameter.values[-1].span)
