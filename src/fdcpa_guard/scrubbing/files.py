"""Where the contacts of a run and what there is of their consumers lie until they are judged, and the judging of a piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fdcpa_guard.auditing.consumers import ConsumerLog, consumer_log
from fdcpa_guard.auditing.spool import ConsumerRange, Spool, SpooledConsumer, SpoolReader
from fdcpa_guard.errors import BackendDisagreement
from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.facts.importers.reading import LogReading
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.scrubbing.contacts import Contact
from fdcpa_guard.scrubbing.judging import Scrubber, not_judged
from fdcpa_guard.scrubbing.results import ScrubbedContact

CONTACTS_TOGETHER = 2500
"""About so many contacts are judged together as objects; a consumer is never split."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a run judges."""

    scrubber: Scrubber
    collector: Collector


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """What one piece gave: the answers, in any order, and the problems of putting files together, each with the bytes of its
    consumer's id, by whose order they are told.

    `strangers` are the consumers of whom no file has anything.
    """

    answers: Sequence[ScrubbedContact]
    problems: Sequence[tuple[bytes, Problem]]
    strangers: int


class Taker(Protocol):
    """Takes items; `finish` after the last."""

    def put(self, item: Any) -> None: ...

    def finish(self) -> None: ...

    def __enter__(self) -> Taker: ...

    def __exit__(self, *_: object) -> None: ...


class Files(Protocol):
    """Where contacts and the log are kept. It is filled in one process, and opened in each that judges."""

    def contacts(self) -> Taker: ...

    def log(self, names: dict[str, str], consumers: frozenset[str]) -> Taker:
        """Takes what there is of some consumers, and passes over all else."""

    def reads(self, reading: LogReading) -> None:
        """A reading is told how its items are taken."""

    def open(self) -> None:
        """Called in the process that judges, before anything else, once both are finished."""

    def pieces(self) -> Iterable[Any]:
        """Pieces of work, each by what `scrub` takes."""

    def scrub(self, piece: Any, terms: Terms) -> Scrubbed:
        """The contacts of a piece. An error in one consumer's file is told as the answer on its contacts."""

    def close(self) -> None: ...


class SpoolFiles:
    """Both in SQLite, record by record."""

    def __init__(self, folder: Path) -> None:
        self._contacts_path, self._log_path = folder / "contacts", folder / "log"
        self._contacts: SpoolReader | None = None
        self._log: SpoolReader | None = None

    def contacts(self) -> Taker:
        return Spool(self._contacts_path)

    def log(self, names: dict[str, str], consumers: frozenset[str]) -> Taker:
        return _Among(Spool(self._log_path, names), consumers)

    def reads(self, reading: LogReading) -> None:
        """One by one."""

    def open(self) -> None:
        self._contacts, self._log = SpoolReader(self._contacts_path), SpoolReader(self._log_path)

    def pieces(self) -> Iterable[ConsumerRange]:
        assert self._contacts is not None
        return list(self._contacts.ranges(CONTACTS_TOGETHER))

    def scrub(self, piece: ConsumerRange, terms: Terms) -> Scrubbed:
        assert self._contacts is not None
        assert self._log is not None
        logged = {found.consumer_id: found for found in self._log.consumers(piece)}
        asked: list[tuple[SpooledConsumer, Sequence[Contact]]] = []
        strangers = 0
        for spooled in self._contacts.consumers(piece):
            strangers += spooled.consumer_id not in logged
            found = logged.get(spooled.consumer_id) or SpooledConsumer(spooled.consumer_id)
            asked.append((found, [Contact.of(row) for row in spooled.rows]))
        put = PutTogether(terms)
        for found, contacts in asked:
            log = put.log(found, found.consumer_id.encode("utf-8", "replace"), contacts)
            if log is not None:
                put.asked.append((log, contacts))
        return Scrubbed([*put.answers, *answers_of(terms.scrubber.contacts, put.asked)], put.problems, strangers)

    def close(self) -> None:
        for reader in (self._contacts, self._log):
            if reader is not None:
                reader.close()


class _Among:
    """Keeps what is of some consumers."""

    def __init__(self, spool: Spool, consumers: frozenset[str]) -> None:
        self._spool, self._consumers = spool, consumers

    def put(self, item: Any) -> None:
        if item.consumer_id in self._consumers:
            self._spool.put(item)

    def finish(self) -> None:
        self._spool.finish()

    def __enter__(self) -> _Among:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.__exit__()


class PutTogether:
    """The logs of consumers one by one; on the contacts of one whose log cannot be put together, that is the answer."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self.asked: list[tuple[ConsumerLog, Sequence[Contact]]] = []
        self.answers: list[ScrubbedContact] = []
        self.problems: list[tuple[bytes, Problem]] = []

    def log(self, found: SpooledConsumer, key: bytes, contacts: Sequence[Contact]) -> ConsumerLog | None:
        try:
            log = consumer_log(found, self._terms.collector, None)
        except Exception as error:  # its contacts are told as not judged, which no allow is
            self.answers.extend(not_judged(contact, error) for contact in contacts)
            return None
        self.problems.extend((key, problem) for problem in log.problems)
        return log


Asked = Sequence[tuple[ConsumerLog, Sequence[Contact]]]


def answers_of(judge: Callable[[Asked], Sequence[ScrubbedContact]], asked: Asked) -> list[ScrubbedContact]:
    """The answers on the contacts of some consumers; an error in one keeps none of the others from being judged."""
    try:
        return list(judge(asked))
    except BackendDisagreement:
        raise
    except Exception as error:  # told of the contacts of whom it is, as not judged
        if len(asked) == 1:
            return [not_judged(contact, error) for contact in asked[0][1]]
        middle = len(asked) // 2
        return [*answers_of(judge, asked[:middle]), *answers_of(judge, asked[middle:])]
