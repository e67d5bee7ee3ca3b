"""Five9: the Call Log report as CSV, in whichever columns and order the shop has saved it.

Its times are of the zone of the report's user, which the file does not name: the caller does. Five9 knows numbers: consumers and
debts come from a column of the contact that the shop put into the report, or from the accounts file by the number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.calls import Calls
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.dispositions import Disposition
from fdcpa_guard.facts.importers.numbers import e164
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Item, LogEvent, LogRow
from fdcpa_guard.facts.importers.times import NaiveTimeError, read_instant, read_rfc2822
from fdcpa_guard.facts.importers.vendor import VendorLog, text
from fdcpa_guard.facts.models import CallerId, Communication, Event, Person
from fdcpa_guard.facts.names import EventType

_OUTBOUND: Final = frozenset(
    {"outbound", "outbound preview", "preview", "outbound voicemail", "agent", "manual", "autodial", "queue callback", "web callback"}
)
_INBOUND: Final = frozenset({"inbound", "inbound voicemail"})
_OWN: Final = frozenset({"internal", "internal voicemail", "test"})
_THIRD_PARTY: Final = frozenset({"3rd party transfer", "3rd party conference"})
_DIALING: Final = {"agent": "manual", "manual": "manual", "autodial": "autodialed"}
_NOT_CONNECTED: Final = frozenset({"busy", "not_connected"})
_DURATION: Final = re.compile(r"([0-9]+):([0-5][0-9]):([0-5][0-9])", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}[/-][0-9]{2}[/-][0-9]{2}", re.ASCII)
_WEEKDAY: Final = re.compile(r"[A-Za-z]{3}, ", re.ASCII)
_YEARS: Final = range(1970, 2200)


def seconds_of(value: object) -> float:
    written = str(value).strip()
    if match := _DURATION.fullmatch(written):
        return int(match[1]) * 3600.0 + int(match[2]) * 60 + int(match[3])
    raise ValueError("expected a duration such as 00:01:30")


COLUMNS: Final[tuple[Column, ...]] = (
    text("call_id", "the id of the call; rows of one call to one number are one communication", repeats=False),
    text("timestamp", "when the call was placed, by the clock of the report's zone: `Fri, 16 Oct 2020 07:52:03`", repeats=False),
    text("date", "the day, as 2020/10/16, where there is no timestamp"),
    text("time", "the time of that day, as 07:52:03", repeats=False),
    text("call_type", "Outbound, Manual, Autodial, Inbound, 3rd party transfer, Internal, ...: direction, and how it was dialled"),
    text("disposition", "the disposition"),
    text("ani", "the number that called"),
    text("dnis", "the number dialled"),
    text("agent", "the agent"),
    Column("talk_time", "duration", "how long an agent was on the line, as HH:MM:SS", seconds_of, repeats=True),
    Column("abandoned", "true or false", "no agent took it; of calls whose disposition does not tell", c.truth, repeats=True),
)  # fmt: skip

IGNORED: Final = frozenset(
    [
        "3rd_party_talk_time",
        "after_call_work_time",
        "agent_email",
        "agent_first_name",
        "agent_group",
        "agent_id",
        "agent_last_name",
        "agent_name",
        "ani_area_code",
        "ani_country",
        "ani_state",
        "bill_time_(rounded)",
        "call_time",
        "calls",
        "campaign",
        "campaign_type",
        "conference_time",
        "conferences",
        "consult_time",
        "contacted",
        "cost",
        "customer_name",
        "dial_time",
        "disposition_group_a",
        "disposition_group_b",
        "disposition_group_c",
        "disposition_path",
        "dnis_area_code",
        "dnis_country",
        "dnis_state",
        "handle_time",
        "hold_time",
        "holds",
        "ivr_path",
        "ivr_time",
        "list_name",
        "live_connect",
        "manual_time",
        "park_time",
        "parks",
        "preview_time",
        "queue_wait_time",
        "recordings",
        "ring_time",
        "service_level",
        "skill",
        "speed_of_answer",
        "timestamp_millisecond",
        "transfers",
        "video_time",
    ]
)
"""Columns of Five9 that say nothing about what is audited."""


def recognises(names: frozenset[str]) -> bool:
    """Whether a header is of a call log report with the columns without which it tells no calls."""
    return {"call_type", "disposition", "ani", "dnis"} <= names and ("timestamp" in names or {"date", "time"} <= names)


class Five9Log(VendorLog):
    """Reads rows of the call log report."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "five9", COLUMNS, IGNORED)
        self.calls = Calls()

    def _owners(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        said = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if isinstance(cell, str)}
        column = self._side(_plain(said.get("call_type")), said)
        return self._on_file(_read(said.get(column)))

    def _items(self, row: int, columns: tuple[str, ...], fields: Mapping[str, Any]) -> Sequence[Item]:
        reports = self._context.reports
        kind = _plain(fields.get("call_type"))
        column = self._side(kind, fields)
        number = self._number(row, column, fields)
        owners = self._on_file(number)
        if kind in _OWN and not owners:
            reports.not_a_communication(kind, row, "a call inside the shop, or a test: no contact with anybody outside")
            return ()
        if kind in _OWN:
            message = "a call inside the shop or a test, and its number is on file: taken as a call to it, which counts"
            reports.count_code(ProblemKind.CONTRADICTION, kind, row, message)
        elif kind not in _OUTBOUND | _INBOUND | _THIRD_PARTY:
            message = "a type of call that this format does not know: taken as outbound, which counts"
            reports.count_code(ProblemKind.BAD_VALUE, kind, row, message)
        code = " ".join((fields.get("disposition") or "").split())
        said = self._dispositions.found(code, row, reports) if code else None
        if said is not None and said.outcome == "no_contact" and kind not in _INBOUND:
            reports.not_a_communication(code, row, said.note or "nothing was dialled")
            return ()
        stated = self._stated(fields, self._consumer_column)
        if stated is not None:
            consumers = tuple(dict.fromkeys((stated, *owners))) if kind in _THIRD_PARTY else (stated,)
        else:
            consumers = () if number is None else self._whose.by_number(number)
        if not consumers:
            self._leave_out_as_nobodys(row, column)
            return ()
        at = self._at(row, fields, consumers)
        if at is None:
            return ()
        outcome = self._outcome(row, kind, code, said, fields)
        communication = self.calls.joined(row, self._communication(fields, kind, number, at, outcome))
        items: list[Item] = []
        for each in consumers:
            # The third party of a consumer's call is somebody else, unless the number is the consumer's own.
            known = kind not in _THIRD_PARTY or stated is None or each in owners
            theirs = communication if known else communication.model_copy(update={"person": Person(role="unknown")})
            if each != stated and stated is not None:
                theirs = theirs.model_copy(update={"debts": None})
            items.append(LogRow(each, row, self._context.file, theirs, code or None))
            if said is not None and said.event is not None and known:
                told = said.event
                event = Event(at=at, type=cast(EventType, told.type), channel=told.channel, written=told.written)
                items.append(LogEvent(each, row, self._context.file, event))
        return items

    # --- parts of a row ---------------------------------------------------------------------------------------------

    def _side(self, kind: str, said: Mapping[str, Any]) -> str:
        """The column with the number outside the shop; of a type that does not tell, the one whose number is on file."""
        if kind in _INBOUND:
            return "ani"
        if kind in _OUTBOUND | _THIRD_PARTY:
            return "dnis"
        return next((name for name in ("dnis", "ani") if self._on_file(_read(said.get(name)))), "dnis")

    def _number(self, row: int, column: str, fields: Mapping[str, Any]) -> str | None:
        written: str | None = fields.get(column)
        if written is None or not any(each.isdigit() for each in written):
            return None
        try:
            return e164(written)
        except ValueError as error:
            if _plain(fields.get("call_type")) not in _OWN:
                self._context.reports.add(ProblemKind.BAD_VALUE, str(error), row, column, written)
            return None

    def _at(self, row: int, fields: Mapping[str, Any], consumers: Sequence[str]) -> datetime | None:
        column, written = "timestamp", fields.get("timestamp")
        if written is None and "date" in fields and "time" in fields:
            day: str = fields["date"]
            column, written = "date", f"{day.replace('/', '-') if _DAY.fullmatch(day) else day} {fields['time']}"
        if written is None:
            names = ("timestamp", "date", "time")
            self._leave_out_untimed(row, names, "when the call was placed", consumers)
            return None
        try:
            moment = read_rfc2822(written) if _WEEKDAY.match(written) else written
            reading = read_instant(moment, self._context.clock)
            if reading.at.year not in _YEARS:
                raise ValueError(f"expected a year from {_YEARS[0]} to {_YEARS[-1]}")
        except (ValueError, OverflowError) as error:
            kind = ProblemKind.NAIVE_TIME if isinstance(error, NaiveTimeError) else ProblemKind.BAD_VALUE
            self._context.reports.leave_out_of(consumers, kind, str(error), row, column, written)
            return None
        if reading.kind is not None and reading.note is not None:
            self._context.reports.add_of(consumers, reading.kind, reading.note, row, column, written)
        return reading.at

    def _outcome(
        self, row: int, kind: str, code: str, said: Disposition | None, fields: Mapping[str, Any]
    ) -> str | None:
        outcome: str | None = None if said is None else said.known_outcome
        talked: float = fields.get("talk_time", 0.0)
        if outcome in _NOT_CONNECTED and talked:
            message = "the disposition says that it did not connect, and there is talk time: taken as answered, which counts"
            self._context.reports.add(ProblemKind.CONTRADICTION, message, row, "disposition", code)
            outcome = "answered"
        if outcome is None and kind.endswith("voicemail"):
            return "voicemail"
        if outcome is None and fields.get("abandoned"):
            return "abandoned"
        enough = self._context.options.conversation_seconds
        if outcome == "answered" and enough is not None and talked >= enough and code.upper() != "FAX":
            return "conversation"
        return outcome

    def _communication(
        self, fields: Mapping[str, Any], kind: str, number: str | None, at: datetime, outcome: str | None
    ) -> Communication:
        said: dict[str, object] = {
            "at": at,
            "channel": "call",
            "direction": "inbound" if kind in _INBOUND else "outbound",
            "address": number,
            "outcome": outcome,
            "dialing": _DIALING.get(kind),
            "agent": fields.get("agent"),
        }
        if call := fields.get("call_id"):
            # One call may reach several numbers: each is a communication.
            said["id"] = f"five9:{call}/{number}" if number else f"five9:{call}"
        ours = _read(fields.get("ani"))
        if kind not in _INBOUND and ours is not None and ours != number:
            said["caller_id"] = CallerId(number=ours)
        return Communication.model_validate(said | self._debts(fields))


def _plain(kind: str | None) -> str:
    return " ".join((kind or "").lower().replace("_", " ").split())


def _read(written: object) -> str | None:
    try:
        return e164(written) if isinstance(written, str) and written else None
    except ValueError:
        return None
