"""What takes the force of words away, and what only seems to."""

from __future__ import annotations

import pytest

from fdcpa_guard.wording.plain import plain_text
from fdcpa_guard.wording.scope import Scope, scope_of


def scope(text: str, words: str, language: str = "en") -> Scope:
    plain = plain_text(text).plain
    start = plain.index(words.encode("ascii"))
    return scope_of(plain, start, start + len(words), language, holds_denial=False)


@pytest.mark.parametrize(
    ("text", "words", "language"),
    [
        ("It is against the law to have you arrested", "have you arrested", "en"),
        ("Arrest is against our policy", "arrest", "en"),
        ("Nobody thinks you are a thief", "you are a thief", "en"),
        ("No somos compradores de buena fe", "compradores de buena fe", "es"),
    ],
)
def test_a_denial_takes_the_force_of_the_words_away(text: str, words: str, language: str) -> None:
    assert scope(text, words, language).denied


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A judgment has been entered against you", "judgment has been entered"),
        ("We hold a judgment against you for this debt", "judgment against you"),
        ("Criminal charges against your family will be filed", "charges against your family will be filed"),
    ],
)
def test_to_be_against_a_person_denies_nothing(text: str, words: str) -> None:
    assert not scope(text, words).denied


def test_a_denial_does_not_reach_a_statement_with_a_subject_of_its_own() -> None:
    assert not scope("The owner knew nothing of it, they're a bona fide buyer", "bona fide buyer").denied
