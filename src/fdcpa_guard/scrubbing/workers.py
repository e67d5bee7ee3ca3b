"""Pieces of a list, scrubbed in one process or in several."""

from __future__ import annotations

import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType
from typing import Any, Final

from fdcpa_guard.scrubbing.files import Files, Scrubbed, Terms

_IN_FLIGHT: Final = 3


_here: tuple[Terms, Files] | None = None
"""What a worker process was forked with. The files are opened when the first task comes: before that they are unfinished."""
_opened = False


def _begin(terms: Terms, files: Files) -> None:
    global _here
    _here = terms, files
    # Rules and tables live as long as the process: the collector need not look at them again and again.
    gc.freeze()


def _ready() -> None:
    """A task that does nothing: the process is up once it is done."""


def _work(piece: Any) -> Scrubbed:
    global _opened
    assert _here is not None
    terms, files = _here
    if not _opened:
        files.open()
        _opened = True
    return files.scrub(piece, terms)


class Workers:
    """The processes of a run, forked before the files are read, while this process is small.

    Where processes cannot be forked (Windows), or do not survive it (macOS), and for a `number` of 1, the work is done in this
    process. The results are the same.
    """

    def __init__(self, number: int, terms: Terms, files: Files) -> None:
        self._terms, self._files = terms, files
        self._pool: ProcessPoolExecutor | None = None
        can_fork = sys.platform != "darwin" and "fork" in multiprocessing.get_all_start_methods()
        self._number = number if can_fork else 1
        if self._number > 1:
            self._pool = ProcessPoolExecutor(self._number, multiprocessing.get_context("fork"), _begin, (terms, files))
            for waiting in [self._pool.submit(_ready) for _ in range(self._number)]:
                waiting.result()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def scrub(self) -> Iterator[Scrubbed]:
        """The results of all pieces of the finished files, in their order. A bounded number waits to be taken."""
        files = self._files
        files.open()
        try:
            if self._pool is None:
                for piece in files.pieces():
                    yield files.scrub(piece, self._terms)
                return
            waiting: deque[Future[Scrubbed]] = deque()
            for piece in files.pieces():
                waiting.append(self._pool.submit(_work, piece))
                if len(waiting) >= self._number * _IN_FLIGHT:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            files.close()
