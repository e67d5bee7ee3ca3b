"""The simulator: the same bytes from the same seed, lives that do not depend on each other, and forms that say the same."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from fdcpa_guard.cli.run import run
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import (
    AccountFacts,
    LogEvent,
    LogOptions,
    LogRow,
    debts_on_file,
    open_accounts,
    open_actions,
    open_events,
    open_log,
)
from fdcpa_guard.facts.importers.rows import LogAction
from fdcpa_guard.simulate import Parameters, simulate
from fdcpa_guard.simulate.places import Region, jurisdictions
from fdcpa_guard.simulate.simulation import KINDS

DEMO = Path(__file__).parents[2] / "demo"
DEMO_FILES = ("vicidial_export.tsv", "accounts.csv", "events.csv", "actions.csv", "truth.jsonl")
OPTIONS = {
    "canonical": LogOptions(format="canonical"),
    "vicidial": LogOptions(format="vicidial", zone="America/New_York"),
    "twilio": LogOptions(
        format="twilio", consumer_column="consumer_id", debt_column="debt_ids", conversation_seconds=60
    ),
}


def written(folder: Path, parameters: Parameters) -> dict[str, bytes]:
    simulate(parameters, folder)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(folder: Path, form: str, log: str) -> list[LogRow]:
    """The communications of a log as the audit reads them; a row that is not understood is a failure."""
    options = OPTIONS[form]
    if form == "vicidial":
        owners = debts_on_file(open_accounts(folder / "accounts.csv"))
        options = LogOptions(format=form, zone=options.zone, consumers_by_debt=owners)
    reading = open_log([folder / log], options)
    found = [item for item in reading if isinstance(item, LogRow)]
    assert reading.counts.rows_left_out == 0
    assert not set(reading.counts.problems) - {"dialect", "assumption"}
    return found


class TestTheSameSeed:
    @pytest.mark.parametrize("form", ["canonical", "vicidial", "twilio"])
    def test_gives_the_same_bytes(self, tmp_path: Path, form: str) -> None:
        parameters = Parameters(40, 5, seed=3, form=form, violations=0.5, compress=True)  # type: ignore[arg-type]
        assert written(tmp_path / "a", parameters) == written(tmp_path / "b", parameters)

    def test_another_seed_gives_other_lives(self, tmp_path: Path) -> None:
        one = written(tmp_path / "a", Parameters(5, 5, seed=1))
        assert one["log.csv"] != written(tmp_path / "b", Parameters(5, 5, seed=2))["log.csv"]

    def test_more_consumers_change_none_of_those_before(self, tmp_path: Path) -> None:
        few = written(tmp_path / "few", Parameters(20, 5, violations=0.5))
        many = written(tmp_path / "many", Parameters(60, 5, violations=0.5))
        for name in ("log.csv", "accounts.csv", "events.csv", "actions.csv", "truth.jsonl"):
            assert few[name]
            assert many[name].startswith(few[name])

    def test_the_rate_of_violations_changes_no_lawful_life(self, tmp_path: Path) -> None:
        none = written(tmp_path / "none", Parameters(60, 5))
        some = written(tmp_path / "some", Parameters(60, 5, violations=0.2))
        planted = {json.loads(line)["consumer_id"] for line in some["truth.jsonl"].splitlines()}
        assert planted
        lawful = [line for line in none["log.csv"].decode().splitlines() if line.split(",")[2] not in planted]
        assert lawful == [line for line in some["log.csv"].decode().splitlines() if line.split(",")[2] not in planted]

    def test_a_compressed_file_has_the_same_content(self, tmp_path: Path) -> None:
        plain = written(tmp_path / "plain", Parameters(5))
        packed = written(tmp_path / "packed", Parameters(5, compress=True))
        for name in ("log.csv", "accounts.csv", "events.csv", "actions.csv"):
            assert gzip.decompress(packed[f"{name}.gz"]) == plain[name]


class TestTheForms:
    @pytest.mark.parametrize("file_type", ["jsonl", "parquet"])
    def test_the_canonical_files_say_the_same(self, tmp_path: Path, file_type: str) -> None:
        simulate(Parameters(40, 6), tmp_path)
        simulate(Parameters(40, 6, file_type=file_type), tmp_path)  # type: ignore[arg-type]
        as_csv = [row.communication for row in rows(tmp_path, "canonical", "log.csv")]
        assert as_csv
        assert as_csv == [row.communication for row in rows(tmp_path, "canonical", f"log.{file_type}")]

    def test_vicidial_says_the_outbound_calls(self, tmp_path: Path) -> None:
        simulate(Parameters(60, 6), tmp_path)
        simulate(Parameters(60, 6, form="vicidial"), tmp_path)
        expected = [
            (row.consumer_id, said.at.timestamp(), said.address, (said.debts or ())[:1], said.outcome, said.dialing, said.agent)
            for row in rows(tmp_path, "canonical", "log.csv")
            if (said := row.communication).channel == "call"
            and said.direction == "outbound"
            and said.dialing != "prerecorded"
            and said.person is not None
            and said.person.role == "consumer"
        ]
        found = [
            (row.consumer_id, said.at.timestamp(), said.address, said.debts, said.outcome, said.dialing, said.agent)
            for row in rows(tmp_path, "vicidial", "vicidial_export.tsv")
            if (said := row.communication)
        ]
        assert len(found) > 300
        assert found == expected

    @pytest.mark.parametrize("file_type", ["jsonl", "pages"])
    def test_twilio_says_the_calls_and_texts(self, tmp_path: Path, file_type: str) -> None:
        simulate(Parameters(60, 6), tmp_path)
        simulate(Parameters(60, 6, form="twilio", file_type=file_type), tmp_path)  # type: ignore[arg-type]
        expected = [
            (row.consumer_id, said.at.timestamp(), said.channel, said.direction, said.address, said.debts, said.outcome)
            for row in rows(tmp_path, "canonical", "log.csv")
            if (said := row.communication).channel in ("call", "text")
            and said.dialing != "prerecorded"
            and said.person is not None
            and said.person.role == "consumer"
            and said.purpose is None
        ]
        log = "twilio.jsonl" if file_type == "jsonl" else "twilio"
        found = [
            (row.consumer_id, said.at.timestamp(), said.channel, said.direction, said.address, said.debts, said.outcome)
            for row in rows(tmp_path, "twilio", log)
            if (said := row.communication)
        ]
        assert {channel for _, _, channel, *_ in found} == {"call", "text"}
        assert sorted(found, key=repr) == sorted(expected, key=repr)

    def test_accounts_events_and_actions_are_read_whole(self, tmp_path: Path) -> None:
        simulate(Parameters(80, 8, violations=0.5), tmp_path)
        accounts, events = open_accounts(tmp_path / "accounts.csv"), open_events(tmp_path / "events.csv")
        actions = open_actions(tmp_path / "actions.csv")
        assert len({item.consumer_id for item in accounts if isinstance(item, AccountFacts)}) == 80
        types = {item.event.type for item in events if isinstance(item, LogEvent)}
        assert {"validation_notice_sent", "payment_promised", "cease_requested", "attorney_represents"} <= types
        done = {item.action.type for item in actions if isinstance(item, LogAction)}
        assert {"furnish", "apply_payment", "deposit_payment", "sell_debt", "sue"} <= done
        for reading in (accounts, events, actions):
            assert reading.counts.rows_left_out == 0
            assert not reading.counts.problems

    def test_a_consent_names_the_call_in_which_it_was_given_as_the_log_does(self, tmp_path: Path) -> None:
        log = {"canonical": "log.csv", "vicidial": "vicidial_export.tsv", "twilio": "twilio.jsonl"}
        for form, name in log.items():
            simulate(Parameters(100, 8, form=form), tmp_path / form)  # type: ignore[arg-type]
            ids = {row.communication.id for row in rows(tmp_path / form, form, name)}
            given = {
                item.event.given_in
                for item in open_events(tmp_path / form / "events.csv")
                if isinstance(item, LogEvent) and item.event.type == "consent_given" and item.event.given_in
            }
            assert given
            assert given <= ids


class TestWhoIsInIt:
    def test_every_number_is_one_that_nobody_has(self, tmp_path: Path) -> None:
        for form in ("canonical", "vicidial", "twilio"):
            simulate(Parameters(150, 5, form=form, violations=0.4), tmp_path / form)
        texts = [path.read_text() for path in tmp_path.rglob("*") if path.suffix in (".csv", ".jsonl", ".tsv")]
        for text in texts:
            numbers = re.findall(r"(?<![\d.])\+?1?([2-9]\d{9})(?![\d.])", text)
            assert {number[3:8] for number in numbers} <= {"55501"}

    def test_consumers_live_where_they_were_put(self, tmp_path: Path) -> None:
        simulate(Parameters(60, states=("MA", "NY-NYC")), tmp_path)
        lines = (tmp_path / "accounts.csv").read_text().splitlines()
        state = lines[0].split(",").index("home_state")
        assert {line.split(",")[state] for line in lines[1:]} == {"MA", "NY"}

    def test_there_are_homes_in_every_state_and_both_cities(self) -> None:
        assert len(Region().names) == 53
        assert {"NY-NYC", "IL-CHI", "DC", "WY"} <= set(jurisdictions())

    def test_every_kind_of_violation_is_of_some_place(self) -> None:
        for kind in KINDS:
            assert kind.wanted.where is None or kind.wanted.where <= set(jurisdictions()), kind.name


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("said", "message"),
        [
            ({"consumers": 0}, "at least one consumer"),
            ({"weeks": 3, "violations": 0.1}, "4 to 520 weeks"),
            ({"violations": 1.5}, "a share from 0 to 1"),
            ({"file_type": "parquet", "form": "twilio"}, "expected one of jsonl, pages for twilio"),
            ({"states": ("ZZ",)}, "nobody lives in `ZZ`"),
            ({"zone": "New York"}, "no time zone is called"),
            ({"as_found": True}, "for vicidial alone"),
        ],
    )
    def test_parameters_that_make_no_simulation(self, said: dict[str, object], message: str) -> None:
        with pytest.raises(FactsError, match=re.escape(message)):
            Parameters(**{"consumers": 5, **said})  # type: ignore[arg-type]

    def test_a_day_that_is_none(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["simulate", "--consumers", "1", "--out", str(tmp_path), "--start", "March"]) == 2
        assert "expected a date such as 2026-03-02" in capsys.readouterr().err


class TestTheDemo:
    def test_the_command_of_its_readme_makes_the_same_files(self, tmp_path: Path) -> None:
        """So that the files in the repository are those of the simulator as it is."""
        match = re.search(r"^fdcpa-guard (simulate .*)$", (DEMO / "README.md").read_text(), re.MULTILINE)
        assert match is not None
        command = [str(tmp_path) if word == "demo" else word for word in match[1].split()]
        assert run(command) == 0
        for name in DEMO_FILES:
            assert (tmp_path / name).read_bytes() == (DEMO / name).read_bytes(), name

    def test_it_is_small(self) -> None:
        assert sum(path.stat().st_size for path in DEMO.iterdir()) < 300_000
