"""What the vocabulary says of the names in its closed lists."""

from __future__ import annotations

import pytest

from fdcpa_guard.errors import RuleShapeError
from fdcpa_guard.vocabulary import Vocabulary, load_vocabulary


class TestMeanings:
    def test_are_given_for_claims_and_threats_that_rules_judge(self) -> None:
        meanings = load_vocabulary().meanings["assertion"]
        assert meanings["states_debt"] == "that the consumer owes a debt"

    def test_of_a_name_that_is_in_no_list_are_refused(self) -> None:
        with pytest.raises(RuleShapeError, match=r"`meanings\.colour\.mauve`: no such name in a set `colour`"):
            Vocabulary.parse("sets: {colour: [red]}\nmeanings: {colour: {mauve: a colour}}\nfacts: {}\n")
