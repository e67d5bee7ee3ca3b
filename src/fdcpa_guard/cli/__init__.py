"""The command line. Each command imports what it needs when it runs, so that help and version answer at once."""

from fdcpa_guard.cli.run import main

__all__ = ["main"]
