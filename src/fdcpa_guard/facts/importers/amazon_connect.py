"""Amazon Connect: contact records, one JSON object a contact, as they are streamed to S3 or given by DescribeContact.

A transfer is a contact of its own, linked to the first by InitialContactId: it is a leg of the same call, which it can turn
into a conversation and never into a second call. Records are delivered at least once and again when they change; the one
updated last holds. The names are those of Amazon's data model of contact records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.amazon_connect_parts import (
    Agent,
    Endpoint,
    agent,
    attributes,
    endpoint,
    recipients,
    segment_attributes,
    structure,
)
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.dispositions import Disposition
from fdcpa_guard.facts.importers.numbers import e164
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import Item, LogRow
from fdcpa_guard.facts.importers.vendor import VendorLog, text
from fdcpa_guard.facts.models import CallerId, Communication, Person

_OUTBOUND: Final = frozenset(
    {"OUTBOUND", "CALLBACK", "EXTERNAL_OUTBOUND", "CAMPAIGN_PREVIEW", "AGENT_REPLY", "FLOW", "API"}
)
_INBOUND: Final = frozenset({"INBOUND", "WEBRTC_API"})
_LEGS: Final = frozenset({"TRANSFER", "QUEUE_TRANSFER", "DISCONNECT"})
_CHANNELS: Final = {"VOICE": "call", "EMAIL": "email"}
_TEXTS: Final = frozenset({"connect:sms", "connect:whatsapp"})
_OWN_ENDS: Final = frozenset({"CONTACT_FLOW", "CONNECT_PHONENUMBER_ARN"})
_CONTACTS: Final = 200_000
"""Legs without a conversation that are remembered, to find the call to which a later leg belongs."""
_NOT_REACHED: Final = frozenset({"no_answer", "busy", "not_connected"})


def _time(name: str, meaning: str) -> Column:
    return Column(name, "instant", meaning, c.instant)


COLUMNS: Final[tuple[Column, ...]] = (
    text("contactid", "the id of the contact", repeats=False),
    text("id", "the same (DescribeContact)", repeats=False),
    text("initialcontactid", "the first contact of the chain: a transfer is a leg of its call", repeats=False),
    text("previouscontactid", "the contact before it in the chain", repeats=False),
    text("nextcontactid", "the contact after it: the call went on", repeats=False),
    text("channel", "VOICE, EMAIL, CHAT (a text where segmentattributes says SMS), TASK"),
    text("initiationmethod", "INBOUND, OUTBOUND, API, CALLBACK, TRANSFER, ...: direction, or a leg"),
    _time("initiationtimestamp", "when the call was dialled, or came in; of a CALLBACK, when it was asked for"),
    _time("ringstarttimestamp", "when it began to ring: when a CALLBACK was dialled"),
    _time("connectedtosystemtimestamp", "when the customer's end connected; empty when it did not"),
    _time("lastupdatetimestamp", "when the record was last changed; of two copies the later one counts"),
    Column("customerendpoint", "structure", "Type and Address: the customer's number or e-mail address", endpoint),
    Column("additionalemailrecipients", "structure", "who else an email went to: lists of addresses", recipients),
    Column("systemendpoint", "structure", "Type and Address: the number shown, or the sender", endpoint),
    Column("agent", "structure", "Username, ConnectedToAgentTimestamp, and AgentInteractionDuration in seconds", agent),
    Column("agentinfo", "structure", "the same, with the agent's Id (DescribeContact)", agent),
    Column("queue", "structure", "a call answered and queued that no agent took was abandoned", structure),
    Column("queueinfo", "structure", "the same (DescribeContact)", structure),
    Column("campaign", "structure", "CampaignId: an outbound campaign dialled", structure),
    text("answeringmachinedetectionstatus", "who answered, where answering machines are detected"),
    text("disconnectreason", "why it ended: shows whether an unanswered call reached the number"),
    Column("segmentattributes", "structure", "connect:Direction, connect:Subtype", segment_attributes),
    Column("attributes", "structure", "the shop's own: the consumer or the debt may stand in one of them", attributes),
    text("customerid", "the customer's id, where it is named as the consumer's or the debt's column", repeats=False),
)  # fmt: skip

IGNORED: Final = frozenset(
    [
        "agentconnectionattempts", "arn", "awsaccountid",
        "awscontacttracerecordformatversion", "chatmetrics", "contactassociationid", "contactdetails",
        "contactevaluations", "contactlens", "customer", "customervoiceactivity", "description", "disconnectdetails",
        "disconnecttimestamp", "externalthirdparty", "globalresiliencymetadata", "instancearn", "lastpausedtimestamp",
        "lastresumedtimestamp", "mediastreams", "name", "outboundstrategy", "qualitymetrics", "queuepriority",
        "queuetimeadjustmentseconds", "recording", "recordings", "references", "relatedcontactid", "routingcriteria",
        "scheduledtimestamp", "tags", "totalpausecount", "totalpausedurationinseconds", "transfercompletedtimestamp",
        "transferredtoendpoint", "voiceidresult", "wisdominfo",
    ]
)  # fmt: skip
"""Columns of Amazon Connect that say nothing about what is audited."""


def recognises(names: frozenset[str]) -> bool:
    """Whether the fields are those of a contact record."""
    return bool({"contactid", "id"} & names) and {"initiationmethod", "initiationtimestamp", "channel"} <= names


class AmazonConnectLog(VendorLog):
    """Reads contact records of calls, texts and e-mails."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "amazon_connect", COLUMNS, IGNORED, own_data="attributes")
        self._passed_on: dict[str, str] = {}

    def consumers_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        copies: Any = self._parsed(columns, cells, "additionalemailrecipients") or ()
        owners = (owner for address in copies for owner in self._on_file(address))
        return tuple(dict.fromkeys((*super().consumers_of(columns, cells), *owners)))

    def _owners(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        named = (self._debt_column or "", "attributes")
        debt = self._stated({name: self._parsed(columns, cells, name) or {} for name in named}, self._debt_column)
        if debt is not None and (found := self._context.options.consumers_by_debt.get(debt)):
            return tuple(found)
        customer: Any = self._parsed(columns, cells, "customerendpoint")
        try:
            return () if customer is None else self._on_file(customer.email or e164(customer.address))
        except ValueError:
            return ()

    def _items(self, row: int, columns: tuple[str, ...], fields: Mapping[str, Any]) -> Sequence[Item]:
        reports = self._context.reports
        method = (fields.get("initiationmethod") or "").upper()
        contact: str | None = fields.get("contactid") or fields.get("id")
        leg = method in _LEGS
        leg_of = self._leg_of(fields) if leg else None
        if note := self._no_contact(fields, method):
            reports.not_a_communication(note[0], row, note[1])
            if contact is not None and leg_of is not None:
                if len(self._passed_on) >= _CONTACTS:
                    self._passed_on.clear()
                self._passed_on[contact] = leg_of
            return ()
        channel = self._channel(row, fields, leg)
        inbound = leg or self._is_inbound(row, fields, method, channel)
        code = self._code(fields, channel, inbound)
        said = self._dispositions.found(code, row, reports)
        if said is not None and said.outcome == "no_contact" and "ringstarttimestamp" not in fields and not leg:
            reports.not_a_communication(code, row, said.note or "nothing was placed or sent")
            return ()
        address = self._address(row, fields)
        consumers = self._consumers(fields, address)
        if not consumers:
            self._leave_out_as_nobodys(row, "customerendpoint")
            return ()
        at = self._at(row, fields, method)
        if at is None:
            copied = (owner for each in fields.get("additionalemailrecipients", ()) for owner in self._on_file(each))
            everybody = tuple(dict.fromkeys((*consumers, *copied)))
            self._leave_out_untimed(row, ("initiationtimestamp",), "when it began", everybody)
            return ()
        if channel == "call":
            outcome = self._outcome(row, fields, code, said, inbound=inbound, leg=leg)
        else:
            outcome = _known(said)
        if leg and leg_of is None:
            message = "legs that do not say whose: taken as calls out of the shop, which count"
            reports.count_code(ProblemKind.ASSUMPTION, method, row, message)
        communication = self._communication(fields, contact, channel, inbound, address, at, outcome)
        if leg:
            # Until its call is found, it may have been one out of the shop.
            communication = communication.model_copy(update={"direction": "outbound"})
        first = LogRow(
            consumers[0], row, self._context.file, communication, code, fields.get("lastupdatetimestamp"),
            chain=_id(fields.get("initialcontactid") or contact) if channel == "call" else None, leg_of=_id(leg_of),
        )  # fmt: skip
        rows = [replace(first, consumer_id=each) for each in consumers]
        return rows if inbound else [*rows, *self._copies(row, fields, first, consumers)]

    def finish(self) -> None:
        """Everything was told with its row."""

    # --- what a row is ----------------------------------------------------------------------------------------------

    def _no_contact(self, fields: Mapping[str, Any], method: str) -> tuple[str, str] | None:
        """Why the record is of no contact with anybody outside, or of one that another record tells."""
        if fields.get("channel", "").upper() == "TASK":
            return "TASK", "a task of an agent's: no contact with anybody outside"
        if method == "MONITOR":
            return method, "a supervisor listened in: the call has a record of its own"
        agent_: Agent | None = fields.get("agent") or fields.get("agentinfo")
        if method in _LEGS and fields.get("channel", "VOICE").upper() != "VOICE":
            return method, "a message that was handed on: it has a record of its own"
        if method in _LEGS and not self._agent_refused() and (agent_ is None or not agent_.talked):
            return method, "a leg of a call in which no agent talked: the call has a record of its own"
        customer: Endpoint | None = fields.get("customerendpoint")
        if method in _OUTBOUND and customer is not None and customer.type in _OWN_ENDS:
            return customer.type, "a leg to an end of the shop's own: no contact with anybody outside"
        return None

    def _channel(self, row: int, fields: Mapping[str, Any], leg: bool) -> str | None:
        # A leg of anything else than a call is no communication.
        written: str = "VOICE" if leg else (fields.get("channel") or "").upper()
        subtype = (fields.get("segmentattributes") or {}).get("connect:subtype", "").lower()
        if written == "CHAT" and subtype in _TEXTS:
            return "text"
        found = _CHANNELS.get(written)
        if found is None:
            self._context.reports.count_code(
                ProblemKind.BAD_VALUE, written, row, "a channel that is neither call, text nor e-mail: it is unknown"
            )
        return found

    def _is_inbound(self, row: int, fields: Mapping[str, Any], method: str, channel: str | None) -> bool:
        stated = (fields.get("segmentattributes") or {}).get("connect:direction", "").upper()
        if stated in ("INBOUND", "OUTBOUND") and method != "CALLBACK":
            return bool(stated == "INBOUND")
        chat = channel is None and (fields.get("channel") or "").upper() == "CHAT" and not self._reader.refused
        if method in _INBOUND or (method == "API" and chat):
            return True
        if method not in _OUTBOUND:
            message = "a way of initiation that this format does not know: taken as outbound, which counts"
            self._context.reports.add(ProblemKind.BAD_VALUE, message, row, "initiationmethod", method)
        elif method == "API" and channel != "call":
            message = "made by the API without a direction, and no call: taken as outbound, which counts"
            self._context.reports.count_code(ProblemKind.ASSUMPTION, method, row, message)
        return False

    def _leg_of(self, fields: Mapping[str, Any]) -> str | None:
        """The contact that a leg followed; one that was left out because no agent talked in it is passed over."""
        before: str | None = fields.get("previouscontactid")
        return self._passed_on.get(before or "") or before or fields.get("initialcontactid")

    def _copies(self, row: int, fields: Mapping[str, Any], first: LogRow, consumers: Sequence[str]) -> list[LogRow]:
        """What further recipients of an email got: in the log of its consumer, and of whoever has the address on file."""
        unread = "additionalemailrecipients" in self._reader.refused
        addresses: list[str | None] = [*fields.get("additionalemailrecipients", ()), *([None] if unread else [])]
        rows: list[LogRow] = []
        for address in addresses:
            said = first.communication
            if address is not None and address == said.address:
                continue
            owners = self._on_file(address)
            update = {"address": address, "id": said.id and f"{said.id}/{address or ''}"}
            for each in dict.fromkeys((*consumers, *owners)):
                # A copy may tell somebody else of the debt, which is then nothing that is known to be theirs.
                more = {"person": None if each in owners else Person(role="unknown")}
                more |= {} if each in consumers else {"debts": None}
                rows.append(replace(first, consumer_id=each, communication=said.model_copy(update=update | more)))
        if rows:
            message = (
                "e-mails with further recipients: a copy is a contact of its own, with a person unknown where the address is not "
                "the consumer's on file"
            )
            self._context.reports.count_code(ProblemKind.ASSUMPTION, "AdditionalEmailRecipients", row, message)
        return rows

    # --- parts of a row ---------------------------------------------------------------------------------------------

    def _code(self, fields: Mapping[str, Any], channel: str | None, inbound: bool) -> str:
        reason: str = (fields.get("disconnectreason") or "").upper()
        if channel != "call":
            if reason == "DISCARDED":
                return "message/DISCARDED"
            return "message/inbound" if inbound else "message/outbound"
        status: str = (fields.get("answeringmachinedetectionstatus") or "").upper()
        if status and status != "AMD_NOT_APPLICABLE":
            return f"amd/{status}"
        if inbound and reason != "CUSTOMER_NEVER_ARRIVED":
            return "connected"
        # A time of connection that cannot be read shows all the same that there was one.
        if "connectedtosystemtimestamp" in fields or "connectedtosystemtimestamp" in self._reader.refused:
            return "connected"
        return f"unconnected/{reason}" if reason else "unconnected"

    def _agent_refused(self) -> bool:
        """Whether the record says something of an agent that cannot be read, so that a conversation is not excluded."""
        return not {"agent", "agentinfo"}.isdisjoint(self._reader.refused)

    def _outcome(
        self, row: int, fields: Mapping[str, Any], code: str, said: Disposition | None, *, inbound: bool, leg: bool
    ) -> str | None:
        outcome = _known(said)
        agent_: Agent | None = fields.get("agent") or fields.get("agentinfo")
        talked = agent_ is not None and agent_.talked
        if outcome in _NOT_REACHED and talked and "connectedtosystemtimestamp" in fields:
            message = "the code says that nobody answered, and an agent talked: taken as answered, which counts"
            self._context.reports.add(
                ProblemKind.CONTRADICTION, message, row, "answeringmachinedetectionstatus", code
            )
            return "answered"
        if outcome != "answered":
            return outcome
        if talked and (leg or inbound or code == "amd/HUMAN_ANSWERED"):
            return "conversation"
        if self._agent_refused():
            return None
        enough, seconds = self._context.options.conversation_seconds, None if agent_ is None else agent_.seconds
        if enough is not None and seconds is not None and seconds >= enough and code != "amd/FAX_MACHINE_DETECTED":
            return "conversation"
        if fields.get("nextcontactid"):
            # An inbound call goes on in a leg of the same direction, whose outcome must not be put back to this one.
            return None if inbound else outcome
        queued = fields.get("queue") or fields.get("queueinfo")
        return "abandoned" if queued and agent_ is None and not inbound else outcome

    def _at(self, row: int, fields: Mapping[str, Any], method: str) -> datetime | None:
        initiated: datetime | None = fields.get("initiationtimestamp")
        if initiated is None or method != "CALLBACK":
            return initiated
        agent_: Agent | None = fields.get("agent") or fields.get("agentinfo")
        dialled: datetime | None = (
            fields.get("ringstarttimestamp")
            or (None if agent_ is None else agent_.connected)
            or fields.get("connectedtosystemtimestamp")
        )
        if dialled is None:
            message = "nothing tells when these were dialled: the time at which they were asked for was taken"
            self._context.reports.count_code(ProblemKind.ASSUMPTION, method, row, message)
        return dialled or initiated

    def _address(self, row: int, fields: Mapping[str, Any]) -> str | None:
        customer: Endpoint | None = fields.get("customerendpoint")
        if customer is None or customer.type == "VOIP":
            return None
        if customer.email is not None:
            return customer.email
        try:
            return e164(customer.address)
        except ValueError as error:
            self._context.reports.add(ProblemKind.BAD_VALUE, str(error), row, "customerendpoint", customer.address)
            return None

    def _consumers(self, fields: Mapping[str, Any], address: str | None) -> tuple[str, ...]:
        if stated := self._stated(fields, self._consumer_column):
            return (stated,)
        debt = self._stated(fields, self._debt_column)
        if debt is not None and debt in self._context.options.consumers_by_debt:
            return self._whose.by_account(debt)
        if address is None:
            return ()
        return self._whose.by_email(address) if "@" in address else self._whose.by_number(address)

    def _communication(
        self,
        fields: Mapping[str, Any],
        contact: str | None,
        channel: str | None,
        inbound: bool,
        address: str | None,
        at: datetime,
        outcome: str | None,
    ) -> Communication:
        agent_: Agent | None = fields.get("agent") or fields.get("agentinfo")
        said: dict[str, object] = {
            "at": at,
            "channel": channel,
            "direction": "inbound" if inbound else "outbound",
            "address": address,
            "outcome": outcome,
            "agent": None if agent_ is None else agent_.name,
        }
        if contact:
            said["id"] = _id(contact)
        if channel == "call" and not inbound and (fields.get("campaign") or {}).get("campaignid"):
            said["dialing"] = None if fields.get("initiationmethod") == "CAMPAIGN_PREVIEW" else "autodialed"
        ours: Endpoint | None = fields.get("systemendpoint")
        if not inbound and ours is not None:
            said["caller_id" if channel == "call" else "sender"] = (
                CallerId(number=ours.address) if channel == "call" else ours.address
            )
        return Communication.model_validate(said | self._debts(fields))


def _id(contact: str | None) -> str | None:
    return f"amazon_connect:{contact}" if contact else None


def _known(said: Disposition | None) -> str | None:
    if said is None:
        return None
    # What is no contact by its code and yet rang was a call.
    return "no_answer" if said.outcome == "no_contact" else said.known_outcome
