"""What FreeSWITCH writes into its records: templates of CSV files, the variables and profiles of JSON, and what was bridged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.amazon_connect_parts import structure
from fdcpa_guard.facts.importers.asterisk_channels import dialled_number
from fdcpa_guard.facts.importers.table import column_name

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_STAMP: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)
_VARIABLE: Final = re.compile(r"\$\{(\w+)\}", re.ASCII)
_OPTIONS: Final = re.compile(r"\{[^}]*\}|\[[^\]]*\]|<[^>]*>")
_FIRST: Final = (
    "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp", "end_stamp",
    "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode",
)  # fmt: skip
_TEMPLATES: Final = {
    13: _FIRST,
    15: (*_FIRST, "read_codec", "write_codec"),
    18: (
        "accountcode", "caller_id_number", "destination_number", "context", "caller_id", "channel_name", "bridge_channel",
        "last_app", "last_arg", "start_stamp", "answer_stamp", "end_stamp", "duration", "billsec", "hangup_cause", "amaflags",
        "uuid", "userfield",
    ),
}  # fmt: skip
"""The templates that come with FreeSWITCH by their width: built in, `example` and `asterisk`."""


def positions(cells: Sequence[str]) -> tuple[str, ...] | None:
    """The columns of a file without a header by its first record: a template itself, or a record of one that is known."""
    bare = [cell.strip().strip('"') for cell in cells]
    named = [match[1] for cell in bare if (match := _VARIABLE.fullmatch(cell))]
    if len(named) == len(cells) and {"destination_number", "hangup_cause"} <= set(named):
        return tuple(column_name(name) for name in named)
    names = _TEMPLATES.get(len(cells))
    if names is None:
        return None
    said = dict(zip(names, bare, strict=True))
    stamps = all(_STAMP.fullmatch(said[name]) for name in ("start_stamp", "end_stamp"))
    numbers = all(said[name].isdigit() for name in ("duration", "billsec"))
    return names if stamps and numbers and _UUID.fullmatch(said["uuid"]) else None


def is_template(written: str | None) -> bool:
    """Whether a cell names a variable in place of holding it."""
    return _VARIABLE.fullmatch(written or "") is not None


def epoch(value: object) -> datetime | None:
    """Seconds since 1970; None where that is 0, of what did not happen."""
    return _since_1970(value, 1, "expected seconds since 1970, such as 1649257200")


def micro_epoch(value: object) -> datetime | None:
    """Millionths of a second since 1970, likewise."""
    return _since_1970(value, 1_000_000, "expected millionths of a second since 1970, such as 1649257200000000")


def _since_1970(value: object, parts: int, expected: str) -> datetime | None:
    found = c.number(value)
    if found == 0:
        return None
    try:
        return c.instant(datetime.fromtimestamp(found / parts, UTC))
    except (ValueError, OverflowError, OSError):
        raise ValueError(expected) from None


def variables(value: object) -> Mapping[str, str] | None:
    """Texts by name as `column_name` writes it, decoded where they are encoded for a URL. Raises ValueError: no structure."""
    said = {
        column_name(name): unquote(str(held)) for name, held in (structure(value) or {}).items()
        if isinstance(held, str | int | float) and not isinstance(held, bool)
    }  # fmt: skip
    return said or None


def profiles(value: object) -> tuple[Mapping[str, str], ...]:
    """The profiles of the caller from the first to the last: a transfer puts a new one before those that there were.

    Raises:
        ValueError: neither a structure nor a list of them.
    """
    found = []
    for each in value if isinstance(value, list) else [value]:
        profile = (structure(each) or {}).get("caller_profile")
        if profile is not None and (said := variables(profile)) is not None:
            found.append(said)
    return tuple(reversed(found))


def bridged_number(last_app: str | None, last_arg: str | None) -> str | None:
    """The number that a bridge named through a gateway or a profile; None where it names none, or more than one.

    `sofia/gateway/carrier/15125550100` and `{ignore_early_media=true}sofia/external/15125550100@203.0.113.5` do; `user/101` is a
    telephone of the shop.
    """
    if (last_app or "").lower() != "bridge" or not last_arg:
        return None
    found = set()
    for place in re.split(r"[,|]|:_:", _OPTIONS.sub("", last_arg)):
        parts = place.strip().split("/")
        if parts[0].lower() == "sofia" and len(parts) > 2 and (number := dialled_number(parts[-1].partition("@")[0])):
            found.add(number)
    return next(iter(found)) if len(found) == 1 else None
