"""Merge fields of letters that people write in a word processor: `[Client Name]`, `<<Amount>>`, `«Due_Date»`.

Such brackets are ordinary punctuation too. What is taken for a field, and what is not:

`<<...>>`, `[[...]]`, `*|...|*` and `%%...%%` are fields where they hold a name: up to six words on a line.

`«...»` is a field where it holds one word. As Spanish puts quotations in the same marks, a word in lower letters without
digit or underscore is a field only if no `«...»` of the text holds several words.

`[...]` is a field where it holds a name that says what is to be put in:

-   words with capitals, as in `[Client Name]` or `[Name of the Creditor]`, all capitals, `snake_case`, `camelCase`;
-   `[insert ...]`, `[enter ...]`, `[your ...]`;
-   lower words of which one is what letters have fields for (`[amount due]`, `[date]`) and none an article or pronoun;

and not where it is empty or a box (`[ ]`, `[x]`, `[__]`), a number or one letter (`[1]`, `[t]he`), more than eight words, a
sentence, what editors put in brackets (`[sic]`, `[emphasis added]`), an answer or keyword (`[Yes]`, `[STOP]`), or follows or
precedes a letter without a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from fdcpa_guard.documents.building import Replacement
from fdcpa_guard.documents.model import HOLE
from fdcpa_guard.documents.templates.masking import PASSED, Masked, Slot
from fdcpa_guard.documents.word_lists import ARTICLES, ASKS, JOINING, LOWER_FIELDS, ORDINARY

MERGE_FIELD: Final = "merge_field"
"""The dialect of such holes."""

_NAME: Final = r"[^\W\d_][\w'’.\-]{0,40}(?:[ \t]?\n?[ \t]?[\w'’.#\-:/]{1,40}){0,5}"
_ANGLES: Final = re.compile(rf"<<[ \t]?({_NAME})[ \t]?>>")
_MARKED: Final = re.compile(
    rf"<<[ \t]?(?P<angles>{_NAME})[ \t]?>>"
    rf"|\[\[[ \t]?(?P<brackets>{_NAME})[ \t]?\]\]"
    rf"|\*\|(?P<stars>[A-Za-z][\w:]{{0,60}})\|\*"
    rf"|%%(?P<percents>[A-Za-z]\w{{0,60}})%%"
    r"|«[ \t]?(?P<quotes>[^«»\n]{1,200}?)[ \t]?»"
    r"|(?<![\w\])])\[(?P<square>[^\[\]]{2,120})\](?![\w\[(])"
)
_WORD: Final = re.compile(r"[\w.\-]+")
_PLAIN_LOWER: Final = re.compile(r"[^\W\d_]+")
_SQUARE_NAME: Final = re.compile(r"[$#]?[ ]?[^\W_][\w '’.,\-/#&$%():]*\)?\.?")
_IDENTIFIER: Final = re.compile(r"[A-Za-z]\w*(?:[._\-]\w+)+|[a-z]+[A-Z]\w*")
_SENTENCE: Final = re.compile(r"[.!?](?:\s|$)")
_ABBREVIATION: Final = re.compile(r"\b(?:no|nr|st|ave|apt|mr|mrs|ms|dr|jr|sr|inc|co|acct|amt|tel|ext|num)\.", re.IGNORECASE)


def mask_angles(masked: Masked) -> Masked:
    """Takes `<<Name>>` out of HTML and Markdown before they are read, which would take it for a tag."""
    chunks: list[str] = []
    slots = dict(masked.slots)
    done = 0
    for found in _ANGLES.finditer(masked.text):
        chunks += (masked.text[done : found.start()], HOLE, PASSED * (found.end() - found.start() - 1))
        slots[found.start()] = Slot(" ".join(found[1].split()), MERGE_FIELD, found.end())
        done = found.end()
    return Masked("".join((*chunks, masked.text[done:])), slots) if chunks else masked


def merge_fields(text: str) -> Iterator[Replacement]:
    """The merge fields of a text, in order."""
    quotations = any(
        found["quotes"] is not None and len(found["quotes"].split()) > 1 for found in _MARKED.finditer(text)
    ) if "«" in text else False
    for found in _MARKED.finditer(text):
        kind = found.lastgroup
        assert kind is not None
        written = found[kind]
        # A name is of one line of one cell; only a narrow text breaks it.
        if HOLE in written or "\t" in written or "\n\n" in written:
            continue
        name = " ".join(written.split())
        if kind == "quotes":
            if _WORD.fullmatch(name) is None or (quotations and name.islower() and _PLAIN_LOWER.fullmatch(name)):
                continue
        elif kind == "square" and not _is_field(name):
            continue
        yield Replacement(found.start(), found.end(), name, MERGE_FIELD)


def _is_field(name: str) -> bool:
    """Whether what stands in square brackets says what is to be put in."""
    key = name.strip().lower()
    if key.strip(" .:") in ORDINARY or key in ORDINARY or _SQUARE_NAME.fullmatch(name) is None:
        return False
    words = [word.strip("().,:'’#$%") for word in re.split(r"[ /]", name)]
    words = [word for word in words if word]
    letters = sum(character.isalpha() for character in name)
    if not words or len(words) > 8 or letters < 2:
        return False
    if _SENTENCE.search(_ABBREVIATION.sub("", name)):
        return False
    if _IDENTIFIER.fullmatch(name) or words[0].lower() in ASKS:
        return True
    named = [word for word in words if word.lower() not in JOINING]
    if named and all(word[0].isupper() or word[0].isdigit() for word in named) and not words[0].isdigit():
        return True
    lower = {word.lower() for word in words}
    return not lower & ARTICLES and bool(lower & LOWER_FIELDS)
