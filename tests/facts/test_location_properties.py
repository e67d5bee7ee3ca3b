"""Laws of possible locations, over addresses and numbers of every kind."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.facts.locations import possible_locations
from fdcpa_guard.facts.models import Address, Consumer, Phone

ZIPS = ["78701", "10001", "11001", "60601", "60707", "32501", "86045", "09010", "00000", "00901", "83549"]
ZONES = ["America/Chicago", "US/Eastern", "Pacific/Guam", "Etc/UTC"]

texts = st.none() | st.sampled_from(["Chicago", "New York", "Kings", "Buffalo", "Floral Park", "?"])
addresses = st.builds(
    Address,
    kind=st.sampled_from(["home", "mailing", "work", "former"]),
    city=texts,
    county=texts,
    state=st.none() | st.sampled_from(["TX", "NY", "IL", "FL", "AZ", "AE", "PR", "ZZ", "ny"]),
    zip=st.none() | st.sampled_from(ZIPS) | st.from_regex(r"[0-9]{5}", fullmatch=True),
)
numbers = st.integers(200, 999).map(lambda code: f"+1{code}5550100") | st.sampled_from(
    ["+442079460123", "+18005550100", "anonymous", "512 555 0100", "+1512"]
)
phones = st.builds(Phone, number=numbers)
consumers = st.builds(
    Consumer,
    addresses=st.lists(addresses, max_size=3).map(tuple),
    phones=st.lists(phones, max_size=3).map(tuple),
    time_zones=st.just(()),
)
called = st.none() | numbers


def places(consumer: Consumer, number: str | None) -> set[tuple[str | None, str | None, str | None]]:
    return {(place.state, place.city, place.zone) for place in possible_locations(consumer, number)}


@given(consumers, called, addresses)
def test_one_more_address_never_removes_a_location(consumer, number, address):
    more = consumer.model_copy(update={"addresses": (*consumer.addresses, address)})
    assert places(consumer, number) <= places(more, number)


@given(consumers, called, phones)
def test_one_more_number_never_removes_a_location(consumer, number, phone):
    more = consumer.model_copy(update={"phones": (*consumer.phones, phone)})
    assert places(consumer, number) <= places(more, number)


@given(consumers, called)
def test_the_order_of_addresses_and_numbers_does_not_matter(consumer, number):
    turned = consumer.model_copy(
        update={"addresses": consumer.addresses[::-1], "phones": consumer.phones[::-1]}
    )
    assert places(consumer, number) == places(turned, number)


@given(consumers, called)
def test_every_zone_can_be_loaded_and_no_place_comes_twice(consumer, number):
    found = possible_locations(consumer, number)
    assert len(found) == len({(place.state, place.city, place.zone) for place in found})
    for place in found:
        assert place.zone is None or ZoneInfo(place.zone).key == place.zone
        assert place.because


@given(consumers, called, st.lists(st.sampled_from(ZONES), min_size=1, max_size=2))
def test_stated_zones_change_no_state_and_leave_no_other_zone(consumer, number, zones):
    stated = consumer.model_copy(update={"time_zones": tuple(zones)})
    before, after = possible_locations(consumer, number), possible_locations(stated, number)
    if before:
        assert {(place.state, place.city) for place in before} == {
            (place.state, place.city) for place in after
        }
    assert len({place.zone for place in after}) == len(set(zones))


@given(consumers, called)
def test_the_same_question_has_the_same_answer(consumer, number):
    assert possible_locations(consumer, number) == possible_locations(consumer.model_copy(), number)


@given(st.text(max_size=30) | st.text(alphabet="+()-. x0123456789", max_size=24))
def test_no_text_in_place_of_a_number_is_an_error(text):
    for place in possible_locations(Consumer(), text):
        assert place.zone is not None
