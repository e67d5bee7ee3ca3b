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


@pytest.mark.parametrize(
    ("text", "words", "language"),
    [
        ("If we do not hear from you, a suit will follow", "a suit will follow", "en"),
        ("We will take the car without a hearing", "take the car", "en"),
        ("We do not want to sue you, but we will", "sue you", "en"),
        ("Recogeremos el carro sin juicio", "recogeremos el carro", "es"),
    ],
)
def test_what_only_looks_like_a_denial_denies_nothing(text: str, words: str, language: str) -> None:
    assert not scope(text, words, language).denied


@pytest.mark.parametrize(
    ("text", "words", "holds"),
    [
        ("If a creditor decides to sue you, answer", "sue you", True),
        ("If you are sued, answer", "are sued", True),
        ("Unless you pay we will sue you", "sue you", False),
        ("If someone calls you, we will sue you", "sue you", False),
    ],
)
def test_what_others_may_do_is_supposed_and_what_follows_is_not(text: str, words: str, holds: bool) -> None:
    assert scope(text, words).supposed is holds


@pytest.mark.parametrize(
    ("text", "words", "language", "holds"),
    [
        ("Your man told me you will sue me", "sue me", "en", True),
        ("Su compañero me dijo que era una rata", "era una rata", "es", True),
        ("Tell me when you pay or we sue you", "sue you", "en", False),
    ],
)
def test_what_somebody_was_told_is_reported(text: str, words: str, language: str, holds: bool) -> None:
    assert scope(text, words, language).reported is holds
