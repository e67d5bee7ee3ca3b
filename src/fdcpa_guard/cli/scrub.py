"""`fdcpa-guard scrub`: which contacts of a list may be made, and in which hours."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fdcpa_guard.cli.audit import (
    FORMAT_NAMES,
    PRESUMED_KIND,
    CollectorKind,
    collector_of,
    first_problems,
    progress_on,
)
from fdcpa_guard.cli.check import ALLOWED, BLOCKED, FOR_REVIEW
from fdcpa_guard.cli.options import PolicyFile, RulesFolders, files_beginning, instant, open_guard
from fdcpa_guard.cli.screen import Format, OutputFormat, Screen, screen_of

if TYPE_CHECKING:
    from fdcpa_guard.auditing.ahead import Engine
    from fdcpa_guard.scrubbing.run import ScrubResult
    from fdcpa_guard.scrubbing.summary import ScrubSummary


class EngineName(StrEnum):
    """Those of one machine: a list of a million contacts needs no cluster."""

    AUTO = "auto"
    COLUMNAR = "columnar"
    SCALAR = "scalar"

    def taken(self) -> Engine:
        match self:
            case EngineName.COLUMNAR:
                return "columnar"
            case EngineName.SCALAR:
                return "scalar"
            case _:
                return "auto"


def scrub(
    ctx: typer.Context,
    contacts: Annotated[
        Path,
        typer.Argument(
            metavar="LIST",
            help="the planned contacts, one row each: CSV, JSON, JSON lines, Parquet or Arrow",
            autocompletion=files_beginning,
        ),
    ],
    log: Annotated[
        list[str],
        typer.Option(
            "--log",
            metavar="LOG",
            help="what was done so far: files, folders, patterns, as for an audit; repeatable",
            autocompletion=files_beginning,
        ),
    ],
    accounts: Annotated[
        str | None,
        typer.Option("--accounts", metavar="FILE", help="consumers and debts: one row a debt", autocompletion=files_beginning),
    ] = None,
    events: Annotated[
        str | None,
        typer.Option(
            "--events",
            metavar="FILE",
            help="what became known: requests, consents, disputes, ...",
            autocompletion=files_beginning,
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="INSTANT", help="for when the list is, such as 2026-03-02T09:30:00-05:00"),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="or for which day, by each consumer's own clock: 2026-03-02")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="write the answers and what may be loaded there")] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="FORMAT", help=f"of the log: {FORMAT_NAMES}; left out, found by the columns"),
    ] = None,
    kind: Annotated[
        CollectorKind | None,
        typer.Option("--collector-kind", help=f"whose list it is; left out, a {PRESUMED_KIND}'s, and the answer says so"),
    ] = None,
    collector: Annotated[
        Path | None,
        typer.Option("--collector", metavar="FILE", help="the same with names and licences: YAML or JSON, as in a scenario"),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option("--zone", metavar="TZ", help="the clock that wrote times without an offset: America/New_York"),
    ] = None,
    dispositions: Annotated[
        Path | None, typer.Option("--dispositions", metavar="FILE", help="what your own disposition codes mean")
    ] = None,
    columns: Annotated[
        Path | None, typer.Option("--columns", metavar="FILE", help="what the columns of a log of your own are, in YAML")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=1, help="processes that judge; the results do not depend on it")
    ] = None,
    engine: Annotated[
        EngineName,
        typer.Option("--engine", help="columnar: many contacts at once (needs NumPy); scalar: one by one; same answers"),
    ] = EngineName.AUTO,
    today_only: Annotated[
        bool, typer.Option("--today-only", help="seek no next lawful instant beyond the day; several times as fast")
    ] = False,
    policy: PolicyFile = None,
    rules: RulesFolders = None,
    format: Format = OutputFormat.TEXT,
) -> None:
    """Holds a list of planned contacts against a log: which may be made, why the others may not, and in which hours.

    Exit code 0: all may be made, 1: some are blocked, 3: none is, but some are for review, 2: input that cannot be used.

    \b
    Examples:
      fdcpa-guard scrub tonight.csv --log calls.csv --accounts accounts.csv --events events.csv --on 2026-03-03 --out scrubbed
      fdcpa-guard scrub list.csv --log logs/ --at 2026-03-02T09:30:00-05:00 --format json
    """
    from fdcpa_guard.facts.importers.reading import LogOptions
    from fdcpa_guard.scrubbing.run import scrub as scrub_list

    if at is not None and on is not None:
        raise typer.BadParameter("leave one of --at and --on out", param_hint="--at")
    moment = None if at is None else instant(at, "--at")
    day = None if on is None else _day(on)
    whose = collector_of(kind, collector)
    screen = screen_of(ctx)
    guard = open_guard(rules, policy)
    with progress_on(screen) as progress:
        result = scrub_list(
            contacts,
            log=log,
            guard=guard,
            at=moment,
            on=day,
            collector=whose,
            options=LogOptions(format=from_, zone=zone, dispositions=dispositions, columns=columns),
            accounts=accounts,
            events=events,
            out=out,
            workers=workers,
            engine=engine.taken(),
            ahead=not today_only,
            policy_file=policy,
            collector_file=collector,
            progress=progress,
        )
    if format is OutputFormat.JSON:
        from fdcpa_guard.auditing.output import as_json

        typer.get_binary_stream("stdout").write(as_json(result.summary))
    else:
        _text(result, out, screen)
    if kind is None and collector is None:
        screen.warn(f"nobody said whose list this is; it was judged as a {PRESUMED_KIND}'s (--collector-kind)")
    raise typer.Exit(exit_code(result.summary))


def exit_code(summary: ScrubSummary) -> int:
    """As of `check` on several: block before review before allow; alone or in sequence, whichever is worse.

    For review is also what nothing is known of, and a log of which rows were lost.
    """
    worst = summary.by_decision_in_sequence
    if worst["block"]:
        return BLOCKED
    doubtful = worst["review"] or summary.lost_rows_of_unknown_consumers or summary.strangers
    return FOR_REVIEW if doubtful else ALLOWED


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"found `{text}`, expected a day such as 2026-03-02", param_hint="--on") from None


def _text(result: ScrubResult, out: Path | None, screen: Screen) -> None:
    from fdcpa_guard.scrubbing.summary import render_summary

    for part in render_summary(result.summary):
        screen.console.print(part)
    for line in first_problems(result.first_problems, result.summary.problems, out):
        screen.say(line)
    if out is not None:
        screen.say(f"written to {out}: {', '.join(path.name for path in result.files)}")
