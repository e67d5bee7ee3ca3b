"""Looking for words in a plain text: letter case, white space and typographic quotes and dashes apart."""

from __future__ import annotations

import re
from functools import lru_cache

_PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u00a0": " "})


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text as it is compared."""
    return " ".join(text.translate(_PLAIN).casefold().split())


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(plain(phrase))}(?!\w)")


def contains_phrase(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text`, one after another, as whole words."""
    return _pattern(phrase).search(plain(text)) is not None
