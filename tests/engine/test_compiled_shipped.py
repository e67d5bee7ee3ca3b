"""The compiled rules answer as the interpreter does, over every rule that ships and logs as collectors keep them."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from random import Random

import pytest
import shipped
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fdcpa_guard.cases import narrowed
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.verdicts import Flag, RuleVerdict, called_number
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile, file_of
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.cases_file import load_cases
from fdcpa_guard.rulefile.documents import CASES_SUFFIX
from fdcpa_guard.rulefile.nodes import to_python

# A world shrinks for minutes; a failing one tells enough as it is.
_PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
_FLAGGED = (Verdict.VIOLATED, Verdict.UNKNOWN)
_MUTANTS = 10
_KEPT = {"at", "type", "id", "communication", "repeat", "every"}
"""Keys without which there is no scenario, or another."""


def assert_same(flag: Flag | None, told: RuleVerdict) -> None:
    assert (flag is not None) is (told.verdict in _FLAGGED), told
    if flag is None:
        return
    assert flag.agrees(told), (flag, told)
    if flag.first is not None:
        day, counted = flag.first
        first = next(each for each in told.judgements if each.verdict in _FLAGGED)
        counts = counted(first.counts)
        assert day == first.day
        assert {name: counts[name] for name in first.counts} == dict(first.counts), first


@settings(phases=_PHASES)
@given(shipped.worlds(), st.booleans())
def test_all_shipped_rules_give_compiled_the_verdicts_and_counts_of_their_definitions(
    world: tuple[dict[str, object], models.Communication], judged_later: bool
) -> None:
    parts, said = world
    guard = shipped.guard()
    file = ConsumerFile(**parts, as_of=said.at if judged_later else None)  # type: ignore[arg-type]  # drawn in its types
    communication = Entry(said, of_log=False)
    flags = guard._screened(communication, file, file.prior(communication))
    if flags is None:
        assert any(place.clock is None for place in file.worlds(called_number(communication)))
        return
    flagged = {flag.rule.id: flag for flag in flags}
    for rule in guard.rules:
        assert_same(flagged.get(rule.id), guard.judge(rule, communication, file))


@cache
def scenarios_beside(name: str) -> tuple[dict[str, object], ...]:
    """The cases of a rule as plain documents, without what they expect."""
    path = shipped.shipped().paths[name]
    found = [to_python(case.scenario) for case in load_cases(path.with_name(path.stem + CASES_SUFFIX)).cases]
    return tuple({key: value for key, value in case.items() if key != "expect"} for case in found if isinstance(case, dict))


def forget_something(node: object, chance: Random) -> None:
    """Leaves out a fact here and there."""
    if isinstance(node, list):
        for each in node:
            forget_something(each, chance)
    elif isinstance(node, dict):
        for key in [key for key in node if key not in _KEPT]:
            if chance.random() < 0.15:
                del node[key]
        for each in node.values():
            forget_something(each, chance)


def mutants(name: str) -> list[models.Scenario]:
    """Cases of a rule with facts left out, and with the log or the events of another of its cases."""
    chance = Random(name)
    cases = scenarios_beside(name)
    found: list[models.Scenario] = []
    for number in range(_MUTANTS):
        document = deepcopy(cases[number % len(cases)])
        for key in ("history", "events"):
            if chance.random() < 0.3:
                document[key] = deepcopy(chance.choice(cases).get(key, []))
        if number >= len(cases) or chance.random() < 0.7:
            forget_something(document, chance)
        try:
            scenario = models.Scenario.model_validate(document)
        except ValidationError:
            continue
        if scenario.communication is not None:
            found.append(scenario)
    return found


@pytest.mark.parametrize("name", [rule.id for rule in shipped.shipped().rules])
def test_a_shipped_rule_is_compiled_as_defined_where_facts_of_its_cases_are_forgotten(name: str) -> None:
    guard = narrowed(shipped.default_guard(), name)
    assert guard is not None
    rule = next(each for each in guard.rules if each.id == name)
    for scenario in mutants(name):
        assert scenario.communication is not None
        file, communication = file_of(scenario), Entry(scenario.communication, of_log=False)
        flags = guard._screened(communication, file, file.prior(communication))
        if flags is not None:
            assert_same({flag.rule.id: flag for flag in flags}.get(name), guard.judge(rule, communication, file))
