"""The small rulebook of invented rules that lies beside these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdcpa_guard.ruleset.rulebook import Rulebook, load_rulebook

INVENTED = Path(__file__).parent / "rules"


@pytest.fixture(scope="session")
def invented() -> Rulebook:
    return load_rulebook([INVENTED])
