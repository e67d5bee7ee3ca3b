"""One file or statement that was checked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from fdcpa_guard.auditing.inputs import mark_of

Verdict = Literal["same", "different", "unchecked"]


@dataclass(frozen=True, slots=True)
class Checked:
    """`kind`: manifest, output, again (of the second run), or that of an input: log, accounts, events, actions, policy,
    collector, dispositions, columns. `why` is empty where it is the same. `expected`: the manifest states it.
    """

    kind: str
    name: str
    verdict: Verdict
    why: str = ""
    expected: bool = True


class Marked(Protocol):
    @property
    def sha256(self) -> str: ...

    @property
    def bytes(self) -> int: ...


def compared(kind: str, name: str, stated: Marked, path: Path) -> Checked:
    """A file against the hash and size that are stated of it."""
    if not path.is_file():
        return Checked(kind, name, "different", "missing")
    try:
        found = mark_of(path)
    except OSError as error:
        return Checked(kind, name, "unchecked", f"it cannot be read: {error.strerror}")
    if found.bytes != stated.bytes:
        return Checked(kind, name, "different", f"it has {found.bytes:,} bytes, expected {stated.bytes:,}")
    if found.sha256 != stated.sha256:
        return Checked(kind, name, "different", "its content is another, of the same length")
    return Checked(kind, name, "same")
