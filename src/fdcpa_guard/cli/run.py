"""Runs the command line: arguments in, exit code out; whatever goes wrong is one line on stderr, never a traceback.

Exit codes: those of the command; 2 where the input, the rules or the arguments cannot be used; 70 where this program is
at fault; 130 where it was interrupted; 141 where whoever read its output went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

import typer

from fdcpa_guard.cli.app import app
from fdcpa_guard.cli.screen import Screen
from fdcpa_guard.errors import GuardError

UNUSABLE: Final = 2
INTERNAL: Final = 70
INTERRUPTED: Final = 130
READER_GONE: Final = 141

# What Typer raises of wrong arguments: its public name is the last of a family of which the middle one is not public.
_USAGE: Final = typer.BadParameter.__mro__[2]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The console script. `arguments` are those after the program's name; left out, the process's own."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    screen = Screen(colour="--no-color" not in given)
    try:
        code = app(args=given, prog_name="fdcpa-guard", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except GuardError as error:
        screen.error(str(error))
        return error.exit_code
    except BrokenPipeError:
        _silence_stdout()
        return READER_GONE
    except SystemExit as stopped:
        # Typer turns a reader that went away into exit code 1, which here would mean something else.
        _silence_stdout()
        return READER_GONE if isinstance(stopped.__context__, BrokenPipeError) else _code(stopped)
    except (KeyboardInterrupt, typer.Abort):
        screen.error("interrupted")
        return INTERRUPTED
    except OSError as error:
        screen.error(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return UNUSABLE
    except Exception as error:
        if isinstance(error, _USAGE):
            return _usage(error, screen)
        if os.environ.get("FDCPA_GUARD_TRACEBACK"):
            raise
        screen.error(
            f"{type(error).__name__}: {error}\n  this is a mistake of fdcpa-guard itself; "
            "set FDCPA_GUARD_TRACEBACK=1 to see where"
        )
        return INTERNAL


def _code(stopped: SystemExit) -> int:
    return stopped.code if isinstance(stopped.code, int) else int(bool(stopped.code))


def _silence_stdout() -> None:
    """So that the interpreter's own flush at exit does not complain of the reader that went away."""
    try:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
    except (OSError, ValueError):
        pass


def _usage(error: Exception, screen: Screen) -> int:
    message = getattr(error, "format_message", error.__str__)()
    context = getattr(error, "ctx", None)
    hint = "" if context is None else f"\n  see `{context.command_path} --help`"
    screen.error(f"{message[:1].lower()}{message[1:].rstrip('.')}{hint}")
    return UNUSABLE
