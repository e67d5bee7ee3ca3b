"""What a run was made with, for its manifest."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

_DISTRIBUTION = "fdcpa-guard"


def package_version() -> str:
    """The installed version; of a source tree that is not installed, `source`."""
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return "source"


def time_zone_data() -> str:
    """The time zone database in use: always that of the package, never the system's."""
    return f"tzdata {version('tzdata')}"
