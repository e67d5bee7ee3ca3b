"""Combinations of values, told apart by a table, by looking them up, and where their number is beyond any table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.engine.columnar.columns import distinct_rows

FEW, MANY, VERY_MANY = (-1, 2), (-(1 << 20), 1 << 20), (-(1 << 40), 1 << 40)


@pytest.mark.parametrize("ends", [FEW, MANY, VERY_MANY])
@given(data=st.data(), rows=st.integers(0, 12), columns=st.integers(1, 3))
def test_rows_of_one_combination_have_one_number(
    ends: tuple[int, int], data: st.DataObject, rows: int, columns: int
) -> None:
    values = st.sampled_from([*ends, 0, 1])
    arrays = [np.array(data.draw(st.lists(values, min_size=rows, max_size=rows)), np.int64) for _ in range(columns)]
    # One far from the others, so that there are more combinations than rows.
    arrays.append(np.arange(rows) // 2 * (ends[1] // 16))
    firsts, places = distinct_rows(arrays)
    combinations = list(zip(*(array.tolist() for array in arrays), strict=True))
    assert sorted(firsts.tolist()) == [row for row, each in enumerate(combinations) if each not in combinations[:row]]
    assert [combinations[first] for first in firsts[places].tolist()] == combinations
