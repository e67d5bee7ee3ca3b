"""The closed lists of names that documents and logs may use, as types.

Each is a set of the vocabulary, which conditions are checked by; a test holds the two equal.
"""

from __future__ import annotations

from typing import Literal

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
    "false_urgency",
    "threatens_disclosure",
    "adds_charge",
    "claims_court",
    "threatens_license",
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
Transferee = Literal["owner", "for_owner", "previous_owner", "buyer", "successor", "securitization"]
Record = Literal["telephone_recording", "compliance_evidence", "other"]
Disposition = Literal["kept", "destroyed"]
CreditorUse = Literal["account", "marketing"]
OptOutRecipient = Literal["creditor", "collector", "both"]
StatementSender = Literal["creditor", "service_provider", "debt_collector"]
CreditorType = Literal["original_creditor", "assignee", "other"]
LicenceType = Literal["instalment_lender", "payday_lender", "bank", "credit_union", "other"]
