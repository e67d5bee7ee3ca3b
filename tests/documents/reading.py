"""Reads a document from its text, and checks that every character of it stands where it says."""

from __future__ import annotations

import re
from pathlib import Path

from fdcpa_guard.documents import HOLE, Document, Part, read_document


def read(name: str, text: str, **given: str) -> Document:
    """A document of that name with that text, each of whose characters is checked to stand at its place."""
    document = read_document(Path(name), text.encode(), **given)
    for part in document.parts:
        check_places(part, text)
    return document


def body(name: str, text: str, **given: str) -> str:
    """The text of its first part."""
    return read(name, text, **given).parts[0].text


def lines_of(text: str) -> list[str]:
    """The lines of a text as editors have them."""
    return re.split(r"\r\n|\n|\r", text)


def check_places(part: Part, text: str) -> None:
    """Every character of a part that is neither white space nor a hole is the one at its place; a hole, what it stands for."""
    lines = lines_of(text)
    before = (0, 0)
    for offset, character in enumerate(part.text):
        place = part.place(offset)
        assert (place.line, place.column) >= before, "places run backwards"
        if character.isspace():
            continue
        before = (place.line, place.column)
        there = lines[place.line - 1][place.column - 1 :]
        if character == HOLE:
            hole = next(hole for hole in part.holes if hole.start == offset)
            end = part.end(offset + 1)
            assert (end.line, end.column) > (place.line, place.column)
            if end.line == place.line:
                written = lines[place.line - 1][place.column - 1 : end.column - 1]
                assert hole.name.split()[0].strip("$>") in written
        elif there[0] == "&":
            assert there[1:2].isalnum() or there[1:2] == "#" or character == "&"
        else:
            assert character in {there[0], there[0].upper()}, f"{character!r} at {place}, where {there[:20]!r} is"


def look(part: Part, words: str) -> tuple[float | None, bool | None, bool | None]:
    """Size, bold and italic of the words, which have to be in one run."""
    start = part.text.index(words)
    (run,) = [run for run in part.runs if run.start <= start < run.stop]
    assert start + len(words) <= run.stop, "several runs"
    return run.points, run.bold, run.italic
