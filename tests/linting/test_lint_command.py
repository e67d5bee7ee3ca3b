"""The command `lint`, by a small judge: options, forms of the report, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
import typer
from jsonschema import Draft202012Validator
from sarif_shape import SARIF
from small_judge import small_judging

from fdcpa_guard.cli import run as command_line
from fdcpa_guard.cli.lint import lint_command
from fdcpa_guard.cli.screen import Screen
from fdcpa_guard.schemas import schema_text


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Lint = Callable[..., Ran]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lint:
    """Runs `fdcpa-guard lint` in a folder with a letter that threatens and one that does not."""
    app = typer.Typer()

    @app.callback()
    def _before(ctx: typer.Context) -> None:
        ctx.obj = Screen(colour=False)

    app.command("lint")(lint_command(lambda rules, policy: small_judging()))
    monkeypatch.setattr(command_line, "app", app)
    monkeypatch.chdir(tmp_path)
    Path("threat.md").write_text("Dear Dana,\nwe will have you arrested, or sue.\n", encoding="utf-8")
    Path("clean.md").write_text("Dear Dana,\nplease pay.\n", encoding="utf-8")

    def ran(*arguments: str) -> Ran:
        code = command_line.run(["lint", *arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return ran


class TestExitCodes:
    def test_clean_violated_undecided_unusable(self, lint: Lint) -> None:
        assert lint("clean.md").code == 0
        assert lint("threat.md").code == 1
        assert lint("threat.md", "--state", "TX", "--no-rule", "us-*").code == 3
        assert lint("nothing.md").code == 2

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--stage", "latr"], "did you mean `later`?"),
            (["--state", "ZZ"], "the two letters of a state"),
            (["--hole", "balance"], "expected NAME=ITEM"),
            (["--hole", "balance=curent_amount"], "did you mean `current_amount`?"),
            (["--on", "tomorrow"], "--on"),
            (["--collector-kind", "bank"], "--collector-kind"),
            (["--format", "pdf"], "--format"),
            (["--baseline", "known.json"], "--write-baseline writes it"),
        ],
    )
    def test_an_argument_that_cannot_be_used_says_why(self, lint: Lint, arguments: list[str], told: str) -> None:
        ran = lint("clean.md", *arguments)
        assert ran.code == 2
        assert told in ran.err
        assert "Traceback" not in ran.err


class TestForms:
    def test_text(self, lint: Lint) -> None:
        out = lint("threat.md", "--on", "2026-10-01").out
        assert "threat.md:2:9: prohibited  15 USC 1692e(4) (Federal law)" in out
        assert "1 file judged: 1 violated; by the law of 2026-10-01\n" in out

    def test_without_a_day_the_report_says_that_it_is_today(self, lint: Lint) -> None:
        assert ", today, as nothing names a day" in lint("clean.md").out

    def test_json(self, lint: Lint) -> None:
        document = json.loads(lint("threat.md", "clean.md", "--format", "json").out)
        Draft202012Validator(json.loads(schema_text("lint"))).validate(document)
        assert [(each["file"], len(each["findings"])) for each in document] == [("clean.md", 0), ("threat.md", 1)]

    def test_sarif(self, lint: Lint) -> None:
        document = json.loads(lint(".", "--format", "sarif").out)
        Draft202012Validator(SARIF).validate(document)
        assert "may not say" in document["runs"][0]["tool"]["driver"]["rules"][0]["help"]["text"]

    def test_junit(self, lint: Lint) -> None:
        root = ElementTree.fromstring(lint(".", "--format", "junit").out)
        assert (root.get("tests"), root.get("failures")) == ("2", "1")

    def test_github(self, lint: Lint) -> None:
        assert lint(".", "--format", "github").out.startswith("::error file=threat.md,line=2,")

    def test_html_into_a_file(self, lint: Lint) -> None:
        ran = lint(".", "--format", "html", "--output", "report.html")
        assert (ran.code, ran.out) == (1, "")
        assert "<mark>have you arrested</mark>" in Path("report.html").read_text("utf-8")

    def test_a_report_that_cannot_be_written(self, lint: Lint) -> None:
        ran = lint(".", "--format", "html", "--output", "no/such/folder.html")
        assert ran.code == 2
        assert "cannot be written" in ran.err


class TestOptions:
    def test_settings_are_put_over_those_of_the_file(self, lint: Lint) -> None:
        Path("a.md").write_text("---\nstage: initial\n---\nHello\n", encoding="utf-8")
        options = [
            "--stage", "later", "--channel", "letter", "--state", "tx", "--state", "MA", "--debt-kind", "medical", "--role",
            "spouse", "--hole", "bal=current_amount", "--collector-kind", "debt_buyer", "--language", "es", "--time-barred",
        ]  # fmt: skip
        (found,) = json.loads(lint("a.md", "--format", "json", *options).out)
        assert found["settings"]["stage"] == "later"
        assert found["settings"]["channel"] == "letter"
        assert found["settings"]["states"] == ["TX", "MA"]
        assert found["settings"]["role"] == "spouse"
        assert [each["rule"] for each in found["findings"]] == ["us-example-notice"]

    def test_only_some_rules(self, lint: Lint) -> None:
        assert lint("threat.md", "--rule", "tx-*").code == 0

    def test_a_baseline_is_written_and_held_against_what_is_found(self, lint: Lint) -> None:
        assert lint(".", "--write-baseline", "known.json").code == 0
        ran = lint(".", "--baseline", "known.json")
        assert ran.code == 0
        assert "1 in the baseline" in ran.out

    def test_missing_words_are_put_in_and_what_is_left_is_told(self, lint: Lint) -> None:
        ran = lint("clean.md", "threat.md", "--stage", "later", "--fix")
        assert ran.code == 1
        assert "1 violated" in ran.out
        assert "us-example-notice" not in ran.out
        assert "clean.md: words of the law were put in for us-example-notice" in ran.err
        assert lint("clean.md", "--stage", "later").code == 0

    def test_a_configuration_for_all_files(self, lint: Lint, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        Path("other/strict.toml").write_text('[lint]\nstage = "later"\n', encoding="utf-8")
        assert lint("clean.md", "--config", "other/strict.toml").code == 1

    def test_ignored_files(self, lint: Lint) -> None:
        assert lint(".", "--ignore", "threat.*").code == 0
        assert lint("threat.md", "--ignore", "threat.*").code == 1
        assert lint("threat.md", "--ignore", "threat.*", "--ignore-named").code == 0
