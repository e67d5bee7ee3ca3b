"""Makes src/fdcpa_guard/facts/place_index from the libraries `zipcodes`, `phonenumbers` and `tzdata`.

    python scripts/make_place_data.py [FOLDER]

Why an index at all: on a two-core machine `zipcodes` takes 0.26 s for its first answer, and the first
description of a number by `phonenumbers` 0.35 s, every time a process starts. The index takes a few
milliseconds, and holds nothing that the libraries do not say, the corrections below apart.
tests/facts/test_place_data.py makes it again and compares.

What the libraries say, and what was found (zipcodes 3.0.0, phonenumbers 9.0.43):

ZIP codes. One zone for each ZIP, right for nearly all. Some are wrong: a ZIP of Chattanooga on Central
time, one of El Paso too, `Napakiak` for a zone. Every such error that the county lines betray is caught by
`zones_by_zip`: where the ZIPs of a county keep different clocks, a ZIP whose clock less than two thirds of
them keep gets the other clock too.

Area codes, by zone. Neither source suffices.
- `phonenumbers` has zones for exchanges: 850 has 173 entries, of which the shortest says Eastern and most
  say Central. The union over all entries of a code is right for the old split codes (850, 423, 606, 270,
  219, 574, 605, 701, 785, 308, 208, 541, 906, 907, 812, 928, 775), but their overlays (448, 364, 930, 458)
  have one entry and one zone, 402 and 531 lack the Mountain time of Cody, Nebraska, and 689 (Orlando) is on
  Central time. It calls the whole of Indiana and Michigan `America/New_York`, and has Honolulu for the
  Aleutian part of 907.
- `zipcodes` lists the area codes of each ZIP, its neighbours' codes among them: 24 ZIPs of Montana list 208.

Hence: the state is what `phonenumbers` describes; a clock belongs to the code if `phonenumbers` has it for
any exchange and the state keeps it somewhere, or if two ZIPs of the state on that clock list the code and no
other code of the state but its overlays. Names of zones are those of the state's ZIPs that list the code. A
code that no ZIP lists yet gets every zone of its state. Left over, on the safe side: 689 and the new codes of
Florida have Central time too.

City. An area code lies in a city with law of its own only if all STANDARD ZIPs of the state that list it
do: so for 212, 646 and 332 (New York City) and 312 (Chicago). 917, 347, 718, 929, 773 and 872 are listed
beyond the city too.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
import zipcodes
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

FOLDER = Path(__file__).parents[1] / "src" / "fdcpa_guard" / "facts" / "place_index"

EASTERN, CENTRAL, MOUNTAIN, ARIZONA = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
)
PACIFIC, ANCHORAGE, ADAK = "America/Los_Angeles", "America/Anchorage", "America/Adak"

NAVAJO_EDGE = (ARIZONA, MOUNTAIN)
"""The Navajo Nation moves its clocks; Arizona around it, and the Hopi Reservation within it, do not."""

CORRECTIONS: Mapping[str, tuple[str, ...]] = {
    # Tuba City is Navajo, Moenkopi across its main road Hopi; the data have Arizona time alone.
    "86045": NAVAJO_EDGE,
    # Page stands on land that the Navajo Nation gave up; LeChee, of the same ZIP, on land that it kept.
    "86040": NAVAJO_EDGE,
    # The data have Mountain time for one of Flagstaff's post offices, Arizona time for the others.
    "86003": NAVAJO_EDGE,
    # Chambers and Sanders, among Navajo chapters; Marble Canyon, Winslow and Holbrook, whose ZIPs reach
    # into them.
    "86502": NAVAJO_EDGE,
    "86512": NAVAJO_EDGE,
    "86036": NAVAJO_EDGE,
    "86047": NAVAJO_EDGE,
    "86025": NAVAJO_EDGE,
    # The Hopi villages and Keams Canyon, whose ZIPs serve Navajo homes around them.
    "86030": NAVAJO_EDGE,
    "86034": NAVAJO_EDGE,
    "86039": NAVAJO_EDGE,
    "86042": NAVAJO_EDGE,
    "86043": NAVAJO_EDGE,
    # Hamilton County, Tennessee, is wholly Eastern (49 CFR 71.5); the data have one ZIP of Chattanooga as
    # Central.
    "37405": (EASTERN,),
    # A ZIP of El Paso, which the data place in Crockett County.
    "79942": (MOUNTAIN,),
    # Cottonwood, Idaho, lies north of the Salmon River (49 CFR 71.9).
    "83522": (PACIFIC,),
    # West Wendover, Nevada: Mountain since 31 October 1999 (64 FR 56705).
    "89883": (MOUNTAIN,),
    # Jackpot, Jarbidge, Mountain City and Owyhee, Nevada: Pacific by law, on Idaho's clock by custom.
    "89825": (PACIFIC, MOUNTAIN),
    "89826": (PACIFIC, MOUNTAIN),
    "89831": (PACIFIC, MOUNTAIN),
    "89832": (PACIFIC, MOUNTAIN),
    # Adak and Atka, Alaska, rightly on another clock than the rest of their census area (49 CFR 71.12).
    "99546": (ADAK,),
    "99547": (ADAK,),
    # Napakiak, Alaska, whose zone the data give as `Napakiak`.
    "99634": (ANCHORAGE,),
}

REVIEWED_COUNTIES = {("AZ", "Apache County"), ("AZ", "Coconino County"), ("AZ", "Navajo County")}
"""Counties with two clocks of which each ZIP was looked at: the corrections say all there is to say."""

NEW_YORK_CITY_COUNTIES = {
    "New York County", "Kings County", "Queens County", "Bronx County", "Richmond County",
}  # fmt: skip
OTHER_NAMES = {"new york city", "nyc", "manhattan", "queens", "the bronx"}
CITIES = {"NY": "NY-NYC", "IL": "IL-CHI"}
"""The cities with law of their own, by state."""

UNKNOWN = "?"
NONE = "-"
COUNTRY_OF_STATES = "US"
TERRITORIES = {"PR", "VI", "GU", "AS", "MP"}


@dataclass(frozen=True)
class Zip:
    code: str
    standard: bool
    state: str
    county: str
    town: str
    other_towns: tuple[str, ...]
    zone: str
    area_codes: tuple[str, ...]


def read_zips() -> list[Zip]:
    return [
        Zip(
            code=row["zip_code"],
            standard=row["zip_code_type"] == "STANDARD",
            state=row["state"],
            county=row["county"],
            town=row["city"],
            other_towns=tuple(row["acceptable_cities"]),
            zone=row["timezone"],
            area_codes=tuple(row["area_codes"]),
        )
        for row in zipcodes.list_all()
    ]


@cache
def clock(zone: str) -> tuple[int, ...]:
    """UTC offsets at noon of each day of 2022 to 2031: equal for zones whose clocks agree by now."""
    file = files("tzdata").joinpath("zoneinfo", *zone.split("/"))
    if not file.is_file():
        return ()
    with file.open("rb") as data:
        rules = ZoneInfo.from_file(data)
    start = datetime(2022, 1, 1, 12, tzinfo=UTC)
    offsets = (rules.utcoffset((start + timedelta(days=day)).astimezone(rules)) for day in range(3652))
    return tuple(int(offset.total_seconds()) for offset in offsets if offset is not None)


def by_count(counted: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(counted, key=lambda name: (-counted[name], name)))


# --- ZIP codes --------------------------------------------------------------------------------------------


def zones_by_zip(zips: Sequence[Zip]) -> dict[str, tuple[str, ...]]:
    """The zones of each ZIP, its own first; none for military addresses."""
    of_county: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in zips:
        if one.zone:
            of_county[one.state, one.county][CORRECTIONS.get(one.code, (one.zone,))[0]] += 1
    zones: dict[str, tuple[str, ...]] = {}
    for one in zips:
        county = (one.state, one.county)
        if one.code in CORRECTIONS:
            zones[one.code] = CORRECTIONS[one.code]
        elif not one.zone:
            zones[one.code] = ()
        elif not one.county or county in REVIEWED_COUNTIES:
            zones[one.code] = (one.zone,)
        else:
            around = of_county[county]
            others = [zone for zone in by_count(around) if clock(zone) != clock(one.zone)]
            differ = sum(around[zone] for zone in others)
            zones[one.code] = (one.zone,) if 3 * differ <= around.total() else (one.zone, *others)
        if not all(clock(zone) for zone in zones[one.code]):
            raise SystemExit(f"ZIP {one.code}: {zones[one.code]} is no zone; write a correction")
    return zones


def zones_by_state(zips: Sequence[Zip], zones: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in zips:
        counted[one.state].update(zones[one.code])
    return {state: by_count(counted[state]) for state in sorted(counted)}


def plain(name: str) -> str:
    """A name of a place as it is compared: lower case, without `county`."""
    return re.sub(r"\s+county$", "", " ".join(name.lower().split()))


def verdict(cities: Iterable[str]) -> str:
    """The city that all agree on; unknown where they do not."""
    found = set(cities)
    return found.pop() if len(found) == 1 else UNKNOWN


def city_by_zip(zips: Sequence[Zip]) -> dict[str, str]:
    """The city with law of its own in which a ZIP lies; unknown where it lies there in part."""
    cities: dict[str, str] = {}
    nameless: list[Zip] = []
    for one in zips:
        if one.state == "NY" and not one.county:
            nameless.append(one)
        elif one.state == "NY":
            cities[one.code] = CITIES["NY"] if one.county in NEW_YORK_CITY_COUNTIES else NONE
        elif one.state == "IL" and one.town != "Chicago" and "Chicago" in one.other_towns:
            cities[one.code] = UNKNOWN
        elif one.state == "IL":
            cities[one.code] = CITIES["IL"] if one.town == "Chicago" else NONE
        else:
            cities[one.code] = NONE
    for one in nameless:
        known = [cities[z.code] for z in zips if z.state == "NY" and z.town == one.town and z.county]
        cities[one.code] = verdict(known)
    return cities


def ranges(endings: Sequence[int]) -> str:
    """`01-05,08`: numbers of two digits, in order, runs as ranges."""
    runs: list[list[int]] = []
    for ending in endings:
        if runs and ending == runs[-1][1] + 1:
            runs[-1][1] = ending
        else:
            runs.append([ending, ending])
    return ",".join(f"{a:02d}" if a == b else f"{a:02d}-{b:02d}" for a, b in runs)


def zip_lines(zips: Sequence[Zip]) -> list[str]:
    zones, cities = zones_by_zip(zips), city_by_zip(zips)
    lines = [
        " ".join(("state", state, *state_zones)) for state, state_zones in zones_by_state(zips, zones).items()
    ]
    groups: defaultdict[tuple[str, str, str, tuple[str, ...]], list[int]] = defaultdict(list)
    for one in sorted(zips, key=lambda z: z.code):
        groups[one.code[:3], one.state, cities[one.code], zones[one.code]].append(int(one.code[3:]))
    lines.extend(
        " ".join((prefix, ranges(endings), state, city, *group_zones))
        for (prefix, state, city, group_zones), endings in groups.items()
    )
    return lines


def name_lines(zips: Sequence[Zip]) -> list[str]:
    """In which city with law of its own a county or town of its state lies, for addresses without a ZIP."""
    cities = city_by_zip(zips)
    lines = []
    for state in sorted(CITIES):
        for kind in ("county", "town"):
            found: defaultdict[str, set[str]] = defaultdict(set)
            for one in zips:
                name = plain(one.county if kind == "county" else one.town)
                if one.state == state and name:
                    found[name].add(cities[one.code])
            if (state, kind) == ("NY", "town"):
                found.update({name: {CITIES["NY"]} for name in OTHER_NAMES})
            if (state, kind) == ("IL", "town"):
                # A ZIP may be shared with Chicago; the name of another town is not.
                found.update({name: {NONE} for name in found if name != "chicago"})
            for city in sorted({verdict(of) for of in found.values()} - {UNKNOWN}):
                names = sorted(name for name, of in found.items() if verdict(of) == city)
                lines.append(f"{state} {kind} {city} {'|'.join(names)}")
    return lines


# --- area codes -------------------------------------------------------------------------------------------


def region_of(area_code: str) -> str | None:
    number = phonenumbers.PhoneNumber(country_code=1, national_number=int(area_code + "5550100"))
    return phonenumbers.region_code_for_number(number)


def described_states() -> defaultdict[str, Counter[str]]:
    """What `phonenumbers` calls the places of each area code: `TX` of `Austin, TX`, or `Texas`."""
    described: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith("1") and len(prefix) > 3 and "en" in names:
            described[prefix[1:4]][names["en"].rpartition(", ")[2]] += 1
    return described


def state_by_code(codes: Iterable[str], zips: Sequence[Zip]) -> dict[str, str]:
    """The USPS code of each area code of the fifty states and the District of Columbia."""
    listed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in zips:
        for area_code in one.area_codes:
            listed[area_code][one.state] += 1
    all_described = described_states()
    described = {area_code: all_described[area_code] for area_code in codes}
    # `Texas` is TX: what the ZIPs say that list the codes described so.
    meaning: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for area_code, names in described.items():
        for name in names:
            if len(name) > 2:
                meaning[name].update(listed[area_code])
    states = {}
    for area_code, names in described.items():
        usps: Counter[str] = Counter()
        for name, count in names.items():
            usps[name if len(name) == 2 else meaning[name].most_common(1)[0][0]] += count
        state = usps.most_common(1)[0][0]
        if listed[area_code] and listed[area_code].most_common(1)[0][0] != state:
            raise SystemExit(f"area code {area_code}: {state}, but ZIPs of {listed[area_code]}")
        states[area_code] = state
    return states


def area_code_lines(zips: Sequence[Zip]) -> list[str]:
    exchanges: defaultdict[str, set[str]] = defaultdict(set)
    entries: Counter[str] = Counter()
    for prefix, names in TIMEZONE_DATA.items():
        if prefix.startswith("1") and len(prefix) > 3:
            exchanges[prefix[1:4]].update(names)
            entries[prefix[1:4]] += 1
    regions = {area_code: region_of(area_code) for area_code in exchanges}
    states = state_by_code((code for code, region in regions.items() if region == COUNTRY_OF_STATES), zips)
    states |= {code: region for code, region in regions.items() if region in TERRITORIES}

    zones, cities = zones_by_zip(zips), city_by_zip(zips)
    state_zones = zones_by_state(zips, zones)
    of_code: defaultdict[str, list[Zip]] = defaultdict(list)
    for one in zips:
        for area_code in one.area_codes:
            if states.get(area_code) == one.state:
                of_code[area_code].append(one)
    codes_of_zips = {code: {one.code for one in listing} for code, listing in of_code.items()}

    @cache
    def overlay(one: str, other: str) -> bool:
        mine, others = codes_of_zips[one], codes_of_zips[other]
        return len(mine & others) >= 0.8 * min(len(mine), len(others))

    def zones_of(area_code: str) -> tuple[str, ...]:
        state, listing = states[area_code], of_code[area_code]
        clocks = {clock(zone) for zone in exchanges[area_code]}
        if not listing and entries[area_code] == 1:
            return state_zones[state]
        alone: Counter[tuple[int, ...]] = Counter()
        for one in listing:
            rivals = (code for code in one.area_codes if states.get(code) == state and code != area_code)
            if all(overlay(area_code, rival) for rival in rivals):
                alone.update({clock(zone) for zone in zones[one.code]})
        clocks |= {kept for kept, count in alone.items() if count > 1}
        counted = Counter(zone for one in listing for zone in zones[one.code] if clock(zone) in clocks)
        named = list(by_count(counted))
        for zone in state_zones[state]:
            if clock(zone) in clocks and clock(zone) not in map(clock, named):
                named.append(zone)
        return tuple(named)

    def city_of(area_code: str) -> str:
        state, listing = states[area_code], of_code[area_code]
        if state not in CITIES:
            return NONE
        standard = {cities[one.code] for one in listing if one.standard}
        if standard == {CITIES[state]}:
            return CITIES[state]
        return NONE if listing and {cities[one.code] for one in listing} == {NONE} else UNKNOWN

    lines = []
    used: set[str] = set()
    for area_code in sorted(exchanges):
        if area_code in states:
            row = (states[area_code], city_of(area_code), *zones_of(area_code))
        else:
            row = (NONE, NONE, *sorted(exchanges[area_code]))
        if len(row) < 3:
            raise SystemExit(f"area code {area_code} has no zone")
        used.update(row[2:])
        lines.append(" ".join((area_code, *row)))

    of_states = {zone for several in state_zones.values() for zone in several}
    same: defaultdict[tuple[int, ...], list[str]] = defaultdict(list)
    for zone in sorted(used | of_states):
        same[clock(zone)].append(zone)
    lines.extend(" ".join(("clock", *names)) for names in same.values() if len(names) > 1)
    lines.append(" ".join(("placeless", *placeless_codes(exchanges))))
    return lines


def placeless_codes(placed: Iterable[str]) -> list[str]:
    """Codes of +1 that point nowhere: toll-free, premium, personal and the like."""
    placed = set(placed)
    kinds = phonenumbers.PhoneNumberType
    nowhere = {
        kinds.TOLL_FREE, kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.VOIP, kinds.PERSONAL_NUMBER,
        kinds.PAGER, kinds.UAN, kinds.VOICEMAIL,
    }  # fmt: skip
    codes = []
    for area_code in (str(number) for number in range(200, 1000)):
        if area_code not in placed:
            number = phonenumbers.PhoneNumber(country_code=1, national_number=int(area_code + "2345678"))
            if phonenumbers.number_type(number) in nowhere:
                codes.append(area_code)
    return codes


def make() -> dict[str, list[str]]:
    """The lines of each file by its name, the heading apart."""
    zips = read_zips()
    return {
        "zip_codes.txt": zip_lines(zips),
        "area_codes.txt": area_code_lines(zips),
        "city_names.txt": name_lines(zips),
    }


def heading() -> str:
    made_from = ", ".join(f"{name} {version(name)}" for name in ("zipcodes", "phonenumbers", "tzdata"))
    return f"# made by scripts/make_place_data.py from {made_from}; not to be edited"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in make().items():
        (folder / name).write_text("\n".join((heading(), *lines)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
