"""Columns of text, looked at by their bytes, all rows at once: which of them hold what is read as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, get_args

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.facts.importers import columns as cells
from fdcpa_guard.facts.models import Stated
from fdcpa_guard.facts.names import ItemizationKind

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_WHITE: Final = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""What `str.strip` takes away; the \\s of Arrow knows ASCII alone."""
_ODD: Final = f"^[{_WHITE}]|[{_WHITE}]$|\x00"
_FIRST_BEYOND_ASCII: Final = 0x80
_ASCII_WHITE: Final = np.array([chr(byte) in _WHITE for byte in range(256)]) & (np.arange(256) < _FIRST_BEYOND_ASCII)
_LAST_WHITE: Final = 0x20


def _among(characters: str) -> Bools:
    found = np.zeros(256, bool)
    found[list(characters.encode())] = True
    return found


_DIGITS: Final = _among("0123456789")
_DIALLED: Final = _among("0123456789 ().,-+eEtl:")
"""Of these alone is what may be a number written otherwise."""
_OTHERS: Final = 1 << 32
_COUNTED: Final = _DIGITS.astype(np.int64) + np.where(_DIALLED, 0, _OTHERS)
"""By byte: digits are counted in the lower half of a sum, what is of no number in the upper."""
_PLUS, _ONE, _NINE, _BAR = b"+19|"
_E164_LENGTHS: Final = (8, 16)
_OPENS, _CLOSES = (np.frombuffer(each, np.uint8) for each in (b'["', b'"]'))
_MOST_BYTES: Final = (1 << 31) - 1
"""Of an array of texts."""
_IDS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-|"
_ID: Final = r"^[A-Za-z0-9_.:-]+$"
_MONEY: Final = r"(?:0|[1-9][0-9]{0,11})\.[0-9]{2}"
_AMOUNT: Final = f"^{_MONEY}$"
_PLAIN_MONEY: Final = re.compile(_MONEY, re.ASCII)
_PLAIN_DAY: Final = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])", re.ASCII)
_PLAIN_TEXT: Final = re.compile(r"[ !#-\[\]-~]*", re.ASCII)
_KINDS: Final = frozenset(get_args(ItemizationKind))
_TEXTS: Final = ("creditor", "current_creditor", "account_suffix")
_DAYS: Final = ("itemization_date",)
_PLAIN: Final[dict[str, Callable[[str], object]]] = {
    name: _KINDS.__contains__ if name == "itemization_kind"
    else _PLAIN_TEXT.fullmatch if name in _TEXTS
    else _PLAIN_DAY.fullmatch if name in _DAYS
    else _PLAIN_MONEY.fullmatch
    for name in Stated.model_fields
}  # fmt: skip
"""In the order of the model: which values it writes as they came."""
_STATED: Final = cells.nested(Stated, "what a notice states")


def as_array(numbers: Sequence[int]) -> Ints:
    if isinstance(numbers, range):
        return np.arange(numbers.start, numbers.stop)
    return np.asarray(numbers, np.int64)


def laid(column: pa.Array) -> tuple[Ints, Bytes]:
    """Where each text begins, and the last ends, in the bytes of all."""
    _, places, data = column.buffers()
    offsets = np.frombuffer(places, np.int32, len(column) + 1, column.offset * 4).astype(np.int64)
    return offsets - offsets[0], np.frombuffer(data or b"", np.uint8)[offsets[0] : offsets[-1]]


def is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def says_nothing(column: pa.Array) -> Bools:
    """Where it has no value, or the empty text."""
    found: Bools = np.asarray(column.is_null())
    if is_text(column.type):
        found = found | ~np.asarray(pc.binary_length(column).fill_null(0)).astype(bool)
    return found


def as_taken(column: pa.Array, limit: int, good: Bools) -> pa.Array:
    """A column of texts with nothing in the place of empty ones; not good are those that an importer would take otherwise
    than they stand: with white space about them, with NUL, too long, or no Unicode."""
    if column.null_count == len(column):
        return column.cast(pa.string())
    if not pa.types.is_string(column.type):
        return _as_taken(column, limit, good)
    offsets, data = laid(column)
    lengths = np.diff(offsets)
    if len(data) and (data.max() >= _FIRST_BEYOND_ASCII or lengths.max() > limit or not (lowest := data.min())):
        return _as_taken(column, limit, good)
    if len(data) and lowest <= _LAST_WHITE:
        there = np.flatnonzero(lengths)
        white = _ASCII_WHITE[data[offsets[there]]] | _ASCII_WHITE[data[offsets[there + 1] - 1]]
        if white.any():
            good &= _outside(there[white], column)
    if lengths.all():
        return column
    return pc.if_else(pa.array(lengths > 0), column, pa.scalar(None, pa.string()))


def _outside(rows: Ints, column: pa.Array) -> Bools:
    """Every row but some; of those, the rows of which nothing is said."""
    found = np.ones(len(column), bool)
    found[rows] = False
    found |= np.asarray(column.is_null())
    return found


def _as_taken(column: pa.Array, limit: int, good: Bools) -> pa.Array:
    column = _unicode(column, good).cast(pa.string())
    odd = pc.or_(pc.match_substring_regex(column, _ODD), pc.greater(pc.utf8_length(column), limit)).fill_null(False)
    good &= ~odd.to_numpy(zero_copy_only=False)
    empty = pc.equal(column, "").fill_null(False)
    return pc.if_else(empty, pa.scalar(None, pa.string()), column) if pc.any(empty).as_py() else column


def _unicode(column: pa.Array, good: Bools) -> pa.Array:
    """The column without what is no UTF-8, which is not good."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        large = pa.types.is_large_string(column.type)
        told = [_decodes(each) for each in column.view(pa.large_binary() if large else pa.binary()).to_pylist()]
        good &= np.array(told, bool)
        return pc.if_else(pa.array(told), column, pa.scalar(None, column.type))
    return column


def _decodes(data: bytes | None) -> bool:
    try:
        return data is None or data.decode() is not None
    except UnicodeDecodeError:
        return False


def odd_addresses(column: pa.Array) -> Ints:
    """The rows whose address may have to be written otherwise: what is no number in E.164, and may be one."""
    offsets, data = laid(column)
    if not len(data):
        return np.zeros(0, np.int64)
    sums = np.zeros(len(data) + 1, np.int64)
    np.cumsum(_COUNTED[data], out=sums[1:])
    counted, lengths = np.diff(sums[offsets]), np.diff(offsets)
    starts = np.minimum(offsets[:-1], len(data) - 1)
    second = data[np.minimum(starts + 1, len(data) - 1)]
    shortest, longest = _E164_LENGTHS
    number = (counted == lengths - 1) & (data[starts] == _PLUS) & (second >= _ONE) & (second <= _NINE)
    number &= (lengths >= shortest) & (lengths <= longest)
    return np.flatnonzero(~(number | (counted >= _OTHERS) | np.asarray(column.is_null())))


def lists_of_ids(column: pa.Array) -> tuple[pa.Array, Ints]:
    """Ids, or several with bars between them, each as a JSON list; and the rows that may have to be read otherwise."""
    offsets, data = laid(column)
    written = data.tobytes()
    if written.translate(None, _IDS):
        plain = pc.match_substring_regex(column, _ID).fill_null(True).to_numpy(zero_copy_only=False)
        return _in_brackets(column), np.flatnonzero(~plain)
    if b"|" not in written:
        return _in_brackets(column), np.zeros(0, np.int64)
    bars = np.flatnonzero(data == _BAR)
    ends = np.zeros(len(data) + 1, bool)
    ends[offsets] = True
    next_to_none = ends[bars] | ends[bars + 1] | (data[np.minimum(bars + 1, len(data) - 1)] == _BAR)
    odd = np.unique(np.searchsorted(offsets, bars[next_to_none], "right") - 1)
    return _in_brackets(pc.replace_substring(column, "|", '","')), odd


def _in_brackets(column: pa.Array) -> pa.Array:
    offsets, data = laid(column)
    width = int(offsets[1]) if len(column) else 0
    if width and not column.null_count and bool((np.diff(offsets) == width).all()):
        rows = np.empty((len(column), width + 4), np.uint8)
        rows[:, :2], rows[:, 2:-2], rows[:, -2:] = _OPENS, data.reshape(-1, width), _CLOSES
        places = np.arange(0, rows.size + 1, width + 4)
        if places[-1] <= _MOST_BYTES:
            parts = [None, pa.py_buffer(places.astype(np.int32)), pa.py_buffer(rows)]
            return pa.Array.from_buffers(pa.string(), len(column), parts)
    return pc.binary_join_element_wise(pa.scalar('["'), column, pa.scalar('"]'), "")


def list_of_ids(value: str) -> str:
    """Any list of debts. Raises ValueError where there is none in it."""
    found = cells.listing(value)
    if not found:
        # An empty list would say that it is about none, where nothing is said.
        raise ValueError("expected a list")
    return orjson.dumps(found).decode()


def odd_amounts(column: pa.Array) -> Ints:
    """The rows whose amount may be written otherwise than the model writes it."""
    return np.flatnonzero(~pc.match_substring_regex(column, _AMOUNT).fill_null(True).to_numpy(zero_copy_only=False))


def amount(value: str) -> str:
    """Any amount. Raises ValueError where it is none."""
    return str(cells.money(value))


def stated(value: str) -> str:
    """What a notice states, checked, and written as the model writes it. Raises ValueError where it is nothing of the kind."""
    said = _plainly_stated(value)
    if said is None:
        model = _STATED(value)
        assert isinstance(model, Stated)
        return model.model_dump_json(exclude_none=True, by_alias=True)
    return said


def _plainly_stated(value: str) -> str | None:
    """The same without the model, of values that it would write as they came."""
    try:
        said = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    if type(said) is not dict or not said.keys() <= _PLAIN.keys():
        return None
    for name, each in said.items():
        if type(each) is not str or not _PLAIN[name](each):
            return None
    return orjson.dumps({name: said[name] for name in _PLAIN if name in said}).decode()
