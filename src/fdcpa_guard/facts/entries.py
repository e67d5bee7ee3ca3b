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
from fdcpa_guard.facts.stated import UNSTATED, StatedOf, stated_of
from fdcpa_guard.values import Duration, Unit, instant_of

_LIMITED_CONTENT: Final = ("business_name", "request_to_reply", "person_name", "telephone_number")
"""What 12 CFR 1006.2(j)(1) requires; the other names of `discloses` that begin alike are those that (j)(2) allows."""
_TELLS_OF_COLLECTION: Final = frozenset({"attempting_to_collect", "from_debt_collector", "information_used", "current_amount"})


RARELY_SAID: Final = frozenset({
    "alias", "asserts", "business_name", "caller_id", "consent_request", "content", "discloses",
    "disclosure_languages", "earlier_answer_deficient", "emergency", "employer_asked", "enclosures", "envelope",
    "envelope_shows", "formal_pleading", "intended_threats", "languages", "lawful_threats", "legally_required",
    "limited_content", "mail_class", "one_way", "opt_out_offered_after_seconds", "period_ends", "profile_name",
    "public", "purpose_concealed", "recorded", "recording_consent", "remedy_necessary", "stated", "subject",
    "time_of_the_essence", "true_claims", "turns", "undisputed_portion_only", "writing_required",
})  # fmt: skip
"""Fields that most communications say nothing of: what is said, and attestations."""


class Entry:
    """A communication: the one judged, or one of the log.

    Most say nothing of the fields in `RARELY_SAID`. Such a one is `plain`: the fields are None for all of the class, so that
    none has to be read or kept, and rules about them are left out of what is asked of it. Any other becomes a `FullEntry`.
    """

    __slots__ = (
        "address", "agent", "at", "channel", "charges_recipient", "consumer_at", "conversation", "debts",
        "debts_discussed", "dialing", "direction", "disclosed_in_its_languages", "id", "known_at", "language",
        "languages", "message_possible", "outcome", "person_household", "person_id", "person_relation",
        "person_role", "place", "purpose", "sender", "template",
    )  # fmt: skip

    plain = True
    action: Any = None
    """Of an action, what it says of itself."""

    address: str | None
    agent: str | None
    channel: str | None
    charges_recipient: bool | None
    consumer_at: str | None
    debts: tuple[str, ...] | None
    debts_discussed: tuple[str, ...] | None
    dialing: str | None
    direction: str
    disclosed_in_its_languages: bool | None
    id: str | None
    language: str | None
    languages: tuple[str, ...] | None
    message_possible: bool | None
    outcome: str | None
    place: str | None
    purpose: str
    sender: str | None
    template: str | None

    alias: str | None = None
    asserts: tuple[str, ...] | None = None
    business_name: str | None = None
    consent_request: bool | None = None
    content: str | None = None
    discloses: tuple[str, ...] | None = None
    disclosure_languages: tuple[str, ...] | None = None
    displayed_number: str | None = None
    earlier_answer_deficient: bool | None = None
    emergency: bool | None = None
    employer_asked: bool | None = None
    enclosures: tuple[str, ...] | None = None
    envelope: str | None = None
    envelope_shows: tuple[str, ...] | None = None
    formal_pleading: bool | None = None
    intended_threats: tuple[str, ...] | None = None
    lawful_threats: tuple[str, ...] | None = None
    legally_required: bool | None = None
    limited_content: bool | None = None
    mail_class: str | None = None
    one_way: bool | None = None
    opt_out_offered_after_seconds: float | None = None
    period_ends: int | None = None
    profile_name: str | None = None
    public: bool | None = None
    purpose_concealed: bool | None = None
    recorded: bool | None = None
    recording_consent: bool | None = None
    remedy_necessary: bool | None = None
    stated: StatedOf = UNSTATED
    subject: str | None = None
    time_of_the_essence: bool | None = None
    true_claims: tuple[str, ...] | None = None
    undisputed_portion_only: bool | None = None
    writing_required: bool | None = None

    def __new__(cls, said: models.Communication | None = None, *, of_log: bool = False) -> Entry:
        full = said is not None and not RARELY_SAID.isdisjoint(said.__pydantic_fields_set__)
        return object.__new__(FullEntry if full else cls)

    def __init__(self, said: models.Communication, *, of_log: bool) -> None:
        # Read from the model's own mapping: half the time, and there are sixty fields.
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
        self.language = of["language"]
        self.languages = of["languages"] or (None if self.language is None else (self.language,))
        self.disclosed_in_its_languages = disclosed_in_its_languages(self.languages, of["disclosure_languages"])
        self.template = of["template"]
        self.agent = of["agent"]
        self.sender = of["sender"]
        self.charges_recipient = of["charges_recipient"]
        self.message_possible = of["message_possible"]
        self.consumer_at = None if of["consumer_at"] == "unknown" else of["consumer_at"]
        self.conversation = _is_conversation(of["channel"], of["outcome"])

    def moved_to(self, at: int) -> Entry:
        """The same communication at another instant."""
        moved = copy(self)
        moved.at = moved.known_at = at
        return moved

    def __repr__(self) -> str:
        return f"<{self.channel} {self.id or ''} at {self.at}>"


class FullEntry(Entry):
    """A communication of which more is said."""

    __slots__ = (
        "alias", "asserts", "business_name", "consent_request", "content", "discloses", "disclosure_languages",
        "displayed_number", "earlier_answer_deficient", "emergency", "employer_asked", "enclosures", "envelope",
        "envelope_shows", "formal_pleading", "intended_threats", "lawful_threats", "legally_required",
        "limited_content", "mail_class", "one_way", "opt_out_offered_after_seconds", "period_ends", "profile_name",
        "public", "purpose_concealed", "recorded", "recording_consent", "remedy_necessary", "stated", "subject",
        "time_of_the_essence", "true_claims", "undisputed_portion_only", "writing_required",
    )  # fmt: skip

    plain = False

    def __init__(self, said: models.Communication, *, of_log: bool) -> None:
        super().__init__(said, of_log=of_log)
        of: dict[str, Any] = said.__dict__
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
        self.disclosure_languages = of["disclosure_languages"]
        self.business_name = of["business_name"]
        self.alias = of["alias"]
        self.employer_asked = of["employer_asked"]
        self.profile_name = of["profile_name"]
        self.public = of["public"]
        self.purpose_concealed = of["purpose_concealed"]
        self.recorded = of["recorded"]
        self.recording_consent = of["recording_consent"]
        self.mail_class = of["mail_class"]
        self.consent_request = of["consent_request"]
        self.limited_content = _is_limited_content(of)
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
    stated = {entry.id for entry in history if entry.id is not None}
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
            own = None if entry.id is None else f"{entry.id}-{number}"
            if own in stated:
                raise FactsError(f"its copy {number} would be called `{own}`, and so is another entry", f"history[{index}].repeat")
            written.append(
                entry.model_copy(
                    update={
                        "id": own,
                        "at": entry.at + step,
                        "known_at": None if entry.known_at is None else entry.known_at + step,
                    }
                )
            )
    return written
