"""Plain text, Markdown and HTML, with or without holes: settings first, then tags of templates, then the format itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fdcpa_guard.documents.building import Replacement, rewrite
from fdcpa_guard.documents.front_matter import FrontMatter, read_front_matter
from fdcpa_guard.documents.html import read_html
from fdcpa_guard.documents.markdown import read_markdown
from fdcpa_guard.documents.model import Comment, Part
from fdcpa_guard.documents.plain import read_plain
from fdcpa_guard.documents.sources import Source
from fdcpa_guard.documents.templates.dialects import dialect_of, tags_of
from fdcpa_guard.documents.templates.masking import PASSED, mask
from fdcpa_guard.documents.templates.merge_fields import mask_angles, merge_fields
from fdcpa_guard.documents.templates.tags import Kind, Scan, Tag, choices

NO_TEMPLATE: Final = "none"
"""Given as the dialect: nothing is a hole."""
TEXT_FORMATS: Final = ("text", "markdown", "html")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The dialect of a template. `certain`: given, or said by the file's name; what is never closed is then an error."""

    name: str | None
    certain: bool


@dataclass(frozen=True, slots=True)
class TextReading:
    """What was read of a text."""

    parts: tuple[Part, ...]
    settings: Mapping[str, object]
    template: str | None
    comments: tuple[Comment, ...]


def read_text(source: Source, its_format: str, dialect: Dialect, *, has_settings: bool = True) -> TextReading:
    """Reads a text in one of `TEXT_FORMATS`.

    Raises:
        DocumentError: its settings, the tags of its template or its HTML are broken beyond reading.
    """
    matter = read_front_matter(source) if has_settings else FrontMatter({}, 0)
    text = source.text
    if matter.stop:
        text = PASSED * matter.stop + text[matter.stop :]
    name = dialect_of(text) if dialect.name is None else dialect.name
    tags: tuple[Tag, ...] = ()
    if name is not None and name != NO_TEMPLATE:
        tags = tags_of(Scan(text, source.error if dialect.certain else None), name)
    masked = mask(text, tags, name or NO_TEMPLATE)
    spans = [(tag.start, tag.stop) for tag in tags if tag.kind is Kind.COMMENT]
    if its_format != "text" and name != NO_TEMPLATE:
        masked = mask_angles(masked)
    if its_format == "html":
        parts, more = read_html(masked, source)
    elif its_format == "markdown":
        parts, more = read_markdown(masked, source.places)
    else:
        parts, more = read_plain(masked, source.places), []
    if name != NO_TEMPLATE:
        parts = tuple(rewrite(part, list(merge_fields(part.text))) for part in parts)
    chosen = choices(tags, len(text))
    if chosen:
        parts = tuple(_with_choices(part, chosen) for part in parts)
    comments = tuple(_comment(source, *span) for span in sorted((*spans, *more)))
    return TextReading(parts, matter.settings, template_of(parts, name if tags else None), comments)


def fill_holes(part: Part, dialect: Dialect) -> Part:
    """Finds the holes in the text of a part whose format knows none itself: of a Word file, a PDF, a subject.

    Tags of a template may there lie across several pieces of the layout.
    """
    name = dialect_of(part.text) if dialect.name is None else dialect.name
    if name == NO_TEMPLATE:
        return part
    if name is not None:
        tags = tags_of(Scan(part.text, None), name)
        part = rewrite(part, [_replacement(tag, name) for tag in tags])
        if any(tag.block > 0 for tag in tags):
            # Where its branches lie among the pieces of the layout is not looked for: any of it may be in one.
            part = replace(part, choices=((0, len(part.text)),))
    return rewrite(part, list(merge_fields(part.text)))


def _with_choices(part: Part, chosen: Sequence[tuple[int, int]]) -> Part:
    if part.pieces is None:
        return replace(part, choices=((0, len(part.text)),))
    return replace(part, choices=tuple(part.pieces.stretches(chosen, len(part.text))))


def template_of(parts: tuple[Part, ...], dialect: str | None = None) -> str | None:
    """The dialect of a document's holes: that of its tags, else that of its first hole."""
    if dialect is not None:
        return dialect
    return next((part.holes[0].dialect for part in parts if part.holes), None)


def _replacement(tag: Tag, dialect: str) -> Replacement:
    name = tag.name if tag.kind is Kind.HOLE else None
    return Replacement(tag.start, tag.stop, name, dialect, " " if tag.kind is Kind.APART else "")


def _comment(source: Source, start: int, stop: int) -> Comment:
    words = source.text[start:stop].strip("{}<>!#%-* \t\r\n")
    return Comment(words, source.places.place(start), source.places.place(stop))
