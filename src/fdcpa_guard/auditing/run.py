"""The audit of a log, from files to findings, summary and report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Literal

from fdcpa_guard.auditing.ahead import Engine, columnar_of
from fdcpa_guard.auditing.disagreement import left_behind
from fdcpa_guard.auditing.ending import Judged, shown_findings, summary_of, write_files
from fdcpa_guard.auditing.inputs import (
    FileMark,
    Marks,
    SettingRead,
    settings_of,
    shown_names,
    shown_queries,
    with_accounts,
)
from fdcpa_guard.auditing.output import room_to_work
from fdcpa_guard.auditing.problem_rows import KeptProblems, ProblemRow
from fdcpa_guard.auditing.rows import FindingRow, utc
from fdcpa_guard.auditing.summary import AuditSummary, FileRead
from fdcpa_guard.auditing.taking_in import ACTIONS, Progress, Reading
from fdcpa_guard.auditing.tally import Tally
from fdcpa_guard.auditing.unfinished import keep_read, key_of, read_before, working_folder
from fdcpa_guard.auditing.versions import package_version
from fdcpa_guard.auditing.work import Begin, Here, Run
from fdcpa_guard.auditing.workers import Segment
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import BackendDisagreement, FactsError
from fdcpa_guard.facts.importers.reading import (
    LogOptions,
    open_accounts,
    open_actions,
    open_events,
    open_log,
)
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.values import instant_of

AsKnown = Literal["then", "now"]

DEFAULT_WORKERS: Final = 2
SHOWN_PER_RULE: Final = 200
_SMALL_INPUT_BYTES: Final = 4_000_000
"""Below, one process is done before others are up."""


@dataclass(frozen=True, slots=True)
class AuditResult:
    """`shown` are the findings that the report shows: the first of each rule and category, in the order of consumers.

    `first_problems` has the first of each kind. `files` were written; none without a folder to write to.
    """

    summary: AuditSummary
    shown: tuple[FindingRow, ...]
    first_problems: tuple[ProblemRow, ...]
    files: tuple[Path, ...]


def run_audit(
    log: Sequence[Path | str],
    *,
    guard: Guard,
    collector: Collector | None = None,
    options: LogOptions | None = None,
    accounts: Path | str | None = None,
    events: Path | str | None = None,
    actions: Path | str | None = None,
    out: Path | None = None,
    as_known: AsKnown = "then",
    as_of: datetime | None = None,
    workers: int | None = None,
    engine: Engine = "auto",
    elsewhere: Begin | None = None,
    memory: int | None = None,
    shown_per_rule: int = SHOWN_PER_RULE,
    policy_file: Path | None = None,
    collector_file: Path | None = None,
    progress: Progress | None = None,
) -> AuditResult:
    """Judge every communication and action of a log against what came before it, by the law of its own day.

    Args:
        log: log files; a folder stands for the files in it, a pattern (`logs/2025-*.parquet`) for those that it matches.
            As text also what DuckDB reads: `duckdb:FILE?table=NAME`, `duckdb:FILE?query=SELECT ...`, `s3://...`.
        guard: the rules, and the policy over them.
        collector: whose log it is. What it does not say (above all its kind) is unknown to every rule.
        options: how the log files are to be read. Whose a number or a debt is comes from `accounts`.
        accounts, events, actions: the files of accounts, of what became known, and of what was done besides
            communicating (furnishing, suits, deposits, sales), in the project's own tables.
        out: the folder to write to, made where it is not there: findings.jsonl, .csv and (with pyarrow) .parquet,
            problems.jsonl and .csv, summary.json, report.html, manifest.json. None writes nothing.
        as_known: `then`: each communication by what was known at its own instant. `now`: by all that is known at the
            end, as a number that later proved to be somebody else's.
        as_of: the end to which deadlines and `now` look; left out, the last communication (`now`: the last thing
            known) of the data. Nothing reads a clock.
        workers: processes that judge; left out, two for all but small logs. The results do not depend on it.
        engine: `columnar` judges many consumers at once with NumPy (the extra `scale`), `scalar` each communication by
            itself; the findings are the same. `auto` takes the first where it can.
        elsewhere: where the files are read and the consumers judged (columnar engine), if not in processes of this machine:
            `fdcpa_guard.spark` gives one. `workers` and `engine` are then not looked at.
        memory: about how many megabytes each process may take (columnar engine); left out, some hundreds. Less memory is
            more and smaller pieces.
        shown_per_rule: how many findings of one rule the report draws at most; all are in the other files.
        policy_file, collector_file: where the policy of `guard` and `collector` were read from, for the manifest alone.
        progress: told how far it is.

    Each outcome is known as the log has it. A row that could not be read makes its consumer's log incomplete, so that
    counts are open above and what depends on absence is unknown; where nobody can say whose row it was, the summary
    says so. An error in judging a communication becomes an undecided finding.

    Memory is bounded by `memory`, or by the history of one consumer where that is larger, and not by the log. A run of the
    columnar engine that was stopped, by whatever it was, leaves what it had done in a folder within `out`, and the same run
    goes on from there; it is taken away when the run is done. The same files, rules and options give the
    same bytes, in whatever order the rows are and however many processes work; only of two contradicting copies of one
    row, neither of which says when it was changed, the last stated holds.

    Raises:
        BackendDisagreement: an engine answers other than the definition; a scenario that shows it lies in `out`.
        FactsError: a file cannot be read at all or was changed meanwhile, or an option names nothing.
        OutputError: the folder has no room, or a file of it cannot be replaced; all are then as they were.
        OSError: the folder cannot be written.
    """
    options = options or LogOptions()
    collector = collector or Collector()
    if as_of is not None and as_of.tzinfo is None:
        raise FactsError("a time without an offset, expected an instant such as 2026-03-02T09:30:00-05:00", "as_of")
    readings = _open(log, options, accounts, events, actions)
    paths = [path for _, reading in readings for path in reading.paths]
    queries = [query for _, reading in readings for query in reading.queries]
    names = shown_names(paths) | shown_queries(queries)
    settings = settings_of(options, policy_file, collector_file)
    marks = Marks([*paths, *settings.values()])
    number = _workers(workers, paths, bool(queries))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    tell = progress or _silent
    begin, in_columns = elsewhere, True
    if begin is None:
        columnar = columnar_of(engine, guard)
        begin, in_columns = partial(Here, columnar=columnar, workers=number), columnar is not None
    partitions = _partitions(paths, memory) if in_columns else 1
    key = None
    if partitions > 1 and not queries:
        # A run of one piece is as soon done anew; of what a database answers nobody knows whether it is the same still.
        told = {name: marks.before(path) for path, name in names.items()}
        key = key_of({
            "program": package_version(), "rules": guard.rulebook.version, "policy": repr(guard.policy.text),
            "collector": collector.model_dump_json(), "options": repr(options), "inputs": told, "as_known": as_known,
            "settings": {kind: marks.before(str(path)) for kind, path in settings.items()},
            "as_of": None if as_of is None else utc(as_of), "partitions": partitions,
            "elsewhere": elsewhere is not None,
        })  # fmt: skip
    with room_to_work(out), working_folder(out, key) as folder:
        with begin(Run(guard, collector, folder, names, partitions)) as work:
            before, kept = read_before(folder, readings), work.kept
            if before is not None:
                kept.span, kept.items, kept.attributed_lost_rows = before.span, before.items, before.attributed_lost_rows
                problems = before.problems
                tell("reading", kept.items, kept.items)
            else:
                problems = work.read(readings, tell)
                if key is not None:
                    keep_read(folder, readings, kept, problems)
            known_until = instant_of(as_of) if as_of is not None else kept.span.last_known
            ends_at = instant_of(as_of) if as_of is not None else kept.span.last
            tally, numbers, done = Tally(), [0], 0
            segments: list[tuple[int, Sequence[Segment]]] = []
            try:
                for result in work.judge(known_until if as_known == "now" else None, ends_at):
                    tally.merge(result.tally)
                    problems.merge(result.problems)
                    numbers.append(result.number)
                    segments.append((result.number, result.consumers))
                    done += result.items
                    tell("judging", done, kept.items)
            except BackendDisagreement as error:
                raise left_behind(error, Path() if out is None else out) from None
            if not work.in_order:
                numbers = [0, _in_order(folder, segments, problems)]
        unreadable = sum(reading.counts.rows_unreadable for kind, reading in readings if kind != ACTIONS)
        judged = Judged(
            guard=guard,
            collector=collector,
            options=options,
            as_known=as_known,
            as_of=as_of,
            known_until=known_until if as_known == "now" else None,
            span=kept.span,
            files=tuple(_files_read(readings, names, marks)),
            settings=tuple(_settings_read(settings, marks)),
            tally=tally,
            problems=problems,
            lost_actions=sum(reading.counts.rows_unreadable for kind, reading in readings if kind == ACTIONS),
            lost_rows=max(0, unreadable - kept.attributed_lost_rows),
            folder=folder,
            numbers=tuple(numbers),
            shown_per_rule=shown_per_rule,
        )
        summary = summary_of(judged)
        shown = shown_findings(judged)
        files = () if out is None else write_files(judged, summary, shown, out, tell)
    return AuditResult(summary, shown, tuple(row for rows in problems.first.values() for row in rows), files)


def _partitions(paths: Iterable[Path], memory: int | None) -> int:
    from fdcpa_guard.auditing.partitions.source import partitions_for

    return partitions_for(sum(path.stat().st_size for path in paths), memory)


def _in_order(folder: Path, segments: Sequence[tuple[int, Sequence[Segment]]], problems: KeptProblems) -> int:
    from fdcpa_guard.auditing.partitions.source import in_order

    return in_order(folder, segments, problems)


def _open(
    log: Sequence[Path | str],
    options: LogOptions,
    accounts: Path | str | None,
    events: Path | str | None,
    actions: Path | str | None,
) -> list[Reading]:
    """Accounts and events come first: what they say stands before what the log's own rows add."""
    found: list[Reading] = []
    if accounts is not None:
        found.append(("accounts", open_accounts(accounts, options)))
        options = with_accounts(options, accounts)
    if events is not None:
        found.append(("events", open_events(events, options)))
    if actions is not None:
        found.append((ACTIONS, open_actions(actions, options)))
    found.append(("log", open_log(log, options)))
    return found


def _workers(asked: int | None, paths: Iterable[Path], of_any_size: bool) -> int:
    if asked is not None:
        if asked < 1:
            raise FactsError(f"found {asked}, expected at least one process", "workers")
        return asked
    large = of_any_size or sum(path.stat().st_size for path in paths) > _SMALL_INPUT_BYTES
    return DEFAULT_WORKERS if large else 1


def _silent(stage: str, done: int, of: int | None) -> None:
    """Nobody asked."""


def _files_read(readings: Sequence[Reading], names: dict[str, str], marks: Marks) -> Iterable[FileRead]:
    for kind, reading in readings:
        marked: list[tuple[str, FileMark, str | None]] = [(str(path), marks.of(path), None) for path in reading.paths]
        marked += [(str(query), FileMark(query.sha256, 0), query.query) for query in reading.queries]
        for file, mark, query in marked:
            counts = reading.counts_by_file[file]
            yield FileRead(
                name=names[file],
                kind=kind,
                format=reading.formats.get(file, "none"),
                sha256=mark.sha256,
                bytes=mark.bytes,
                rows_read=counts.rows_read,
                rows_given=counts.rows_given,
                rows_left_out=counts.rows_left_out,
                not_a_communication=counts.not_a_communication,
                unknown_columns=tuple(reading.unknown_columns.get(file, ())),
                query=query,
            )


def _settings_read(settings: dict[str, Path], marks: Marks) -> Iterable[SettingRead]:
    for kind, path in settings.items():
        mark = marks.of(path)
        yield SettingRead(kind, path.name, mark.sha256, mark.bytes)
