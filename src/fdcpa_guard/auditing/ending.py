"""From what was judged to what is handed over: the summary, the findings to show, and the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from fdcpa_guard.auditing.change_rows import CHANGES_CSV, CHANGES_JSON, Changes
from fdcpa_guard.auditing.inputs import SettingRead
from fdcpa_guard.auditing.limits import not_checked
from fdcpa_guard.auditing.manifest import manifest_of, to_bytes
from fdcpa_guard.auditing.output import (
    FINDINGS_PARQUET,
    MANIFEST,
    REPORT,
    SUMMARY,
    Staging,
    as_json,
    heading_line,
    join_parts,
    write_changes,
    write_parquet,
)
from fdcpa_guard.auditing.problem_rows import PROBLEM_COLUMNS, KeptProblems
from fdcpa_guard.auditing.report.page import report_page
from fdcpa_guard.auditing.rows import COLUMNS, Category, FindingRow, from_line, rule_and_category, utc
from fdcpa_guard.auditing.spool import Span
from fdcpa_guard.auditing.summary import AuditSummary, CodeRows, FileRead, totals_of
from fdcpa_guard.auditing.tally import Tally
from fdcpa_guard.auditing.versions import package_version, time_zone_data
from fdcpa_guard.auditing.workers import FINDINGS_CSV, FINDINGS_JSON, PROBLEMS_CSV, PROBLEMS_JSON, part
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.values import datetime_of, format_day

_FEWER: Final = 10
"""Of undecided findings and advice the report shows so many times fewer: one of a kind tells what is missing."""
_FILES: Final = 6


@dataclass(frozen=True, slots=True)
class Judged:
    """A run whose communications are all judged; the parts of its findings are in `folder`, by `numbers`."""

    guard: Guard
    collector: Collector
    options: LogOptions
    as_known: str
    as_of: datetime | None
    known_until: int | None
    span: Span
    files: tuple[FileRead, ...]
    settings: tuple[SettingRead, ...]
    tally: Tally
    problems: KeptProblems
    lost_rows: int
    lost_actions: int
    folder: Path
    numbers: tuple[int, ...]
    shown_per_rule: int
    runs: tuple[int, ...] = ()
    """Of each of the files, which run brought it, where several did."""
    changes: Changes | None = None
    notes: tuple[str, ...] = ()


def summary_of(judged: Judged) -> AuditSummary:
    """The summary of a run; see `AuditSummary`."""
    guard, span = judged.guard, judged.span
    checked = sorted(rule.checked_on for rule in guard.rules)
    totals = totals_of(judged.tally, guard.rulebook.by_id)
    return AuditSummary(
        rules_version=guard.rulebook.version,
        package_version=package_version(),
        time_zone_data=time_zone_data(),
        as_known=judged.as_known,
        known_until=_instant(judged.known_until),
        as_of=None if judged.as_of is None else utc(judged.as_of),
        collector_kind=judged.collector.kind,
        zone=judged.options.zone,
        files=judged.files,
        rules=len(guard.rules),
        law_checked_first=format_day(checked[0]) if checked else None,
        law_checked_last=format_day(checked[-1]) if checked else None,
        first_communication=_instant(span.first),
        last_communication=_instant(span.last),
        lost_rows_of_unknown_consumers=judged.lost_rows,
        lost_actions=judged.lost_actions,
        problems=dict(sorted(judged.problems.rows.items())),
        unmapped_dispositions=tuple(
            CodeRows(row.file, row.value or "", row.rows)
            for row in judged.problems.first.get(ProblemKind.UNMAPPED_DISPOSITION.value, ())
        ),
        not_checked=not_checked(judged.tally, guard, judged.collector),
        changes=None if judged.changes is None else judged.changes.found,
        notes=tuple(_notes(judged, totals.errors)),
        **{name: getattr(totals, name) for name in totals.__dataclass_fields__},
    )


def _instant(instant: int | None) -> str | None:
    return None if instant is None else utc(datetime_of(instant))


def _notes(judged: Judged, errors: int) -> list[str]:
    notes = list(judged.notes)
    if judged.collector.kind is None:
        notes.append(
            "Nobody said what kind of collector this is; whom a law binds depends on it, so that most rules are undecided."
        )
    if errors:
        notes.append(f"{errors} communications could not be judged because of an error; each is among the findings.")
    return notes


def shown_findings(judged: Judged) -> tuple[FindingRow, ...]:
    """The first findings of each rule and category, up to the limit; read from the parts, most lines by their beginning."""
    limits = {
        Category.BREACH.value: judged.shown_per_rule,
        Category.PRESUMPTION.value: judged.shown_per_rule,
        Category.PERSON.value: -(-judged.shown_per_rule // _FEWER),
        Category.ADVICE.value: -(-judged.shown_per_rule // _FEWER),
    }
    taken: Counter[tuple[str, str]] = Counter()
    found: list[FindingRow] = []
    for number in judged.numbers:
        path = part(judged.folder, number, FINDINGS_JSON)
        if not path.exists():
            continue
        with path.open("rb") as lines:
            for line in lines:
                kind = rule_and_category(line)
                if taken[kind] < limits[kind[1]]:
                    taken[kind] += 1
                    found.append(from_line(line))
    return tuple(found)


def write_files(
    judged: Judged,
    summary: AuditSummary,
    shown: tuple[FindingRow, ...],
    out: Path,
    tell: Callable[[str, int, int | None], None],
) -> tuple[Path, ...]:
    """Write all files of a run aside, then put them in place, the manifest last: where there is one, the others are of
    its run. Raises OutputError, with all files as they were."""
    staging = Staging(judged.folder, out)
    headings = {FINDINGS_CSV: heading_line(COLUMNS), PROBLEMS_CSV: heading_line(PROBLEM_COLUMNS)}
    for done, name in enumerate((FINDINGS_JSON, FINDINGS_CSV, PROBLEMS_JSON, PROBLEMS_CSV)):
        join_parts(staging, name, judged.folder, judged.numbers, headings.get(name, b""))
        tell("writing", done + 1, _FILES + 1)
    note = write_parquet(staging, FINDINGS_JSON, FINDINGS_PARQUET)
    if judged.changes is not None:
        write_changes(staging, judged.changes)
    staging.write(SUMMARY, as_json(summary))
    with staging.file(REPORT) as file:
        changed = () if judged.changes is None else judged.changes.shown
        for piece in report_page(summary, shown, judged.problems, judged.guard, changed):
            file.write(piece.encode("utf-8", "replace"))
    names = [
        FINDINGS_JSON, FINDINGS_CSV, FINDINGS_PARQUET, PROBLEMS_JSON, PROBLEMS_CSV, CHANGES_JSON, CHANGES_CSV, SUMMARY, REPORT,
    ]  # fmt: skip
    written = {name: staging.path(name) for name in names if staging.path(name).exists()}
    staging.write(MANIFEST, to_bytes(manifest_of(judged, summary, written, note)))
    staging.put_in_place([*names, MANIFEST])
    tell("writing", _FILES + 1, _FILES + 1)
    return tuple(out / name for name in (*written, MANIFEST))
