"""Reads a file's text and its documents, whichever of the three formats it is in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fdcpa_guard.errors import RuleErrors, RuleYamlError
from fdcpa_guard.rulefile.nodes import Node
from fdcpa_guard.rulefile.strict_json import read_json, read_json_lines
from fdcpa_guard.rulefile.strict_yaml import read_yaml
from fdcpa_guard.source import SourceFile

CASES_SUFFIX: Final = ".cases.yaml"
"""How the name of a rule's cases ends."""
LEXICON_SUFFIX: Final = ".lexicon.yaml"
"""What the name of a lexicon ends in: wordings that say what rules speak of."""
NOTICE_SUFFIX: Final = ".notice.yaml"
"""What the name of a notice ends in whose words the law gives."""
LIMITATIONS_FILE: Final = "limitations.yaml"
"""The name of a file of limitation periods."""
LIMITATION_CASES_FILE: Final = LIMITATIONS_FILE.removesuffix(".yaml") + CASES_SUFFIX
SUFFIXES: Final = (".yaml", ".yml", ".json", ".jsonl")


def read_source(path: Path, name: str | None = None) -> SourceFile:
    """The text of a file, UTF-8, under `name` (left out: the path as it was given).

    Raises:
        RuleErrors: the file is not there, or not UTF-8.
    """
    name = path.as_posix() if name is None else name
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not UTF-8"
        raise RuleErrors([RuleYamlError(message, SourceFile(name, "").span(0, 0))]) from None
    except OSError as error:
        message = f"cannot be read: {(error.strerror or type(error).__name__).lower()}"
        raise RuleErrors([RuleYamlError(message, SourceFile(name, "").span(0, 0))]) from None
    return SourceFile(name, text)


def read_documents(source: SourceFile) -> tuple[Node, ...]:
    """The documents in a text: several only where the name ends in `.jsonl`, which has one on each line.

    Raises:
        RuleErrors: of `RuleYamlError`.
    """
    name = source.name.lower()
    if name.endswith(".jsonl"):
        return read_json_lines(source)
    return (read_json(source) if name.endswith(".json") else read_yaml(source),)
