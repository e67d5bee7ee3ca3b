"""Each pattern of the lexicons finds what stands beside it as a hit, and nothing sure in its near misses."""

from __future__ import annotations

from functools import cache

import pytest

from fdcpa_guard.ruleset.rulebook import shipped_rules
from fdcpa_guard.wording.lexicon import Pattern, Says
from fdcpa_guard.wording.loading import load_lexicons
from fdcpa_guard.wording.matching import Matcher


@cache
def matcher() -> Matcher:
    return Matcher(load_lexicons([shipped_rules()]))


def patterns() -> list[Pattern]:
    return list({pattern.id: pattern for pattern in matcher().patterns}.values())


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.id)
def test_a_pattern_finds_its_hits_and_is_not_sure_of_its_near_misses(pattern: Pattern) -> None:
    for text in pattern.hits:
        found = [each for each in matcher().mentions(text) if each.name == pattern.name]
        if pattern.says is Says.NOTHING:
            assert not found, f"it should cover: {text}"
        else:
            assert any(each.pattern == pattern.id for each in found), f"not found: {text}"
    for text in pattern.near_misses:
        assert not [each for each in matcher().mentions(text) if each.name == pattern.name and each.sure], (
            f"found: {text}"
        )
