"""Amounts of debts on file, read all at once: no column says other cents than the object of a debt does."""

from __future__ import annotations

from decimal import Decimal

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from fdcpa_guard.engine.columnar.columns import UNSAID_NUMBER, Codes, unsaid_of
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


SAID = {
    "id": st.sampled_from(["d1", "d2"]), "group": st.just("g"), "amount": st.just(Decimal("1.50")), "kind": st.just("medical"),
    "account_suffix": st.just("1234"), "has_account_number": st.booleans(), "delinquent_since": st.just("2025-01-02"),
    "annual_rate_basis_points": st.integers(0, 9), "payment_plan_offered": st.booleans(), "creditor": st.just("C"),
}  # fmt: skip
FORMS: dict[type, Kind] = {bool: Kind.TRUTH, int: Kind.NUMBER, str: Kind.TEXT}


@given(st.lists(st.fixed_dictionaries({"id": SAID["id"]}, optional={k: v for k, v in SAID.items() if k != "id"}), max_size=3))
def test_every_attribute_is_that_of_the_objects(said: list[dict[str, object]]) -> None:
    debts = [Debt.model_validate({**each, "id": f"{each['id']}-{number}"}) for number, each in enumerate(said)]
    documents = [orjson.loads(debt.model_dump_json(exclude_none=True, by_alias=True)) for debt in debts]
    numbered = Numbered(Owed([documents], Debt.model_validate))
    numbered.name(0, "named by a communication alone")
    objects = [*map(DebtOf, debts), DebtOf(Debt(id="named by a communication alone"))]
    assert [numbered[number].id for number in range(len(numbered))] == [each.id for each in objects]
    for name in sorted(set(DebtOf.__slots__) - {"itemization"}):
        wanted = [getattr(each, name) for each in objects]
        kind = next((FORMS[type(each)] for each in wanted if each is not None), Kind.TEXT)
        codes = Codes()
        column = numbered.column(name, kind, codes)
        unsaid = unsaid_of(column.data)
        found = [None if each == unsaid else each for each in column.data.tolist()]
        assert [codes.values[each] if each is not None and kind is Kind.TEXT else each for each in found] == wanted, name
