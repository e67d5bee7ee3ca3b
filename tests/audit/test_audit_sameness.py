"""The same log gives the same bytes: whatever the order of its rows, its copies, and the number of processes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from audit_world import World, account, call, calls

from fdcpa_guard.auditing import spool

FILES = ("findings.jsonl", "findings.csv", "problems.jsonl", "problems.csv", "summary.json", "report.html", "manifest.json")


@pytest.fixture
def many(world: World) -> World:
    """Forty consumers, each with violations of several sorts."""
    world.accounts = []
    world.rows = []
    for number in range(40):
        name = f"c{number:02d}"
        world.accounts.append(account(name, debt_kind="medical" if number % 3 else ""))
        world.rows.extend(calls(name, range(4, 5 + number % 5), agent=f"agent {number % 4}"))
        world.rows.extend(calls(name, [20], channel="text"))
        world.rows.append(call(name, 99, "2024-03-21T06:00:00-06:00"))
    world.rows.sort(key=lambda row: row["at"])
    return world


@pytest.fixture
def in_small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool.SpoolReader.ranges, "__defaults__", (25,))


def without_rows(text: str) -> list[object]:
    """The findings, but for the numbers of the rows they stand in."""
    found = [json.loads(line) for line in text.splitlines()]
    for finding in found:
        for part in (finding, *finding["counted"]):
            del part["row"]
    return found


class TestSameness:
    def test_running_again_gives_the_same_bytes(self, many: World) -> None:
        many.audit(out="one")
        many.audit(out="two")
        many.audit(out="two")
        for name in (*FILES, "findings.parquet"):
            assert (many.folder / "one" / name).read_bytes() == (many.folder / "two" / name).read_bytes(), name

    @pytest.mark.usefixtures("in_small_ranges")
    def test_the_number_of_processes_changes_nothing(self, many: World) -> None:
        many.audit(out="one", workers=1)
        many.audit(out="three", workers=3)
        for name in FILES:
            assert many.text(f"one/{name}") == many.text(f"three/{name}"), name
        assert many.text("one/findings.jsonl").count("\n") > 100

    def test_the_order_of_the_rows_changes_nothing_but_their_numbers(self, many: World) -> None:
        many.audit(out="one")
        random.Random(3).shuffle(many.rows)
        many.audit(out="two")
        assert without_rows(many.text("one/findings.jsonl")) == without_rows(many.text("two/findings.jsonl"))

    def test_the_order_of_rows_without_ids_changes_nothing(self, many: World) -> None:
        for row in many.rows:
            row["id"] = ""
        many.audit(out="one")
        random.Random(4).shuffle(many.rows)
        many.audit(out="two")
        assert without_rows(many.text("one/findings.jsonl")) == without_rows(many.text("two/findings.jsonl"))

    def test_rows_that_come_twice_change_no_finding(self, many: World) -> None:
        many.audit(out="one")
        many.rows = [*many.rows, *many.rows[:50]]
        many.audit(out="two")
        assert without_rows(many.text("one/findings.jsonl")) == without_rows(many.text("two/findings.jsonl"))

    def test_the_folder_of_the_files_is_not_in_what_is_written(self, many: World, tmp_path: Path) -> None:
        many.audit(out="one")
        for name in FILES:
            assert str(tmp_path) not in many.text(f"one/{name}"), name

    def test_another_folder_gives_the_same_bytes(self, many: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        many.audit(out="one")
        moved = World(tmp_path / "elsewhere", many.rows, many.accounts)
        moved.folder.mkdir()
        monkeypatch.chdir(moved.folder)
        moved.folder = Path()
        moved.audit(out="results")
        for name in (*FILES, "findings.parquet"):
            assert (many.folder / "one" / name).read_bytes() == Path("results", name).read_bytes(), name

    def test_nothing_unfinished_stays_behind(self, many: World) -> None:
        many.audit(out="one")
        left = {path.name for path in (many.folder / "one").iterdir()}
        assert left == {*FILES, "findings.parquet"}
