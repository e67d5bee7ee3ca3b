"""The rules travel with the package as they were read; where the file does not fit the rules, these are read."""

from __future__ import annotations

import pickle
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from shutil import copytree

import pytest

from fdcpa_guard.errors import RuleErrors
from fdcpa_guard.ruleset import rulebook as of_rulebook
from fdcpa_guard.ruleset.rulebook import load_rulebook, load_rules_to_judge_by, prepare_shipped_rules, shipped_rules

PLACES = Path("states/tx")


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The rules of Texas as those of an installation of their own, prepared, and nothing kept for the user."""
    folder = tmp_path / "rules"
    copytree(shipped_rules() / PLACES, folder / PLACES)
    file = tmp_path / "prepared.rules"
    monkeypatch.setenv("FDCPA_GUARD_CACHE", "off")
    monkeypatch.setattr(of_rulebook, "shipped_rules", lambda: folder)
    monkeypatch.setattr(of_rulebook, "IN_THE_PACKAGE", file)
    prepare_shipped_rules(file)
    return file


def refuse_to_read(*_: object) -> None:
    raise AssertionError("rules were read")


def test_rules_that_are_prepared_are_those_that_would_be_read(prepared: Path) -> None:
    read, found = load_rulebook(), load_rules_to_judge_by()
    for mine, other in zip(found.rules, read.rules, strict=True):  # rules are compared by identity, their parts are not
        assert [getattr(mine, each.name) for each in fields(mine)] == [getattr(other, each.name) for each in fields(other)]
    assert (found.digest, found.definitions, found.paths) == (read.digest, read.definitions, read.paths)
    assert found.rules


def test_rules_that_are_prepared_are_not_read(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_rulebook, "load_rulebook", refuse_to_read)
    assert load_rules_to_judge_by().by_id["tx-repeated-calls"].jurisdiction == "TX"


def test_they_know_their_files_where_the_installation_has_moved_to(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_rulebook, "load_rulebook", refuse_to_read)
    moved = tmp_path / "moved"
    moved.mkdir()
    folder = (tmp_path / "rules").rename(moved / "rules")
    monkeypatch.setattr(of_rulebook, "shipped_rules", lambda: folder)
    paths = load_rules_to_judge_by().paths.values()
    assert paths
    assert all(path.is_relative_to(folder) and path.is_file() for path in paths)


@pytest.mark.parametrize("lost", ["changed", "cut short", "gone"])
def test_rules_are_read_where_what_was_prepared_is_of_no_use(prepared: Path, tmp_path: Path, lost: str) -> None:
    before = load_rules_to_judge_by()
    if lost == "changed":
        file = before.paths["tx-repeated-calls"]
        file.write_text(file.read_text(encoding="utf-8") + "# a note\n", encoding="utf-8")
    elif lost == "cut short":
        prepared.write_bytes(prepared.read_bytes()[:-10])
    else:
        prepared.unlink()
    after = load_rules_to_judge_by()
    assert after.by_id.keys() == before.by_id.keys()
    assert (after.digest != before.digest) is (lost == "changed")


def test_rules_that_are_handed_in_are_not_taken_from_it(prepared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    found = load_rules_to_judge_by([folder])
    assert found.by_id["tx-repeated-calls"].path == (folder / PLACES / "repeated_calls.yaml").as_posix()


def test_a_mistake_in_the_rules_prepares_nothing(prepared: Path, tmp_path: Path) -> None:
    before = prepared.read_bytes()
    (tmp_path / "rules" / "wrong.yaml").write_text("rule: tx-wrong\n", encoding="utf-8")
    with pytest.raises(RuleErrors, match=r"wrong\.yaml"):
        prepare_shipped_rules(prepared)
    assert prepared.read_bytes() == before


def test_a_folder_without_rules_prepares_nothing(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setattr(of_rulebook, "shipped_rules", lambda: empty)
    with pytest.raises(RuleErrors, match="there are no rules"):
        prepare_shipped_rules(prepared)


def test_what_is_prepared_fits_every_version_of_python_and_every_folder(prepared: Path, tmp_path: Path) -> None:
    """It holds classes of this package and of `builtins`, and no text that names a folder of this machine."""
    _, _, held = prepared.read_bytes().partition(b"\n")
    modules: set[str] = set()

    class Names(pickle.Unpickler):
        def find_class(self, module_name: str, global_name: str) -> object:
            modules.add(module_name.partition(".")[0])
            return super().find_class(module_name, global_name)

    Names(BytesIO(held)).load()
    assert "fdcpa_guard" in modules
    assert modules <= {"fdcpa_guard", "builtins"}
    assert str(tmp_path).encode() not in held
