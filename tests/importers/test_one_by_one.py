"""The files of a log, each read by itself with what is to be said of it beside the others, give what all of them give."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from fdcpa_guard.facts.importers.problems import Problem, ProblemKind
from fdcpa_guard.facts.importers.reading import open_log, open_one

ROWS = {
    "id": ["a-1", "a-2"],
    "at": ["2026-03-02T10:00:00-06:00", "2026-03-03T10:00:00-06:00"],
    "consumer_id": ["ann", "bob"],
    "channel": ["call", "by post"],
    "direction": ["outbound", "outbound"],
    "outcome": ["no_answer", "no_answer"],
}


def log_of_several_forms(folder: Path) -> Path:
    """Files of which one lacks a column, one has another type in one, and one is of JSON."""
    log = folder / "log"
    log.mkdir()
    parquet.write_table(pa.table(ROWS), log / "1.parquet")
    parquet.write_table(pa.table({**ROWS, "id": [1, 2], "agent": ["Ada", None]}), log / "2.parquet")
    lacking = [name for name in ROWS if name != "outcome"]
    lines = [",".join(lacking), *(",".join(ROWS[name][row] for name in lacking) for row in range(2))]
    (log / "3.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (log / "4.jsonl").write_text('{"consumer_id": "ann", "at": "2026-03-04T10:00:00-06:00", "channel": "text"}\n{\n', encoding="utf-8")
    (log / "5.csv").write_text("", encoding="utf-8")
    return log


def test_each_file_by_itself_gives_what_all_of_them_give(tmp_path: Path) -> None:
    log = log_of_several_forms(tmp_path)
    whole, apart = open_log([log]), open_log([log])
    expected = list(whole)
    items = []
    for source, notes in apart.one_by_one():
        reading = open_one("log", source, apart.options, notes)
        items += list(reading)
        apart.take_over(reading)
    assert items == expected
    assert (apart.formats, apart.unknown_columns) == (whole.formats, whole.unknown_columns)
    assert apart.counts_by_file == whole.counts_by_file
    said = [each.message for each in expected if isinstance(each, Problem) and each.kind is ProblemKind.MISSING_FIELD]
    assert any("the column is missing here" in message for message in said), said
