"""The fixtures of `command_line`, for every test of this folder."""

from command_line import files, guarded

__all__ = ["files", "guarded"]
