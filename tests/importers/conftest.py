"""Reading a small file in a folder of its own, so that messages name it as a user would see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fdcpa_guard.facts.importers.reading import (
    AccountFacts,
    Counts,
    LogEvent,
    LogOptions,
    LogReading,
    LogRow,
    Problem,
    open_accounts,
    open_events,
    open_log,
)

DATA = Path(__file__).parent / "data"
HEADER = "id,at,consumer_id,channel,outcome"
ROW = "h1,2022-04-06T10:00:00-05:00,c1,call,no_answer"


@dataclass
class Read:
    """What a reading gave, by kind."""

    reading: LogReading
    rows: list[LogRow] = field(default_factory=list)
    events: list[LogEvent] = field(default_factory=list)
    accounts: list[AccountFacts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> Counts:
        return self.reading.counts

    @property
    def messages(self) -> list[str]:
        return [str(problem) for problem in self.problems]

    @property
    def ids(self) -> list[str | None]:
        return [row.communication.id for row in self.rows]


def read_all(reading: LogReading) -> Read:
    read = Read(reading)
    for item in reading:
        match item:
            case LogRow():
                read.rows.append(item)
            case LogEvent():
                read.events.append(item)
            case AccountFacts():
                read.accounts.append(item)
            case Problem():
                read.problems.append(item)
    counts = read.counts
    assert counts.rows_read == counts.rows_given + counts.rows_left_out
    return read


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Read]:
    """Writes a file and reads it: `what` is log, accounts or events; the options are those of `LogOptions`."""
    monkeypatch.chdir(tmp_path)

    def do(content: str | bytes, name: str = "log.csv", what: str = "log", **options: object) -> Read:
        if what == "log" and name.endswith(".csv"):
            options.setdefault("format", "canonical")
        path = Path(name)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        stated = LogOptions(**options)  # type: ignore[arg-type]
        match what:
            case "accounts":
                return read_all(open_accounts(path, stated))
            case "events":
                return read_all(open_events(path, stated))
            case _:
                return read_all(open_log([path], stated))

    return do
