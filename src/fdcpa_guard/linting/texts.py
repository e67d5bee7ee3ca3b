"""Reads a file for the check: the document as a reader sees it, and the text of the source where it has one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fdcpa_guard.documents.formats import FORMAT_SUFFIXES, declared_encoding, kind_of
from fdcpa_guard.documents.model import Document
from fdcpa_guard.documents.reading import read_document
from fdcpa_guard.documents.sources import decode, read_bytes
from fdcpa_guard.documents.templates.dialects import SUFFIXES

READABLE: Final = (*FORMAT_SUFFIXES, *SUFFIXES)
"""How the names end of files that are checked where a folder is walked."""
_TEXTS: Final = frozenset({"text", "markdown", "html"})
"""The formats whose source is text that people edit: only there can comments and front matter stand."""


def is_readable(path: Path) -> bool:
    """Whether a file's name says that it is a letter or message, as far as a name can."""
    return path.name.lower().endswith(READABLE)


def read_file(path: Path) -> tuple[Document, str | None]:
    """The document, and the characters of its source; None where the format is no text.

    Raises:
        DocumentError: it cannot be read.
    """
    name = path.as_posix()
    data = read_bytes(path, name)
    document = read_document(path, data)
    if document.format not in _TEXTS:
        return document, None
    declared = declared_encoding(data) if kind_of(name, data, None, None).format in {None, "html"} else None
    return document, decode(name, data, None, declared)
