"""What is told where a library is missing that some formats need."""

from __future__ import annotations

from fdcpa_guard.errors import DocumentError


def needs_letters(name: str, what: str, library: str) -> DocumentError:
    """That reading `what` needs the extra `letters`."""
    return DocumentError(
        name, f"{what}, which needs {library}, which is not installed", "the extra `letters`",
        hint="pip install 'fdcpa-guard[letters]'",
    )  # fmt: skip
