"""`audit` and `dispositions`: exit codes, the summary in text and JSON, and that whose log it is is never left unsaid."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from command_line import Guarded, valid

from fdcpa_guard.cli.options import files_beginning

COLUMNS = "id,at,consumer_id,channel,direction,person_role,address,debt_ids,outcome"


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.csv"
    path.write_text("consumer_id,debt_id,debt_kind,state,zip\nc1,d1,credit_card,TX,78701\n", encoding="utf-8")
    return path


def log_of(tmp_path: Path, calls: int, outcome: str = "no_answer") -> Path:
    path = tmp_path / "log.csv"
    rows = [
        f"h{hour},2026-11-03T{hour:02}:00:00-06:00,c1,call,outbound,consumer,+15125550100,d1,{outcome}"
        for hour in range(9, 9 + calls)
    ]
    path.write_text("\n".join([COLUMNS, *rows, ""]), encoding="utf-8")
    return path


class TestExitCodes:
    def test_no_violation(self, guarded: Guarded, tmp_path: Path, accounts: Path) -> None:
        assert guarded("audit", log_of(tmp_path, 3), "--accounts", accounts).code == 0

    def test_violations(self, guarded: Guarded, tmp_path: Path, accounts: Path) -> None:
        assert guarded("audit", log_of(tmp_path, 4), "--accounts", accounts).code == 1

    def test_what_is_undecided(self, guarded: Guarded, tmp_path: Path, accounts: Path) -> None:
        assert guarded("audit", log_of(tmp_path, 4, outcome=""), "--accounts", accounts).code == 3

    @pytest.mark.parametrize(
        "options", [["--from", "vici"], ["--as-of", "2026-11-04"], ["--zone", "America/Nowhere"], ["--accounts", "none.csv"]]
    )
    def test_unusable_options(self, guarded: Guarded, tmp_path: Path, options: list[str]) -> None:
        ran = guarded("audit", log_of(tmp_path, 1), *options)
        assert (ran.code, ran.out) == (2, "")
        assert "error: " in ran.err

    def test_a_log_of_no_communication_is_not_clean(self, guarded: Guarded, tmp_path: Path) -> None:
        ran = guarded("audit", log_of(tmp_path, 0))
        assert ran.code == 2
        assert "no communication was read" in ran.err


class TestNames:
    def test_a_pattern_that_no_shell_expanded(self, guarded: Guarded, tmp_path: Path, accounts: Path) -> None:
        log_of(tmp_path, 4)
        assert guarded("audit", f"{tmp_path}/l*.csv", "--accounts", accounts).code == 1
        nothing = guarded("audit", f"{tmp_path}/l*.parquet", "--accounts", accounts)
        assert nothing.code == 2
        assert "no file matches the pattern" in nothing.err

    def test_a_shell_completes_files(self, tmp_path: Path) -> None:
        (tmp_path / "logs[1]").mkdir()
        (tmp_path / "log.csv").touch()
        (tmp_path / "other.csv").touch()
        assert files_beginning(f"{tmp_path}/log") == [f"{tmp_path}/log.csv", f"{tmp_path}/logs[1]{os.sep}"]
        assert files_beginning(f"{tmp_path}/logs[") == [f"{tmp_path}/logs[1]{os.sep}"]

    def test_an_address_stays_as_it_was_written(self, guarded: Guarded) -> None:
        ran = guarded("audit", "duckdb:///none//./calls.duckdb?table=calls")
        assert ran.code == 2
        assert "/none//./calls.duckdb: there is no such database" in ran.err


class TestAnswers:
    def test_json_is_the_summary_as_its_schema_says(self, guarded: Guarded, tmp_path: Path, accounts: Path) -> None:
        found = guarded("audit", log_of(tmp_path, 4), "--accounts", accounts, "--format", "json").json("audit")
        assert found["communications"] == 4
        assert found["findings_by_category"]["presumption"] == 1  # type: ignore[index,call-overload]

    def test_a_report_is_written_with_findings_as_their_schema_says(
        self, guarded: Guarded, tmp_path: Path, accounts: Path
    ) -> None:
        out = tmp_path / "report"
        ran = guarded("audit", log_of(tmp_path, 4), "--accounts", accounts, "--out", out)
        assert f"written to {out}" in ran.out.replace("\n", " ")
        (finding,) = (out / "findings.jsonl").read_text(encoding="utf-8").splitlines()
        assert valid(json.loads(finding), "audit-finding")["rule"] == "us-three-calls"

    def test_a_state_is_added_to_and_what_is_otherwise_is_told(self, guarded: Guarded, tmp_path: Path, accounts: Path) -> None:
        out, state = tmp_path / "report", tmp_path / "kept"
        guarded("audit", log_of(tmp_path, 3), "--accounts", accounts, "--state", state, "--out", out)
        early = tmp_path / "late.csv"
        early.write_text(
            f"{COLUMNS}\nh8,2026-11-03T08:00:00-06:00,c1,call,outbound,consumer,+15125550100,d1,no_answer\n", encoding="utf-8"
        )
        ran = guarded("audit", early, "--state", state, "--out", out)
        assert ran.code == 1
        assert "1 are new, 0 gone and 0 otherwise" in " ".join(ran.out.split())
        assert "new: us-three-calls, consumer c1, h11 (log.csv, row 3)" in " ".join(ran.out.split())
        (change,) = (out / "changes.jsonl").read_text(encoding="utf-8").splitlines()
        assert valid(json.loads(change), "audit-change")["why"][0]["kind"] == "late_record"
        assert valid(json.loads((out / "summary.json").read_bytes()), "audit")["changes"]["run"] == 2
        assert valid(json.loads((out / "manifest.json").read_bytes()), "audit-manifest")["runs"] == [1, 1, 2]
        again = guarded("audit", "--verify", out, "--again", early, tmp_path / "log.csv", "--accounts", accounts)
        assert again.code == 3
        assert "its files were brought by several runs" in " ".join(again.out.split())

    def test_a_state_is_no_part_of_what_is_verified(self, guarded: Guarded, tmp_path: Path) -> None:
        assert guarded("audit", "--verify", tmp_path, "--state", tmp_path / "kept").code == 2

    def test_whose_log_it_is_is_said_where_nobody_did(self, guarded: Guarded, tmp_path: Path, accounts: Path) -> None:
        unsaid = guarded("audit", log_of(tmp_path, 1), "--accounts", accounts)
        assert "it was judged as a third_party_collector's (--collector-kind)" in unsaid.err
        said = guarded("audit", log_of(tmp_path, 1), "--accounts", accounts, "--collector-kind", "debt_buyer")
        assert said.err == ""

    def test_it_may_be_left_unknown(self, guarded: Guarded, tmp_path: Path, accounts: Path) -> None:
        ran = guarded("audit", log_of(tmp_path, 4), "--accounts", accounts, "--collector-kind", "unknown")
        assert ran.code == 3
        assert "collector.kind" in ran.out

    def test_a_file_says_it_with_names_and_licences(self, guarded: Guarded, tmp_path: Path, accounts: Path) -> None:
        collector = tmp_path / "collector.yml"
        collector.write_text("{kind: creditor, names: [Example Bank]}\n", encoding="utf-8")
        assert guarded("audit", log_of(tmp_path, 4), "--accounts", accounts, "--collector", collector).code == 0


class TestDispositions:
    def test_the_formats_are_listed(self, guarded: Guarded) -> None:
        names = [line.split()[0] for line in guarded("dispositions", rules=False).out.splitlines()]
        assert {"canonical", "vicidial", "twilio"} <= set(names)

    def test_a_shops_own_codes_are_put_over_the_table(self, guarded: Guarded, tmp_path: Path) -> None:
        own = tmp_path / "own.yaml"
        own.write_text("codes: {ZZTOP: voicemail}\n", encoding="utf-8")
        found = guarded(
            "dispositions", "vicidial", "--dispositions", own, "--format", "json", rules=False
        ).json("dispositions")
        assert found["codes"][0] == {"code": "ZZTOP", "outcome": "voicemail", "own": True}  # type: ignore[index]

    def test_a_format_without_codes_is_refused(self, guarded: Guarded) -> None:
        assert guarded("dispositions", "canonical", rules=False).code == 2


class TestWhatCannotBeRead:
    """A first run with a file that is not as it should be: what is said names the place and what to do."""

    def said(self, guarded: Guarded, path: Path, *more: object) -> str:
        return guarded("audit", path, "--collector-kind", "debt_buyer", *more).out

    def test_a_row_is_named_with_its_file_and_column_and_the_others_are_judged(
        self, guarded: Guarded, tmp_path: Path, accounts: Path
    ) -> None:
        log = log_of(tmp_path, 4)
        lines = log.read_text(encoding="utf-8").replace("h10,2026-11-03T10:00:00-06:00", "h10,2026-11-03 10:00:00")
        log.write_text(lines.replace("d1,no_answer\nh12", "d1,hung_up\x1b[31m\nh12"), encoding="utf-8")
        said = self.said(guarded, log, "--accounts", accounts)
        assert "4 rows read, 3 communications" in said
        assert "log.csv, row 2, column at: the time has no zone: write an offset" in said
        assert "(found `2026-11-03 10:00:00`); the row is left out" in said
        assert "log.csv, row 3, column outcome: expected one of conversation" in said
        assert "\x1b" not in said

    def test_the_first_problems_of_a_kind_are_shown_and_the_rest_counted(self, guarded: Guarded, tmp_path: Path) -> None:
        log = log_of(tmp_path, 6)
        log.write_text(log.read_text(encoding="utf-8").replace("-06:00", ""), encoding="utf-8")
        said = self.said(guarded, log)
        assert said.count("the time has no zone") == 3
        assert "  and 3 more rows of the kind naive time: --out DIR writes them all" in said

    def test_consumers_that_the_accounts_do_not_have_are_counted(
        self, guarded: Guarded, tmp_path: Path, accounts: Path
    ) -> None:
        log = log_of(tmp_path, 2)
        assert "not in the accounts" not in self.said(guarded, log, "--accounts", accounts)
        log.write_text(log.read_text(encoding="utf-8").replace(",c1,", ",c2,"), encoding="utf-8")
        assert "1 of 1 consumers of the log are not in the accounts." in self.said(guarded, log, "--accounts", accounts)

    def test_a_folder_is_neither_an_accounts_file_nor_a_log_when_nothing_is_in_it(
        self, guarded: Guarded, tmp_path: Path
    ) -> None:
        empty = tmp_path / "empty"
        empty.mkdir()
        ran = guarded("audit", empty)
        assert ran.code == 2
        assert "the folder has no file that ends in .csv" in ran.err
        for option in ("--accounts", "--events"):
            ran = guarded("audit", log_of(tmp_path, 1), option, empty)
            assert ran.code == 2
            assert "empty: this is a folder, expected one file" in ran.err

    def test_columns_of_nearly_a_format_are_told_what_it_lacks(self, guarded: Guarded, tmp_path: Path) -> None:
        log = log_of(tmp_path, 1)
        log.write_text(log.read_text(encoding="utf-8").replace("id,at,consumer_id", "id,when,whose"), encoding="utf-8")
        ran = guarded("audit", log)
        assert ran.code == 2
        assert "the format canonical, which also needs `at`, `consumer_id`; the file has: id, when, whose" in ran.err

    @pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"], ids=["new", "old"])
    def test_a_workbook_is_to_be_saved_as_csv(self, guarded: Guarded, tmp_path: Path, start: bytes) -> None:
        log = tmp_path / "log.xlsx"
        log.write_bytes(start + bytes(100))
        ran = guarded("audit", log)
        assert ran.code == 2
        assert "this is a spreadsheet or an archive, and no table in text" in ran.err
        assert "save it as CSV" in ran.err

    def test_a_file_of_codes_that_is_not_there_is_told_even_where_no_code_needs_it(
        self, guarded: Guarded, tmp_path: Path
    ) -> None:
        ran = guarded("audit", log_of(tmp_path, 1), "--dispositions", tmp_path / "none.yaml")
        assert ran.code == 2
        assert "none.yaml: there is no such file" in ran.err

    def test_a_file_of_columns_that_is_no_mapping(self, guarded: Guarded, tmp_path: Path) -> None:
        log = log_of(tmp_path, 1)
        ran = guarded("audit", log, "--columns", log)
        assert ran.code == 2
        assert "is a mapping with the key `columns`" in ran.err

    def test_what_is_no_table_does_not_steer_the_terminal(self, guarded: Guarded, tmp_path: Path) -> None:
        log = tmp_path / "log.csv"
        log.write_bytes(b"\x1b[31m\x07\x01,\x02\n\x03,\x04\n")
        ran = guarded("audit", log)
        assert ran.code == 2
        assert "no format has these columns" in ran.err
        assert not {"\x1b", "\x07", "\x01"} & set(ran.err)
