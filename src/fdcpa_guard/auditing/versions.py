"""What a run was made with, for its manifest."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Final

_DISTRIBUTION: Final = "fdcpa-guard"
_LIBRARIES: Final = ("tzdata", "phonenumbers", "holidays", "pydantic", "pyyaml", "orjson", "ijson", "jinja2", "pyarrow")
"""Those whose data, reading or writing the files of a run rest on."""


def package_version() -> str:
    """The installed version; of a source tree that is not installed, `source`."""
    return _version(_DISTRIBUTION) or "source"


def time_zone_data() -> str:
    """The time zone database in use: always that of the package, never the system's."""
    return f"tzdata {version('tzdata')}"


def versions(places: str) -> dict[str, str | None]:
    """This program, Python and the libraries, by name; None of what is not installed. `places` tells the place index."""
    return {
        _DISTRIBUTION: package_version(),
        "places": places,
        "python": platform.python_version(),
        **{name: _version(name) for name in _LIBRARIES},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
