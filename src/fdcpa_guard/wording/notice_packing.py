"""Of the many ways in which the words in common of a wording and a text can be paired, the one in which they stand together.

A longest common subsequence says which words there are; a word such as `to` stands at many places, and the library takes
any of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from fdcpa_guard.wording.notices import Wording

__all__ = ["Block", "packed"]

Block = tuple[int, int, int]
"""A stretch of words in common: where it begins in the wording and in the text, and its length."""


def packed(blocks: Sequence[Block], wording: Sequence[int], text: Sequence[int], slots: Wording) -> list[Block]:
    """The same words in common, each as near as it can be to the longest stretch; words by their numbers.

    Where a slot is filled with words that stand behind it too, the later ones are those of the wording.
    """
    core = max(range(len(blocks)), key=lambda number: blocks[number][2])
    first, at, size = blocks[core]
    places = {first + step: at + step for step in range(size)}
    last = at + size - 1
    for low, old, length in blocks[core + 1 :]:
        for step in range(length):
            place = last + 1
            while place < old + step and text[place] != wording[low + step]:
                place += 1
            places[low + step] = last = place
    last = at
    for low, old, length in reversed(blocks[:core]):
        for step in reversed(range(length)):
            place = last - 1
            while place > old + step and text[place] != wording[low + step]:
                place -= 1
            places[low + step] = last = place
    for slot in slots.slots:
        _behind_slot(slot.before, places, wording, text)
    return _blocks(sorted(places.items()))


def _behind_slot(before: int, places: dict[int, int], wording: Sequence[int], text: Sequence[int]) -> None:
    """Moves up to three words behind a slot to where they are followed by the next ones."""
    for length in (1, 2, 3):
        following = places.get(before + length)
        if following is None or before not in places:
            return
        begin = following - length
        if begin > places[before] and all(text[begin + step] == wording[before + step] for step in range(length)):
            places.update({before + step: begin + step for step in range(length)})
            return


def _blocks(places: Sequence[tuple[int, int]]) -> list[Block]:
    found: list[Block] = []
    for number, place in places:
        if found:
            first, at, size = found[-1]
            if first + size == number and at + size == place:
                found[-1] = (first, at, size + 1)
                continue
        found.append((number, place, 1))
    return found
