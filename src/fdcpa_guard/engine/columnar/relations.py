"""In what entries and events agree with what is judged, for many rows: `engine.relations`, column by column."""

from __future__ import annotations

import numpy as np

from fdcpa_guard.engine.columnar.bucket import NO_DEBT, DebtLists
from fdcpa_guard.engine.columnar.clocks import day_of_local, time_of_local
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, UNSAID_NUMBER, Array, Column, same_code
from fdcpa_guard.engine.columnar.facts import place_of
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.planes import Bools, Planes, constant, either, settled, where_known
from fdcpa_guard.engine.relations import ABOUT_THE_PAST, ONE_OF_A_KIND, PROFESSIONALS
from fdcpa_guard.facts.clock import weekday_name
from fdcpa_guard.facts.events import HoursOf
from fdcpa_guard.rulefile.model import Same
from fdcpa_guard.values import Kind


def _entry(frame: Frame, name: str, x: Array, kind: Kind = Kind.TEXT) -> Column:
    return frame.bucket.entry_column(name, kind).take(x)


def _event(frame: Frame, name: str, kind: Kind = Kind.TEXT) -> Column:
    return frame.bucket.event_column(name, kind).take(frame.v)


def _among(frame: Frame, column: Column, names: frozenset[str]) -> Bools:
    """Whether a column of codes says one of some names."""
    codes = [frame.bucket.codes.of(name) for name in names]
    return np.isin(column.data, codes)


def _equal_where_known(one: Column, other: Column) -> Bools:
    found: Bools = (one.data == other.data) & (one.data != UNSAID_CODE)
    return found


def same_person(frame: Frame, entry: Array, subject: Array) -> Planes:
    role, other = _entry(frame, "person_role", entry), _entry(frame, "person_role", subject)
    ids = _entry(frame, "person_id", entry), _entry(frame, "person_id", subject)
    addresses = _entry(frame, "address", entry), _entry(frame, "address", subject)
    unknown = (role.data == UNSAID_CODE) | (other.data == UNSAID_CODE)
    differ = role.data != other.data
    one_id = _equal_where_known(*ids)
    both_named = (ids[0].data != UNSAID_CODE) & (ids[1].data != UNSAID_CODE)
    only_one = _among(frame, role, ONE_OF_A_KIND)
    one_address = _equal_where_known(*addresses)
    alike = only_one | np.where(both_named, one_id, one_address)
    maybe_alike = only_one | np.where(both_named, one_id, True)
    surely = ~unknown & ~differ & alike
    maybe = unknown | np.where(differ, one_id, maybe_alike)
    return Planes(surely, maybe)


def by_person(frame: Frame, subject: Array) -> Planes:
    """Whether an event is of the person contacted."""
    role = _entry(frame, "person_role", subject)
    said = _event(frame, "person_role")
    unknown = role.data == UNSAID_CODE
    nobody = said.data == UNSAID_CODE
    consumer = _among(frame, role, frozenset({"consumer"}))
    address = _equal_where_known(_event(frame, "address"), _entry(frame, "address", subject))
    # One that names nobody: the consumer's own; another's unsaid, but of a professional only by their address.
    unnamed_maybe = consumer | ~(_among(frame, role, PROFESSIONALS) & ~address)
    ids = _event(frame, "person_id"), _entry(frame, "person_id", subject)
    one_id = _equal_where_known(*ids)
    both_named = (ids[0].data != UNSAID_CODE) & (ids[1].data != UNSAID_CODE)
    differ = said.data != role.data
    only_one = _among(frame, role, ONE_OF_A_KIND)
    named_surely = ~differ & (only_one | one_id)
    named_maybe = np.where(differ, one_id, only_one | one_id | ~both_named)
    surely = ~unknown & np.where(nobody, consumer, named_surely)
    maybe = unknown | np.where(nobody, unnamed_maybe, named_maybe)
    return Planes(surely, maybe)


def _about(frame: Frame, lists: DebtLists, rows: Array, *, all_where_unsaid: bool) -> Planes:
    d = frame.d
    bucket = frame.bucket
    none = d == NO_DEBT
    keys = np.where(none, UNSAID_CODE - 1, bucket.debt_key[d]) if len(bucket.debt_key) else np.full(len(d), -2, np.int32)
    unknown = none | (lists.lengths[rows] == 0)
    about = lists.hold(rows, keys)
    if all_where_unsaid:
        every = lists.unsaid[rows]
        return Planes(every | (about & ~unknown), every | about | unknown)
    if not unknown.any():
        return settled(about)
    return Planes(about & ~unknown, about | unknown)


def entry_agrees(same: Same, frame: Frame, entry: Array, subject: Array) -> Planes:
    bucket = frame.bucket
    match same:
        case Same.CONSUMER:
            return constant(True, frame.rows)
        case Same.PERSON:
            return same_person(frame, entry, subject)
        case Same.DEBT:
            return _about(frame, bucket.debts_named, entry, all_where_unsaid=False)
        case Same.DEBT_DISCUSSED:
            return _about(frame, bucket.debts_discussed, entry, all_where_unsaid=False)
        case Same.ADDRESS:
            return same_code(_entry(frame, "address", entry), _entry(frame, "address", subject))
        case Same.CHANNEL | Same.MEDIUM:
            return same_code(_entry(frame, "channel", entry), _entry(frame, "channel", subject))
        case Same.PLACE:
            return same_code(place_of(frame, entry), place_of(frame, subject))
        case Same.AGENT:
            return same_code(_entry(frame, "agent", entry), _entry(frame, "agent", subject))
        case Same.HOURS:
            zones = bucket.zones
            one = day_of_local(zones.local(bucket.at[entry], frame.zone))
            other = day_of_local(zones.local(bucket.at[subject], frame.zone))
            return where_known(one == other, one != UNSAID_NUMBER)


def event_agrees(same: Same, frame: Frame, subject: Array) -> Planes:
    bucket = frame.bucket
    match same:
        case Same.CONSUMER | Same.AGENT:
            return constant(True, frame.rows)
        case Same.PERSON:
            return by_person(frame, subject)
        case Same.DEBT | Same.DEBT_DISCUSSED:
            return _about(frame, bucket.event_debts, frame.v, all_where_unsaid=True)
        case Same.ADDRESS:
            return same_code(_event(frame, "address"), _entry(frame, "address", subject))
        case Same.CHANNEL:
            return _any_or_same(_event(frame, "channel"), _entry(frame, "channel", subject))
        case Same.MEDIUM:
            channel = _any_or_same(_event(frame, "channel"), _entry(frame, "channel", subject))
            address = _any_or_same(_event(frame, "address"), _entry(frame, "address", subject))
            return Planes(channel.surely & address.surely, channel.maybe & address.maybe)
        case Same.PLACE:
            return same_code(_event(frame, "place"), place_of(frame, subject))
        case Same.HOURS:
            return _names_hours(frame, subject)


def _any_or_same(said: Column, of_subject: Column) -> Planes:
    return either(settled(said.data == UNSAID_CODE), same_code(said, of_subject))


def _names_hours(frame: Frame, subject: Array) -> Planes:
    """Whether what is judged falls in the hours that an event names; in any, where it names none."""
    bucket = frame.bucket
    codes = bucket.event_column("hours", Kind.TEXTS).data[frame.v]
    surely, maybe = np.ones(frame.rows, bool), np.ones(frame.rows, bool)
    for code in np.unique(codes[codes != UNSAID_CODE]).tolist():
        rows = np.flatnonzero(codes == code)
        local = bucket.zones.local(bucket.at[subject[rows]], frame.zone[rows])
        day, time = day_of_local(local), time_of_local(local)
        covered = np.zeros(len(rows), bool)
        for hours in bucket.codes.values[code]:
            covered |= _cover(hours, day, time)
        lost = local == UNSAID_NUMBER
        surely[rows], maybe[rows] = covered & ~lost, covered | lost
    return Planes(surely, maybe)


def _cover(hours: HoursOf, day: Array, time: Array) -> Bools:
    """See `HoursOf.cover`."""
    named = np.array([hours.days is None or weekday_name(number) in hours.days for number in range(7)], bool)
    today, yesterday = named[day % 7], named[(day - 1) % 7]
    found: Bools
    if hours.start < hours.stop:
        found = (hours.start <= time) & (time < hours.stop) & today
    else:
        found = np.where(time >= hours.start, today, (time < hours.stop) & yesterday)
    return found


def began_by(frame: Frame, at: Array, subject: Array) -> Bools:
    """Whether an event had happened by an instant; what was given in a communication came after it."""
    bucket = frame.bucket
    ids, given_in = bucket.ids
    in_it = (given_in[frame.v] == ids[subject]) & (ids[subject] != UNSAID_CODE)
    past = _among(frame, _event(frame, "type"), ABOUT_THE_PAST)
    found: Bools = ((bucket.event_at[frame.v] <= at) | past) & ~in_it
    return found


def has_lapsed(frame: Frame, at: Array) -> Planes:
    """Whether an event's own time is over by an instant; unknown of one that ends before it begins."""
    ends = frame.bucket.event_column("ends", Kind.INSTANT)
    data = ends.data[frame.v]
    stated = data != UNSAID_NUMBER
    if not stated.any():
        return constant(False, frame.rows)
    odd = stated & (data < frame.bucket.event_at[frame.v])
    over = stated & (at >= data)
    return Planes(over & ~odd, over | odd)
