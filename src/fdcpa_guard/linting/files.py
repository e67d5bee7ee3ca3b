"""Which files are checked: those that are named, those of folders that are walked, and those that patterns find."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.linting.config import CONFIG_FILE, Configs, matches

_NEVER_WALKED: Final = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """The files to check, each once, in the order of their paths; and the folders that were walked, in full."""

    files: tuple[Path, ...]
    folders: tuple[Path, ...]


def chosen_files(
    paths: Sequence[Path],
    configs: Configs,
    is_readable: Callable[[Path], bool],
    ignore: Sequence[str] = (),
    *,
    ignores_named: bool = False,
) -> Chosen:
    """The files among some paths.

    A file that is named is checked whatever its name; with `ignores_named` what is left out of folders is left out there too, and
    it may be that nothing is left: so do hooks, which name whatever was changed. Of a folder, all below it are that `is_readable` says a reader knows, but
    for hidden ones; of a pattern (`letters/**/*.html`), all that it finds. What a configuration or `ignore` leaves out is left out
    of folders and patterns; patterns in `ignore` start at the current folder.

    Raises:
        FactsError: a path is not there, a pattern finds nothing, or there is nothing to check.
    """
    named: list[Path] = []
    found: list[Path] = []
    folders: list[Path] = []
    for path in paths:
        if path.is_dir():
            folders.append(path.resolve())
            found.extend(each for each in _walked(path) if is_readable(each))
        elif path.exists():
            named.append(path)
        elif glob.has_magic(str(path)):
            hits = [Path(each) for each in sorted(glob.glob(str(path), recursive=True))]
            if not hits:
                raise FactsError("the pattern finds no file", str(path))
            found.extend(each for each in hits if each.is_file())
        else:
            raise FactsError("no such file or folder", str(path))
    named = [each for each in named if not (ignores_named and _is_ignored(each, configs, ignore))]
    named.extend(each for each in found if not _is_ignored(each, configs, ignore))
    files: dict[Path, Path] = {}
    for each in sorted(named, key=lambda each: each.as_posix()):
        files.setdefault(each.resolve(), each)
    if not files and not ignores_named:
        raise FactsError("nothing to check", ", ".join(str(path) for path in paths))
    return Chosen(tuple(files.values()), tuple(folders))


def _walked(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in _NEVER_WALKED)
        for name in sorted(names):
            if not name.startswith(".") and name != CONFIG_FILE:
                yield Path(parent, name)


def _is_ignored(file: Path, configs: Configs, ignore: Sequence[str]) -> bool:
    config = configs.of(file)
    if config is not None and config.ignores(file):
        return True
    return matches(ignore, Path(os.path.relpath(file)).as_posix())
