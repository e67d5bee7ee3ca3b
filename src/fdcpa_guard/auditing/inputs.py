"""The files that a run reads: what they are called in its output, and their hashes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from fdcpa_guard.facts.importers.reading import LogOptions, debts_on_file, numbers_on_file, open_accounts
from fdcpa_guard.facts.importers.rows import Item


def shown_names(paths: Sequence[Path]) -> dict[str, str]:
    """What each file is called in the output: its bare name, so that no folder of a machine decides the bytes.

    Where several files bear one name, they keep the path as it was given.
    """
    times = Counter(path.name for path in dict.fromkeys(paths))
    return {str(path): path.name if times[path.name] == 1 else path.as_posix() for path in paths}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class OnFile(Mapping[str, Sequence[str]]):
    """Whose each number, or each debt, is by the accounts; read when a format first asks, as most never do."""

    def __init__(
        self, find: Callable[[Iterable[Item]], dict[str, tuple[str, ...]]], accounts: Path, options: LogOptions
    ) -> None:
        self._find, self._accounts, self._options = find, accounts, options

    @cached_property
    def _found(self) -> dict[str, tuple[str, ...]]:
        return self._find(open_accounts(self._accounts, self._options))

    def __getitem__(self, name: str) -> Sequence[str]:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def with_accounts(options: LogOptions, accounts: Path) -> LogOptions:
    """The options for the log, which then knows whose the numbers and debts of the accounts are."""
    return replace(
        options,
        consumers_by_number=options.consumers_by_number or OnFile(numbers_on_file, accounts, options),
        consumers_by_debt=options.consumers_by_debt or OnFile(debts_on_file, accounts, options),
    )
