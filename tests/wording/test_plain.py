"""The plain form of a text: one byte a character, whatever was done to hide the words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.wording.plain import HOLE, HOLE_BYTE, LOST, plain_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("PAY Now", "pay now"),
        ("cárcel, ¿sí?", "carcel, .si?"),
        ("you\u2019re \u201cdone\u201d", "you're \"done\""),
        ("time\u2011barred \u2014 debt", "time-barred - debt"),
        ("\u20ac5 and\u00a0\u00a35", "$5 and $5"),
        (f"Dear {HOLE}", f"dear {HOLE_BYTE}"),
        ("\u0430rrest", "arrest"),
        ("\uff41rrest", "arrest"),
        ("\u6f22", LOST),
        ("Mr. Lind paid $4.50, i.e. all.", "mr, lind paid $4,50, i,e, all."),
        ("one line\nand the next", "one line and the next"),
        ("A paragraph.\n\nAnother", "a paragraph.\n another"),
        ("first\n- an item", "first\n- an item"),
        ("Notice:\nyou owe it", "notice:\nyou owe it"),
        ("he said 'pay' to him", 'he said "pay" to him'),
    ],
)
def test_signs_accents_and_breaks_are_written_one_way(text: str, plain: str) -> None:
    assert plain_text(text).plain.decode("ascii") == plain


@pytest.mark.parametrize("text", ["ar\u00adrest you", "a\u200br\u2060rest you", "arre\ufeffst you", "\u202earrest you", "a\u0301rrest you"])
def test_invisible_marks_do_not_hide_a_word_and_its_place_is_kept(text: str) -> None:
    found = plain_text(text)
    start = found.plain.index(b"arrest")
    first, last = found.span(start, start + len(b"arrest"))
    assert text[first].lower() == "a"
    assert text[last - 1] == "t"
    assert text[last:] == " you"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_every_byte_stands_for_a_character_of_the_text(text: str) -> None:
    found = plain_text(text)
    if found.offsets is None:
        assert len(found.plain) == len(text)
    else:
        assert len(found.plain) == len(found.offsets)
        assert list(found.offsets) == sorted(set(found.offsets))
    for place in range(len(found.plain)):
        start, stop = found.span(place, place + 1)
        assert 0 <= start < stop <= len(text)


@given(st.text("ab .\n'\u00e9\u200b", max_size=60), st.integers(2, 5))
def test_what_stands_far_from_a_paragraph_changes_nothing_in_it(text: str, times: int) -> None:
    alone = plain_text(f"{text}z.\n\n").plain
    assert plain_text(f"{text}z.\n\n" * times).plain.startswith(alone.rstrip(b"\n "))


def test_a_span_of_nothing_is_at_its_place() -> None:
    assert plain_text("a\u200bb").span(1, 1) == (2, 2)
