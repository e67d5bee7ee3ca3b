"""YAML that a shop writes beside its logs: values stay text, and a key given twice is a mistake."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from fdcpa_guard.errors import FactsError


def text_of(path: Path, what: str) -> str:
    """The text of a file. Raises FactsError in which it is called `what`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FactsError(f"{what} is not UTF-8", str(path)) from None
    except OSError as error:
        raise FactsError(f"{what} cannot be read: {error.strerror or error}", str(path)) from None


def plain_yaml(text: str, name: str, what: str) -> object:
    """What the text says. `NO` and `17` are text, as codes are. Raises FactsError in which it is called `what`."""
    try:
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        where = f" at line {place.line + 1}" if place is not None else ""
        said = f": {error.problem}" if isinstance(error, _TwiceError) else ""
        raise FactsError(f"{what} is no YAML{where}{said}", name) from None


class _TwiceError(yaml.constructor.ConstructorError):
    """A key that stands twice in one mapping."""


class _Loader(yaml.SafeLoader):
    """Makes only text, lists, mappings and null."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            if isinstance(key_node, yaml.ScalarNode):
                if key_node.value in seen:
                    raise _TwiceError(None, None, f"`{key_node.value}` stands there twice", key_node.start_mark)
                seen.add(key_node.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith(":null")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
