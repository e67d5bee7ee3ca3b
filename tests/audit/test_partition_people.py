"""Consumers of whom no object is made say what their objects say: where they may be, and what is on file of their numbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.auditing.consumers import merged_accounts
from fdcpa_guard.auditing.partitions.people import people
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, Codes
from fdcpa_guard.engine.columnar.people import People
from fdcpa_guard.engine.columnar.whereabouts import Whereabouts
from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.area_codes import one_of_its_place
from fdcpa_guard.facts.bind import NOWHERE, ConsumerFile, World
from fdcpa_guard.facts.importers.rows import AccountFacts
from fdcpa_guard.facts.locations import possible_locations
from fdcpa_guard.facts.models import Address, Collector, Consumer, Email, Phone
from fdcpa_guard.facts.provenance import UNSAID, says_of_any

COLLECTOR = Collector(kind="third_party_collector")
NUMBERS = ("+15125550100", "512-555-0100", "+12125550101", "+18005550102", "somebody")
CALLED = (None, *NUMBERS, "+15125550199", "+442079460000", "+12345550100")
EMAILS = ("pat@example.com", "PAT@example.com", "lee@example.org")
PLACES = st.none() | st.sampled_from(["personal", "home", "work", "unknown"])
DATES = st.none() | st.sampled_from([date(2026, 3, 1), datetime(2026, 3, 1, 12, tzinfo=UTC)])

phones = st.builds(
    Phone, number=st.sampled_from(NUMBERS), line=st.none() | st.sampled_from(["mobile", "landline", "unknown"]), place=PLACES,
    basis=st.none() | st.sampled_from(["consumer_used", "creditor_notice"]), checked_at=DATES,
    given_for=st.none() | st.just(("d1",)),
)  # fmt: skip
emails = st.builds(
    Email, address=st.sampled_from(EMAILS), place=PLACES, domain_public=st.none() | st.booleans(), opt_out_ends=DATES
)
addresses = st.builds(
    Address, kind=st.sampled_from(["home", "mailing", "work", "former"]), city=st.none() | st.just("New York"),
    state=st.none() | st.sampled_from(["TX", "NY", "in"]), zip=st.none() | st.sampled_from(["78701", "10001", "99999"]),
)  # fmt: skip
consumers = st.builds(
    Consumer, id=st.none() | st.just("ann"), addresses=st.lists(addresses, max_size=2).map(tuple),
    phones=st.lists(phones, max_size=3).map(tuple), emails=st.lists(emails, max_size=2).map(tuple),
    time_zones=st.sampled_from([(), (), ("America/Chicago",), ("US/Central", "America/New_York", "America/Chicago")]), language=st.none() | st.just("es"), deceased_at=DATES,
    minor=st.none() | st.booleans(), servicemember=st.none() | st.booleans(),
)  # fmt: skip


def body(consumer: Consumer) -> bytes:
    return consumer.model_dump_json(exclude_none=True, by_alias=True).encode()


def told(said: Consumer, rows: int) -> Consumer:
    return said if rows == 1 else merged_accounts([AccountFacts("", 0, "", said)] * rows)[0]


def filed(found: People, which: str, apart: bool) -> Callable[[int, str], Any]:
    """What the columns have of a number or address."""
    codes = Codes()
    read = READS[which]
    looked = (
        found.filed_apart(read, codes, COLLECTOR) if apart else found.filed_alike(found.by_profile(read, COLLECTOR), codes)
    )

    def look_up(number: int, address: str) -> Any:
        code = looked.look_up(np.array([number]), codes.all([address]))[0]
        return None if code == UNSAID_CODE else codes.values[code]

    return look_up


READS: dict[str, Callable[[ConsumerFile], Mapping[str, Hashable]]] = {
    "lines": lambda file: file.lines,
    "places": lambda file: file.places,
    "provenance": lambda file: file.provenances if says_of_any(file.consumer) else {},
}
FACTS: dict[str, Callable[[ConsumerFile], Any]] = {
    "outside work": lambda file: file.number_outside_work,
    "work email": lambda file: file.work_email_on_file,
    "language": lambda file: file.consumer.language,
    "zones": lambda file: bool(file.consumer.time_zones),
    "death": lambda file: file.consumer.deceased_at is not None,
    "minor": lambda file: file.consumer.minor,
    "served": lambda file: file.consumer.servicemember,
}


@given(st.lists(st.tuples(consumers, st.integers(1, 2)), min_size=1, max_size=5))
def test_they_are_as_ever(said: list[tuple[Consumer, int]]) -> None:
    found = people([(body(each), rows) for each, rows in said])
    files = [ConsumerFile(collector=COLLECTOR, consumer=told(each, rows)) for each, rows in said]
    assert list(found.whole) == [file.consumer for file in files]
    for read in FACTS.values():
        of_profiles = found.by_profile(read, COLLECTOR)
        assert [of_profiles[profile] for profile in found.profile.tolist()] == [read(file) for file in files]
    for number, file in enumerate(files):
        for called in (None, NUMBERS[2]):
            assert found.locations(number, called) == possible_locations(file.consumer, called)


@given(st.lists(consumers, min_size=1, max_size=5), st.lists(st.sampled_from(CALLED), min_size=1, max_size=3))
def test_they_may_be_where_they_might_be_as_ever(said: list[Consumer], called: list[str | None]) -> None:
    where = Whereabouts(people([(body(each), 1) for each in said]))
    asked = [(number, which) for number in range(len(said)) for which in range(len(called))]
    of_its_place = [None if each is None else one_of_its_place(each) for each in called]
    places, runs = where.of(*np.array(asked, np.int64).T, of_its_place)
    for (number, which), first, stop in zip(asked, runs.starts.tolist(), runs.starts[1:].tolist(), strict=False):
        found = [where.worlds[place] for place in places[first:stop].tolist()]
        wanted = [World(each) for each in possible_locations(said[number], called[which]) or (NOWHERE,)]
        assert [(each.state, each.city, each.clock) for each in found] == [(each.state, each.city, each.clock) for each in wanted]
    assert len({(each.state, each.city, each.clock) for each in where.worlds}) == len(where.worlds)


@pytest.mark.parametrize("which", READS)
@given(st.lists(consumers, min_size=1, max_size=5))
def test_what_is_on_file_of_their_numbers_is(which: str, said: list[Consumer]) -> None:
    look_up = filed(people([(body(each), 1) for each in said]), which, apart=which == "provenance")
    for number, each in enumerate(said):
        of_file = READS[which](ConsumerFile(collector=COLLECTOR, consumer=Consumer.model_validate_json(body(each))))
        for address in {one_address(text) for text in (*NUMBERS, *EMAILS)}:
            # Of one of whom something is on file another number may be there with nothing.
            nothing = UNSAID if which == "provenance" else None
            assert (look_up(number, address) or nothing) == of_file.get(address, nothing)


def test_of_whom_nothing_is_on_file_nothing_is_known() -> None:
    found = people([(None, 0)])
    assert list(found.whole) == [Consumer()]
    assert found.locations(0, None) == ()
    where = Whereabouts(found)
    places, runs = where.of(np.zeros(1, np.int64), np.zeros(1, np.int64), [None])
    assert (runs.starts.tolist(), [where.worlds[place].because for place in places.tolist()]) == ([0, 1], [NOWHERE.because])


def test_numbers_of_one_area_code_point_to_one_place() -> None:
    assert one_of_its_place("+15125550111") == one_of_its_place("+15129990000") != one_of_its_place("+12125550111")
    for other in ("512-555-0111", "+1512555011", "+151255501111", "+11125550111", "+442079460000"):
        assert one_of_its_place(other) == other
