"""What is still to be done about a consumer: deadlines that run, and those that have passed.

By the definition: what a deadline of a rule that binds here wants done after an entry or event, and nobody has done yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fdcpa_guard.engine.decision import Due, shown
from fdcpa_guard.engine.interpreted_blocks import Obligation
from fdcpa_guard.engine.interpreter import Evaluation
from fdcpa_guard.engine.verdicts import called_number, debts_of, per_debt
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.clock import Clock
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.model import Deadline, Rule


def duties(
    rules: Sequence[Rule],
    yields_to: Mapping[str, Sequence[Rule]],
    communication: Entry,
    file: ConsumerFile,
    clock: Clock | None,
) -> tuple[Due, ...]:
    """What is due as of a communication, soonest first; of several possible locations the first day that any gives."""
    found: dict[tuple[str, str, str | None, str, int], Due] = {}
    prior = file.prior(communication)
    for rule in rules:
        debts: Sequence[DebtOf | None] = debts_of(communication, file) if per_debt(rule) else (None,)
        for world in file.worlds(called_number(communication)):
            for debt in debts:
                evaluation = Evaluation(
                    rule, communication, file, world, debt, prior, in_place_of=yields_to[rule.id], traced=False
                )
                for block, each, sure in evaluation.owed():
                    key = (rule.id, block.name, None if debt is None else debt.id, each.after, each.at)
                    due = _due(rule, block, debt, each, clock, sure)
                    known = found.get(key)
                    if known is None or _sooner(due, known):
                        found[key] = due
    return tuple(sorted(found.values(), key=lambda due: (due.due_at is None, due.due_at or due.since, due.rule)))


def _due(rule: Rule, block: Deadline, debt: DebtOf | None, each: Obligation, clock: Clock | None, sure: bool) -> Due:
    return Due(
        rule=rule.id,
        title=rule.title,
        cite=block.cite,
        what=block.name.replace("_", " "),
        debt=None if debt is None else debt.id,
        after=each.after,
        since=shown(each.at, clock),
        due_at=None if each.due_at is None else shown(each.due_at, clock),
        overdue=each.over,
        sure=sure,
    )


def _sooner(one: Due, other: Due) -> bool:
    return one.due_at is not None and (other.due_at is None or one.due_at < other.due_at)
