"""In a list that may be none: the word, and the empty list of JSON, say so; a blank says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdcpa_guard.facts.importers.reading import LogOptions, open_accounts, open_log
from fdcpa_guard.facts.importers.rows import AccountFacts, LogRow


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("", None), (" ", None), ("|", None), ("none", ()), (" None ", ()), ("threatens_suit", ("threatens_suit",))],
)
def test_a_cell_of_a_log(cell: str, expected: tuple[str, ...] | None, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f"consumer_id,at,channel,asserts\nann,2026-06-01T17:00:00Z,text,{cell}\n", encoding="utf-8")
    (row,) = (item for item in open_log([path], LogOptions(format="canonical")) if isinstance(item, LogRow))
    assert row.communication.asserts == expected


@pytest.mark.parametrize(("cell", "expected"), [("", None), (" ", None), ("none", ())])
def test_a_cell_of_the_accounts(cell: str, expected: tuple[str, ...] | None, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(f"consumer_id,email1,email1_notice_discloses\nann,ann@example.com,{cell}\n", encoding="utf-8")
    (facts,) = (item for item in open_accounts(path) if isinstance(item, AccountFacts))
    assert facts.consumer.emails[0].notice_discloses == expected


def test_an_empty_list_of_json_says_none(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"consumer_id": "ann", "at": "2026-06-01T17:00:00Z", "channel": "text", "asserts": []}\n', encoding="utf-8")
    (row,) = (item for item in open_log([path], LogOptions(format="canonical")) if isinstance(item, LogRow))
    assert row.communication.asserts == ()
