"""Contacts and the log in partitions, by the same hash of the consumer."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.auditing.partitions.batches import in_columns
from fdcpa_guard.auditing.partitions.chunks import PartitionReader
from fdcpa_guard.auditing.partitions.kinds import ColumnBatch, Kind
from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.auditing.partitions.writing import PartitionWriter
from fdcpa_guard.auditing.spool import SpooledConsumer
from fdcpa_guard.errors import BackendDisagreement
from fdcpa_guard.facts.importers.reading import LogReading
from fdcpa_guard.facts.importers.rows import AccountFacts
from fdcpa_guard.facts.models import Consumer
from fdcpa_guard.scrubbing.contacts import Contact
from fdcpa_guard.scrubbing.engines import ColumnarEngine
from fdcpa_guard.scrubbing.files import CONTACTS_TOGETHER, PutTogether, Scrubbed, Terms, answers_of
from fdcpa_guard.scrubbing.partitions.judging import PlainConsumers
from fdcpa_guard.scrubbing.partitions.planned import Ints
from fdcpa_guard.scrubbing.results import ScrubbedContact

STRANGER: Final = ""
"""Stands for the file in which somebody is of whom no file has anything."""
_LOG: Final = logging.getLogger(__name__)
_BYTES_OF_A_PARTITION: Final = 1_200_000
"""Of a list: some twenty thousand contacts of a table of texts, and two or three times as many of a packed one."""
_MOST_PARTITIONS: Final = 1024


def partitions_for(size: int) -> int:
    """Into how many partitions a list of so many bytes is cut."""
    return min(_MOST_PARTITIONS, 1 + size // _BYTES_OF_A_PARTITION)


class PartitionFiles:
    """Both as columns on disk."""

    def __init__(self, folder: Path, partitions: int) -> None:
        self._contacts_folder, self._log_folder = folder / "contacts", folder / "log"
        self._partitions = partitions
        self._contacts: PartitionReader | None = None
        self._log: PartitionReader | None = None

    def contacts(self) -> PartitionWriter:
        return PartitionWriter(self._contacts_folder, self._partitions)

    def log(self, names: dict[str, str], consumers: frozenset[str]) -> Among:
        return Among(PartitionWriter(self._log_folder, self._partitions, names), consumers)

    def reads(self, reading: LogReading) -> None:
        reading.in_columns = in_columns

    def open(self) -> None:
        self._contacts, self._log = PartitionReader(self._contacts_folder), PartitionReader(self._log_folder)

    def pieces(self) -> Iterable[int]:
        return range(self._partitions)

    def scrub(self, piece: int, terms: Terms) -> Scrubbed:
        assert self._contacts is not None
        assert self._log is not None
        contacts, log = self._contacts.partition(piece), self._log.partition(piece)
        numbers = {key: number for number, key in enumerate(log.ids)}
        places = np.array([numbers.get(key, -1) for key in contacts.ids], np.int64)
        plain = (places >= 0) & ~contacts.not_as_they_are
        plain[plain] = log.plain[places[plain]]
        of_list = np.flatnonzero(plain)
        answers: list[ScrubbedContact] = []
        try:
            answers = self._of_plain(contacts, log, of_list, places[of_list], terms)
        except BackendDisagreement:
            raise
        except Exception as error:  # whatever is the matter with one of them, each is then judged from its own records
            _LOG.debug("a partition is judged one by one", exc_info=error)
            plain[:] = False
        put = PutTogether(terms)
        waiting = 0
        for number in np.flatnonzero(~plain).tolist():
            asked = [Contact.of(row) for row in contacts.spooled(number).rows]
            if not asked:
                continue
            place = int(places[number])
            found = SpooledConsumer(contacts.consumers[number]) if place < 0 else log.spooled(place)
            made = put.log(found, contacts.ids[number], asked)
            if made is not None:
                put.asked.append((made, asked))
                waiting += len(asked)
            if waiting >= CONTACTS_TOGETHER:
                answers.extend(answers_of(terms.scrubber.contacts, put.asked))
                put.asked, waiting = [], 0
        answers.extend(answers_of(terms.scrubber.contacts, put.asked))
        return Scrubbed([*put.answers, *answers], put.problems, int(np.count_nonzero(log.of_file(Kind.CONSUMERS, STRANGER))))

    def _of_plain(
        self, contacts: Partition, log: Partition, of_list: Ints, of_log: Ints, terms: Terms
    ) -> list[ScrubbedContact]:
        engine = terms.scrubber.engine
        assert isinstance(engine, ColumnarEngine)
        order = np.argsort(of_log, kind="stable")
        return PlainConsumers(
            terms.scrubber, engine, terms.collector, contacts, log, of_list[order], of_log[order]
        ).answers()

    def close(self) -> None:
        self._contacts = self._log = None


class Among:
    """Keeps what is of some consumers, of many records at once too."""

    def __init__(self, writer: PartitionWriter, consumers: frozenset[str]) -> None:
        self._writer, self._consumers = writer, consumers
        self._ids = pa.array(_bytes(consumers), pa.binary())
        self._strangers = set(consumers)

    def put(self, item: Any) -> None:
        if not isinstance(item, ColumnBatch):
            if item.consumer_id in self._consumers:
                before = self._writer.items
                self._writer.put(item)
                if self._writer.items > before:
                    self._strangers.discard(item.consumer_id)
            return
        for batch in (item, *item.beside):
            table = batch.table.filter(pc.is_in(batch.table["consumer"], value_set=self._ids))
            if len(table):
                self._writer.put(ColumnBatch(batch.kind, batch.file, table))
                known = pc.unique(table["consumer"]).to_pylist()
                self._strangers.difference_update(each.decode("utf-8", "surrogatepass") for each in known)

    def finish(self) -> None:
        """Of whom no file has anything is kept as somebody of whom nothing is said: columns have to have them all."""
        for consumer in sorted(self._strangers):
            self._writer.put(AccountFacts(consumer, 0, STRANGER, Consumer(), ()))
        self._writer.finish()

    def __enter__(self) -> Among:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held open."""


def _bytes(consumers: Iterable[str]) -> Sequence[bytes]:
    return sorted(each.encode("utf-8", "surrogatepass") for each in consumers)
