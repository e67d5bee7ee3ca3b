"""Emails (.eml): subject, plain and HTML text, headers, and attachments that are letters themselves.

Text stands where it stands in the file, also in quoted-printable and base64. Attached Word files and PDFs keep the places
that they have of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import Parser
from email.policy import compat32
from typing import Final

from fdcpa_guard.documents.building import TextBuilder
from fdcpa_guard.documents.formats import FORMAT_SUFFIXES, declared_encoding
from fdcpa_guard.documents.limits import MAX_HEADER_CHARACTERS, MAX_MAIL_DEPTH, MAX_MAIL_PARTS
from fdcpa_guard.documents.mail_decoding import characters, decode_transfer
from fdcpa_guard.documents.model import Headers, Part
from fdcpa_guard.documents.places import BytePlaces, MappedPlaces
from fdcpa_guard.documents.sources import Source, decode
from fdcpa_guard.documents.texts import Dialect, fill_holes, read_text
from fdcpa_guard.errors import DocumentError

_TEXTS: Final = {"text/plain": ("plain", "text"), "text/html": ("html", "html"), "text/markdown": ("plain", "markdown")}
_EXPECTED: Final = "an email (eml), headers first"

Attached = Callable[[str, bytes, str], tuple[Part, ...]]
"""Reads an attachment in a format that has places of its own: its name, its bytes, its format."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What was read of an email."""

    parts: tuple[Part, ...]
    headers: Headers


def read_mail(name: str, data: bytes, dialect: Dialect, attached: Attached) -> Mail:
    """Reads an email.

    Raises:
        DocumentError: it is none, has more or deeper parts than the limits, or a text is not in the encoding that it states.
    """
    # One character for each byte: offsets are those of the file.
    raw = data.decode("latin-1")
    if raw.lower().count("boundary") > MAX_MAIL_PARTS:
        raise DocumentError(name, f"an email of more than {MAX_MAIL_PARTS} parts", f"at most {MAX_MAIL_PARTS}")
    try:
        message: Message = Parser(policy=compat32).parsestr(raw)
    except RecursionError:
        raise DocumentError(name, "parts that lie in one another without end", _EXPECTED) from None
    if not message.keys():
        raise DocumentError(name, "a file without the headers of an email", _EXPECTED, line=1, column=1)
    reader = _Reader(name, data, raw, dialect, attached)
    headers = Headers(reader.headers(message))
    return Mail((*reader.subject(headers), *reader.parts(message, 0, "")), headers)


class _Reader:
    def __init__(self, name: str, data: bytes, raw: str, dialect: Dialect, attached: Attached) -> None:
        self.name = name
        self.data = data
        self.raw = raw
        self.dialect = dialect
        self.attached = attached
        self.places = BytePlaces(data)
        self.cursor = 0
        self.count = 0

    def headers(self, message: Message) -> Iterator[tuple[str, str]]:
        for key, value in message.items():
            written = str(value)
            if len(written) > MAX_HEADER_CHARACTERS:
                raise DocumentError(
                    self.name, f"a header `{key[:40]}` of {len(written):,} characters", f"at most {MAX_HEADER_CHARACTERS:,}"
                )
            yield key, _decoded(written)

    def subject(self, headers: Headers) -> tuple[Part, ...]:
        subject = headers.get("Subject")
        if not subject:
            return ()
        head = "\n" + self.raw[: self.header_end(0)].replace("\r", "\n").lower()
        start = head.find("\nsubject:") + len("subject:")
        start += len(self.raw[start:]) - len(self.raw[start:].lstrip(" \t"))
        builder = TextBuilder()
        if self.raw.startswith(subject, start):
            builder.copy(subject, start)
        else:
            # Encoded or folded: its words stand somewhere in the header.
            builder.put(subject, start, start + 1)
        return (fill_holes(builder.part("subject", self.places), self.dialect),)

    def header_end(self, start: int) -> int:
        ends = [at + len(gap) for gap in ("\r\n\r\n", "\n\n", "\r\r") if (at := self.raw.find(gap, start)) >= 0]
        return min(ends, default=len(self.raw))

    def parts(self, message: Message, depth: int, prefix: str) -> Iterator[Part]:
        self.count += 1
        if self.count > MAX_MAIL_PARTS or depth > MAX_MAIL_DEPTH:
            raise DocumentError(
                self.name, f"an email of more than {MAX_MAIL_PARTS} parts, or {MAX_MAIL_DEPTH} in one another",
                f"at most {MAX_MAIL_PARTS}, and {MAX_MAIL_DEPTH} in one another",
            )  # fmt: skip
        for _ in self.headers(message):
            continue
        payload = message.get_payload()
        if isinstance(payload, list):
            attached = message.get_content_type() == "message/rfc822"
            for inner in payload:
                if isinstance(inner, Message):
                    yield from self.parts(inner, depth + 1, "attachment:message/" if attached else prefix)
        elif isinstance(payload, str):
            yield from self.leaf(message, payload, prefix)

    def leaf(self, message: Message, payload: str, prefix: str) -> Iterator[Part]:
        start = self.raw.find(payload, self.cursor) if payload else -1
        first = self.header_end(self.cursor)
        if payload and self.raw.startswith(payload, first):
            start = first
        if start < 0:
            if payload.strip():
                raise DocumentError(self.name, "a part whose text is not where the email has it", "an email as it was sent")
            return
        self.cursor = start + len(payload)
        file = _decoded(message.get_filename() or "")
        kind = message.get_content_type()
        its_format = next((each for suffix, each in FORMAT_SUFFIXES.items() if file.lower().endswith(suffix)), None)
        is_attachment = message.get_content_disposition() == "attachment" or bool(file)
        if kind in _TEXTS and not (is_attachment and its_format in {"docx", "pdf", "eml"}):
            name, text_format = _TEXTS[kind]
        elif is_attachment and its_format is not None:
            name, text_format = "plain", its_format
        else:
            return
        if is_attachment:
            name = f"attachment:{file or kind}"
        encoding = str(message.get("Content-Transfer-Encoding", "7bit")).strip().lower()
        raw = self.data[start : start + len(payload)]
        data, pieces = decode_transfer(raw, start, encoding)
        if text_format in {"docx", "pdf", "eml"}:
            if text_format != "eml":
                for part in self.attached(f"{self.name}/{file}", data, text_format):
                    yield replace(part, name=name if part.name == "body" else f"{name}/{part.name}")
            return
        charset = message.get_content_charset()
        declared = charset or (declared_encoding(data) if text_format == "html" else None)
        # What calls itself ASCII may as well be UTF-8, of which that is a part.
        declared = None if declared == "us-ascii" else declared
        text = decode(f"{self.name} ({name})", data, None, declared)
        by_character = characters(data, text, declared or "utf-8", pieces)
        source = Source(self.name, text, MappedPlaces(by_character, self.places))
        for part in read_text(source, text_format, self.dialect, has_settings=False).parts:
            its_name = name if part.name == "body" else part.name
            yield replace(part, name=f"{prefix}{its_name}" if prefix else its_name)


def _decoded(written: str) -> str:
    """A header as a reader sees it: unfolded, and its encoded words decoded where they can be."""
    # Bytes that no header may have are most often UTF-8 written as it is.
    plain = written.encode("latin-1", "replace").decode("utf-8", "replace")
    unfolded = " ".join(line.strip() for line in re.split(r"[\r\n]+", plain))
    try:
        return str(make_header(decode_header(unfolded))) if "=?" in unfolded else unfolded
    except (LookupError, ValueError, HeaderParseError):
        return unfolded
