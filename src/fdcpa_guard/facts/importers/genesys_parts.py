"""What stands inside a conversation of Genesys Cloud: participants, their sessions, and the segments of those."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import getaddresses
from typing import Final

import orjson

from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.amazon_connect_parts import attributes, structure
from fdcpa_guard.facts.importers.numbers import e164

OUTSIDE: Final = ("customer", "external")
"""Purposes of participants outside the shop, the consumer's first."""
AGENTS: Final = frozenset({"agent", "user"})
_OWN: Final = AGENTS | {
    "acd", "api", "botflow", "campaign", "dialer", "fax", "group", "ivr", "manual", "outbound", "station",
    "voicemail", "voicesurveyflow", "workflow",
}  # fmt: skip
_DIALLING: Final = ("dialing", "contacting")
_NOT_PLACED: Final = frozenset({"scheduled", "callback", "wrapup", "delay"})
_OPEN: Final = datetime.max.replace(tzinfo=UTC)
_SIP: Final = re.compile(r"sips?:(\+?[0-9]{10,15})@.*", re.ASCII)
_WITHHELD: Final = re.compile(r"(?:tel:|sips?:)?(?:anonymous|unavailable|unknown|restricted|private)\b.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a session. `start` is None where it cannot be read; `end` of one that goes on lies in no future."""

    type: str
    start: datetime | None
    end: datetime | None
    disconnect: str
    wrap_up: str
    q850: tuple[int, ...]
    sip: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """One participant's part in the conversation by one medium. `purpose` and `media` are in small letters."""

    purpose: str
    participant: str
    user: str | None
    id: str | None
    media: str
    message_type: str
    direction: str
    said: Mapping[str, str]
    copies: tuple[str, ...]
    monitors: bool
    segments: tuple[Segment, ...]

    @property
    def outside(self) -> bool:
        """Whether it is of somebody outside the shop; a purpose that is not known may be."""
        return self.purpose not in _OWN

    @property
    def dialled(self) -> datetime | None:
        """When it was dialled, where a segment says so."""
        return min((each.start for each in self.segments if each.type in _DIALLING and each.start), default=None)

    @property
    def began(self) -> datetime | None:
        """When it was dialled, else when its first segment began that is no plan and no work afterwards."""
        starts = (each.start for each in self.segments if each.start and each.type not in _NOT_PLACED)
        return self.dialled or min(starts, default=None)

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        placed = [each for each in self.segments if each.start is not None and each.type not in _NOT_PLACED]
        starts = [each.start for each in placed if each.start is not None]
        return (min(starts), max(each.end or _OPEN for each in placed)) if starts else None

    def stretches(self) -> Iterator[tuple[datetime, datetime] | None]:
        """When it interacted; None for a stretch whose time cannot be read."""
        for each in self.segments:
            if each.type == "interact":
                yield None if each.start is None else (each.start, each.end or _OPEN)

    def has(self, *types: str) -> bool:
        return any(each.type in types for each in self.segments)


@dataclass(frozen=True, slots=True)
class Participants:
    """The participants. `own` are texts of the shop's own by their names as `column_name` writes them; `unread` says what of
    them could not be read."""

    sessions: tuple[Session, ...]
    own: Mapping[str, str]
    unread: tuple[str, ...]

    def get(self, name: str | None) -> str | None:
        return None if name is None else self.own.get(name)


def participants(value: object) -> Participants:
    """Raises ValueError: no list of structures."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            raise ValueError("expected a list of participants") from None
    if not isinstance(value, list):
        raise ValueError("expected a list of participants")
    unread: list[str] = []
    found: list[tuple[Session, Mapping[str, str]]] = []
    more: list[tuple[str, Mapping[str, str]]] = []
    for each in _structures(value, "participant", unread):
        purpose = _text(each, "purpose").lower()
        try:
            more.append((purpose, attributes(each.get("attributes", {})) or {}))
        except ValueError:
            unread.append("attributes that are no structure")
        if "externalcontactid" in each:
            more.append((purpose, {"externalcontactid": _text(each, "externalcontactid")}))
        for session in _structures(each.get("sessions", []), "session", unread):
            said = _session(session, purpose, each, unread)
            contact = _text(session, "outboundcontactid")
            found.append((said, {"outboundcontactid": contact} if contact else {}))
    own: dict[str, str] = {}
    held = [*more, *((session.purpose, said) for session, said in found)]
    for _, texts in sorted(held, key=lambda each: each[0] in _OWN):
        for name, text in texts.items():
            own.setdefault(name, text)
    return Participants(tuple(session for session, _ in found), own, tuple(dict.fromkeys(unread)))


def number_of(written: str) -> str | None:
    """The number of `tel:+15125550100` or a SIP address in E.164; None where it was withheld or there is none.

    Raises:
        ValueError: it is no number.
    """
    if not written or _WITHHELD.fullmatch(written):
        return None
    through_sip = _SIP.fullmatch(written)
    bare = through_sip[1] if through_sip else written.split(";")[0]
    return e164(bare)


def emails_of(written: Sequence[str]) -> tuple[str, ...]:
    """The email addresses in texts that may each hold several, as `one_address` writes them, each once."""
    found = getaddresses([each.replace(";", ",") for each in written])
    return tuple(dict.fromkeys(one_address(address) for _, address in found if "@" in address[1:]))


def overlap(one: Sequence[Session], others: Sequence[Session]) -> float | None:
    """Seconds in which both sides interacted; None where a time that cannot be read may hide some."""
    seconds, doubtful = 0.0, False
    for ours in (stretch for session in one for stretch in session.stretches()):
        for theirs in (stretch for session in others for stretch in session.stretches()):
            if ours is None or theirs is None:
                doubtful = True
            else:
                seconds += max(0.0, (min(ours[1], theirs[1]) - max(ours[0], theirs[0])).total_seconds())
    return None if doubtful and not seconds else seconds


# --- parsing ------------------------------------------------------------------------------------------------------------


def _session(
    session: Mapping[str, object], purpose: str, participant: Mapping[str, object], unread: list[str]
) -> Session:
    names = ("ani", "dnis", "sessiondnis", "remote", "addressfrom", "addressto", "addressother", "outboundcampaignid",
             "dispositionname", "deliverystatus")  # fmt: skip
    return Session(
        purpose=purpose,
        participant=_text(participant, "participantid"),
        user=_text(participant, "userid") or None,
        id=_text(session, "sessionid") or None,
        media=_text(session, "mediatype").lower(),
        message_type=_text(session, "messagetype").lower(),
        direction=_text(session, "direction").lower(),
        said={name: said for name in names if (said := _text(session, name))},
        copies=(*_texts(session, "cc", unread), *_texts(session, "bcc", unread)),
        monitors=any(session.get(f"{what}participantid") for what in ("monitored", "coached", "barged")),
        segments=tuple(_segment(each, unread) for each in _structures(session.get("segments", []), "segment", unread)),
    )


def _segment(segment: Mapping[str, object], unread: list[str]) -> Segment:
    return Segment(
        type=_text(segment, "segmenttype").lower(),
        start=_time(segment, "segmentstart", unread),
        end=_time(segment, "segmentend", unread),
        disconnect=_text(segment, "disconnecttype").lower(),
        wrap_up=_text(segment, "wrapupcode"),
        q850=_codes(segment, "q850responsecodes", unread),
        sip=_codes(segment, "sipresponsecodes", unread),
    )


def _structures(value: object, what: str, unread: list[str]) -> Iterator[Mapping[str, object]]:
    if not isinstance(value, list):
        unread.append(f"a {what} list that is no list")
        return
    for each in value:
        try:
            said = structure(each)
        except ValueError:
            unread.append(f"a {what} that is no structure")
        else:
            if said is not None:
                yield said


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _texts(said: Mapping[str, object], name: str, unread: list[str]) -> tuple[str, ...]:
    value = said.get(name, [])
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    unread.append(f"`{name}` that is no list of addresses")
    return ()


def _codes(said: Mapping[str, object], name: str, unread: list[str]) -> tuple[int, ...]:
    value = said.get(name, [])
    if isinstance(value, list) and all(isinstance(each, int) and not isinstance(each, bool) for each in value):
        return tuple(value)
    unread.append(f"`{name}` that is no list of numbers")
    return ()


def _time(said: Mapping[str, object], name: str, unread: list[str]) -> datetime | None:
    if name not in said:
        return None
    try:
        return c.instant(said[name])
    except (ValueError, OverflowError) as error:
        unread.append(f"`{name}`: {error}")
        return None
