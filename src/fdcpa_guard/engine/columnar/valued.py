"""Facts that lie within what many rows say alike: what a notice states, how a number was come by, what is on file of debts.

Such a thing as a whole is one value with one code. What is asked of it is asked once for each value that occurs, and of no
object of a communication.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from fdcpa_guard.engine.columnar.bucket import NO_DEBT, Bucket
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, UNSAID_NUMBER, Array, Column, column_of, distinct_rows
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.facts.bind import World
from fdcpa_guard.facts.naming import identifies_debt
from fdcpa_guard.facts.provenance import UNSAID, Provenance, says_of_any
from fdcpa_guard.facts.stated import StatedOf, is_same_account, is_same_name
from fdcpa_guard.values import Kind

Reader: TypeAlias = Callable[[Frame, Array, Kind], Column]
"""What each row says of a fact of the entry beside it."""

_STATED: Final = re.compile(r"x\.stated\.(\w+)")
_ON_FILE: Final = re.compile(r"f\.debts_on_file\(x\)\.(\w+)")
_PROVENANCE: Final = re.compile(r"f\.provenance_of\(x\)\.(\w+)")
_DATED: Final = re.compile(r"w\.(first_instant|end_instant)\(f\.provenance_of\(x\)\.(\w+)\)")
_APART: Final = "w.days_between(f.provenance_of(x).since, f.provenance_of(x).opt_out_ends)"


def valued(text: str) -> Reader | None:
    """The reader of an expression with `x` for the entry; None where the fact is of another kind."""
    if match := _STATED.fullmatch(text):
        return _stated(match[1])
    if match := _ON_FILE.fullmatch(text):
        return _on_file(match[1])
    if match := _PROVENANCE.fullmatch(text):
        return _came_by(match[1])
    if match := _DATED.fullmatch(text):
        return _instant(match[1], match[2])
    return _OTHERS.get(text)


# -- what a communication states -----------------------------------------------------------------------------------------------


def _of_values(bucket: Bucket, codes: Array, read: Callable[[Any], Any], kind: Kind) -> Column:
    """What is read of each value, None of what is unsaid."""
    distinct, places = np.unique(codes, return_inverse=True)
    values = bucket.codes.values
    said = [None if code == UNSAID_CODE else read(values[code]) for code in distinct.tolist()]
    return column_of(said, kind, bucket.codes).take(places.reshape(-1))


def _stated_column(bucket: Bucket, attribute: str, kind: Kind) -> Column:
    def made() -> Column:
        codes = bucket.entry_column("stated", Kind.TEXT).data
        return _of_values(bucket, codes, lambda stated: getattr(stated, attribute), kind)

    return bucket.kept(f"stated {attribute}", made)


def _stated(attribute: str) -> Reader:
    return lambda frame, x, kind: _stated_column(frame.bucket, attribute, kind).take(x)


def _of_distinct(frame: Frame, columns: Sequence[Array], read: Callable[..., Any], kind: Kind) -> Column:
    """What is read of the texts of each row, asked once for each combination."""
    values = [*frame.bucket.codes.values, None]
    firsts, places = distinct_rows(list(columns))
    asked = zip(*(column[firsts].tolist() for column in columns), strict=True)
    return column_of([read(*(values[code] for code in each)) for each in asked], kind, frame.bucket.codes).take(places)


def _of_debt(frame: Frame, attribute: str) -> Array:
    data = frame.bucket.debt_column(attribute, Kind.TEXT).data
    return np.append(data, np.int32(UNSAID_CODE))[frame.d]


def _account_as_stated(frame: Frame, x: Array, kind: Kind) -> Column:
    stated = _stated_column(frame.bucket, "account_suffix", Kind.TEXT).data[x]
    return _of_distinct(frame, [stated, _of_debt(frame, "account_suffix")], is_same_account, kind)


def _creditor_as_stated(frame: Frame, x: Array, kind: Kind) -> Column:
    stated = _stated_column(frame.bucket, "current_creditor", Kind.TEXT).data[x]
    return _of_distinct(frame, [stated, _of_debt(frame, "creditor")], is_same_name, kind)


def _identified_in_subject(frame: Frame, x: Array, kind: Kind) -> Column:
    # A debt that nobody names has no creditor, and so it is unknown.
    columns = [frame.bucket.entry_column("subject", Kind.TEXT).data[x]]
    columns.extend(_of_debt(frame, name) for name in ("creditor", "original_creditor", "account_suffix"))
    return _of_distinct(frame, columns, identifies_debt, kind)


def _on_file(attribute: str) -> Reader:
    """What the file has of the debts of a communication, all of it worked out when the first of it is asked for."""

    def found(frame: Frame, x: Array, kind: Kind) -> Column:
        bucket = frame.bucket
        known: dict[int, StatedOf | None] = bucket.picked.setdefault(_on_file, {})
        distinct, places = np.unique(x, return_inverse=True)
        values: list[Any] = []
        for index in distinct.tolist():
            if index not in known:
                known[index] = bucket.on_file(index)
            filed = known[index]
            values.append(None if filed is None else getattr(filed, attribute))
        return column_of(values, kind, bucket.codes).take(places.reshape(-1))

    return found


# -- how a number or address was come by ---------------------------------------------------------------------------------------


def _provenance(bucket: Bucket) -> Array:
    """How the collector came by the number or address of each entry, as a code."""
    return bucket.by_address(
        "provenance", lambda file: file.provenances if says_of_any(file.consumer) else {}, apart=True
    ).data


def _came_by(attribute: str) -> Reader:
    def found(frame: Frame, x: Array, kind: Kind) -> Column:
        bucket = frame.bucket

        def made() -> Column:
            return _of_values(bucket, _provenance(bucket), lambda known: getattr(known, attribute), kind)

        return bucket.kept(f"came by {attribute}", made).take(x)

    return found


def _by_clock(frame: Frame, x: Array, read: Callable[[World, Provenance], int | None]) -> Column:
    """What is read of a provenance by the clock of each row's location."""
    bucket = frame.bucket
    codes = _provenance(bucket)[x]
    data = np.full(frame.rows, UNSAID_NUMBER, np.int64)
    rows = np.flatnonzero(codes != UNSAID_CODE)
    if len(rows):
        zones, w = frame.zone[rows], frame.w[rows]
        firsts, places = distinct_rows([codes[rows], zones])
        asked = zip(codes[rows][firsts].tolist(), w[firsts].tolist(), strict=True)
        found = [read(bucket.worlds[world], bucket.codes.values[code]) for code, world in asked]
        data[rows] = column_of(found, Kind.NUMBER, bucket.codes).take(places).data
    return Column(data, True)


def _instant(method: str, attribute: str) -> Reader:
    def read(world: World, known: Provenance) -> int | None:
        found: int | None = getattr(world, method)(getattr(known, attribute))
        return found

    return lambda frame, x, _: _by_clock(frame, x, read)


def _opt_out_days(frame: Frame, x: Array, _: Kind) -> Column:
    return _by_clock(frame, x, lambda world, known: world.days_between(known.since, known.opt_out_ends))


def _number_given(frame: Frame, x: Array, kind: Kind) -> Column:
    """See `ConsumerFile.number_given_for`."""
    bucket = frame.bucket
    codes, d, consumer = _provenance(bucket)[x], frame.d, frame.consumer
    firsts, places = distinct_rows([codes, d])
    values: list[bool | None] = []
    asked = zip(codes[firsts].tolist(), d[firsts].tolist(), consumer[firsts].tolist(), strict=True)
    for code, debt, owner in asked:
        given_for = (UNSAID if code == UNSAID_CODE else bucket.codes.values[code]).given_for
        if debt == NO_DEBT or given_for is None:
            values.append(None)
        else:
            values.append(any(bucket.key_of(owner, each) == bucket.debts[debt].key for each in given_for))
    return column_of(values, kind, bucket.codes).take(places)


_OTHERS: Final[dict[str, Reader]] = {
    "f.account_as_stated(x, d)": _account_as_stated,
    "f.current_creditor_as_stated(x, d)": _creditor_as_stated,
    "f.identified_in_subject(x, d)": _identified_in_subject,
    "f.number_given_for(x, d)": _number_given,
    _APART: _opt_out_days,
}
