"""One rule on one communication: its judgements in every possible location and for every debt, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from fdcpa_guard.engine.decision import Judgement, Verdict
from fdcpa_guard.engine.interpreter import Evaluation
from fdcpa_guard.errors import BackendDisagreement
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.model import Consequence, Rule
from fdcpa_guard.rulefile.walk import is_per_debt
from fdcpa_guard.values import Range

_WORST_FIRST = (Verdict.VIOLATED, Verdict.UNKNOWN, Verdict.EXEMPT, Verdict.COMPLIES, Verdict.NOT_APPLICABLE)

per_debt = lru_cache(maxsize=None)(is_per_debt)


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """`locations_disagree`: violated in one possible location of the consumer, and not, or not surely, in another.

    `missing`: unknown in a possible location, for want of a fact or because the law leaves it open.
    """

    rule: Rule
    verdict: Verdict
    locations_disagree: bool
    missing: bool
    judgements: tuple[Judgement, ...]

    @property
    def lacked(self) -> tuple[str, ...]:
        """The facts that would settle an unknown."""
        return lacked_in(self.verdict, self.locations_disagree, self.judgements)


class Judged(Protocol):
    """What one judgement says of what it leaves open."""

    @property
    def verdict(self) -> Verdict: ...
    @property
    def lacked(self) -> tuple[str, ...]: ...
    @property
    def because(self) -> tuple[str, ...]: ...
    @property
    def location(self) -> str: ...


@dataclass(frozen=True, slots=True)
class OpenJudgement:
    """A judgement, as far as an unknown is told by it: of a verdict that is neither violated nor unknown nothing but that."""

    verdict: Verdict
    lacked: tuple[str, ...]
    because: tuple[str, ...]
    location: str


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """What there is to say of an unknown: the same as by the `RuleVerdict` of it."""

    rule: Rule
    verdict: Verdict
    locations_disagree: bool
    missing: bool
    judgements: tuple[OpenJudgement, ...]
    lacked: tuple[str, ...]


def lacked_in(verdict: Verdict, disagree: bool, judgements: Iterable[Judged]) -> tuple[str, ...]:
    """The facts that would settle an unknown."""
    if verdict is not Verdict.UNKNOWN:
        return ()
    names = [name for each in judgements if each.verdict is Verdict.UNKNOWN for name in each.lacked]
    if disagree:
        names.append("consumer.location")
    return tuple(dict.fromkeys(names))


@dataclass(slots=True)
class Flag:
    """A rule that is violated or unknown. The account of it is the interpreter's, given when first asked for.

    `first`, of a violation where the compiled rule knows it: the local day, and what gives counts by their names.
    """

    rule: Rule
    verdict: Verdict
    locations_disagree: bool
    missing: bool
    explain: Callable[[Rule], RuleVerdict]
    first: tuple[int, Callable[[Iterable[str]], Mapping[str, Range]]] | None = None
    told: RuleVerdict | None = None

    @staticmethod
    def of(found: RuleVerdict) -> Flag:
        return Flag(found.rule, found.verdict, found.locations_disagree, found.missing, lambda _: found, told=found)

    def agrees(self, told: RuleVerdict) -> bool:
        """Whether the definition says the same."""
        mine = (self.verdict, self.locations_disagree, self.missing)
        return mine == (told.verdict, told.locations_disagree, told.missing)

    @property
    def account(self) -> RuleVerdict:
        """The definition's account.

        Raises:
            BackendDisagreement: the definition answers other than the compiled rules did.
        """
        if self.told is None:
            told = self.explain(self.rule)
            if not self.agrees(told):
                raise BackendDisagreement(
                    self.rule.id, "a communication", f"compiled says {self.verdict.value}, the definition {told.verdict.value}"
                )
            self.told = told
        return self.told

    @property
    def consequence(self) -> Consequence:
        """What it means for the decision."""
        if self.verdict is Verdict.VIOLATED:
            return self.rule.when_violated
        policy = self.rule.when_unknown
        return worst_consequence(
            [*([policy.missing] if self.missing else ()), *([policy.locations_disagree] if self.locations_disagree else ())]
        )


def flag_of(
    rule: Rule,
    here: Sequence[bool],
    worlds: int,
    explain: Callable[[Rule], RuleVerdict],
    first: tuple[int, Callable[[Iterable[str]], Mapping[str, Range]]] | None,
) -> Flag:
    """The flag of a rule that is violated (True) or unknown (False) in some of so many possible locations."""
    clear = worlds - len(here)
    if clear == 0 and all(here):
        return Flag(rule, Verdict.VIOLATED, False, False, explain, first)
    return Flag(rule, Verdict.UNKNOWN, any(here), not all(here), explain)


_CONSEQUENCES = (Consequence.BLOCK, Consequence.REVIEW, Consequence.NOTE)


def worst_consequence(consequences: Iterable[Consequence]) -> Consequence:
    return min(consequences, key=_CONSEQUENCES.index)


def debts_of(entry: Entry, file: ConsumerFile) -> Sequence[DebtOf | None]:
    """The debts that a communication is judged for; one unknown debt, where it names none."""
    if not entry.debts:
        return (None,)
    if len(entry.debts) == 1:
        return (file.debt(entry.debts[0]),)
    return tuple({debt.key: debt for debt in map(file.debt, entry.debts)}.values())


def combine_debts(verdicts: Iterable[Verdict]) -> Verdict:
    """A communication about several debts counts once for each: the worst of them is its verdict."""
    return min(verdicts, key=_WORST_FIRST.index)


def combine_locations(verdicts: Sequence[Verdict]) -> tuple[Verdict, bool]:
    """Violated where it is in every possible location; unknown where in some; and whether they disagree.

    One location that is unknown, as that of a military address, does not excuse a violation in another: whatever its
    answer turns out to be, the rule is violated somewhere.
    """
    if all(each is Verdict.VIOLATED for each in verdicts):
        return Verdict.VIOLATED, False
    violated_somewhere = Verdict.VIOLATED in verdicts
    if violated_somewhere or Verdict.UNKNOWN in verdicts:
        return Verdict.UNKNOWN, violated_somewhere
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
            _judge(Evaluation(rule, communication, file, world, debt, prior, in_place_of=yields_to, traced=traced))
            for debt in debts
        ]
        judgements.extend(here)
        by_location.append(combine_debts(each.verdict for each in here))
    verdict, disagree = combine_locations(by_location)
    missing = verdict is Verdict.UNKNOWN and Verdict.UNKNOWN in by_location
    return RuleVerdict(rule, verdict, disagree, missing, tuple(judgements))


def _judge(evaluation: Evaluation) -> Judgement:
    """The judgement; an error while judging is an unknown that carries the error."""
    try:
        return evaluation.judge()
    except Exception as error:  # whatever it is, the other rules are still judged, and this one is not passed over
        return evaluation.failed(error)


BY_NUMBER: Final = frozenset({"call", "text", "fax", None})
"""The channels on which an address is a number; one that nobody states may be such."""


class Addressed(Protocol):
    """What has a channel and an address."""

    @property
    def channel(self) -> str | None: ...
    @property
    def address(self) -> str | None: ...


def called_number(communication: Addressed) -> str | None:
    """The number called or texted, where the communication has one."""
    if communication.channel in BY_NUMBER:
        address = communication.address
        return address if address is not None and address.startswith("+") else None
    return None
