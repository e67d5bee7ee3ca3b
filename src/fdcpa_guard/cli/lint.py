"""`fdcpa-guard lint`: letters, emails, texts and scripts under the rules."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fdcpa_guard.cli.options import PolicyFile, RulesFolders, open_guard, rule_folders
from fdcpa_guard.cli.screen import Screen, screen_of

if TYPE_CHECKING:
    from fdcpa_guard.linting.findings import LintRun
    from fdcpa_guard.linting.judging import Judging
    from fdcpa_guard.linting.settings import SettingsText

_STYLES: Final = {
    "violated": "bold red",
    "undecided": "bold yellow",
    "problem": "bold magenta",
    "quiet": "dim",
    "plain": "none",
}


class LintFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    HTML = "html"


_A_LETTER: Final = "What is said of the letter"
_THE_RULES: Final = "Rules"
_A_BASELINE: Final = "Baseline"

Stage = Annotated[str | None, typer.Option("--stage", help="initial, validation_notice, later, time_barred, ...", rich_help_panel=_A_LETTER)]
Channel = Annotated[str | None, typer.Option("--channel", help="letter, email, text, call, ...", rich_help_panel=_A_LETTER)]
States = Annotated[
    list[str] | None,
    typer.Option("--state", metavar="TX", help="of the consumer; repeatable: the letter is judged for each", rich_help_panel=_A_LETTER),
]
DebtKind = Annotated[str | None, typer.Option("--debt-kind", help="medical, credit_card, student, ...", rich_help_panel=_A_LETTER)]
CollectorKind = Annotated[
    str | None,
    typer.Option("--collector-kind", help="third_party_collector, debt_buyer, collection_law_firm, ...", rich_help_panel=_A_LETTER),
]
Role = Annotated[str | None, typer.Option("--role", help="to whom: consumer, spouse, third_party, ...", rich_help_panel=_A_LETTER)]
Language = Annotated[str | None, typer.Option("--language", metavar="es", help="its main language", rich_help_panel=_A_LETTER)]
TimeBarred = Annotated[
    bool | None,
    typer.Option("--time-barred/--not-time-barred", help="whether the time for suing is over", rich_help_panel=_A_LETTER),
]
Holes = Annotated[
    list[str] | None,
    typer.Option("--hole", metavar="NAME=ITEM", help="which item a hole supplies; repeatable", rich_help_panel=_A_LETTER),
]
On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="the day whose law is asked; left out: today", rich_help_panel=_THE_RULES),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--rule", metavar="PATTERN", help="these rules alone, such as us-regf-*; repeatable", rich_help_panel=_THE_RULES),
]
Off = Annotated[
    list[str] | None,
    typer.Option("--no-rule", metavar="PATTERN", help="not these rules; repeatable", rich_help_panel=_THE_RULES),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="for all files, in place of the nearest fdcpa-guard.toml up the tree"),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="PATTERN", help="of files, as in a .gitignore, in folders and patterns; repeatable"),
]
IgnoreNamed = Annotated[
    bool, typer.Option("--ignore-named", help="what is ignored is left out even where it is named, as hooks name what was changed")
]
BaselineFile = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="findings that are known do not fail", rich_help_panel=_A_BASELINE)
]
WriteBaseline = Annotated[
    Path | None,
    typer.Option("--write-baseline", metavar="FILE", help="write what is found as known, and exit 0", rich_help_panel=_A_BASELINE),
]
Fix = Annotated[
    bool, typer.Option("--fix", help="put missing notices into the files where the law gives the words, and report what is left")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="write the report there")]


def open_shipped_judging(rules: list[str] | None, policy: Path | None) -> Judging:
    """The judge by the rules that the options name, and by their lexicons."""
    from fdcpa_guard.linting.opening import open_judging

    return open_judging(open_guard(rules, policy), rule_folders(rules))


def lint_command(open_judging: Callable[[list[str] | None, Path | None], Judging]) -> Callable[..., None]:
    """The command, by whatever judges: `open_judging` takes the options `--rules` and `--policy`."""

    def lint(
        ctx: typer.Context,
        paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="files, folders, or patterns such as 'letters/**/*.html'")],
        format: Annotated[LintFormat, typer.Option("--format", help="the form of the report")] = LintFormat.TEXT,
        output: Output = None,
        fix: Fix = False,
        stage: Stage = None,
        channel: Channel = None,
        state: States = None,
        debt_kind: DebtKind = None,
        collector_kind: CollectorKind = None,
        role: Role = None,
        language: Language = None,
        time_barred: TimeBarred = None,
        hole: Holes = None,
        on: On = None,
        only: Only = None,
        off: Off = None,
        policy: PolicyFile = None,
        rules: RulesFolders = None,
        config: Config = None,
        ignore: Ignore = None,
        ignore_named: IgnoreNamed = False,
        baseline: BaselineFile = None,
        write_baseline: WriteBaseline = None,
    ) -> None:
        """What is wrong with letters, emails, texts and scripts, by line and column?

        Settings in a file's front matter stand over those of the nearest fdcpa-guard.toml, options over both.

        Exit code 0: nothing is violated, 1: something is, 3: only undecided, 2: a file or setting cannot be used. What is waived, in
        the baseline, or advice does not fail.

        \b
        Examples:
          fdcpa-guard lint letters/demand.html --stage later --channel letter --state TX
          fdcpa-guard lint letters --format sarif --output letters.sarif
          fdcpa-guard lint letters --write-baseline letters/baseline.json
        """
        from fdcpa_guard.linting.run import Request, lint, write_baseline_of

        told = {
            "stage": stage,
            "channel": channel,
            "states": state,
            "debt_kind": debt_kind,
            "collector": None if collector_kind is None else {"kind": collector_kind},
            "role": role,
            "language": language,
            "debt": None if time_barred is None else {"time_barred": time_barred},
            "holes": None if not hole else dict(map(_hole, hole)),
            "on": on,
            "rules": {"only": only, "off": off} if only or off else None,
        }
        options = _options({key: value for key, value in told.items() if value})
        judging = open_judging(rules, policy)
        request = Request(
            today=_today(),
            options=options,
            ignore=tuple(ignore or ()),
            ignores_named=ignore_named,
            config=config,
            baseline=baseline,
            uses_baseline=write_baseline is None,
            rules=frozenset(judging.law),
        )
        run = lint(paths, judging.judge, request)
        if fix and _fixed(run, screen_of(ctx)):
            run = lint(paths, judging.judge, request)
        _report(run, format, output, judging, screen_of(ctx))
        if write_baseline is not None:
            write_baseline_of(run, write_baseline)
            raise typer.Exit(2 if run.exit_code == 2 else 0)
        raise typer.Exit(run.exit_code)

    return lint


def _fixed(run: LintRun, screen: Screen) -> bool:
    """Puts in what can be put in, and says so. Whether anything was."""
    from fdcpa_guard.linting.fixing import fix_file

    changed = False
    for report in run.reports:
        for finding in fix_file(report):
            changed = True
            screen.warn(f"{report.file}: words of the law were put in for {finding.rule}; read them where they stand")
    return changed


def _today() -> date:
    """The day of the machine's clock, which nothing below the command line reads."""
    return datetime.now().astimezone().date()


def _hole(text: str) -> tuple[str, str]:
    name, equals, item = text.partition("=")
    if not (name.strip() and equals and item.strip()):
        raise typer.BadParameter(f"found `{text}`, expected NAME=ITEM, such as balance=current_amount", param_hint="--hole")
    return name.strip(), item.strip()


_NAMES: Final = {"states": "--state", "collector": "--collector-kind", "holes": "--hole", "debt": "--time-barred"}


def _options(told: dict[str, object]) -> SettingsText:
    from pydantic import ValidationError

    from fdcpa_guard.linting.config import said_of
    from fdcpa_guard.linting.settings import SettingsText

    try:
        return SettingsText.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message, hint = said_of(first, first["loc"])
        key = str(first["loc"][0]) if first["loc"] else ""
        option = _NAMES.get(key, f"--{key.replace('_', '-')}")
        raise typer.BadParameter(message if hint is None else f"{message}; {hint}", param_hint=option) from None


def _report(run: LintRun, format: LintFormat, output: Path | None, judging: Judging, screen: Screen) -> None:
    if format is LintFormat.TEXT and output is None:
        from rich.text import Text

        from fdcpa_guard.linting.reports.text import text_pieces

        screen.say(Text.assemble(*((piece.text, _STYLES[piece.tone]) for piece in text_pieces(run)), end=""))
        return
    text = _text(run, format, judging)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        from fdcpa_guard.errors import OutputError

        reason = (error.strerror or type(error).__name__).lower()
        raise OutputError(output.as_posix(), reason, "nothing was written") from None


def _text(run: LintRun, format: LintFormat, judging: Judging) -> str:
    match format:
        case LintFormat.TEXT:
            from fdcpa_guard.linting.reports.text import text_report

            return text_report(run)
        case LintFormat.JSON:
            from fdcpa_guard.linting.reports.json_report import json_report

            return json_report(run)
        case LintFormat.SARIF:
            from fdcpa_guard.linting.reports.sarif import sarif_report

            return sarif_report(run, judging.law)
        case LintFormat.JUNIT:
            from fdcpa_guard.linting.reports.junit import junit_report

            return junit_report(run)
        case LintFormat.GITHUB:
            from fdcpa_guard.linting.reports.github import github_report

            return github_report(run)
        case LintFormat.HTML:
            from fdcpa_guard.linting.reports.html import html_report

            return html_report(run, judging.law)
