"""Which sessions of a conversation of Genesys Cloud are contacts with somebody outside, and which are legs of one contact.

A participant outside the shop has a session for each medium and each dialling; agents, queues and menus have sessions of
their own beside it. A session of theirs counts by itself only where nobody outside has one for the same call.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from fdcpa_guard.facts.importers.genesys_parts import OUTSIDE, Session, emails_of, number_of

_NO_CONTACT: Final = frozenset({"callback", "cobrowse", "screenshare", "screenmonitoring", "internalmessage"})
"""Media that are no contact: a request, whose dialling is a session by voice, and what goes with another medium."""
_CHANNELS: Final = {"voice": "call", "email": "email"}
_MESSAGES: Final = {
    "sms": "text", "whatsapp": "text", "facebook": "social_media", "twitter": "social_media", "instagram": "social_media",
}  # fmt: skip
_WRITTEN: Final = frozenset({"email", "message"})


@dataclass(slots=True)
class Contact:
    """One communication of a conversation. `channel` is None where it is none that the model has, `inbound` where nothing
    tells; `unread` is an address that cannot be read; `addresses` are several where one email went to several."""

    media: str
    channel: str | None
    inbound: bool | None
    addresses: tuple[str, ...]
    unread: str | None
    sessions: list[Session] = field(default_factory=list)

    @property
    def is_call(self) -> bool:
        return self.channel == "call"

    def meets(self, session: Session) -> bool:
        """Whether the session is at the same time, as far as times are told."""
        spans = [each.span for each in self.sessions]
        theirs = session.span
        return theirs is None or any(span is None or (span[0] < theirs[1] and theirs[0] < span[1]) for span in spans)


def contacts_of(sessions: Iterable[Session], originating: str) -> list[Contact]:
    """The contacts, the consumer's first and each kind in the order of its times. `originating` stands in for the direction of
    a session that does not tell."""
    placed = [each for each in sessions if each.media not in _NO_CONTACT and not each.monitors]
    found: list[Contact] = []
    for session in sorted((each for each in placed if each.outside), key=_order):
        _put(found, _contact(session, originating), session)
    ours = {number for contact in found for each in contact.sessions if (number := _our_number(each, contact.inbound))}
    media = {contact.media for contact in found}
    for session in sorted((each for each in placed if not each.outside), key=_order):
        contact = _contact(session, originating)
        alone = session.media in _WRITTEN and session.media not in media
        if alone or (contact.is_call and not contact.inbound and _left_the_shop(contact, ours)):
            _put(found, contact, session)
    return found


def _put(found: list[Contact], contact: Contact, session: Session) -> None:
    """As a leg to the contact of the same address, unless it was dialled again; else as a contact of its own."""
    same = [
        each for each in found
        if each.channel == contact.channel and each.addresses == contact.addresses
        and (contact.addresses or each.inbound == contact.inbound)
    ]  # fmt: skip
    first = next((each for each in same if each.meets(session)), None)
    if first is None and same and session.dialled is None:
        first = same[-1]
    if first is None:
        contact.sessions.append(session)
        found.append(contact)
    elif session.outside or not first.sessions[0].outside:
        first.sessions.append(session)


def _contact(session: Session, originating: str) -> Contact:
    inbound = {"inbound": True, "outbound": False}.get(session.direction or originating)
    channel = _MESSAGES.get(session.message_type) if session.media == "message" else _CHANNELS.get(session.media)
    if session.media == "email":
        written = [session.said.get("addressfrom", "")] if inbound else [session.said.get("addressto", ""), *session.copies]
        emails = emails_of(written)
        if inbound and len(emails) > 1:
            emails = emails[:1]
        return Contact(session.media, channel, inbound, emails, None if emails else next(filter(None, written), None))
    names = ("ani", "addressfrom", "remote") if inbound else ("dnis", "sessiondnis", "addressto", "remote")
    written = [session.said[name] for name in names if name in session.said]
    for each in written:
        try:
            number = number_of(each.removeprefix("whatsapp:"))
        except ValueError:
            continue
        return Contact(session.media, channel, inbound, () if number is None else (number,), None)
    unread = written[0] if written and channel in ("call", "text") else None
    return Contact(session.media, channel, inbound, (), unread)


def _our_number(session: Session, inbound: bool | None) -> str | None:
    try:
        return number_of(session.said.get("dnis" if inbound else "ani", ""))
    except ValueError:
        return None


def _left_the_shop(contact: Contact, ours: set[str]) -> bool:
    """Whether what was dialled is a number of somebody else's, or digits for the network that cannot be read."""
    if contact.addresses:
        return not ours.intersection(contact.addresses)
    unread = contact.unread or ""
    return unread.startswith("tel:") and sum(each.isdigit() for each in unread) >= 7


def _order(session: Session) -> tuple[int, float]:
    began = session.began
    rank: Sequence[str] = OUTSIDE
    return (
        rank.index(session.purpose) if session.purpose in rank else len(rank),
        began.timestamp() if began is not None else float("inf"),
    )
