"""Cells of vendors' exports that are a row's own: how a column of them is taken, and what may stand in for one of them.

Of such cells an importer looks only at what is said here: of a text that it is there, of a number also whether it is on file.
Of each of these sorts one stands for all; a cell of any other sort keeps its row from being read by columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.auditing.partitions.clocks import Clocks
from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.importers.five9 import seconds_of
from fdcpa_guard.facts.importers.lead import LEAD_COLUMNS
from fdcpa_guard.facts.importers.mail_events import is_email
from fdcpa_guard.facts.importers.numbers import e164
from fdcpa_guard.facts.importers.postmark import NO_MESSAGE
from fdcpa_guard.facts.importers.sendgrid import HELD_BACK, TEST_ADDRESS
from fdcpa_guard.facts.importers.vicidial import sent_number

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

ABSENT, THERE, ON_FILE = 0, 1, 2
_MOST_KNOWN: Final = 100_000
_SEVERAL: Final = ""
"""In the place of the owner of what is on file for several."""


@dataclass(slots=True)
class Taken:
    """A column: as it is written, what is made of it, its sort in each row, and of what is on file whose it is."""

    raw: pa.Array
    value: pa.Array
    sort: Ints
    owner: pa.Array | None = None


@dataclass(frozen=True, slots=True)
class OnFile:
    """Whose a number, an address or an account is."""

    numbers: Mapping[str, Sequence[str]]
    debts: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class OwnText:
    """An id, a name. Of the first `head` characters more is asked than that they are there; `but` is one that says something else."""

    head: int = 0
    but: str = ""

    def take(self, text: pa.Array, good: Bools, clocks: Clocks) -> Taken:
        sort = np.asarray(text.is_valid()).astype(np.int64)
        if self.but:
            good &= ~np.asarray(pc.equal(text, self.but).fill_null(False))
        if self.head and text.null_count < len(text):
            longer = np.asarray(pc.greater(pc.utf8_length(text), self.head).fill_null(True))
            good &= longer
            heads = pc.utf8_slice_codeunits(text, 0, self.head).dictionary_encode()
            sort = np.asarray(heads.indices.cast(pa.int64()).fill_null(-1)) + 1
        return Taken(text, text, sort)

    def stand_in(self, place: int, variant: int, cell: str) -> str:
        return f"{cell[: self.head]}Zx{place}q{variant}xZ"


@dataclass(frozen=True, slots=True)
class OwnAccount(OwnText):
    """The same, and it may be on file among the debts."""


@dataclass(slots=True)
class OwnNumber:
    """A telephone number or an address, brought to one form by `read`, which raises ValueError for what is none. `forms` are ways
    in which one may be written that are not that form."""

    read: Callable[[str], str] = e164
    forms: tuple[str, ...] = ("(201) 555-01{}", "201-555-01{}", "201.555.01{}", "201 555 01{}")
    _known: dict[str, str | None] = field(default_factory=dict)

    def take(self, text: pa.Array, good: Bools, clocks: Clocks) -> Taken:
        encoded = text.dictionary_encode()
        known = self._known
        if len(known) > _MOST_KNOWN:
            known.clear()
        values: list[str | None] = []
        for written in encoded.dictionary.to_pylist():
            if written not in known:
                known[written] = self._one(written)
            values.append(known[written])
        told = pa.array(values, pa.string()).take(encoded.indices)
        if told.null_count != text.null_count:
            good &= np.asarray(told.is_valid()) | np.asarray(text.is_null())
        return Taken(text, told, np.asarray(text.is_valid()).astype(np.int64))

    def _one(self, written: str) -> str | None:
        try:
            return self.read(written)
        except ValueError:
            return None

    def stand_in(self, place: int, variant: int, cell: str) -> str:
        return self._form(place, place, variant)

    def in_other_words(self, place: int, variant: int) -> str:
        """The same number as `stand_in` gives, written in another way."""
        return self._form(place + 1, place, variant)

    def _form(self, form: int, place: int, variant: int) -> str:
        return self.forms[form % len(self.forms)].format(10 + 40 * variant + place)


@dataclass(frozen=True, slots=True)
class OwnTime:
    """An instant, by one of the readers of `Clocks`."""

    read: Callable[[Clocks, pa.Array], tuple[Ints, Bools]]
    form: Callable[[int], str]
    """Writes one of so many seconds after a moment of the year 2004, or (of a clock) of an hour like it."""

    def take(self, text: pa.Array, good: Bools, clocks: Clocks) -> Taken:
        found, told = self.read(clocks, text)
        there = np.asarray(text.is_valid())
        good &= told | ~there
        return Taken(text, pa.array(found, mask=~told), there.astype(np.int64))

    def stand_in(self, place: int, variant: int, cell: str) -> str:
        return self.form(variant * 1800 + place)


@dataclass(frozen=True, slots=True)
class OwnSort:
    """A cell of which only its sort counts. `sort` gives it; it raises ValueError for what it does not know."""

    sort: Callable[[str, int | None], int]
    """Of a cell, and from how many seconds an answered call counts as a conversation."""


OwnCell = OwnText | OwnNumber | OwnTime


def owners(taken: Taken, on_file: Mapping[str, Sequence[str]], good: Bools) -> None:
    """Finds whose each value is; not good where it is of several."""
    if not on_file:
        return
    encoded = taken.value.dictionary_encode()
    found = [_owner(on_file.get(value, ())) for value in encoded.dictionary.to_pylist()]
    if not any(each is not None for each in found):
        return
    owner = pa.array(found, pa.string()).take(encoded.indices)
    good &= ~np.asarray(pc.equal(owner, _SEVERAL).fill_null(False))
    taken.owner = owner
    taken.sort = np.where(np.asarray(owner.is_valid()), taken.sort + ON_FILE - THERE, taken.sort)


def _owner(consumers: Sequence[str]) -> str | None:
    if len(consumers) == 1:
        return consumers[0] or _SEVERAL
    return _SEVERAL if consumers else None


def _email(written: str) -> str:
    address = one_address(written)
    if not is_email(written) or address == TEST_ADDRESS:
        raise ValueError("no address of email, or that of a test")
    return address


def _long_enough(written: str, enough: int | None) -> int:
    seconds = int(written) if written.isdecimal() and written.isascii() and len(written) < 8 else None
    if seconds is None:
        raise ValueError("no seconds")
    return 1 + (seconds > 0) + (enough is not None and seconds >= enough) * 2


def _long_talk(written: str, enough: int | None) -> int:
    seconds = seconds_of(written)
    return 1 + (seconds > 0) + (enough is not None and seconds >= enough) * 2


def _among(*names: str) -> Callable[[str, int | None], int]:
    return lambda written, enough: names.index(written) + 2 if written in names else 1


def _clock_time(seconds: int) -> str:
    return f"2004-02-06 {12 + seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _letter_time(seconds: int) -> str:
    return f"Fri, 06 Feb 2004 {_clock_time(seconds)[11:]}"


_EMAIL: Final = ("Zx{}Q@Example.com", "zX{}Q@example.COM")
_LOCAL: Final = OwnTime(Clocks.local, _clock_time)
_ZONED: Final = OwnTime(Clocks.zoned, lambda seconds: f"{_clock_time(seconds)}Z")
_LETTER: Final = OwnTime(Clocks.letter, lambda seconds: f"{_letter_time(seconds)} +0000")
_EPOCH: Final = OwnTime(Clocks.epoch, lambda seconds: str(1_076_068_800 + seconds))


@dataclass(frozen=True, slots=True)
class VendorCells:
    """What is a row's own in a format, by the columns. `together`: times that have to be of nearly one moment, in seconds.
    `of_lead`: columns of facts that the importer tells when they are new. `call`: the column by which rows are of one call.
    `empty`: columns of structures of which an empty one says nothing."""

    own: Mapping[str, OwnCell]
    sorts: Mapping[str, OwnSort] = field(default_factory=dict)
    together: tuple[str, str, int] | None = None
    of_lead: tuple[str, ...] = ()
    call: str = ""
    empty: frozenset[str] = frozenset()


VENDORS: Final[Mapping[str, VendorCells]] = {
    "vicidial": VendorCells(
        own={
            "call_date": _LOCAL, "start_epoch": _EPOCH, "vendor_lead_code": OwnAccount(), "lead_id": OwnAccount(),
            "phone_number_dialed": OwnNumber(), "phone_number": OwnNumber(),
            "extension": OwnNumber(sent_number, ("91201555{:04d}", "1201555{:04d}")),
            "uniqueid": OwnText(), "closecallid": OwnText(), "caller_code": OwnText(head=1),
        },
        sorts={"comments": OwnSort(_among("MANUAL", "AUTO"))},
        together=("call_date", "start_epoch", 900),
        of_lead=LEAD_COLUMNS,
    ),
    "five9": VendorCells(
        own={
            "call_id": OwnText(), "timestamp": OwnTime(Clocks.report, _letter_time), "date": OwnText(),
            "time": OwnText(), "ani": OwnNumber(), "dnis": OwnNumber(),
        },
        sorts={"talk_time": OwnSort(_long_talk)},
        call="call_id",
    ),
    "sendgrid": VendorCells(
        own={
            "email": OwnNumber(_email, _EMAIL), "timestamp": _EPOCH, "sg_message_id": OwnText(), "smtp_id": OwnText(),
        },
        sorts={"reason": OwnSort(lambda written, enough: 1 + (written.lower() in HELD_BACK))},
    ),
    "postmark": VendorCells(
        own={
            "recipient": OwnNumber(_email, _EMAIL), "email": OwnNumber(_email, _EMAIL), "messageid": OwnText(but=NO_MESSAGE),
            **dict.fromkeys(("deliveredat", "bouncedat", "receivedat", "changedat"), _ZONED),
        },
        empty=frozenset({"metadata"}),
    ),
    "twilio": VendorCells(
        own={
            "sid": OwnText(head=2), "call_sid": OwnText(head=2), "message_sid": OwnText(head=2),
            "to": OwnNumber(), "from": OwnNumber(), "caller_name": OwnText(),
            **dict.fromkeys(("start_time", "date_created", "date_sent", "sent_date", "date_updated"), _LETTER),
        },
        sorts={"duration": OwnSort(_long_enough)},
    ),
}  # fmt: skip


def vendor_cells(name: str) -> VendorCells | None:
    """None of a format whose rows are read one by one."""
    return VENDORS.get(name)


def as_text(column: pa.Array) -> pa.Array | None:
    """Text, or whole numbers as their importers write them; None of other cells."""
    kind: Any = column.type
    if pa.types.is_integer(kind):
        return column.cast(pa.string())
    if pa.types.is_null(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return column.cast(pa.string())
    return None
