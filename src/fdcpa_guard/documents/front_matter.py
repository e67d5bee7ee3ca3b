"""The settings before a letter, between two lines `---`, in the YAML that this project reads everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.documents.limits import MAX_FRONT_MATTER
from fdcpa_guard.documents.sources import Source
from fdcpa_guard.errors import DocumentError
from fdcpa_guard.rulefile.nodes import MappingNode
from fdcpa_guard.rulefile.strict_yaml import parse_yaml, to_python
from fdcpa_guard.source import SourceFile

_OPENING: Final = re.compile(r"---[ \t]*(?:\r\n|\n|\r)")
_CLOSING: Final = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)
# A letter may as well begin with a rule across the page.
_SETTING: Final = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*(?:[A-Za-z_][\w.\-]*[ \t]*:|[\"']|(?:---|\.\.\.)[ \t]*(?:[\r\n]|\Z))")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The settings, and where the letter itself begins."""

    settings: Mapping[str, object]
    stop: int


def read_front_matter(source: Source) -> FrontMatter:
    """The settings before the text, {} where there are none.

    Raises:
        DocumentError: they are not YAML as this project reads it, are not keys with values, or never end.
    """
    text = source.text
    opening = _OPENING.match(text)
    if opening is None or _SETTING.match(text, opening.end()) is None:
        return FrontMatter({}, 0)
    closing = _CLOSING.search(text, opening.end())
    if closing is None or closing.start() > MAX_FRONT_MATTER:
        if closing is None and ":" in text[opening.end() : MAX_FRONT_MATTER]:
            raise source.error(0, "settings that begin with `---` and never end", "a line `---` after them")
        raise source.error(0, f"settings of more than {MAX_FRONT_MATTER:,} characters", f"at most {MAX_FRONT_MATTER:,}")
    # From the first line on, so that places in what is wrong are those of the file.
    yaml = text[: closing.start()].replace("\r\n", "\n")
    if not yaml[opening.end() :].strip():
        return FrontMatter({}, closing.end())
    node, errors = parse_yaml(SourceFile(source.name, yaml))
    if errors:
        first = errors[0]
        line, column = (None, None) if first.span is None else (first.span.line, first.span.column)
        found, _, expected = first.message.partition("; expected ")
        raise DocumentError(
            source.name, found, expected or "settings in YAML, a key and its value on a line",
            line=line, column=column, hint=first.hint,
        )  # fmt: skip
    if not isinstance(node, MappingNode):
        raise source.error(opening.end(), "settings that are no keys with values", "`key: value` on each line")
    settings = to_python(node)
    assert isinstance(settings, dict)
    return FrontMatter(settings, closing.end())
