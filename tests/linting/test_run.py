"""Files from their bytes to a run: settings, places, waivers, baseline and problems together, with a small judge."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from small_judge import LAW, NOTICE, judge

from fdcpa_guard.documents.model import Document
from fdcpa_guard.errors import FactsError
from fdcpa_guard.linting.baseline import STALE
from fdcpa_guard.linting.findings import LintFinding, LintRun
from fdcpa_guard.linting.merging import FileSettings
from fdcpa_guard.linting.reports.text import text_report
from fdcpa_guard.linting.run import Request, lint, write_baseline_of
from fdcpa_guard.linting.settings import SettingsText
from fdcpa_guard.linting.waivers import EXPIRED, UNUSED

TODAY = date(2026, 11, 27)
ARREST = "Dear Dana,\n\nif you do not pay we will have you arrested.\n"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def written(name: str, text: str) -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


def run(*paths: Path | str, by: Callable[[Document, FileSettings], Sequence[LintFinding]] = judge, **more: object) -> LintRun:
    options = SettingsText.model_validate(more.pop("options", {}))
    request = Request(today=TODAY, options=options, **{"rules": frozenset(LAW), **more})  # type: ignore[arg-type]
    return lint([Path(each) for each in paths], by, request)


def rules(found: LintRun) -> list[str]:
    return [each.rule for each in found.findings]


class TestFindings:
    def test_a_clean_file(self, write: Write) -> None:
        found = run(write("a.txt", "Dear Dana, please pay.\n"))
        assert (found.exit_code, found.findings) == (0, ())

    def test_a_finding_has_its_place_in_the_source(self, write: Write) -> None:
        (found,) = run(write("a.html", "<p>\nif you do not <b>pay</b> we will have you arrested</p>")).findings
        assert (found.line, found.column, found.end_line, found.end_column) == (2, 34, 2, 51)
        assert found.file == "a.html"

    def test_the_caret_stands_under_the_words_of_the_source(self, write: Write) -> None:
        text = text_report(run(write("a.html", "<p>\n\tif you do not <b>pay</b> we will have you arrested</p>")))
        lines = text.splitlines()
        place = next(number for number, line in enumerate(lines) if set(line.strip(" |\t")) == {"^"})
        carets, shown = lines[place], lines[place - 1]
        assert shown[carets.index("^") : carets.rindex("^") + 1] == "have you arrested"

    def test_the_same_finding_for_several_states_is_told_once_with_them(self, write: Write) -> None:
        path = write("a.txt", f"{ARREST}Or we sue.\n")
        found = run(path, options={"states": ["TX", "MA"]})
        assert [(each.rule, each.states) for each in found.findings] == [
            ("us-example-arrest", ("TX", "MA")),
            ("tx-example-suit", ("TX",)),
        ]

    def test_only_what_is_undecided_has_an_exit_code_of_its_own(self, write: Write) -> None:
        path = write("a.txt", "Or we sue.\n")
        assert run(path, options={"state": "TX"}).exit_code == 3
        assert run(path, options={"state": "TX", "debt": {"time_barred": False}}).exit_code == 0

    def test_rules_that_are_switched_off_find_nothing_and_are_told(self, write: Write) -> None:
        found = run(write("a.txt", ARREST), options={"rules": {"off": ["us-example-*"]}})
        assert found.exit_code == 0
        assert "rules switched off: us-example-*" in text_report(found)

    def test_files_are_told_in_the_order_of_their_paths(self, write: Write) -> None:
        for name in ("b/b.txt", "a.txt", "b/a.md"):
            write(name, ARREST)
        assert [report.file for report in run(".").reports] == ["a.txt", "b/a.md", "b/b.txt"]

    def test_pages_parted_by_form_feeds_show_their_lines(self, write: Write) -> None:
        found = run(write("a.txt", f"one\n\f{ARREST}"))
        assert "if you do not pay we will have you arrested." in text_report(found)


class TestSettingsOfFiles:
    def test_options_stand_over_front_matter_and_that_over_the_configuration(self, write: Write) -> None:
        write("fdcpa-guard.toml", '[lint]\nstage = "later"\nchannel = "email"\nstates = "TX"\n')
        write("a.md", "---\nchannel: letter\nstates: [MA]\n---\nHello\n")
        (settings,) = run("a.md", options={"state": "WA"}).reports[0].settings
        assert (settings.stage, settings.channel, settings.state) == ("later", "letter", "WA")
        assert settings.said_by["stage"] == "fdcpa-guard.toml: lint"
        assert (settings.said_by["channel"], settings.said_by["states"]) == ("front matter", "option")

    def test_places_below_a_front_matter_are_those_of_the_file(self, write: Write) -> None:
        (found,) = run(write("a.txt", f"---\nstage: initial\n---\n{ARREST}")).findings
        assert found.line == 6

    def test_a_mistake_in_front_matter_stops_the_file_and_no_other(self, write: Write) -> None:
        write("a.md", "---\nstage: latr\n---\nHello\n")
        write("b.md", ARREST)
        found = run(".")
        assert found.exit_code == 2
        (problem,) = found.reports[0].problems
        assert (problem.line, problem.column) == (2, 8)
        assert rules(found) == ["us-example-arrest"]
        assert "stage: latr" in text_report(found)

    def test_a_pattern_that_fits_no_rule_is_a_problem(self, write: Write) -> None:
        found = run(write("a.txt", "Hello"), options={"rules": {"only": ["us-exmaple-arrest"]}})
        (problem,) = found.reports[0].problems
        assert "no rule fits the pattern `us-exmaple-arrest`" in problem.message
        assert problem.hint == "did you mean `us-example-arrest`?"

    def test_a_configuration_that_cannot_be_used_stops_the_run(self, write: Write) -> None:
        write("fdcpa-guard.toml", "[lint]\nstge = 1\n")
        with pytest.raises(FactsError, match="stge"):
            run(write("a.txt", "Hello"))


    def test_a_page_in_another_encoding_that_says_so_is_read_with_its_waivers(self, write: Write, tmp_path: Path) -> None:
        text = f'<meta charset="windows-1252">{WAIVER}\n<p>caf\xe9 {ARREST}</p>'
        for name in ("a.html", "b"):
            (tmp_path / name).write_bytes(text.encode("cp1252"))
        found = run("a.html", "b")
        assert (found.exit_code, rules(found)) == (0, ["us-example-arrest", "us-example-arrest"])


class TestUnusable:
    def test_a_file_that_is_no_text(self, write: Write, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes(b"caf\xe9")
        found = run("a.txt")
        assert found.exit_code == 2
        assert found.reports[0].problems[0].line == 1

    def test_an_error_of_the_judge_is_a_problem_of_the_file(self, write: Write) -> None:
        def fails(document: Document, settings: FileSettings) -> Sequence[LintFinding]:
            raise FactsError("cannot be judged", "debt.amount")

        (problem,) = run(write("a.txt", "Hello"), by=fails).reports[0].problems
        assert problem.message == "debt.amount: cannot be judged"


WAIVER = '<!-- fdcpa-guard: waive us-example-arrest by "Dana Example" because "counsel" -->'


class TestWaivers:
    def test_in_a_comment(self, write: Write) -> None:
        found = run(write("a.html", f"{WAIVER}\n<p>{ARREST}</p>"))
        assert (found.exit_code, rules(found)) == (0, ["us-example-arrest"])
        assert "waived by Dana Example: counsel" in text_report(found)

    def test_in_a_template_of_plain_text(self, write: Write) -> None:
        comment = WAIVER.replace("<!--", "{#").replace("-->", "#}")
        assert run(write("a.txt.j2", f"{comment}\n{{{{ name }}}} {ARREST}")).exit_code == 0

    def test_in_front_matter(self, write: Write) -> None:
        text = f"---\nwaivers:\n  - {{rule: us-example-arrest, name: Dana, reason: why}}\n---\n{ARREST}"
        assert run(write("a.txt", text)).exit_code == 0

    def test_in_a_configuration_for_some_files(self, write: Write) -> None:
        write(
            "fdcpa-guard.toml",
            '[[lint.files]]\nmatch = "old/"\nwaivers = [{rule = "us-example-arrest", name = "Dana", reason = "why"}]\n',
        )
        write("old/a.txt", ARREST)
        write("new/a.txt", ARREST)
        assert [(report.file, report.exit_code) for report in run(".").reports] == [("new/a.txt", 1), ("old/a.txt", 0)]

    def test_one_that_waives_nothing_is_told_where_it_stands(self, write: Write) -> None:
        (found,) = run(write("a.html", f"\n{WAIVER}\n<p>Hello</p>")).findings
        assert (found.rule, found.line, found.exit_code) == (UNUSED, 2, 0)

    def test_one_of_a_rule_that_there_is_not_says_so(self, write: Write) -> None:
        (found,) = run(write("a.html", WAIVER.replace("-arrest", "-arest"))).findings
        assert "no rule is called `us-example-arest`; did you mean `us-example-arrest`?" in found.message

    def test_one_that_has_ended_does_not_waive(self, write: Write) -> None:
        text = WAIVER.replace(" -->", " until 2026-11-26 -->") + ARREST
        found = run(write("a.html", text))
        assert (found.exit_code, rules(found)) == (1, [EXPIRED, "us-example-arrest"])

    def test_it_is_held_against_the_day_whose_law_is_asked(self, write: Write) -> None:
        text = WAIVER.replace(" -->", " until 2026-11-26 -->") + ARREST
        assert run(write("a.html", text), options={"on": "2026-11-26"}).exit_code == 0

    def test_one_of_no_use_is_a_problem_and_the_file_is_judged_all_the_same(self, write: Write) -> None:
        found = run(write("a.html", "<!-- fdcpa-guard: waive us-example-arrest -->\n" + ARREST))
        assert (found.exit_code, rules(found)) == (2, ["us-example-arrest"])

    def test_one_of_a_configuration_is_of_no_use_only_where_all_its_files_were_checked(self, write: Write) -> None:
        write(
            "sub/fdcpa-guard.toml", '[lint]\n\nwaivers = [{rule = "us-example-arrest", name = "Dana", reason = "why"}]\n'
        )
        write("sub/a.txt", "Hello")
        assert rules(run("sub/a.txt")) == []
        found = run(".")
        assert [(each.rule, each.file, each.line) for each in found.findings] == [(UNUSED, "sub/fdcpa-guard.toml", 3)]


class TestBaselines:
    def test_what_was_written_does_not_fail_and_what_is_new_does(self, write: Write, tmp_path: Path) -> None:
        write("a.txt", ARREST)
        write_baseline_of(run("."), Path("known.json"))
        assert run(".", baseline=Path("known.json")).exit_code == 0
        write("a.txt", f"One more line.\n{ARREST}")
        assert run(".", baseline=Path("known.json")).exit_code == 0
        write("b.txt", ARREST)
        assert run(".", baseline=Path("known.json")).exit_code == 1

    def test_a_configuration_names_one(self, write: Write) -> None:
        write("letters/a.txt", ARREST)
        write_baseline_of(run("."), Path("letters/known.json"))
        write("letters/fdcpa-guard.toml", '[lint]\nbaseline = "known.json"\n')
        found = run("letters")
        assert (found.exit_code, found.baseline) == (0, "letters/known.json")
        assert run("letters", uses_baseline=False).exit_code == 1

    def test_what_is_gone_is_told_and_does_not_fail(self, write: Write) -> None:
        write("a.txt", ARREST)
        write_baseline_of(run("."), Path("known.json"))
        write("a.txt", "Hello\n")
        found = run(".", baseline=Path("known.json"))
        assert (found.exit_code, rules(found)) == (0, [STALE])
        write_baseline_of(found, Path("known.json"))
        assert json.loads(Path("known.json").read_text("utf-8"))["findings"] == []

    def test_a_waived_finding_is_not_stale(self, write: Write) -> None:
        write("a.html", ARREST)
        write_baseline_of(run("."), Path("known.json"))
        write("a.html", WAIVER + ARREST)
        assert STALE not in rules(run(".", baseline=Path("known.json")))


def test_a_lawful_letter_of_every_text_format_is_clean(write: Write) -> None:
    for name in ("a.txt", "a.md", "a.html", "a.txt.j2", "a.html.hbs", "a.liquid", "a.blade.php"):
        write(name, f"Dear {{{{ name }}}},\n\n{NOTICE}\n")
    found = run(".", options={"stage": "later", "state": "TX"})
    assert [(report.file, report.exit_code, report.problems) for report in found.reports if report.exit_code] == []
    assert len(found.reports) == 7
