"""The files of a run: tables, summary, manifest, and that each is there as a whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from datetime import UTC, datetime

import pytest
from audit_world import COLLECTOR, HOURS, NOTICE, THREE_CALLS, World, account, call, calls, write
from rich.console import Console

from fdcpa_guard.auditing.rows import COLUMNS, for_spreadsheet
from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.auditing.summary import render_summary
from fdcpa_guard.errors import FactsError


@pytest.fixture
def audited(world: World) -> World:
    world.rows = [*calls("ann", range(4, 9)), call("bob", 1, "2024-03-04T07:30:00-06:00", agent="=1+1")]
    world.rows.append({"consumer_id": "ann", "at": "no time"})
    return world


class TestTables:
    def test_the_csv_has_the_same_findings_as_the_json_lines(self, audited: World) -> None:
        audited.audit(out="out")
        table = list(csv.DictReader(io.StringIO(audited.text("out/findings.csv"))))
        lines = [json.loads(line) for line in audited.text("out/findings.jsonl").splitlines()]
        assert list(table[0]) == list(COLUMNS)
        assert [(row["rule"], row["communication"]) for row in table] == [
            (line["rule"], line["communication"]) for line in lines
        ]
        assert all(row["counted_ids"] == "|".join(c["id"] for c in line["counted"]) for row, line in zip(table, lines, strict=True))

    def test_what_a_spreadsheet_would_run_is_text(self, audited: World) -> None:
        audited.audit(out="out")
        table = list(csv.DictReader(io.StringIO(audited.text("out/findings.csv"))))
        assert [row["agent"] for row in table if row["consumer_id"] == "bob"] == ["'=1+1"]
        assert [for_spreadsheet(text) for text in ("-1", "+1", "@a", "\ta", "a=1", None)] == [
            "'-1", "'+1", "'@a", "'\ta", "a=1", None,
        ]  # fmt: skip

    def test_the_parquet_file_has_the_columns_of_the_csv(self, audited: World) -> None:
        parquet = pytest.importorskip("pyarrow.parquet")
        audited.audit(out="out")
        table = parquet.read_table(audited.folder / "out" / "findings.parquet")
        assert tuple(table.column_names) == COLUMNS
        assert table.num_rows == audited.text("out/findings.jsonl").count("\n")

    def test_without_pyarrow_a_note_stands_in_its_place(self, audited: World, monkeypatch: pytest.MonkeyPatch) -> None:
        audited.audit(out="out")
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        audited.audit(out="out")
        assert not (audited.folder / "out" / "findings.parquet").exists()
        assert "pyarrow is not installed" in json.loads(audited.text("out/manifest.json"))["notes"][0]

    def test_problems_are_told_with_file_and_row(self, audited: World) -> None:
        audited.audit(out="out")
        told = [json.loads(line) for line in audited.text("out/problems.jsonl").splitlines()]
        assert ("log.csv", 7, True) in [(each["file"], each["row"], each["left_out"]) for each in told]
        assert len(list(csv.DictReader(io.StringIO(audited.text("out/problems.csv"))))) == len(told)


class TestManifest:
    def test_it_has_the_hashes_of_what_went_in_and_came_out(self, audited: World) -> None:
        audited.audit(out="out")
        manifest = json.loads(audited.text("out/manifest.json"))
        inputs = {file["name"]: file["sha256"] for file in manifest["inputs"]}
        assert inputs["log.csv"] == hashlib.sha256((audited.folder / "log.csv").read_bytes()).hexdigest()
        assert set(inputs) == {"log.csv", "accounts.csv"}
        assert set(manifest["outputs"]) == {path.name for path in (audited.folder / "out").iterdir()} - {"manifest.json"}
        for name, mark in manifest["outputs"].items():
            content = (audited.folder / "out" / name).read_bytes()
            assert mark == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        assert manifest["rules_digest"] == audited.guard.rulebook.digest
        assert manifest["counts"]["communications"] == 6

    def test_the_instant_that_a_caller_names_is_in_it(self, audited: World) -> None:
        audited.audit(out="out", as_of=datetime(2024, 6, 1, tzinfo=UTC), as_known="now")
        manifest = json.loads(audited.text("out/manifest.json"))
        assert (manifest["as_of"], manifest["known_until"]) == ("2024-06-01T00:00:00Z",) * 2


class TestSummary:
    def test_its_tables_add_up(self, audited: World) -> None:
        summary = audited.audit().summary
        assert sum(summary.communications_by_category.values()) + summary.without_finding == summary.communications
        for lines in (summary.by_agent, summary.by_day, summary.by_channel):
            assert sum(line.communications for line in lines) == summary.communications
        assert sum(r.breach + r.presumption + r.person + r.advice for r in summary.by_rule) == sum(
            summary.findings_by_category.values()
        )

    def test_the_agent_with_most_violations_comes_first_and_days_in_their_order(self, world: World) -> None:
        world.rows = [*calls("ann", [5], agent="Ada"), call("ann", 4, "2024-03-04T06:00:00-06:00", agent="Bea")]
        summary = world.audit().summary
        assert [(line.key, line.breach) for line in summary.by_agent] == [("Bea", 1), ("Ada", 0)]
        assert [line.key for line in summary.by_day] == ["2024-03-04", "2024-03-05"]

    def test_a_day_is_that_of_the_consumer(self, world: World) -> None:
        world.rows = [call("ann", 1, "2024-03-05T01:30:00+00:00")]
        assert [line.key for line in world.audit().summary.by_day] == ["2024-03-04"]

    def test_the_terminal_shows_categories_rules_and_what_is_missing(self, world: World) -> None:
        world.accounts = [account("ann", debt_kind="")]
        world.rows = [*calls("ann", range(4, 8)), *calls("ann", [9], channel="text", agent="[bold]x[/bold]")]
        screen = Console(file=io.StringIO(), width=120)
        for part in render_summary(world.audit().summary):
            screen.print(part)
        shown = screen.file.getvalue()  # type: ignore[attr-defined]
        assert "Presumption triggered (rebuttable)" in shown
        assert "More than three calls in seven days" in shown
        assert "debt.kind: the kind of debt" in shown

    def test_states_and_cities_without_rules_are_named(self, world: World) -> None:
        world.rows = calls("ann", [4])
        (place,) = world.audit().summary.not_checked.places_without_rules
        assert (place.place, place.name, place.communications) == ("TX", "Texas", 1)

    def test_facts_that_rules_read_and_nothing_states_are_named_with_the_rules(self, world: World) -> None:
        world.accounts = [account("ann", debt_kind="")]
        world.rows = calls("ann", [4])
        stated = {each.fact: each.rules for each in world.audit().summary.not_checked.never_stated}
        assert stated == {"debt.kind": ("us-sample-medical-texts",)}


class TestRunning:
    def test_progress_is_told_of_each_stage(self, audited: World) -> None:
        told: list[str] = []
        audited.audit(out="out", progress=lambda stage, done, of: told.append(stage))
        assert list(dict.fromkeys(told)) == ["reading", "judging", "writing"]

    def test_options_that_mean_nothing_are_an_error_of_the_caller(self, world: World) -> None:
        world.rows = calls("ann", [4])
        with pytest.raises(FactsError):
            world.audit(workers=0)
        with pytest.raises(FactsError):
            world.audit(as_of=datetime(2024, 6, 1))

    def test_without_a_folder_nothing_is_written_and_the_findings_are_given(self, audited: World) -> None:
        before = {path.name for path in audited.folder.iterdir()} | {"log.csv", "accounts.csv"}
        result = audited.audit()
        assert result.files == ()
        assert {finding.rule for finding in result.shown} == {THREE_CALLS, HOURS, NOTICE}
        assert {path.name for path in audited.folder.iterdir()} == before


class TestWhatIsNoSingleFile:
    def test_a_table_of_a_database_is_told_by_its_rows_and_its_query(self, world: World) -> None:
        duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install 'fdcpa-guard[duckdb]'")
        world.rows = calls("ann", range(4, 9))
        of_file = world.audit().summary
        with duckdb.connect(str(world.folder / "world.duckdb")) as connection:
            log = str(world.folder / "log.csv")
            connection.execute("CREATE TABLE calls AS SELECT * FROM read_csv($1, all_varchar = true)", [log])
        asked = f"duckdb:{world.folder}/world.duckdb?table=calls"
        found = run_audit([asked], guard=world.guard, collector=COLLECTOR, out=world.folder / "out")
        (file,) = found.summary.files
        assert (file.name, file.kind, file.bytes, file.rows_read) == ("world.duckdb?table=calls", "log", 0, len(world.rows))
        assert file.query == 'SELECT * FROM "calls"'
        assert len(file.sha256) == 64
        assert found.summary.findings_by_category == of_file.findings_by_category
        assert json.loads(world.text("out/manifest.json"))["inputs"][0]["query"] == file.query
        findings = [json.loads(line) for line in world.text("out/findings.jsonl").splitlines()]
        assert {finding["file"] for finding in findings} == {"world.duckdb?table=calls"}
        again = run_audit([asked], guard=world.guard, collector=COLLECTOR, out=world.folder / "again", workers=1)
        assert again.summary == found.summary

    def test_files_of_folders_named_after_values_keep_them_in_their_names(self, world: World) -> None:
        for month in ("1", "2"):
            folder = world.folder / f"month={month}"
            folder.mkdir()
            write(folder / "part.csv", calls("ann", [int(month) + 3]))
        found = run_audit([f"{world.folder}/month=*/*.csv"], guard=world.guard, collector=COLLECTOR)
        assert [file.name for file in found.summary.files] == ["month=1/part.csv", "month=2/part.csv"]
        one = run_audit([str(world.folder / "month=[2]")], guard=world.guard, collector=COLLECTOR)
        assert [file.name for file in one.summary.files] == ["month=2/part.csv"]
