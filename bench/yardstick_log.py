"""The log of the yardstick: a year of communications, twelve a consumer, with one to four debts and twelve time zones.

In the project's own tables (log.parquet and accounts.parquet), in the order of time. Consumers, debts and persons are unlike
in number as in life: a few consumers have hundreds of rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import parquet

from bench.texts import Ints, fixed_texts
from bench.yardstick_checks import CHANNELS, FLAGS, ROLES, STATES, TEMPLATES, template_name

ROWS_OF_A_CONSUMER: Final = 12
DIRECTIONS: Final = ("outbound", "inbound")
OUTCOMES: Final = ("conversation", "no_answer", "voicemail", "not_connected", "delivered")
ZONES: Final = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix", "America/Anchorage",
    "Pacific/Honolulu", "America/Boise", "America/Detroit", "America/Indiana/Indianapolis", "America/Kentucky/Louisville",
    "America/Puerto_Rico",
)  # fmt: skip
_ELSEWHERE: Final = ("LA", "KY", "OR", "OK", "CT", "UT", "NV", "IA", "KS", "ID", "HI", "AK", "NE", "NM", "ME", "DE")
LIVED_IN: Final = (*STATES, *_ELSEWHERE)
_USUAL: Final = {
    "America/Chicago": ("TX", "IL", "TN", "MO", "WI", "MN", "AL", "LA", "OK", "IA", "KS", "NE"),
    "America/Denver": ("CO", "UT", "NM"), "America/Los_Angeles": ("CA", "WA", "OR", "NV"), "America/Phoenix": ("AZ",),
    "America/Anchorage": ("AK",), "Pacific/Honolulu": ("HI",), "America/Boise": ("ID",), "America/Detroit": ("MI",),
    "America/Indiana/Indianapolis": ("IN",), "America/Kentucky/Louisville": ("KY",),
}  # fmt: skip
_BEHIND: Final = (5, 6, 7, 8, 7, 9, 10, 7, 5, 5, 5, 4)
"""Hours by which the zones are behind UTC in winter."""
_FLAG_SHARES: Final = (0.02, 0.01, 0.03, 0.05, 0.1, 0.2, 0.005, 0.5)
_HOUR: Final = 3_600_000_000
_DAY: Final = 24 * _HOUR
FIRST: Final = int(np.datetime64("2024-01-01", "us").astype(np.int64))
"""The first instant of the year, in microseconds since 1970 (UTC)."""
_GROUP: Final = 1_000_000
MOST_DEBTS: Final = 4
NUMBER_WIDTH: Final = 10
"""Digits of a number in an id, after one letter."""


def make(rows: int, folder: Path, seed: int = 1, each: int = ROWS_OF_A_CONSUMER, group: int = _GROUP) -> Path:
    """Write so many rows, and give the folder, which has them already where they were made before.

    `each`: of a consumer on average; `group`: of a group in the file.
    """
    made = folder / f"yardstick-{rows}-{seed}"
    if (made / "log.parquet").exists():
        return made
    made.mkdir(parents=True, exist_ok=True)
    source = np.random.default_rng(seed)
    consumers = max(1, rows // each)
    zone = _write_accounts(made / "accounts.parquet", consumers, source)
    unfinished = made / "log.unfinished"
    _write_log(unfinished, rows, group, zone, source)
    unfinished.rename(made / "log.parquet")
    return made


def consumer_ids(numbers: Ints) -> Any:
    return _numbered(b"c", numbers)


def _write_accounts(file: Path, consumers: int, source: np.random.Generator) -> npt.NDArray[np.int8]:
    """All four debts of every consumer are on file, whether or not anybody writes about them. Gives the zones."""
    weights = 1 / np.arange(2.0, len(LIVED_IN) + 2)
    state = source.choice(len(LIVED_IN), consumers, p=weights / weights.sum())
    zones = {each: ZONES.index(zone) for zone, states in _USUAL.items() for each in states}
    zone = np.array([zones.get(each, 0) for each in LIVED_IN], np.int8)[state]
    moved = source.random(consumers) < 0.03
    zone[moved] = source.integers(0, len(ZONES), int(moved.sum()))
    of = np.repeat(np.arange(consumers), MOST_DEBTS)
    cents = (np.exp(source.normal(7, 1, len(of))) * 100).astype(np.int64)
    days = int(np.datetime64("2023-12-31", "D").astype(np.int64)) - source.integers(0, 2800, len(of))
    number = np.tile(np.arange(1, MOST_DEBTS + 1), consumers)
    table = pa.table(
        {
            "consumer_id": consumer_ids(of),
            "debt_id": _debt_ids(of, number),
            "amount": _dollars(cents),
            "defaulted_at": pa.array(days.astype(np.int32)).cast(pa.date32()),
            "home_state": _named(state[of], LIVED_IN),
            "time_zone": _named(zone[of], ZONES),
        }
    )
    parquet.write_table(table, file, compression="zstd", row_group_size=_GROUP)
    return zone


def _write_log(file: Path, rows: int, group: int, zone: npt.NDArray[np.int8], source: np.random.Generator) -> None:
    consumers = len(zone)
    share = source.lognormal(0, 1, consumers)
    of = np.repeat(np.arange(consumers), source.multinomial(rows, share / share.sum()))
    # Half of the attempts come within days of the one before, as dialers work.
    day = (source.random(rows) * 366).astype(np.int64)
    near = (source.random(rows) < 0.5) & np.append(False, of[1:] == of[:-1])
    day = np.where(near, np.minimum(np.roll(day, 1) + source.integers(0, 6, rows), 365), day)
    hour = np.clip(source.normal(14, 3.1, rows), 0, 23.99)
    at = FIRST + day * _DAY + (hour * _HOUR).astype(np.int64) + np.array(_BEHIND)[zone[of]] * _HOUR
    order = np.argsort(at, kind="stable")
    at, of = at[order], of[order]
    debts = source.choice(MOST_DEBTS, consumers, p=(0.7, 0.18, 0.08, 0.04)) + 1
    writer: Any = None
    for start in range(0, rows, group):
        part = slice(start, min(start + group, rows))
        table = _rows(np.arange(part.start, part.stop), at[part], of[part], debts[of[part]], source)
        if writer is None:
            writer = parquet.ParquetWriter(
                file, table.schema, compression="zstd", use_dictionary=[name for name in table.column_names if name != "id"]
            )
        writer.write_table(table, row_group_size=group)
    writer.close()


def _rows(number: Ints, at: Ints, of: Ints, debts: Ints, source: np.random.Generator) -> Any:
    rows = len(number)
    channel = source.choice(len(CHANNELS), rows, p=(0.58, 0.18, 0.14, 0.08, 0.02))
    outcome = np.where(channel == 0, source.choice(4, rows, p=(0.07, 0.53, 0.28, 0.12)), 4)
    role = source.choice(len(ROLES), rows, p=(0.9, 0.05, 0.03, 0.02))
    template = source.zipf(1.3, rows) % TEMPLATES
    debt = (source.random(rows) * debts).astype(np.int64) + 1
    columns = {
        "id": _numbered(b"y", number),
        "at": pa.array(at).cast(pa.timestamp("us", tz="UTC")),
        "consumer_id": consumer_ids(of),
        "channel": _named(channel, CHANNELS),
        "direction": _named((source.random(rows) < 0.06).astype(np.int64), DIRECTIONS),
        "person_role": _named(role, ROLES),
        "person_id": _named(role, ROLES),  # one of a kind with each consumer
        "debt_ids": _debt_ids(of, debt),
        "outcome": _named(outcome, OUTCOMES),
        "template": _named(template, tuple(map(template_name, range(TEMPLATES)))),
    }
    for name, each in zip(FLAGS, _FLAG_SHARES, strict=True):
        columns[name] = pa.array(source.random(rows, dtype=np.float32) < each)
    return pa.table(columns)


def _named(codes: npt.NDArray[Any], names: tuple[str, ...]) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int16)), pa.array(names))


def _debt_ids(of: Ints, number: Ints) -> Any:
    return _numbered(b"d", of * 10 + number)


def _dollars(cents: Ints) -> Any:
    """As decimals, which are 128-bit numbers of cents."""
    halves = np.zeros((len(cents), 2), np.int64)
    halves[:, 0] = cents
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(halves)])


def _numbered(letter: bytes, numbers: Ints) -> Any:
    """Texts of a letter and ten digits."""
    block = np.empty((len(numbers), 1 + NUMBER_WIDTH), np.uint8)
    block[:, 0] = letter[0]
    left = numbers.astype(np.int64)
    for place in range(NUMBER_WIDTH, 0, -1):
        rest = left // 10
        block[:, place] = 48 + (left - rest * 10)
        left = rest
    return fixed_texts(block)
