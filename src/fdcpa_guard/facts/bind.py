"""From the models of the edge to what the engine reads: plain slots, instants as integers, absent as None.

Nothing is guessed here but what the model page states: an outbound direction, collection as the purpose, the consumer
as the person of an entry of the consumer's own log, `known_at` equal to `at`, and debts that say no group standing
for themselves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts import designations, models
from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.clock import Clock, clock_of, weekday_name
from fdcpa_guard.facts.locations import Location, possible_locations, presumed_call_zone
from fdcpa_guard.facts.provenance import UNSAID, Provenance, provenances
from fdcpa_guard.values import Duration, Unit, instant_of, parse_clock_time


class Entry:
    """A communication: the one judged, or one of the log."""

    __slots__ = (
        "address", "agent", "at", "channel", "charges_recipient", "consent_request", "consumer_at", "content",
        "conversation", "debts", "debts_discussed", "dialing", "direction", "earlier_answer_deficient", "envelope", "id", "known_at",
        "language", "legally_required", "limited_content", "mail_class", "message_possible", "outcome",
        "person_household", "person_id", "person_relation", "person_role", "place", "profile_name", "public",
        "purpose", "recorded", "recording_consent", "remedy_necessary", "sender", "subject", "template",
    )  # fmt: skip

    id: str | None
    channel: str | None
    direction: str
    address: str | None
    place: str | None
    debts: tuple[str, ...] | None
    debts_discussed: tuple[str, ...] | None
    outcome: str | None
    dialing: str | None
    purpose: str
    content: str | None
    subject: str | None
    envelope: str | None
    language: str | None
    template: str | None
    agent: str | None
    profile_name: str | None
    public: bool | None
    sender: str | None
    charges_recipient: bool | None
    recorded: bool | None
    recording_consent: bool | None
    mail_class: str | None
    consent_request: bool | None
    message_possible: bool | None
    limited_content: bool | None
    consumer_at: str | None
    legally_required: bool | None
    remedy_necessary: bool | None
    earlier_answer_deficient: bool | None

    def __init__(self, said: models.Communication, *, of_log: bool) -> None:
        # Read from the model's own mapping: half the time, and there are forty fields.
        of: dict[str, Any] = said.__dict__
        self.id = of["id"]
        self.at = instant_of(of["at"])
        self.known_at = self.at if of["known_at"] is None else instant_of(of["known_at"])
        self.channel = of["channel"]
        self.direction = of["direction"] or "outbound"
        person = of["person"]
        if person is None:
            # An entry of the consumer's log was with the consumer unless it says otherwise; of a proposed
            # communication nobody has said whom it is for.
            self.person_role: str | None = "consumer" if of_log else None
            self.person_id: str | None = None
            self.person_relation: str | None = None
            self.person_household: bool | None = None
        else:
            self.person_role = None if person.role == "unknown" else person.role
            self.person_id = person.id
            self.person_relation = person.relation
            self.person_household = person.household
        self.address = None if of["address"] is None else one_address(of["address"])
        self.place = None if of["place"] == "unknown" else of["place"]
        self.debts = of["debts"]
        self.debts_discussed = of["debts_discussed"]
        self.outcome = of["outcome"]
        self.dialing = of["dialing"]
        self.purpose = of["purpose"] or "collection"
        self.content = of["content"] if of["content"] is not None else _spoken(of["turns"])
        self.subject = of["subject"]
        self.envelope = of["envelope"]
        self.language = of["language"]
        self.template = of["template"]
        self.agent = of["agent"]
        self.profile_name = of["profile_name"]
        self.public = of["public"]
        self.sender = of["sender"]
        self.charges_recipient = of["charges_recipient"]
        self.recorded = of["recorded"]
        self.recording_consent = of["recording_consent"]
        self.mail_class = of["mail_class"]
        self.consent_request = of["consent_request"]
        self.message_possible = of["message_possible"]
        self.limited_content = of["limited_content"]
        self.consumer_at = None if of["consumer_at"] == "unknown" else of["consumer_at"]
        self.legally_required = of["legally_required"]
        self.remedy_necessary = of["remedy_necessary"]
        self.earlier_answer_deficient = of["earlier_answer_deficient"]
        self.conversation = _is_conversation(of["channel"], of["outcome"])

    def moved_to(self, at: int) -> Entry:
        """The same communication at another instant."""
        moved = copy(self)
        moved.at = moved.known_at = at
        return moved

    def __repr__(self) -> str:
        return f"<{self.channel} {self.id or ''} at {self.at}>"


def _is_conversation(channel: str | None, outcome: str | None) -> bool | None:
    """Whether it led to a telephone conversation; a call that was answered need not have, and may have."""
    if channel is None or (channel == "call" and outcome in (None, "answered")):
        return None
    return channel == "call" and outcome == "conversation"


def _spoken(turns: Sequence[models.Turn] | None) -> str | None:
    if turns is None:
        return None
    return "\n".join(turn.text for turn in turns if turn.speaker == "agent")


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
        "address", "amount", "at", "attorney", "channel", "complete", "contact_known", "debts", "ends", "given_in",
        "given_lawfully", "given_to_collector", "hours", "jurisdiction", "known_at", "mail_class", "medium", "medium_accepted",
        "notice",
        "person_id", "person_role", "place", "received_at", "to", "type", "written",
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
        self.amount = _cents(said.amount)
        self.notice = said.notice
        self.complete = said.complete
        self.mail_class = said.mail_class
        self.medium = said.medium
        self.medium_accepted = said.medium_accepted
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


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


def _day(value: date | datetime | None) -> int | None:
    return None if value is None else value.toordinal()


class DebtOf:
    """One debt. `key` is what counts compare: the group, where debts are counted as one."""

    __slots__ = (
        "amount", "assigned_at", "charged_off_at", "collection_began_at", "consumer_credit_transaction",
        "contract_at", "creditor_type", "defaulted_at", "delinquent_since", "direct_motor_vehicle_loan",
        "id", "incurred_at", "judgment_at", "key", "kind", "last_payment_at", "licence_type",
        "limitations_ends", "payment_plan_offered", "placed_at", "secured_by_real_estate", "status", "sued_at", "total_with_lender",
    )  # fmt: skip

    def __init__(self, said: models.Debt) -> None:
        self.id = said.id
        self.key = said.id if said.group is None else f"group {said.group}"
        self.kind = said.kind
        self.status = said.status
        self.amount = _cents(said.amount)
        self.total_with_lender = _cents(said.total_with_lender)
        self.licence_type = said.licence_type
        self.creditor_type = said.creditor_type
        self.contract_at = _day(said.contract_at)
        self.incurred_at = _day(said.incurred_at)
        self.defaulted_at = _day(said.defaulted_at)
        self.last_payment_at = _day(said.last_payment_at)
        self.charged_off_at = _day(said.charged_off_at)
        self.delinquent_since = _day(said.delinquent_since)
        self.placed_at = _day(said.placed_at)
        self.assigned_at = _day(said.assigned_at)
        self.limitations_ends = _day(said.limitations_ends)
        self.judgment_at = _day(said.judgment_at)
        self.sued_at = _day(said.sued_at)
        self.secured_by_real_estate = said.secured_by_real_estate
        self.consumer_credit_transaction = said.consumer_credit_transaction
        self.direct_motor_vehicle_loan = said.direct_motor_vehicle_loan
        self.collection_began_at = _day(said.collection_began_at)
        self.payment_plan_offered = said.payment_plan_offered


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

    def covered(self, hours: Sequence[HoursOf] | None, instant: int) -> bool | None:
        """Whether named hours hold at an instant here; None where nobody named any, or no clock is known."""
        if hours is None or self.clock is None:
            return None
        day, time_of_day = self.clock.day(instant), self.clock.time_of_day(instant)
        return any(each.cover(day, time_of_day) for each in hours)

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
        self.log_complete = log_complete
        self.as_of = None if as_of is None else instant_of(as_of)
        self.events = sorted(
            (EventOf(event, f"events[{index}]") for index, event in enumerate(events)), key=attrgetter("at")
        )
        self.events_by_type: dict[str, list[EventOf]] = {}
        for event in self.events:
            self.events_by_type.setdefault(event.type, []).append(event)
        self.event_types = frozenset(self.events_by_type)
        self.entries = ordered_entries(Entry(said, of_log=True) for said in history)
        self.instants = [entry.at for entry in self.entries]
        self._ids = {entry.id for entry in self.entries}
        self._known_late = any(entry.known_at > entry.at for entry in self.entries)
        self._worlds: dict[str | None, tuple[World, ...]] = {}
        self._unlisted: dict[str, DebtOf] = {}
        self._about: dict[tuple[tuple[str, ...], str], bool] = {}

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
    def _provenances(self) -> dict[str, Provenance]:
        return provenances(self.consumer)

    def provenance_of(self, entry: Entry) -> Provenance:
        return UNSAID if entry.address is None else self._provenances.get(entry.address, UNSAID)

    @cached_property
    def work_email_on_file(self) -> bool:
        return any(email.place == "work" for email in self.consumer.emails)

    def line_of(self, entry: Entry) -> str | None:
        return None if entry.address is None else self.lines.get(entry.address)

    def inconvenient_since(self, since: int, until: int, world: World) -> bool | None:
        """Whether the consumer had called all the time between inconvenient; see `designations`."""
        knowledge = until if self.as_of is None else self.as_of
        said = [e for e in self.events if e.type in ("time_inconvenient", "time_convenient")]
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

    # -- debts --------------------------------------------------------------------------------------------------------

    def debt(self, debt_id: str) -> DebtOf:
        """A debt of the file; one that only a communication names has its id and nothing else."""
        found = self.debts.get(debt_id) or self._unlisted.get(debt_id)
        if found is None:
            found = self._unlisted[debt_id] = DebtOf(models.Debt(id=debt_id))
        return found

    def about(self, entry: Entry, debt: DebtOf | None, debt_ids: Sequence[str] | None) -> bool | None:
        """Whether one of `debt_ids` is the debt, or of its group. No id at all: it concerns some debt, unsaid which."""
        if debt is None or not debt_ids:
            return None
        asked = tuple(debt_ids), debt.key
        known = self._about.get(asked)
        if known is None:
            known = self._about[asked] = any(self.debt(debt_id).key == debt.key for debt_id in debt_ids)
        return known

    # -- the log ------------------------------------------------------------------------------------------------------

    def prior(self, entry: Entry) -> list[Entry]:
        """The entries that came before a communication and were known by then, in order of time."""
        knowledge = entry.at if self.as_of is None else self.as_of
        until = bisect_right(self.instants, entry.at)
        if not self._known_late and entry.id not in self._ids:
            # A proposed communication against a log that was kept as things happened: nothing to sift.
            return self.entries if until == len(self.entries) else self.entries[:until]
        return [
            each
            for each in self.entries[:until]
            if each is not entry and each.known_at <= knowledge and (each.id is None or each.id != entry.id)
        ]


def ordered_entries(entries: Iterable[Entry]) -> list[Entry]:
    """In order of time; of those with one id the last stated, the others dropped."""
    kept: dict[str, Entry] = {}
    unnamed: list[Entry] = []
    for entry in entries:
        if entry.id is None:
            unnamed.append(entry)
        else:
            kept[entry.id] = entry
    return sorted([*kept.values(), *unnamed], key=attrgetter("at"))


def file_of(scenario: models.Scenario, as_of: datetime | None = None) -> ConsumerFile:
    return ConsumerFile(
        collector=scenario.collector,
        consumer=scenario.consumer,
        debts=scenario.debts,
        events=scenario.events,
        history=expand_history(scenario.history),
        log_complete=scenario.log_complete,
        as_of=as_of,
    )


def expand_history(history: Sequence[models.HistoryEntry]) -> list[models.Communication]:
    """Writes out `repeat` and `every`: copies that far apart, with ids of their own."""
    steps: Mapping[Unit, timedelta] = {
        Unit.CALENDAR_DAYS: timedelta(days=1), Unit.HOURS: timedelta(hours=1), Unit.MINUTES: timedelta(minutes=1)
    }  # fmt: skip
    written: list[models.Communication] = []
    for index, entry in enumerate(history):
        written.append(entry)
        if entry.repeat is None:
            continue
        every = None if entry.every is None else Duration.parse(entry.every)
        if every is None or every.unit not in steps:
            raise FactsError(
                f"found `{entry.every}`, expected how far apart, such as `1 day`, `2 hours`", f"history[{index}].every"
            )
        for number in range(2, entry.repeat + 1):
            step = steps[every.unit] * every.length * (number - 1)
            written.append(
                entry.model_copy(
                    update={
                        "id": None if entry.id is None else f"{entry.id}-{number}",
                        "at": entry.at + step,
                        "known_at": None if entry.known_at is None else entry.known_at + step,
                    }
                )
            )
    return written
