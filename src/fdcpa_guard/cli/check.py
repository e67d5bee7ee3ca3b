"""`fdcpa-guard check`: may this communication be made?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fdcpa_guard.cli.options import PolicyFile, RulesFolders, instant, open_guard
from fdcpa_guard.cli.screen import Format, OutputFormat, Screen, screen_of

if TYPE_CHECKING:
    from fdcpa_guard.cases import ScenarioFound
    from fdcpa_guard.engine.deciding import Guard

ALLOWED, BLOCKED, FOR_REVIEW, UNUSABLE = 0, 1, 3, 2
_CODES: Final = {"allow": ALLOWED, "block": BLOCKED, "review": FOR_REVIEW}
_WORST_FIRST: Final = (UNUSABLE, BLOCKED, FOR_REVIEW, ALLOWED)


def worst(codes: set[int]) -> int:
    """Of several exit codes, the one to give: unusable, then block, then review, then allow."""
    return next(code for code in _WORST_FIRST if code in codes)


def check(
    ctx: typer.Context,
    scenarios: Annotated[
        list[Path],
        typer.Argument(
            metavar="SCENARIO...", help="files of scenarios (YAML, JSON, JSON lines), or folders of them; - is stdin"
        ),
    ],
    format: Format = OutputFormat.TEXT,
    trace: Annotated[bool, typer.Option("--trace", help="how every rule came to its answer")] = False,
    policy: PolicyFile = None,
    rules: RulesFolders = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="INSTANT",
            help="judge by what was known at this instant, such as 2026-03-01T12:00:00-05:00; left out, at the "
            "communication's own",
        ),
    ] = None,
) -> None:
    """May this communication be made? One scenario is told in full, several a line each.

    Exit code 0: allow, 1: block, 3: review, 2: input that cannot be used; of several the worst, in the order 2, 1, 3, 0.

    \b
    Examples:
      fdcpa-guard check eighth_call.yaml
      fdcpa-guard check dial_list.jsonl --format json
      cat proposed.json | fdcpa-guard check - --trace
    """
    from fdcpa_guard.cases import STDIN, files_under, is_case_file, scenarios_of
    from fdcpa_guard.errors import FactsError

    known_at = None if as_of is None else instant(as_of, "--as-of")
    guard = open_guard(rules, policy)
    files = [path for path in files_under(scenarios) if not is_case_file(path)]
    if not files:
        raise FactsError("no scenarios found", ", ".join(str(path) for path in scenarios))
    several = len(files) > 1 or any(path.is_dir() for path in scenarios)
    stdin = typer.get_text_stream("stdin").read() if any(str(path) == STDIN for path in files) else ""
    screen = screen_of(ctx)
    codes: set[int] = set()
    for path in files:
        for found in scenarios_of(path, stdin):
            one_line = several or found.one_of_several
            codes.add(_told(found, guard, known_at, trace, format, screen, on_one_line=one_line))
    if not codes:
        raise FactsError("no scenarios found", ", ".join(str(path) for path in scenarios))
    raise typer.Exit(worst(codes))


def _told(
    found: ScenarioFound,
    guard: Guard,
    as_of: datetime | None,
    trace: bool,
    format: OutputFormat,
    screen: Screen,
    *,
    on_one_line: bool,
) -> int:
    """Writes the answer to one scenario and gives its exit code."""
    from fdcpa_guard.cases import decide
    from fdcpa_guard.cli.decision_text import decision_line, decision_text, trace_text
    from fdcpa_guard.errors import GuardError
    from fdcpa_guard.facts.actions import proposed
    from fdcpa_guard.facts.bind import file_of

    traced = None
    try:
        if found.scenario is None:
            raise found.error or GuardError("the scenario cannot be read")
        decision = decide(found.scenario, guard, as_of)
        if trace:
            from fdcpa_guard.review.tracing import traces

            traced = list(traces(guard, proposed(found.scenario), file_of(found.scenario, as_of)))
    except GuardError as error:
        if format is OutputFormat.JSON and on_one_line:
            from fdcpa_guard.schemas.outputs import UnusableOut

            name = None if found.scenario is None else found.scenario.scenario
            screen.json(UnusableOut(path=found.path, scenario=name, error=str(error)), on_one_line=True)
        else:
            if on_one_line:
                screen.say(decision_line(found, None))
            # What cannot be read at all names its file by itself.
            screen.error(f"{found.path}: {error}" if found.scenario is not None else str(error))
        return UNUSABLE
    if format is OutputFormat.JSON:
        from fdcpa_guard.schemas.of_decision import decision_out, trace_out

        rules = None if traced is None else [trace_out(each.verdict, each.worlds, each.not_for) for each in traced]
        name = found.scenario.scenario
        screen.json(decision_out(decision, found.path, name, rules), on_one_line=on_one_line)
    else:
        screen.say(decision_line(found, decision) if on_one_line else decision_text(decision, found.scenario.scenario))
        if traced is not None:
            screen.say(trace_text(traced))
    return _CODES[decision.decision.value]
