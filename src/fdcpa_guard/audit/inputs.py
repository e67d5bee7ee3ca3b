"""The files that a run reads: what they are called in its output, and their hashes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fdcpa_guard.facts.importers.reading import LogOptions, numbers_on_file, open_accounts


def shown_names(paths: Sequence[Path]) -> dict[str, str]:
    """What each file is called in the output: its bare name, so that no folder of a machine decides the bytes.

    Where several files bear one name, they keep the path as it was given.
    """
    times = Counter(path.name for path in dict.fromkeys(paths))
    return {str(path): path.name if times[path.name] == 1 else path.as_posix() for path in paths}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class NumbersOnFile(Mapping[str, Sequence[str]]):
    """Whose each number on file is, read from the accounts when a format first asks: most never do."""

    def __init__(self, accounts: Path, options: LogOptions) -> None:
        self._accounts = accounts
        self._options = options
        self._read: dict[str, tuple[str, ...]] | None = None

    @property
    def _numbers(self) -> dict[str, tuple[str, ...]]:
        if self._read is None:
            self._read = numbers_on_file(open_accounts(self._accounts, self._options))
        return self._read

    def __getitem__(self, number: str) -> Sequence[str]:
        return self._numbers[number]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
