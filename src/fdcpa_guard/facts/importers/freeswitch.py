"""FreeSWITCH's call detail records: CSV files of mod_cdr_csv, tables of a database, and JSON of mod_json_cdr.

FreeSWITCH writes one record a leg, by the server's clock unless seconds since 1970 stand beside it. A leg's `direction` is that
of its channel and not of the call: an agent's telephone is inbound. So the numbers tell which way a call went, as of Asterisk.
The columns are those of FreeSWITCH's templates and channel variables.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.asterisk_channels import dialled_number, may_leave_the_shop, outside_number
from fdcpa_guard.facts.importers.causes import cause_of, outcome_by_cause
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.freeswitch_parts import (
    bridged_number,
    epoch,
    is_template,
    micro_epoch,
    positions,
    profiles,
    variables,
)
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Item, LogRow
from fdcpa_guard.facts.importers.times import NaiveTimeError, read_instant
from fdcpa_guard.facts.importers.vendor import VendorLog, text
from fdcpa_guard.facts.models import CallerId, Communication

__all__ = ["COLUMNS", "IGNORED", "ZONED_BY", "FreeSwitchLog", "positions", "recognises"]

_OPEN_CALLS: Final = 50_000
"""Legs that wait for the record of their other side."""
_NEVER: Final = ("0000", "1969-12-31", "1970-01-01")
"""How stamps of what did not happen begin, in tables that hold no empty ones."""
_NUMBERS: Final = frozenset({"caller_id_number", "destination_number"})
ZONED_BY: Final = frozenset({"start_epoch", "start_uepoch", "variables"})

COLUMNS: Final[tuple[Column, ...]] = (
    Column("start_stamp", "instant", "when the leg began, by the server's clock", c.text),
    Column("start_epoch", "number", "the same as seconds since 1970 (UTC); goes before start_stamp", epoch),
    Column("start_uepoch", "number", "the same in millionths of a second", micro_epoch),
    text("answer_stamp", "when it was answered; empty where it was not", repeats=False),
    Column("answer_epoch", "number", "the same; 0 where it was not", epoch),
    text("caller_id_number", "the number or extension that called"),
    text("destination_number", "the number or extension dialled, with the shop's access code"),
    text("last_app", "the application that ran last; of a bridge the number is read"),
    text("last_arg", "what it was told: the number dialled through a gateway", repeats=False),
    Column("billsec", "number", "seconds since it was answered", c.number, repeats=True),
    text("hangup_cause", "why it ended"),
    text("sip_term_status", "the SIP code: shows whether an unanswered call reached the number"),
    text("amd_result", "who answered, where answering machines are detected"),
    text("uuid", "the leg's id", repeats=False),
    text("xml_cdr_uuid", "the same (tables of FusionPBX)", repeats=False),
    text("bleg_uuid", "the other leg's id: two records that name each other are one call", repeats=False),
    text("bridge_uuid", "the same (JSON)", repeats=False),
    text("originating_leg_uuid", "the same, of a leg that was dialled for another (JSON)", repeats=False),
    text("cc_agent", "the agent (call centre); else the extension"),
    Column("variables", "structure", "JSON: any of the above, and the consumer or the debt under the shop's own names",
           variables),
    Column("callflow", "list", "JSON: the profiles of the caller, with the numbers", profiles),
)  # fmt: skip

IGNORED: Final = frozenset({
    "accountcode", "amaflags", "answer_uepoch", "app_log", "bridge_channel", "caller_id", "caller_id_name", "callstats",
    "channel_data", "channel_name", "context", "core_uuid", "default_language", "direction", "domain_name", "domain_uuid", "duration",
    "end_epoch", "end_stamp", "end_uepoch", "extension_uuid", "hangup_cause_q850", "mduration", "progress_media_stamp",
    "progress_stamp", "read_codec", "read_rate", "remote_media_ip", "sip_hangup_disposition", "switchname", "userfield",
    "write_codec", "write_rate",
})  # fmt: skip
"""Columns of FreeSWITCH that say nothing about what is audited."""


def recognises(names: frozenset[str]) -> bool:
    """Whether the columns are those of call detail records."""
    return names >= {"destination_number", "hangup_cause"} or names >= {"core_uuid", "variables", "callflow"}


class FreeSwitchLog(VendorLog):
    """Reads call detail records."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "freeswitch", COLUMNS, IGNORED, own_data="variables")
        self._partners: OrderedDict[tuple[str, str | None], str] = OrderedDict()
        self._alone: OrderedDict[tuple[str, str | None], str] = OrderedDict()
        self._told: set[str] = set()

    def consumers_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        return super().consumers_of(columns, _last_bare(cells))

    def read(self, row: int, columns: tuple[str, ...], cells: Sequence[object]) -> Sequence[Item]:
        return super().read(row, columns, _last_bare(cells))

    def _owners(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        found = {name: self._parsed(columns, cells, name) for name in self._reader.columns}
        said = self._whole(None, {name: held for name, held in found.items() if held is not None})
        return self._on_file(self._direction(said)[1])

    def _items(self, row: int, columns: tuple[str, ...], fields: Mapping[str, Any]) -> Sequence[Item]:
        reports = self._context.reports
        said = self._whole(row, fields)
        if is_template(said.get("hangup_cause")):
            reports.not_a_communication("template", row, "the line that names the columns")
            return ()
        stated = self._stated(fields, self._consumer_column)
        inbound, number = self._direction(said)
        if number is None and stated is None:
            if inbound is None and ("variables" in columns or _NUMBERS.issubset(columns)):
                note = "a leg between telephones of the shop's own: no number outside stands in it"
                reports.not_a_communication("internal", row, note)
            else:
                message = "nothing tells which number was called"
                reports.leave_out(ProblemKind.MISSING_FIELD, message, row, "destination_number")
            return ()
        consumers = (stated,) if stated is not None else self._whose.by_number(number or "")
        if inbound is None or (inbound and stated is not None and not self._on_file(number)):
            self._tell("some rows name a consumer and no number of theirs: taken as calls to them, which count")
            inbound, number = False, None
        at = self._at(row, said, consumers)
        if at is None:
            return ()
        code, outcome = self._outcome(row, said)
        communication = self._communication(fields, said, inbound, number, at, outcome)
        rows = [LogRow(consumer, row, self._context.file, communication, code) for consumer in consumers]
        for further in said.get("further", ()) if not inbound else ():
            # A call of the shop's that was passed on to somebody else outside.
            passed_on = self._communication(fields, said, False, further, at, None)
            rows += [LogRow(each, row, self._context.file, passed_on, code) for each in self._on_file(further)]
        return rows

    # --- parts of a row ---------------------------------------------------------------------------------------------

    def _whole(self, row: int | None, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields, with those of a JSON record that stand among its variables and in its first profile."""
        said = dict(fields)
        inner: dict[str, str] = dict(fields.get("variables", {}))
        flow: tuple[Mapping[str, str], ...] = fields.get("callflow", ())
        dialled = [each["destination_number"] for each in flow if each.get("destination_number")]
        for profile in flow:
            for name in ("caller_id_number", "uuid"):
                if profile.get(name):
                    inner.setdefault(name, profile[name])
        if dialled:
            numbers = tuple(filter(None, map(dialled_number, dialled)))
            said["further"] = tuple(each for each in numbers[1:] if each != numbers[0] and self._on_file(each))
            inner.setdefault("destination_number", numbers[0] if numbers else dialled[0])
        for name, written in inner.items():
            column = self._reader.columns.get(name)
            if column is None or name in said:
                continue
            try:
                value = column.parse(written)
            except ValueError as error:
                if row is not None:
                    self._context.reports.add(ProblemKind.BAD_VALUE, str(error), row, name, written)
                continue
            if value not in (None, ""):
                said[name] = value
        return said

    def _direction(self, said: Mapping[str, Any]) -> tuple[bool | None, str | None]:
        """Whether the call came in, and the number outside.

        (None, None) where nothing outside stands in the row; (False, None) where what was dialled cannot be read.
        """
        through = bridged_number(said.get("last_app"), said.get("last_arg"))
        dialled = through or dialled_number(said.get("destination_number"))
        caller = outside_number(said.get("caller_id_number"))
        if dialled is None and may_leave_the_shop(said.get("destination_number"), None, None):
            return (True, caller) if self._on_file(caller) else (False, None)
        if dialled is None and caller is None:
            return None, None
        if self._on_file(dialled):
            return False, dialled
        if dialled is None:
            return True, caller
        if self._on_file(caller):
            return True, caller
        if through is None and caller is not None:
            self._tell(
                "some rows have a number on both sides and neither is on file: taken as calls to the number dialled, which count"
            )
        return False, dialled

    def _at(self, row: int, said: Mapping[str, Any], consumers: Sequence[str]) -> datetime | None:
        known: datetime | None = said.get("start_epoch") or said.get("start_uepoch")
        if known is not None:
            return known
        written: str | None = said.get("start_stamp")
        if written is None:
            self._leave_out_untimed(row, ("start_stamp", "start_epoch", "start_uepoch"), "when the call began", consumers)
            return None
        reports = self._context.reports
        try:
            reading = read_instant(written, self._context.clock)
        except (ValueError, OverflowError) as error:
            kind = ProblemKind.NAIVE_TIME if isinstance(error, NaiveTimeError) else ProblemKind.BAD_VALUE
            reports.leave_out_of(consumers, kind, str(error), row, "start_stamp", written)
            return None
        if reading.kind is not None and reading.note is not None:
            reports.add_of(consumers, reading.kind, reading.note, row, "start_stamp", written)
        return reading.at

    def _outcome(self, row: int, said: Mapping[str, Any]) -> tuple[str, str | None]:
        cause = (said.get("hangup_cause") or "").upper()
        stamp: str = said.get("answer_stamp") or ""
        if said.get("billsec", 0) > 0 or "answer_epoch" in said or (stamp and not stamp.startswith(_NEVER)):
            verdict = (said.get("amd_result") or "").upper()
            code = f"ANSWERED/{verdict}" if verdict else "ANSWERED"
            found = self._dispositions.found(code, row, self._context.reports, "ANSWERED")
            outcome: str | None = None if found is None else found.known_outcome
            enough = self._context.options.conversation_seconds
            if outcome == "answered" and enough is not None and said.get("billsec", 0) >= enough:
                outcome = "conversation"
            return cause or code, outcome
        found = self._dispositions.found(cause, row, self._context.reports)
        outcome = None if found is None else found.known_outcome
        if outcome in ("no_answer", "busy", "not_connected", None):
            outcome = outcome_by_cause(cause_of(None, said.get("sip_term_status"))) or outcome
        return cause, outcome

    def _communication(
        self,
        fields: Mapping[str, Any],
        said: Mapping[str, Any],
        inbound: bool,
        number: str | None,
        at: datetime,
        outcome: str | None,
    ) -> Communication:
        ours: str | None = said.get("destination_number" if inbound else "caller_id_number")
        shown = outside_number(ours)
        found: dict[str, object] = {
            "at": at,
            "channel": "call",
            "direction": "inbound" if inbound else "outbound",
            "address": number,
            "outcome": outcome,
            "agent": said.get("cc_agent") or (None if shown else ours),
        }
        if call := self._call(said, number):
            found["id"] = f"freeswitch:{call}/{number or ''}"
        if not inbound and shown:
            found["caller_id"] = CallerId(number=shown)
        return Communication.model_validate(found | self._debts(fields))

    def _call(self, said: Mapping[str, Any], number: str | None) -> str | None:
        """The id of the call: of two legs that name each other the same, whichever record of them it is.

        A leg that was never bridged names no other; the other one names it, and the two make one call. A further leg for the
        same one is a further call: a session of an agent's may dial a number again.
        """
        leg: str | None = said.get("uuid") or said.get("xml_cdr_uuid")
        other = next((said[name] for name in ("bleg_uuid", "bridge_uuid", "originating_leg_uuid") if name in said), None)
        if leg is None:
            return None
        if other is None:
            found = self._partners.pop((leg, number), None)
            if found is None:
                _put(self._alone, (leg, number), leg)
            return found or leg
        waiting = self._alone.pop((other, number), None)
        call = "+".join(sorted((leg, other))) if waiting is None else waiting
        if waiting is None:
            _put(self._partners, (other, number), call)
        return call

    def _tell(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self._context.reports.add(ProblemKind.ASSUMPTION, message)


def _put(calls: OrderedDict[tuple[str, str | None], str], key: tuple[str, str | None], call: str) -> None:
    calls[key] = call
    while len(calls) > _OPEN_CALLS:
        calls.popitem(last=False)


def _last_bare(cells: Sequence[object]) -> Sequence[object]:
    """The cells; the built-in template writes a space before the last one's quotes, which are then part of it."""
    last = cells[-1] if cells else None
    if isinstance(last, str) and last.startswith(' "') and last.endswith('"') and len(last) > 2:
        return [*cells[:-1], last[2:-1]]
    return cells
