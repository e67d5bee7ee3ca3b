"""The communications of a file as the engine reads them: the one judged, and the entries of the log, in order of time.

Nothing is guessed here but what the model page states: an outbound direction, collection as the purpose, the consumer
as the person of an entry of the consumer's own log, and `known_at` equal to `at`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import timedelta
from operator import attrgetter
from typing import Any, Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts import models
from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.naming import disclosed_in_its_languages
from fdcpa_guard.facts.stated import stated_of
from fdcpa_guard.values import Duration, Unit, instant_of

_LIMITED_CONTENT: Final = ("business_name", "request_to_reply", "person_name", "telephone_number")
"""What 12 CFR 1006.2(j)(1) requires; the other names of `discloses` that begin alike are those that (j)(2) allows."""
_TELLS_OF_COLLECTION: Final = frozenset({"attempting_to_collect", "from_debt_collector", "information_used", "current_amount"})


class Entry:
    """A communication: the one judged, or one of the log."""

    __slots__ = (
        "address",
        "agent",
        "alias",
        "asserts",
        "at",
        "business_name",
        "channel",
        "charges_recipient",
        "consent_request",
        "consumer_at",
        "content",
        "conversation",
        "debts",
        "debts_discussed",
        "dialing",
        "direction",
        "disclosed_in_its_languages",
        "discloses",
        "disclosure_languages",
        "displayed_number",
        "earlier_answer_deficient",
        "emergency",
        "employer_asked",
        "enclosures",
        "envelope",
        "envelope_shows",
        "formal_pleading",
        "id",
        "intended_threats",
        "known_at",
        "language",
        "languages",
        "lawful_threats",
        "legally_required",
        "limited_content",
        "mail_class",
        "message_possible",
        "one_way",
        "opt_out_offered_after_seconds",
        "outcome",
        "period_ends",
        "person_household",
        "person_id",
        "person_relation",
        "person_role",
        "place",
        "profile_name",
        "public",
        "purpose",
        "purpose_concealed",
        "recorded",
        "recording_consent",
        "remedy_necessary",
        "sender",
        "stated",
        "subject",
        "template",
        "time_of_the_essence",
        "true_claims",
        "undisputed_portion_only",
        "writing_required",
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
    discloses: tuple[str, ...] | None
    asserts: tuple[str, ...] | None
    enclosures: tuple[str, ...] | None
    subject: str | None
    envelope: str | None
    envelope_shows: tuple[str, ...] | None
    formal_pleading: bool | None
    true_claims: tuple[str, ...] | None
    lawful_threats: tuple[str, ...] | None
    intended_threats: tuple[str, ...] | None
    languages: tuple[str, ...] | None
    disclosure_languages: tuple[str, ...] | None
    disclosed_in_its_languages: bool | None
    business_name: str | None
    alias: str | None
    employer_asked: bool | None
    language: str | None
    template: str | None
    agent: str | None
    profile_name: str | None
    public: bool | None
    sender: str | None
    charges_recipient: bool | None
    purpose_concealed: bool | None
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
    period_ends: int | None
    undisputed_portion_only: bool | None
    emergency: bool | None
    writing_required: bool | None
    one_way: bool | None
    opt_out_offered_after_seconds: float | None
    displayed_number: str | None
    time_of_the_essence: bool | None

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
        self.discloses = of["discloses"]
        self.asserts = of["asserts"]
        self.stated = stated_of(of["stated"])
        self.enclosures = of["enclosures"]
        self.subject = of["subject"]
        self.envelope = of["envelope"]
        self.envelope_shows = of["envelope_shows"]
        self.formal_pleading = of["formal_pleading"]
        self.true_claims = of["true_claims"]
        self.lawful_threats = of["lawful_threats"]
        self.intended_threats = of["intended_threats"]
        self.language = of["language"]
        self.languages = of["languages"] or (None if self.language is None else (self.language,))
        self.disclosure_languages = of["disclosure_languages"]
        self.disclosed_in_its_languages = disclosed_in_its_languages(self.languages, self.disclosure_languages)
        self.business_name = of["business_name"]
        self.alias = of["alias"]
        self.employer_asked = of["employer_asked"]
        self.template = of["template"]
        self.agent = of["agent"]
        self.profile_name = of["profile_name"]
        self.public = of["public"]
        self.sender = of["sender"]
        self.charges_recipient = of["charges_recipient"]
        self.purpose_concealed = of["purpose_concealed"]
        self.recorded = of["recorded"]
        self.recording_consent = of["recording_consent"]
        self.mail_class = of["mail_class"]
        self.consent_request = of["consent_request"]
        self.message_possible = of["message_possible"]
        self.limited_content = _is_limited_content(of)
        self.consumer_at = None if of["consumer_at"] == "unknown" else of["consumer_at"]
        self.legally_required = of["legally_required"]
        self.remedy_necessary = of["remedy_necessary"]
        self.earlier_answer_deficient = of["earlier_answer_deficient"]
        self.period_ends = None if of["period_ends"] is None else of["period_ends"].toordinal()
        self.undisputed_portion_only = of["undisputed_portion_only"]
        self.emergency = of["emergency"]
        self.writing_required = of["writing_required"]
        self.one_way = of["one_way"]
        self.opt_out_offered_after_seconds = of["opt_out_offered_after_seconds"]
        displayed = None if of["caller_id"] is None else of["caller_id"].number
        self.displayed_number = None if displayed is None else one_address(displayed)
        self.time_of_the_essence = of["time_of_the_essence"]
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


def _is_limited_content(of: Mapping[str, Any]) -> bool | None:
    """Whether a voicemail is a limited-content message: as stated, else by what it is declared to contain.

    The closed lists name notices and claims alone, so that it has no other content is taken only where it is declared
    to make no claim either; an item that is left out, or one that is not among those allowed, settles that it is none.
    One that is stated to be such a message and is declared to contain what none may is unknown.

    Source: 12 CFR 1006.2(j); comment 2(j)-1
    """
    stated, disclosed, asserted = of["limited_content"], of["discloses"] or (), of["asserts"] or ()
    if stated is not None:
        contradicted = set(disclosed) & _TELLS_OF_COLLECTION or set(asserted) - {"names_employer"}
        return None if stated and contradicted else bool(stated)
    if of["channel"] != "call" or of["outcome"] not in (None, "voicemail") or of["discloses"] is None:
        return None
    required = all(f"limited_content_{name}" in disclosed for name in _LIMITED_CONTENT)
    if not required or asserted or not all(name.startswith("limited_content_") for name in disclosed):
        return False
    return None if of["asserts"] is None else True


def _spoken(turns: Sequence[models.Turn] | None) -> str | None:
    if turns is None:
        return None
    return "\n".join(turn.text for turn in turns if turn.speaker == "agent")


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
