"""Reads the rules while the package is built and puts them, as read, into it: whoever installs it need not wait for that.

A rule that cannot be read stops the build. The reading runs in a process of its own, where the hash of a text does not
change from run to run, so that the same sources give the same package.
"""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PREPARE = """
import sys

# By argument, and not by PYTHONPATH: an isolated build drops what an earlier editable installation put on the path.
sys.path.insert(0, sys.argv[1])

from fdcpa_guard.errors import GuardError
from fdcpa_guard.ruleset.rulebook import prepare_shipped_rules

try:
    prepare_shipped_rules()
except GuardError as error:
    raise SystemExit(str(error))
"""


class PreparedRules(BuildHookInterface):
    """Of a wheel, and of an editable installation, where the file lies among the sources and git does not see it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        done = subprocess.run(
            [sys.executable, "-c", _PREPARE, str(Path(self.root, "src"))],
            env={**os.environ, "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        if done.returncode:
            raise RuntimeError(f"the rules cannot be prepared\n{done.stderr}")
        build_data["artifacts"].append("/src/fdcpa_guard/prepared.rules")
        if version == "editable":
            # What installs a wheel compiles its modules; the sources themselves would be compiled by the first run.
            compileall.compile_dir(Path(self.root, "src"), quiet=2)
