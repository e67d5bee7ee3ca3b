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

from fdcpa_guard.values import parse_clock_time

Channel = Literal["call", "text", "email", "letter", "postcard", "fax", "in_person", "social_media"]
Direction = Literal["outbound", "inbound"]
Role = Literal[
    "consumer", "spouse", "parent_of_minor", "guardian", "executor", "successor", "attorney", "employer",
    "reporting_agency", "creditor", "creditor_attorney", "collector_attorney", "third_party", "unknown",
]  # fmt: skip
Place = Literal["personal", "home", "work", "other", "unknown"]
Line = Literal["mobile", "landline", "voip", "unknown"]
Outcome = Literal[
    "conversation", "answered", "voicemail", "no_answer", "busy", "not_connected", "abandoned",
    "delivered", "undeliverable",
]  # fmt: skip
Dialing = Literal["manual", "autodialed", "prerecorded", "random"]
Purpose = Literal[
    "collection", "location_information", "validation_notice", "opt_out_confirmation", "cease_acknowledgement",
    "remedy_notice", "court_date_notice", "dispute_response", "legal_process", "inbound_return",
    "repossession", "plan_statement", "employment_verification", "unrelated_notice",
]  # fmt: skip
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
CollectorKind = Literal["third_party_collector", "debt_buyer", "collection_law_firm", "servicer", "creditor"]
DebtKind = Literal[
    "credit_card", "medical", "student", "auto", "mortgage", "rent", "utility", "telecom", "judgment",
    "commercial", "other",
]  # fmt: skip
ContractForm = Literal["written", "oral", "open_account", "promissory_note", "sealed", "sale_of_goods"]
"""What limitation periods tell apart: a claim on the form that is named, whatever papers there are beside it."""
DebtStatus = Literal["open", "paid", "settled", "discharged", "sold", "closed"]
EventType = Literal[
    "attorney_represents", "attorney_unresponsive", "attorney_consents", "cease_requested", "refuses_to_pay",
    "cease_withdrawn", "medium_refused", "medium_allowed", "time_inconvenient", "time_convenient",
    "place_inconvenient", "place_convenient", "employer_prohibits", "employer_allows", "consent_given",
    "consent_revoked", "court_permission", "dispute_received", "original_creditor_requested", "verification_sent",
    "original_creditor_sent", "validation_notice_sent", "notice_undeliverable", "address_undeliverable",
    "third_party_disclosure_known", "payment_promised", "payment_made", "paid", "settled", "sold",
    "bankruptcy_filed", "bankruptcy_discharged", "bankruptcy_closed", "identity_theft_claimed", "deceased",
    "wrong_number", "number_reassigned", "judgment_entered", "lawsuit_filed", "language_requested",
    "hardship_stated", "notice_sent", "documents_requested", "documents_sent", "agreement_copy_sent",
    "agreement_copy_received", "payment_plan_offered", "payment_plan_agreed", "settlement_agreed",
    "insurance_appeal_opened", "insurance_appeal_closed", "insurer_determined",
    "workers_compensation_notice_received", "coerced_debt_claim_received", "coerced_debt_answer_sent",
    "stolen_cheque_proof_received", "crime_victim_claim_notice_received", "reveal_requested",
    "public_health_emergency_declared", "public_health_emergency_ended", "call_requested", "response_requested",
    "wireless_list_scrubbed", "debt_acknowledged", "access_requirements_changed",
    "reaffirmation_filed", "reaffirmation_rescinded", "military_relief_requested", "furnished",
    "delinquency_date_furnished", "dispute_information_received", "dispute_answered", "block_notice_received",
]  # fmt: skip
ConsentTo = Literal[
    "contact_time", "contact_place", "contact_workplace", "contact_directly", "call", "autodialed", "prerecorded",
    "third_party", "electronic", "more_messages", "wage_assignment", "text", "email", "stay_relief", "dispossession",
    "preauthorized_transfers", "any",
]  # fmt: skip
Disclosure = Literal[
    "attempting_to_collect", "information_used", "from_debt_collector", "caller_identity", "opt_out_notice",
    "transfer_to_collector", "address_and_its_use", "others_may_see", "opt_out_date",
    "limited_content_business_name", "limited_content_request_to_reply", "limited_content_person_name",
    "limited_content_telephone_number", "limited_content_salutation", "limited_content_date_and_time",
    "limited_content_reply_times", "limited_content_any_representative",
    "responsible_business_at_start", "do_not_call_number", "automated_opt_out", "automated_opt_out_number",
    "replies_do_not_work", "other_opt_out_means", "asks_what_opt_out_covers",
    "collector_name", "collector_mailing_address", "consumer_name", "consumer_mailing_address",
    "addressee_name", "itemization_creditor", "account_number", "current_creditor", "itemization_date",
    "amount_on_itemization_date", "interest_since", "fees_since", "payments_since", "credits_since",
    "current_amount", "validation_period_end", "dispute_right", "original_creditor_right", "assumed_valid",
    "cfpb_website", "electronic_dispute_how", "electronic_original_creditor_how", "response_headings",
    "dispute_prompts", "original_creditor_prompt", "response_addresses", "response_part_at_bottom",
    "refers_to_periodic_statement", "refers_to_itemization_page", "model_form_b1", "telephone_contact",
    "reference_code", "payment_options", "enclosed_amount_prompt", "other_law_on_reverse",
    "other_law_elsewhere", "refers_to_reverse", "time_barred_notice", "electronic_contact", "spanish_contact",
    "spanish_prompt", "brand_or_facility_name", "unlisted_information",
    "individual_name", "confirming_location", "seeking_estate_representative", "debt_is_disputed",
    "verification_of_debt", "original_creditor_identity",
]  # fmt: skip
"""A notice that a communication gives: those that a law requires, or offers as a model."""
Assertion = Literal[
    "threatens_suit",
    "threatens_violence", "threatens_crime", "obscene_language", "abusive_language", "lists_those_who_refuse_to_pay",
    "advertises_debt_for_sale", "opt_out_costs_a_fee", "opt_out_needs_other_information",
    "opt_out_by_post_or_telephone_only",
    "exclusive_opt_out_means", "marketing",
    "credit_conditioned_on_transfers",
    "threatens_arrest", "threatens_seizure", "threatens_garnishment", "threatens_other_action",
    "threatens_unlawful_action", "threatens_to_report", "threatens_to_report_false_information",
    "claims_government_affiliation", "claims_reporting_agency", "claims_attorney", "claims_crime_of_consumer",
    "claims_transfer_ends_defences", "claims_innocent_purchaser", "claims_legal_process",
    "claims_not_legal_process", "claims_judgment", "claims_compensation", "demands_payment",
    "simulates_official_document", "false_representation", "asks_to_be_a_contact", "names_employer",
    "states_debt", "indicates_debt_collection",
    "demands_payment_in_validation_period", "threatens_action_in_validation_period", "denies_dispute_right",
    "claims_silence_admits_debt",
    "demands_unauthorized_amount",
    "asks_for_postdated_payment_to_prosecute",
    "threatens_early_deposit",
    "threatens_dispossession",
]  # fmt: skip
"""A claim, a threat or a demand that a communication makes, of those that a law speaks of."""
EnvelopeItem = Literal[
    "collector_address", "business_name", "name_indicating_collection", "debt_information", "other_language",
    "other_symbol", "consumer_name_and_address", "postage", "forwarding_request", "mail_barcode",
]  # fmt: skip
ActionType = Literal[
    "furnish", "sue", "deposit_payment", "accept_payment", "apply_payment", "collect_charge", "sell_debt", "repossess",
    "keep_records",
]  # fmt: skip
ItemizationKind = Literal["last_statement", "charge_off", "last_payment", "transaction", "judgment"]
BankruptcyChapter = Literal["chapter_7", "chapter_11", "chapter_12", "chapter_13"]
AgencyKind = Literal["nationwide", "check_history", "other"]
Basis = Literal[
    "consumer_used", "consumer_consented", "creditor_notice", "prior_collector_used", "obtained_elsewhere"
]
EsignElement = Literal[
    "paper_option", "right_to_withdraw", "scope", "procedures", "paper_copy", "hardware_and_software", "demonstrated_access",
]  # fmt: skip
"""What 15 USC 7001(c)(1)(B) and (C) asks of a consent to electronic records, beside the consent itself."""


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
    for name in (value,) if isinstance(value, str) else value:
        if name not in known:
            raise ValueError(f"expected a clock time, or what is consented to, not `{name}`: {', '.join(known)}")
    return value


Weekdays = Annotated[tuple[Weekday, ...], Field(min_length=1)]
"""Not the empty list, which would say that the hours hold on no day."""
Money = Annotated[Decimal, Field(decimal_places=2)]
CalendarDay = date
"""Under a name of its own: a field called `date` would hide the class."""
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
    creditor_use: Literal["account", "marketing"] | None = None
    creditor_told_to_stop: bool | None = None
    notice_discloses: tuple[Disclosure, ...] | None = None
    opt_out_to: Literal["creditor", "collector", "both"] | None = None
    prior_collectors: tuple[PriorCollector, ...] = ()


class Hours(Model):
    """Days and hours of the consumer's own clock. Nothing said about days or hours means every day, the whole day."""

    days: Weekdays | None = None
    from_: Annotated[ClockText | None, Field(alias="from")] = None
    to: ClockText | None = None


class Consumer(Model):
    id: str | None = None
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
    working_hours: Hours | tuple[Hours, ...] | None = None


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
    id: str
    consumer: str | None = None
    kind: DebtKind | None = None
    creditor: str | None = None
    original_creditor: str | None = None
    account_suffix: str | None = None
    group: str | None = None
    amount: Money | None = None
    itemization: Itemization | None = None
    last_statement_by: Literal["creditor", "service_provider", "debt_collector"] | None = None
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
    licence_type: str | None = None
    total_with_lender: Money | None = None
    creditor_type: str | None = None
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
    id: str | None = None
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

    id: str | None = None
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
    hours: Hours | tuple[Hours, ...] | None = None
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

    id: str | None = None
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
    transferee: Literal["owner", "for_owner", "previous_owner", "buyer", "successor", "securitization"] | None = None
    record: Literal["telephone_recording", "compliance_evidence", "other"] | None = None
    record_of: CalendarDay | None = None
    disposition: Literal["kept", "destroyed"] | None = None
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
