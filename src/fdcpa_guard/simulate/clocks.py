"""Local days and clock times as instants. A day is its ordinal, a time of day its seconds since midnight.

Nothing simulated happens between midnight and 5 in the morning, so that the offset at noon is that of the whole day.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

import pendulum

HOUR: Final = 3600
_EPOCH: Final = date(1970, 1, 1).toordinal()
_SAMPLES: Final = (date(2026, 1, 15).toordinal(), date(2026, 7, 15).toordinal())
"""A day of winter and one of summer: zones that do not change their clocks are apart by more or less."""


class LocalDay(NamedTuple):
    """A calendar day of a zone: `midnight` in seconds since 1970, `text` as 2026-03-02, `offset` as -05:00."""

    midnight: int
    text: str
    offset: str


@lru_cache(maxsize=65536)
def local_day(zone: str, day: int) -> LocalDay:
    of = date.fromordinal(day)
    seconds = pendulum.datetime(of.year, of.month, of.day, 12, tz=zone).offset or 0
    minutes = abs(seconds) // 60
    sign = "-" if seconds < 0 else "+"
    offset = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return LocalDay((day - _EPOCH) * 86400 - seconds, of.isoformat(), offset)


@lru_cache(maxsize=65536)
def offset_at(zone: str, epoch: int) -> int:
    """Seconds that the zone's clock is ahead of UTC at an instant on the hour; it changes on the hour alone."""
    return pendulum.from_timestamp(epoch, tz=zone).offset or 0


def clock_text(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def at_text(zone: str, day: int, second: int) -> str:
    """The instant as 2026-03-02T09:30:00-05:00."""
    of = local_day(zone, day)
    return f"{of.text}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}{of.offset}"


@lru_cache(maxsize=4096)
def common_hours(home: str, zones: tuple[str, ...], earliest: int, latest: int) -> tuple[int, int]:
    """The seconds of the home zone's day at which it is between `earliest` and `latest` in all the zones, all year."""
    ahead = [
        (local_day(zone, day).midnight - local_day(home, day).midnight) for zone in (home, *zones) for day in _SAMPLES
    ]
    return earliest + max(ahead), latest + min(ahead)
