"""Reads a letter or message from a file, in whichever format it is."""

from __future__ import annotations

from pathlib import Path

from fdcpa_guard.documents.docx import read_docx
from fdcpa_guard.documents.formats import declared_encoding, kind_of, text_format
from fdcpa_guard.documents.mail import read_mail
from fdcpa_guard.documents.model import Document, Part
from fdcpa_guard.documents.pdf import read_pdf
from fdcpa_guard.documents.sources import Source, check_size, decode, read_bytes
from fdcpa_guard.documents.texts import Dialect, fill_holes, read_text, template_of


def read_document(
    path: Path,
    data: bytes | None = None,
    *,
    format: str | None = None,
    template: str | None = None,
    encoding: str | None = None,
) -> Document:
    """The words of a document as a reader sees them, with places, layout and holes. Nothing in it is executed or fetched.

    Args:
        path: the file; with `data`, only its name is used.
        data: its bytes, where they are at hand.
        format: text, markdown, html, docx, pdf or eml, with or without a dialect (`html+jinja`), where the name does not
            say, or says something else.
        template: the dialect of its holes (jinja, liquid, mustache, blade), or `none`: it has no holes. Left out, the name
            of the file or what is written in it decides.
        encoding: of a text that is not in UTF-8 and has neither a byte order mark nor states its encoding.

    Raises:
        DocumentError: it cannot be read; the error says where, what was found, and what was expected.
        ValueError: there is no such format or dialect.
    """
    name = path.as_posix()
    if data is None:
        data = read_bytes(path, name)
    check_size(name, len(data))
    kind = kind_of(name, data, format, template)
    if kind.format in {None, "text", "markdown", "html"}:
        declared = declared_encoding(data) if kind.format in {None, "html"} else None
        source = Source(name, decode(name, data, encoding, declared))
        its_format = kind.format or text_format(source.text)
        read = read_text(source, its_format, kind.dialect)
        return Document(
            name, its_format, read.parts, read.settings, template=read.template, comments=read.comments
        )
    if kind.format == "eml":
        mail = read_mail(
            name,
            data,
            kind.dialect,
            lambda file, its_data, its_format: _laid_out(file, its_data, its_format, kind.dialect),
        )
        return Document(name, "eml", mail.parts, headers=mail.headers, template=template_of(mail.parts))
    its_format = kind.format or "docx"
    parts = _laid_out(name, data, its_format, kind.dialect)
    return Document(name, its_format, parts, template=template_of(parts))


def _laid_out(name: str, data: bytes, its_format: str, dialect: Dialect) -> tuple[Part, ...]:
    """The parts of a Word file or PDF."""
    parts = read_pdf(name, data) if its_format == "pdf" else read_docx(name, data)
    return tuple(fill_holes(part, dialect) for part in parts)
