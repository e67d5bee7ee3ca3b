"""Rules that were read once are not read again until something changes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fdcpa_guard.ruleset.kept import kept as kept_under
from fdcpa_guard.ruleset.kept import key_of, opened, packed


class Reading:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> object:
        self.times += 1
        return ("what was read", self.times)


def kept(roots: list[Path], read: Callable[[], object]) -> object:
    return kept_under(key_of(roots), read)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("FDCPA_GUARD_CACHE", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "one.yaml").write_text("rule: us-one\n", encoding="utf-8")
    return folder


def kept_files(rules: Path) -> list[Path]:
    return sorted((rules.parent / "cache").glob("*.rules"))


class TestWhatWasRead:
    def test_it_is_not_read_a_second_time(self, rules: Path) -> None:
        reading = Reading()
        first = kept([rules], reading)
        assert kept([rules], reading) == first
        assert reading.times == 1

    @pytest.mark.parametrize(
        "change",
        [
            lambda rules: (rules / "one.yaml").write_text("rule: us-two\n", encoding="utf-8"),
            lambda rules: (rules / "definitions.yaml").write_text("x: y\n", encoding="utf-8"),
            lambda rules: (rules / "one.yaml").rename(rules / "two.yaml"),
            lambda rules: (rules / "one.yaml").unlink(),
        ],
        ids=["a changed text", "a new file", "a new name", "a file less"],
    )
    def test_it_is_read_again_after(self, rules: Path, change: Callable[[Path], object]) -> None:
        reading = Reading()
        kept([rules], reading)
        change(rules)
        kept([rules], reading)
        assert reading.times == 2

    def test_cases_are_no_part_of_it(self, rules: Path) -> None:
        reading = Reading()
        kept([rules], reading)
        (rules / "one.cases.yaml").write_text("cases_of: us-one\n", encoding="utf-8")
        kept([rules], reading)
        assert reading.times == 1

    def test_a_kept_file_cut_short_is_as_good_as_none(self, rules: Path) -> None:
        reading = Reading()
        kept([rules], reading)
        (file,) = kept_files(rules)
        file.write_bytes(file.read_bytes()[:10])
        kept([rules], reading)
        kept([rules], reading)
        assert reading.times == 2

    @pytest.mark.skipif(sys.platform == "win32", reason="the owner of a file is asked on POSIX")
    def test_a_kept_file_that_others_could_have_written_is_not_opened(self, rules: Path) -> None:
        reading = Reading()
        kept([rules], reading)
        (file,) = kept_files(rules)
        file.chmod(0o666)
        kept([rules], reading)
        assert reading.times == 2

    def test_nothing_is_kept_where_the_user_wants_none(self, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FDCPA_GUARD_CACHE", "off")
        reading = Reading()
        kept([rules], reading)
        kept([rules], reading)
        assert (reading.times, kept_files(rules)) == (2, [])

    def test_no_more_than_eight_are_kept(self, rules: Path) -> None:
        for number in range(10):
            (rules / "one.yaml").write_text(f"rule: us-{number}\n", encoding="utf-8")
            kept([rules], Reading())
        assert len(kept_files(rules)) == 8

    def test_a_mistake_in_the_rules_is_raised_every_time(self, rules: Path) -> None:
        def wrong() -> object:
            raise ValueError("a mistake")

        for _ in range(2):
            with pytest.raises(ValueError, match="a mistake"):
                kept([rules], wrong)


class TestTheKey:
    def test_it_is_the_same_wherever_shipped_rules_lie(self, rules: Path) -> None:
        elsewhere = rules.rename(rules.parent / "site-packages")
        first = key_of([elsewhere], shipped=True)
        rules = elsewhere.rename(rules)
        assert key_of([rules], shipped=True) == first

    def test_rules_of_the_users_own_are_named_by_their_folder(self, rules: Path) -> None:
        first = key_of([rules])
        assert key_of([rules.rename(rules.parent / "other")]) != first

    def test_the_same_text_shipped_and_handed_in_is_read_under_two_names(self, rules: Path) -> None:
        assert key_of([rules], shipped=True) != key_of([rules])

    def test_nothing_but_names_and_texts_enters_it(self, rules: Path) -> None:
        first = key_of([rules])
        file = rules / "one.yaml"
        file.write_bytes(file.read_bytes())
        os.utime(file, ns=(1, 1))
        assert key_of([rules]) == first

    def test_where_one_text_ends_and_the_next_begins_enters_it(self, rules: Path) -> None:
        (rules / "one.yaml").write_bytes(b"ab")
        (rules / "two.yaml").write_bytes(b"c")
        first = key_of([rules])
        (rules / "one.yaml").write_bytes(b"a")
        (rules / "two.yaml").write_bytes(b"bc")
        assert key_of([rules]) != first


class TestAFile:
    @pytest.mark.parametrize("lasting", [False, True])
    def test_gives_back_what_was_packed_under_its_key_alone(self, tmp_path: Path, lasting: bool) -> None:
        file = tmp_path / "some.rules"
        file.write_bytes(packed(("some", {"thing": 1}), "k1", lasting=lasting))
        assert opened(file, "k1") == ("some", {"thing": 1})
        assert opened(file, "k2") is None

    def test_that_is_not_there_is_none(self, tmp_path: Path) -> None:
        assert opened(tmp_path / "none.rules", "k1") is None

    @pytest.mark.parametrize("was_on", [True, False])
    def test_leaves_the_collection_of_garbage_as_it_was(self, tmp_path: Path, was_on: bool) -> None:
        file = tmp_path / "some.rules"
        file.write_bytes(packed((), "k1"))
        before = gc.isenabled()
        try:
            (gc.enable if was_on else gc.disable)()
            opened(file, "k1")
            assert gc.isenabled() is was_on
        finally:
            (gc.enable if before else gc.disable)()
