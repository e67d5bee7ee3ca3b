"""What the webhook events of mail providers have in common: each tells of a message under its id, what its time is worth, and
whether its recipient opted out. `deduplicate` makes one communication of the events of a message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.consumer_column import ConsumerColumn
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.dispositions import Disposition
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Item, LogEvent, LogRow, Witness
from fdcpa_guard.facts.importers.vendor import VendorLog
from fdcpa_guard.facts.models import Communication, Event
from fdcpa_guard.facts.names import EventType

_REFUSED: Final[EventType] = "medium_refused"


@dataclass(frozen=True, slots=True)
class MailEvent:
    """One event. `code` is its line in the table of dispositions, or NAME/KIND where the line may be that of NAME.

    `address` and `time` name the columns of the recipient and of the instant, `message` that of the message's id, which is
    `message_id`. `shows_refusal`: it shows an opt-out before it. `test`: the provider made it up. `note` is told once a code.
    """

    code: str
    address: str
    time: str
    message: str
    message_id: str | None
    witness: Witness | None
    shows_refusal: bool = False
    test: bool = False
    note: str | None = None


class MailEvents(VendorLog):
    """Reads events; each gives its part of a message, and a refusal where it is one. A provider says what an event is."""

    def __init__(
        self,
        context: Context,
        name: str,
        columns: tuple[Column, ...],
        ignored: frozenset[str],
        event: Callable[[Mapping[str, Any]], MailEvent],
    ) -> None:
        """`event` tells what the fields of a row say."""
        super().__init__(context, name, columns, ignored, own_data="metadata")
        self._event = event
        self._name = name
        self._email = ConsumerColumn("email", "recipient")

    def _owners(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        email = self._email.of(columns, cells)
        return () if email is None else self._on_file(one_address(email))

    def _items(self, row: int, columns: tuple[str, ...], fields: Mapping[str, Any]) -> Sequence[Item]:
        reports = self._context.reports
        told = self._event(fields)
        if told.test:
            reports.not_a_communication("test", row, "an event that the provider makes up to test a webhook")
            return ()
        address = self._address(row, fields, told.address)
        consumers = self._consumers(fields, address)
        if not consumers:
            self._leave_out_as_nobodys(row, told.address)
            return ()
        at: datetime | None = fields.get(told.time)
        if at is None:
            self._leave_out_untimed(row, (told.time,), "when it happened", consumers)
            return ()
        said = self._dispositions.found(told.code, row, reports, told.code.partition("/")[0])
        items: list[Item] = [
            LogEvent(consumer, row, self._context.file, event)
            for consumer in consumers
            for event in _refusals(told, said, address, at)
        ]
        if said is not None and said.outcome == "no_contact":
            if not items:
                reports.not_a_communication(told.code, row, said.note or "nothing was sent")
            return items
        if told.note is not None:
            reports.count_code(ProblemKind.ASSUMPTION, told.code, row, told.note)
        if told.message_id is None and told.witness is not Witness.ACT:
            if not items:
                self._without_message(row, told, consumers)
            return items
        communication = self._communication(fields, told.message_id, address, at, said)
        witness = Witness.LATER if told.witness is None else told.witness
        items += [
            LogRow(consumer, row, self._context.file, communication, told.code, at, witness) for consumer in consumers
        ]
        return items

    # --- parts of a row ---------------------------------------------------------------------------------------------

    def _address(self, row: int, fields: Mapping[str, Any], column: str) -> str | None:
        written: str | None = fields.get(column)
        if written is None:
            return None
        if "@" not in written[1:] or len(written) > 320:
            message = "expected an email address such as pat@example.com"
            self._context.reports.add(ProblemKind.BAD_VALUE, message, row, column, written)
            return None
        return one_address(written)

    def _consumers(self, fields: Mapping[str, Any], address: str | None) -> tuple[str, ...]:
        if stated := self._stated(fields, self._consumer_column):
            return (stated,)
        return () if address is None else self._whose.by_email(address)

    def _without_message(self, row: int, told: MailEvent, consumers: tuple[str, ...]) -> None:
        if told.witness is Witness.LATER:
            message = "what a recipient did with a message that the event does not name"
            self._context.reports.not_a_communication(told.code, row, message)
            return
        message = "nothing stands in it, expected the id of the message that the event is of"
        self._context.reports.leave_out_of(consumers, ProblemKind.MISSING_FIELD, message, row, told.message)

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
            # A message to several recipients is a communication with each.
            found["id"] = f"{self._name}:{message_id}/{address or ''}"
        return Communication.model_validate(found | self._debts(fields))


def _refusals(told: MailEvent, said: Disposition | None, address: str | None, at: datetime) -> tuple[Event, ...]:
    if told.shows_refusal:
        return (Event(at=at, type=_REFUSED, channel="email", address=address, written=True),)
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
