"""Each notice whose words the law gives is known in any layout, and nothing that is missing or altered in it passes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from fdcpa_guard.documents.reading import read_document
from fdcpa_guard.errors import RuleErrors
from fdcpa_guard.ruleset.loading import read_folders
from fdcpa_guard.ruleset.rulebook import shipped_rules
from fdcpa_guard.source import SourceFile
from fdcpa_guard.wording.loading import load_notices
from fdcpa_guard.wording.notice_alignment import Kind, Nearness, NoticeMatch
from fdcpa_guard.wording.notice_matching import NoticeFinder
from fdcpa_guard.wording.notices import Notice, Wording, read_notice
from fdcpa_guard.wording.plain import HOLE

FILLS = (
    "Juniper Receivables",
    "Cedar Bank",
    "March 3",
    "$412.50",
    "post@example.com",
    "Robin Alder",
    "512-555-0110",
    "2 p.m.",
)
LETTER = """\
Dear Ms. Alder,

Thank you for your call on Tuesday. We have noted your new address and sent the papers that you asked for. Your next
payment of $40.00 is due on March 3, as we agreed. If anything about the plan is not right, tell us and we will look at
it together. You may pay by check, by card or at any branch. Nothing else changes, and you need not do anything now.

The garden centre on Second Street is open from 8 a.m. to 6 p.m. and will have the seeds that you ordered on Friday.
Please keep this letter with your records. We are glad to help, and wish you a good spring.

Yours,
Robin Birch
"""


@cache
def finder() -> NoticeFinder:
    return NoticeFinder(load_notices([shipped_rules()]))


def wordings() -> list[tuple[Notice, int]]:
    return [(notice, number) for notice in finder().notices for number in range(len(notice.wordings))]


def name(case: object) -> str:
    return case.id if isinstance(case, Notice) else str(case)


def written(wording: Wording, fills: tuple[str, ...] = FILLS, *, without: frozenset[int] = frozenset()) -> str:
    """The wording with its slots filled; `without` some of its words."""
    text = wording.text
    if not without:
        for number, slot in enumerate(wording.slots):
            text = text.replace(f"[{slot.name}]", fills[number % len(fills)], 1)
        return text
    return said(wording, dict.fromkeys(without, ""))


def said(wording: Wording, other: dict[int, str]) -> str:
    """The wording's words, some of them other ones."""
    words: list[str] = []
    slots = iter(enumerate(wording.slots))
    following = next(slots, None)
    for number in range(len(wording.words) + 1):
        while following is not None and following[1].before == number:
            words.append(FILLS[following[0] % len(FILLS)])
            following = next(slots, None)
        if number < len(wording.words):
            words.append(other.get(number, wording.written[number]))
    return " ".join(word for word in words if word)


def in_letter(text: str) -> str:
    first, rest = LETTER.split("\n\n", 1)
    return f"{first}\n\n{text}\n\n{rest}"


def judged(text: str, notice: Notice) -> NoticeMatch:
    return finder().judge(text, [notice.id])[notice.id]


def read(text: str, path: str) -> str:
    return "\n\n".join(part.text for part in read_document(Path(path), text.encode()).parts)


def typographic(text: str) -> str:
    text = text.replace("'", "\u2019").replace(" - ", " \u2013 ").replace("...", "\u2026")
    return text.replace(' "', " \u201c").replace('"', "\u201d")


def html(text: str) -> str:
    words = text.replace("&", "&amp;").replace("<", "&lt;").split(" ")
    words[1] = f"<b>{words[1]}</b>"
    body = "&nbsp;".join(words[:2]) + "\n   " + " ".join(words[2:])
    return f"<html><body><h1>Letter</h1><table><tr><td><p style='font-size:10pt'>{body}</p></td></tr></table></body></html>"


def markdown(text: str) -> str:
    words = text.split(" ")
    words[1] = f"**{words[1]}**"
    return "> " + "\n> ".join(textwrap.wrap(" ".join(words), 60, break_on_hyphens=False, break_long_words=False)) + "\n"


def layouts(notice: Notice, number: int) -> Iterator[tuple[str, str]]:
    wording = notice.wordings[number]
    text = written(wording)
    yield "lines", in_letter(textwrap.fill(text, 44, break_on_hyphens=False, break_long_words=False))
    yield "capitals", in_letter(text.upper())
    yield "quotes", in_letter(typographic(f'"{text}"'))
    yield "markdown", read("# A letter\n\nDear Ms. Alder,\n\n" + markdown(text) + "\nYours,\n", "letter.md")
    yield "html", read(html(text), "letter.html")
    yield "holes", in_letter(written(wording, (HOLE,)))
    template = written(wording, tuple(f"{{{{ slot_{each} }}}}" for each in range(8)))
    yield "template", read("Hello,\n\n" + template + "\n\nBye\n", "letter.txt.jinja")


@pytest.mark.parametrize(("notice", "number"), wordings(), ids=name)
def test_a_notice_is_exact_in_every_layout(notice: Notice, number: int) -> None:
    for layout, text in layouts(notice, number):
        match = judged(text, notice)
        assert match.nearness is Nearness.EXACT, f"{layout}: {match.message()} in {text}"
        assert match.message() == ""
        assert not match.missing_elements
        assert 0 <= match.start < match.stop <= len(text)


@pytest.mark.parametrize(("notice", "number"), wordings(), ids=name)
def test_an_element_that_is_removed_is_missing(notice: Notice, number: int) -> None:
    wording = notice.wordings[number]
    for element, carried in zip(notice.elements, wording.carried, strict=True):
        match = judged(in_letter(written(wording, without=carried)), notice)
        assert not match.given, element.id
        assert element in match.missing_elements, f"{element.id}: {match.message()}"


@pytest.mark.parametrize(("notice", "number"), wordings(), ids=name)
def test_a_number_or_a_date_that_is_altered_is_named(notice: Notice, number: int) -> None:
    wording = notice.wordings[number]
    for figure in sorted(wording.figures):
        old = wording.words[figure]
        new = str(int(old) + 3) if old.isdecimal() else "thursday" if old.isalpha() else old + "9"
        match = judged(in_letter(said(wording, {figure: new})), notice)
        assert match.nearness is Nearness.NEAR_MISS, f"{old} -> {new}"
        assert any(wording.written[figure] in each.expected for each in match.altered), f"{old}: {match.message()}"
        match = judged(in_letter(said(wording, {figure: ""})), notice)
        assert not match.given, f"{old} left out"
        assert match.altered, f"{old} left out: {match.message()}"


@pytest.mark.parametrize(("notice", "number"), wordings(), ids=name)
def test_a_number_that_is_put_in_is_named(notice: Notice, number: int) -> None:
    wording = notice.wordings[number]
    inside = next(each for each in range(1, len(wording.words)) if each not in wording.slots_before)
    inserted = wording.written[inside]
    match = judged(in_letter(said(wording, {inside: f"45 {inserted}"})), notice)
    assert match.nearness is Nearness.NEAR_MISS
    assert [each.found for each in match.altered] == ["45"]


@pytest.mark.parametrize(("notice", "number"), wordings(), ids=name)
def test_a_denial_that_is_put_in_does_not_pass(notice: Notice, number: int) -> None:
    wording = notice.wordings[number]
    for place in range(1, len(wording.words)):
        match = judged(in_letter(said(wording, {place: f"never {wording.written[place]}"})), notice)
        assert not match.given, f"before {wording.written[place]}: {match.message()}"


def test_an_ordinary_letter_gives_none() -> None:
    assert finder().find(LETTER) == []
    assert {match.nearness for match in finder().judge(LETTER).values()} == {Nearness.ABSENT}


def test_what_differs_is_told_at_its_place() -> None:
    text = "Call or write to us by May 3, to dispute all or part of the debt. If you do not, we will assume that our data is correct."
    (match,) = finder().find(text)
    (difference,) = match.differences
    assert match.nearness is Nearness.CLOSE
    assert (difference.kind, difference.expected, difference.found) == (Kind.CHANGED, "information", "data")
    assert text[difference.start : difference.stop] == "data"
    assert match.message() == "`data` stands for `information`"
    assert match.slots == (("end date", "May 3"),)


def test_a_slot_that_nothing_fills_does_not_pass() -> None:
    (match,) = finder().find(
        "Call or write to us by, to dispute all or part of the debt. If you do not, we will assume that our information is correct."
    )
    assert match.nearness is Nearness.NEAR_MISS
    assert [each.kind for each in match.differences] == [Kind.EMPTY_SLOT]


def test_what_fills_a_slot_beside_a_missing_end_is_not_put_in() -> None:
    text = "Between June 1 and today: You were charged this amount in interest: $0.00. You were charged this amount in fees: $7.00."
    match = {each.notice.id: each for each in finder().find(text)}["us_vn_itemization_between"]
    assert match.nearness is Nearness.NEAR_MISS
    assert match.altered == ()
    assert [element.id for element in match.missing_elements] == ["payments_credits"]


def test_the_nearest_of_several_places_counts() -> None:
    text = "This communication is from a collector of debts. " + LETTER + "This communication is from a debt collector."
    match = {each.notice.id: each for each in finder().find(text)}["us_subsequent_disclosure"]
    assert match.nearness is Nearness.EXACT
    assert text[match.start :] == "This communication is from a debt collector."


def test_mistakes_in_a_notice_are_told_with_their_line() -> None:
    text = """\
notice: some_notice
title: Some notice
law:
  - cite: 1 USC 1
    says: Something.
jurisdiction: US
discloses: attempting_to_colect
wordings:
  - Every word of this one stands here.
elements:
  - id: one
    conveys: a thing
    words: [no word of it]
confidence: verified
source: the code
checked_on: 2026-11-27
"""
    _, errors = read_notice(SourceFile("some_notice.notice.yaml", text))
    said = [str(error) for error in RuleErrors(errors).errors]
    assert any("some_notice.notice.yaml:7" in each and "attempting_to_colect" in each for each in said)
    assert any("some_notice.notice.yaml:13" in each and "stand in no wording" in each for each in said)
    _, errors = read_notice(SourceFile("other.notice.yaml", text))
    assert any("expected `some_notice.notice.yaml`" in str(error) for error in errors)


def test_notices_count_among_the_rules_and_are_no_rules(tmp_path: Path) -> None:
    shipped = shipped_rules() / "federal" / "lexicons" / "us_opt_out_text.notice.yaml"
    own = tmp_path / shipped.name
    own.write_bytes(shipped.read_bytes())
    before = read_folders([tmp_path], shipped=False)
    own.write_text(own.read_text("utf-8").replace("STOP", "END"), "utf-8")
    assert before.rules == ()
    assert read_folders([tmp_path], shipped=False).digest != before.digest
