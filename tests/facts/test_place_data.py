"""The index of places is what the libraries say: made again and compared."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from fdcpa_guard.facts.area_codes import one_clock, place_of_area_code
from fdcpa_guard.facts.place_data import read_lines
from fdcpa_guard.facts.zip_codes import STATES_OF_CITIES, place_of_zip, zones_of_state

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_place_data.py"
SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_place_data", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def zips(maker):
    return maker.read_zips()


@pytest.fixture(scope="module")
def made(maker):
    return maker.make()


def entries(lines: list[str]) -> dict[str, str]:
    """What the lines say of each ZIP, area code, state and name, so that a change counts once."""
    said: dict[str, str] = {}
    for line in lines:
        head, *rest = line.split(" ")
        if head == "clock" or head == "placeless":
            said.update({f"{head} {word}": "" for word in rest})
        elif rest and rest[0] and rest[0][0].isdigit():
            for run in rest[0].split(","):
                first, _, last = run.partition("-")
                for ending in range(int(first), int(last or first) + 1):
                    said[f"{head}{ending:02d}"] = " ".join(rest[1:])
        elif rest and rest[0] in ("county", "town"):
            said.update({f"{head} {rest[0]} {name}": rest[1] for name in line.split(" ", 3)[3].split("|")})
        else:
            said[head if head != "state" else f"state {rest[0]}"] = " ".join(rest)
    return said


@pytest.mark.parametrize("name", ["zip_codes.txt", "area_codes.txt", "city_names.txt"])
def test_the_index_is_what_the_libraries_say(maker, made, name):
    """To the letter with the versions that it names; with others, all but two in a hundred entries.

    A new version of a library then asks for a new index without breaking an installation that has both.
    """
    path = maker.FOLDER / name
    heading = path.read_text(encoding="utf-8").splitlines()[0]
    ours, theirs = entries(read_lines(name)), entries(made[name])
    if heading == maker.heading():
        assert read_lines(name) == made[name]
    changed = {key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)}
    assert len(changed) <= 0.02 * len(ours), sorted(changed)[:20]


def test_every_zip_of_the_library_is_found_with_its_state_and_zone(maker, zips):
    for one in zips:
        place = place_of_zip(one.code)
        assert place is not None, one
        assert place.state == one.state
        assert one.code in maker.CORRECTIONS or not one.zone or one.zone in place.zones


def test_every_correction_is_needed(maker, zips):
    """A correction that the library has made by itself is to be taken out."""
    kept = maker.CORRECTIONS
    by_code = {one.code: one.zone for one in zips}
    for code, zones in kept.items():
        assert zones != (by_code[code],) or code in ("99546", "99547")


def test_a_zip_that_stands_against_its_county_gives_every_clock_of_the_county(maker, zips):
    """No ZIP differs from two thirds of its county on the word of one source."""
    zones = maker.zones_by_zip(zips)
    of_county = defaultdict(list)
    for one in zips:
        if one.zone and one.county and (one.state, one.county) not in maker.REVIEWED_COUNTIES:
            of_county[one.state, one.county].append(one.code)
    for codes in of_county.values():
        clocks = {maker.clock(zones[code][0]) for code in codes}
        for code in codes:
            own = maker.clock(zones[code][0])
            agree = sum(maker.clock(zones[other][0]) == own for other in codes)
            if code not in maker.CORRECTIONS and 3 * agree < 2 * len(codes):
                assert {maker.clock(zone) for zone in zones[code]} == clocks


def test_every_zone_of_the_index_can_be_loaded():
    names = set()
    for line in read_lines("area_codes.txt"):
        head, *words = line.split()
        names.update(words if head == "clock" else () if head == "placeless" else words[2:])
    for line in read_lines("zip_codes.txt"):
        head, *words = line.split()
        names.update(words[1:] if head == "state" else words[3:])
    for name in names:
        assert ZoneInfo(name).key == name


def test_the_cities_with_law_of_their_own_are_those_of_the_maker(maker):
    assert dict(STATES_OF_CITIES) == maker.CITIES


def test_no_zone_of_an_area_code_is_none_of_its_state():
    for line in read_lines("area_codes.txt"):
        head, *words = line.split()
        if head.isdigit() and words[0] != "-":
            assert set(words[2:]) <= set(zones_of_state(words[0]) or ()), line


def test_one_clock_compares_rules_and_not_names():
    assert one_clock(("America/New_York", "America/Detroit")) == "America/New_York"
    assert one_clock(("America/Phoenix", "America/Denver")) is None
    assert one_clock(()) is None
    assert one_clock(("Asia/Tokyo",)) == "Asia/Tokyo"


def test_a_code_that_is_not_assigned_has_no_place():
    assert place_of_area_code("999") is None
    assert place_of_zip("00000") is None


def test_the_libraries_are_not_loaded_for_numbers_and_addresses_at_home():
    """They take 0.3 s together at the first use; the index takes 2 ms."""
    program = (
        "import sys\n"
        "from fdcpa_guard.facts.locations import possible_locations\n"
        "from fdcpa_guard.facts.models import Address, Consumer, Phone\n"
        "whose = Consumer(addresses=(Address(zip='78701'),), phones=(Phone(number='+18505550100'),))\n"
        "assert len(possible_locations(whose, '+18005550100')) == 3\n"
        "print(sorted({'zipcodes', 'phonenumbers', 'tzdata'} & set(sys.modules)))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SOURCE)},
    )
    assert run.stdout.strip() == "[]"


def test_no_clock_that_phonenumbers_has_for_an_exchange_is_lost(maker):
    """Save one: Honolulu for an Aleutian exchange of Alaska, where the clocks of Adak move."""
    lost = set()
    for prefix, names in maker.TIMEZONE_DATA.items():
        place = place_of_area_code(prefix[1:4]) if prefix.startswith("1") and len(prefix) > 3 else None
        if place is not None:
            kept = {maker.clock(zone) for zone in place.zones}
            lost |= {(prefix[1:4], zone) for zone in names if maker.clock(zone) not in kept}
    assert lost <= {("907", "Pacific/Honolulu")}
