"""Lexicons: what the law calls by a name, the wordings that say it, and beside each what it finds and what it must not.

A lexicon is a file `NAME.lexicon.yaml` among the rules: the law with its citation, the name of the set `assertion` or
`disclosure` that its wordings say, and patterns, each with hits and near misses. Pieces of patterns that several lexicons
use stand in `pieces.lexicon.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from fdcpa_guard.errors import RuleError, RuleErrors, RuleShapeError, UnknownNameError
from fdcpa_guard.rulefile.documents import LEXICON_SUFFIX
from fdcpa_guard.rulefile.names import NameTable
from fdcpa_guard.rulefile.nodes import MappingNode, ScalarNode, first_line
from fdcpa_guard.rulefile.reading import FileReader
from fdcpa_guard.rulefile.schema import Shape
from fdcpa_guard.rulefile.strict_yaml import parse_yaml
from fdcpa_guard.source import SourceFile, Span
from fdcpa_guard.vocabulary import closest, load_vocabulary
from fdcpa_guard.wording.patterns import Definitions, Written, expression

LANGUAGES: Final = ("en", "es")


class Says(Enum):
    """What words that a pattern finds say of the lexicon's name."""

    SURELY = "surely"
    MAYBE = "maybe"
    NOTHING = "nothing"
    """What stands there is no such thing, whatever other patterns find in it."""


class InScope(Enum):
    """What is left of the words where they are denied, supposed, quoted, reported or asked."""

    ASSERTED = "asserted"
    MAYBE = "maybe"
    CLEAN = "clean"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One wording. `expression` is searched for in plain text; its first group is what was found."""

    id: str
    name: str
    discloses: bool
    language: str
    expression: str
    says: Says
    denied: InScope
    supposed: InScope
    quoted: InScope
    reported: InScope
    asked: InScope
    holds_denial: bool
    settled_by: str
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The wordings of one topic; `cites` are the law's."""

    name: str
    title: str
    cites: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of patterns by language, of a file and of those that it stands under."""

    written: Mapping[str, Mapping[str, Written]]

    def with_more(self, more: Mapping[str, Mapping[str, Written]]) -> Pieces:
        return Pieces({language: {**self.written.get(language, {}), **more.get(language, {})} for language in LANGUAGES})


NO_PIECES: Final = Pieces({})


class _LawShape(Shape):
    cite: str
    says: str


_InScopeName = Literal["asserted", "maybe", "clean"]


class _PatternShape(Shape):
    id: str
    language: Literal["en", "es"] = "en"
    match: str | list[str]
    says: Literal["surely", "maybe", "nothing"] = "surely"
    settled_by: str | None = None
    denied: _InScopeName = "clean"
    supposed: _InScopeName = "clean"
    quoted: _InScopeName = "maybe"
    reported: _InScopeName = "clean"
    asked: _InScopeName = "maybe"
    hits: list[str]
    near_misses: list[str] | None = None


class _LexiconShape(Shape):
    lexicon: str
    title: str
    law: list[_LawShape]
    asserts: str | None = None
    discloses: str | None = None
    confidence: Literal["verified", "recalled"]
    checked_on: str
    notes: str | None = None
    pieces: dict[str, dict[str, str]] | None = None
    patterns: list[_PatternShape]


class _PiecesShape(Shape):
    pieces_of: str
    notes: str | None = None
    pieces: dict[str, dict[str, str]]


def read_pieces(source: SourceFile, above: Pieces = NO_PIECES) -> tuple[Pieces, list[RuleError]]:
    """The pieces of a file of its own, with those above it."""
    reader = _opened(source, _PiecesShape)
    if isinstance(reader, list):
        return above, reader
    return above.with_more(_pieces(reader)), reader.finish()


def read_lexicon(source: SourceFile, pieces: Pieces = NO_PIECES) -> tuple[Lexicon | None, list[RuleError]]:
    """The lexicon of a file as far as it can be read, and all that is wrong with it."""
    reader = _opened(source, _LexiconShape)
    if isinstance(reader, list):
        return None, reader
    if reader.errors:
        return None, reader.finish()
    root = reader.root
    name, discloses = _said(reader, root)
    all_pieces = pieces.with_more(_pieces(reader))
    definitions = {language: Definitions(language, all_pieces.written.get(language, {})) for language in LANGUAGES}
    items = reader.items(root, "patterns")
    reader.refuse_repeated([node for item in items if (node := reader.scalar(item, "id")) is not None], "id")
    lexicon = reader.text(root, "lexicon")
    if lexicon + LEXICON_SUFFIX != source.name.rsplit("/", 1)[-1]:
        reader.error(RuleShapeError, f"the lexicon `{lexicon}` stands in another file; expected `{lexicon}{LEXICON_SUFFIX}`", root.span)
    patterns = [
        pattern
        for item in items
        for pattern in _patterns(reader, item, f"{lexicon}/{reader.text(item, 'id')}", name, discloses, definitions)
    ]
    cites = tuple(reader.text(item, "cite") for item in reader.items(root, "law"))
    return Lexicon(lexicon, reader.text(root, "title"), cites, tuple(patterns), source.name), reader.finish()


def _opened(source: SourceFile, shape: type[Shape]) -> FileReader | list[RuleError]:
    root, errors = parse_yaml(source)
    if root is None:
        return list(errors)
    reader = FileReader(root, shape, NameTable())
    reader.errors.extend(errors)
    return reader


def _pieces(reader: FileReader) -> dict[str, dict[str, Written]]:
    found: dict[str, dict[str, Written]] = {}
    for language, named in reader.named(reader.root, "pieces"):
        if language not in LANGUAGES:
            reader.error(RuleShapeError, f"`{language}` is no language of patterns; expected one of {', '.join(LANGUAGES)}", first_line(named))
            continue
        found[language] = {
            key.text: Written(node.text, node.locate) for key, node in named.items if isinstance(node, ScalarNode)
        }
    return found


def _said(reader: FileReader, root: MappingNode) -> tuple[str, bool]:
    """The name that the lexicon's wordings say, and whether it is a disclosure."""
    given = [(key, node) for key in ("asserts", "discloses") if (node := reader.scalar(root, key)) is not None]
    if len(given) != 1:
        reader.error(RuleShapeError, "expected either `asserts` or `discloses`", root.span)
        return "", False
    key, node = given[0]
    known = load_vocabulary().sets["assertion" if key == "asserts" else "disclosure"]
    if node.text not in known:
        near = closest(node.text, known)
        hint = f"did you mean `{near}`?" if near else None
        reader.error(UnknownNameError, f"no communication can say `{node.text}`", node.span, hint)
    return node.text, key == "discloses"


def _patterns(
    reader: FileReader, item: MappingNode, whole_id: str, name: str, discloses: bool, definitions: Mapping[str, Definitions]
) -> Iterable[Pattern]:
    language = reader.text(item, "language", "en")
    one = item.get("match")
    written = [one] if isinstance(one, ScalarNode) else reader.words(item, "match")
    says = reader.choice(item, "says", Says, Says.SURELY)
    settled_by = reader.text(item, "settled_by", "")
    if says is Says.MAYBE and not settled_by:
        reader.error(RuleShapeError, "words that alone do not decide need `settled_by`: the fact that would", first_line(item))
    hits = tuple(node.text for node in reader.words(item, "hits"))
    if not hits:
        reader.error(RuleShapeError, "expected a hit for the pattern", first_line(item))
    for node in written:
        try:
            found = expression(Written(node.text, node.locate), definitions[language])
        except RuleError as error:
            reader.errors.append(error)
            continue
        except RuleErrors as error:
            reader.errors.extend(error.errors)
            continue
        yield Pattern(
            whole_id, name, discloses, language, found, says,
            reader.choice(item, "denied", InScope, InScope.CLEAN),
            reader.choice(item, "supposed", InScope, InScope.CLEAN),
            reader.choice(item, "quoted", InScope, InScope.MAYBE),
            reader.choice(item, "reported", InScope, InScope.CLEAN),
            reader.choice(item, "asked", InScope, InScope.MAYBE),
            _denies(found),
            settled_by, hits, tuple(each.text for each in reader.words(item, "near_misses")), node.span,
        )  # fmt: skip


def _denies(found: str) -> bool:
    """Whether what a pattern looks for holds a denial itself."""
    return re.search(r"(?<![a-z'])(?:not|never|no|nobody|cannot|without|unless|nunca|nadie|sin|[a-z]+n't)(?![a-z'])", found) is not None


__all__ = ["NO_PIECES", "InScope", "Lexicon", "Pattern", "Pieces", "Says", "read_lexicon", "read_pieces"]
