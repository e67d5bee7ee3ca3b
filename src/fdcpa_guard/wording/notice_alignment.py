"""A wording of a notice held against a stretch of a text: what of it is there, and where the two differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final

from fdcpa_guard.wording.notice_words import HOLE_WORD, Words, is_figure, is_turning
from fdcpa_guard.wording.notices import Element, Notice, Slot, Wording
from fdcpa_guard.wording.plain import PlainText

__all__ = ["LONGEST_FILL", "Alignment", "Difference", "Kind", "Nearness", "NoticeMatch", "absent", "aligned"]

LONGEST_FILL: Final = 12
"""A slot is filled with so many words at most."""
_TOLERATED: Final = 20
"""One word in so many may differ in a notice that is close to the wording."""
_CARRIED: Final = 0.6
"""An element is there where this share of the words that tell it is."""
_SENTENCE_END: Final = re.compile(rb"[.!?]")
_ENDS: Final = re.compile(rb"[.!?\n]")
_DENIES: Final = frozenset({
    "not", "no", "never", "cannot", "without", "unless", "nunca",
})  # fmt: skip


class Nearness(Enum):
    """How a text gives a notice."""

    EXACT = "exact"
    """Every word, in order; signs, letter case and what fills the slots apart."""
    CLOSE = "close"
    """All that it has to convey; a few words differ, none of which is a number, a date or turns a sentence round."""
    NEAR_MISS = "near_miss"
    """Much of it, but something that matters is missing, added or altered."""
    ABSENT = "absent"


class Kind(Enum):
    """How words differ."""

    MISSING = "missing"
    ADDED = "added"
    CHANGED = "changed"
    ALTERED = "altered"
    """A number, a date, an amount or an address is another one, or is there in one of the two only."""
    EMPTY_SLOT = "empty_slot"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where text and wording differ. `start` to `stop` are characters of the text: where words of the text differ,
    or, with nothing between, where words of the wording would stand. `grave`: what is said is another thing thereby."""

    kind: Kind
    expected: str
    found: str
    start: int
    stop: int
    grave: bool

    def __str__(self) -> str:
        match self.kind:
            case Kind.MISSING:
                return f"`{self.expected}` is missing"
            case Kind.ADDED:
                return f"`{self.found}` is added"
            case Kind.EMPTY_SLOT:
                return f"nothing stands for [{self.expected}]"
        if not self.expected or not self.found:
            return f"`{self.expected or self.found}` is {'missing' if self.expected else 'added'}"
        return f"`{self.found}` stands for `{self.expected}`"


@dataclass(frozen=True, slots=True)
class NoticeMatch:
    """How a text gives a notice. `start` to `stop` are the characters of the text that do; 0 and 0 of one that is absent.

    `wording` is the number of the wording that is nearest. `missing_elements` are those that the text does not convey in the
    notice's words. `slots` says with what each slot is filled.
    """

    notice: Notice
    nearness: Nearness
    wording: int
    start: int
    stop: int
    differences: tuple[Difference, ...]
    missing_elements: tuple[Element, ...]
    slots: tuple[tuple[str, str], ...]

    @property
    def given(self) -> bool:
        """Whether the text gives the notice: exactly, or nearly enough."""
        return self.nearness in (Nearness.EXACT, Nearness.CLOSE)

    @property
    def altered(self) -> tuple[Difference, ...]:
        """The numbers, dates, amounts and addresses that are other ones."""
        return tuple(each for each in self.differences if each.kind is Kind.ALTERED)

    def message(self) -> str:
        """What differs, in a line; empty of an exact one."""
        if self.nearness is Nearness.ABSENT:
            return f"{self.notice.title}: absent"
        said = [str(each) for each in self.differences if each.grave or self.nearness is Nearness.CLOSE]
        said = said or [str(each) for each in self.differences]
        said += [f"it does not say {element.conveys}" for element in self.missing_elements]
        return "; ".join(said)


@dataclass(frozen=True, slots=True)
class _Gap:
    """Words between two stretches in common: `low` to `high` of the wording, `left` to `right` of the text."""

    low: int
    high: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """A notice's wording and the words of a text that give it, from `first` up to `last`; differences by words of the text."""

    notice: Notice
    number: int
    nearness: Nearness
    first: int
    last: int
    differences: tuple[tuple[Difference, int, int], ...]
    missing_elements: tuple[Element, ...]
    fills: tuple[tuple[str, int, int], ...]
    share: float
    text: Words

    @property
    def rank(self) -> tuple[int, int, float, int]:
        """Less is nearer; of two alike the one that stands first."""
        return list(Nearness).index(self.nearness), len(self.missing_elements), -self.share, len(self.differences)

    def nearer_than(self, other: Alignment) -> bool:
        """Whether this one says better how the text gives the notice.

        Of two readings of the same words, the one that leaves fewer out: what it finds to differ cannot be left unread.
        """
        if self.number == other.number and self.first < other.last and other.first < self.last:
            return (-self.share, self.rank) < (-other.share, other.rank)
        return self.rank < other.rank

    def match(self, plain: PlainText) -> NoticeMatch:
        """The same by the characters of the text."""
        words = self.text

        def chars(first: int, last: int) -> tuple[int, int]:
            if first < last:
                return plain.span(words.starts[first], words.stops[last - 1])
            at = plain.span(words.starts[first - 1], words.stops[first - 1])[1] if first else 0
            return at, at

        differences = tuple(
            Difference(
                each.kind, each.expected, plain.text[slice(*chars(first, last))], *chars(first, last), each.grave
            )
            for each, first, last in self.differences
        )
        slots = tuple((name, plain.text[slice(*chars(first, last))]) for name, first, last in self.fills)
        start, stop = chars(self.first, self.last)
        return NoticeMatch(
            self.notice, self.nearness, self.number, start, stop, differences, self.missing_elements, slots
        )


def absent(notice: Notice) -> NoticeMatch:
    """Of a notice that a text does not give."""
    return NoticeMatch(notice, Nearness.ABSENT, 0, 0, 0, (), notice.elements, ())


def aligned(
    notice: Notice, number: int, blocks: Sequence[tuple[int, int, int]], text: Words, plain: PlainText
) -> Alignment | None:
    """The wording at the stretches that it has in common with the text; None where they are too few for the notice."""
    wording = notice.wordings[number]
    length = len(wording.words)
    kept = _without_strays(blocks, wording)
    there = {first + step for first, _, size in kept for step in range(size)}
    share = len(there) / length
    if share < _least_share(length):
        return None
    reading = _Reading(wording, text, plain)
    reading.edge_before(kept[0][0], kept[0][1])
    for (first, at, size), (following, next_at, _) in pairwise(kept):
        reading.inside(first, at, size)
        reading.between(_Gap(first + size, following, at + size, next_at))
    first, at, size = kept[-1]
    reading.inside(first, at, size)
    reading.edge_after(first + size, at + size)
    if len(there) < reading.added:
        return None
    missing = tuple(
        element
        for element, telling in zip(notice.elements, wording.telling, strict=True)
        if len(telling & there) < _CARRIED * len(telling)
    )
    differences = tuple(reading.differences)
    edits = max(length - len(there), reading.added)
    if not differences:
        nearness = Nearness.EXACT
    elif missing or any(each.grave for each, _, _ in differences) or edits > max(1, length // _TOLERATED):
        nearness = Nearness.NEAR_MISS
    else:
        nearness = Nearness.CLOSE
    return Alignment(
        notice, number, nearness, reading.first, reading.last, differences, missing, tuple(reading.fills), share, text
    )


def _least_share(length: int) -> float:
    """Of a short wording nearly all has to be there: its words are found in many a sentence."""
    return 0.4 if length >= 16 else 0.6 if length >= 10 else 0.8


def _without_strays(blocks: Sequence[tuple[int, int, int]], wording: Wording) -> list[tuple[int, int, int]]:
    """The stretches without those at the ends that stand apart from the rest: common words of another sentence."""
    kept = list(blocks)
    for end in (0, -1):
        while len(kept) > 1:
            edge, inner = (kept[0], kept[1]) if end == 0 else (kept[-1], kept[-2])
            before, after = (edge, inner) if end == 0 else (inner, edge)
            gap = after[1] - before[1] - before[2]
            slots = sum(before[0] + before[2] <= slot.before <= after[0] for slot in wording.slots)
            if gap - slots * LONGEST_FILL <= edge[2] and not (slots and gap > edge[2] and _missing(before, after)):
                break
            del kept[end]
    return kept


def _missing(before: tuple[int, int, int], after: tuple[int, int, int]) -> bool:
    return after[0] - before[0] - before[2] > 3


class _Reading:
    """Goes through the stretches in common, in order, and notes what lies between."""

    def __init__(self, wording: Wording, text: Words, plain: PlainText) -> None:
        self.wording = wording
        self.text = text
        self.plain = plain.plain
        self.differences: list[tuple[Difference, int, int]] = []
        self.fills: list[tuple[str, int, int]] = []
        self.added = 0
        self.first = 0
        self.last = 0

    def edge_before(self, first: int, at: int) -> None:
        """What of the wording stands before the first stretch, and what fills a slot there."""
        left = at
        if first:
            left = self._near(at, -first)
            self._differs(_Gap(0, first, left, at))
            self._turned(range(left - 1, left - first - 4, -1), slot=first in self.wording.slots_before)
        self.first = left
        slots = self.wording.slots_before.get(0, [])
        if slots:
            while self.first > 0 and left - self.first < LONGEST_FILL and not self._parted(self.first - 1, _ENDS):
                self.first -= 1
            self._filled(slots, self.first, left)

    def edge_after(self, low: int, at: int) -> None:
        """The same behind the last stretch."""
        self.last = at
        length = len(self.wording.words)
        right = at
        if low < length:
            right = self._near(at, length - low)
            self._differs(_Gap(low, length, at, right))
            self._turned(range(right, right + length - low + 3), slot=low in self.wording.slots_before)
            self.last = right
        slots = self.wording.slots_before.get(length, [])
        if slots:
            reach = right
            while reach < len(self.text) and reach - right < LONGEST_FILL:
                if reach and self._parted(reach - 1, _SENTENCE_END if reach == right else _ENDS):
                    break
                reach += 1
            self._filled(slots, right, reach)
            self.last = reach

    def inside(self, first: int, at: int, size: int) -> None:
        """A slot between two words that follow each other in the text has nothing in it."""
        for number in range(first + 1, first + size):
            for slot in self.wording.slots_before.get(number, ()):
                self._empty(slot, at + number - first)

    def between(self, gap: _Gap) -> None:
        """What lies between two stretches."""
        slots = [slot for number in range(gap.low, gap.high + 1) for slot in self.wording.slots_before.get(number, ())]
        found = gap.right - gap.left
        if not slots or found == 0:
            for slot in slots:
                self._empty(slot, gap.left)
            self._differs(gap)
            return
        filled = min(found, LONGEST_FILL * len(slots))
        self._filled(slots, gap.left, gap.left + filled)
        if gap.high > gap.low or filled < found:
            self._differs(
                _Gap(gap.low, gap.high, gap.left + filled, gap.right), slot_words=(gap.left, gap.left + filled)
            )

    def _parted(self, number: int, ends: re.Pattern[bytes]) -> bool:
        """Whether a sentence ends between this word of the text and the next."""
        stop = self.text.starts[number + 1] if number + 1 < len(self.text) else len(self.plain)
        return ends.search(self.plain, self.text.stops[number], stop) is not None

    def _near(self, at: int, step: int) -> int:
        """Up to where words of the text may stand for figures that are missing at an end of the wording."""
        side = range(len(self.wording.words) - step, len(self.wording.words)) if step > 0 else range(-step)
        if abs(step) > 3 or not any(number in self.wording.figures for number in side):
            return at
        reach = at
        while abs(reach - at) < abs(step):
            following = reach if step > 0 else reach - 1
            if not 0 <= following < len(self.text) or not is_figure(self.text.words[following]):
                break
            reach += 1 if step > 0 else -1
        return reach

    def _turned(self, numbers: range, *, slot: bool) -> None:
        """Notes a denial or a number beside an end of the wording that is missing: it stands in what is there in its place.

        Where a slot is at that end, a number is what fills it.
        """
        for number in numbers:
            if not 0 <= number < len(self.text) or self._parted(number - (numbers.step > 0), _ENDS):
                return
            word = self.text.words[number]
            if word in _DENIES or (is_figure(word) and not slot):
                kind = Kind.ALTERED if is_figure(word) else Kind.ADDED
                self.differences.append((Difference(kind, "", "", 0, 0, True), number, number + 1))

    def _filled(self, slots: list[Slot], left: int, right: int) -> None:
        if left == right:
            for slot in slots:
                self._empty(slot, left)
            return
        self.fills.extend((slot.name, left, right) for slot in slots)
        for number in range(left, right):
            if self.text.words[number] in _DENIES:
                self.differences.append((Difference(Kind.ADDED, "", "", 0, 0, True), number, number + 1))

    def _empty(self, slot: Slot, at: int) -> None:
        self.differences.append((Difference(Kind.EMPTY_SLOT, slot.name, "", 0, 0, True), at, at))

    def _differs(self, gap: _Gap, slot_words: tuple[int, int] | None = None) -> None:
        """Notes the words of one side that the other has not."""
        if gap.low == gap.high and gap.left == gap.right:
            return
        expected = range(gap.low, gap.high)
        found = self.text.words[gap.left : gap.right]
        self.added += len(found)
        figures = any(number in self.wording.figures for number in expected) or any(
            is_figure(word) or (word == HOLE_WORD and not expected) for word in found
        )
        turned = any(is_turning(self.wording.words[number]) for number in expected) or any(map(is_turning, found))
        if figures:
            kind = Kind.ALTERED
        elif not found:
            kind = Kind.MISSING
        else:
            kind = Kind.CHANGED if expected else Kind.ADDED
        words = " ".join(self.wording.written[number] for number in expected)
        left, right = gap.left, gap.right
        if figures and left == right and slot_words is not None:
            left, right = slot_words
        self.differences.append((Difference(kind, words, "", 0, 0, figures or turned), left, right))
