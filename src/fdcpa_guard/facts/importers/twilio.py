"""Twilio: its Call and Message resources, as pages of the API, JSON lines, and the CSV of its exports and console.

Twilio knows numbers and neither consumers nor debts: they come from a column that the shop has joined to the export, or from
the accounts file by the number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.causes import cause_of, outcome_by_cause
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.numbers import e164
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Item, LogEvent, LogRow
from fdcpa_guard.facts.importers.stop_words import is_opt_out
from fdcpa_guard.facts.importers.times import LocalClock, NaiveTimeError, read_instant, read_rfc2822
from fdcpa_guard.facts.importers.vendor import VendorLog, text
from fdcpa_guard.facts.models import CallerId, Communication, Event

# Of a SIP trunk, "terminating" is a call out of the shop into the telephone network.
_DIRECTIONS: Final = {
    "inbound": "inbound", "incoming": "inbound", "trunking-originating": "inbound",
    "outbound-api": "outbound", "outbound-dial": "outbound", "outbound-call": "outbound", "outbound-reply": "outbound",
    "outbound": "outbound", "outgoing": "outbound", "outgoing api": "outbound", "outgoing dial": "outbound",
    "trunking-terminating": "outbound",
}  # fmt: skip
_OPTED_OUT: Final = "21610"
"""The error of a message to somebody who has opted out: it was not sent, and shows that they have."""
_OWN_LEGS: Final = ("client:", "sip:", "sips:", "conference:")


def _rfc2822_or_iso(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    written = c.text(value)
    try:
        moment = read_rfc2822(written)
    except ValueError:
        return read_instant(written, _NO_CLOCK).at
    if moment.tzinfo is None:
        raise NaiveTimeError("the time has no zone, expected one such as `Fri, 18 Oct 2019 17:02:00 +0000`")
    return moment


_NO_CLOCK: Final = LocalClock(None)


def _time(name: str, meaning: str) -> Column:
    return Column(name, "instant", meaning, _rfc2822_or_iso)


COLUMNS: Final[tuple[Column, ...]] = (
    text("sid", "the id: CA... of a call, SM... or MM... of a message", repeats=False),
    text("call_sid", "the same (console)", repeats=False),
    text("message_sid", "the same (console)", repeats=False),
    text("to", "the number called or written to"),
    text("from", "the number that called or wrote"),
    text("status", "the status"),
    text("direction", "inbound, outbound-api, outbound-dial, outbound-reply, ..."),
    _time("start_time", "when the call was dialled; empty when it was not"),
    _time("date_created", "when the record was made; stands in for start_time and date_sent"),
    _time("date_sent", "when the message was sent"),
    _time("sent_date", "the same (console)"),
    _time("date_updated", "when the record was last changed; of two copies the later one counts"),
    Column("duration", "number", "seconds of an answered call", c.number, repeats=True),
    text("answered_by", "who answered, where answering machines are detected"),
    text("sip_response_code", "the SIP code: shows whether an unanswered call reached the number"),
    text("caller_name", "the name of the caller, where it was looked up"),
    text("body", "the text of a message", repeats=False),
    text("error_code", "why a message was not delivered; 21610: its recipient had opted out"),
)  # fmt: skip

IGNORED: Final = frozenset(
    [
        "account_sid",
        "annotation",
        "api_version",
        "end_time",
        "forwarded_from",
        "from_formatted",
        "group_sid",
        "parent_call_sid",
        "parent",
        "phone_number_sid",
        "price",
        "price_unit",
        "queue_time",
        "subresource_uris",
        "to_formatted",
        "trunk_sid",
        "uri",
        "error_message",
        "messaging_service_sid",
        "num_media",
        "num_segments",
        "type",
        "segments",
        "media",
        "feedback_sid",
    ]
)
"""Columns of Twilio that say nothing about what is audited."""

_PARTS: Final = frozenset({"to", "from", "status", "direction"})


def recognises(names: frozenset[str]) -> bool:
    """Whether the fields are those of a call or message."""
    return bool({"sid", "call_sid", "message_sid"} & names) and names >= _PARTS


class TwilioLog(VendorLog):
    """Reads calls and messages, which may stand in one file."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "twilio", COLUMNS, IGNORED)

    def _owners(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        said = {name: cell for name, cell in zip(columns, cells, strict=False) if isinstance(cell, str)}
        number = said.get("from" if _DIRECTIONS.get(said.get("direction", "").lower()) == "inbound" else "to", "")
        try:
            return self._on_file(e164(number.removeprefix("whatsapp:")))
        except ValueError:
            return ()

    def _items(self, row: int, columns: tuple[str, ...], fields: Mapping[str, Any]) -> Sequence[Item]:
        sid = fields.get("sid") or fields.get("call_sid") or fields.get("message_sid")
        is_call = sid.startswith("CA") if sid else "body" not in columns
        inbound = self._is_inbound(row, fields)
        whom: str = fields.get("from" if inbound else "to") or ""
        if whom.startswith(_OWN_LEGS):
            self._context.reports.not_a_communication(
                whom.partition(":")[0], row, "a leg to a telephone of the shop's own: no contact with anybody outside"
            )
            return ()
        number = self._number(row, "from" if inbound else "to", whom)
        consumers = self._consumers(fields, number)
        if not consumers:
            self._leave_out_as_nobodys(row, "from" if inbound else "to")
            return ()
        names = ("start_time", "date_created") if is_call else ("date_sent", "sent_date", "date_created")
        at: datetime | None = next((fields[name] for name in names if name in fields), None)
        if at is None:
            self._leave_out_untimed(row, names, "when it was placed", consumers)
            return ()
        events = self._events(fields, is_call, inbound, number, at)
        code = self._code(fields, is_call)
        said = self._dispositions.found(code, row, self._context.reports, "/".join(code.split("/")[:2]))
        if said is not None and said.outcome == "no_contact" and not inbound:
            if not events:
                self._context.reports.not_a_communication(code, row, said.note or "nothing was sent")
                return ()
            return [LogEvent(consumer, row, self._context.file, event) for consumer in consumers for event in events]
        outcome: str | None = None if said is None else said.known_outcome
        if is_call:
            outcome = self._call_outcome(outcome, fields)
        communication = self._communication(fields, sid, is_call, inbound, number, at, outcome)
        items: list[Item] = []
        for consumer in consumers:
            items.append(
                LogRow(
                    consumer, row, self._context.file, communication, code.partition("/")[2], fields.get("date_updated")
                )
            )
            items += [LogEvent(consumer, row, self._context.file, event) for event in events]
        return items

    # --- parts of a row ---------------------------------------------------------------------------------------------

    def _is_inbound(self, row: int, fields: Mapping[str, Any]) -> bool:
        written: str = fields.get("direction") or ""
        direction = _DIRECTIONS.get(written.lower())
        if direction is None:
            message = "a direction that this format does not know: taken as outbound, which counts"
            self._context.reports.add(ProblemKind.BAD_VALUE, message, row, "direction", written)
        return direction == "inbound"

    def _number(self, row: int, column: str, written: str) -> str | None:
        if not written:
            return None
        try:
            return e164(written.removeprefix("whatsapp:"))
        except ValueError as error:
            self._context.reports.add(ProblemKind.BAD_VALUE, str(error), row, column, written)
            return None

    def _consumers(self, fields: Mapping[str, Any], number: str | None) -> tuple[str, ...]:
        if stated := self._stated(fields, self._consumer_column):
            return (stated,)
        return () if number is None else self._whose.by_number(number)

    def _code(self, fields: Mapping[str, Any], is_call: bool) -> str:
        status = (
            "-".join((fields.get("status") or "").lower().split()) if is_call else (fields.get("status") or "").lower()
        )
        if not is_call:
            return f"message/{status}"
        answered_by = fields.get("answered_by")
        return f"call/{status}/{answered_by}" if answered_by else f"call/{status}"

    def _call_outcome(self, outcome: str | None, fields: Mapping[str, Any]) -> str | None:
        if outcome == "answered":
            enough = self._context.options.conversation_seconds
            long = enough is not None and fields.get("duration", 0) >= enough
            return "conversation" if long and fields.get("answered_by") not in ("fax",) else outcome
        if outcome in ("no_answer", "busy", "not_connected", None):
            return outcome_by_cause(cause_of(None, fields.get("sip_response_code"))) or outcome
        return outcome

    def _events(
        self, fields: Mapping[str, Any], is_call: bool, inbound: bool, number: str | None, at: datetime
    ) -> tuple[Event, ...]:
        """An opt-out: by one of the words that carriers act upon, or shown by a message that was held back."""
        if is_call:
            return ()
        asked = inbound and is_opt_out(fields.get("body"))
        shown = not inbound and fields.get("error_code") == _OPTED_OUT
        if not asked and not shown:
            return ()
        return (Event(at=at, type="medium_refused", channel="text", address=number, written=True),)

    def _communication(
        self,
        fields: Mapping[str, Any],
        sid: str | None,
        is_call: bool,
        inbound: bool,
        number: str | None,
        at: datetime,
        outcome: str | None,
    ) -> Communication:
        said: dict[str, object] = {
            "at": at,
            "channel": "call" if is_call else "text",
            "direction": "inbound" if inbound else "outbound",
            "address": number,
            "outcome": outcome,
        }
        if sid:
            said["id"] = f"twilio:{sid}"
        if not is_call and fields.get("body"):
            said["content"] = fields["body"]
        if not inbound and (ours := fields.get("from")):
            said["caller_id" if is_call else "sender"] = CallerId(number=ours) if is_call else ours
        return Communication.model_validate(said | self._debts(fields))
