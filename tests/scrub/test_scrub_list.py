"""The rows of a list: each answered in its place, those that cannot be read too, and those of one consumer in turn."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from scrub_world import CONVERSATION, HOURS, MONDAY, TEXTS, WEEK, World, account, done, guard, planned

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.scrubbing.run import scrub

NOON = "2026-03-02T12:00:00-06:00"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestRows:
    def test_a_row_that_says_nothing_of_whom_it_is_for_is_for_the_consumer(self, world: World) -> None:
        assert world.answer(NOON).decision == "allow"

    @pytest.mark.parametrize(
        ("bad", "told"),
        [
            ({"channel": "smoke signal"}, "column channel"),
            ({"consumer_id": ""}, "column consumer_id"),
            ({"person_role": "cousin"}, "column person_role"),
            ({"at": "2026-03-02 12:00"}, "column at"),
        ],
    )
    def test_a_row_that_cannot_be_read_is_for_review_and_says_why(self, world: World, bad: dict[str, str], told: str) -> None:
        world.contacts = [planned(), planned(**bad), planned("c2")]
        result = world.run(NOON)
        assert [answer.row for answer in result.answers] == [1, 2, 3]
        assert (result.answers[1].decision, result.answers[1].windows) == ("review", None)
        assert result.answers[1].reason is not None
        assert told in result.answers[1].reason
        assert result.summary.unread == 1

    def test_a_column_under_a_slip_of_a_known_name_leaves_its_rows_to_a_person(self, world: World) -> None:
        world.contacts = [planned(person_roles="attorney")]
        assert world.answer(NOON).decision == "review"

    def test_columns_of_the_list_alone_are_no_problem(self, world: World) -> None:
        world.contacts = [planned(campaign="spring", consumer_name="Ada")]
        assert world.answer(NOON).decision == "allow"
        assert "unknown_column" not in world.run(NOON).summary.problems

    def test_an_id_that_the_log_has_too_hides_no_call_of_the_log(self, world: World) -> None:
        world.log = [done("2026-03-01T12:00:00-06:00", id="1"), done("2026-03-01T13:00:00-06:00", id="2")]
        world.contacts = [planned(id="1")]
        assert world.answer(NOON).rules == (WEEK,)

    def test_an_outcome_in_the_list_is_not_of_the_planned_contact(self, world: World) -> None:
        world.contacts = [planned(outcome="not_connected", known_at="2020-01-01T00:00:00Z")]
        assert world.answer(NOON).decision == "allow"

    def test_a_row_may_name_its_own_instant(self, world: World) -> None:
        world.contacts = [planned(at="2026-03-02T06:00:00-06:00"), planned("c2", at="")]
        world.accounts += [account("c2")]
        first, second = world.answers(NOON)
        assert (first.rules, second.decision) == ((HOURS,), "allow")

    def test_without_an_instant_anywhere_there_is_no_answer(self, world: World) -> None:
        with pytest.raises(FactsError, match="nothing says for when"):
            world.run()

    def test_an_instant_and_a_day_are_one_too_many(self, world: World) -> None:
        with pytest.raises(FactsError, match="an instant and a day"):
            world.run(NOON, on=MONDAY)

    def test_a_row_of_the_log_that_is_lost_leaves_its_consumer_to_a_person(self, world: World) -> None:
        world.contacts.append(planned("c2"))
        world.accounts.append(account("c2"))
        world.log = [done("nonsense"), done("2026-03-01T13:00:00-06:00", "c2")]
        first, second = world.answers(NOON)
        assert (first.decision, second.decision) == ("review", "allow")
        assert "log_complete" in first.unknown


class TestThoseOfOneConsumer:
    def test_each_is_judged_alone_and_as_if_those_before_it_were_made(self, world: World) -> None:
        world.contacts = [planned(channel="text"), planned("c2", channel="text"), planned(channel="text")]
        world.accounts += [account("c2")]
        answers = world.answers(NOON)
        assert [answer.decision for answer in answers] == ["allow", "allow", "allow"]
        assert [answer.decision_in_sequence for answer in answers] == ["allow", "allow", "block"]
        assert answers[2].rules_in_sequence == (TEXTS,)
        assert [answer.same_as_row for answer in answers] == [None, None, 1]

    def test_what_depends_on_the_outcome_of_one_before_is_for_review(self, world: World) -> None:
        world.contacts = [planned(), planned(address="+15125550101")]
        second = world.answers(NOON)[1]
        assert (second.decision, second.decision_in_sequence) == ("allow", "review")
        assert second.rules_in_sequence == (CONVERSATION,)
        assert second.same_as_row is None

    def test_one_that_is_blocked_is_not_made(self, world: World) -> None:
        world.contacts = [planned(at="2026-03-02T06:00:00-06:00"), planned(at=NOON)]
        first, second = world.answers()
        assert (first.decision, second.decision_in_sequence) == ("block", "allow")


class TestFiles:
    def run(self, world: World, **more: Any) -> Path:
        out = world.folder / "out"
        world.run(NOON, out=out, **more)
        return out

    def test_rows_come_in_the_order_of_the_list_with_all_their_columns(self, world: World) -> None:
        world.contacts = [planned(f"c{number}", ref=f"r{number}", note="=1+1") for number in (3, 1, 2)]
        out = self.run(world)
        found = rows_of(out / "scrubbed.csv")
        assert [row["ref"] for row in found] == ["r3", "r1", "r2"]
        assert {row["note"] for row in found} == {"=1+1"}
        lines = [json.loads(line) for line in (out / "scrubbed.jsonl").read_bytes().splitlines()]
        assert [line["ref"] for line in lines] == ["r3", "r1", "r2"]
        assert [line["decision"] for line in lines] == [row["decision"] for row in found]

    def test_a_dialer_loads_what_is_allowed_alone_and_in_sequence(self, world: World) -> None:
        world.contacts = [planned(ref="1"), planned(ref="2"), planned("c2", ref="3", channel="fax machine")]
        (row,) = rows_of(self.run(world) / "allow.csv")
        assert row["ref"] == "1"
        assert row["address"] == "+15125550100"
        assert row["windows"] == "12:00-21:00"

    def test_columns_of_an_answer_that_the_list_has_already_get_another_name(self, world: World) -> None:
        world.contacts = [planned(decision="mine")]
        (row,) = rows_of(self.run(world) / "scrubbed.csv")
        assert (row["decision"], row["scrub_decision"]) == ("mine", "allow")

    def test_the_results_depend_on_no_number_of_workers_and_no_engine(self, world: World) -> None:
        world.contacts = [planned(f"c{number % 7}", ref=str(number)) for number in range(40)]
        world.accounts = [account(f"c{number}") for number in range(7)]
        read = []
        for number, engine in ((1, "scalar"), (2, "columnar")):
            out = world.folder / f"out{number}"
            world.run(NOON, out=out, workers=number, engine=engine)
            read.append([(out / name).read_bytes() for name in ("scrubbed.csv", "scrubbed.jsonl", "allow.csv", "summary.json")])
        assert read[0] == read[1]

    def test_the_manifest_marks_every_file(self, world: World) -> None:
        out = self.run(world)
        manifest = json.loads((out / "manifest.json").read_bytes())
        assert {each["kind"] for each in manifest["inputs"]} == {"list", "accounts", "log"}
        assert {path.name for path in out.iterdir()} == {*manifest["outputs"], "manifest.json"}

    def test_parquet_has_the_columns_of_the_table(self, world: World) -> None:
        parquet = pytest.importorskip("pyarrow.parquet")
        out = self.run(world)
        table = parquet.read_table(out / "scrubbed.parquet").to_pylist()
        assert [{k: v or "" for k, v in row.items()} for row in table] == rows_of(out / "scrubbed.csv")

    def test_a_row_of_text_that_is_no_unicode_is_not_lost(self, world: World, tmp_path: Path) -> None:
        files = world.files()
        path = tmp_path / "list.jsonl"
        rows = [planned(content="half of a character: \ud83d"), planned("c2", ref="\ud83d")]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        out = tmp_path / "out"
        scrub(path, guard=guard(), on=MONDAY, collector=Collector(kind="third_party_collector"), log=files["log"], out=out)
        assert [row["decision"] for row in rows_of(out / "scrubbed.csv")] == ["review", "allow"]
        assert len((out / "scrubbed.jsonl").read_bytes().splitlines()) == 2

    def test_a_list_may_be_json_lines(self, world: World, tmp_path: Path) -> None:
        files = world.files()
        path = tmp_path / "list.jsonl"
        rows = [{**planned(), "debt_ids": ["d1"], "tags": ["a", "b"]}, {**planned("c2"), "priority": 3}]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        out = tmp_path / "out"
        scrub(path, guard=guard(), on=MONDAY, collector=Collector(kind="third_party_collector"), log=files["log"],
              accounts=files["accounts"], out=out)  # fmt: skip
        found = rows_of(out / "scrubbed.csv")
        assert [(row["tags"], row["priority"]) for row in found] == [("a|b", ""), ("", "3")]


def test_consumers_of_whom_no_file_has_anything_are_counted(world: World) -> None:
    world.contacts = [planned("C1"), planned("C1"), planned("c1")]
    assert world.run(NOON).summary.strangers == 1


def test_counts_of_the_summary_are_those_of_the_answers(world: World) -> None:
    world.contacts = [planned(), planned(), planned("c2"), planned(at="2026-03-02T06:00:00-06:00")]
    summary = world.run(NOON).summary
    assert summary.contacts == 4
    assert sum(summary.by_decision.values()) == 4
    assert summary.by_decision["block"] == sum(line.block for line in summary.by_rule) == 1
