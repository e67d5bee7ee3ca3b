"""What a document says: the mentions of all that a reader of it sees, each in its part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.documents.model import Document, Part
from fdcpa_guard.errors import FactsError
from fdcpa_guard.wording.matching import Matcher, Mention

_UNSEEN: Final = frozenset({"hidden", "title"})
_ALTERNATIVES: Final = frozenset({"plain", "html"})
"""Parts of an email of which a reader sees one."""
_ATTACHED: Final = "attachment:"


@dataclass(frozen=True, slots=True)
class Found:
    """A mention and the part in which it stands."""

    mention: Mention
    part: Part


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says: names that it surely asserts or discloses, and others that it may.

    A notice is surely given only where every reader gets it: not in a branch of a template, not in one of the alternatives
    of an email alone, not in an attachment. `sure_text` has what every reader gets, `text` all of it.
    """

    found: tuple[Found, ...]
    asserts: frozenset[str]
    may_assert: frozenset[str]
    discloses: frozenset[str]
    may_disclose: frozenset[str]
    text: str
    sure_text: str
    subject: str | None


def said_in(document: Document, matcher: Matcher) -> Said:
    """What the words of a document say.

    Raises:
        FactsError: there are no words in it, or they are in a script that nothing here reads: neither is a clean letter.
    """
    parts = [part for part in document.parts if part.name not in _UNSEEN]
    _refuse_unreadable(document, parts)
    each = {id(part): matcher.mentions(part.text) for part in parts}
    found = tuple(Found(mention, part) for part in parts for mention in each[id(part)])
    asserts = frozenset(one.mention.name for one in found if one.mention.sure and not one.mention.discloses)
    may_assert = frozenset(one.mention.name for one in found if not one.mention.discloses) - asserts
    alternatives = [part for part in parts if part.name in _ALTERNATIVES]
    given = {
        id(part): frozenset(
            one.name for one in each[id(part)] if one.discloses and one.sure and not _is_chosen(part, one.start, one.stop)
        )
        for part in parts
    }
    everywhere = [given[id(part)] for part in parts if part not in alternatives and not part.name.startswith(_ATTACHED)]
    if alternatives:
        everywhere.append(frozenset.intersection(*(given[id(part)] for part in alternatives)))
    discloses = frozenset().union(*everywhere)
    may_disclose = frozenset(one.mention.name for one in found if one.mention.discloses) - discloses
    seen = [part for part in parts if part.name != "subject"]
    certain = [part for part in seen if not part.name.startswith(_ATTACHED) and (part not in alternatives or len(alternatives) == 1)]
    subject = document.part("subject")
    return Said(
        found, asserts, may_assert, discloses, may_disclose,
        "\n\n".join(part.text for part in seen),
        "\n\n".join(_without_choices(part) for part in certain),
        None if subject is None else subject.text,
    )  # fmt: skip


def _refuse_unreadable(document: Document, parts: Sequence[Part]) -> None:
    letters = [letter for part in parts for letter in part.text if letter.isalpha()]
    if not letters and not any(part.holes for part in parts):
        raise FactsError("there are no words in it; expected a letter or message with text", document.path)
    foreign = sum(not _is_western(letter) for letter in letters)
    if foreign * 2 > len(letters):
        raise FactsError("most of it is in a script that is not read; expected Latin letters", document.path)


def _is_western(letter: str) -> bool:
    return letter.isascii() or letter < "\u0250"


def _is_chosen(part: Part, start: int, stop: int) -> bool:
    """Whether some of the words stand in a branch of a template."""
    return any(first < stop and start < last for first, last in part.choices)


def _without_choices(part: Part) -> str:
    kept: list[str] = []
    done = 0
    for start, stop in part.choices:
        kept += (part.text[done:start], " ")
        done = stop
    return "".join((*kept, part.text[done:]))


def by_place(found: Sequence[Found]) -> list[Found]:
    """Of mentions of the same words the surest, in the order of the parts and of their places."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: (not one.mention.sure, one.mention.start - one.mention.stop)):
        if not any(_overlap(each, other) for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: (one.part.name, one.mention.start))


def _overlap(one: Found, other: Found) -> bool:
    return one.part is other.part and one.mention.start < other.mention.stop and other.mention.start < one.mention.stop
