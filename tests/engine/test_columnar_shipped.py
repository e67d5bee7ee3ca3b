"""The columnar engine answers as the definition does, over every case and scenario of the project.

All cases of a rule stand in one bucket, each a consumer of its own. An error inside the engine makes it ask the
definition, which would hide the error here: where rules are judged in this module, that is a failure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import pytest
import shipped
from strategies import NOWHERE

from fdcpa_guard.cases import files_under, is_case_file, narrowed, scenarios_of
from fdcpa_guard.engine.columnar.bucket import Bucket, BucketBuilder
from fdcpa_guard.engine.columnar.judging import VERDICTS, ColumnarRules, Judged
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.findings import message_of, message_of_unknown
from fdcpa_guard.engine.verdicts import Flag, judge_rule
from fdcpa_guard.facts import models
from fdcpa_guard.facts.actions import judged, proposed
from fdcpa_guard.facts.bind import ConsumerFile, file_of
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.reading import scenario_of
from fdcpa_guard.lang import core
from fdcpa_guard.review.limitation_cases import ready
from fdcpa_guard.rulefile.cases_file import RuleCase, load_cases
from fdcpa_guard.rulefile.documents import LIMITATION_CASES_FILE
from fdcpa_guard.rulefile.limitation_cases_file import DEBT, LimitationCase, load_limitation_cases
from fdcpa_guard.rulefile.model import ACTIONS, InForce, Rule
from fdcpa_guard.ruleset.rulebook import shipped_rules
from fdcpa_guard.values import Kind, Range, Type
from fdcpa_guard.vocabulary import load_vocabulary

RULES: Final = shipped_rules()
SCENARIOS: Final = Path(__file__).parent.parent / "scenarios"
CASES: Final = [path for path in files_under([RULES]) if is_case_file(path) and path.name != LIMITATION_CASES_FILE]
LIMITATION_CASES: Final = sorted(RULES.rglob(LIMITATION_CASES_FILE))
FOLDERS: Final = sorted({path.parent for path in CASES})
_EVERY: Final = 60
"""Each so many cases are judged by all rules; under the profile `nightly`, every one."""


@pytest.fixture(autouse=True)
def _nothing_is_left_to_the_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    def left(self: ColumnarRules, rule: Rule, bucket: Bucket) -> object:
        raise AssertionError(f"an error ended {rule.id}")

    monkeypatch.setattr(ColumnarRules, "_by_definition", left)


Answer: TypeAlias = tuple[Verdict, bool, bool]


@dataclass(frozen=True)
class Asked:
    """Of a consumer something is proposed."""

    name: str
    file: ConsumerFile
    entry: Entry

    @staticmethod
    def of(name: str, scenario: models.Scenario) -> Asked:
        return Asked(name, file_of(scenario), judged(proposed(scenario)))


def bucket_of(asked: Sequence[Asked]) -> Bucket:
    builder = BucketBuilder()
    for each in asked:
        builder.proposed(each.file, [each.entry])
    return builder.bucket()


def answers_of(found: Judged) -> list[Answer]:
    """What a rule says of each communication; what is flagged and the verdicts of all are worked out in different ways."""
    columns = found.verdicts.tolist(), found.disagree.tolist(), found.missing.tolist()
    whole = [(VERDICTS[verdict], disagree, missing) for verdict, disagree, missing in zip(*columns, strict=True)]
    flagged = (Verdict.VIOLATED, Verdict.UNKNOWN)
    assert list(found.raised()) == [(place, *each) for place, each in enumerate(whole) if each[0] in flagged], found.rule.id
    return whole


@cache
def cases_of(path: Path) -> tuple[str, list[tuple[RuleCase, Asked]]]:
    """The rule of a file, and its cases with what each asks."""
    file = load_cases(path)
    return file.rule, [(case, Asked.of(case.name, scenario_of(case.scenario))) for case in file.cases]


def _higher(one: Range | None, other: Range) -> Range:
    return other if one is None or other.at_least >= one.at_least else one


# -- one rule, its own cases ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(RULES).as_posix())
def test_the_cases_of_a_rule_have_the_answers_they_state_and_those_of_the_definition(folder: Path) -> None:
    for path in CASES:
        if path.parent == folder:
            _cases_agree(*cases_of(path))


def _cases_agree(rule_id: str, cases: Sequence[tuple[RuleCase, Asked]]) -> None:
    guard = narrowed(shipped.default_guard(), rule_id)
    assert guard is not None
    rule = next(each for each in guard.rules if each.id == rule_id)
    engine = ColumnarRules([rule], guard.yields)
    bucket = bucket_of([asked for _, asked in cases])
    (found,) = engine.judge(bucket)
    answers = answers_of(found)
    counts = engine.counts(engine.plans[0], bucket)
    unknown = np.array([place for place, answer in enumerate(answers) if answer[0] is Verdict.UNKNOWN], np.int64)
    accounts = dict(zip(unknown.tolist(), engine.accounts(bucket).of(rule, unknown) or (), strict=False))
    for place, (case, asked) in enumerate(cases):
        told = guard.judge(rule, asked.entry, asked.file)
        if (account := accounts.get(place)) is not None:
            assert (account.verdict, account.locations_disagree, account.missing) == answers[place], (rule_id, case.name)
            assert account.lacked == told.lacked, (rule_id, case.name)
            assert message_of_unknown(account) == message_of(Flag.of(told)), (rule_id, case.name)
        assert answers[place] == (told.verdict, told.locations_disagree, told.missing), (rule_id, case.name)
        assert case.verdict in (None, answers[place][0].value), (rule_id, case.name)
        highest: dict[str, Range] = {}
        for name, ranges in counts.items():
            # The definition counts only where the verdict asks for it.
            asked_for = [judgement.counts.get(name) for judgement in told.judgements]
            counted = [one for one, other in zip(ranges[place], asked_for, strict=True) if other is not None]
            assert counted == [other for other in asked_for if other is not None], (rule_id, case.name, name)
            for each in counted:
                highest[name] = _higher(highest.get(name), each)
        for name, expected in (case.counts or {}).items():
            assert highest[name] == expected, (rule_id, case.name)


def test_there_are_cases_of_actions_and_of_counts_among_them() -> None:
    cases = [each for path in CASES for each in cases_of(path)[1]]
    assert sum(asked.entry.channel in ACTIONS for _, asked in cases) > 50
    assert sum(bool(case.counts) for case, _ in cases) > 50


# -- all rules -----------------------------------------------------------------------------------------------------------


def _flags_agree(guard: Guard, asked: Sequence[Asked]) -> int:
    """All rules on all that is asked; how often a rule was violated or unknown."""
    engine = ColumnarRules(guard.rules, guard.yields)
    found: list[dict[str, Answer]] = [{} for _ in asked]
    for each in engine.judge(bucket_of(asked)):
        for place, *flag in each.raised():
            found[place][each.rule.id] = tuple(flag)  # type: ignore[assignment]  # of three
    for one, got in zip(asked, found, strict=True):
        flags = guard.flagged(one.entry, one.file, one.file.prior(one.entry))
        assert got == {flag.rule.id: (flag.verdict, flag.locations_disagree, flag.missing) for flag in flags}, one.name
    return sum(map(len, found))


def _scenarios(folder: Path) -> Iterator[Asked]:
    for path in files_under([folder]):
        if is_case_file(path):
            continue
        for found in scenarios_of(path):
            assert found.scenario is not None, found.path
            yield Asked.of(found.path, found.scenario)


@pytest.mark.parametrize("folder", [*sorted(path for path in SCENARIOS.iterdir() if path.is_dir()), RULES], ids=lambda path: path.name)
def test_all_rules_flag_in_a_scenario_what_a_guard_flags(folder: Path) -> None:
    asked = list(_scenarios(folder))
    assert bool(asked) is (folder != RULES), "cases alone stand beside the rules"
    assert _flags_agree(shipped.default_guard(), asked) >= len(asked) // 4


def test_all_rules_flag_in_a_case_of_another_what_a_guard_flags() -> None:
    assert _flags_agree(shipped.guard(), _each_case()[::_EVERY]) > 100


@pytest.mark.nightly
def test_they_do_so_in_every_case() -> None:
    assert _flags_agree(shipped.guard(), _each_case()) > 10_000


def _each_case() -> list[Asked]:
    return [replace(asked, name=f"{path}: {case.name}") for path in CASES for case, asked in cases_of(path)[1]]


# -- limitation periods --------------------------------------------------------------------------------------------------

_ANSWERS: Final = {"barred": Verdict.VIOLATED, "open": Verdict.COMPLIES, "unknown": Verdict.UNKNOWN}
_BARRED: Final = core.BlockTruth("debt_is_time_barred", Type(Kind.TRUTH), NOWHERE)


def _barred() -> Rule:
    """A rule that is violated where a debt is barred, whoever collects it."""
    own = shipped.rule("us-regf-time-barred-threat")
    return replace(
        own, in_force=InForce(None, None), binds=frozenset(load_vocabulary().sets["collector_kind"]),
        reaches=frozenset({"any"}), applies_when=None, unless=(), undecided=(),
        violated_when=core.Holds(_BARRED, NOWHERE), must_contain=(), must_not_contain=(),
    )  # fmt: skip


def _of_limitation(case: LimitationCase) -> Asked:
    """The case about a consumer of whom no state is known, and whose days are those of UTC."""
    scenario = scenario_of(case.scenario)
    consumer = scenario.consumer.model_copy(update={"addresses": (), "phones": (), "time_zones": ("UTC",)})
    collector = scenario.collector
    if collector.kind is None:
        collector = models.Collector(kind="third_party_collector")
    return Asked(case.name, file_of(scenario.model_copy(update={"consumer": consumer, "collector": collector})), _noon(case))


def _noon(case: LimitationCase) -> Entry:
    asked = ready(case).judged
    asked.channel, asked.debts = "letter", (DEBT,)
    return asked


def test_the_cases_beside_limitation_periods_have_their_answers_all_at_once() -> None:
    every = [case for path in LIMITATION_CASES for case in load_limitation_cases(path).cases]
    # No rule binds a collector of whom nothing is known.
    cases = [case for case in every if "collector.kind" not in (case.unknown or ())]
    assert len(cases) > 0.95 * len(every)
    asked = [_of_limitation(case) for case in cases]
    rule = _barred()
    (found,) = ColumnarRules([rule], {}).judge(bucket_of(asked))
    answers = [verdict for verdict, _, _ in answers_of(found)]
    for case, one, verdict in zip(cases, asked, answers, strict=True):
        assert verdict is _ANSWERS[case.expect], (case.span.source.name, case.name)
        assert verdict is judge_rule(rule, one.entry, one.file, []).verdict
    assert set(answers) == set(_ANSWERS.values())
