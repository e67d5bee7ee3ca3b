"""Work that makes very many objects, hardly any of them garbage, without Python's search for garbage in between."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_MANY: Final = 20_000
"""A search looks at all that a process holds: after little work it costs more than the work."""


@contextmanager
def searched_for_afterwards() -> Iterator[None]:
    """No search for cycles until the end of the context; after it whenever the interpreter thinks fit.

    To look again and again at tens of thousands of objects that all live takes up to half of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def search_after(items: int) -> None:
    """A search at once, where so many items were worked at that what they leave behind is large."""
    if items >= _MANY:
        gc.collect()
