"""The words of a text message by which its sender opts out, as carriers act upon them."""

from __future__ import annotations

from typing import Final

_OPT_OUT_WORDS: Final = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})


def is_opt_out(content: str | None) -> bool:
    """Whether the whole of a text is one of the words, in whatever letters, spaces and marks it is written."""
    return "".join(each for each in (content or "").upper() if each.isalnum()) in _OPT_OUT_WORDS
