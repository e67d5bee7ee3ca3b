"""Which dialect a template is written in: by the name of its file, or by what it has that no other dialect has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from fdcpa_guard.documents.templates.blade import scan_blade
from fdcpa_guard.documents.templates.curly import scan_curly
from fdcpa_guard.documents.templates.mustache import scan_mustache
from fdcpa_guard.documents.templates.tags import Scan, Tag

DIALECTS: Final = ("jinja", "liquid", "mustache", "blade")
SUFFIXES: Final = {
    ".j2": "jinja",
    ".jinja": "jinja",
    ".jinja2": "jinja",
    ".twig": "jinja",
    ".liquid": "liquid",
    ".hbs": "mustache",
    ".handlebars": "mustache",
    ".mustache": "mustache",
    ".blade.php": "blade",
}
"""How names of template files end."""

_SCANNERS: Final[dict[str, Callable[[Scan], Iterator[Tag]]]] = {
    "jinja": lambda scan: scan_curly(scan, "jinja"),
    "liquid": lambda scan: scan_curly(scan, "liquid"),
    "mustache": scan_mustache,
    "blade": scan_blade,
}

_ANY: Final = re.compile(r"\{\{|\{%|(?<!\{)\{#|\{!!|(?<!\w)@(?:if|foreach|include|section|extends)\b")
_SIGNS: Final = (
    (
        "blade",
        re.compile(
            r"\{!!|\{\{--[^!]|\{\{\s{0,9}\$|(?<![\w@.])@(?:if|foreach|forelse|unless|isset|include|section|extends|yield)[ \t]{0,9}\("
            r"|(?<![\w@.])@end(?:if|foreach|forelse|unless|section)\b"
        ),
    ),
    (
        "liquid",
        re.compile(
            r"\{%-?\s{0,9}(?:assign|unless|endunless|elsif|case|when|capture|render|comment|liquid|increment|decrement|tablerow)\b"
            r"|\{\{[^{}|]{0,200}\|\s{0,9}\w{1,40}\s{0,9}:"
        ),
    ),
    ("mustache", re.compile(r"\{\{~?[{#^/>!&=]|\{\{~?\s{0,9}else\b")),
    ("jinja", re.compile(r"\{%|(?<!\{)\{#|\{\{[^{}|]{0,200}\|")),
    # Nothing but plain names: jinja's authors put spaces around them, mustache's do not; they read the same.
    ("mustache", re.compile(r"\{\{[^{}\s]{1,200}\}\}")),
    ("jinja", re.compile(r"\{\{[^{}]{1,200}\}\}")),
)


def dialect_of(text: str) -> str | None:
    """The dialect that a text is written in, None where it has no tags of any."""
    if _ANY.search(text) is None:
        return None
    return next((dialect for dialect, sign in _SIGNS if sign.search(text)), None)


def tags_of(scan: Scan, dialect: str) -> tuple[Tag, ...]:
    """The tags of a text in that dialect, in order.

    Raises:
        What `scan.fail` makes, where a tag is never closed.
    """
    return tuple(_SCANNERS[dialect](scan))
