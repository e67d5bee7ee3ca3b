"""Where a consumer may be. Comment 6(b)(1)(i)-2: every place that the collector's knowledge points to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.locations import (
    Location,
    possible_locations,
    presumed_call_zone,
    states_of,
    zones_of,
)
from fdcpa_guard.facts.models import Address, Consumer, Phone

TEXAS_MOBILE = "+15125550100"
NEW_YORK_MOBILE = "+12125550100"
TOLL_FREE = "+18005550100"

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip


def consumer(*addresses: Address, phones: tuple[str, ...] = (), zones: tuple[str, ...] = ()) -> Consumer:
    return Consumer(
        addresses=addresses, phones=tuple(Phone(number=number) for number in phones), time_zones=zones
    )


def places(whose: Consumer, called: str | None = None) -> set[tuple[str | None, str | None, str | None]]:
    return {(place.state, place.city, place.zone) for place in possible_locations(whose, called)}


def zones_at(**address: str) -> set[str | None]:
    return set(zones_of(possible_locations(consumer(Address(**address)), None)))


def cities_at(**address: str) -> set[str | None]:
    return {place.city for place in possible_locations(consumer(Address(**address)), None)}


class TestWhatCounts:
    def test_nothing_known_gives_no_location(self):
        assert possible_locations(Consumer(), None) == ()

    def test_a_home_address_gives_its_state_and_zone(self):
        assert possible_locations(consumer(Address(zip="78701")), None) == (
            Location("TX", "", CENTRAL, "home address, ZIP 78701"),
        )

    def test_a_mailing_address_counts(self):
        assert places(consumer(Address(kind="mailing", zip="78701"))) == {("TX", "", CENTRAL)}

    @pytest.mark.parametrize("kind", ["work", "former"])
    def test_a_work_or_former_address_does_not_count(self, kind):
        assert places(consumer(Address(kind=kind, zip="78701", state="TX"))) == set()

    def test_the_number_called_counts(self):
        assert possible_locations(Consumer(), TEXAS_MOBILE) == (
            Location("TX", "", CENTRAL, "area code 512 of the number called"),
        )

    @pytest.mark.parametrize("line", ["mobile", "landline", "voip", "unknown", None])
    def test_a_number_on_file_counts_whatever_its_line(self, line):
        whose = Consumer(phones=(Phone(number=TEXAS_MOBILE, line=line),))
        assert possible_locations(whose, None) == (
            Location("TX", "", CENTRAL, "area code 512 of a number on file"),
        )

    def test_an_address_and_an_area_code_that_disagree_both_count(self):
        """A mobile number that moved with its owner."""
        assert places(consumer(Address(zip="78701")), NEW_YORK_MOBILE) == {
            ("TX", "", CENTRAL),
            ("NY", "NY-NYC", EASTERN),
        }

    def test_what_points_to_one_place_is_one_location_with_every_reason(self):
        whose = consumer(Address(zip="78701", state="TX"), phones=(TEXAS_MOBILE,))
        (only,) = possible_locations(whose, TEXAS_MOBILE)
        assert only.because == (
            "home address, ZIP 78701; area code 512 of a number on file; area code 512 of the number called"
        )

    def test_addresses_come_before_numbers_as_they_are_listed(self):
        whose = consumer(Address(zip="98101"), Address(kind="mailing", zip="02108"), phones=(TEXAS_MOBILE,))
        assert states_of(possible_locations(whose, NEW_YORK_MOBILE)) == ("WA", "MA", "TX", "NY")


class TestNumbers:
    @pytest.mark.parametrize(
        "number",
        ["+18005550100", "+18885550100", "+19005550100", "+15005550100", "+15215550100", "+881612345678"],
    )
    def test_a_number_without_a_place_says_nothing(self, number):
        assert places(consumer(phones=(number,)), number) == set()

    @pytest.mark.parametrize("number", ["+17105550100", "+1 (555) 555-0100"])
    def test_an_area_code_that_is_not_in_the_data_is_a_place_of_which_nothing_is_known(self, number):
        """It may be newer than the data; the home address does not settle where the consumer is."""
        assert places(Consumer(), number) == {(None, None, None)}

    @pytest.mark.parametrize(
        "number", ["", "anonymous", "512", "+1512555", "+151255501000", "a@example.com", "+1 999 555 0100", "+1 911 555 0100"]
    )
    def test_a_malformed_number_says_nothing(self, number):
        assert places(Consumer(), number) == set()

    @pytest.mark.parametrize(
        "number",
        ["5125550100", "15125550100", "(512) 555-0100", "512-555-0100", "+1 512 555 0100", "512.555.0100 x9"],
    )
    def test_a_number_may_be_written_in_any_way(self, number):
        assert places(Consumer(), number) == {("TX", "", CENTRAL)}

    def test_a_foreign_number_gives_a_zone_and_no_state(self):
        assert possible_locations(Consumer(), "+442079460123") == (
            Location(None, "", "Europe/London", "country code 44 of the number called"),
        )

    def test_a_canadian_number_gives_a_zone_and_no_state(self):
        assert places(Consumer(), "+14165550100") == {(None, "", "America/Toronto")}

    def test_the_numbering_plan_of_north_america_is_not_taken_for_another_country(self):
        """`+51` is Peru."""
        assert places(Consumer(), "+5112345678") == {(None, "", "America/Lima")}

    @pytest.mark.parametrize(
        ("area_code", "state", "zone"),
        [
            ("512", "TX", CENTRAL), ("617", "MA", EASTERN), ("404", "GA", EASTERN), ("303", "CO", MOUNTAIN),
            ("206", "WA", PACIFIC), ("415", "CA", PACIFIC), ("702", "NV", PACIFIC), ("202", "DC", EASTERN),
            ("480", "AZ", "America/Phoenix"), ("317", "IN", "America/Indiana/Indianapolis"),
            ("313", "MI", "America/Detroit"), ("808", "HI", "Pacific/Honolulu"), ("432", "TX", CENTRAL),
            ("915", "TX", MOUNTAIN), ("865", "TN", EASTERN), ("931", "TN", CENTRAL),
            ("787", "PR", "America/Puerto_Rico"), ("939", "PR", "America/Puerto_Rico"),
            ("671", "GU", "Pacific/Guam"), ("684", "AS", "Pacific/Pago_Pago"),
            ("670", "MP", "Pacific/Saipan"), ("340", "VI", "America/St_Thomas"),
        ],
    )  # fmt: skip
    def test_an_ordinary_area_code_gives_its_own_state_and_zone_alone(self, area_code, state, zone):
        assert places(Consumer(), f"+1{area_code}5550100") == {(state, "", zone)}

    @pytest.mark.parametrize(
        ("area_code", "state", "zones"),
        [
            ("850", "FL", {EASTERN, CENTRAL}),
            ("448", "FL", {EASTERN, CENTRAL}),
            ("423", "TN", {EASTERN, CENTRAL}),
            ("606", "KY", {EASTERN, CENTRAL}),
            ("270", "KY", {EASTERN, CENTRAL}),
            ("364", "KY", {EASTERN, CENTRAL}),
            ("219", "IN", {CENTRAL, "America/Indiana/Indianapolis"}),
            ("574", "IN", {CENTRAL, "America/Indiana/Knox", "America/Indiana/Indianapolis"}),
            ("812", "IN", {CENTRAL, "America/Indiana/Indianapolis", "America/Kentucky/Louisville"}),
            ("930", "IN", {CENTRAL, "America/Indiana/Indianapolis", "America/Kentucky/Louisville"}),
            ("605", "SD", {CENTRAL, MOUNTAIN}),
            ("701", "ND", {CENTRAL, MOUNTAIN}),
            ("785", "KS", {CENTRAL, MOUNTAIN}),
            ("620", "KS", {CENTRAL, MOUNTAIN}),
            ("308", "NE", {CENTRAL, MOUNTAIN}),
            ("402", "NE", {CENTRAL, MOUNTAIN}),
            ("531", "NE", {CENTRAL, MOUNTAIN}),
            ("208", "ID", {"America/Boise", PACIFIC}),
            ("986", "ID", {"America/Boise", PACIFIC}),
            ("541", "OR", {"America/Boise", PACIFIC}),
            ("458", "OR", {"America/Boise", PACIFIC}),
            ("906", "MI", {"America/Detroit", "America/Menominee"}),
            ("907", "AK", {"America/Anchorage", "America/Adak", "America/Juneau"}),
            ("928", "AZ", {"America/Phoenix", MOUNTAIN}),
            ("775", "NV", {PACIFIC, MOUNTAIN}),
        ],
    )
    def test_an_area_code_of_two_zones_loses_neither(self, area_code, state, zones):
        found = possible_locations(Consumer(), f"+1{area_code}5550100")
        assert states_of(found) == (state,)
        assert set(zones_of(found)) >= zones


class TestZipCodes:
    @pytest.mark.parametrize(
        ("zip_code", "zone"),
        [
            ("32501", CENTRAL), ("32301", EASTERN), ("37402", EASTERN), ("37405", EASTERN),
            ("37201", CENTRAL),
            ("79901", MOUNTAIN), ("79942", MOUNTAIN), ("97914", "America/Boise"), ("83814", PACIFIC),
            ("89883", MOUNTAIN), ("89101", PACIFIC), ("47708", CENTRAL), ("99634", "America/Anchorage"),
            ("96799", "Pacific/Pago_Pago"), ("96910", "Pacific/Guam"), ("96950", "Pacific/Saipan"),
            ("00802", "America/St_Thomas"), ("00901", "America/Puerto_Rico"), ("20001", EASTERN),
            ("78701-1234", CENTRAL), ("787011234", CENTRAL),
        ],
    )  # fmt: skip
    def test_a_zip_gives_its_zone(self, zip_code, zone):
        assert zones_at(zip=zip_code) == {zone}

    @pytest.mark.parametrize(
        ("zip_code", "because"),
        [
            ("83549", "Riggins, in the part of Idaho County whose ZIPs mostly keep Pacific time"),
            ("57532", "Fort Pierre, one of the two ZIPs of Stanley County"),
        ],
    )
    def test_a_zip_that_differs_from_most_of_its_county_gives_both_clocks(self, zip_code, because):
        assert len(zones_at(zip=zip_code)) == 2, because

    def test_phoenix_does_not_move_its_clocks(self):
        assert zones_at(zip="85001") == {"America/Phoenix"}

    @pytest.mark.parametrize("zip_code", ["86515", "86503", "86504", "86033", "86535", "86054"])
    def test_the_navajo_nation_moves_its_clocks(self, zip_code):
        """Window Rock, Chinle, Fort Defiance, Kayenta, Dennehotso, Shonto."""
        assert zones_at(zip=zip_code) == {MOUNTAIN}

    @pytest.mark.parametrize(("month", "apart"), [(1, timedelta(0)), (7, timedelta(hours=1))])
    def test_window_rock_and_phoenix_agree_in_winter_alone(self, month, apart):
        noon = datetime(2026, month, 15, 12, tzinfo=UTC)
        (window_rock,), (phoenix,) = zones_at(zip="86515"), zones_at(zip="85001")
        offsets = [noon.astimezone(ZoneInfo(zone)).utcoffset() for zone in (window_rock, phoenix)]
        assert offsets[0] - offsets[1] == apart

    @pytest.mark.parametrize("zip_code", ["86045", "86040", "86512", "86034", "86047"])
    def test_a_zip_partly_in_the_navajo_nation_gives_both_zones(self, zip_code):
        """Tuba City, Page, Sanders, Keams Canyon, Winslow."""
        assert zones_at(zip=zip_code) == {MOUNTAIN, "America/Phoenix"}

    @pytest.mark.parametrize("zip_code", ["85925", "86001", "86004", "86023", "86336"])
    def test_the_rest_of_northern_arizona_does_not_move_its_clocks(self, zip_code):
        assert zones_at(zip=zip_code) == {"America/Phoenix"}

    @pytest.mark.parametrize(("zip_code", "state"), [("34001", "AA"), ("09010", "AE"), ("96201", "AP")])
    def test_a_military_address_has_its_code_for_a_state_and_no_known_zone(self, zip_code, state):
        assert places(consumer(Address(zip=zip_code))) == {(state, "", None)}
        assert places(consumer(Address(state=state))) == {(state, "", None)}

    def test_a_zip_that_nobody_lists_is_a_place_that_is_not_known(self):
        (only,) = possible_locations(consumer(Address(zip="00000")), None)
        assert (only.state, only.city, only.zone) == (None, None, None)
        assert only.because == "home address, ZIP 00000, which the ZIP data do not have"

    def test_a_zip_that_nobody_lists_leaves_the_state_stated(self):
        assert places(consumer(Address(zip="00000", state="GA"))) == {("GA", "", EASTERN)}

    def test_a_zip_and_a_state_that_contradict_each_other_both_count(self):
        assert places(consumer(Address(zip="78701", state="GA"))) == {
            ("TX", "", CENTRAL),
            ("GA", "", EASTERN),
        }


class TestStatesWithoutZip:
    def test_a_state_of_one_zone_gives_it(self):
        assert places(consumer(Address(state="GA"))) == {("GA", "", EASTERN)}

    @pytest.mark.parametrize(
        ("state", "zones"),
        [
            ("FL", {EASTERN, CENTRAL}), ("TN", {EASTERN, CENTRAL}), ("TX", {CENTRAL, MOUNTAIN}),
            ("SD", {CENTRAL, MOUNTAIN}), ("NE", {CENTRAL, MOUNTAIN}), ("KS", {CENTRAL, MOUNTAIN}),
            ("AZ", {"America/Phoenix", MOUNTAIN}), ("OR", {PACIFIC, "America/Boise"}),
            ("ID", {PACIFIC, "America/Boise"}), ("MI", {"America/Detroit", "America/Menominee"}),
            ("NV", {PACIFIC, MOUNTAIN}),
        ],
    )  # fmt: skip
    def test_a_state_of_several_zones_gives_each(self, state, zones):
        assert zones_at(state=state) == zones

    def test_a_state_may_be_written_in_small_letters(self):
        assert places(consumer(Address(state="ga"))) == {("GA", "", EASTERN)}

    def test_the_district_of_columbia_is_a_state_code(self):
        assert places(consumer(Address(state="DC"))) == {("DC", "", EASTERN)}

    def test_a_code_that_is_no_state_is_a_place_that_is_not_known(self):
        assert places(consumer(Address(state="ZZ"))) == {(None, None, None)}

    def test_an_address_that_says_neither_state_nor_zip_says_nothing(self):
        assert places(consumer(Address(line="1 Example Street", city="Springfield"))) == set()


class TestCitiesWithLawOfTheirOwn:
    @pytest.mark.parametrize("zip_code", ["10001", "11201", "11101", "10451", "10301", "11004", "10200"])
    def test_a_zip_of_the_five_counties_is_new_york_city(self, zip_code):
        assert cities_at(zip=zip_code) == {"NY-NYC"}

    @pytest.mark.parametrize("zip_code", ["10701", "14201", "12207", "11501"])
    def test_another_zip_of_new_york_is_not_the_city(self, zip_code):
        assert cities_at(zip=zip_code) == {""}

    @pytest.mark.parametrize("county", ["Kings", "Kings County", "BRONX", "New York", "queens", "Richmond"])
    def test_a_stated_county_decides(self, county):
        assert cities_at(state="NY", county=county) == {"NY-NYC"}

    @pytest.mark.parametrize(
        "city", ["New York", "new york city", "NYC", "Brooklyn", "Staten Island", "Flushing"]
    )
    def test_a_stated_city_decides(self, city):
        assert cities_at(state="NY", city=city) == {"NY-NYC"}

    def test_another_city_or_county_of_the_state_is_surely_not_the_city(self):
        assert cities_at(state="NY", city="Buffalo") == {""}
        assert cities_at(state="NY", county="Erie") == {""}
        assert cities_at(state="IL", city="Springfield") == {""}

    def test_a_state_with_such_a_city_and_no_city_known_is_not_known(self):
        assert cities_at(state="NY") == {None}
        assert cities_at(state="IL") == {None}
        assert cities_at(state="NY", city="Nosuchplace") == {None}

    def test_a_name_on_either_side_of_the_line_is_not_known(self):
        """Floral Park lies in Queens and in Nassau County; Cook County is more than Chicago."""
        assert cities_at(state="NY", city="Floral Park") == {None}
        assert cities_at(state="IL", county="Cook") == {None}

    def test_chicago_by_zip_or_by_name(self):
        assert cities_at(zip="60601") == {"IL-CHI"}
        assert cities_at(state="IL", city="Chicago") == {"IL-CHI"}
        assert cities_at(zip="62701") == {""}

    def test_a_zip_that_chicago_shares_is_settled_by_the_name_of_the_city(self):
        assert cities_at(zip="60707") == {None}
        assert cities_at(zip="60707", city="Chicago") == {"IL-CHI"}
        assert cities_at(zip="60707", city="Elmwood Park") == {""}

    def test_a_zip_and_a_city_that_contradict_each_other_both_count(self):
        assert cities_at(zip="10001", city="Yonkers") == {"NY-NYC", ""}

    def test_a_city_of_the_same_name_elsewhere_is_not_it(self):
        assert cities_at(zip="78701", city="Chicago") == {""}
        assert cities_at(state="TX", city="New York") == {""}

    @pytest.mark.parametrize(
        ("area_code", "city"),
        [
            ("212", "NY-NYC"), ("646", "NY-NYC"), ("332", "NY-NYC"), ("312", "IL-CHI"),
            # The ZIP data list these beyond the city's line too.
            ("917", None), ("347", None), ("718", None), ("929", None), ("773", None), ("872", None),
            ("914", None), ("708", None), ("315", ""), ("934", ""), ("217", ""), ("512", ""),
        ],
    )  # fmt: skip
    def test_an_area_code_lies_in_the_city_only_where_all_its_zips_do(self, area_code, city):
        found = possible_locations(Consumer(), f"+1{area_code}5550100")
        assert {place.city for place in found} == {city}


class TestStatedTimeZones:
    def test_a_stated_zone_takes_the_place_of_the_zones_and_not_of_the_states(self):
        whose = consumer(Address(zip="78701"), phones=(NEW_YORK_MOBILE,), zones=(PACIFIC,))
        assert places(whose) == {("TX", "", PACIFIC), ("NY", "NY-NYC", PACIFIC)}

    def test_every_state_takes_each_stated_zone(self):
        whose = consumer(Address(state="FL"), zones=(EASTERN, CENTRAL))
        assert possible_locations(whose, None) == (
            Location("FL", "", EASTERN, "stated time zone America/New_York, home address, state FL"),
            Location("FL", "", CENTRAL, "stated time zone America/Chicago, home address, state FL"),
        )

    def test_a_stated_zone_alone_leaves_the_state_unknown(self):
        assert possible_locations(consumer(zones=(PACIFIC,)), TOLL_FREE) == (
            Location(None, None, PACIFIC, "stated time zone America/Los_Angeles"),
        )

    @pytest.mark.parametrize(
        ("alias", "zone"),
        [
            ("US/Eastern", EASTERN), ("US/Arizona", "America/Phoenix"), ("Navajo", MOUNTAIN),
            ("America/Indianapolis", "America/Indiana/Indianapolis"), ("Pacific/Saipan", "Pacific/Saipan"),
            ("America/St_Thomas", "America/St_Thomas"), ("Etc/GMT+5", "Etc/GMT+5"),
        ],
    )  # fmt: skip
    def test_an_alias_becomes_the_name_that_it_stands_for(self, alias, zone):
        assert places(consumer(zones=(alias,))) == {(None, None, zone)}

    def test_two_names_of_one_zone_are_one_location(self):
        assert len(possible_locations(consumer(zones=("US/Eastern", EASTERN)), None)) == 1

    def test_an_unknown_zone_is_refused_with_its_path(self):
        with pytest.raises(FactsError) as refused:
            possible_locations(consumer(zones=(EASTERN, "America/Chicgo")), None)
        assert refused.value.path == "consumer.time_zones[1]"
        assert refused.value.message == (
            "`America/Chicgo` is no time zone, expected an IANA name such as `America/Chicago`"
        )
        assert refused.value.hint == "did you mean `America/Chicago`?"

    @pytest.mark.parametrize("name", ["", "Central", "../etc/passwd", "CDT", "UTC-6"])
    def test_a_name_that_is_far_from_any_zone_has_no_hint(self, name):
        with pytest.raises(FactsError) as refused:
            possible_locations(consumer(zones=(name,)), None)
        assert refused.value.hint is None

    @pytest.mark.parametrize("name", ["EST", "MST"])
    def test_an_abbreviation_that_never_has_summer_time_is_refused(self, name):
        """8:30 p.m. of `EST` is 9:30 p.m. by the clocks of New York in summer."""
        with pytest.raises(FactsError, match="without summer time"):
            possible_locations(consumer(zones=(name,)), None)


class TestPresumedCallZone:
    def test_it_is_the_zone_of_the_area_code_called_wherever_the_home_is(self):
        """Wash. Rev. Code 19.16.250(13)(c)"""
        assert presumed_call_zone(consumer(Address(zip="78701")), "+12065550100") == PACIFIC

    def test_it_is_the_zone_of_the_home_where_the_number_has_no_place(self):
        assert presumed_call_zone(consumer(Address(zip="78701")), TOLL_FREE) == CENTRAL

    def test_a_mailing_address_is_no_home(self):
        assert presumed_call_zone(consumer(Address(kind="mailing", zip="78701")), TOLL_FREE) is None

    def test_a_stated_zone_is_that_of_the_home(self):
        assert presumed_call_zone(consumer(Address(zip="78701"), zones=(MOUNTAIN,)), TOLL_FREE) == MOUNTAIN

    def test_an_area_code_of_two_clocks_is_ambiguous(self):
        assert presumed_call_zone(consumer(Address(zip="32301")), "+18505550100") is None

    def test_two_names_of_one_clock_are_not_ambiguous(self):
        """Area code 502: Louisville and the rest, on the same clock by now."""
        assert presumed_call_zone(Consumer(), "+15025550100") == EASTERN

    def test_two_homes_in_two_zones_are_ambiguous(self):
        assert presumed_call_zone(consumer(Address(zip="78701"), Address(zip="10001")), TOLL_FREE) is None

    @pytest.mark.parametrize("called", [None, "anonymous", "+19995550100"])
    def test_a_number_of_which_nothing_is_known_presumes_nothing(self, called):
        assert presumed_call_zone(consumer(Address(zip="78701")), called) is None

    def test_a_home_of_unknown_zone_presumes_nothing(self):
        assert presumed_call_zone(consumer(Address(state="AE")), TOLL_FREE) is None
