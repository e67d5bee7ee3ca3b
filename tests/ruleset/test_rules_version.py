"""The version of the rules changes with a rule, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from fdcpa_guard.ruleset.rulebook import load_rulebook, shipped_rules

RULE = Path("states/tx/repeated_calls.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the rules of Texas, with the folders above them."""
    copied = tmp_path / "rules"
    copytree(shipped_rules() / "states" / "tx", copied / "states" / "tx")
    return copied


def version(folder: Path) -> str:
    return load_rulebook([folder]).version


def changed(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


class TestItChanges:
    def test_with_the_text_of_a_rule(self, folder: Path) -> None:
        before = version(folder)
        changed(folder / RULE, lambda text: text.replace(b"title: ", b"title: About "))
        assert version(folder) != before

    def test_with_a_comment_in_a_rule(self, folder: Path) -> None:
        before = version(folder)
        changed(folder / RULE, lambda text: text + b"# a remark\n")
        assert version(folder) != before

    def test_with_a_rule_more_or_less(self, folder: Path) -> None:
        before = version(folder)
        (folder / RULE).unlink()
        assert version(folder) != before

    def test_with_the_name_of_a_rule_file(self, folder: Path) -> None:
        before = version(folder)
        (folder / RULE).rename(folder / RULE.with_name("calls_repeated.yaml"))
        assert version(folder) != before


class TestItStays:
    def test_wherever_the_folder_lies(self, folder: Path, tmp_path: Path) -> None:
        copytree(folder, tmp_path / "elsewhere" / "law")
        assert version(folder) == version(tmp_path / "elsewhere" / "law")

    def test_whatever_ends_the_lines(self, folder: Path) -> None:
        before = version(folder)
        for path in folder.rglob("*.yaml"):
            changed(path, lambda text: text.replace(b"\n", b"\r\n"))
        assert version(folder) == before

    def test_with_the_cases_beside_a_rule(self, folder: Path) -> None:
        before = version(folder)
        changed(folder / RULE.with_suffix(".cases.yaml"), lambda text: text + b"# a remark\n")
        assert version(folder) == before

    def test_with_files_that_are_no_rules(self, folder: Path) -> None:
        before = version(folder)
        (folder / "README.md").write_text("Notes.\n", encoding="utf-8")
        assert version(folder) == before

    def test_from_one_load_to_the_next(self) -> None:
        assert load_rulebook().version == load_rulebook().version


def test_it_is_a_hash_that_says_of_which_kind_it_is() -> None:
    kind, _, digits = load_rulebook().version.partition(":")
    assert (kind, len(digits), set(digits) <= set("0123456789abcdef")) == ("sha256", 16, True)
