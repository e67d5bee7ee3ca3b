"""`fdcpa-guard dispositions`: what a vendor's codes are taken to mean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fdcpa_guard.cli.screen import Format, OutputFormat, screen_of


def dispositions(
    ctx: typer.Context,
    log_format: Annotated[
        str | None, typer.Argument(metavar="[FORMAT]", help="vicidial, twilio, ...; left out, the formats are listed")
    ] = None,
    own: Annotated[
        Path | None, typer.Option("--dispositions", metavar="FILE", help="your own codes, put over the table")
    ] = None,
    format: Format = OutputFormat.TEXT,
) -> None:
    """Shows the log formats, or the table of what the codes of one say of a call or message.

    \b
    Examples:
      fdcpa-guard dispositions
      fdcpa-guard dispositions vicidial --dispositions our_codes.yaml
    """
    from rich.text import Text

    from fdcpa_guard.facts.importers.formats import FORMATS
    from fdcpa_guard.facts.importers.tables import table_of
    from fdcpa_guard.schemas.outputs import DispositionOut, DispositionsOut

    screen = screen_of(ctx)
    if log_format is None:
        width = max(len(name) for name in FORMATS)
        for name, each in FORMATS.items():
            screen.say(Text.assemble((name.ljust(width), "bold"), f"  {each.about}"))
        return
    lines = table_of(log_format, own)
    if format is OutputFormat.JSON:
        codes = [
            DispositionOut(
                code=line.code, outcome=line.outcome, dialing=line.dialing, event=line.event, note=line.note, own=line.own
            )
            for line in lines
        ]
        screen.json(DispositionsOut(format=log_format, codes=codes))
        return
    widths = [max(len(each) for each in column) for column in zip(*((x.code, x.outcome) for x in lines), strict=True)]
    for line in lines:
        more = "; ".join(
            part
            for part in (line.dialing, line.event and line.event.replace("_", " "), line.note, "your own" if line.own else "")
            if part
        )
        said = f"  {line.outcome.replace('_', ' ').ljust(widths[1])}  {more}".rstrip()
        screen.say(Text.assemble((line.code.ljust(widths[0]), "bold"), said))
