"""`fdcpa-guard rules`: which rules there are, what each says, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fdcpa_guard.cli.options import RulesFolders, open_rulebook, rule_folders
from fdcpa_guard.cli.screen import Format, OutputFormat, Screen, screen_of

if TYPE_CHECKING:
    from fdcpa_guard.errors import RuleError
    from fdcpa_guard.review.law_coverage import LawCoverage

PROBLEMS, CHANGES = 2, 1
_SHOWN_RULES = 3


def shipped_ids_beginning(incomplete: str) -> list[str]:
    """For the shell's completion: read from the first lines of the files, as loading the rules would take too long."""
    from fdcpa_guard.ruleset.rulebook import shipped_rules

    ids: list[str] = []
    for path in shipped_rules().rglob("*.yaml"):
        with path.open(encoding="utf-8") as lines:
            key, _, value = next(lines, "").partition(":")
        if key == "rule" and value.strip().startswith(incomplete):
            ids.append(value.strip())
    return sorted(ids)


rules_app = typer.Typer(
    help="The rules: list them, read one, check them, see what law they cover, lay out their files.",
    no_args_is_help=False,
    invoke_without_command=True,
)


@rules_app.callback()
def _help_without_command(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


@rules_app.command("list")
def list_rules(
    ctx: typer.Context,
    jurisdiction: Annotated[
        str | None,
        typer.Option("--jurisdiction", "-j", metavar="CODE", help="those that hold there, federal ones too: US, MA, NY-NYC"),
    ] = None,
    own: Annotated[bool, typer.Option("--own", help="with --jurisdiction: its own alone, without those above it")] = False,
    channel: Annotated[str | None, typer.Option("--channel", metavar="NAME", help="those that reach call, text, ...")] = None,
    kind: Annotated[
        str | None, typer.Option("--binds", metavar="KIND", help="those that bind a creditor, debt_buyer, ...")
    ] = None,
    day: Annotated[str | None, typer.Option("--on", metavar="DAY", help="those in force on a day: 2026-01-31")] = None,
    effect: Annotated[
        str | None, typer.Option("--effect", help="prohibits, presumes_violation, requires or advises")
    ] = None,
    format: Format = OutputFormat.TEXT,
    rules: RulesFolders = None,
) -> None:
    """Lists the rules, one a line, or those that the options leave.

    \b
    Examples:
      fdcpa-guard rules list --jurisdiction MA --channel text
      fdcpa-guard rules list --on 2021-11-29 --effect presumes_violation --format json
    """
    from fdcpa_guard.review.catalogue import RuleFilter, chosen
    from fdcpa_guard.schemas.of_rule import summary_of
    from fdcpa_guard.schemas.outputs import RuleListOut

    rulebook = open_rulebook(rules)
    found = chosen(rulebook, RuleFilter.of(jurisdiction, own=own, channel=channel, kind=kind, day=day, effect=effect))
    screen = screen_of(ctx)
    if format is OutputFormat.JSON:
        screen.json(RuleListOut(rules_version=rulebook.version, rules=[summary_of(rule) for rule in found]))
        return
    from rich.text import Text

    from fdcpa_guard.review.wording import count

    width = max((len(rule.id) for rule in found), default=0)
    for rule in found:
        line = Text.assemble((rule.id.ljust(width), "bold"), f"  {rule.title}", (f"  {rule.cite}", "dim"))
        screen.say(line)
    screen.say(Text(f"{count(len(found), 'rule')} of {len(rulebook.rules)}; {rulebook.version}", "dim"))


@rules_app.command("show")
def show_rule(
    ctx: typer.Context,
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...", help="ids of rules, as `rules list` has them", autocompletion=shipped_ids_beginning
        ),
    ],
    markdown: Annotated[bool, typer.Option("--markdown", help="the sheet as Markdown text")] = False,
    format: Format = OutputFormat.TEXT,
    rules: RulesFolders = None,
) -> None:
    """The review sheet of a rule: the law, the rule in English, its numbers and exceptions, and its cases.

    Or, by the name `limitations-` and a state's code, of the time that it gives for suing on debts.

    \b
    Examples:
      fdcpa-guard rules show ma-940cmr-two-in-seven-days
      fdcpa-guard rules show sc-hours --markdown > sc-hours.md
      fdcpa-guard rules show limitations-oh
    """
    from fdcpa_guard.errors import FactsError
    from fdcpa_guard.review.limitation_sheet import name_of_sheet, sheet_of_limitations
    from fdcpa_guard.review.sheet import sheet_of
    from fdcpa_guard.schemas.of_rule import sheet_out
    from fdcpa_guard.vocabulary import closest

    rulebook = open_rulebook(rules)
    screen = screen_of(ctx)
    periods = {name_of_sheet(code): table for code, table in rulebook.limitations.by_jurisdiction.items()}
    for rule_id in ids:
        rule = rulebook.by_id.get(rule_id)
        table = periods.get(rule_id)
        if table is not None and format is OutputFormat.TEXT:
            _show(sheet_of_limitations(table), screen, markdown=markdown)
            continue
        if table is not None:
            raise FactsError(f"`{rule_id}` is no rule, and has no form in JSON", hint="ask for it with --markdown")
        if rule is None:
            near = closest(rule_id, (*rulebook.by_id, *periods))
            raise FactsError(f"no rule is called `{rule_id}`", hint=f"did you mean `{near}`?" if near else None)
        if format is OutputFormat.JSON:
            screen.json(sheet_out(rule, rulebook), on_one_line=len(ids) > 1)
        else:
            _show(sheet_of(rule, rulebook), screen, markdown=markdown)


def _show(sheet: str, screen: Screen, *, markdown: bool) -> None:
    if markdown:
        typer.echo(sheet, nl=False)
    else:
        from rich.markdown import Markdown

        screen.console.print(Markdown(sheet))


@rules_app.command("check")
def check_rules(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH...]", help="folders of rules, or single files; left out, the rules that come with the package"
        ),
    ] = None,
    day: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="tell rules last compared with the law a year before it")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="warnings are errors")] = False,
    format: Format = OutputFormat.TEXT,
) -> None:
    """Finds what is wrong with rule files: every mistake of every file, with its place.

    Exit code 0: none, or warnings alone; 2: errors.

    \b
    Examples:
      fdcpa-guard rules check
      fdcpa-guard rules check my_rules --on 2026-11-26
      fdcpa-guard rules check my_rules/hours.yaml
    """
    from fdcpa_guard.errors import FactsError, RuleErrors
    from fdcpa_guard.review.one_file import errors_of_file
    from fdcpa_guard.ruleset.consistency import check_rulebook
    from fdcpa_guard.ruleset.rulebook import load_rulebook
    from fdcpa_guard.values import parse_day

    today = None if day is None else parse_day(day)
    if day is not None and today is None:
        raise FactsError(f"found `{day}`, expected a date such as 2026-01-31", "--on")
    rules = 0
    problems = [error for path in paths or () if path.is_file() for error in errors_of_file(path)]
    folders = [path for path in paths or () if not path.is_file()]
    if folders or not paths:
        try:
            rulebook = load_rulebook(folders or None)
            rules = len(rulebook.rules)
            problems.extend(check_rulebook(rulebook, today))
        except RuleErrors as error:
            problems.extend(error.errors)
    errors = _report(problems, rules, format, screen_of(ctx), strict=strict)
    if errors:
        raise typer.Exit(PROBLEMS)


def _report(problems: list[RuleError], rules: int, format: OutputFormat, screen: Screen, *, strict: bool) -> int:
    """Writes the problems; gives the number of errors."""
    from rich.text import Text

    from fdcpa_guard.errors import RuleWarning
    from fdcpa_guard.review.wording import count
    from fdcpa_guard.schemas.outputs import ProblemOut, RulesCheckOut

    errors = sum(strict or not isinstance(each, RuleWarning) for each in problems)
    if format is OutputFormat.JSON:
        told = [
            ProblemOut(
                level="error" if strict or not isinstance(each, RuleWarning) else "warning",
                message=each.message,
                path=None if each.span is None else each.span.source.name,
                line=None if each.span is None else each.span.line,
                column=None if each.span is None else each.span.column,
                hint=each.hint,
            )
            for each in problems
        ]
        screen.json(RulesCheckOut(rules=rules, errors=errors, warnings=len(problems) - errors, problems=told))
        return errors
    for each in problems:
        wrong = strict or not isinstance(each, RuleWarning)
        screen.say(Text.assemble(("error: ", "bold red") if wrong else ("warning: ", "bold yellow"), str(each), "\n"))
    loaded = f"{count(rules, 'rule')}, " if rules else ""
    screen.say(f"{loaded}{count(errors, 'error')}, {count(len(problems) - errors, 'warning')}")
    return errors


@rules_app.command("coverage")
def coverage(
    ctx: typer.Context,
    only: Annotated[
        str | None, typer.Option("--only", metavar="STATUS", help="encoded, later, not_checkable, no_duty or open")
    ] = None,
    format: Format = OutputFormat.TEXT,
    rules: RulesFolders = None,
) -> None:
    """Which paragraphs of a law are encoded, by which rules, and why the others are not.

    \b
    Examples:
      fdcpa-guard rules coverage
      fdcpa-guard rules coverage --only later
    """
    from fdcpa_guard.review.law_coverage import law_coverage
    from fdcpa_guard.ruleset.rulebook import shipped_rules
    from fdcpa_guard.schemas.outputs import LawCoverageOut, ParagraphOut, RulesCoverageOut

    rulebook = open_rulebook(rules)
    laws = law_coverage(rulebook, rule_folders(rules) or [shipped_rules()])
    screen = screen_of(ctx)
    if format is OutputFormat.TEXT:
        for law in laws:
            _coverage_text(law, only, screen)
        if not laws:
            screen.say("no folder of rules has a coverage.yaml")
        return
    told = [
        LawCoverageOut(
            law=law.law,
            paragraphs=[
                ParagraphOut.model_validate(
                    {"cite": p.cite, "title": p.title, "status": p.status, "rules": list(p.rules), "why": p.why}
                )
                for p in law.paragraphs
                if only in (None, p.status)
            ],
            unlisted=list(law.unlisted),
        )
        for law in laws
    ]
    screen.json(RulesCoverageOut(laws=told))


def _coverage_text(law: LawCoverage, only: str | None, screen: Screen) -> None:
    from rich.text import Text

    colours = {"encoded": "green", "later": "yellow", "open": "bold red"}
    screen.say(Text(law.law, "bold"))
    width = max(len(each.cite) for each in law.paragraphs)
    for each in law.paragraphs:
        if only in (None, each.status):
            named = ", ".join(each.rules[:_SHOWN_RULES])
            more = len(each.rules) - _SHOWN_RULES
            said = "; ".join(part for part in (named, f"and {more} more" if more > 0 else "", each.why) if part)
            status = each.status.replace("_", " ").ljust(13)
            line = Text.assemble(f"  {each.cite.ljust(width)}  ", (status, colours.get(each.status, "dim")))
            screen.say(line.append(f"  {each.title}").append(f"  {said}" if said else "", "dim"))
    counted = ", ".join(
        f"{sum(each.status == status for each in law.paragraphs)} {status.replace('_', ' ')}"
        for status in ("encoded", "later", "not_checkable", "no_duty", "open")
    )
    screen.say(f"  {counted}")
    for cite in law.unlisted:
        screen.say(Text(f"  no paragraph is listed for {cite}", "bold red"))


@rules_app.command("format")
def format_rules(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="rule, definition and case files, or folders")],
    check: Annotated[bool, typer.Option("--check", help="write nothing; exit code 1 where a file would change")] = False,
    format: Format = OutputFormat.TEXT,
) -> None:
    """Writes rule files in their canonical layout: keys in order, nothing else changed.

    \b
    Examples:
      fdcpa-guard rules format my_rules
      fdcpa-guard rules format --check rules
    """
    from rich.text import Text

    from fdcpa_guard.review.wording import count
    from fdcpa_guard.rulefile.documents import read_source
    from fdcpa_guard.rulefile.formatting import files_to_format, format_rule_file
    from fdcpa_guard.schemas.outputs import FormattedOut, RulesFormatOut

    screen = screen_of(ctx)
    files: list[FormattedOut] = []
    for path in files_to_format(paths):
        text = read_source(path).text
        formatted = format_rule_file(text, path.as_posix())
        changed = formatted != text
        files.append(FormattedOut(path=path.as_posix(), changed=changed))
        if changed and not check:
            path.write_text(formatted, encoding="utf-8", newline="\n")
        if changed and format is OutputFormat.TEXT:
            screen.say(Text(f"{'would change' if check else 'changed'}  {path.as_posix()}"))
    changes = sum(each.changed for each in files)
    if format is OutputFormat.JSON:
        screen.json(RulesFormatOut(files=files))
    else:
        screen.say(f"{count(len(files), 'file')}, {changes} {'to change' if check else 'changed'}")
    if check and changes:
        raise typer.Exit(CHANGES)
