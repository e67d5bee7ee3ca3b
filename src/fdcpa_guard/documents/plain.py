"""Plain text: it is as it stands."""

from __future__ import annotations

from fdcpa_guard.documents.building import TextBuilder
from fdcpa_guard.documents.model import Part
from fdcpa_guard.documents.places import Places
from fdcpa_guard.documents.templates.masking import Masked


def read_plain(masked: Masked, places: Places, name: str = "body") -> tuple[Part, ...]:
    """The one part of a plain text. It has no layout; ends of lines and form feeds become `\\n`."""
    builder = TextBuilder()
    masked.emit(builder, 0, len(masked.text))
    return (builder.part(name, places),)
