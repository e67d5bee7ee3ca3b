"""What an audit finds in small logs with known violations."""

from __future__ import annotations

import pytest
from audit_world import (
    FAXES,
    HOURS,
    NOTICE,
    TEXTS,
    THREE_CALLS,
    World,
    account,
    call,
    calls,
    guard_under,
)

from fdcpa_guard.auditing import workers
from fdcpa_guard.auditing.judging import Judge
from fdcpa_guard.auditing.rows import ERROR_RULE, FindingRow
from fdcpa_guard.auditing.run import AuditResult
from fdcpa_guard.auditing.spool import SpooledConsumer
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.ruleset.policy import PolicyText


def of(result: AuditResult, rule: str) -> list[FindingRow]:
    return [finding for finding in result.shown if finding.rule == rule]


class TestCategories:
    def test_a_lawful_log_has_no_finding(self, world: World) -> None:
        world.rows = calls("ann", range(4, 7))
        result = world.audit()
        assert result.shown == ()
        assert result.summary.without_finding == result.summary.communications == 3

    def test_the_fourth_call_in_seven_days_triggers_the_presumption(self, world: World) -> None:
        world.rows = calls("ann", range(4, 8))
        (finding,) = world.audit().shown
        assert (finding.rule, finding.category, finding.status) == (THREE_CALLS, "presumption", "violated")
        assert finding.message == "Call 4 of at most 3 about this debt in seven days."
        assert [(each.id, each.row, each.this_one) for each in finding.counted] == [
            ("ann-4", 1, False),
            ("ann-5", 2, False),
            ("ann-6", 3, False),
            ("ann-7", None, True),
        ]
        assert finding.local == "2024-03-07T10:00:00-06:00"
        assert (finding.at, finding.zone, finding.agent) == ("2024-03-07T16:00:00Z", "America/Chicago", "Ada")
        assert finding.clears_at == "2024-03-11T00:00:00-05:00"

    def test_a_call_that_did_not_connect_is_left_out_and_the_reason_told(self, world: World) -> None:
        world.rows = [*calls("ann", [4, 5, 6, 8]), *calls("ann", [7], outcome="busy")]
        (finding,) = world.audit().shown
        assert [each.id for each in finding.counted] == ["ann-4", "ann-5", "ann-6", "ann-8"]
        assert [(each.id, each.why) for each in finding.left_out] == [("ann-7", "excepted: did-not-connect")]

    def test_a_call_at_half_past_seven_breaks_a_flat_rule(self, world: World) -> None:
        world.rows = [call("ann", 1, "2024-03-04T07:30:00-06:00")]
        (finding,) = world.audit().shown
        assert (finding.rule, finding.category) == (HOURS, "breach")
        assert finding.clears_at == "2024-03-04T08:00:00-06:00"

    def test_without_the_kind_of_debt_a_text_needs_a_person(self, world: World) -> None:
        world.accounts = [account("ann", debt_kind="")]
        world.rows = calls("ann", [4], channel="text")
        result = world.audit()
        (finding,) = result.shown
        assert (finding.rule, finding.category, finding.unknown) == (TEXTS, "person", ("debt.kind",))
        assert [(fact.fact, fact.communications, fact.alone) for fact in result.summary.missing_facts] == [
            ("debt.kind", 1, 1)
        ]

    def test_advice_is_no_violation(self, world: World) -> None:
        world.rows = calls("ann", [4], channel="fax")
        result = world.audit()
        assert [(finding.rule, finding.category) for finding in result.shown] == [(FAXES, "advice")]
        assert result.summary.violations == 0

    def test_a_waived_finding_is_shown_as_waived_and_counted_as_nothing_else(self, world: World) -> None:
        waiver = {"rule": HOURS, "name": "Cy", "reason": "agreed with the consumer", "until": "2024-03-31"}
        world.guard = guard_under(PolicyText.model_validate({"waivers": [waiver]}))
        world.rows = [call("ann", 1, "2024-03-04T07:30:00-06:00")]
        result = world.audit()
        (finding,) = result.shown
        assert finding.waiver is not None
        assert (finding.category, finding.waiver.name) == ("breach", "Cy")
        assert (result.summary.waived, result.summary.violations, result.summary.without_finding) == (1, 0, 1)

    def test_an_inbound_call_is_judged_too(self, world: World) -> None:
        world.rows = calls("ann", [4], direction="inbound")
        assert (world.audit().summary.inbound, world.audit().summary.outbound) == (1, 0)


class TestTheLog:
    def test_of_two_calls_at_one_instant_only_the_later_id_sees_the_other(self, world: World) -> None:
        world.rows = [*calls("ann", range(4, 6)), call("ann", 8, "2024-03-06T10:00:00-06:00")]
        world.rows.append(call("ann", 9, "2024-03-06T10:00:00-06:00"))
        (finding,) = world.audit().shown
        assert finding.communication == "ann-9"

    def test_a_row_given_twice_counts_once(self, world: World) -> None:
        rows = calls("ann", range(4, 7))
        world.rows = [*rows, *rows]
        result = world.audit()
        assert (result.shown, result.summary.communications) == ((), 3)
        assert result.summary.problems["duplicate_id"] == 3

    def test_rows_without_an_id_are_judged_each(self, world: World) -> None:
        world.rows = calls("ann", range(4, 8), id="")
        (finding,) = world.audit().shown
        assert (finding.communication, finding.row, finding.clears_at) == (None, 4, "2024-03-11T00:00:00-05:00")
        assert [each.row for each in finding.counted if not each.this_one] == [1, 2, 3]

    def test_a_broken_row_leaves_its_consumer_undecided_and_nobody_else(self, world: World) -> None:
        world.rows = [*calls("ann", [4, 5]), *calls("bob", [4]), call("ann", 9, "yesterday")]
        result = world.audit()
        assert {(finding.consumer_id, finding.category) for finding in result.shown} == {("ann", "person")}
        assert all("log_complete" in finding.unknown for finding in of(result, THREE_CALLS))
        assert (result.summary.consumers_with_gaps, result.summary.log_may_lack_entries) == (1, False)

    def test_a_consumer_all_of_whose_rows_are_broken_is_told_too(self, world: World) -> None:
        world.rows = [*calls("bob", [4]), call("ann", 9, "yesterday")]
        summary = world.audit().summary
        assert (summary.consumers, summary.consumers_with_gaps) == (1, 1)

    def test_a_broken_row_of_nobody_is_told_of_the_whole_log(self, world: World) -> None:
        world.rows = [*calls("ann", [4]), call("", 9, "2024-03-05T10:00:00-06:00")]
        result = world.audit()
        assert result.summary.log_may_lack_entries
        assert result.summary.lost_rows_of_unknown_consumers == 1
        assert result.shown == ()

    def test_an_unknown_outcome_is_a_problem_and_an_open_question(self, world: World) -> None:
        world.rows = calls("ann", range(4, 8))
        world.rows[0]["outcome"] = "BOGUS"
        result = world.audit()
        assert any(problem.value == "BOGUS" for problem in result.first_problems)
        (finding,) = result.shown
        assert (finding.category, finding.unknown) == ("person", ("entry.outcome",))
        assert [(fact.fact, fact.alone) for fact in result.summary.missing_facts] == [("communication.outcome", 1)]

    def test_a_time_without_a_zone_is_read_only_by_the_clock_that_is_named(self, world: World) -> None:
        world.rows = [call("ann", 1, "2024-03-04T07:30:00")]
        assert world.audit().summary.communications == 0
        assert [f.rule for f in world.audit(options=LogOptions(zone="America/Chicago")).shown] == [HOURS]

    def test_a_consumer_of_the_accounts_alone_is_no_problem(self, world: World) -> None:
        world.rows = calls("ann", [4])
        summary = world.audit().summary
        assert (summary.consumers, summary.problems.get("contradiction")) == (1, None)

    def test_an_empty_log_is_no_error(self, world: World) -> None:
        world.rows = calls("ann", [4])
        world.rows[0]["at"] = ""
        summary = world.audit(out="out").summary
        assert (summary.communications, summary.first_communication) == (0, None)


class TestErrors:
    def test_an_error_with_one_consumer_is_a_finding_and_the_others_are_judged(self, world: World) -> None:
        world.rows = [*calls("ann", [4]), *calls("bob", range(4, 8))]
        world.guard = _failing_for("ann-4")
        result = world.audit(engine="scalar")
        first, second = result.shown
        assert (first.rule, first.category, first.of) == (ERROR_RULE, "person", "error")
        assert first.message == "could not be judged: RuntimeError: no answer"
        assert (second.rule, second.consumer_id) == (THREE_CALLS, "bob")
        assert result.summary.errors == 1

    def test_an_error_beside_the_rules_ends_nothing_either(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise ZeroDivisionError("at the end")

        monkeypatch.setattr(Judge, "_at_the_end", fail)
        world.rows = [*calls("ann", range(4, 8)), *calls("bob", range(4, 8))]
        found = [(finding.consumer_id, finding.rule) for finding in world.audit().shown]
        assert found == [(name, rule) for name in ("ann", "bob") for rule in (THREE_CALLS, ERROR_RULE)]

    def test_a_consumer_whose_file_cannot_be_made_is_undecided(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = workers.consumer_log

        def fail(spooled: SpooledConsumer, *more: object) -> object:
            if spooled.consumer_id == "ann":
                raise FactsError("no such zone")
            return made(spooled, *more)  # type: ignore[arg-type]

        monkeypatch.setattr(workers, "consumer_log", fail)
        world.rows = [*calls("ann", [4, 5]), *calls("bob", range(4, 8))]
        result = world.audit(engine="scalar")
        assert [(finding.consumer_id, finding.rule) for finding in result.shown] == [
            ("ann", ERROR_RULE),
            ("ann", ERROR_RULE),
            ("bob", THREE_CALLS),
        ]
        assert result.summary.communications == 6

    def test_where_nothing_says_where_the_consumer_is_times_are_undecided_and_shown_in_utc(self, world: World) -> None:
        world.accounts = []
        world.rows = calls("ann", [4], address="")
        (finding,) = [each for each in world.audit().shown if each.rule == HOURS]
        assert (finding.unknown, finding.zone, finding.local) == (
            ("communication.local_time",),
            None,
            "2024-03-04T16:00:00+00:00",
        )

    def test_without_a_kind_of_collector_the_summary_says_what_that_means(self, world: World) -> None:
        world.rows = calls("ann", [4])
        summary = world.audit(collector=Collector()).summary
        assert summary.not_checked.never_stated[0].fact == "collector.kind"
        assert "kind of collector" in summary.notes[0]


def _failing_for(communication: str) -> object:
    from audit_world import RULES

    from fdcpa_guard.engine.deciding import Guard
    from fdcpa_guard.engine.decision import Decision
    from fdcpa_guard.facts.bind import ConsumerFile
    from fdcpa_guard.facts.entries import Entry
    from fdcpa_guard.ruleset.rulebook import load_rulebook

    class Failing(Guard):
        def decide(self, entry: Entry, file: ConsumerFile, prior: object = None) -> Decision:  # type: ignore[override]
            if entry.id == communication:
                raise RuntimeError("no answer")
            return super().decide(entry, file, prior)  # type: ignore[arg-type]

    return Failing(load_rulebook([RULES]))


class TestDeadlines:
    def letter(self, day: int) -> dict[str, str]:
        return call("ann", day, f"2024-03-{day:02d}T10:00:00-06:00", channel="letter", outcome="delivered")

    def test_a_missed_deadline_is_told_once_at_the_first_contact_after_it(self, world: World) -> None:
        world.rows = [self.letter(4), *calls("ann", [12, 20, 28])]
        found = of(world.audit(), NOTICE)
        assert [(finding.communication, finding.of) for finding in found] == [("ann-12", "communication")]

    def test_one_that_runs_out_after_the_last_contact_is_told_at_the_end_of_the_log(self, world: World) -> None:
        world.rows = [self.letter(4), *calls("bob", [28])]
        (finding,) = of(world.audit(), NOTICE)
        assert (finding.of, finding.consumer_id, finding.status) == ("end_of_log", "ann", "violated")
        assert finding.local == "2024-03-28T11:00:00-05:00"

    def test_at_the_end_every_debt_is_asked_about_and_none_is_told_twice(self, world: World) -> None:
        """Of two debts, the last contact is about one, at the last instant of the log."""
        world.rows = [self.letter(4), self.letter(5) | {"debt_ids": "other"}, *calls("ann", [12, 28])]
        found = of(world.audit(), NOTICE)
        assert [(finding.of, finding.debts) for finding in found] == [
            ("communication", ("debt-ann",)),
            ("end_of_log", ("other",)),
        ]

    def test_one_that_is_still_open_at_the_end_is_not(self, world: World) -> None:
        world.rows = [self.letter(4), *calls("bob", [7])]
        assert of(world.audit(), NOTICE) == []

    def test_one_that_was_met_is_not(self, world: World) -> None:
        world.rows = [self.letter(4), *calls("bob", [28])]
        world.events = [{"consumer_id": "ann", "at": "2024-03-06T09:00:00-06:00", "type": "validation_notice_sent"}]
        assert of(world.audit(), NOTICE) == []


class TestKnowledge:
    def test_what_became_known_later_counts_as_known_now_and_not_as_known_then(self, world: World) -> None:
        """Comment 14(b)(2)(i)-3: a number later learnt to be another's takes its calls out of the count."""
        late = "2024-03-20T10:00:00-05:00"
        world.rows = calls("ann", range(4, 8))
        world.rows[0]["known_at"] = late
        for row in world.rows[1:]:
            row["known_at"] = row["at"]
        assert world.audit().shown == ()
        result = world.audit(as_known="now")
        assert [finding.rule for finding in result.shown] == [THREE_CALLS]
        assert result.summary.known_until == "2024-03-20T15:00:00Z"


class TestVendorExports:
    def test_whose_a_number_is_comes_from_the_accounts(self, world: World) -> None:
        world.accounts = [account("ann", phone1="+15125550100"), account("bob", phone1="+15125550101")]
        row = {"to": "+15125550100", "from": "+15125550199", "direction": "outbound-api", "status": "no-answer"}
        world.rows = [
            {"sid": f"CA{number:032x}", "start_time": f"2024-03-04T13:0{number}:00Z", **row} for number in range(2)
        ]
        result = world.audit(options=LogOptions(format="twilio"))
        assert {finding.consumer_id for finding in result.shown} == {"ann"}
        assert result.summary.by_rule[0].rule == HOURS


class TestWaiting:
    def test_what_waiting_would_have_cured_does_not_look_at_what_was_done_instead(self, world: World) -> None:
        world.rows = calls("ann", range(4, 20))
        first = world.audit().shown[0]
        assert (first.communication, first.clears_at) == ("ann-7", "2024-03-11T00:00:00-05:00")


class TestOneConsumerWithVeryManyFindings:
    def test_the_first_are_told_closely_the_next_in_full_the_rest_in_brief(self, world: World) -> None:
        world.rows = [
            call("ann", minute, f"2024-03-04T{6 + minute // 60:02d}:{minute % 60:02d}:00-06:00", channel="text")
            for minute in range(70)
        ]
        found = world.audit().shown
        assert len(found) == 70
        assert [finding.clears_at is not None for finding in found] == [True] * 10 + [False] * 60
        assert [finding.in_full for finding in found] == [True] * 50 + [False] * 20
        assert found[-1].message.startswith("A contact before 8 in the morning or after 9 at night (in brief")
        assert {(finding.rule, finding.category) for finding in found} == {(HOURS, "breach")}
