"""Files of cases: scenarios with what a rule must answer to each.

The scenario of a case is a tree with the defaults merged under it; every part of it keeps its place in the file, so
that whoever validates it can show a mistake where it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from fdcpa_guard.errors import RuleError, RuleErrors, RuleShapeError
from fdcpa_guard.rulefile.documents import CASES_SUFFIX, read_source
from fdcpa_guard.rulefile.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    first_line,
    merge,
    to_python,
    without,
)
from fdcpa_guard.rulefile.schema import CaseExpectShape, CasesShape
from fdcpa_guard.rulefile.shape_errors import shape_errors
from fdcpa_guard.rulefile.strict_yaml import parse_yaml
from fdcpa_guard.source import SourceFile, Span
from fdcpa_guard.values import Range

_RULE_LEVEL: Final = ("verdict", "counts", "exempt_by", "unknown", "clears_at", "items")
_RANGE: Final = re.compile(r"(\d+)\.\.(\d*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class RuleCase:
    """A case: a scenario, and what its rule must answer. What is None is not stated."""

    name: str
    scenario: MappingNode
    """In the shape of a scenario document; its `expect` has what concerns the decision under all rules."""
    span: Span
    verdict: str | None = None
    counts: dict[str, Range] | None = None
    exempt_by: str | None = None
    unknown: tuple[str, ...] | None = None
    clears_at: datetime | None = None
    items: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    rule: str
    cases: tuple[RuleCase, ...]
    path: str
    span: Span


def cases_path(rule_path: Path) -> Path:
    """Where the cases of a rule file lie."""
    return rule_path.with_name(rule_path.name.removesuffix(rule_path.suffix) + CASES_SUFFIX)


def load_cases(source: Path | SourceFile) -> CaseFile:
    """The cases of a file, in its order.

    Raises:
        RuleErrors: every mistake in the file, save those in the scenarios' own facts.
    """
    file = source if isinstance(source, SourceFile) else read_source(source)
    root, yaml_errors = parse_yaml(file)
    if root is None:
        raise RuleErrors(yaml_errors)
    errors: list[RuleError] = list(yaml_errors)
    try:
        CasesShape.model_validate(to_python(root))
    except ValidationError as error:
        errors.extend(shape_errors(error, root, CasesShape))
    cases: list[RuleCase] = []
    rule = root.get("cases_of") if isinstance(root, MappingNode) else None
    if isinstance(root, MappingNode):
        cases = _cases(root, errors)
    if errors or not isinstance(rule, ScalarNode):
        # What is wrong with the defaults is met again in each case.
        raise RuleErrors({str(error): error for error in errors}.values())
    return CaseFile(rule.text, tuple(cases), file.name, rule.span)


def _cases(root: MappingNode, errors: list[RuleError]) -> list[RuleCase]:
    defaults, items = root.get("defaults"), root.get("cases")
    cases: list[RuleCase] = []
    names: set[str] = set()
    for item in items.items if isinstance(items, SequenceNode) else ():
        if not isinstance(item, MappingNode):
            continue
        case = _case(item, defaults if isinstance(defaults, MappingNode) else None, errors)
        name = item.get("case")
        if isinstance(name, ScalarNode):
            if name.text in names:
                errors.append(RuleShapeError(f"the case `{name.text}` is given twice", name.span))
            names.add(name.text)
        if case is not None:
            cases.append(case)
    return cases


def _case(item: MappingNode, defaults: MappingNode | None, errors: list[RuleError]) -> RuleCase | None:
    merged = item if defaults is None else merge(defaults, item)
    name = item.get("case")
    span = name.span if name is not None else first_line(item)
    expect = merged.get("expect")
    if not isinstance(expect, MappingNode) or not expect.items:
        errors.append(RuleShapeError("the case states nothing to expect", span))
        return None
    counts = _counts(expect, errors)
    clears_at = _instant(expect.get("clears_at"), errors)
    try:
        stated = CaseExpectShape.model_validate(to_python(expect))
    except ValidationError as error:
        errors.extend(shape_errors(error, expect, CaseExpectShape))
        return None
    scenario = without(merged, "case", "expect")
    decided = without(expect, *_RULE_LEVEL)
    if decided.items:
        key = merged.key("expect")
        if key is not None:
            scenario = MappingNode(
                scenario.source, scenario.start, scenario.end, (*scenario.items, (key, decided)), scenario.flow
            )
    return RuleCase(
        name=name.text if isinstance(name, ScalarNode) else "",
        scenario=scenario,
        span=span,
        verdict=stated.verdict,
        counts=counts,
        exempt_by=stated.exempt_by,
        unknown=None if stated.unknown is None else tuple(stated.unknown),
        clears_at=clears_at,
        items=None if stated.items is None else tuple(stated.items),
    )


def _counts(expect: MappingNode, errors: list[RuleError]) -> dict[str, Range] | None:
    node = expect.get("counts")
    if not isinstance(node, MappingNode):
        return None
    counts: dict[str, Range] = {}
    for key, value in node.items:
        found = _range(value)
        if found is None:
            message = "expected a number that is not negative, or a range such as `7..8` or `7..`"
            errors.append(RuleShapeError(message, value.span))
        else:
            counts[key.text] = found
    return counts


def _range(node: Node) -> Range | None:
    if not isinstance(node, ScalarNode):
        return None
    if isinstance(node.value, int):
        return Range(node.value, node.value) if node.value >= 0 else None
    match = _RANGE.fullmatch(node.text)
    if match is None or (match[2] and int(match[2]) < int(match[1])):
        return None
    return Range(int(match[1]), int(match[2]) if match[2] else None)


def _instant(node: Node | None, errors: list[RuleError]) -> datetime | None:
    if not isinstance(node, ScalarNode) or node.value is None:
        return None
    try:
        instant = datetime.fromisoformat(node.text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        message = f"found `{node.text}`; expected an instant with an offset, such as `2022-04-06T10:00:00-05:00`"
        errors.append(RuleShapeError(message, node.span))
        return None
    return instant
