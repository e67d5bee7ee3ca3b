"""What a name stands for: files, folders, patterns, folders named after a value; and files of one log that differ in form."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import LogOptions, open_accounts, open_log
from fdcpa_guard.facts.importers.sources import sources_of

from .conftest import DATA, HEADER, ROW, read_all

AT = datetime(2022, 4, 6, 15, 0, tzinfo=UTC)


def files(folder: Path, *names: str, content: str = f"{HEADER}\n{ROW}\n") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def names(folder: Path, *asked: str) -> list[str]:
    return [Path(str(source)).relative_to(folder).as_posix() for source in sources_of([str(folder / each) for each in asked])]


# --- patterns -------------------------------------------------------------------------------------------------------------


def test_a_pattern_stands_for_what_it_matches_in_order(tmp_path):
    files(tmp_path, "b/2025-02.csv", "a/2025-03.csv", "a/2025-01.csv", "a/2024-12.csv", "a/deep/2025-04.csv", "top.csv")
    assert names(tmp_path, "*/2025-*.csv") == ["a/2025-01.csv", "a/2025-03.csv", "b/2025-02.csv"]
    assert names(tmp_path, "a/2025-0[13].csv") == ["a/2025-01.csv", "a/2025-03.csv"]
    assert names(tmp_path, "a/**/*.csv") == ["a/2024-12.csv", "a/2025-01.csv", "a/2025-03.csv", "a/deep/2025-04.csv"]
    assert names(tmp_path, "?/deep") == ["a/deep/2025-04.csv"], "a folder that matches stands for its files"


def test_two_stars_at_the_end_are_the_folder(tmp_path):
    files(tmp_path, "logs/a.csv", "logs/in/b.arrow", "logs/in/README.md", "logs/in/.c.csv", "logs/d.csv.zst")
    assert names(tmp_path, "logs/**") == names(tmp_path, "logs") == ["logs/a.csv", "logs/d.csv.zst", "logs/in/b.arrow"]


def test_a_file_whose_name_has_the_signs_of_a_pattern_is_that_file(tmp_path):
    files(tmp_path, "calls[1].csv", "calls1.csv")
    assert names(tmp_path, "calls[1].csv") == ["calls[1].csv"]


@pytest.mark.parametrize("pattern", ["*.parquet", "**/2031-*", "empty/**"])
def test_a_pattern_that_matches_nothing_is_an_error(tmp_path, pattern):
    files(tmp_path, "a.csv", "empty/notes.md")
    with pytest.raises(FactsError, match="no file matches the pattern"):
        open_log([str(tmp_path / pattern)])


def test_a_path_that_is_no_pattern_and_not_there_is_an_error(tmp_path):
    with pytest.raises(FactsError, match="there is no such file"):
        open_log([tmp_path / "a.csv"])


def test_accounts_are_one_file(tmp_path):
    files(tmp_path, "a1.csv", "a2.csv", content="consumer_id,debt_id\nc1,d1\n")
    assert len(read_all(open_accounts(str(tmp_path / "a[1].csv"))).accounts) == 1
    with pytest.raises(FactsError, match="2 files match the pattern, expected one file"):
        open_accounts(str(tmp_path / "a*.csv"))
    with pytest.raises(FactsError, match="this is a folder"):
        open_accounts(tmp_path)


def test_a_file_named_twice_is_read_once_and_that_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files(tmp_path, "logs/a.csv", "logs/b.csv", content=f"{HEADER}\n{ROW.replace('h1', '')}\n")
    (tmp_path / "logs" / "link.csv").symlink_to(tmp_path / "logs" / "b.csv")
    got = read_all(open_log(["logs/a.csv", Path("logs"), "logs/*.csv", str(tmp_path / "logs" / "a.csv")]))
    assert len(got.rows) == 2
    told = [problem for problem in got.problems if "named more than once" in problem.message]
    assert [problem.file for problem in told] == ["logs/a.csv", "logs/b.csv"]


# --- folders that are named after a value ---------------------------------------------------------------------------------


def test_folders_give_the_columns_that_a_file_lacks(tmp_path):
    head, row = "id,at,consumer_id,outcome", "2022-04-06T10:00:00-05:00,c1,no_answer"
    files(tmp_path, "channel=call/month=2022-04/part-0.csv", content=f"{head}\nh1,{row}\n")
    files(tmp_path, "channel=text/agent=Ren%20%26%20Co/part-0.csv", content=f"{head}\nh2,{row}\n")
    files(tmp_path, "channel=__HIVE_DEFAULT_PARTITION__/part-0.csv", content=f"{head}\nh3,{row}\n")
    got = read_all(open_log([tmp_path], LogOptions(format="canonical")))
    said = {row.id: (row.communication.channel, row.communication.agent) for row in got.rows}
    assert said == {"h1": ("call", None), "h2": ("text", "Ren & Co"), "h3": (None, None)}
    unknown = [problem for problem in got.problems if problem.kind == "unknown_column"]
    assert [problem.column for problem in unknown] == ["month"]


def test_what_a_file_says_itself_stands_over_its_folder(tmp_path):
    files(tmp_path, "channel=text/part.csv")
    files(tmp_path, "channel=email/part.jsonl", content='{"at": "2022-04-06T10:00:00Z", "consumer_id": "c1", "channel": "call"}\n'
          '{"at": "2022-04-06T10:00:00Z", "consumer_id": "c1"}\n')  # fmt: skip
    got = read_all(open_log([tmp_path], LogOptions(format="canonical")))
    assert [row.communication.channel for row in got.rows] == ["call", "email", "call"]


def test_whose_a_broken_row_was_is_still_told_under_its_columns(tmp_path):
    files(tmp_path, "month=2022-04/part.csv", content=f'{HEADER}\n{ROW}\nh2,2022-04-06T10:00:00-05:00,c7,"call\n')
    got = read_all(open_log([tmp_path], LogOptions(format="canonical")))
    lost = [problem for problem in got.problems if problem.left_out]
    assert [problem.consumer_id for problem in lost] == ["c7"]


def test_the_consumer_may_be_in_the_folder(tmp_path):
    files(tmp_path, "consumer_id=007/part.csv", content="at\n2022-04-06T10:00:00-05:00\n")
    assert [row.consumer_id for row in read_all(open_log([tmp_path])).rows] == ["007"]


def test_an_empty_file_of_such_a_folder_is_empty(tmp_path):
    files(tmp_path, "consumer_id=007/part.csv", content="")
    assert [problem.kind for problem in read_all(open_log([tmp_path])).problems] == ["empty_file"]


# --- packed files ---------------------------------------------------------------------------------------------------------


def packed(path: Path, content: str) -> Path:
    arrow = pytest.importorskip("pyarrow")
    path.write_bytes(arrow.compress(content.encode(), codec="zstd", asbytes=True))
    return path


def test_zstd_is_unpacked_also_where_it_was_written_in_pieces(tmp_path):
    path = packed(tmp_path / "log.csv.zst", f"{HEADER}\n{ROW}\n")
    first = path.read_bytes()
    path.write_bytes(first + packed(tmp_path / "rest", ROW.replace("h1", "h2")).read_bytes())
    assert read_all(open_log([path], LogOptions(format="canonical"))).ids == ["h1", "h2"]
    lines = packed(tmp_path / "log.jsonl.zst", '{"at": "2022-04-06T10:00:00Z", "consumer_id": "c1"}\n')
    assert len(read_all(open_log([lines])).rows) == 1


def test_zstd_that_breaks_off_is_told(tmp_path):
    content = f"{HEADER}\n" + "".join(f"{ROW.replace('h1', f'h{n * 7919}')}\n" for n in range(60_000))
    path = packed(tmp_path / "log.csv.zst", content)
    path.write_bytes(path.read_bytes()[:-1000])
    got = read_all(open_log([path], LogOptions(format="canonical")))
    assert 0 < len(got.rows) < 60_000
    assert got.counts.rows_unreadable == 1
    assert "cannot be read further" in got.messages[-1]


def test_zstd_without_pyarrow_names_the_extra(tmp_path, monkeypatch):
    path = packed(tmp_path / "log.csv.zst", f"{HEADER}\n{ROW}\n")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(FactsError) as caught:
        read_all(open_log([path]))
    assert caught.value.hint == "pip install 'fdcpa-guard[parquet]'"


def test_a_packed_parquet_file_is_refused(tmp_path):
    path = packed(tmp_path / "log.parquet.zst", "PAR1 ... PAR1")
    with pytest.raises(FactsError, match="packed inside"):
        read_all(open_log([path]))


# --- files of one log that differ -----------------------------------------------------------------------------------------


def parquet(path: Path, **columns: object) -> None:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet as writing

    path.parent.mkdir(parents=True, exist_ok=True)
    columns.setdefault("at", [AT])
    writing.write_table(arrow.table(columns), path)


def test_a_column_that_changes_its_type_is_told_with_both_files(tmp_path):
    parquet(tmp_path / "a.parquet", consumer_id=[7])
    parquet(tmp_path / "b.parquet", consumer_id=["007"])
    parquet(tmp_path / "c.parquet", consumer_id=[7], at=[AT.isoformat()])
    got = read_all(open_log([tmp_path]))
    assert [row.consumer_id for row in got.rows] == ["7", "007", "7"]
    told = [(Path(each.file).name, each.column, each.message.partition(":")[0]) for each in got.problems if each.column]
    assert told == [
        ("b.parquet", "consumer_id", "the column holds text here, and a number in a.parquet"),
        ("c.parquet", "at", "the column holds text here, and an instant in a.parquet"),
    ]


def test_a_column_that_became_unreadable_costs_its_rows_and_the_next_file_is_read(tmp_path):
    parquet(tmp_path / "a.parquet", consumer_id=["c1"], outcome=["no_answer"])
    parquet(tmp_path / "b.parquet", consumer_id=[1.5], outcome=["no_answer"])
    parquet(tmp_path / "c.parquet", consumer_id=["c3"], outcome=[17])
    got = read_all(open_log([tmp_path]))
    assert [row.consumer_id for row in got.rows] == ["c1", "c3"]
    refused = [(Path(each.file).name, each.row, each.column) for each in got.problems if each.row]
    assert refused == [("b.parquet", 1, "consumer_id"), ("c.parquet", 1, "outcome")]


def test_a_column_that_a_file_lacks_is_told_and_the_reading_goes_on(tmp_path):
    parquet(tmp_path / "m=1/part.parquet", consumer_id=["c1"], outcome=["busy"], mine=[1])
    parquet(tmp_path / "m=2/part.parquet", consumer_id=["c2"], agent=["Ren"])
    got = read_all(open_log([tmp_path]))
    assert [row.communication.outcome for row in got.rows] == ["busy", None]
    told = [(each.column, each.message.partition(":")[0]) for each in got.problems if each.kind == "missing_field"]
    assert told == [
        ("agent", "the column is missing in m=1/part.parquet"),
        ("outcome", "the column is missing here, and is there in m=1/part.parquet"),
    ]


def test_a_header_that_lacks_a_column_is_told_too(tmp_path):
    files(tmp_path, "a.csv")
    files(tmp_path, "b.csv", content="at,consumer_id,channel\n2022-04-06T10:00:00-05:00,c1,call\n")
    got = read_all(open_log([tmp_path], LogOptions(format="canonical")))
    assert [each.column for each in got.problems if each.kind == "missing_field"] == ["id", "outcome"]


def test_a_file_with_much_less_is_still_of_the_same_table(tmp_path):
    files(tmp_path, "a.csv", content="at,consumer_id\n2022-04-06T10:00:00-05:00,c1\n")
    files(tmp_path, "b.csv")
    got = read_all(open_log([tmp_path], LogOptions(format="canonical")))
    told = [(each.column, each.message) for each in got.problems if each.kind == "missing_field"]
    assert [column for column, _ in told] == ["channel", "id", "outcome"]
    assert told[0][1] == "the column is missing in a.csv: their rows say nothing of it"


def test_several_tables_of_one_vendor_are_not_held_against_one_another():
    logs = [DATA / "vicidial_dial_log.csv", DATA / "vicidial_closer_log.csv", DATA / "vicidial_export.txt"]
    got = read_all(open_log(logs, LogOptions(format="vicidial", zone="America/New_York")))
    assert [each for each in got.problems if "the column is missing" in each.message] == []


def test_a_required_column_that_a_file_lacks_is_an_error_that_names_both(tmp_path):
    parquet(tmp_path / "a.parquet", consumer_id=["c1"])
    parquet(tmp_path / "b.parquet", customer=["c1"])
    with pytest.raises(FactsError, match=r"b\.parquet: the canonical format needs the column `consumer_id`"):
        read_all(open_log([tmp_path], LogOptions(format="canonical")))
