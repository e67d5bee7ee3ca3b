"""The tags of a template: stretches of its source that are not words of the letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple


class Kind(Enum):
    """What becomes of a tag in the text."""

    HOLE = "a slot that is filled later: one character stands for it"
    DROPPED = "control: nothing stands for it, and what it encloses is kept"
    APART = "begins another branch: a space keeps the branches apart"
    COMMENT = "never in the letter"


class Tag(NamedTuple):
    """Characters `start` to `stop` of the source. `name` is that of a hole, or the words of a comment.

    `block` is 1 where a branch or loop begins, whose words stand in some letters only, and -1 where one ends.
    """

    start: int
    stop: int
    kind: Kind
    name: str = ""
    block: int = 0


def choices(tags: Iterable[Tag], length: int) -> list[tuple[int, int]]:
    """The stretches of a source that branches and loops enclose; one that is never ended goes on to the end."""
    found: list[tuple[int, int]] = []
    depth = begun = 0
    for tag in tags:
        if tag.block > 0:
            begun = begun if depth else tag.stop
            depth += 1
        elif tag.block < 0 and depth:
            depth -= 1
            if depth == 0:
                found.append((begun, tag.start))
    return [*found, (begun, length)] if depth else found


Fail = Callable[[int, str, str], Exception]
"""Makes the error for what is found at an offset, and what was expected."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A text to be scanned. `fail` makes an error of what is never closed; None: it is then ordinary text."""

    text: str
    fail: Fail | None

    def unclosed(self, offset: int, opens: str, closes: str) -> None:
        if self.fail is not None:
            raise self.fail(offset, f"`{opens}`, which is never closed", f"`{closes}` after it")


class Finder:
    """Finds the next occurrence of strings, remembering each, so that a text of nothing but openings takes linear time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, int] = {}

    def next(self, needle: str, start: int) -> int:
        """Where `needle` next stands from `start` on, -1 where nowhere. `start` never goes back for the same needle."""
        known = self._known.get(needle)
        if known is None or 0 <= known < start:
            known = self._known[needle] = self._text.find(needle, start)
        return known


_SPACES: Final = re.compile(r"\s+")
_LONGEST_EXPRESSION: Final = 2_000


def expression_end(text: str, finder: Finder, start: int, closing: str) -> int:
    """Where an expression that begins at `start` is closed: `}}` within its quotes does not close it. -1: nowhere."""
    stop = finder.next(closing, start)
    if stop < 0 or stop - start > _LONGEST_EXPRESSION:
        return -1
    first = stop
    # Of a quote that is never closed itself, as an apostrophe, the first `}}` is the end after all.
    while any(text.count(quote, start, stop) % 2 for quote in "'\""):
        further = text.find(closing, stop + 1, start + _LONGEST_EXPRESSION)
        if further < 0 or "\n" in text[stop:further]:
            return first
        stop = further
    return stop


_QUOTED_OR_PIPE: Final = re.compile(r"""\"[^\"]*\"|'[^']*'|\|+""")


def hole_name(expression: str) -> str:
    """What an expression is called: as it is written, without its filters."""
    written = _SPACES.sub(" ", expression.strip())
    # `||` is an operator, and what stands in quotes no filter.
    pipe = next((found.start() for found in _QUOTED_OR_PIPE.finditer(written) if found[0] == "|"), len(written))
    return written[:pipe].strip()
