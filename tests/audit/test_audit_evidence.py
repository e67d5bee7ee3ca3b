"""Results against their manifest, the inputs, and a second run: whatever was changed since is found and named."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from audit_world import COLLECTOR, World, call, calls, guard, guard_under, write

from fdcpa_guard import verify_audit
from fdcpa_guard.auditing import again as second
from fdcpa_guard.auditing import manifest as manifests
from fdcpa_guard.auditing.evidence import Verification
from fdcpa_guard.auditing.inputs import mark_of
from fdcpa_guard.auditing.manifest import read_manifest, seal_of, to_bytes
from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.auditing.versions import versions
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.ruleset.policy import read_policy
from fdcpa_guard.ruleset.rulebook import load_rulebook

OWN_COLUMNS = """columns:
  consumer_id: who
  at: when
  channel: how
  direction: {always: outbound}
"""

Change = Callable[[Path], object]


@pytest.fixture
def out(world: World) -> Path:
    """The results of an audit, with its log and accounts beside them."""
    world.rows = [*calls("ann", range(4, 9)), *calls("bob", range(4, 9), agent="Bea")]
    world.rows.append({"consumer_id": "ann", "at": "no time"})
    world.audit(out="out")
    return world.folder / "out"


def wrong(found: Verification) -> dict[str, str]:
    """What is not the same, each with why."""
    return {check.name: check.why for check in found.checks if check.verdict != "same"}


def lines_changed(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def resealed(path: Path, **changed: object) -> None:
    """A manifest that says something else, and whose seal fits."""
    made = replace(read_manifest(path.read_bytes(), path), **changed)  # type: ignore[arg-type]
    path.write_bytes(to_bytes(replace(made, seal=seal_of(made))))


class TestResults:
    def test_untouched_ones_are_the_same(self, out: Path) -> None:
        found = verify_audit(out)
        assert (found.verdict, wrong(found), found.again, found.versions) == ("same", {}, False, ())
        assert found.manifest_sha256 == hashlib.sha256((out / "manifest.json").read_bytes()).hexdigest()
        assert {check.name for check in found.checks if check.kind in ("output", "manifest")} == {p.name for p in out.iterdir()}
        assert verify_audit(out / "manifest.json") == found

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (lambda path: path.write_bytes(path.read_bytes().replace(b'"ann"', b'"bob"', 1)), "its content is another"),
            (lambda path: path.write_bytes(path.read_bytes()[:-20]), "bytes, expected"),
            (lambda path: lines_changed(path, lambda lines: lines[::-1]), "its content is another, of the same length"),
            (lambda path: lines_changed(path, lambda lines: lines[1:]), "bytes, expected"),
            (lambda path: path.unlink(), "missing"),
        ],
        ids=["a finding tampered with", "cut", "another order", "a finding left out", "missing"],
    )
    def test_a_changed_file_is_named(self, out: Path, change: Change, why: str) -> None:
        change(out / "findings.jsonl")
        found = verify_audit(out)
        assert found.verdict == "different"
        assert list(wrong(found)) == ["findings.jsonl"]
        assert why in wrong(found)["findings.jsonl"]

    def test_every_other_file_counts_too(self, out: Path) -> None:
        names = [path.name for path in out.iterdir() if path.name != "manifest.json"]
        for name in names:
            with (out / name).open("ab") as file:
                file.write(b" ")
        assert sorted(wrong(verify_audit(out))) == sorted(names)

    def test_what_lies_beside_them_is_told(self, out: Path) -> None:
        (out / "findings_2.csv").write_text("x")
        (out / "more").mkdir()
        (out / ".unfinished-1").mkdir()
        assert wrong(verify_audit(out)) == {
            "findings_2.csv": "it lies among the results and is no file of this run",
            "more/": "it lies among the results and is no file of this run",
            ".unfinished-1/": "a run that broke off left this folder",
        }

    def test_an_input_may_lie_among_them_if_it_is_that_of_the_run(self, world: World, out: Path) -> None:
        shutil.copy(world.folder / "log.csv", out)
        assert verify_audit(out).verdict == "same"
        with (out / "log.csv").open("a") as file:
            file.write("\n")
        assert "log.csv" in wrong(verify_audit(out))

    def test_a_run_that_was_not_finished_has_no_manifest(self, out: Path) -> None:
        (out / "manifest.json").unlink()
        with pytest.raises(FactsError, match="no audit was finished here") as caught:
            verify_audit(out)
        assert caught.value.path == str(out)

    def test_a_folder_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(FactsError, match="no such folder"):
            verify_audit(tmp_path / "none")


class TestTheManifest:
    def test_a_changed_one_bears_a_seal_that_does_not_fit(self, out: Path) -> None:
        path = out / "manifest.json"
        path.write_bytes(path.read_bytes().replace(b'"as_known": "then"', b'"as_known": "now"'))
        assert "its seal does not fit" in wrong(verify_audit(out))["manifest.json"]

    def test_one_that_was_only_laid_out_anew_is_not_as_written(self, out: Path) -> None:
        path = out / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text())))
        assert "manifest.json" in wrong(verify_audit(out))

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (lambda text: text[: len(text) // 2], "cut or no manifest"),
            (lambda text: "[]", "has no form"),
            (lambda text: text.replace('"manifest": 1', '"manifest": 2'), "is of form 2, expected 1"),
            (lambda text: text.replace('"notes": []', '"nodes": []'), "notes: Field required"),
            (lambda text: text.replace('"findings.csv"', '"../findings.csv"'), "expected the bare name of a file"),
            (lambda text: text.replace('"log.csv"', '"/etc/log.csv"'), "expected the name of an input"),
            (lambda text: text.replace('"log.csv"', '"a/../../log.csv"'), "expected the name of an input"),
        ],
    )
    def test_one_that_cannot_be_one_is_refused(self, out: Path, change: Callable[[str], str], why: str) -> None:
        path = out / "manifest.json"
        path.write_text(change(path.read_text()))
        with pytest.raises(FactsError) as caught:
            verify_audit(out)
        assert why in str(caught.value)
        assert caught.value.path == str(path)

    def test_one_that_leaves_out_a_file_with_a_seal_that_fits(self, out: Path) -> None:
        path = out / "manifest.json"
        made = read_manifest(path.read_bytes(), path)
        resealed(path, outputs={name: mark for name, mark in made.outputs.items() if name != "findings.csv"})
        (out / "findings.csv").unlink()
        assert wrong(verify_audit(out)) == {"findings.csv": "the manifest does not state it"}

    def test_it_has_what_a_run_rests_on(self, world: World) -> None:
        world.rows = [*calls("ann", range(4, 9)), {"consumer_id": "ann", "at": "no time"}]
        policy = world.folder / "policy.yaml"
        policy.write_text("unknown: block\n", encoding="utf-8")
        world.guard = guard_under(read_policy(policy))
        result = world.audit(
            out="out", policy_file=policy, options=LogOptions(zone="America/Chicago", consumers_by_debt={"d": ("ann",)})
        )
        said = json.loads(world.text("out/manifest.json"))
        assert said["settings"] == [
            {"kind": "policy", "name": "policy.yaml", "sha256": hashlib.sha256(policy.read_bytes()).hexdigest(), "bytes": 15}
        ]
        assert said["policy"] == {"unknown": "block"}
        assert (said["options"]["zone"], said["options"]["consumers_by_debt"]["entries"]) == ("America/Chicago", 1)
        assert [(f["name"], f["bytes"]) for f in said["inputs"]] == [
            (name, (world.folder / name).stat().st_size) for name in ("accounts.csv", "log.csv")
        ]
        counts = said["counts"]
        assert (counts["rows_read"], counts["rows_given"], counts["rows_left_out"]) == (8, 7, 1)
        assert sum(counts["findings_by_status"].values()) == world.text("out/findings.jsonl").count("\n")
        assert sum(counts["findings"].values()) == sum(result.summary.findings_by_category.values())
        assert {"fdcpa-guard", "python", "tzdata", "pydantic", "pyarrow", "phonenumbers", "holidays", "places"} <= set(
            said["made_with"]
        )


class TestInputs:
    def test_those_of_the_recorded_names_are_found_beside_the_results(self, out: Path) -> None:
        kinds = [(check.kind, check.name) for check in verify_audit(out).checks if check.kind in ("log", "accounts")]
        assert kinds == [("accounts", "accounts.csv"), ("log", "log.csv")]

    def test_one_that_is_not_found_is_unchecked_and_never_passed(self, world: World, out: Path) -> None:
        (world.folder / "log.csv").unlink()
        found = verify_audit(out)
        assert found.verdict == "unchecked"
        assert wrong(found) == {"log.csv": "not found; LOG says where it is"}

    def test_one_that_was_changed_is_told_with_its_place(self, world: World, out: Path) -> None:
        path = world.folder / "accounts.csv"
        path.write_bytes(path.read_bytes().replace(b"TX", b"MA"))
        found = verify_audit(out)
        assert found.verdict == "different"
        assert wrong(found) == {"accounts.csv": f"{path}: its content is another, of the same length"}

    def test_one_that_was_renamed_is_known_by_its_content(self, world: World, out: Path, tmp_path: Path) -> None:
        moved = tmp_path / "elsewhere" / "april.csv"
        moved.parent.mkdir()
        (world.folder / "log.csv").rename(moved)
        assert verify_audit(out, [moved]).verdict == "same"
        assert verify_audit(out, [moved.parent], again=guard()).verdict == "same"

    def test_one_that_did_not_go_in_is_told(self, world: World, out: Path) -> None:
        stray = write(world.folder / "stray.csv", calls("ann", [4]))
        assert wrong(verify_audit(out, [world.folder / "log.csv", stray])) == {
            str(stray): "no file of this content went into the run"
        }
        assert wrong(verify_audit(out, events=stray)) == {str(stray): "no file of this content went into the run"}

    def test_a_named_file_that_is_not_there_is_an_error_of_the_caller(self, out: Path) -> None:
        with pytest.raises(FactsError, match="no such file"):
            verify_audit(out, accounts=out / "none.csv")

    def test_results_within_the_folder_of_the_logs_are_no_logs(self, world: World, tmp_path: Path) -> None:
        logs = tmp_path / "logs"
        logs.mkdir()
        write(logs / "log.csv", calls("ann", [4]))
        world.rows = calls("ann", [4])
        world.audit(out="logs/out")
        assert verify_audit(logs / "out", [logs], accounts=world.folder / "accounts.csv").verdict == "same"

    def test_logs_of_one_name_are_told_apart(self, world: World, tmp_path: Path) -> None:
        paths = []
        for number, consumer in enumerate(("ann", "bob")):
            (tmp_path / f"site{number}").mkdir()
            paths.append(write(tmp_path / f"site{number}" / "log.csv", calls(consumer, range(4, 9))))
        run_audit(paths, guard=guard(), collector=COLLECTOR, out=tmp_path / "out")
        assert verify_audit(tmp_path / "out", again=guard()).verdict == "same"
        moved = tmp_path / "moved"
        moved.mkdir()
        for path in paths:
            path.parent.rename(moved / path.parent.name)
        assert verify_audit(tmp_path / "out").verdict == "unchecked"
        assert verify_audit(tmp_path / "out", [moved], again=guard()).verdict == "same"
        paths[0] = moved / "site0" / "log.csv"
        paths[0].write_bytes(paths[0].read_bytes().replace(b"Ada", b"Bea"))
        assert wrong(verify_audit(tmp_path / "out", [moved])) == {
            "site0/log.csv": f"{paths[0]}: its content is another, of the same length"
        }

    def test_what_is_no_file_is_unchecked(self, out: Path) -> None:
        path = out / "manifest.json"
        log = read_manifest(path.read_bytes(), path).inputs[1]
        resealed(path, inputs=(*read_manifest(path.read_bytes(), path).inputs[:1], replace(log, query="SELECT * FROM calls")))
        found = verify_audit(out, again=guard())
        assert (found.verdict, found.again) == ("unchecked", False)
        assert "it is no file" in wrong(found)["log.csv"]

    def test_what_folders_say_of_a_log_is_said_again(self, world: World) -> None:
        for month in ("2024-03", "2024-04"):
            (world.folder / "logs" / f"agent={month}").mkdir(parents=True)
            rows = [{**row, "id": f"{month}-{row['id']}"} for row in calls("ann", range(4, 9))]
            for row in rows:
                del row["agent"]
            write(world.folder / "logs" / f"agent={month}" / "log.csv", rows)
        result = run_audit([world.folder / "logs"], guard=guard(), collector=COLLECTOR, out=world.folder / "out")
        assert sorted(line.key for line in result.summary.by_agent) == ["2024-03", "2024-04"]
        assert verify_audit(world.folder / "out", [world.folder / "logs"], again=guard()).verdict == "same"


class TestAgain:
    def test_the_second_run_gives_the_same_findings(self, out: Path) -> None:
        found = verify_audit(out, again=guard(), workers=1)
        assert (found.verdict, found.again) == ("same", True)
        assert {check.name for check in found.checks if check.kind == "again"} == {path.name for path in out.iterdir()}

    def test_it_is_done_by_what_the_manifest_states(self, world: World) -> None:
        world.rows = [call("ann", day, f"2024-03-{day:02d} 06:30:00") for day in range(4, 9)]
        policy = world.folder / "policy.yaml"
        policy.write_text("unknown: block\n", encoding="utf-8")
        world.guard = guard_under(read_policy(policy))
        result = world.audit(
            out="out",
            as_known="now",
            as_of=datetime(2024, 6, 1, 12, 30, 0, 250, UTC),
            shown_per_rule=1,
            collector=COLLECTOR.model_copy(update={"names": ("Example Recovery",), "licences": {"TX": "1"}}),
            options=LogOptions(zone="America/Chicago", conversation_seconds=30, max_field=5000),
            policy_file=policy,
        )
        assert result.summary.findings_by_category["breach"] == 5
        policy.unlink()  # its content is in the manifest
        found = verify_audit(world.folder / "out", again=guard())
        assert wrong(found) == {"policy.yaml": "not found; --policy FILE says where it is"}
        assert found.again

    def test_a_table_of_the_shops_own_is_read_by_the_same_columns(self, world: World) -> None:
        write(world.folder / "own.csv", [{"who": "ann", "when": "2024-03-04T06:30:00-06:00", "how": "call"}])
        columns = world.folder / "columns.yaml"
        columns.write_text(OWN_COLUMNS, encoding="utf-8")
        run_audit(
            [world.folder / "own.csv"],
            guard=guard(),
            collector=COLLECTOR,
            options=LogOptions(columns=columns),
            out=world.folder / "out",
        )
        assert json.loads(world.text("out/manifest.json"))["counts"]["communications"] == 1
        assert verify_audit(world.folder / "out", again=guard()).verdict == "same"
        columns.write_text(OWN_COLUMNS + "# more\n", encoding="utf-8")
        found = verify_audit(world.folder / "out", columns=columns, again=guard())
        assert (found.verdict, found.again) == ("different", False)
        assert "bytes, expected" in wrong(found)["columns.yaml"]

    def test_a_tampered_finding_is_told_with_its_line_even_where_the_manifest_was_made_to_fit(self, out: Path) -> None:
        path = out / "findings.jsonl"
        path.write_bytes(path.read_bytes().replace(b'"agent":"Bea"', b'"agent":"Ada"'))
        line = 1 + next(n for n, text in enumerate(path.read_text().splitlines()) if '"consumer_id":"bob"' in text)
        manifest = read_manifest((out / "manifest.json").read_bytes(), out)
        resealed(out / "manifest.json", outputs={**manifest.outputs, path.name: mark_of(path)})
        assert verify_audit(out).verdict == "same"
        assert wrong(verify_audit(out, again=guard())) == {path.name: f"line {line} is not that of the second run"}

    @pytest.mark.parametrize(("kept", "said"), [(1, "fewer lines than the second run: from line 2 on"), (None, "more lines")])
    def test_findings_left_out_or_added_are_told(self, out: Path, kept: int | None, said: str) -> None:
        path = out / "problems.jsonl"
        lines_changed(path, lambda lines: lines[:kept] if kept else [*lines, b"{}\n"])
        assert said in wrong(verify_audit(out, again=guard()))[path.name]

    def test_counts_that_were_changed_with_a_seal_that_fits_are_told(self, out: Path) -> None:
        path = out / "manifest.json"
        counts = read_manifest(path.read_bytes(), path).counts
        resealed(path, counts=replace(counts, rows_left_out=0), as_of="2024-06-01T00:00:00Z")
        assert verify_audit(out).verdict == "same"
        why = wrong(verify_audit(out, again=guard()))["manifest.json"]
        assert why == "the second run states another counts"

    def test_a_manifest_that_no_run_can_be_done_by_is_told(self, out: Path) -> None:
        resealed(out / "manifest.json", as_known="later")
        assert "the audit cannot be done again" in wrong(verify_audit(out, again=guard()))[""]

    def test_without_an_input_it_is_not_done(self, world: World, out: Path) -> None:
        (world.folder / "accounts.csv").unlink()
        found = verify_audit(out, again=guard())
        assert (found.verdict, found.again) == ("unchecked", False)
        assert wrong(found)[""] == "the audit was not done again: accounts.csv is not at hand as it was"

    def test_by_other_rules_it_is_not_done_and_their_version_is_told(self, out: Path, tmp_path: Path) -> None:
        rules = tmp_path / "rules"
        shutil.copytree(Path(__file__).parent / "rules", rules)
        changed = next(iter(sorted(rules.rglob("*hours.yaml"))))
        changed.write_text(changed.read_text() + "\n# another text\n")
        other = Guard(load_rulebook([rules]))
        found = verify_audit(out, again=other)
        assert (found.verdict, found.again) == ("unchecked", False)
        (version,) = found.versions
        assert (version.name, version.then, version.now) == ("rules", guard().rulebook.version, other.rulebook.version)
        assert other.rulebook.version in wrong(found)[""]

    def test_lookups_of_a_program_cannot_be_had_again(self, world: World) -> None:
        world.rows = calls("ann", [4])
        world.audit(out="out", options=LogOptions(consumers_by_debt={"d": ("ann",)}))
        assert "no file has that" in wrong(verify_audit(world.folder / "out", again=guard()))[""]


class TestVersions:
    def test_another_version_is_told_and_is_no_fault(self, out: Path) -> None:
        path = out / "manifest.json"
        made = read_manifest(path.read_bytes(), path).made_with
        resealed(path, made_with={**made, "pydantic": "2.0", "python": "3.10.0"})
        found = verify_audit(out, again=guard())
        assert found.verdict == "same"
        assert [(each.name, each.then, each.now) for each in found.versions] == [
            ("python", "3.10.0", made["python"]), ("pydantic", "2.0", made["pydantic"]),
        ]  # fmt: skip

    def test_summary_and_report_name_versions_which_may_be_others(self, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("fdcpa_guard.auditing.ending.package_version", lambda: "9.9")
        monkeypatch.setattr(manifests, "versions", lambda places: {**versions(places), "fdcpa-guard": "9.9"})
        found = verify_audit(out, again=guard())
        assert found.verdict == "same"
        compared = {check.name for check in found.checks if check.kind == "again"}
        assert "summary.json" in compared
        assert "report.html" not in compared

    def test_a_table_of_another_pyarrow_is_compared_by_its_rows(self, out: Path) -> None:
        parquet = pytest.importorskip("pyarrow.parquet")
        path, table = out / "manifest.json", out / "findings.parquet"

        def rewritten(rows: int) -> None:
            read = parquet.read_table(table)
            parquet.write_table(read.slice(0, rows), table, compression="snappy")
            made = read_manifest(path.read_bytes(), path)
            resealed(path, outputs={**made.outputs, table.name: mark_of(table)})

        rewritten(1000)
        assert wrong(verify_audit(out, again=guard())) == {table.name: "its bytes are others"}
        made = read_manifest(path.read_bytes(), path)
        resealed(path, made_with={**made.made_with, "pyarrow": "17.0"})
        assert verify_audit(out, again=guard()).verdict == "same"
        rewritten(1)
        assert wrong(verify_audit(out, again=guard())) == {table.name: "its rows are others"}

    def test_a_full_disk_is_no_verdict(self, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from fdcpa_guard.errors import OutputError

        def full(*_: object, **__: object) -> None:
            raise OutputError("second", "No space left on device", "nothing was replaced")

        monkeypatch.setattr(second, "run_audit", full)
        with pytest.raises(OutputError):
            verify_audit(out, again=guard())
