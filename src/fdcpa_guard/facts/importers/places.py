"""States and ZIP codes as files write them."""

from __future__ import annotations

from typing import Final

from fdcpa_guard.facts.importers.columns import text

UNKNOWN_STATE: Final = "ZZ"
"""Stands for a state or ZIP code that could not be read, where an address has no other. The data of places do not have it,
so that the consumer may be anywhere: an address that is silently dropped would take its state's law with it."""


def read_state(value: object) -> str:
    """A state's two letters, in capitals. Raises ValueError."""
    written = text(value).upper()
    if len(written) != 2 or not (written.isascii() and written.isalpha()):
        raise ValueError("expected a state's two letters, such as TX")
    return written


def read_zip(value: object) -> str:
    """A ZIP code of five or nine digits. Raises ValueError."""
    written = text(value)
    first, _, rest = written.partition("-")
    if not (
        first.isascii() and first.isdigit() and (not rest or (rest.isascii() and rest.isdigit() and len(rest) == 4))
    ):
        raise ValueError("expected a ZIP code such as 78701")
    if len(first) in (3, 4) and not rest:
        raise ValueError("expected a ZIP code of five digits; a spreadsheet has dropped its leading zeros")
    if len(first) != 5 and not (len(first) == 9 and not rest):
        raise ValueError("expected a ZIP code such as 78701")
    return written
