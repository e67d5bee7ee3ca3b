"""What docs/lint.md says of stages, keys and forms is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fdcpa_guard.linting.settings import KEYS
from fdcpa_guard.linting.stages import STAGES

PAGE = (Path(__file__).parent.parent.parent / "docs" / "lint.md").read_text(encoding="utf-8")
ROWS = {cells[0].strip(): cells[1].strip() for cells in re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_says_what_the_manual_says(stage: str) -> None:
    assert ROWS[f"`{stage}`"] == STAGES[stage].says


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_in_the_manual(key: str) -> None:
    assert [row for row in ROWS if f"`{key}`" in row]
