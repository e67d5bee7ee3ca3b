"""The project's own log, as CSV, JSON lines or Parquet."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from fdcpa_guard.simulate.clocks import local_day
from fdcpa_guard.simulate.planting import CALL, DIALING, EMAIL, INBOUND, LETTER, ROLE, TEXT, WORDS
from fdcpa_guard.simulate.records import Contact, LifeStory
from fdcpa_guard.simulate.writing import OutputFile

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetWriter

SAID: Final = (
    "discloses", "asserts", "subject", "limited_content", "languages", "disclosure_languages", "period_ends", "stated",
    "lawful_threats", "intended_threats", "person_household",
)  # fmt: skip
"""What `Contact.more` may hold."""
COLUMNS: Final = (
    "id", "at", "consumer_id", "channel", "direction", "person_role", "person_id", "person_relation", "address", "place",
    "debt_ids", "outcome", "dialing", "purpose", "content", "template", "agent", *SAID,
)  # fmt: skip
_NOTHING_SAID: Final = "," * (len(SAID) - 1)
_SAYS: Final = frozenset({CALL, TEXT, EMAIL, LETTER, INBOUND, ROLE, DIALING, WORDS})
_BATCH: Final = 20_000


@lru_cache(maxsize=64)
def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if "," in text else text


def _said(contact: Contact) -> str:
    """The cells of what it says."""
    more = contact.more
    return ",".join([_quoted(more.get(name, "")) for name in SAID]) if more else _NOTHING_SAID


class CanonicalCsv:
    """The log as CSV."""

    says = _SAYS

    def __init__(self, folder: Path, compress: bool) -> None:
        self._file = OutputFile(folder, "log.csv", compress)
        self._file.write(",".join(COLUMNS) + "\n")
        self._rows = 0

    def carries(self, contact: Contact) -> bool:
        return True

    def id_of(self, story: LifeStory, contact: Contact) -> str:
        return f"{story.debtor.id}-{contact.serial}"

    def write(self, story: LifeStory) -> None:
        consumer, zone = story.debtor.id, story.debtor.home.zone
        lines = []
        for c in story.contacts:
            of, second = local_day(zone, c.day), c.second
            lines.append(
                f"{consumer}-{c.serial},{of.text}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}{of.offset},"
                f"{consumer},{c.channel},{c.direction},{c.role},{c.person},{c.relation},{c.address},{c.place},"
                f"{'|'.join(c.debts)},{c.outcome},{c.dialing},{c.purpose},{_quoted(c.content)},{c.template},{c.agent},"
                f"{_said(c)}\n"
            )
        self._file.write("".join(lines))
        self._rows += len(lines)

    def close(self) -> None:
        self._file.close()

    @property
    def audit_options(self) -> tuple[str, ...]:
        return (self._file.name, "--from", "canonical")

    @property
    def rows(self) -> int:
        return self._rows


def _cells(story: LifeStory, c: Contact) -> tuple[str, ...]:
    consumer = story.debtor.id
    return (
        f"{consumer}-{c.serial}", c.at(story.debtor.zone), consumer, c.channel, c.direction, c.role, c.person, c.relation,
        c.address, c.place, "|".join(c.debts), c.outcome, c.dialing, c.purpose, c.content, c.template, c.agent,
        *(c.more.get(name, "") for name in SAID),
    )  # fmt: skip


class CanonicalJsonLines(CanonicalCsv):
    """The same, an object a line; what is not said is left out."""

    def __init__(self, folder: Path, compress: bool) -> None:
        self._file = OutputFile(folder, "log.jsonl", compress)
        self._rows = 0

    def write(self, story: LifeStory) -> None:
        for contact in story.contacts:
            row = {name: cell for name, cell in zip(COLUMNS, _cells(story, contact), strict=True) if cell}
            self._file.write_bytes(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        self._rows += len(story.contacts)


class CanonicalParquet(CanonicalCsv):
    """The same as Parquet, all columns text."""

    def __init__(self, folder: Path, compress: bool) -> None:
        import pyarrow as arrow
        from pyarrow import parquet

        self._schema = arrow.schema([(name, arrow.string()) for name in COLUMNS])
        codec = "zstd" if compress else "snappy"
        self._writer: ParquetWriter = parquet.ParquetWriter(folder / "log.parquet", self._schema, compression=codec)
        self._batch: list[tuple[str, ...]] = []
        self._rows = 0

    def write(self, story: LifeStory) -> None:
        self._batch += [_cells(story, contact) for contact in story.contacts]
        self._rows += len(story.contacts)
        if len(self._batch) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as arrow

        if self._batch:
            arrays = [
                arrow.array([cell or None for cell in column], arrow.string()) for column in zip(*self._batch, strict=True)
            ]
            self._writer.write_table(arrow.Table.from_arrays(arrays, schema=self._schema))
            self._batch.clear()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    @property
    def audit_options(self) -> tuple[str, ...]:
        return ("log.parquet", "--from", "canonical")
