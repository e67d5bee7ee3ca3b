"""`fdcpa-guard test`: runs scenarios, and the cases that stand beside rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fdcpa_guard.cli.options import PolicyFile, RulesFolders, open_guard
from fdcpa_guard.cli.screen import Format, OutputFormat, Screen, screen_of

if TYPE_CHECKING:
    from fdcpa_guard.cases import CaseResult
    from fdcpa_guard.review.clause_coverage import ClauseCoverage

HOLDS, FAILED, UNUSABLE = 0, 1, 2


def run_tests(
    ctx: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="scenarios, case files, or folders of them (rule folders too)"),
    ],
    format: Format = OutputFormat.TEXT,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="list the clauses of rules that no case makes both true and false")
    ] = False,
    policy: PolicyFile = None,
    rules: RulesFolders = None,
) -> None:
    """Does what scenarios and cases state hold? Lists those that fail, and why.

    A case fails too where the engines that judge its rule do not agree. The columnar engine is tried where NumPy is there.

    Exit code 0: all hold, 1: some do not, 2: some cannot be run.

    \b
    Examples:
      fdcpa-guard test rules
      fdcpa-guard test my_scenarios --format json
      fdcpa-guard test --rules my_rules my_rules --coverage
    """
    from fdcpa_guard.cases import files_under, has_columnar_engine, is_case_file, run_file
    from fdcpa_guard.errors import FactsError
    from fdcpa_guard.review.clause_coverage import clause_coverage

    guard = open_guard(rules, policy)
    files = list(files_under(paths))
    results = [result for path in files for result in run_file(path, guard)]
    if not results:
        raise FactsError("no scenarios or cases found", ", ".join(str(path) for path in paths))
    covered = clause_coverage(guard, files) if coverage else None
    screen = screen_of(ctx)
    if format is OutputFormat.JSON:
        _json(results, covered, screen)
    else:
        _text(results, covered, screen)
    if not has_columnar_engine() and any(map(is_case_file, files)):
        screen.warn("without NumPy the columnar engine was not tried on the cases (pip install 'fdcpa-guard[scale]')")
    if silent := [result for result in results if not result.states]:
        screen.warn(f"nothing is expected of {len(silent)} of them, the first {silent[0].path}: they cannot fail")
    if not all(result.usable for result in results):
        raise typer.Exit(UNUSABLE)
    raise typer.Exit(HOLDS if all(result.ok for result in results) else FAILED)


def _json(results: list[CaseResult], covered: list[ClauseCoverage] | None, screen: Screen) -> None:
    from fdcpa_guard.schemas.outputs import ClauseOut, RuleClausesOut, ScenarioResultOut, TestOut

    passed = sum(result.ok for result in results)
    coverage = None
    if covered is not None:
        coverage = [
            RuleClausesOut(
                name=each.name,
                clauses=each.clauses,
                covered=each.clauses - len(each.missing),
                missing=[
                    ClauseOut(
                        path=clause.span.source.name,
                        line=clause.span.line,
                        column=clause.span.column,
                        clause=clause.text,
                        part=clause.part,
                        never=list(clause.never),
                    )
                    for clause in each.missing
                ],
            )
            for each in covered
        ]
    screen.json(
        TestOut(
            passed=passed,
            failed=len(results) - passed,
            scenarios=[
                ScenarioResultOut(path=each.path, scenario=each.scenario, ok=each.ok, why=list(each.why))
                for each in results
            ],
            coverage=coverage,
        )
    )


def _text(results: list[CaseResult], covered: list[ClauseCoverage] | None, screen: Screen) -> None:
    from rich.text import Text

    from fdcpa_guard.review.wording import count

    failures = [result for result in results if not result.ok]
    for result in failures:
        kind, colour = ("fails", "bold red") if result.usable else ("cannot be run", "bold magenta")
        screen.say(Text.assemble((kind, colour), f"  {result.path}  ", (result.scenario, "bold")))
        for why in result.why:
            screen.say(Text("\n".join(f"    {line}" for line in why.splitlines())))
    for each in covered or ():
        if each.missing:
            screen.say(Text.assemble((each.name, "bold"), f"  {each.clauses - len(each.missing)} of {each.clauses} clauses"))
        for clause in each.missing:
            never = "never judged" if len(clause.never) == 2 else f"never {clause.never[0]}"
            screen.say(Text(f"  {clause.span.where()}: {never}: {clause.text}  ({clause.part})"))
    if covered is not None:
        total, missing = sum(each.clauses for each in covered), sum(len(each.missing) for each in covered)
        screen.say(f"{total - missing} of {count(total, 'clause')} made both true and false")
    passed = len(results) - len(failures)
    screen.say(
        Text(f"{passed} passed, {len(failures)} failed", "bold green" if not failures else "bold red")
    )
