"""The inside of a Markdown paragraph: emphasis, links, code, escapes, entities and tags, each in one pass over the text.

No library is used, as none tells the column of a character, and those there are take more than linear time on hostile text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Final, NamedTuple

from fdcpa_guard.documents.templates.masking import PASSED

ENTITY: Final = r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};?)"
"""A character by name or number, as browsers read it: the semicolon may lack."""

_SPECIAL: Final = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])|(?P<hard>\\\n|[ ]{2,}\n)|(?P<code>`+)|(?P<opens>!?\[)|(?P<closes>\])|(?P<stars>\*+|_+|~~)"
    r"|<(?P<link>[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]{0,2000}|[\w.+\-]{1,64}@[\w.\-]{1,255})>"
    r"|<(?P<end>/?)(?P<tag>[A-Za-z][A-Za-z0-9\-]{0,40})(?=[\s/>])[^<>]{0,4000}>"
    rf"|(?P<entity>{ENTITY})"
)
_DESTINATION: Final = re.compile(
    r"\([ \t\n]{0,9}(?:<[^<>\n]{0,2000}>|[^\s()<>]{0,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,200}){0,9})"
    r"(?:[ \t\n]{1,9}(?:\"[^\"]{0,500}\"|'[^']{0,500}'|\([^()]{0,500}\)))?[ \t\n]{0,9}\)"
)
_LABEL: Final = re.compile(r"\[([^\[\]]{0,999})\]")
_BOLD: Final = frozenset(("b", "strong"))
_ITALIC: Final = frozenset(("i", "em"))
_UNDERLINED: Final = frozenset(("u", "ins"))
_BREAKS: Final = frozenset(("br", "p", "div", "tr", "li"))


class Cut(NamedTuple):
    """Characters `start` to `stop` of a paragraph that are not shown as they stand, but as `text`."""

    start: int
    stop: int
    text: str


class Turn(NamedTuple):
    """From `at` on, `style` has begun (1) or ended (-1)."""

    at: int
    style: str
    by: int


@dataclass(slots=True)
class _Delimiters:
    """A row of `*` or `_`, of which `count` are not yet used."""

    start: int
    stop: int
    sign: str
    opens: bool
    closes: bool
    length: int

    @property
    def count(self) -> int:
        return self.stop - self.start


def label_key(label: str) -> str:
    """Labels are the same whatever their letter case and spaces."""
    return " ".join(label.split()).casefold()


def read_inline(text: str, labels: Set[str]) -> tuple[list[Cut], list[Turn]]:
    """What of a paragraph is markup, in order; `labels` are those for which the document has a link."""
    cuts: list[Cut] = []
    turns: list[Turn] = []
    brackets: list[tuple[int, int, bool]] = []
    rows: list[_Delimiters] = []
    strikes: list[int] = []
    code = _code_ends(text)
    position = 0
    while special := _SPECIAL.search(text, position):
        start, position = special.span()
        kind = special.lastgroup
        if kind == "escape":
            cuts.append(Cut(start, start + 1, ""))
        elif kind == "hard":
            cuts.append(Cut(start, position - 1, ""))
        elif kind == "code":
            end = code.get(start)
            if end is not None:
                cuts += (Cut(start, position, ""), Cut(end, end + position - start, ""))
                position = end + position - start
        elif kind == "opens":
            brackets.append((start, position, text[start] == "!"))
        elif kind == "closes":
            if not brackets:
                continue
            opened, inner, image = brackets.pop()
            after = _link_end(text, inner, start, labels)
            if after is None:
                continue
            if image:
                cuts.append(Cut(opened, after, ""))
            else:
                cuts += (Cut(opened, inner, ""), Cut(start, after, ""))
            position = after
        elif kind == "stars":
            row = _row(text, start, position)
            if row.sign != "~":
                rows.append(row)
            elif strikes and row.closes:
                cuts += (Cut(strikes.pop(), start, ""), Cut(start, position, ""))
                cuts[-2] = Cut(cuts[-2].start, cuts[-2].start + 2, "")
            elif row.opens:
                strikes.append(start)
        elif kind == "link":
            cuts += (Cut(start, start + 1, ""), Cut(position - 1, position, ""))
        elif kind == "tag":
            tag, by = special["tag"].lower(), -1 if special["end"] else 1
            cuts.append(Cut(start, position, "\n" if tag in _BREAKS else ""))
            for style, names in (("bold", _BOLD), ("italic", _ITALIC), ("underlined", _UNDERLINED)):
                if tag in names:
                    turns.append(Turn(start, style, by))
        elif kind == "entity":
            shown = html.unescape(special[0])
            if shown != special[0]:
                cuts.append(Cut(start, position, shown))
    for cut, turn in _emphasis(rows):
        cuts.append(cut)
        turns.append(turn)
    # Of cuts that begin together the longest, as that of a picture, has the others within it.
    cuts.sort(key=lambda cut: (cut.start, -cut.stop))
    turns.sort()
    return cuts, turns


def _code_ends(text: str) -> dict[int, int]:
    """For each row of backticks, the next one of the same length."""
    ends: dict[int, int] = {}
    last: dict[int, int] = {}
    for row in re.finditer("`+", text):
        length = len(row[0])
        if length in last:
            ends[last[length]] = row.start()
        last[length] = row.start()
    return ends


def _link_end(text: str, inner: int, stop: int, labels: Set[str]) -> int | None:
    """Where the target of a link ends, of which the words stand from `inner` to `stop`; None: it is no link."""
    if (destination := _DESTINATION.match(text, stop + 1)) is not None:
        return destination.end()
    if not labels:
        return None
    label = _LABEL.match(text, stop + 1)
    if label is not None and label[1].strip():
        return label.end() if label_key(label[1]) in labels else None
    if stop - inner < 1_000 and label_key(text[inner:stop]) in labels:
        return stop + 1 if label is None else label.end()
    return None


def _row(text: str, start: int, stop: int) -> _Delimiters:
    """A row of signs, and whether it may begin and end emphasis, by what stands around it."""
    before = text[start - 1] if start else " "
    after = text[stop] if stop < len(text) else " "
    left = not _is_space(after) and (not _is_punctuation(after) or _is_space(before) or _is_punctuation(before))
    right = not _is_space(before) and (not _is_punctuation(before) or _is_space(after) or _is_punctuation(after))
    sign = text[start]
    if sign == "_":
        opens, closes = left and (not right or _is_punctuation(before)), right and (not left or _is_punctuation(after))
    else:
        opens, closes = left, right
    return _Delimiters(start, stop, sign, opens, closes, stop - start)


def _is_space(character: str) -> bool:
    return character.isspace()


def _is_punctuation(character: str) -> bool:
    return character != PASSED and unicodedata.category(character)[0] in "PS" and character != "\ufffc"


def _emphasis(rows: list[_Delimiters]) -> Iterator[tuple[Cut, Turn]]:
    """The signs that are emphasis, two for bold, one for italic; others stay as they stand."""
    waiting: list[_Delimiters] = []
    # Below these heights nothing is waiting that could be closed: so that each row is looked at but a few times.
    floors: dict[tuple[str, bool, int], int] = {}
    for row in rows:
        while row.closes and row.count:
            key = (row.sign, row.opens, row.length % 3)
            floor = min(floors.get(key, 0), len(waiting))
            at = len(waiting) - 1
            while at >= floor and not _fit(waiting[at], row):
                at -= 1
            if at < floor:
                floors[key] = len(waiting)
                break
            opener = waiting[at]
            used = 2 if opener.count >= 2 and row.count >= 2 else 1
            style = "bold" if used == 2 else "italic"
            yield Cut(opener.stop - used, opener.stop, ""), Turn(opener.stop, style, 1)
            yield Cut(row.start, row.start + used, ""), Turn(row.start, style, -1)
            opener.stop -= used
            row.start += used
            del waiting[at + bool(opener.count) :]
            for known in floors:
                floors[known] = min(floors[known], len(waiting))
        if row.opens and row.count:
            waiting.append(row)


def _fit(opener: _Delimiters, closer: _Delimiters) -> bool:
    if opener.sign != closer.sign:
        return False
    both = opener.closes or closer.opens
    return not (both and (opener.length + closer.length) % 3 == 0 and (opener.length % 3 or closer.length % 3))
