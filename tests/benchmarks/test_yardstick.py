"""What is timed against each other finds the same: all 66 checks, by the engine and by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import by_hand, yardstick_log
from bench.yardstick import run_guard
from bench.yardstick_checks import CHECKS, IDS, WINDOWS
from pyarrow import parquet


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return yardstick_log.make(2_000, tmp_path_factory.mktemp("yardstick"), seed=4, each=60, group=700)


def test_the_engine_and_hand_written_code_find_the_same(log: Path) -> None:
    found = run_guard(log)
    assert found == by_hand.run(log)
    assert len(found) == 66
    missed = [rule for rule in WINDOWS if not found[rule]]
    assert not missed, "a check that nothing breaks is not measured"
    assert sum(1 for rule in IDS if found[rule]) > 40


def test_hand_written_code_does_not_depend_on_groups_or_threads(log: Path, tmp_path: Path) -> None:
    whole = yardstick_log.make(2_000, tmp_path, seed=4, each=60, group=2_000)
    assert parquet.ParquetFile(log / "log.parquet").num_row_groups == 3
    table = parquet.read_table(log / "log.parquet")
    parquet.write_table(table, whole / "log.parquet", row_group_size=2_000)
    assert by_hand.run(whole, threads=1) == by_hand.run(log, threads=2)


def test_the_checks_are_of_five_kinds() -> None:
    assert len(CHECKS) == len(set(IDS)) == 60
    assert sum(1 for check in CHECKS if check.outbound) == 20
    assert sum(1 for check in CHECKS if check.after is not None) == 15
    assert sum(1 for check in CHECKS if check.templates) == 10
    assert sum(1 for check in CHECKS if check.over is not None) == 10
    assert sum(1 for check in CHECKS if check.older is not None) == 5
