"""Documents: letters, emails and messages as their readers see them, each character with its place in the source."""

from __future__ import annotations

from fdcpa_guard.documents.model import HOLE, Comment, Document, Hole, Part, Place, Run
from fdcpa_guard.documents.reading import read_document

__all__ = ["HOLE", "Comment", "Document", "Hole", "Part", "Place", "Run", "read_document"]
