"""The files that a run reads: what they are called in its output, and their hashes."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import LogOptions, debts_on_file, numbers_on_file, open_accounts
from fdcpa_guard.facts.importers.rows import Item
from fdcpa_guard.facts.importers.sources import QuerySource, name_of


def shown_names(paths: Sequence[Path]) -> dict[str, str]:
    """What each file is called in the output: its bare name, so that no folder of a machine decides the bytes; with the
    folders that are named after a value (`month=2025-01/`), which are part of what it says.

    Several files of one name are told apart by their paths below the folder that holds them all.
    """
    alike: dict[str, set[str]] = {}
    for path in paths:
        alike.setdefault(name_of(path), set()).add(os.path.abspath(path))
    return {str(path): _name_among(path, alike[name_of(path)]) for path in paths}


def _name_among(path: Path, alike: set[str]) -> str:
    if len(alike) == 1:
        return name_of(path)
    whole = Path(os.path.abspath(path))
    try:
        below = whole.relative_to(os.path.commonpath(alike))
    except ValueError:  # on two drives
        below = whole.relative_to(whole.anchor)
    return max(below.as_posix(), name_of(path), key=len)


def shown_queries(queries: Sequence[QuerySource]) -> dict[str, str]:
    """What each answer of a database is called in the output; of two that would be called alike, the whole of it."""
    times = Counter(query.label for query in queries)
    return {str(query): query.label if times[query.label] == 1 else str(query) for query in queries}


@dataclass(frozen=True, slots=True)
class FileMark:
    """A file's content, as far as it can be told again."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class SettingRead:
    """A file that says how a run is to be done. `kind`: policy, collector, dispositions or columns."""

    kind: str
    name: str
    sha256: str
    bytes: int


def mark_of(path: Path) -> FileMark:
    """Raises OSError where the file cannot be read."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        return FileMark(found, file.tell())


class Marks:
    """The marks of files from before they were read: a file that is written to meanwhile is not what was judged."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._before = {str(path): mark_of(path) for path in paths}

    def before(self, path: str) -> FileMark | None:
        """As it was before the reading; None of what is no file."""
        return self._before.get(path)

    def of(self, path: Path) -> FileMark:
        """After the reading. Raises FactsError where the file has changed."""
        if mark_of(path) != (before := self._before[str(path)]):
            raise FactsError("the file was changed while it was read; nothing was replaced", str(path))
        return before


def settings_of(options: LogOptions, policy: Path | None, collector: Path | None) -> dict[str, Path]:
    """The files that say how a run is to be done, by their kind."""
    named = {"policy": policy, "collector": collector, "dispositions": options.dispositions, "columns": options.columns}
    return {kind: path for kind, path in named.items() if path is not None}


class OnFile(Mapping[str, Sequence[str]]):
    """Whose each number, or each debt, is by the accounts; read when a format first asks, as most never do."""

    def __init__(
        self, find: Callable[[Iterable[Item]], dict[str, tuple[str, ...]]], accounts: Callable[[], Iterable[Item]]
    ) -> None:
        self._find, self._accounts = find, accounts

    @cached_property
    def _found(self) -> dict[str, tuple[str, ...]]:
        return self._find(self._accounts())

    def __getitem__(self, name: str) -> Sequence[str]:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def with_accounts(
    options: LogOptions, accounts: Path | str | None, before: Callable[[], Iterable[Item]] = tuple
) -> LogOptions:
    """The options for the log, which then knows whose the numbers and debts of the accounts are. `before` gives what was
    read of accounts at an earlier time."""

    def items() -> Iterator[Item]:
        yield from before()
        if accounts is not None:
            yield from open_accounts(accounts, options)

    return replace(
        options,
        consumers_by_number=options.consumers_by_number or OnFile(numbers_on_file, items),
        consumers_by_debt=options.consumers_by_debt or OnFile(debts_on_file, items),
    )
