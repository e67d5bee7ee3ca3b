"""The scrub of a list, from files to files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import itemgetter
from pathlib import Path
from typing import Final

from fdcpa_guard.auditing.inputs import Marks, SettingRead, settings_of, shown_names, shown_queries, with_accounts
from fdcpa_guard.auditing.output import MANIFEST, SUMMARY, Staging, as_json, room_to_work
from fdcpa_guard.auditing.problem_rows import ProblemRow
from fdcpa_guard.auditing.versions import versions
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.facts.importers.reading import LogOptions, LogReading, open_accounts, open_events, open_log
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.facts.place_data import index_digest
from fdcpa_guard.scrubbing.changing import ChangingRules
from fdcpa_guard.scrubbing.contacts import ContactList
from fdcpa_guard.scrubbing.engines import EngineName, ScalarEngine, engine_of
from fdcpa_guard.scrubbing.files import Files, SpoolFiles, Terms
from fdcpa_guard.scrubbing.gathering import Answers, Problems, Progress, files_read, read_list, read_log
from fdcpa_guard.scrubbing.judging import Scrubber
from fdcpa_guard.scrubbing.results import ScrubbedContact
from fdcpa_guard.scrubbing.summary import ScrubSummary, Tally
from fdcpa_guard.scrubbing.workers import Workers
from fdcpa_guard.scrubbing.writing import FORM, WRITTEN, ProblemFiles, ScrubManifest, paths_of, write_rows

DEFAULT_WORKERS: Final = 2
_SMALL_LIST_BYTES: Final = 100_000
"""Below, one process is done before others are up."""


@dataclass(frozen=True, slots=True)
class ScrubResult:
    """`first_problems` has the first of each kind. `files` were written; none without a folder to write to."""

    summary: ScrubSummary
    first_problems: tuple[ProblemRow, ...]
    files: tuple[Path, ...]
    answers: tuple[ScrubbedContact, ...]
    """Every answer in the order of the list; empty where they were written to a folder."""


def scrub(
    contacts: Path | str,
    *,
    log: Sequence[Path | str],
    guard: Guard,
    at: datetime | None = None,
    on: date | None = None,
    collector: Collector | None = None,
    options: LogOptions | None = None,
    accounts: Path | str | None = None,
    events: Path | str | None = None,
    out: Path | None = None,
    workers: int | None = None,
    engine: EngineName = "auto",
    ahead: bool = True,
    policy_file: Path | None = None,
    collector_file: Path | None = None,
    progress: Progress | None = None,
) -> ScrubResult:
    """Hold a list of planned contacts against a log: may each be made, why not, and in which hours of the day.

    Args:
        contacts: the list, one row a contact, in the columns of the canonical log (`consumer_id`, `channel`, `address`,
            `debt_ids`, ...); other columns are carried to the output. A row that says nothing of whom it is for is for the
            consumer.
        log, accounts, events: as for an audit.
        guard: the rules, and the policy over them.
        at: the instant for which contacts are planned whose row names none.
        on: or the day, by each consumer's own clock: the decision is then the best of that day. Nothing reads a clock.
        collector: whose list it is. What it does not say (above all its kind) is unknown to every rule.
        options: how the log files are to be read; `zone` holds for the list too.
        out: the folder to write to, made where it is not there. None writes nothing, and gives the answers.
        workers: processes that judge; the results do not depend on it.
        engine: `columnar` judges many contacts at once with NumPy (the extra `scale`), `scalar` each by itself; the answers
            are the same. `auto` takes the first where it can.
        ahead: whether the next lawful instant is sought beyond the day, of contacts that have no window in it; to most of
            them nothing that waits will help, and to find that out takes longer than all else.
        policy_file, collector_file: where the policy of `guard` and `collector` were read from, for the manifest alone.
        progress: told how far it is.

    The decision on a contact is what `Guard.check` says of it alone, at the instant that the answer names. Where a fact is
    missing it is review, never allow; so is a row that cannot be read. Memory is bounded by the number of consumers in the
    list and the history of a few thousand of them.

    Raises:
        BackendDisagreement: an engine answers other than the definition.
        FactsError: a file cannot be read at all or was changed meanwhile; neither `at` nor `on` nor a column `at` says for
            when the list is; both `at` and `on` are given.
        OutputError: the folder has no room, or a file of it cannot be replaced; all are then as they were.
    """
    if at is not None and on is not None:
        raise FactsError("an instant and a day are given, expected one of them", "at", "leave one of --at and --on out")
    if at is not None and at.tzinfo is None:
        raise FactsError("a time without an offset, expected an instant such as 2026-03-02T09:30:00-05:00", "at")
    options, collector = options or LogOptions(), collector or Collector()
    tell = progress or _silent
    planned = ContactList(contacts, options.zone, at, on)
    readings = _open(log, options, accounts, events)
    paths = [planned.path, *(path for _, reading in readings for path in reading.paths)]
    names = shown_names(paths) | shown_queries([query for _, reading in readings for query in reading.queries])
    settings = settings_of(options, policy_file, collector_file)
    marks = Marks([*paths, *settings.values()])
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    with room_to_work(out), tempfile.TemporaryDirectory(prefix=".unfinished-", dir=out) as made, ExitStack() as stack:
        folder = Path(made)
        staging = None if out is None else Staging(folder, out)
        rules = ChangingRules(guard.rules)
        day = None if on is None else on.toordinal()
        judging = engine_of(engine, guard, rules)
        terms = Terms(Scrubber(guard, judging, rules, day, ahead=ahead), collector)
        files = _files(folder, planned.path.stat().st_size, in_columns=not isinstance(judging, ScalarEngine))
        working = stack.enter_context(Workers(_workers(workers, planned.path), terms, files))
        answers = stack.enter_context(Answers(folder / "answers"))
        with ExitStack() as of_problems:
            problems = Problems(ProblemFiles(of_problems, staging), names)
            consumers = read_list(planned, files, answers, problems, tell)
            lost = read_log(readings, files, consumers, problems, tell)
            done = strangers = 0
            of_files: list[tuple[bytes, Problem]] = []
            for found in working.scrub():
                answers.put(found.answers)
                of_files.extend(found.problems)
                strangers += found.strangers
                done += len(found.answers)
                tell("judging", done, planned.counts.rows_given)
            for _, problem in sorted(of_files, key=itemgetter(0)):
                problems.add(problem)
        answers.complete(planned.counts.rows_read)
        tally = Tally()
        for answer in answers:
            tally.add(answer)
        summary = tally.summary(
            at=None if at is None else at.isoformat(),
            on=None if on is None else on.isoformat(),
            rulebook_version=guard.rulebook.version,
            rules={rule.id: rule for rule in guard.rules},
            consumers=len(consumers),
            strangers=strangers,
            problems=dict(sorted(problems.kept.rows.items())),
            lost_rows=lost,
            files=tuple(files_read(planned, readings, names, marks)),
        )
        first = tuple(row for rows in problems.kept.first.values() for row in rows)
        if out is None or staging is None:
            return ScrubResult(summary, first, (), tuple(answers))
        tell("writing", 0, None)
        notes = write_rows(staging, planned.columns, zip(planned.carried(), answers, strict=True))
        summary = replace(summary, notes=notes)
        staging.write(SUMMARY, as_json(summary))
        manifest = ScrubManifest(
            manifest=FORM,
            rules_version=guard.rulebook.version,
            rules_digest=guard.rulebook.digest,
            at=summary.at,
            on=summary.on,
            zone=options.zone,
            collector=collector.model_dump(mode="json", exclude_none=True),
            policy=guard.policy.text.model_dump(mode="json", exclude_defaults=True),
            inputs=summary.files,
            settings=tuple(_settings_read(settings, marks)),
            outputs={},
            made_with=versions(index_digest()),
            notes=notes,
        )
        staging.write(MANIFEST, as_json(manifest.sealed(dict(paths_of(staging)))))
        # The list is read a second time for what it carries along.
        marks.of(planned.path)
        staging.put_in_place(WRITTEN)
    return ScrubResult(summary, first, tuple(out / name for name in WRITTEN if (out / name).exists()), ())


def _files(folder: Path, size: int, *, in_columns: bool) -> Files:
    if not in_columns:
        return SpoolFiles(folder)
    from fdcpa_guard.scrubbing.partitions.files import PartitionFiles, partitions_for

    return PartitionFiles(folder, partitions_for(size))


def _open(
    log: Sequence[Path | str], options: LogOptions, accounts: Path | str | None, events: Path | str | None
) -> list[tuple[str, LogReading]]:
    """Accounts and events come first: what they say stands before what the log's own rows add."""
    found: list[tuple[str, LogReading]] = []
    if accounts is not None:
        found.append(("accounts", open_accounts(accounts, options)))
        options = with_accounts(options, accounts)
    if events is not None:
        found.append(("events", open_events(events, options)))
    found.append(("log", open_log(log, options)))
    return found


def _workers(asked: int | None, contacts: Path) -> int:
    if asked is None:
        return DEFAULT_WORKERS if contacts.stat().st_size > _SMALL_LIST_BYTES else 1
    if asked < 1:
        raise FactsError(f"found {asked}, expected at least one process", "workers")
    return asked


def _settings_read(settings: Mapping[str, Path], marks: Marks) -> Iterator[SettingRead]:
    for kind, path in settings.items():
        mark = marks.of(path)
        yield SettingRead(kind, path.name, mark.sha256, mark.bytes)


def _silent(stage: str, done: int, of: int | None) -> None:
    """Nobody asked."""
