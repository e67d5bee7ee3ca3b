"""CSV and JSON lines that are read by columns give what their rows give, one by one."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fdcpa_guard.auditing.partitions.batches import in_columns
from fdcpa_guard.auditing.partitions.chunks import PartitionReader
from fdcpa_guard.auditing.partitions.kinds import ColumnBatch, Kind
from fdcpa_guard.auditing.partitions.times import days_in, instants_in
from fdcpa_guard.auditing.partitions.writing import PartitionWriter
from fdcpa_guard.facts.importers import gathering
from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.facts.importers.reading import (
    LogOptions,
    LogReading,
    open_accounts,
    open_actions,
    open_events,
    open_log,
)
from fdcpa_guard.values import instant_of

CLEAN: dict[str, Sequence[str]] = {
    "id": ["c1", "c2", ""],
    "at": ["2024-03-04T10:00:00-06:00", "2024-03-04 10:00:00Z", "2024-03-04T10:00:00.250000+05:30"],
    "consumer_id": ["ann", "bob"],
    "channel": ["call", "text", ""],
    "address": ["+15125550100", "pat@example.com", ""],
    "debt_ids": ["d1", "d1|d2", ""],
    "outcome": ["no_answer", "conversation", ""],
    "person_role": ["", "spouse"],
    "person_id": ["", "p1"],
    "period_ends": ["", "2024-04-20"],
    "recorded": ["", "yes", "false"],
    "stated": ["", '{"current_amount":"10.00"}'],
}
DIRTY: dict[str, Sequence[str]] = {
    "id": [" c1", "c\u00a0", "é", 'say "no"', "a,b", "\ufeff"],
    "at": ["", "2024-03-04T10:00:00", "2024-02-30T10:00:00Z", "2024-03-04", "03/04/2024 10:00", "2024-03-04T24:00:00Z", "20240304T100000Z",
           "2024-03-04T10:00:00-0600", "1969-03-04T10:00:00Z", "2024-03-04T10:00:60Z", "2024-03-04T10:00:00+24:00", "2024-11-03T01:30:00"],
    "consumer_id": ["", "ann ", "Zoë", "\t"],
    "channel": ["fon", "Call", " "],
    "address": ["5125550100", "(512) 555-0100", "555", "1 Elm St; Waco"],
    "debt_ids": ["|", "d1||d2", " d1 ", "d 1", '["d1"]'],
    "outcome": ["zz", "No Answer"],
    "person_role": ["zz"],
    "person_id": [" "],
    "period_ends": ["2024-02-30", "2024-W01-1", "04/20/2024", " 2024-04-20"],
    "recorded": ["perhaps", " y"],
    "stated": ["{}", "x", '{"current_amount": "1"}', "[]"],
    "agnt": ["Ada"],
    "person": ['{"role":"spouse"}', "x", "{}"],
    "known_at": ["2024-03-05T10:00:00Z", "soon"],
    "debts": ["d3", ""],
}  # fmt: skip
DAMAGE = [
    "",
    "",
    "",
    '"',
    '"a',
    "\x00",
    "\r",
    "x\n",
    ",,",
    "sep=;\n",
    "\n\n",
    " \n",
    "?," * 30 + "\n",
    'a"b',
    "\udcff",
    "\udc80\udcff",
    "\u2028",
]


Cells = dict[str, Sequence[str]]


@st.composite
def rows(draw: st.DrawFn, first: tuple[str, ...], plain: Cells, odd: Cells) -> tuple[list[str], list[list[str]]]:
    names = [*first, *draw(st.permutations([*plain, *odd]))[: draw(st.integers(3, 12))]]
    names = list(dict.fromkeys(names))
    dirt = draw(st.sampled_from([0, 1, 6]))

    def cell(name: str) -> str:
        clean = draw(st.integers(0, 9)) >= dirt and name in plain
        return draw(st.sampled_from(plain[name] if clean else odd[name]))

    return names, [[cell(name) for name in names] for _ in range(draw(st.integers(1, 30)))]


LOGS = rows(("at", "consumer_id"), CLEAN, DIRTY)
ACTIONS = rows(
    ("consumer_id", "at", "type"),
    {
        "consumer_id": ["ann", "bob"], "at": CLEAN["at"], "type": ["apply_payment", "deposit_payment", "sue"], "id": ["a1", "a2", ""],
        "debt_ids": ["d1", "d1|d2", ""], "amount": ["10.00", "0.50", ""], "directed_to": ["d1", ""], "medium": ["card", ""],
        "accepted_on": ["2024-03-04", ""], "recurring": ["yes", "false", ""], "seeks_default_judgment": ["", "true"],
    },
    {
        "consumer_id": ["", "ann "], "at": DIRTY["at"], "type": ["zz", "Sue", ""], "id": [" a1", "a,1"], "debt_ids": DIRTY["debt_ids"],
        "amount": ["$10.00", "1,200.00", "1.005", "x", "-3.10", "007.00", "5"], "directed_to": [" d1"], "medium": ["zz"],
        "accepted_on": ["2024-02-30", "soon", " 2024-03-04"], "recurring": ["perhaps"], "seeks_default_judgment": ["x"],
        "known_at": ["2024-03-05T10:00:00Z", "soon"], "debts": ["d3"], "notice_sent_on": ["2024-03-05", "x"],
    },
)  # fmt: skip
ACCOUNTS = rows(
    ("consumer_id", "debt_id"),
    {
        "consumer_id": ["ann", "bob"], "debt_id": ["d1", "d2", ""], "debt_kind": ["credit_card", ""], "amount": ["10.00", "$1,200.50"],
        "placed_at": ["2024-01-02", ""], "home_state": ["TX", ""], "home_zip": ["78701", "01234"], "phone1": ["+15125550100", ""],
        "phone1_place": ["home", ""], "email1": ["pat@example.com", ""], "servicemember": ["yes", "false", ""],
        "itemization_date": ["2024-01-02", ""], "language": ["en", ""], "phone1_checked_at": ["2024-01-02", ""],
    },
    {
        "consumer_id": ["", " ann", "Zoë"], "debt_id": [" d1", 'd"1', "d,1"], "debt_kind": ["zz", "Credit Card"],
        "amount": ["1.005", "x", "-1"], "placed_at": ["2024-02-30", "2024-01-02T10:00:00Z"], "home_state": ["Texas", "zz"],
        "home_zip": ["78701-1234", "7"], "phone1": ["(512) 555-0100", "555", "x"], "phone1_place": ["zz"], "email1": ["x", "PAT@example.com "],
        "servicemember": ["perhaps"], "itemization_date": ["soon"], "language": [" en"], "phone1_checked_at": ["2024-01-02T10:00:00-06:00", "x"],
        "debt_knd": ["medical"], "phone2": ["5125550101"], "cease": ["yes"],
    },
)  # fmt: skip


@st.composite
def csv_files(draw: st.DrawFn, tables: st.SearchStrategy[tuple[list[str], list[list[str]]]]) -> bytes:
    names, lines = draw(tables)
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=draw(st.sampled_from(",,,;\t|")), lineterminator=draw(st.sampled_from(["\n", "\n", "\r\n", "\r"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )  # fmt: skip
    if draw(st.integers(0, 9)) == 0:
        names[-1] = names[draw(st.integers(0, len(names) - 1))]
    writer.writerows([names, *lines])
    said = text.getvalue()
    for _ in range(draw(st.sampled_from([0, 0, 1, 3]))):
        place = draw(st.integers(0, len(said)))
        said = said[:place] + draw(st.sampled_from(DAMAGE)) + said[place:]
    if draw(st.integers(0, 4)) == 0:
        said = said[: draw(st.integers(len(said) // 2, len(said)))]
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16"]))
    return said.encode(encoding, "surrogateescape" if encoding.startswith("utf-8") else "replace")


@st.composite
def json_files(draw: st.DrawFn) -> bytes:
    names, lines = draw(LOGS)

    def value(cell: str) -> object:
        other = draw(st.integers(0, 19))
        others: list[object] = [None, True, 7, 1 << 70, 1.5, [cell], {"a": cell}]
        return others[other] if other < len(others) else cell

    said = []
    for cells in lines:
        record: dict[str, object] = dict(zip(names, map(value, cells), strict=True))
        for name in draw(st.sets(st.sampled_from(names), max_size=draw(st.sampled_from([0, 2])))):
            record[name.upper() if draw(st.booleans()) else f"{name} "] = record.pop(name, "")
        said.append(json.dumps(record, ensure_ascii=draw(st.booleans())))
    for place in draw(st.sets(st.integers(0, len(said) - 1), max_size=2)):
        said[place] = draw(
            st.sampled_from(["{", "[]", "3", "", said[place] + said[place], '{"id":"\\ud800"}', '{"at":"\x00"}'])
        )
    return "\n".join(said).encode("utf-8", "surrogateescape")


def read(folder: Path, reading: LogReading, *, columns: bool) -> tuple[Any, ...]:
    """All that a reading leaves: the records of each kind in order, the problems, the counts."""
    folder.mkdir()
    writer = PartitionWriter(folder, 1)
    reading.in_columns = in_columns if columns else None
    problems: list[Problem] = []
    batched = 0
    for item in reading:
        writer.put(item)
        if isinstance(item, ColumnBatch):
            batched += len(item)
        if isinstance(item, Problem):
            problems.append(item)
    writer.finish()
    found = PartitionReader(folder)
    tables = [_plain(found._table(kind, 0)) for kind in Kind]
    counts = {Path(file).name: each for file, each in reading.counts_by_file.items()}
    told = (
        tables,
        problems,
        counts,
        list(reading.unknown_columns.values()),
        writer.span,
        writer.items,
        writer.attributed_lost_rows,
    )
    return batched, told


def _plain(table: pa.Table) -> list[dict[str, Any]]:
    columns = {
        name: column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    plain = pa.table(columns)
    return (
        plain.take(pc.sort_indices(plain, [("file", "ascending"), ("row", "ascending")])).to_pylist()
        if len(plain)
        else []
    )


def same(folder: Path, name: str, content: bytes, opened: Any, **options: Any) -> int:
    """How many rows were read by columns."""
    path = folder / name
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "ROWS_AT_ONCE", 7)
        patch.setattr(gathering, "_FEWEST", 1)
        batched, by_columns = read(folder / "columns", opened(path, LogOptions(**options)), columns=True)
    none, one_by_one = read(folder / "rows", opened(path, LogOptions(**options)), columns=False)
    assert none == 0
    for found, expected in zip(by_columns, one_by_one, strict=True):
        assert found == expected
    return int(batched)


def _log(path: Path, options: LogOptions) -> LogReading:
    return open_log([path], options)


FROM = {"format": "canonical", "max_field": 60}


@settings(max_examples=settings().max_examples // 5)
@given(content=csv_files(LOGS), zone=st.sampled_from([None, "America/Chicago"]))
def test_csv(content: bytes, zone: str | None, tmp_path_factory: pytest.TempPathFactory) -> None:
    _same_or_refused(tmp_path_factory.mktemp("csv"), "log.csv", content, _log, zone=zone, **FROM)


@settings(max_examples=settings().max_examples // 8)
@given(content=csv_files(ACCOUNTS))
def test_csv_of_accounts(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    _same_or_refused(tmp_path_factory.mktemp("accounts"), "accounts.csv", content, open_accounts, max_field=60)


@settings(max_examples=settings().max_examples // 8)
@given(content=csv_files(ACTIONS))
def test_csv_of_actions(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    _same_or_refused(tmp_path_factory.mktemp("actions"), "actions.csv", content, open_actions, max_field=60)


@settings(max_examples=settings().max_examples // 5)
@given(content=json_files(), zone=st.sampled_from([None, "America/Chicago"]))
def test_json_lines(content: bytes, zone: str | None, tmp_path_factory: pytest.TempPathFactory) -> None:
    _same_or_refused(tmp_path_factory.mktemp("json"), "log.jsonl", content, _log, zone=zone, **FROM)


def _same_or_refused(folder: Path, name: str, content: bytes, opened: Any, **options: Any) -> None:
    """A file that cannot be read at all cannot be read either way."""
    path = folder / name
    path.write_bytes(content)
    try:
        list(opened(path, LogOptions(**options)))
    except Exception as error:
        with pytest.raises(type(error)):
            same(folder, name, content, opened, **options)
        return
    same(folder, name, content, opened, **options)


LINE = "c{0},2024-03-04T10:{0:02d}:00-06:00,ann,call,+15125550100,D{0}|D1,no_answer,2024-04-20,\n"
HEADER = "id,at,consumer_id,channel,address,debt_ids,outcome,period_ends,agent\n"


def test_plain_lines_are_read_by_columns(tmp_path: Path) -> None:
    content = HEADER + "".join(map(LINE.format, range(40)))
    assert same(tmp_path, "log.csv", content.encode(), _log) == 39


def test_lines_with_quotes_are_too(tmp_path: Path) -> None:
    content = HEADER + "".join(LINE.format(number).replace(",ann,", ',"an""n",') for number in range(40))
    assert same(tmp_path, "log.csv", content.encode(), _log) == 39


def test_events_in_text(tmp_path: Path) -> None:
    lines = [f"ann,2024-03-04T10:{number:02d}:00Z,medium_refused,text,d1,yes" for number in range(40)]
    lines[7:7] = ["ann,2024-03-04,medium_refused,text,d1,yes", "ann"]
    content = "\n".join(["consumer_id,at,type,channel,debt_ids,written", *lines])
    assert same(tmp_path, "events.csv", content.encode(), open_events) > 30


def test_json_lines_are_read_by_columns_whatever_columns_each_has(tmp_path: Path) -> None:
    records = [
        {
            "id": f"c{number}",
            "at": "2024-03-04T10:00:00Z",
            "consumer_id": "ann",
            **({"recorded": True} if number % 3 else {"agent": "Ada"}),
        }
        for number in range(40)
    ]
    assert same(tmp_path, "log.jsonl", "\n".join(map(json.dumps, records)).encode(), _log) == 38


FORMS = st.from_regex(
    r"\A(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.([0-9]{3}|[0-9]{6,7}))?(Z|[+-][0-2][0-9]:[0-5][0-9]))?\Z"
)


@given(
    st.lists(st.none() | FORMS | st.sampled_from(["", "2024-02-29", "x"]), min_size=1, max_size=8), st.integers(0, 1)
)
def test_times_in_text_are_those_that_they_say(values: list[str | None], before: int) -> None:
    column = pa.array([*["x"] * before, *values], pa.string()).slice(before)
    for (numbers, told), parse in ((instants_in(column), _instant), (days_in(column), _day)):
        expected = [None if value is None else parse(value) for value in values]
        assert [
            number if fine else None for number, fine in zip(numbers.tolist(), told.tolist(), strict=True)
        ] == expected


def _instant(value: str) -> int | None:
    try:
        return instant_of(datetime.fromisoformat(value)) if len(value) > 10 else None
    except ValueError:
        return None


def _day(value: str) -> int | None:
    try:
        return datetime.fromisoformat(value).toordinal() if len(value) == 10 else None
    except ValueError:
        return None
