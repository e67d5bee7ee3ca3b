"""`fdcpa-guard schema`: the published JSON Schemas."""

from __future__ import annotations

from typing import Annotated

import typer


def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="which; left out, their names are listed")
    ] = None,
) -> None:
    """Prints the JSON Schema of a file that people write, or of what a command answers in JSON.

    \b
    Examples:
      fdcpa-guard schema
      fdcpa-guard schema scenario > scenario.schema.json
    """
    from fdcpa_guard.schemas import DESCRIPTIONS, schema_text

    if name is None:
        width = max(len(each) for each in DESCRIPTIONS)
        for each, description in DESCRIPTIONS.items():
            typer.echo(f"{each:<{width}}  {description.replace('`', '')}")
    else:
        typer.echo(schema_text(name), nl=False)
