"""What the help of the audit calls formats is what there is."""

from __future__ import annotations

from fdcpa_guard.cli.audit import FORMAT_NAMES
from fdcpa_guard.facts.importers.formats import FORMATS


def test_the_help_names_every_format() -> None:
    assert sorted(FORMAT_NAMES.split(", ")) == sorted(FORMATS)
