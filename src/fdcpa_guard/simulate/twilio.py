"""Twilio's call and message resources, with two columns that the shop has joined: the consumer and the debts.

Twilio knows calls and texts, and persons only by their number: what went to somebody else is left out. The confirmation of
an opt-out is sent by Twilio itself and stands in no export of the shop's.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson

from fdcpa_guard.simulate.clocks import clock_text
from fdcpa_guard.simulate.planting import CALL, INBOUND, TEXT
from fdcpa_guard.simulate.records import Contact, LifeStory
from fdcpa_guard.simulate.writing import OUR_NUMBER, OutputFile

CONVERSATION_SECONDS: Final = 60
_PAGE: Final = 1000
_ENDED: Final[Mapping[str, tuple[str, str | None, str | None]]] = {
    "no_answer": ("no-answer", None, None),
    "busy": ("busy", None, "486"),
    "not_connected": ("failed", None, "404"),
    "voicemail": ("completed", "machine_end_beep", None),
    "answered": ("completed", "human", None),
    "conversation": ("completed", "human", None),
}


@lru_cache(maxsize=4096)
def _day(days: int) -> str:
    return formatdate(days * 86400)[:16]


def _rfc2822(epoch: int) -> str:
    return f"{_day(epoch // 86400)} {clock_text(epoch % 86400)} +0000"


class TwilioLog:
    """JSON lines, calls and messages as they came; or pages of the API, those of calls and of messages apart."""

    says = frozenset({CALL, TEXT, INBOUND})

    def __init__(self, folder: Path, compress: bool, pages: bool) -> None:
        self._folder = folder / "twilio" if pages else folder
        self._folder.mkdir(exist_ok=True)
        self._compress = compress
        self._pages: dict[str, list[dict[str, str | None]]] = {"calls": [], "messages": []}
        self._written = {"calls": 0, "messages": 0}
        self._file = None if pages else OutputFile(folder, "twilio.jsonl", compress)
        self._rows = 0

    def carries(self, contact: Contact) -> bool:
        return contact.channel in ("call", "text") and contact.role == "consumer" and not contact.purpose and (
            contact.dialing != "prerecorded"
        )  # fmt: skip

    def id_of(self, story: LifeStory, contact: Contact) -> str:
        return f"twilio:{self._sid(story, contact)}"

    def write(self, story: LifeStory) -> None:
        for contact in story.contacts:
            if not self.carries(contact):
                continue
            call = contact.channel == "call"
            record = self._call(story, contact) if call else self._message(story, contact)
            self._rows += 1
            if self._file is not None:
                self._file.write_bytes(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
                continue
            key = "calls" if call else "messages"
            self._pages[key].append(record)
            if len(self._pages[key]) >= _PAGE:
                self._flush(key)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        for key in self._pages:
            self._flush(key)

    @property
    def audit_options(self) -> tuple[str, ...]:
        name = "twilio" if self._file is None else self._file.name
        return (
            name, "--from", "twilio", "--consumer-column", "consumer_id", "--debt-column", "debt_ids",
            "--conversation-seconds", str(CONVERSATION_SECONDS),
        )  # fmt: skip

    @property
    def rows(self) -> int:
        return self._rows

    def _flush(self, key: str) -> None:
        if not self._pages[key]:
            return
        page = {"page": self._written[key], "page_size": _PAGE, key: self._pages[key]}
        self._written[key] += 1
        file = OutputFile(self._folder, f"{key}-{self._written[key]:05d}.json", self._compress)
        file.write_bytes(orjson.dumps(page, option=orjson.OPT_APPEND_NEWLINE))
        file.close()
        self._pages[key].clear()

    def _sid(self, story: LifeStory, contact: Contact) -> str:
        return f"{'CA' if contact.channel == 'call' else 'SM'}{story.debtor.index:024x}{contact.serial:08x}"

    def _ends(self, contact: Contact) -> tuple[str, str]:
        """To whom, and from whom."""
        return (OUR_NUMBER, contact.address) if contact.direction == "inbound" else (contact.address, OUR_NUMBER)

    def _call(self, story: LifeStory, contact: Contact) -> dict[str, str | None]:
        began = contact.epoch(story.debtor.zone)
        to, from_ = self._ends(contact)
        status, answered_by, sip = _ENDED[contact.outcome]
        inbound = contact.direction == "inbound"
        return {
            "sid": self._sid(story, contact),
            "to": to,
            "from": from_,
            "status": status,
            "direction": "inbound" if inbound else "outbound-api",
            "start_time": _rfc2822(began),
            "date_created": _rfc2822(began),
            "duration": str(contact.talk) if status == "completed" else None,
            "answered_by": None if inbound else answered_by,
            "sip_response_code": sip,
            "consumer_id": story.debtor.id,
            "debt_ids": "|".join(contact.debts),
        }

    def _message(self, story: LifeStory, contact: Contact) -> dict[str, str | None]:
        to, from_ = self._ends(contact)
        inbound = contact.direction == "inbound"
        return {
            "sid": self._sid(story, contact),
            "to": to,
            "from": from_,
            "status": "received" if inbound else "delivered",
            "direction": "inbound" if inbound else "outbound-api",
            "date_sent": _rfc2822(contact.epoch(story.debtor.zone)),
            "body": contact.content,
            "error_code": None,
            "consumer_id": story.debtor.id,
            "debt_ids": "|".join(contact.debts),
        }
