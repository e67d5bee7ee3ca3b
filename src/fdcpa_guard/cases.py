"""Runs scenarios, and the cases that stand beside rules: what each states is checked against what the engine says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Decision, Status, Verdict
from fdcpa_guard.engine.verdicts import RuleVerdict
from fdcpa_guard.errors import GuardError
from fdcpa_guard.facts.bind import Entry, file_of
from fdcpa_guard.facts.models import Expect, Scenario
from fdcpa_guard.facts.reading import read_scenarios, scenario_of
from fdcpa_guard.rulefile.cases_file import RuleCase, load_cases
from fdcpa_guard.values import Range

CASES_SUFFIX = ".cases.yaml"
_SUFFIXES = (".yaml", ".yml", ".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One scenario or case: whether all that it states holds, and what does not."""

    path: str
    scenario: str
    ok: bool
    why: tuple[str, ...]


def files_under(paths: Sequence[Path]) -> Iterator[Path]:
    """The scenario and case files among the paths; folders are walked, in the order of their names."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for found in sorted(path.rglob("*")):
            if found.suffix in _SUFFIXES and found.is_file() and (_is_cases(found) or not _has_cases(found)):
                yield found


def _is_cases(path: Path) -> bool:
    return path.name.endswith(CASES_SUFFIX)


def _has_cases(path: Path) -> bool:
    """Rule, definition and coverage files lie in the same folders and are no scenarios."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            key = line.partition(":")[0]
            if key in ("rule", "definitions_of", "cases_of", "coverage_of"):
                return True
            if key in ("scenario", "communication", "action", "collector", "consumer") or line.startswith(("{", "[")):
                return False
    return False


def run_file(path: Path, guard: Guard) -> list[CaseResult]:
    """Every scenario or case of a file. What cannot be read is a failure of its own."""
    try:
        if _is_cases(path):
            file = load_cases(path)
            return [_run_case(case, file.rule, guard, path) for case in file.cases]
        return [run_scenario(scenario, guard, str(path)) for scenario in read_scenarios(path)]
    except GuardError as error:
        return [CaseResult(str(path), path.name, False, (str(error),))]


def run_scenario(scenario: Scenario, guard: Guard, path: str) -> CaseResult:
    """A scenario as a whole: the decision under all rules."""
    name = scenario.scenario or path
    if scenario.communication is None:
        return CaseResult(path, name, False, ("it has neither a communication nor an action that can be judged",))
    decision = guard.check(scenario.communication, file_of(scenario))
    why = tuple(differences(scenario.expect or Expect(), decision))
    return CaseResult(path, name, not why, why)


def differences(expect: Expect, decision: Decision) -> Iterator[str]:
    """What a scenario states and the decision does not bear out."""
    if expect.decision is not None and expect.decision != decision.decision.value:
        found = ", ".join(f"{f.rule} ({f.status.value})" for f in decision.findings) or "no finding"
        yield f"decision: expected {expect.decision}, found {decision.decision.value}: {found}"
    for cite in expect.violates or ():
        if not any(f.status is Status.VIOLATED and _cited(cite, f.cites) for f in decision.findings):
            yield f"violates: nothing violated cites {cite}"
    for cite in expect.complies or ():
        for finding in decision.findings:
            if _cited(cite, finding.cites):
                yield f"complies: {finding.rule} ({finding.status.value}) cites {cite}"
    if expect.permitted_at is not None and expect.permitted_at != decision.permitted_at:
        yield f"permitted_at: expected {_iso(expect.permitted_at)}, found {_iso(decision.permitted_at)}"
    if expect.unknown is not None and set(expect.unknown) != set(decision.unknown):
        yield f"unknown: expected {sorted(expect.unknown)}, found {sorted(decision.unknown)}"


def _iso(moment: datetime | None) -> str:
    return "none" if moment is None else moment.isoformat()


def _cited(cite: str, cites: Sequence[str]) -> bool:
    """A finding under a longer citation counts: 1006.14(b)(2)(ii) is under 1006.14(b)(2), 1006.140 is not."""
    wanted = " ".join(cite.split())
    for each in cites:
        found = " ".join(each.split())
        if found.startswith(wanted) and not found[len(wanted) : len(wanted) + 1].isalnum():
            return True
    return False


def _run_case(case: RuleCase, rule_id: str, guard: Guard, path: Path) -> CaseResult:
    where = f"{path}:{case.span.line}"
    try:
        scenario = scenario_of(case.scenario)
    except GuardError as error:
        return CaseResult(where, case.name, False, (str(error),))
    rule = guard.rulebook.by_id.get(rule_id)
    if rule is None or scenario.communication is None:
        missing = f"no rule is called `{rule_id}`" if rule is None else "it has no communication"
        return CaseResult(where, case.name, False, (missing,))
    file = file_of(scenario)
    communication = Entry(scenario.communication, of_log=False)
    verdict = guard.judge(rule, communication, file)
    why = list(case_differences(case, verdict, guard, scenario))
    flag = next((flag for flag in guard.flagged(communication, file, file.prior(communication)) if flag.rule is rule), None)
    if not (flag.agrees(verdict) if flag is not None else verdict.verdict not in (Verdict.VIOLATED, Verdict.UNKNOWN)):
        found = "clear" if flag is None else flag.verdict.value
        why.append(f"the compiled rule and its definition disagree: {found} and {verdict.verdict.value}")
    if scenario.expect is not None and any(
        value is not None for value in (scenario.expect.decision, scenario.expect.permitted_at)
    ):
        why.extend(differences(scenario.expect, guard.check(scenario.communication, file)))
    return CaseResult(where, case.name, not why, tuple(why))


def case_differences(case: RuleCase, verdict: RuleVerdict, guard: Guard, scenario: Scenario) -> Iterator[str]:
    """What a case states of its rule and the rule's verdict does not bear out."""
    if case.verdict is not None and case.verdict != verdict.verdict.value:
        lacked = f", lacking {', '.join(verdict.lacked)}" if verdict.lacked else ""
        yield f"verdict: expected {case.verdict}, found {verdict.verdict.value}{lacked}"
    counts: Mapping[str, Range] = {}
    for judgement in verdict.judgements:
        counts = {**counts, **{name: _more(counts.get(name), found) for name, found in judgement.counts.items()}}
    for name, expected in (case.counts or {}).items():
        found = counts.get(name)
        if found != expected:
            yield f"counts: expected {name} {expected}, found {found}"
    if case.exempt_by is not None:
        by = {judgement.exempt_by for judgement in verdict.judgements}
        if case.exempt_by not in by:
            yield f"exempt_by: expected {case.exempt_by}, found {', '.join(sorted(filter(None, by))) or 'none'}"
    for name in case.unknown or ():
        if name not in verdict.lacked:
            yield f"unknown: expected {name} among {', '.join(verdict.lacked) or 'none'}"
    if case.items is not None:
        items = {item for judgement in verdict.judgements for item in judgement.items}
        if set(case.items) != items:
            yield f"items: expected {sorted(case.items)}, found {sorted(items)}"
    if case.clears_at is not None and scenario.communication is not None:
        decision = guard.check(scenario.communication, file_of(scenario))
        found_at = next((f.clears_at for f in decision.findings if f.rule == verdict.rule.id), None)
        if found_at != case.clears_at:
            yield f"clears_at: expected {_iso(case.clears_at)}, found {_iso(found_at)}"


def _more(one: Range | None, other: Range) -> Range:
    """The higher of two counts: that of the debt which is nearer to the limit."""
    return other if one is None or other.at_least >= one.at_least else one


