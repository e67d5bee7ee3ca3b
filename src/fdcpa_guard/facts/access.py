"""How each fact of the vocabulary is read, written once for every evaluator.

An expression names `c` (the communication judged), `e` (an entry of the log), `v` (an event), `d` (a debt, or None),
`f` (the consumer's file) and `w` (the possible location). It gives the value in the form of `values`, or None.
"""

from __future__ import annotations

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
    "outcome": "x.outcome",
    "dialing": "x.dialing",
    "purpose": "x.purpose",
    "content": "x.content",
    "discloses": "x.discloses",
    "asserts": "x.asserts",
    "subject": "x.subject",
    "envelope": "x.envelope",
    "language": "x.language",
    "template": "x.template",
    "agent": "x.agent",
    "profile_name": "x.profile_name",
    "public": "x.public",
    "sender": "x.sender",
    "charges_recipient": "x.charges_recipient",
    "recorded": "x.recorded",
    "recording_consent": "x.recording_consent",
    "consent_request": "x.consent_request",
    "message_possible": "x.message_possible",
    "limited_content": "x.limited_content",
    "legally_required": "x.legally_required",
    "remedy_necessary": "x.remedy_necessary",
    "earlier_answer_deficient": "x.earlier_answer_deficient",
    "conversation": "x.conversation",
    "mail_class": "x.mail_class",
    "consumer_at": "x.consumer_at",
    "inconvenient_since": "f.inconvenient_since(x.at, c.at, w)",
}

_DEBT = (
    "id", "kind", "status", "amount", "total_with_lender", "licence_type", "creditor_type", "contract_at",
    "incurred_at", "defaulted_at", "last_payment_at", "charged_off_at", "delinquent_since", "placed_at",
    "assigned_at", "limitations_ends", "judgment_at", "sued_at", "secured_by_real_estate",
    "consumer_credit_transaction", "direct_motor_vehicle_loan", "collection_began_at", "payment_plan_offered",
)  # fmt: skip

_EVENT = (
    "type", "at", "ends", "jurisdiction",
    "received_at", "known_at", "written", "attorney", "contact_known", "channel", "address", "place", "to",
    "given_to_collector", "given_in", "given_lawfully", "amount", "notice", "complete", "mail_class", "medium",
    "medium_accepted",
)  # fmt: skip

EXPRESSIONS: dict[str, str] = {
    **{f"communication.{name}": text.replace("x.", "c.").replace("(x)", "(c)") for name, text in _COMMUNICATION.items()},
    **{f"entry.{name}": text.replace("x.", "e.").replace("(x)", "(e)") for name, text in _COMMUNICATION.items()},
    **{f"debt.{name}": f"(None if d is None else d.{name})" for name in _DEBT},
    **{f"event.{name}": f"v.{name}" for name in _EVENT},
    "event.day": "w.day(v.at)",
    "event.person.role": "v.person_role",
    "event.has_hours": "(v.hours is not None)",
    "event.given_in_direction": "f.given_in_direction(v)",
    "event.given_in_time": "f.given_in_time(v, w)",
    "event.given_unopposed": "f.given_unopposed(v, w)",
    "consumer.minor": "f.consumer.minor",
    "consumer.servicemember": "f.consumer.servicemember",
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
