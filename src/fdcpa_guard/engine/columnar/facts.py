"""Facts as columns: what each row says of a fact of the vocabulary.

A fact that is an attribute is read from its column. Others that logs are full of have a reader here, under the very
expression that `facts.access` has for them. Every other fact is read by that expression, once for each thing of which it
speaks: rare facts have one meaning in one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np

from fdcpa_guard.engine.columnar.bucket import NO_DEBT
from fdcpa_guard.engine.columnar.clocks import day_of_local, time_of_local
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, UNSAID_NUMBER, Array, Column, column_of, unsaid_of
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.interpreted_conditions import READERS
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.facts.bind import EASTERN
from fdcpa_guard.facts.clock import clock_of, weekday_name
from fdcpa_guard.values import Kind

_ATTRIBUTE: Final = re.compile(r"([cev])\.(\w+)")
_OF_DEBT: Final = re.compile(r"\(None if d is None else d\.(\w+)\)")
_OF_CONSUMER: Final = re.compile(r"f\.consumer\.(\w+)")
_OF_COLLECTOR: Final = re.compile(r"f\.collector\.(\w+)")
_THINGS: Final = re.compile(r"\b[cevdw]\b")
_SUBJECT: Final = re.compile(r"\b[ce]\b")

_Reader = Callable[[Frame, Array, Kind], Column]


@cache
def is_native(name: str) -> bool:
    """Whether a fact has columns or a reader of its own here, so that it costs little for very many rows."""
    return _reader(name) is not by_definition


def read(name: str, kind: Kind, frame: Frame) -> Column:
    """What each row of a frame says of a fact."""
    return _reader(name)(frame, name, kind)


@cache
def _reader(name: str) -> Callable[[Frame, str, Kind], Column]:
    text = EXPRESSIONS[name]
    if match := _ATTRIBUTE.fullmatch(text):
        return _attribute(*match.groups())
    if match := _OF_DEBT.fullmatch(text):
        return _of_debt(match[1])
    if match := _OF_CONSUMER.fullmatch(text):
        attribute = match[1]
        return lambda frame, _, kind: frame.bucket.consumer_column(attribute, kind).take(frame.consumer)
    if match := _OF_COLLECTOR.fullmatch(text):
        own = match[1]
        return lambda frame, _, kind: frame.bucket.consumer_facts(
            f"collector.{own}", kind, lambda file: getattr(file.collector, own)
        ).take(frame.consumer)
    subject = "e" if name.startswith("entry.") else "c"
    known = _NATIVE.get(_SUBJECT.sub("x", text))
    if known is not None and subject in _THINGS.findall(text):
        return lambda frame, _, kind: known(frame, frame.e if subject == "e" else frame.c, kind)
    if text == "w.state":
        return lambda frame, _, kind: _coded(frame.bucket.world_state[frame.w])
    if text == "w.day(v.at)":
        return lambda frame, _, kind: _numbered(frame.bucket.zones.day(frame.bucket.event_at[frame.v], frame.zone))
    return by_definition


def _coded(codes: Array) -> Column:
    return Column(codes, True)


def _numbered(numbers: Array) -> Column:
    return Column(numbers, bool((numbers == UNSAID_NUMBER).any()))


def _attribute(of: str, attribute: str) -> Callable[[Frame, str, Kind], Column]:
    if of == "v":
        if attribute == "at":
            return lambda frame, _, kind: Column(frame.bucket.event_at[frame.v], False)
        return lambda frame, _, kind: frame.bucket.event_column(attribute, kind).take(frame.v)
    if attribute == "at":
        return lambda frame, _, kind: Column(frame.bucket.at[getattr(frame, of)], False)
    return lambda frame, _, kind: frame.bucket.entry_column(attribute, kind).take(getattr(frame, of))


def _of_debt(attribute: str) -> Callable[[Frame, str, Kind], Column]:
    def found(frame: Frame, _: str, kind: Kind) -> Column:
        of_debts = frame.bucket.debt_column(attribute, kind)
        d = frame.d
        none = d == NO_DEBT
        if not none.any():
            return of_debts.take(d)
        if len(of_debts) == 0:
            data = np.full(len(d), unsaid_of(of_debts.data), of_debts.data.dtype)
            return Column(data, True)
        data = of_debts.data[d]
        data[none] = unsaid_of(data)
        return Column(data, True)

    return found


# -- facts that logs are full of -----------------------------------------------------------------------------------------


def _local(frame: Frame, x: Array) -> Array:
    """What the clock of each row's location shows at the instant of an entry."""
    return frame.bucket.zones.local(frame.bucket.at[x], frame.zone)


def _day(frame: Frame, x: Array, _: Kind) -> Column:
    return _numbered(day_of_local(_local(frame, x)))


def _time_of_day(frame: Frame, x: Array, _: Kind) -> Column:
    return _numbered(time_of_local(_local(frame, x)))


def _weekday(frame: Frame, x: Array, _: Kind) -> Column:
    days = day_of_local(_local(frame, x))
    names = np.array([frame.bucket.codes.of(weekday_name(day)) for day in range(7)], np.int32)
    found = names[days % 7]
    lost = days == UNSAID_NUMBER
    if lost.any():
        found[lost] = UNSAID_CODE
    return Column(found, bool(lost.any()))


def _eastern_time(frame: Frame, x: Array, _: Kind) -> Column:
    bucket = frame.bucket
    zone = bucket.zones.number(clock_of(EASTERN))
    local = bucket.zones.local(bucket.at[x], np.full(len(x), zone, np.int64))
    return Column(time_of_local(local), False)


def _of_address(stated: str | None, on_file: Callable[[Any], dict[str, str]]) -> _Reader:
    """What is stated of an entry, else what the file has of its number or address."""

    def made(frame: Frame, kind: Kind) -> Column:
        bucket = frame.bucket
        values = [None if stated is None else getattr(entry, stated) for entry in bucket.entries]
        filed = [on_file(file) for file in bucket.files]
        for index, consumer in enumerate(bucket.consumer.tolist()):
            address = bucket.entries[index].address
            if values[index] is None and address is not None and filed[consumer]:
                values[index] = filed[consumer].get(address)
        return column_of(values, kind, bucket.codes)

    def found(frame: Frame, x: Array, kind: Kind) -> Column:
        return frame.bucket.kept(f"of address {stated}", lambda: made(frame, kind)).take(x)

    return found


_place = _of_address("place", lambda file: file.places)
_line = _of_address(None, lambda file: file.lines)


def place_of(frame: Frame, x: Array) -> Column:
    """The place of an entry's number or address."""
    return _place(frame, x, Kind.NAME)


def _about_one_debt(frame: Frame, x: Array, _: Kind) -> Column:
    lengths = frame.bucket.debts_named.lengths[x]
    data = np.where(lengths == 0, -1, lengths == 1).astype(np.int8)
    return Column(data, bool((lengths == 0).any()))


_NATIVE: Final[dict[str, _Reader]] = {
    "w.day(x.at)": _day,
    "w.weekday(x.at)": _weekday,
    "w.time_of_day(x.at)": _time_of_day,
    "f.eastern_time(x)": _eastern_time,
    "f.place_of(x)": _place,
    "f.line_of(x)": _line,
    "f.about_one_debt(x)": _about_one_debt,
}
"""By the expression that reads the fact of one communication, with `x` for it."""


# -- by the scalar reader ------------------------------------------------------------------------------------------------


def by_definition(frame: Frame, name: str, kind: Kind) -> Column:
    """What the scalar reader of a fact says, asked once for each combination of the things that it speaks of."""
    bucket = frame.bucket
    text = EXPRESSIONS[name]
    things = sorted(set(_THINGS.findall(text)))
    arrays = [getattr(frame, thing) for thing in things]
    if not re.search(r"\bf\b", text):
        consumer = None
    else:
        consumer = frame.consumer
        arrays.append(consumer)
    if not arrays:
        arrays = [np.zeros(frame.rows, np.int64)]
    firsts, places = distinct_rows(arrays)
    reader = READERS[name]
    values: list[Any] = []
    picked = {thing: getattr(frame, thing)[firsts].tolist() for thing in things}
    owners = [None] * len(firsts) if consumer is None else consumer[firsts].tolist()
    for row in range(len(firsts)):
        c = bucket.entries[picked["c"][row]] if "c" in picked else None
        e = bucket.entries[picked["e"][row]] if "e" in picked else None
        v = bucket.events[picked["v"][row]] if "v" in picked else None
        number = picked["d"][row] if "d" in picked else NO_DEBT
        d = None if number == NO_DEBT else bucket.debts[number]
        w = bucket.worlds[picked["w"][row]] if "w" in picked else None
        owner = owners[row]
        f = None if owner is None else bucket.files[owner]
        values.append(reader(c, e, v, d, f, w))  # type: ignore[arg-type]  # it reads those that its expression names
    return column_of(values, kind, bucket.codes).take(places)


def distinct_rows(arrays: list[Array]) -> tuple[Array, Array]:
    """The first row of each combination of values that occurs, and for each row which combination it is."""
    combined: Array | None = None
    for array in arrays:
        low = int(array.min(initial=0))
        size = int(array.max(initial=0)) - low + 1
        shifted = array.astype(np.int64) - low
        if combined is None:
            combined, total = shifted, size
            continue
        if total * size >= 1 << 62:
            combined = np.unique(combined, return_inverse=True)[1].astype(np.int64)
            total = len(combined) + 1
        combined = combined * size + shifted
        total *= size
    assert combined is not None
    _, firsts, places = np.unique(combined, return_index=True, return_inverse=True)
    return firsts, places.reshape(-1)
