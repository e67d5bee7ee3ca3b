"""Which files are checked, in what order, and which are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.linting.config import Configs
from fdcpa_guard.linting.files import Chosen, chosen_files


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b.md", "a.md", "photo.png", ".hidden.md", "sub/c.md", "sub/d.html", ".git/e.md", "node_modules/f.md", "old/g.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def readable(path: Path) -> bool:
    return path.suffix in (".md", ".html")


def chosen(*paths: str, ignore: tuple[str, ...] = ()) -> Chosen:
    return chosen_files([Path(each) for each in paths], Configs(), readable, ignore)


def names(*paths: str, ignore: tuple[str, ...] = ()) -> list[str]:
    return [path.as_posix() for path in chosen(*paths, ignore=ignore).files]


@pytest.mark.usefixtures("tree")
class TestChoosing:
    def test_folders_are_walked_in_a_stable_order_without_what_is_hidden(self) -> None:
        assert names(".") == ["a.md", "b.md", "old/g.md", "sub/c.md", "sub/d.html"]

    def test_patterns(self) -> None:
        assert names("**/*.html", "*.md") == ["a.md", "b.md", "sub/d.html"]

    def test_a_file_that_is_named_is_checked_whatever_its_name(self) -> None:
        assert names("photo.png") == ["photo.png"]

    def test_each_file_once(self) -> None:
        assert names("sub", "sub/c.md", "./sub/c.md", "sub/*") == ["sub/c.md", "sub/d.html"]

    def test_folders_that_were_walked_are_told(self, tree: Path) -> None:
        assert chosen("sub", "a.md").folders == (tree / "sub",)

    def test_what_is_ignored_is_left_out_of_folders_and_patterns_but_not_where_it_is_named(self, tree: Path) -> None:
        (tree / "fdcpa-guard.toml").write_text('[lint]\nignore = ["/old/", "d.*"]\n', encoding="utf-8")
        assert names(".") == ["a.md", "b.md", "sub/c.md"]
        assert names("sub/*") == ["sub/c.md"]
        assert names("old/g.md") == ["old/g.md"]
        assert names(".", ignore=("sub",)) == ["a.md", "b.md"]

    def test_a_hook_names_what_was_changed_and_what_is_ignored_is_left_out_all_the_same(self, tree: Path) -> None:
        (tree / "fdcpa-guard.toml").write_text('[lint]\nignore = "/old/"\n', encoding="utf-8")
        paths = [Path("old/g.md"), Path("a.md")]
        assert chosen_files(paths, Configs(), readable, ignores_named=True).files == (Path("a.md"),)
        assert chosen_files(paths[:1], Configs(), readable, ignores_named=True).files == ()

    @pytest.mark.parametrize(
        ("path", "message"),
        [("nothing.md", "no such file or folder"), ("*.docx", "the pattern finds no file"), ("node_modules/*.docx", "finds no file")],
    )
    def test_what_is_not_there_is_an_error(self, path: str, message: str) -> None:
        with pytest.raises(FactsError) as raised:
            chosen(path)
        assert message in str(raised.value)

    def test_nothing_to_check_is_an_error(self, tree: Path) -> None:
        (tree / "empty").mkdir()
        with pytest.raises(FactsError, match="nothing to check"):
            chosen("empty")
