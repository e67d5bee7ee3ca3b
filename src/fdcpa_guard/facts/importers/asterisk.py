"""Asterisk's call detail records: Master.csv of cdr_csv, which has no header, and tables of its database backends.

Asterisk writes one record for each pair of channels, by the server's clock, and says neither the direction of a call nor
whose it is. A record that reaches no number outside is no contact; records of one call that share the channel of the
person outside (a transfer, a queue that tries several agents) are one communication. Columns and their order follow the
Asterisk project's CDR specification and cdr_csv.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.asterisk_channels import (
    dialled_number,
    is_local,
    is_outgoing_line,
    may_leave_the_shop,
    number_through_a_peer,
    outside_number,
    peer_of,
)
from fdcpa_guard.facts.importers.causes import cause_of, outcome_by_cause
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import _COUNTS_MOST, Item, LogRow
from fdcpa_guard.facts.importers.vendor import VendorLog, text
from fdcpa_guard.facts.models import CallerId, Communication
from fdcpa_guard.facts.names import Outcome

_VERDICT: Final = re.compile(r"(?:AMDSTATUS=)?(HUMAN|MACHINE|NOTSURE|HANGUP)(?:-.*)?", re.ASCII)
_UNIQUE: Final = re.compile(r"(?:[\w.-]+-)?[0-9]{9,10}\.[0-9]+", re.ASCII)
_STAMP: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)
_OPEN_CALLS: Final = 50_000
"""Channels of calls that are remembered, for the further records of the same call."""
_ORDER: Final = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata",
    "start", "answer", "end", "duration", "billsec", "disposition", "amaflags",
)  # fmt: skip
_NUMBERS: Final = frozenset({"src", "dst"})
_LATER: Final = ("peeraccount", "linkedid", "sequence")


COLUMNS: Final[tuple[Column, ...]] = (
    Column("start", "instant", "when the call was placed, by the server's clock", c.instant),
    Column("calldate", "instant", "the same (tables of a database)", c.instant),
    text("src", "the number or extension that called"),
    text("dst", "the number or extension dialled, with the shop's access code"),
    text("channel", "the channel that called: the agent's, or of an inbound call the trunk's", repeats=False),
    text("dstchannel", "the channel that was called", repeats=False),
    text("lastapp", "the application that ran last; of Dial the number is read"),
    text("lastdata", "what it was told: the number dialled through a trunk", repeats=False),
    Column("billsec", "number", "seconds since it was answered", c.number, repeats=True),
    Column("disposition", "text", "the disposition", c.text, required=True, repeats=True),
    text("userfield", "the verdict of answering machine detection (AMDSTATUS), where the shop keeps it here"),
    text("uniqueid", "the channel's id", repeats=False),
    text("linkedid", "the call's id: the records of one call share it", repeats=False),
    text("sequence", "the number of the record", repeats=False),
    text("hangupcause", "the Q.850 cause, where the shop keeps it: whether an unanswered call reached the number"),
)  # fmt: skip

IGNORED: Final = frozenset(
    [
        "accountcode",
        "peeraccount",
        "dcontext",
        "clid",
        "answer",
        "end",
        "duration",
        "amaflags",
        "did",
        "recordingfile",
        "cnum",
        "cnam",
        "outbound_cnum",
        "outbound_cnam",
        "dst_cnam",
    ]
)
"""Columns of Asterisk that say nothing about what is audited."""


def recognises(names: frozenset[str]) -> bool:
    """Whether a header is of a table of call detail records."""
    return names >= {"src", "dst", "channel", "dstchannel", "disposition"} and bool({"start", "calldate"} & names)


def positions(cells: Sequence[str]) -> tuple[str, ...] | None:
    """The columns of Master.csv, where a first record is one of it; None where it is not.

    After sixteen columns come, each as switched on, uniqueid, userfield, and together peeraccount, linkedid and sequence.
    """
    width = len(cells)
    if not 16 <= width <= 21 or not _STAMP.fullmatch(cells[9]) or not _STAMP.fullmatch(cells[11]):
        return None
    if not cells[12].isdigit() or not cells[13].isdigit():
        return None
    more = width - len(_ORDER)
    later = _LATER if more >= 3 else ()
    more -= len(later)
    if more == 2:
        return (*_ORDER, "uniqueid", "userfield", *later)
    if more == 1:
        return (*_ORDER, "uniqueid" if _UNIQUE.fullmatch(cells[16]) else "userfield", *later)
    return (*_ORDER, *later)


class AsteriskLog(VendorLog):
    """Reads call detail records."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "asterisk", COLUMNS, IGNORED)
        self._open: OrderedDict[tuple[str, str], tuple[tuple[str, ...], Communication]] = OrderedDict()
        self._told: set[str] = set()
        self._trunks: set[str] = set()
        self._without_number: Counter[str] = Counter()

    def _owners(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        said = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if isinstance(cell, str)}
        return self._on_file(self._direction(said)[1])

    def _items(self, row: int, columns: tuple[str, ...], fields: Mapping[str, Any]) -> Sequence[Item]:
        call: str | None = fields.get("linkedid") or fields.get("uniqueid")
        code, outcome = self._outcome(row, fields)
        further = self._further(call, fields)
        if further is not None:
            key, (consumers, first) = further
            most = min(first.outcome, cast("Outcome | None", outcome), key=_COUNTS_MOST.index)
            said = first.model_copy(update={"outcome": most})
            self._open[key] = (consumers, said)
            return [LogRow(consumer, row, self._context.file, said, code) for consumer in consumers]
        stated = self._stated(fields, self._consumer_column)
        inbound, number = self._direction(fields)
        if is_local(fields.get("dstchannel") or "") and not inbound:
            self._context.reports.not_a_communication(
                "Local", row, "a leg inside Asterisk: its other half has a record of its own"
            )
            return ()
        if number is None:
            # A file without the columns of the numbers tells nothing of who was called.
            dialled = inbound is not None or not _NUMBERS.issubset(columns) or is_outgoing_line(fields.get("lastapp"))
            if stated is None and dialled:
                message = "nothing tells which number was called"
                self._context.reports.leave_out(ProblemKind.MISSING_FIELD, message, row, "dst")
                return ()
            if stated is None or (inbound is None and self._reaches_outside(call)):
                channel: str = fields.get("channel") or ""
                if not self._reaches_outside(call) and not is_local(channel):
                    self._without_number[peer_of(channel)] += 1
                self._context.reports.not_a_communication(
                    "internal", row, "a leg between telephones of the shop's own: no number outside stands in it"
                )
                return ()
        consumers = (stated,) if stated is not None else () if number is None else self._whose.by_number(number)
        if inbound is None or (inbound and stated is not None and not self._on_file(number)):
            self._tell("some rows name a consumer and no number of theirs: taken as calls to them, which count")
            inbound, number = False, None
        at: datetime | None = fields.get("start") or fields.get("calldate")
        if at is None:
            self._leave_out_untimed(row, ("start", "calldate"), "when the call was placed", consumers)
            return ()
        if not inbound and number is not None and (dialled_through := fields.get("dstchannel")):
            self._trunks.add(peer_of(dialled_through))
        communication = self._communication(fields, call, inbound, number, at, outcome)
        if call and (outside := fields.get("channel" if inbound else "dstchannel")):
            self._open[call, outside] = (consumers, communication)
            self._open[call, ""] = (consumers, communication)
            while len(self._open) > _OPEN_CALLS:
                self._open.popitem(last=False)
        return [LogRow(consumer, row, self._context.file, communication, code) for consumer in consumers]

    def finish(self) -> None:
        """Tell of channels of a trunk that were taken for the shop's own, because no number stood with them."""
        super().finish()
        rows = sum(self._without_number[trunk] for trunk in self._trunks)
        if rows:
            message = (
                f"{rows} of the rows without a number are of a trunk: taken as calls that came in with a hidden number; where "
                "Asterisk dialled them itself, name a column that tells whose they are (--consumer-column)"
            )
            self._context.reports.add(ProblemKind.ASSUMPTION, message, column="channel")

    # --- parts of a row ---------------------------------------------------------------------------------------------

    def _further(
        self, call: str | None, fields: Mapping[str, Any]
    ) -> tuple[tuple[str, str], tuple[tuple[str, ...], Communication]] | None:
        """The communication that this is a further record of: the channel of the person outside is the same."""
        if call is None:
            return None
        called = (call, fields.get("dstchannel") or "-")
        if called in self._open:
            return called, self._open[called]
        dialled = number_through_a_peer(fields.get("lastapp"), fields.get("lastdata"), fields.get("dstchannel"))
        caller = (call, fields.get("channel") or "-")
        if caller not in self._open:
            return None
        first = self._open[caller]
        # A call of theirs that is passed on to another number outside is a further call.
        if dialled is not None and dialled != first[1].address and fields.get("dstchannel"):
            return None
        return caller, first

    def _reaches_outside(self, call: str | None) -> bool:
        return call is not None and (call, "") in self._open

    def _direction(self, fields: Mapping[str, Any]) -> tuple[bool | None, str | None]:
        """Whether the call came in, and the number outside.

        (None, None) where nothing outside stands in the row; (False, None) where what was dialled cannot be read.
        """
        through = number_through_a_peer(fields.get("lastapp"), fields.get("lastdata"), fields.get("dstchannel"))
        dialled = through or dialled_number(fields.get("dst"))
        caller = outside_number(fields.get("src"))
        if dialled is None and may_leave_the_shop(fields.get("dst"), fields.get("lastapp"), fields.get("lastdata")):
            return (True, caller) if self._on_file(caller) else (False, None)
        if dialled is None and caller is None:
            return None, None
        if dialled is None and is_outgoing_line(fields.get("lastapp")):
            if not self._on_file(caller):
                return False, None
            self._tell("some rows are of lines that Asterisk dialled itself: taken as calls to the number on file, which count")
            return False, caller
        if self._on_file(dialled):
            return False, dialled
        if self._on_file(caller) or dialled is None:
            return True, caller
        if through is None and caller is not None:
            self._tell(
                "some rows have a number on both sides and neither is on file: taken as calls to the number dialled, which count"
            )
        return False, dialled

    def _outcome(self, row: int, fields: Mapping[str, Any]) -> tuple[str, str | None]:
        code = " ".join((fields.get("disposition") or "").upper().replace("_", " ").split())
        if code == "ANSWERED" and (verdict := _VERDICT.fullmatch((fields.get("userfield") or "").upper())):
            code = f"ANSWERED/{verdict[1]}"
        said = self._dispositions.found(code, row, self._context.reports)
        outcome: str | None = None if said is None else said.known_outcome
        if outcome == "answered":
            enough = self._context.options.conversation_seconds
            return code, "conversation" if enough is not None and fields.get("billsec", 0) >= enough else outcome
        if outcome in ("no_answer", "busy", "not_connected", None):
            return code, outcome_by_cause(cause_of(fields.get("hangupcause"), None)) or outcome
        return code, outcome

    def _communication(
        self,
        fields: Mapping[str, Any],
        call: str | None,
        inbound: bool,
        number: str | None,
        at: datetime,
        outcome: str | None,
    ) -> Communication:
        outside: str | None = fields.get("channel" if inbound else "dstchannel")
        ours: str = fields.get("dstchannel" if inbound else "channel") or ""
        said: dict[str, object] = {
            "at": at,
            "channel": "call",
            "direction": "inbound" if inbound else "outbound",
            "address": number,
            "outcome": outcome,
            "agent": None if not ours or is_local(ours) else peer_of(ours),
        }
        if call:
            said["id"] = f"asterisk:{call}/{outside or fields.get('sequence') or at.isoformat()}"
        if not inbound and (shown := outside_number(fields.get("src"))):
            said["caller_id"] = CallerId(number=shown)
        return Communication.model_validate(said | self._debts(fields))

    def _tell(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self._context.reports.add(ProblemKind.ASSUMPTION, message)
