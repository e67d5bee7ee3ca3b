"""Postmark: what its webhooks post for deliveries, bounces, opens, clicks, spam complaints and subscription changes.

Postmark has no event of the sending, so that the time of a message is that of the first event of a mail server, an upper bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.mail_events import MailEvent, MailEvents
from fdcpa_guard.facts.importers.rows import Witness
from fdcpa_guard.facts.importers.table import column_name
from fdcpa_guard.facts.importers.vendor import text

_TIMES: Final = {
    "delivery": "deliveredat", "bounce": "bouncedat", "spamcomplaint": "bouncedat", "open": "receivedat",
    "click": "receivedat", "subscriptionchange": "changedat",
}  # fmt: skip
_BY_EMAIL: Final = frozenset({"bounce", "spamcomplaint"})
_ANSWERS: Final = frozenset({"unsubscribe", "subscribe", "autoresponder", "addresschange", "spamcomplaint"})
"""Types of bounces that are no failure of delivery, and may come long after it."""
NO_MESSAGE: Final = "00000000-0000-0000-0000-000000000000"
_REACTIVATED: Final = (
    "an address that Postmark sends to again: no refusal is taken back by it; state `medium_allowed` in the events file "
    "where one is"
)


def _metadata(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("expected an object of texts")
    return {column_name(str(key)): c.text(part) for key, part in value.items() if part is not None}


COLUMNS: Final[tuple[Column, ...]] = (
    Column("recordtype", "text", "what the event is", c.text, required=True),
    text("messageid", "the message's id; its events make one communication", repeats=False),
    text("recipient", "the recipient, but of bounces and complaints"),
    text("email", "the recipient, of bounces and complaints"),
    Column("deliveredat", "instant", "when the recipient's server took it", c.instant),
    Column("bouncedat", "instant", "when it bounced, or the recipient complained", c.instant),
    Column("receivedat", "instant", "when it was opened or clicked", c.instant),
    Column("changedat", "instant", "when the subscription changed", c.instant),
    text("type", "the type of a bounce"),
    Column("suppresssending", "true or false", "whether the address is no longer sent to", c.truth),
    text("suppressionreason", "why it is not"),
    Column("metadata", "JSON", "what was sent along with the message; may have the consumer and the debt", _metadata),
)  # fmt: skip

IGNORED: Final = frozenset({
    "bouncedetails", "canactivate", "client", "clicklocation", "content", "description", "details", "dumpavailable", "firstopen",
    "from", "geo", "id", "inactive", "messagestream", "name", "origin", "originallink", "os", "platform", "readseconds",
    "serverid", "subject", "tag", "typecode", "useragent",
})  # fmt: skip
"""Columns of Postmark that say nothing about what is audited."""


def recognises(names: frozenset[str]) -> bool:
    """Whether the fields are those of an event."""
    return names >= {"recordtype", "messageid"}


def postmark_log(context: Context) -> MailEvents:
    """Reads Postmark's events."""
    return MailEvents(context, "postmark", COLUMNS, IGNORED, _event)


def _event(fields: Mapping[str, Any]) -> MailEvent:
    name: str = fields["recordtype"].lower()
    kind: str = (fields.get("type") or "").lower() if name == "bounce" else ""
    if name == "subscriptionchange":
        kind = (fields.get("suppressionreason") or "").lower()
        if fields.get("suppresssending") is False:
            kind = "reactivated"
    witness: Witness | None = Witness.LATER if name in _TIMES else None
    if name == "delivery" or (name == "bounce" and kind not in _ANSWERS):
        witness = Witness.SOON
    message_id = fields.get("messageid")
    return MailEvent(
        code=f"{name}/{kind}" if kind else name,
        address="email" if name in _BY_EMAIL else "recipient",
        time=_TIMES.get(name, "receivedat"),
        message="messageid",
        message_id=None if message_id == NO_MESSAGE else message_id,
        witness=witness,
        note=_REACTIVATED if kind == "reactivated" else None,
    )
