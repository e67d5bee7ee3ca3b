"""The yardstick's 66 checks in NumPy, written by hand for its log alone: what a columnar engine is measured against.

Two passes. The first reads a group of rows, works out the local clock and the sixty plain checks, and hands what the counting
ones need to a bucket of consumers. The second sorts a bucket by whom and what a row was about. There a limit of seven in seven
days is passed where the seventh row before lies within the seven days: rows are compared with a shifted copy of themselves.

It knows what only somebody who made the log can know: that ids are numbers, that nothing is missing, that every communication
is about one debt. It holds 16 bytes a row between the passes.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import parquet

from bench.texts import Ints
from bench.yardstick_checks import (
    CHANNELS,
    CHECKS,
    CONVERSATION,
    FLAGS,
    IDS,
    MA,
    QUIET,
    ROLES,
    SEVEN,
    SIXTY,
    TEMPLATES,
    WA,
    Check,
    template_name,
)
from bench.yardstick_log import DIRECTIONS, FIRST, LIVED_IN, MOST_DEBTS, NUMBER_WIDTH, OUTCOMES, ZONES

Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

_HOUR: Final = 3_600_000_000
_DAY: Final = 24 * _HOUR
_MINUTE: Final = 60_000_000
_FIRST_HOUR: Final = FIRST // _HOUR - 48
_HOURS: Final = 370 * 24
_CHUNK: Final = 1 << 16
_BUCKETS: Final = 32
_OUTBOUND, _CALL, _COUNTS, _TALK, _CALL_OR_TEXT, _MA, _WA = (1 << bit for bit in range(7))
_NAMES: Final = {
    "channel": CHANNELS, "direction": DIRECTIONS, "person_role": ROLES, "outcome": OUTCOMES,
    "template": tuple(map(template_name, range(TEMPLATES))),
}  # fmt: skip
_COLUMNS: Final = ("at", "consumer_id", "debt_ids", *_NAMES, *FLAGS)


@dataclass(frozen=True, slots=True)
class _Accounts:
    """By the consumer's number, and for amounts (cents) and days by four times that and the debt's."""

    state: Bytes
    zone: Bytes
    cents: Ints
    defaulted: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the second pass needs, in the order of time. `about`: four times the debt's number and the person's role."""

    consumer: npt.NDArray[np.int32]
    about: Bytes
    at: Ints
    day: npt.NDArray[np.int16]
    flags: Bytes

    def part(self, rows: slice) -> _Rows:
        return _Rows(self.consumer[rows], self.about[rows], self.at[rows], self.day[rows], self.flags[rows])


def run(folder: Path, threads: int = 2) -> dict[str, int]:
    """How many communications break each of the 66 rules."""
    pa.set_cpu_count(threads)
    file = folder / "log.parquet"
    groups = parquet.ParquetFile(file).num_row_groups
    local = threading.local()
    found: dict[str, int] = dict.fromkeys((QUIET, SEVEN, CONVERSATION, MA, WA, SIXTY, *IDS), 0)

    def first(group: int) -> tuple[Ints, list[_Rows]]:
        if not hasattr(local, "file"):
            local.file = parquet.ParquetFile(file)
        table = local.file.read_row_group(group, columns=list(_COLUMNS), use_threads=False)
        return _first_pass(table, accounts.result())

    with ThreadPoolExecutor(threads) as pool:
        accounts = pool.submit(_accounts, folder / "accounts.parquet")
        parts: list[list[_Rows]] = []
        for counts, rows in pool.map(first, range(groups)):
            parts.append(rows)
            for rule, number in zip((QUIET, *IDS), counts.tolist(), strict=True):
                found[rule] += number
        for counted in pool.map(_second_pass, zip(*parts, strict=True)):
            for rule, number in counted.items():
                found[rule] += number
    return found


# -- accounts ------------------------------------------------------------------------------------------------------------


def _accounts(file: Path) -> _Accounts:
    table = parquet.read_table(file)
    consumer, debt = _numbers(table.column("consumer_id")), _numbers(table.column("debt_id"))
    number = int(consumer.max()) + 1
    state, zone = np.zeros(number, np.uint8), np.zeros(number, np.uint8)
    cents, defaulted = np.zeros(number * MOST_DEBTS, np.int64), np.zeros(number * MOST_DEBTS, np.int32)
    place = debt // 10 * MOST_DEBTS + debt % 10 - 1
    state[consumer] = _codes(table.column("home_state"), LIVED_IN)
    zone[consumer] = _codes(table.column("time_zone"), ZONES)
    defaulted[place] = table.column("defaulted_at").cast(pa.int32()).to_numpy()
    # A decimal is a 128-bit number of cents; no debt needs the upper half.
    cents[place] = np.concatenate(
        [np.frombuffer(each.buffers()[1], np.int64)[::2][each.offset :][: len(each)] for each in table.column("amount").chunks]
    )
    return _Accounts(state, zone, cents, defaulted)


def _numbers(column: Any) -> Ints:
    """The numbers in ids of a letter and digits, eight digits at a time in one word."""
    return np.concatenate([_of_texts(each) for each in column.chunks])


def _of_texts(texts: Any) -> Ints:
    width = 1 + NUMBER_WIDTH
    start = int(np.frombuffer(texts.buffers()[1], np.int32)[texts.offset])
    word: Any = np.ndarray((len(texts),), "<u8", texts.buffers()[2], start + width - 8, (width,))
    word = (word & 0x0F0F0F0F0F0F0F0F) * 2561 >> 8
    word = (word & 0x00FF00FF00FF00FF) * 6553601 >> 16
    word = (word & 0x0000FFFF0000FFFF) * 42949672960001 >> 32
    numbers: Ints = word.astype(np.int64)
    return numbers


def _codes(column: Any, names: tuple[str, ...]) -> npt.NDArray[Any]:
    """The places of a column's texts among the declared names."""
    kind = np.uint8 if len(names) <= 256 else np.int16
    found = []
    for each in column.chunks:
        codes = each.indices.to_numpy()
        of = each.dictionary.to_pylist()
        if of == list(names[: len(of)]):
            found.append(codes.astype(kind))
        else:
            found.append(np.array([names.index(name) for name in of], kind)[codes])
    return found[0] if len(found) == 1 else np.concatenate(found)


# -- the local clock -------------------------------------------------------------------------------------------------------


@cache
def _steps() -> tuple[Ints, tuple[Ints, ...]]:
    """The instants about the log's year at which the offset of any zone changes, and from each on the offsets of all."""
    hours = [_FIRST_HOUR + each for each in range(_HOURS)]
    days = [hour for hour in hours[::24] if any(_offset(zone, hour) != _offset(zone, hour + 24) for zone in ZONES)]
    changes = [
        hour
        for day in days
        for hour in range(day + 1, day + 25)
        if any(_offset(zone, hour - 1) != _offset(zone, hour) for zone in ZONES)
    ]
    starts = [_FIRST_HOUR, *changes]
    offsets = tuple(np.array([_offset(zone, hour) for zone in ZONES], np.int64) for hour in starts)
    return np.array(starts, np.int64) * _HOUR, offsets


def _offset(zone: str, hour: int) -> int:
    """In microseconds, from an hour since 1970 on."""
    offset = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)).astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def _local(at: Ints, zone: Bytes) -> Ints:
    """Sorted instants by the clocks of their zones: few groups of rows see any clock change."""
    starts, offsets = _steps()
    cuts = np.append(np.searchsorted(at, starts), len(at))
    moved = at.copy()
    for step, (start, stop) in enumerate(pairwise(cuts.tolist())):
        moved[start:stop] += offsets[step][zone[start:stop]]
    return moved


# -- the first pass --------------------------------------------------------------------------------------------------------


def _first_pass(table: Any, accounts: _Accounts) -> tuple[Ints, list[_Rows]]:
    """How many rows break the quiet hours and each plain check; and the rows that count, a bucket of consumers each."""
    at: Ints = table.column("at").cast(pa.int64()).to_numpy()
    consumer, debt = _numbers(table.column("consumer_id")), _numbers(table.column("debt_ids")) % 10 - 1
    columns: dict[str, Any] = {name: _codes(table.column(name), names) for name, names in _NAMES.items()}
    for name in FLAGS:
        columns[name] = table.column(name).to_numpy()
    columns["state"] = accounts.state[consumer]
    account = consumer * MOST_DEBTS + debt
    local = _local(at, accounts.zone[consumer])
    day = local // _DAY
    clock = local - day * _DAY
    columns["minute"] = ((clock + (_MINUTE - 1)) // _MINUTE).astype(np.int16)
    columns["cents"] = accounts.cents[account]
    columns["age"] = (day - accounts.defaulted[account]).astype(np.int16)
    channel = columns["channel"]
    outbound = columns["direction"] == 0
    columns["outbound"] = outbound
    call = channel == 0
    flags = (
        outbound * np.uint8(_OUTBOUND)
        | call * np.uint8(_CALL)
        | (call & outbound & (columns["outcome"] != OUTCOMES.index("not_connected"))) * np.uint8(_COUNTS)
        | (call & (columns["outcome"] == 0)) * np.uint8(_TALK)
        | (outbound & (channel <= 1)) * np.uint8(_CALL_OR_TEXT)
        | (columns["state"] == LIVED_IN.index("MA")) * np.uint8(_MA)
        | (columns["state"] == LIVED_IN.index("WA")) * np.uint8(_WA)
    )
    counts = np.zeros(1 + len(CHECKS), np.int64)
    rings = outbound & ((channel <= 1) | (channel == CHANNELS.index("fax")))
    counts[0] = np.count_nonzero(rings & ((clock < 8 * _HOUR) | (clock > 21 * _HOUR)))
    for start in range(0, len(at), _CHUNK):
        chunk = _Chunk({name: values[start : start + _CHUNK] for name, values in columns.items()})
        for number, check in enumerate(CHECKS, 1):
            counts[number] += np.count_nonzero(chunk.breaks(check))
    about = (debt * len(ROLES) + columns["person_role"]).astype(np.uint8)
    return counts, _in_buckets(consumer, len(accounts.state), about, at, day, flags)


class _Chunk:
    """Rows few enough to stay in the cache, with every test that several checks share made once."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self._columns = columns
        self._tests: dict[tuple[object, ...], Bools] = {}

    def breaks(self, check: Check) -> Bools:
        tests: list[tuple[object, ...]] = []
        if check.flag:
            tests.append(check.flag)
        if check.channels:
            tests.append(("channel", *map(CHANNELS.index, check.channels)))
        if check.outbound:
            tests.append(("outbound", True))
        if check.states:
            tests.append(("state", *map(LIVED_IN.index, check.states)))
        if check.after is not None:
            tests.append(("minute", check.after))
        if check.templates:
            tests.append(("template", *check.templates))
        if check.role:
            tests.append(("person_role", ROLES.index(check.role)))
        if check.over is not None:
            tests.append(("cents", check.over * 100))
        if check.older is not None:
            tests.append(("age", check.older))
        found = self._test(tests[0])
        for each in tests[1:]:
            found = found & self._test(each)
        return found

    def _test(self, test: tuple[object, ...]) -> Bools:
        found = self._tests.get(test)
        if found is None:
            found = self._tests[test] = self._made(*test)
        return found

    def _made(self, name: object, *values: Any) -> Bools:
        column = self._columns[str(name)]
        found: Bools
        if name in ("minute", "cents", "age"):
            found = column > values[0]
        elif column.dtype == np.bool_:
            found = column if values[0] else ~column
        elif len(values) == 1:
            found = column == values[0]
        else:
            found = self._test((name, values[0]))
            for value in values[1:]:
                found = found | self._test((name, value))
        return found


def _in_buckets(consumer: Ints, consumers: int, about: Bytes, at: Ints, day: Ints, flags: Bytes) -> list[_Rows]:
    bucket = (consumer * _BUCKETS // consumers).astype(np.uint8)
    order = np.argsort(bucket, kind="stable")
    order = order[(flags[order] & (_OUTBOUND | _CALL)) != 0]
    cuts = np.searchsorted(bucket[order], np.arange(_BUCKETS + 1))
    whole = _Rows(consumer[order].astype(np.int32), about[order], at[order], day[order].astype(np.int16), flags[order])
    return [whole.part(slice(start, stop)) for start, stop in pairwise(cuts.tolist())]


# -- the second pass -------------------------------------------------------------------------------------------------------


def _second_pass(parts: tuple[_Rows, ...]) -> dict[str, int]:
    """How many rows of some consumers break the rules that count what came before."""
    consumer = np.concatenate([each.consumer for each in parts]).astype(np.int64)
    if not len(consumer):
        return {}
    about = np.concatenate([each.about for each in parts])
    at = np.concatenate([each.at for each in parts])
    day = np.concatenate([each.day for each in parts]).astype(np.int64)
    flags = np.concatenate([each.flags for each in parts])
    consumer -= consumer.min()
    person = consumer << 4 | about  # with a debt
    found = {}

    call = np.flatnonzero(flags & _CALL)
    call = call[_order(person[call])]
    key = person[call] << 16 | day[call]
    said = flags[call]
    found[SEVEN] = _beyond(key[(said & _COUNTS) != 0], 7, 6)
    talk = np.maximum.accumulate(np.where((said & _TALK) != 0, key, -(1 << 40)))
    found[CONVERSATION] = int(np.count_nonzero((key[1:] - talk[:-1] <= 6) & ((said[1:] & _OUTBOUND) != 0)))

    for rule, state in ((MA, _MA), (WA, _WA)):
        rows = np.flatnonzero((flags & (state | _CALL_OR_TEXT)) == (state | _CALL_OR_TEXT))
        debt = person[rows] >> 2
        order = _order(debt)
        rows, debt = rows[order], debt[order]
        if rule == MA:
            # Debts are far enough apart for the microseconds of a year between them.
            rank = np.cumsum(np.append(False, debt[1:] != debt[:-1]))
            found[rule] = _beyond(rank * (400 * _DAY) + at[rows], 2, 168 * _HOUR - 1)
        else:
            found[rule] = _beyond(debt << 16 | (day[rows] + 3) // 7, 3, 0)

    out = np.flatnonzero(flags & _OUTBOUND)
    out = out[_order(consumer[out])]
    found[SIXTY] = _beyond(consumer[out] << 16 | day[out], 30, 59)
    return found


def _order(keys: Ints) -> Ints:
    """The order of keys; equal ones keep theirs. Values are sorted, and not places, as processors do that fast."""
    bits = max(1, (len(keys) - 1).bit_length())
    mixed = keys << bits | np.arange(len(keys))
    mixed.sort()
    return mixed & ((1 << bits) - 1)


def _beyond(keys: Ints, limit: int, span: int) -> int:
    """How many of the sorted keys are more than `limit` after those of the span that ends with them."""
    return int(np.count_nonzero(keys[limit:] - keys[:-limit] <= span))
