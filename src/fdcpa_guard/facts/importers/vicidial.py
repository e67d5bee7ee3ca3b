"""VICIdial: the export calls report, the API's phone number log, and the tables vicidial_log, _closer_log and _dial_log.

Times without `start_epoch` are of the server's clock, which the file does not name: the caller does. What the tables are,
and which columns they have, follows the VICIdial project's documentation of its log tables and its report code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.causes import cause_of, outcome_by_cause
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.consumer_column import ConsumerColumn
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.dispositions import Disposition
from fdcpa_guard.facts.importers.lead import LeadFacts
from fdcpa_guard.facts.importers.numbers import e164
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Item, LogEvent, LogRow
from fdcpa_guard.facts.importers.times import NaiveTimeError, read_instant
from fdcpa_guard.facts.importers.vendor import VendorLog, text
from fdcpa_guard.facts.models import CallerId, Communication, Event
from fdcpa_guard.facts.names import EventType

# The auto-dialer, and an inbound call before an agent took it.
_NO_AGENT: Final = frozenset({"VDAD", "VDCL"})
_CALLER_CODES: Final = {"V": "autodialed", "M": "manual"}
_COMMENTS: Final = {"MANUAL": "manual", "AUTO": "autodialed"}
_EPOCH: Final = re.compile(r"[0-9]{9,10}", re.ASCII)
_SENT_DIGITS: Final = re.compile(r"[0-9*#]*?1?([2-9][0-9]{2}[2-9][0-9]{6})", re.ASCII)
_NOT_ANSWERED: Final = frozenset({"no_answer", "busy", "not_connected", None})


def _epoch(value: object) -> datetime | None:
    written = c.text(value)
    if written == "0":
        return None
    if not _EPOCH.fullmatch(written):
        raise ValueError("expected seconds since 1970, such as 1483690261")
    return datetime.fromtimestamp(int(written), UTC)


COLUMNS: Final[tuple[Column, ...]] = (
    Column("call_date", "instant", "when the call was placed, by the server's clock", c.text),
    Column("start_epoch", "number", "the same as seconds since 1970 (UTC); goes before call_date", _epoch),
    text("vendor_lead_code", "the account, and where nothing else is said the consumer"),
    text("lead_id", "the lead; the consumer where there is no vendor_lead_code"),
    text("phone_number_dialed", "the number dialled"),
    text("phone_number", "the lead's number; the number dialled where no other column has it"),
    text("phone_code", "the country code of phone_number"),
    text("extension", "the digits sent to the carrier (vicidial_dial_log)"),
    text("status", "the disposition"),
    text("call_status", "the disposition (phone number log)"),
    text("user", "the agent; VDAD and VDCL are no agent"),
    text("uniqueid", "the call's id; legs of one call share it", repeats=False),
    text("closecallid", "a row of vicidial_closer_log: an inbound call, or the inbound leg of an outbound one",
          repeats=False),
    text("caller_code", "V... dialled by the dialer, M... by hand", repeats=False),
    text("comments", "MANUAL or AUTO in the log tables: how it was dialled; other text is the lead's and is not read"),
    text("outbound_cid", "the caller id shown"),
    text("hangup_cause", "the Q.850 cause: shows whether an unanswered call reached the number"),
    text("sip_hangup_cause", "the SIP code, likewise"),
    text("dialstatus", "what the carrier said: ANSWER, BUSY, NOANSWER, CANCEL, CONGESTION or CHANUNAVAIL"),
    text("address1", "the lead's street line"),
    text("city", "the lead's city"),
    text("state", "the lead's state"),
    text("postal_code", "the lead's ZIP code"),
    text("alt_phone", "a further number of the lead"),
    text("email", "the lead's e-mail address"),
)  # fmt: skip

IGNORED: Final = frozenset(
    [
        "full_name",
        "campaign_id",
        "source_id",
        "list_id",
        "gmt_offset_now",
        "title",
        "first_name",
        "middle_initial",
        "last_name",
        "address2",
        "address3",
        "province",
        "country_code",
        "gender",
        "date_of_birth",
        "security_phrase",
        "length_in_sec",
        "user_group",
        "alt_dial",
        "rank",
        "owner",
        "entry_date",
        "called_count",
        "last_local_call_time",
        "modify_date",
        "called_since_last_reset",
        "list_name",
        "list_description",
        "status_name",
        "server_ip",
        "channel",
        "dial_time",
        "answered_time",
        "cpd_result",
        "end_epoch",
        "term_reason",
        "processed",
        "queue_seconds",
        "xfercallid",
        "agent_only",
        "queue_position",
        "context",
        "timeout",
        "sip_hangup_reason",
        "lead_status",
        "hangup_reason",
        "recording_id",
        "recording_filename",
        "recording_location",
        "entry_list_id",
    ]
)
"""Columns of VICIdial that say nothing about what is audited."""


def sent_number(written: str) -> str:
    """The number in the digits sent to a carrier. Raises ValueError where they end in none."""
    match = _SENT_DIGITS.fullmatch(written)
    if match is None:
        raise ValueError("expected digits that end in a number of ten digits")
    return "+1" + match[1]


def recognises(names: frozenset[str]) -> bool:
    """Whether a header is of one of the exports. Each has call_date, and a name that no other vendor has with it."""
    if "call_date" not in names:
        return False
    if "phone_number_dialed" in names or {"phone_number", "call_status", "lead_status"} <= names:
        return True
    return "lead_id" in names and bool({"status", "caller_code", "closecallid"} & names)


class VicidialLog(VendorLog):
    """Reads rows of any of the exports."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "vicidial", COLUMNS, IGNORED)
        self._account = ConsumerColumn("vendor_lead_code", "lead_id")
        self._dialled = ConsumerColumn("phone_number_dialed", "phone_number")
        self.lead = LeadFacts(context)

    def _owners(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        account = self._account.of(columns, cells)
        if account is not None:
            return self._whose.by_account(account)
        try:
            return self._on_file(e164(self._dialled.of(columns, cells) or ""))
        except ValueError:
            return ()

    def _items(self, row: int, columns: tuple[str, ...], fields: Mapping[str, Any]) -> Sequence[Item]:
        code = fields.get("status") or fields.get("call_status")
        said = None if code is None else self._dispositions.found(code, row, self._context.reports)
        if said is not None and said.outcome == "no_contact":
            self._context.reports.not_a_communication(
                code or "", row, said.note or "a status of the lead: no call was placed"
            )
            return ()
        number = self._number(row, fields)
        consumers = self._consumers(fields, number)
        if not consumers:
            self._leave_out_as_nobodys(row, "vendor_lead_code")
            return ()
        at = self._at(row, fields, consumers)
        if at is None:
            return ()
        communication = self._communication(
            fields, columns, at, number, consumers[0], self._outcome(said, fields)
        )
        items: list[Item] = []
        for consumer in consumers:
            items += self.lead.of(consumer, row, fields, columns)
            items.append(LogRow(consumer, row, self._context.file, communication, code))
            if said is not None and said.event is not None:
                event = Event(at=at, type=cast(EventType, said.event.type), channel=said.event.channel, written=said.event.written)
                items.append(LogEvent(consumer, row, self._context.file, event))
        return items

    # --- parts of a row ---------------------------------------------------------------------------------------------

    def _at(self, row: int, fields: Mapping[str, Any], consumers: Sequence[str]) -> datetime | None:
        epoch: datetime | None = fields.get("start_epoch")
        written: str | None = fields.get("call_date")
        reports, zone = self._context.reports, self._context.clock.zone_name
        if written is None:
            if epoch is None:
                self._leave_out_untimed(row, ("call_date", "start_epoch"), "when the call was placed", consumers)
            return epoch
        if epoch is not None and zone is None:
            return epoch
        try:
            reading = read_instant(written, self._context.clock, epoch)
        except (ValueError, OverflowError) as error:
            if epoch is None:
                kind = ProblemKind.NAIVE_TIME if isinstance(error, NaiveTimeError) else ProblemKind.BAD_VALUE
                reports.leave_out_of(consumers, kind, str(error), row, "call_date", written)
            else:
                reports.add_of(consumers, ProblemKind.BAD_VALUE, str(error), row, "call_date", written)
            return epoch
        if epoch is None:
            if reading.kind is not None and reading.note is not None:
                reports.add_of(consumers, reading.kind, reading.note, row, "call_date", written)
            return reading.at
        apart = abs((reading.at - epoch).total_seconds())
        if apart > 900:
            message = (
                f"call_date in {zone} and start_epoch are {apart / 3600:.1f} hours apart: start_epoch was taken, and the zone "
                "may not be the server's"
            )
            reports.add_of(consumers, ProblemKind.ZONE_DOUBTED, message, row, "call_date", written)
        return epoch

    def _number(self, row: int, fields: Mapping[str, Any]) -> str | None:
        column = next((name for name in ("phone_number_dialed", "phone_number", "extension") if fields.get(name)), None)
        if column is None:
            return None
        written: str = fields[column]
        try:
            if column == "extension":
                return sent_number(written)
            country = fields.get("phone_code")
            if column == "phone_number" and country not in (None, "1", "01") and not written.startswith("+"):
                return e164(f"+{country}{written}")
            return e164(written)
        except ValueError as error:
            self._context.reports.add(ProblemKind.BAD_VALUE, str(error), row, column, written)
            return None

    def _consumers(self, fields: Mapping[str, Any], number: str | None) -> tuple[str, ...]:
        if stated := self._stated(fields, self._consumer_column):
            return (stated,)
        for name in ("vendor_lead_code", "lead_id"):
            if fields.get(name):
                return self._whose.by_account(fields[name])
        return () if number is None else self._whose.by_number(number)

    def _outcome(self, said: Disposition | None, fields: Mapping[str, Any]) -> str | None:
        outcome = None if said is None else said.known_outcome
        if outcome not in _NOT_ANSWERED:
            return outcome
        # The carrier's cause is better evidence than the status, but never turns an answered call into none.
        if fields.get("dialstatus") == "ANSWER":
            return outcome
        cause = cause_of(fields.get("hangup_cause"), fields.get("sip_hangup_cause"))
        return outcome_by_cause(cause) or outcome

    def _communication(
        self,
        fields: Mapping[str, Any],
        columns: tuple[str, ...],
        at: datetime,
        number: str | None,
        consumer: str,
        outcome: str | None,
    ) -> Communication:
        user = fields.get("user")
        said: dict[str, object] = {
            "at": at,
            "channel": "call",
            "direction": "inbound" if "closecallid" in columns else "outbound",
            "address": number,
            "outcome": outcome,
            "dialing": self._dialing(fields, columns),
            "agent": None if user in _NO_AGENT else user,
        }
        if uniqueid := fields.get("uniqueid"):
            said["id"] = f"vicidial:{uniqueid}"
        debt = self._stated(fields, self._debt_column or "vendor_lead_code")
        if debt is not None:
            said["debts"] = (debt,)
        if caller := fields.get("outbound_cid"):
            said["caller_id"] = CallerId(number=caller)
        return Communication.model_validate(said)

    def _dialing(self, fields: Mapping[str, Any], columns: tuple[str, ...]) -> str | None:
        code = fields.get("status") or fields.get("call_status")
        said = None if code is None else self._dispositions.find(code)
        if said is not None and said.dialing is not None:
            return said.dialing
        if dialing := _CALLER_CODES.get((fields.get("caller_code") or "")[:1]):
            return dialing
        if dialing := _COMMENTS.get(fields.get("comments") or ""):
            return dialing
        return "autodialed" if fields.get("user") == "VDAD" and "closecallid" not in columns else None
