"""The words of a notice and of a text, as the two are held against each other: in order, without signs, figures for numbers.

Some words may not be other ones in a notice that is taken for given: a number, a date, an amount, an address, and what turns
a sentence round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.wording.plain import HOLE_BYTE, PlainText, plain_text

HOLE_WORD: Final = HOLE_BYTE
"""The word that stands for a hole."""

_WORD: Final = re.compile(r"\x1c|(?<![a-z0-9])[a-z](?:[.,][a-z])+(?![a-z0-9])|[a-z0-9]+(?:'[a-z0-9]+)*|%")
_UNITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
                 "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPANISH: Final = ("cero", "", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez")
_FIGURES: Final = {
    **{word: str(number) for number, word in enumerate(_UNITS) if word != "one"},
    **{word: str(number) for number, word in enumerate(_SPANISH) if word},
    **{word: str(10 * number) for number, word in enumerate(_TENS, 2)},
    "treinta": "30", "hundred": "100", "thousand": "1000", "%": "percent",
}  # fmt: skip
_DATES: Final = frozenset({
    "january", "february", "april", "june", "july", "august", "september", "october", "november", "december",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "percent", "half", "double",
    "twice", "daily", "weekly", "monthly", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
    "year", "years", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
})  # fmt: skip
"""Words of a date, of a share and of a time. `may`, `march` and `second` are left out: they are other words as often."""
_TURNING: Final = frozenset({
    "not", "no", "never", "cannot", "without", "unless", "except", "nor", "none", "can't", "won't", "don't",
    "doesn't", "isn't", "may", "might", "must", "shall", "will", "can", "should", "nunca", "ni", "sin",
})  # fmt: skip
"""Words that turn a sentence round, or a right into a duty."""
_ADDRESS: Final = re.compile(r"\d|www\.|://|@|[a-z]\.(?:com|org|gov|net|us|edu)\b", re.IGNORECASE)
_CHUNK: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a stretch of text, and the bytes of its plain form (which are its characters) that each stands at."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    stops: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.words)


def words_of(plain: bytes) -> Words:
    """The words of a text in plain form. Linear in the text."""
    text = plain.decode("latin-1")
    spans = [found.span() for found in _WORD.finditer(text)]
    words = [text[start:stop] for start, stop in spans]
    return Words(
        tuple([_FIGURES.get(word, word) if len(word) < 3 or word[1] not in ".," else _joined(word) for word in words]),
        tuple([start for start, _ in spans]),
        tuple([stop for _, stop in spans]),
    )


def _joined(word: str) -> str:
    return word.replace(".", "").replace(",", "")


def plain_words(text: str) -> tuple[PlainText, Words]:
    """A text in plain form, and its words."""
    plain = plain_text(text)
    return plain, words_of(plain.plain)


def is_figure(word: str) -> bool:
    """Whether a word is, or is a part of, a number, a date or an amount."""
    return word in _DATES or any(letter in "0123456789" for letter in word)


def is_turning(word: str) -> bool:
    """Whether a word turns a sentence round, or makes a duty or a certainty of what it is said with."""
    return word in _TURNING or word.endswith("n't")


def addresses(text: str) -> list[tuple[int, int]]:
    """The stretches of a text, up to white space, in which a number, a site or an email address stands."""
    return [found.span() for found in _CHUNK.finditer(text) if _ADDRESS.search(found[0])]
