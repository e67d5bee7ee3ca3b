"""The tables of columns as the manual shows them, made from those by which files are read."""

from __future__ import annotations

from collections.abc import Iterable

from fdcpa_guard.facts.importers.columns import Column


def column_table(columns: Iterable[Column]) -> str:
    """A Markdown table: name, type, meaning; a required column is marked, and a closed list of names is given."""
    lines = ["| column | type | meaning |", "| --- | --- | --- |"]
    for column in columns:
        kind = column.type
        if column.names and len(column.names) <= 20:
            kind += ": " + ", ".join(f"`{name}`" for name in column.names)
        meaning = f"**required.** {column.meaning}" if column.required else column.meaning
        lines.append("| " + " | ".join(part.replace("|", "\\|") for part in (f"`{column.name}`", kind, meaning)) + " |")
    return "\n".join(lines) + "\n"
