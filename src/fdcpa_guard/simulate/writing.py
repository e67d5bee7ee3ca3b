"""What every form of log has in common: which contacts it can say, and what the file is called."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

from fdcpa_guard.simulate.records import Contact, LifeStory

OUR_NUMBER: Final = "+18885550100"


class LogWriter(Protocol):
    """Writes the contacts of one life after another. `says` are what planted violations may need of it."""

    says: frozenset[str]

    def carries(self, contact: Contact) -> bool:
        """Whether this form of log can say the contact."""
        ...

    def id_of(self, story: LifeStory, contact: Contact) -> str:
        """The communication's id as the importer of this form names it."""
        ...

    def write(self, story: LifeStory) -> None: ...

    def close(self) -> None: ...

    @property
    def audit_options(self) -> tuple[str, ...]:
        """The log and the options with which `fdcpa-guard audit` reads it."""
        ...

    @property
    def rows(self) -> int: ...


class OutputFile:
    """A file of bytes that is the same whenever it is written, compressed or not."""

    def __init__(self, folder: Path, name: str, compress: bool) -> None:
        self.name = f"{name}.gz" if compress else name
        self._raw = (folder / self.name).open("wb")
        self._file: BinaryIO = self._raw
        if compress:
            # Neither the name nor the time of writing goes into the file.
            self._file = cast(BinaryIO, gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, mtime=0, compresslevel=6))

    def write(self, text: str) -> None:
        self._file.write(text.encode())

    def write_bytes(self, data: bytes) -> None:
        self._file.write(data)

    def close(self) -> None:
        if self._file is not self._raw:
            self._file.close()
        self._raw.close()
