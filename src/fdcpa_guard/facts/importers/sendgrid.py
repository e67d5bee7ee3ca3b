"""SendGrid: the events that its webhook posts, as lists, one list a line, or JSON lines.

Several events tell of one message. Each gives a row under the message's id, with what its time is worth, and `deduplicate` makes
one communication of them, also where they stand in several files and out of order, as a webhook delivers them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.mail_events import MailEvent, MailEvents
from fdcpa_guard.facts.importers.rows import Witness
from fdcpa_guard.facts.importers.vendor import text

_WITNESS: Final = {
    "processed": Witness.ACT,
    "deferred": Witness.SOON, "delivered": Witness.SOON, "bounce": Witness.SOON,
    "open": Witness.LATER, "click": Witness.LATER, "spamreport": Witness.LATER, "unsubscribe": Witness.LATER,
    "group_unsubscribe": Witness.LATER, "group_resubscribe": Witness.LATER,
}  # fmt: skip
HELD_BACK: Final = frozenset({"unsubscribed address", "spam reporting address"})
"""Reasons of a dropped message which show that its recipient had opted out."""
TEST_ADDRESS: Final = "example@test.com"
_TEST_CATEGORY: Final = "cat facts"
_MILLISECONDS_FROM: Final = 100_000_000_000
"""As seconds this would be the year 5138; marketing campaigns write milliseconds."""
_RESUBSCRIBED: Final = (
    "a subscription to one group of messages: no refusal is taken back by it; state `medium_allowed` in the events file "
    "where one is"
)


def _unix_time(value: object) -> datetime:
    """Seconds or milliseconds since 1970, or, from a warehouse that has converted them, an instant with an offset."""
    if isinstance(value, datetime) or (isinstance(value, str) and not value.strip().replace(".", "", 1).isdigit()):
        return c.instant(value)
    try:
        found = c.number(value)
        at = datetime.fromtimestamp(found / 1000 if found >= _MILLISECONDS_FROM else found, UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueError("expected seconds since 1970") from None
    return c.instant(at)


def _categories(value: object) -> tuple[str, ...]:
    return tuple(c.text(part) for part in value) if isinstance(value, list) else (c.text(value),)


COLUMNS: Final[tuple[Column, ...]] = (
    text("email", "the recipient"),
    Column("timestamp", "number", "when it happened, in seconds since 1970; thirteen digits are milliseconds", _unix_time),
    Column("event", "text", "what happened to the message", c.text, required=True),
    text("sg_message_id", "the message's id; its events make one communication", repeats=False),
    text("smtp_id", "the message's id as its sender gave it; stands in for sg_message_id", repeats=False),
    text("type", "of a bounce: bounce or blocked"),
    text("reason", "why a message bounced or was dropped"),
    Column("category", "text or list", "the categories given to the message; they mark SendGrid's test events", _categories),
)  # fmt: skip

IGNORED: Final = frozenset({
    "asm_group_id", "attempt", "bounce_classification", "cert_err", "ip", "marketing_campaign_id", "marketing_campaign_name",
    "marketing_campaign_split_id", "marketing_campaign_version", "mc_stats", "newsletter", "phase_id", "pool", "post_type",
    "response", "send_at", "sg_content_type", "sg_event_id", "sg_machine_open", "sg_template_id", "sg_template_name",
    "sg_user_id", "singlesend_id", "singlesend_name", "status", "template_hash", "template_id", "template_version_id", "tls",
    "url", "url_offset", "useragent",
})  # fmt: skip
"""Columns of SendGrid that say nothing about what is audited."""


def recognises(names: frozenset[str]) -> bool:
    """Whether the fields are those of an event."""
    return names >= {"email", "timestamp", "event"} and bool(names & {"sg_message_id", "sg_event_id"})


def sendgrid_log(context: Context) -> MailEvents:
    """Reads SendGrid's events."""
    return MailEvents(context, "sendgrid", COLUMNS, IGNORED, _event)


def _event(fields: Mapping[str, Any]) -> MailEvent:
    name: str = fields["event"].lower()
    email: str = fields.get("email") or ""
    return MailEvent(
        code=f"{name}/{fields['type']}" if name == "bounce" and fields.get("type") else name,
        address="email",
        time="timestamp",
        message="sg_message_id",
        message_id=fields.get("sg_message_id") or fields.get("smtp_id"),
        witness=_WITNESS.get(name),
        shows_refusal=name == "dropped" and (fields.get("reason") or "").lower() in HELD_BACK,
        test=email.lower() == TEST_ADDRESS and _TEST_CATEGORY in fields.get("category", ()),
        note=_RESUBSCRIBED if name == "group_resubscribe" else None,
    )
