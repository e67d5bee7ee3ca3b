"""What judges documents: a function, and what the law says of each rule that it knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from fdcpa_guard.documents.model import Document
from fdcpa_guard.linting.findings import LintFinding
from fdcpa_guard.linting.merging import FileSettings

Judge: TypeAlias = Callable[[Document, FileSettings], Sequence[LintFinding]]
"""Says what is wrong with a document that is sent as the settings say, in the one state that they name."""


@dataclass(frozen=True, slots=True)
class Judging:
    """A judge with its rules: of the id of each, what its law says, for the help that reports give."""

    judge: Judge
    law: Mapping[str, str] = field(default_factory=dict)
