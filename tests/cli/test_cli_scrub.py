"""`scrub`: exit codes, what is written, and that nothing is judged for no instant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Guarded, valid
from test_cli_audit import accounts, log_of

__all__ = ["accounts"]  # the fixture

HEADER = "consumer_id,channel,direction,address,debt_ids,ref"


def list_of(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return list_of(tmp_path, "c1,call,outbound,+15125550100,d1,r1")


AT = ("--at", "2026-11-03T18:00:00-06:00")


class TestExitCodes:
    def test_all_may_be_made(self, guarded: Guarded, tmp_path: Path, one: Path, accounts: Path) -> None:
        assert guarded("scrub", one, "--log", log_of(tmp_path, 1), "--accounts", accounts, *AT).code == 0

    def test_some_are_blocked(self, guarded: Guarded, tmp_path: Path, one: Path, accounts: Path) -> None:
        assert guarded("scrub", one, "--log", log_of(tmp_path, 4), "--accounts", accounts, *AT).code == 1

    def test_some_are_for_review(self, guarded: Guarded, tmp_path: Path, accounts: Path) -> None:
        listed = list_of(tmp_path, "c1,carrier pigeon,outbound,+15125550100,d1,r1")
        assert guarded("scrub", listed, "--log", log_of(tmp_path, 1), "--accounts", accounts, *AT).code == 3

    @pytest.mark.parametrize(
        "options", [[], ["--at", "2026-11-03"], ["--on", "tomorrow"], [*AT, "--on", "2026-11-03"], [*AT, "--accounts", "none.csv"]]
    )
    def test_unusable_options(self, guarded: Guarded, tmp_path: Path, one: Path, options: list[str]) -> None:
        ran = guarded("scrub", one, "--log", log_of(tmp_path, 1), *options)
        assert (ran.code, ran.out) == (2, "")
        assert "error: " in ran.err


def test_what_is_written_fits_its_schemas(guarded: Guarded, tmp_path: Path, one: Path, accounts: Path) -> None:
    out = tmp_path / "out"
    given = ("--log", log_of(tmp_path, 4), "--accounts", accounts, *AT, "--out", out)
    summary = guarded("scrub", one, *given, "--format", "json").json("scrub")
    assert summary["by_decision"] == {"allow": 0, "review": 0, "block": 1}
    valid(json.loads((out / "manifest.json").read_bytes()), "scrub-manifest")
    line = json.loads((out / "scrubbed.jsonl").read_bytes())
    assert line.pop("ref") == "r1"
    carried = ("channel", "direction", "address", "debt_ids")
    valid({"row": 1, "read": True, **{name: value for name, value in line.items() if name not in carried}}, "scrub-contact")


def test_whose_list_it_is_is_never_left_unsaid(guarded: Guarded, tmp_path: Path, one: Path, accounts: Path) -> None:
    ran = guarded("scrub", one, "--log", log_of(tmp_path, 1), "--accounts", accounts, *AT)
    assert "nobody said whose list this is" in ran.err
    named = guarded("scrub", one, "--log", log_of(tmp_path, 1), "--accounts", accounts, *AT, "--collector-kind", "debt_buyer")
    assert "nobody said" not in named.err
