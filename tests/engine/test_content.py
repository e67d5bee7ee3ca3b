"""What is said: declared under a name, or found as words in the text; and what remains open."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdcpa_guard.engine.content import is_said
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts import models
from fdcpa_guard.facts.actions import judged
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.ruleset.rulebook import load_rulebook

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


_RULE = """
rule: us-sample-notice
title: a sample
jurisdiction: US
law: [{cite: a law, says: something}]
in_force: {from: 2000-01-01}
checked_on: 2026-01-01
confidence: verified
binds: [third_party_collector]
reaches: any
effect: requires
must_contain:
  - {id: creditor, cite: a law, says: The creditor., declared: current_creditor, only_when: debt.kind is medical}
  - {id: amount, cite: a law, says: The amount., declared: current_amount, only_when: debt.has_account_number}
"""


class TestWhatIsMissing:
    """Every fact that would settle an open item, and none of an item that is settled."""

    @pytest.mark.parametrize(
        ("discloses", "lacked"),
        [
            ([], ("debt.kind", "debt.has_account_number")),
            (["current_amount"], ("debt.kind",)),
            (["current_creditor"], ("debt.has_account_number",)),
            (["current_amount", "current_creditor"], ()),
            (None, ("debt.kind", "communication.discloses", "debt.has_account_number")),
        ],
    )
    def test_an_item_that_is_there_lacks_nothing(
        self, tmp_path: Path, discloses: list[str] | None, lacked: tuple[str, ...]
    ) -> None:
        (tmp_path / "sample.yaml").write_text(_RULE, encoding="utf-8")
        guard = Guard(load_rulebook([tmp_path]))
        said = {"at": "2026-02-10T12:00:00Z", "channel": "letter", "debts": ["d1"], "discloses": discloses}
        file = ConsumerFile(collector=models.Collector(kind="third_party_collector"))
        verdict = guard.judge(guard.rules[0], judged(models.Communication.model_validate(said)), file)
        assert set(verdict.lacked) == set(lacked)
