"""Looking for words in a plain text: letter case, white space and typographic quotes and dashes apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

_PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u00a0": " "})


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text as it is compared."""
    return " ".join(text.translate(_PLAIN).casefold().split())


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(plain(phrase))}(?!\w)")


def is_said(
    text: str | None, names: Collection[str] | None, declared: str | None, phrases: Sequence[str]
) -> bool | None:
    """Whether an item of content is said: declared under its name, or one of the phrases stands in the text.

    `names` are all that the communication declares, or None where it declares nothing. Where the law does not prescribe
    the words, so that the item has a name to declare, a text without the phrases does not show that it is unsaid.
    """
    if declared is not None and names is not None and declared in names:
        return True
    if text is not None and any(contains_phrase(text, phrase) for phrase in phrases):
        return True
    return None if (text if declared is None else names) is None else False


def contains_phrase(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text`, one after another, as whole words."""
    return _pattern(phrase).search(plain(text)) is not None
