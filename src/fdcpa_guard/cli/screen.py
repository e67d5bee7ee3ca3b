"""Where the commands write: text with or without colour, JSON, and errors on the other stream."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import Console, RenderableType


class OutputFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


Format = Annotated[
    OutputFormat, typer.Option("--format", help="text for people; json for programs (see `fdcpa-guard schema`)")
]


class Screen:
    """The two streams of one run. Without colour nothing but plain characters is written."""

    def __init__(self, *, colour: bool) -> None:
        self.colour = colour and not os.environ.get("NO_COLOR")

    @cached_property
    def console(self) -> Console:
        return self._console(to_stderr=False)

    @cached_property
    def errors(self) -> Console:
        return self._console(to_stderr=True)

    def _console(self, *, to_stderr: bool) -> Console:
        from rich.console import Console

        return Console(
            stderr=to_stderr, color_system="auto" if self.colour else None, highlight=False, emoji=False, markup=False
        )

    def say(self, text: RenderableType = "") -> None:
        """A line or block of text. In a pipe, lines are never broken to fit a width."""
        self.console.print(text, soft_wrap=not self.console.is_terminal)

    def json(self, found: BaseModel, *, on_one_line: bool = False) -> None:
        """A JSON document: indented, or as one line of several."""
        sys.stdout.write(found.model_dump_json(exclude_none=True, by_alias=True, indent=None if on_one_line else 2) + "\n")

    def error(self, message: str) -> None:
        from rich.text import Text

        self.errors.print(Text("error: ", "bold red") + Text(message), soft_wrap=True)

    def warn(self, message: str) -> None:
        from rich.text import Text

        self.errors.print(Text("warning: ", "bold yellow") + Text(message), soft_wrap=True)


def screen_of(ctx: typer.Context) -> Screen:
    """The screen that the options before the command have set up."""
    found = ctx.find_root().obj
    return found if isinstance(found, Screen) else Screen(colour=True)
