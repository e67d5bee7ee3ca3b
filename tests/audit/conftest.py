from __future__ import annotations

from pathlib import Path

import pytest
from audit_world import World, account


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two consumers in Texas with an account each; their logs are empty."""
    return World(tmp_path, accounts=[account("ann"), account("bob")])
