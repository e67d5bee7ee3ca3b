"""JSON lines that hold more than one record, or less than one: each record is read, and a broken one is nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.facts.importers.reading import LogOptions, open_log
from fdcpa_guard.facts.importers.rows import Item, LogRow

CALL = '{"consumer_id": "%s", "at": "2026-06-01T17:00:00Z", "channel": "call"}'
ANN, BOB = CALL % "ann", CALL % "bob"


def read(tmp_path: Path, *lines: str) -> list[Item]:
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(open_log([path], LogOptions(format="canonical")))


@pytest.mark.parametrize("line", [ANN + BOB, f"{ANN} {BOB}", f"[{ANN}, {BOB}]", f"[{ANN}]{BOB}"])
def test_each_of_a_line_is_read(tmp_path: Path, line: str) -> None:
    items = read(tmp_path, ANN, line)
    assert [item.consumer_id for item in items if isinstance(item, LogRow)] == ["ann", "ann", "bob"]
    assert not [item for item in items if isinstance(item, Problem) and item.left_out]


def test_a_broken_one_is_lost_to_the_one_that_it_names(tmp_path: Path) -> None:
    items = read(tmp_path, BOB, ANN + BOB[:-1])
    assert [item.consumer_id for item in items if isinstance(item, LogRow)] == ["bob", "ann"]
    assert [item.consumer_id for item in items if isinstance(item, Problem) and item.left_out] == ["bob"]


def test_of_one_that_names_two_nobody_knows_whose_it_is(tmp_path: Path) -> None:
    items = read(tmp_path, BOB, "{" + ANN[:-1] + BOB)
    assert [item.consumer_id for item in items if isinstance(item, Problem) and item.left_out] == [None]
