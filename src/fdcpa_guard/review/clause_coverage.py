"""Which clauses of rules their cases make both true and false.

A clause is a test of a condition, as it stands in a rule file or in a file of shared definitions. It is judged wherever
the cases lead the rule to it: in the rule's own conditions, its exceptions, and those of its counts and other blocks. A
clause of a shared definition is covered by the cases of all rules that use it, taken together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Step
from fdcpa_guard.engine.interpreter import Evaluation
from fdcpa_guard.engine.verdicts import called_number, debts_of, per_debt
from fdcpa_guard.errors import GuardError
from fdcpa_guard.facts.actions import judged, proposed
from fdcpa_guard.facts.bind import file_of
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.models import Scenario
from fdcpa_guard.facts.reading import scenario_of
from fdcpa_guard.lang import core
from fdcpa_guard.lang.printing import to_text
from fdcpa_guard.rulefile.cases_file import load_cases
from fdcpa_guard.rulefile.documents import CASES_SUFFIX, LIMITATION_CASES_FILE
from fdcpa_guard.rulefile.model import (
    Block,
    Count,
    Deadline,
    Exception_,
    Limitation,
    MomentOf,
    Rule,
    Selection,
    Standing,
    Waiting,
)
from fdcpa_guard.rulefile.walk import tests_of
from fdcpa_guard.source import Span

_Place = tuple[str, int, int]
Answer = Literal["true", "false"]
_ANSWERS: Final[tuple[tuple[Answer, bool], ...]] = (("true", True), ("false", False))


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that the cases leave open. `never` are the answers that none of them gives it."""

    span: Span
    text: str
    part: str
    never: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class ClauseCoverage:
    """`name` is a rule's id, or the name of a file of shared definitions."""

    name: str
    clauses: int
    missing: tuple[Clause, ...]


def clause_coverage(guard: Guard, paths: Iterable[Path]) -> list[ClauseCoverage]:
    """The coverage of each rule whose cases are among the files, and of the definitions that those rules use.

    Cases that cannot be read are left out here; running them tells why.
    """
    seen: dict[_Place, set[bool]] = {}
    rules: list[Rule] = []
    for path in paths:
        if not path.name.endswith(CASES_SUFFIX) or path.name == LIMITATION_CASES_FILE:
            continue
        try:
            cases = load_cases(path)
        except GuardError:
            continue
        rule = guard.rulebook.by_id.get(cases.rule)
        if rule is None:
            continue
        rules.append(rule)
        for case in cases.cases:
            try:
                _judge(rule, scenario_of(case.scenario), guard, seen)
            except GuardError:
                continue
    return [*_by_rule(rules, seen), *_by_definitions(rules, seen)]


class _Watched(Evaluation):
    """The definition itself, with a note of every clause's answer."""

    seen: dict[_Place, set[bool]]

    def _test(
        self, node: core.Test, entry: Entry | None, event: EventOf | None
    ) -> tuple[bool | None, list[str], Step]:
        answer, lacks, step = super()._test(node, entry, event)
        if answer is not None:
            self.seen.setdefault(_place(node), set()).add(answer)
        return answer, lacks, step


def _judge(rule: Rule, scenario: Scenario, guard: Guard, seen: dict[_Place, set[bool]]) -> None:
    communication = judged(proposed(scenario))
    file = file_of(scenario)
    prior = file.prior(communication)
    yields_to = [guard.rulebook.by_id[name] for name in rule.yields_to]
    for world in file.worlds(called_number(communication)):
        for debt in debts_of(communication, file) if per_debt(rule) else (None,):
            evaluation = _Watched(rule, communication, file, world, debt, prior, in_place_of=yields_to, traced=False)
            evaluation.seen = seen
            evaluation.judge()


def _place(node: core.Test) -> _Place:
    return node.span.source.name, node.span.start, node.span.end


def _by_rule(rules: Sequence[Rule], seen: dict[_Place, set[bool]]) -> Iterator[ClauseCoverage]:
    for rule in rules:
        own = {
            _place(clause): (clause, part)
            for part, condition in parts_of(rule)
            for clause in tests_of(condition)
            if clause.span.source is rule.span.source
        }
        yield _covered(rule.id, own, seen)


def _by_definitions(rules: Sequence[Rule], seen: dict[_Place, set[bool]]) -> Iterator[ClauseCoverage]:
    shared: dict[str, dict[_Place, tuple[core.Test, str]]] = {}
    for rule in rules:
        for part, condition in parts_of(rule):
            for clause in tests_of(condition):
                if clause.span.source is not rule.span.source:
                    shared.setdefault(clause.span.source.name, {})[_place(clause)] = (clause, part)
    for name in sorted(shared):
        yield _covered(name, shared[name], seen)


def _covered(
    name: str, clauses: dict[_Place, tuple[core.Test, str]], seen: dict[_Place, set[bool]]
) -> ClauseCoverage:
    missing: list[Clause] = []
    for place in sorted(clauses):
        clause, part = clauses[place]
        answers = seen.get(place, set())
        never = tuple(name for name, answer in _ANSWERS if answer not in answers)
        if never:
            missing.append(Clause(clause.span, to_text(clause), part, never))
    return ClauseCoverage(name, len(clauses), tuple(missing))


def parts_of(rule: Rule) -> Iterator[tuple[str, core.Condition]]:
    """Every condition of a rule, of its blocks and of the definitions it uses, with the name of its part."""
    if rule.applies_when is not None:
        yield "applies_when", rule.applies_when
    if rule.violated_when is not None:
        yield "violated_when", rule.violated_when
    yield from ((f"undecided_when {each.id}", each.when) for each in rule.undecided)
    yield from _exceptions("unless", rule.unless)
    for item in (*rule.must_contain, *rule.must_not_contain):
        if item.only_when is not None:
            yield f"only_when of {item.id}", item.only_when
    for name, block in rule.blocks.items():
        yield from _parts_of_block(name, block)
    yield from ((f"definition {name}", each.when) for name, each in rule.definitions.items())


def _parts_of_block(name: str, block: Block) -> Iterator[tuple[str, core.Condition]]:
    selections: Iterable[Selection]
    match block:
        case Count() | MomentOf():
            selections = (block.select,)
        case Standing():
            selections = (*block.begins, *block.ends)
        case Waiting():
            selections = (block.after,)
        case Deadline():
            selections = (block.after, block.must_follow)
        case Limitation():
            return
    yield from ((f"only_when of {name}", each.only_when) for each in selections if each.only_when is not None)
    if isinstance(block, Count | MomentOf | Deadline):
        yield from _exceptions(f"exception of {name}:", block.exceptions)


def _exceptions(part: str, exceptions: Iterable[Exception_]) -> Iterator[tuple[str, core.Condition]]:
    yield from ((f"{part} {each.id}", each.when) for each in exceptions)
