"""From the verdict of a rule to the finding that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from fdcpa_guard.engine.decision import Counted, Judgement, Outcome, Status, Verdict, Waiver
from fdcpa_guard.engine.formatting import show_value
from fdcpa_guard.engine.interpreter import counts_told
from fdcpa_guard.engine.verdicts import Flag, OpenAccount, RuleVerdict
from fdcpa_guard.facts.bind import World
from fdcpa_guard.rulefile.model import Consequence, Effect, Rule
from fdcpa_guard.values import Range, Truth, datetime_of

_EFFECTS = {
    Effect.PROHIBITS: "prohibited",
    Effect.PRESUMES_VIOLATION: "presumed_violation",
    Effect.REQUIRES: "missing_requirement",
    Effect.ADVISES: "advice",
}
OUTCOMES = {
    Consequence.BLOCK: Outcome.BLOCK,
    Consequence.REVIEW: Outcome.REVIEW,
    Consequence.NOTE: Outcome.ALLOW,
}


@dataclass(frozen=True, slots=True)
class Account:
    """What stands behind a finding."""

    facts: Mapping[str, str]
    counted: tuple[Counted, ...]
    unknown: tuple[str, ...]
    debts: tuple[str, ...]


class Finding:
    """A rule that is violated, or that cannot be decided for want of facts.

    What it rests on (`facts`, `counted`, `unknown`, `debts`) is worked out by the interpreter when first asked for,
    and `message` and `clears_at` likewise.
    """

    __slots__ = ("_account", "_clears_at", "_flag", "_message", "_seek", "_worlds", "consequence", "waiver")

    consequence: Outcome
    """What it alone makes of the decision; `allow` for advice, and under a waiver."""
    waiver: Waiver | None

    def __init__(
        self, flag: Flag, worlds: tuple[World, ...], waiver: Waiver | None, seek: Callable[[Flag], datetime | None]
    ) -> None:
        self.consequence = Outcome.ALLOW if waiver is not None else OUTCOMES[flag.consequence]
        self.waiver = waiver
        self._flag = flag
        self._worlds = worlds
        self._seek = seek
        self._message: str | None = None
        self._account: Account | None = None
        self._clears_at: tuple[datetime | None] | None = None

    def __repr__(self) -> str:
        return f"Finding({self.rule}: {self.status.value})"

    @property
    def rule(self) -> str:
        """The rule's id."""
        return self._flag.rule.id

    @property
    def title(self) -> str:
        return self._flag.rule.title

    @property
    def cite(self) -> str:
        """The citation that stands first in the rule."""
        return self._flag.rule.cite

    @property
    def cites(self) -> tuple[str, ...]:
        """Every citation of the rule's law."""
        return self._flag.rule.cites

    @property
    def jurisdiction(self) -> str:
        return self._flag.rule.jurisdiction

    @property
    def status(self) -> Status:
        return Status.VIOLATED if self._flag.verdict is Verdict.VIOLATED else Status.UNKNOWN

    @property
    def effect(self) -> str:
        """prohibited, presumed_violation, missing_requirement, advice."""
        return _EFFECTS[self._flag.rule.effect]

    @property
    def confidence(self) -> str:
        """verified; recalled where the law's text was not in hand when the rule was written."""
        return self._flag.rule.confidence.value

    @property
    def message(self) -> str:
        """One sentence that a person can act on."""
        if self._message is None:
            self._message = message_of(self._flag)
        return self._message

    @property
    def _told(self) -> Account:
        if self._account is None:
            self._account = _account(self._flag, self._worlds)
        return self._account

    @property
    def facts(self) -> Mapping[str, str]:
        """The facts that the rule used, as people read them."""
        return self._told.facts

    @property
    def counted(self) -> tuple[Counted, ...]:
        """The earlier communications and events on which it rests, in order of time."""
        return self._told.counted

    @property
    def unknown(self) -> tuple[str, ...]:
        """The facts for want of which it is undecided; empty where it is violated."""
        return self._told.unknown

    @property
    def debts(self) -> tuple[str, ...]:
        """The debts for which it is violated or undecided; empty where the rule does not look at one debt at a time."""
        return self._told.debts

    @property
    def clears_at(self) -> datetime | None:
        """When waiting alone would cure it; None where it never would."""
        if self._clears_at is None:
            self._clears_at = (self._seek(self._flag),)
        return self._clears_at[0]


def judgements_of(finding: Finding) -> tuple[Judgement, ...]:
    """Everything that the definition says of the rule: in every possible location, and for every debt."""
    return finding._flag.account.judgements


def _account(flag: Flag, worlds: tuple[World, ...]) -> Account:
    verdict = flag.account
    telling = _telling(verdict)
    facts: dict[str, str] = {}
    for each in telling:
        facts.update(each.facts)
    return Account(
        facts=facts,
        counted=_counted(telling, worlds),
        unknown=verdict.lacked,
        debts=tuple(dict.fromkeys(each.debt for each in telling if each.debt is not None)),
    )


def _counted(telling: Iterable[Judgement], worlds: tuple[World, ...]) -> tuple[Counted, ...]:
    clock = next((world.clock for world in worlds if world.clock is not None), None)
    found: dict[tuple[str, str, int], Counted] = {}
    for judgement in telling:
        for block in judgement.blocks:
            for looked in block.looked_at:
                if looked.counted is not Truth.FALSE:
                    at = datetime_of(looked.at) if clock is None else clock.show(looked.at)
                    sure = looked.counted is Truth.TRUE
                    found[(block.name, looked.id, looked.at)] = Counted(looked.id, at, block.name, sure)
    return tuple(sorted(found.values(), key=lambda each: (each.at, each.block, each.id)))


def _telling(verdict: RuleVerdict) -> list[Judgement]:
    return [each for each in verdict.judgements if each.verdict in (Verdict.VIOLATED, Verdict.UNKNOWN)]


def message_of(flag: Flag) -> str:
    """One sentence that a person can act on."""
    if flag.first is not None:
        day, counts = flag.first
        names = counts_told(flag.rule)
        return _filled(flag.rule, day, counts(names) if names else {})
    verdict = flag.account
    rule, telling = verdict.rule, _telling(verdict)
    first = telling[0]
    if verdict.verdict is Verdict.VIOLATED:
        text = _filled(rule, first.day, first.counts)
        return f"{text} (missing or not allowed: {', '.join(first.items)})" if first.items else text
    return message_of_unknown(verdict)


def message_of_unknown(account: RuleVerdict | OpenAccount) -> str:
    """What is open, and what would settle it."""
    telling = [each for each in account.judgements if each.verdict in (Verdict.VIOLATED, Verdict.UNKNOWN)]
    because = list(dict.fromkeys(reason for each in telling for reason in each.because))
    parts: list[str] = []
    if account.locations_disagree:
        where = [each.location for each in telling if each.verdict is Verdict.VIOLATED]
        open_ = [each.location for each in telling]
        other = [each.location for each in account.judgements if each.location not in open_]
        clear = f", not if where {_listed(other)} points" if other else ""
        parts.append(f"violated if the consumer is where {_listed(where)} points{clear}")
    if because:
        parts.append("; ".join(because))
    missing = [name for name in account.lacked if name != "consumer.location" or not account.locations_disagree]
    if missing:
        parts.append(f"cannot be decided without {_listed(missing)}")
    return f"{account.rule.title}: {'; '.join(parts) or 'cannot be decided'}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


@lru_cache(maxsize=4096)
def _parameters_on(rule: Rule, day: int) -> Mapping[str, str]:
    return {name: show_value(each.on(day), each.type, None) for name, each in rule.parameters.items()}


def _filled(rule: Rule, day: int, counts: Mapping[str, Range]) -> str:
    """The rule's message with the counts, and the parameters of that day, which it names."""
    parameters = _parameters_on(rule, day)
    if rule.message is not None:
        text = rule.message
        if "{" in text:
            for name, count in counts.items():
                text = text.replace("{" + name + "}", str(count))
            for name, value in parameters.items():
                text = text.replace("{" + name + "}", value)
        return text
    counted = "; ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items())
    limits = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in parameters.items())
    told = "; ".join(part for part in (counted, limits) if part)
    return f"{rule.title} ({told})" if told else rule.title
