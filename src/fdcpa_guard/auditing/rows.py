"""A finding of the audit as it is written: one line of JSON, one row of a table. Plain values only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import orjson
from pydantic import TypeAdapter

from fdcpa_guard.engine.decision import Outcome, Status
from fdcpa_guard.engine.findings import Finding


class Category(StrEnum):
    """What a reader does with a finding."""

    BREACH = "breach"
    """A flat rule is broken."""
    PRESUMPTION = "presumption"
    """The law presumes a violation; the presumption can be rebutted."""
    PERSON = "person"
    """A person must look: a fact is missing, the law leaves it open, or the rule asks for a person's judgement."""
    ADVICE = "advice"
    """Shown, and changes nothing."""


CATEGORIES: Final = (Category.BREACH, Category.PRESUMPTION, Category.PERSON, Category.ADVICE)
"""The gravest first."""

OF_COMMUNICATION: Final = "communication"
OF_ACTION: Final = "action"
OF_END_OF_LOG: Final = "end_of_log"
OF_ERROR: Final = "error"
ERROR_RULE: Final = "not-judged"
"""Stands in place of a rule where a communication could not be judged."""


def category_of(finding: Finding, consequence: Outcome) -> Category:
    """`consequence` is the rule's own, before any waiver."""
    if finding.effect == "advice" or consequence is Outcome.ALLOW:
        return Category.ADVICE
    if finding.status is Status.UNKNOWN or consequence is Outcome.REVIEW:
        return Category.PERSON
    return Category.PRESUMPTION if finding.effect == "presumed_violation" else Category.BREACH


@dataclass(frozen=True, slots=True)
class CountedRow:
    """What a finding rests on. `file` and `row` are of the log; null of an event. `sure`: it counts, whatever is unknown.

    `block` is the rule's name for what was counted. Of the communication itself `this_one` is true.
    """

    id: str
    at: str
    local: str
    block: str
    sure: bool
    this_one: bool
    file: str | None = None
    row: int | None = None
    channel: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """An entry that was looked at and does not count, and why. Worked out for the findings that the report draws."""

    id: str
    local: str
    block: str
    why: str


@dataclass(frozen=True, slots=True)
class WaiverRow:
    name: str
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding. Instants are ISO 8601: `at` in UTC, `local` and `clears_at` on the consumer's clock (`zone`).

    Where the consumer may be in several zones, `zones` has all and `zone` the one that times are shown in; where no zone
    is known, times are shown in UTC and `zone` is null. `of` says what was judged: a communication, an action, the state
    of things at the end of the log (missed deadlines), or nothing, because of an error.

    With one consumer, the first `CLOSE_LOOKS` findings of a rule have all of it; the first `FULL_LOOKS` lack `clears_at`
    and `left_out`; of those after them `in_full` is false, and what they rest on is not worked out: a log that holds
    thousands of calls to one consumer has findings enough.
    """

    rule: str
    category: str
    status: str
    effect: str
    consequence: str
    jurisdiction: str
    cite: str
    cites: tuple[str, ...]
    title: str
    message: str
    consumer_id: str
    of: str
    communication: str | None
    file: str | None
    row: int | None
    at: str
    local: str
    zone: str | None
    zones: tuple[str, ...]
    channel: str | None
    direction: str | None
    outcome: str | None
    raw_outcome: str | None
    agent: str | None
    debts: tuple[str, ...]
    counted: tuple[CountedRow, ...]
    left_out: tuple[LeftOutRow, ...]
    facts: dict[str, str]
    unknown: tuple[str, ...]
    clears_at: str | None
    confidence: str
    waiver: WaiverRow | None
    in_full: bool
    rules_version: str


_READER: Final = TypeAdapter(FindingRow)
CLOSE_LOOKS: Final = 10
FULL_LOOKS: Final = 50
RULE_AT: Final = len('{"rule":"')


def to_line(row: FindingRow) -> bytes:
    """The finding as one line of JSON, `rule` first and `category` second."""
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def from_line(line: bytes) -> FindingRow:
    return _READER.validate_json(line)


def rule_and_category(line: bytes) -> tuple[str, str]:
    """Read off the beginning of a line, without reading the rest."""
    end = line.index(b'"', RULE_AT)
    start = end + len('","category":"')
    return line[RULE_AT:end].decode(), line[start : line.index(b'"', start)].decode()


def status_of(line: bytes) -> str:
    """Read off the beginning of a line, as the category is."""
    end = line.index(b'"', RULE_AT)
    start = line.index(b'","status":"', end) + len('","status":"')
    return line[start : line.index(b'"', start)].decode()


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


# -- tables --------------------------------------------------------------------------------------------------------------

_NESTED: Final = frozenset({"counted", "left_out", "facts", "waiver"})
COLUMNS: Final = (
    *(field.name for field in fields(FindingRow) if field.name not in _NESTED),
    "counted_ids", "counted_local_times", "counted_unsure", "facts", "waiver",
)  # fmt: skip
LIST_SEPARATOR: Final = "|"


def cells(row: FindingRow) -> Iterator[str | int | None]:
    """One value for each of `COLUMNS`; lists are joined by `|`, facts are `name=value`."""
    for field in fields(row):
        if field.name in _NESTED:
            continue
        value = getattr(row, field.name)
        if isinstance(value, bool):
            value = "true" if value else "false"
        yield LIST_SEPARATOR.join(value) if isinstance(value, tuple) else value
    yield LIST_SEPARATOR.join(each.id for each in row.counted)
    yield LIST_SEPARATOR.join(each.local for each in row.counted)
    yield LIST_SEPARATOR.join(each.id for each in row.counted if not each.sure)
    yield LIST_SEPARATOR.join(f"{name}={value}" for name, value in row.facts.items())
    yield None if row.waiver is None else f"{row.waiver.name}: {row.waiver.reason} (until {row.waiver.until})"


_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def for_spreadsheet(value: str | int | None) -> str | int | None:
    """A text that a spreadsheet would take for a formula begins with an apostrophe: what a log says must never run."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value
