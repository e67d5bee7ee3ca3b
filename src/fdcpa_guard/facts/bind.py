"""From the models of the edge to the file of one consumer that the engine asks, and the places the consumer may be.

Its debts, events and entries are plain slots, with instants as integers and absent as None. Nothing is guessed but what
the model page states; each of the modules of those three says what that is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any

from fdcpa_guard.facts import designations, models
from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.clock import Clock, clock_of, weekday_name
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry, expand_history, ordered_entries
from fdcpa_guard.facts.events import EventOf, HoursOf
from fdcpa_guard.facts.locations import Location, possible_locations, presumed_call_zone
from fdcpa_guard.facts.naming import identifies_debt, is_one_of, is_registered, is_shown
from fdcpa_guard.facts.provenance import UNSAID, Provenance, provenances
from fdcpa_guard.facts.stated import UNSTATED, StatedOf, is_same_account, is_same_name, on_file
from fdcpa_guard.facts.undeliverable import days_of_notice, returned_at
from fdcpa_guard.facts.validation_period import (
    answered,
    came_back,
    earliest_end,
    in_validation_period,
    notices_among,
    period_end,
)
from fdcpa_guard.values import instant_of


class World:
    """One possible location of the consumer, and its clock."""

    __slots__ = ("because", "city", "clock", "state")

    def __init__(self, location: Location) -> None:
        self.state = location.state
        self.city = location.city
        self.because = location.because
        self.clock: Clock | None = None if location.zone is None else clock_of(location.zone)

    def day(self, instant: int | None) -> int | None:
        return None if self.clock is None or instant is None else self.clock.day(instant)

    def time_of_day(self, instant: int) -> int | None:
        return None if self.clock is None else self.clock.time_of_day(instant)

    def weekday(self, instant: int) -> str | None:
        return None if self.clock is None else weekday_name(self.clock.day(instant))

    def first_instant(self, said: date | datetime | None) -> int | None:
        """An instant as it is; of a date the first here, and None where no clock is known."""
        if said is None or isinstance(said, datetime):
            return None if said is None else instant_of(said)
        return None if self.clock is None else self.clock.at(said.toordinal(), 0)

    def end_instant(self, said: date | datetime | None) -> int | None:
        """An instant as it is; of a date the first after it here, and None where no clock is known."""
        if said is None or isinstance(said, datetime):
            return None if said is None else instant_of(said)
        return None if self.clock is None else self.clock.at(said.toordinal() + 1, 0)

    def days_between(self, start: date | datetime | None, end: date | datetime | None) -> int | None:
        """Calendar days from one to the other, of instants by the days here; None where either is not said."""
        first, last = self._ordinal(start), self._ordinal(end)
        return None if first is None or last is None else last - first

    def _ordinal(self, said: date | datetime | None) -> int | None:
        return self.day(instant_of(said)) if isinstance(said, datetime) else None if said is None else said.toordinal()

    def covered(self, hours: Sequence[HoursOf] | None, instant: int) -> bool | None:
        """Whether named hours hold at an instant here; None where nobody named any, or no clock is known."""
        if hours is None or self.clock is None:
            return None
        day, time_of_day = self.clock.day(instant), self.clock.time_of_day(instant)
        return any(each.cover(day, time_of_day) for each in hours)

    def earliest_validation_period_end(self, provided_at: int, channel: str | None) -> int | None:
        """See `validation_period.earliest_end`; None where no channel is said."""
        return None if channel is None else earliest_end(self.day(provided_at), channel)

    def validation_period_end(
        self, provided_at: int, channel: str | None, stated: int | None, received_at: int | None
    ) -> int | None:
        """See `validation_period.period_end`."""
        return period_end(self.day(provided_at), channel, stated, self.day(received_at))

    def days_of_notice(self, notice: int | None, deposited_at: int) -> tuple[int | None, int | None]:
        """See `undeliverable.days_of_notice`; None where no clock is known."""
        return days_of_notice(notice, self.day(deposited_at))

    def key(self) -> tuple[str | None, str | None]:
        return self.state, self.city


NOWHERE = Location(state=None, city=None, zone=None, because="no address, number or zone says where the consumer is")
EASTERN = "America/New_York"


class ConsumerFile:
    """All that is known of one consumer: the person, the debts, the events, and the log so far.

    Build it once and judge many communications against it; it does not change. Entries are held in order of time.
    `as_of` is the instant whose knowledge counts: None is each judged communication's own (what was known then).
    """

    def __init__(
        self,
        *,
        collector: models.Collector | None = None,
        consumer: models.Consumer | None = None,
        debts: Iterable[models.Debt] = (),
        events: Iterable[models.Event] = (),
        history: Iterable[models.Communication] = (),
        log_complete: bool = True,
        as_of: datetime | None = None,
    ) -> None:
        self.collector = collector or models.Collector()
        self.consumer = consumer or models.Consumer()
        self.debts = {debt.id: DebtOf(debt) for debt in debts}
        self.service_began_at, self.service_ended_at = (
            None if day is None else day.toordinal()
            for day in (self.consumer.service_began_at, self.consumer.service_ended_at)
        )
        self.log_complete = log_complete
        self.as_of = None if as_of is None else instant_of(as_of)
        self.entries = ordered_entries(Entry(said, of_log=True) for said in history)
        stated = (EventOf(event, f"events[{index}]") for index, event in enumerate(events))
        self.events = sorted((*stated, *notices_among(self.entries)), key=attrgetter("at"))
        self.events_by_type: dict[str, list[EventOf]] = {}
        for event in self.events:
            self.events_by_type.setdefault(event.type, []).append(event)
        self.event_types = frozenset(self.events_by_type)
        self.instants = [entry.at for entry in self.entries]
        self.wordy = not all(entry.plain for entry in self.entries)
        """Whether any entry says what most say nothing of."""
        self._ids = {entry.id for entry in self.entries}
        self._known_late = any(entry.known_at > entry.at for entry in self.entries)
        self._worlds: dict[str | None, tuple[World, ...]] = {}
        self._unlisted: dict[str, DebtOf] = {}
        self._about: dict[tuple[tuple[str, ...], str], bool] = {}
        self.decided_alone: dict[object, dict[tuple[int, int, int], Any]] = {}
        """For the interpreter: what its entries and events decide of a rule's conditions by themselves."""

    def with_events(self, events: Sequence[EventOf], as_of: int | None) -> ConsumerFile:
        """The same person and debts with events, which are in order of time, and without a log."""
        found = copy(self)
        found.as_of = as_of
        found.events = list(events)
        found.events_by_type = {}
        for event in found.events:
            found.events_by_type.setdefault(event.type, []).append(event)
        found.event_types = frozenset(found.events_by_type)
        return found

    # -- the consumer ----------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> dict[str, str]:
        """The kind of line of each number on file."""
        return {
            one_address(phone.number): phone.line
            for phone in self.consumer.phones
            if phone.line is not None and phone.line != "unknown"
        }

    @cached_property
    def places(self) -> dict[str, str]:
        """The place of each number and email address on file."""
        found: dict[str, str] = {}
        for phone in self.consumer.phones:
            if phone.place is not None and phone.place != "unknown":
                found[one_address(phone.number)] = phone.place
        for email in self.consumer.emails:
            if email.place is not None and email.place != "unknown":
                found[one_address(email.address)] = email.place
        return found

    @cached_property
    def number_outside_work(self) -> bool | None:
        """Whether a number on file reaches the consumer outside work; unknown where none is, or one has no place."""
        phones = self.consumer.phones
        if any(phone.place in ("personal", "home") for phone in phones):
            return True
        return False if phones and all(phone.place == "work" for phone in phones) else None

    def place_of(self, entry: Entry) -> str | None:
        """As stated of the communication, else as the file has it of its number or address."""
        return entry.place or (None if entry.address is None else self.places.get(entry.address))

    @cached_property
    def provenances(self) -> dict[str, Provenance]:
        """What is on file of each number and email address."""
        return provenances(self.consumer)

    def provenance_of(self, entry: Entry) -> Provenance:
        return UNSAID if entry.address is None else self.provenances.get(entry.address, UNSAID)

    @cached_property
    def work_email_on_file(self) -> bool:
        return any(email.place == "work" for email in self.consumer.emails)

    def line_of(self, entry: Entry) -> str | None:
        return None if entry.address is None else self.lines.get(entry.address)

    def number_given_for(self, entry: Entry, debt: DebtOf | None) -> bool | None:
        """Whether the consumer gave the number used to the creditor in the transaction that led to a debt."""
        given_for = self.provenance_of(entry).given_for
        if debt is None or given_for is None:
            return None
        return any(self.debt(debt_id).key == debt.key for debt_id in given_for)

    @cached_property
    def own_numbers(self) -> frozenset[str] | None:
        stated = self.collector.numbers
        return None if stated is None else frozenset(one_address(number) for number in stated)

    def displays_own_number(self, entry: Entry) -> bool | None:
        """Whether the number that the called person sees is one of the collector's; None where either is not said."""
        own = self.own_numbers
        return None if own is None or entry.displayed_number is None else entry.displayed_number in own

    def inconvenient_since(self, since: int, until: int, world: World) -> bool | None:
        """Whether the consumer had called all the time between inconvenient; see `designations`."""
        knowledge = until if self.as_of is None else self.as_of
        said = [e for e in self.events if e.type in designations.DESIGNATIONS]
        return designations.inconvenient_throughout(said, since, until, knowledge, world.clock)

    @cached_property
    def entries_by_id(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.entries if entry.id is not None}

    def given_in_direction(self, event: EventOf) -> str | None:
        entry = designations.given_in(self, event)
        return None if entry is None else entry.direction

    def given_in_time(self, event: EventOf, world: World) -> int | None:
        entry = designations.given_in(self, event)
        return None if entry is None else world.time_of_day(entry.at)

    def given_unopposed(self, event: EventOf, world: World) -> bool | None:
        return designations.given_unopposed(self, event, world)

    def deceased_by(self, instant: int) -> bool | None:
        """Whether the consumer was known to have died; a file that names no date of death says nothing."""
        died = self.consumer.deceased_at
        if isinstance(died, datetime):
            return instant_of(died) <= instant
        if died is not None:
            return instant_of(datetime(died.year, died.month, died.day, tzinfo=clock_of("UTC").zone)) <= instant
        known = self.events_by_type.get("deceased")
        return True if known and known[0].at <= instant else None

    @cached_property
    def working_hours(self) -> tuple[HoursOf, ...] | None:
        stated = self.consumer.working_hours
        if stated is None:
            return None
        each = (stated,) if isinstance(stated, models.Hours) else stated
        return tuple(HoursOf.of(hours.days, hours.from_, hours.to) for hours in each)

    # -- where the consumer may be -----------------------------------------------------------------------------------

    def worlds(self, called: str | None) -> tuple[World, ...]:
        """The possible locations while `called` is the number called; one that knows nothing, where there is none."""
        known = self._worlds.get(called)
        if known is None:
            found = possible_locations(self.consumer, called)
            known = tuple(World(location) for location in found) or (World(NOWHERE),)
            self._worlds[called] = known
        return known

    def called_number_time(self, entry: Entry) -> int | None:
        zone = presumed_call_zone(self.consumer, entry.address)
        return None if zone is None else clock_of(zone).time_of_day(entry.at)

    def eastern_time(self, entry: Entry) -> int:
        return clock_of(EASTERN).time_of_day(entry.at)

    def clock_changes(self, clock: str | None, time_of_day: int, entry: Entry, world: World) -> set[int]:
        """The next instants after a communication at which the clock of a fact shows a time, and passes midnight."""
        if clock == "eastern":
            own: Clock | None = clock_of(EASTERN)
        elif clock == "called_number":
            zone = presumed_call_zone(self.consumer, entry.address)
            own = None if zone is None else clock_of(zone)
        else:
            own = world.clock
        if own is None:
            return set()
        today = own.day(entry.at)
        found = {own.at(day, time) for day in (today, today + 1) for time in (0, time_of_day)}
        return {instant for instant in found if instant >= entry.at}

    def licensed_in(self, state: str | None) -> bool | None:
        licences = self.collector.licences
        return None if licences is None or state is None else state in licences

    def names_the_collector(self, business_name: str | None) -> bool | None:
        return is_one_of(business_name, self.collector.names)

    def registers_alias(self, entry: Entry) -> bool | None:
        return is_registered(entry.alias, entry.agent, self.collector.aliases)

    def shows_person(self, entry: Entry) -> bool | None:
        return is_shown(entry.profile_name, entry.alias, entry.agent, self.collector.names)

    # -- debts --------------------------------------------------------------------------------------------------------

    def debt(self, debt_id: str) -> DebtOf:
        """A debt of the file; one that only a communication names has its id and nothing else."""
        found = self.debts.get(debt_id) or self._unlisted.get(debt_id)
        if found is None:
            found = self._unlisted[debt_id] = DebtOf(models.Debt(id=debt_id))
        return found

    def debts_on_file(self, entry: Entry) -> StatedOf:
        """What the file has of the debts that a communication is about, all together."""
        return UNSTATED if not entry.debts else on_file([self.debt(debt_id) for debt_id in entry.debts])

    def account_as_stated(self, entry: Entry, debt: DebtOf | None) -> bool | None:
        return None if debt is None else is_same_account(entry.stated.account_suffix, debt.account_suffix)

    def current_creditor_as_stated(self, entry: Entry, debt: DebtOf | None) -> bool | None:
        return None if debt is None else is_same_name(entry.stated.current_creditor, debt.creditor)

    def about(self, entry: Entry, debt: DebtOf | None, debt_ids: Sequence[str] | None) -> bool | None:
        """Whether one of `debt_ids` is the debt, or of its group. No id at all: it concerns some debt, unsaid which."""
        if debt is None or not debt_ids:
            return None
        asked = tuple(debt_ids), debt.key
        known = self._about.get(asked)
        if known is None:
            known = self._about[asked] = any(self.debt(debt_id).key == debt.key for debt_id in debt_ids)
        return known

    def about_event(self, event: EventOf, debt: DebtOf | None) -> bool | None:
        """Whether an event is about the debt: one that says nothing of debts is about all, an empty list leaves open which."""
        if event.debts is None:
            return True
        if debt is None or not event.debts:
            return None
        return any(self.debt(debt_id).key == debt.key for debt_id in event.debts)

    def identified_in_subject(self, entry: Entry, debt: DebtOf | None) -> bool | None:
        if debt is None:
            return None
        return identifies_debt(entry.subject, debt.creditor, debt.original_creditor, debt.account_suffix)

    def came_back(self, event: EventOf, at: int) -> bool:
        return came_back(self, event, at)

    def about_one_debt(self, entry: Entry) -> bool | None:
        """Whether it is about one debt alone, or debts that are counted as one; None where it names none."""
        return len({self.debt(debt).key for debt in entry.debts}) == 1 if entry.debts else None

    def returned_at(self, sent: Entry | EventOf, at: int) -> int | None:
        return returned_at(self, sent, at)

    def answered(self, event: EventOf, debt: DebtOf | None, at: int) -> bool | None:
        return answered(self, event, debt, at)

    def in_validation_period(self, event: EventOf, debt: DebtOf | None, at: int, world: World) -> bool | None:
        return in_validation_period(self, event, debt, at, world)

    # -- the log ------------------------------------------------------------------------------------------------------

    def prior(self, entry: Entry) -> list[Entry]:
        """The entries that came before a communication and were known by then, in order of time."""
        knowledge = entry.at if self.as_of is None else self.as_of
        until = bisect_right(self.instants, entry.at)
        if not self._known_late and knowledge >= entry.at and entry.id not in self._ids:
            # A proposed communication against a log that was kept as things happened: nothing to sift.
            return self.entries if until == len(self.entries) else self.entries[:until]
        return [
            each
            for each in self.entries[:until]
            if each is not entry and each.known_at <= knowledge and (each.id is None or each.id != entry.id)
        ]


def file_of(scenario: models.Scenario, as_of: datetime | None = None) -> ConsumerFile:
    """The file that a scenario document states, its history written out."""
    return ConsumerFile(
        collector=scenario.collector,
        consumer=scenario.consumer,
        debts=scenario.debts,
        events=scenario.events,
        history=expand_history(scenario.history),
        log_complete=scenario.log_complete,
        as_of=as_of,
    )
