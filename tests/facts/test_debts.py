"""What a debt says, read of its model and of what its model writes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.facts.debts import DebtOf, key_as_written, key_of, read_as_written
from fdcpa_guard.facts.models import Debt, Itemization
from fdcpa_guard.facts.stated import on_file, on_file_as_written

READ = sorted(set(DebtOf.__slots__) - {"itemization"})


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """What a field may say."""
    text = str(annotation)
    if date in get_args(annotation):
        return st.dates()
    if "Decimal" in text:
        return st.decimals(0, 10**7, places=2, allow_nan=False)
    if "Literal" in text:
        return st.sampled_from([name for part in get_args(annotation) for name in get_args(part)])
    if bool in get_args(annotation):
        return st.booleans()
    if int in get_args(annotation):
        return st.integers(0, 10**6)
    return st.sampled_from(["TX", "NY"])


itemizations = st.fixed_dictionaries(
    {}, optional={name: values(field.annotation) for name, field in Itemization.model_fields.items()}
)
debts = st.fixed_dictionaries(
    {"id": st.sampled_from(["d1", "d2"])},
    optional={
        name: values(field.annotation) for name, field in Debt.model_fields.items() if name not in ("id", "itemization")
    },
)


@pytest.mark.parametrize("name", READ)
@given(said=debts)
def test_what_is_written_of_a_debt_says_what_its_model_does(name: str, said: dict[str, object]) -> None:
    debt = Debt.model_validate(said)
    written = json.loads(debt.model_dump_json(exclude_none=True))
    assert read_as_written(written, name) == getattr(DebtOf(debt), name)
    assert key_as_written(written) == key_of(debt)


@given(said=st.lists(st.tuples(debts, st.none() | itemizations), min_size=1, max_size=3))
def test_so_does_what_is_on_file_of_several_together(said: list[tuple[dict[str, object], dict[str, object] | None]]) -> None:
    each = [Debt.model_validate(debt if items is None else {**debt, "itemization": items}) for debt, items in said]
    written = [json.loads(debt.model_dump_json(exclude_none=True)) for debt in each]
    assert on_file_as_written(written) == on_file([DebtOf(debt) for debt in each])
