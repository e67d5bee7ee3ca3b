"""The shipped rules, and Hypothesis strategies of what they are asked about: consumers in their states, lively logs.

What is drawn is mostly complete, so that many rules come to a verdict, and lacks a fact here and there. Communications
fall on days about which the rules change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts import models
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.ruleset.rulebook import Rulebook, load_rulebook
from fdcpa_guard.vocabulary import load_vocabulary

_SETS = load_vocabulary().sets

PLACES = {
    "DC": ("20001", "+12025550110"),
    "FL": ("33101", "+13055550110"),
    "GA": ("30301", "+14045550110"),
    "KY": ("42101", "+12705550110"),
    "LA": ("70112", "+15045550110"),
    "MA": ("02108", "+16175550110"),
    "MI": ("48201", "+13135550110"),
    "NC": ("27601", "+19195550110"),
    "NH": ("03301", "+16035550110"),
    "NY": ("12207", "+15185550110"),
    "NY-NYC": ("10001", "+12125550110"),
    "OR": ("97201", "+15035550110"),
    "SC": ("29201", "+18035550110"),
    "TX": ("78701", "+15125550110"),
    "WA": ("98101", "+12065550110"),
    "WV": ("25301", "+13045550110"),
}
"""A ZIP code and a telephone number of each place that has rules of its own, and of one without."""

DEBTS = ("d1", "d2")
_LAST_DAYS = (
    date(2021, 12, 14), date(2022, 4, 12), date(2023, 1, 3), date(2023, 5, 3), date(2024, 8, 14), date(2025, 3, 10),
    date(2026, 3, 9), date(2026, 11, 2), date(2026, 12, 28),
)  # fmt: skip


@cache
def shipped() -> Rulebook:
    return load_rulebook()


@cache
def guard() -> Guard:
    """Every shipped rule, the other readings of the law among them."""
    return Guard(shipped()).under_other_readings


@cache
def default_guard() -> Guard:
    return Guard(shipped())


def rule(name: str) -> Rule:
    return shipped().by_id[name]


def _mostly(value: object, *others: object) -> st.SearchStrategy[Any]:
    """One value three times in four, else another."""
    return st.sampled_from([value] * (3 * len(others)) + list(others)) if others else st.just(value)


def _any_or_none(values: Sequence[str]) -> st.SearchStrategy[Any]:
    """One of the names of a set, which the models take as literals, or none."""
    return st.none() | st.sampled_from(values)


def _hours(start: str | None, end: str | None) -> models.Hours:
    return models.Hours.model_validate({"from": start, "to": end})


TRUTHS = st.sampled_from([None, True, False])
_PEOPLE = st.sampled_from(
    [
        models.Person(role="consumer"), models.Person(role="consumer"), models.Person(role="consumer"),
        models.Person(role="spouse"), models.Person(role="employer", id="p1"), models.Person(role="third_party", id="p2"),
        models.Person(role="third_party"), models.Person(role="attorney"), models.Person(role="parent_of_minor"),
        models.Person(role="unknown"), models.Person(role="third_party", id="p3", relation="neighbor", household=False),
        models.Person(role="third_party", id="p4", household=True),
    ]
)  # fmt: skip
_CONTENTS = ("Please call us about your account.", "This is an attempt to collect a debt.", "Reply STOP to opt out.")


def moments_before(last: datetime, days: int) -> st.SearchStrategy[datetime]:
    """Half hours of the days before an instant, thicker towards it."""
    near = st.integers(0, 7 * 48)
    return st.one_of(near, near, st.integers(0, 48 * days)).map(lambda steps: last - timedelta(minutes=30 * steps))


@st.composite
def communications(
    draw: st.DrawFn, at: datetime, number: str, *, of_log: bool, channels: Sequence[str] = ()
) -> models.Communication:
    channel = draw(
        st.sampled_from(channels)
        if channels
        else st.sampled_from(["call", "call", "call", "call", "text", "email", "letter", "in_person", "postcard", "fax",
                              "social_media", None])
    )  # fmt: skip
    outcomes = {
        "call": ["conversation", "answered", "no_answer", "no_answer", "voicemail", "busy", "not_connected", None]
    }.get(channel or "", ["delivered", "undeliverable", None])
    return models.Communication(
        id=draw(st.none() | st.sampled_from([f"h{n}" for n in range(12)])) if of_log else None,
        at=at,
        known_at=draw(_mostly(None, at + timedelta(days=2))) if of_log else None,
        channel=channel,  # type: ignore[arg-type]  # a sampled name
        direction=draw(_mostly("outbound", "inbound", None)),
        person=draw(st.none() | _PEOPLE if of_log else _PEOPLE),
        address=draw(_mostly(number, "+18005550110", "someone@example.com", None)),
        place=draw(_mostly("personal", "work", "home", "other", "unknown", None)),
        debts=draw(st.sampled_from([("d1",), ("d1",), ("d2",), ("d1", "d2"), (), None])),
        debts_discussed=draw(st.sampled_from([None, None, ("d1",), ("d2",)])) if of_log else None,
        outcome=draw(st.sampled_from(outcomes)) if of_log else None,
        dialing=draw(_any_or_none(_SETS["dialing"])),
        purpose=draw(_mostly("collection", *_SETS["purpose"])),
        content=draw(_any_or_none(_CONTENTS)),
        envelope=draw(_any_or_none(["plain", "Debt collectors"])),
        agent=draw(_any_or_none(["a1", "a2"])),
        public=draw(TRUTHS),
        charges_recipient=draw(TRUTHS),
        consent_request=draw(TRUTHS),
        message_possible=draw(TRUTHS),
        limited_content=draw(TRUTHS),
        consumer_at=draw(_mostly(None, "work", "home", "unknown")),
        legally_required=draw(TRUTHS),
        remedy_necessary=draw(TRUTHS),
        earlier_answer_deficient=draw(TRUTHS),
        time_of_the_essence=draw(TRUTHS),
        discloses=draw(_some_of(_SETS["disclosure"])),
        asserts=draw(_some_of(_SETS["assertion"])),
        envelope_shows=draw(_some_of(_SETS["envelope_item"])),
    )


def _some_of(names: Sequence[str]) -> st.SearchStrategy[Any]:
    """A few of the names, all the limited content that 12 CFR 1006.2(j) requires, or nothing said."""
    some = st.lists(st.sampled_from(names), max_size=3).map(tuple)
    required = tuple(
        f"limited_content_{name}" for name in ("business_name", "request_to_reply", "person_name", "telephone_number")
    )
    return st.none() | some | (some.map(lambda more: (*required, *more)) if required[0] in names else some)


def _emails(last: datetime) -> st.SearchStrategy[models.Email]:
    bases = _any_or_none(_SETS["basis"])
    earlier = st.builds(models.PriorCollector, name=st.just("First Collections"), basis=bases, used=TRUTHS, opted_out=TRUTHS)
    return st.builds(
        models.Email,
        address=st.just("someone@example.com"),
        place=_any_or_none(_SETS["place"]),
        basis=bases,
        basis_at=st.none() | moments_before(last, 45) | st.just(last.date()),
        opt_out_ends=st.none() | moments_before(last, 10) | st.just(last.date()),
        domain_public=TRUTHS,
        creditor_use=_any_or_none(_SETS["creditor_use"]),
        creditor_told_to_stop=TRUTHS,
        notice_discloses=_some_of(_SETS["disclosure"]),
        opt_out_to=_any_or_none(_SETS["opt_out_recipient"]),
        prior_collectors=st.lists(earlier, max_size=2).map(tuple),
    )


@st.composite
def events(draw: st.DrawFn, last: datetime, number: str) -> models.Event:
    at = draw(moments_before(last, 60))
    hours = st.sampled_from([_hours("08:00", "12:00"), _hours("17:00", None), _hours(None, "23:00"), _hours(None, None)])
    kind: Any = draw(st.sampled_from(_SETS["event_type"]))
    consents = kind in ("consent_given", "consent_revoked")
    return models.Event(
        at=at,
        type=kind,
        known_at=draw(_mostly(None, at + timedelta(days=3))),
        ends=draw(_mostly(None, at + timedelta(days=5))),
        debts=draw(st.sampled_from([None, None, ("d1",), ("d2",)])),
        attorney=draw(_any_or_none(["A. Counsel"])),
        contact_known=draw(TRUTHS),
        written=draw(TRUTHS),
        complete=draw(TRUTHS),
        channel=draw(st.sampled_from([None, None, "call", "text", "email"])),
        address=draw(st.sampled_from([None, None, number])),
        place=draw(st.sampled_from([None, "work", "home"])),
        hours=draw(st.none() | hours),
        to=draw(st.none() | st.lists(st.sampled_from(_SETS["consent_to"]), min_size=1, max_size=3).map(tuple)) if consents else None,
        given_in=draw(st.sampled_from([None, None, "h1", "h2"])),
        given_lawfully=draw(TRUTHS),
        medium=draw(_any_or_none(_SETS["channel"])),
        medium_accepted=draw(TRUTHS),
        amount=draw(_any_or_none(["10.00", "500.00"])),
        notice=draw(_any_or_none(["intent_to_sue", "employer_contact"])),
        received_at=draw(st.sampled_from([None, at])),
        mail_class=draw(_any_or_none(["first_class", "certified"])),
        jurisdiction=draw(_any_or_none(["DC", "MA"])),
        person=draw(st.none() | _PEOPLE),
    )


_DAYS_OF_DEBTS = (
    "contract_at", "incurred_at", "defaulted_at", "last_payment_at", "charged_off_at", "placed_at", "delinquent_since",
    "assigned_at", "limitations_ends", "judgment_at", "sued_at", "collection_began_at", "last_charge_at",
    "final_invoice_due_at",
)  # fmt: skip


def _debt(name: str, last: date) -> st.SearchStrategy[models.Debt]:
    days = st.none() | st.integers(-30, 900).map(lambda ago: last - timedelta(days=ago))
    return st.builds(
        models.Debt,
        id=st.just(name),
        kind=_any_or_none(_SETS["debt_kind"]),
        status=_any_or_none(_SETS["debt_status"]),
        group=st.sampled_from([None, None, "g1"]),
        amount=_any_or_none(["100.00", "1200.00", "60000.00"]),
        total_with_lender=_any_or_none(["500.00", "90000.00"]),
        licence_type=_any_or_none(_SETS["licence_type"]),
        creditor_type=_any_or_none(_SETS["creditor_type"]),
        contract_form=_any_or_none(_SETS["contract_form"]),
        contract_signed=TRUTHS,
        governing_law=_any_or_none(["NC", "MA", "KY"]),
        secured_by_real_estate=TRUTHS,
        consumer_credit_transaction=TRUTHS,
        direct_motor_vehicle_loan=TRUTHS,
        payment_plan_offered=TRUTHS,
        **dict.fromkeys(_DAYS_OF_DEBTS, days),
    )


@st.composite
def worlds(
    draw: st.DrawFn,
    *,
    places: Sequence[str] = tuple(PLACES),
    channels: Sequence[str] = (),
    days: Sequence[date] = (),
    lone_place: bool = False,
) -> tuple[dict[str, object], models.Communication]:
    """The parts of a consumer's file, for `ConsumerFile(**parts)`, and a communication that is proposed.

    `lone_place`: the address and the numbers point to one state alone.
    """
    zip_code, number = PLACES[draw(st.sampled_from(places))]
    day = draw(st.sampled_from(days or _LAST_DAYS)) + timedelta(days=draw(st.integers(-2, 2)))
    minutes = draw(st.integers(8 * 2, 26 * 2)) * 30
    last = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
    addresses = [models.Address(kind="home", zip=zip_code)]
    if not lone_place:
        addresses = draw(
            st.sampled_from([addresses, addresses, addresses, [], [*addresses, models.Address(kind="mailing", state="KY")]])
        )
    parts: dict[str, object] = {
        "collector": models.Collector(
            kind=draw(_mostly("third_party_collector", *_SETS["collector_kind"], None)),
            licences=draw(st.sampled_from([None, {"NC": "1", "MA": "2"}])),
            attorney_in_own_name=draw(TRUTHS),
        ),
        "consumer": models.Consumer(
            addresses=tuple(addresses),
            phones=(
                models.Phone(
                    number=number, line=draw(_any_or_none(_SETS["line"])), place=draw(_any_or_none(_SETS["place"])),
                    basis=draw(_any_or_none(_SETS["basis"])), basis_at=draw(st.none() | moments_before(last, 70)),
                    checked_at=draw(st.none() | moments_before(last, 70)),
                ),
            ),
            emails=draw(st.just(()) | st.tuples(_emails(last))),
            time_zones=draw(st.sampled_from([(), (), (), ("America/Phoenix",)])) if not lone_place else (),
            minor=draw(TRUTHS),
            language=draw(_any_or_none(["en", "es"])),
            working_hours=draw(st.sampled_from([None, _hours("09:00", "17:00")])),
        ),
        "debts": [draw(_debt("d1", day)), *draw(st.lists(_debt("d2", day), max_size=1))],
        "events": draw(st.lists(events(last, number), max_size=5)),
        "history": [
            draw(communications(at, number, of_log=True, channels=channels))
            for at in draw(st.lists(moments_before(last, 45), max_size=12))
        ],
    }  # fmt: skip
    return parts, draw(communications(last, number, of_log=False, channels=channels))
