"""A document as it is read: its words as a reader sees them, where each character stands, its layout and its holes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from fdcpa_guard.documents.places import Pieces, Place, Places, TextPlaces

__all__ = ["HOLE", "Comment", "Document", "Headers", "Hole", "Part", "Place", "Run"]

HOLE: Final = "\ufffc"
"""The one character that stands for a hole."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A slot that is filled later: `{{ balance }}`, `[Client Name]`, `«Amount»`.

    `start` to `stop` is the one character `HOLE` in the text of its part. `name` is what is written inside, filters cut off.
    `dialect` is jinja, liquid, mustache, blade, merge_field, word_field or content_control.
    """

    start: int
    stop: int
    name: str
    dialect: str


@dataclass(frozen=True, slots=True)
class Run:
    """The layout of a stretch of the text. None: the format does not say.

    `points` is the size of the letters; `heading` the level of a heading, None outside of one; `hidden` that a reader does
    not see it.
    """

    start: int
    stop: int
    points: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    underlined: bool | None = None
    heading: int | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One run of text that a reader would see as one.

    `name` is body, subject, plain, html, title, header, footer, footnotes, hidden (what a reader does not see, apart so that
    it neither joins nor parts the words that are seen) or attachment:NAME. In `text`, paragraphs are parted by an empty line,
    lines by a line break, cells of a table by a tab. `runs` follow each other and are empty where the format has no layout.
    `choices` are the stretches that stand in a letter in some cases only: what the branches and loops of a template enclose.
    """

    name: str
    text: str
    holes: tuple[Hole, ...] = ()
    runs: tuple[Run, ...] = ()
    choices: tuple[tuple[int, int], ...] = ()
    pieces: Pieces | None = field(default=None, repr=False, compare=False)
    places: Places | None = field(default=None, repr=False, compare=False)

    def place(self, offset: int) -> Place:
        """Where the character at `offset` stands; that after the last is one column behind it."""
        if offset and offset >= len(self.text):
            return self.end(len(self.text))
        return self._places().place(offset if self.pieces is None else self.pieces.source(offset))

    def end(self, stop: int) -> Place:
        """The place after the last character of a stretch that ends at `stop`: after a hole's `}}`, not at the next word."""
        if stop == 0:
            return self.place(0)
        if self.pieces is not None and stop - 1 in self.pieces.ends:
            return self._places().place(self.pieces.ends[stop - 1])
        # Counted from the last character itself: what follows it in the source may be a new line or page.
        last = self.place(stop - 1)
        return Place(last.line, last.column + 1, last.page)

    def _places(self) -> Places:
        return TextPlaces(self.text) if self.places is None else self.places


@dataclass(frozen=True, slots=True)
class Comment:
    """What an author wrote for authors: `text` without its delimiters, and where it begins and ends."""

    text: str
    start: Place
    end: Place


@dataclass(frozen=True, slots=True)
class Document:
    """A letter, message or script, read.

    `format` is text, markdown, html, docx, pdf or eml; `template` the dialect of its holes, None where it has none.
    `front_matter` are the settings before the text, `headers` those of an email; both empty where there are none.
    `comments` are those of templates, HTML and Markdown, in order.
    """

    path: str
    format: str
    parts: tuple[Part, ...]
    front_matter: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    template: str | None = None
    comments: tuple[Comment, ...] = ()

    def part(self, name: str) -> Part | None:
        """The first part of that name."""
        return next((part for part in self.parts if part.name == name), None)


class Headers(Mapping[str, str]):
    """Headers of an email, decoded, under their names in any letter case; one that is given several times has a line each."""

    def __init__(self, pairs: Iterator[tuple[str, str]]) -> None:
        self._values: dict[str, tuple[str, str]] = {}
        for name, value in pairs:
            known = self._values.get(name.lower())
            self._values[name.lower()] = (name, value) if known is None else (known[0], f"{known[1]}\n{value}")

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({dict(self)!r})"
