"""The form in which texts are compared: small ASCII letters without accents, one byte for each character of the text.

A match at some bytes is therefore a match at the same characters, so that a finding stands where the words stand. Line
breaks, typographic signs and letter case are forgotten here, once, and no pattern has to think of them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

HOLE: Final = "\ufffc"
"""What stands in a text for a slot that is filled later."""
HOLE_BYTE: Final = "\x1c"
BREAK: Final = "\n"
"""Where a paragraph, a heading or an item of a list ends: no phrase and no sentence goes on behind it."""
LOST: Final = "\x7f"
"""A character that no pattern knows."""

_SIGNS: Final = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2033": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
    "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u3000": " ", "\t": " ", "\x0b": " ", "\x0c": " ", "\r": " ",
    "\u2028": "\n", "\u2029": "\n", "\u0085": "\n", "\u2026": ",", "\u2022": "*", "\u25cf": "*", "\u25aa": "*",
    "\u00bf": ".", "\u00a1": ".", "\u20ac": "$", "\u00a3": "$", HOLE: HOLE_BYTE,
}  # fmt: skip
_INVISIBLE: Final = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")
"""Marks that nobody sees, with which words are broken so that they are not found."""
_DECOMPOSED: Final = re.compile("[\u0300-\u036f]")
_ENDED_BY_BREAK: Final = re.compile(rb"\n[ \n]*")
_ITEM: Final = re.compile(rb"(?:[-*+#>]|\(?[0-9a-z]{1,2}[.)])(?: |$)")
_SHORTENED: Final = (
    "ee|uu|mr|ms|dr|st|no|jr|sr|vs|co",
    "mrs|inc|llc|ltd|esq|etc|ext|art|sra|num|tel|dep|hon",
    "srta|dept|acct|corp|atty|attn|sect|apdo",
)
_DOT: Final = re.compile(
    (r"\.(?:(?<=[0-9]\.)(?=[0-9])|(?<=\b[a-z]\.)(?=[a-z ,])|(?= ?[,;:])|\.+(?= +[a-z])"
    + "".join(rf"|(?<=\b(?:{words})\.)" for words in _SHORTENED)
    + ")").encode()
)
"""Dots that end no sentence."""
_QUOTE: Final = re.compile(rb"'(?:(?![a-z0-9])|(?<![a-z0-9]'))")


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text and its plain form. `offsets` are the characters' places in the text; None: each at its own."""

    text: str
    plain: bytes
    offsets: tuple[int, ...] | None = None

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The characters of the text that some bytes stand for."""
        if self.offsets is None:
            return start, stop
        return self.offsets[start], self.offsets[stop - 1] + 1 if stop > start else self.offsets[start]


def plain_text(text: str) -> PlainText:
    """The text in its plain form. The time that it takes is linear in the text's length."""
    offsets: tuple[int, ...] | None = None
    kept = text
    if text.isascii():
        small = text.encode("ascii").translate(_SMALL)
    else:
        if _INVISIBLE.search(text) or _DECOMPOSED.search(text):
            kept, offsets = _composed(text)
        try:
            # Letters and signs of western languages have a byte each.
            small = kept.replace(HOLE, HOLE_BYTE).encode("cp1252").translate(_WESTERN)
        except UnicodeEncodeError:
            small = _FOREIGN.sub(lambda found: _one(found[0]), kept).encode("ascii").translate(_SMALL)
    if b"\n" in small:
        small = _ENDED_BY_BREAK.sub(_broken, small)
    if b"'" in small:
        small = _QUOTE.sub(b'"', small)
    if b"." in small:
        small = _DOT.sub(lambda found: found[0].replace(b".", b","), small)
    return PlainText(text, small, offsets)


def _small(number: int) -> str:
    character = chr(number)
    sign = _SIGNS.get(character)
    if sign is not None:
        return sign
    return character.lower() if character.isprintable() or character in ("\n", HOLE_BYTE) else LOST


_SMALL: Final = bytes(ord(_small(number)) if number < 128 else ord(LOST) for number in range(256))
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]")


@cache
def _one(character: str) -> str:
    """The one plain letter or sign for a character."""
    sign = _SIGNS.get(character)
    if sign is not None:
        return sign
    for form in (character.lower(), unicodedata.normalize("NFKD", character).lower()):
        if form[:1].isascii() and form:
            return form[0] if form[0].isprintable() else " "
    if character.isspace():
        return " "
    return _ALIKE.get(character.lower(), LOST)


_ALIKE: Final = dict(zip("аеорсхуіјѕԁοαεικρτυνß", "aeopcxyijsdoaeikptuvs", strict=True))
"""Letters of other alphabets that look like Latin ones, by which words are hidden from a search."""


_WESTERN: Final = bytes(
    _SMALL[number] if number < 128 else ord(_one(bytes([number]).decode("cp1252", "replace"))) for number in range(256)
)


def _composed(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without invisible marks, its accents at their letters, and the place of each character that is left."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if _INVISIBLE.match(character):
            continue
        if letters and _DECOMPOSED.match(character):
            joined = unicodedata.normalize("NFC", letters[-1] + character)
            letters[-1] = joined if len(joined) == 1 else letters[-1]
            continue
        letters.append(character)
        places.append(place)
    return "".join(letters), tuple(places)


def _broken(found: re.Match[bytes]) -> bytes:
    """A break between paragraphs or items stays one; another is a space between words."""
    written = found[0]
    whole = found.string
    is_break = written.count(b"\n") > 1 or _ITEM.match(whole, found.end()) is not None or _ends_short(whole, found.start())
    return (b"\n" if is_break else b" ") + b" " * (len(written) - 1)


_SHORT: Final = 30
"""A line that ends in no sign and is shorter than so many characters is a heading or an item, not a part of a sentence."""


def _ends_short(text: bytes, stop: int) -> bool:
    """Whether the line that ends here is too short to have been broken for want of room, and ends a sentence or none."""
    start = text.rfind(b"\n", max(0, stop - _SHORT - 1), stop) + 1
    if start == 0 and stop > _SHORT:
        return False
    line = text[start:stop].strip()
    return 0 < len(line) <= _SHORT and line[-1:] in b":.!?"
