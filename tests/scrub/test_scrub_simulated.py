"""A list against a simulated log by all shipped rules: every answer is a check's, and every window too."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from fdcpa_guard.auditing.consumers import merged_accounts
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.importers.reading import AccountFacts, LogEvent, LogRow, open_accounts, open_events, open_log
from fdcpa_guard.facts.models import Collector, Communication, Person
from fdcpa_guard.ruleset.rulebook import load_rulebook
from fdcpa_guard.scrubbing.run import scrub
from fdcpa_guard.simulate import Parameters, simulate

WHOSE = Collector(kind="third_party_collector")
DAY = date(2026, 4, 2)


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard(load_rulebook(None))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("simulated")
    simulate(Parameters(24, 6, seed=11, violations=0.5), made)
    random, rows = Random(3), []
    with (made / "accounts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            channel = random.choice(["call", "call", "text", "email", "letter"])
            address = {"email": row["email1"], "letter": row["home_line"]}.get(channel, random.choice([row["phone1"], row["phone2"]]))
            rows.append((row["consumer_id"], channel, address, row["debt_id"], "manual" if channel == "call" else ""))
    with (made / "list.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("consumer_id", "channel", "address", "debt_ids", "dialing"), *rows])
    return made


@pytest.fixture(scope="module")
def files(folder: Path) -> dict[str, ConsumerFile]:
    """The files of the consumers, put together without the scrub's own means."""
    accounts, events, history = defaultdict(list), defaultdict(list), defaultdict(list)
    for item in (*open_accounts(folder / "accounts.csv"), *open_events(folder / "events.csv"), *open_log([folder / "log.csv"])):
        match item:
            case AccountFacts():
                accounts[item.consumer_id].append(item)
            case LogEvent():
                events[item.consumer_id].append(item.event)
            case LogRow():
                history[item.consumer_id].append(item.communication)
            case _:
                pass
    found = {}
    for consumer, facts in accounts.items():
        person, debts, _ = merged_accounts(facts)
        found[consumer] = ConsumerFile(
            collector=WHOSE, consumer=person, debts=debts, events=events[consumer], history=history[consumer]
        )
    return found


def planned(folder: Path) -> list[dict[str, str]]:
    with (folder / "list.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def said(row: dict[str, str], at: datetime) -> Communication:
    return Communication(
        at=at, channel=row["channel"], address=row["address"] or None, debts=(row["debt_ids"],),
        dialing=row["dialing"] or None, person=Person(role="consumer"),
    )  # fmt: skip


@pytest.mark.parametrize("engine", ["scalar", "columnar"])
def test_a_decision_at_an_instant_is_a_checks(
    guard: Guard, folder: Path, files: dict[str, ConsumerFile], engine: str
) -> None:
    at = datetime.fromisoformat("2026-04-02T16:30:00-05:00")
    result = scrub(
        folder / "list.csv", log=[folder / "log.csv"], accounts=folder / "accounts.csv", events=folder / "events.csv",
        guard=guard, at=at, collector=WHOSE, engine=engine, ahead=engine == "scalar",
    )  # fmt: skip
    rows = planned(folder)
    assert len(result.answers) == len(rows) > 30
    assert {answer.decision for answer in result.answers} == {"allow", "review", "block"}
    for row, answer in zip(rows, result.answers, strict=True):
        decision = guard.check(said(row, at), files[row["consumer_id"]])
        stopping = [each for each in decision.findings if each.consequence is decision.decision]
        assert answer.decision == decision.decision.value
        if answer.decision != "allow":
            assert answer.rules == tuple(each.rule for each in stopping)
            assert answer.reason == stopping[0].message
        if engine == "scalar":
            told = decision.permitted_at
            assert answer.permitted_at == (None if told is None else told.isoformat())


def test_windows_of_a_day_are_a_checks(guard: Guard, folder: Path, files: dict[str, ConsumerFile]) -> None:
    result = scrub(
        folder / "list.csv", log=[folder / "log.csv"], accounts=folder / "accounts.csv", events=folder / "events.csv",
        guard=guard, on=DAY, collector=WHOSE, engine="columnar", ahead=False,
    )  # fmt: skip
    for row, answer in zip(planned(folder), result.answers, strict=True):
        assert answer.judged_at is not None
        judged = guard.check(said(row, datetime.fromisoformat(answer.judged_at)), files[row["consumer_id"]])
        assert answer.decision == judged.decision.value
        assert (answer.decision == "allow") == bool(answer.windows)
        spans = [
            tuple(datetime.fromisoformat(bound.replace("Z", "+00:00")) for bound in span.split("/"))
            for span in (answer.windows_utc or "").split(";") if span
        ]  # fmt: skip
        first = datetime.fromisoformat(f"{DAY}T11:03:00+00:00")
        for moment in (first + timedelta(minutes=53 * number) for number in range(16)):
            decision = guard.check(said(row, moment), files[row["consumer_id"]]).decision.value
            assert (decision == "allow") == any(start < moment < end for start, end in spans)
