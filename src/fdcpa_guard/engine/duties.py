"""What is still to be done about a consumer: deadlines that run, and those that have passed.

By the definition: a deadline of a rule that binds here is open for each entry or event after which something had to
follow and did not. An excused one, and one of a rule that is not applicable, is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fdcpa_guard.engine.decision import Due, Verdict, shown
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
        blocks = [block for block in rule.blocks.values() if isinstance(block, Deadline)]
        if not blocks:
            continue
        debts: Sequence[DebtOf | None] = debts_of(communication, file) if per_debt(rule) else (None,)
        for world in file.worlds(called_number(communication)):
            for debt in debts:
                evaluation = Evaluation(
                    rule, communication, file, world, debt, prior, in_place_of=yields_to[rule.id], traced=False
                )
                for block, each in _open(evaluation, blocks):
                    key = (rule.id, block.name, None if debt is None else debt.id, each.after, each.at)
                    due = _due(rule, block, debt, each, clock)
                    known = found.get(key)
                    if known is None or _sooner(due, known):
                        found[key] = due
    return tuple(sorted(found.values(), key=lambda due: (due.due_at is None, due.due_at or due.since, due.rule)))


def _open(evaluation: Evaluation, blocks: Sequence[Deadline]) -> Iterator[tuple[Deadline, Obligation]]:
    """What is owed, surely or perhaps, under a rule that applies."""
    if evaluation.judge().verdict in (Verdict.NOT_APPLICABLE, Verdict.EXEMPT):
        return
    for block in blocks:
        for each in evaluation.obligations(block)[0]:
            if each.owed is not False:
                yield block, each


def _due(rule: Rule, block: Deadline, debt: DebtOf | None, each: Obligation, clock: Clock | None) -> Due:
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
        sure=each.owed is True,
    )


def _sooner(one: Due, other: Due) -> bool:
    return one.due_at is not None and (other.due_at is None or one.due_at < other.due_at)
