"""Dirty logs, drawn: the columnar audit writes what the scalar one does, to the byte."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

import pyarrow as pa
import pytest
from agreement import both, some_shipped, written_as_arrow
from audit_world import account, call, guard
from hypothesis import given, settings
from hypothesis import strategies as st

from fdcpa_guard.auditing import run
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.importers.context import LogOptions
from fdcpa_guard.simulate import Parameters, simulate
from fdcpa_guard.simulate.simulation import FILE_TYPES, FileType, LogForm

Row = dict[str, str]
PLACES = {"TX": ("78701", "+15125550100"), "MA": ("02108", "+16175550110"), "DC": ("20001", "+12025550110"),
          "WA": ("98101", "+12065550110")}  # fmt: skip
CONSUMERS = ("ann", "bob", "Zoë \N{ALARM CLOCK}", 'q"uo|te\\', "none on file", "a" * 300, "\u0130d", "\ufb01n")
OFFSETS = ("-06:00", "-05:00", "Z", "+00:00", "+05:30")
START = datetime(2024, 3, 4, tzinfo=UTC)


def _or(value: str, *others: str) -> st.SearchStrategy[str]:
    """One value mostly."""
    return st.sampled_from([value] * (12 * len(others)) + list(others))


@st.composite
def instants(draw: st.DrawFn, days: int = 14) -> str:
    """Few instants, so that several rows share one, in any offset."""
    at = START + timedelta(hours=6 * draw(st.integers(0, 4 * days)), minutes=draw(st.sampled_from([0, 0, 0, 30])))
    offset = draw(_or("Z", *OFFSETS))
    hours, minutes = (0, 0) if offset == "Z" else (int(offset[:3]), int(offset[0] + offset[4:]))
    local = at + timedelta(hours=hours, minutes=minutes)
    return f"{local:%Y-%m-%dT%H:%M:%S}{offset}"


DEBTS = _or("d1", "d2", "d1|d2", "", "|", "d9", " d1 ", "d3")
BAD = st.sampled_from(["zz", " ", "2024-03-04", "\u00a0"])


@st.composite
def communications(draw: st.DrawFn, names: Sequence[str]) -> Row:
    channel = draw(_or("call", "text", "email", "letter", "", "fon"))
    outcomes = ["conversation", "no_answer", "no_answer", "voicemail", "undeliverable", "delivered", ""]
    numbers = [number for _, number in PLACES.values()]
    row = {
        "id": draw(st.sampled_from(["", "", *(f"c{number}" for number in range(200)), "\u00e9", " c1"])),
        "at": draw(_or("", "2024-03-04T10:00:00", "x")) or draw(instants()),
        "consumer_id": draw(_or(names[0], *names, "")),
        "channel": channel,
        "direction": draw(_or("outbound", "inbound", "")),
        "debt_ids": draw(DEBTS),
        "outcome": draw(_or("", "zz")) or draw(st.sampled_from(outcomes)),
        "address": draw(_or(numbers[0], *numbers[1:], numbers[0][2:], "", "pat@example.com", "555", "PAT@example.com")),
        "person_role": draw(_or("", "third_party", "spouse", "attorney", "zz")),
        "person_id": draw(_or("", "p1", "p2", " ")),
        "purpose": draw(_or("", "validation_notice", "collection")),
        "agent": draw(_or("Ada", "", "Bob ", "\u00a0")),
    }
    for name, values in (
        ("known_at", instants()), ("updated_at", instants()), ("raw_outcome", st.sampled_from(["A", "NA", ""])),
        ("content", st.sampled_from(["Please call.", "Reply STOP to opt out.", ""])), ("period_ends", st.just("2024-04-20")),
        ("discloses", st.sampled_from(["none", "opt_out_notice", "zz"])), ("place", st.sampled_from(["work", "home", "unknown"])),
        ("stated", st.sampled_from(['{"current_amount":"10.00"}', "{}", "x"])), ("subject", st.just("Debt d1")),
        ("debts_discussed", st.sampled_from(["d2", "none"])), ("person_rol", BAD), ("languages", st.just("en|es")),
    ):  # fmt: skip
        if draw(st.integers(0, 9)) == 0:
            row[name] = draw(values if draw(_or("good", "bad")) == "good" else BAD)
    return row


@st.composite
def accounts(draw: st.DrawFn, names: Sequence[str]) -> Row:
    state = draw(_or("TX", *PLACES, ""))
    zip_code, number = PLACES.get(state, ("", ""))
    return {
        "consumer_id": draw(st.sampled_from(names)),
        "home_state": state,
        "home_zip": zip_code,
        "phones": draw(st.sampled_from(["", f"{number}|mobile|personal", f"{number}|mobile;{number}|landline|work"])) if number else "",
        "language": draw(_or("en", "", "es")),
        "debt_id": draw(_or("d1", "d2", "d3", "")),
        "debt_group": draw(_or("", "g1")),
        "debt_kind": draw(_or("credit_card", "medical", "", "zz")),
        "amount": draw(_or("10.00", "", "12.5")),
        "placed_at": draw(_or("2024-02-01", "")),
    }


@st.composite
def events(draw: st.DrawFn, names: Sequence[str]) -> Row:
    kinds = ["validation_notice_sent", "dispute_received", "cease_requested", "notice_undeliverable", "consent_given",
             "time_inconvenient", "medium_refused", "attorney_represented", "deceased", "zz"]  # fmt: skip
    row = {
        "consumer_id": draw(_or(names[0], *names, "")),
        "at": draw(instants()),
        "type": draw(st.sampled_from(kinds)),
        "known_at": draw(st.just("") | instants()),
        "debt_ids": draw(DEBTS),
        "channel": draw(_or("", "call", "text")),
        "medium": draw(_or("", "letter", "email")),
        "address": draw(_or("", "+15125550100", "5125550100")),
        "given_in": draw(_or("", "c1", "c2")),
        "written": draw(_or("", "true", "zz")),
    }
    for name in ("ends", "until", "received_at"):
        if draw(st.integers(0, 9)) == 0:
            row[name] = draw(instants() | BAD)
    return row


@st.composite
def actions(draw: st.DrawFn, names: Sequence[str]) -> Row:
    return {
        "id": draw(_or("", "a1", "a2")),
        "at": draw(instants()),
        "consumer_id": draw(st.sampled_from(names)),
        "type": draw(_or("furnish", "sue", "zz")),
        "debt_ids": draw(DEBTS),
    }


def _with_copies(rows: st.SearchStrategy[Row], least: int, most: int) -> st.SearchStrategy[list[Row]]:
    """Some rows come twice, in one log of three."""
    once = st.lists(rows, min_size=least, max_size=most)
    twice = once.filter(len).flatmap(lambda found: st.lists(st.sampled_from(found), max_size=3).map(lambda more: found + more))
    return st.one_of(once, once, twice)


@dataclass(frozen=True)
class Log:
    rows: Sequence[Row]
    accounts: Sequence[Row]
    events: Sequence[Row]
    actions: Sequence[Row]
    split_at: int
    form: Literal["csv", "text", "typed"]


@st.composite
def logs(draw: st.DrawFn) -> Log:
    names = draw(st.lists(st.sampled_from(CONSUMERS), min_size=1, max_size=4, unique=True))
    rows, filed = draw(_with_copies(communications(names), 1, 25)), draw(_with_copies(accounts(names), 0, 6))
    if draw(st.booleans()):
        # Each record once and somebody's: what is left of dirt keeps few consumers from being judged in columns.
        rows = [{**row, "id": f"c{place}", "consumer_id": row["consumer_id"] or names[0]} for place, row in enumerate(rows)]
        filed = list({row["consumer_id"]: row for row in filed}.values())
    return Log(
        rows, filed, draw(_with_copies(events(names), 0, 8)), draw(_with_copies(actions(names), 0, 3)),
        draw(st.integers(0, 25)), draw(st.sampled_from(["csv", "text", "typed"])),
    )  # fmt: skip


LOGS = logs()


def _table(rows: Sequence[Row], form: str) -> pa.Table:
    """The rows as Arrow has them: as text, or the times as times and what repeats as codes."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns: dict[str, Any] = {}
    for name in names:
        values: list[Any] = [row.get(name) for row in rows]
        if form == "typed" and name in ("at", "known_at", "updated_at", "ends", "until", "received_at"):
            columns[name] = pa.array([_instant(value) for value in values], pa.timestamp("us", "UTC"))
        elif form == "typed" and name in ("channel", "outcome", "agent", "person_id", "debt_ids"):
            columns[name] = pa.array(values, pa.string()).dictionary_encode()
        else:
            columns[name] = pa.array(values, pa.string())
    return pa.table(columns)


def _instant(value: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


def _file(folder: Path, name: str, rows: Sequence[Row], form: str) -> Path:
    if form != "csv":
        return written_as_arrow(folder / f"{name}.arrow", _table(rows, form))
    path = folder / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(dict.fromkeys(column for row in rows for column in row)))
        table.writeheader()
        table.writerows(rows)
    return path


def audited(log: Log, rules: Guard, **options: Any) -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = [rows for rows in (log.rows[: log.split_at], log.rows[log.split_at :]) if rows]
        files = [_file(folder, f"log{number}", rows, log.form) for number, rows in enumerate(parts)]
        told = {"accounts": log.accounts, "events": log.events, "actions": log.actions}
        beside = {kind: _file(folder, kind, rows, log.form) for kind, rows in told.items() if rows}
        return both(folder, files, rules, beside, **options)


AS_KNOWN = st.sampled_from(["then", "now"])
AS_OF = st.sampled_from([None, None, START + timedelta(days=9), START + timedelta(days=60)])
PARTITIONS = st.sampled_from([1, 2, 7, 64])


@settings(max_examples=settings().max_examples // 2)
@given(log=LOGS, as_known=AS_KNOWN, as_of=AS_OF, partitions=PARTITIONS)
def test_the_sample_rules_find_the_same(log: Log, as_known: str, as_of: datetime | None, partitions: int) -> None:
    with patch.object(run, "_partitions", lambda *_: partitions):
        audited(log, guard(), as_known=as_known, as_of=as_of)


@pytest.mark.parametrize(
    ("form", "file_type"), [(form, file_type) for form, file_types in FILE_TYPES.items() for file_type in file_types]
)
def test_what_is_written_by_others_gives_the_same(form: LogForm, file_type: FileType, tmp_path: Path) -> None:
    faults = form == "vicidial"
    made = tmp_path / "made"
    simulate(Parameters(12, 5, seed=5, form=form, file_type=file_type, violations=0.5, as_found=faults), made)
    beside = {kind: made / f"{kind}.csv" for kind in ("accounts", "events", "actions") if (made / f"{kind}.csv").exists()}
    others = {*beside.values(), made / "truth.jsonl", made / "simulation.json"}
    files = sorted(path for path in made.rglob("*") if path.is_file() and path not in others)
    told = both(tmp_path, files, some_shipped(), beside, options=LogOptions(zone="America/New_York"))
    assert json.loads(told["summary.json"])["communications"] > 50


@settings(max_examples=settings().max_examples // 2)
@given(log=LOGS, as_known=AS_KNOWN, as_of=AS_OF)
def test_shipped_rules_find_the_same(log: Log, as_known: str, as_of: datetime | None) -> None:
    audited(log, some_shipped(), as_known=as_known, as_of=as_of)


def _calls(**more: str) -> list[Row]:
    """Three a day, one in four of them a conversation."""
    return [
        call("ann", number, f"2024-03-{4 + number // 3:02d}T{9 + number % 3:02d}:00:00-06:00",
             outcome="no_answer" if number % 4 else "conversation", **more)
        for number in range(20)
    ]  # fmt: skip


def test_at_the_end_of_a_log_all_that_is_known_by_then_counts() -> None:
    rows = [row | {"known_at": "" if place % 3 else "2024-04-20T10:00:00Z"} for place, row in enumerate(_calls())]
    log = Log(rows, [account("ann")], [], [], 0, "csv")
    by_then, by_now = (audited(log, some_shipped(), as_known=as_known)["findings.jsonl"] for as_known in ("then", "now"))
    assert by_then != by_now


def test_in_what_offset_a_time_is_written_does_not_matter() -> None:
    rows: list[Row] = []
    for row in _calls(id=""):
        hour = int(row["at"][11:13])
        later = row["at"].replace(f"T{hour:02d}", f"T{hour + 1:02d}").replace("-06:00", "-05:00")
        rows += [row | {"agent": "Zoe"}, row | {"agent": "Ada", "at": later}]
    told = {"consumer_id": "ann", "type": "dispute_received", "written": "true"}
    events = [told | {"at": at} for at in ("2024-03-05T10:00:00-06:00", "2024-03-05T11:00:00-05:00")]
    for rules in (guard(), some_shipped()):
        once = [audited(Log(rows, [account("ann")], some, [], 0, "csv"), rules)["findings.jsonl"] for some in (events, events[:1])]
        assert [line.partition(b'"row"')[0] for line in once[0].splitlines()] == [
            line.partition(b'"row"')[0] for line in once[1].splitlines()
        ]
