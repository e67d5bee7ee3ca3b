"""What a run was made with, for its manifest."""

from __future__ import annotations

import zoneinfo
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_DISTRIBUTION = "fdcpa-guard"


def package_version() -> str:
    """The installed version; of a source tree that is not installed, `source`."""
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return "source"


def time_zone_data() -> str:
    """The time zone database in use. One of the system comes before the tzdata package, if there is one."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (folder / "America" / "New_York").is_file():
            return f"system {_system_version(folder)}"
    try:
        return f"tzdata {version('tzdata')}"
    except PackageNotFoundError:
        return "none"


def _system_version(folder: Path) -> str:
    """`tzdata.zi` begins with `# version 2026b`; `+VERSION` holds nothing else."""
    try:
        with (folder / "tzdata.zi").open(encoding="utf-8") as lines:
            return lines.readline().removeprefix("# version ").strip()
    except OSError:
        pass
    try:
        return (folder / "+VERSION").read_text(encoding="utf-8").strip()
    except OSError:
        return "(version not stated)"
