"""The archive that a Word file is, opened within the limits: entries, their unpacked sizes, and XML without entities."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from fdcpa_guard.documents.extras import needs_letters
from fdcpa_guard.documents.limits import MAX_ENTRY_BYTES, MAX_UNPACKED_BYTES, MAX_ZIP_ENTRIES, MAX_ZIP_RATIO
from fdcpa_guard.documents.sources import megabytes
from fdcpa_guard.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RATIO_FROM: Final = 1_000_000
_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_EXPECTED: Final = "a Word file (docx)"


class Package:
    """The entries of a Word file. Only those that are asked for are unpacked, and none beyond the limits."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._unpacked = 0
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise DocumentError(name, f"not an archive as Word files are ({str(error).lower()})", _EXPECTED) from None
        entries = self._archive.infolist()
        if len(entries) > MAX_ZIP_ENTRIES:
            raise DocumentError(name, f"an archive of {len(entries):,} entries", f"at most {MAX_ZIP_ENTRIES:,}")
        self._entries = {entry.filename: entry for entry in entries}

    def xml(self, entry: str) -> Element | None:
        """The root of an entry, None where there is no such entry.

        Raises:
            DocumentError: it unpacks to more than the limits, is broken, or defines entities.
        """
        data = self.read(entry)
        if data is None:
            return None
        try:
            from defusedxml import DefusedXmlException
            from defusedxml.ElementTree import ParseError, fromstring
        except ImportError:
            raise needs_letters(self.name, "a Word file", "defusedxml") from None
        try:
            root: Element = fromstring(data, forbid_dtd=True)
        except DefusedXmlException:
            raise DocumentError(
                self.name, f"a document type with entities in `{entry}`", "XML without one, as word processors write it"
            ) from None
        except (ParseError, ValueError, LookupError) as error:
            raise DocumentError(self.name, f"broken XML in `{entry}` ({error})", _EXPECTED) from None
        return root

    def read(self, entry: str) -> bytes | None:
        """The bytes of an entry."""
        info = self._entries.get(entry)
        if info is None:
            return None
        limit = min(MAX_ENTRY_BYTES, MAX_UNPACKED_BYTES - self._unpacked)
        self._check(info, info.file_size, limit)
        try:
            with self._archive.open(info) as file:
                # What the archive says of its sizes may be a lie: what is read counts.
                data = file.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise DocumentError(self.name, f"`{entry}` cannot be unpacked ({str(error).lower()})", _EXPECTED) from None
        self._check(info, len(data), limit)
        self._unpacked += len(data)
        return data

    def _check(self, info: zipfile.ZipInfo, size: int, limit: int) -> None:
        if size > limit:
            raise DocumentError(
                self.name, f"`{info.filename}`, which unpacks to more than {megabytes(limit)}", f"at most {megabytes(limit)}"
            )
        if size > _RATIO_FROM and size > MAX_ZIP_RATIO * max(1, info.compress_size):
            raise DocumentError(
                self.name,
                f"`{info.filename}`, which grows {size // max(1, info.compress_size):,} times when it is unpacked",
                f"at most {MAX_ZIP_RATIO} times",
            )

    def related(self, entry: str, kind: str) -> list[tuple[str, str]]:
        """What an entry refers to as `kind` (the last word of the relation's type): the identifiers and the entries' names."""
        folder, base = posixpath.split(entry)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: list[tuple[str, str]] = []
        for each in () if root is None else root.iter(_RELATION):
            if each.get("Type", "").rsplit("/", 1)[-1] == kind and each.get("TargetMode") != "External":
                target = each.get("Target", "")
                path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found.append((each.get("Id", ""), path))
        return found

    def main_entry(self) -> str:
        """The entry with the text itself."""
        entries = self.related("", "officeDocument")
        entry = entries[0][1] if entries else "word/document.xml"
        if entry not in self._entries:
            raise DocumentError(self.name, "an archive without a text", _EXPECTED)
        return entry
