"""What simulated communications say, and what they declare of it: the notices given and the claims made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TEXT_WORDS: Final = (
    "This message is from a debt collector, Alder Recovery. Please call us about your account at 888-555-0100. "
    "Reply STOP to opt out."
)
EMAIL_WORDS: Final = (
    "This is Alder Recovery. This communication is from a debt collector, about your account. You may call us at "
    "888-555-0100. To get no more emails, reply with STOP."
)
STOP_WORDS: Final = "STOP"
CONFIRMATION_WORDS: Final = "You have opted out and will get no more texts from us at this number."
EMAIL_CONFIRMATION_WORDS: Final = "You have opted out and will get no more emails from us at this address."

Says = Mapping[str, str]
"""Columns of the log that tell what a communication says."""

FIRST_DISCLOSURES: Final = "attempting_to_collect|information_used|from_debt_collector"
NOTHING: Final[Says] = {}
TALK: Final[Says] = {
    "discloses": f"{FIRST_DISCLOSURES}|caller_identity|collector_name",
    "asserts": "states_debt|demands_payment",
}
"""The agent says who calls and gives both disclosures every time."""
VOICEMAIL: Final[Says] = {
    "discloses": "limited_content_business_name|limited_content_request_to_reply|limited_content_person_name|"
    "limited_content_telephone_number",
    "asserts": "none",
    "limited_content": "true",
}
RECORDED: Final[Says] = {
    "discloses": f"{FIRST_DISCLOSURES}|caller_identity|responsible_business_at_start|do_not_call_number|automated_opt_out|"
    "automated_opt_out_number",
    "limited_content": "false",
}
MESSAGE: Final[Says] = {
    "discloses": "from_debt_collector|opt_out_notice|collector_name",
    "asserts": "indicates_debt_collection",
}
LETTER: Final[Says] = {"discloses": "from_debt_collector|collector_name", "asserts": "states_debt|demands_payment"}
FIRST_LETTER: Final[Says] = {"discloses": f"{FIRST_DISCLOSURES}|collector_name", "asserts": "states_debt"}
PLAIN_LETTER: Final[Says] = {"discloses": "from_debt_collector|collector_name", "asserts": "states_debt"}
CLOSING_LETTER: Final[Says] = {"discloses": "from_debt_collector|collector_name", "asserts": "indicates_debt_collection"}
VERIFICATION: Final[Says] = {"discloses": "from_debt_collector|collector_name|verification_of_debt", "asserts": "states_debt"}
ORIGINAL_CREDITOR: Final[Says] = {
    "discloses": "from_debt_collector|collector_name|original_creditor_identity", "asserts": "states_debt",
}  # fmt: skip
TO_ANOTHER: Final[Says] = {"person_household": "false"}
LOCATION: Final[Says] = {**TO_ANOTHER, "discloses": "individual_name|confirming_location", "asserts": "none"}


def without(says: Says, name: str) -> Says:
    """The same without one notice."""
    return {**says, "discloses": "|".join(each for each in says["discloses"].split("|") if each != name)}


def also_asserts(says: Says, *names: str) -> Says:
    return {**says, "asserts": "|".join(filter(None, (says.get("asserts", ""), *names)))}
