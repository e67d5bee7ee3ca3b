"""What every rule says of one communication: its judgements in full, or why it does not speak of it at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.interpreter import days_of, rule_bounds
from fdcpa_guard.engine.verdicts import RuleVerdict, called_number
from fdcpa_guard.facts.actions import judged
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.models import Action, Communication
from fdcpa_guard.review.wording import jurisdiction_name, plural


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """`not_for` is empty where the rule was judged by its conditions."""

    verdict: RuleVerdict
    worlds: tuple[World, ...]
    not_for: tuple[str, ...]


def traces(guard: Guard, proposed: Communication | Action, file: ConsumerFile) -> Iterator[RuleTrace]:
    """The trace of each rule, in the order of their ids."""
    entry = judged(proposed)
    worlds = file.worlds(called_number(entry))
    for rule in guard.rules:
        verdict = guard.judge(rule, entry, file, traced=True)
        not_for = _not_for(verdict, entry, file, worlds) if verdict.verdict is Verdict.NOT_APPLICABLE else ()
        yield RuleTrace(verdict, worlds, not_for)


def _not_for(
    verdict: RuleVerdict, entry: Entry, file: ConsumerFile, worlds: Sequence[World]
) -> tuple[str, ...]:
    rule = verdict.rule
    reasons = (
        f"it does not bind {plural(file.collector.kind or 'this collector')}",
        f"it does not reach {plural(entry.channel or 'this channel')}",
        f"the consumer is not in {jurisdiction_name(rule.jurisdiction)}",
        "it is not in force on that day",
    )
    bounds = [rule_bounds(rule, entry, file, world, days_of(entry.at, world)) for world in worlds]
    return tuple(
        reason
        for index, reason in enumerate(reasons)
        if all(len(each) > index and each[index][0] is False for each in bounds)
    )
