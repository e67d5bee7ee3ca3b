"""What a document says: the mentions of all that a reader of it sees, each in its part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.documents.model import Document, Part
from fdcpa_guard.wording.matching import Matcher, Mention

_UNSEEN: Final = frozenset({"hidden", "title"})
_ALTERNATIVES: Final = frozenset({"plain", "html"})
"""Parts of an email of which a reader sees one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A mention and the part in which it stands."""

    mention: Mention
    part: Part


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says. A notice that one of two alternatives of an email lacks is not surely given."""

    found: tuple[Found, ...]
    asserts: frozenset[str]
    may_assert: frozenset[str]
    discloses: frozenset[str]
    may_disclose: frozenset[str]
    text: str
    subject: str | None


def said_in(document: Document, matcher: Matcher) -> Said:
    """What the words of a document say."""
    parts = [part for part in document.parts if part.name not in _UNSEEN]
    each = {id(part): matcher.mentions(part.text) for part in parts}
    found = tuple(Found(mention, part) for part in parts for mention in each[id(part)])
    alternatives = [part for part in parts if part.name in _ALTERNATIVES]
    asserts = _names((each.mention for each in found), discloses=False, sure=True)
    discloses = _names((each.mention for each in found), discloses=True, sure=True)
    if len(alternatives) > 1:
        beside = _names((one.mention for one in found if one.part not in alternatives), discloses=True, sure=True)
        discloses = beside | frozenset.intersection(
            *(_names(each[id(part)], discloses=True, sure=True) for part in alternatives)
        )
    seen = [part for part in parts if part.name != "subject"]
    if len(alternatives) > 1:
        seen = [part for part in seen if part not in alternatives[1:]]
    subject = document.part("subject")
    return Said(
        found,
        asserts,
        _names((one.mention for one in found), discloses=False, sure=False) - asserts,
        discloses,
        _names((one.mention for one in found), discloses=True, sure=None) - discloses,
        "\n\n".join(part.text for part in seen),
        None if subject is None else subject.text,
    )


def _names(mentions: Iterable[Mention], *, discloses: bool, sure: bool | None) -> frozenset[str]:
    return frozenset(
        each.name for each in mentions if each.discloses is discloses and (sure is None or each.sure is sure)
    )


def by_place(found: Sequence[Found]) -> list[Found]:
    """Of mentions of the same words the surest, in the order of the parts and of their places."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: (not one.mention.sure, one.mention.start - one.mention.stop)):
        if not any(_overlap(each, other) for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: (one.part.name, one.mention.start))


def _overlap(one: Found, other: Found) -> bool:
    return one.part is other.part and one.mention.start < other.mention.stop and other.mention.start < one.mention.stop
