"""Which notices a text gives whose words the law gives: word for word, nearly, or with something missing or altered.

One pass finds phrases of the notices; only around those, the longest common subsequence of words is looked for. The time is
linear in the text: the stretches that are looked at for one wording hardly overlap, and there are at most so many.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from fdcpa_guard.errors import GuardError
from fdcpa_guard.wording.notice_alignment import LONGEST_FILL, Alignment, Nearness, NoticeMatch, absent, aligned
from fdcpa_guard.wording.notice_packing import packed
from fdcpa_guard.wording.notice_words import Words, is_figure, is_turning, words_of
from fdcpa_guard.wording.notices import Notice, Wording
from fdcpa_guard.wording.plain import PlainText, plain_text

__all__ = ["NoticeFinder"]

_MEMORY: Final = 64 << 20
_WINDOWS: Final = 64
"""A notice is looked for at so many places of a text at most, those that hold most of its phrases."""
_ANCHOR: Final = 3
_LITTLE: Final = frozenset({
    "a", "an", "and", "any", "as", "at", "be", "by", "for", "from", "has", "have", "if", "in", "is", "it", "of",
    "on", "or", "that", "the", "this", "to", "we", "with", "you", "your",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sought:
    notice: Notice
    number: int
    wording: Wording
    ids: tuple[int, ...]
    slack: int
    needed: int


class NoticeFinder:
    """Notices, made ready once, to read texts by.

    Raises:
        GuardError: a library that searches is not there.
    """

    def __init__(self, notices: Iterable[Notice]) -> None:
        re2, self._lcs = _libraries()
        self.notices: tuple[Notice, ...] = tuple(notices)
        self._ids: dict[str, int] = {}
        self._sought: list[_Sought] = []
        self._anchors: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for notice in self.notices:
            for number, wording in enumerate(notice.wordings):
                self._add(notice, number, wording)
        self._first_words = frozenset(anchor[0] for anchor in self._anchors)
        options = re2.Options()
        options.max_mem = _MEMORY
        options.log_errors = False
        options.encoding = re2.Options.Encoding.LATIN1
        self._gate: Any = re2.Set.SearchSet(options)
        for anchor in self._anchors:
            self._gate.Add(rb"\b" + b"[^a-z0-9]+".join(word.encode("ascii") for word in anchor) + rb"\b")
        self._gate.Compile()

    def find(self, text: str) -> list[NoticeMatch]:
        """The notices of which a text gives something, in the order in which they stand there."""
        return self.find_in(plain_text(text))

    def find_in(self, plain: PlainText) -> list[NoticeMatch]:
        """The same of a text in plain form."""
        if not self._anchors or not self._gate.Match(plain.plain):
            return []
        text = words_of(plain.plain)
        best: dict[str, Alignment] = {}
        ids = [self._ids.get(word, 0) for word in text.words]
        for index, windows in self._windows(text).items():
            sought = self._sought[index]
            for start, stop in windows:
                found = self._compared(sought, text, ids[start:stop], start, plain)
                known = best.get(sought.notice.id)
                if found is not None and (known is None or found.nearer_than(known)):
                    best[sought.notice.id] = found
                    if found.nearness is Nearness.EXACT:
                        break
        matches = [found.match(plain) for found in best.values()]
        return sorted(matches, key=lambda match: (match.start, match.stop, match.notice.id))

    def judge(self, text: str, ids: Iterable[str] | None = None) -> dict[str, NoticeMatch]:
        """How the text gives each of the notices, those that are absent too. `ids` left out: all."""
        found = {match.notice.id: match for match in self.find(text)}
        known = {notice.id: notice for notice in self.notices}
        return {each: found.get(each) or absent(known[each]) for each in (known if ids is None else ids)}

    def _add(self, notice: Notice, number: int, wording: Wording) -> None:
        for word in wording.words:
            self._ids.setdefault(word, len(self._ids) + 1)
        anchors = _anchors(wording)
        for first, words in anchors:
            self._anchors.setdefault(words, []).append((len(self._sought), first))
        length = len(wording.words)
        slack = 6 + length // 3 + LONGEST_FILL * len(wording.slots)
        needed = 2 if len(anchors) > 8 else 1
        ids = tuple(self._ids[word] for word in wording.words)
        self._sought.append(_Sought(notice, number, wording, ids, slack, needed))

    def _windows(self, text: Words) -> dict[int, list[tuple[int, int]]]:
        """For each wording the stretches of words that it may stand in, the most likely first."""
        begins: dict[int, list[tuple[int, int]]] = {}
        words = text.words
        for position, word in enumerate(words):
            if word not in self._first_words:
                continue
            for length in (_ANCHOR, _ANCHOR - 1):
                for index, first in self._anchors.get(words[position : position + length], ()):
                    begins.setdefault(index, []).append((position - first, first))
        windows: dict[int, list[tuple[int, int]]] = {}
        for index, hits in begins.items():
            sought = self._sought[index]
            hits.sort()
            groups: list[tuple[int, int, set[int]]] = []
            for begin, first in hits:
                if groups and begin - groups[-1][0] <= sought.slack:
                    low, _, seen = groups[-1]
                    seen.add(first)
                    groups[-1] = (low, begin, seen)
                else:
                    groups.append((begin, begin, {first}))
            likely = sorted(
                (group for group in groups if len(group[2]) >= sought.needed), key=lambda group: -len(group[2])
            )
            windows[index] = [
                (max(0, low - sought.slack), min(len(words), high + len(sought.ids) + sought.slack))
                for low, high, _ in likely[:_WINDOWS]
            ]
        return windows

    def _compared(self, sought: _Sought, text: Words, ids: list[int], start: int, plain: PlainText) -> Alignment | None:
        codes = self._lcs.opcodes(sought.ids, ids)
        blocks = [
            (code.src_start, code.dest_start, code.src_end - code.src_start) for code in codes if code.tag == "equal"
        ]
        if not blocks:
            return None
        moved = [(first, start + at, length) for first, at, length in packed(blocks, sought.ids, ids, sought.wording)]
        return aligned(sought.notice, sought.number, moved, text, plain)


def _anchors(wording: Wording) -> list[tuple[int, tuple[str, ...]]]:
    """Phrases to know a wording by: so many that some are left where a part of it is missing or altered."""
    words = wording.words
    cuts = wording.slots_before
    found: list[tuple[int, tuple[str, ...]]] = []
    for length in (_ANCHOR, _ANCHOR - 1):
        for first in range(len(words) - length + 1):
            phrase = words[first : first + length]
            if any(cut in cuts for cut in range(first + 1, first + length)):
                continue
            if all(word in _LITTLE for word in phrase) or any(is_figure(word) or "'" in word for word in phrase):
                continue
            found.append((first, phrase))
        if found:
            break
    step = max(1, len(found) // 24)
    return [each for number, each in enumerate(found) if number % step == 0 or any(map(is_turning, each[1]))]


def _libraries() -> tuple[Any, Any]:
    try:
        import re2
        from rapidfuzz.distance import LCSseq
    except ImportError:
        raise GuardError(
            "reading words needs the libraries google-re2 and rapidfuzz, which are not installed; install them with "
            "`pip install 'fdcpa-guard[letters]'`"
        ) from None
    return re2, LCSseq
