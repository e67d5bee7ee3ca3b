"""The limitation periods that ship: each jurisdiction has them, their cases hold, and hold each number of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from limitation_mutation import SAME_ANSWERS, ready_table_cases, table_mutants, table_noticed, table_survivors
from shipped import shipped

from fdcpa_guard.rulefile.documents import LIMITATION_CASES_FILE
from fdcpa_guard.rulefile.limitation_cases_file import load_limitation_cases
from fdcpa_guard.rulefile.limitations import LimitationTables
from fdcpa_guard.ruleset.rulebook import shipped_rules

TABLES: Final = shipped().limitations
CODES: Final = sorted(TABLES.by_jurisdiction)


def _path(code: str) -> Path:
    return shipped_rules().parent / TABLES.by_jurisdiction[code].path


@pytest.mark.parametrize("code", CODES)
def test_a_number_date_or_answer_that_is_moved_is_noticed_by_a_case(code: str) -> None:
    table, cases = TABLES.by_jurisdiction[code], ready_table_cases(_path(code))
    assert table_noticed(table, TABLES, cases) is None, "the periods as they are fit their cases"
    assert table_survivors(table, TABLES, cases) == [label for name, label in SAME_ANSWERS if name == code]


@pytest.mark.parametrize("code", CODES)
def test_the_cases_are_of_their_own_jurisdiction_and_of_each_answer(code: str) -> None:
    file = load_limitation_cases(_path(code).with_name(LIMITATION_CASES_FILE))
    assert file.jurisdiction == code
    assert {"open", "unknown"} <= {case.expect for case in file.cases}


def test_every_state_and_the_district_have_periods() -> None:
    assert TABLES.whole_country


def test_each_move_makes_another_table_and_without_cases_none_is_noticed() -> None:
    table = TABLES.by_jurisdiction["OH"]
    mutants = [mutant for _, mutant in table_mutants(table)]
    assert len(mutants) > 20
    assert all((each.periods, each.restarts) != (table.periods, table.restarts) for each in mutants)
    assert all(table_noticed(each, TABLES, []) is None for each in mutants)


def test_a_table_has_the_day_on_which_it_was_compared_with_the_law() -> None:
    assert all(table.checked_on > 0 for table in TABLES.by_jurisdiction.values())


def test_tables_without_those_of_some_state_are_not_the_whole_country() -> None:
    some = {code: table for code, table in TABLES.by_jurisdiction.items() if code != "WY"}
    assert not LimitationTables(some).whole_country
