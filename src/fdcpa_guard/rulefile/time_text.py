"""Reads spans of time and windows: `7 consecutive days`, the name of a parameter, `{length, kind, days, this_one}`."""

from __future__ import annotations

from fdcpa_guard.errors import RuleShapeError, TypeMismatchError, UnknownNameError
from fdcpa_guard.rulefile.model import CalendarUnit, Window, WindowKind
from fdcpa_guard.rulefile.nodes import MappingNode, ScalarNode, first_line
from fdcpa_guard.rulefile.reading import FileReader
from fdcpa_guard.rulefile.schema import is_name
from fdcpa_guard.rulefile.shape_errors import one_of
from fdcpa_guard.values import Duration, Kind, Unit
from fdcpa_guard.vocabulary import closest

UNREAD = Duration(1, Unit.CONSECUTIVE_DAYS)
"""Stands in for a span that is wrong, in a file that is refused."""

_SPANS = "a span such as `7 consecutive days`, `30 calendar days`, `10 business days`, `24 hours` or `2 months`"


def read_span(reader: FileReader, mapping: MappingNode, key: str) -> Duration | str | None:
    """The span at a key, or the name of the parameter that holds it; None where the key is left out."""
    node = reader.scalar(mapping, key)
    return None if node is None else _span(reader, node)


def required_span(reader: FileReader, mapping: MappingNode, key: str) -> Duration | str:
    """The span at a key that must be there. Where it is missing or wrong, one that stands in for it."""
    reader.text(mapping, key)
    return read_span(reader, mapping, key) or UNREAD


def _span(reader: FileReader, node: ScalarNode) -> Duration | str:
    duration = Duration.parse(node.text)
    if duration is not None:
        if duration.length < 1:
            reader.error(RuleShapeError, f"the span `{node.text}` is empty; expected at least 1", node.span)
        return duration
    parameters = reader.names.parameters
    if node.text in parameters:
        kind = parameters[node.text].kind
        if kind is not Kind.DURATION:
            found = kind.value.replace("_", " ")
            message = f"the parameter `{node.text}` is a {found}; expected a duration, such as `7 consecutive days`"
            reader.error(TypeMismatchError, message, node.span)
        return node.text
    if node.text in reader.names.broken:
        return node.text
    if is_name(node.text):
        near = closest(node.text, [name for name, of in parameters.items() if of.kind is Kind.DURATION])
        hint = f"did you mean `{near}`?" if near else None
        reader.error(UnknownNameError, f"no parameter is called `{node.text}`; expected one, or {_SPANS}", node.span, hint)
    else:
        reader.error(RuleShapeError, f"found `{node.text}`; expected {_SPANS}, or the name of a parameter", node.span)
    return UNREAD


def lifetime(reader: FileReader, mapping: MappingNode) -> Window:
    """The window of a `latest` or `earliest` that names none."""
    return Window(WindowKind.LIFETIME, None, "consumer_local", False, False, "sunday", mapping.span)


def read_window(reader: FileReader, mapping: MappingNode, units: dict[str, frozenset[Unit]]) -> Window:
    """A window. `units` has, for each duration parameter, the units of its values."""
    kind = reader.choice(mapping, "kind", WindowKind)
    length = _length(reader, mapping, kind)
    used = units.get(length, frozenset()) if isinstance(length, str) else frozenset()
    if Unit.CONSECUTIVE_DAYS in used and len(used) > 1:
        message = f"the values of `{length}` are {one_of(sorted(unit.value for unit in used))}; expected one unit"
        node = mapping.get("length")
        reader.error(TypeMismatchError, message, (node or mapping).span)
    if isinstance(length, Duration):
        used = frozenset({length.unit})
    calendar = isinstance(length, CalendarUnit) and length in (CalendarUnit.WEEK, CalendarUnit.BUSINESS_WEEK)
    week = mapping.key("week_starts")
    if week is not None and not calendar:
        reader.error(RuleShapeError, "`week_starts` has no meaning in a window that is no calendar week", week.span)
    return Window(
        kind=kind,
        length=length,
        clock=reader.text(mapping, "days", "consumer_local"),
        this_one=reader.text(mapping, "this_one", "excluded") == "included",
        first_day_counts=Unit.CONSECUTIVE_DAYS in used,
        week_starts=reader.text(mapping, "week_starts", "sunday"),
        span=mapping.span,
    )


def _length(reader: FileReader, mapping: MappingNode, kind: WindowKind) -> Duration | CalendarUnit | str | None:
    node = reader.scalar(mapping, "length")
    if kind is WindowKind.LIFETIME:
        if node is not None:
            reader.error(RuleShapeError, "a lifetime window has no `length`", node.span)
        return None
    if node is None:
        if mapping.get("kind") is not None:
            reader.error(RuleShapeError, f"a {kind.value} window needs a `length`", first_line(mapping))
        return UNREAD
    units = {unit.value: unit for unit in CalendarUnit}
    if kind is WindowKind.ROLLING:
        if node.text in units:
            message = f"found `{node.text}`, which is a length of a calendar window; expected {_SPANS}"
            reader.error(RuleShapeError, message, node.span)
            return UNREAD
        return _span(reader, node)
    unit = units.get(node.text)
    if unit is None:
        near = closest(node.text, units)
        hint = f"did you mean `{near}`?" if near else None
        reader.error(RuleShapeError, f"found `{node.text}`; expected {one_of(list(units))}", node.span, hint)
        return CalendarUnit.DAY
    return unit
