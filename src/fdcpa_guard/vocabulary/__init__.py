"""Every fact that a condition may name: its type, its phrase in English, who supplies it.

`load_vocabulary` gives the one that rules are written in, made from `vocabulary.yaml`. Tests and benchmarks make their
own with `Vocabulary.parse`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from fdcpa_guard.errors import RuleShapeError
from fdcpa_guard.values import Kind, Type

__all__ = ["FactEntry", "Vocabulary", "closest", "load_vocabulary"]


@dataclass(frozen=True, slots=True)
class FactEntry:
    """One fact. `names` has what a name fact may be, in declared order; empty for the other kinds."""

    name: str
    type: Type
    phrase: str
    supplier: str
    """`document`: stated in the scenario or the log. `derived`: worked out by the engine."""
    names: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What the fact is about: `communication`, `entry`, `event`, `consumer`, `debt`, `collector`, `location`."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Vocabulary:
    """Facts by full name, and the closed sets of names that some of them take."""

    facts: Mapping[str, FactEntry]
    sets: Mapping[str, tuple[str, ...]]
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of some sets, what some of their names say, for people."""

    @staticmethod
    def parse(text: str) -> Vocabulary:
        """A vocabulary from YAML text in the form of `vocabulary.yaml`; `entry.*` is made from `communication.*`.

        Raises:
            RuleShapeError: the text is not YAML, or a fact lacks something; every such mistake is named.
        """
        try:
            # A loader that makes only plain values (a subclass of the safe ones): no object is built from a tag.
            document = _Document.model_validate(yaml.load(text, Loader=_Loader))
        except yaml.YAMLError as error:
            raise RuleShapeError(f"the vocabulary is not YAML: {error}") from None
        except ValidationError as error:
            raise RuleShapeError("the vocabulary is wrong: " + "; ".join(_explain(error))) from None
        facts: dict[str, FactEntry] = {}
        mistakes: list[str] = []
        for name, declared in document.facts.items():
            wrong = declared.mistake(document.sets)
            if wrong is not None:
                mistakes.append(f"`{name}`: {wrong}")
                continue
            fact = _fact(name, declared, document.sets)
            facts[name] = fact
            if name.startswith("communication."):
                entry = _entry_fact(fact, declared.entry_phrase)
                if entry.name in document.facts:
                    mistakes.append(f"`{entry.name}`: made from `{name}`, must not be declared")
                facts[entry.name] = entry
        for of, meanings in document.meanings.items():
            unknown = meanings.keys() - set(document.sets.get(of, ()))
            mistakes.extend(f"`meanings.{of}.{name}`: no such name in a set `{of}`" for name in sorted(unknown))
        if mistakes:
            raise RuleShapeError("the vocabulary is wrong: " + "; ".join(mistakes))
        return Vocabulary(
            MappingProxyType(facts), MappingProxyType(dict(document.sets)), MappingProxyType(dict(document.meanings))
        )

    def suggest(self, name: str) -> str | None:
        """The fact whose name is close to a mistaken one, or None where none is close enough to be meant."""
        return closest(name, self.facts)


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a mistaken name most likely means, or None.

    Where the part up to the last dot is right, only what follows it is compared: `communication.` alone would make
    any two facts of the communication look alike.
    """
    known = tuple(candidates)
    subject, dot, field = name.rpartition(".")
    fields = {
        candidate.rpartition(".")[2]: candidate for candidate in known if dot and candidate.startswith(subject + dot)
    }
    if fields:
        near = get_close_matches(field, fields, n=1, cutoff=0.7)
        return next((candidate for tail, candidate in fields.items() if tail in near), None)
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.8)), None)


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary in which rules are written; read once."""
    return Vocabulary.parse(files(__name__).joinpath("vocabulary.yaml").read_text(encoding="utf-8"))


_Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
_FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
_Phrase = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Fact(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    type: Literal["truth", "number", "money", "text", "texts", "instant", "day", "clock_time", "name", "names"]
    phrase: _Phrase
    supplier: Annotated[Literal["document", "derived"], Field(alias="from")]
    names: _Identifier | None = None
    clock: Literal["consumer_local", "eastern", "called_number"] | None = None
    entry_phrase: _Phrase | None = None

    def mistake(self, sets: Mapping[str, tuple[str, ...]]) -> str | None:
        named = self.type in ("name", "names")
        if named and self.names not in sets:
            return f"expected `names` to be one of the sets, found `{self.names}`"
        if self.names is not None and not named:
            return f"`names` belongs to a fact of type name or names, found {self.type}"
        if self.clock is not None and self.type not in ("day", "clock_time"):
            return f"`clock` belongs to a day or clock_time, found {self.type}"
        if self.clock is None and self.type == "clock_time":
            return "a clock_time needs a `clock`"
        return None


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sets: dict[_Identifier, tuple[_Identifier, ...]]
    meanings: dict[_Identifier, dict[_Identifier, _Phrase]] = {}
    facts: dict[_FactName, _Fact]


def _explain(error: ValidationError) -> list[str]:
    return [
        f"`{'.'.join(str(part) for part in detail['loc'])}`: {detail['msg'].lower()}" for detail in error.errors()
    ]


def _fact(name: str, declared: _Fact, sets: Mapping[str, tuple[str, ...]]) -> FactEntry:
    names = sets[declared.names] if declared.names is not None else ()
    kind = Type(Kind(declared.type), frozenset(names) if declared.names is not None else None, declared.clock)
    return FactEntry(name, kind, declared.phrase, declared.supplier, names)


def _entry_fact(fact: FactEntry, phrase: str | None) -> FactEntry:
    name = "entry." + fact.name.removeprefix("communication.")
    return FactEntry(name, fact.type, phrase or _entry_phrase(fact), fact.supplier, fact.names)


_OF_ANOTHER_THING: Final = re.compile(r"\bof the\b")


def _entry_phrase(fact: FactEntry) -> str:
    """A phrase of the communication, turned so that it names the entry.

    `the channel` becomes `the entry's channel`, `it is recorded` becomes `the entry is recorded`.
    """
    phrase = fact.phrase
    if "the communication" in phrase:
        return phrase.replace("the communication", "the entry")
    if fact.type.kind is Kind.TRUTH:
        return f"the entry {phrase[3:]}" if phrase.startswith("it ") else f"in the entry, {phrase}"
    if phrase.startswith("the ") and not _OF_ANOTHER_THING.search(phrase):
        return "the entry's " + phrase[4:]
    return phrase + " in the entry"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # LibYAML is not in every PyYAML
    """Refuses a key given twice: the second would silently replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen: set[object] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key `{key.value}` is given twice", key.start_mark
                )
            seen.add(key.value)
        made: dict[Hashable, object] = super().construct_mapping(node, deep)
        return made
