"""Takes the tags out of a source before its format is read: holes become one character, the rest is passed over.

The masked text is as long as the source, so that every character of it still stands where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from fdcpa_guard.documents.building import TextBuilder
from fdcpa_guard.documents.model import HOLE
from fdcpa_guard.documents.templates.tags import Kind, Tag

PASSED: Final = "\ufdd0"
"""Stands for a character of the source that is not read: one that no text has, as Unicode keeps it from interchange."""

_SPECIAL: Final = re.compile(f"[{PASSED}{HOLE}]+|\r\n?|\f")
_RESERVED: Final = str.maketrans({HOLE: PASSED})


class Slot(NamedTuple):
    """A hole of the source: its name, its dialect and where it ends."""

    name: str
    dialect: str
    stop: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A source whose tags are taken out. `slots` has the holes by where they begin."""

    text: str = field(repr=False)
    slots: Mapping[int, Slot]

    def emit(self, builder: TextBuilder, start: int, stop: int) -> None:
        """Copies the characters `start` to `stop` as text that keeps its white space; ends of lines become `\\n`."""
        text, slots, done = self.text, self.slots, start
        for special in _SPECIAL.finditer(text, start, stop):
            builder.copy(text[done : special.start()], done)
            done = special.end()
            if special[0][0] in "\r\f":
                builder.put("\n", special.start(), done)
                continue
            for at in range(special.start(), done):
                if text[at] == HOLE:
                    slot = slots[at]
                    builder.hole(slot.name, slot.dialect, at, slot.stop)
        builder.copy(text[done:stop], done)

    def without(self, passed: Iterable[tuple[int, int]]) -> Masked:
        """The same with further stretches passed over."""
        chunks: list[str] = []
        done = 0
        for start, stop in passed:
            chunks += (self.text[done:start], PASSED * (stop - start))
            done = stop
        return Masked("".join((*chunks, self.text[done:])), self.slots) if chunks else self


def mask(text: str, tags: Iterable[Tag], dialect: str) -> Masked:
    """A source with its tags taken out."""
    chunks: list[str] = []
    slots: dict[int, Slot] = {}
    done = 0
    for tag in tags:
        chunks.append(text[done : tag.start].translate(_RESERVED))
        length = tag.stop - tag.start
        if tag.kind is Kind.HOLE:
            chunks += (HOLE, PASSED * (length - 1))
            slots[tag.start] = Slot(tag.name, dialect, tag.stop)
        elif tag.kind is Kind.APART:
            chunks += (" ", PASSED * (length - 1))
        else:
            chunks.append(PASSED * length)
        done = tag.stop
    # An object that was pasted in has the very character; it is none of our holes.
    chunks.append(text[done:].translate(_RESERVED) if HOLE in text else text[done:])
    return Masked("".join(chunks), slots)
