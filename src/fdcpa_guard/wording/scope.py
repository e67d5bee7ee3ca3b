"""What stands around some words and takes their force away: denial, supposition, quotation, a question, another's speech.

"We will not have you arrested" and "you said we would have you arrested" threaten nobody; "unless you pay we will have you
arrested" does. What is looked at is the sentence, and no more of it than is near: the time taken is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.wording.cues import CUES, NORMS, VERBS, WITHOUT, Cues

_NEAR: Final = 400
"""So many characters before and behind are looked at."""
_FAR: Final = 12
"""A denial reaches no more words than these."""
_SUPPOSED: Final = 2
"""So many words may stand between what supposes and what is supposed."""
_SUPPOSED_OF_OTHERS: Final = 9
_REPORTED: Final = 8
_BEHIND: Final = 5
_TOKEN: Final = re.compile(r"[a-z0-9'$%\x1c]+|[,;:()\"-]")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is so of the words at some place."""

    denied: bool = False
    not_yet: bool = False
    supposed: bool = False
    quoted: bool = False
    reported: bool = False
    asked: bool = False


def scope_of(plain: bytes, start: int, stop: int, language: str, *, holds_denial: bool) -> Scope:
    """The scope of the words from `start` to `stop` of a plain text.

    `holds_denial`: what was looked for denies something itself, so that a denial within takes nothing away.
    """
    cues = CUES[language]
    first, last = _sentence(plain, start, stop)
    asked = plain[last : last + 1] == b"?"
    # In most sentences no word does any of it.
    if cues.any.isdisjoint(_TOKEN.findall(plain[first:last].decode("ascii"))) and not _is_quoted(plain, start, stop):
        return _ASKED if asked else _PLAIN
    before = _TOKEN.findall(plain[first:start].decode("ascii"))
    within = _TOKEN.findall(plain[start:stop].decode("ascii"))
    behind = _TOKEN.findall(plain[stop:last].decode("ascii"))
    denied, not_yet = _denied_before(before, within, cues)
    if not denied and not holds_denial:
        denied, not_yet = _denied_within(within, cues, not_yet)
    if not denied:
        denied = _denied_behind(behind, cues)
    return Scope(
        denied,
        not_yet,
        _supposed(before, within, cues),
        _is_quoted(plain, start, stop),
        _reported(before, within, cues),
        asked,
    )


_PLAIN: Final = Scope()
_ASKED: Final = Scope(asked=True)
_STOPS: Final = re.compile(rb"[.!?\n]")


def _sentence(plain: bytes, start: int, stop: int) -> tuple[int, int]:
    low, high = max(0, start - _NEAR), min(len(plain), stop + _NEAR)
    first = max(low - 1, plain.rfind(b".", low, start), plain.rfind(b"!", low, start), plain.rfind(b"?", low, start), plain.rfind(b"\n", low, start)) + 1
    end = _STOPS.search(plain, stop, high)
    return first, high if end is None else end.start()


def _is_quoted(plain: bytes, start: int, stop: int) -> bool:
    """Whether a quotation is open within the paragraph, and is closed later."""
    low = max(0, start - _NEAR)
    first = max(plain.rfind(b"\n", low, start), low)
    return plain.count(b'"', first, start) % 2 == 1 and b'"' in plain[stop : stop + _NEAR]


def _denied_before(before: Sequence[str], within: Sequence[str], cues: Cues) -> tuple[bool, bool]:
    """Whether a denial reaches the words, and whether it says no more than that it is not so yet."""
    own_subject = bool(within) and within[0] in cues.subjects
    for distance, word in enumerate(reversed(before[-_FAR - 1 :])):
        if word in cues.ends_clause and not (word in cues.denies and distance == 0):
            return False, False
        between = before[len(before) - distance :]
        following = [*between, *within][:3]
        if not _denies(word, following, cues):
            continue
        if cues.not_really.intersection(following[:2]):
            return False, False
        if "," in between and cues.opens_clause.intersection(before[: len(before) - distance]):
            return False, False
        if not _reaches(between, own_subject, cues):
            return False, False
        return True, bool(cues.not_yet.intersection(following[:1]))
    return False, False


def _denies(word: str, following: Sequence[str], cues: Cues) -> bool:
    """Whether a word denies; "against" does so where it is the law that something is against."""
    return word in cues.denies and (word != "against" or bool(NORMS.intersection(following[:3])))


def _reaches(between: Sequence[str], own_subject: bool, cues: Cues) -> bool:
    if cues.needs_closeness:
        return all(word in cues.carries for word in between)
    for place, word in enumerate(between):
        last = place + 1 == len(between)
        follows = own_subject if last else between[place + 1] in cues.subjects and between[place + 1] not in ("a", "an", "your")
        if word in cues.joins and follows:
            return False
    # With a subject of its own it is another statement, unless the denial is of that very statement.
    return not own_subject or not between or bool(cues.carries.intersection(between))


def _denied_within(within: Sequence[str], cues: Cues, not_yet: bool) -> tuple[bool, bool]:
    for place, word in enumerate(within):
        if _denies(word, within[place + 1 :], cues) and place + 1 < len(within):
            if cues.not_really.intersection(within[place + 1 : place + 3]):
                continue
            if any(each in cues.ends_clause for each in within[place + 1 :]):
                continue
            return True, within[place + 1] in cues.not_yet
    return False, not_yet


def _denied_behind(behind: Sequence[str], cues: Cues) -> bool:
    """As in "arrest is not possible"; what is done without something is done all the same."""
    if not behind or behind[0] not in VERBS | cues.denies or behind[0] in WITHOUT:
        return False
    for place, word in enumerate(behind[:_BEHIND]):
        if word in cues.ends_clause or word == ",":
            return False
        if word in cues.unlawful:
            return True
        if _denies(word, behind[place + 1 :], cues):
            return not cues.not_really.intersection(behind[place + 1 : place + 3])
    return False


def _supposed(before: Sequence[str], within: Sequence[str], cues: Cues) -> bool:
    """Whether the words themselves are what is supposed, and not what follows from it ("unless you pay we will ...")."""
    own_subject = bool(within) and within[0] in cues.subjects
    for place, word in reversed(list(enumerate(before[-_SUPPOSED - 1 :]))):
        if word in cues.supposes:
            between = before[-_SUPPOSED - 1 :][place + 1 :]
            if "," in between or (own_subject and between):
                return False
            return not cues.needs_closeness or all(each in cues.carries for each in between)
    return _supposed_of_others(before, cues)


def _supposed_of_others(before: Sequence[str], cues: Cues) -> bool:
    """As in "if a creditor decides to sue you": what others may do is supposed, what follows if you do not pay is not."""
    near = before[-_SUPPOSED_OF_OTHERS:]
    for place, word in reversed(list(enumerate(near[:-1]))):
        if word in cues.supposes:
            between = near[place + 1 :]
            return between[0] in cues.may_do and not any(each in cues.ends_statement for each in between)
    return False


def _reported(before: Sequence[str], within: Sequence[str], cues: Cues) -> bool:
    near = list(before[-_REPORTED:])
    if cues.warns.intersection(near):
        return True
    for place, word in enumerate(near):
        if word in cues.told and cues.hearers.intersection(near[max(place - 1, 0) : place + 2]):
            return True
    for place, word in enumerate(near[:-1]):
        if word in cues.others and near[place + 1] in cues.reports:
            rest = near[place + 2 :]
            return not any(each in cues.ends_clause and each not in cues.verbs_between for each in rest)
    return bool(within) and bool(near) and near[-1] in cues.others and within[0] in cues.reports


__all__ = ["Scope", "scope_of"]
