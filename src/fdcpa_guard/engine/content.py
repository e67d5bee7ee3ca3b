"""Whether an item of content is said: declared under its name, or in words that are known."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from fdcpa_guard.facts.phrases import contains_phrase


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
