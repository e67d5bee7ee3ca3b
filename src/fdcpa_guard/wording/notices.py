"""Notices whose words the law gives: files `NAME.notice.yaml` among the rules.

A notice has one or several wordings, word for word with its slots in brackets, `[Collector]`, and elements: what it has to
convey, each with the words of the wordings that carry it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from fdcpa_guard.errors import RuleError, RuleShapeError, UnknownNameError
from fdcpa_guard.rulefile.documents import NOTICE_SUFFIX
from fdcpa_guard.rulefile.names import NameTable
from fdcpa_guard.rulefile.nodes import MappingNode, ScalarNode, first_line
from fdcpa_guard.rulefile.reading import FileReader
from fdcpa_guard.rulefile.schema import Shape
from fdcpa_guard.rulefile.strict_yaml import parse_yaml
from fdcpa_guard.source import SourceFile
from fdcpa_guard.vocabulary import closest, load_vocabulary
from fdcpa_guard.wording.notice_words import addresses, is_figure, plain_words

__all__ = ["Element", "Notice", "Slot", "Wording", "read_notice"]

_SLOT: Final = re.compile(r"\[([^\[\]]+)\]")
LEAST_WORDS: Final = 4
"""Fewer words than these, slots apart, are not surely the notice's."""


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that a notice has to convey. `discloses` is its name in the set `disclosure`, None where it has none."""

    id: str
    conveys: str
    discloses: str | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a wording: it stands before the word of that number; behind the last where there is none."""

    name: str
    before: int


@dataclass(frozen=True)
class Wording:
    """One wording of a notice, by its words without the slots.

    `figures` are the numbers of those words that may not be other ones: of a number, a date, an amount, an address.
    `carried` has, for each element, the numbers of the words that carry it; `telling` those of them that stand nowhere else
    in the wording, where there are any.
    """

    text: str
    words: tuple[str, ...]
    written: tuple[str, ...]
    slots: tuple[Slot, ...]
    figures: frozenset[int]
    carried: tuple[frozenset[int], ...]
    telling: tuple[frozenset[int], ...]

    @cached_property
    def slots_before(self) -> dict[int, list[Slot]]:
        found: dict[int, list[Slot]] = {}
        for slot in self.slots:
            found.setdefault(slot.before, []).append(slot)
        return found


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the law. `discloses` is the name that the whole of it says; None where only its elements have names."""

    id: str
    title: str
    cites: tuple[str, ...]
    jurisdiction: str
    language: str
    discloses: str | None
    wordings: tuple[Wording, ...]
    elements: tuple[Element, ...]
    confidence: str
    checked_on: str
    path: str


class _LawShape(Shape):
    cite: str
    says: str


class _ElementShape(Shape):
    id: str
    conveys: str
    discloses: str | None = None
    words: list[str]


class _NoticeShape(Shape):
    notice: str
    title: str
    law: list[_LawShape]
    jurisdiction: str
    language: Literal["en", "es"] = "en"
    discloses: str | None = None
    wordings: list[str]
    elements: list[_ElementShape]
    confidence: Literal["verified", "recalled"]
    source: str
    checked_on: str
    notes: str | None = None


def read_notice(source: SourceFile) -> tuple[Notice | None, list[RuleError]]:
    """The notice of a file as far as it can be read, and all that is wrong with it."""
    root, errors = parse_yaml(source)
    if root is None:
        return None, list(errors)
    reader = FileReader(root, _NoticeShape, NameTable())
    reader.errors.extend(errors)
    if reader.errors:
        return None, reader.finish()
    root = reader.root
    name = reader.text(root, "notice")
    if name + NOTICE_SUFFIX != source.name.rsplit("/", 1)[-1]:
        reader.error(
            RuleShapeError, f"the notice `{name}` stands in another file; expected `{name}{NOTICE_SUFFIX}`", root.span
        )
    items = reader.items(root, "elements")
    reader.refuse_repeated([node for item in items if (node := reader.scalar(item, "id")) is not None], "id")
    elements = tuple(_element(reader, item) for item in items)
    written = reader.words(root, "wordings")
    for what, found in (("wordings", written), ("elements", items)):
        if not found:
            reader.error(RuleShapeError, f"expected at least one of `{what}`", first_line(root))
    wordings = [_wording(reader, node, elements) for node in written]
    for item in items:
        for node in reader.words(item, "words"):
            if not any(_places(node.text, wording.words) for wording in wordings):
                reader.error(RuleShapeError, "these words stand in no wording of the notice", node.span)
    notice = Notice(
        name, reader.text(root, "title"), tuple(reader.text(item, "cite") for item in reader.items(root, "law")),
        reader.text(root, "jurisdiction"), reader.text(root, "language", "en"), _disclosure(reader, root), tuple(wordings),
        elements, reader.text(root, "confidence"), reader.text(root, "checked_on"), source.name,
    )  # fmt: skip
    return notice, reader.finish()


def _element(reader: FileReader, item: MappingNode) -> Element:
    return Element(
        reader.text(item, "id"), reader.text(item, "conveys"), _disclosure(reader, item),
        tuple(node.text for node in reader.words(item, "words")),
    )  # fmt: skip


def _disclosure(reader: FileReader, mapping: MappingNode) -> str | None:
    node = reader.scalar(mapping, "discloses")
    if node is None:
        return None
    known = load_vocabulary().sets["disclosure"]
    if node.text not in known:
        near = closest(node.text, known)
        hint = f"did you mean `{near}`?" if near else None
        reader.error(UnknownNameError, f"no communication can disclose `{node.text}`", node.span, hint)
    return node.text


def _wording(reader: FileReader, node: ScalarNode, elements: tuple[Element, ...]) -> Wording:
    """A wording by its words; an error where it has too few, or does not say an element."""
    text = " ".join(node.text.split())
    # A slot is blanked, so that each word keeps its place in the text.
    bare = _SLOT.sub(lambda found: " " * len(found[0]), text)
    _, found = plain_words(bare)
    slots = tuple(Slot(slot[1], sum(start < slot.start() for start in found.starts)) for slot in _SLOT.finditer(text))
    spans = addresses(bare)
    figures = frozenset(
        number
        for number, word in enumerate(found.words)
        if is_figure(word) or any(start <= found.starts[number] < stop for start, stop in spans)
    )
    carried = tuple(
        frozenset(number for words in element.words for place in _places(words, found.words) for number in place)
        for element in elements
    )
    for element, numbers in zip(elements, carried, strict=True):
        if not numbers:
            reader.error(RuleShapeError, f"the wording has no words of the element `{element.id}`", node.span)
    if len(found) < LEAST_WORDS:
        reader.error(RuleShapeError, f"expected at least {LEAST_WORDS} words besides slots", node.span)
    written = tuple(bare[start:stop] for start, stop in zip(found.starts, found.stops, strict=True))
    once = frozenset(number for number, word in enumerate(found.words) if found.words.count(word) == 1)
    telling = tuple((numbers & once) or numbers for numbers in carried)
    return Wording(text, found.words, written, slots, figures, carried, telling)


def _places(words: str, whole: tuple[str, ...]) -> list[range]:
    """Where some words stand in a wording, slots in them left out."""
    sought = plain_words(_SLOT.sub(" ", words))[1].words
    if not sought:
        return []
    return [
        range(first, first + len(sought))
        for first in range(len(whole) - len(sought) + 1)
        if whole[first : first + len(sought)] == sought
    ]
