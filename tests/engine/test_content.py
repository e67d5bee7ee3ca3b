"""What is said: declared under a name, or found as words in the text; and what remains open."""

from __future__ import annotations

import pytest

from fdcpa_guard.engine.content import is_said

PHRASES = ("attempt to collect a debt",)
TEXT = "This is an  Attempt to collect\na debt."


class TestPrescribedWords:
    """An item without a name to declare: the law prescribes the words, and a text without them lacks them."""

    @pytest.mark.parametrize(("text", "answer"), [(TEXT, True), ("Good morning.", False), (None, None)])
    def test_the_text_decides(self, text: str | None, answer: bool | None) -> None:
        assert is_said(text, None, None, PHRASES) is answer

    def test_what_is_declared_does_not_matter(self) -> None:
        assert is_said("Good morning.", ("attempting_to_collect",), None, PHRASES) is False


class TestDeclared:
    """An item that can be declared: words of its kind are free, so that a text without the known ones tells nothing."""

    @pytest.mark.parametrize(
        ("text", "names", "answer"),
        [
            (None, ("notice",), True),
            (None, (), False),
            (None, ("another",), False),
            (None, None, None),
            (TEXT, None, True),
            (TEXT, (), True),
            ("Good morning.", None, None),
            ("Good morning.", (), False),
            ("Good morning.", ("notice",), True),
        ],
    )
    def test_name_or_words(self, text: str | None, names: tuple[str, ...] | None, answer: bool | None) -> None:
        assert is_said(text, names, "notice", PHRASES) is answer

    def test_without_words_only_the_name_tells(self) -> None:
        assert is_said(TEXT, None, "notice", ()) is None
        assert is_said(TEXT, ("notice",), "notice", ()) is True
