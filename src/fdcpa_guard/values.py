"""The kinds of value that rules speak of, and how each is held inside the engine.

| kind       | held as                                             |
| ---------- | --------------------------------------------------- |
| truth      | True, False, or None for unknown                    |
| count      | `Range`                                             |
| number     | int                                                 |
| money      | int, cents                                          |
| text, name | str                                                 |
| texts, names | tuple of str                                      |
| instant    | int, microseconds since 1970-01-01T00:00:00Z        |
| day        | int, `datetime.date.toordinal()`                    |
| clock_time | int, microseconds since local midnight              |
| duration   | `Duration`                                          |

Whatever a fact's kind, None means that nobody said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Final

MICROSECONDS: Final = 1_000_000
DAY_MICROSECONDS: Final = 86_400 * MICROSECONDS
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Truth(Enum):
    """Kleene's three values. Inside compiled rules they are True, False and None."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @staticmethod
    def of(value: bool | None) -> Truth:
        if value is None:
            return Truth.UNKNOWN
        return Truth.TRUE if value else Truth.FALSE


class Kind(Enum):
    TRUTH = "truth"
    COUNT = "count"
    NUMBER = "number"
    MONEY = "money"
    TEXT = "text"
    TEXTS = "texts"
    NAME = "name"
    NAMES = "names"
    INSTANT = "instant"
    DAY = "day"
    CLOCK_TIME = "clock_time"
    DURATION = "duration"
    MOMENT = "moment"
    """What `latest` and `earliest` give: an entry or event, or none."""


@dataclass(frozen=True, slots=True)
class Type:
    """A kind, with what sets apart values of one kind: the names of a set, or whose clock."""

    kind: Kind
    names: frozenset[str] | None = None
    clock: str | None = None

    def describe(self) -> str:
        text = self.kind.value.replace("_", " ")
        return f"{self.clock.replace('_', ' ')} {text}" if self.clock else text


class Unit(Enum):
    """Units of a duration, as the law counts them.

    `CONSECUTIVE_DAYS` counts the day of the anchor as day one (12 CFR 1006.14(b)(2)(i)(B)); `CALENDAR_DAYS`
    begins with the day after it. Both are days of a calendar, never 24 hours.
    """

    CONSECUTIVE_DAYS = "consecutive days"
    CALENDAR_DAYS = "calendar days"
    BUSINESS_DAYS = "business days"
    HOURS = "hours"
    MINUTES = "minutes"
    MONTHS = "months"
    YEARS = "years"


_DURATION = re.compile(
    r"(\d+)\s+(?:(consecutive|calendar|business)\s+)?(day|hour|minute|month|year)s?\b", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Duration:
    length: int
    unit: Unit

    @staticmethod
    def parse(text: str) -> Duration | None:
        """`7 consecutive days`, `35 days`, `24 hours`; None where the text is no duration."""
        match = _DURATION.fullmatch(text.strip())
        if match is None:
            return None
        number, calendar, noun = match.groups()
        if noun == "day":
            unit = Unit((calendar or "calendar") + " days")
        elif calendar is None or (calendar == "calendar" and noun in ("month", "year")):
            unit = Unit(noun + "s")
        else:
            return None
        return Duration(int(number), unit)

    def __str__(self) -> str:
        unit = self.unit.value
        return f"{self.length} {unit[:-1] if self.length == 1 else unit}"


@dataclass(frozen=True, slots=True)
class Range:
    """A count, given what is known: `at_least` surely count, `at_most` adds those that might.

    `at_most` is None where the log may lack entries, so that nothing bounds the count from above.
    """

    at_least: int
    at_most: int | None

    def more_than(self, limit: int) -> bool | None:
        if self.at_least > limit:
            return True
        return False if self.at_most is not None and self.at_most <= limit else None

    def __str__(self) -> str:
        if self.at_least == self.at_most:
            return str(self.at_least)
        return f"{self.at_least}..{'' if self.at_most is None else self.at_most}"


def instant_of(moment: datetime) -> int:
    """Microseconds since the epoch of an aware datetime; exact, no floating point."""
    return (moment - _EPOCH) // _MICROSECOND


def datetime_of(instant: int) -> datetime:
    """The UTC datetime of an instant."""
    return _EPOCH + timedelta(microseconds=instant)


_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([ap])\.?m\.?)?", re.ASCII | re.IGNORECASE)


def parse_clock_time(text: str) -> int | None:
    """`8:00 a.m.`, `21:00` or `24:00` as microseconds since midnight; None where it is no clock time."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if match[4].lower() == "p" else 0)
    if minutes > 59 or seconds > 59 or hours > 24 or (hours == 24 and (minutes or seconds)):
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * MICROSECONDS


def format_clock_time(value: int) -> str:
    """A clock time as a rule writes it: `8:00 a.m.`; seconds only where there are any."""
    total, micro = divmod(value, MICROSECONDS)
    hours, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    tail = f":{seconds:02d}" if seconds or micro else ""
    if hours == 24:
        return "24:00"
    return f"{(hours - 1) % 12 + 1}:{minutes:02d}{tail} {'a.m.' if hours < 12 else 'p.m.'}"


_MONEY = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{2}))?", re.ASCII)


def parse_money(text: str) -> int | None:
    """`$25.00` or `1200.00` in cents; None where it is no amount."""
    match = _MONEY.fullmatch(text.strip())
    if match is None:
        return None
    return int(match[1].replace(",", "")) * 100 + int(match[2] or 0)


def format_money(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}"


_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def parse_day(text: str) -> int | None:
    """`2021-11-30` as an ordinal day; None where it is no date."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).toordinal()
    except ValueError:
        return None


def format_day(day: int) -> str:
    return date.fromordinal(day).isoformat()
