"""Are the cases of a rule sharp? Moves each number and date of it by one, and says which moves no case notices.

    python tests/mutation.py [PATH] [--rule ID]

PATH is a rule file or a folder below `rules`; left out, all rules are moved. Prints the moves that survive, and ends
with 1 where there is one. A move that survives asks for a case on that side of the number. Where no case could tell,
the number does nothing, and should go.

Moved, down and up by one: parameters, and the days on which their values change; the days on which the rule begins and
ends; lengths of windows and waits; and what stands as a constant in a condition of the rule, of its blocks, or of the
definitions that it uses. One is a minute for clock times, a day for dates, a cent for amounts, and one of its own unit
for a span. Moves that are known to change no answer stand in `SAME_LAW`. What is moved in files of limitation periods,
`limitation_mutation` says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias, TypeVar, assert_never

from limitation_mutation import SAME_ANSWERS, ready_table_cases, table_mutants, table_survivors

from fdcpa_guard.cases import case_differences
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.formatting import show_value
from fdcpa_guard.facts.actions import judged, proposed
from fdcpa_guard.facts.bind import ConsumerFile, file_of
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.models import Scenario
from fdcpa_guard.facts.reading import scenario_of
from fdcpa_guard.lang import core
from fdcpa_guard.rulefile.cases_file import RuleCase, cases_path, load_cases
from fdcpa_guard.rulefile.limitations import LimitationTable
from fdcpa_guard.rulefile.model import (
    Block,
    ContentItem,
    Count,
    Deadline,
    Exception_,
    InForce,
    Limitation,
    MomentOf,
    ParameterOf,
    Rule,
    Selection,
    Standing,
    Undecided,
    Waiting,
    Window,
)
from fdcpa_guard.ruleset.policy import PolicyText
from fdcpa_guard.ruleset.rulebook import Rulebook, load_rulebook, shipped_rules
from fdcpa_guard.values import DAY_MICROSECONDS, MICROSECONDS, Duration, Kind, Type, format_day

T = TypeVar("T")
SAME_LAW: Final[Mapping[tuple[str, str], str]] = {
    ("us-regf-after-conversation", "consent_lasts: 7 consecutive days +1"): (
        "a conversation ends consent, so that one that stands outlasts the wait; a day more of it covers no further call"
    ),
    **{
        (rule, f"time_to_honour: {move}"): "the rule is in force only while the ten business days are"
        for rule in (
            "us-tcpa-revocation",
            "us-tcpa-revocation-by-other-means",
            "us-tcpa-revocation-reasonable-time",
            "us-tcpa-revoke-all",
        )
        for move in ("0 hours +1", "from 2025-04-11 -1")
    },
    ("us-tcpa-revoke-all", "time_to_honour: from 2025-04-11 +1"): "the rule begins long after the ten business days",
    **{
        ("us-tcpa-list-dialled-before-2021", f"time_to_honour: {move}"): "the rule ended before there were any business days"
        for move in ("10 business days -1", "10 business days +1", "from 2025-04-11 -1", "from 2025-04-11 +1")
    },
}
"""Moves, by rule, that change no answer at all, each with the reason; `test_mutation` holds that nothing notices them."""

Moved: TypeAlias = tuple[str, T]
"""What was moved, for people, and the thing with that one move made."""

_STEPS = (-1, 1)
_MINUTE = 60 * MICROSECONDS


# -- the moves ---------------------------------------------------------------------------------------------------------


def mutants(rule: Rule) -> Iterator[Moved[Rule]]:
    """The rule with one number or date moved by one, each in its turn."""
    for label, in_force in of_days("in_force", rule.in_force):
        yield label, replace(rule, in_force=in_force)
    for label, parameters in _in_mapping(rule.parameters, of_parameter):
        yield label, replace(rule, parameters=parameters)
    for label, blocks in _in_mapping(rule.blocks, of_block):
        yield label, replace(rule, blocks=blocks)
    for label, definitions in _in_mapping(rule.definitions, lambda each: _in_field(each, "when")):
        yield label, replace(rule, definitions=definitions)
    for name in ("applies_when", "violated_when", "undecided", "unless", "must_contain", "must_not_contain"):
        yield from _in_field(rule, name, f"{name}: ")


def of_days(name: str, span: InForce) -> Iterator[Moved[InForce]]:
    for by in _STEPS:
        if span.start is not None:
            yield f"{name} from {format_day(span.start)} {by:+d}", InForce(span.start + by, span.end)
        if span.end is not None:
            yield f"{name} until {format_day(span.end)} {by:+d}", InForce(span.start, span.end + by)


def of_parameter(parameter: ParameterOf) -> Iterator[Moved[ParameterOf]]:
    """Its values; and the day on which each of them begins, with the end of the one before."""
    values = parameter.values
    for index, dated in enumerate(values):
        for label, value in of_value(dated.value, parameter.type):
            yield label, replace(parameter, values=_with(values, index, replace(dated, value=value)))
    for index, (before, after) in enumerate(pairwise(values)):
        start = after.in_force.start
        if start is None:
            continue
        for by in _STEPS:
            earlier = replace(before, in_force=InForce(before.in_force.start, start + by - 1))
            later = replace(after, in_force=InForce(start + by, after.in_force.end))
            moved = _with(_with(values, index, earlier), index + 1, later)
            yield f"from {format_day(start)} {by:+d}", replace(parameter, values=moved)


def of_block(block: Block) -> Iterator[Moved[Block]]:
    match block:
        case Count() | MomentOf():
            fields: tuple[str, ...] = ("select", "window", "exceptions")
        case Standing():
            fields = ("begins", "ends", "lapses_after")
        case Waiting():
            fields = ("after", "at_least")
        case Deadline():
            fields = ("after", "must_follow", "within", "exceptions")
        case Limitation():
            # Its numbers are those of the limitation periods, which `limitation_mutation` moves.
            fields = ()
        case _:
            assert_never(block)
    for name in fields:
        yield from _in_field(block, name, f"{name}: ")


def of_value(value: int | str | Duration, of: Type) -> Iterator[Moved[int | Duration]]:
    """A constant, moved. A word has no neighbours; nothing is moved below nought, or a clock time out of its day."""
    for by in _STEPS:
        if isinstance(value, Duration):
            moved: int | Duration = Duration(value.length + by, value.unit)
            possible = value.length + by >= 0
        elif isinstance(value, str):
            return
        elif of.kind is Kind.CLOCK_TIME:
            moved = value + by * _MINUTE
            possible = 0 <= moved <= DAY_MICROSECONDS
        else:
            moved = value + by
            possible = moved >= 0
        if possible:
            yield f"{show_value(value, of, None)} {by:+d}", moved


def of_condition(condition: core.Condition) -> Iterator[Moved[core.Condition]]:
    match condition:
        case core.AllOf() | core.AnyOf():
            yield from _in_field(condition, "parts")
        case core.Not():
            yield from _in_field(condition, "part")
        case core.Compare():
            yield from _in_field(condition, "left")
            yield from _in_field(condition, "right")
        case core.OneOf():
            yield from _in_field(condition, "value")
            yield from _in_field(condition, "names")
        case core.Contains():
            yield from _in_field(condition, "item")
        case core.Within():
            yield from _in_field(condition, "value")
            yield from _in_field(condition, "duration")
            yield from _in_field(condition, "anchor")
        case core.Is() | core.Holds():
            return
        case _:
            assert_never(condition)


_CONDITIONS = (
    core.AllOf, core.AnyOf, core.Not, core.Compare, core.OneOf, core.Contains, core.Within, core.Is, core.Holds
)  # fmt: skip
_WITH_CONDITION = {Selection: "only_when", Exception_: "when", Undecided: "when", ContentItem: "only_when"}


def _of_part(part: object) -> Iterator[Moved[object]]:
    """Whatever stands in a field of a rule, a block or a condition, with one move made in it."""
    if isinstance(part, tuple):
        for index, each in enumerate(part):
            for label, moved in _of_part(each):
                yield label, _with(part, index, moved)
    elif isinstance(part, _CONDITIONS):
        yield from of_condition(part)
    elif isinstance(part, core.Literal):
        for label, value in of_value(part.value, part.type):
            yield f"line {part.span.line}, {label}", replace(part, value=value)
    elif isinstance(part, Duration):
        yield from of_value(part, Type(Kind.DURATION))
    elif isinstance(part, Window):
        yield from _in_field(part, "length")
    elif (name := _WITH_CONDITION.get(type(part))) is not None:
        yield from _in_field(part, name)


def _in_field(whole: T, name: str, label: str = "") -> Iterator[Moved[T]]:
    for inner, moved in _of_part(getattr(whole, name)):
        yield label + inner, replace(whole, **{name: moved})  # type: ignore[type-var]  # each is a frozen dataclass


def _in_mapping(whole: Mapping[str, T], moves: Callable[[T], Iterator[Moved[T]]]) -> Iterator[Moved[dict[str, T]]]:
    for name, each in whole.items():
        for label, moved in moves(each):
            yield f"{name}: {label}", {**whole, name: moved}


def _with(values: tuple[T, ...], index: int, value: T) -> tuple[T, ...]:
    return (*values[:index], value, *values[index + 1 :])


# -- the cases ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadyCase:
    """A case with its facts bound: the same for the rule and for every mutant of it."""

    case: RuleCase
    scenario: Scenario
    communication: Entry
    file: ConsumerFile


def ready_cases(path: Path) -> list[ReadyCase]:
    """The cases beside a rule file, with what they propose."""
    ready: list[ReadyCase] = []
    for case in load_cases(cases_path(path)).cases:
        scenario = scenario_of(case.scenario)
        ready.append(ReadyCase(case, scenario, judged(proposed(scenario)), file_of(scenario)))
    return ready


def noticed(rule: Rule, rulebook: Rulebook, cases: Iterable[ReadyCase]) -> str | None:
    """The first case whose expectation of the rule does not hold; None where all of them hold.

    Only what a case says of its own rule is asked; the decision under all rules is not.
    """
    others = tuple(rulebook.by_id[name] for name in rule.yields_to if name in rulebook.by_id)
    guard = Guard(replace(rulebook, rules=(rule, *others)), PolicyText(other_readings=True))
    among = next(each for each in guard.rules if each.id == rule.id)
    for ready in cases:
        verdict = guard.judge(among, ready.communication, ready.file)
        if any(case_differences(ready.case, verdict, guard, ready.scenario)):
            return ready.case.name
    return None


def survivors(rule: Rule, rulebook: Rulebook) -> list[str]:
    """The moves that no case of the rule notices."""
    cases = ready_cases(rulebook.paths[rule.id])
    return [label for label, mutant in mutants(rule) if noticed(mutant, rulebook, cases) is None]


# -- the command line --------------------------------------------------------------------------------------------------


def _tables_below(rulebook: Rulebook, folder: Path | None) -> list[tuple[Path, LimitationTable]]:
    """The files of limitation periods that ship, and are below a folder."""
    found = [(shipped_rules().parent / table.path, table) for table in rulebook.limitations.by_jurisdiction.values()]
    return [(path, table) for path, table in found if folder is None or path.resolve().is_relative_to(folder.resolve())]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="mutation.py", description="Moves each number and date of rules by one.")
    parser.add_argument("path", nargs="?", type=Path, help="a rule file, or a folder below the rules")
    parser.add_argument("--rule", help="the id of one rule")
    asked = parser.parse_args(arguments)
    rulebook = load_rulebook()
    chosen = [rule for rule in rulebook.rules if asked.rule in (None, rule.id)]
    if asked.path is not None:
        chosen = [rule for rule in chosen if rulebook.paths[rule.id].resolve().is_relative_to(asked.path.resolve())]
    tables = [] if asked.rule is not None else _tables_below(rulebook, asked.path)
    if not chosen and not tables:
        print("no rule is there")
        return 2
    moved = alive = 0
    for path, table in tables:
        cases = ready_table_cases(path)
        moved += sum(1 for _ in table_mutants(table))
        for label in table_survivors(table, rulebook.limitations, cases):
            if (table.jurisdiction, label) not in SAME_ANSWERS:
                alive += 1
                print(f"{table.path}: {label}")
    for rule in chosen:
        moved += sum(1 for _ in mutants(rule))
        for label in survivors(rule, rulebook):
            if (rule.id, label) in SAME_LAW:
                continue
            alive += 1
            print(f"{rule.path}: {rule.id}: {label}")
    print(f"{len(chosen)} rules, {len(tables)} tables, {moved} moves, {alive} of them noticed by no case")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
