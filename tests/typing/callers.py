"""The calls of README.md and of the manual as a user with strict types writes them; checked by mypy, never run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from fdcpa_guard import (
    Address,
    Collector,
    Communication,
    Consumer,
    ConsumerFile,
    Debt,
    Decision,
    Event,
    Finding,
    Guard,
    Outcome,
    Person,
    Phone,
    Policy,
    Scenario,
    audit,
    check,
    check_many,
    load_rules,
)


def a_document(document: dict[str, object]) -> tuple[str, datetime | None]:
    decision: Decision = check(document)
    return decision.decision.value, decision.permitted_at


def many(documents: list[Scenario], guard: Guard) -> Iterator[Decision]:
    return check_many(documents, guard)


def a_dialer(now: datetime) -> bool:
    guard = load_rules(policy=Policy(unknown="block"))
    file = ConsumerFile(
        collector=Collector(kind="third_party_collector"),
        consumer=Consumer(
            id="c1",
            addresses=(Address(state="OH", zip="43215"),),
            phones=(Phone(number="+16145550100", line="mobile", place="personal"),),
        ),
        debts=[Debt(id="d1", kind="credit_card", placed_at=date(2026, 1, 5))],
        events=[Event(at=now, type="cease_requested", written=True)],
        history=[Communication(id="c1", at=now, channel="call", debts=("d1",), outcome="no_answer")],
    )
    proposed = Communication(
        at=now, channel="call", direction="outbound", person=Person(role="consumer"), debts=("d1",)
    )
    return guard.check(proposed, file).decision is Outcome.ALLOW


def messages(decision: Decision) -> list[str]:
    found: tuple[Finding, ...] = decision.findings
    return [f"{each.cite}: {each.message}" for each in found if each.clears_at is None]


def a_log(log: Path) -> int:
    return audit([log], guard=load_rules(warm=False), collector=Collector(kind="debt_buyer")).summary.violations
