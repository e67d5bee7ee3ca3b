"""The front matter of a template: YAML between two lines `---` at its head, read strictly, each mistake at its place.

The text of the file is read, and not what a reader of the format sees, so that lines and columns are those of an editor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from fdcpa_guard.errors import RuleError, RuleErrors, RuleShapeError
from fdcpa_guard.linting.settings import KEYS, SettingsText
from fdcpa_guard.rulefile.nodes import MappingNode, Node, SequenceNode, describe, first_line, to_python
from fdcpa_guard.rulefile.shape_errors import did_you_mean, shape_errors
from fdcpa_guard.rulefile.strict_yaml import parse_yaml
from fdcpa_guard.source import SourceFile, Span

OWN_KEYS: Final = ("fdcpa-guard", "fdcpa_guard")
"""Under one of these, settings stand apart from what other tools keep in the same front matter."""

# In a template the front matter may stand in a comment, so that it is not printed where nothing takes it off.
_OPENING: Final = re.compile(r"(?:(?:<!--|\{#-?|\{\{!--|\{\{--)[ \t]*\r?\n)?---[ \t]*\r?\n")
_CLOSING: Final = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_OUR_KEY: Final = re.compile(rf"^(?:{'|'.join((*OWN_KEYS, *KEYS))})[ \t]*:", re.MULTILINE)
_OF_OTHERS: Final = frozenset({"status", "role", "language"})
"""Keys that other tools use too: alone, they do not make a front matter ours."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a template says of itself. `waivers` are where each of its waivers stands, in their order."""

    settings: SettingsText
    waivers: tuple[Span, ...] = ()


def front_matter_span(text: str) -> tuple[int, int] | None:
    """Where the YAML of a front matter stands in a text; None where there is none."""
    opened = _OPENING.match(text)
    if opened is None:
        return None
    closed = _CLOSING.search(text, opened.end())
    return None if closed is None else (opened.end(), closed.start())


def read_front_matter(source: SourceFile) -> FrontMatter | None:
    """The settings in a template's front matter; None where it has none, or only those of other tools.

    Settings stand under `fdcpa-guard:`, or else at the top; a key that is not known is then an error.

    Raises:
        RuleErrors: all that is wrong, each at its place.
    """
    where = front_matter_span(source.text)
    if where is None or not source.text[slice(*where)].strip():
        return None
    start, end = where
    # What stands before becomes white space: lines and columns stay those of the file.
    before = re.sub(r"[^\n]", " ", source.text[:start])
    ours = _OUR_KEY.search(source.text, start, end) is not None
    root, errors = parse_yaml(SourceFile(source.name, before + source.text[start:end]))
    if errors or root is None:
        if ours:
            raise RuleErrors(errors)
        return None
    node = _settings_of(root)
    if node is None:
        return None
    try:
        settings = SettingsText.model_validate(to_python(node))
    except ValidationError as error:
        raise RuleErrors(_explained(shape_errors(error, node, SettingsText), node is root)) from None
    waivers = node.get("waivers")
    spans = [first_line(item) for item in waivers.items] if isinstance(waivers, SequenceNode) else []
    return FrontMatter(settings, tuple(spans))


def _settings_of(root: Node) -> MappingNode | None:
    """The mapping that has settings; None where the front matter is another tool's."""
    if not isinstance(root, MappingNode):
        return None
    own = next((node for node in map(root.get, OWN_KEYS) if node is not None), None)
    if own is not None:
        if not isinstance(own, MappingNode):
            message = f"found {describe(own)}; expected a mapping of keys"
            raise RuleErrors([RuleShapeError(message, first_line(own))])
        return own
    keys = set(root.keys())
    if keys & (set(KEYS) - _OF_OTHERS) or (keys and keys <= set(KEYS)):
        return root
    # A file whose one setting is misspelt would otherwise be judged without it.
    misspelt = [key.text for key, _ in root.items if key.text not in _OF_OTHERS and did_you_mean(key.text, KEYS)]
    if misspelt:
        raise RuleErrors([_unknown_key(root, key) for key in misspelt])
    return None


def _unknown_key(root: MappingNode, key: str) -> RuleShapeError:
    named = root.key(key)
    return RuleShapeError(f"the key `{key}` is unknown here", None if named is None else named.span, did_you_mean(key, KEYS))


def _explained(errors: Sequence[RuleError], at_the_top: bool) -> Iterator[RuleError]:
    """The errors; of keys at the top that may be another tool's, with what to do about them."""
    for error in errors:
        if at_the_top and error.hint is None and error.message.endswith("is unknown here"):
            hint = "where other tools read this front matter too, put these settings under `fdcpa-guard:`"
            yield RuleShapeError(error.message, error.span, hint)
        else:
            yield error
