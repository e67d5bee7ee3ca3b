"""The files by which others call the check: the hook of pre-commit, and the action of GitHub."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from fdcpa_guard.linting.texts import READABLE

ROOT = Path(__file__).parent.parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


class TestHook:
    @pytest.mark.parametrize("suffix", READABLE)
    def test_it_is_given_every_kind_of_file_that_is_read(self, suffix: str) -> None:
        assert re.search(HOOK["files"], f"letters/first{suffix}")
        assert re.search(HOOK["files"], f"letters/FIRST{suffix.upper()}")

    @pytest.mark.parametrize("name", ["letters/photo.png", "src/app.py", "txt", "letters/a.txt.bak"])
    def test_it_is_given_no_other(self, name: str) -> None:
        assert re.search(HOOK["files"], name) is None


def step(name: str) -> dict[str, object]:
    found: dict[str, object] = next(each for each in ACTION["runs"]["steps"] if each.get("name") == name)
    return found


class TestAction:
    def test_what_its_steps_use_are_inputs(self) -> None:
        text = (ROOT / "action.yml").read_text(encoding="utf-8")
        assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])

    def test_no_input_is_put_into_a_script(self) -> None:
        """An input that is written into a script runs as a part of it; those here go by the environment."""
        assert [each["run"] for each in ACTION["runs"]["steps"] if "${{" in each.get("run", "")] == []

    def ran(self, tmp_path: Path, code: int, **inputs: str) -> tuple[int, list[list[str]]]:
        """Runs the check with a program in place of ours, which notes its arguments."""
        program = tmp_path / "bin" / "fdcpa-guard"
        program.parent.mkdir()
        program.write_text(f'#!/bin/bash\nprintf "%s\\n" "$@" "===" >> "{tmp_path}/told"\nexit {code}\n', encoding="utf-8")
        program.chmod(0o755)
        environment = {"PATHS": "", "ARGUMENTS": "", "SARIF": "", **inputs}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", str(step("Check")["run"])],
            env={**os.environ, **environment, "PATH": f"{program.parent}:{os.environ['PATH']}"},
            cwd=tmp_path,
            check=False,
        )
        told = (tmp_path / "told").read_text(encoding="utf-8").split("===\n")[:-1]
        return done.returncode, [each.splitlines() for each in told]

    def test_paths_and_arguments_arrive_as_they_are(self, tmp_path: Path) -> None:
        paths = "letters/first letter.html\n\n  \n$(touch hit)\n*.md\n-x\n"
        code, told = self.ran(tmp_path, 0, PATHS=paths, ARGUMENTS="--state\nTX\n")
        assert code == 0
        expected = ["letters/first letter.html", "$(touch hit)", "*.md", "-x"]
        assert told == [["lint", "--state", "TX", "--format", "github", "--", *expected]]
        assert not (tmp_path / "hit").exists()

    def test_sarif_is_written_even_where_something_is_found_and_the_code_is_that_of_the_check(self, tmp_path: Path) -> None:
        code, told = self.ran(tmp_path, 1, PATHS="letters", SARIF="out.sarif")
        assert code == 1
        assert told == [
            ["lint", "--format", "sarif", "--output", "out.sarif", "--", "letters"],
            ["lint", "--format", "github", "--", "letters"],
        ]
