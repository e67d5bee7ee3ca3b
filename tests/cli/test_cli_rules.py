"""`rules`: lists, sheets, checks with carets, coverage of a law, layout."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import INVENTED, Guarded

from fdcpa_guard.cli.rules import shipped_ids_beginning


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The invented rules, to be spoilt."""
    return Path(shutil.copytree(INVENTED, tmp_path / "rules"))


class TestList:
    @pytest.mark.parametrize(
        ("options", "ids"),
        [
            ([], ["us-notice-waits", "us-quiet-after-talk", "us-three-calls", "tx-hours", "tx-hours-weekend"]),
            (["--jurisdiction", "tx", "--own"], ["tx-hours", "tx-hours-weekend"]),
            (["--jurisdiction", "MA"], ["us-notice-waits", "us-quiet-after-talk", "us-three-calls"]),
            (["--channel", "letter"], ["us-notice-waits"]),
            (["--binds", "creditor"], ["tx-hours", "tx-hours-weekend"]),
            (["--on", "2027-01-01", "--channel", "call", "--jurisdiction", "US"], ["us-notice-waits", "us-three-calls"]),
            (["--effect", "advises"], ["tx-hours-weekend"]),
        ],
    )
    def test_options_leave_those_that_they_name(self, guarded: Guarded, options: list[str], ids: list[str]) -> None:
        found = guarded("rules", "list", *options, "--format", "json").json("rules-list")
        assert [each["id"] for each in found["rules"]] == ids  # type: ignore[index,union-attr]

    def test_text_has_a_line_for_each(self, guarded: Guarded) -> None:
        lines = guarded("rules", "list", "--effect", "prohibits").out.splitlines()
        assert lines[0].startswith("us-quiet-after-talk  A call within seven days after a conversation  99 CFR 7.2(a)")
        assert lines[-1].startswith("2 rules of 5; sha256:")

    @pytest.mark.parametrize(
        ("option", "word"),
        [("--channel", "txt"), ("--effect", "forbids"), ("--binds", "creditors"), ("--on", "today")],
    )
    def test_an_unknown_word_is_refused(self, guarded: Guarded, option: str, word: str) -> None:
        ran = guarded("rules", "list", option, word)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"error: {option}: found `{word}`")


class TestShow:
    def test_the_sheet_is_shown(self, guarded: Guarded) -> None:
        assert "More than three calls in seven days about one debt" in guarded("rules", "show", "us-three-calls").out

    def test_as_markdown(self, guarded: Guarded) -> None:
        sheet = guarded("rules", "show", "us-three-calls", "--markdown").out
        assert sheet.startswith("# More than three calls in seven days about one debt\n")
        found = guarded("rules", "show", "us-three-calls", "--format", "json").json("rules-show")
        assert found["sheet"] == sheet

    def test_a_misspelt_id_is_refused_with_the_near_one(self, guarded: Guarded) -> None:
        ran = guarded("rules", "show", "us-tree-calls")
        assert ran.code == 2
        assert "no rule is called `us-tree-calls`" in ran.err
        assert "did you mean `us-three-calls`?" in ran.err


    def test_limitation_periods_have_a_sheet_by_their_state(self, guarded: Guarded, copied: Path) -> None:
        text = "limitations_of: TX\nchecked_on: 2026-11-21\nconfidence: verified\nruns_from: [defaulted_at]\nperiods:\n"
        text += "  - {id: contract, cite: 99 TX Code § 1, length: 4 years}\n"
        (copied / "states" / "limitations.yaml").write_text(text, encoding="utf-8")
        sheet = guarded("rules", "show", "limitations-tx", "--markdown", "--rules", copied, rules=False).out
        assert sheet.startswith("# Time for suing on debts: Texas\n")
        assert "4 years. From the day of default." in sheet
        ran = guarded("rules", "show", "limitations-tx", "--format", "json", "--rules", copied, rules=False)
        assert (ran.code, "no form in JSON" in ran.err) == (2, True)
        assert "`limitations-tx`" in guarded("rules", "show", "limitations-tz", "--rules", copied, rules=False).err


class TestCheck:
    def test_warnings_alone_are_no_failure(self, guarded: Guarded) -> None:
        ran = guarded("rules", "check", INVENTED, rules=False)
        assert ran.code == 0
        assert "warning: " in ran.out
        assert "0 errors, 4 warnings" in ran.out

    def test_they_are_where_asked(self, guarded: Guarded) -> None:
        assert guarded("rules", "check", INVENTED, "--strict", rules=False).code == 2

    def test_old_comparisons_with_the_law_are_told_as_of_a_day(self, guarded: Guarded) -> None:
        ran = guarded("rules", "check", INVENTED, "--on", "2026-11-26", rules=False)
        assert "notice_waits.yaml:7:13: last compared with the law 2521 days ago" in ran.out

    def test_every_mistake_is_told_with_a_caret(self, guarded: Guarded, copied: Path) -> None:
        for name, right, wrong in (
            ("federal/three_calls.yaml", "is more than limit", "is more than limits"),
            ("states/hours.yaml", "communication.local_time is before", "communication.locl_time is before"),
        ):
            text = (copied / name).read_text(encoding="utf-8")
            (copied / name).write_text(text.replace(right, wrong), encoding="utf-8")
        ran = guarded("rules", "check", copied, rules=False)
        assert ran.code == 2
        assert "three_calls.yaml:" in ran.out
        assert "hours.yaml:" in ran.out
        assert ran.out.count("^^^") >= 2
        found = guarded("rules", "check", copied, "--format", "json", rules=False).json("rules-check")
        assert found["errors"] == len(found["problems"]) >= 2  # type: ignore[arg-type]


    def test_single_files_are_checked_with_the_definitions_above_them(self, guarded: Guarded, copied: Path) -> None:
        for name in ("hours.yaml", "definitions.yaml"):
            assert guarded("rules", "check", copied / "states" / name, rules=False).code == 0
        federal = copied / "federal"
        for name in ("three_calls.yaml", "three_calls.cases.yaml", "coverage.yaml"):
            assert guarded("rules", "check", federal / name, rules=False).code == 0

    @pytest.mark.parametrize(
        ("name", "right", "wrong"),
        [
            ("states/hours.yaml", "is before earliest", "is before earlyest"),
            ("federal/three_calls.cases.yaml", "channel: call", "chanel: call"),
            ("federal/definitions.yaml", "entry.outcome", "entry.outcomes"),
            ("federal/coverage.yaml", "status: no_duty", "status: none"),
        ],
    )
    def test_the_mistakes_of_a_single_file_are_told(
        self, guarded: Guarded, copied: Path, name: str, right: str, wrong: str
    ) -> None:
        path = copied / name
        path.write_text(path.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
        ran = guarded("rules", "check", path, rules=False)
        assert ran.code == 2
        assert f"error: {path.as_posix()}:" in ran.out

    def test_a_path_that_is_not_there_is_an_error(self, guarded: Guarded, tmp_path: Path) -> None:
        assert guarded("rules", "check", tmp_path / "none.yaml", rules=False).code == 2


class TestCompletion:
    def test_ids_of_rules_are_completed(self) -> None:
        found = shipped_ids_beginning("ma-")
        assert found == sorted(found)
        assert "ma-940cmr-two-in-seven-days" in found


class TestCoverage:
    def test_encoded_paragraphs_are_found_by_the_citations_of_rules(self, guarded: Guarded) -> None:
        found = guarded("rules", "coverage", "--format", "json").json("rules-coverage")
        (law,) = found["laws"]  # type: ignore[misc]
        by_cite = {each["cite"]: (each["status"], each["rules"]) for each in law["paragraphs"]}  # type: ignore[index]
        assert by_cite == {
            "99 CFR 7.1": ("no_duty", []),
            "99 CFR 7.2(a)": ("encoded", ["us-quiet-after-talk", "us-three-calls"]),
            "99 CFR 7.2(b)(1)-(2)": ("encoded", ["us-three-calls"]),
            "99 CFR 7.2(c)": ("encoded", ["us-quiet-after-talk"]),
            "99 CFR 7.3": ("encoded", ["us-notice-waits"]),
            "99 CFR 7.4": ("not_checkable", []),
            "99 CFR 7.5": ("open", []),
        }
        assert law["unlisted"] == ["99 CFR 7.9"]  # type: ignore[index]

    def test_text_says_why_not(self, guarded: Guarded) -> None:
        told = guarded("rules", "coverage", "--only", "not_checkable").out
        assert "What is a threat is a judgement." in told
        assert "us-three-calls" not in told


class TestFormat:
    def test_a_file_that_would_change_is_told_and_left(self, guarded: Guarded, copied: Path) -> None:
        path = copied / "states" / "hours.yaml"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join([*lines[1:], lines[0]]), encoding="utf-8")
        before = path.read_bytes()
        ran = guarded("rules", "format", "--check", copied, rules=False)
        assert (ran.code, path.read_bytes()) == (1, before)
        assert "would change" in ran.out
        assert "hours.yaml" in ran.out

    def test_it_is_written_anew_and_then_stays(self, guarded: Guarded, copied: Path) -> None:
        path = copied / "states" / "hours.yaml"
        before = path.read_text(encoding="utf-8")
        lines = before.splitlines(keepends=True)
        path.write_text("".join([*lines[1:], lines[0]]), encoding="utf-8")
        assert guarded("rules", "format", copied, rules=False).code == 0
        assert path.read_text(encoding="utf-8") == before
        found = guarded("rules", "format", "--check", copied, "--format", "json", rules=False).json("rules-format")
        assert not any(each["changed"] for each in found["files"])  # type: ignore[index,union-attr]

    def test_the_list_of_paragraphs_is_no_rule_file(self, guarded: Guarded) -> None:
        found = guarded("rules", "format", "--check", INVENTED, "--format", "json", rules=False).json("rules-format")
        assert not any("coverage.yaml" in each["path"] for each in found["files"])  # type: ignore[index,union-attr]
