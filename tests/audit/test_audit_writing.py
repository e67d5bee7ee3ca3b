"""Results are put in place all together, the manifest last, or not at all: with a full disk, and with files in the way."""

from __future__ import annotations

import errno
import io
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from audit_world import World, calls

from fdcpa_guard.auditing import output
from fdcpa_guard.auditing.inputs import shown_names
from fdcpa_guard.auditing.output import MANIFEST, Staging
from fdcpa_guard.auditing.spool import Spool
from fdcpa_guard.errors import FactsError, OutputError

FILES = (
    "findings.jsonl", "findings.csv", "findings.parquet", "problems.jsonl", "problems.csv", "summary.json", "report.html",
    "manifest.json",
)  # fmt: skip


@pytest.fixture
def audited(world: World) -> World:
    """A world with results in `out`, and another call since."""
    world.rows = calls("ann", range(4, 9))
    world.rows.append({"consumer_id": "ann", "at": "no time"})
    world.audit(out="out")
    world.rows += calls("bob", range(4, 9))
    return world


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class FullDisk(io.FileIO):
    """Takes ten bytes, and has no room for more."""

    def write(self, content: Any) -> int:
        if self.tell() + len(content) > 10:
            super().write(bytes(content)[: 10 - self.tell()])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(content)


@pytest.fixture
def full_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """From now on, there is no room for files whose name ends so."""
    opened = Path.open

    def full(ending: str) -> None:
        def open_(path: Path, mode: str = "r", **more: Any) -> Any:
            if path.name.endswith(ending) and mode == "wb":
                return io.BufferedWriter(FullDisk(path, "w"))
            return opened(path, mode, **more)

        monkeypatch.setattr(Path, "open", open_)

    return full


class TestAFullDisk:
    @pytest.mark.parametrize("name", FILES)
    def test_it_is_told_with_the_file_and_all_is_as_it_was(
        self, audited: World, full_for: Callable[[str], None], name: str
    ) -> None:
        if name.endswith(".parquet"):
            pytest.importorskip("pyarrow")
        before = contents(audited.folder / "out")
        full_for(name)
        with pytest.raises(OutputError, match="No space left") as caught:
            audited.audit(out="out")
        assert caught.value.kept == "nothing was replaced"
        assert contents(audited.folder / "out") == before
        if not name.startswith(("findings.", "problems.")) or name.endswith(".parquet"):  # whose parts of the working files bear the same name
            assert caught.value.path == str(audited.folder / "out" / name)

    def test_an_empty_folder_stays_empty(self, audited: World, full_for: Callable[[str], None]) -> None:
        full_for("report.html")
        with pytest.raises(OutputError):
            audited.audit(out="new")
        assert contents(audited.folder / "new") == {}

    @pytest.mark.parametrize("said", ["SQLITE_FULL", "SQLITE_IOERR_WRITE"])
    def test_the_working_files_are_told_by_their_folder(
        self, audited: World, monkeypatch: pytest.MonkeyPatch, said: str
    ) -> None:
        def full(*_: object) -> None:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorname = said
            raise error

        monkeypatch.setattr(Spool, "put", full)
        before = contents(audited.folder / "out")
        with pytest.raises(OutputError, match=r"no room for the working files .*; nothing was replaced") as caught:
            audited.audit(out="out", engine="scalar")
        assert caught.value.path == str(audited.folder / "out")
        assert contents(audited.folder / "out") == before

    def test_those_of_the_columnar_engine_too(self, audited: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("fdcpa_guard.auditing.partitions.writing._write", full)
        before = contents(audited.folder / "out")
        with pytest.raises(OutputError, match=r"no room for the working files .*; nothing was replaced"):
            audited.audit(out="out", engine="columnar")
        assert contents(audited.folder / "out") == before

    def test_other_errors_of_the_system_are_left_as_they_are(self) -> None:
        with pytest.raises(PermissionError), output.room_to_work(None):
            raise PermissionError(errno.EACCES, "not allowed")


def _of_the_results(source: Path, target: Path) -> bool:
    """Whether a file of the results is taken away or put in place; working files are moved too."""
    return "out" in (Path(source).parent.name, Path(target).parent.name)


class TestPuttingInPlace:
    def test_the_manifest_is_taken_away_first_and_put_there_last(
        self, audited: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        moved: list[tuple[str, bool]] = []
        replace = os.replace

        def noted(source: Path, target: Path) -> None:
            if _of_the_results(source, target):
                moved.append((Path(target).name, Path(target).parent.name == "out"))
            replace(source, target)

        monkeypatch.setattr(os, "replace", noted)
        audited.audit(out="out")
        assert moved[0] == (MANIFEST, False)
        assert moved[-1] == (MANIFEST, True)
        assert {name for name, placed in moved if placed} == set(json.loads(audited.text("out/manifest.json"))["outputs"]) | {
            MANIFEST
        }

    @pytest.mark.parametrize("failing", range(1, 15))
    def test_whichever_file_cannot_be_moved_all_are_as_they_were(
        self, audited: World, monkeypatch: pytest.MonkeyPatch, failing: int
    ) -> None:
        replace, done = os.replace, [0]

        def failing_once(source: Path, target: Path) -> None:
            done[0] += _of_the_results(source, target)
            if done[0] == failing and _of_the_results(source, target):
                raise PermissionError(errno.EACCES, "in use by another program", str(target))
            replace(source, target)

        before = contents(audited.folder / "out")
        monkeypatch.setattr(os, "replace", failing_once)
        with pytest.raises(OutputError, match="in use by another program; nothing was replaced"):
            audited.audit(out="out")
        assert contents(audited.folder / "out") == before

    def test_what_cannot_be_put_back_is_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "aside").mkdir()
        staging, replace = Staging(tmp_path / "aside", tmp_path), os.replace
        (tmp_path / "last").write_text("old")
        staging.write("first", b"new")
        staging.write("last", b"new")

        def only_away(source: Path, target: Path) -> None:
            if Path(target).parent == tmp_path:
                raise PermissionError(errno.EACCES, "not allowed")
            replace(source, target)

        monkeypatch.setattr(os, "replace", only_away)
        with pytest.raises(OutputError, match="no results of one run any more"):
            staging.put_in_place(["first", "last"])
        assert not (tmp_path / "last").exists()


class TestInputs:
    def test_one_that_changes_while_it_is_read_is_refused(self, audited: World) -> None:
        before = contents(audited.folder / "out")

        def told(stage: str, done: int, of: int | None) -> None:
            if stage == "judging":
                with (audited.folder / "log.csv").open("a", encoding="utf-8") as file:
                    file.write("\n")

        with pytest.raises(FactsError, match="changed while it was read"):
            audited.audit(out="out", progress=told)
        assert contents(audited.folder / "out") == before

    def test_files_of_one_name_are_told_apart_below_the_folder_that_holds_them(self, tmp_path: Path) -> None:
        paths = [tmp_path / "may" / "log.csv", tmp_path / "log.csv", tmp_path / "accounts.csv"]
        assert list(shown_names(paths).values()) == ["may/log.csv", "log.csv", "accounts.csv"]
        months = [tmp_path / site / "month=2025-01" / "log.csv" for site in ("a", "b")]
        assert list(shown_names(months[:1]).values()) == ["month=2025-01/log.csv"]
        assert list(shown_names(months).values()) == ["a/month=2025-01/log.csv", "b/month=2025-01/log.csv"]
        assert list(shown_names([tmp_path / f"month={n}" / "log.csv" for n in "12"]).values()) == ["month=1/log.csv", "month=2/log.csv"]
