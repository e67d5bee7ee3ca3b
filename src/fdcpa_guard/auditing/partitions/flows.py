"""Where the own cells of a row turn up in what its importer makes of it.

The importer itself is asked, of rows in which something stands in for each own cell that has its like nowhere else. What comes
of it is one template for all rows that differ in nothing but such cells. It is asked twice, with other things in their place: a
field that then differs, and in which neither is found, was made of a cell in a way that nobody knows, and there is no template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fdcpa_guard.auditing.partitions.splitting import split_communication, split_event
from fdcpa_guard.facts.importers.rows import AccountFacts, Item, LogEvent, LogRow
from fdcpa_guard.values import instant_of

AS_JSON: Final = frozenset({"debts", "stated"})
"""Fields whose texts are JSON."""
OF_TIME: Final = frozenset({"at", "known_at", "updated", "ends", "received_at"})
_MAY_HOLD: Final = OF_TIME | AS_JSON | {
    "consumer", "id", "address", "agent", "sender", "person_id", "subject", "template", "raw", "chain", "leg_of", "given_in",
}  # fmt: skip
"""Fields that are a record's own; all else is shared."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A cell of a row: `how` is `raw`, `value` (what is made of it), or `owner` (of whom that is)."""

    how: str
    column: str


Part = str | Ref
Filled = tuple[Part, ...]
"""A text of parts; one of several, or of a reference."""
Fields = Mapping[str, Any]
"""What each field is: something that is always the same, or `Filled`."""


@dataclass(frozen=True, slots=True)
class Template:
    """What the importer makes of all rows of a kind: a communication, and perhaps an event."""

    row: Fields
    event: Fields | None


@dataclass(frozen=True, slots=True)
class Shared:
    """Columns of which, in rows of a kind, something shared is made: they are not their own in these."""

    columns: frozenset[str]


Values = Mapping[Ref, str | int | None]


def records_of(items: Sequence[Item]) -> tuple[Fields, Fields | None] | None:
    """The fields of a row's communication and event, facts of its consumer aside; None where it gives anything else."""
    row: Fields | None = None
    event: Fields | None = None
    for item in items:
        if isinstance(item, LogRow) and row is None:
            own, shape = split_communication(item.communication)
            row = {
                "consumer": item.consumer_id, **own, "shape": shape, "raw": item.raw_outcome,
                "updated": None if item.updated_at is None else instant_of(item.updated_at),
                "witness": int(item.witness), "chain": item.chain, "leg_of": item.leg_of,
            }  # fmt: skip
        elif isinstance(item, LogEvent) and row is not None and event is None and item.consumer_id == row["consumer"]:
            own, shape = split_event(item.event)
            event = {"consumer": item.consumer_id, **own, "shape": shape}
        elif not isinstance(item, AccountFacts) or row is not None:
            return None
    return None if row is None else (row, event)


def template_of(asked: Sequence[tuple[tuple[Fields, Fields | None], Values]]) -> Template | Shared | None:
    """By what the importer made of several rows, and what stood in for their cells."""
    found = [(_abstract(row, values), event and _abstract(event, values)) for (row, event), values in asked]
    shared = frozenset(
        each for told in found for fields in told if fields is not None for each in _held_by_what_is_shared(fields)
    )
    if shared:
        return Shared(shared)
    if any(each != found[0] for each in found):
        return None
    row, event = found[0]
    if not isinstance(row["at"], tuple) or not isinstance(row["consumer"], str | tuple):
        return None
    return Template(row, event)


def filled(fields: Fields, values: Values) -> dict[str, Any]:
    """The fields of a row with cells of its own."""
    return {name: _filled(said, values) for name, said in fields.items()}


def _filled(said: Any, values: Values) -> Any:
    if not isinstance(said, tuple):
        return said
    parts = [each if isinstance(each, str) else values[each] for each in said]
    return parts[0] if len(parts) == 1 else "".join(map(str, parts))


def _abstract(fields: Fields, values: Values) -> Fields:
    texts = {each: ref for ref, each in reversed(list(values.items())) if isinstance(each, str)}
    times = {each: ref for ref, each in reversed(list(values.items())) if isinstance(each, int)}
    pattern = re.compile("|".join(map(re.escape, sorted(texts, key=len, reverse=True)))) if texts else None
    return {name: _parts(name, said, texts, times, pattern) for name, said in fields.items()}


def _parts(
    name: str, said: Any, texts: Mapping[str, Ref], times: Mapping[int, Ref], pattern: re.Pattern[str] | None
) -> Any:
    if isinstance(said, bytes):
        said = said.decode()
    if isinstance(said, str) and pattern is not None:
        parts: list[Part] = []
        end = 0
        for match in pattern.finditer(said):
            parts += [said[end : match.start()]] if match.start() > end else []
            parts.append(texts[match[0]])
            end = match.end()
        if parts:
            return (*parts, said[end:]) if end < len(said) else tuple(parts)
    if name in OF_TIME and isinstance(said, int) and said in times:
        return (times[said],)
    return said


def _held_by_what_is_shared(fields: Fields) -> set[str]:
    return {
        each.column
        for name, said in fields.items()
        if isinstance(said, tuple) and name not in _MAY_HOLD
        for each in said
        if isinstance(each, Ref)
    }
