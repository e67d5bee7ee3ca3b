"""What a later run of a continued audit says otherwise of what was known before it, as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
from pydantic import TypeAdapter

from fdcpa_guard.auditing.rows import LIST_SEPARATOR

CHANGES_JSON, CHANGES_CSV = "changes.jsonl", "changes.csv"
NEW, GONE, OTHERWISE = KINDS = ("new", "gone", "otherwise")
WHY_SAYS: Final = {
    "corrected_record": "a record of before stands in a new file too",
    "late_record": "a new file tells of an earlier communication",
    "late_action": "a new file tells of an earlier action",
    "late_event": "a new file tells of what was known by then",
    "account": "a new file says more of the consumer or the debts",
    "lost_row": "a row of a new file could not be read",
    "later_knowledge": "more is known now",
    "other_terms": "it was judged by other rules or options",
}
"""What each kind of reason means."""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason why a finding changed, as far as one is known. `kind` is one of `WHY_SAYS`; `file` and `row` are where it
    stands, `id` and `at` (in UTC) of the record there; null where it is of no record."""

    kind: str
    file: str | None = None
    row: int | None = None
    id: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a finding said, before or now."""

    category: str
    status: str
    message: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A finding on what was known before a run that the run has anew (`new`), no longer (`gone`) or otherwise (`otherwise`).

    `rule`, `communication` (null where it has no id), `debts` and `of` are of the finding, `at` its instant in UTC, `file` and
    `row` where the communication or action stands. `before` is null of a new one, `now` of one that is gone. `why` lists
    what may have made the difference: each new record of the consumer that the finding could have looked at, the first ones;
    empty where nothing is known of it.
    """

    change: str
    rule: str
    consumer_id: str
    of: str
    communication: str | None
    file: str | None
    row: int | None
    at: str
    debts: tuple[str, ...]
    before: Said | None
    now: Said | None
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class ChangesFound:
    """`run` counts the runs of the state from 1. `consumers_judged` had to be judged in it, the others stand as they were.
    `new`, `gone` and `otherwise` count findings on what was known before."""

    run: int
    consumers_judged: int
    new: int
    gone: int
    otherwise: int


@dataclass(frozen=True, slots=True)
class Changes:
    """`lines` is a file with a `ChangeRow` in each line, `shown` the first of them."""

    found: ChangesFound
    lines: Path
    shown: tuple[ChangeRow, ...]


_READER: Final = TypeAdapter(ChangeRow)


def change_to_line(row: ChangeRow) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def change_from_line(line: bytes) -> ChangeRow:
    return _READER.validate_json(line)


CHANGE_COLUMNS: Final = (
    "change", "rule", "consumer_id", "of", "communication", "file", "row", "at", "debts", "category_before", "status_before",
    "message_before", "category_now", "status_now", "message_now", "why",
)  # fmt: skip


def change_cells(row: ChangeRow) -> Iterator[str | int | None]:
    """One value for each of `CHANGE_COLUMNS`."""
    yield from (row.change, row.rule, row.consumer_id, row.of, row.communication, row.file, row.row, row.at)
    yield LIST_SEPARATOR.join(row.debts)
    for said in (row.before, row.now):
        yield from (None, None, None) if said is None else (said.category, said.status, said.message)
    yield LIST_SEPARATOR.join(dict.fromkeys(why_in_words(each) for each in row.why))


def why_in_words(why: Why) -> str:
    """A reason as one phrase, with where it stands."""
    where = "" if why.file is None else f" ({why.file}{'' if why.row is None else f', row {why.row}'})"
    return f"{WHY_SAYS[why.kind]}{where}"


def change_in_words(row: ChangeRow) -> str:
    """A change as one line; nothing in it steers a terminal."""
    what = row.communication or ("the end of the log" if row.file is None else "")
    where = "" if row.file is None else f" ({row.file}, row {row.row})"
    of = row.now or row.before
    why = "; ".join(dict.fromkeys(why_in_words(each) for each in row.why))
    told = "" if of is None else f": {of.message}"
    said = f"{row.change}: {row.rule}, consumer {row.consumer_id}, {what}{where}{told}{f' [{why}]' if why else ''}"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in said)


def first_changes(lines: Path, most: int) -> Sequence[ChangeRow]:
    """The first rows of a file of changes."""
    found: list[ChangeRow] = []
    with lines.open("rb") as file:
        for line in file:
            if len(found) == most:
                break
            found.append(change_from_line(line))
    return found
