"""Clause coverage: every clause that the cases lead to, in the rule, its blocks and what it shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.review.clause_coverage import clause_coverage
from fdcpa_guard.ruleset.rulebook import load_rulebook

RULE = """\
rule: us-a
title: a
jurisdiction: US
law:
  - {cite: Code 1, says: a}
in_force: {from: null}
checked_on: 2026-11-21
confidence: verified
binds: [creditor]
reaches: any
effect: prohibits
violated_when: communication.place is work and (consumer.minor or shared)
"""
DEFINITIONS = """\
definitions_of: a
jurisdiction: US
conditions:
  shared: {cite: Code 1, about: communication, when: communication.public}
"""
CASES = """\
cases_of: us-a
defaults:
  collector: {kind: creditor}
  consumer: {addresses: [{kind: home, state: TX, zip: "78701"}]}
  communication: {at: "2026-11-04T10:00:00-06:00", channel: letter}
cases:
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(RULE, encoding="utf-8")
    (tmp_path / "definitions.yaml").write_text(DEFINITIONS, encoding="utf-8")
    return tmp_path


def missing(folder: Path, *cases: str) -> dict[str, dict[str, tuple[str, ...]]]:
    path = folder / "a.cases.yaml"
    path.write_text(CASES + "".join(f"  - {{case: c{n}, {case}, expect: {{verdict: violated}}}}\n" for n, case in enumerate(cases)))
    found = clause_coverage(Guard(load_rulebook([folder])), [path])
    return {Path(each.name).name: {clause.text: clause.never for clause in each.missing} for each in found}


def test_an_answer_that_no_case_gives_is_told(folder: Path) -> None:
    found = missing(folder, "communication: {place: work, public: true}", "communication: {place: home, public: true}")
    assert found == {
        "us-a": {"consumer.minor": ("true", "false"), "shared": ("false",)},
        "definitions.yaml": {"communication.public": ("false",)},
    }


def test_an_unknown_is_neither(folder: Path) -> None:
    assert missing(folder, "communication: {place: work}")["us-a"]["shared"] == ("true", "false")


def test_nothing_is_left_where_each_clause_was_both(folder: Path) -> None:
    found = missing(
        folder,
        "communication: {place: work, public: true}, consumer: {minor: false}",
        "communication: {place: home, public: false}, consumer: {minor: true}",
    )
    assert found == {"us-a": {}, "definitions.yaml": {}}


def test_a_case_that_the_rule_is_not_for_judges_nothing(folder: Path) -> None:
    found = missing(folder, "collector: {kind: debt_buyer}, communication: {place: work, public: true}")
    assert len(found["us-a"]) == 3
