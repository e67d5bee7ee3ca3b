"""Small pieces of English that the sheets, the decisions and the reports share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from fdcpa_guard.values import format_clock_time

JURISDICTIONS: Final = {
    "US": "Federal law",
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "GU": "Guam", "VI": "U.S. Virgin Islands", "AS": "American Samoa", "MP": "Northern Mariana Islands",
    "NY-NYC": "New York City",
}  # fmt: skip

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PLURALS: Final = {
    "call": "calls",
    "text": "texts",
    "email": "emails",
    "letter": "letters",
    "postcard": "postcards",
    "fax": "faxes",
    "in_person": "visits in person",
    "social_media": "social media messages",
    "furnish": "furnishing to a consumer reporting agency",
    "sue": "bringing suit",
    "deposit_payment": "deposits of payment instruments",
    "accept_payment": "acceptance of payment instruments",
    "apply_payment": "application of payments",
    "collect_charge": "collection of amounts",
    "sell_debt": "transfers of debts",
    "repossess": "repossession and disablement of property",
    "keep_records": "keeping and disposing of records",
    "third_party_collector": "third-party collectors",
    "debt_buyer": "debt buyers",
    "collection_law_firm": "collection law firms",
    "servicer": "servicers",
    "creditor": "creditors",
}
_POSSESSIVES: Final = re.compile(r"\b(collector|consumer|creditor|employer|codebtor)s (?=[a-z])|\b(another)s\b")


def words_of(name: str) -> str:
    """A name of the rules as words: `is_the_collectors_act` is “is the collector's act”; a name can have no apostrophe."""
    return _POSSESSIVES.sub(lambda found: f"{found[1]}'s " if found[1] else f"{found[2]}'s", name.replace("_", " "))


def jurisdiction_name(code: str) -> str:
    """`Massachusetts` of `MA`, `New York City` of `NY-NYC`; a code that has no name here is shown as itself."""
    return JURISDICTIONS.get(code, code)


def local_time(moment: datetime) -> str:
    """An instant as people say it, with the name of its zone: `Wed 6 Apr 2022, 10:00 a.m. CDT`."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    zone = moment.tzname() or moment.strftime("%z")
    return f"{local_day(moment)}, {format_clock_time(seconds * 1_000_000)} {zone}"


def local_day(moment: datetime) -> str:
    """The day of an instant as people say it: `Wed 6 Apr 2022`."""
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def plural(name: str) -> str:
    """Channels, actions and collector kinds, in the plural."""
    return _PLURALS.get(name, name.replace("_", " "))


def listed(items: Iterable[str], joiner: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    found = list(items)
    return found[0] if len(found) == 1 else f" {joiner} ".join((", ".join(found[:-1]), found[-1])) if found else ""


def in_order_of(names: Iterable[str], order: Sequence[str]) -> list[str]:
    """The names as the vocabulary orders them, so that a set always reads the same."""
    places = {name: place for place, name in enumerate(order)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


_NOT_IN_CONDITIONS: Final = {
    "communication.debts": "which debts the communication is about",
    "consumer.location": "where the consumer is",
    "consumer.time_zone": "the time zone of where the consumer is",
    "entry.debts": "which debts the entry was about",
    "entry.debts_discussed": "which debts were talked of in the entry",
    "log_complete": "whether the log has every entry",
}
"""What an answer may lack beside the facts that conditions name."""


def fact_phrase(name: str) -> str | None:
    """What a fact is called in English; None of a name that is no fact's."""
    # Of an answer that lacks nothing, no fact is named, and the vocabulary need not be read.
    from fdcpa_guard.vocabulary import load_vocabulary

    fact = load_vocabulary().facts.get(name)
    return _NOT_IN_CONDITIONS.get(name) if fact is None else fact.phrase


def count(number: int, one: str, several: str | None = None) -> str:
    """`1 rule`, `2 rules`."""
    return f"{number} {one if number == 1 else several or one + 's'}"
