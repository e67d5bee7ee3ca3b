"""Mustache and Handlebars: `{{name}}`, `{{{name}}}`, `{{#section}}`, `{{else}}`, `{{> partial}}`, `{{! comment }}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from fdcpa_guard.documents.templates.tags import Finder, Kind, Scan, Tag

_LONGEST_TAG: Final = 2_000
_DELIMITERS: Final = re.compile(r"=\s*([^\s=]+)\s+([^\s=]+)\s*=")
_ELSE: Final = re.compile(r"else\b|\^\s*$")


def scan_mustache(scan: Scan) -> Iterator[Tag]:
    """The tags of a Mustache or Handlebars template, in order; `{{=<% %>=}}` sets other delimiters from there on."""
    text, finder, position = scan.text, Finder(scan.text), 0
    opens, closes = "{{", "}}"
    while (start := text.find(opens, position)) >= 0:
        inner = start + len(opens)
        usual = opens == "{{"
        if usual and text.startswith("{{{{", start):
            # A raw block: its tags go, what it encloses is as it stands.
            stop = finder.next("}}}}", inner + 2)
            end = -1 if stop < 0 else finder.next("{{{{/", stop)
            after = -1 if end < 0 else finder.next("}}}}", end)
            if after < 0:
                scan.unclosed(start, "{{{{", "{{{{/name}}}}")
                position = start + 4
                continue
            yield Tag(start, stop + 4, Kind.DROPPED)
            yield Tag(end, after + 4, Kind.DROPPED)
            position = after + 4
            continue
        if usual and text.startswith(("!--", "~!--"), inner):
            # Only so may a comment have tags in it.
            ends = {end: finder.next(end, inner) for end in ("--}}", "--~}}")}
            closing = min(ends, key=lambda end: len(text) if ends[end] < 0 else ends[end])
        elif usual and text.startswith("{", inner):
            closing = "}}}"
        else:
            closing = closes
        stop = finder.next(closing, inner)
        comment = text.startswith(("!", "~!"), inner)
        if stop < 0 or (stop - inner > _LONGEST_TAG and not comment):
            scan.unclosed(start, opens, closing)
            position = inner
            continue
        position = stop + len(closing)
        written = text[inner:stop].strip("{}~ \t\r\n")
        sign = written[:1]
        if sign == "!":
            yield Tag(start, position, Kind.COMMENT, written.strip("!- \t\r\n"))
        elif sign == "=" and (delimiters := _DELIMITERS.match(written)):
            yield Tag(start, position, Kind.DROPPED)
            opens, closes = delimiters[1], delimiters[2]
        elif sign == "#" and written[1:2] == ">":
            yield Tag(start, position, Kind.HOLE, f"> {_name(written[2:])}")
        elif _ELSE.match(written):
            yield Tag(start, position, Kind.APART)
        elif sign in {"#", "^", "/", "$", "<"}:
            # Whatever encloses words may leave them out, or have others in their place.
            yield Tag(start, position, Kind.DROPPED, block=-1 if sign == "/" else 1)
        elif sign == ">":
            yield Tag(start, position, Kind.HOLE, f"> {_name(written[1:])}")
        else:
            yield Tag(start, position, Kind.HOLE, _name(written.removeprefix("&")))


def _name(written: str) -> str:
    return " ".join(written.split())

