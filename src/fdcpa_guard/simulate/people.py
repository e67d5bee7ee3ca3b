"""Simulated consumers: where they live, their numbers, and what they owe. No number is anybody's: all are 555-01xx."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from fdcpa_guard.facts.area_codes import one_clock, place_of_area_code
from fdcpa_guard.simulate.places import Elsewhere, Region, known_area_codes
from fdcpa_guard.simulate.records import Debtor, Number, Owed

T = TypeVar("T")
Draw = Callable[[], float]
"""Gives the next number from 0 up to 1. No other method of a generator is used: only this one is the same for ever."""

_KINDS: Final = (
    "credit_card", "credit_card", "credit_card", "medical", "medical", "medical", "telecom", "utility", "auto", "rent",
    "student", "other",
)  # fmt: skip
_CREDITORS: Final = {
    "credit_card": ("Larkspur Bank", "First Meadow Card", "Copperline Credit"),
    "medical": ("Saint Elmo Hospital", "Riverbend Clinic", "Harbour Dental"),
    "telecom": ("Bluewire Mobile", "Quillnet"),
    "utility": ("Tri-River Power", "Stillwater Gas"),
    "auto": ("Juniper Auto Finance",),
    "rent": ("Oakfield Homes", "Marlow Court"),
    "student": ("Beacon Student Loans",),
    "other": ("Fenwick Fitness", "Sparrow Furniture"),
}
_STREETS: Final = ("Alder St", "Birch Ave", "Cedar Ln", "Dogwood Dr", "Elm St", "Fir Ct", "Hazel Rd", "Juniper Way")
_OLD, _OLDER = 0.04, 2200
"""The share of debts for which the time to sue is over, and by how many days they are older."""
_NUMBER_GIVEN: Final = 0.4
"""The share of consumers who gave the mobile number to the creditors."""
_TIME_TO_SUE: Final = 3 * 365
"""The shortest of the limitation periods of the states, in days."""
_CONSUMER_CREDIT: Final = frozenset({"credit_card", "auto", "student"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a planted violation needs of its consumer; the plain one needs nothing.

    `where`: the jurisdictions to choose from, None for all; `ported`: the mobile number's area code lies further west, so
    that it is earlier there; `at_home`: all numbers lie in the home's jurisdiction and keep its clock; `works`: there is a
    number at work; `mobile_only`: there is none at home; `kind` and `licence` are of the first debt; `pair`: the first two
    debts are student loans of one group; `number_given`: the consumer gave the mobile number to the creditors; `old`: the
    time to sue for the first debt is over.
    """

    where: frozenset[str] | None = None
    ported: bool = False
    at_home: bool = False
    works: bool = False
    mobile_only: bool = False
    kind: str = ""
    licence: str = ""
    pair: bool = False
    number_given: bool | None = None
    old: bool | None = None


ANYBODY: Final = Wanted()


def pick(draw: Draw, among: Sequence[T]) -> T:
    return among[int(draw() * len(among))]


def is_consumer_credit(kind: str) -> bool:
    """Whether a debt of that kind is from a consumer credit transaction."""
    return kind in _CONSUMER_CREDIT


def make_debtor(index: int, start: int, region: Region, draw: Draw, wanted: Wanted = ANYBODY) -> Debtor:
    """The consumer of a number; `start` is the first day of the simulation."""
    home = region.draw(draw(), draw()) if wanted.where is None else region.draw_in(wanted.where, draw(), draw())
    near = home.area_codes
    if wanted.at_home:
        near = tuple(code for code in near if one_clock((home.zone, *_zones(code))) is not None) or near
    mobile_code = pick(draw, near)
    strange: Elsewhere | None = None
    if wanted.ported:
        strange = pick(draw, [each for each in known_area_codes() if each.zones[0] == "America/Los_Angeles"
                              and each.jurisdiction in ("CA", "NV")])  # fmt: skip
    elif draw() < 0.12 and not wanted.at_home:
        strange = pick(draw, known_area_codes())
    if strange is not None:
        mobile_code = strange.area_code
    numbers = [Number(_number(mobile_code, draw), "mobile", "personal")]
    if draw() < 0.35 and not wanted.mobile_only:
        numbers.append(Number(_other(numbers, pick(draw, near), draw), "landline", "home"))
    if wanted.works or draw() < 0.2:
        numbers.append(Number(_other(numbers, pick(draw, near), draw), "landline", "work"))
    debts = _debts(index, start, draw, wanted)
    jurisdictions = dict.fromkeys((home.jurisdiction, *(() if strange is None else (strange.jurisdiction,))))
    zones = dict.fromkeys((home.zone, *(zone for each in numbers for zone in _zones(each.number[2:5]))))
    given = draw() < _NUMBER_GIVEN
    if wanted.number_given is not None:
        given = wanted.number_given
    return Debtor(
        index=index,
        id=f"sim-{index:07d}",
        home=home,
        street=f"{100 + int(draw() * 900)} {pick(draw, _STREETS)}",
        numbers=tuple(numbers),
        email=f"sim{index:07d}@example.com" if draw() < 0.7 else "",
        debts=debts,
        jurisdictions=tuple(jurisdictions),
        zones=tuple(zones),
        agent=f"agent{1 + int(draw() * 24):02d}",
        number_given=given,
        checked_at=date.fromordinal(start - 1).isoformat() if given else "",
    )


def anothers_number(debtor: Debtor, draw: Draw) -> str:
    """A number of the consumer's own region that is not the consumer's."""
    return _other(debtor.numbers, pick(draw, debtor.home.area_codes), draw)


def _number(area_code: str, draw: Draw) -> str:
    return f"+1{area_code}55501{int(draw() * 100):02d}"


def _other(taken: Sequence[Number], area_code: str, draw: Draw) -> str:
    """A number that is not one of those taken."""
    ending = int(draw() * 100)
    while any(each.number == f"+1{area_code}55501{ending:02d}" for each in taken):
        ending = (ending + 1) % 100
    return f"+1{area_code}55501{ending:02d}"


def _zones(area_code: str) -> tuple[str, ...]:
    place = place_of_area_code(area_code)
    return () if place is None else place.zones


def _debts(index: int, start: int, draw: Draw, wanted: Wanted) -> tuple[Owed, ...]:
    turn = draw()
    count = 1 if turn < 0.6 else 2 if turn < 0.85 else 3 if turn < 0.95 else 4
    kinds = [pick(draw, _KINDS) for _ in range(count)]
    if wanted.kind:
        kinds[0] = wanted.kind
    if wanted.pair:
        kinds = ["student", "student", *kinds[2:]]
    elif kinds[0] == "student" and count == 1 and draw() < 0.7:
        kinds.append("student")
    found = []
    for number, kind in enumerate(kinds, start=1):
        defaulted = start - 120 - int(draw() * 900)
        old = draw() < _OLD
        if number == 1 and wanted.old is not None:
            old = wanted.old
        if old:
            defaulted -= _OLDER
        found.append(
            Owed(
                id=f"D{index:07d}{number}",
                kind=kind,
                group=f"G{index:07d}" if kind == "student" and kinds.count("student") > 1 else "",
                creditor=pick(draw, _CREDITORS[kind]),
                suffix=f"{int(draw() * 10000):04d}",
                cents=5000 + int(draw() * draw() * 900000),
                defaulted=defaulted,
                placed=start - 2 - int(draw() * 20),
                incurred=defaulted - 200 - int(draw() * 400),
                last_day_to_sue=defaulted + _TIME_TO_SUE,
                licence=wanted.licence if number == 1 else "",
            )
        )
    return tuple(found)
