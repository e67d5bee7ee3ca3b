"""`fdcpa-guard simulate`: a log with known violations, for demonstrations, measurements and tests of other tools."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fdcpa_guard.cli.screen import screen_of


class LogForm(StrEnum):
    CANONICAL = "canonical"
    VICIDIAL = "vicidial"
    TWILIO = "twilio"


class FileType(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    TSV = "tsv"
    PAGES = "pages"


def simulate(
    ctx: typer.Context,
    consumers: Annotated[int, typer.Option("--consumers", metavar="N", min=1, help="how many consumers")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="the folder to write to")],
    weeks: Annotated[int, typer.Option("--weeks", metavar="M", min=1, help="how many weeks of each consumer's account")] = 6,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="the same seed gives the same files")] = 1,
    form: Annotated[LogForm, typer.Option("--format", help="the form of the log")] = LogForm.CANONICAL,
    file_type: Annotated[
        FileType | None,
        typer.Option(
            "--file-type", help="canonical: csv, jsonl, parquet; vicidial: tsv; twilio: jsonl, pages; left out, the first"
        ),
    ] = None,
    start: Annotated[
        str, typer.Option("--start", metavar="DATE", help="the first day, by every consumer's own calendar")
    ] = "2026-03-02",
    states: Annotated[
        str | None,
        typer.Option("--states", metavar="TX,MA,...", help="where consumers live; NY-NYC and IL-CHI are the cities"),
    ] = None,
    violations: Annotated[
        float, typer.Option("--violations", metavar="RATE", min=0, max=1, help="the share of consumers with a planted violation")
    ] = 0.0,
    zone: Annotated[
        str, typer.Option("--zone", metavar="TZ", help="the clock of the dialer's server (vicidial)")
    ] = "America/New_York",
    as_found: Annotated[
        bool, typer.Option("--as-found", help="with the faults of real exports: a row twice, one cut short, strange codes (vicidial)")
    ] = False,
    compress: Annotated[bool, typer.Option("--compress", help="compress the log, the accounts, the events and the actions")] = False,
) -> None:
    """Writes an invented communication log, with its accounts, events and actions, and the truth about what is wrong in it.

    Without --violations everything in it is lawful. The numbers are 555-01xx, the persons nobody.

    \b
    Examples:
      fdcpa-guard simulate --consumers 100 --out simulated
      fdcpa-guard simulate --consumers 5000 --weeks 13 --out quarter
      fdcpa-guard simulate --consumers 500 --weeks 8 --violations 0.2 --states MA,NY-NYC,TX --format vicidial --out simulated
    """
    from fdcpa_guard.simulate.simulation import Parameters
    from fdcpa_guard.simulate.simulation import simulate as write

    parameters = Parameters(
        consumers=consumers,
        weeks=weeks,
        seed=seed,
        form=form.value,
        file_type=None if file_type is None else file_type.value,
        start=_day(start),
        states=tuple(name.strip() for name in (states or "").split(",") if name.strip()),
        violations=violations,
        zone=zone,
        compress=compress,
        as_found=as_found,
    )
    written = write(parameters, out)
    screen = screen_of(ctx)
    screen.say(
        f"{written.rows} communications, {written.events} events and {written.actions} actions of {consumers} consumers, with "
        f"{written.planted} planted violations, written to {out}: {', '.join(written.files)}"
    )
    screen.say(f"audit it there: fdcpa-guard audit {' '.join(written.audit_options)} --out report")


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"found `{text}`, expected a date such as 2026-03-02", param_hint="--start") from None
