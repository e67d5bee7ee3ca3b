"""The export calls report of VICIdial: outbound calls to consumers, by the clock of the dialer's server.

The report knows neither inbound calls nor persons other than the lead, and one account a row.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from fdcpa_guard.simulate.clocks import clock_text, offset_at
from fdcpa_guard.simulate.planting import CALL
from fdcpa_guard.simulate.records import Contact, LifeStory
from fdcpa_guard.simulate.writing import OutputFile

COLUMNS: Final = (
    "call_date", "phone_number_dialed", "status", "user", "full_name", "campaign_id", "vendor_lead_code", "source_id", "list_id",
    "gmt_offset_now", "phone_code", "phone_number", "title", "first_name", "middle_initial", "last_name", "address1", "address2",
    "address3", "city", "state", "province", "postal_code", "country_code", "gender", "date_of_birth", "alt_phone", "email",
    "security_phrase", "comments", "length_in_sec", "user_group", "alt_dial", "rank", "owner", "lead_id", "uniqueid",
    "caller_code", "hangup_cause", "dialstatus",
)  # fmt: skip
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_STATUS: Final = {
    ("no_answer", "manual"): "N",
    ("no_answer", "autodialed"): "NA",
    ("voicemail", "manual"): "AL",
    ("voicemail", "autodialed"): "AL",
    ("busy", "manual"): "B",
    ("busy", "autodialed"): "AB",
    ("not_connected", "manual"): "DC",
    ("not_connected", "autodialed"): "ADC",
    ("answered", "manual"): "PU",
    ("answered", "autodialed"): "PU",
}
_TALKED: Final = ("CALLBK", "NI", "DEC", "XFER")
_CARRIER: Final = {"busy": ("17", "BUSY"), "not_connected": ("1", "CONGESTION"), "no_answer": ("", "NOANSWER")}
_UNMAPPED: Final = "RPCX"
"""A shop's own code: what it means stands in no table until the shop says so."""
_TWICE, _CUT_SHORT, _OWN_CODES = 4, 9, 5


class VicidialExport:
    """The report as a tab separated file. `as_found`: with the faults that such files have (see `_fault`)."""

    says = frozenset({CALL})

    def __init__(self, folder: Path, compress: bool, zone: str, as_found: bool) -> None:
        self._file = OutputFile(folder, "vicidial_export.tsv", compress)
        self._zone = zone
        self._as_found = as_found
        self._file.write("\t".join(COLUMNS) + "\r\n")
        self._rows = 0
        self.faults = 0

    def carries(self, contact: Contact) -> bool:
        return (
            contact.channel == "call"
            and contact.direction == "outbound"
            and contact.role == "consumer"
            and contact.dialing != "prerecorded"
        )

    def id_of(self, story: LifeStory, contact: Contact) -> str:
        return f"vicidial:{self._uniqueid(story, contact)}"

    def write(self, story: LifeStory) -> None:
        debtor = story.debtor
        home, zone = debtor.home, debtor.home.zone
        lead = 1_000_000 + debtor.index
        campaigns = {debt.id: debt.kind[:6].upper() for debt in debtor.debts}
        lines = []
        for c in story.contacts:
            if not self.carries(c):
                continue
            epoch = c.epoch(zone)
            local = epoch + offset_at(self._zone, epoch // 3600 * 3600)
            day = date.fromordinal(local // 86400 + _EPOCH_DAY).isoformat()
            clock = clock_text(local % 86400)
            debt = c.debts[0]
            manual = c.dialing == "manual"
            cause, dialled = _CARRIER.get(c.outcome, ("16", "ANSWER"))
            code = f"{'M' if manual else 'V'}{day[5:7]}{day[8:]}{clock.replace(':', '')}{lead:010d}"
            digits = c.address[2:]
            gmt = offset_at(zone, epoch // 3600 * 3600) / 3600
            lines.append(
                f"{day} {clock}\t{digits}\t{self._status(c)}\t{c.agent or 'VDAD'}\t\t{campaigns[debt]}\t{debt}\t\t501\t{gmt:.2f}\t1"
                f"\t{digits}\t\t\t\t\t\t\t\t\t{home.state}\t\t{home.zip}\t\t\t\t\t\t\t\t{c.talk}\t\tMAIN\t\t\t{lead}"
                f"\t{epoch}.{debtor.index * 1000 + c.serial}\t{code}\t{cause}\t{dialled}\r\n"
            )
        if self._as_found and not story.planted:
            self._fault(debtor.index, lines)
        self._file.write("".join(lines))
        self._rows += len(lines)

    def close(self) -> None:
        self._file.close()

    @property
    def audit_options(self) -> tuple[str, ...]:
        return (self._file.name, "--from", "vicidial", "--zone", self._zone)

    @property
    def rows(self) -> int:
        return self._rows

    def _uniqueid(self, story: LifeStory, contact: Contact) -> str:
        return f"{contact.epoch(story.debtor.zone)}.{story.debtor.index * 1000 + contact.serial}"

    def _status(self, contact: Contact) -> str:
        return _STATUS.get((contact.outcome, contact.dialing)) or _TALKED[contact.serial % len(_TALKED)]

    def _fault(self, index: int, lines: list[str]) -> None:
        """The first life in question with enough rows has one row twice, the next one cut short, others a strange code."""
        if len(lines) < 4:
            return
        self.faults += 1
        if self.faults == _TWICE:
            lines.append(lines[1])
        elif self.faults == _CUT_SHORT:
            lines[-1] = "\t".join(lines[-1].split("\t")[:9]) + "\r\n"
        elif self.faults % _OWN_CODES == 0:
            cells = lines[-2].split("\t")
            cells[2] = _UNMAPPED
            lines[-2] = "\t".join(cells)
