"""Keeps what was read from rule files: opening it again takes a fraction of the time of reading.

What is kept bears a key: the hash of every rule file and its name, and of the modules that read it. A change of any of
them reads anew. It lies in two places:

- in the package, made when that was built (`hatch_build.py`), for the rules that come with it. It is a pickle, and
  opening a pickle can run any code: it is trusted as the modules beside it are, whoever can write the one can write
  the others. It holds no absolute path and nothing of one Python version, so that one file serves them all;
- in the user's own cache folder, for all other rules. A file there that others could have written is not opened.
  `FDCPA_GUARD_CACHE=off` keeps nothing there.
"""

from __future__ import annotations

import os
import pickle
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from fdcpa_guard.garbage import searched_for_afterwards

IN_THE_PACKAGE: Final = Path(__file__).parents[1] / "prepared.rules"

_SWITCH: Final = "FDCPA_GUARD_CACHE"
_MOST_KEPT: Final = 8
_READERS: Final = ("errors.py", "source.py", "values.py", "vocabulary", "lang", "rulefile", "wording", "ruleset")
"""The parts of the package that decide what is read from a rule file."""


def key_of(roots: Sequence[Path], *, shipped: bool = False) -> str:
    """Of all that decides what is read from the rule files below the folders, the same wherever the package lies.

    Files are named as they are in what is read: below their root where that is shipped, else with the root as given.

    Raises:
        OSError: a file cannot be read.
    """
    digest = blake2b(digest_size=20)
    package = Path(__file__).parents[1]
    readers = [package / name for name in _READERS]
    _add(digest, str(package), readers, (".py", ".yaml", ".lark"))
    for root in roots:
        digest.update(f"{'' if shipped else root}\n".encode())
        _add(digest, str(root), [root], (".yaml", ".yml"))
    return digest.hexdigest()


def kept(key: str, read: Callable[[], object]) -> object:
    """What `read` gives, from the user's cache folder where it was kept there under this key."""
    folder = _folder()
    if folder is None:
        return read()
    file = folder / f"{key}.rules"
    try:
        found = opened(file, key) if _ours(file) else None
    except OSError:
        found = None
    if found is not None:
        return found
    made = read()
    _keep(file, packed(made, key))
    return made


def opened(file: Path, key: str) -> object | None:
    """What was packed into the file under this key; None where there is no such file, or it has another key."""
    try:
        head, _, held = file.read_bytes().partition(b"\n")
        return _unpickled(held) if head == key.encode() else None
    except Exception:  # a file cut short or of other classes is as good as none: the rules are read anew
        return None


def packed(made: object, key: str, *, lasting: bool = False) -> bytes:
    """The content of a file for `opened`. Of one that is lasting, no time is spared to make it open sooner."""
    written = BytesIO()
    _Pickler(written, protocol=5).dump(made)
    held = written.getvalue()
    if lasting:
        from pickletools import optimize

        held = optimize(held)
    return key.encode() + b"\n" + held


class _Pickler(pickle.Pickler):
    """Has frozen dataclasses made by their constructor: the way in which they set their own state takes twice as long."""

    def reducer_override(self, obj: Any) -> Any:
        names = _arguments(type(obj))  # type: ignore[arg-type]  # every class here is hashable
        return NotImplemented if names is None else (type(obj), tuple(getattr(obj, name) for name in names))


@cache
def _arguments(kind: type[Any]) -> tuple[str, ...] | None:
    if not is_dataclass(kind) or "__reduce__" in vars(kind):
        return None
    return tuple(each.name for each in fields(kind) if each.init)


def _unpickled(held: bytes) -> object:
    with searched_for_afterwards():
        found: object = pickle.loads(held)
        return found


def _add(digest: blake2b, base: str, paths: Sequence[Path], suffixes: tuple[str, ...]) -> None:
    for path in paths:
        for file in _files(str(path), suffixes):
            with open(file, "rb", buffering=0) as stream:
                text = stream.read()
            digest.update(f"{file[len(base) :].replace(os.sep, '/')}\0{len(text)}\n".encode())
            digest.update(text)


def _files(path: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    if os.path.isfile(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if name.endswith(suffixes) and not name.endswith(".cases.yaml"):
                yield os.path.join(folder, name)


def _folder() -> Path | None:
    if os.environ.get(_SWITCH, "").lower() in ("off", "0", "no"):
        return None
    from platformdirs import user_cache_path

    try:
        folder = user_cache_path("fdcpa-guard", appauthor=False)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if _ours(folder) else None
    except (OSError, RuntimeError):
        return None


def _ours(path: Path) -> bool:
    """Whether nobody but this user can have written it."""
    if not hasattr(os, "getuid"):
        return True
    found = path.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _keep(file: Path, content: bytes) -> None:
    """Writes the file whole or not at all, and lets the oldest go."""
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as written:
            written.write(content)
        os.replace(written.name, file)
        ages = sorted((path.stat().st_mtime_ns, path) for path in file.parent.glob("*.rules"))
        for _, path in ages[:-_MOST_KEPT]:
            path.unlink(missing_ok=True)
    except OSError:
        return
