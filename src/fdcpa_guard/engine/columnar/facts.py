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

from fdcpa_guard.engine.columnar.bucket import NO_DEBT, Bucket, Instant
from fdcpa_guard.engine.columnar.clocks import day_of_local, time_of_local
from fdcpa_guard.engine.columnar.columns import (
    UNSAID_CODE,
    UNSAID_NUMBER,
    Array,
    Column,
    column_of,
    distinct_rows,
    unsaid,
    unsaid_of,
)
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.notices import (
    answered,
    came_back,
    earliest_period_end,
    event_period_end,
    in_validation_period,
    period_end,
)
from fdcpa_guard.engine.columnar.spared import By, Spared, collectors, spared
from fdcpa_guard.engine.columnar.valued import valued
from fdcpa_guard.engine.interpreted_conditions import READERS
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.facts.bind import EASTERN
from fdcpa_guard.facts.clock import clock_of, weekday_name
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.locations import presumed_call_zone
from fdcpa_guard.values import Kind

_ATTRIBUTE: Final = re.compile(r"([cev])\.(\w+)")
_OF_DEBT: Final = re.compile(r"\(None if d is None else d\.(\w+)\)")
_OF_CONSUMER: Final = re.compile(r"f\.consumer\.(\w+)")
_OF_COLLECTOR: Final = re.compile(r"f\.collector\.(\w+)")
_PUT_TOGETHER: Final = re.compile(r"f\.debts_on_file\b|f\.answered\b|f\.in_validation_period\b|f\.number_given_for\b|_as_stated\b|f\.identified_in_subject\b|\bw\.\w+\(f\.")
"""What is put together of several things, so that it is asked late, and of few rows."""
_OF_ACTION: Final = re.compile(r"c\.(action\.\w+)")
_THINGS: Final = re.compile(r"\b[cevdw]\b")
_FILE: Final = re.compile(r"\bf\b")
_OF_PERSON: Final = re.compile(
    r"f\.(licensed_in|names_the_collector|displays_own_number|registers_alias|shows_person|working_hours)\b"
)
"""What is asked of a file that is read of the consumer and the collector alone."""
_OF_EVENTS: Final = re.compile(r"f\.(returned_at\(v|inconvenient_since|deceased_by)\b")
"""What is asked of a file that is read of the consumer, the collector, the debts and the events."""
_WHEN: Final = re.compile(r"\b([ce])\.at\b")
_TELLS_CONSUMER: Final = frozenset({"c", "e", "v"})
_SUBJECT: Final = re.compile(r"\b[ce]\b")

_Reader = Callable[[Frame, Array, Kind], Column]


@cache
def is_native(name: str) -> bool:
    """Whether a fact has columns or a reader of its own here, so that it costs little for very many rows."""
    return _reader(name) is not by_definition and not _PUT_TOGETHER.search(EXPRESSIONS[name])


def is_attribute(name: str) -> bool:
    """Whether a fact is what a communication says itself."""
    return _ATTRIBUTE.fullmatch(EXPRESSIONS[name]) is not None


def is_constant(name: str, frame: Frame) -> bool:
    """Whether a fact is seen to say the same of every row without any reader being asked."""
    found = _spared(name)
    if found is None:
        return False
    known = frame.known.get(found.may)
    if known is None:
        known = frame.known[found.may] = not found.may(frame, frame.c).any()
    return bool(known)


def read(name: str, kind: Kind, frame: Frame) -> Column:
    """What each row of a frame says of a fact."""
    return _reader(name)(frame, name, kind)


@cache
def _reader(name: str) -> Callable[[Frame, str, Kind], Column]:
    text = EXPRESSIONS[name]
    if match := _ATTRIBUTE.fullmatch(text):
        return _attribute(*match.groups())
    if match := _OF_ACTION.fullmatch(text):
        of_action = match[1]
        return lambda frame, _, kind: frame.bucket.entry_column(of_action, kind).take(frame.c)
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
    of_value = valued(_SUBJECT.sub("x", text))
    if of_value is not None:
        return lambda frame, name, kind: of_value(frame, _subject(frame, name), kind)
    if text == "f.came_back(v, c.at)":
        return lambda frame, _, kind: came_back(frame)
    if text == "f.answered(v, d, c.at)":
        return lambda frame, _, kind: answered(frame)
    if text == "f.licensed_in(w.state)":
        return _licensed
    if text == "(v.hours is not None)":
        return _has_hours
    if text == "w.validation_period_end(v.at, v.medium, v.period_ends, v.received_at)":
        return lambda frame, _, kind: event_period_end(frame)
    if text == "f.in_validation_period(v, d, c.at, w)":
        return lambda frame, _, kind: in_validation_period(frame)
    if _FILE.search(text) and not _THINGS.search(text):
        reader = READERS[name]
        return lambda frame, _, kind: frame.bucket.consumer_facts(
            name, kind, lambda file: reader(None, None, None, None, file, None)  # type: ignore[arg-type]  # it reads the file alone
        ).take(frame.consumer)
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


def _line(frame: Frame, x: Array, _: Kind) -> Column:
    return frame.bucket.by_address("lines", lambda file: file.lines).take(x)


def _place(frame: Frame, x: Array, _: Kind) -> Column:
    """What is stated of an entry, else what the file has of its number or address."""
    bucket = frame.bucket

    def made() -> Column:
        stated = bucket.entry_column("place", Kind.NAME).data
        filed = bucket.by_address("places", lambda file: file.places).data
        return Column(np.where(stated == UNSAID_CODE, filed, stated), True)

    return bucket.kept("place", made).take(x)


def place_of(frame: Frame, x: Array) -> Column:
    """The place of an entry's number or address."""
    return _place(frame, x, Kind.NAME)


def _about_one_debt(frame: Frame, x: Array, _: Kind) -> Column:
    lengths = frame.bucket.debts_named.lengths[x]
    data = np.where(lengths == 0, -1, lengths == 1).astype(np.int8)
    return Column(data, bool((lengths == 0).any()))


def _called_number_time(frame: Frame, x: Array, _: Kind) -> Column:
    """What the clock of the number called shows, asked for once for each number."""
    bucket = frame.bucket
    addresses = bucket.entry_column("address", Kind.TEXT).data[x]
    firsts, places = distinct_rows([frame.consumer, addresses])
    zones: list[int] = []
    for consumer, address in zip(frame.consumer[firsts].tolist(), addresses[firsts].tolist(), strict=True):
        called = None if address == UNSAID_CODE else bucket.codes.values[address]
        zone = presumed_call_zone(bucket.persons[consumer].consumer, called)
        zones.append(bucket.zones.number(None if zone is None else clock_of(zone)))
    local = bucket.zones.local(bucket.at[x], np.array(zones, np.int64)[places])
    return _numbered(time_of_local(local))


def _has_hours(frame: Frame, _: str, __: Kind) -> Column:
    return Column((frame.bucket.event_column("hours", Kind.TEXTS).data[frame.v] != UNSAID_CODE).astype(np.int8), False)


def _licensed(frame: Frame, name: str, kind: Kind) -> Column:
    bucket = frame.bucket
    return _asked(frame, name, kind, lambda *_: [collectors(bucket)[frame.consumer], bucket.world_state[frame.w]])


_NATIVE: Final[dict[str, _Reader]] = {
    "w.day(x.at)": _day,
    "w.weekday(x.at)": _weekday,
    "w.time_of_day(x.at)": _time_of_day,
    "f.eastern_time(x)": _eastern_time,
    "f.place_of(x)": _place,
    "f.line_of(x)": _line,
    "f.about_one_debt(x)": _about_one_debt,
    "f.called_number_time(x)": _called_number_time,
    "w.earliest_validation_period_end(x.at, x.channel)": earliest_period_end,
    "w.validation_period_end(x.at, x.channel, x.period_ends, None)": period_end,
}
"""By the expression that reads the fact of one communication, with `x` for it."""


# -- by the scalar reader ------------------------------------------------------------------------------------------------


def by_definition(frame: Frame, name: str, kind: Kind) -> Column:
    """What the scalar reader of a fact says, of the rows of which it may say anything."""
    found = _spared(name)
    if found is None:
        return _asked(frame, name, kind, None)
    may = np.flatnonzero(found.may(frame, _subject(frame, name)))
    if len(may) == frame.rows:
        return _asked(frame, name, kind, found.by)
    if len(may) == 0:
        return _nothing(frame.rows, kind, found.otherwise)
    part = _asked(frame.take(may), name, kind, found.by).data
    data = np.full(frame.rows, unsaid_of(part) if found.otherwise is None else found.otherwise, part.dtype)
    data[may] = part
    return Column(data, True)


def _nothing(rows: int, kind: Kind, otherwise: bool | None) -> Column:
    return unsaid(rows, kind) if otherwise is None else Column(np.full(rows, otherwise, np.int8), False)


@cache
def _spared(name: str) -> Spared | None:
    return spared(_SUBJECT.sub("x", EXPRESSIONS[name]))


def _subject(frame: Frame, name: str) -> Array:
    """The entry that a fact is of. Where rows are of events alone, their facts are of no entry, and it is not looked at."""
    if name.startswith("entry."):
        return frame.e
    return frame.c if "c" in frame.speaks_of else frame.v


def _entry(bucket: Bucket, number: int, timed: bool) -> Entry | Instant:
    return Instant(int(bucket.at[number])) if timed else bucket.entries[number]


def _asked(frame: Frame, name: str, kind: Kind, by: By | None) -> Column:
    """What the scalar reader says, asked once for each combination of the things that it speaks of, or of `by`."""
    bucket = frame.bucket
    text = EXPRESSIONS[name]
    things = sorted(set(_THINGS.findall(text)))
    consumer = frame.consumer if _FILE.search(text) else None
    if by is not None:
        arrays = by(frame, _subject(frame, name))
    else:
        # Of a location most facts ask its clock alone.
        arrays = [frame.zone if thing == "w" and "w.state" not in text else getattr(frame, thing) for thing in things]
        if consumer is not None and not _TELLS_CONSUMER.intersection(things):
            arrays.append(consumer)
    if not arrays:
        arrays = [np.zeros(frame.rows, np.int64)]
    firsts, places = distinct_rows(arrays)
    reader = READERS[name]
    values: list[Any] = []
    picked = {thing: getattr(frame, thing)[firsts].tolist() for thing in things}
    files = bucket.persons if _OF_PERSON.search(text) else bucket.eventful if _OF_EVENTS.search(text) else bucket.files
    timed = {thing for thing in "ce" if not re.search(rf"\b{thing}\b", _WHEN.sub("", text))}
    """Of which entries nothing but the instant is read."""
    owners = [None] * len(firsts) if consumer is None else consumer[firsts].tolist()
    for row in range(len(firsts)):
        c = _entry(bucket, picked["c"][row], "c" in timed) if "c" in picked else None
        e = _entry(bucket, picked["e"][row], "e" in timed) if "e" in picked else None
        v = bucket.events[picked["v"][row]] if "v" in picked else None
        number = picked["d"][row] if "d" in picked else NO_DEBT
        d = None if number == NO_DEBT else bucket.debts[number]
        w = bucket.worlds[picked["w"][row]] if "w" in picked else None
        owner = owners[row]
        f = None if owner is None else files[owner]
        values.append(reader(c, e, v, d, f, w))  # type: ignore[arg-type]  # it reads those that its expression names
    return column_of(values, kind, bucket.codes).take(places)
