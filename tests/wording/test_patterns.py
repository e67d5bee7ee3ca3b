"""The language of patterns: what each construct finds, and that mistakes are shown where they stand."""

from __future__ import annotations

import re

import pytest

from fdcpa_guard.errors import RuleError, RuleShapeError, UnknownNameError
from fdcpa_guard.source import SourceFile
from fdcpa_guard.wording.patterns import Definitions, Written, expression, trimmed
from fdcpa_guard.wording.plain import plain_text

PIECES = {"police": "sheriff | police officer", "again": "{police} again", "round": "a {round}"}


def written(text: str) -> Written:
    source = SourceFile("pattern", text)
    return Written(text, lambda start, stop: source.span(start, stop))


def compiled(pattern: str, language: str = "en") -> str:
    pieces = {name: written(text) for name, text in PIECES.items()}
    return expression(written(pattern), Definitions(language, pieces))


def found(pattern: str, text: str, language: str = "en") -> str | None:
    plain = plain_text(text).plain
    match = re.search(compiled(pattern, language).encode("ascii"), plain)
    if match is None:
        return None
    start, stop = trimmed(plain, *match.span())
    return plain[start:stop].decode("ascii")


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("pay", "Please pay.", "pay"),
        ("pay", "the repayment", None),
        ("pay now", "PAY,\n  now", "pay,   now"),
        ("pay now", "You may pay. Now call", None),
        ("time barred", "a time-barred debt", "time-barred"),
        ("arrest~", "he was arrested", "arrested"),
        ("arrest~", "an arrestee", None),
        ("arrest*", "an arrestee", "arrestee"),
        ("f??k", "f**k off", "f**k"),
        ("(pay | call us)", "do call us", "call us"),
        ("pay [it] now", "pay it now", "pay it now"),
        ("pay [it] now", "pay now", "pay now"),
        ("[please] pay", "please pay", "please pay"),
        ("[please] pay", "do pay", "pay"),
        ("pay ... now", "pay all of it now", "pay all of it now"),
        ("pay ... now", "pay now", "pay now"),
        ("pay ... now", "pay a b c d now", None),
        ("pay ...1 now", "pay all of it now", None),
        ("pay ...4 now", "pay a b c d now", "pay a b c d now"),
        ("the {police}", "the police officer came", "the police officer"),
        ("{again}", "a sheriff again", "sheriff again"),
        ("pay #money", "pay $1,204.50 today", "pay $1,204,50"),
        ("pay #money", "pay 90 dollars", "pay 90 dollars"),
        ("pay #money", "pay \ufffc", "pay \x1c"),
        ("within #number days", "within thirty days", "within thirty days"),
        ("by #date", "by June 5, 2026", "by june 5, 2026"),
        ("by #date", "by 2026-06-05", "by 2026-06-05"),
        ("#percent off", "25% off", "25% off"),
        ("call #phone", "call (512) 555-0100", "call (512) 555-0100"),
        ("dear #hole", "Dear \ufffc,", "dear \x1c"),
        ("dear #word", "Dear friend", "dear friend"),
        ("pay // or", "Pay. Or else", "pay. or"),
        ("pay // or", "Pay or else", None),
    ],
)
def test_a_construct_finds_what_it_stands_for(pattern: str, text: str, words: str | None) -> None:
    assert found(pattern, text) == words


@pytest.mark.parametrize(
    "text", ["demandaremos", "demandando", "demandarlo", "demandado", "demandarian", "demandarselo"]
)
def test_a_spanish_verb_is_found_in_its_forms_and_with_its_pronouns(text: str) -> None:
    assert found("demandar~", text, "es") == text


@pytest.mark.parametrize(
    ("pattern", "error", "message", "column"),
    [
        ("pay (now", RuleShapeError, "cannot be read from", 6),
        ("pay ) now", RuleShapeError, "cannot be read from `)` on", 5),
        ("pay & Now", RuleShapeError, "cannot be read from `N` on", 7),
        ("[pay]", RuleShapeError, "where nothing is written", 1),
        ("pay (now | [it])", RuleShapeError, "where nothing is written", 12),
        ("pay ...", RuleShapeError, "a gap at the end", 5),
        ("pay ...13 now", RuleShapeError, "a gap of 13 words; expected 1 to 12", 5),
        ("pay ...0 now", RuleShapeError, "a gap of 0 words", 5),
        ("// pay", RuleShapeError, "the end of a sentence before the first word", 1),
        ("the {polise}", UnknownNameError, "no piece of a pattern is called `polise`", 5),
        ("pay #mony", UnknownNameError, "no kind of thing is called `#mony`", 5),
        ("{round}", RuleShapeError, "the piece `round` is part of itself", 3),
    ],
)
def test_a_mistake_is_shown_where_it_stands(pattern: str, error: type[RuleError], message: str, column: int) -> None:
    with pytest.raises(error, match=re.escape(message)) as caught:
        compiled(pattern)
    span = caught.value.span
    assert span is not None
    assert span.column == column


@pytest.mark.parametrize(("pattern", "hint"), [("the {polise}", "police"), ("pay #mony", "#money")])
def test_the_nearest_name_is_suggested(pattern: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        compiled(pattern)
    assert caught.value.hint == f"did you mean `{hint}`?"
