"""Missing words of the law are put in where they belong, and nothing else is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sample
from small_judge import NOTICE, judge

from fdcpa_guard.linting.findings import FileReport
from fdcpa_guard.linting.fixing import can_be_put_in, fix_file, fixed
from fdcpa_guard.linting.run import Request, lint
from fdcpa_guard.linting.settings import SettingsText

MISSING = replace(sample.MISSING, fix="From a debt collector.\nSay & mean it.")


class TestWhere:
    def test_at_the_end_where_no_place_is_told(self) -> None:
        assert fixed("Dear Dana,\n\nplease pay.", "text", [MISSING]) == (
            "Dear Dana,\n\nplease pay.\n\nFrom a debt collector.\nSay & mean it.\n"
        )

    def test_as_a_paragraph_before_the_line_of_its_place(self) -> None:
        text = "Dear Dana,\nplease pay.\nYours\n"
        assert fixed(text, "markdown", [replace(MISSING, line=3, column=1)]) == (
            "Dear Dana,\nplease pay.\n\nFrom a debt collector.\nSay & mean it.\n\nYours\n"
        )

    def test_in_html_before_the_body_ends_and_escaped(self) -> None:
        assert fixed("<html><body>\n<p>Pay</p>\n</body></html>", "html", [MISSING]) == (
            "<html><body>\n<p>Pay</p>\n<p>From a debt collector.<br>Say &amp; mean it.</p>\n</body></html>"
        )

    def test_ends_of_lines_stay_as_they_are(self) -> None:
        assert fixed("Dear Dana,\r\n\r\npay\r\n", "text", [replace(MISSING, fix="A.")]) == "Dear Dana,\r\n\r\npay\r\n\r\nA.\r\n"

    def test_several_keep_their_order_and_the_same_words_stand_once(self) -> None:
        one, two = replace(MISSING, fix="One."), replace(MISSING, fix="Two.")
        assert fixed("Pay.\n", "text", [one, two, one]) == "Pay.\n\nOne.\n\nTwo.\n"


@pytest.mark.parametrize(
    "finding",
    [
        sample.ARREST,
        replace(sample.ARREST, fix="other words"),
        replace(MISSING, waived_by="Dana"),
        replace(MISSING, status="unknown"),
        replace(MISSING, fix="{{ amount }}"),
        replace(MISSING, fix=None),
    ],
)
def test_what_is_not_a_missing_text_of_the_law_is_left_to_the_author(finding: object) -> None:
    assert not can_be_put_in(finding)  # type: ignore[arg-type]


class TestFiles:
    @pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.txt.j2"])
    def test_a_letter_that_lacks_a_notice_is_clean_after_it(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        path.write_text("---\nstage: later\n---\nDear {{ name }},\n\nplease pay.\n", encoding="utf-8")
        request = Request(today=date(2026, 11, 27), options=SettingsText(stage="later"))
        before = lint([path], judge, request)
        assert before.exit_code == 1
        assert [each.rule for each in fix_file(before.reports[0])] == ["us-example-notice"]
        assert lint([path], judge, request).exit_code == 0
        text = path.read_text("utf-8")
        assert text.startswith("---\nstage: later\n---\nDear {{ name }},\n\nplease pay.\n")
        assert NOTICE in text

    @pytest.mark.parametrize("data", ["caf\xe9".encode("cp1252"), "pay".encode("utf-16")])
    def test_a_file_in_another_encoding_is_left_as_it_is(self, tmp_path: Path, data: bytes) -> None:
        path = tmp_path / "a.html"
        path.write_bytes(b'<meta charset="windows-1252">' + data if b"\xe9" in data else data)
        kept = path.read_bytes()
        assert fix_file(FileReport(str(path), (MISSING,))) == ()
        assert path.read_bytes() == kept

    def test_a_byte_order_mark_is_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"\xef\xbb\xbfPay.\n")
        fix_file(FileReport(str(path), (replace(MISSING, fix="A."),)))
        assert path.read_bytes() == b"\xef\xbb\xbfPay.\n\nA.\n"
