"""Runs scenarios, and the cases that stand beside rules: what each states is checked against what the engine says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Decision, Status, Verdict
from fdcpa_guard.engine.verdicts import RuleVerdict
from fdcpa_guard.errors import GuardError, RuleErrors
from fdcpa_guard.facts.actions import judged, proposed
from fdcpa_guard.facts.bind import file_of
from fdcpa_guard.facts.models import Expect, Scenario
from fdcpa_guard.facts.reading import scenario_of
from fdcpa_guard.rulefile.documents import CASES_SUFFIX, LIMITATION_CASES_FILE, SUFFIXES, read_documents, read_source
from fdcpa_guard.rulefile.nodes import Node
from fdcpa_guard.rulefile.strict_json import each_json_line, read_json
from fdcpa_guard.rulefile.strict_yaml import read_yaml
from fdcpa_guard.ruleset.policy import PolicyText
from fdcpa_guard.source import SourceFile
from fdcpa_guard.values import Range

if TYPE_CHECKING:
    from fdcpa_guard.facts.bind import ConsumerFile
    from fdcpa_guard.facts.entries import Entry
    from fdcpa_guard.rulefile.cases_file import CaseFile, RuleCase

STDIN: Final = "-"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One scenario or case: whether all that it states holds, and what does not.

    `usable` is false where it could not be run at all; it is then not `ok` either. `states` is false where nothing is
    expected of it, so that it cannot fail.
    """

    path: str
    scenario: str
    ok: bool
    why: tuple[str, ...]
    usable: bool = True
    states: bool = True


@dataclass(frozen=True, slots=True)
class ScenarioFound:
    """A scenario of a file, or what is wrong in its place. `path` has the line where a file holds several."""

    path: str
    scenario: Scenario | None
    error: GuardError | None = None
    one_of_several: bool = False

    @property
    def name(self) -> str:
        return (self.scenario.scenario if self.scenario is not None else None) or self.path


def files_under(paths: Sequence[Path]) -> Iterator[Path]:
    """The scenario and case files among the paths; folders are walked, in the order of their names."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for found in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
            if hidden or found.suffix not in SUFFIXES or not found.is_file():
                continue
            if is_case_file(found) or not _is_of_rules(found):
                yield found


def scenarios_of(path: Path, stdin: str = "") -> Iterator[ScenarioFound]:
    """The scenarios of a file, one at a time; the path `-` stands for the text of standard input.

    A line of a JSON lines file that cannot be used leaves the others as they are.
    """
    try:
        source = SourceFile("stdin", stdin) if str(path) == STDIN else read_source(path)
        if _is_lines(source):
            for line, node in each_json_line(source):
                yield _found(f"{path}:{line}", node, one_of_several=True)
            return
        documents = _documents_of_stdin(source) if str(path) == STDIN else read_documents(source)
    except GuardError as error:
        yield ScenarioFound(str(path), None, error)
        return
    for document in documents:
        yield _found(str(path), document, one_of_several=False)


def _is_lines(source: SourceFile) -> bool:
    """JSON lines, by the file's name; on standard input, where more than one line begins a document."""
    if source.name == "stdin":
        return source.text.lstrip().startswith("{") and len(re.findall(r"^\{", source.text, re.MULTILINE)) > 1
    return source.name.lower().endswith(".jsonl")


def _documents_of_stdin(source: SourceFile) -> tuple[Node, ...]:
    return (read_json(source) if source.text.lstrip().startswith("{") else read_yaml(source),)


def _found(path: str, node: Node | RuleErrors, *, one_of_several: bool) -> ScenarioFound:
    if isinstance(node, RuleErrors):
        return ScenarioFound(path, None, node, one_of_several)
    try:
        return ScenarioFound(path, scenario_of(node), one_of_several=one_of_several)
    except GuardError as error:
        return ScenarioFound(path, None, error, one_of_several)


def is_case_file(path: Path) -> bool:
    """Whether a file holds the cases of a rule."""
    return path.name.endswith(CASES_SUFFIX)


_OF_RULES: Final = frozenset(
    {"rule", "definitions_of", "cases_of", "coverage_of", "limitations_of", "limitation_cases_of", "lexicon", "pieces_of", "notice"}
)


def _is_of_rules(path: Path) -> bool:
    """Rule, definition and coverage files lie in the same folders and are no scenarios."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            key = line.partition(":")[0]
            if key in _OF_RULES:
                return True
            if key in ("scenario", "communication", "action", "collector", "consumer") or line.startswith(("{", "[")):
                return False
    return False


def run_file(path: Path, guard: Guard) -> list[CaseResult]:
    """Every scenario or case of a file. What cannot be read is a failure of its own."""
    try:
        if path.name == LIMITATION_CASES_FILE:
            return _run_limitations(path, guard)
        if is_case_file(path):
            from fdcpa_guard.rulefile.cases_file import load_cases  # not for a check of one scenario

            return _run_cases(load_cases(path), guard, path)
    except GuardError as error:
        return [_unusable(str(path), path.name, error)]
    return [
        _unusable(found.path, found.name, found.error)
        if found.scenario is None
        else run_scenario(found.scenario, guard, found.path)
        for found in scenarios_of(path)
    ]


def _run_limitations(path: Path, guard: Guard) -> list[CaseResult]:
    """The cases beside limitation periods."""
    from fdcpa_guard.review.limitation_cases import ready
    from fdcpa_guard.rulefile.limitation_cases_file import load_limitation_cases

    results: list[CaseResult] = []
    for case in load_limitation_cases(path).cases:
        where = f"{path}:{case.span.line}"
        try:
            why = tuple(ready(case).differences(guard.rulebook.limitations))
        except GuardError as error:
            results.append(_unusable(where, case.name, error))
        else:
            results.append(CaseResult(where, case.name, not why, why))
    return results


def _unusable(path: str, name: str, error: GuardError | None) -> CaseResult:
    return CaseResult(path, name, False, (str(error),), usable=False)


def run_scenario(scenario: Scenario, guard: Guard, path: str) -> CaseResult:
    """A scenario as a whole: the decision under all rules."""
    name = scenario.scenario or path
    try:
        decision = decide(scenario, guard)
    except GuardError as error:
        return _unusable(path, name, error)
    why = tuple(differences(scenario.expect or Expect(), decision))
    expected = scenario.expect is not None and bool(scenario.expect.model_fields_set)
    return CaseResult(path, name, not why, why, states=expected)


def decide(scenario: Scenario, guard: Guard, as_of: datetime | None = None) -> Decision:
    """The decision on a scenario's communication; `as_of` is the instant whose knowledge counts, else its own.

    Raises:
        FactsError: it proposes nothing that can be judged.
    """
    return guard.check(proposed(scenario), file_of(scenario, as_of))


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


def narrowed(guard: Guard, rule_id: str) -> Guard | None:
    """The guard with one rule alone, and those it gives way to; None where the rule is not loaded.

    What the rule answers is the same, and no other rule has to be compiled for it.
    """
    stated = guard.rulebook.by_id.get(rule_id)
    if stated is None:
        return None
    among = guard.under_other_readings if stated.other_reading_of is not None else guard
    kept = tuple(rule for rule in among.rules if rule.id == rule_id or rule.id in stated.yields_to)
    # The rules are under the policy already.
    return Guard(replace(guard.rulebook, rules=kept), PolicyText(other_readings=True))


@dataclass(frozen=True, slots=True)
class _Ran:
    """A case that was judged: by what, and what of it does not hold."""

    where: str
    name: str
    entry: Entry
    file: ConsumerFile
    told: RuleVerdict
    why: Sequence[str]


def has_columnar_engine() -> bool:
    """Whether cases are judged by the columnar engine too; it needs NumPy."""
    return find_spec("numpy") is not None


def _run_cases(cases: CaseFile, guard: Guard, path: Path) -> list[CaseResult]:
    """The cases of one rule: each by itself, and then all at once."""
    narrow = narrowed(guard, cases.rule)
    ran = [_run_case(case, cases.rule, guard, narrow, path) for case in cases.cases]
    judged_cases = [each for each in ran if isinstance(each, _Ran)]
    at_once = iter(_columnar_differences(judged_cases, narrow) if narrow is not None else ())
    results: list[CaseResult] = []
    for each in ran:
        if isinstance(each, CaseResult):
            results.append(each)
        else:
            why = (*each.why, *next(at_once))
            results.append(CaseResult(each.where, each.name, not why, why))
    return results


def _run_case(case: RuleCase, rule_id: str, guard: Guard, narrow: Guard | None, path: Path) -> CaseResult | _Ran:
    where = f"{path}:{case.span.line}"
    try:
        scenario = scenario_of(case.scenario)
        communication = proposed(scenario)
        file = file_of(scenario)
    except GuardError as error:
        return _unusable(where, case.name, error)
    if narrow is None:
        return CaseResult(where, case.name, False, (f"no rule that is loaded is called `{rule_id}`",), usable=False)
    rule = next(each for each in narrow.rules if each.id == rule_id)
    entry = judged(communication)
    verdict = narrow.judge(rule, entry, file)
    why = list(case_differences(case, verdict, narrow, scenario))
    flag = next((flag for flag in narrow.flagged(entry, file, file.prior(entry)) if flag.rule is rule), None)
    if not (flag.agrees(verdict) if flag is not None else verdict.verdict not in (Verdict.VIOLATED, Verdict.UNKNOWN)):
        found = "clear" if flag is None else flag.verdict.value
        why.append(f"the compiled rule and its definition disagree: {found} and {verdict.verdict.value}")
    if scenario.expect is not None and scenario.expect.model_fields_set:
        among = guard if rule.other_reading_of is None else guard.under_other_readings
        why.extend(differences(scenario.expect, among.check(communication, file)))
    return _Ran(where, case.name, entry, file, verdict, why)


def _columnar_differences(cases: Sequence[_Ran], guard: Guard) -> Iterator[Sequence[str]]:
    """Of each case of a rule, whether the columnar engine, which judges all of them at once, says what the definition does."""
    if not cases or not has_columnar_engine():
        yield from ((),) * len(cases)
        return
    from fdcpa_guard.engine.columnar.bucket import BucketBuilder
    from fdcpa_guard.engine.columnar.judging import ColumnarRules

    builder = BucketBuilder()
    for case in cases:
        builder.proposed(case.file, [case.entry])
    (found,) = ColumnarRules([cases[0].told.rule], guard.yields).judge(builder.bucket())
    flags = {place: _flag(verdict, disagree, missing) for place, verdict, disagree, missing in found.raised()}
    for place, case in enumerate(cases):
        told = case.told
        is_flagged = told.verdict in (Verdict.VIOLATED, Verdict.UNKNOWN)
        got = flags.get(place, "clear")
        defined = _flag(told.verdict, told.locations_disagree, told.missing) if is_flagged else "clear"
        yield () if got == defined else (f"the columnar engine and the definition disagree: {got} and {defined}",)


def _flag(verdict: Verdict, locations_disagree: bool, missing: bool) -> str:
    why = [*(["locations disagree"] if locations_disagree else ()), *(["a fact is missing"] if missing else ())]
    return f"{verdict.value} ({', '.join(why)})" if why else verdict.value


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
    if case.clears_at is not None:
        decision = guard.check(proposed(scenario), file_of(scenario))
        found_at = next((f.clears_at for f in decision.findings if f.rule == verdict.rule.id), None)
        if found_at != case.clears_at:
            yield f"clears_at: expected {_iso(case.clears_at)}, found {_iso(found_at)}"


def _more(one: Range | None, other: Range) -> Range:
    """The higher of two counts: that of the debt which is nearer to the limit."""
    return other if one is None or other.at_least >= one.at_least else one


