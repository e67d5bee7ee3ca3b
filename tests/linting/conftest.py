"""Places of the golden reports."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reports() -> Path:
    return Path(__file__).parent.parent / "golden" / "linting"
