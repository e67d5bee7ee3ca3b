"""What a scrub says of one contact, as it is written: one line of JSON, some cells of a table. Plain values only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Final, Literal

import orjson
from pydantic import TypeAdapter

OutcomeName = Literal["allow", "review", "block"]


@dataclass(frozen=True, slots=True)
class ScrubbedContact:
    """The answer to one row of the list.

    `decision` is on the contact alone, at `judged_at`: the instant asked about, or, where a day was, the first of that day
    at which nothing better comes later. `rules` and `cites` are those that make the decision what it is; `reason` is the
    first of their messages; `unknown` the facts that would settle it. `permitted_at` is the next instant at which it would
    be allowed; null where waiting never helps. `windows` are the spans in which it may be made, from the instant asked
    about (of a day: from its beginning) to the end of the local day, on the clock of `zone`; `windows_utc` the same as
    instants. `zones` are all clocks that the consumer's may be, `states` all states.

    `decision_in_sequence` is the decision where every contact before it in the list with the same consumer, unless it is blocked, is
    made just before, with an outcome that nobody knows yet; `rules_in_sequence` and `reason_in_sequence` say what makes it
    other than `decision`. `same_as_row` is the first row of the list with the same consumer, channel and address.
    """

    row: int
    consumer_id: str | None
    decision: OutcomeName
    judged_at: str | None = None
    rules: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    reason: str | None = None
    unknown: tuple[str, ...] = ()
    permitted_at: str | None = None
    windows: str | None = None
    windows_utc: str | None = None
    zone: str | None = None
    zones: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    decision_in_sequence: OutcomeName | None = None
    rules_in_sequence: tuple[str, ...] = ()
    reason_in_sequence: str | None = None
    same_as_row: int | None = None
    read: bool = True
    """Whether the row could be read and judged."""

    def same_as(self, row: int) -> ScrubbedContact:
        """The same of a row with the consumer, channel and address of one before it."""
        return replace(self, same_as_row=row)

    def to_line(self) -> bytes:
        return orjson.dumps(self)

    def cells(self) -> Iterator[str | int | None]:
        """For a table: lists are joined by `|`."""
        for name in ANSWER_COLUMNS:
            value = getattr(self, name)
            yield "|".join(value) if isinstance(value, tuple) else value


_READER: Final = TypeAdapter(ScrubbedContact)
ANSWER_COLUMNS: Final = tuple(
    field.name for field in fields(ScrubbedContact) if field.name not in ("row", "consumer_id", "read")
)
"""What is written beside the list's own columns."""


def from_line(line: bytes) -> ScrubbedContact:
    return _READER.validate_json(line)
