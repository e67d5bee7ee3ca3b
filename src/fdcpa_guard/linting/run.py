"""Checks files: reads each, puts together what is known of it, has it judged, and holds waivers and baseline against it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from fdcpa_guard.documents.model import Document
from fdcpa_guard.errors import DocumentError, GuardError
from fdcpa_guard.linting.baseline import Baseline, held_against, read_baseline, stale, write_baseline, written_anew
from fdcpa_guard.linting.config import Config, Configs
from fdcpa_guard.linting.files import chosen_files
from fdcpa_guard.linting.findings import FileReport, Lines, LintFinding, LintRun, Problem, problems_of
from fdcpa_guard.linting.front_matter import FrontMatter, read_front_matter
from fdcpa_guard.linting.judging import Judge
from fdcpa_guard.linting.merging import FileSettings, settings_of
from fdcpa_guard.linting.settings import SettingsText
from fdcpa_guard.linting.texts import is_readable, read_file
from fdcpa_guard.linting.waivers import Waiver, told_of, waived, waiver_of, waiver_of_config, waivers_in
from fdcpa_guard.rulefile.shape_errors import did_you_mean
from fdcpa_guard.source import SourceFile

_NOTHING: Final = SettingsText()
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Request:
    """How files are to be checked.

    `today` is the day whose law is asked where nothing names one: no clock is read. `options` are put over all else that is
    said of a file; `ignore` are patterns of files that are left out, with `ignores_named` even where they are named; `config` is a configuration for all files, in place of
    the nearest up the tree. `baseline` is held against the findings; None: that which a configuration names, if
    `uses_baseline`. `rules` are the ids of all rules that the judge knows, None where nobody has said: a pattern or waiver
    that fits none of them is a mistake.
    """

    today: date
    options: SettingsText = _NOTHING
    ignore: tuple[str, ...] = ()
    ignores_named: bool = False
    config: Path | None = None
    baseline: Path | None = None
    uses_baseline: bool = True
    rules: Collection[str] | None = None


@dataclass(slots=True)
class _Seen:
    """What one run has met: the waivers of configurations, and which of them waived something."""

    waivers: dict[Waiver, Config] = field(default_factory=dict)
    used: set[Waiver] = field(default_factory=set)


def lint(paths: Sequence[Path], judge: Judge, request: Request) -> LintRun:
    """Checks files, those of folders, and those that patterns find; in the order of their paths.

    A file that cannot be used has problems in its report and stops no other.

    Raises:
        FactsError: a path is not there, there is nothing to check, or a configuration or baseline cannot be used.
    """
    configs = Configs(request.config)
    chosen = chosen_files(paths, configs, is_readable, request.ignore, ignores_named=request.ignores_named)
    seen = _Seen()
    reports = [_checked(path, judge, request, configs.of(path), seen) for path in chosen.files]
    reports.extend(_of_configs(seen, chosen.folders, request))
    baselines = _baselines(reports, request, configs)
    if baselines:
        reports = _held(reports, baselines, chosen.folders)
    return LintRun(tuple(reports), ", ".join(dict.fromkeys(each.path for each in baselines.values())) or None)


def write_baseline_of(run: LintRun, path: Path) -> None:
    """Writes a baseline that knows all that a run found. What an earlier one there knows of files that were not read, stays.

    Raises:
        FactsError: an earlier one cannot be used.
        OutputError: it cannot be written.
    """
    before = read_baseline(path) if path.exists() else None
    write_baseline(path, written_anew(run.findings, _judged_files(run.reports), path.resolve().parent, before))


def check_file(path: Path, judge: Judge, request: Request) -> FileReport:
    """Checks one file, by the configuration that is nearest to it. Raises FactsError as `lint` does."""
    run = lint([path], judge, request)
    return next(report for report in run.reports if report.file == path.as_posix())


# -- one file --------------------------------------------------------------------------------------------------------------


def _checked(path: Path, judge: Judge, request: Request, config: Config | None, seen: _Seen) -> FileReport:
    name = path.as_posix()
    try:
        document, text = read_file(path)
    except DocumentError as error:
        problem = Problem(f"{error.found}; expected {error.expected}", error.line, error.column, error.hint)
        return FileReport(name, problems=(problem,))
    source = None if text is None else SourceFile(name, text)
    try:
        front = None if source is None else read_front_matter(source)
    except GuardError as error:
        problems = problems_of(error, name)
        return FileReport(name, problems=problems, lines=_lines(document, source, problems))
    layers, waivers = _said(path, config, front, request.options)
    settings = settings_of(document.format, layers, request.today)
    problems = tuple(_strange_patterns(layers, request.rules))
    seen.waivers.update({waiver: config for waiver in waivers if config is not None and not waiver.in_file})
    if source is not None:
        found, errors = waivers_in(source, document.format, document.template)
        waivers.extend(found)
        problems += tuple(problem for error in errors for problem in problems_of(error, name))
    try:
        findings = _judged(document, settings, judge, name)
    except GuardError as error:
        problems += problems_of(error, name)
        return FileReport(name, problems=problems, lines=_lines(document, source, problems))
    on = settings[0].on
    findings, used = waived(findings, waivers, on)
    seen.used.update(used)
    findings.extend(told_of((each for each in waivers if each.in_file), used, on, request.rules))
    findings.sort(key=lambda each: (each.place, each.rule))
    return FileReport(name, tuple(findings), problems, settings, _lines(document, source, [*findings, *problems]))


def _said(
    path: Path, config: Config | None, front: FrontMatter | None, options: SettingsText
) -> tuple[list[tuple[str, SettingsText]], list[Waiver]]:
    """The layers over a file, the nearest last; and the waivers in them."""
    layers: list[tuple[str, SettingsText]] = []
    waivers: list[Waiver] = []
    if config is not None:
        for key, said in config.layers(path):
            layers.append((f"{config.path}: {key}", said))
            waivers.extend(waiver_of_config(each, config.path, config.line_of_waiver(each.rule)) for each in said.waivers)
    if front is not None:
        layers.append(("front matter", front.settings))
        waivers.extend(waiver_of(said, span) for said, span in zip(front.settings.waivers, front.waivers, strict=True))
    return [*layers, ("option", options)], waivers


def _judged(document: Document, settings: Sequence[FileSettings], judge: Judge, name: str) -> list[LintFinding]:
    """What is found for each state, each finding once with all the states for which it is."""
    states: dict[LintFinding, list[str]] = {}
    for each in settings:
        for finding in judge(document, each):
            if each.wants(finding.rule):
                found = states.setdefault(replace(finding, file=name, states=()), [])
                if each.place is not None:
                    found.append(each.place)
    return [replace(finding, states=tuple(dict.fromkeys(places))) for finding, places in states.items()]


def _strange_patterns(layers: Iterable[tuple[str, SettingsText]], rules: Collection[str] | None) -> Iterator[Problem]:
    """Patterns of rules that fit none: one that is misspelt would leave a rule on, or every rule off."""
    for name, layer in layers:
        said = layer.rules
        if said is not None and rules is not None:
            for pattern in dict.fromkeys((*(said.only or ()), *(said.on or ()), *(said.off or ()))):
                if not any(fnmatchcase(rule, pattern) for rule in rules):
                    yield Problem(f"no rule fits the pattern `{pattern}` ({name})", hint=did_you_mean(pattern, rules))


def _lines(document: Document | None, source: SourceFile | None, told: Iterable[LintFinding | Problem]) -> Lines:
    """The text of the lines on which something stands: of the source where it is text, else of what a reader sees."""
    places = {(each.page if isinstance(each, LintFinding) else None, each.line) for each in told if each.line is not None}
    if not places:
        return {}
    if source is not None:
        lines = _LINE_END.split(source.text)
        return {(page, line): lines[line - 1] for page, line in places if 0 < line <= len(lines)}
    found: dict[tuple[int | None, int], str] = {}
    for part in () if document is None else document.parts:
        offset = 0
        for line in part.text.split("\n"):
            if line:
                place = part.place(offset)
                key = (place.page, place.line)
                if key in places and key not in found:
                    found[key] = " " * (place.column - 1) + line
            offset += len(line) + 1
    return found


# -- over all files --------------------------------------------------------------------------------------------------------


def _of_configs(seen: _Seen, folders: Collection[Path], request: Request) -> Iterator[FileReport]:
    """Of each configuration: its waivers that have ended, and, where all files below it were checked, those of no use."""
    by_file: dict[str, list[Waiver]] = {}
    configs: dict[str, Config] = {}
    for waiver, config in seen.waivers.items():
        configs[waiver.file] = config
        whole = any(config.folder.is_relative_to(folder) for folder in folders)
        if whole or not waiver.holds(request.options.on or request.today):
            by_file.setdefault(waiver.file, []).append(waiver)
    for file in sorted(by_file):
        on = request.options.on or request.today
        findings = tuple(told_of(by_file[file], seen.used, on, request.rules))
        if findings:
            lines = configs[file].source.split("\n")
            yield FileReport(file, findings, lines={(None, each.line): lines[each.line - 1] for each in findings})


def _baselines(reports: Sequence[FileReport], request: Request, configs: Configs) -> dict[str, Baseline]:
    """The baseline that is held against each file."""
    if not request.uses_baseline:
        return {}
    if request.baseline is not None:
        named = read_baseline(request.baseline)
        return {report.file: named for report in reports}
    read: dict[Path, Baseline] = {}
    found: dict[str, Baseline] = {}
    for report in reports:
        config = configs.of(Path(report.file))
        if config is not None and config.text.lint.baseline is not None:
            path = config.folder / config.text.lint.baseline
            if path not in read:
                read[path] = read_baseline(path)
            found[report.file] = read[path]
    return found


def _held(
    reports: Sequence[FileReport], baselines: dict[str, Baseline], folders: Collection[Path]
) -> list[FileReport]:
    """The reports with what is known marked; and of each baseline what is no longer there."""
    held = [
        replace(report, findings=tuple(held_against(report.findings, baselines[report.file])))
        if report.file in baselines
        else report
        for report in reports
    ]
    for baseline in {each.path: each for each in baselines.values()}.values():
        of_it = [report for report in held if baselines.get(report.file) is baseline]
        findings = [finding for report in of_it for finding in report.findings]
        if gone := stale(baseline, findings, _judged_files(of_it), folders):
            held.append(FileReport(baseline.path, tuple(gone)))
    return held


def _judged_files(reports: Iterable[FileReport]) -> list[str]:
    """The files that were judged in full."""
    return [report.file for report in reports if report.settings and not report.problems]
