"""Columns of the accounts file as JSON writes their values, all rows at once: where it is certain how they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import AwareDatetime

from fdcpa_guard.auditing.partitions.texts import as_taken, laid, lists_of_ids
from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.accounts import email_address
from fdcpa_guard.facts.importers.places import read_zip
from fdcpa_guard.facts.models import Address, CalendarDay, Id, Money, Number

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_ESCAPED: Final = np.isin(np.arange(256), [*range(0x20), ord('"'), ord("\\")])
"""Bytes that JSON does not write as they are."""
_E164: Final = r"^\+[1-9][0-9]{6,14}$"
_AMOUNT: Final = r"^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,2})?$"
_DAY: Final = r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_CLOCK: Final = r"(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}"
_OFFSET: Final = r"(?:Z|[+-](?:0[1-9]|1[0-3]):[0-5][0-9])"
_INSTANT: Final = f"20{_DAY.removeprefix('(?:19|20)')}T{_CLOCK}{_OFFSET}"
_ZIP: Final = r"^[0-9]{5}(?:-?[0-9]{4})?$"
_EXACT: Final = 1 << 53
"""Up to it every whole number is one of floating point too."""
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
"""Of the calendar, in days since 1970."""
_LONGEST_ADDRESS: Final = 320


@dataclass(frozen=True, slots=True)
class Plain:
    """How the values of a field are written. `write` gives their texts, without quotes where they are `quoted`, and the places
    that it cannot tell of; None, where it cannot tell of values of that type."""

    quoted: bool
    write: Callable[[pa.Array, int], tuple[pa.Array, Ints] | None]


def plain(parse: c.Parse, annotation: Any) -> Plain | None:
    """For a field whose cells are read by `parse`; None where nothing is certain."""
    found = _BY_PARSER.get(parse)
    return found[1] if found is not None and annotation in found[0] else None


def is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _texts(values: pa.Array, limit: int) -> tuple[pa.Array, Ints] | None:
    if pa.types.is_integer(values.type):
        return values.cast(pa.string()), _NONE
    return _as_they_stand(values, limit)


def _as_they_stand(values: pa.Array, limit: int) -> tuple[pa.Array, Ints] | None:
    if not is_text(values.type):
        return None
    taken = np.ones(len(values), bool)
    texts = as_taken(values, limit, taken)
    if texts.null_count < len(texts):
        offsets, data = laid(texts)
        escaped = np.flatnonzero(_ESCAPED[data])
        taken[np.searchsorted(offsets, escaped, "right") - 1] = False
    return texts, np.flatnonzero(~taken)


def _matching(pattern: str) -> Callable[[pa.Array, int], tuple[pa.Array, Ints] | None]:
    def write(values: pa.Array, limit: int) -> tuple[pa.Array, Ints] | None:
        found = _as_they_stand(values, limit)
        if found is None:
            return None
        texts, odd = found
        return texts, _and_those(
            odd, ~pc.match_substring_regex(texts, pattern).fill_null(True).to_numpy(zero_copy_only=False)
        )

    return write


def _email_addresses(values: pa.Array, limit: int) -> tuple[pa.Array, Ints] | None:
    found = _as_they_stand(values, limit)
    if found is None:
        return None
    texts, odd = found
    addresses = pc.and_(pc.match_substring(texts, "@"), pc.less_equal(pc.binary_length(texts), _LONGEST_ADDRESS))
    return texts, _and_those(odd, ~addresses.fill_null(True).to_numpy(zero_copy_only=False))


def _amounts(values: pa.Array, limit: int) -> tuple[pa.Array, Ints] | None:
    if pa.types.is_decimal128(values.type) and values.type.scale == 2:
        return values.cast(pa.string()), _NONE
    return _WRITTEN_AMOUNTS(values, limit)


def _days(values: pa.Array, limit: int) -> tuple[pa.Array, Ints] | None:
    return _dates(values) if pa.types.is_date32(values.type) else _WRITTEN_DAYS(values, limit)


def _instants_and_days(values: pa.Array, limit: int) -> tuple[pa.Array, Ints] | None:
    return _dates(values) if pa.types.is_date32(values.type) else _WRITTEN_INSTANTS_AND_DAYS(values, limit)


def _dates(values: pa.Array) -> tuple[pa.Array, Ints]:
    numbers = values.cast(pa.int32())
    inside = pc.and_(pc.greater_equal(numbers, _FIRST_DAY), pc.less_equal(numbers, _LAST_DAY)).fill_null(True)
    return values.cast(pa.string()), np.flatnonzero(~inside.to_numpy(zero_copy_only=False))


def _truths(values: pa.Array, limit: int) -> tuple[pa.Array, Ints] | None:
    return (values.cast(pa.string()), _NONE) if pa.types.is_boolean(values.type) else None


def _whole_numbers(values: pa.Array, limit: int) -> tuple[pa.Array, Ints] | None:
    if not pa.types.is_signed_integer(values.type):
        return None
    exact = pc.and_(pc.greater_equal(values, -_EXACT), pc.less_equal(values, _EXACT)).fill_null(True)
    return values.cast(pa.string()), np.flatnonzero(~exact.to_numpy(zero_copy_only=False))


def _lists(values: pa.Array, limit: int) -> tuple[pa.Array, Ints] | None:
    if not is_text(values.type):
        return None
    taken = np.ones(len(values), bool)
    texts = as_taken(values, limit, taken)
    if texts.null_count == len(texts):
        return texts, np.flatnonzero(~taken)
    lists, odd = lists_of_ids(texts)
    return lists, _and_those(odd, ~taken)


def _and_those(odd: Ints, more: Bools) -> Ints:
    found = more.copy()
    found[odd] = True
    return np.flatnonzero(found)


_NONE: Final[Ints] = np.zeros(0, np.int64)
_WRITTEN_AMOUNTS: Final = _matching(_AMOUNT)
_WRITTEN_DAYS: Final = _matching(f"^{_DAY}$")
_WRITTEN_INSTANTS_AND_DAYS: Final = _matching(f"^{_DAY}$|^{_INSTANT}$")
_BY_PARSER: Final[Mapping[c.Parse, tuple[tuple[Any, ...], Plain]]] = {
    c.text: ((str, str | None, Id | None), Plain(True, _texts)),
    c.telephone: ((str, Number), Plain(True, _matching(_E164))),
    email_address: ((str, Number), Plain(True, _email_addresses)),
    c.money: ((Money | None,), Plain(True, _amounts)),
    c.day: ((CalendarDay | None,), Plain(True, _days)),
    c.instant: ((AwareDatetime | None,), Plain(True, _matching(f"^{_INSTANT}$"))),
    c.instant_or_day: ((AwareDatetime | CalendarDay | None,), Plain(True, _instants_and_days)),
    read_zip: ((Address.model_fields["zip"].annotation,), Plain(True, _matching(_ZIP))),
    c.truth: ((bool | None,), Plain(False, _truths)),
    c.whole_number: ((int | None,), Plain(False, _whole_numbers)),
    c.listing: ((tuple[str, ...] | None,), Plain(False, _lists)),
}
"""By the reader of their cells: of fields of which types, and how they are written."""
