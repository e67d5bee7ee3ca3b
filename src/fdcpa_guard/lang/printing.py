"""The typed tree of a condition as condition text, and as English for the review sheet.

Condition text is canonical: parsing it gives the same tree again. English is made, never read: nothing parses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, assert_never

from fdcpa_guard.lang import core
from fdcpa_guard.lang.operators import BY_WORDS, Operator
from fdcpa_guard.values import Duration, Kind, format_clock_time, format_day, format_money

if TYPE_CHECKING:
    from fdcpa_guard.vocabulary import FactEntry, Vocabulary

__all__ = ["Term", "constant_text", "describe_value", "to_english", "to_text"]


@dataclass(frozen=True, slots=True)
class Term:
    """How a block or definition is spoken of where a glossary explains it: as a thing, said to hold, and denied."""

    noun: str
    holds: str
    fails: str


_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_NO_TERMS: Final[Mapping[str, Term]] = MappingProxyType({})


def constant_text(value: int | str | Duration, kind: Kind) -> str:
    """A constant as a condition writes it: `7`, `$25.00`, `8:00 a.m.`, `2021-11-30`, `7 consecutive days`, `"words"`."""
    if isinstance(value, Duration):
        return str(value)
    if isinstance(value, str):
        if kind is Kind.NAME:
            return value
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    match kind:
        case Kind.MONEY:
            return format_money(value)
        case Kind.DAY:
            return format_day(value)
        case Kind.CLOCK_TIME:
            return format_clock_time(value)
        case _:
            return str(value)


# -- condition text ----------------------------------------------------------------------------------------------------


def to_text(condition: core.Condition) -> str:
    """The condition on one line, in the words of the rule language."""
    match condition:
        case core.AllOf(parts):
            return " and ".join(_clause(part) for part in parts)
        case core.AnyOf(parts):
            return " or ".join(_clause(part) for part in parts)
        case core.Not(part):
            return f"not {_clause(part)}"
        case core.Compare(operator, left, right):
            if _says_unknown(right):
                # `is unknown` asks whether anybody said; the name `unknown` can only be meant in a list.
                return f"{'not ' if operator.words == 'is not' else ''}{_text(left)} in [unknown]"
            return f"{_text(left)} {operator.words} {_text(right)}"
        case core.OneOf(value, names):
            return f"{_text(value)} in [{', '.join(_text(name) for name in names)}]"
        case core.Contains(value, item):
            return f"{_text(value)} contains {_text(item)}"
        case core.Is(value, presence):
            if presence is core.Presence.UNKNOWN and "unknown" in (value.type.names or ()):
                return f"not {_text(value)} is known"
            return f"{_text(value)} is {presence.value}"
        case core.Within(value, duration, after, anchor):
            direction = "after" if after else "before"
            return f"{_text(value)} is within {_text(duration)} {direction} {_text(anchor)}"
        case core.Holds(value):
            return _text(value)
        case _:
            assert_never(condition)


def _clause(condition: core.Condition) -> str:
    text = to_text(condition)
    return f"({text})" if isinstance(condition, core.AllOf | core.AnyOf) else text


def _text(value: core.Value) -> str:
    match value:
        case core.Literal(constant, type_):
            return constant_text(constant, type_.kind)
        case core.MomentField(name, fact):
            return f"{name}.{fact.partition('.')[2]}"
        case (
            core.Fact(name)
            | core.Parameter(name)
            | core.CountOf(name)
            | core.Moment(name)
            | core.BlockTruth(name)
            | core.Definition(name)
        ):
            return name
        case _:
            assert_never(value)


def _says_unknown(value: core.Value) -> bool:
    return isinstance(value, core.Literal) and value.type.kind is Kind.NAME and value.value == "unknown"


# -- English -----------------------------------------------------------------------------------------------------------


def to_english(
    condition: core.Condition,
    vocabulary: Vocabulary,
    parameters: Mapping[str, str] = _NONE,
    definitions: Mapping[str, str] = _NONE,
    terms: Mapping[str, Term] = _NO_TERMS,
) -> str:
    """The condition as a sentence, or as a list of sentences, one to a line, under `all of:` and `any of:`.

    `parameters` has the value to show for each parameter, `definitions` what to say for each shared condition, `terms`
    how to speak of blocks and shared conditions that are explained elsewhere; a name that they lack is shown as itself,
    in words.
    """
    return "\n".join(_English(vocabulary, parameters, definitions, terms).lines(condition))


def describe_value(
    value: core.Value,
    vocabulary: Vocabulary,
    parameters: Mapping[str, str] = _NONE,
    definitions: Mapping[str, str] = _NONE,
    terms: Mapping[str, Term] = _NO_TERMS,
) -> str:
    """A value in English: `the outcome`, `7 (limit)`, `the number of counted calls`, `the last dispute's day`."""
    return _English(vocabulary, parameters, definitions, terms).value(value)


_VERB: Final = re.compile(r"\b(is|are|was|were|could|can|may|must|asks|came|falls|has|led|names|shows)\b")
_SUBORDINATE: Final = re.compile(r"\b(that|which|who|where|what|whether)\b")

_MANY: Final = re.compile(
    r"(?:the |(?:the |\*)[^,]*'s )(?:claims|credits|days|elements|fees|languages|notices|payments|seconds|threats)\b"
)
"""Values of which there are many; every other noun of the vocabulary is one thing."""
_WEEKDAYS: Final = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})

_ENDS_IN_A_VERB: Final = re.compile(r"\b(is|be|shows)$")


class _English:
    def __init__(
        self,
        vocabulary: Vocabulary,
        parameters: Mapping[str, str],
        definitions: Mapping[str, str],
        terms: Mapping[str, Term],
    ) -> None:
        self.facts = vocabulary.facts
        self.parameters = parameters
        self.definitions = definitions
        self.terms = terms

    def name(self, name: str) -> str:
        term = self.terms.get(name)
        return _words(name) if term is None else term.noun

    def lines(self, node: core.Condition) -> list[str]:
        match node:
            case core.AllOf(parts):
                return self.listed("all of:", parts)
            case core.AnyOf(parts):
                return self.listed("any of:", parts)
            case core.Not(part):
                match part:
                    case core.AllOf(parts):
                        return self.listed("not all of:", parts)
                    case core.AnyOf(parts):
                        return self.listed("none of:", parts)
                    case core.Not(inner):
                        return self.lines(inner)
                    case _:
                        return [self.denied(part)]
            case _:
                return [self.sentence(node)]

    def listed(self, head: str, parts: tuple[core.Condition, ...]) -> list[str]:
        made = [head]
        for part in parts:
            first, *rest = self.lines(part)
            made.append(f"  - {first}")
            made.extend(f"    {line}" for line in rest)
        return made

    def sentence(self, test: core.Test) -> str:
        match test:
            case core.Compare(operator, left, right):
                return self.compared(operator, left, right)
            case core.OneOf(value, names):
                return self.said_of(value, f"is {_either([self.value(name) for name in names])}")
            case core.Contains(value, item):
                verb = "includes" if value.type.kind is Kind.NAMES else "contains"
                return self.said_of(value, f"{verb} {self.value(item)}")
            case core.Is(value, presence):
                return self.found(value, presence)
            case core.Within(value, duration, after, anchor):
                direction = "after" if after else "before"
                return self.said_of(value, f"is within {self.value(duration)} {direction} {self.value(anchor)}")
            case core.Holds(value):
                return self.value(value)
            case _:
                assert_never(test)

    def denied(self, test: core.Test) -> str:
        """The test's contrary, where English has a plain one.

        A test on a field of an entry that does not exist is false, and so is the test with the contrary operator:
        of those only the whole is denied.
        """
        if not any(isinstance(value, core.MomentField) for value in _sides(test)):
            match test:
                case core.Compare(operator, left, right):
                    return self.compared(BY_WORDS[operator.negated], left, right)
                case core.OneOf(value, names):
                    return self.said_of(value, f"is none of {', '.join(self.value(name) for name in names)}")
                case core.Contains(value, item):
                    verb = "include" if value.type.kind is Kind.NAMES else "contain"
                    return self.said_of(value, f"does not {verb} {self.value(item)}")
                case core.Is(value, presence):
                    return self.found(value, _CONTRARY[presence])
                case core.Within(value, duration, after, anchor):
                    direction = "after" if after else "before"
                    return self.said_of(value, f"is not within {self.value(duration)} {direction} {self.value(anchor)}")
                case core.Holds(core.BlockTruth(name) | core.Definition(name)) if name in self.terms:
                    return self.terms[name].fails
                case core.Holds(core.Fact() as value):
                    negated = _negate(self.value(value))
                    if negated is not None:
                        return negated
                case _:
                    pass
        return f"it is not so that {self.sentence(test)}"

    def compared(self, operator: Operator, left: core.Value, right: core.Value) -> str:
        return self.said_of(left, operator.phrase.removeprefix("{0} ").format(None, self.value(right)))

    def found(self, value: core.Value, presence: core.Presence) -> str:
        said = self.value(value)
        if isinstance(value, core.Moment):
            words = self.name(value.name)
            if presence in (core.Presence.ABSENT, core.Presence.UNKNOWN):
                return f"there is no {words}"
            return f"there is {'an' if value.name[0] in 'aeiou' else 'a'} {words}"
        if value.type.kind is Kind.TRUTH:
            how = {
                core.Presence.KNOWN: "it is known whether",
                core.Presence.UNKNOWN: "it is unknown whether",
                core.Presence.PRESENT: "it is stated whether",
                core.Presence.ABSENT: "it is not stated whether",
            }[presence]
            # `in the entry, a message could be left`: set apart, so that it does not read as a part of `whether`.
            return f"{how}, {said}" if said.startswith("in the entry,") else f"{how} {said}"
        return self.said_of(value, f"is {presence.value}")

    def said_of(self, value: core.Value, predicate: str) -> str:
        """The value and what is said of it; the verb, which comes first there, agrees with the value's noun."""
        subject = self.subject(value)
        verb, space, rest = predicate.partition(" ")
        if _MANY.match(subject):
            verb = {"is": "are", "does": "do"}.get(verb, verb.removesuffix("s"))
        return f"{subject} {verb}{space}{rest}"

    def subject(self, value: core.Value) -> str:
        """The value before a verb: a comma keeps `where the consumer is` apart from the `is` that follows."""
        said = self.value(value)
        return said + "," if _ENDS_IN_A_VERB.search(said) else said

    def value(self, value: core.Value) -> str:
        match value:
            case core.Fact(name):
                fact = self.facts.get(name)
                return fact.phrase if fact is not None else name
            case core.Literal(constant, type_):
                if type_.kind is Kind.NAME and isinstance(constant, str):
                    if constant in _WEEKDAYS:
                        return constant.capitalize()
                    # Quoted, so that `is “not connected”` is not taken for a denial.
                    return f"“{_words(constant)}”" if "_" in constant else constant
                return constant_text(constant, type_.kind)
            case core.Parameter(name):
                shown = self.parameters.get(name)
                return f"the {_words(name)}" if shown is None else f"{shown} ({_words(name)})"
            case core.CountOf(name):
                words = self.name(name)
                return f"the {words}" if _words(name).startswith(("number of ", "count of ")) else f"the number of {words}"
            case core.Moment(name):
                return f"the {self.name(name)}"
            case core.MomentField(name, fact_name):
                return _of_the(f"the {self.name(name)}", self.facts.get(fact_name), fact_name)
            case core.BlockTruth(name):
                return self.terms[name].holds if name in self.terms else _words(name)
            case core.Definition(name) if name in self.terms:
                return self.terms[name].holds
            case core.Definition(name):
                return self.definitions.get(name, _words(name)).rstrip(".")
            case _:
                assert_never(value)


def _sides(test: core.Test) -> tuple[core.Value, ...]:
    match test:
        case core.Compare():
            return test.left, test.right
        case core.Contains():
            return test.value, test.item
        case core.Within():
            return test.value, test.anchor
        case core.OneOf() | core.Is() | core.Holds():
            return (test.value,)
        case _:
            assert_never(test)


_CONTRARY: Final = {
    core.Presence.PRESENT: core.Presence.ABSENT,
    core.Presence.ABSENT: core.Presence.PRESENT,
    core.Presence.KNOWN: core.Presence.UNKNOWN,
    core.Presence.UNKNOWN: core.Presence.KNOWN,
}


def _words(name: str) -> str:
    return name.replace("_", " ")


def _either(items: list[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " or " + items[-1]


_INDEFINITE: Final = re.compile(r"^(in the entry, )?an? ")
_DENIED: Final = {
    "asks": "does not ask",
    "came": "did not come",
    "falls": "does not fall",
    "has": "has not",
    "led": "did not lead",
    "names": "does not name",
    "shows": "does not show",
}


def _negate(phrase: str) -> str | None:
    """The phrase denied after its verb; None where a verb cannot safely be told from one of a clause within."""
    verb = _VERB.search(phrase)
    if verb is None or _SUBORDINATE.search(phrase[: verb.start()]):
        return None
    if _INDEFINITE.match(phrase):
        # `a message could not be left` might be said of one message where another could: none could be.
        return _INDEFINITE.sub(r"\1no ", phrase, count=1)
    denied = _DENIED.get(verb[1], f"{verb[1]} not")
    return phrase[: verb.start()] + denied + phrase[verb.end() :]


def _of_the(thing: str, fact: FactEntry | None, name: str) -> str:
    """A field of a moment: the phrase that the vocabulary has for an entry or event, said of this one."""
    if fact is None:
        return f"{name.partition('.')[2]} of {thing}"
    for subject in ("the entry", "the event"):
        if subject in fact.phrase:
            return fact.phrase.replace(subject, thing)
    if fact.type.kind is Kind.TRUTH:
        return f"of {thing}: {fact.phrase}"
    said, found = re.subn(r"\bit\b", lambda _: thing, fact.phrase, count=1)
    return said if found else f"{fact.phrase} of {thing}"
