"""Jinja and Liquid: `{{ expression }}`, `{% tag %}`, `{# comment #}`; Django's and Twig's are the same to this."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from fdcpa_guard.documents.templates.tags import Finder, Kind, Scan, Tag, expression_end, hole_name

_OPENS: Final = {
    "jinja": re.compile(r"\{\{|\{%|\{#"),
    # `{#` is no comment of Liquid's.
    "liquid": re.compile(r"\{\{|\{%"),
}
_CLOSES: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
_WORD: Final = re.compile(r"[-+~]?\s*(#|\w+)")

_BRANCHES: Final = frozenset(("else", "elif", "elsif", "elseif", "when", "case", "pluralize", "empty"))
_CHOOSES: Final = frozenset(
    ["if", "unless", "for", "case", "ifequal", "ifnotequal", "ifchanged", "tablerow", "macro", "call", "blocktrans", "feature", "permission"]
)
"""What these enclose stands in some letters, or several times, or elsewhere."""
_ELSEWHERE: Final = frozenset(("include", "render", "section", "trans", "translate", "echo", "now", "cycle"))
"""Tags that put in text that is not here."""
_HIDDEN: Final = {"comment": "endcomment", "doc": "enddoc", "schema": "endschema", "javascript": "endjavascript"}
"""Tags that enclose what is no text of the letter."""
_LITERAL: Final = {"raw": "endraw", "verbatim": "endverbatim"}
"""Tags that enclose text in which nothing is a tag."""


def scan_curly(scan: Scan, dialect: str) -> Iterator[Tag]:
    """The tags of a Jinja or Liquid template, in order. Strings within expressions are not words of the letter."""
    text, finder, position = scan.text, Finder(scan.text), 0
    endings: dict[str, re.Match[str] | None] = {}
    opens = _OPENS[dialect]

    def ending(word: str, start: int) -> re.Match[str] | None:
        # Remembered as by `Finder`: what is not there from here on is not there further on.
        known = endings.get(word, ...)
        if known is ... or (known is not None and known.start() < start):
            known = re.compile(rf"\{{%[-+~]?\s*{word}\b[^%]*%\}}").search(text, start)
            endings[word] = known
        return known

    while opening := opens.search(text, position):
        start, opens_with = opening.start(), opening[0]
        closing = _CLOSES[opens_with]
        inner = start + 2
        if opens_with == "{#":
            stop = finder.next(closing, inner)
        else:
            stop = expression_end(text, finder, inner, closing)
        if stop < 0:
            scan.unclosed(start, opens_with, closing)
            position = inner
            continue
        position = stop + 2
        written = text[inner:stop]
        if opens_with == "{#":
            yield Tag(start, position, Kind.COMMENT, written.strip("-+ \t\r\n"))
            continue
        if opens_with == "{{":
            yield Tag(start, position, Kind.HOLE, hole_name(written.strip("-+~ \t\r\n")))
            continue
        first = _WORD.match(written)
        word = "" if first is None else first[1]
        if word == "#":
            yield Tag(start, position, Kind.COMMENT, written.strip("-# \t\r\n"))
        elif word in _HIDDEN:
            end = ending(_HIDDEN[word], position)
            if end is None:
                scan.unclosed(start, f"{{% {word} %}}", f"{{% {_HIDDEN[word]} %}}")
                yield Tag(start, position, Kind.DROPPED)
                continue
            yield Tag(start, end.end(), Kind.COMMENT, text[position : end.start()].strip())
            position = end.end()
        elif word in _LITERAL:
            yield Tag(start, position, Kind.DROPPED)
            end = ending(_LITERAL[word], position)
            if end is None:
                scan.unclosed(start, f"{{% {word} %}}", f"{{% {_LITERAL[word]} %}}")
                continue
            yield Tag(end.start(), end.end(), Kind.DROPPED)
            position = end.end()
        elif word in _ELSEWHERE:
            yield Tag(start, position, Kind.HOLE, " ".join(written.strip("-+~ \t\r\n").split()))
        else:
            block = 1 if word in _CHOOSES else -1 if word.removeprefix("end") in _CHOOSES else 0
            yield Tag(start, position, Kind.APART if word in _BRANCHES else Kind.DROPPED, block=block)
