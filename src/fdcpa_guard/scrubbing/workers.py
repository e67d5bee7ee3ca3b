"""Ranges of consumers, scrubbed in one process or in several; the results come in the order of the consumers."""

from __future__ import annotations

import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

from fdcpa_guard.auditing.consumers import ConsumerLog, consumer_log
from fdcpa_guard.auditing.spool import ConsumerRange, SpooledConsumer, SpoolReader
from fdcpa_guard.errors import BackendDisagreement
from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.scrubbing.contacts import Contact
from fdcpa_guard.scrubbing.judging import Scrubber, not_judged
from fdcpa_guard.scrubbing.results import ScrubbedContact

CONTACTS_TOGETHER: Final = 2500
"""About so many contacts are one piece of work, and judged together; a consumer is never split."""
_IN_FLIGHT: Final = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a run judges, and where its working files lie."""

    scrubber: Scrubber
    collector: Collector
    contacts: Path
    log: Path


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """What one range gave: the answers, by consumer, and the problems of putting their files together.

    `strangers` are the consumers of whom no file has anything.
    """

    answers: Sequence[ScrubbedContact]
    problems: Sequence[Problem]
    strangers: int


class Files:
    """The spools of contacts and of the log, open in one process."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._contacts = SpoolReader(terms.contacts)
        self._log = SpoolReader(terms.log)

    def ranges(self) -> Iterator[ConsumerRange]:
        return self._contacts.ranges(CONTACTS_TOGETHER)

    def scrub(self, among: ConsumerRange) -> Scrubbed:
        """The contacts of a range. An error in one consumer's file is told as the answer on its contacts."""
        logged = {found.consumer_id: found for found in self._log.consumers(among)}
        asked: list[tuple[ConsumerLog, Sequence[Contact]]] = []
        answers: list[ScrubbedContact] = []
        problems: list[Problem] = []
        strangers = 0
        for spooled in self._contacts.consumers(among):
            contacts = [Contact.of(row) for row in spooled.rows]
            found = logged.get(spooled.consumer_id) or SpooledConsumer(spooled.consumer_id)
            strangers += spooled.consumer_id not in logged
            try:
                log = consumer_log(found, self._terms.collector, None)
            except Exception as error:
                answers.extend(not_judged(contact, error) for contact in contacts)
                continue
            problems.extend(log.problems)
            asked.append((log, contacts))
        answers.extend(self._answers(asked))
        return Scrubbed(answers, problems, strangers)

    def _answers(self, asked: Sequence[tuple[ConsumerLog, Sequence[Contact]]]) -> list[ScrubbedContact]:
        try:
            return self._terms.scrubber.contacts(asked)
        except BackendDisagreement:
            raise
        except Exception as error:
            if len(asked) == 1:
                return [not_judged(contact, error) for contact in asked[0][1]]
            middle = len(asked) // 2
            return [*self._answers(asked[:middle]), *self._answers(asked[middle:])]

    def close(self) -> None:
        self._contacts.close()
        self._log.close()


_here: Terms | None = None
"""What a worker process was forked with. The spools are opened when the first task comes: before that they are unfinished."""
_files: Files | None = None


def _begin(terms: Terms) -> None:
    global _here
    _here = terms
    # Rules and tables live as long as the process: the collector need not look at them again and again.
    gc.freeze()


def _ready() -> None:
    """A task that does nothing: the process is up once it is done."""


def _work(among: ConsumerRange) -> Scrubbed:
    global _files
    assert _here is not None
    if _files is None:
        _files = Files(_here)
    return _files.scrub(among)


class Workers:
    """The processes of a run, forked before the files are read, while this process is small.

    Where processes cannot be forked (Windows), or do not survive it (macOS), and for a `number` of 1, the work is done in this
    process. The results are the same.
    """

    def __init__(self, number: int, terms: Terms) -> None:
        self._terms = terms
        self._pool: ProcessPoolExecutor | None = None
        can_fork = sys.platform != "darwin" and "fork" in multiprocessing.get_all_start_methods()
        self._number = number if can_fork else 1
        if self._number > 1:
            self._pool = ProcessPoolExecutor(self._number, multiprocessing.get_context("fork"), _begin, (terms,))
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
        """The results of all ranges of the finished spools, in their order. A bounded number waits to be taken."""
        files = Files(self._terms)
        try:
            if self._pool is None:
                for among in list(files.ranges()):
                    yield files.scrub(among)
                return
            waiting: deque[Future[Scrubbed]] = deque()
            for among in files.ranges():
                waiting.append(self._pool.submit(_work, among))
                if len(waiting) >= self._number * _IN_FLIGHT:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            files.close()
