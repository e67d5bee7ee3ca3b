"""What a program needs: load the rules once, check one communication or many, audit a log.

    from fdcpa_guard import Communication, ConsumerFile, load_rules

    guard = load_rules()
    file = ConsumerFile(collector=..., consumer=..., debts=[...], events=[...], history=[...])
    decision = guard.check(Communication(at=..., channel="call", ...), file)
    print(decision.decision, [finding.message for finding in decision.findings], decision.permitted_at)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Decision
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.actions import proposed
from fdcpa_guard.facts.bind import file_of
from fdcpa_guard.facts.models import Scenario
from fdcpa_guard.ruleset.policy import PolicyText, read_policy
from fdcpa_guard.ruleset.rulebook import load_rules_to_judge_by

__all__ = ["check", "check_many", "load_rules"]


def load_rules(
    *folders: str | Path, policy: str | Path | PolicyText | None = None, warm: bool = True
) -> Guard:
    """The rules below some folders, or those that come with the package, ready to judge by.

    Do this once and share the result between threads. `policy` is a user's own policy, or the file that holds it: it
    may tighten any rule, make an unknown block, and name waivers. `warm` compiles what a dialer asks most, so that no
    first call waits for it.

    Raises:
        RuleErrors: every mistake in the rule files; or a folder has none.
        FactsError: the policy names what is not there, or loosens a rule without a waiver.
    """
    text = policy if isinstance(policy, PolicyText) or policy is None else read_policy(Path(policy))
    guard = Guard(load_rules_to_judge_by([Path(folder) for folder in folders] or None), text)
    if warm:
        guard.warm()
    return guard


@cache
def _shipped() -> Guard:
    return load_rules(warm=False)


def check(scenario: Scenario | Mapping[str, object], guard: Guard | None = None) -> Decision:
    """May the communication of a scenario be made, or its action be done? By the shipped rules, if no other are given.

    A scenario is what the model page describes: the communication or action with all that is known of collector,
    consumer, debts, events and history. Nothing reads a clock: the instant judged is that of what is proposed.

    Raises:
        FactsError: the scenario is not of the model's form, or holds nothing to judge.
    """
    said = scenario if isinstance(scenario, Scenario) else _scenario(scenario)
    return (guard or _shipped()).check(proposed(said), file_of(said))


def check_many(
    scenarios: Iterable[Scenario | Mapping[str, object]], guard: Guard | None = None
) -> Iterator[Decision]:
    """The decisions on many scenarios, one at a time and in their order. Raises as `check` does."""
    chosen = guard or _shipped()
    return (check(scenario, chosen) for scenario in scenarios)


def _scenario(document: Mapping[str, object]) -> Scenario:
    try:
        return Scenario.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise FactsError(str(first["msg"]), path) from None
