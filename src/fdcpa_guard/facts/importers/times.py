"""Instants as people write them. A time without a zone is read in the zone that the caller names, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.time_zones import iana_zone


class NaiveTimeError(ValueError):
    """A time without offset or zone, and nobody said whose clock it is."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An instant, and what to say about how it was found."""

    at: datetime
    note: str | None = None
    kind: ProblemKind | None = None


class LocalClock:
    """The clock that wrote the times without a zone; with no zone, such a time is refused."""

    def __init__(self, zone: str | None) -> None:
        self.zone_name = zone
        self._zone = None if zone is None else zone_of(zone)

    def instant(self, local: datetime, near: datetime | None = None) -> Reading:
        """The instant of a local time.

        Of the two instants that the hour repeated in autumn has, the one within half an hour of `near` (another
        witness of the same moment) is taken, else the first, with a note. A time that the clock skipped in spring
        is read with the offset before the change, with a note.

        Raises:
            NaiveTimeError: there is no zone.
        """
        if self._zone is None:
            raise NaiveTimeError(
                "the time has no zone: write an offset (2026-03-02T09:30:00-05:00), or name the zone of the clock "
                "that wrote it (--zone America/New_York)"
            )
        first = local.replace(tzinfo=self._zone, fold=0)
        second = local.replace(tzinfo=self._zone, fold=1)
        before, after = first.utcoffset(), second.utcoffset()
        at = first.astimezone(UTC)
        if before == after or before is None or after is None:
            return Reading(at)
        if before < after:
            note = f"this local time does not exist in {self.zone_name} (the clock was put forward): read as {at.isoformat()}"
            return Reading(at, note, ProblemKind.NONEXISTENT_TIME)
        if near is not None:
            for candidate in (at, second.astimezone(UTC)):
                if abs((candidate - near).total_seconds()) <= 1800:
                    return Reading(candidate)
        note = f"this local time comes twice in {self.zone_name} (the clock was put back): the first was taken, {at.isoformat()}"
        return Reading(at, note, ProblemKind.AMBIGUOUS_TIME)


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises:
        FactsError: no zone has that name.
    """
    zone = iana_zone(name)
    if zone is None:
        raise FactsError(
            f"no time zone is called `{name}`, expected an IANA name such as `America/New_York`", "zone"
        )
    return zone


def is_zone(name: str) -> bool:
    return iana_zone(name) is not None


def read_instant(value: object, clock: LocalClock, near: datetime | None = None) -> Reading:
    """The instant that a cell states: ISO 8601 with an offset, or a local time of `clock`.

    Raises:
        NaiveTimeError: the time has no offset and the clock no zone.
        ValueError: the value is no time.
    """
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = _less_common(value.strip())
        else:
            # A date alone reads as midnight, which nobody said.
            if len(value) <= 10:
                raise ValueError("a date without a time of day, expected an instant such as 2026-03-02T09:30:00-05:00")
    else:
        raise ValueError("expected an instant such as 2026-03-02T09:30:00-05:00")
    if moment.tzinfo is None:
        return clock.instant(moment, near)
    return Reading(moment)


def _less_common(text: str) -> datetime:
    zoned = text.removesuffix(" UTC").removesuffix(" GMT")
    if zoned != text:
        text = zoned + "+00:00"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        if len(text) > 10:
            return moment
    if "/" in text:
        raise ValueError(
            "a date in a spreadsheet's or country's own order, expected an instant such as 2026-03-02T09:30:00-05:00"
        )
    raise ValueError("expected an instant such as 2026-03-02T09:30:00-05:00")


def read_rfc2822(text: str) -> datetime:
    """`Fri, 18 Oct 2019 17:02:00 +0000`, with its offset.

    Raises:
        ValueError: the text is no such time.
    """
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        raise ValueError("expected a time such as `Fri, 18 Oct 2019 17:02:00 +0000`") from None
