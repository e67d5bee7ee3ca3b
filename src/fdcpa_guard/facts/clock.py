"""A local clock: which day and time of day an instant is in a zone, and back. DST comes from the IANA database.

Instants are microseconds since the epoch, days ordinals, times of day microseconds since midnight (see `values`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.time_zones import iana_zone
from fdcpa_guard.values import DAY_MICROSECONDS, MICROSECONDS, instant_of

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_QUARTER = 900 * MICROSECONDS
_CACHED_QUARTERS = 200_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """The clock of one IANA zone. Offsets are remembered by quarter of an hour: no zone changes within one."""

    __slots__ = ("_midnights", "_offsets", "name", "zone")

    def __init__(self, name: str) -> None:
        zone = iana_zone(name)
        if zone is None:
            raise FactsError(f"no time zone is called `{name}`", hint="use an IANA name, such as America/Chicago")
        self.zone = zone
        self.name = name
        self._offsets: dict[int, int] = {}
        self._midnights: dict[int, int] = {}

    def offset(self, instant: int) -> int:
        """Microseconds that this clock is ahead of UTC at an instant."""
        quarter = instant // _QUARTER
        known = self._offsets.get(quarter)
        if known is not None:
            return known
        moment = _EPOCH + timedelta(microseconds=instant)
        shift = moment.astimezone(self.zone).utcoffset() or timedelta(0)
        offset = shift // timedelta(microseconds=1)
        # Before standard time, zones were off by odd seconds: such offsets change inside a quarter, so are not kept.
        if shift.total_seconds() % 900 == 0:
            if len(self._offsets) >= _CACHED_QUARTERS:
                self._offsets.clear()
            self._offsets[quarter] = offset
        return offset

    def day(self, instant: int) -> int:
        return (instant + self.offset(instant)) // DAY_MICROSECONDS + _EPOCH_ORDINAL

    def time_of_day(self, instant: int) -> int:
        return (instant + self.offset(instant)) % DAY_MICROSECONDS

    def midnight(self, day: int) -> int:
        """The first instant of a local day."""
        known = self._midnights.get(day)
        if known is None:
            known = self.at(day, 0)
            if len(self._midnights) >= _CACHED_QUARTERS:
                self._midnights.clear()
            self._midnights[day] = known
        return known

    def at(self, day: int, time_of_day: int) -> int:
        """The instant at which this clock first shows that time on that day.

        A time that summer time skips is the instant of the jump; 24:00 is the next midnight.
        """
        day += time_of_day // DAY_MICROSECONDS
        time_of_day %= DAY_MICROSECONDS
        local = datetime.combine(date.fromordinal(day), datetime.min.time()) + timedelta(microseconds=time_of_day)
        first = instant_of(local.replace(tzinfo=self.zone, fold=0).astimezone(UTC))
        if self.day(first) == day and self.time_of_day(first) == time_of_day:
            return first
        # In the gap, fold=0 reads the time by the offset before the jump and lands after it by as much as it was
        # skipped; the jump itself is where the later reading, fold=1, and this one meet.
        before = instant_of(local.replace(tzinfo=self.zone, fold=1).astimezone(UTC))
        low, high = min(first, before), max(first, before)
        offset_low = self.offset(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self.offset(middle) == offset_low:
                low = middle
            else:
                high = middle
        return high

    def show(self, instant: int) -> datetime:
        """The local datetime, for people and for output."""
        return (_EPOCH + timedelta(microseconds=instant)).astimezone(self.zone)


@lru_cache(maxsize=1024)
def clock_of(name: str) -> Clock:
    return Clock(name)


def weekday_name(day: int) -> str:
    return ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")[day % 7]
