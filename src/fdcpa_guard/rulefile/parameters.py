"""Reads `parameters`: what kind of constant each is, and its value on each day."""

from __future__ import annotations

import re
from datetime import date

from fdcpa_guard.errors import RuleDateError, RuleError, RuleShapeError, TypeMismatchError
from fdcpa_guard.rulefile.model import DatedValue, InForce, ParameterOf
from fdcpa_guard.rulefile.nodes import MappingNode, Node, ScalarNode, Style, first_line
from fdcpa_guard.rulefile.reading import FileReader
from fdcpa_guard.source import Span
from fdcpa_guard.values import (
    Duration,
    Kind,
    Type,
    Unit,
    format_day,
    parse_clock_time,
    parse_day,
    parse_money,
)

_NUMERIC = re.compile(r"[-+]?[\d,]*\.?\d+%?")
Constant = int | str | Duration

# Text that was surely meant as another kind. Taken for text it would make a comparison fail far from the mistake.
_NEARLY = (
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}"), "a date such as `2021-11-30`"),
    (re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{4}"), "a date such as `2021-11-30`"),
    (re.compile(r"\d{1,2}:\d{2}\b.*|\d{1,2}\s*[ap]\.?m\.?", re.IGNORECASE), "a clock time such as `8:00 a.m.`"),
    (re.compile(r"\$.*|[\d,.]+\s*(dollars|usd)", re.IGNORECASE), "an amount such as `$25.00`"),
    (re.compile(r"\d+[\s-]+(\w+\s+)?(day|hour|minute|month|year|week)\w*", re.IGNORECASE), "a span such as `7 consecutive days`"),
)  # fmt: skip


def read_parameters(reader: FileReader, root: MappingNode) -> dict[str, ParameterOf]:
    """The parameters of a file. Their kinds are entered among the names."""
    found: dict[str, ParameterOf] = {}
    for name, node in reader.named(root, "parameters"):
        parameter = _parameter(reader, name, node)
        if parameter is None:
            reader.names.broken.add(name)
        else:
            reader.names.parameters[name] = parameter.type
            found[name] = parameter
    return found


def _parameter(reader: FileReader, name: str, node: MappingNode) -> ParameterOf | None:
    single, several = node.key("value"), node.key("values")
    if single is not None and several is not None:
        reader.error(RuleShapeError, "both `value` and `values`; expected one of them", several.span)
        return None
    if single is None and several is None:
        reader.error(RuleShapeError, f"the parameter `{name}` has neither `value` nor `values`", first_line(node))
        return None
    kind: Kind
    values: tuple[DatedValue, ...]
    if single is not None:
        value = node.get("value")
        constant = None if value is None else _constant(reader, value)
        if constant is None or value is None:
            return None
        kind, values = constant[1], (DatedValue(constant[0], InForce(None, None), value.span),)
    else:
        dated = _dated_values(reader, node)
        if dated is None:
            return None
        kind, values = dated
    return ParameterOf(name, Type(kind), reader.text(node, "cite"), values, reader.optional_text(node, "stricter"))


def _constant(reader: FileReader, node: Node) -> tuple[Constant, Kind] | None:
    if not isinstance(node, ScalarNode) or isinstance(node.value, bool) or node.value is None:
        return None
    if isinstance(node.value, int):
        return node.value, Kind.NUMBER
    text = node.value.strip()
    clock_time = parse_clock_time(text)
    if clock_time is not None:
        return clock_time, Kind.CLOCK_TIME
    day = parse_day(text)
    if day is not None:
        return day, Kind.DAY
    duration = Duration.parse(text)
    if duration is not None:
        return duration, Kind.DURATION
    cents = parse_money(text) if text.startswith("$") else None
    if cents is not None:
        return cents, Kind.MONEY
    for pattern, expected in _NEARLY:
        if pattern.fullmatch(text):
            reader.error(RuleShapeError, f"found `{text}`; expected {expected}", node.span)
            return None
    if node.style is Style.PLAIN and _NUMERIC.fullmatch(text):
        expected = "a whole number without leading zero, an amount such as `$25.00`, or text in quotes"
        reader.error(RuleShapeError, f"found `{text}`; expected {expected}", node.span)
        return None
    return node.value, Kind.TEXT


def _dated_values(reader: FileReader, node: MappingNode) -> tuple[Kind, tuple[DatedValue, ...]] | None:
    kind: Kind | None = None
    values: list[DatedValue] = []
    for item in reader.items(node, "values"):
        value = item.get("value")
        constant = None if value is None else _constant(reader, value)
        if constant is None or value is None:
            return None
        if kind is None:
            kind = constant[1]
        elif constant[1] is not kind:
            message = f"found a {_words(constant[1])}; expected a {_words(kind)}, as the first value is"
            reader.error(TypeMismatchError, message, value.span)
            return None
        in_force = InForce(reader.day(item, "from"), reader.day(item, "until"))
        values.append(DatedValue(constant[0], in_force, item.span))
    errors = date_errors(values)
    reader.errors.extend(errors)
    return None if kind is None or errors else (kind, tuple(values))


def date_errors(values: list[DatedValue]) -> list[RuleError]:
    """Gaps, overlaps and days that run backwards in values that should follow each other."""
    errors: list[RuleError] = []
    for index, value in enumerate(values):
        start, end = value.in_force.start, value.in_force.end
        if start is not None and end is not None and end < start:
            errors.append(backwards(start, end, value.span))
        if index == 0:
            continue
        before = values[index - 1].in_force.end
        span = value.span
        if before is None:
            errors.append(RuleDateError("the value before this one has no `until`, so the two overlap", span))
        elif start is None:
            message = f"`from` is missing; the value before this one ends on {format_day(before)}"
            errors.append(RuleDateError(message, span))
        elif start != before + 1:
            what = "overlaps the value before it" if start <= before else "leaves a gap after the value before it"
            message = f"`from` {what}, which ends on {format_day(before)}; expected {_day_after(before)}"
            errors.append(RuleDateError(message, span))
    return errors


def backwards(start: int, end: int, span: Span) -> RuleDateError:
    return RuleDateError(f"`until` {format_day(end)} is before `from` {format_day(start)}", span)


def _day_after(day: int) -> str:
    return f"`{date.fromordinal(day + 1).isoformat()}`"


def _words(kind: Kind) -> str:
    return kind.value.replace("_", " ")


def units_of(parameters: dict[str, ParameterOf]) -> dict[str, frozenset[Unit]]:
    """The units of each parameter that is a duration."""
    return {
        name: frozenset(dated.value.unit for dated in parameter.values if isinstance(dated.value, Duration))
        for name, parameter in parameters.items()
        if parameter.type.kind is Kind.DURATION
    }
