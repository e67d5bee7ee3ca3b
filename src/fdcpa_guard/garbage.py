"""Work that makes very many objects, hardly any of them garbage, without Python's search for garbage in between."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def searched_for_afterwards(*, at_once: bool = False) -> Iterator[None]:
    """No search for cycles until the end of the context; then one at once, or whenever the interpreter thinks fit.

    To look again and again at tens of thousands of objects that all live takes up to half of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        if at_once:
            gc.collect()
