"""Patterns of words, from what an author writes to a regular expression over plain text.

The grammar is in `patterns.lark`. What comes out is an expression that an automaton can search for, so that the time that it
takes is linear in the text whatever both are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from fdcpa_guard.errors import RuleShapeError, UnknownNameError
from fdcpa_guard.source import Span
from fdcpa_guard.vocabulary import closest
from fdcpa_guard.wording.inflection import forms
from fdcpa_guard.wording.plain import HOLE_BYTE

Locate = Callable[[int, int], Span]

_LETTERS: Final = "a-z0-9'$%\x1c"
WORD: Final = f"[{_LETTERS}]+"
BETWEEN: Final = f"[^{_LETTERS}.!?\n]+"
"""What may stand between two words of a phrase: anything but a word, the end of a sentence, and a break."""
_END: Final = f"[^{_LETTERS}]*[.!?\n][^{_LETTERS}]*"
_ANY_SIGN: Final = "[a-z0-9*@#!$%_-]"
_LETTER_BYTES: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789'$%\x1c")
_GAP: Final = 3
_LONGEST_GAP: Final = 12
_MONTH: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    "dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
)
_DAY: Final = "[0-9]{1,2}(?:st|nd|rd|th)?"
_KINDS: Final = {
    "money": rf"(?:\$ ?[0-9][0-9,]*|[0-9][0-9,]* (?:us )?(?:dollars?|bucks|usd|dolares|pesos)|\$?{HOLE_BYTE})",
    "number": f"(?:[0-9][0-9,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|forty|sixty|"
    f"ninety|uno|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|veinte|treinta|{HOLE_BYTE})",
    "percent": "(?:[0-9][0-9,]* ?(?:%|per ?cent)|[0-9][0-9,]* por ciento)",
    "date": rf"(?:(?:{_MONTH}) {_DAY}(?:, ?[0-9]{{4}}| [0-9]{{4}})?|{_DAY} (?:of |de )?(?:{_MONTH})(?:,? (?:de |del )?[0-9]{{4}})?|"
    rf"[0-9]{{1,2}}[/-][0-9]{{1,2}}(?:[/-][0-9]{{2,4}})?|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{HOLE_BYTE})",
    "phone": rf"(?:\+?1?[ -]?\(?[0-9]{{3}}\)?[ ,-]{{0,2}}[0-9]{{3}}[ ,-]?[0-9]{{4}}|{HOLE_BYTE})",
    "hole": HOLE_BYTE,
    "word": WORD,
}
"""Kinds of things; a slot that is filled later may be any of them."""
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Written:
    """What an author wrote, and how a place in it is found in the file."""

    text: str
    locate: Locate


@dataclass(slots=True)
class Definitions:
    """Named pieces of patterns of one language."""

    language: str
    written: Mapping[str, Written]
    _known: dict[str, str] = field(default_factory=dict)

    def expression(self, name: str, span: Span, within: Sequence[str]) -> str:
        if name not in self.written:
            near = closest(name, self.written)
            hint = f"did you mean `{near}`?" if near else None
            raise UnknownNameError(f"no piece of a pattern is called `{name}` in `{self.language}`", span, hint)
        if name in within or len(within) > _DEEPEST:
            raise RuleShapeError(f"the piece `{name}` is part of itself", span)
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = _Compiler(self.written[name], self, (*within, name)).whole()
        return known


def expression(written: Written, definitions: Definitions) -> str:
    """The regular expression of a pattern. It finds what was looked for with the one sign on either side, if there is one.

    It has no groups: what they hold takes an automaton several times as long as where a match begins and ends.

    Raises:
        RuleShapeError: it does not follow the grammar, or would match where nothing is written.
        UnknownNameError: a piece that is defined nowhere.
    """
    core = _Compiler(written, definitions, ()).whole()
    return f"(?:^|[^{_LETTERS}]){core}(?:[^{_LETTERS}]|$)"


def trimmed(plain: bytes, start: int, stop: int) -> tuple[int, int]:
    """What was looked for, of what an expression found, without the signs around it."""
    if plain[start] not in _LETTER_BYTES:
        start += 1
    if plain[stop - 1] not in _LETTER_BYTES:
        stop -= 1
    return start, stop


class _Compiler:
    def __init__(self, written: Written, definitions: Definitions, within: Sequence[str]) -> None:
        self._written = written
        self._definitions = definitions
        self._within = within

    def whole(self) -> str:
        text = self._written.text
        try:
            tree = _parser().parse(text)
        except UnexpectedInput as error:
            place = min(error.pos_in_stream or 0, max(len(text) - 1, 0))
            found = f"`{text[place]}`" if place < len(text) else "the end"
            raise RuleShapeError(
                f"the pattern cannot be read from {found} on; expected words, (a | b), [a], ..., {{name}} or #kind",
                self._written.locate(place, place + 1),
            ) from None
        return self._either(tree)

    def _either(self, tree: Tree[Token]) -> str:
        each = [self._sequence(child) for child in tree.children if isinstance(child, Tree)]
        return each[0] if len(each) == 1 else f"(?:{'|'.join(each)})"

    def _sequence(self, tree: Tree[Token]) -> str:
        items = [child for child in tree.children if isinstance(child, Tree)]
        firm = [place for place, item in enumerate(items) if item.data not in ("optional", "gap", "stop")]
        if not firm:
            raise RuleShapeError("the pattern would match where nothing is written; expected a word", self._span(tree))
        for item in (items[0], items[-1]):
            if item.data == "gap":
                raise RuleShapeError("a gap at the end of a pattern; expected a word there", self._span(item))
        first = firm[0]
        parts = [self._before(item) for item in items[:first]]
        parts.append(self._item(items[first]))
        parts.extend(self._after(item, items[place - 1]) for place, item in enumerate(items[first + 1 :], first + 1))
        return "".join(parts)

    def _before(self, item: Tree[Token]) -> str:
        match item.data:
            case "optional":
                return f"(?:{self._either(item)}{BETWEEN})?"
            case "gap":
                return f"(?:{WORD}{BETWEEN}){{0,{self._gap(item)}}}?"
            case _:
                raise RuleShapeError("the end of a sentence before the first word", self._span(item))

    def _after(self, item: Tree[Token], before: Tree[Token]) -> str:
        between = "" if before.data == "stop" else BETWEEN
        match item.data:
            case "optional":
                return f"(?:{between}{self._either(item)})?"
            case "gap":
                return f"(?:{BETWEEN}{WORD}){{0,{self._gap(item)}}}?"
            case "stop":
                return _END
            case _:
                return between + self._item(item)

    def _item(self, item: Tree[Token]) -> str:
        match item.data:
            case "either":
                return self._either(item)
            case "name":
                return self._definitions.expression(self._text(item)[1:-1], self._span(item), self._within)
            case "kind":
                return self._kind(item)
            case _:
                return self._word(self._text(item))

    def _word(self, word: str) -> str:
        if word.endswith("~"):
            return f"(?:{'|'.join(forms(word[:-1], self._definitions.language))})"
        rest = f"[{_LETTERS}]*" if word.endswith("*") else ""
        return "".join(_ANY_SIGN if sign == "?" else re.escape(sign) for sign in word.removesuffix("*")) + rest

    def _kind(self, item: Tree[Token]) -> str:
        name = self._text(item)[1:]
        if name not in _KINDS:
            near = closest(name, _KINDS)
            hint = f"did you mean `#{near}`?" if near else None
            raise UnknownNameError(f"no kind of thing is called `#{name}`", self._span(item), hint)
        return _KINDS[name]

    def _gap(self, item: Tree[Token]) -> int:
        written = self._text(item)[3:]
        length = int(written) if written else _GAP
        if not 1 <= length <= _LONGEST_GAP:
            raise RuleShapeError(f"a gap of {length} words; expected 1 to {_LONGEST_GAP}", self._span(item))
        return length

    @staticmethod
    def _text(item: Tree[Token]) -> str:
        token = item.children[0]
        assert isinstance(token, Token)
        return str(token)

    def _span(self, tree: Tree[Token]) -> Span:
        meta = tree.meta
        if meta.empty:
            return self._written.locate(0, len(self._written.text))
        return self._written.locate(meta.start_pos, meta.end_pos)


@cache
def _parser() -> Lark:
    grammar = files("fdcpa_guard.wording").joinpath("patterns.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", propagate_positions=True)
