"""The option by which golden files are written anew (their diff is then reviewed like code), and the two profiles of
Hypothesis: `ci`, few examples and always the same, and `nightly`, many; HYPOTHESIS_PROFILE names the one to run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Whole rules and logs are large to draw, and the first draw builds the strategies of all conditions.
_LARGE = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example, HealthCheck.filter_too_much)
settings.register_profile("ci", max_examples=60, derandomize=True, deadline=None, suppress_health_check=_LARGE)
settings.register_profile("nightly", max_examples=5_000, deadline=None, suppress_health_check=_LARGE)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
settings.load_profile(PROFILE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if PROFILE != "nightly":
        for item in items:
            if item.get_closest_marker("nightly"):
                item.add_marker(pytest.mark.skip(reason="runs under the profile `nightly`"))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with a golden file, or writes the file where the option says so."""
    update = bool(request.config.getoption("--update-golden"))

    def compare(path: Path, text: str) -> None:
        if update:
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path.name} is not there; pytest --update-golden writes it"
        assert text == path.read_text(encoding="utf-8")

    return compare
