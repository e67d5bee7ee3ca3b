"""The accounts file read by columns: the same records, to the byte, and the same problems as row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pytest
from agreement import both, written_as_arrow
from audit_world import call, guard, write
from hypothesis import given, settings
from hypothesis import strategies as st

from fdcpa_guard.auditing.partitions.batches import in_columns
from fdcpa_guard.auditing.partitions.kinds import SCHEMAS, ColumnBatch, Kind
from fdcpa_guard.auditing.partitions.writing import Gathering
from fdcpa_guard.facts.importers.accounts import ACCOUNT_COLUMNS, NESTED_COLUMNS
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.in_memory import TableSource
from fdcpa_guard.facts.importers.problems import Counts, Problem
from fdcpa_guard.facts.importers.reading import LogOptions, open_one
from fdcpa_guard.facts.models import Address, Consumer, Debt, Email, Hours, Itemization, Model, Phone


class Gathered(Gathering):
    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[Any, ...]] = []

    def _table(self, kind: Kind, table: pa.Table) -> None:
        self.kept += [(kind, *row.values()) for row in table.select(SCHEMAS[kind].names).to_pylist()]


@dataclass
class Told:
    records: list[tuple[Any, ...]]
    problems: list[Problem]
    counts: Counts
    unknown: dict[str, tuple[str, ...]]
    items: int


def reading(table: pa.Table, options: LogOptions, *, by_columns: bool) -> tuple[Told, int]:
    """What is kept and told, and how many rows came in columns."""
    into = Gathered()
    read = open_one("accounts", TableSource("accounts", table), options, ())
    read.in_columns = in_columns if by_columns else None
    problems, batched = [], 0
    for item in read:
        into.put(item)
        if isinstance(item, ColumnBatch):
            batched += len(item)
        elif isinstance(item, Problem):
            problems.append(item)
    into.flush()
    return Told(sorted(into.kept), problems, read.counts, read.unknown_columns, into.items), batched


def same(table: pa.Table, options: LogOptions | None = None) -> int:
    """How many rows came in columns, of a table that is read alike both ways."""
    options = options or LogOptions()
    told, batched = reading(table, options, by_columns=True)
    row_by_row, none = reading(table, options, by_columns=False)
    assert not none
    assert told == row_by_row
    return batched


TEXTS: Final = (
    "Riverbend Clinic", "Zoë & Söhne", 'The "Good" Bank', "back\\slash", "tab\there", " spaced ", "\u2003wide\u00a0", "", " ",
    "a\x00b", "\x7f", "\u2028", "x" * 130, "7", "|", "a|b", "null", "en",
)  # fmt: skip
BY_PARSER: Final[dict[str, tuple[str, ...]]] = {
    "text": TEXTS,
    "date": ("2024-02-29", "2024-03-01", " 2024-03-01 ", "2024-13-01", "20240301", "1899-12-31", "2024-3-1", "0001-01-01"),
    "money": ("1200.00", "0.5", "3", "$1,200.00", "007.50", "-5.00", "-0.00", "1.234", "12.", "1e3", "0.00", " 4.20"),
    "true or false": ("true", "FALSE", "1", "maybe", " yes "),
    "number": ("+15125550100", "5125550100", "(512) 555-0100", "+4912345678", "12", "3550", "3550.0", "1e3", "5.12555E+09"),
    "e-mail address": ("pat@example.com", "Pat O'Hara@example.com", '"p"@example.com', "nobody", "a@" + "b" * 330, "é@example.com"),
    "state": ("TX", "tx", "Texas", " CA", "T1"),
    "ZIP code": ("78701", "78701-1234", "787011234", "7870", "ABCDE", "1"),
    "instant": ("2024-03-04T10:00:00Z", "2024-03-04T10:00:00+00:00", "2024-03-04T10:00:00.250-05:00", "2024-11-03T01:30:00"),
    "instant or date": (
        "2024-03-04", "2024-03-31", "2024-03-04T10:00:00-05:00", "2024-03-10T02:30:00", "1950-01-01T00:00:00Z", "soon",
        "2024-03-04T10:00:00-00:00", "2024-03-04T24:00:00Z", "1985-03-04T10:00:00Z",
    ),
    "list": ("a|b", "one", "|", " a | b ", '["a","b"]', "America/Chicago", "America/Chicago|America/Denver", "none", "monday|tuesday"),
    "JSON": ("[]", "{}", "null", "x", '[{"kind":"work","state":"TX"}]', '{"from":"8:00","to":"16:00"}', '{"amount":"5.00"}'),
}  # fmt: skip
COLUMNS: Final[dict[str, Column]] = {column.name: column for column in (*ACCOUNT_COLUMNS, *NESTED_COLUMNS)}
HELD: Final = {"working_from": ("08:00", "8 a.m.", "noonish"), "working_to": ("17:00", "5 p.m.")}


def values(column: Column) -> tuple[str, ...]:
    """What may stand in a column: what is meant to, and what is not."""
    if column.name in HELD:
        return HELD[column.name]
    named = (*column.names, *(name.upper().replace("_", " ") for name in column.names[:1]), "|".join(column.names[:2]))
    return (*(named if column.names else ()), *BY_PARSER.get(column.type, ()), *TEXTS[:2])


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    rows = draw(st.integers(1, 12))
    names = draw(st.lists(st.sampled_from(sorted(COLUMNS.keys() - {"consumer_id"})), unique=True, max_size=14))
    if draw(st.booleans()):
        names = [*dict.fromkeys(["debt_id", *names])]
    said: dict[str, Any] = {"consumer_id": [f"c{number // 2}" for number in range(rows)]}
    if draw(st.integers(0, 4)) == 0:
        said["consumer_id"] = draw(st.lists(st.sampled_from([*TEXTS, None]), min_size=rows, max_size=rows))
    for name in names:
        cells = st.one_of(st.none(), st.sampled_from(values(COLUMNS[name])))
        column = pa.array(draw(st.lists(cells, min_size=rows, max_size=rows)), pa.string())
        said[name] = column.dictionary_encode() if draw(st.booleans()) else column
    return pa.table(said)


@settings(deadline=None, max_examples=settings().max_examples // 2)
@given(tables(), st.sampled_from([None, "America/New_York"]))
def test_a_drawn_table_is_read_as_its_rows_are(table: pa.Table, zone: str | None) -> None:
    same(table, LogOptions(zone=zone, max_field=120))


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_every_column_is_read_as_its_cells_are(name: str) -> None:
    column = COLUMNS[name]
    cells: list[str | None] = [None, *values(column), None]
    beside: dict[str, Any] = {"consumer_id": "c", "debt_id": "d"}
    for stem in ("phone", "email"):
        if name.startswith(stem) and name[len(stem) : len(stem) + 1].isdigit():
            beside[name[: len(stem) + 1]] = "+15125550100" if stem == "phone" else "pat@example.com"
    said = {key: [value] * len(cells) for key, value in beside.items()} | {name: cells}
    batched = same(pa.table(said), LogOptions(zone="America/Chicago"))
    assert batched or name in {each.name for each in NESTED_COLUMNS} | {"phones", "emails"}
    same(pa.table({key: pa.array(each, pa.string()).dictionary_encode() for key, each in said.items()}))


ROWS: Final = 6
MOMENTS: Final = [
    datetime(2024, 11, 3, 5, 30, tzinfo=UTC),
    datetime(2024, 11, 3, 6, 30, tzinfo=UTC),
    None,
    *[datetime(2024, 3, 4, tzinfo=UTC)] * 3,
]


def account(**columns: Any) -> pa.Table:
    said: dict[str, Any] = {
        "consumer_id": [f"c{number // 2}" for number in range(ROWS)],
        "debt_id": [f"d{number}" for number in range(ROWS)],
        "creditor": ["Riverbend Clinic"] * ROWS,
        "home_state": ["TX"] * ROWS,
        "phone1": ["+15125550100"] * ROWS,
        **columns,
    }
    return pa.table({name: column for name, column in said.items() if column is not None})


def coded(*values: str | None) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0, 1, 0], pa.int8()), pa.array(values))


TYPES: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "days": {"placed_at": pa.array([date(2024, 4, 1), None, date(9999, 12, 31), date(1, 1, 1), date(2024, 2, 29), None])},
    "far days": {"placed_at": pa.array([5_000_000, None, -800_000, 19_800, None, None], pa.int32()).cast(pa.date32())},
    "days as milliseconds": {"placed_at": pa.array([date(2024, 4, 1), None, None, None, None, None], pa.date64())},
    "moments for days": {"placed_at": pa.array(MOMENTS, pa.timestamp("us", "UTC"))},
    "days for moments": {"deceased_at": pa.array([date(2024, 4, 1)] + [None] * 5), "home_known_at": pa.array([date(2024, 4, 1)] + [None] * 5)},
    "moments": {"deceased_at": pa.array(MOMENTS, pa.timestamp("us", "UTC")), "home_known_at": pa.array(MOMENTS, pa.timestamp("ms", "+05:00"))},
    "moments of a clock that is put back": {"phone1_basis_at": pa.array(MOMENTS, pa.timestamp("us", "America/New_York"))},
    "moments that are fine": {"deceased_at": pa.array([1709568000_123456789 + number for number in range(6)], pa.timestamp("ns", "UTC"))},
    "moments without a zone": {"deceased_at": pa.array([each and each.replace(tzinfo=None) for each in MOMENTS], pa.timestamp("us"))},
    "decimals": {"amount": pa.array([Decimal("-0.05"), Decimal("0.00"), None, Decimal("12345678901.20"), Decimal("5.00"), None], pa.decimal128(20, 2))},
    "other decimals": {"amount": pa.array([Decimal(5), Decimal(0), None, Decimal(-7), None, None], pa.decimal128(12, 0)),
                       "total_with_lender": pa.array([Decimal("5.5000"), None, None, Decimal("0.0001"), None, None], pa.decimal128(12, 4))},
    "wide decimals": {"amount": pa.array([Decimal("5.50")] * 6, pa.decimal256(50, 2))},
    "whole numbers": {"consumer_id": list(range(6)), "debt_id": pa.array(range(6), pa.uint64()), "creditor": [1, None, -3, 4, 5, 6],
                      "phone1": [5125550100] * 6, "amount": [5, 0, -5, None, 7, 8], "home_zip": [78701, 7870, None, 1, 2, 3]},
    "large whole numbers": {"annual_rate_basis_points": [1 << 53, (1 << 53) + 1, None, -(1 << 60), 0, 7]},
    "whole numbers without a sign": {"annual_rate_basis_points": pa.array([1, 2, 3, None, 5, (1 << 64) - 1], pa.uint64())},
    "fractions": {"amount": [0.0, -0.0, 5.5, None, float("nan"), 10.1], "annual_rate_basis_points": [3.0, None, 2.5, 1.0, 0.0, -0.0]},
    "truths": {"minor": [True, False, None, True, True, False], "creditor": [True, None, False, None, None, None], "amount": [True] + [None] * 5},
    "texts for truths": {"minor": ["true", "false", None, "x", "1", ""]},
    "bytes": {"creditor": pa.array([b"a"] * 6), "debt_id": pa.array([b"1", b"2", None, b"3", b"4", b"5"])},
    "lists": {"phone1_given_for": pa.array([["d0"], ["a", "b"], [], None, ["a"], [" "]]), "creditor": pa.array([["a"]] + [None] * 5)},
    "structures": {"itemization": pa.array([{"amount": "5.00"}, None, None, None, None, None])},
    "runs": {"creditor": pa.RunEndEncodedArray.from_arrays(pa.array([3, 6], pa.int32()), pa.array(["a", None]))},
    "runs of a structure": {"phones": pa.RunEndEncodedArray.from_arrays(pa.array([3, 6], pa.int32()), pa.array(["5125550101", None]))},
    "views": {"creditor": pa.array(["a", "b", None, "", " x", "y"], pa.string_view()), "debt_id": pa.array(["d", None] * 3, pa.string_view())},
    "large texts": {"creditor": pa.array(["a", "b", None, "", " x", 'y"'], pa.large_string()), "consumer_id": pa.array(["a"] * 6, pa.large_string())},
    "codes of large texts": {"creditor": coded("a", 'b"').cast(pa.dictionary(pa.int8(), pa.large_string()))},
    "a code without a value": {"creditor": coded("A", None), "home_state": coded(None, "TX"), "consumer_id": coded("a", None), "status": coded("open", None)},
    "codes that nobody uses": {"creditor": coded("A", "B", " C"), "home_state": coded("TX", "CA", "Texas")},
    "codes of days": {"placed_at": pa.array([date(2024, 4, 1), None] * 3).dictionary_encode(), "amount": pa.array([Decimal("1.50"), None] * 3, pa.decimal128(9, 2)).dictionary_encode()},
    "no text": {"creditor": pa.array([b"\xffno", b"a", None, b"b", b"c", b"d"], pa.binary()).view(pa.string())},
    "no text in a consumer": {"consumer_id": pa.array([b"a", b"a", b"\xff", b"b", b"c", b"d"], pa.binary()).view(pa.string())},
    "no text in what is not read": {"mood": pa.array([b"\xffno", b"a", None, b"b", b"c", b"d"], pa.binary()).view(pa.string())},
    "nothing": {"creditor": pa.nulls(6), "debt_id": pa.nulls(6), "phone1": pa.nulls(6)},
    "no debts": {"debt_id": None, "amount": ["x"] * 6, "itemization_amount": ["5.00"] * 6},
    "no consumer": {"consumer_id": pa.nulls(6)},
    "consumers with signs": {"consumer_id": ['a"b', "a\\b", "é", " a", "a\nb", ""]},
    "a uuid": {"debt_id": pa.array([bytes([number] * 16) for number in range(6)], pa.uuid())},
    "JSON text": {"creditor": pa.array(["a", "b", None, '"', "c", ""]).cast(pa.json_())},
    "unknown columns": {"mood": ["glad", "sad", None, "", "glad", "sad"], "home_stat": ["TX", None, "", "x", "CA", "CA"], "": ["x"] * 6},
    "one column under two names": {"Creditor": ["Other"] * 6},
    "parts without their number": {"phone1": None, "phone1_line": ["mobile", "x", None, "", "mobile", None], "email1_place": ["home"] * 6},
    "a state that is none": {"home_state": ["Texas", "TX", None, "", "T", "tx"], "mailing_zip": ["7870", None, "78701", "", "x", "787011234"]},
}  # fmt: skip


@pytest.mark.parametrize("change", TYPES)
def test_columns_of_any_type_are_read_as_their_rows_are(change: str) -> None:
    table = account(**TYPES[change])
    batched = same(table)
    same(table, LogOptions(zone="America/New_York"))
    assert batched == 5 or change != "plain"


def test_a_column_of_many_odd_values_is_left_to_the_rows() -> None:
    rows = 1200
    creditors = [f'The "{number}" Bank' for number in range(rows)]
    table = pa.table({"consumer_id": [f"c{number}" for number in range(rows)], "creditor": creditors})
    assert same(table) == 0
    assert same(table.slice(0, 400)) == 399


def test_a_cause_that_is_told_often_is_told_of_every_row() -> None:
    rows = 500
    states = ["Texas" if number % 2 else "TX" for number in range(rows)]
    told = pa.table(
        {"consumer_id": [f"c{number}" for number in range(rows)], "debt_id": ["d"] * rows, "home_state": states}
    )
    assert same(told) == rows // 2 - 1


def test_no_model_looks_at_several_fields_together() -> None:
    models: list[type[Model]] = [Address, Consumer, Debt, Email, Hours, Itemization, Phone]
    assert not any(model.__pydantic_decorators__.model_validators for model in models)


def test_an_audit_of_it_writes_the_same(tmp_path: Path) -> None:
    told = account(
        consumer_id=["ann", "ann", "bob", "bob", "eve", "ann"],
        debt_id=["debt-ann", "debt-2", "debt-bob", "debt-bob", "", "debt-ann"],
        creditor=["A", "B", 'The "C"', "C", "D", "E"],
        language=["en", "es", "en", " en", "", "en"],
        home_state=["TX", "Texas", "MT", "MT", "CA", "TX"],
        amount=pa.array(
            [Decimal("5.00"), None, Decimal("7.00"), Decimal("8.00"), None, Decimal("5.00")], pa.decimal128(9, 2)
        ),
    )
    log = write(
        tmp_path / "log.csv",
        [call("ann" if number % 2 else "bob", number, f"2024-03-0{number}T10:00:00-06:00") for number in range(1, 9)],
    )
    written = both(tmp_path, [log], guard(), {"accounts": written_as_arrow(tmp_path / "accounts.arrow", told)})
    assert b"accounts" in written["problems.jsonl"]
