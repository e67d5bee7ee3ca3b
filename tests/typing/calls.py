"""The README's calls as a user would type them; `mypy --strict` must find nothing to say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from fdcpa_guard import (
    Address,
    Collector,
    Communication,
    Consumer,
    ConsumerFile,
    Debt,
    Decision,
    Event,
    FactsError,
    Finding,
    Guard,
    GuardError,
    Outcome,
    Person,
    Phone,
    Policy,
    RuleErrors,
    Scenario,
    check,
    check_many,
    load_rules,
)


def may_be_made(scenario: Scenario) -> bool:
    decision: Decision = check(scenario)
    return decision.decision is Outcome.ALLOW


def from_a_document(document: dict[str, object], guard: Guard) -> datetime | None:
    try:
        decision = check(document, guard)
    except FactsError as error:
        print(error.path, error.message, error.hint)
        return None
    return decision.permitted_at


def told(finding: Finding) -> tuple[str, str, str, datetime | None]:
    return finding.rule, finding.cite, finding.message, finding.clears_at


def a_dial_list(scenarios: list[Scenario]) -> Iterator[tuple[Outcome, tuple[str, ...]]]:
    for decision in check_many(scenarios, load_rules(policy=Policy(unknown="block"))):
        yield decision.decision, decision.unknown


def a_file_of_ones_own(at: datetime) -> Decision:
    file = ConsumerFile(
        collector=Collector(kind="third_party_collector"),
        consumer=Consumer(
            id="c1",
            addresses=(Address(kind="home", state="TX", zip="78701"),),
            phones=(Phone(number="+15125550100", line="mobile", place="personal"),),
        ),
        debts=[Debt(id="d1", kind="credit_card")],
        events=[Event(at=at, type="cease_requested", written=True)],
        history=[Communication(id="h1", at=at, channel="call", debts=("d1",), outcome="no_answer")],
    )
    proposed = Communication(
        at=at, channel="call", person=Person(role="consumer"), address="+15125550100", debts=("d1",)
    )
    return load_rules("rules", warm=False).check(proposed, file)


def loaded(*folders: str) -> Guard | None:
    try:
        return load_rules(*folders)
    except RuleErrors as errors:
        for error in errors.errors:
            print(error)
    except GuardError as error:
        print(error)
    return None
