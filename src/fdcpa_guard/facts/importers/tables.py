"""The table of dispositions of a log format, by the format's name, for display."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers import dispositions
from fdcpa_guard.facts.importers.problems import did_you_mean

__all__ = ["formats_with_tables", "table_of"]


def formats_with_tables() -> tuple[str, ...]:
    """The formats whose vendor has codes of its own, in alphabetical order."""
    names = (entry.name for entry in resources.files(dispositions).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def table_of(format_name: str, own: Path | None = None) -> tuple[dispositions.TableLine, ...]:
    """All lines, the shop's own first. Raises FactsError: the format has no table, or the file is wrong."""
    known = formats_with_tables()
    if format_name not in known:
        hint = did_you_mean(format_name, known)
        raise FactsError(f"no codes are known of the format `{format_name}`; they are of {', '.join(known)}{hint}")
    return dispositions.load_dispositions(format_name, own).table()
