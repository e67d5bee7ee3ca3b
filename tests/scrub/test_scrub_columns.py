"""Lists judged by columns give the answers that single contacts give: over drawn files, on ordinary days and on odd ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from scrub_world import RULES, Row, account, planned, write

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.ruleset.policy import PolicyText
from fdcpa_guard.ruleset.rulebook import load_rulebook
from fdcpa_guard.scrubbing.judging import Scrubber
from fdcpa_guard.scrubbing.results import ScrubbedContact
from fdcpa_guard.scrubbing.run import scrub

pytest.importorskip("pyarrow")
MOVING = Path(__file__).parent / "moving"
HOMES = (
    {"home_state": "TX", "home_zip": "78701"}, {"home_state": "NY", "home_zip": "10001"},
    {"home_state": "AZ", "home_zip": "85001"}, {"home_state": "", "home_zip": ""},
)  # fmt: skip
NUMBERS = ("+15125550100", "+12125550100", "+16025550100", "+18005550100", "")
CHANNELS = ("call", "call", "text", "email", "letter")
HOURS = ("2026-03-07T23:30:00-06:00", "2026-03-08T01:30:00-06:00", "2026-03-08T12:00:00-05:00", "2026-03-09T09:00:00-05:00",
         "2026-03-05T18:00:00-06:00", "2026-03-08T08:00:00.000001-05:00")  # fmt: skip


@cache
def guard(*, waived: bool = False) -> Guard:
    book = load_rulebook([RULES, MOVING])
    if not waived:
        return Guard(book)
    waivers = [{"rule": rule.id, "name": "Ada", "reason": "a trial", "until": "2026-03-08"} for rule in book.rules[:2]]
    return Guard(book, PolicyText.model_validate({"waivers": waivers}))


def drawn(random: Random, consumers: int) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    """Accounts, events, a log and a list."""
    accounts: list[Row] = []
    events: list[Row] = []
    log: list[Row] = []
    contacts: list[Row] = []
    for number in range(consumers):
        name = f"c{number}"
        if number % 5 == 0:
            contacts.append(planned(name))
            continue  # of whom no file has anything
        if number % 9:
            accounts.append(account(name, **random.choice(HOMES), phone1=random.choice(NUMBERS[:3])))
        for place in range(random.randrange(5)):
            log.append({
                "at": random.choice(HOURS), "id": f"{name}-{place}" if random.random() < 0.8 else "",
                **planned(name, channel=random.choice(CHANNELS), address=random.choice(NUMBERS)),
                "outcome": random.choice(("no_answer", "conversation", "answered", "")),
            })  # fmt: skip
        if random.random() < 0.4:
            events.append({
                "consumer_id": name, "at": random.choice(HOURS), "type": random.choice(("time_inconvenient", "dispute_received")),
                "from": random.choice(("", "10:15")), "to": random.choice(("", "17:45")),
            })  # fmt: skip
        if random.random() < 0.3:
            events.append({
                "consumer_id": name, "at": random.choice(HOURS), "type": "consent_given", "given_in": f"{name}-0",
                "from": "", "to": "",
            })  # fmt: skip
        for _ in range(random.choice((0, 1, 1, 2, 3))):
            contacts.append({
                **planned(name, channel=random.choice(CHANNELS), address=random.choice(NUMBERS)),
                "at": random.choice(HOURS) if random.random() < 0.2 else "",
            })  # fmt: skip
    random.shuffle(contacts)
    return accounts, [each if each["type"] == "time_inconvenient" else {**each, "from": "", "to": ""} for each in events], log, contacts


def ways(folder: Path, random: Random, consumers: int) -> Iterator[tuple[str, dict[str, Any]]]:
    accounts, events, log, contacts = drawn(random, consumers)
    files = {
        "contacts": write(folder / "list.csv", contacts), "accounts": write(folder / "accounts.csv", accounts),
        "events": write(folder / "events.csv", events), "log": [write(folder / "log.csv", log)],
        "collector": Collector(kind="third_party_collector"),
    }  # fmt: skip
    for on in (date(2026, 3, 8), date(2026, 3, 9), date(2026, 11, 1)):
        yield f"on {on}", {**files, "on": on}
    for at in HOURS[:4]:
        yield f"at {at}", {**files, "at": datetime.fromisoformat(at)}


def answers(files: dict[str, Any], engine: str, **more: Any) -> Sequence[ScrubbedContact]:
    files = dict(files)
    return scrub(files.pop("contacts"), engine=engine, workers=1, **{"guard": guard(), **files, **more}).answers  # type: ignore[arg-type]  # files by their names


@pytest.mark.parametrize("seed", range(3))
def test_the_answers_are_those_of_single_contacts(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    one_by_one = Scrubber.contacts
    left: list[int] = []

    def counted(self: Scrubber, asked: Any) -> list[ScrubbedContact]:
        left.append(sum(len(contacts) for _, contacts in asked))
        return one_by_one(self, asked)

    for name, files in ways(tmp_path, Random(seed), 30):
        expected = answers(files, "scalar", ahead=seed == 0)
        with monkeypatch.context() as patched:
            patched.setattr(Scrubber, "contacts", counted)
            left.clear()
            assert answers(files, "columnar", ahead=seed == 0) == expected, name
        # Most are judged by columns, and not by falling back on what they are compared with.
        assert sum(left) < len(expected) / 3, name


def test_a_waiver_holds_until_the_end_of_its_day(tmp_path: Path) -> None:
    for name, files in ways(tmp_path, Random(7), 20):
        found = [answers(files, engine, guard=guard(waived=True), ahead=False) for engine in ("scalar", "columnar")]
        assert found[0] == found[1], name


def test_those_of_whom_no_file_has_anything_are_judged_with_the_others_and_counted(tmp_path: Path) -> None:
    _, files = next(ways(tmp_path, Random(3), 20))
    contacts = files.pop("contacts")
    found = [scrub(contacts, guard=guard(), engine=engine, ahead=False, **files) for engine in ("scalar", "columnar")]
    assert found[0].summary == found[1].summary
    assert found[1].summary.strangers == 4
