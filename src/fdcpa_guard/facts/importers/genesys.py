"""Genesys Cloud: conversation details as the analytics query and the detail jobs give them, one JSON tree a conversation.

A conversation is one call however many queues, agents and transfers stand in it; dialling again, or another number, is a
call of its own. Names and values are those of the models in Genesys's client libraries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.causes import Cause, outcome_by_cause
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.dispositions import Disposition
from fdcpa_guard.facts.importers.genesys_contacts import Contact, contacts_of
from fdcpa_guard.facts.importers.genesys_parts import AGENTS, Participants, Session, overlap, participants
from fdcpa_guard.facts.importers.numbers import e164
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import _COUNTS_MOST, Item, LogEvent, LogRow
from fdcpa_guard.facts.importers.vendor import VendorLog, text
from fdcpa_guard.facts.models import CallerId, Communication, Event, Person
from fdcpa_guard.facts.names import EventType

_NOT_REACHED: Final = frozenset({"no_answer", "busy", "not_connected"})
_ANALYSIS: Final = "disposition.classification.callable."
_PERSON: Final = _ANALYSIS + "person"
_FAX: Final = _ANALYSIS + "fax"
_BROKEN: Final = ("dnis", "ani", "addressto", "addressfrom")
"""Where a record of which only some texts can be read may have the consumer's address."""

COLUMNS: Final[tuple[Column, ...]] = (
    text("conversationid", "the id of the conversation", repeats=False),
    Column("conversationstart", "instant", "when it began; the time of a contact of which no segment tells one", c.instant),
    Column("conversationend", "instant", "when it ended; of two copies the one that goes on longer counts", c.instant),
    text("originatingdirection", "inbound or outbound, for sessions that do not tell"),
    Column("participants", "structure", "who took part: their sessions, segments and attributes", participants, required=True),
    text("externaltag", "an id of the shop's own, where it is named as the consumer's or the debt's column", repeats=False),
)  # fmt: skip

IGNORED: Final = frozenset(
    [
        "conferencestart",
        "conversationinitiator",
        "customerparticipation",
        "divisionids",
        "evaluations",
        "inactivitytimeout",
        "knowledgebaseids",
        "mediastatsminconversationmos",
        "mediastatsminconversationrfactor",
        "originatingsocialmediapublic",
        "resolutions",
        "selfserved",
        "surveys",
    ]
)
"""Columns of Genesys Cloud that say nothing about what is audited."""


def recognises(names: frozenset[str]) -> bool:
    """Whether the fields are those of a conversation's details."""
    return {"conversationid", "participants"} <= names


class GenesysLog(VendorLog):
    """Reads conversations: calls, texts, e-mails."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "genesys", COLUMNS, IGNORED, own_data="participants")

    def consumers_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        owners = self._owners(columns, cells)
        return tuple(dict.fromkeys((*super().consumers_of(columns, cells), *owners)))

    def _owners(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        said: Any = self._parsed(columns, cells, "participants")
        if said is None:
            return self._owners_of_texts(columns, cells)
        named = {"participants": said, self._debt_column or "": self._parsed(columns, cells, self._debt_column or "")}
        found: list[str] = []
        if (debt := self._stated(named, self._debt_column)) is not None:
            found += self._context.options.consumers_by_debt.get(debt, ())
        originating: Any = self._parsed(columns, cells, "originatingdirection")
        for contact in contacts_of(said.sessions, (originating or "").lower()):
            found += (owner for address in contact.addresses for owner in self._on_file(address))
        return tuple(dict.fromkeys(found))

    def _owners_of_texts(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        found: list[str] = []
        for name, cell in zip(columns, cells, strict=False):
            if name in _BROKEN and isinstance(cell, str):
                try:
                    found += self._on_file(cell.lower() if "@" in cell else e164(cell))
                except ValueError:
                    continue
        return tuple(dict.fromkeys(found))

    def _items(self, row: int, columns: tuple[str, ...], fields: Mapping[str, Any]) -> Sequence[Item]:
        said: Participants = fields["participants"]
        reports = self._context.reports
        contacts = contacts_of(said.sessions, (fields.get("originatingdirection") or "").lower())
        first = next((each for each in contacts if each.addresses), contacts[0] if contacts else None)
        base = self._consumers(fields, first)
        owners = [owner for each in contacts for address in each.addresses for owner in self._on_file(address)]
        everybody = tuple(dict.fromkeys((*base, *owners)))
        if not said.sessions and not said.unread:
            message = "no session stands in it, which tells who took part"
            reports.leave_out_of(everybody, ProblemKind.MISSING_FIELD, message, row, "participants")
            return ()
        if not contacts and said.unread:
            reports.leave_out_of(everybody, ProblemKind.BAD_VALUE, f"a part cannot be read: {said.unread[0]}", row, "participants")
            return ()
        for message in said.unread:
            reports.add_of(everybody, ProblemKind.BAD_VALUE, f"a part cannot be read: {message}", row, "participants")
        if first is None:
            code = next((each.media for each in said.sessions if each.media), "internal")
            note = "asked for and not dialled" if code == "callback" else "nobody outside took part"
            reports.not_a_communication(code, row, note)
            return ()
        placed = [(place, each) for place, each in enumerate(contacts) if not self._is_kept_back(each, said)]
        if not placed:
            reports.not_a_communication("kept back", row, "by its code nothing was dialled, and nothing shows that it was")
            return ()
        if not everybody:
            self._leave_out_as_nobodys(row, "participants")
            return ()
        start: datetime | None = fields.get("conversationstart")
        start = start or min((each.began for each in said.sessions if each.began), default=None)
        if start is None:
            self._leave_out_untimed(row, ("conversationstart",), "when it began", everybody)
            return ()
        for _, contact in placed:
            if contact.unread is not None:
                message = "expected a telephone number such as +15125550100 or an email address"
                reports.add_of(everybody, ProblemKind.BAD_VALUE, message, row, "participants", contact.unread)
        segments = [each for session in said.sessions for each in session.segments]
        times = (fields.get("conversationend"), *(time for each in segments for time in (each.start, each.end)))
        latest = max((time for time in times if time is not None), default=start)
        items: list[Item] = []
        for place, contact in placed:
            items += self._of_contact(row, fields, contact, place, start, latest, base or everybody, first)
        return items

    # --- one contact ------------------------------------------------------------------------------------------------

    def _of_contact(
        self,
        row: int,
        fields: Mapping[str, Any],
        contact: Contact,
        place: int,
        start: datetime,
        latest: datetime,
        base: Sequence[str],
        first: Contact,
    ) -> list[Item]:
        said: Participants = fields["participants"]
        if contact.channel is None:
            what = contact.sessions[0].message_type or contact.media
            message = "a channel that is neither call, text nor e-mail: it is unknown"
            self._context.reports.count_code(ProblemKind.BAD_VALUE, what, row, message)
        if contact.inbound is None:
            message = "no direction is told: taken as outbound, which counts"
            self._context.reports.add(ProblemKind.BAD_VALUE, message, row, "originatingdirection")
        if contact.media in ("message", "email"):
            message = "written conversations: each is one communication, however many messages went to and fro in it"
            self._context.reports.count_code(ProblemKind.ASSUMPTION, contact.media, row, message)
        dialled = min((each.dialled for each in contact.sessions if each.dialled), default=None)
        at = dialled or min((each.began for each in contact.sessions if each.began), default=start)
        wrap_ups = self._wrap_ups(row, contact, said)
        code, outcome = self._outcome(row, contact, said, wrap_ups)
        communication = self._communication(fields, contact, place, at, outcome)
        items: list[Item] = []
        usual = frozenset(first.addresses[:1])
        for number, address in enumerate(contact.addresses or (None,)):
            update: dict[str, object] = {"address": address}
            if number:
                update["id"] = communication.id and f"{communication.id}/{address}"
            owners = self._on_file(address)
            # Whose the conversation's own number is, has been told; a further one may be of somebody else on file.
            for each in base if address in usual else dict.fromkeys((*base, *owners)):
                known = each in owners or address in usual or (address is None and contact is first)
                more: dict[str, object] = {} if known else {"person": Person(role="unknown")}
                more |= {} if each in base else {"debts": None}
                said_so = communication.model_copy(update=update | more)
                items.append(LogRow(each, row, self._context.file, said_so, code, latest))
        if len(contact.addresses) > 1 or (contact is not first and contact.addresses != first.addresses):
            message = (
                "conversations with further numbers or addresses: each is a contact of its own, with a person unknown where it is not "
                "the consumer's on file"
            )
            self._context.reports.count_code(ProblemKind.ASSUMPTION, "further", row, message)
        if contact is first:
            events = [each.event for each in wrap_ups.values() if each is not None and each.event is not None]
            for told in events:
                event = Event(at=at, type=cast(EventType, told.type), channel=told.channel, written=told.written)
                items += [LogEvent(each, row, self._context.file, event) for each in base]
        return items

    def _is_kept_back(self, contact: Contact, said: Participants) -> bool:
        """Whether the code says that nothing was dialled, and no segment says otherwise."""
        if not contact.is_call or any(each.has("dialing", "contacting", "interact") for each in contact.sessions):
            return False
        found = [self._dispositions.find(code) for code in (*_wrap_up_codes(contact, said), self._analysis(contact) or "")]
        return any(each is not None and each.outcome == "no_contact" for each in found)

    def _wrap_ups(self, row: int, contact: Contact, said: Participants) -> dict[str, Disposition | None]:
        found = {code: self._dispositions.find(code) for code in _wrap_up_codes(contact, said)}
        for code, told in found.items():
            if told is None:
                message = "a wrap-up code that no table has: it is not read; say what it means in a file (--dispositions)"
                self._context.reports.count_code(ProblemKind.UNMAPPED_DISPOSITION, code, row, message)
        return found

    def _analysis(self, contact: Contact) -> str | None:
        name = next((each.said["dispositionname"] for each in contact.sessions if "dispositionname" in each.said), None)
        if name is None or "." in name:
            return None if name is None else name.lower()
        return _ANALYSIS + name.lower()

    def _outcome(
        self, row: int, contact: Contact, said: Participants, wrap_ups: Mapping[str, Disposition | None]
    ) -> tuple[str, str | None]:
        """The code that tells how it ended, and the outcome."""
        told = {code: each.known_outcome for code, each in wrap_ups.items() if each is not None and each.known_outcome}
        code = min(told, key=lambda each: _COUNTS_MOST.index(told[each]), default=None)
        if not contact.is_call:
            if code is not None:
                return code, told[code]
            status = next((each.said["deliverystatus"] for each in contact.sessions if "deliverystatus" in each.said), "")
            code = "message/inbound" if contact.inbound else f"message/{status.lower() or 'outbound'}"
            found = self._dispositions.found(code, row, self._context.reports)
            return code, None if found is None else found.known_outcome
        code = code or self._call_code(contact)
        found = self._dispositions.found(code, row, self._context.reports)
        outcome: str | None = None if found is None else found.known_outcome
        if found is not None and found.outcome == "no_contact":
            outcome = "no_answer"
        agents = [
            each for each in said.sessions
            if each.purpose in AGENTS and each.media in ("voice", "") and not each.monitors
        ]  # fmt: skip
        talks = {id(each): overlap(contact.sessions, [each]) for each in agents}
        seconds = sum(each for each in talks.values() if each)
        if outcome in _NOT_REACHED and not seconds:
            return code, self._by_causes(contact) or outcome
        if outcome in _NOT_REACHED:
            message = "the code says that nobody answered, and an agent talked: taken as answered, which counts"
            self._context.reports.add(ProblemKind.CONTRADICTION, message, row, "participants", code)
            return code, "answered"
        if outcome != "answered" or code == _FAX:
            return code, outcome
        several = len({each.participant for each in agents if talks[id(each)]}) > 1
        if seconds and (contact.inbound or several or code == _PERSON):
            return code, "conversation"
        if not seconds and None in talks.values():
            return code, None
        enough = self._context.options.conversation_seconds
        if enough is not None and seconds >= enough:
            return code, "conversation"
        queued = any(each.purpose == "acd" for each in said.sessions)
        return code, "abandoned" if queued and not seconds and not contact.inbound else outcome

    def _call_code(self, contact: Contact) -> str:
        analysis = self._analysis(contact)
        if analysis is not None:
            return analysis
        if any(each.has("voicemail") for each in contact.sessions):
            return "voicemail"
        if contact.inbound or any(each.has("interact", "hold", "ivr") for each in contact.sessions):
            return "connected"
        ends = [each.disconnect for session in contact.sessions for each in session.segments if each.disconnect]
        if "uncallable" in ends:
            return "unconnected/uncallable"
        return f"unconnected/{ends[-1]}" if ends else "unconnected"

    def _by_causes(self, contact: Contact) -> str | None:
        segments = [each for session in contact.sessions for each in session.segments]
        causes = [Cause(code, None) for each in segments for code in each.q850]
        causes += [Cause(None, code) for each in segments for code in each.sip]
        outcomes = {found for cause in causes if (found := outcome_by_cause(cause)) is not None}
        return next((each for each in ("no_answer", "busy", "not_connected") if each in outcomes), None)

    def _communication(
        self, fields: Mapping[str, Any], contact: Contact, place: int, at: datetime, outcome: str | None
    ) -> Communication:
        said: Participants = fields["participants"]
        session = contact.sessions[0]
        communication: dict[str, object] = {
            "at": at,
            "channel": contact.channel,
            "direction": "inbound" if contact.inbound else "outbound",
            "outcome": outcome,
            "agent": _agent(contact, said.sessions),
        }
        if conversation := fields.get("conversationid"):
            communication["id"] = f"genesys:{conversation}" + (f"/{session.id or place}" if place else "")
        if not contact.inbound:
            ours = session.said.get("ani" if contact.is_call else "addressfrom")
            if contact.is_call and any("outboundcampaignid" in each.said for each in contact.sessions):
                # A preview, which an agent dials, stands as a callback.
                preview = any(each.media == "callback" for each in said.sessions)
                communication["dialing"] = None if preview else "autodialed"
            if contact.is_call and ours and (shown := _number(ours)):
                communication["caller_id"] = CallerId(number=shown)
            elif ours and not contact.is_call:
                communication["sender"] = ours
        return Communication.model_validate(communication | self._debts(fields))

    def _consumers(self, fields: Mapping[str, Any], first: Contact | None) -> tuple[str, ...]:
        if stated := self._stated(fields, self._consumer_column):
            return (stated,)
        debt = self._stated(fields, self._debt_column)
        if debt is not None and debt in self._context.options.consumers_by_debt:
            return self._whose.by_account(debt)
        address = first.addresses[0] if first is not None and first.addresses else None
        if address is None:
            return ()
        return self._whose.by_email(address) if "@" in address else self._whose.by_number(address)


def _wrap_up_codes(contact: Contact, said: Participants) -> tuple[str, ...]:
    """The wrap-up codes of those who took part in the contact, each once."""
    sessions = [*contact.sessions, *(each for each in said.sessions if not each.outside and contact.meets(each))]
    written = [each.wrap_up for session in sessions for each in session.segments if each.wrap_up]
    return tuple(
        dict.fromkeys(
            f"wrapup/{each.upper().replace('_', '-') if each.upper().startswith('ININ-') else each}" for each in written
        )
    )


def _agent(contact: Contact, sessions: Sequence[Session]) -> str | None:
    """Who talked, else who was there at the time."""
    agents = [each for each in sessions if each.purpose in AGENTS and each.user and not each.monitors]
    talked = next((each for each in agents if overlap(contact.sessions, [each])), None)
    found = talked or next((each for each in agents if contact.meets(each)), None)
    return None if found is None else found.user


def _number(written: str) -> str | None:
    try:
        return e164(written)
    except ValueError:
        return None
