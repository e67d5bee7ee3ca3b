"""Amounts of debts on file, read all at once: no column says other cents than the object of a debt does."""

from __future__ import annotations

from decimal import Decimal

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Codes
from fdcpa_guard.engine.columnar.owed import Numbered, Owed
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.models import Debt
from fdcpa_guard.values import Kind

AMOUNTS = st.none() | st.decimals(-(10**16), 10**16, places=2)
"""The largest of them are beyond what a column of Arrow is asked to hold."""


@example([Decimal("1E+3"), Decimal("0.00"), None])
@example([Decimal("10.50"), Decimal("50000000000000000")])
@example([None])
@example([])
@given(st.lists(AMOUNTS, max_size=6))
def test_amounts_are_those_of_the_objects(amounts: list[Decimal | None]) -> None:
    debts = [Debt(id=f"d{number}", amount=amount) for number, amount in enumerate(amounts)]
    documents = [orjson.loads(debt.model_dump_json(exclude_none=True, by_alias=True)) for debt in debts]
    numbered = Numbered(Owed([documents], Debt.model_validate))
    numbered.name(0, "named by a communication alone")
    column = numbered.column("amount", Kind.MONEY, Codes())
    found = [None if each == UNSAID_NUMBER else each for each in column.data.tolist()]
    assert found == [*(DebtOf(debt).amount for debt in debts), None]
    assert column.lacks
