"""SendGrid: the events that its webhook posts, as lists, one list a line, or JSON lines.

Several events tell of one message. Each gives a row under the message's id, with what its time is worth, and `deduplicate` makes
one communication of them, also where they stand in several files and out of order, as a webhook delivers them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.columns import Column, ColumnReader
from fdcpa_guard.facts.importers.consumer_column import ConsumerColumn
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.dispositions import Disposition, load_dispositions
from fdcpa_guard.facts.importers.problems import Problem, ProblemKind
from fdcpa_guard.facts.importers.rows import Item, LogEvent, LogRow, Witness
from fdcpa_guard.facts.importers.whose import Whose
from fdcpa_guard.facts.models import Communication, Event, EventType

_WITNESS: Final = {
    "processed": Witness.ACT,
    "deferred": Witness.SOON, "delivered": Witness.SOON, "bounce": Witness.SOON,
    "open": Witness.LATER, "click": Witness.LATER, "spamreport": Witness.LATER, "unsubscribe": Witness.LATER,
    "group_unsubscribe": Witness.LATER, "group_resubscribe": Witness.LATER,
}  # fmt: skip
_HELD_BACK: Final = frozenset({"unsubscribed address", "spam reporting address"})
"""Reasons of a dropped message which show that its recipient had opted out."""
_TEST_ADDRESS: Final = "example@test.com"
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


def _text(name: str, meaning: str, *, repeats: bool = False) -> Column:
    return Column(name, "text", meaning, c.text, repeats=repeats)


COLUMNS: Final[tuple[Column, ...]] = (
    _text("email", "the recipient", repeats=True),
    Column("timestamp", "number", "when it happened, in seconds since 1970; thirteen digits are milliseconds", _unix_time),
    Column("event", "text", "what happened to the message", c.text, required=True, repeats=True),
    _text("sg_message_id", "the message's id; its events make one communication"),
    _text("smtp_id", "the message's id as its sender gave it; stands in for sg_message_id"),
    _text("type", "of a bounce: bounce or blocked", repeats=True),
    _text("reason", "why a message bounced or was dropped", repeats=True),
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


class SendgridLog:
    """Reads events; each gives its part of a message, and a refusal where it is one."""

    def __init__(self, context: Context) -> None:
        self._context = context
        options = context.options
        own = [name for name in (options.consumer_column, options.debt_column) if name is not None]
        extra = [
            _text(name, "named by the caller", repeats=True)
            for name in own
            if name not in {column.name for column in COLUMNS}
        ]
        self._reader = ColumnReader((*COLUMNS, *extra), context.reports, context.clock, IGNORED - set(own))
        self._own = ConsumerColumn(options.consumer_column or "")
        self._email = ConsumerColumn("email")
        self._whose = Whose(context)
        self._dispositions = load_dispositions("sendgrid", options.dispositions)

    @property
    def unknown_columns(self) -> Sequence[str]:
        return tuple(self._reader.unknown)

    def consumer_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> str | None:
        if self._context.options.consumer_column is not None and (found := self._own.of(columns, cells)) is not None:
            return found
        email = self._email.of(columns, cells)
        known = None if email is None else self._context.options.consumers_by_number.get(one_address(email))
        return known[0] if known else None

    def read(self, row: int, columns: tuple[str, ...], cells: Sequence[object]) -> Sequence[Item]:
        fields: dict[str, Any] | None = self._reader.fields(
            row, columns, cells, lambda found: self.consumer_of(columns, found)
        )
        if fields is None:
            return ()
        reports = self._context.reports
        written: str = fields["event"].lower()
        address = self._address(row, fields)
        if address == _TEST_ADDRESS and _TEST_CATEGORY in fields.get("category", ()):
            reports.not_a_communication("test", row, "an event that SendGrid makes up to test a webhook")
            return ()
        consumers = self._consumers(fields, address)
        if not consumers:
            reports.leave_out(ProblemKind.MISSING_FIELD, "nothing tells whose row this is", row, "email")
            return ()
        at: datetime | None = fields.get("timestamp")
        if at is None:
            refused = "timestamp" in self._reader.refused
            kind = ProblemKind.BAD_VALUE if refused else ProblemKind.MISSING_FIELD
            message = (
                "the row has no time that can be read" if refused else "nothing stands in it, expected when it happened"
            )
            self._lose(kind, message, row, "timestamp", consumers)
            return ()
        said = self._said(row, written, fields)
        events = self._refusals(written, fields, said, address, at)
        items: list[Item] = [
            LogEvent(consumer, row, self._context.file, event) for consumer in consumers for event in events
        ]
        code = f"{written}/{fields['type']}" if written == "bounce" and fields.get("type") else written
        if said is not None and said.outcome == "no_contact":
            if not items:
                reports.not_a_communication(code, row, said.note or "nothing was sent")
            return items
        if written == "group_resubscribe":
            reports.count_code(ProblemKind.ASSUMPTION, written, row, _RESUBSCRIBED)
        witness = _WITNESS.get(written, Witness.LATER)
        message_id = self._id(fields, address)
        if message_id is None and witness is not Witness.ACT:
            if not items:
                self._without_message(row, written, witness, consumers)
            return items
        communication = self._communication(fields, message_id, address, at, said)
        items += [LogRow(consumer, row, self._context.file, communication, code, at, witness) for consumer in consumers]
        return items

    def finish(self) -> None:
        """Everything was told with its row."""

    # --- parts of a row ---------------------------------------------------------------------------------------------

    def _address(self, row: int, fields: Mapping[str, Any]) -> str | None:
        written: str | None = fields.get("email")
        if written is None:
            return None
        if "@" not in written[1:] or len(written) > 320:
            message = "expected an email address such as pat@example.com"
            self._context.reports.add(ProblemKind.BAD_VALUE, message, row, "email", written)
            return None
        return one_address(written)

    def _consumers(self, fields: Mapping[str, Any], address: str | None) -> tuple[str, ...]:
        stated = self._context.options.consumer_column
        if stated is not None and fields.get(stated):
            return (fields[stated],)
        return () if address is None else self._whose.by_email(address)

    def _said(self, row: int, written: str, fields: Mapping[str, Any]) -> Disposition | None:
        kind = fields.get("type") if written == "bounce" else None
        said = (self._dispositions.find(f"{written}/{kind}") if kind else None) or self._dispositions.find(written)
        if said is None:
            self._context.reports.count_code(
                ProblemKind.UNMAPPED_DISPOSITION,
                written,
                row,
                "a code that the table of dispositions does not have: its outcome is unknown; say what it means in a file "
                "(--dispositions)",
            )
        return said

    def _refusals(
        self, written: str, fields: Mapping[str, Any], said: Disposition | None, address: str | None, at: datetime
    ) -> tuple[Event, ...]:
        """An opt-out: told by its own event, or shown by a message that was held back for one."""
        if written == "dropped" and (fields.get("reason") or "").lower() in _HELD_BACK:
            return (Event(at=at, type="medium_refused", channel="email", address=address, written=True),)
        if said is None or said.event is None:
            return ()
        own = said.event
        of_email = own.channel == "email"
        return (
            Event(
                at=at,
                type=cast(EventType, own.type),
                channel=own.channel,
                address=address if of_email else None,
                written=True if own.written is None and of_email else own.written,
            ),
        )

    def _id(self, fields: Mapping[str, Any], address: str | None) -> str | None:
        """A message to several recipients is a communication with each, so that the recipient is part of the id."""
        message = fields.get("sg_message_id") or fields.get("smtp_id")
        return None if message is None else f"sendgrid:{message}/{address or ''}"

    def _without_message(self, row: int, written: str, witness: Witness, consumers: tuple[str, ...]) -> None:
        if witness is Witness.LATER and written in _WITNESS:
            self._context.reports.not_a_communication(
                written, row, "what a recipient did with a message that the event does not name"
            )
            return
        message = "nothing stands in it, expected the id of the message that the event is of"
        self._lose(ProblemKind.MISSING_FIELD, message, row, "sg_message_id", consumers)

    def _lose(self, kind: ProblemKind, message: str, row: int, column: str, consumers: tuple[str, ...]) -> None:
        """A row that is left out once, and missing in the log of each whose address it is."""
        reports = self._context.reports
        reports.leave_out(kind, message, row, column, consumer_id=consumers[0])
        for consumer in consumers[1:]:
            reports.pending.append(
                Problem(kind, message, self._context.file, row, column, left_out=True, consumer_id=consumer)
            )

    def _communication(
        self,
        fields: Mapping[str, Any],
        message_id: str | None,
        address: str | None,
        at: datetime,
        said: Disposition | None,
    ) -> Communication:
        found: dict[str, object] = {
            "at": at,
            "channel": "email",
            "direction": "outbound",
            "address": address,
            "outcome": None if said is None else said.known_outcome,
        }
        if message_id is not None:
            found["id"] = message_id
        stated = self._context.options.debt_column
        if stated is not None and fields.get(stated):
            found["debts"] = c.listing(fields[stated])
        return Communication.model_validate(found)
