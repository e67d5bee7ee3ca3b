"""Texts that are looked at by their bytes are read as one by one: each that is said to be plain stands as it is read."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.auditing.partitions.texts import as_taken, list_of_ids, lists_of_ids, odd_addresses, stated
from fdcpa_guard.facts.importers import columns as cells
from fdcpa_guard.facts.models import Stated

LIMIT = 12
SOME = st.text(st.sampled_from("0123456789 +-().,eEtel:|aZ_@\t\x00\x1c\x7f\u00a0é\u3000"), max_size=14)
NUMBERS = st.from_regex(r"\A\+?[0-9 ()-]{0,5}[0-9]{3,14}\Z")
TEXTS = st.lists(st.none() | SOME | NUMBERS, max_size=12)
IDS = st.lists(st.none() | st.from_regex(r"\A[A-Za-z0-9_.:-]{0,2}(\|[ A-Z1]{0,2}){0,3}\Z"), max_size=12)
OF_ONE_WIDTH = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.from_regex(rf"\A[A-Za-z0-9_.:-]{{{width}}}\Z"), min_size=1, max_size=9)
)


def column(values: list[str | None], before: int) -> pa.Array:
    """A slice of a longer one, as of a batch of which the first rows were read otherwise."""
    return pa.array([*["+1é\x00"] * before, *values], pa.string()).slice(before)


def plain(values: list[str | None]) -> list[str | None]:
    return [(None if value is None else value.strip().replace("\x00", "")) or None for value in values]


@given(TEXTS, st.integers(0, 2), st.sampled_from([pa.string(), pa.large_string()]))
def test_what_is_good_is_taken_as_it_stands(values: list[str | None], before: int, kind: pa.DataType) -> None:
    good = np.ones(len(values), bool)
    taken = as_taken(column(values, before).cast(kind), LIMIT, good).to_pylist()
    expected = [
        value is None or (value == value.strip() and "\x00" not in value and len(value) <= LIMIT) for value in values
    ]
    assert good.tolist() == expected
    assert [told for told, fine in zip(taken, good, strict=True) if fine] == [
        value or None for value, fine in zip(values, good, strict=True) if fine
    ]


@given(TEXTS, st.integers(0, 2))
def test_an_address_that_is_not_odd_is_written_so(values: list[str | None], before: int) -> None:
    said = plain(values)
    odd = set(odd_addresses(column(said, before)).tolist())
    for place, value in enumerate(said):
        if place not in odd and value is not None:
            assert cells.address(value) == value


def test_plain_addresses_are_not_odd() -> None:
    said = [
        "+15125550100",
        "pat@example.com",
        "1 Elm St; Waco TX 76701",
        None,
        "(512) 555-0100",
        "5125550100",
        "+0512555010",
        "ext",
    ]
    assert odd_addresses(pa.array(said)).tolist() == [4, 5, 6]


@given(IDS | TEXTS | OF_ONE_WIDTH, st.integers(0, 2))
def test_a_list_that_is_not_odd_is_that_of_its_parts(values: list[str | None], before: int) -> None:
    said = plain(values)
    told, odd = lists_of_ids(column(said, before))
    for place, (value, lists) in enumerate(zip(said, told.to_pylist(), strict=True)):
        if place not in odd.tolist():
            assert lists == (None if value is None else list_of_ids(value))


def test_plain_lists_are_not_odd() -> None:
    told, odd = lists_of_ids(pa.array(["D1", "D1|D2", None, "D1||D2", "|D1", "D2|", "|"]))
    assert (told.to_pylist()[:3], odd.tolist()) == (['["D1"]', '["D1","D2"]', None], [3, 4, 5, 6])


AMOUNTS = st.sampled_from(["10.00", "0.00", "007.10", "1.5", "-1.00", "1e2", "1.234", "x", 10, 1.5, None, "٣.00"])
DAYS = st.sampled_from(
    ["2026-03-02", "2026-02-29", "2026-02-31", "2026-3-2", "0001-01-01", "2026-03-02T00:00:00", 5, None]
)
NAMES = st.sampled_from(["Elm Clinic", "", " Elm", 'E"m', "E\\m", "Él", "E\x7fm", "E\nm", 7, None])
KINDS = st.sampled_from(["last_statement", "judgment", "other", None])
SAID = {
    name: KINDS if name == "itemization_kind" else DAYS if name == "itemization_date"
    else NAMES if name in ("creditor", "current_creditor", "account_suffix") else AMOUNTS
    for name in Stated.model_fields
}  # fmt: skip


@given(
    st.lists(st.sampled_from([*SAID, "another"]), max_size=5).flatmap(
        lambda names: st.fixed_dictionaries({name: SAID.get(name, AMOUNTS) for name in names})
    )
    | AMOUNTS
)
def test_what_a_notice_states_is_written_as_the_model_writes_it(said: object) -> None:
    value = json.dumps(said)
    try:
        model = cells.nested(Stated, "what a notice states")(value)
    except ValueError:
        with pytest.raises(ValueError, match="expected"):
            stated(value)
    else:
        assert isinstance(model, Stated)
        assert stated(value) == model.model_dump_json(exclude_none=True, by_alias=True)
