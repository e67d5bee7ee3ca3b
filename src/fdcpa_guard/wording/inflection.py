"""The forms of a word, for `~` in patterns: those of regular English and Spanish words, and rather one too many.

A form that no one ever writes does no harm in a pattern. Irregular forms are written out where they are needed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final


def _each(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_VOWELS: Final = frozenset("aeiou")
_AR: Final = _each(
    "o as a amos an e es emos en ado ada ados adas ando are aras ara aremos aran aria arias ariamos arian "
    "aba abas abamos aban aste aron ase asen ar"
)
_ER: Final = _each(
    "o es e emos en a as amos an ido ida idos idas iendo ere eras era eremos eran eria erias eriamos erian "
    "ia ias iamos ian iste io imos ieron iera ieran er"
)
_IR: Final = _each(
    "o es e imos en a as amos an ido ida idos idas iendo ire iras ira iremos iran iria irias iriamos irian "
    "ia ias iamos ian iste io ieron iera ieran ir"
)
_CLITICS: Final = ("me", "te", "lo", "la", "le", "los", "las", "les", "se", "nos", "selo", "sela", "melo", "telo")
_BEFORE_E: Final = (("c", "qu"), ("g", "gu"), ("z", "c"))
"""How the end of a stem is written before an e."""


@lru_cache(maxsize=4096)
def forms(word: str, language: str) -> tuple[str, ...]:
    """Every form of a word in a language (`en` or `es`), the word first; plain letters."""
    found = _spanish(word) if language == "es" else _english(word)
    return tuple(dict.fromkeys((word, *found)))


def _english(word: str) -> list[str]:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        stem = word[:-1]
        return [stem + "ies", stem + "ied", word + "ing", word + "s"]
    if word.endswith("ie"):
        return [word + "s", word + "d", word[:-2] + "ying"]
    if word.endswith("e"):
        return [word + "s", word + "d", word[:-1] + "ing", word + "ing"]
    found = [word + "s", word + "ed", word + "ing"]
    if word.endswith(("s", "x", "z", "ch", "sh")):
        found.append(word + "es")
    if len(word) > 2 and word[-1] not in _VOWELS | set("wxy") and word[-2] in _VOWELS and word[-3] not in _VOWELS:
        found.extend((word + word[-1] + "ed", word + word[-1] + "ing"))
    return found


def _spanish(word: str) -> list[str]:
    endings = {"ar": _AR, "er": _ER, "ir": _IR}.get(word[-2:])
    if endings is None:
        return [word + "s", word + "es", *([word[:-1] + "a", word[:-1] + "as"] if word.endswith("o") else [])]
    stem = word[:-2]
    found = [stem + ending for ending in endings]
    if word.endswith("ar"):
        for written, before_e in _BEFORE_E:
            if stem.endswith(written):
                found.extend(stem[:-1] + before_e + ending for ending in ("e", "es", "emos", "en"))
    gerund = stem + ("ando" if word.endswith("ar") else "iendo")
    found.extend(form + clitic for form in (word, gerund) for clitic in _CLITICS)
    return found
