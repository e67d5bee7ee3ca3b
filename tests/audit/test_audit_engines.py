"""Both engines give the same audit to the byte; where they would not, the run stops and leaves a scenario behind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from audit_world import COLLECTOR, THREE_CALLS, World, account, calls
from shipped import default_guard

from fdcpa_guard.auditing.rows import ERROR_RULE
from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.cases import decide
from fdcpa_guard.engine.columnar import judging
from fdcpa_guard.engine.columnar.people import People
from fdcpa_guard.engine.columnar.whereabouts import Whereabouts
from fdcpa_guard.errors import BackendDisagreement, FactsError
from fdcpa_guard.facts import bind, locations
from fdcpa_guard.facts.models import Consumer, Scenario
from fdcpa_guard.simulate import Parameters, simulate


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated")
    simulate(Parameters(60, 8, seed=11, violations=0.5), folder)
    return folder


@pytest.mark.parametrize("as_known", ["then", "now"])
def test_the_findings_do_not_depend_on_the_engine(simulated: Path, tmp_path: Path, as_known: str) -> None:
    for engine in ("scalar", "columnar"):
        run_audit(
            [simulated / "log.csv"], guard=default_guard(), collector=COLLECTOR, accounts=simulated / "accounts.csv",
            events=simulated / "events.csv", actions=simulated / "actions.csv", out=tmp_path / engine, workers=1,
            as_known=as_known, engine=engine,  # type: ignore[arg-type]  # from the lists above
        )  # fmt: skip
    for name in ("findings.jsonl", "problems.jsonl", "summary.json"):
        one, other = (tmp_path / engine / name for engine in ("scalar", "columnar"))
        assert one.read_bytes() == other.read_bytes(), name
    assert (tmp_path / "scalar" / "findings.jsonl").read_bytes().count(b"\n") > 20


def test_a_file_that_cannot_be_judged_keeps_no_other_from_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = locations.possible_locations

    def fail(consumer: Consumer, called: str | None) -> object:
        if consumer.language == "es":
            raise FactsError("no such place")
        return found(consumer, called)

    laid_out = Whereabouts.__init__

    def fail_for_all(self: Whereabouts, people: People) -> None:
        if any(each.language == "es" for each in people.alike):
            raise FactsError("no such place")
        laid_out(self, people)

    monkeypatch.setattr(bind, "possible_locations", fail)
    monkeypatch.setattr(Whereabouts, "__init__", fail_for_all)
    world.rows = [*calls("ann", range(4, 8)), *calls("bob", range(4, 8))]
    world.accounts = [account("ann", language="es"), account("bob")]
    by_engine = [world.audit(engine=engine) for engine in ("scalar", "columnar")]
    assert by_engine[0].shown == by_engine[1].shown
    assert [(finding.consumer_id, finding.rule) for finding in by_engine[0].shown] == [
        *[("ann", ERROR_RULE)] * 5,  # four calls, and the end of the log
        ("bob", THREE_CALLS),
    ]


def test_a_disagreement_stops_the_run_and_leaves_a_scenario_that_shows_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = judging.ColumnarRules.judge

    def wrong(self: judging.ColumnarRules, bucket: judging.Bucket) -> object:
        for judged in found(self, bucket):
            if judged.rule.id == THREE_CALLS:
                told = judging.Told(np.array([judging.VIOLATED], np.int8), np.zeros(1, bool), np.zeros(1, bool))
                yield judging.Judged(judged.rule, np.zeros(1, np.int64), told, judged.whole)
            else:
                yield judged

    monkeypatch.setattr(judging.ColumnarRules, "judge", wrong)
    world.rows = calls("ann", [4, 12, 20])
    with pytest.raises(BackendDisagreement, match=r"row 1 of log\.csv") as caught:
        world.audit(out="report", engine="columnar")
    assert not (world.folder / "report" / "manifest.json").exists()
    path = world.folder / "report" / f"disagreement-{caught.value.rule}.json"
    assert str(path) in str(caught.value)
    scenario = Scenario.model_validate(json.loads(path.read_text(encoding="utf-8")))
    assert scenario.communication is not None
    assert scenario.communication.id == "ann-4"
    assert decide(scenario, world.guard).decision.value == "allow"
