"""The command line as a whole: help, version, usage errors, colour, pipes, and what an answer costs to start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import INVENTED, Guarded

from fdcpa_guard import __version__

SOURCE = Path(__file__).parents[2] / "src"


def process(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, check=False, timeout=120, **more  # type: ignore[call-overload]
    )


class TestHelp:
    @pytest.mark.parametrize(
        "command",
        [[], ["check"], ["test"], ["audit"], ["dispositions"], ["rules"], ["rules", "list"], ["rules", "show"], ["rules", "check"], ["rules", "coverage"], ["rules", "format"], ["schema"]],
        ids=" ".join,
    )
    def test_every_command_has_help_with_examples(self, guarded: Guarded, command: list[str]) -> None:
        ran = guarded(*command, "--help", rules=False)
        assert ran.code == 0
        assert "Usage: fdcpa-guard" in ran.out
        if command not in ([], ["rules"]):
            assert "Examples:" in ran.out
            assert "\n   fdcpa-guard" in ran.out

    def test_no_command_is_help(self, guarded: Guarded) -> None:
        assert "Commands" in guarded(rules=False).out
        assert "coverage" in guarded("rules", rules=False).out


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["chek"], "no such command 'chek'"),
            (["check"], "missing argument"),
            (["check", "a.yaml", "--fromat", "json"], "no such option"),
            (["check", "a.yaml", "--format", "xml"], "invalid value for"),
        ],
    )
    def test_wrong_arguments_are_told_in_one_line(self, guarded: Guarded, arguments: list[str], told: str) -> None:
        ran = guarded(*arguments, rules=False)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.lower().startswith("error: ")
        assert told in ran.err.lower()
        assert "--help`" in ran.err

    def test_rules_that_are_not_there_are_told(self, guarded: Guarded, tmp_path: Path) -> None:
        ran = guarded("rules", "list", "--rules", tmp_path / "none", rules=False)
        assert ran.code == 2
        assert ran.err.startswith("error: there is no folder")

    def test_a_mistake_of_the_program_itself_is_no_traceback(
        self, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise ZeroDivisionError("nought")

        monkeypatch.setattr("fdcpa_guard.ruleset.rulebook.load_rules_to_judge_by", broken)
        ran = guarded("rules", "list")
        assert (ran.code, ran.out) == (70, "")
        assert "ZeroDivisionError: nought" in ran.err
        assert "Traceback" not in ran.err


class TestSchemas:
    def test_the_names_are_listed_and_each_is_printed(self, guarded: Guarded) -> None:
        names = [line.split()[0] for line in guarded("schema", rules=False).out.splitlines()]
        assert {"rule", "cases", "definitions", "scenario", "policy", "decision", "test"} <= set(names)
        for name in names:
            assert '"$schema"' in guarded("schema", name, rules=False).out

    def test_another_name_is_refused(self, guarded: Guarded) -> None:
        assert guarded("schema", "decisions", rules=False).code == 2


class TestProcess:
    def test_the_version_needs_none_of_what_is_slow_to_import(self) -> None:
        ran = process("-X", "importtime", "-m", "fdcpa_guard", "--version")
        assert ran.stdout == f"fdcpa-guard {__version__}\n"
        imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.splitlines()}
        assert not imported & {"pydantic", "lark", "phonenumbers", "pendulum", "yaml", "holidays", "rich", "pyarrow"}
        assert "fdcpa_guard.rulefile" not in ran.stderr

    @pytest.mark.skipif(shutil.which("bash") is None, reason="the status of each part of a pipe is told by bash alone")
    def test_a_reader_that_goes_away_is_no_error(self) -> None:
        command = f'"{sys.executable}" -m fdcpa_guard rules list --rules "{INVENTED}" | true; echo "${{PIPESTATUS[0]}}"'
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, check=False, timeout=120)
        assert (ran.stdout, ran.stderr) == ("141\n", "")

    @pytest.mark.parametrize(
        ("arguments", "variables", "coloured"),
        [([], {}, True), (["--no-color"], {}, False), ([], {"NO_COLOR": "1"}, False)],
    )
    def test_colour_can_be_switched_off(
        self, arguments: list[str], variables: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("NO_COLOR", raising=False)
        # As on a terminal: rich colours only there, unless this variable says otherwise.
        for name, value in {"FORCE_COLOR": "1", "TERM": "xterm", **variables}.items():
            monkeypatch.setenv(name, value)
        ran = process("-m", "fdcpa_guard", *arguments, "rules", "list", "--rules", str(INVENTED))
        assert ("\x1b[" in ran.stdout) is coloured
