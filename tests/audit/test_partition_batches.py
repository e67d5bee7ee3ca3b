"""Tables whose columns are of any type, read by columns: nothing is read otherwise than row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from agreement import both, some_shipped, written_as_arrow
from audit_world import account, guard, write
from pyarrow import parquet

from fdcpa_guard.auditing.partitions.batches import in_columns
from fdcpa_guard.auditing.partitions.kinds import ColumnBatch
from fdcpa_guard.auditing.partitions.splitting import TRUTHS_OF_COMMUNICATION
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.importers.arrow_cells import BatchTable
from fdcpa_guard.facts.importers.arrow_reading import ArrowTable
from fdcpa_guard.facts.importers.reading import open_log

ROWS = 6


def moments(step: int = 1) -> list[datetime]:
    return [datetime(2024, 3, 4, 16, tzinfo=UTC) + timedelta(hours=step * number) for number in range(ROWS)]


def table(rows: int = ROWS, **columns: Any) -> pa.Table:
    """Calls to one consumer, an hour apart; None takes a column away."""
    said: dict[str, Any] = {
        "id": [f"call-{number}" for number in range(rows)],
        "at": pa.array([moments()[0] + timedelta(hours=number) for number in range(rows)], pa.timestamp("us", "UTC")),
        "consumer_id": ["ann"] * rows,
        "channel": ["call"] * rows,
        "debt_ids": ["debt-ann"] * rows,
        "outcome": ["no_answer"] * rows,
        "address": ["+15125550100"] * rows,
        **columns,
    }
    return pa.table({name: column for name, column in said.items() if column is not None})


def events(**columns: Any) -> pa.Table:
    at = pa.array([moments()[0] - timedelta(days=60 + number) for number in range(4)], pa.timestamp("us", "UTC"))
    return pa.table({"consumer_id": ["ann"] * 4, "at": at, "type": ["medium_allowed"] * 4, **columns})


def broken(place: int, values: list[bytes], as_type: Any = None) -> Any:
    """Text of which one value is no UTF-8."""
    values = [b"\xffno" if number == place else value for number, value in enumerate(values)]
    return pa.array(values, pa.binary()).view(pa.string()) if as_type is None else pa.array(values, pa.large_binary()).view(as_type)


def coded(index: Any) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0, 2, 1], index), pa.array(["A", "B", None]))


CHANGES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "white space": {"agent": ["\u00a0Ada", "Ada", "Ada\u3000", "\u2003", "\x1cAda", "Ada\x0b"]},
    "white space about the consumer": {"consumer_id": ["ann\u00a0", "ann", "ann", "ann\u2003", "ann ", "ann"]},
    "debts that name none": {"debt_ids": ["|", " | ", "debt-ann", "a|b", "|a", ""], "channel": ["text"] * 6},
    "debts by their other name": {"debt_ids": None, "debts": ["debt-ann"] * 6},
    "debts by both names": {"debts": ["other", None, "", "debt-ann", "other", "|"]},
    "debts as lists": {"debt_ids": pa.array([["debt-ann"], ["a", "b"], [], None, ["a"], [" "]])},
    "a debt without a name": {"debt_ids": pa.array([["debt-ann"], [""], None, None, None, None])},
    "a person in one column": {"person": ['{"role":"third_party","id":"p1"}', None, "{}", "x", "null", '{"role":"spouse"}']},
    "a person in both": {"person": ['{"role":"third_party","id":"p1"}'] * 6, "person_id": ["p2"] * 3 + [None] * 3},
    "a person as a structure": {"person": pa.array([{"role": "third_party", "id": "p1"}] * 6)},
    "a person without an id": {"person_id": ["", "a", " ", "b", "a", None]},
    "a person with an id first": {"person_id": ["a", "", "a", " ", "a", None], "person_role": ["third_party"] * 6},
    "a code without a value": {"person_id": coded(pa.int32()), "agent": coded(pa.int8()), "outcome": coded(pa.int64())},
    "codes without a sign": {"agent": coded(pa.uint8()), "outcome": coded(pa.uint16()), "place": coded(pa.uint32())},
    "no text in an id": {"id": broken(2, [b"%d" % number for number in range(6)])},
    "no text in an agent": {"agent": broken(0, [b"A"] * 6, pa.large_string())},
    "no text in an address": {"address": broken(5, [b"+15125550100"] * 6)},
    "no text in a consumer": {"consumer_id": broken(3, [b"ann"] * 6)},
    "no text in an outcome": {"outcome": broken(3, [b"busy"] * 6)},
    "NUL": {"agent": ["a\x00b", "a", "a", "a", "a", "\x00"], "address": ["+15125550100\x00"] + ["x\x00y"] * 5},
    "numbers": {"id": list(range(6)), "agent": [1, 2, None, 3, -4, 5], "debt_ids": [7] * 6, "address": [5125550100] * 6},
    "decimals": {"id": pa.array(range(6)).cast(pa.decimal128(20, 0)), "agent": pa.array([1] * 6).cast(pa.decimal128(30, 2))},
    "fractions and truths": {"id": [1.0, 2.0, 3.0, 4.0, None, 6.0], "agent": [True, False, None, True, True, True]},
    "truths": {
        "recorded": [True, False, None, True, True, False], "public": pa.array([None, None, None, None, None, True]),
        "one_way": pa.nulls(6), "legally_required": [False] * 6, "limited_content": [True, None, False, True, None, None],
    },
    "truths in text": {
        "recorded": ["true", "No", " yes", "", None, "1"], "public": ["y", "maybe", "true", "0", "\x00", "f"],
        "emergency": coded(pa.int8()), "consent_request": pa.array(["TRUE", "false", "", None, "t", "n"]).dictionary_encode(),
    },
    "truths of other types": {
        "recorded": [1, 0, None, 2, 1, -1], "public": [1.0, 0.0, None, None, 1.0, 1.0], "emergency": pa.array([b"true"] * 6),
        "one_way": pa.array([True, False, None, True, None, False]).dictionary_encode(),
    },
    "templates": {"template": ["t1", " t1", "", None, "t2", "t\x00"], "purpose": ["validation_notice"] * 6},
    "views": {"agent": pa.array(["a", "b", None, "", " x", "y"], pa.string_view()), "outcome": pa.array(["busy"] * 6, pa.string_view())},
    "large texts": {"agent": pa.array(["a", "b", None, "", " x", "y"], pa.large_string())},
    "runs": {"agent": pa.RunEndEncodedArray.from_arrays(pa.array([3, 6], pa.int32()), pa.array(["a", None]))},
    "a column of nothing": {"agent": pa.nulls(6), "outcome": pa.nulls(6)},
    "bytes": {"agent": pa.array([b"a"] * 6), "id": pa.array([b"1", b"2", None, b"3", b"4", b"5"])},
    "an unknown column": {"mood": ["glad", "sad", None, "", "glad", "sad"]},
    "a column nearly known": {"person_rol": ["third_party", "", None, "consumer", "x", "y"]},
    "what a notice states": {"stated": ['{"creditor":"C"}', "null", "{}", '{"nothing":1}', "x", None]},
    "declared wordings": {"discloses": ["none", "[]", "opt_out_notice", "|", None, ""], "channel": ["text"] * 6},
    "bad values": {"outcome": ["zz", "busy", "no_answer", "yy", "", None], "channel": ["call", "call", "fon", None, "call", "call"]},
    "seconds": {"at": pa.array(moments(), pa.timestamp("s", "America/New_York"))},
    "milliseconds": {"at": pa.array(moments(), pa.timestamp("ms", "+05:00"))},
    "nanoseconds": {"at": pa.array([1709568000_123456789 + number for number in range(6)], pa.timestamp("ns", "UTC"))},
    "no zone": {"at": pa.array([each.replace(tzinfo=None) for each in moments()], pa.timestamp("us"))},
    "times in text": {"at": [each.isoformat() for each in moments()]},
    "far times": {"known_at": pa.array([0, 1 << 62, None, 1709568000, -5, 1 << 40], pa.timestamp("s", "UTC"))},
    "days": {"period_ends": pa.array([date(2024, 4, 1), None, date(9999, 1, 1), None, None, None]), "purpose": ["validation_notice"] * 6},
    "far days": {"period_ends": pa.array([5_000_000, None, -800_000, 19_800, None, None], pa.int32()).cast(pa.date32())},
    "days as milliseconds": {"period_ends": pa.array([date(2024, 4, 1), None, None, None, None, None], pa.date64())},
}  # fmt: skip


def beside(folder: Path) -> dict[str, Path]:
    return {"accounts": write(folder / "accounts.csv", [account("ann"), account("bob")])}


@pytest.fixture(params=["sample", "shipped"], scope="module")
def rules(request: pytest.FixtureRequest) -> Guard:
    return guard() if request.param == "sample" else some_shipped()


@pytest.mark.parametrize("change", CHANGES)
def test_a_table_is_read_as_its_rows_are(change: str, tmp_path: Path, rules: Guard) -> None:
    log = written_as_arrow(tmp_path / "log.arrow", table(**CHANGES[change]))
    both(tmp_path, [log], rules, beside(tmp_path))


@pytest.mark.parametrize(
    "columns",
    [
        {"debt_ids": ["|", "debt-ann", "", None]},
        {"debts": ["debt-ann", "other", "", None]},
        {"person_id": ["", "a", None, "b"]},
        {"writen": ["yes", "", None, "no"]},
        {"ends": pa.array([None, *moments()[:3]], pa.timestamp("us", "UTC")), "until": pa.array([*moments()[2:5], None], pa.timestamp("us", "UTC"))},
        {"address": ["5125550100", "+15125550100", "x", None], "given_in": ["call-1", " call-1", "", None]},
    ],
    ids=lambda columns: "+".join(columns),
)  # fmt: skip
def test_events_are_read_as_their_rows_are(columns: dict[str, Any], tmp_path: Path, rules: Guard) -> None:
    told = beside(tmp_path) | {"events": written_as_arrow(tmp_path / "events.arrow", events(**columns))}
    both(tmp_path, [written_as_arrow(tmp_path / "log.arrow", table())], rules, told)


def test_a_cause_that_is_told_often_is_told_of_every_row(tmp_path: Path) -> None:
    rows = 700
    outcomes = [f"zz{number % 160}" if number % 2 else "no_answer" for number in range(rows)]
    log = written_as_arrow(tmp_path / "log.arrow", table(rows, outcome=outcomes))
    told = both(tmp_path, [log], guard(), beside(tmp_path))
    assert b"250 more rows of this kind" in told["problems.jsonl"]


def test_rows_of_a_batch_are_taken_whatever_the_types(tmp_path: Path) -> None:
    said = table(agent=CHANGES["runs"]["agent"], place=pa.array(["home", None] * 3, pa.string_view()))
    opened: BatchTable = ArrowTable(written_as_arrow(tmp_path / "log.arrow", said))
    (batch,) = said.to_batches()
    taken = [dict(zip(said.column_names, cells, strict=True)) for cells in opened.taken(batch, [0, 5])]
    assert [(row["id"], row["agent"], row["place"]) for row in taken] == [("call-0", "a", "home"), ("call-5", None, None)]


def test_rows_that_differ_in_truths_and_templates_alone_are_of_one_kind(tmp_path: Path) -> None:
    """Each by itself they would all be left to the importer."""
    rows = 200
    flags = {name: [(place >> bit) % 2 == 0 for place in range(rows)] for bit, name in enumerate(TRUTHS_OF_COMMUNICATION[:7])}
    path = tmp_path / "log.parquet"
    parquet.write_table(table(rows, template=[f"t{place}" for place in range(rows)], **flags), path)
    reading = open_log([path])
    reading.in_columns = in_columns
    items = list(reading)
    (batch,) = (item for item in items if isinstance(item, ColumnBatch))
    assert len(batch) >= rows - 1
    assert len(batch.table["shape"].unify_dictionaries().combine_chunks().dictionary) == 1
