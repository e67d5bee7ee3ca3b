"""The audit of a log, from files to findings, summary and report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from fdcpa_guard.auditing.ahead import ColumnarAudit, Engine, columnar_of
from fdcpa_guard.auditing.change_rows import ChangeRow, Changes
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
from fdcpa_guard.auditing.manifest import lookup
from fdcpa_guard.auditing.output import room_to_work
from fdcpa_guard.auditing.problem_rows import KeptProblems, ProblemRow
from fdcpa_guard.auditing.rows import FindingRow, utc
from fdcpa_guard.auditing.summary import AuditSummary, FileRead
from fdcpa_guard.auditing.taking_in import ACTIONS, Progress, Reading
from fdcpa_guard.auditing.tally import Tally
from fdcpa_guard.auditing.unfinished import keep_read, key_of, read_before, working_folder
from fdcpa_guard.auditing.versions import package_version, time_zone_data
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
from fdcpa_guard.facts.place_data import index_digest
from fdcpa_guard.values import instant_of

if TYPE_CHECKING:
    from fdcpa_guard.auditing.continued.run import Continued

AsKnown = Literal["then", "now"]

DEFAULT_WORKERS: Final = 2
SHOWN_PER_RULE: Final = 200
_SMALL_INPUT_BYTES: Final = 4_000_000
"""Below, one process is done before others are up."""


@dataclass(frozen=True, slots=True)
class AuditResult:
    """`shown` are the findings that the report shows: the first of each rule and category, in the order of consumers.

    `first_problems` has the first of each kind. `files` were written; none without a folder to write to. `changes` are the
    first findings that are otherwise than in the run before, where a state is added to.
    """

    summary: AuditSummary
    shown: tuple[FindingRow, ...]
    first_problems: tuple[ProblemRow, ...]
    files: tuple[Path, ...]
    changes: tuple[ChangeRow, ...] = ()


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
    state: Path | None = None,
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
        state: a folder, made where it is not there, that keeps what was read and found (columnar engine). The files are
            added to those of the runs before, and the results are those of all of them: only consumers of whom anything is
            new, or something is or was overdue at the end of the log, are judged again. By other rules or options everyone
            is, from what was kept. What is said otherwise of what was known before is in changes.jsonl and .csv.
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
        FactsError: a file cannot be read at all or was changed meanwhile, or an option names nothing; or the state was read
            with other options, is of another form, or is being added to by another run.
        OutputError: the folder has no room, or a file of it cannot be replaced; all are then as they were.
        OSError: the folder cannot be written.
    """
    options = options or LogOptions()
    collector = collector or Collector()
    if as_of is not None and as_of.tzinfo is None:
        raise FactsError("a time without an offset, expected an instant such as 2026-03-02T09:30:00-05:00", "as_of")
    columnar = _columnar(engine, guard, elsewhere, state)
    with ExitStack() as whole:
        onto = None if state is None else whole.enter_context(_continued(state, out))
        readings = _open(log, options, accounts, events, actions, onto)
        settings = settings_of(options, policy_file, collector_file)
        marks = Marks([*(path for _, reading in readings for path in reading.paths), *settings.values()])
        if onto is not None:
            onto.judged_by(_terms(guard, collector, as_known))
            onto.read_by(_ways(options, settings, marks))
            onto.leave_out(readings, marks)
        paths = [path for _, reading in readings for path in reading.paths]
        queries = [query for _, reading in readings for query in reading.queries]
        names = shown_names(paths) | shown_queries(queries)
        if onto is not None:
            names = onto.names(names)
        number = _workers(workers, paths, bool(queries) or (onto is not None and onto.is_large))
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
        tell = progress or _silent
        begin = elsewhere or partial(Here, columnar=columnar, workers=number)
        partitions = _partitions(paths, memory, onto) if elsewhere is not None or columnar is not None else 1
        key = None
        if onto is not None:
            assert columnar is not None
            begin = _adding(onto, columnar, number)
        elif partitions > 1 and not queries:
            # A run of one piece is as soon done anew; of what a database answers nobody knows whether it is the same still.
            told = {name: marks.before(path) for path, name in names.items()}
            key = key_of({
                "program": package_version(), "rules": guard.rulebook.version, "policy": repr(guard.policy.text),
                "collector": collector.model_dump_json(), "options": repr(options), "inputs": told, "as_known": as_known,
                "settings": {kind: marks.before(str(path)) for kind, path in settings.items()},
                "as_of": None if as_of is None else utc(as_of), "partitions": partitions,
                "elsewhere": elsewhere is not None,
            })  # fmt: skip
        whole.enter_context(room_to_work(out))
        folder = whole.enter_context(working_folder(out, key))
        with begin(Run(guard, collector, folder, names, partitions, readings)) as work:
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
        lost_actions = sum(reading.counts.rows_unreadable for kind, reading in readings if kind == ACTIONS)
        unreadable = sum(reading.counts.rows_unreadable for _, reading in readings) - lost_actions
        inputs = [(1, file) for file in _files_read(readings, names, marks)]
        if onto is not None:
            lost_actions += onto.state.lost_actions
            unreadable += onto.state.unreadable
            inputs = onto.inputs([file for _, file in inputs])
        judged = Judged(
            guard=guard,
            collector=collector,
            options=options,
            as_known=as_known,
            as_of=as_of,
            known_until=known_until if as_known == "now" else None,
            span=kept.span,
            files=tuple(file for _, file in inputs),
            settings=tuple(_settings_read(settings, marks)),
            tally=tally,
            problems=problems,
            lost_actions=lost_actions,
            lost_rows=max(0, unreadable - kept.attributed_lost_rows),
            folder=folder,
            numbers=tuple(numbers),
            shown_per_rule=shown_per_rule,
            runs=() if onto is None else tuple(run for run, _ in inputs),
            changes=None if onto is None else _changes(onto, folder, tally, shown_per_rule),
            notes=() if onto is None else tuple(onto.notes),
        )
        summary = summary_of(judged)
        shown = shown_findings(judged)
        files = () if out is None else write_files(judged, summary, shown, out, tell)
        if onto is not None:
            # Results without a state are made again by the same run; a state without its results would not be.
            onto.commit(kept, inputs, unreadable, lost_actions)
    first_problems = tuple(row for rows in problems.first.values() for row in rows)
    return AuditResult(summary, shown, first_problems, files, () if judged.changes is None else judged.changes.shown)


def _columnar(engine: Engine, guard: Guard, elsewhere: Begin | None, state: Path | None) -> ColumnarAudit | None:
    if state is None:
        return None if elsewhere is not None else columnar_of(engine, guard)
    if engine == "scalar" or elsewhere is not None:
        what = "the scalar engine" if elsewhere is None else "what works elsewhere"
        raise FactsError(f"a state is kept by the columnar engine of this machine, and not by {what}", "state")
    return columnar_of("columnar", guard)


def _continued(state: Path, out: Path | None) -> AbstractContextManager[Continued]:
    from fdcpa_guard.auditing.continued.run import continued

    return continued(state, out)


def _adding(onto: Continued, columnar: ColumnarAudit, workers: int) -> Begin:
    from fdcpa_guard.auditing.continued.work import ContinuedWork

    return partial(ContinuedWork, onto=onto, columnar=columnar, workers=workers)


def _terms(guard: Guard, collector: Collector, as_known: AsKnown) -> dict[str, str]:
    """What a finding depends on besides the records, by what people call it."""
    return {
        "the rules": f"{guard.rulebook.version} {guard.rulebook.digest}", "the policy": repr(guard.policy.text),
        "the collector": collector.model_dump_json(), "what counts as known": as_known, "the program": package_version(),
        "the data of time zones and places": f"{time_zone_data()} {index_digest()}",
    }  # fmt: skip


def _ways(options: LogOptions, settings: dict[str, Path], marks: Marks) -> dict[str, str | None]:
    """What the reading of a file depends on."""
    marked = {kind: marks.before(str(settings[kind])) if kind in settings else None for kind in ("dispositions", "columns")}
    found: dict[str, object] = {
        "zone": options.zone, "format": options.format, "consumer column": options.consumer_column,
        "debt column": options.debt_column, "length of a conversation": options.conversation_seconds,
        "longest field": options.max_field, "owner of numbers": lookup(options.consumers_by_number),
        "owner of debts": lookup(options.consumers_by_debt),
        **{f"file of {kind}": None if mark is None else mark.sha256 for kind, mark in marked.items()},
    }  # fmt: skip
    return {name: None if value is None else str(value) for name, value in found.items()}


def _changes(onto: Continued, folder: Path, tally: Tally, shown_per_rule: int) -> Changes:
    from fdcpa_guard.auditing.continued.joining import joined_changes

    return joined_changes(folder, onto.run, onto.state.partitions, tally, shown_per_rule)


def _partitions(paths: Iterable[Path], memory: int | None, onto: Continued | None) -> int:
    from fdcpa_guard.auditing.partitions.source import partitions_for

    size = sum(path.stat().st_size for path in paths)
    return partitions_for(size, memory) if onto is None else onto.partitions(size, memory)


def _in_order(folder: Path, segments: Sequence[tuple[int, Sequence[Segment]]], problems: KeptProblems) -> int:
    from fdcpa_guard.auditing.partitions.source import in_order

    return in_order(folder, segments, problems)


def _open(
    log: Sequence[Path | str],
    options: LogOptions,
    accounts: Path | str | None,
    events: Path | str | None,
    actions: Path | str | None,
    onto: Continued | None,
) -> list[Reading]:
    """Accounts and events come first: what they say stands before what the log's own rows add."""
    found: list[Reading] = []
    if accounts is not None:
        found.append(("accounts", open_accounts(accounts, options)))
    if accounts is not None or onto is not None:
        options = with_accounts(options, accounts, tuple if onto is None else onto.accounts)
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
