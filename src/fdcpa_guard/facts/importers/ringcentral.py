"""RingCentral: records of the call log, and texts of the message store, as pages of the API or JSON lines.

A record is a call with all its legs, and the logs of several extensions have one each of the same session: the session and the
number outside are the communication. The names are those of RingCentral's API reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.amazon_connect_parts import structure
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.numbers import e164
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Item, LogEvent, LogRow
from fdcpa_guard.facts.importers.stop_words import is_opt_out
from fdcpa_guard.facts.importers.vendor import VendorLog, copy_for, text
from fdcpa_guard.facts.models import CallerId, Communication, Event

_CHANNELS: Final = {"voice": "call", "fax": "fax", "sms": "text"}
_FAILED: Final = frozenset({"call failed", "call failure", "internal error", "stopped", "unknown"})
"""Results that do not say whether the number was reached; a reason may."""
_OWN: Final = frozenset({"pager", "voicemail"})
"""Messages between extensions, and those that callers left, which the call log tells."""
_SHORT: Final = re.compile(r"[0-9*#]{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Party:
    """One end: its number in E.164, its extension, and of a text how it ended there."""

    number: str | None
    extension: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class Leg:
    """A call to a number outside that is part of a record."""

    number: str
    at: datetime | None


def _parties(value: object) -> tuple[Party, ...]:
    found = []
    for each in value if isinstance(value, list) else [value]:
        said = structure(each) or {}
        extension = said.get("extensionid") or said.get("extensionnumber")
        number, status = said.get("phonenumber"), said.get("messagestatus")
        if isinstance(number, str) and _SHORT.fullmatch(number):
            # An extension, a number for emergencies or services, or a short code: nobody's telephone.
            number, extension = None, extension or number
        party = Party(
            None if number is None else e164(c.text(number)),
            None if extension is None else c.text(extension),
            None if status is None else c.text(status),
        )
        if party.number or party.extension:
            found.append(party)
    return tuple(found)


def _legs(value: object) -> tuple[Leg, ...]:
    """The legs out of the shop. Raises ValueError: no list, or one of them cannot be read."""
    if not isinstance(value, list):
        raise ValueError("expected a list of legs")
    found = []
    for each in value:
        said = structure(each) or {}
        if str(said.get("direction", "")).lower() != "outbound" or "to" not in said:
            continue
        at = said.get("starttime")
        number = next((party.number for party in _parties(said["to"])), None)
        if number is not None:
            found.append(Leg(number, None if at is None else c.instant(at)))
    return tuple(found)


COLUMNS: Final[tuple[Column, ...]] = (
    text("id", "the id of the record", repeats=False),
    text("sessionid", "the id of the call: records of one session with the same number outside are one", repeats=False),
    text("telephonysessionid", "stands in for sessionid", repeats=False),
    Column("starttime", "instant", "when the call was placed", c.instant),
    Column("creationtime", "instant", "when the text was sent (message store)", c.instant),
    Column("lastmodifiedtime", "instant", "when the record was last changed; of two copies the later one counts", c.instant),
    text("type", "Voice, Fax or SMS; others are no communications"),
    text("direction", "Inbound or Outbound"),
    Column("from", "structure", "phoneNumber, extensionId: the caller", _parties),
    Column("to", "structure or list", "the same, of who was called; of a text a list", _parties),
    text("result", "how the call ended"),
    text("reason", "why it failed, where it did: shows whether the number was reached"),
    text("messagestatus", "how the text ended"),
    text("subject", "the text of a text", repeats=False),
    Column("duration", "number", "seconds of the call", c.number, repeats=True),
    Column("durationms", "number", "the same in milliseconds", c.number),
    Column("legs", "list", "further calls out of the shop in the same session", _legs),
    Column("recording", "structure", "the call was recorded", structure),
)  # fmt: skip

IGNORED: Final = frozenset({
    "action", "attachments", "availability", "billing", "conversation", "conversationid", "coverindex", "coverpagetext",
    "delegate", "delegationtype", "deleted", "deliveryerrorcode", "extension", "faxpagecount", "faxresolution", "internaltype",
    "message", "partyid", "pgtodepartment", "priority", "readstatus", "reasondescription", "shortrecording", "sipuuidinfo",
    "smsdeliverytime", "smssendingattemptscount", "transferee", "transfertarget", "transport", "uri", "vmtranscriptionstatus",
})  # fmt: skip
"""Columns of RingCentral that say nothing about what is audited."""


def recognises(names: frozenset[str]) -> bool:
    """Whether the fields are those of a call or of a text."""
    return names >= {"sessionid", "starttime", "direction", "result"} or names >= {
        "messagestatus", "creationtime", "direction",
    }  # fmt: skip


class RingCentralLog(VendorLog):
    """Reads calls, faxes and texts, which may stand in one file."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "ringcentral", COLUMNS, IGNORED)

    def _owners(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        ends: list[Any] = [each for name in ("to", "from", "legs") for each in self._held(columns, cells, name)]
        return tuple(dict.fromkeys(owner for end in ends for owner in self._on_file(end.number)))

    def _items(self, row: int, columns: tuple[str, ...], fields: Mapping[str, Any]) -> Sequence[Item]:
        reports = self._context.reports
        kind: str = fields.get("type") or ("SMS" if "messagestatus" in fields else "Voice")
        if kind.lower() in _OWN:
            note = "a message between telephones of the shop, or one that a caller left, which the call log tells"
            reports.not_a_communication(kind, row, note)
            return ()
        channel = _CHANNELS.get(kind.lower())
        if channel is None:
            channel = "text" if "messagestatus" in fields else "call"
            reports.count_code(ProblemKind.BAD_VALUE, kind, row, f"a type that this format does not know: taken as a {channel}")
        inbound = self._is_inbound(row, fields)
        side = "from" if inbound else "to"
        ends: tuple[Party, ...] = fields.get(side, ())
        if ends and not any(end.number for end in ends):
            if not self._elsewhere(fields, None):
                note = "between extensions of the shop: no number outside stands in it"
                reports.not_a_communication("internal", row, note)
                return ()
            ends = ()
        outside = [end for end in ends if end.number] or [Party(None, None, None)]
        legs = [] if channel != "call" else self._elsewhere(fields, outside[0].number)
        stated = self._stated(fields, self._consumer_column)
        whose = [(end, self._consumers(stated, end.number, len(outside) > 1)) for end in outside]
        if not any(found for _, found in whose) and not legs:
            self._leave_out_as_nobodys(row, side)
            return ()
        at: datetime | None = fields.get("starttime") or fields.get("creationtime")
        if at is None:
            owners = [*(each for _, found in whose for each in found), *(o for leg in legs for o in self._on_file(leg.number))]
            names = ("creationtime",) if channel == "text" else ("starttime",)
            self._leave_out_untimed(row, names, "when it was placed or sent", tuple(dict.fromkeys(owners)))
            return ()
        items: list[Item] = []
        for end, consumers in whose:
            items += self._of_one(row, fields, channel, inbound, end, consumers, at, stated if len(whose) > 1 else None)
        for leg in legs:
            said = self._communication(fields, "call", False, leg.number, leg.at or at, None)
            items += [self._row(row, fields, each, said, "leg") for each in self._on_file(leg.number)]
        if not items:
            reports.not_a_communication(kind, row, "no call was placed and nothing was sent")
        return items

    # --- parts of a row ---------------------------------------------------------------------------------------------

    def _held(self, columns: tuple[str, ...], cells: Sequence[object], name: str) -> Iterable[Any]:
        found = self._parsed(columns, cells, name)
        return found if isinstance(found, tuple) else ()

    def _elsewhere(self, fields: Mapping[str, Any], number: str | None) -> list[Leg]:
        """Legs to other numbers than the record's own that are on file: calls to their consumers."""
        legs: tuple[Leg, ...] = fields.get("legs", ())
        first = {leg.number: leg for leg in reversed(legs) if leg.number != number and self._on_file(leg.number)}
        return list(first.values())

    def _is_inbound(self, row: int, fields: Mapping[str, Any]) -> bool:
        written: str = fields.get("direction") or ""
        if written.lower() not in ("inbound", "outbound"):
            message = "a direction that this format does not know: taken as outbound, which counts"
            self._context.reports.add(ProblemKind.BAD_VALUE, message, row, "direction", written)
        return written.lower() == "inbound"

    def _consumers(self, stated: str | None, number: str | None, several: bool) -> tuple[str, ...]:
        if stated is None:
            return () if number is None else self._whose.by_number(number)
        return tuple(dict.fromkeys((stated, *self._on_file(number)))) if several else (stated,)

    def _of_one(
        self,
        row: int,
        fields: Mapping[str, Any],
        channel: str,
        inbound: bool,
        end: Party,
        consumers: Sequence[str],
        at: datetime,
        stated: str | None,
    ) -> list[Item]:
        """The call, or the text to one of its recipients, in the log of each whose it is; `stated` of one of several."""
        code, outcome, none = self._outcome(row, fields, channel, end)
        if none and not inbound:
            return []
        said = self._communication(fields, channel, inbound, end.number, at, outcome)
        owners = self._on_file(end.number)
        items: list[Item] = [
            self._row(row, fields, each, said if stated is None else copy_for(said, each, stated, owners), code)
            for each in consumers
        ]
        if channel == "text" and inbound and is_opt_out(fields.get("subject")):
            refused = Event(at=at, type="medium_refused", channel="text", address=end.number, written=True)
            items += [LogEvent(each, row, self._context.file, refused) for each in consumers]
        return items

    def _outcome(
        self, row: int, fields: Mapping[str, Any], channel: str, end: Party
    ) -> tuple[str, str | None, bool]:
        """The vendor's own words, the outcome, and whether there was no contact at all."""
        written: str = end.status or fields.get("messagestatus") or fields.get("result") or ""
        code = " ".join(written.lower().split())
        said = self._dispositions.found(f"{'message' if channel == 'text' else channel}/{code}", row, self._context.reports)
        if said is None:
            return written, None, False
        outcome: str | None = said.known_outcome
        if channel == "call" and code in _FAILED and (reason := fields.get("reason")):
            cause = self._dispositions.find(f"reason/{reason.lower()}")
            outcome, written = outcome if cause is None else cause.known_outcome, f"{written}/{reason}"
        if outcome == "answered" and channel == "call":
            enough = self._context.options.conversation_seconds
            seconds = fields.get("duration", fields.get("durationms", 0) / 1000)
            outcome = "conversation" if enough is not None and seconds >= enough else outcome
        return written, outcome, said.outcome == "no_contact"

    def _row(
        self, row: int, fields: Mapping[str, Any], consumer: str, communication: Communication, code: str
    ) -> LogRow:
        return LogRow(consumer, row, self._context.file, communication, code, fields.get("lastmodifiedtime"))

    def _communication(
        self,
        fields: Mapping[str, Any],
        channel: str,
        inbound: bool,
        number: str | None,
        at: datetime,
        outcome: str | None,
    ) -> Communication:
        ours: tuple[Party, ...] = fields.get("to" if inbound else "from", ())
        said: dict[str, object] = {
            "at": at,
            "channel": channel,
            "direction": "inbound" if inbound else "outbound",
            "address": number,
            "outcome": outcome,
            "agent": next((end.extension for end in ours if end.extension), None),
        }
        session = fields.get("sessionid") or fields.get("telephonysessionid")
        if key := f"message/{fields['id']}" if session is None and "id" in fields else session:
            said["id"] = f"ringcentral:{key}/{number or ''}"
        if channel == "text" and fields.get("subject"):
            said["content"] = fields["subject"]
        if channel == "call" and fields.get("recording"):
            said["recorded"] = True
        shown = next((end.number for end in ours if end.number), None)
        if not inbound and shown:
            said["caller_id" if channel == "call" else "sender"] = CallerId(number=shown) if channel == "call" else shown
        return Communication.model_validate(said | self._debts(fields))
