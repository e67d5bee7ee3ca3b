"""The project's own log, as CSV, JSON lines or Parquet, and the files of accounts and events."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from fdcpa_guard.simulate.clocks import at_text, local_day
from fdcpa_guard.simulate.notices import ITEMIZATION_COLUMNS, contents, itemization, money
from fdcpa_guard.simulate.people import is_consumer_credit
from fdcpa_guard.simulate.planting import CALL, DIALING, EMAIL, INBOUND, LETTER, ROLE, TEXT
from fdcpa_guard.simulate.records import Contact, LifeStory
from fdcpa_guard.simulate.writing import OutputFile

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetWriter

COLUMNS: Final = (
    "id", "at", "consumer_id", "channel", "direction", "person_role", "person_id", "person_relation", "address", "place",
    "debt_ids", "outcome", "dialing", "purpose", "content", "template", "agent", "discloses", "period_ends", "stated",
)  # fmt: skip
_SAYS: Final = frozenset({CALL, TEXT, EMAIL, LETTER, INBOUND, ROLE, DIALING})
_BATCH: Final = 20_000


@lru_cache(maxsize=64)
def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if "," in text else text


_SAYS_NOTHING: Final = ("", "", "")


def _contents(story: LifeStory, c: Contact) -> tuple[str, str, str]:
    return contents(story.debtor, c) if c.purpose == "validation_notice" else _SAYS_NOTHING


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
            discloses, ends, stated = _contents(story, c)
            lines.append(
                f"{consumer}-{c.serial},{of.text}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}{of.offset},"
                f"{consumer},{c.channel},{c.direction},{c.role},{c.person},{c.relation},{c.address},{c.place},"
                f"{'|'.join(c.debts)},{c.outcome},{c.dialing},{c.purpose},{_quoted(c.content)},{c.template},{c.agent},"
                f"{discloses},{ends},{_quoted(stated)}\n"
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
        *_contents(story, c),
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


# --- accounts and events --------------------------------------------------------------------------------------------------

_PHONES: Final = 3
ACCOUNT_COLUMNS: Final = (
    "consumer_id", "debt_id", "debt_kind", "debt_group", "creditor", "account_suffix", "amount", "placed_at", "defaulted_at",
    "delinquent_since", "status", "licence_type", "consumer_credit_transaction", "direct_motor_vehicle_loan", "language",
    "home_line", "home_city", "home_state", "home_zip",
    *(f"phone{number}{part}" for number in range(1, _PHONES + 1) for part in ("", "_line", "_place")),
    "email1", "email1_place",
)  # fmt: skip
EVENT_COLUMNS: Final = (
    "consumer_id", "at", "type", "debt_ids", "attorney", "contact_known", "written", "channel", "address", "place", "from", "to",
    "given_in", "given_to", "medium", "amount", "mail_class",
)  # fmt: skip


class AccountsFile:
    """A row a debt, with its consumer's fields, and its itemization where the log has the letters that state it."""

    def __init__(self, folder: Path, compress: bool, says: frozenset[str]) -> None:
        self._file = OutputFile(folder, "accounts.csv", compress)
        self.name = self._file.name
        self._itemized = LETTER in says
        columns = (*ACCOUNT_COLUMNS, *ITEMIZATION_COLUMNS) if self._itemized else ACCOUNT_COLUMNS
        self._file.write(",".join(columns) + "\n")

    def write(self, story: LifeStory) -> None:
        debtor = story.debtor
        home = debtor.home
        numbers = [f"{each.number},{each.line},{each.place}" for each in debtor.numbers]
        numbers += [",,"] * (_PHONES - len(numbers))
        consumer = f"en,{debtor.street},{home.city},{home.state},{home.zip},{','.join(numbers)},"
        consumer += f"{debtor.email},{'personal' if debtor.email else ''}"
        for debt in debtor.debts:
            defaulted = date.fromordinal(debt.defaulted).isoformat()
            itemized = "".join(f",{cell}" for cell in itemization(debt)) if self._itemized else ""
            self._file.write(
                f"{debtor.id},{debt.id},{debt.kind},{debt.group},{debt.creditor},{debt.suffix},"
                f"{money(debt.cents)},{date.fromordinal(debt.placed).isoformat()},{defaulted},"
                f"{defaulted},open,{debt.licence},{'true' if is_consumer_credit(debt.kind) else 'false'},"
                f"{'false' if debt.kind == 'auto' else ''},{consumer}{itemized}\n"
            )

    def close(self) -> None:
        self._file.close()


class EventsFile:
    """A row an event. `id_of` names the communication in which a consent was given, as the log's importer does."""

    def __init__(self, folder: Path, compress: bool) -> None:
        self._file = OutputFile(folder, "events.csv", compress)
        self.name = self._file.name
        self._file.write(",".join(EVENT_COLUMNS) + "\n")
        self.rows = 0

    def write(self, story: LifeStory, given_in: dict[int, str]) -> None:
        """`given_in` has the id of each contact in which something was given, by its serial number."""
        zone = story.debtor.zone
        for learnt in story.learnt:
            said = learnt.said
            if learnt.given_in is not None:
                said = {**said, "given_in": given_in.get(learnt.given_in.serial, "")}
            cells = [said.get(name, "") for name in EVENT_COLUMNS[3:]]
            at = at_text(zone, learnt.day, learnt.second)
            self._file.write(f"{story.debtor.id},{at},{learnt.type},{','.join(cells)}\n")
        self.rows += len(story.learnt)

    def close(self) -> None:
        self._file.close()
