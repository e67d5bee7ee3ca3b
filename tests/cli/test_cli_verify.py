"""`audit --verify`: exit codes, what is said of each file, and which options do not go with it."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Guarded, valid
from test_cli_audit import accounts, log_of

from fdcpa_guard.auditing.output import Staging

__all__ = ["accounts"]


@pytest.fixture
def report(guarded: Guarded, tmp_path: Path, accounts: Path) -> Path:
    """The results of an audit with a violation; its log and accounts lie beside them."""
    out = tmp_path / "report"
    assert guarded("audit", log_of(tmp_path, 4), "--accounts", accounts, "--collector-kind", "debt_buyer", "--out", out).code == 1
    return out


class TestExitCodes:
    def test_all_is_as_it_was_written(self, guarded: Guarded, report: Path) -> None:
        ran = guarded("audit", "--verify", report, rules=False)
        assert (ran.code, ran.err) == (0, "")
        assert "  same      findings.jsonl\n" in ran.out
        assert "  same      log: log.csv\n" in ran.out
        assert "The audit was not done again" in ran.out
        assert ran.out.endswith("All that was checked is as it was written.\n")

    def test_something_is_not(self, guarded: Guarded, report: Path) -> None:
        (report / "findings.csv").unlink()
        ran = guarded("audit", "--verify", report / "manifest.json", rules=False)
        assert ran.code == 1
        assert "  different findings.csv: missing\n" in ran.out

    def test_something_could_not_be_checked(self, guarded: Guarded, report: Path, accounts: Path) -> None:
        accounts.unlink()
        ran = guarded("audit", "--verify", report, rules=False)
        assert ran.code == 3
        assert "  unchecked accounts: accounts.csv: not found; --accounts FILE says where it is\n" in ran.out

    def test_a_run_that_was_not_finished(self, guarded: Guarded, report: Path) -> None:
        (report / "manifest.json").unlink()
        ran = guarded("audit", "--verify", report, rules=False)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"error: {report}: there is no manifest.json: no audit was finished here")


class TestAgain:
    def test_the_findings_come_out_again(self, guarded: Guarded, report: Path) -> None:
        ran = guarded("audit", "--verify", report, "--again")
        assert ran.code == 0
        assert ran.out.count("  same      findings.jsonl\n") == 2
        assert "The audit was not done again" not in ran.out

    def test_by_other_rules_it_is_not_done(self, guarded: Guarded, report: Path, tmp_path: Path) -> None:
        ran = guarded("audit", "--verify", report, "--again", rules=False)
        assert ran.code == 3
        assert "  unchecked the audit was not done again: these rules are " in ran.out
        assert "Versions that differ\n  rules: " in ran.out

    def test_inputs_are_found_where_they_are_said_to_be(
        self, guarded: Guarded, report: Path, tmp_path: Path, accounts: Path
    ) -> None:
        elsewhere = tmp_path / "archive"
        elsewhere.mkdir()
        log = (tmp_path / "log.csv").rename(elsewhere / "log.csv")
        moved = accounts.rename(elsewhere / "people.csv")
        assert guarded("audit", "--verify", report, log, "--accounts", moved, "--again").code == 0


class TestAnswers:
    def test_json_is_as_its_schema_says(self, guarded: Guarded, report: Path) -> None:
        with (report / "report.html").open("a") as file:
            file.write(" ")
        found = guarded("audit", "--verify", report, "--format", "json", rules=False).json("audit-verify")
        assert found["verdict"] == "different"
        assert [check["name"] for check in found["checks"] if check["verdict"] != "same"] == ["report.html"]  # type: ignore[attr-defined]

    def test_the_manifest_is_as_its_schema_says(self, report: Path) -> None:
        valid(json.loads((report / "manifest.json").read_text(encoding="utf-8")), "audit-manifest")

    def test_an_audit_writes_down_where_policy_and_collector_came_from(
        self, guarded: Guarded, tmp_path: Path, accounts: Path
    ) -> None:
        policy, collector = tmp_path / "policy.yaml", tmp_path / "collector.yaml"
        policy.write_text("unknown: block\n", encoding="utf-8")
        collector.write_text("kind: debt_buyer\n", encoding="utf-8")
        out = tmp_path / "out"
        guarded("audit", log_of(tmp_path, 4), "--policy", policy, "--collector", collector, "--out", out)
        assert guarded("audit", "--verify", out, "--again").code == 0
        collector.write_text("kind: creditor\n", encoding="utf-8")
        ran = guarded("audit", "--verify", out, "--policy", policy, "--collector", collector, rules=False)
        assert ran.code == 1
        assert f"  different collector: collector.yaml: {collector}: it has 15 bytes, expected 17\n" in ran.out


class TestAFullDisk:
    def test_the_file_is_named_and_the_results_of_before_still_verify(
        self, guarded: Guarded, report: Path, tmp_path: Path, accounts: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full() -> bytes:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(Staging, "write", staged_by(full))
            ran = guarded("audit", tmp_path / "log.csv", "--accounts", accounts, "--out", report)
        assert ran.code == 2
        assert ran.err == (
            f"error: {report / 'summary.json'}: cannot be written: No space left on device; nothing was replaced\n"
        )
        assert guarded("audit", "--verify", report, rules=False).code == 0


def staged_by(full: Callable[[], bytes]) -> Callable[[Staging, str, bytes], None]:
    """A writing in whose midst there is no more room."""

    def write(staging: Staging, name: str, content: bytes) -> None:
        with staging.file(name) as file:
            file.write(content[:100])
            file.write(full())

    return write


class TestOptions:
    @pytest.mark.parametrize(
        "options",
        [
            ["--zone", "UTC"], ["--from", "twilio"], ["--out", "x"], ["--as-known", "now"], ["--as-of", "2026-01-01T00:00:00Z"],
            ["--collector-kind", "creditor"], ["--consumer-column", "x"], ["--debt-column", "x"], ["--conversation-seconds", "1"],
            ["--rules", "x"],
        ],
    )  # fmt: skip
    def test_what_the_manifest_states_is_not_stated_again(self, guarded: Guarded, report: Path, options: list[str]) -> None:
        ran = guarded("audit", "--verify", report, *options, rules=False)
        assert (ran.code, ran.out) == (2, "")
        assert options[0] in ran.err

    def test_again_goes_with_verify_alone(self, guarded: Guarded, tmp_path: Path) -> None:
        ran = guarded("audit", log_of(tmp_path, 1), "--again")
        assert ran.code == 2
        assert "needs --verify DIR" in ran.err

    def test_an_audit_needs_a_log(self, guarded: Guarded) -> None:
        ran = guarded("audit")
        assert ran.code == 2
        assert "name a log file, or a folder of them" in ran.err
