"""One rule on one communication: its judgements in every possible location and for every debt, put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fdcpa_guard.engine.decision import Judgement, Verdict
from fdcpa_guard.engine.interpreter import Evaluation
from fdcpa_guard.facts.bind import ConsumerFile, DebtOf, Entry, World
from fdcpa_guard.rulefile.model import Consequence, Rule
from fdcpa_guard.rulefile.walk import is_per_debt

_WORST_FIRST = (Verdict.VIOLATED, Verdict.UNKNOWN, Verdict.EXEMPT, Verdict.COMPLIES, Verdict.NOT_APPLICABLE)

per_debt = lru_cache(maxsize=None)(is_per_debt)


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """`locations_disagree`: violated in one possible location of the consumer and surely not in another."""

    rule: Rule
    verdict: Verdict
    locations_disagree: bool
    judgements: tuple[Judgement, ...]

    @property
    def lacked(self) -> tuple[str, ...]:
        """The facts that would settle an unknown."""
        if self.verdict is not Verdict.UNKNOWN:
            return ()
        names = [name for each in self.judgements if each.verdict is Verdict.UNKNOWN for name in each.lacked]
        if self.locations_disagree:
            names.append("consumer.location")
        return tuple(dict.fromkeys(names))

    @property
    def consequence(self) -> Consequence | None:
        """What it means for the decision; None where it means nothing."""
        if self.verdict is Verdict.VIOLATED:
            return self.rule.when_violated
        if self.verdict is not Verdict.UNKNOWN:
            return None
        policy = self.rule.when_unknown
        missing = any(each.verdict is Verdict.UNKNOWN for each in self.judgements)
        return worst_consequence(
            [*([policy.missing] if missing else ()), *([policy.locations_disagree] if self.locations_disagree else ())]
        )


_CONSEQUENCES = (Consequence.BLOCK, Consequence.REVIEW, Consequence.NOTE)


def worst_consequence(consequences: Iterable[Consequence]) -> Consequence:
    return min(consequences, key=_CONSEQUENCES.index)


def debts_of(entry: Entry, file: ConsumerFile) -> Sequence[DebtOf | None]:
    """The debts that a communication is judged for; one unknown debt, where it names none."""
    if not entry.debts:
        return (None,)
    return tuple({debt.key: debt for debt in map(file.debt, entry.debts)}.values())


def combine_debts(verdicts: Iterable[Verdict]) -> Verdict:
    """A communication about several debts counts once for each: the worst of them is its verdict."""
    return min(verdicts, key=_WORST_FIRST.index)


def combine_locations(verdicts: Sequence[Verdict]) -> tuple[Verdict, bool]:
    """Violated where it is in every possible location; unknown where in some; and whether they disagree."""
    if all(each is Verdict.VIOLATED for each in verdicts):
        return Verdict.VIOLATED, False
    violated_somewhere = Verdict.VIOLATED in verdicts
    if violated_somewhere or Verdict.UNKNOWN in verdicts:
        sure_elsewhere = any(each not in (Verdict.VIOLATED, Verdict.UNKNOWN) for each in verdicts)
        return Verdict.UNKNOWN, violated_somewhere and sure_elsewhere
    return min(verdicts, key=_WORST_FIRST.index), False


def judge_rule(
    rule: Rule,
    communication: Entry,
    file: ConsumerFile,
    prior: Sequence[Entry],
    *,
    yields_to: Sequence[Rule] = (),
    traced: bool = True,
    worlds: Sequence[World] | None = None,
) -> RuleVerdict:
    """The rule's verdict on a communication, by the definition, with the account of every judgement behind it."""
    debts = debts_of(communication, file) if per_debt(rule) else (None,)
    judgements: list[Judgement] = []
    by_location: list[Verdict] = []
    for world in file.worlds(called_number(communication)) if worlds is None else worlds:
        here = [
            Evaluation(
                rule, communication, file, world, debt, prior, in_place_of=yields_to, traced=traced
            ).judge()
            for debt in debts
        ]
        judgements.extend(here)
        by_location.append(combine_debts(each.verdict for each in here))
    verdict, disagree = combine_locations(by_location)
    return RuleVerdict(rule, verdict, disagree, tuple(judgements))


def called_number(communication: Entry) -> str | None:
    """The number called or texted, where the communication has one."""
    if communication.channel in ("call", "text", "fax") or communication.channel is None:
        address = communication.address
        return address if address is not None and address.startswith("+") else None
    return None
