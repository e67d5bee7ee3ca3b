"""Keeps what was read from rule files between two runs: unpickling takes a twentieth of the time of reading.

What is kept lies in the user's own cache folder, under the hash of every rule file, of where it lies, of the modules
that read it and of the interpreter: a change of any of them reads anew. A file that others could have written is not
opened. `FDCPA_GUARD_CACHE=off` keeps nothing.
"""

from __future__ import annotations

import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

_SWITCH: Final = "FDCPA_GUARD_CACHE"
_MOST_KEPT: Final = 8
_READERS: Final = ("errors.py", "source.py", "values.py", "vocabulary", "lang", "rulefile", "ruleset")
"""The parts of the package that decide what is read from a rule file."""


def kept(roots: Sequence[Path], read: Callable[[], object]) -> object:
    """What `read` gives for the rule files below the folders, from where it was kept if nothing has changed since."""
    folder = _folder()
    if folder is None:
        return read()
    try:
        file = folder / f"{_key(roots)}.rules"
        found = _opened(file)
    except OSError:
        return read()
    if found is not None:
        return found
    made = read()
    _keep(file, made)
    return made


def _folder() -> Path | None:
    if os.environ.get(_SWITCH, "").lower() in ("off", "0", "no"):
        return None
    from platformdirs import user_cache_path

    try:
        folder = user_cache_path("fdcpa-guard", appauthor=False)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder if _ours(folder) else None


def _ours(path: Path) -> bool:
    """Whether nobody but this user can have written it."""
    if not hasattr(os, "getuid"):
        return True
    found = path.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _key(roots: Sequence[Path]) -> str:
    digest = blake2b(digest_size=20)
    digest.update(repr(sys.version_info[:3]).encode())
    package = Path(__file__).resolve().parents[1]
    for name in _READERS:
        for path in _files(package / name, (".py", ".yaml", ".lark")):
            found = path.stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    for root in roots:
        digest.update(f"{root.resolve()}\0{root}\n".encode())
        for path in _files(root, (".yaml", ".yml")):
            text = path.read_bytes()
            digest.update(f"{path}\0{len(text)}\n".encode())
            digest.update(text)
    return digest.hexdigest()


def _files(path: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if name.endswith(suffixes) and not name.endswith(".cases.yaml"):
                yield Path(folder, name)


def _opened(file: Path) -> object | None:
    try:
        if not _ours(file):
            return None
        found: object = pickle.loads(file.read_bytes())
        return found
    except FileNotFoundError:
        return None
    except Exception:  # a file cut short or of other classes is as good as none: the rules are read anew
        return None


def _keep(file: Path, made: object) -> None:
    """Writes the file whole or not at all, and lets the oldest go."""
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as written:
            pickle.dump(made, written, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(written.name, file)
        ages = sorted((path.stat().st_mtime_ns, path) for path in file.parent.glob("*.rules"))
        for _, path in ages[:-_MOST_KEPT]:
            path.unlink(missing_ok=True)
    except (OSError, pickle.PicklingError):
        return
