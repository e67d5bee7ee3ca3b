"""What rules say of each other: ids given twice, names of rules that are not there, dates that do not join."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from fdcpa_guard.errors import RuleDateError, RuleError, RuleShapeError, UnknownNameError
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.source import Span
from fdcpa_guard.values import format_day
from fdcpa_guard.vocabulary import closest


def link_errors(rules: Sequence[Rule], more_ids: Collection[str] = ()) -> list[RuleError]:
    """Mistakes that only all rules together show. `more_ids` are rules that are there but could not be read."""
    by_id: dict[str, Rule] = {}
    errors: list[RuleError] = []
    for rule in rules:
        first = by_id.setdefault(rule.id, rule)
        if first is not rule:
            message = f"the id `{rule.id}` is taken; it is given in {first.path}, line {first.span.line}, already"
            errors.append(RuleShapeError(message, rule.span))
    ids = {*by_id, *more_ids}
    for rule in rules:
        for key, name in _named(rule):
            if name not in ids:
                near = closest(name, ids)
                hint = f"did you mean `{near}`?" if near else None
                errors.append(UnknownNameError(f"no rule is called `{name}`", _span(rule, key, name), hint))
        errors.extend(_replacement_errors(rule, by_id))
    errors.extend(_circles(rules, by_id, "replaces"))
    errors.extend(_circles(rules, by_id, "yields_to"))
    errors.extend(_replaced_twice(rules))
    return errors


def _named(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.other_reading_of is not None:
        yield "other_reading_of", rule.other_reading_of
    if rule.replaces is not None:
        yield "replaces", rule.replaces
    yield from (("yields_to", name) for name in rule.yields_to)


def _span(rule: Rule, key: str, name: str) -> Span:
    span = rule.spans.get(key, rule.span)
    at = span.source.text.find(name, span.start)
    return span.source.span(at, at + len(name)) if at >= 0 else span


def _replacement_errors(rule: Rule, by_id: Mapping[str, Rule]) -> Iterator[RuleError]:
    older = None if rule.replaces is None else by_id.get(rule.replaces)
    start = rule.in_force.start
    if older is None or start is None:
        return
    span = rule.spans.get("replaces", rule.span)
    end = older.in_force.end
    if end is None:
        message = f"`{older.id}` has no `until`, so that both are in force; expected {format_day(start - 1)}"
        yield RuleDateError(message, span)
    elif end != start - 1:
        what = "both are in force" if end >= start else "neither is in force"
        message = f"`{older.id}` ends on {format_day(end)} and this rule begins on {format_day(start)}: between them {what}"
        yield RuleDateError(message, span)
    if older.jurisdiction != rule.jurisdiction:
        message = f"`{older.id}` is of `{older.jurisdiction}`; expected a rule of `{rule.jurisdiction}`"
        yield RuleShapeError(message, span)


def _replaced_twice(rules: Iterable[Rule]) -> Iterator[RuleError]:
    first: dict[str, Rule] = {}
    for rule in rules:
        if rule.replaces is None or rule.other_reading_of is not None:
            continue
        other = first.setdefault(rule.replaces, rule)
        # A rule may be split into several, which then begin on one day.
        if other is not rule and other.in_force.start != rule.in_force.start:
            message = f"`{rule.replaces}` is replaced by `{other.id}` on another day already"
            yield RuleDateError(message, rule.spans.get("replaces", rule.span))


def _circles(rules: Iterable[Rule], by_id: Mapping[str, Rule], key: str) -> Iterator[RuleError]:
    for rule in rules:
        seen: set[str] = set()
        waiting = [rule]
        while waiting:
            for name in _named_at(waiting.pop(), key):
                if name not in seen and name in by_id:
                    seen.add(name)
                    waiting.append(by_id[name])
        if rule.id in seen and rule.id not in _named_at(rule, key):
            yield RuleShapeError(f"`{key}` leads from `{rule.id}` back to itself", rule.spans.get(key, rule.span))


def _named_at(rule: Rule, key: str) -> tuple[str, ...]:
    return tuple(name for at, name in _named(rule) if at == key)
