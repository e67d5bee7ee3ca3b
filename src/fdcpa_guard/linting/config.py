"""`fdcpa-guard.toml`: what is said of all files below a folder, or of some by their names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pathspec import GitIgnoreSpec
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from fdcpa_guard.errors import FactsError
from fdcpa_guard.linting.settings import ConfigText, SettingsText
from fdcpa_guard.rulefile.shape_errors import did_you_mean, keys_below

CONFIG_FILE: Final = "fdcpa-guard.toml"
_MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration that was read. `path` is the file as it is shown, `folder` where its patterns start."""

    path: str
    folder: Path
    text: ConfigText
    source: str

    def layers(self, file: Path) -> list[tuple[str, SettingsText]]:
        """What is said of a file, the nearest to it last; each with the key path under which it stands."""
        lint = self.text.lint
        relative = relative_to(file, self.folder)
        found: list[tuple[str, SettingsText]] = [("lint", lint)]
        for place, each in enumerate(lint.files):
            if relative is not None and matches(each.match, relative):
                found.append((f"lint.files[{place}]", each))
        return found

    def ignores(self, file: Path) -> bool:
        relative = relative_to(file, self.folder)
        return relative is not None and matches(self.text.lint.ignore, relative)

    def line_of_waiver(self, rule: str) -> int:
        """The line on which a waiver of a rule stands: TOML is read without places, so it is looked for."""
        found = re.search(rf"rule\s*=\s*[\"']{re.escape(rule)}[\"']", self.source)
        return 1 if found is None else self.source.count("\n", 0, found.start()) + 1


def relative_to(file: Path, folder: Path) -> str | None:
    """The path of a file from a folder, with slashes; None where it is not below it."""
    try:
        return file.resolve().relative_to(folder).as_posix()
    except ValueError:
        return None


def matches(patterns: Sequence[str], relative: str) -> bool:
    """Whether a path fits patterns as a .gitignore has them."""
    return bool(patterns) and _spec(tuple(patterns)).match_file(relative)


@lru_cache(maxsize=256)
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)


class Configs:
    """The configuration of each file: the nearest up the tree, or one that was named for all. Each is read once."""

    def __init__(self, named: Path | None = None) -> None:
        self._read: dict[Path, Config] = {}
        self._of_folder: dict[Path, Config | None] = {}
        self._named = None if named is None else self._config(named)

    def of(self, file: Path) -> Config | None:
        """Raises FactsError where it cannot be used."""
        if self._named is not None:
            return self._named
        folder = file.resolve().parent
        if folder not in self._of_folder:
            found = next((each / CONFIG_FILE for each in (folder, *folder.parents) if (each / CONFIG_FILE).is_file()), None)
            self._of_folder[folder] = None if found is None else self._config(found)
        return self._of_folder[folder]

    @property
    def read(self) -> tuple[Config, ...]:
        """All that were read, in the order of their paths."""
        return tuple(self._read[path] for path in sorted(self._read))

    def _config(self, path: Path) -> Config:
        resolved = path.resolve()
        if resolved not in self._read:
            self._read[resolved] = read_config(path)
        return self._read[resolved]


def shown_path(path: Path) -> str:
    """A path as it is told: from the current folder where it is below it, else as it is."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def read_config(path: Path) -> Config:
    """A configuration. Raises FactsError, which names the file and the key path of each mistake."""
    shown = shown_path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = tomllib.loads(text)
    except OSError as error:
        raise FactsError(f"cannot be read: {(error.strerror or type(error).__name__).lower()}", shown) from None
    except UnicodeDecodeError as error:
        raise FactsError(f"byte {error.start + 1} is not UTF-8", shown) from None
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        raise FactsError(f"is not TOML: {message[:1].lower()}{message[1:]}", shown) from None
    try:
        return Config(shown, path.resolve().parent, ConfigText.model_validate(document), text)
    except ValidationError as error:
        raise _mistakes(shown, document, error.errors(include_url=False)) from None


def key_path(location: Sequence[str | int]) -> str:
    """`lint.files[0].stage`."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text


def _mistakes(shown: str, document: object, details: Sequence[ErrorDetails]) -> FactsError:
    told: list[tuple[str, str, str | None]] = []
    for detail in details:
        location = _in_document(document, detail["loc"])
        message, hint = said_of(detail, location)
        told.append((key_path(location), message, hint))
    first, *others = list(dict.fromkeys(told))
    also = [f"  also `{key}`: {message}" for key, message, _ in others[:_MOST_TOLD]]
    where = f"{shown}: {first[0]}" if first[0] else shown
    return FactsError("\n".join([first[1], *also]), where, first[2])


def _in_document(document: object, location: Sequence[str | int]) -> tuple[str | int, ...]:
    """Pydantic's location without the labels of the alternatives that it tried."""
    kept: list[str | int] = []
    found = document
    for place, step in enumerate(location):
        below = _below(found, step)
        if below is not None:
            found = below[0]
        elif place < len(location) - 1 or not isinstance(found, dict) or step == "[key]":
            continue
        kept.append(step)
    return tuple(kept)


def _below(found: object, step: str | int) -> tuple[object] | None:
    if isinstance(found, dict):
        return (found[step],) if step in found else None
    if isinstance(found, list) and isinstance(step, int) and step < len(found):
        return (found[step],)
    return None


def said_of(detail: ErrorDetails, location: Sequence[str | int]) -> tuple[str, str | None]:
    kind, name = detail["type"], str(location[-1]) if location else ""
    if kind == "extra_forbidden":
        return f"the key `{name}` is unknown here", did_you_mean(name, keys_below(ConfigText, location[:-1]))
    if kind == "missing":
        return f"`{name}` is missing", None
    value = detail["input"]
    found = f"`{value}`" if isinstance(value, str | int | float) else "a value of another kind"
    context = detail.get("ctx", {})
    if kind == "value_error":
        wanted = str(context.get("error", detail["msg"]))
        return (f"found {found}; {wanted}" if not isinstance(value, dict) else wanted), None
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace("'", "`")
        near = did_you_mean(str(value), expected.split("`")[1::2])
        return f"found {found}; expected {expected}", near
    message = detail["msg"]
    return f"found {found}; {message[:1].lower()}{message[1:]}", None
