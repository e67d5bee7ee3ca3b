from __future__ import annotations

from pathlib import Path

import pytest
from scrub_world import World, planned


@pytest.fixture
def world(tmp_path: Path) -> World:
    """One planned call to a consumer in Texas, of whom nothing is logged."""
    return World(tmp_path, [planned()])
