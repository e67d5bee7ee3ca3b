"""The values that a notice states, and those of the file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.facts import models
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.stated import UNSTATED, is_same_account, is_same_name, on_file, stated_as_written, stated_of

_ALL = {
    "amount_on_itemization_date": "1000.00", "interest": "10.25", "fees": "5.00", "payments": "200.00",
    "credits": "15.25", "current_amount": "800.00",
}  # fmt: skip


def _stated(**changed: str | None) -> models.Stated:
    return models.Stated.model_validate(_ALL | changed)


def _debt(debt_id: str, **itemized: object) -> DebtOf:
    itemization = models.Itemization.model_validate(itemized) if itemized else None
    return DebtOf(models.Debt(id=debt_id, amount=Decimal("10.01"), itemization=itemization))


class TestTheSum:
    def test_adds_up_to_the_cent(self) -> None:
        assert stated_of(_stated()).itemization_adds_up is True
        assert stated_of(_stated(current_amount="800.01")).itemization_adds_up is False

    @pytest.mark.parametrize("left_out", list(_ALL))
    def test_is_unknown_while_a_part_is_not_stated(self, left_out: str) -> None:
        assert stated_of(_stated(**{left_out: None})).itemization_adds_up is None

    def test_takes_the_one_row_of_the_model_form_for_payments_and_credits(self) -> None:
        said = stated_of(_stated(payments=None, credits=None, payments_and_credits="215.25"))
        assert said.payments_and_credits == 21525
        assert said.itemization_adds_up is True

    def test_takes_the_row_for_both_before_the_two_rows(self) -> None:
        assert stated_of(_stated(payments_and_credits="1.00")).payments_and_credits == 100

    def test_says_nothing_of_a_communication_that_states_nothing(self) -> None:
        assert stated_of(None) is UNSTATED
        assert UNSTATED.itemization_adds_up is None


class TestTheFile:
    def test_gives_the_sums_of_several_debts(self) -> None:
        """Comments 34(c)(2)(viii)-4 and 34(c)(2)(ix)-2."""
        filed = on_file(
            [
                _debt("d1", amount="1.00", interest="0.10", fees="0.00", payments="0.20", credits="0.30"),
                _debt("d2", amount="2.00", interest="0.10", fees="0.05", payments="0.00", credits="0.00"),
            ]
        )
        assert (filed.amount_on_itemization_date, filed.interest, filed.fees) == (300, 20, 5)
        assert (filed.payments_and_credits, filed.current_amount) == (50, 2002)

    def test_lacks_a_sum_that_one_debt_lacks(self) -> None:
        filed = on_file([_debt("d1", amount="1.00", fees="0.00"), _debt("d2", amount="1.00")])
        assert (filed.amount_on_itemization_date, filed.fees) == (200, None)

    def test_has_a_date_and_a_kind_only_where_its_debts_agree(self) -> None:
        first = _debt("d1", date=date(2026, 1, 5), kind="charge_off")
        same = _debt("d2", date=date(2026, 1, 5), kind="last_payment")
        filed = on_file([first, same])
        assert (filed.itemization_date, filed.itemization_kind) == (date(2026, 1, 5).toordinal(), None)

    def test_lacks_everything_of_a_debt_of_which_nothing_is_known(self) -> None:
        filed = on_file([DebtOf(models.Debt(id="d1"))])
        assert filed == UNSTATED


class TestNames:
    @pytest.mark.parametrize("written", ["Acme Bank, N.A.", "ACME BANK NA", "acme  bank n.a."])
    def test_are_one_apart_from_case_spaces_and_punctuation(self, written: str) -> None:
        assert is_same_name(written, "Acme Bank, N.A.") is True

    def test_of_two_banks_are_two(self) -> None:
        assert is_same_name("Acme Bank", "Acme Trust") is False

    def test_are_not_compared_where_one_is_not_said(self) -> None:
        assert is_same_name(None, "Acme Bank") is None
        assert is_same_name("Acme Bank", None) is None


class TestAccountNumbers:
    @pytest.mark.parametrize(
        ("stated", "filed"),
        [("1234", "4000-1111-2222-1234"), ("4000111122221234", "1234"), ("xxxx 1234", "1234"), ("AB-77", "ab77")],
    )
    def test_are_one_where_either_is_the_end_of_the_other(self, stated: str, filed: str) -> None:
        """Comment 34(c)(2)(iv)-1."""
        assert is_same_account(stated, filed) is True

    @pytest.mark.parametrize(
        ("stated", "filed"), [("1235", "1234"), ("4000", "4000-1234"), ("XXXX", "1234"), ("", "1")]
    )
    def test_are_two_otherwise(self, stated: str, filed: str) -> None:
        assert is_same_account(stated, filed) is False

    def test_leave_the_answer_open_where_three_digits_are_all_there_is_to_go_by(self) -> None:
        assert is_same_account("234", "1234") is None
        assert is_same_account("234", "234") is True

    def test_are_not_compared_where_one_is_not_said(self) -> None:
        assert is_same_account(None, "1234") is None
        assert is_same_account("1234", None) is None


_AMOUNTS = st.none() | st.decimals(-10**9, 10**9, places=2, allow_nan=False)
_TEXTS = st.none() | st.text(min_size=1, max_size=8)
_SAID = st.fixed_dictionaries(
    dict.fromkeys(("creditor", "current_creditor", "account_suffix"), _TEXTS)
    | dict.fromkeys([*_ALL, "payments_and_credits"], _AMOUNTS)
    | {
        "itemization_date": st.none() | st.dates(),
        "itemization_kind": st.none() | st.sampled_from(["charge_off", "last_statement", "judgment"]),
    }
)


class TestWhatIsWritten:
    @given(_SAID)
    def test_is_read_back_as_what_was_checked(self, drawn: dict[str, object]) -> None:
        said = models.Stated.model_validate(drawn)
        written = said.model_dump_json(exclude_none=True, by_alias=True)
        assert stated_as_written(written) == stated_of(models.Stated.model_validate_json(written)) == stated_of(said)
