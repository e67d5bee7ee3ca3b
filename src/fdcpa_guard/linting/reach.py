"""Which rules speak of words, and of which: what of a rule stands in a letter, and so has a place there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.lang import core
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.rulefile.walk import conditions_of, facts_read, tests_of

ASSERTS: Final = "communication.asserts"
DISCLOSES: Final = "communication.discloses"
_OF_WORDS: Final = frozenset(
    {ASSERTS, DISCLOSES, "communication.content", "communication.subject", "communication.disclosure_languages"}
)
_STATED: Final = "communication.stated."


@dataclass(frozen=True, slots=True)
class Words:
    """The names of claims and of notices that a rule asks of, anywhere; `requires` are notices without which it is violated."""

    asserts: frozenset[str]
    discloses: frozenset[str]
    requires: frozenset[str]


def rules_of_words(rules: Iterable[Rule]) -> dict[str, Words]:
    """The rules that words can break or keep, by their ids."""
    return {rule.id: _words_of(rule) for rule in rules if _speaks_of_words(rule)}


def _speaks_of_words(rule: Rule) -> bool:
    if rule.must_contain or rule.must_not_contain:
        return True
    own = {value for condition in (rule.violated_when, *(each.when for each in rule.undecided)) if condition for value in _facts(condition)}
    for definition in rule.definitions.values():
        own.update(_facts(definition.when))
    return any(name in _OF_WORDS or name.startswith(_STATED) for name in own & facts_read(rule))


def _facts(condition: core.Condition) -> Iterator[str]:
    for test in tests_of(condition):
        match test:
            case core.Contains(core.Fact(name), _) | core.OneOf(core.Fact(name), _) | core.Is(core.Fact(name), _):
                yield name
            case core.Compare(_, left, right):
                yield from (side.name for side in (left, right) if isinstance(side, core.Fact))
            case _:
                continue


def _words_of(rule: Rule) -> Words:
    asserts, discloses = _asked(conditions_of(rule))
    _, required = _asked([] if rule.violated_when is None else [rule.violated_when])
    required |= {item.declared for item in rule.must_contain if item.declared is not None}
    asserts |= {item.declared for item in rule.must_not_contain if item.declared is not None}
    return Words(frozenset(asserts), frozenset(discloses | required), frozenset(required))


def _asked(conditions: Iterable[core.Condition]) -> tuple[set[str], set[str]]:
    """The names of claims, and of notices, that conditions ask for."""
    found: dict[str, set[str]] = {ASSERTS: set(), DISCLOSES: set()}
    for condition in conditions:
        for test in tests_of(condition):
            match test:
                case core.Contains(core.Fact(name), core.Literal(str(value))) if name in found:
                    found[name].add(value)
                case _:
                    continue
    return found[ASSERTS], found[DISCLOSES]
