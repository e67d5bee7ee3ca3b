"""What is kept of a log, by kind: the columns of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pyarrow as pa

FILES: Final = "files.json"
"""What the files of the input are called, by their numbers."""

ID, TEXT, SHARED = pa.binary(), pa.string(), pa.dictionary(pa.int32(), pa.binary())
DAYS_OF_ACTION: Final = ("accepted_on", "instrument_date", "notice_sent_on", "record_of", "delinquency_date")
_WHERE: Final = [("consumer", ID), ("file", pa.int32()), ("row", pa.int64())]


class Kind(StrEnum):
    """What a table is of. The order is that of reading back."""

    ROWS = "rows"
    ACTIONS = "actions"
    EVENTS = "events"
    CONSUMERS = "consumers"
    DEBTS = "debts"
    LOST = "lost"


SCHEMAS: Final[Mapping[Kind, pa.Schema]] = {
    Kind.ROWS: pa.schema(
        [
            *_WHERE, ("at", pa.int64()), ("known_at", pa.int64()), ("id", TEXT), ("address", TEXT), ("agent", TEXT),
            ("sender", TEXT), ("debts", TEXT), ("person_id", TEXT), ("subject", TEXT),
            ("period_ends", pa.int64()), ("stated", TEXT), ("template", TEXT),
            ("truths", pa.int64()), ("shape", SHARED), ("raw", TEXT),
            ("updated", pa.int64()), ("witness", pa.int8()), ("chain", TEXT), ("leg_of", TEXT),
        ]
    ),
    Kind.EVENTS: pa.schema(
        [
            *_WHERE, ("at", pa.int64()), ("known_at", pa.int64()), ("ends", pa.int64()), ("received_at", pa.int64()),
            ("address", TEXT), ("given_in", TEXT), ("debts", TEXT), ("shape", SHARED),
        ]
    ),
    Kind.ACTIONS: pa.schema(
        [
            *_WHERE, ("at", pa.int64()), ("known_at", pa.int64()), ("id", TEXT), ("debts", TEXT), ("amount", TEXT),
            ("directed_to", TEXT), *((name, pa.int64()) for name in DAYS_OF_ACTION), ("shape", SHARED),
        ]
    ),
    Kind.CONSUMERS: pa.schema([*_WHERE, ("body", pa.binary())]),
    Kind.DEBTS: pa.schema([*_WHERE, ("body", pa.binary())]),
    Kind.LOST: pa.schema(_WHERE),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class ColumnBatch:
    """Records of one file in the columns of their kind. `beside`: what else these rows tell, of other kinds."""

    kind: Kind
    file: str
    table: pa.Table
    beside: tuple[ColumnBatch, ...] = ()

    def __len__(self) -> int:
        return len(self.table)
