"""Condition text to its untyped tree. The only module that imports Lark.

The grammar is in `conditions.lark`. Lark's own errors stop here: a person sees what was found, what was expected, and
the place in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from fdcpa_guard.errors import ConditionSyntaxError
from fdcpa_guard.lang import syntax
from fdcpa_guard.lang.mistakes import RESERVED, find_mistake
from fdcpa_guard.source import SourceFile, Span
from fdcpa_guard.values import Duration, Kind, parse_clock_time, parse_day, parse_money

__all__ = ["RESERVED", "Locate", "parse_condition", "plain_locator"]

Locate = Callable[[int, int], Span]
"""From the characters `start` to `end` of a condition to their place in the file that it was read from."""

DEEPEST: Final = 40
"""How deep parentheses and `not` may nest: no rule that a person can read comes near."""


def plain_locator(text: str, name: str = "condition") -> Locate:
    """The locator of a condition that is not part of a file."""
    return SourceFile(name, text).span


def parse_condition(text: str, locate: Locate) -> syntax.Condition:
    """The tree of a condition, with a span of the file on every node.

    Raises:
        ConditionSyntaxError: the text does not follow the grammar, or a constant is none (`25:00`, `2021-02-30`).
    """
    if not text.strip():
        raise ConditionSyntaxError("a condition is expected, and nothing is written", locate(0, len(text)))
    try:
        tree = _parsed(text)
    except UnexpectedInput as error:
        raise _explain(error, text, locate) from None
    return _Builder(text, locate).condition(tree, 0)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Tree[Token]:
    """Lark's tree of a text, which nobody changes: rules say the same again and again."""
    return _parser().parse(text)


@cache
def _parser() -> Lark:
    # 40 ms, once a process. Strict mode, which needs another library, is for the tests.
    return Lark(grammar(), parser="lalr", lexer="basic", start="condition", propagate_positions=True)


def grammar() -> str:
    """The text of `conditions.lark`."""
    return files("fdcpa_guard.lang").joinpath("conditions.lark").read_text(encoding="utf-8")


class _Builder:
    """Turns Lark's tree into ours."""

    def __init__(self, text: str, locate: Locate) -> None:
        self.text = text
        self.locate = locate

    def condition(self, tree: Tree[Token], depth: int) -> syntax.Condition:
        span = self.span(tree)
        if depth > DEEPEST:
            raise ConditionSyntaxError(
                f"parentheses and `not` nest deeper than {DEEPEST}", span, "give a part a name, under `conditions`"
            )
        children = tree.children
        match tree.data, children:
            case "all_of", _:
                return syntax.AllOf(tuple(self.condition(_tree(child), depth + 1) for child in children), span)
            case "any_of", _:
                return syntax.AnyOf(tuple(self.condition(_tree(child), depth + 1) for child in children), span)
            case "negation", [part]:
                return syntax.Negation(self.condition(_tree(part), depth + 1), span)
            case "comparison", [left, Tree(children=[Token() as words]), right]:
                written = " ".join(str(words).split())
                return syntax.Comparison(
                    self.name(left), written, self.span(words), self.value(right, after=written), span
                )
            case "membership", [left, *items]:
                names = tuple(self.value(item, in_list=True) for item in items)
                return syntax.Membership(self.name(left), names, span)
            case "containment", [left, item]:
                return syntax.Containment(self.name(left), self.value(item), span)
            case "presence", [left, Tree(children=[Token() as words])]:
                return syntax.PresenceTest(self.name(left), syntax.State(str(words).split()[1]), span)
            case "nearness", [left, Token(), duration, Tree(children=[Token() as direction]), anchor]:
                return syntax.Nearness(
                    self.name(left), self.value(duration), direction == "after", self.value(anchor), span
                )
            case "holds", [name]:
                return syntax.Alone(self.name(name), span)
            case _:
                raise AssertionError(f"the grammar has a rule `{tree.data}` that is not built")

    def name(self, child: Tree[Token] | Token) -> syntax.Name:
        token = _token(child)
        if token in RESERVED or token == "unknown":
            raise self.refuse(token)
        return syntax.Name(str(token), self.span(token))

    def value(self, child: Tree[Token] | Token, *, after: str = "", in_list: bool = False) -> syntax.Value:
        token = _token(child)
        if token.type == "NAME":
            # `is true` is left to the checker, which knows the fact and so the right hint.
            slip = token in RESERVED and token not in ("true", "false")
            if slip or (token == "unknown" and not in_list and after != "is not"):
                raise self.refuse(token)
            return syntax.Name(str(token), self.span(token))
        kind, read, wrong = _CONSTANTS[token.type]
        value = read(str(token))
        if value is None:
            raise ConditionSyntaxError(wrong.format(token), self.span(token))
        return syntax.Constant(kind, value, str(token), self.span(token))

    def refuse(self, token: Token) -> ConditionSyntaxError:
        start, end = _offsets(token)
        mistake = find_mistake(self.text, start)
        if mistake is not None:
            return ConditionSyntaxError(mistake.message, self.locate(mistake.start, mistake.end), mistake.hint)
        return ConditionSyntaxError(f"expected a value, found the word `{token}`", self.locate(start, end))

    def span(self, part: Tree[Token] | Token) -> Span:
        return self.locate(*_offsets(part))


def _tree(child: Tree[Token] | Token) -> Tree[Token]:
    assert isinstance(child, Tree)
    return child


def _token(child: Tree[Token] | Token) -> Token:
    token = child.children[0] if isinstance(child, Tree) else child
    assert isinstance(token, Token)
    return token


def _offsets(part: Tree[Token] | Token) -> tuple[int, int]:
    place = part.meta if isinstance(part, Tree) else part
    start, end = place.start_pos, place.end_pos
    assert start is not None
    assert end is not None
    return start, end


def _text(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])


_CONSTANTS: Final[dict[str, tuple[Kind, Callable[[str], int | str | Duration | None], str]]] = {
    "TEXT": (Kind.TEXT, _text, "`{}` is no text"),
    "WHOLE_NUMBER": (Kind.NUMBER, int, "`{}` is no whole number"),
    "MONEY": (Kind.MONEY, parse_money, "`{}` is no amount such as `$25.00`"),
    "DAY": (Kind.DAY, parse_day, "the calendar has no day `{}`"),
    "CLOCK_TIME": (Kind.CLOCK_TIME, parse_clock_time, "the clock has no time `{}`"),
    "DURATION": (Kind.DURATION, Duration.parse, "`{}` is no span of time that the law counts in"),
}

_VALUES: Final = frozenset({"NAME", *_CONSTANTS} - {"DURATION"})
_EXPECTED: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (_VALUES | {"DURATION"}, "a value"),
    (_VALUES, "a value"),
    (frozenset({"DURATION", "NAME"}), "a span of time such as `7 calendar days`"),
    (frozenset({"NAME", "NOT", "LPAR"}), "a test"),
    (frozenset({"NAME"}), "a name"),
    (
        frozenset(
            ["IS", "IS_NOT", "IS_BEFORE", "IS_AFTER", "IS_ON_OR_BEFORE", "IS_ON_OR_AFTER", "IS_AT_LEAST", "IS_AT_MOST", "IS_MORE_THAN", "IS_LESS_THAN", "IS_PRESENT", "IS_ABSENT", "IS_KNOWN", "IS_UNKNOWN", "IS_WITHIN", "IN", "CONTAINS"]
        ),
        "a comparison such as `is`",
    ),
    (frozenset({"AND"}), "`and`"),
    (frozenset({"OR"}), "`or`"),
    (frozenset({"AFTER", "BEFORE"}), "`after` or `before`"),
    (frozenset({"LSQB"}), "`[`"),
    (frozenset({"COMMA"}), "`,`"),
    (frozenset({"RSQB"}), "`]`"),
    (frozenset({"RPAR"}), "`)`"),
    (frozenset({"$END"}), "the end"),
)
"""What the parser would take, in our words, the widest group first."""


def _in_our_words(accepted: Collection[str]) -> str:
    left = set(accepted)
    words = []
    for group, name in _EXPECTED:
        if group <= left:
            words.append(name)
            left -= group
    if left:
        raise AssertionError(f"no words for {sorted(left)}")
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _accepted_at(text: str, offset: int) -> Collection[str]:
    """The terminals that may stand at an offset where the parser stopped.

    The parser is run again up to there: at the moment of its error it has already reduced what it could.
    """
    parser = _parser().parse_interactive(text[:offset])
    parser.exhaust_lexer()
    accepted: set[str] = parser.accepts()  # type: ignore[no-untyped-call]  # Lark leaves it without types
    return accepted


_WORD: Final = re.compile(r"[^\s()\[\],]+")


def _explain(error: UnexpectedInput, text: str, locate: Locate) -> ConditionSyntaxError:
    match error:
        case UnexpectedCharacters(pos_in_stream=int(offset)):
            start, end = _word_at(text, offset)
            token = None
        case UnexpectedToken(token=Token(type="$END")):
            start = end = len(text.rstrip())
            token = "$END"
        case UnexpectedToken(token=Token() as met):
            start, end = _offsets(met)
            token = met.type
        case _:
            raise AssertionError(f"Lark raised {type(error).__name__}")
    accepted = _accepted_at(text, start)
    joined = _joiners_meet(token, accepted, locate, start, end)
    if joined is not None:
        return joined
    if token is None and text[start] == '"':
        return _unclosed_text(text, start, locate)
    mistake = find_mistake(text, start)
    if mistake is not None:
        return ConditionSyntaxError(mistake.message, locate(mistake.start, mistake.end), mistake.hint)
    expected = _in_our_words(accepted)
    found = "the end of the condition" if token == "$END" else f"`{' '.join(text[start:end].split())}`"
    hint = "no `(` is open here" if token == "RPAR" and "RPAR" not in accepted and "$END" in accepted else None
    return ConditionSyntaxError(f"expected {expected}, found {found}", locate(start, end), hint)


def _joiners_meet(
    token: str | None, accepted: Collection[str], locate: Locate, start: int, end: int
) -> ConditionSyntaxError | None:
    if not (token == "OR" and "AND" in accepted) and not (token == "AND" and "OR" in accepted):
        return None
    return ConditionSyntaxError(
        "`and` and `or` meet without parentheses",
        locate(start, end),
        "write `(a and b) or c` or `a and (b or c)`, whichever the law says",
    )


def _word_at(text: str, offset: int) -> tuple[int, int]:
    """The whole word around a character that no terminal begins with: of `7.5`, not just `.5`."""
    for word in _WORD.finditer(text):
        if word.start() <= offset < word.end():
            return word.span()
    return offset, offset + 1


def _unclosed_text(text: str, start: int, locate: Locate) -> ConditionSyntaxError:
    line = text[start:].partition("\n")[0].rstrip()
    if line.count('"') - line.count('\\"') > 1:
        message, hint = 'in a text, `\\` stands only before `"` or `\\`', "write `\\\\` for one backslash"
    else:
        message, hint = "the text has no closing quotation mark on its line", None
    return ConditionSyntaxError(message, locate(start, start + len(line)), hint)
