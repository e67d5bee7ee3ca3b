"""How deep a JSON text may nest and how long its strings may be, told while its bytes go by.

The parser of lists and pages holds what is open: a file of a million brackets, or of one string without an end, would take
all memory before it is found wrong.
"""

from __future__ import annotations

import re
from typing import Final

DEEPEST: Final = 100
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_REST_OF_STRING: Final = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_ALL_BUT_BRACKETS: Final = bytes(sorted(set(range(256)) - set(b"[]{}")))


class JsonBounds:
    """Sees a text block by block.

    Raises (when a block is seen):
        ValueError: the text nests deeper than `DEEPEST`, or a string is longer than `longest` bytes.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._depth = 0
        self._open = b""
        """A backslash at the end of the last block, which hides what comes first in the next."""
        self._string = 0
        """Bytes of the string that is open at the end of the last block; 0: none is."""

    def see(self, block: bytes) -> None:
        rest = self._open + block
        self._open = b""
        if self._string:
            end = _REST_OF_STRING.match(rest)
            if end is None:
                self._goes_on(rest)
                return
            rest = rest[end.end() :]
            self._string = 0
        outside = _STRING.sub(b"", rest)
        start = outside.find(b'"')
        if start >= 0:
            self._goes_on(outside[start:])
            outside = outside[:start]
        self._nest(outside.translate(None, _ALL_BUT_BRACKETS))

    def _goes_on(self, text: bytes) -> None:
        if (len(text) - len(text.rstrip(b"\\"))) % 2:
            self._open = b"\\"
            text = text[:-1]
        self._string += max(len(text), 1)
        if self._string > self._longest:
            raise ValueError(f"a field is longer than {self._longest:,} bytes")

    def _nest(self, brackets: bytes) -> None:
        levels = 0
        while True:
            left = brackets.replace(b"{}", b"").replace(b"[]", b"")
            if left == brackets:
                break
            brackets, levels = left, levels + 1
            if levels > DEEPEST:
                raise ValueError(f"it nests deeper than {DEEPEST} levels")
        opened = brackets.count(b"{") + brackets.count(b"[")
        if self._depth + opened > DEEPEST + len(brackets) - opened:
            raise ValueError(f"it nests deeper than {DEEPEST} levels")
        self._depth = max(0, self._depth + 2 * opened - len(brackets))
