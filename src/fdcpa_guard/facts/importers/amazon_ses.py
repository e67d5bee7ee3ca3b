"""Amazon SES: the events of event publishing, and the notifications of an identity, one JSON object an event.

Every event tells when its message was sent and to whom, besides what happened then. A message to several recipients is a
communication with each of them; an event is of those that it names. The names are those of Amazon's contents of event data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Final

from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.amazon_connect_parts import structure
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.mail_events import AN_ADDRESS, MailEvent, MailEvents, is_email
from fdcpa_guard.facts.importers.rows import Witness
from fdcpa_guard.facts.importers.table import column_name
from fdcpa_guard.facts.importers.vendor import text

_DETAILS: Final = ("bounce", "complaint", "delivery", "deliverydelay", "open", "click", "subscription")
"""What may stand beside the message, under the name of the event; the other events have nothing of their own to tell."""
_OF_ONE: Final = frozenset({"open", "click", "complaint", "subscription"})
"""Events of one recipient, who is not named where the message had several."""
_SIMULATOR: Final = "@simulator.amazonses.com"
_COMPLAINED: Final = (
    "complaints name every recipient at a provider that may have complained: taken as a refusal of each of them"
)


@dataclass(frozen=True, slots=True)
class Mail:
    """The message of an event. `get` gives one of its tags by its name as `column_name` writes it."""

    sent: datetime
    id: str | None
    recipients: tuple[str, ...]
    tags: Mapping[str, str]
    letter: Mapping[str, str]

    def get(self, name: str | None) -> str | None:
        return self.tags.get(name or "")


@dataclass(frozen=True, slots=True)
class Detail:
    """What an event tells: when it happened, its kind in small letters (empty: none), and of which recipients."""

    at: datetime | None
    kind: str
    recipients: tuple[str, ...]


def _mail(value: object) -> Mail:
    found = structure(value) or {}
    if "timestamp" not in found:
        raise ValueError("expected a structure with the timestamp of the message")
    letter: dict[str, str] = {}
    if isinstance(source := found.get("source"), str) and (sender := parseaddr(source)[1]):
        letter["sender"] = one_address(sender)
    if isinstance(headers := found.get("commonheaders"), Mapping) and isinstance(headers.get("subject"), str):
        letter["subject"] = headers["subject"]
    return Mail(
        c.instant(found["timestamp"]),
        None if "messageid" not in found else c.text(found["messageid"]),
        _addresses(found.get("destination", [])),
        _tags(found.get("tags")),
        letter,
    )


def _tags(value: object) -> dict[str, str]:
    tags = {}
    for name, held in value.items() if isinstance(value, Mapping) else ():
        one = held[0] if isinstance(held, list) and len(held) == 1 else held
        if isinstance(one, str) and one.strip():
            tags[column_name(str(name))] = one.strip()
    return tags


def _addresses(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("expected a list of email addresses")
    found: dict[str, None] = {}
    for each in value:
        held = (structure(each) or {}).get("emailaddress") if isinstance(each, Mapping) else each
        address = parseaddr(held)[1] if isinstance(held, str) else ""
        if not is_email(address):
            raise ValueError(AN_ADDRESS)
        found[one_address(address)] = None
    return tuple(found)


def _kind(found: Mapping[str, object]) -> str:
    """Of a bounce its type and subtype, of a complaint its type, or that it is of a list of held-back addresses."""
    if (subtype := found.get("complaintsubtype")) is not None:
        return c.text(subtype).lower()
    if (preferences := found.get("newtopicpreferences")) is not None:
        return _choice(preferences)
    names = ("bouncetype", "bouncesubtype", "complaintfeedbacktype")
    return "/".join(c.text(found[name]).lower() for name in names if name in found)


def _choice(preferences: object) -> str:
    said = structure(preferences) or {}
    topics = said.get("topicsubscriptionstatus")
    chosen = [each.get("subscriptionStatus") for each in topics if isinstance(each, Mapping)] if isinstance(topics, list) else []
    return "optin" if said.get("unsubscribeall") is False and all(each == "OptIn" for each in chosen) else ""


def _detail(value: object) -> Detail:
    found = structure(value) or {}
    lists = ("bouncedrecipients", "complainedrecipients", "delayedrecipients", "recipients")
    written = next((found[name] for name in lists if name in found), [])
    at = found.get("timestamp")
    return Detail(None if at is None else c.instant(at), _kind(found), _addresses(written))


COLUMNS: Final[tuple[Column, ...]] = (
    text("eventtype", "what happened to the message"),
    text("notificationtype", "the same (notifications of an identity)"),
    Column("mail", "structure", "the message: timestamp, messageId, source, destination, tags; a tag may have the consumer "
           "and the debt", _mail, required=True),
    Column("bounce", "structure", "bounceType, bounceSubType, bouncedRecipients, timestamp", _detail),
    Column("complaint", "structure", "complaintFeedbackType, complaintSubType, complainedRecipients, timestamp", _detail),
    Column("delivery", "structure", "recipients, timestamp", _detail),
    Column("deliverydelay", "structure", "delayedRecipients, timestamp", _detail),
    Column("open", "structure", "timestamp", _detail),
    Column("click", "structure", "timestamp", _detail),
    Column("subscription", "structure", "newTopicPreferences, timestamp", _detail),
)  # fmt: skip

IGNORED: Final = frozenset({"send", "reject", "failure"})
"""Columns of Amazon SES that say nothing about what is audited."""


def recognises(names: frozenset[str]) -> bool:
    """Whether the fields are those of an event."""
    return "mail" in names and bool({"eventtype", "notificationtype"} & names)


def amazon_ses_log(context: Context) -> MailEvents:
    """Reads the events of Amazon SES."""
    return MailEvents(
        context, "amazon_ses", COLUMNS, IGNORED, _event, own_data="mail", recipients=("mail", *_DETAILS)
    )


def _event(fields: Mapping[str, Any]) -> MailEvent:
    mail: Mail = fields["mail"]
    name = (fields.get("eventtype") or fields.get("notificationtype") or "").lower().replace(" ", "")
    detail: Detail | None = fields.get(name) if name in _DETAILS else Detail(mail.sent, "", ())
    named = mail.recipients if detail is None else detail.recipients or mail.recipients
    recipients = tuple(each for each in named if not each.endswith(_SIMULATOR))
    kind = "" if detail is None else detail.kind
    note = None
    if name in _OF_ONE and len(recipients) > 1 and kind in ("", "abuse", "fraud", "other", "virus"):
        kind = "several"
        note = _COMPLAINED if name == "complaint" else None
    return MailEvent(
        code=f"{name}/{kind}" if kind else name,
        address="mail",
        time=name if name in _DETAILS else "mail",
        message="mail",
        message_id=mail.id,
        witness=Witness.ACT if name == "send" else Witness.OUTCOME,
        test=bool(named) and not recipients,
        note=note,
        recipients=recipients,
        happened=None if detail is None else detail.at,
        sent=mail.sent,
        letter=mail.letter,
    )
