"""What is due after an entry of the log, until it is done, and what is overdue."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Due, Outcome
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.ruleset.rulebook import load_rulebook

RULE = """\
rule: us-test-notice
title: No notice within five days of the first letter
jurisdiction: US
law: [{cite: Test Act 1, says: A notice follows within five days.}]
in_force: {from: null}
checked_on: 2026-01-01
confidence: verified
binds: [third_party_collector]
reaches: any
effect: requires
parameters:
  span: {value: 5 calendar days, cite: Test Act 1}
deadline:
  notice_in_time:
    cite: Test Act 1
    after: {entries: [letter], same: [debt]}
    must_follow: {events: [validation_notice_sent], same: [debt]}
    within: span
unless:
  - {id: paid, cite: Test Act 1, when: debt.status is paid}
"""


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Guard:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "notice.yaml").write_text(RULE, encoding="utf-8")
    return Guard(load_rulebook([Path(folder)]))


def at(day: int, hour: int = 17) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def due(
    guard: Guard, day: int, events: tuple[models.Event, ...] = (), status: str | None = None, log_complete: bool = True
) -> tuple[Due, ...]:
    """As of a call of a day of March; a letter was sent on the second."""
    file = ConsumerFile(
        collector=models.Collector(kind="third_party_collector"),
        consumer=models.Consumer(time_zones=("America/Denver",)),
        debts=[models.Debt.model_validate({"id": "d1", "status": status}), models.Debt(id="d2")],
        events=events,
        history=[models.Communication(id="h1", at=at(2), channel="letter", debts=("d1",))],
        log_complete=log_complete,
    )
    call = models.Communication(at=at(day), channel="call", debts=("d1", "d2"))
    decision = guard.check(call, file)
    assert decision.decision is (Outcome.ALLOW if log_complete else Outcome.REVIEW)
    return decision.due


class TestDuties:
    def test_what_is_open_is_told_with_its_last_instant(self, guard: Guard) -> None:
        (found,) = due(guard, 4, status="open")
        assert (found.rule, found.what, found.debt, found.after) == ("us-test-notice", "notice in time", "d1", "h1")
        assert (found.overdue, found.sure) == (False, True)
        assert found.due_at is not None
        assert found.due_at.isoformat() == "2026-03-08T00:00:00-07:00"

    def test_what_has_passed_is_overdue_and_stops_no_call(self, guard: Guard) -> None:
        assert [each.overdue for each in due(guard, 7, status="open")] == [False]
        assert [each.overdue for each in due(guard, 8, status="open")] == [True]

    def test_what_was_done_is_no_longer_due(self, guard: Guard) -> None:
        sent = models.Event(at=at(3), type="validation_notice_sent", debts=("d1",))
        assert due(guard, 4, (sent,)) == ()

    def test_what_was_done_too_late_is_no_longer_to_be_done(self, guard: Guard) -> None:
        sent = models.Event(at=at(9), type="validation_notice_sent", debts=("d1",))
        assert due(guard, 10, (sent,), status="open") == ()

    def test_what_is_excused_is_not_due(self, guard: Guard) -> None:
        assert due(guard, 4, status="paid") == ()

    def test_an_excuse_that_is_unknown_leaves_it_in_doubt(self, guard: Guard) -> None:
        assert [each.sure for each in due(guard, 4, status=None)] == [False]
        assert [each.sure for each in due(guard, 4, status="open")] == [True]

    def test_in_a_log_with_gaps_it_is_in_doubt(self, guard: Guard) -> None:
        found = due(guard, 8, status="open", log_complete=False)
        assert [(each.debt, each.overdue, each.sure) for each in found] == [("d1", True, False)]
