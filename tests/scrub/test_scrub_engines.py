"""The columns are proved against the guard while they are used."""

from __future__ import annotations

import pytest
from scrub_world import World

from fdcpa_guard.engine.columnar.judging import ColumnarRules
from fdcpa_guard.errors import BackendDisagreement

EARLY = "2026-03-02T06:00:00-06:00"


def test_where_the_columns_pass_over_what_the_guard_finds_the_run_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world.answer(EARLY, engine="columnar").decision == "block"
    monkeypatch.setattr(ColumnarRules, "judge", lambda self, bucket: iter(()))
    with pytest.raises(BackendDisagreement, match="us-sample-hours"):
        world.answer(EARLY, engine="columnar")


def test_an_error_of_the_columns_is_asked_of_the_guard(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: ColumnarRules, bucket: object) -> object:
        raise ValueError("no column is as long as the others")

    monkeypatch.setattr(ColumnarRules, "judge", broken)
    assert world.answer(EARLY, engine="columnar").windows == "08:00-21:00"
