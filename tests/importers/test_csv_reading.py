"""Every way in which a CSV file is not as it should be, what is read of it all the same, and what is said."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.csv_reading import CsvTable, _Record
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.table import Row

from .conftest import HEADER, ROW

SECOND = "h2,2022-04-06T11:00:00-05:00,c2,call,voicemail"


class TestDialect:
    def test_a_spreadsheet_with_a_byte_order_mark_and_semicolons_is_read_and_told(self, read):
        text = f"{HEADER}\r\n{ROW}\r\n".replace(",", ";")
        got = read(b"\xef\xbb\xbf" + text.encode())
        assert got.ids == ["h1"]
        assert got.messages == [
            "log.csv: read as found: it begins with a byte order mark, and its fields are separated by semicolons"
        ]

    def test_tabs_and_vertical_bars_separate_fields(self, read):
        for delimiter, words in (("\t", "tabs"), ("|", "vertical bars")):
            got = read(f"{HEADER}\n{ROW}\n".replace(",", delimiter))
            assert got.ids == ["h1"]
            assert got.messages == [f"log.csv: read as found: its fields are separated by {words}"]

    def test_utf_16_is_read_with_and_without_a_mark(self, read):
        text = f"{HEADER}\n{ROW}\n"
        for encoding, words in (("utf-16", "UTF-16"), ("utf-16-le", "UTF-16-LE"), ("utf-16-be", "UTF-16-BE")):
            got = read(text.encode(encoding))
            assert got.ids == ["h1"]
            assert got.messages == [f"log.csv: read as found: its encoding is {words}"]

    def test_a_line_that_states_the_delimiter_is_no_header(self, read):
        got = read("sep=;\n" + f"{HEADER}\n{ROW}\n".replace(",", ";"))
        assert got.ids == ["h1"]

    def test_cr_alone_ends_a_line(self, read):
        assert read(f"{HEADER}\r{ROW}\r{SECOND}\r").ids == ["h1", "h2"]

    def test_headers_are_matched_without_regard_to_case_and_spaces(self, read):
        assert read(f"ID,At,Consumer ID,CHANNEL, Outcome \n{ROW}\n").rows[0].communication.outcome == "no_answer"

    def test_a_compressed_file_is_read(self, read):
        assert read(gzip.compress(f"{HEADER}\n{ROW}\n".encode()), "log.csv.gz").ids == ["h1"]

    def test_a_compressed_file_that_breaks_off_is_told_after_what_was_read(self, read):
        text = f"{HEADER}\n" + "".join(f"{ROW}\n".replace("h1", f"h{n * 7919 % 99991}") for n in range(60_000))
        got = read(gzip.compress(text.encode())[:-5000], "log.csv.gz", format="canonical")
        assert len(got.rows) > 10_000
        assert got.messages[-1].endswith(
            "the file cannot be read further: Compressed file ended before the end-of-stream marker was reached; "
            "whatever follows is lost; the row is left out"
        )
        with pytest.raises(FactsError, match=r"other\.csv\.gz: the file cannot be read: "):
            read(b"\x1f\x8b", "other.csv.gz")

    def test_blank_lines_are_no_rows(self, read):
        got = read(f"\n{HEADER}\n\n{ROW}\n   \n{SECOND}\n")
        assert got.ids == ["h1", "h2"]
        assert got.counts.rows_read == 2


class TestEmpty:
    def test_an_empty_file_says_so(self, read):
        got = read(b"")
        assert got.messages == ["log.csv: the file is empty: it has no header and no rows"]
        assert got.counts.rows_read == 0

    def test_a_header_alone_says_so(self, read):
        got = read(f"{HEADER}\n")
        assert got.messages == ["log.csv: the file has a header and no rows"]


class TestHeader:
    def test_a_name_borne_twice_counts_where_both_columns_agree(self, read):
        got = read("id,at,consumer_id,channel,outcome,outcome\n" + f"{ROW},no_answer\n{SECOND},busy\n")
        assert [row.communication.outcome for row in got.rows] == ["no_answer", None]
        assert got.messages == [
            "log.csv, column `outcome`: two columns of the header bear this name (columns 5 and 6); where a row has "
            "different values in them, it has none",
            "log.csv: row 2, column `outcome`: the two columns of this name disagree: `busy` in the other (found `voicemail`)",
        ]

    def test_an_unknown_column_is_named_once_with_the_name_that_was_meant(self, read):
        got = read(f"{HEADER},directon,zzz\n{ROW},inbound,1\n{SECOND},,\n")
        assert got.messages == [
            "log.csv, column `directon`: a column that this format does not know: it is not read; did you mean `direction`?",
            "log.csv, column `zzz`: a column that this format does not know: it is not read",
        ]
        assert got.reading.unknown_columns == {"log.csv": ("directon", "zzz")}


class TestRows:
    def test_a_byte_that_is_not_utf_8_costs_its_field(self, read):
        got = read(f"{HEADER},agent\n".encode() + ROW.encode() + b",Ren\xe9\n" + SECOND.encode() + b",x\n")
        assert [row.communication.agent for row in got.rows] == [None, "x"]
        assert got.messages == [
            "log.csv: row 1, column `agent`: bytes that are not UTF-8 in the field: it is not read (found `Ren\ufffd`)"
        ]

    def test_a_byte_that_is_not_utf_8_in_a_required_field_costs_the_row(self, read):
        got = read(f"{HEADER}\nh1,2022-04-06T10:00:00-05:00,".encode() + b"c\xff,call,busy\n" + SECOND.encode())
        assert got.ids == ["h2"]
        assert got.messages == [
            "log.csv: row 1, column `consumer_id`: bytes that are not UTF-8 in the field: it is not read (found `c\ufffd`); "
            "the row is left out"
        ]

    def test_half_a_character_of_utf_16_costs_its_field(self, read):
        text = f"{HEADER},agent\n{ROW},Ren~\n{SECOND},x\n".encode("utf-16")
        got = read(text.replace("~".encode("utf-16-le"), b"\x00\xd8"))
        assert [row.communication.agent for row in got.rows] == [None, "x"]
        assert "bytes that are not UTF-16 in the field" in got.messages[1]

    def test_a_nul_character_costs_its_field(self, read):
        got = read(f"{HEADER},agent\n{ROW},a\x00b\n")
        assert got.rows[0].communication.agent is None
        assert got.messages == [
            "log.csv: row 1, column `agent`: a NUL character in the field: it is not read (found `a\\0b`)"
        ]

    def test_a_short_row_is_kept_without_the_missing_fields(self, read):
        got = read(f"{HEADER}\nh1,2022-04-06T10:00:00-05:00,c1\n{SECOND}\n")
        assert got.ids == ["h1", "h2"]
        assert got.rows[0].communication.outcome is None
        assert got.messages == [
            "log.csv: row 1: 3 fields, expected the 5 of the header; the missing ones are taken as empty"
        ]

    def test_a_short_row_without_a_required_field_is_left_out(self, read):
        got = read(f"{HEADER}\nh1,2022-04-06T10:00:00-05:00\n{SECOND}\n")
        assert got.ids == ["h2"]
        assert got.messages[1] == (
            "log.csv: row 1, column `consumer_id`: nothing stands in it, expected whose log it belongs to; the row is left out"
        )

    def test_a_file_that_ends_in_the_middle_of_a_row_gives_nothing_for_it(self, read):
        got = read(f"{HEADER}\n{SECOND}\nh1,2022-04-06T10:00:00-05:00,c1,ca")
        assert got.ids == ["h2"]
        problem = got.problems[-1]
        assert str(problem) == (
            "log.csv: row 2: the file ends in the middle of this row: 4 fields, expected the 5 of the header; "
            "the row is left out"
        )
        assert problem.consumer_id == "c1"

    def test_a_long_row_is_left_out_and_told_with_its_consumer(self, read):
        got = read(f"{HEADER}\n{ROW},and more\n{SECOND}\n")
        assert got.ids == ["h2"]
        assert got.messages == [
            "log.csv: row 1: 6 fields, expected the 5 of the header: a delimiter inside a field that is not quoted shifts the "
            "rest (found `h1,2022-04-06T10:00:00-05:00,c1,call,no_answer,and more`); the row is left out"
        ]
        assert got.problems[0].consumer_id == "c1"

    def test_empty_fields_past_the_header_are_no_mistake(self, read):
        got = read(f"{HEADER}\n{ROW},,\n")
        assert got.ids == ["h1"]
        assert got.messages == []


class TestQuotes:
    def test_a_quoted_field_may_hold_delimiters_quotes_and_line_ends(self, read):
        got = read(f'{HEADER},content\n{ROW},"He said, ""no"".\nThen he hung up."\n{SECOND},x\n')
        assert got.rows[0].communication.content == 'He said, "no".\nThen he hung up.'
        assert [row.row for row in got.rows] == [1, 2]
        assert got.messages == []

    def test_a_quote_that_is_never_closed_costs_its_line_and_not_the_rest(self, read):
        lines = [f"h{n},2022-04-06T10:00:00-05:00,c{n},call,busy,x" for n in range(2, 2000)]
        got = read(f'{HEADER},content\n{ROW},"never closed\n' + "\n".join(lines) + "\n")
        assert len(got.rows) == 1998
        assert got.messages == [
            "log.csv: row 1, column `content`: a quote is opened and not closed; the row ends with its line, and reading goes "
            "on with the next; the row is left out"
        ]
        assert got.problems[0].consumer_id == "c1"

    def test_a_quote_left_open_before_a_quoted_field_is_found_out(self, read):
        got = read(f'{HEADER},content\n{ROW},"left open\n{SECOND},"a text"\n')
        assert got.ids == ["h2"]
        assert got.rows[0].communication.content == "a text"
        assert [problem.kind for problem in got.problems] == [ProblemKind.UNCLOSED_QUOTE]

    def test_a_quote_left_open_that_a_later_row_seems_to_close_is_found_out_by_the_number_of_fields(self, read):
        got = read(f'{HEADER},content\n"{ROW},x\n"h2",2022-04-06T11:00:00-05:00,c2,call,busy,"y"\n')
        assert got.ids == ["h2"]

    def test_an_open_quote_in_the_last_line_costs_that_line(self, read):
        got = read(f'{HEADER},content\n{SECOND},x\n{ROW},"open')
        assert got.ids == ["h2"]
        assert got.counts.left_out_by[ProblemKind.UNCLOSED_QUOTE] == 1

    def test_a_quote_within_a_field_is_a_character_of_it(self, read):
        assert read(f'{HEADER},content\n{ROW},5" pipe\n').rows[0].communication.content == '5" pipe'

    def test_an_unclosed_quote_is_given_up_after_the_length_of_a_record(self, tmp_path: Path):
        path = tmp_path / "log.csv"
        path.write_text('a,b\n1,"open\n' + "2,x\n" * 5000 + '3,"y"\n')
        rows = list(CsvTable(path, max_field=1000).rows())
        assert len(rows) == 5002
        assert isinstance(rows[1], Row)
        assert rows[1].cells == ["2", "x"]


class TestSize:
    def test_a_field_too_long_is_absent_and_the_row_is_kept(self, read):
        got = read(f"{HEADER},content\n{ROW},{'x' * 200}\n{SECOND},short\n", max_field=100)
        assert [row.communication.content for row in got.rows] == [None, "short"]
        assert got.messages == [
            "log.csv: row 1, column `content`: a field of more than 100 characters is not read (found `"
            + "x" * 79
            + "…`)"
        ]

    def test_a_line_too_long_gives_what_stood_before(self, read):
        got = read(f"{HEADER},content,agent\n{ROW},{'x' * 3_000_000},a1\n{SECOND},short,a2\n", max_field=100)
        assert got.ids == ["h1", "h2"]
        assert got.rows[0].communication.outcome == "no_answer"
        assert [row.communication.agent for row in got.rows] == [None, "a2"]
        assert {problem.column for problem in got.problems} == {"content", "agent"}
        assert got.messages[1] == "log.csv: row 1, column `agent`: lost: the record is longer than 400 characters"

    def test_a_field_too_long_inside_quotes_is_absent_and_the_rows_after_it_are_read(self, read):
        got = read(f'{HEADER},content,agent\n{ROW},"{"x" * 3_000_000}",a1\n{SECOND},short,a2\n', max_field=100)
        assert got.ids == ["h1", "h2"]
        assert [row.communication.content for row in got.rows] == [None, "short"]
        assert got.messages[0] == "log.csv: row 1, column `content`: lost: the record is longer than 400 characters"


cell = st.text(st.sampled_from('ab,"\n é'), max_size=6)


@given(st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_the_csv_module_writes_is_read_as_it_was(tmp_path_factory, table):
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["x", "y", "z"], *table])
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_text(written.getvalue(), encoding="utf-8")
    rows = [list(row.cells) for row in CsvTable(path).rows() if isinstance(row, Row)]
    assert rows == table


@given(st.text(st.sampled_from('ab,"'), max_size=20).filter(lambda text: '"' in text))
def test_a_line_that_the_csv_module_accepts_is_split_alike(line):
    try:
        expected = next(csv.reader([line], strict=True))
    except csv.Error:
        return
    record = _Record(",")
    assert record.more(line) is True
    assert record.cells == expected
