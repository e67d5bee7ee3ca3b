"""The names of time zones: which are IANA's, and which mean the same place."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from fdcpa_guard.errors import FactsError

# IANA keeps these for old programs, and they never have summer time; people who write them mean a clock
# that has.
_WITHOUT_SUMMER_TIME: Final = {"EST": "America/New_York", "MST": "America/Denver"}


_NAME: Final = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", re.ASCII)


@lru_cache(maxsize=1024)
def iana_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, as the `tzdata` package has it; None where it has none.

    A system's own database is passed over: the same log has to give the same report on every machine, and the version
    that was used has to be one that can be named.
    """
    if not _NAME.fullmatch(name):
        return None
    try:
        with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """The zones that stand for a place of their own."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    return frozenset(line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def _links_and_zones() -> tuple[dict[str, str], frozenset[str]]:
    rules = files("tzdata").joinpath("zoneinfo", "tzdata.zi").read_text(encoding="utf-8")
    links: dict[str, str] = {}
    zones: set[str] = set()
    for line in rules.splitlines():
        words = line.split()
        if line.startswith("L "):
            links[words[2]] = words[1]
        elif line.startswith("Z "):
            zones.add(words[1])
    return links, frozenset(zones)


@lru_cache(maxsize=1024)
def canonical_zone(name: str) -> str | None:
    """The IANA name of a zone, `America/New_York` of `US/Eastern`; None where IANA has no such zone.

    A name that stands for a place of its own stays, also where IANA keeps its rules under another:
    `America/St_Thomas` does not become `America/Puerto_Rico`.
    """
    if name in _places():
        return name
    links, zones = _links_and_zones()
    return links.get(name) or (name if name in zones else None)


def stated_zone(name: str, path: str) -> str:
    """The IANA name of a zone that a document states.

    Raises:
        FactsError: it is no zone, or an abbreviation that leaves summer time open.
    """
    clean = name.strip()
    if clean in _WITHOUT_SUMMER_TIME:
        raise FactsError(
            f"`{name}` is a clock without summer time, expected a zone of a place",
            path,
            hint=f"write `{_WITHOUT_SUMMER_TIME[clean]}` for the clock that moves",
        )
    zone = canonical_zone(clean)
    if zone is None:
        raise FactsError(
            f"`{name}` is no time zone, expected an IANA name such as `America/Chicago`", path, _hint(clean)
        )
    return zone


def _hint(name: str) -> str | None:
    links, zones = _links_and_zones()
    known = {zone.lower(): zone for zone in (*zones, *links)}
    close = get_close_matches(name.replace(" ", "_").lower(), known, n=1, cutoff=0.85)
    return f"did you mean `{known[close[0]]}`?" if close else None
