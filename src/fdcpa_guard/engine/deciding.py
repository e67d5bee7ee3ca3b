"""All rules on one communication: the decision, its findings, and the next instant at which it would be allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from fdcpa_guard.engine.decision import Decision, Finding, Outcome, Verdict, Waiver
from fdcpa_guard.engine.findings import OUTCOMES, finding_of
from fdcpa_guard.engine.verdicts import RuleVerdict, called_number, judge_rule
from fdcpa_guard.facts.bind import ConsumerFile, Entry, World
from fdcpa_guard.facts.clock import Clock
from fdcpa_guard.facts.models import Communication
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.ruleset.policy import Policy, PolicyText, apply_policy
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.values import datetime_of

_WORST_FIRST = (Outcome.BLOCK, Outcome.REVIEW, Outcome.ALLOW)
_FLAGGED = (Verdict.VIOLATED, Verdict.UNKNOWN)
_MOST_STEPS: Final = 400
"""How many changes are followed in search of the next lawful instant, before the answer is that none was found."""


class Guard:
    """Rules, loaded and ready: judges communications against a consumer's file.

    Immutable after construction, so one `Guard` serves every thread.
    """

    def __init__(self, rulebook: Rulebook, policy: PolicyText | None = None) -> None:
        self.rulebook = rulebook
        self.policy: Policy = apply_policy(rulebook.rules, policy)
        self.rules = self.policy.rules
        by_id = {rule.id: rule for rule in self.rules}
        self._yields: dict[str, tuple[Rule, ...]] = {
            rule.id: tuple(by_id[other] for other in rule.yields_to if other in by_id) for rule in self.rules
        }

    def check(self, communication: Communication, file: ConsumerFile) -> Decision:
        """May this be done? See `Decision`. The instant judged is the communication's own; nothing reads a clock."""
        return self.decide(Entry(communication, of_log=False), file)

    def decide(self, communication: Entry, file: ConsumerFile, prior: Sequence[Entry] | None = None) -> Decision:
        """The same for a communication already bound; `prior` are the entries before it, else the file's own."""
        verdicts = self.flagged(communication, file, file.prior(communication) if prior is None else prior)
        worlds = file.worlds(called_number(communication))
        clock = next((world.clock for world in worlds if world.clock is not None), None)
        findings = tuple(
            finding_of(
                verdict,
                worlds,
                self._waiver(verdict.rule, communication, worlds),
                partial(self._clears_at, verdict, communication, file, clock),
            )
            for verdict in verdicts
        )
        return Decision(
            decision=outcome_of(findings),
            findings=findings,
            unknown=tuple(sorted({name for finding in findings for name in finding.unknown})),
            rules_version=self.rulebook.version,
            as_of=_shown(communication.at if file.as_of is None else file.as_of, clock),
            due=(),
            waivers=tuple(finding.waiver for finding in findings if finding.waiver is not None),
            seek=partial(self._permitted_at, verdicts, communication, file, clock),
        )

    def judge(self, rule: Rule, communication: Entry, file: ConsumerFile, *, traced: bool = False) -> RuleVerdict:
        """One rule on one communication, by the definition."""
        prior = file.prior(communication)
        return judge_rule(rule, communication, file, prior, yields_to=self._yields[rule.id], traced=traced)

    def flagged(self, communication: Entry, file: ConsumerFile, prior: Sequence[Entry]) -> list[RuleVerdict]:
        """The rules that are violated or unknown, with the account of each, in the order of their ids."""
        found = (
            judge_rule(rule, communication, file, prior, yields_to=self._yields[rule.id], traced=False)
            for rule in self.rules
        )
        return [each for each in found if each.verdict in _FLAGGED]

    def _waiver(self, rule: Rule, communication: Entry, worlds: Iterable[World]) -> Waiver | None:
        # The latest day that it may be where the consumer is: a waiver never outlives its own last day.
        days = [world.clock.day(communication.at) for world in worlds if world.clock is not None]
        day = max(days, default=datetime_of(communication.at).toordinal() + 1)
        waiver = self.policy.waiver_for(rule.id, day)
        return None if waiver is None else Waiver(waiver.rule, waiver.name, waiver.reason, waiver.until)

    # -- what waiting cures ----------------------------------------------------------------------------------------------

    def _clears_at(
        self, verdict: RuleVerdict, communication: Entry, file: ConsumerFile, clock: Clock | None
    ) -> datetime | None:
        """Steps over the instants at which one rule's ingredients change until it is neither violated nor unknown."""
        for _ in range(_MOST_STEPS):
            change = _next_change(verdict)
            if change is None:
                return None
            # Just after the change: what follows a boundary, whatever the law says of the boundary itself.
            verdict = self.judge(verdict.rule, communication.moved_to(change + 1), file)
            if verdict.verdict not in _FLAGGED:
                return _shown(change, clock)
        return None

    def _permitted_at(
        self, verdicts: Sequence[RuleVerdict], communication: Entry, file: ConsumerFile, clock: Clock | None
    ) -> datetime | None:
        """The same over all rules: none can clear before the first change of each has come."""
        change: int | None = communication.at
        for _ in range(_MOST_STEPS):
            in_the_way = [each for each in verdicts if self._stops(each, communication, file)]
            if not in_the_way:
                return _shown(change, clock)
            changes = [_next_change(each) for each in in_the_way]
            if None in changes:
                return None
            change = max(each for each in changes if each is not None)
            communication = communication.moved_to(change + 1)
            verdicts = self.flagged(communication, file, file.prior(communication))
        return None

    def _stops(self, verdict: RuleVerdict, communication: Entry, file: ConsumerFile) -> bool:
        consequence = verdict.consequence
        if consequence is None or OUTCOMES[consequence] is Outcome.ALLOW:
            return False
        return self._waiver(verdict.rule, communication, file.worlds(called_number(communication))) is None


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """The worst of the findings' consequences; allowed where there is none."""
    return min((finding.consequence for finding in findings), key=_WORST_FIRST.index, default=Outcome.ALLOW)


def _next_change(verdict: RuleVerdict) -> int | None:
    return min((change for each in verdict.judgements for change in each.changes_at), default=None)


def _shown(instant: int, clock: Clock | None) -> datetime:
    return datetime_of(instant) if clock is None else clock.show(instant)
