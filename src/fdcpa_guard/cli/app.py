"""The commands and how they are grouped. A new command is a module of this package and a line here."""

from __future__ import annotations

from typing import Annotated

import typer

from fdcpa_guard import __version__
from fdcpa_guard.cli.audit import audit
from fdcpa_guard.cli.check import check
from fdcpa_guard.cli.dispositions import dispositions
from fdcpa_guard.cli.lint import lint_command, open_shipped_judging
from fdcpa_guard.cli.rules import rules_app
from fdcpa_guard.cli.schema import schema
from fdcpa_guard.cli.screen import Screen
from fdcpa_guard.cli.scrub import scrub
from fdcpa_guard.cli.simulate import simulate
from fdcpa_guard.cli.testing import run_tests

app = typer.Typer(
    name="fdcpa-guard",
    help=(
        "Says whether a debt-collection contact is lawful: before it is made, and over a log of those that were.\n\n"
        "Every answer names its rule, citation and reason. What cannot be decided for want of a fact is said to be so "
        "and names the fact; it is never taken as allowed."
    ),
    epilog="Exit code 2 always means: arguments, input or rules that cannot be used.",
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fdcpa-guard {__version__}")
        raise typer.Exit


@app.callback()
def _before_every_command(
    ctx: typer.Context,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="plain characters only; the variable NO_COLOR does the same")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="show the version and exit")
    ] = False,
) -> None:
    ctx.obj = Screen(colour=not no_color)


app.command()(check)
app.command("test")(run_tests)
app.command()(audit)
app.command()(scrub)
app.command("lint")(lint_command(open_shipped_judging))
app.command()(dispositions)
app.add_typer(rules_app, name="rules")
app.command()(schema)
app.command()(simulate)
