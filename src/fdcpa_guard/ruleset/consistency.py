"""What `rules check` says of a rulebook that loads: right in form, and yet hardly meant.

Mistakes between rules (ids given twice, unknown ids, dates that do not join) end the load already; see `links`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fdcpa_guard.errors import RuleError, RuleErrors, RuleWarning
from fdcpa_guard.rulefile.cases_file import CaseFile, cases_path, load_cases
from fdcpa_guard.rulefile.model import (
    Block,
    Count,
    Deadline,
    Exception_,
    Limitation,
    MomentOf,
    Rule,
    Selection,
    Standing,
    Waiting,
)
from fdcpa_guard.rulefile.reach import names_in, reachable
from fdcpa_guard.ruleset.contradictions import Names, Possible
from fdcpa_guard.ruleset.limitation_checks import check_limitations
from fdcpa_guard.ruleset.links import link_errors
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.source import Span
from fdcpa_guard.values import format_day
from fdcpa_guard.vocabulary import closest

REVIEW_DAYS = 365
"""How long a comparison with the law is trusted, in days."""


def check_rulebook(rulebook: Rulebook, today: int | None = None, review_days: int = REVIEW_DAYS) -> list[RuleError]:
    """Everything worth a second look, `RuleWarning`s for the most part, by file and line.

    `today` is the ordinal day on which the age of reviews is judged; left out, it is not.
    """
    found: list[RuleError] = list(link_errors(rulebook.rules))
    for rule in rulebook.rules:
        found.extend(_unused(rule))
        found.extend(never_holding(rule))
        found.extend(_cases(rule, rulebook))
        if today is not None:
            found.extend(_stale(rule, today, review_days))
    found.extend(_unused_definitions(rulebook))
    found.extend(check_limitations(rulebook, today, review_days))
    return list(RuleErrors(found).errors)


def _named_by(rule: Rule) -> Iterator[str]:
    for condition in (rule.applies_when, rule.violated_when):
        yield from names_in(condition)
    for each in rule.unless:
        yield from names_in(each.when)
    for undecided in rule.undecided:
        yield from names_in(undecided.when)
    for item in (*rule.must_contain, *rule.must_not_contain):
        yield from names_in(item.only_when)
    # A deadline makes its rule violated without being named.
    yield from (name for name, block in rule.blocks.items() if isinstance(block, Deadline))
    if rule.message is not None:
        yield from (name for name in (*rule.parameters, *rule.blocks) if "{" + name + "}" in rule.message)


def _unused(rule: Rule) -> Iterator[RuleWarning]:
    """The rule's own parameters, blocks and texts that nothing in it uses."""
    used = reachable(_named_by(rule), rule.blocks, rule.definitions)
    for name, parameter in rule.parameters.items():
        span = parameter.values[0].span
        if name not in used and span.source is rule.span.source:
            yield RuleWarning(f"nothing uses the parameter `{name}`", span)
    for name, block in rule.blocks.items():
        if name not in used and block.span.source is rule.span.source:
            yield RuleWarning(f"nothing uses `{name}`", block.span)
    phrases = {phrase for item in (*rule.must_contain, *rule.must_not_contain) for phrase in item.looks_for}
    for text in rule.texts.values():
        if not phrases.intersection(text.wordings):
            yield RuleWarning(f"nothing looks for the text `{text.name}`", text.span)


def _unused_definitions(rulebook: Rulebook) -> Iterator[RuleWarning]:
    """The shared names that no rule leads to. A definition that only unused definitions name is unused, too."""
    used: set[tuple[str, str]] = set()
    for rule in rulebook.rules:
        used.update(_places(rule))
    for file in rulebook.definitions:
        for name, span in file.spans.items():
            if (file.name, name) not in used:
                yield RuleWarning(f"no rule uses `{name}`", span)


def _places(rule: Rule) -> Iterator[tuple[str, str]]:
    """Each name that the rule leads to, with the file in which it is given."""
    for name, parameter in rule.parameters.items():
        yield parameter.values[0].span.source.name, name
    for name, block in rule.blocks.items():
        yield block.span.source.name, name
    for name, definition in rule.definitions.items():
        yield definition.span.source.name, name


def never_holding(rule: Rule) -> Iterator[RuleWarning]:
    """Exceptions, items and conditions of a rule that no communication could fulfil, as far as names show it."""
    possible = Possible(rule.definitions, rule.parameters)
    given: Names = {"collector.kind": rule.binds}
    if "any" not in rule.reaches:
        given = {**given, "communication.channel": rule.reaches}
    applied = possible.left_by(rule.applies_when, given)
    if applied is None:
        yield RuleWarning("`applies_when` can never hold for what the rule binds and reaches", _of(rule, "applies_when"))
        return
    if possible.left_by(rule.violated_when, applied) is None:
        message = "`violated_when` can never hold together with what the rule binds, reaches and applies to"
        yield RuleWarning(message, _of(rule, "violated_when"))
    for each in rule.unless:
        if possible.left_by(each.when, applied) is None:
            yield RuleWarning(f"the exception `{each.id}` can never hold", each.when.span)
    for undecided in rule.undecided:
        if possible.left_by(undecided.when, applied) is None:
            yield RuleWarning(f"`{undecided.id}` can never hold", undecided.when.span)
    for item in (*rule.must_contain, *rule.must_not_contain):
        if item.only_when is not None and possible.left_by(item.only_when, applied) is None:
            yield RuleWarning(f"the item `{item.id}` can never be asked for", item.only_when.span)
    for name, block in rule.blocks.items():
        if block.span.source is rule.span.source:
            yield from _never_in_block(name, block, possible, applied)


def _never_in_block(name: str, block: Block, possible: Possible, applied: Names) -> Iterator[RuleWarning]:
    exceptions: tuple[Exception_, ...] = ()
    selections: Iterable[Selection]
    if isinstance(block, Count | MomentOf):
        selections, exceptions = (block.select,), block.exceptions
    elif isinstance(block, Standing):
        selections = (*block.begins, *block.ends)
    elif isinstance(block, Waiting):
        selections = (block.after,)
    elif isinstance(block, Limitation):
        return
    else:
        selections = (block.after, block.must_follow)
    for select in selections:
        given = dict(applied)
        if select.events is not None:
            given["event.type"] = select.events
        elif select.entries is not None and "any" not in select.entries:
            given["entry.channel"] = select.entries
        left = possible.left_by(select.only_when, given)
        if left is None and select.only_when is not None:
            yield RuleWarning(f"nothing can ever fit `{name}`", select.only_when.span)
            continue
        for each in exceptions:
            if left is not None and possible.left_by(each.when, left) is None:
                yield RuleWarning(f"the exception `{each.id}` can never hold", each.when.span)


def _of(rule: Rule, key: str) -> Span:
    return rule.spans.get(key, rule.span)


def _stale(rule: Rule, today: int, review_days: int) -> Iterator[RuleWarning]:
    span = _of(rule, "checked_on")
    if rule.checked_on > today:
        yield RuleWarning(f"the day of comparison with the law lies after {format_day(today)}", span)
    elif today - rule.checked_on > review_days:
        age = today - rule.checked_on
        yield RuleWarning(f"last compared with the law {age} days ago; expected at most {review_days}", span)


def _cases(rule: Rule, rulebook: Rulebook) -> Iterator[RuleError]:
    path = rulebook.paths.get(rule.id)
    if path is None:
        return
    beside = cases_path(path)
    if not beside.is_file():
        yield RuleWarning(f"the rule has no cases; expected them in {beside.name} beside it", rule.span)
        return
    try:
        cases = load_cases(beside)
    except RuleErrors as error:
        yield from error.errors
        return
    if cases.rule != rule.id:
        yield RuleWarning(f"these are cases of `{cases.rule}`; the rule beside them is `{rule.id}`", cases.span)
    yield from _names_in_cases(rule, cases)


def _names_in_cases(rule: Rule, cases: CaseFile) -> Iterator[RuleWarning]:
    """What a case expects by a name that the rule does not have can never be found."""
    exceptions = {each.id for each in rule.unless}
    items = {item.id for item in (*rule.must_contain, *rule.must_not_contain)}
    counts = {name for name, block in rule.blocks.items() if isinstance(block, Count)}
    for case in cases.cases:
        stated = (
            ("exception", exceptions, () if case.exempt_by is None else (case.exempt_by,)),
            ("item", items, case.items or ()),
            ("count", counts, tuple(case.counts or ())),
        )
        for what, known, names in stated:
            for name in names:
                if name not in known:
                    near = closest(name, known)
                    hint = f"did you mean `{near}`?" if near else None
                    yield RuleWarning(f"the case expects the {what} `{name}`, which the rule does not have", case.span, hint)
