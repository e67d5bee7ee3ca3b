"""An audit that goes on from day to day gives what an audit of all files at once would give, and says what it says otherwise."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from audit_world import (
    COLLECTOR,
    HOURS,
    NOTICE,
    RULES,
    THREE_CALLS,
    Row,
    account,
    call,
    calls,
    guard,
    guard_under,
    write,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fdcpa_guard.auditing.continued import run as continued_run
from fdcpa_guard.auditing.continued import source
from fdcpa_guard.auditing.continued.state import State
from fdcpa_guard.auditing.evidence import verify_audit
from fdcpa_guard.auditing.run import AuditResult, run_audit
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import FactsError, OutputError
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.ruleset.policy import PolicyText
from fdcpa_guard.ruleset.rulebook import load_rulebook
from fdcpa_guard.simulate import Parameters, simulate

STOP = "us-sample-stop"
_STOP = """
rule: us-sample-stop
title: A call after a request to stop
jurisdiction: US
law:
  - cite: Sample Act § 9
    says: No call after the consumer has asked to stop.
in_force: {from: 2020-01-01}
checked_on: 2026-11-03
confidence: verified
binds: [third_party_collector]
reaches: [call]
effect: prohibits
standing:
  asked_to_stop:
    cite: Sample Act § 9
    begins: [{events: [cease_requested], same: [debt]}]
    ends: [{events: [cease_withdrawn], same: [debt]}]
applies_when: communication.direction is outbound
violated_when: asked_to_stop
"""
Part = dict[str, list[Row]]
"""What one run brings: rows of the log, accounts, events and actions."""


@dataclass
class Days:
    """Runs that add to one state, and audits of all that they brought."""

    folder: Path
    guard: Guard = field(default_factory=guard)
    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)

    def day(self, *rows: Row, **more: list[Row]) -> AuditResult:
        """A run that brings some rows; `out` has its results."""
        self.parts.append({"log": list(rows), **more})
        return self.run(len(self.parts) - 1)

    def run(self, number: int, **more: Any) -> AuditResult:
        part = self.parts[number]
        others = {
            kind: write(self.folder / f"{kind}-{number}.csv", rows) for kind, rows in part.items() if kind != "log" and rows
        }
        log = [write(self.folder / f"log-{number}.csv", part["log"])] if part["log"] else []
        options: dict[str, Any] = {"collector": COLLECTOR, "workers": 1, **more}
        return run_audit(
            log, guard=self.guard, out=self.folder / "out", state=self.folder / "state", **others, **options
        )

    def whole(self, **more: Any) -> AuditResult:
        """An audit of everything so far, into `whole`."""
        log = [self.folder / f"log-{number}.csv" for number, part in enumerate(self.parts) if part["log"]]
        others = {}
        for kind in ("accounts", "events", "actions"):
            rows = [row for part in self.parts for row in part.get(kind, [])]
            if rows:
                others[kind] = write(self.folder / f"{kind}.csv", rows)
        options: dict[str, Any] = {"collector": COLLECTOR, "workers": 1, **more}
        return run_audit(log, guard=self.guard, out=self.folder / "whole", engine="columnar", **others, **options)

    def changes(self) -> list[tuple[str, str, str | None]]:
        return [(each["change"], each["rule"], each["communication"]) for each in self.read("changes.jsonl")]

    def whys(self) -> set[str]:
        return {why["kind"] for each in self.read("changes.jsonl") for why in each["why"]}

    def read(self, name: str, of: str = "out") -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / of / name).read_bytes().splitlines()]

    def agrees(self, **more: Any) -> None:
        """What the runs told together is what one audit tells."""
        self.whole(**more)
        assert self.findings("out") == self.findings("whole")
        ours, theirs = (json.loads((self.folder / of / "summary.json").read_bytes()) for of in ("out", "whole"))
        for told in (ours, theirs):
            for name in ("files", "changes", "problems"):
                del told[name]
        assert ours == theirs

    def findings(self, of: str) -> list[dict[str, Any]]:
        """Actions, all of which the whole audit has in one file, are known by their ids."""
        found = self.read("findings.jsonl", of)
        for each in found:
            if each["of"] == "action":
                each["file"] = each["row"] = None
        return found


@pytest.fixture
def days(tmp_path: Path) -> Days:
    """Two consumers in Texas, whose accounts the first run brings."""
    return Days(tmp_path)


ACCOUNTS = [account("ann"), account("bob")]


@cache
def with_stop(folder: Path) -> Guard:
    (folder / "rules").mkdir()
    (folder / "rules" / "stop.yaml").write_text(_STOP, encoding="utf-8")
    return Guard(load_rulebook([RULES, folder / "rules"]))


def of(result: AuditResult, rule: str) -> list[str | None]:
    return [finding.communication for finding in result.shown if finding.rule == rule]


class TestTheWhole:
    @pytest.mark.parametrize(("workers", "parts"), [(1, 4), (2, 3)])
    def test_after_each_part_everything_is_as_if_it_came_at_once(
        self, days: Days, monkeypatch: pytest.MonkeyPatch, workers: int, parts: int
    ) -> None:
        monkeypatch.setattr(continued_run, "partitions_for", lambda size, memory: 3)
        simulate(Parameters(30, 4, seed=5, violations=0.6), days.folder / "made")
        cuts = {kind: cut(days.folder / "made" / f"{kind}.csv", parts) for kind in ("log", "accounts", "events", "actions")}
        found, again = [], []
        for number in range(parts):
            days.parts.append({kind: rows[number] for kind, rows in cuts.items()})
            result = days.run(number, workers=workers)
            days.agrees()
            found.append(len(days.findings("out")))
            assert result.summary.changes is not None
            again.append(result.summary.changes.consumers_judged)
        assert found[-1] > 10
        assert again[0] >= again[-1] > 0

    def test_a_state_that_grows_is_divided_into_more_pieces(self, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
        sizes: list[int] = []

        def pieces(size: int, memory: int | None) -> int:
            sizes.append(size)
            return 1 + len(sizes) * 2

        monkeypatch.setattr(continued_run, "partitions_for", pieces)
        names = [f"c{number:02d}" for number in range(12)]
        days.day(*(row for name in names for row in calls(name, range(4, 8))), accounts=[account(name) for name in names])
        for day in range(8, 13):
            result = days.day(*calls(names[day - 8], [day]))
            assert result.summary.changes is not None
            assert result.summary.changes.consumers_judged == 1
            days.agrees()
        assert sizes == sorted(sizes)
        assert json.loads((days.folder / "state" / "state.json").read_bytes())["partitions"] == 12

    def test_where_files_are_alike_the_bytes_are(self, days: Days) -> None:
        days.day(*calls("ann", range(4, 9)), accounts=ACCOUNTS)
        days.day(*calls("bob", range(4, 9)), *calls("ann", [11]))
        days.whole()
        for name in ("findings.jsonl", "findings.csv", "problems.jsonl"):
            assert (days.folder / "out" / name).read_bytes() == (days.folder / "whole" / name).read_bytes(), name

    def test_only_who_has_anything_new_is_judged_again(self, days: Days) -> None:
        days.day(*calls("ann", range(4, 9)), *calls("bob", [4]), accounts=ACCOUNTS)
        changes = days.day(*calls("bob", [11])).summary.changes
        assert changes is not None
        assert (changes.run, changes.consumers_judged) == (2, 1)
        days.agrees()

    def test_a_part_may_have_no_log(self, days: Days) -> None:
        days.day(*calls("ann", range(4, 9)), accounts=ACCOUNTS)
        days.day(events=[{"consumer_id": "ann", "at": "2024-03-20T10:00:00-06:00", "type": "dispute_received"}])
        days.agrees()

    def test_a_consumer_first_seen_late_joins(self, days: Days) -> None:
        days.day(*calls("ann", [4]), accounts=[account("ann")])
        result = days.day(*calls("cy", range(4, 9)), accounts=[account("cy")])
        assert of(result, THREE_CALLS) == ["cy-7", "cy-8"]
        assert days.changes() == []
        days.agrees()


def cut(path: Path, parts: int) -> list[list[Row]]:
    """The rows of a table in order of time, in so many parts."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows.sort(key=lambda row: row.get("at") or row["consumer_id"])
    step = -(-len(rows) // parts)
    return [rows[start : start + step] for start in range(0, parts * step, step)]


class TestWhatIsSaidOtherwise:
    def test_late_rows_make_findings_on_what_was_known(self, days: Days) -> None:
        days.day(*calls("ann", [4, 6, 8]), *calls("bob", [4]), accounts=ACCOUNTS)
        days.day(*calls("ann", [5, 7]))
        assert days.changes() == [("new", THREE_CALLS, "ann-8")]
        (change,) = days.read("changes.jsonl")
        assert [(why["kind"], why["file"], why["row"], why["id"]) for why in change["why"]] == [
            ("late_record", "log-1.csv", 1, "ann-5"), ("late_record", "log-1.csv", 2, "ann-7"),
        ]  # fmt: skip
        assert (change["before"], change["now"]["category"]) == (None, "presumption")
        days.agrees()

    def test_a_corrected_row_changes_a_count(self, days: Days) -> None:
        first = [row | {"updated_at": "2024-03-09T10:00:00-06:00"} for row in calls("ann", range(4, 8))]
        days.day(*first, accounts=ACCOUNTS)
        result = days.day(first[1] | {"outcome": "busy", "updated_at": "2024-03-10T10:00:00-06:00"})
        assert days.changes() == [("gone", THREE_CALLS, "ann-7")]
        assert days.whys() == {"corrected_record"}
        assert of(result, THREE_CALLS) == []
        days.agrees()

    def test_an_older_copy_changes_nothing(self, days: Days) -> None:
        first = [row | {"updated_at": "2024-03-09T10:00:00-06:00"} for row in calls("ann", range(4, 8))]
        days.day(*first, accounts=ACCOUNTS)
        days.day(first[1] | {"outcome": "busy", "updated_at": "2024-03-01T10:00:00-06:00"})
        assert days.changes() == []
        days.agrees()

    def test_a_request_that_is_learnt_late_stands_from_when_it_was_known(self, tmp_path: Path) -> None:
        days = Days(tmp_path / "days", with_stop(tmp_path))
        days.day(*calls("ann", [4, 5, 6]), *calls("bob", [4]), accounts=ACCOUNTS)
        days.day(
            *calls("ann", [7]),
            events=[
                {
                    "consumer_id": "ann", "at": "2024-03-04T20:00:00-06:00", "known_at": "2024-03-05T20:00:00-06:00",
                    "type": "cease_requested", "written": "true", "debt_ids": "debt-ann",
                }
            ],
        )  # fmt: skip
        assert days.changes() == [("new", STOP, "ann-6")]
        assert days.whys() == {"late_event"}
        days.agrees()

    def test_an_account_that_comes_later_settles_what_was_open(self, days: Days) -> None:
        days.day(call("ann", 4, "2024-03-04T06:00:00-06:00", address="+18005550100"), *calls("bob", [4]), accounts=[account("bob")])
        days.day(*calls("bob", [5]), accounts=[account("ann")])
        assert {change for change, _, _ in days.changes()} <= {"otherwise", "gone", "new"}
        assert days.whys() == {"account"}
        days.agrees()

    def test_lost_rows_make_a_log_incomplete_later(self, days: Days) -> None:
        days.day(*calls("ann", [4, 5, 6]), *calls("bob", [4]), accounts=ACCOUNTS)
        result = days.day(call("ann", 5, "not a time") | {"id": "x"}, *calls("bob", [5]))
        assert result.summary.consumers_with_gaps == 1
        assert ("new", THREE_CALLS, "ann-6") in days.changes()
        assert "lost_row" in days.whys()
        days.agrees()
        assert days.day(*calls("bob", [6])).summary.consumers_with_gaps == 1
        days.agrees()

    def test_a_lost_row_of_somebody_with_findings_leaves_a_gap(self, days: Days) -> None:
        days.day(*calls("ann", range(4, 9)), accounts=ACCOUNTS)
        result = days.day(call("ann", 9, "not a time"), *calls("bob", [5]))
        assert result.summary.consumers_with_gaps == 1
        days.agrees()

    def test_rows_of_nobody_add_up(self, days: Days) -> None:
        for day in (4, 5):
            lost = days.day(*calls("ann", [day]), call("", day, "2024-03-04T10:00:00-06:00"), accounts=ACCOUNTS[: day == 4])
        assert lost.summary.lost_rows_of_unknown_consumers == 2
        days.agrees()

    def test_the_changes_are_in_every_output(self, days: Days) -> None:
        days.day(*calls("ann", [4, 6, 8]), accounts=ACCOUNTS)
        result = days.day(*calls("ann", [5, 7]))
        assert [(change.change, change.communication) for change in result.changes] == [("new", "ann-8")]
        (row,) = csv.DictReader((days.folder / "out" / "changes.csv").open(encoding="utf-8"))
        assert (row["change"], row["category_before"], row["category_now"]) == ("new", "", "presumption")
        assert "log-1.csv, row 1" in row["why"]
        page = (days.folder / "out" / "report.html").read_text(encoding="utf-8")
        assert "Changes since the run before" in page
        assert "a new file tells of an earlier communication (log-1.csv, row 1)" in page
        manifest = json.loads((days.folder / "out" / "manifest.json").read_bytes())
        assert [(each["name"], run) for each, run in zip(manifest["inputs"], manifest["runs"], strict=True)] == [
            ("accounts-0.csv", 1), ("log-0.csv", 1), ("log-1.csv", 2),
        ]  # fmt: skip
        assert {"changes.jsonl", "changes.csv"} <= set(manifest["outputs"])


    def test_the_results_are_verified_by_the_files_of_all_runs(self, days: Days) -> None:
        days.day(*calls("ann", [4, 6, 8]), accounts=ACCOUNTS)
        days.day(*calls("ann", [5, 7]))
        logs, accounts = [days.folder / "log-0.csv", days.folder / "log-1.csv"], days.folder / "accounts-0.csv"
        assert verify_audit(days.folder / "out", logs, accounts=accounts).verdict == "same"
        (again,) = [
            check for check in verify_audit(days.folder / "out", logs, accounts=accounts, again=days.guard).checks
            if check.kind == "again"
        ]  # fmt: skip
        assert (again.verdict, "several runs" in again.why) == ("unchecked", True)


class TestTheEndOfTheLog:
    def letter(self) -> Row:
        return call("ann", 4, "2024-03-04T10:00:00-06:00", channel="letter", outcome="delivered")

    def test_a_deadline_runs_out_without_anything_new_of_the_consumer(self, days: Days) -> None:
        days.day(self.letter(), *calls("bob", [5]), accounts=ACCOUNTS)
        assert of(days.day(*calls("bob", [6])), NOTICE) == []
        result = days.day(*calls("bob", [28]))
        (finding,) = [each for each in result.shown if each.rule == NOTICE]
        assert (finding.consumer_id, finding.of, finding.local) == ("ann", "end_of_log", "2024-03-28T11:00:00-05:00")
        assert days.changes() == [], "it was due after what was known before"
        days.agrees()

    def test_what_is_overdue_moves_with_the_end(self, days: Days) -> None:
        days.day(self.letter(), *calls("bob", [20]), accounts=ACCOUNTS)
        result = days.day(*calls("bob", [28]))
        (finding,) = [each for each in result.shown if each.rule == NOTICE]
        assert finding.local == "2024-03-28T11:00:00-05:00"
        assert days.changes() == []
        days.agrees()

    def test_what_was_overdue_is_told_at_the_next_contact_and_is_no_change(self, days: Days) -> None:
        days.day(self.letter(), *calls("bob", [20]), accounts=ACCOUNTS)
        result = days.day(*calls("ann", [28]))
        assert of(result, NOTICE) == ["ann-28"]
        assert days.changes() == []
        days.agrees()

    def test_what_was_done_in_time_after_all_is_gone(self, days: Days) -> None:
        days.day(self.letter(), *calls("bob", [20]), accounts=ACCOUNTS)
        days.day(
            *calls("bob", [21]),
            events=[{"consumer_id": "ann", "at": "2024-03-06T09:00:00-06:00", "type": "validation_notice_sent"}],
        )
        assert [(change, rule) for change, rule, _ in days.changes()] == [("gone", NOTICE)]
        assert days.whys() == {"late_event"}
        days.agrees()

    def test_an_end_that_moves_back_takes_back_what_was_overdue(self, days: Days) -> None:
        days.parts = [{"log": [self.letter(), *calls("bob", [5])], "accounts": ACCOUNTS}, {"log": calls("bob", [6])}]
        result = days.run(0, as_of=datetime(2024, 3, 28, tzinfo=UTC))
        assert [finding.of for finding in result.shown if finding.rule == NOTICE] == ["end_of_log"]
        result = days.run(1)
        assert [finding.of for finding in result.shown if finding.rule == NOTICE] == []
        days.agrees()

    def test_consumers_whose_records_have_to_be_put_together_are_looked_at_too(self, days: Days) -> None:
        """Two copies of one row: nobody judges them in columns."""
        days.day(self.letter(), self.letter(), *calls("bob", [5]), accounts=ACCOUNTS)
        result = days.day(*calls("bob", [28]))
        assert [finding.of for finding in result.shown if finding.rule == NOTICE] == ["end_of_log"]
        changes = days.day(call("bob", 29, "2024-03-28T11:00:00-05:00")).summary.changes
        assert changes is not None
        days.agrees()


class TestTerms:
    def test_other_rules_judge_everyone_again_from_what_was_kept(self, tmp_path: Path) -> None:
        days = Days(tmp_path / "days")
        days.day(
            *calls("ann", [4]), *calls("bob", [4]), accounts=ACCOUNTS,
            events=[{"consumer_id": "ann", "at": "2024-03-03T20:00:00-06:00", "type": "cease_requested", "debt_ids": "debt-ann"}],
        )  # fmt: skip
        (days.folder / "log-0.csv").rename(days.folder / "gone.csv")
        days.guard = with_stop(tmp_path)
        result = days.day(*calls("bob", [5]))
        assert result.summary.notes == (
            "Other than in the run before: the rules. Everyone was judged again, from what was kept.",
        )
        assert days.changes() == [("new", STOP, "ann-4")]
        assert days.whys() == {"other_terms"}
        (days.folder / "gone.csv").rename(days.folder / "log-0.csv")
        days.whole()
        assert days.findings("out") == days.findings("whole")
        assert days.day(*calls("bob", [6])).summary.notes == ()

    @pytest.mark.parametrize("how", ["policy", "collector", "as_known", "program"])
    def test_so_do_other_options(self, days: Days, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
        days.day(*calls("ann", range(4, 8)), accounts=ACCOUNTS)
        days.parts.append({"log": calls("bob", [4])})
        more: dict[str, Any] = {}
        if how == "policy":
            days.guard = guard_under(PolicyText.model_validate({"tighten": {THREE_CALLS: {"limit": 2}}}))
        elif how == "collector":
            more["collector"] = Collector()
        elif how == "as_known":
            more["as_known"] = "now"
        else:
            monkeypatch.setattr("fdcpa_guard.auditing.run.package_version", lambda: "99.0")
        result = days.run(1, **more)
        said = {"policy": "the policy", "collector": "the collector", "as_known": "what counts as known", "program": "the program"}
        assert result.summary.notes[0].startswith(f"Other than in the run before: {said[how]}. Everyone")
        assert result.summary.changes is not None
        assert result.summary.changes.consumers_judged == 2
        days.whole(**more)
        assert days.findings("out") == days.findings("whole")

    def test_as_known_now_judges_everyone_each_time(self, days: Days) -> None:
        days.parts = [{"log": calls("ann", range(4, 8)), "accounts": ACCOUNTS}, {"log": calls("bob", [4])}]
        days.run(0, as_known="now")
        changes = days.run(1, as_known="now").summary.changes
        assert changes is not None
        assert changes.consumers_judged == 2
        days.agrees(as_known="now")

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (LogOptions(zone="America/Chicago"), r"another zone \(none, now `America/Chicago`\)"),
            (LogOptions(format="canonical"), r"another format \(none, now `canonical`\)"),
            (LogOptions(conversation_seconds=30), "another length of a conversation"),
        ],
    )
    def test_rows_that_were_read_otherwise_cannot_be_added_to(self, days: Days, options: LogOptions, said: str) -> None:
        days.day(*calls("ann", range(4, 8)), accounts=ACCOUNTS)
        before = held(days)
        days.parts.append({"log": calls("bob", [4])})
        with pytest.raises(FactsError, match=said):
            days.run(1, options=options)
        assert held(days) == before

    def test_the_scalar_engine_keeps_no_state(self, days: Days) -> None:
        days.parts.append({"log": calls("bob", [4])})
        with pytest.raises(FactsError, match="columnar engine of this machine, and not by the scalar engine"):
            days.run(0, engine="scalar")


def held(days: Days) -> dict[str, bytes]:
    """What holds of the state, by its file."""
    state = days.folder / "state"
    names = json.loads((state / "state.json").read_bytes())["holds"]
    return {name: (state / name).read_bytes() for name in ("state.json", *names)}


class TestTheState:
    @pytest.mark.parametrize("where", ["judging", "writing"])
    def test_a_run_that_is_stopped_leaves_it_as_it_was(
        self, days: Days, monkeypatch: pytest.MonkeyPatch, where: str
    ) -> None:
        days.day(*calls("ann", [4, 6, 8]), accounts=ACCOUNTS)
        before = held(days)
        results = (days.folder / "out" / "manifest.json").read_bytes()
        days.parts.append({"log": calls("ann", [5, 7])})
        with monkeypatch.context() as patched:
            if where == "judging":
                patched.setattr(source, "write_kept", stopped)
            else:
                patched.setattr("fdcpa_guard.auditing.run.write_files", stopped)
            with pytest.raises(KeyboardInterrupt):
                days.run(1)
        assert held(days) == before
        assert (days.folder / "out" / "manifest.json").read_bytes() == results
        days.run(1)
        assert days.changes() == [("new", THREE_CALLS, "ann-8")]
        days.agrees()

    def test_the_first_run_may_be_stopped_too(self, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
        days.parts.append({"log": calls("ann", range(4, 9)), "accounts": ACCOUNTS})
        with monkeypatch.context() as patched:
            patched.setattr(source, "write_kept", stopped)
            with pytest.raises(KeyboardInterrupt):
                days.run(0)
        days.run(0)
        days.agrees()

    def test_a_file_that_was_read_is_not_read_again(self, days: Days) -> None:
        days.day(*calls("ann", range(4, 8)), accounts=ACCOUNTS)
        days.parts.append({"log": calls("bob", [4])})
        write(days.folder / "copy.csv", days.parts[0]["log"])
        log = [days.folder / "copy.csv", write(days.folder / "log-1.csv", days.parts[1]["log"])]
        result = run_audit(
            log, guard=days.guard, collector=COLLECTOR, accounts=days.folder / "accounts-0.csv", out=days.folder / "out",
            state=days.folder / "state", workers=1,
        )  # fmt: skip
        told = [str(row) for row in result.first_problems if "run 1" in row.message]
        assert told == [
            "accounts-0.csv: it was read by run 1, as `accounts-0.csv`, and is not read again",
            "copy.csv: it was read by run 1, as `log-0.csv`, and is not read again",
        ]
        assert [file.name for file in result.summary.files] == ["accounts-0.csv", "log-0.csv", "log-1.csv"]
        days.agrees()

    def test_files_of_one_name_are_told_apart(self, days: Days) -> None:
        for day, rows in (("monday", calls("ann", [4, 5])), ("tuesday", calls("ann", [6, 7]))):
            (days.folder / day).mkdir()
            result = run_audit(
                [write(days.folder / day / "log.csv", rows)], guard=days.guard, collector=COLLECTOR,
                accounts=write(days.folder / day / "accounts.csv", ACCOUNTS if day == "monday" else [account("cy")]),
                out=days.folder / "out", state=days.folder / "state", workers=1,
            )  # fmt: skip
        (finding,) = [each for each in result.shown if each.rule == THREE_CALLS]
        assert finding.file == "run-2/log.csv"
        assert [each.file for each in finding.counted] == ["log.csv", "log.csv", "run-2/log.csv", None]

    def test_files_stand_as_one_audit_would_read_them(self) -> None:
        """What an account says stands before what a log's own rows add, whichever run brought it; later runs after earlier."""
        state = State(2, 1, {}, {}, ["log-0", "accounts-0", "accounts-1", "log-1"], ["log", "accounts", "accounts", "log"])
        assert state.ranks() == [2, 0, 1, 3]

    def test_another_folder_is_no_state(self, days: Days) -> None:
        (days.folder / "state").mkdir()
        (days.folder / "state" / "letter.txt").write_text("mine", encoding="utf-8")
        with pytest.raises(FactsError, match=r"has no state.json and is not empty: it has `letter.txt`"):
            days.day(*calls("ann", [4]))
        assert (days.folder / "state" / "letter.txt").read_text(encoding="utf-8") == "mine"

    def test_one_of_another_form_is_refused(self, days: Days) -> None:
        days.day(*calls("ann", [4]))
        place = days.folder / "state" / "state.json"
        place.write_text(json.dumps(json.loads(place.read_bytes()) | {"form": 99}), encoding="utf-8")
        with pytest.raises(FactsError, match="of form 99, this version of the program keeps 1"):
            days.day(*calls("ann", [5]))

    def test_one_that_was_laid_out_otherwise_is_refused(self, days: Days) -> None:
        """New records of a consumer would lie in another piece than the old ones."""
        days.day(*calls("ann", [4]))
        place = days.folder / "state" / "state.json"
        place.write_text(json.dumps(json.loads(place.read_bytes()) | {"layout": "other"}), encoding="utf-8")
        with pytest.raises(FactsError, match="was laid out by another version; begin a new one with all files"):
            days.day(*calls("ann", [5]))

    def test_one_that_lacks_a_file_is_refused(self, days: Days) -> None:
        """Without the rows of a day, a count would be too low."""
        days.day(*calls("ann", [4]))
        (chunk,) = (days.folder / "state" / "items").glob("*.rows.arrow")
        chunk.unlink()
        with pytest.raises(FactsError, match=r"lacks `items/000001-000000\.rows\.arrow`"):
            days.day(*calls("ann", [5]))

    def test_two_runs_do_not_add_to_it_at_once(self, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = source.write_kept

        def meanwhile(*given: Any) -> None:
            with pytest.raises(FactsError, match="another run is at work with this state"):
                run_audit(
                    [days.folder / "log-0.csv"], guard=days.guard, state=days.folder / "state", out=days.folder / "other", workers=1
                )
            whole(*given)

        monkeypatch.setattr(source, "write_kept", meanwhile)
        assert days.day(*calls("ann", [4])).summary.communications == 1

    def test_it_does_not_lie_among_the_results(self, days: Days) -> None:
        with pytest.raises(FactsError, match="cannot lie among the results"):
            run_audit([], guard=days.guard, state=days.folder / "out" / "state", out=days.folder / "out")

    def test_results_that_cannot_be_written_add_nothing(self, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
        days.day(*calls("ann", [4, 6, 8]), accounts=ACCOUNTS)
        before = held(days)

        def full(*_: object) -> None:
            raise OutputError("out", "no room", "nothing was replaced")

        days.parts.append({"log": calls("ann", [5])})
        with monkeypatch.context() as patched:
            patched.setattr("fdcpa_guard.auditing.run.write_files", full)
            with pytest.raises(OutputError):
                days.run(1)
        assert held(days) == before

    def test_whose_a_number_is_is_known_from_accounts_of_before(self, days: Days) -> None:
        """An export that knows numbers alone."""
        columns = "sid,to,from,direction,status,start_time\n"
        accounts = write(days.folder / "accounts.csv", [account("ann") | {"phones": "+15125550101"}])
        for number, more in enumerate(({"accounts": accounts}, {})):
            log = days.folder / f"export-{number}.csv"
            at = f"2024-03-0{number + 4}T16:00:00Z"
            log.write_text(f"{columns}CA{number},+15125550101,+15125550199,outbound-api,busy,{at}\n", encoding="utf-8")
            result = run_audit(
                [log], guard=days.guard, collector=COLLECTOR, state=days.folder / "state", workers=1,
                options=LogOptions(format="twilio"), **more,
            )  # fmt: skip
        assert (result.summary.communications, result.summary.consumers) == (2, 1)
        assert result.summary.consumers_without_account == 0


def stopped(*_: object) -> None:
    raise KeyboardInterrupt


_OUTCOMES = ("no_answer", "busy", "conversation")


@st.composite
def logs(draw: st.DrawFn) -> list[Part]:
    """A small log of two consumers with repeated and corrected rows, cut into files in any order."""
    rows = [
        call(consumer, day, f"2024-03-{day:02d}T{hour}:00:00-06:00", outcome=outcome, updated_at=f"2024-04-{changed:02d}T10:00:00-06:00")
        for consumer, day, hour, outcome, changed in draw(
            st.lists(
                st.tuples(
                    st.sampled_from(["ann", "bob"]), st.integers(4, 12), st.sampled_from(["10", "06"]),
                    st.sampled_from(_OUTCOMES), st.integers(1, 28),
                ),
                min_size=4, max_size=14, unique_by=lambda each: (each[0], each[1], each[4]),
            )
        )
    ]  # fmt: skip
    letters = [
        call(consumer, 50 + day, f"2024-03-{day:02d}T10:00:00-06:00", channel="letter", outcome="delivered")
        for consumer, day in draw(st.lists(st.tuples(st.sampled_from(["ann", "bob"]), st.integers(4, 12)), max_size=2, unique=True))
    ]
    events: list[Row] = [
        {"consumer_id": consumer, "at": f"2024-03-{day:02d}T09:00:00-06:00", "type": "validation_notice_sent"}
        for consumer, day in draw(st.lists(st.tuples(st.sampled_from(["ann", "bob"]), st.integers(4, 14)), max_size=2, unique=True))
    ]
    parts: list[Part] = [{"log": [], "accounts": [], "events": []} for _ in range(3)]
    for kind, found in (("log", [*rows, *letters]), ("events", events), ("accounts", ACCOUNTS)):
        for row in draw(st.permutations(found)):
            parts[draw(st.integers(0, 2))][kind].append(row)
    return [part for part in parts if any(part.values())]


@given(parts=logs())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_however_a_log_is_cut_the_findings_are_those_of_the_whole(
    parts: Sequence[Part], tmp_path_factory: pytest.TempPathFactory
) -> None:
    days = Days(tmp_path_factory.mktemp("cut"))
    for part in parts:
        days.day(*part["log"], accounts=part["accounts"], events=part["events"])
    days.agrees()


def test_which_findings_are_otherwise_is_what_two_audits_show(days: Days) -> None:
    """Against a plain comparison of the findings of two whole audits, on what the first of them knew."""
    rows = [row for day in range(4, 13) for consumer in ("ann", "bob") for row in calls(consumer, [day])]
    random.Random(7).shuffle(rows)
    days.day(*rows[:10], accounts=ACCOUNTS)
    days.whole()
    before = {(each["rule"], each["communication"]): each["message"] for each in days.findings("whole")}
    days.day(*rows[10:])
    days.agrees()
    now = {(each["rule"], each["communication"]): each["message"] for each in days.findings("whole")}
    known = {row["id"] for row in rows[:10]}
    expected = {("new", *key) for key in now if key not in before and key[1] in known}
    expected |= {("gone", *key) for key in before if key not in now}
    expected |= {("otherwise", *key) for key in now if key in before and now[key] != before[key]}
    assert set(days.changes()) == expected
    assert {change for change, _, _ in expected} >= {"new", "otherwise"}
    assert HOURS not in {rule for _, rule, _ in expected}
