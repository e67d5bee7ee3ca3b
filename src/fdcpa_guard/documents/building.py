"""Builds the text of a part piece by piece, and keeps for each where it comes from and how it is laid out."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from fdcpa_guard.documents.model import HOLE, Hole, Part, Run
from fdcpa_guard.documents.places import Pieces, Places


@dataclass(frozen=True, slots=True)
class Layout:
    """How letters look, as far as the format says."""

    points: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    underlined: bool | None = None
    heading: int | None = None
    hidden: bool | None = None


class Replacement(NamedTuple):
    """Characters `start` to `stop` give way to a hole of that name, or to `text`."""

    start: int
    stop: int
    name: str | None
    dialect: str
    text: str = ""


class TextBuilder:
    """A text that grows. `layout` is that of what comes next; None throughout: the format has none."""

    def __init__(self) -> None:
        self.length = 0
        self.layout: Layout | None = None
        self._chunks: list[str] = []
        self._starts = array("L")
        self._sources = array("L")
        self._ends: dict[int, int] = {}
        self._next = -1
        self._holes: list[Hole] = []
        self._runs: list[tuple[int, Layout]] = []

    def copy(self, text: str, source: int) -> None:
        """Characters that stand in the source from `source` on, as they are."""
        if not text:
            return
        self._mark_layout()
        if source != self._next:
            self._starts.append(self.length)
            self._sources.append(source)
        self._chunks.append(text)
        self.length += len(text)
        self._next = source + len(text)

    def put(self, text: str, source: int, stop: int | None = None) -> None:
        """Characters that all stand at `source`, and take the source up to `stop`."""
        for character in text:
            if stop is not None and stop != source + 1:
                self._ends[self.length] = stop
            self._next = -1
            self.copy(character, source)
            self._next = -1

    def hole(self, name: str, dialect: str, source: int, stop: int) -> None:
        """A slot of that name, which takes the source from `source` to `stop`."""
        self._holes.append(Hole(self.length, self.length + 1, name, dialect))
        self.put(HOLE, source, stop)

    def part(self, name: str, places: Places) -> Part:
        """What was built."""
        runs = [
            Run(start, stop, layout.points, layout.bold, layout.italic, layout.underlined, layout.heading, layout.hidden)
            for at, (start, layout) in enumerate(self._runs)
            if start < (stop := self._runs[at + 1][0] if at + 1 < len(self._runs) else self.length)
        ]
        pieces = Pieces(self._starts, self._sources, self._ends)
        return Part(name, "".join(self._chunks), tuple(self._holes), tuple(runs), (), pieces, places)

    def _mark_layout(self) -> None:
        if self.layout is not None and (not self._runs or self._runs[-1][1] != self.layout):
            self._runs.append((self.length, self.layout))


_NOTHING: Final = 0
SPACE: Final = 1
TAB: Final = 2
LINE: Final = 3
PARAGRAPH: Final = 4
_BREAKS: Final = ("", " ", "\t", "\n", "\n\n")


class FlowBuilder(TextBuilder):
    """A text whose white space is the format's, not the source's: of several breaks in a row the strongest stands, and
    none at the beginning or the end."""

    def __init__(self) -> None:
        super().__init__()
        self._break = _NOTHING
        self._break_at = 0

    def part_from(self, strength: int, source: int) -> None:
        """What comes next is apart from what came last, at least by that much."""
        if strength > self._break:
            self._break, self._break_at = strength, source

    def break_line(self, source: int) -> None:
        """A line break; a second one makes an empty line."""
        self.part_from(PARAGRAPH if self._break >= LINE else LINE, source)

    def copy(self, text: str, source: int) -> None:
        if text:
            self._settle()
        super().copy(text, source)

    def put(self, text: str, source: int, stop: int | None = None) -> None:
        # The break comes first, so that what is kept by offset is kept by that after it.
        if text:
            self._settle()
        super().put(text, source, stop)

    def hole(self, name: str, dialect: str, source: int, stop: int) -> None:
        self._settle()
        super().hole(name, dialect, source, stop)

    def _settle(self) -> None:
        if self._break:
            waiting, self._break = self._break, _NOTHING
            if self.length:
                for character in _BREAKS[waiting]:
                    super().copy(character, self._break_at)
                    self._next = -1


def rewrite(part: Part, replacements: Sequence[Replacement]) -> Part:
    """The part with stretches of its text replaced; they are in order and do not overlap."""
    if not replacements or part.pieces is None or part.places is None:
        return part
    builder = TextBuilder()
    kept: list[tuple[int, int]] = []
    done = 0
    for each in replacements:
        _copy_part(builder, part, done, each.start)
        kept.append((each.start, builder.length))
        source, stop = part.pieces.source(each.start), part.pieces.end(each.stop)
        if each.name is not None:
            builder.hole(each.name, each.dialect, source, stop)
        else:
            builder.put(each.text, source, stop)
        done = each.stop
        kept.append((done, builder.length))
    _copy_part(builder, part, done, len(part.text))
    befores = [before for before, _ in kept]

    def moved(offset: int) -> int:
        at = bisect_right(befores, offset) - 1
        if at < 0:
            return offset
        before, after = kept[at]
        # Within what was replaced, everything stands at its beginning.
        return after if at % 2 == 0 else after + offset - before

    built = builder.part(part.name, part.places)
    gone = [(each.start, each.stop) for each in replacements]
    holes = [
        Hole(moved(hole.start), moved(hole.start) + 1, hole.name, hole.dialect)
        for hole in part.holes
        if not _within(gone, hole.start)
    ]
    runs = []
    for run in part.runs:
        start, stop = moved(run.start), moved(run.stop)
        if start < stop:
            runs.append(
                Run(start, stop, run.points, run.bold, run.italic, run.underlined, run.heading, run.hidden)
            )
    every = tuple(sorted((*built.holes, *holes), key=lambda hole: hole.start))
    chosen = tuple((moved(start), moved(stop)) for start, stop in part.choices)
    return Part(part.name, built.text, every, tuple(runs), chosen, built.pieces, part.places)


def _within(stretches: Sequence[tuple[int, int]], offset: int) -> bool:
    at = bisect_right(stretches, (offset, 1 << 62)) - 1
    return at >= 0 and offset < stretches[at][1]


def _copy_part(builder: TextBuilder, part: Part, start: int, stop: int) -> None:
    """Characters of a part, from where they come from."""
    pieces = part.pieces
    assert pieces is not None
    at = max(0, bisect_right(pieces.starts, start) - 1)
    while start < stop:
        after = pieces.starts[at + 1] if at + 1 < len(pieces.starts) else len(part.text)
        end = min(stop, after)
        if start in pieces.ends:
            builder.put(part.text[start:end], pieces.source(start), pieces.ends[start])
        else:
            builder.copy(part.text[start:end], pieces.source(start))
        start, at = end, at + 1
