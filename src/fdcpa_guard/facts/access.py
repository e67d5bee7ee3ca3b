"""How each fact of the vocabulary is read, written once for every evaluator.

An expression names `c` (the communication or action judged), `e` (an entry of the log), `v` (an event), `d` (a debt, or None),
`f` (the consumer's file) and `w` (the possible location). It gives the value in the form of `values`, or None.
"""

from __future__ import annotations

from typing import Final

from fdcpa_guard.facts.entries import FullEntry

_STATED = (
    "creditor", "current_creditor", "account_suffix", "itemization_date", "itemization_kind",
    "amount_on_itemization_date", "interest", "fees", "payments", "credits", "payments_and_credits",
    "current_amount", "itemization_adds_up",
)  # fmt: skip
_ON_FILE = (
    "itemization_date", "itemization_kind", "amount_on_itemization_date", "interest", "fees", "payments_and_credits",
    "current_amount",
)  # fmt: skip

_COMMUNICATION = {
    "id": "x.id",
    "at": "x.at",
    "day": "w.day(x.at)",
    "weekday": "w.weekday(x.at)",
    "local_time": "w.time_of_day(x.at)",
    "eastern_time": "f.eastern_time(x)",
    "called_number_time": "f.called_number_time(x)",
    "channel": "x.channel",
    "direction": "x.direction",
    "person.role": "x.person_role",
    "person.relation": "x.person_relation",
    "person.household": "x.person_household",
    "address": "x.address",
    "place": "f.place_of(x)",
    "line": "f.line_of(x)",
    "address_basis": "f.provenance_of(x).basis",
    "address_basis_at": "w.first_instant(f.provenance_of(x).since)",
    "address_through_prior_collectors": "f.provenance_of(x).through_prior_collectors",
    "address_checked_at": "w.first_instant(f.provenance_of(x).checked)",
    "address_creditor_use": "f.provenance_of(x).creditor_use",
    "address_creditor_told_to_stop": "f.provenance_of(x).creditor_told_to_stop",
    "address_notice_discloses": "f.provenance_of(x).notice_discloses",
    "address_opt_out_days": "w.days_between(f.provenance_of(x).since, f.provenance_of(x).opt_out_ends)",
    "address_opt_out_ends": "w.end_instant(f.provenance_of(x).opt_out_ends)",
    "address_opt_out_to": "f.provenance_of(x).opt_out_to",
    "address_domain_public": "f.provenance_of(x).domain_public",
    "outcome": "x.outcome",
    "dialing": "x.dialing",
    "purpose": "x.purpose",
    "content": "x.content",
    "discloses": "x.discloses",
    "asserts": "x.asserts",
    **{f"stated.{name}": f"x.stated.{name}" for name in _STATED},
    **{f"on_file.{name}": f"f.debts_on_file(x).{name}" for name in _ON_FILE},
    "about_one_debt": "f.about_one_debt(x)",
    "enclosures": "x.enclosures",
    "subject": "x.subject",
    "envelope": "x.envelope",
    "envelope_shows": "x.envelope_shows",
    "formal_pleading": "x.formal_pleading",
    "true_claims": "x.true_claims",
    "lawful_threats": "x.lawful_threats",
    "intended_threats": "x.intended_threats",
    "languages": "x.languages",
    "disclosure_languages": "x.disclosure_languages",
    "disclosed_in_its_languages": "x.disclosed_in_its_languages",
    "business_name": "x.business_name",
    "business_name_on_file": "f.names_the_collector(x.business_name)",
    "alias": "x.alias",
    "alias_registered": "f.registers_alias(x)",
    "profile_shows_person": "f.shows_person(x)",
    "employer_asked": "x.employer_asked",
    "language": "x.language",
    "template": "x.template",
    "agent": "x.agent",
    "profile_name": "x.profile_name",
    "public": "x.public",
    "sender": "x.sender",
    "charges_recipient": "x.charges_recipient",
    "purpose_concealed": "x.purpose_concealed",
    "returned_at": "f.returned_at((x), c.at)",
    "recorded": "x.recorded",
    "recording_consent": "x.recording_consent",
    "consent_request": "x.consent_request",
    "message_possible": "x.message_possible",
    "limited_content": "x.limited_content",
    "legally_required": "x.legally_required",
    "remedy_necessary": "x.remedy_necessary",
    "earlier_answer_deficient": "x.earlier_answer_deficient",
    "period_ends": "x.period_ends",
    "earliest_validation_period_end": "w.earliest_validation_period_end(x.at, x.channel)",
    "validation_period_ends": "w.validation_period_end(x.at, x.channel, x.period_ends, None)",
    "undisputed_portion_only": "x.undisputed_portion_only",
    "emergency": "x.emergency",
    "writing_required": "x.writing_required",
    "one_way": "x.one_way",
    "opt_out_offered_after_seconds": "x.opt_out_offered_after_seconds",
    "displayed_number_owned": "f.displays_own_number(x)",
    "time_of_the_essence": "x.time_of_the_essence",
    "conversation": "x.conversation",
    "mail_class": "x.mail_class",
    "consumer_at": "x.consumer_at",
    "inconvenient_since": "f.inconvenient_since(x.at, c.at, w)",
}

_DEBT = (
    "id", "kind", "status", "amount", "total_with_lender", "licence_type", "creditor_type", "last_statement_by", "contract_at",
    "contract_form", "contract_signed", "governing_law", "last_charge_at", "final_invoice_due_at",
    "incurred_at", "defaulted_at", "last_payment_at", "charged_off_at", "delinquent_since", "placed_at",
    "assigned_at", "limitations_ends", "judgment_at", "sued_at", "secured_by_real_estate",
    "consumer_credit_transaction", "direct_motor_vehicle_loan", "collection_began_at", "payment_plan_offered",
    "first_payment_at", "service_date", "veteran_medical", "annual_rate_basis_points", "military_lending",
    "military_annual_rate_basis_points", "reporting_period_begins",
    "periodic_statement_required", "account_suffix", "has_account_number",
)  # fmt: skip

_EVENT = (
    "type", "at", "ends", "jurisdiction",
    "received_at", "known_at", "written", "attorney", "contact_known", "channel", "address", "place", "to",
    "given_to_collector", "given_in", "given_lawfully", "amount", "notice", "complete", "duplicative", "language", "mail_class", "medium", "period_ends",
    "medium_accepted", "by_designated_means", "scope_stated", "esign", "chapter", "negative", "agency_kind",
)  # fmt: skip

_ACTION = (
    "type", "venue", "instrument", "accepted_on", "instrument_date", "notice_sent_on", "amount", "directed_to",
    "transferee", "record", "record_of", "disposition", "content", "medium",
    "agency_kind", "negative", "marked_disputed", "delinquency_date", "reported_status", "believed_inaccurate",
    "known_correct", "because_of_military_relief", "proof_of_claim", "seeks_default_judgment", "military_affidavit", "court_ordered",
    "recurring", "differs_from_authorized", "within_chosen_range", "convenience_fee", "authorized_by_agreement",
    "permitted_by_law", "written_notice", "right_to_possession", "possession_intended", "property_exempt", "for_several_debts",
    "follows_directions", "original_contract_authorizes", "enforceable_lien", "discharge_disclosed", "data_alone",
    "enforces_real_property", "venue_of_property", "venue_of_contract", "venue_of_residence",
)  # fmt: skip

EXPRESSIONS: dict[str, str] = {
    **{f"communication.{name}": text.replace("x.", "c.").replace("(x)", "(c)") for name, text in _COMMUNICATION.items()},
    **{f"entry.{name}": text.replace("x.", "e.").replace("(x)", "(e)") for name, text in _COMMUNICATION.items()},
    **{f"debt.{name}": f"(None if d is None else d.{name})" for name in _DEBT},
    **{f"event.{name}": f"v.{name}" for name in _EVENT},
    # Rules about actions reach nothing else: what they judge is always an action.
    **{f"action.{name}": f"c.action.{name}" for name in _ACTION},
    "action.at": "c.at",
    "action.day": "w.day(c.at)",
    "action.notice_days_least": "w.days_of_notice(c.action.notice_sent_on, c.at)[0]",
    "action.notice_days_most": "w.days_of_notice(c.action.notice_sent_on, c.at)[1]",
    "debt.account_as_stated": "f.account_as_stated(c, d)",
    "debt.current_creditor_as_stated": "f.current_creditor_as_stated(c, d)",
    "debt.number_given": "f.number_given_for(c, d)",
    "event.day": "w.day(v.at)",
    "debt.identified_in_subject": "f.identified_in_subject(c, d)",
    "event.answered": "f.answered(v, d, c.at)",
    "event.came_back": "f.came_back(v, c.at)",
    "event.returned_at": "f.returned_at(v, c.at)",
    "event.in_validation_period": "f.in_validation_period(v, d, c.at, w)",
    "event.validation_period_ends": "w.validation_period_end(v.at, v.medium, v.period_ends, v.received_at)",
    "event.person.role": "v.person_role",
    "event.has_hours": "(v.hours is not None)",
    "event.given_in_direction": "f.given_in_direction(v)",
    "event.given_in_time": "f.given_in_time(v, w)",
    "event.given_unopposed": "f.given_unopposed(v, w)",
    "consumer.minor": "f.consumer.minor",
    "consumer.servicemember": "f.consumer.servicemember",
    "consumer.service_began_at": "f.service_began_at",
    "consumer.service_ended_at": "f.service_ended_at",
    "consumer.deceased": "f.deceased_by(c.at)",
    "consumer.language": "f.consumer.language",
    "consumer.time_zone_stated": "bool(f.consumer.time_zones)",
    "consumer.number_outside_work": "f.number_outside_work",
    "consumer.work_email_on_file": "f.work_email_on_file",
    "consumer.at_work_now": "w.covered(f.working_hours, c.at)",
    "collector.kind": "f.collector.kind",
    "collector.licensed_here": "f.licensed_in(w.state)",
    "collector.attorney_in_own_name": "f.collector.attorney_in_own_name",
    "location.state": "w.state",
}
"""Fact to the Python expression that reads it, over the names c, e, v, d, f, w."""

UNSAID_OF_PLAIN: Final = frozenset(
    name
    for name, text in EXPRESSIONS.items()
    if text.startswith(("c.", "e.")) and text[2:].partition(".")[0] in FullEntry.__slots__
)
"""The facts that a plain communication or entry says nothing of."""
