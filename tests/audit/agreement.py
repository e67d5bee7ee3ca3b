"""One log audited by both engines: whatever is written has to be the same to the byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from audit_world import COLLECTOR
from shipped import shipped

from fdcpa_guard.auditing.partitions.judging import PartitionJudge
from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.engine.deciding import Guard

SOME_RULES = frozenset({
    "dc-four-calls", "ma-940cmr-two-in-seven-days", "us-fcra-seven-years", "us-fdcpa-cease-communication",
    "us-fdcpa-contact-hours", "us-fdcpa-time-known-inconvenient", "us-regf-after-conversation", "us-regf-dispute-pause",
    "us-regf-furnishing-before-contact", "us-regf-notice-amount-now-as-on-file", "us-regf-notice-end-of-period",
    "us-regf-notice-to-a-failing-address", "us-regf-opt-out-notice", "us-regf-seven-in-seven", "us-regf-third-parties",
    "us-regf-validation-information", "wa-three-in-seven-days",
})  # fmt: skip
"""Shipped rules of every sort: counts, times, what is known of the consumer, notices, deadlines, actions."""
WRITTEN = ("findings.jsonl", "findings.csv", "problems.jsonl", "problems.csv", "summary.json")


@cache
def some_shipped() -> Guard:
    book = shipped()
    rules = tuple(rule for rule in book.rules if rule.id in SOME_RULES)
    assert len(rules) == len(SOME_RULES)
    return Guard(replace(book, rules=rules))


def written_as_arrow(path: Path, table: pa.Table) -> Path:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table)
    return path


def both(
    folder: Path, log: list[Path], guard: Guard, beside: Mapping[str, Path] | None = None, **options: Any
) -> dict[str, bytes]:
    """What an audit writes, which is the same by both engines.

    `beside`: the files of accounts, events and actions. Fails where they differ, and where the columnar engine had to judge
    consumers one by one whose records are plain.
    """
    told: dict[str, dict[str, bytes]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PartitionJudge, "_judged_in_columns", _telling(PartitionJudge._judged_in_columns))
        for engine in ("scalar", "columnar"):
            out = folder / engine
            told_of: dict[str, Any] = {"engine": engine, **(beside or {}), **options}
            run_audit(log, guard=guard, collector=COLLECTOR, out=out, workers=1, **told_of)
            told[engine] = {name: (out / name).read_bytes() for name in WRITTEN}
    for name in WRITTEN:
        assert told["columnar"][name] == told["scalar"][name], name
    return told["scalar"]


class FellBackError(BaseException):
    """No `Exception`, so that nothing takes it for an error of one consumer's file."""


def _telling(judged: Any) -> Any:
    def found(self: PartitionJudge, consumers: Any) -> Any:
        try:
            return judged(self, consumers)
        except Exception as error:
            raise FellBackError(repr(error)) from error

    return found
