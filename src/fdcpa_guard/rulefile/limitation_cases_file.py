"""Files of cases beside limitation periods: debts, and whether a suit on them comes too late on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from fdcpa_guard.errors import RuleError, RuleErrors, RuleShapeError
from fdcpa_guard.rulefile.documents import read_source
from fdcpa_guard.rulefile.limitation_shapes import LimitationCasesShape
from fdcpa_guard.rulefile.nodes import MappingNode, Node, ScalarNode, SequenceNode, Style, merge, to_python
from fdcpa_guard.rulefile.shape_errors import shape_errors
from fdcpa_guard.rulefile.strict_yaml import parse_yaml
from fdcpa_guard.source import SourceFile, Span
from fdcpa_guard.values import parse_day

DEBT: Final = "d1"
"""The id of a case's debt."""


@dataclass(frozen=True, slots=True)
class LimitationCase:
    name: str
    on: int
    scenario: MappingNode
    """The facts, in the shape of a scenario document, with the one debt."""
    expect: str
    unknown: tuple[str, ...] | None
    span: Span


@dataclass(frozen=True, slots=True)
class LimitationCases:
    jurisdiction: str
    cases: tuple[LimitationCase, ...]
    path: str
    span: Span


def load_limitation_cases(source: Path | SourceFile) -> LimitationCases:
    """The cases of a file, in its order.

    Raises:
        RuleErrors: every mistake in the file, save those in the facts of the cases.
    """
    file = source if isinstance(source, SourceFile) else read_source(source)
    root, errors = parse_yaml(file)
    if root is None:
        raise RuleErrors(errors)
    wrong: list[RuleError] = list(errors)
    try:
        LimitationCasesShape.model_validate(to_python(root))
    except ValidationError as error:
        wrong.extend(shape_errors(error, root, LimitationCasesShape))
    if wrong or not isinstance(root, MappingNode):
        raise RuleErrors(wrong)
    of, defaults, items = root.get("limitation_cases_of"), root.get("defaults"), root.get("cases")
    assert isinstance(of, ScalarNode)  # the shape has been checked
    assert isinstance(items, SequenceNode)
    cases: list[LimitationCase] = []
    names: set[str] = set()
    for item in items.items:
        assert isinstance(item, MappingNode)
        case = _case(item, merge(defaults, item) if isinstance(defaults, MappingNode) else item, of.text)
        if case.name in names:
            wrong.append(RuleShapeError(f"the case `{case.name}` is given twice", case.span))
        names.add(case.name)
        cases.append(case)
    if wrong:
        raise RuleErrors(wrong)
    return LimitationCases(of.text, tuple(cases), file.name, of.span)


def _case(item: MappingNode, merged: MappingNode, jurisdiction: str) -> LimitationCase:
    name, on, expect = (merged.get(key) for key in ("case", "on", "expect"))
    assert isinstance(name, ScalarNode)
    assert isinstance(on, ScalarNode)
    assert isinstance(expect, ScalarNode)
    day = parse_day(on.text)
    assert day is not None
    unknown = merged.get("unknown")
    debt = merged.get("debt")
    under = debt if isinstance(debt, MappingNode) else MappingNode(item.source, item.start, item.start, (), True)
    stated = {"id": DEBT} if under.get("governing_law") else {"id": DEBT, "governing_law": jurisdiction}
    whole = replace(under, items=(*((_made(key, name), _made(value, name)) for key, value in stated.items()), *under.items))
    debts = SequenceNode(whole.source, whole.start, whole.end, (whole,), True)
    kept: list[tuple[ScalarNode, Node]] = [
        (key, value) for key, value in merged.items if key.text in ("collector", "consumer", "events")
    ]
    return LimitationCase(
        name=name.text,
        on=day,
        scenario=replace(item, items=(*kept, (_made("debts", merged.key("debt") or name), debts))),
        expect=expect.text,
        unknown=tuple(each.text for each in unknown.items if isinstance(each, ScalarNode))
        if isinstance(unknown, SequenceNode)
        else None,
        span=name.span,
    )


def _made(text: str, at: ScalarNode) -> ScalarNode:
    """A word that the file does not have, standing where another does."""
    return ScalarNode(at.source, at.start, at.end, text, text, Style.PLAIN)
