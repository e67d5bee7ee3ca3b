"""HTML to tags and text with the offset of each, as browsers cut it up, however broken.

No library is used, as none tells where a character of the text stands, and the standard one takes more than linear time on
hostile text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.documents.sources import Source
from fdcpa_guard.documents.templates.masking import PASSED

_NAME: Final = re.compile(r"[A-Za-z][^\s/>]*")
_ATTRIBUTE: Final = re.compile(
    r"[\s/]*(?:(?P<end>>)|(?P<name>[^\s/>][^\s/>=]*)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)(?P<closed>\"|\Z)|'(?P<single>[^']*)(?P<shut>'|\Z)|(?P<bare>[^\s>\"'][^\s>]*))?)?)"
)
_RAW: Final = frozenset(("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"))
"""Elements in which nothing is a tag but their own end."""


@dataclass(frozen=True, slots=True)
class Text:
    """Characters `start` to `stop`; in `raw` text no character is written by name."""

    start: int
    stop: int
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """`<name ...>` or `</name>`, in lower letters."""

    start: int
    stop: int
    name: str
    closing: bool
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Comment:
    start: int
    stop: int


def tokens(text: str, source: Source) -> Iterator[Text | Tag | Comment]:
    """The tags, texts and comments of an HTML text, in order; `text` is that of `source` with its templates' tags masked.

    Raises:
        DocumentError: a tag, comment or script never ends, so that a browser would show nothing of what follows.
    """
    position, begun = 0, 0
    while (start := text.find("<", position)) >= 0:
        after = text[start + 1 : start + 3]
        if after[:1] == "!" and text.startswith("--", start + 2):
            stop = _comment_end(text, start, source)
            token: Text | Tag | Comment = Comment(start, stop)
        elif after[:1] in {"!", "?"} or (after[:1] == "/" and _NAME.match(text, start + 2) is None):
            end = text.find(">", start)
            if end < 0:
                raise _unclosed(source, start, "markup", ">")
            token = Comment(start, end + 1)
        elif (name := _NAME.match(text, start + (2 if after[:1] == "/" else 1))) is not None:
            token = _tag(text, start, name, source)
        else:
            position = start + 1
            continue
        if begun < start:
            yield Text(begun, start)
        yield token
        position = begun = token.stop
        if isinstance(token, Tag) and not token.closing and token.name in _RAW:
            end = _raw_end(text, position, token, source)
            if end > position:
                yield Text(position, end, raw=token.name not in {"title", "textarea"})
            position = begun = end
    if begun < len(text):
        yield Text(begun, len(text))


def _tag(text: str, start: int, name: re.Match[str], source: Source) -> Tag:
    position = name.end()
    attributes: dict[str, str] = {}
    while True:
        attribute = _ATTRIBUTE.match(text, position)
        if attribute is None or attribute["closed"] == "" or attribute["shut"] == "":
            raise _unclosed(source, start, f"the tag `<{name[0][:40]}`", ">")
        position = attribute.end()
        if attribute["end"]:
            closing = text[start + 1] == "/"
            return Tag(start, position, name[0].replace(PASSED, "").lower(), closing, attributes)
        value = attribute["double"] or attribute["single"] or attribute["bare"] or ""
        key = attribute["name"].replace(PASSED, "").lower()
        # As in browsers, the first of a name counts.
        attributes.setdefault(key, html.unescape(value.replace(PASSED, "")))


def _comment_end(text: str, start: int, source: Source) -> int:
    for short in ("<!-->", "<!--->"):
        if text.startswith(short, start):
            return start + len(short)
    end = text.find("-->", start + 4)
    if end < 0:
        raise _unclosed(source, start, "the comment `<!--`", "-->")
    return end + 3


def _raw_end(text: str, position: int, tag: Tag, source: Source) -> int:
    ending = re.compile(rf"</{tag.name}(?=[\s/>])", re.IGNORECASE).search(text, position)
    if ending is None:
        raise _unclosed(source, tag.start, f"`<{tag.name}>`", f"</{tag.name}>")
    return ending.start()


def _unclosed(source: Source, start: int, what: str, expected: str) -> Exception:
    return source.error(
        start, f"{what}, which never ends", f"`{expected}` after it", "a browser shows nothing of what follows"
    )
