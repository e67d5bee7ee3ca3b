"""Which named parts a condition or block leads to, through definitions and blocks, and whether it leads in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, assert_never

from fdcpa_guard.errors import RuleError, RuleShapeError, UnknownNameError
from fdcpa_guard.lang import core
from fdcpa_guard.rulefile.model import (
    ACTIONS,
    Block,
    Count,
    Deadline,
    DefinitionOf,
    Limitation,
    MomentOf,
    Rule,
    Selection,
    Standing,
    Waiting,
)
from fdcpa_guard.rulefile.walk import tests_of, values_of, values_read
from fdcpa_guard.source import Span


def names_in(condition: core.Condition | None) -> Iterator[str]:
    """The parameters, blocks and definitions that a condition names, facts left out."""
    if condition is None:
        return
    for test in tests_of(condition):
        for value in values_of(test):
            match value:
                case core.Parameter() | core.CountOf() | core.Moment() | core.BlockTruth() | core.Definition():
                    yield value.name
                case core.MomentField():
                    yield value.name
                case core.Fact() | core.Literal():
                    pass
                case _:
                    assert_never(value)


def names_of(part: Block | DefinitionOf) -> Iterator[str]:
    """The parameters, blocks and definitions that a block or definition names itself."""
    match part:
        case DefinitionOf():
            yield from names_in(part.when)
            return
        case Limitation():
            return
        case Count() | MomentOf():
            selections: tuple[Selection, ...] = (part.select,)
            exceptions, length = part.exceptions, part.window.length
        case Standing():
            selections, exceptions, length = (*part.begins, *part.ends), (), part.lapses_after
        case Waiting():
            selections, exceptions, length = (part.after,), (), part.at_least
        case Deadline():
            selections, exceptions, length = (part.after, part.must_follow), part.exceptions, part.within
        case _:
            assert_never(part)
    for select in selections:
        yield from names_in(select.only_when)
    for exception in exceptions:
        yield from names_in(exception.when)
    if isinstance(length, str):
        yield length


def reachable(
    first: Iterable[str], blocks: Mapping[str, Block], definitions: Mapping[str, DefinitionOf]
) -> frozenset[str]:
    """The names themselves, and all that they lead to."""
    found: set[str] = set()
    waiting = list(first)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        part = blocks.get(name) or definitions.get(name)
        if part is not None:
            waiting.extend(names_of(part))
    return frozenset(found)


def circle_errors(
    own: Mapping[str, Span], blocks: Mapping[str, Block], definitions: Mapping[str, DefinitionOf]
) -> list[RuleError]:
    """An error for each of a file's own names that leads back to itself."""
    errors: list[RuleError] = []
    for name, span in own.items():
        part = blocks.get(name) or definitions.get(name)
        if part is not None and name in reachable(names_of(part), blocks, definitions):
            errors.append(RuleShapeError(f"`{name}` leads back to itself", span))
    return errors


def must_follow_errors(blocks: Iterable[Block], definitions: Mapping[str, DefinitionOf]) -> list[RuleError]:
    """What a deadline waits for is judged without any communication: its condition names the entry or event alone."""
    errors: list[RuleError] = []
    for block in blocks:
        if isinstance(block, Deadline) and block.must_follow.only_when is not None:
            subject = "entry." if block.must_follow.events is None else "event."
            for test in tests_of(block.must_follow.only_when):
                for value in values_of(test):
                    errors.extend(_foreign(value, subject, definitions))
    return errors


def _foreign(value: core.Value, subject: str, definitions: Mapping[str, DefinitionOf]) -> Iterator[RuleError]:
    name = value.name if isinstance(value, core.Fact | core.BlockTruth) else None
    foreign = name is not None and not name.startswith(subject)
    if isinstance(value, core.Definition):
        name = value.name
        within = definitions.get(name)
        foreign = within is not None and any(
            any(True for _ in _foreign(inner, subject, definitions))
            for test in tests_of(within.when)
            for inner in values_of(test)
        )
    if foreign:
        message = f"`{name}` cannot be named in what must follow; expected facts of `{subject}` alone"
        yield RuleShapeError(message, value.span)


_OF_WHATEVER_IS_JUDGED: Final = frozenset({"communication.at", "communication.day", "communication.weekday"})


def judged_thing_errors(rule: Rule) -> Iterator[RuleError]:
    """A rule speaks of communications or of actions: what the one has, the other lacks."""
    of_actions = bool(rule.reaches & ACTIONS)
    if of_actions and not rule.reaches <= ACTIONS:
        message = "a rule reaches channels or types of actions, not both; expected two rules"
        yield RuleShapeError(message, rule.spans.get("reaches", rule.span))
        return
    told: set[str] = set()
    for value in values_read(rule):
        if not isinstance(value, core.Fact) or value.name in told:
            continue
        subject = value.name.partition(".")[0]
        if of_actions and subject == "communication" and value.name not in _OF_WHATEVER_IS_JUDGED:
            message = f"`{value.name}` is of a communication, and the rule reaches actions"
        elif not of_actions and subject == "action":
            message = f"`{value.name}` is of an action, and the rule reaches communications"
        else:
            continue
        told.add(value.name)
        yield UnknownNameError(message, value.span)
