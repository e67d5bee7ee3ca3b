"""HTML: the words that a browser shows, each character where it stands in the file, with the layout that the file states.

What is not shown (`display: none` and the like) is a part of its own, called hidden; the title is one called title.
Scripts, styles, comments, pictures and the words that stand in for them are not read.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from fdcpa_guard.documents.building import LINE, PARAGRAPH, SPACE, TAB, FlowBuilder
from fdcpa_guard.documents.css import StyleSheet
from fdcpa_guard.documents.html_layout import Look, look_of, plain_look
from fdcpa_guard.documents.html_tokens import Comment, Tag, Text, tokens
from fdcpa_guard.documents.limits import MAX_HTML_DEPTH
from fdcpa_guard.documents.markdown_inline import ENTITY
from fdcpa_guard.documents.model import HOLE, Part
from fdcpa_guard.documents.sources import Source
from fdcpa_guard.documents.templates.masking import PASSED, Masked
from fdcpa_guard.documents.word_lists import words

_VOID: Final = words("area base br col embed hr img input link meta param source track wbr")
_UNREAD: Final = words("script style iframe noembed noframes svg math object audio video canvas")
_BREAKS: Final = {
    **dict.fromkeys(words("p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre hr form fieldset figure body"), PARAGRAPH),
    **dict.fromkeys(
        words(
            "div li tr dt dd center section article header footer main nav aside address details summary figcaption "
            "caption thead tbody tfoot legend option button"
        ),
        LINE,
    ),
    **dict.fromkeys(("td", "th"), TAB),
}
"""How far apart what is in an element is from what is around it."""
_BLOCKS: Final = frozenset(name for name, strength in _BREAKS.items() if strength >= LINE) - words(
    "tr thead tbody tfoot caption option button legend"
)
"""Elements that end an open paragraph."""
_ENDS: Final = {
    "li": ("li",), "dt": ("dt", "dd"), "dd": ("dt", "dd"), "tr": ("tr", "td", "th"), "td": ("td", "th"), "th": ("td", "th"),
    "tbody": ("tbody", "thead", "tr", "td", "th"), "thead": ("tr", "td", "th"), "tfoot": ("tbody", "tr", "td", "th"),
    "option": ("option",),
}  # fmt: skip
"""The open elements that one of this name ends, where they have no end of their own."""
_WALLS: Final = {
    **dict.fromkeys(("li",), frozenset(("ul", "ol"))),
    **dict.fromkeys(("dt", "dd"), frozenset(("dl",))),
    **dict.fromkeys(("tr", "td", "th", "tbody", "thead", "tfoot"), frozenset(("table",))),
}
_P_WALLS: Final = frozenset(("td", "th", "table", "button", "object", "caption"))
_FORMATTING: Final = words("a b big code em font i s small strike strong tt u span")
_STYLED: Final = re.compile("<style|<link", re.IGNORECASE)
_PIECE: Final = re.compile(rf"(?P<space>[ \t\n\r\f]+)|(?P<hole>{HOLE})|(?P<passed>{PASSED}+)|(?P<entity>{ENTITY})")


def read_html(masked: Masked, source: Source, name: str = "body") -> tuple[tuple[Part, ...], list[tuple[int, int]]]:
    """The parts of an HTML text (`name`; title and hidden where there are such), and where its comments stand.

    Raises:
        DocumentError: a tag, comment or script never ends, or elements are nested deeper than the limit.
    """
    reader = _Reader(masked, source)
    for token in tokens(masked.text, source):
        reader.take(token)
    shown = reader.shown.part(name, source.places)
    others = ((reader.title, "title"), (reader.hidden, "hidden"))
    return (
        (shown, *(builder.part(its_name, source.places) for builder, its_name in others if builder.length)),
        reader.comments,
    )


class _Reader:
    def __init__(self, masked: Masked, source: Source) -> None:
        self.masked = masked
        self.source = source
        self.shown, self.hidden, self.title = FlowBuilder(), FlowBuilder(), FlowBuilder()
        self.comments: list[tuple[int, int]] = []
        self.sheet = StyleSheet()
        self.in_style = False
        if _STYLED.search(masked.text):
            for token in tokens(masked.text, source):
                self.learn_styles(token)
        self.open: list[tuple[str, Look]] = []
        self.counts: Counter[str] = Counter()
        self.root = plain_look(self.sheet)
        self.unread = 0
        self.looks: dict[tuple[str, Look], Look] = {}

    def learn_styles(self, token: Text | Tag | Comment) -> None:
        """Style sheets hold for what stands before them too."""
        if isinstance(token, Tag):
            self.in_style = token.name == "style" and not token.closing
            if token.name == "link" and "stylesheet" in token.attributes.get("rel", "").lower():
                self.sheet.elsewhere = True
        elif isinstance(token, Text) and token.raw and self.in_style:
            text = self.masked.text[token.start : token.stop].replace(PASSED, "")
            self.sheet.elsewhere |= "@import" in text
            self.sheet.add(text)

    @property
    def look(self) -> Look:
        return self.open[-1][1] if self.open else self.root

    def take(self, token: Text | Tag | Comment) -> None:
        if isinstance(token, Text):
            self.text(token)
        elif isinstance(token, Comment):
            if self.masked.text.startswith("<!--", token.start):
                self.comments.append((token.start, token.stop))
        elif token.closing:
            self.end(token)
        else:
            self.begin(token)

    def begin(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            for builder in (self.shown, self.hidden):
                builder.break_line(tag.start)
            return
        self.imply_ends(name)
        self.part(name, tag.start)
        if name in _VOID:
            return
        if len(self.open) >= MAX_HTML_DEPTH:
            raise self.source.error(
                tag.start, f"elements nested more than {MAX_HTML_DEPTH:,} deep", "elements that are closed where they end"
            )
        self.open.append((name, self.look_within(name, tag.attributes)))
        self.counts[name] += 1
        self.unread += name in _UNREAD

    def look_within(self, name: str, attributes: Mapping[str, str]) -> Look:
        """The look of an element that begins here; that of one without attributes is worked out once."""
        if attributes:
            return look_of(name, attributes, self.look, self.sheet)
        key = (name, self.look)
        if key not in self.looks:
            if len(self.looks) > 1_000:
                # Names that are all different would be kept without end.
                self.looks.clear()
            self.looks[key] = look_of(name, attributes, self.look, self.sheet)
        return self.looks[key]

    def imply_ends(self, name: str) -> None:
        if name in _BLOCKS and self.counts["p"]:
            self.close_within(("p",), _P_WALLS)
        if name in _ENDS and any(self.counts[each] for each in _ENDS[name]):
            # An item ends all that is open within the one before it.
            for each in _ENDS[name]:
                self.close_within((each,), _WALLS.get(name, frozenset()))

    def close_within(self, names: tuple[str, ...], walls: frozenset[str]) -> None:
        for at in range(len(self.open) - 1, -1, -1):
            name = self.open[at][0]
            if name in walls:
                return
            if name in names:
                self.close_to(at, reopen=False)
                return

    def end(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self.begin(tag)
            return
        if not self.counts[name]:
            # Ends of what was never begun are passed over, as browsers do; looking for them would take long.
            return
        at = next(at for at in range(len(self.open) - 1, -1, -1) if self.open[at][0] == name)
        self.close_to(at, reopen=name in _FORMATTING)
        self.part(name, tag.start)

    def close_to(self, at: int, reopen: bool) -> None:
        """Ends the open elements from `at` on. Marks that cross one another, as `<b><i></b></i>`, go on to their own ends."""
        gone = self.open[at:]
        del self.open[at:]
        for name, _ in gone:
            self.counts[name] -= 1
            self.unread -= name in _UNREAD
        if reopen and len(gone) > 1 and all(name in _FORMATTING for name, _ in gone):
            for name, _ in gone[1:]:
                self.open.append((name, self.look_within(name, {})))
                self.counts[name] += 1

    def part(self, name: str, at: int) -> None:
        strength = _BREAKS.get(name)
        if strength is not None:
            for builder in (self.shown, self.hidden):
                builder.part_from(strength, at)

    def text(self, token: Text) -> None:
        if self.unread or (token.raw and not self.look.kept):
            return
        look = self.look
        if self.counts["title"] and not self.unread:
            builder = self.title
        elif look.layout.hidden is True:
            builder = self.hidden
        else:
            builder = self.shown
        builder.layout = look.layout
        text, done = self.masked.text, token.start
        for piece in _PIECE.finditer(text, token.start, token.stop):
            start, stop = piece.span()
            kind = piece.lastgroup
            if kind == "entity" and (token.raw or html.unescape(piece[0]) == piece[0]):
                continue
            self.copy(builder, text[done:start], done, look)
            done = stop
            if kind == "space":
                if look.kept:
                    self.masked.emit(builder, start, stop)
                else:
                    builder.part_from(SPACE, start)
            elif kind == "hole":
                slot = self.masked.slots[start]
                builder.hole(slot.name, slot.dialect, start, slot.stop)
            elif kind == "entity":
                shown = html.unescape(piece[0])
                builder.put(shown.upper() if look.capitals and len(shown.upper()) == len(shown) else shown, start, stop)
        self.copy(builder, text[done : token.stop], done, look)

    @staticmethod
    def copy(builder: FlowBuilder, text: str, source: int, look: Look) -> None:
        if look.capitals:
            # A letter that becomes two, as ß does, stays: places are by character.
            text = text.upper() if len(text.upper()) == len(text) else "".join(
                letter.upper() if len(letter.upper()) == 1 else letter for letter in text
            )
        builder.copy(text, source)
