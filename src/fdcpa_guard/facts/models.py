"""The scenario document and the rows of a log, as people and programs write them.

The edge of the program: closed models in the names of the model page. A field left out, or null, means that nobody
said; what binds it for the engine turns it into an unknown and never into a default other than those that the model
page states.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from fdcpa_guard.facts.names import (
    ActionType,
    AgencyKind,
    Assertion,
    BankruptcyChapter,
    Basis,
    Channel,
    CollectorKind,
    ConsentTo,
    ContractForm,
    CreditorType,
    CreditorUse,
    DebtKind,
    DebtStatus,
    Dialing,
    Direction,
    Disclosure,
    Disposition,
    EnvelopeItem,
    EsignElement,
    EventType,
    ItemizationKind,
    LicenceType,
    Line,
    OptOutRecipient,
    Outcome,
    Place,
    Purpose,
    Record,
    Role,
    StatementSender,
    Transferee,
    Weekday,
)
from fdcpa_guard.values import parse_clock_time


def _clock_time_text(value: object) -> object:
    if not isinstance(value, str) or parse_clock_time(value) is None:
        raise ValueError('expected a clock time in quotes, such as "15:00" or "8:00 a.m."')
    return value


ClockText = Annotated[str, BeforeValidator(_clock_time_text)]


def _end_or_consents(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """A name that nobody knows would revoke nothing, and would be taken for a consent to nothing."""
    if isinstance(value, str) and parse_clock_time(value) is not None:
        return value
    known = get_args(ConsentTo)
    if not value:
        raise ValueError("an empty list; expected what is consented to, or to leave it out")
    for name in (value,) if isinstance(value, str) else value:
        if name not in known:
            raise ValueError(f"expected a clock time, or what is consented to, not `{name}`: {', '.join(known)}")
    return value


Weekdays = Annotated[tuple[Weekday, ...], Field(min_length=1)]
"""Not the empty list, which would say that the hours hold on no day."""
Money = Annotated[Decimal, Field(decimal_places=2)]
CalendarDay = date
"""Under a name of its own: a field called `date` would hide the class."""
Id = Annotated[str, StringConstraints(min_length=1)]
"""Not the empty text, under which all would be one that have none."""
Number = Annotated[str, StringConstraints(min_length=1, max_length=320)]


class Model(BaseModel):
    """Closed and frozen: an unknown key is an error, and nothing changes after the edge."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Collector(Model):
    kind: CollectorKind | None = None
    licences: dict[str, str] | None = None
    names: tuple[str, ...] = ()
    aliases: dict[str, str] | None = None
    """The register of assumed names: each with the employee, as `agent` names them, who alone may use it."""
    business_relationship: bool | None = None
    responsible_person_at_location: bool | None = None
    puc_permit: str | None = None
    attorney_in_own_name: bool | None = None
    numbers: tuple[Number, ...] | None = None


class Address(Model):
    kind: Literal["home", "mailing", "work", "former"] = "home"
    line: str | None = None
    city: str | None = None
    county: str | None = None
    state: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$")] | None = None
    zip: Annotated[str, StringConstraints(pattern=r"^\d{5}(-?\d{4})?$")] | None = None
    known_at: AwareDatetime | None = None


class Phone(Model):
    number: Number
    line: Line | None = None
    place: Place | None = None
    basis: Basis | None = None
    basis_at: AwareDatetime | CalendarDay | None = None
    checked_at: AwareDatetime | CalendarDay | None = None
    given_for: tuple[str, ...] | None = None


class PriorCollector(Model):
    name: str
    basis: Basis | None = None
    used: bool | None = None
    opted_out: bool | None = None


class Email(Model):
    address: Number
    place: Place | None = None
    basis: Basis | None = None
    basis_at: AwareDatetime | CalendarDay | None = None
    opt_out_ends: AwareDatetime | CalendarDay | None = None
    domain_public: bool | None = None
    creditor_use: CreditorUse | None = None
    creditor_told_to_stop: bool | None = None
    notice_discloses: tuple[Disclosure, ...] | None = None
    opt_out_to: OptOutRecipient | None = None
    prior_collectors: tuple[PriorCollector, ...] = ()


class Hours(Model):
    """Days and hours of the consumer's own clock. Nothing said about days or hours means every day, the whole day."""

    days: Weekdays | None = None
    from_: Annotated[ClockText | None, Field(alias="from")] = None
    to: ClockText | None = None


SomeHours = Hours | Annotated[tuple[Hours, ...], Field(min_length=1)]
"""Not the empty list, which would say that there are none, and read as all."""


class Consumer(Model):
    id: Id | None = None
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    time_zones: tuple[str, ...] = ()
    language: str | None = None
    deceased_at: AwareDatetime | CalendarDay | None = None
    minor: bool | None = None
    servicemember: bool | None = None
    service_began_at: CalendarDay | None = None
    service_ended_at: CalendarDay | None = None
    working_hours: SomeHours | None = None


class Itemization(Model):
    date: CalendarDay | None = None
    kind: ItemizationKind | None = None
    amount: Money | None = None
    interest: Money | None = None
    fees: Money | None = None
    payments: Money | None = None
    credits: Money | None = None
    prior_collector_date: CalendarDay | None = None


class Debt(Model):
    id: Id
    consumer: str | None = None
    kind: DebtKind | None = None
    creditor: str | None = None
    original_creditor: str | None = None
    account_suffix: str | None = None
    group: str | None = None
    amount: Money | None = None
    itemization: Itemization | None = None
    last_statement_by: StatementSender | None = None
    defaulted_at: CalendarDay | None = None
    last_payment_at: CalendarDay | None = None
    charged_off_at: CalendarDay | None = None
    delinquent_since: CalendarDay | None = None
    placed_at: CalendarDay | None = None
    limitations_ends: CalendarDay | None = None
    status: DebtStatus | None = None
    judgment_at: CalendarDay | None = None
    sued_at: CalendarDay | None = None
    contract_at: CalendarDay | None = None
    contract_form: ContractForm | None = None
    contract_signed: bool | None = None
    governing_law: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    last_charge_at: CalendarDay | None = None
    final_invoice_due_at: CalendarDay | None = None
    incurred_at: CalendarDay | None = None
    assigned_at: CalendarDay | None = None
    obligor: Literal["natural_person", "company"] | None = None
    licence_type: LicenceType | None = None
    total_with_lender: Money | None = None
    creditor_type: CreditorType | None = None
    payment_plan_offered: bool | None = None
    plan_payment_at: CalendarDay | None = None
    secured_by_real_estate: bool | None = None
    periodic_statement_required: bool | None = None
    has_account_number: bool | None = None
    consumer_credit_transaction: bool | None = None
    direct_motor_vehicle_loan: bool | None = None
    collection_began_at: CalendarDay | None = None
    first_payment_at: CalendarDay | None = None
    service_date: CalendarDay | None = None
    veteran_medical: bool | None = None
    annual_rate_basis_points: int | None = None
    military_lending: bool | None = None
    military_annual_rate_basis_points: int | None = None


class Person(Model):
    role: Role | None = None
    id: Id | None = None
    relation: str | None = None
    household: bool | None = None


class Turn(Model):
    speaker: Literal["agent", "consumer", "other"]
    text: str
    at_seconds: float | None = None


class Stated(Model):
    """The values that a notice states: of several debts together, the sums. A value left out is not known to be stated."""

    creditor: str | None = None
    """The creditor to whom the debt was owed on the itemization date."""
    current_creditor: str | None = None
    account_suffix: str | None = None
    itemization_date: CalendarDay | None = None
    itemization_kind: ItemizationKind | None = None
    amount_on_itemization_date: Money | None = None
    interest: Money | None = None
    fees: Money | None = None
    payments: Money | None = None
    credits: Money | None = None
    payments_and_credits: Money | None = None
    """In place of the two, where the notice has one row for both, as the model form has."""
    current_amount: Money | None = None


class CallerId(Model):
    number: str | None = None
    name: str | None = None


class Communication(Model):
    """A proposed communication, or one of a log. Written so that `at` alone is required."""

    id: Id | None = None
    at: AwareDatetime
    known_at: AwareDatetime | None = None
    channel: Channel | None = None
    direction: Direction | None = None
    person: Person | None = None
    address: str | None = None
    place: Place | None = None
    debts: tuple[str, ...] | None = None
    debts_discussed: tuple[str, ...] | None = None
    outcome: Outcome | None = None
    dialing: Dialing | None = None
    purpose: Purpose | None = None
    content: str | None = None
    subject: str | None = None
    envelope: str | None = None
    envelope_shows: tuple[EnvelopeItem, ...] | None = None
    """What the envelope shows, all of it, windows included."""
    turns: tuple[Turn, ...] | None = None
    discloses: tuple[Disclosure, ...] | None = None
    """The notices that it gives, all of them: what the list leaves out is not given. Left out itself, nobody has said."""
    asserts: tuple[Assertion, ...] | None = None
    """The claims, threats and demands that it makes, all of them."""
    stated: Stated | None = None
    true_claims: tuple[Assertion, ...] | None = None
    """Of its claims, those that somebody has checked and found true."""
    lawful_threats: tuple[Assertion, ...] | None = None
    """Of its threats, those that could lawfully be carried out, by the word of whoever states it."""
    intended_threats: tuple[Assertion, ...] | None = None
    """Of its threats, those that the collector or the creditor means to carry out."""
    formal_pleading: bool | None = None
    language: str | None = None
    languages: tuple[str, ...] | None = None
    disclosure_languages: tuple[str, ...] | None = None
    business_name: str | None = None
    alias: str | None = None
    """The assumed name under which the employee speaks; left out where it is the employee's own, or nobody has said."""
    employer_asked: bool | None = None
    template: str | None = None
    agent: str | None = None
    profile_name: str | None = None
    public: bool | None = None
    sender: str | None = None
    caller_id: CallerId | None = None
    charges_recipient: bool | None = None
    purpose_concealed: bool | None = None
    recorded: bool | None = None
    recording_consent: bool | None = None
    enclosures: tuple[str, ...] | None = None
    mail_class: str | None = None
    consent_request: bool | None = None
    message_possible: bool | None = None
    disconnect_seconds: float | None = None
    limited_content: bool | None = None
    consumer_at: Place | None = None
    legally_required: bool | None = None
    remedy_necessary: bool | None = None
    earlier_answer_deficient: bool | None = None
    period_ends: CalendarDay | None = None
    undisputed_portion_only: bool | None = None
    emergency: bool | None = None
    writing_required: bool | None = None
    one_way: bool | None = None
    opt_out_offered_after_seconds: float | None = None
    time_of_the_essence: bool | None = None


class HistoryEntry(Communication):
    """An entry of a scenario's log. `repeat` entries in all, `every` so often, spare a scenario the copies."""

    repeat: Annotated[int, Field(ge=1, le=1000)] | None = None
    every: str | None = None


class Event(Model):
    """What became known, and when. `debts` left out means all of the consumer's debts."""

    at: AwareDatetime
    type: EventType
    known_at: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    debts: tuple[str, ...] | None = None
    attorney: str | None = None
    contact_known: bool | None = None
    written: bool | None = None
    duplicative: bool | None = None
    period_ends: CalendarDay | None = None
    channel: Channel | None = None
    address: str | None = None
    place: Place | None = None
    days: Weekdays | None = None
    from_: Annotated[ClockText | None, Field(alias="from")] = None
    to: Annotated[str | tuple[str, ...], AfterValidator(_end_or_consents)] | None = None
    """Of `time_inconvenient`: the clock time at which it ends. Of `consent_given`: what is consented to."""
    hours: SomeHours | None = None
    given_in: str | None = None
    given_lawfully: bool | None = None
    given_to: Literal["collector", "creditor", "prior_collector"] | None = None
    until: AwareDatetime | None = None
    medium: Channel | None = None
    medium_accepted: bool | None = None
    by_designated_means: bool | None = None
    scope_stated: bool | None = None
    esign: tuple[EsignElement, ...] | None = None
    chapter: BankruptcyChapter | None = None
    negative: bool | None = None
    agency_kind: AgencyKind | None = None
    amount: Money | None = None
    language: str | None = None
    notice: str | None = None
    notice_form: str | None = None
    notice_to: str | None = None
    received_at: AwareDatetime | None = None
    mail_class: str | None = None
    complete: bool | None = None
    deadline: AwareDatetime | CalendarDay | None = None
    instalments: int | None = None
    oral: bool | None = None
    sworn: bool | None = None
    certified_mail: bool | None = None
    continues: bool | None = None
    jurisdiction: str | None = None
    person: Person | None = None


class Action(Model):
    """What is not a communication but is regulated: it is judged as one is."""

    id: Id | None = None
    at: AwareDatetime
    type: ActionType
    known_at: AwareDatetime | None = None
    debts: tuple[str, ...] | None = None
    venue: str | None = None
    instrument: str | None = None
    accepted_on: CalendarDay | None = None
    instrument_date: CalendarDay | None = None
    notice_sent_on: CalendarDay | None = None
    amount: Money | None = None
    directed_to: str | None = None
    transferee: Transferee | None = None
    record: Record | None = None
    record_of: CalendarDay | None = None
    disposition: Disposition | None = None
    content: str | None = None
    medium: str | None = None
    agency_kind: AgencyKind | None = None
    negative: bool | None = None
    marked_disputed: bool | None = None
    delinquency_date: CalendarDay | None = None
    reported_status: DebtStatus | None = None
    believed_inaccurate: bool | None = None
    known_correct: bool | None = None
    because_of_military_relief: bool | None = None
    proof_of_claim: bool | None = None
    seeks_default_judgment: bool | None = None
    military_affidavit: bool | None = None
    court_ordered: bool | None = None
    recurring: bool | None = None
    differs_from_authorized: bool | None = None
    within_chosen_range: bool | None = None
    convenience_fee: bool | None = None
    authorized_by_agreement: bool | None = None
    permitted_by_law: bool | None = None
    written_notice: bool | None = None
    right_to_possession: bool | None = None
    possession_intended: bool | None = None
    property_exempt: bool | None = None
    for_several_debts: bool | None = None
    follows_directions: bool | None = None
    original_contract_authorizes: bool | None = None
    enforceable_lien: bool | None = None
    discharge_disclosed: bool | None = None
    data_alone: bool | None = None
    enforces_real_property: bool | None = None
    venue_of_property: str | None = None
    venue_of_contract: str | None = None
    venue_of_residence: str | None = None


class Expect(Model):
    """What a scenario states of its outcome; every part is optional, and what is stated is checked."""

    decision: Literal["allow", "review", "block"] | None = None
    violates: tuple[str, ...] | None = None
    complies: tuple[str, ...] | None = None
    permitted_at: AwareDatetime | None = None
    unknown: tuple[str, ...] | None = None


class Scenario(Model):
    """One document for the command line, for the cases beside rules and for the law's own examples."""

    scenario: str | None = None
    cite: str | None = None
    note: str | None = None
    collector: Collector = Collector()
    consumer: Consumer = Consumer()
    debts: tuple[Debt, ...] = ()
    events: tuple[Event, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    log_complete: bool = True
    communication: Communication | None = None
    action: Action | None = None
    expect: Expect | None = None
