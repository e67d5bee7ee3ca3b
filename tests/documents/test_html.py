"""HTML: what a browser shows, its layout, and how broken or hostile files are taken."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.reading import body, look, read

from fdcpa_guard.documents import read_document
from fdcpa_guard.errors import DocumentError


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two", "one\n\ntwo"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "a\tb\nc\n\nd"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("a  \n b", "a b"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("un<b>b</b>roken", "unbroken"),
        ("&copy; &eacute;&#39;&#x41; &amp &nosuch;", "© é'A & &nosuch;"),
        ("5 < 6 </ p> <3", "5 < 6 <3"),
        ("<!-- a --><script>if (a < b) {}</script><style>p{}</style>b", "b"),
        ("<b><i>x</b>y</i>z", "xyz"),
        ("</p></div>a</b>", "a"),
        ("<p title='a>b'>c", "c"),
        ("<span style='text-transform: uppercase'>notice</span>", "NOTICE"),
        ("<svg><text>x</text></svg>a", "a"),
        ("<P CLASS=x>A</P >", "A"),
    ],
)
def test_a_browser_would_show(html: str, text: str) -> None:
    assert body("a.html", html) == text


def test_layout_by_tags_attributes_and_style_sheets() -> None:
    part = read(
        "a.html",
        "<style>.big {font-size: 16px} td.b, #x {font-weight: bold} .a .c {font-weight: bold}</style>"
        "<p style='font-size:10pt'>ten <b>bold</b> <em style='font-size:50%'>five</em></p><p class=big>twelve</p>"
        "<div id=x>strong</div><div class=c>maybe</div><h2>head</h2><font size=7>huge</font>",
    ).parts[0]
    assert look(part, "ten") == (10.0, False, False)
    assert look(part, "bold") == (10.0, True, False)
    assert look(part, "five") == (5.0, False, True)
    assert look(part, "twelve")[0] == 12.0
    assert look(part, "strong")[1] is True
    assert look(part, "maybe")[1] is None
    assert look(part, "huge")[0] == 36.0
    assert [run.heading for run in part.runs if "head" in part.text[run.start : run.stop]] == [2]


def test_with_style_sheets_elsewhere_nothing_is_said_to_be_plain() -> None:
    part = read("a.html", "<link rel=stylesheet href=a.css><p>a <b>b</b>").parts[0]
    assert look(part, "a") == (None, None, None)
    assert look(part, "b")[1] is True


@pytest.mark.parametrize(
    "style", ["display:none", "DISPLAY: none !important", "visibility:hidden", "font-size:0", "opacity:0.0", "mso-hide:all"]
)
def test_what_is_hidden_is_a_part_of_its_own(style: str) -> None:
    document = read("a.html", f"<p>You un<span style='{style}'>x</span>less</p>")
    assert [(part.name, part.text) for part in document.parts] == [("body", "You unless"), ("hidden", "x")]
    assert document.parts[1].runs[0].hidden is True


@pytest.mark.parametrize("html", ["a <!-- b", "a <p title='b>c", "a <script>b", "a <p"])
def test_what_never_ends_is_an_error_with_its_place(html: str) -> None:
    with pytest.raises(DocumentError, match="never ends") as caught:
        read_document(Path("a.html"), html.encode())
    assert (caught.value.line, caught.value.column) == (1, 3)


def test_elements_nested_without_end_are_an_error() -> None:
    with pytest.raises(DocumentError, match="nested more than 500"):
        read_document(Path("a.html"), b"<div>" * 100_000)


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<div>", "</div>", "<td>", "<table>", "</table>", "<li>", "word", " ", "&amp;", "a< b",
     "<!--c-->", "<br>", "<span>", "</span>", "\n", "é"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_the_letters_are_those_that_a_library_reads_and_stand_at_their_places(html: str) -> None:
    ours = "".join("".join(part.text for part in read("a.html", html, template="none").parts).split())
    try:
        theirs = "".join(lxml.html.fromstring(f"<div>{html}</div>").xpath("string()").split())
    except (lxml.etree.LxmlError, ValueError):
        return
    assert ours == theirs


@given(st.text(st.sampled_from("<>/!-abp='\" &;#x\n{}%"), max_size=40))
def test_whatever_is_written_is_read_or_refused(html: str) -> None:
    with suppress(DocumentError):
        read("a.html", html)
