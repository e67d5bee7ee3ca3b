"""Reads `texts`, `must_contain` and `must_not_contain`: the words that a law prescribes, offers or forbids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fdcpa_guard.errors import RuleShapeError, UnknownNameError
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.rulefile.model import ContentItem, RequiredText
from fdcpa_guard.rulefile.nodes import MappingNode, ScalarNode, first_line
from fdcpa_guard.rulefile.reading import FileReader
from fdcpa_guard.rulefile.schema import is_name
from fdcpa_guard.vocabulary import closest, load_vocabulary


def read_texts(reader: FileReader, root: MappingNode) -> dict[str, RequiredText]:
    return {
        name: RequiredText(
            name=name,
            cite=reader.text(node, "cite"),
            wordings=tuple(word.text for word in reader.words(node, "wordings")),
            language=reader.text(node, "language", "en"),
            span=first_line(node),
        )
        for name, node in reader.named(root, "texts")
    }


def read_items(
    reader: FileReader, root: MappingNode, key: str, texts: Mapping[str, RequiredText]
) -> tuple[ContentItem, ...]:
    """The items at a key, with the wordings in place of the names of texts."""
    items = reader.items(root, key)
    known = load_vocabulary().sets["disclosure" if key == "must_contain" else "assertion"]
    reader.refuse_repeated([node for item in items if (node := reader.scalar(item, "id")) is not None], "id")
    return tuple(
        ContentItem(
            id=reader.text(item, "id"),
            cite=reader.text(item, "cite"),
            says=reader.text(item, "says"),
            looks_for=tuple(
                phrase for word in reader.words(item, "any_of") for phrase in _phrases(reader, word, texts)
            ),
            declared=_declared(reader, item, known),
            only_when=reader.condition(item, "only_when", Scope.COMMUNICATION),
            span=first_line(item),
        )
        for item in items
    )


def _declared(reader: FileReader, item: MappingNode, known: Sequence[str]) -> str | None:
    """The name under which a communication declares the item. Without one, there have to be words to look for."""
    node = reader.scalar(item, "declared")
    if node is None:
        if not reader.sequence(item, "any_of"):
            reader.error(RuleShapeError, "expected `any_of`, `declared` or both", first_line(item))
        return None
    if node.text not in known:
        near = closest(node.text, known)
        hint = f"did you mean `{near}`?" if near else None
        reader.error(UnknownNameError, f"no communication can declare `{node.text}` here", node.span, hint)
    return node.text


def _phrases(reader: FileReader, word: ScalarNode, texts: Mapping[str, RequiredText]) -> tuple[str, ...]:
    text = texts.get(word.text)
    if text is not None:
        return text.wordings
    near = closest(word.text, texts) if is_name(word.text) else None
    # Looked for as it stands, a misspelt name would be found nowhere, or a forbidden text never.
    if is_name(word.text) and (near is not None or "_" in word.text):
        hint = f"did you mean `{near}`?" if near else None
        reader.error(UnknownNameError, f"no text is called `{word.text}`", word.span, hint)
    return (word.text,)
