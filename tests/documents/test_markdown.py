"""Markdown: its words without its markup, in the order and at the places in which they stand."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.documents.reading import body, look, read

from fdcpa_guard.documents import HOLE


class TestBlocks:
    @pytest.mark.parametrize(
        ("markdown", "text"),
        [
            ("# Notice #\nDear", "Notice\n\nDear"),
            ("## C# is #1", "C# is #1"),
            ("#1 in collections", "#1 in collections"),
            ("Notice\n======\nDear", "Notice\n\nDear"),
            ("one\ntwo\n\n\nthree", "one\ntwo\n\nthree"),
            ("- one\n- two\n\ntext", "one\ntwo\n\ntext"),
            ("1. one\n2. two", "1. one\n2. two"),
            ("We wrote in\n2025. Since then", "We wrote in\n2025. Since then"),
            ("> we said\n> so\n\nthen", "we said\nso\n\nthen"),
            ("one\n\n---\n\ntwo", "one\n\ntwo"),
            ("```text\n**a**\n```\nb", "**a**\n\nb"),
            ("| what | amount |\n| --- | ---: |\n| interest | $5 |\n\nend", "what\tamount\ninterest\t$5\n\nend"),
            ("a \\| b\n", "a | b"),
            ("[x]: https://example.com\n\nsee [x]", "see x"),
            ("a  \nb\\\nc", "a\nb\nc"),
            ("<div>a<br>b</div>", "a\nb"),
            ("a <!-- **no** --> b", "a  b"),
            ("<style>p {}</style>\na", "a"),
            ("    indented", "indented"),
            ("- [ ] dispute\n- [x] pay", "[ ] dispute\n[x] pay"),
        ],
    )
    def test_markup_of_lines_is_read_away(self, markdown: str, text: str) -> None:
        assert body("a.md", markdown) == text

    def test_a_table_ends_where_its_pipes_do(self) -> None:
        assert body("a.md", "a | b\n--|--\nc \\| d | e\ntext") == "a\tb\nc | d\te\n\ntext"


class TestWithinLines:
    @pytest.mark.parametrize(
        ("markdown", "text"),
        [
            ("a **bold** word", "a bold word"),
            ("a __bold__ and *slanted* _word_", "a bold and slanted word"),
            ("***both***", "both"),
            ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
            ("**not closed", "**not closed"),
            ("[words](https://example.com 'title') after", "words after"),
            ("[words](https://example.com/a(b)c)", "words"),
            ("![logo](logo.png) Acme", " Acme"),
            ("[see][one] and [One]\n\n[one]: /x", "see and One"),
            ("[sic] and [T]he", "[sic] and [T]he"),
            ("<https://example.com/pay>", "https://example.com/pay"),
            ("`code *x*`", "code *x*"),
            ("\\*no\\* &amp; &copy; &nosuch;", "*no* & © &nosuch;"),
            ("~~struck~~ out", "struck out"),
            ("call <b>now</b>", "call now"),
            ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ],
    )
    def test_markup_is_read_away(self, markdown: str, text: str) -> None:
        assert body("a.md", f"x\n\n{markdown}") == f"x\n\n{text}"

    def test_emphasis_and_headings_are_layout(self) -> None:
        part = read("a.md", "# Notice of *debt*\n\nYou **must not *ever*** pay <u>twice</u>").parts[0]
        assert look(part, "must not ") == (None, True, False)
        assert look(part, "ever") == (None, True, True)
        assert look(part, " pay ") == (None, False, False)
        assert next(run for run in part.runs if run.start <= part.text.index("debt") < run.stop).heading == 1
        assert next(run for run in part.runs if run.start <= part.text.index("twice") < run.stop).underlined

    def test_emphasis_may_cross_lines_but_not_paragraphs(self) -> None:
        assert body("a.md", "**one\ntwo** *three\n\nfour*") == "one\ntwo *three\n\nfour*"

    def test_holes_are_read_in_all_places(self) -> None:
        document = read("a.md.j2", "# {{ title }}\n\n**{{ amount | money }}** [pay]({{ url }})\n{% if a %}\n- x\n{% endif %}")
        assert document.parts[0].text == f"{HOLE}\n\n{HOLE} pay\n\nx"
        assert [hole.name for hole in document.parts[0].holes] == ["title", "amount"]

    def test_brackets_without_a_link_may_be_a_field(self) -> None:
        document = read("a.md", "Dear [Client Name], <<Balance>> is due")
        assert [hole.name for hole in document.parts[0].holes] == ["Client Name", "Balance"]


_WORDS = st.sampled_from(
    ["debt", "**you owe**", "*now*", "_and_", "[pay](http://e.example)", "`code`", "&amp;", "\\*", "snake_case", "3 * 4", "<b>x</b>",
     "**a *b* c**", "x**y**z", "[ ]", "!", "(a)", "\n"]
)  # fmt: skip
_LINES = st.lists(_WORDS, min_size=1, max_size=7).map(" ".join)
_BLOCKS = st.tuples(st.sampled_from(["", "# ", "- ", "> ", "1. ", "   "]), _LINES).map("".join)
_TAGS = re.compile(r"<[^>]*>")


@given(st.lists(_BLOCKS, min_size=1, max_size=5).map("\n\n".join))
def test_the_words_are_those_that_a_markdown_library_renders(markdown: str) -> None:
    """Numbers of lists aside, which it leaves to the browser."""
    rendered = html.unescape(_TAGS.sub(" ", MarkdownIt("commonmark").render(markdown)))
    ours = re.sub(r"^\d+\.(?: |$)", "", body("a.md", markdown), flags=re.MULTILINE)
    assert "".join(ours.split()) == "".join(rendered.split())


@given(st.text(st.sampled_from("ab *_`[]()!<>&#-=|~\\\n\t.1{}%\r"), max_size=60))
def test_whatever_is_written_its_characters_keep_their_places(markdown: str) -> None:
    read("a.md", markdown, template="none")
