"""Where simulated consumers live: cities with their ZIP codes, weighted by the population of the state.

Zones and cities with law of their own come from the same data that the audit reads, so that a simulated consumer's ZIP
and area code point to one place unless the number is meant to have been ported.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from fdcpa_guard.facts.area_codes import one_clock, place_of_area_code
from fdcpa_guard.facts.place_data import Place
from fdcpa_guard.facts.zip_codes import place_of_zip

# Weights are inhabitants in hundreds of thousands, as counted in 2020; cities are invented neither in name nor in ZIP.
_CITIES: Final = """
AL 50 Birmingham 35203 Montgomery 36104
AK 7 Anchorage 99501 Fairbanks 99701
AZ 72 Phoenix 85004 Tucson 85701 Mesa 85201
AR 30 Little_Rock 72201 Fayetteville 72701
CA 395 Los_Angeles 90012 San_Diego 92101 Sacramento 95814 Fresno 93721 Oakland 94612
CO 58 Denver 80202 Colorado_Springs 80903
CT 36 Hartford 06103 New_Haven 06510
DE 10 Wilmington 19801 Dover 19901
DC 7 Washington 20005 Washington 20002
FL 215 Miami 33130 Tampa 33602 Orlando 32801 Jacksonville 32202
GA 107 Atlanta 30303 Savannah 31401 Macon 31201
HI 15 Honolulu 96813 Hilo 96720
ID 18 Boise 83702 Meridian 83642
IL 100 Springfield 62701 Peoria 61602 Rockford 61101
IL-CHI 27 Chicago 60602 Chicago 60614
IN 68 Indianapolis 46204 Fort_Wayne 46802
IA 32 Des_Moines 50309 Cedar_Rapids 52401
KS 29 Wichita 67202 Topeka 66603
KY 45 Louisville 40202 Lexington 40507
LA 47 New_Orleans 70112 Baton_Rouge 70801 Shreveport 71101
ME 14 Portland 04101 Bangor 04401
MD 62 Baltimore 21202 Rockville 20850
MA 70 Boston 02108 Worcester 01608 Springfield 01103
MI 101 Detroit 48226 Grand_Rapids 49503 Lansing 48933
MN 57 Minneapolis 55401 Duluth 55802
MS 30 Jackson 39201 Gulfport 39501
MO 62 Kansas_City 64106 Saint_Louis 63101
MT 11 Billings 59101 Missoula 59802
NE 20 Omaha 68102 Lincoln 68508
NV 31 Las_Vegas 89101 Reno 89501
NH 14 Manchester 03101 Concord 03301
NJ 93 Newark 07102 Trenton 08608 Camden 08102
NM 21 Albuquerque 87102 Santa_Fe 87501
NY 114 Albany 12207 Buffalo 14202 Syracuse 13202
NY-NYC 88 New_York 10001 Brooklyn 11201 Bronx 10451 Flushing 11354
NC 104 Charlotte 28202 Raleigh 27601 Greensboro 27401
ND 8 Fargo 58102 Bismarck 58501
OH 118 Columbus 43215 Cleveland 44113 Cincinnati 45202
OK 40 Oklahoma_City 73102 Tulsa 74103
OR 42 Portland 97204 Eugene 97401 Salem 97301
PA 130 Philadelphia 19102 Pittsburgh 15222 Harrisburg 17101
RI 11 Providence 02903 Warwick 02886
SC 51 Columbia 29201 Charleston 29401 Greenville 29601
SD 9 Sioux_Falls 57104 Aberdeen 57401
TN 69 Nashville 37203 Memphis 38103
TX 291 Austin 78701 Houston 77002 Dallas 75201 San_Antonio 78205 El_Paso 79901
UT 33 Salt_Lake_City 84101 Provo 84601
VT 6 Burlington 05401 Montpelier 05602
VA 86 Richmond 23219 Norfolk 23510 Arlington 22201
WA 77 Seattle 98101 Spokane 99201 Tacoma 98402
WV 18 Charleston 25301 Huntington 25701
WI 59 Milwaukee 53202 Madison 53703
WY 6 Cheyenne 82001 Casper 82601
"""


@dataclass(frozen=True, slots=True)
class Home:
    """A place to live. `jurisdiction` is a state, or a city with law of its own (`NY-NYC`); `zone` an IANA name.

    `area_codes` are those that lie in the same jurisdiction and, for the most part, keep the same clock.
    """

    jurisdiction: str
    city: str
    zip: str
    zone: str
    area_codes: tuple[str, ...]

    @property
    def state(self) -> str:
        return self.jurisdiction[:2]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An area code by itself: where a number that was ported came from. `zones`, the likeliest first."""

    area_code: str
    jurisdiction: str
    zones: tuple[str, ...]


@lru_cache(maxsize=1)
def known_area_codes() -> tuple[Elsewhere, ...]:
    """Area codes that surely lie in one jurisdiction, in their order."""
    found = []
    for number in range(201, 990):
        place = place_of_area_code(str(number))
        if place is not None and place.state is not None and place.city is not None and place.zones:
            found.append(Elsewhere(str(number), place.city or place.state, place.zones))
    return tuple(each for each in found if each.jurisdiction in jurisdictions())


@lru_cache(maxsize=1)
def jurisdictions() -> tuple[str, ...]:
    """Every jurisdiction in which simulated consumers may live, in the order of the alphabet."""
    return tuple(sorted(line.split()[0] for line in _CITIES.split("\n") if line))


@lru_cache(maxsize=1)
def _homes() -> dict[str, tuple[int, tuple[Home, ...]]]:
    found: dict[str, tuple[int, tuple[Home, ...]]] = {}
    for line in filter(None, _CITIES.split("\n")):
        name, weight, *words = line.split()
        homes = [_home(name, city, zip_code) for city, zip_code in zip(words[::2], words[1::2], strict=True)]
        found[name] = int(weight), tuple(homes)
    return found


def _home(jurisdiction: str, city: str, zip_code: str) -> Home:
    place = place_of_zip(zip_code) or Place(None, None, ())
    if (place.city or place.state) != jurisdiction or len(place.zones) != 1:
        raise ValueError(f"the place data put ZIP {zip_code} elsewhere than in {jurisdiction}, or in several zones")
    zone = place.zones[0]
    near = tuple(
        each.area_code
        for each in known_area_codes()
        if each.jurisdiction == jurisdiction and one_clock((each.zones[0], zone)) is not None
    )
    if not near:
        raise ValueError(f"no area code of {jurisdiction} keeps the clock of ZIP {zip_code}")
    return Home(jurisdiction, city.replace("_", " "), zip_code, zone, near)


class Region:
    """The jurisdictions of a simulation; draws homes from them by population."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names = tuple(sorted(set(names))) or jurisdictions()
        homes = _homes()
        self._homes = [homes[name][1] for name in self.names]
        self._sums = list(accumulate(homes[name][0] for name in self.names))

    def draw(self, first: float, second: float) -> Home:
        """A home, by two numbers from 0 up to 1."""
        return self._within(bisect(self._sums, first * self._sums[-1]), second)

    def draw_in(self, names: frozenset[str], first: float, second: float) -> Home:
        """The same, among jurisdictions of which the region must have at least one."""
        own = [index for index, name in enumerate(self.names) if name in names]
        return self._within(own[int(first * len(own))], second)

    def _within(self, index: int, second: float) -> Home:
        homes = self._homes[index]
        return homes[int(second * len(homes))]
