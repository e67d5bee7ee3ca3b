"""Actions in an audit: judged among the communications, in order of time, and counted apart from them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from audit_world import COLLECTOR, World, account, calls
from test_audit_findings import of

from fdcpa_guard.auditing.consumers import ConsumerLog
from fdcpa_guard.auditing.judging import Judge, Terms
from fdcpa_guard.cli.audit import exit_code
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import LogAction
from fdcpa_guard.facts.models import Action

FURNISHING = "us-sample-furnishing"


def furnishing(consumer: str, at: str, **more: str) -> dict[str, str]:
    return {"id": f"{consumer}-f", "consumer_id": consumer, "at": at, "type": "furnish", "debt_ids": f"debt-{consumer}", **more}


class TestActions:
    def test_one_is_judged_by_what_came_before_it(self, world: World) -> None:
        world.rows = calls("ann", [4, 12, 20])
        world.actions = [furnishing("ann", "2024-03-12T12:00:00-05:00")]
        result = world.audit()
        (finding,) = of(result, FURNISHING)
        assert (finding.of, finding.communication, finding.channel) == ("action", "ann-f", "furnish")
        assert (finding.status, finding.category, finding.debts) == ("violated", "breach", ("debt-ann",))
        assert finding.message == "Furnished after 2 calls, and no notice was sent."
        assert finding.file is not None
        assert finding.file.endswith("actions.csv")

    def test_an_event_before_it_counts_and_one_after_it_does_not(self, world: World) -> None:
        world.rows = calls("ann", [4])
        world.actions = [furnishing("ann", "2024-03-12T10:00:00-05:00")]
        world.events = [{"consumer_id": "ann", "at": "2024-03-13T09:00:00-05:00", "type": "validation_notice_sent"}]
        assert len(of(world.audit(), FURNISHING)) == 1
        world.events[0]["at"] = "2024-03-11T09:00:00-05:00"
        assert of(world.audit(), FURNISHING) == []

    def test_a_consumer_without_communications_is_judged_too(self, world: World) -> None:
        world.rows = calls("bob", [4])
        world.accounts = [account("ann"), account("bob")]
        world.actions = [furnishing("ann", "2024-03-12T10:00:00-05:00")]
        result = world.audit()
        assert [finding.consumer_id for finding in of(result, FURNISHING)] == ["ann"]
        assert (result.summary.actions, result.summary.communications, result.summary.consumers) == (1, 1, 2)

    def test_the_same_id_twice_is_one_action(self, world: World) -> None:
        world.rows = calls("ann", [4])
        world.actions = [furnishing("ann", "2024-03-12T10:00:00-05:00")] * 2
        result = world.audit()
        assert len(of(result, FURNISHING)) == 1
        assert result.summary.actions == 1
        assert [each.row for each in result.first_problems if each.kind == ProblemKind.DUPLICATE_ID.value] == [2]

    def test_two_of_one_id_that_differ_are_both_judged_and_told(self, world: World) -> None:
        world.rows = calls("ann", [4])
        world.events = [{"consumer_id": "ann", "at": "2024-03-11T09:00:00-05:00", "type": "validation_notice_sent"}]
        world.actions = [furnishing("ann", f"2024-03-{day}T10:00:00-05:00") for day in ("10", "12")]
        result = world.audit()
        (finding,) = of(result, FURNISHING)
        assert (finding.local[:10], result.summary.actions) == ("2024-03-10", 2)
        (problem,) = (each for each in result.first_problems if each.kind == ProblemKind.CONTRADICTION.value)
        assert (problem.row, problem.column, problem.value, problem.left_out) == (2, "id", "ann-f", False)

    def test_a_bad_row_is_told_and_the_others_are_judged(self, world: World) -> None:
        world.rows = calls("ann", [4])
        bad = furnishing("ann", "2024-03-12T10:00:00-05:00") | {"id": "x", "type": "telepathy"}
        world.actions = [bad, furnishing("ann", "2024-03-14T10:00:00-05:00")]
        result = world.audit()
        assert [finding.communication for finding in of(result, FURNISHING)] == ["ann-f"]
        (problem,) = (each for each in result.first_problems if each.kind == ProblemKind.BAD_VALUE.value)
        assert (problem.row, problem.column, problem.value) == (1, "type", "telepathy")
        # No count and no absence rests on actions: a lost one leaves the log of communications complete.
        assert [finding.status for finding in of(result, FURNISHING)] == ["violated"]
        assert (result.summary.consumers_with_gaps, result.summary.log_may_lack_entries) == (0, False)
        assert result.summary.lost_actions == 1

    @pytest.mark.parametrize("field", [{"asserts": "threatens_arest"}, {"at": "25:00"}])
    def test_nor_is_a_log_of_which_a_value_or_a_row_was_not_read(self, world: World, field: dict[str, str]) -> None:
        world.rows = [*calls("ann", [4]), *calls("bob", [5])]
        world.accounts = [account("ann"), account("bob")]
        assert exit_code(world.audit().summary) == 0
        world.rows[1] |= field
        assert exit_code(world.audit().summary) == 3

    def test_one_that_cannot_be_read_is_no_clean_audit(self, world: World) -> None:
        world.rows = calls("ann", [4])
        world.actions = [furnishing("ann", "2024-03-12T10:00:00-05:00") | {"type": "telepathy"}]
        assert exit_code(world.audit().summary) == 3
        world.actions = [furnishing("ann", "2024-03-12T10:00:00-05:00")]
        world.events = [{"consumer_id": "ann", "at": "2024-03-11T09:00:00-05:00", "type": "validation_notice_sent"}]
        assert exit_code(world.audit().summary) == 0

    def test_calls_are_judged_as_if_no_action_stood_between_them(self, world: World) -> None:
        world.rows = calls("ann", range(4, 9))
        alone = [finding for finding in world.audit().shown if finding.rule != FURNISHING]
        world.actions = [furnishing("ann", f"2024-03-{day:02d}T10:00:00-06:00", id=f"f{day}") for day in range(4, 9)]
        assert [finding for finding in world.audit().shown if finding.rule != FURNISHING] == alone


class TestErrors:
    def test_of_a_consumer_with_actions_alone_are_told(self, world: World) -> None:
        action = Action.model_validate({"id": "f", "at": "2024-03-12T10:00:00-05:00", "type": "furnish"})
        told = LogAction("ann", 1, "actions.csv", action)
        judge = Judge(Terms(world.guard, COLLECTOR, None, None))
        error = RuntimeError("no answer")
        (row,) = judge.not_judged((), (told,), error)
        assert (row.communication, row.of, row.category) == ("f", "error", "person")
        log = ConsumerLog("ann", ConsumerFile(), (), (told,), (), has_account=False)
        assert judge.broken_off(log, error).communication == "f"
        assert judge.broken_off(replace(log, actions=()), error).file is None
