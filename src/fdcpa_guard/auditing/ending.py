"""From what was judged to what is handed over: the summary, the findings to show, and the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from fdcpa_guard.auditing.inputs import sha256_of
from fdcpa_guard.auditing.limits import not_checked
from fdcpa_guard.auditing.output import (
    FINDINGS_PARQUET,
    MANIFEST,
    REPORT,
    SUMMARY,
    as_json,
    hashes_of,
    heading_line,
    join_parts,
    whole_file,
    write_parquet,
    write_whole,
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
    tally: Tally
    problems: KeptProblems
    lost_rows: int
    lost_actions: int
    folder: Path
    numbers: tuple[int, ...]
    shown_per_rule: int


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
        notes=tuple(_notes(judged, totals.errors)),
        **{name: getattr(totals, name) for name in totals.__dataclass_fields__},
    )


def _instant(instant: int | None) -> str | None:
    return None if instant is None else utc(datetime_of(instant))


def _notes(judged: Judged, errors: int) -> list[str]:
    notes: list[str] = []
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
    """Write all files of a run, the manifest last: where there is one, the others are of its run."""
    (out / MANIFEST).unlink(missing_ok=True)
    headings = {FINDINGS_CSV: heading_line(COLUMNS), PROBLEMS_CSV: heading_line(PROBLEM_COLUMNS)}
    for done, name in enumerate((FINDINGS_JSON, FINDINGS_CSV, PROBLEMS_JSON, PROBLEMS_CSV)):
        join_parts(out / name, judged.folder, judged.numbers, headings.get(name, b""))
        tell("writing", done + 1, _FILES + 1)
    note = write_parquet(out / FINDINGS_JSON, out / FINDINGS_PARQUET)
    write_whole(out / SUMMARY, as_json(summary))
    with whole_file(out / REPORT) as file:
        for piece in report_page(summary, shown, judged.problems, judged.guard):
            file.write(piece.encode("utf-8", "replace"))
    names = [FINDINGS_JSON, FINDINGS_CSV, FINDINGS_PARQUET, PROBLEMS_JSON, PROBLEMS_CSV, SUMMARY, REPORT]
    write_whole(out / MANIFEST, as_json(_manifest(judged, summary, hashes_of(out, names), note)))
    tell("writing", _FILES + 1, _FILES + 1)
    return tuple(out / name for name in (*names, MANIFEST) if (out / name).exists())


def _manifest(judged: Judged, summary: AuditSummary, outputs: dict[str, str], note: str | None) -> dict[str, object]:
    """What went in, by what it was judged, and what came out: enough to do it again and compare."""
    options = judged.options
    codes, columns = options.dispositions, options.columns
    return {
        "fdcpa_guard": summary.package_version,
        "rules_version": summary.rules_version,
        "rules_digest": judged.guard.rulebook.digest,
        "time_zone_data": summary.time_zone_data,
        "as_known": judged.as_known,
        "as_of": summary.as_of,
        "known_until": summary.known_until,
        "collector": judged.collector.model_dump(mode="json", exclude_none=True),
        "policy": judged.guard.policy.text.model_dump(mode="json", exclude_defaults=True),
        "options": {
            "format": options.format,
            "zone": options.zone,
            "dispositions": None if codes is None else {"name": codes.name, "sha256": sha256_of(codes)},
            "columns": None if columns is None else {"name": columns.name, "sha256": sha256_of(columns)},
            "consumer_column": options.consumer_column,
            "debt_column": options.debt_column,
            "conversation_seconds": options.conversation_seconds,
            "max_field": options.max_field,
            "shown_per_rule": judged.shown_per_rule,
        },
        "inputs": [asdict(file) for file in judged.files],
        "counts": {
            "communications": summary.communications,
            "consumers": summary.consumers,
            "findings": summary.findings_by_category,
            "waived": summary.waived,
            "errors": summary.errors,
            "problems": summary.problems,
        },
        "outputs": outputs,
        "notes": [] if note is None else [note],
    }
