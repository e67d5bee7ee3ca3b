"""What a program calls: rules loaded once, one communication checked or many, by one thread or several."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from fdcpa_guard import Decision, FactsError, Guard, Outcome, RuleErrors, Scenario, check, check_many, load_rules

CALL = {"channel": "call", "person": {"role": "consumer"}, "address": "+14065550100", "debts": ["d1"]}


def scenario(calls: int = 1, at: str = "2026-06-16T10:00:00-06:00") -> dict[str, Any]:
    """A call to a consumer in Montana after so many in the two days before it."""
    first = {"id": "h1", "at": "2026-06-14T09:00:00-06:00", "outcome": "no_answer", "repeat": calls, "every": "4 hours"}
    return {
        "collector": {"kind": "third_party_collector"},
        "consumer": {
            "id": "c1",
            "addresses": [{"kind": "home", "state": "MT", "zip": "59601"}],
            "phones": [{"number": "+14065550100", "line": "mobile", "place": "personal"}],
        },
        "debts": [{"id": "d1", "kind": "credit_card"}],
        "history": [{**CALL, **first}],
        "communication": {**CALL, "at": at, "place": "personal"},
    }


MANY = [scenario(calls, at) for calls in (1, 6, 7, 8) for at in ("2026-06-16T07:59:00-06:00", "2026-06-16T10:00:00-06:00")]


def told(decision: Decision) -> tuple[object, ...]:
    findings = [(each.rule, each.status, each.message, each.clears_at, each.counted) for each in decision.findings]
    return decision.decision, decision.permitted_at, decision.unknown, decision.rules_version, decision.as_of, findings


@pytest.fixture(scope="module")
def guard() -> Guard:
    return load_rules(warm=False)


class TestCheckingOne:
    @pytest.mark.parametrize(("calls", "decision"), [(6, Outcome.ALLOW), (7, Outcome.BLOCK)])
    def test_a_document_is_judged_by_the_shipped_rules(self, calls: int, decision: Outcome) -> None:
        assert check(scenario(calls)).decision is decision

    def test_a_model_and_its_document_get_the_same_answer(self, guard: Guard) -> None:
        assert told(check(Scenario.model_validate(scenario(7)), guard)) == told(check(scenario(7), guard))

    def test_the_document_is_left_as_it_was(self, guard: Guard) -> None:
        document = scenario(7)
        before = deepcopy(document)
        check(document, guard)
        assert document == before

    def test_asked_twice_it_answers_the_same(self, guard: Guard) -> None:
        assert told(check(scenario(7), guard)) == told(check(scenario(7), guard))

    def test_it_names_the_rules_by_which_it_was_judged(self, guard: Guard) -> None:
        assert check(scenario(), guard).rules_version == guard.rulebook.version

    def test_a_warm_guard_answers_as_a_cold_one(self, guard: Guard) -> None:
        assert told(check(scenario(7), load_rules(warm=True))) == told(check(scenario(7), guard))


class TestCheckingMany:
    def test_each_gets_the_answer_that_it_would_get_alone(self, guard: Guard) -> None:
        assert [told(each) for each in check_many(MANY, guard)] == [told(check(each, guard)) for each in MANY]

    def test_they_are_judged_one_at_a_time(self, guard: Guard) -> None:
        found = check_many(iter([scenario(), {"no": "scenario"}]), guard)
        assert next(found).decision is Outcome.ALLOW
        with pytest.raises(FactsError):
            next(found)

    def test_none_are_none(self, guard: Guard) -> None:
        assert list(check_many([], guard)) == []

    def test_eight_threads_get_equal_answers(self) -> None:
        fresh = load_rules(warm=False)
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: [told(each) for each in check_many(MANY, fresh)], range(8)))
        assert answers == [[told(check(each, load_rules(warm=False))) for each in MANY]] * 8


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("where", "key", "value", "path"),
        [
            ((), "consmer", {}, "consmer"),
            (("communication",), "chanel", "call", "communication.chanel"),
            (("communication",), "channel", "telephone", "communication.channel"),
            (("communication",), "at", "2026-06-16T10:00:00", "communication.at"),
            (("consumer",), "phone", [], "consumer.phone"),
            (("debts", 0), "kind", "loan", "debts.0.kind"),
            (("history", 0), "outcome", "hung_up", "history.0.outcome"),
            (("collector",), "kind", "bank", "collector.kind"),
        ],
    )
    def test_what_a_document_may_not_say_is_named_by_its_path(
        self, guard: Guard, where: tuple[str | int, ...], key: str, value: object, path: str
    ) -> None:
        document: Any = scenario()
        place = document
        for part in where:
            place = place[part]
        place[key] = value
        with pytest.raises(FactsError) as caught:
            check(document, guard)
        assert caught.value.path == path

    def test_a_scenario_without_a_communication(self, guard: Guard) -> None:
        document = scenario()
        del document["communication"]
        with pytest.raises(FactsError, match="proposes nothing") as caught:
            check(document, guard)
        assert caught.value.path == "communication"

    def test_a_time_zone_that_there_is_not(self, guard: Guard) -> None:
        document = scenario()
        document["consumer"]["time_zones"] = ["America/Helena"]
        with pytest.raises(FactsError, match="America/Helena"):
            check(document, guard)

    def test_repeated_entries_without_how_far_apart(self, guard: Guard) -> None:
        document = scenario()
        del document["history"][0]["every"]
        with pytest.raises(FactsError) as caught:
            check(document, guard)
        assert caught.value.path == "history[0].every"

    def test_a_folder_that_there_is_not(self, tmp_path: Path) -> None:
        with pytest.raises(RuleErrors, match="there is no folder"):
            load_rules(tmp_path / "none")

    def test_a_policy_that_loosens(self, tmp_path: Path) -> None:
        policy = tmp_path / "policy.yaml"
        policy.write_text("tighten: {us-regf-seven-in-seven: {limit: 9}}\n", encoding="utf-8")
        with pytest.raises(FactsError, match="looser than the law's"):
            load_rules(policy=policy)


class TestWhatItDoesNotDependOn:
    @pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Honolulu"])
    def test_the_time_zone_of_the_machine(self, zone: str) -> None:
        code = (
            "import sys; sys.path.insert(0, sys.argv[1]); from test_api import MANY, told; from fdcpa_guard import check;"
            "print([told(check(each)) for each in MANY])"
        )
        elsewhere = subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert elsewhere == f"{[told(check(each)) for each in MANY]}\n"

    def test_the_offset_in_which_an_instant_is_written(self, guard: Guard) -> None:
        assert told(check(scenario(7, "2026-06-16T10:00:00-06:00"), guard)) == told(
            check(scenario(7, "2026-06-17T01:00:00+09:00"), guard)
        )

    def test_the_clock_of_the_machine(self, guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
        def asked(*_: object) -> float:
            raise AssertionError("nobody asks what time it is")

        for clock in ("time", "time_ns", "localtime", "gmtime"):
            monkeypatch.setattr(f"time.{clock}", asked)
        assert check(scenario(7), guard).decision is Outcome.BLOCK

    def test_the_network(self, guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
        def asked(*_: object, **__: object) -> None:
            raise AssertionError("nobody asks the network")

        monkeypatch.setattr("socket.socket.connect", asked)
        monkeypatch.setattr("socket.getaddrinfo", asked)
        assert check(scenario(7), guard).decision is Outcome.BLOCK
