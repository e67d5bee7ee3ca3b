"""The events of a file as the engine reads them, and the days and hours that they name.

Nothing is guessed here but what the model page states: `known_at` equal to `at`, and a consent in the collector's own
file given to that collector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fdcpa_guard.facts import models
from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.clock import weekday_name
from fdcpa_guard.facts.debts import cents_of
from fdcpa_guard.values import instant_of, parse_clock_time


@dataclass(frozen=True, slots=True)
class HoursOf:
    """Days and hours that somebody named: local weekdays and times; `stop` before `start` runs past midnight."""

    days: frozenset[str] | None
    start: int
    stop: int

    @staticmethod
    def of(days: Sequence[str] | None, start: str | None, stop: str | None) -> HoursOf:
        first = 0 if start is None else parse_clock_time(start)
        last = parse_clock_time("24:00") if stop is None else parse_clock_time(stop)
        assert first is not None  # the model has checked the form of both
        assert last is not None
        return HoursOf(None if days is None else frozenset(days), first, last)

    def cover(self, day: int, time_of_day: int) -> bool:
        """Whether they hold at a local time; the end itself is outside."""
        if self.start < self.stop:
            return self.start <= time_of_day < self.stop and self._on(day)
        if time_of_day >= self.start:
            return self._on(day)
        return time_of_day < self.stop and self._on(day - 1)

    def _on(self, day: int) -> bool:
        return self.days is None or weekday_name(day) in self.days


class EventOf:
    """Something that became known."""

    __slots__ = (
        "address",
        "agency_kind",
        "amount",
        "at",
        "attorney",
        "by_designated_means",
        "channel",
        "chapter",
        "complete",
        "contact_known",
        "debts",
        "duplicative",
        "ends",
        "esign",
        "given_in",
        "given_lawfully",
        "given_to_collector",
        "hours",
        "jurisdiction",
        "known_at",
        "language",
        "mail_class",
        "medium",
        "medium_accepted",
        "negative",
        "notice",
        "period_ends",
        "person_id",
        "person_role",
        "place",
        "received_at",
        "scope_stated",
        "to",
        "type",
        "written",
    )  # fmt: skip

    def __init__(self, said: models.Event, path: str) -> None:
        self.at = instant_of(said.at)
        self.known_at = self.at if said.known_at is None else instant_of(said.known_at)
        self.type = said.type
        ends = [instant_of(end) for end in (said.ends, said.until) if end is not None]
        self.ends = min(ends) if ends else None
        self.debts = said.debts
        self.attorney = said.attorney
        self.contact_known = said.contact_known
        self.written = said.written
        self.channel = said.channel
        self.address = None if said.address is None else one_address(said.address)
        self.place = None if said.place == "unknown" else said.place
        person = said.person
        self.person_role = None if person is None or person.role == "unknown" else person.role
        self.person_id = None if person is None else person.id
        self.given_in = said.given_in
        self.given_lawfully = said.given_lawfully
        self.jurisdiction = said.jurisdiction
        # A consent in the collector's own file was given to it, unless the file says to whom else.
        self.given_to_collector = said.given_to in (None, "collector")
        self.received_at = None if said.received_at is None else instant_of(said.received_at)
        self.amount = cents_of(said.amount)
        self.notice = said.notice
        self.language = said.language
        self.complete = said.complete
        self.duplicative = said.duplicative
        self.period_ends = None if said.period_ends is None else said.period_ends.toordinal()
        self.mail_class = said.mail_class
        self.medium = said.medium
        self.medium_accepted = said.medium_accepted
        self.by_designated_means = said.by_designated_means
        self.scope_stated = said.scope_stated
        self.esign = said.esign
        self.chapter = said.chapter
        self.negative = said.negative
        self.agency_kind = said.agency_kind
        self.to: tuple[str, ...] | None = None
        self.hours: tuple[HoursOf, ...] | None = None
        self._read_hours(said, path)

    def _read_hours(self, said: models.Event, path: str) -> None:
        hours: list[HoursOf] = []
        stop: str | None = None
        if isinstance(said.to, tuple):
            self.to = said.to
        elif said.to is not None:
            if parse_clock_time(said.to) is None:
                self.to = (said.to,)
            else:
                stop = said.to
        if self.to is not None and "any" in self.to:
            # It names nothing in particular: a revocation then ends every consent, and of a consent it has to be said
            # what it covers.
            self.to = None
        if said.days is not None or said.from_ is not None or stop is not None:
            hours.append(HoursOf.of(said.days, said.from_, stop))
        stated = (said.hours,) if isinstance(said.hours, models.Hours) else said.hours or ()
        hours.extend(HoursOf.of(each.days, each.from_, each.to) for each in stated)
        self.hours = tuple(hours) or None

    def __repr__(self) -> str:
        return f"<{self.type} at {self.at}>"
