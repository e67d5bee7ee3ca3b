"""How a mistake in a condition is worded: what a value is called, and what its author likely meant to write."""

from __future__ import annotations

from typing import Final

from fdcpa_guard.lang import core, syntax
from fdcpa_guard.lang.operators import ORDERED, TIMED
from fdcpa_guard.lang.resolve import Names
from fdcpa_guard.values import Kind, Type

NOUNS: Final[dict[Kind, str]] = {
    Kind.TRUTH: "true or false by itself",
    Kind.COUNT: "a count",
    Kind.NUMBER: "a whole number",
    Kind.MONEY: "an amount",
    Kind.TEXT: "a text",
    Kind.TEXTS: "a list of texts",
    Kind.NAME: "a name of a closed list",
    Kind.NAMES: "a list of names",
    Kind.INSTANT: "an instant",
    Kind.DAY: "a day",
    Kind.CLOCK_TIME: "a clock time",
    Kind.DURATION: "a span of time",
    Kind.MOMENT: "an entry or event",
}

# What an author likely meant, where an operator is right in sense and wrong for the kind of value.
_IN_TIME: Final = {
    "is more than": "is after", "is at least": "is on or after",
    "is less than": "is before", "is at most": "is on or before",
}  # fmt: skip
_IN_ORDER: Final = {of_time: of_order for of_order, of_time in _IN_TIME.items()}


def noun(type_: Type) -> str:
    """What a value of this type is called, with its clock where it is of one."""
    if type_.clock is not None:
        return f"{NOUNS[type_.kind]} by the {type_.clock.replace('_', ' ')} clock"
    return NOUNS[type_.kind]


def described(value: core.Value) -> str:
    """What a value of a condition is, in the words of a message."""
    if isinstance(value, core.Parameter):
        return f"a parameter that is {noun(value.type)}"
    if isinstance(value, core.BlockTruth | core.Definition):
        return "true or false by itself"
    return noun(value.type)


def other_operator(kind: Kind, words: str) -> str | None:
    """The operator that says of this kind of value what these words say of another."""
    better = _IN_TIME if kind in TIMED else _IN_ORDER if kind in ORDERED else {}
    return better.get(words)


def alone_hint(tree: syntax.Comparison) -> str | None:
    """How to write a comparison with `true` or `false` of what is true or false by itself."""
    if tree.words not in ("is", "is not") or not isinstance(tree.right, syntax.Name):
        return None
    if tree.right.text not in ("true", "false"):
        return None
    holds = (tree.words == "is") is (tree.right.text == "true")
    return f"write `{tree.left.text}`" if holds else f"write `not {tree.left.text}`"


def kind_hint(left: core.Value, right: core.Value, names: Names) -> str | None:
    """What the right side should be, where its own text says so."""
    if not isinstance(right, core.Literal):
        return time_hint(right, left.type.kind, names)
    if left.type.kind is Kind.MONEY and right.type.kind is Kind.NUMBER:
        return f"write an amount: `${right.value}.00`"
    if left.type.kind in (Kind.NAME, Kind.NAMES) and right.value in (left.type.names or ()):
        return f"write `{right.value}` without quotation marks"
    if left.type.kind in TIMED:
        return time_hint(left, right.type.kind, names)
    return None


def time_hint(value: core.Value, wanted: Kind, names: Names) -> str | None:
    """The fact of the same thing in another measure of time: `communication.day` of `communication.at`."""
    if isinstance(value, core.Moment):
        name, prefix = value.name, names.moments[value.name].value
    elif isinstance(value, core.MomentField):
        name, prefix = value.name, value.fact.partition(".")[0]
    elif isinstance(value, core.Fact):
        name = prefix = value.name.rpartition(".")[0]
    else:
        return None
    if value.type.kind not in (Kind.MOMENT, Kind.INSTANT, Kind.DAY, Kind.CLOCK_TIME):
        return None
    field = {Kind.DAY: "day", Kind.INSTANT: "at", Kind.CLOCK_TIME: "local_time"}.get(wanted)
    fact = names.vocabulary.facts.get(f"{prefix}.{field}")
    if fact is None or fact.type.kind is not wanted:
        return None
    return f"`{name}.{field}` is {NOUNS[wanted]}"
