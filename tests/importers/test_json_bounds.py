"""Nesting and long strings are found however the text is cut into blocks, and brackets in strings are text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.facts.importers.json_bounds import DEEPEST, JsonBounds
from fdcpa_guard.facts.importers.json_reading import JsonTable
from fdcpa_guard.facts.importers.reading import Problem, open_log
from fdcpa_guard.facts.importers.table import Broken

_VALUES = st.recursive(
    st.none() | st.integers() | st.text(alphabet='[]{}"\\ab,:\u00e9'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='[{"\\a'), inner, max_size=3),
    max_leaves=20,
)


def seen(text: bytes, size: int, longest: int = 1000) -> None:
    bounds = JsonBounds(longest)
    for start in range(0, len(text), size):
        bounds.see(text[start : start + size])


@given(st.lists(_VALUES, max_size=5), st.integers(1, 12), st.booleans())
def test_what_is_within_bounds_passes_however_it_is_cut(values: list[object], size: int, ascii_only: bool) -> None:
    text = "".join(json.dumps(value, ensure_ascii=ascii_only) for value in values * 30).encode()
    seen(text, size, longest=10_000)


@pytest.mark.parametrize("size", [1, 2, 7, 100_000])
@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"]}": '])
def test_what_nests_too_deeply_is_refused(opening: bytes, size: int) -> None:
    with pytest.raises(ValueError, match=f"deeper than {DEEPEST} levels"):
        seen(opening * (DEEPEST + 1), size)
    seen(opening * (DEEPEST // 2), size)


def test_nesting_that_closes_again_is_refused_too() -> None:
    deep = DEEPEST + 5
    with pytest.raises(ValueError, match="deeper"):
        seen(b"[" * deep + b"]" * deep, 100_000)


@pytest.mark.parametrize("size", [1, 3, 100_000])
def test_brackets_in_strings_are_text(size: int) -> None:
    seen(b'{"a": "' + b'[{\\"\\\\' * 200 + b'", "b": "' + b"[" * 900 + b'"}', size, longest=2000)


@pytest.mark.parametrize("size", [1, 3, 64])
def test_a_string_without_an_end_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="longer than 1,000 bytes"):
        seen(b'["' + b"x\\\\" * 2000, size)


def test_a_page_that_nests_too_deeply_breaks_off_there(tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    log.write_text('{"calls": [{"sid": "CA1"},\n' + "[" * 1_000_000, encoding="utf-8")
    (broken,) = JsonTable(log).rows()
    assert isinstance(broken, Broken)
    assert "it nests deeper than 100 levels" in broken.message


def test_a_file_in_which_nothing_can_be_read_says_why(tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    log.write_text('{"calls": ' + "[" * 1_000_000, encoding="utf-8")
    reading = open_log([log])
    (problem,) = reading
    assert isinstance(problem, Problem)
    assert (problem.row, problem.left_out) == (1, True)
    assert "it nests deeper than 100 levels" in problem.message
    assert (reading.counts.rows_read, reading.counts.rows_left_out) == (1, 1)


def test_records_without_fields_are_left_out_and_counted(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text("{}\n{}\n", encoding="utf-8")
    reading = open_log([log])
    assert [item.message for item in reading if isinstance(item, Problem)] == ["the record has no fields"] * 2
    assert (reading.counts.rows_read, reading.counts.rows_left_out) == (2, 2)


def test_a_page_with_a_string_that_never_ends_breaks_off_there(tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    log.write_text('{"calls": [{"sid": "' + "x" * 500_000, encoding="utf-8")
    (broken,) = JsonTable(log, max_field=1000).rows()
    assert isinstance(broken, Broken)
    assert "a field is longer than" in broken.message
