"""`fdcpa-guard audit`: every communication of a log, judged against what came before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fdcpa_guard.cli.options import PolicyFile, RulesFolders, files_beginning, instant, open_guard
from fdcpa_guard.cli.screen import Format, OutputFormat, Screen, screen_of
from fdcpa_guard.cli.verify import refuse_what_the_manifest_states, show

if TYPE_CHECKING:
    from rich.text import Text

    from fdcpa_guard.auditing.ahead import Engine
    from fdcpa_guard.auditing.problem_rows import ProblemRow
    from fdcpa_guard.auditing.run import AuditResult
    from fdcpa_guard.auditing.summary import AuditSummary
    from fdcpa_guard.auditing.work import Begin
    from fdcpa_guard.facts.models import Collector

CLEAN, VIOLATIONS, UNDECIDED = 0, 1, 3
PRESUMED_KIND: Final = "third_party_collector"
PROBLEMS_SHOWN: Final = 3
CHANGES_SHOWN: Final = 5


class Known(StrEnum):
    THEN = "then"
    NOW = "now"


class EngineName(StrEnum):
    AUTO = "auto"
    COLUMNAR = "columnar"
    SCALAR = "scalar"
    SPARK = "spark"


_HERE: Final[Mapping[EngineName, Engine]] = {
    EngineName.AUTO: "auto",
    EngineName.COLUMNAR: "columnar",
    EngineName.SCALAR: "scalar",
}
"""The engines of this machine. Spark judges by the columnar one."""


class CollectorKind(StrEnum):
    THIRD_PARTY_COLLECTOR = "third_party_collector"
    DEBT_BUYER = "debt_buyer"
    COLLECTION_LAW_FIRM = "collection_law_firm"
    SERVICER = "servicer"
    CREDITOR = "creditor"
    UNKNOWN = "unknown"

FORMAT_NAMES: Final = "canonical, vicidial, twilio, amazon_connect, asterisk, freeswitch, sendgrid, postmark, amazon_ses, ringcentral, genesys, five9, mapped"
"""Written out, so that to ask for help need not load the importers."""


def audit(
    ctx: typer.Context,
    log: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LOG...",
            help="log files: CSV, JSON, JSON lines, Parquet or Arrow; folders of them; patterns ('logs/2025-*.csv'); "
            "duckdb:FILE?table=NAME; s3://...",
            autocompletion=files_beginning,
        ),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="FORMAT", help=f"{FORMAT_NAMES}; left out, found by the columns"),
    ] = None,
    accounts: Annotated[
        str | None,
        typer.Option(
            "--accounts", metavar="FILE", help="consumers and debts: one row a debt", autocompletion=files_beginning
        ),
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
    actions: Annotated[
        str | None,
        typer.Option(
            "--actions",
            metavar="FILE",
            help="what was done besides: furnishing, suits, deposits, sales, ...",
            autocompletion=files_beginning,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="write the report, all findings and a manifest there")
    ] = None,
    kind: Annotated[
        CollectorKind | None,
        typer.Option("--collector-kind", help=f"whose log it is; left out, a {PRESUMED_KIND}'s, and the answer says so"),
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
    consumer_column: Annotated[
        str | None, typer.Option("--consumer-column", metavar="NAME", help="the export's column that says whose row it is")
    ] = None,
    debt_column: Annotated[
        str | None, typer.Option("--debt-column", metavar="NAME", help="the export's column with the debt or account")
    ] = None,
    columns: Annotated[
        Path | None, typer.Option("--columns", metavar="FILE", help="what the columns of a table of your own are, in YAML")
    ] = None,
    conversation_seconds: Annotated[
        int | None,
        typer.Option(
            "--conversation-seconds", metavar="N", min=0, help="an answered call this long counts as a conversation"
        ),
    ] = None,
    as_known: Annotated[
        Known, typer.Option("--as-known", help="judge by what was known then (blame), or is known now (harm)")
    ] = Known.THEN,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="INSTANT", help="the end to which deadlines look; left out, the end of the log"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=1, help="processes that judge; the results do not depend on it")
    ] = None,
    engine: Annotated[
        EngineName,
        typer.Option(
            "--engine", help="columnar: many at once (needs NumPy); scalar: one by one; spark: on a cluster; same findings"
        ),
    ] = EngineName.AUTO,
    spark_master: Annotated[
        str | None,
        typer.Option("--spark-master", metavar="MASTER", help="with --engine spark: local[2], spark://HOST:7077, yarn, ..."),
    ] = None,
    memory: Annotated[
        int | None,
        typer.Option("--memory", metavar="MB", min=200, help="about what each process may take; less is more, smaller pieces"),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(
            "--state", metavar="DIR", help="keep there what was read and found, and add to it: only what is new is judged"
        ),
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option("--verify", metavar="DIR", help="judge nothing, but hold results written before against their manifest"),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="with --verify: audit again, and compare every finding")
    ] = False,
    policy: PolicyFile = None,
    rules: RulesFolders = None,
    format: Format = OutputFormat.TEXT,
) -> None:
    """Judges every communication, and every action, of a log by the law of its day, and writes a report.

    Exit code 0: no violation, 1: violations, 3: none, but some could not be decided (or rows were lost), 2: input that
    cannot be used. With --verify 0: all is as it was written, 1: something is not, 3: nothing is known to be otherwise,
    but something could not be checked.

    \b
    Examples:
      fdcpa-guard audit calls.csv --accounts accounts.csv --events events.csv --out report
      fdcpa-guard audit export.tsv --from vicidial --zone America/New_York --format json
      fdcpa-guard audit logs/ --as-known now --collector-kind debt_buyer
      fdcpa-guard audit calls-0412.csv --events events-0412.csv --state kept --out report
      fdcpa-guard audit --verify report --again calls.csv --accounts accounts.csv --events events.csv
    """
    from fdcpa_guard.auditing.run import run_audit
    from fdcpa_guard.errors import FactsError
    from fdcpa_guard.facts.importers.reading import LogOptions

    if verify is not None:
        refuse_what_the_manifest_states(
            {
                "--from": from_, "--out": out, "--collector-kind": kind, "--zone": zone, "--consumer-column": consumer_column,
                "--debt-column": debt_column, "--conversation-seconds": conversation_seconds, "--as-of": as_of,
                "--state": state, "--as-known": None if as_known is Known.THEN else as_known, "--rules": None if again else rules,
            }
        )  # fmt: skip
        from fdcpa_guard.auditing.evidence import verify_audit

        screen = screen_of(ctx)
        with progress_on(screen) as progress:
            found = verify_audit(
                verify,
                log or (),
                accounts=accounts,
                events=events,
                actions=actions,
                dispositions=dispositions,
                columns=columns,
                policy=policy,
                collector=collector,
                again=open_guard(rules, None) if again else None,
                workers=workers,
                progress=progress,
            )
        raise typer.Exit(show(found, screen, format))
    if again:
        raise typer.BadParameter("needs --verify DIR", param_hint="--again")
    log = log or []
    if not log and (state is None or not (accounts or events or actions)):
        raise typer.BadParameter("name a log file, or a folder of them", param_hint="LOG...")
    if spark_master is not None and engine is not EngineName.SPARK:
        raise typer.BadParameter("needs --engine spark", param_hint="--spark-master")
    until = None if as_of is None else instant(as_of, "--as-of")
    whose = collector_of(kind, collector)
    screen = screen_of(ctx)
    guard = open_guard(rules, policy)
    options = LogOptions(
        format=from_,
        zone=zone,
        dispositions=dispositions,
        consumer_column=consumer_column,
        debt_column=debt_column,
        columns=columns,
        conversation_seconds=conversation_seconds,
    )
    with progress_on(screen) as progress:
        result = run_audit(
            log,
            guard=guard,
            collector=whose,
            options=options,
            accounts=accounts,
            events=events,
            actions=actions,
            out=out,
            as_known=as_known.value,
            as_of=until,
            workers=workers,
            engine=_HERE.get(engine, "auto"),
            elsewhere=_on_spark(spark_master) if engine is EngineName.SPARK else None,
            memory=memory,
            state=state,
            policy_file=policy,
            collector_file=collector,
            progress=progress,
        )
    if format is OutputFormat.JSON:
        _json(result.summary)
    else:
        _text(result, out, screen)
    if kind is None and collector is None:
        screen.warn(f"nobody said whose log this is; it was judged as a {PRESUMED_KIND}'s (--collector-kind)")
    if not result.summary.communications:
        raise FactsError("no communication was read", ", ".join(log) or str(state))
    raise typer.Exit(exit_code(result.summary))


def _on_spark(master: str | None) -> Begin:
    from fdcpa_guard.spark.executors import on_spark

    return on_spark(master)


def exit_code(summary: AuditSummary) -> int:
    """Violations that no waiver covers; else what a person must look at, rows and values that were not read included."""
    if summary.violations:
        return VIOLATIONS
    return CLEAN if summary.is_whole and not summary.findings_by_category["person"] else UNDECIDED


def collector_of(kind: CollectorKind | None, file: Path | None) -> Collector:
    from fdcpa_guard.facts.models import Collector
    from fdcpa_guard.facts.reading import read_collector

    if file is not None:
        said = read_collector(file)
        if kind is not None:
            raise typer.BadParameter("the file says whose log it is", param_hint="--collector-kind")
        return said
    if kind is CollectorKind.UNKNOWN:
        return Collector()
    return Collector.model_validate({"kind": PRESUMED_KIND if kind is None else kind.value})


@contextmanager
def progress_on(screen: Screen) -> Iterator[Callable[[str, int, int | None], None] | None]:
    """A bar for each stage on the error stream, where that is a terminal."""
    if not screen.errors.is_terminal:
        yield None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=screen.errors, transient=True) as bars:
        stages: dict[str, TaskID] = {}

        def told(stage: str, done: int, of: int | None) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=of)
            bars.update(stages[stage], completed=done, total=of)

        yield told


def _json(summary: AuditSummary) -> None:
    from fdcpa_guard.auditing.output import as_json

    typer.get_binary_stream("stdout").write(as_json(summary))


def first_problems(problems: Iterable[ProblemRow], counts: Mapping[str, int], out: Path | None) -> Iterator[Text]:
    """The first problems of each kind, with file, row and column."""
    from rich.text import Text

    for kind, of_kind in groupby(sorted(problems, key=lambda each: each.kind), key=lambda each: each.kind):
        shown = list(islice(of_kind, PROBLEMS_SHOWN))
        yield from (Text(str(each)) for each in shown)
        if (more := counts[kind] - sum(each.rows for each in shown)) > 0:
            where = "--out DIR writes them all" if out is None else "all are in problems.csv"
            yield Text(f"  and {more:,} more rows of the kind {kind.replace('_', ' ')}: {where}")


def _changes(result: AuditResult, out: Path | None) -> Iterator[Text]:
    """The first findings that are otherwise than in the run before."""
    from rich.text import Text

    from fdcpa_guard.auditing.change_rows import change_in_words

    for change in result.changes[:CHANGES_SHOWN]:
        yield Text(change_in_words(change))
    found = result.summary.changes
    more = 0 if found is None else found.new + found.gone + found.otherwise - CHANGES_SHOWN
    if more > 0:
        where = "--out DIR writes them all" if out is None else "all are in changes.csv"
        yield Text(f"  and {more:,} more changes: {where}")


def _text(result: AuditResult, out: Path | None, screen: Screen) -> None:
    from fdcpa_guard.auditing.summary import render_summary

    for part in render_summary(result.summary):
        screen.console.print(part)
    for line in first_problems(result.first_problems, result.summary.problems, out):
        screen.say(line)
    for line in _changes(result, out):
        screen.say(line)
    lacking = result.summary.consumers_without_account
    if lacking and any(file.kind == "accounts" for file in result.summary.files):
        screen.say(f"{lacking:,} of {result.summary.consumers:,} consumers of the log are not in the accounts.")
    if out is not None:
        screen.say(f"written to {out}: {', '.join(path.name for path in result.files)}")
