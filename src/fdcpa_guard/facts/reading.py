"""Scenario files: YAML, JSON, or JSON lines with one scenario a line; each mistake at its place in the file."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from fdcpa_guard.errors import RuleErrors
from fdcpa_guard.facts.models import Collector, Scenario
from fdcpa_guard.rulefile.documents import read_documents, read_source
from fdcpa_guard.rulefile.nodes import Node, to_python
from fdcpa_guard.rulefile.shape_errors import shape_errors


def read_scenarios(path: Path) -> list[Scenario]:
    """The scenarios of a file.

    Raises:
        RuleErrors: whatever is wrong with it, all of it at once.
    """
    return [scenario_of(node) for node in read_documents(read_source(path))]


def scenario_of(node: Node) -> Scenario:
    """A scenario from a document or a part of one. Raises RuleErrors."""
    try:
        return Scenario.model_validate(to_python(node))
    except ValidationError as error:
        raise RuleErrors(shape_errors(error, node)) from None


def read_collector(path: Path) -> Collector:
    """A file with the fields of a collector, as a scenario has them under `collector`. Raises RuleErrors."""
    node = read_documents(read_source(path))[0]
    try:
        return Collector.model_validate(to_python(node))
    except ValidationError as error:
        raise RuleErrors(shape_errors(error, node, Collector)) from None
