"""Pydantic's complaints about a document in this project's words, each at the place in the file that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from fdcpa_guard.errors import RuleShapeError
from fdcpa_guard.rulefile.nodes import MappingNode, Node, ScalarNode, SequenceNode, describe, first_line
from fdcpa_guard.source import Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document an error stands. `key` is set where it is about a key of the mapping `node`."""

    node: Node
    path: tuple[str | int, ...]
    key: str | None

    def span(self) -> Span:
        if self.key is not None and isinstance(self.node, MappingNode):
            named = self.node.key(self.key)
            if named is not None:
                return named.span
        return first_line(self.node)


def place_of(root: Node, location: Sequence[str | int]) -> Place:
    """Follows pydantic's location into the document.

    Steps that are no key or index there are labels of the alternatives that pydantic tried, and are passed over.
    """
    node: Node = root
    path: list[str | int] = []
    key: str | None = None
    for index, step in enumerate(location):
        key = None
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            path.append(step)
        elif isinstance(node, MappingNode) and isinstance(step, str):
            value = node.get(step)
            if value is not None:
                node = value
                path.append(step)
            elif index == len(location) - 1 and step != "[key]":
                key = step
    return Place(node, tuple(path), key)


def shape_errors(error: ValidationError, root: Node, shape: type[BaseModel] | None = None) -> list[RuleShapeError]:
    """One error for each place that is wrong, in file order.

    `shape` is the model that refused the document: from it, an unknown key gets the hint of a known one.
    """
    groups: dict[tuple[tuple[str | int, ...], str | None], list[tuple[Place, ErrorDetails]]] = {}
    for detail in error.errors(include_url=False):
        place = place_of(root, detail["loc"])
        if place.key is None and isinstance(place.node, ScalarNode) and place.node.start == place.node.end:
            continue  # A key without a value: told already, where the document was read.
        about_key = detail["type"] == "extra_forbidden" or detail["loc"][-1:] == ("[key]",)
        if about_key and place.path and isinstance(place.path[-1], str):
            parent = place_of(root, place.path[:-1]).node
            place = Place(parent, place.path[:-1], place.path[-1])
        groups.setdefault((place.path, place.key), []).append((place, detail))
    errors = [
        _error(found[0][0], [detail for _, detail in found], shape) for found in _without_other_shapes(groups)
    ]
    return sorted(errors, key=lambda each: each.span.start if each.span else 0)


def _without_other_shapes(
    groups: dict[tuple[tuple[str | int, ...], str | None], list[tuple[Place, ErrorDetails]]],
) -> Iterable[list[tuple[Place, ErrorDetails]]]:
    """Leaves out `expected a list` about a value, where another alternative found the mistake inside of it."""
    for (path, key), found in groups.items():
        if key is None and all(detail["type"] in _KINDS for _, detail in found):
            inside = any(
                (other[: len(path)] == path and len(other) > len(path)) or (other == path and other_key is not None)
                for other, other_key in groups
            )
            if inside:
                continue
        yield found


_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "`true` or `false`",
    "bool_parsing": "`true` or `false`",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "an amount",
    "decimal_parsing": "an amount such as `1200.00`",
    "decimal_max_places": "an amount with at most two decimal places",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys",
    "model_type": "a mapping of keys",
    "model_attributes_type": "a mapping of keys",
    "date_type": "a date such as `2021-11-30`",
    "date_parsing": "a date such as `2021-11-30`",
    "date_from_datetime_parsing": "a date such as `2021-11-30`",
    "date_from_datetime_inexact": "a date such as `2021-11-30`",
    "datetime_type": "an instant with an offset, such as `2022-04-06T10:00:00-05:00`",
    "datetime_parsing": "an instant with an offset, such as `2022-04-06T10:00:00-05:00`",
    "datetime_from_date_parsing": "an instant with an offset, such as `2022-04-06T10:00:00-05:00`",
    "timezone_aware": "an instant with an offset, such as `2022-04-06T10:00:00-05:00`",
    "none_required": "`null`",
}


def _error(place: Place, details: Sequence[ErrorDetails], shape: type[BaseModel] | None) -> RuleShapeError:
    if place.key is not None:
        kinds = {detail["type"] for detail in details}
        if "missing" in kinds:
            return RuleShapeError(f"`{place.key}` is missing", place.span())
        if "extra_forbidden" in kinds:
            keys = [] if shape is None else keys_below(shape, place.path)
            given = set(place.node.keys()) if isinstance(place.node, MappingNode) else set()
            near = did_you_mean(place.key, [key for key in keys if key not in given])
            return RuleShapeError(f"the key `{place.key}` is unknown here", place.span(), near)
        wanted = " or ".join(dict.fromkeys(_expected(detail) for detail in details))
        return RuleShapeError(f"found the name `{place.key}`; expected {wanted}", place.span())
    expected: list[str] = []
    for detail in details:
        text = _expected(detail)
        if text not in expected:
            expected.append(text)
    wanted = " or ".join(expected)
    hint = None
    node = place.node
    if isinstance(node, ScalarNode):
        if "text" in expected and type(node.value) is int:
            hint = f'put it in quotes: `"{node.text}"`'
        else:
            hint = _did_you_mean(node.text, details)
    return RuleShapeError(f"found {describe(node)}; expected {wanted}", place.span(), hint)


def _expected(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind in _KINDS:
        return _KINDS[kind]
    context = detail.get("ctx", {})
    if kind in ("literal_error", "enum"):
        return one_of(choices(detail))
    if kind in ("too_short", "string_too_short"):
        least = context.get("min_length")
        what = "character" if kind.startswith("string") else "item"
        return f"at least {least} {what}{'' if least == 1 else 's'}"
    if kind == "value_error":
        message = str(context.get("error", detail["msg"]))
        return message.removeprefix("expected ")
    if kind == "string_pattern_mismatch":
        return f"text of the form `{context.get('pattern')}`"
    message = detail["msg"]
    return message[0].lower() + message[1:]


def choices(detail: ErrorDetails) -> list[str]:
    """The closed list in pydantic's `'a', 'b' or 'c'`."""
    text = str(detail.get("ctx", {}).get("expected", ""))
    return text.split("'")[1::2]


_MOST_NAMES = 12


def one_of(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > _MOST_NAMES:
        return f"one of {len(quoted)} names, such as {', '.join(quoted[:3])}"
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]


def _did_you_mean(text: str, details: Sequence[ErrorDetails]) -> str | None:
    names = [name for detail in details if detail["type"] in ("literal_error", "enum") for name in choices(detail)]
    return did_you_mean(text, names)


def did_you_mean(text: str, names: Iterable[str]) -> str | None:
    """A hint, where one of the names is nearly what was written."""
    for attempt in (text, text.lower().replace("-", "_").replace(" ", "_")):
        close = get_close_matches(attempt, list(names), n=1, cutoff=0.75)
        if close and close[0] != text:
            return f"did you mean `{close[0]}`?"
    return None


def keys_below(shape: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that a mapping at a path of a document of that shape may have."""
    reached: list[object] = [shape]
    for step in path:
        reached = [below for each in reached for below in _below(each, step)]
    return [
        field.alias or name
        for each in reached
        if isinstance(each, type) and issubclass(each, BaseModel)
        for name, field in each.model_fields.items()
    ]


def _below(annotation: object, step: str | int) -> Iterable[object]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if (field.alias or name) == step:
                yield from _alternatives(field.annotation)
    arguments = get_args(annotation)
    if arguments and get_origin(annotation) in (list, tuple, dict):
        yield from _alternatives(arguments[1] if get_origin(annotation) is dict else arguments[0])


def _alternatives(annotation: object) -> Iterable[object]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin is Union or origin is UnionType:
        for each in get_args(annotation):
            yield from _alternatives(each)
    else:
        yield annotation
