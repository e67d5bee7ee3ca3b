"""Which format a file is in: as its caller says, by its name, else by how it begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.documents.templates.dialects import DIALECTS, SUFFIXES
from fdcpa_guard.documents.texts import NO_TEMPLATE, TEXT_FORMATS, Dialect
from fdcpa_guard.errors import DocumentError

BINARY_FORMATS: Final = ("docx", "pdf", "eml")
FORMATS: Final = (*TEXT_FORMATS, *BINARY_FORMATS)

FORMAT_SUFFIXES: Final = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".docm": "docx",
    ".dotx": "docx",
    ".dotm": "docx",
    ".pdf": "pdf",
    ".eml": "eml",
}
"""How names of files end, and their formats."""

_HTML: Final = re.compile(r"<!doctype\s+html|</?(?:html|head|body|div|p|table|tr|td|br|span|b|strong|h[1-6]|ul|ol|li|a|center|font)[\s/>]", re.IGNORECASE)
# What word processors write that is not read here, and how it can be.
_OTHERS: Final = (
    (b"\xd0\xcf\x11\xe0", "an older Word file, an Outlook message, or a Word file under a password", "save it as docx without a password, or the message as eml"),
    (b"{\\rtf", "a rich text file", "save it as docx"),
)  # fmt: skip
_UNREAD: Final = {
    ".doc": "save it as docx", ".rtf": "save it as docx", ".odt": "save it as docx", ".pages": "save it as docx",
    ".msg": "save the message as eml", ".xps": "save it as PDF",
}  # fmt: skip
_LOOKED_AT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A format (None: by what the text looks like), and the dialect of its holes."""

    format: str | None
    dialect: Dialect


def kind_of(name: str, data: bytes, its_format: str | None, template: str | None) -> Kind:
    """The format of a file. `its_format` is one of `FORMATS`, a dialect, or both (`html+jinja`), where the caller knows it.

    Raises:
        DocumentError: it is in a format that is not read.
        ValueError: there is no such format or dialect.
    """
    by_name, dialect = _by_name(name)
    given = template
    if its_format is not None:
        by_name = None if its_format in DIALECTS else by_name
        for word in its_format.split("+"):
            if word in DIALECTS or word == NO_TEMPLATE:
                given = given or word
            elif word in FORMATS:
                by_name = word
            else:
                raise ValueError(f"no format is called `{word}`; there are {', '.join((*FORMATS, *DIALECTS))}")
    if given is not None and given not in (*DIALECTS, NO_TEMPLATE):
        raise ValueError(f"no dialect is called `{given}`; there are {', '.join((*DIALECTS, NO_TEMPLATE))}")
    for signature, what, hint in _OTHERS:
        if data.startswith(signature):
            raise DocumentError(name, what, "text, Markdown, HTML, docx, PDF or eml", hint=hint)
    suffix = next((suffix for suffix in _UNREAD if name.lower().endswith(suffix)), None)
    if by_name is None and its_format is None and suffix is not None:
        raise DocumentError(name, f"a `{suffix}` file", "text, Markdown, HTML, docx, PDF or eml", hint=_UNREAD[suffix])
    if by_name is None and data.startswith(b"%PDF-"):
        by_name = "pdf"
    elif by_name is None and data.startswith(b"PK\x03\x04"):
        by_name = "docx"
    chosen = given or dialect
    return Kind(by_name, Dialect(chosen, chosen is not None and chosen != NO_TEMPLATE))


def _by_name(name: str) -> tuple[str | None, str | None]:
    """Format and dialect that a name says: `letter.html.j2` is HTML with Jinja in it."""
    rest, dialect = name.lower(), None
    for suffix, its_dialect in SUFFIXES.items():
        if rest.endswith(suffix):
            rest, dialect = rest.removesuffix(suffix), its_dialect
            break
    else:
        rest = rest.removesuffix(".tmpl").removesuffix(".tpl")
    its_format = next((FORMAT_SUFFIXES[suffix] for suffix in FORMAT_SUFFIXES if rest.endswith(suffix)), None)
    if dialect == "blade" and its_format is None:
        its_format = "html"
    return its_format, dialect


def text_format(text: str) -> str:
    """Whether a text of which nobody says the format is HTML, or plain."""
    return "html" if _HTML.search(text, 0, _LOOKED_AT) else "text"


_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:\-]{1,40})|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:\-]{1,40})", re.IGNORECASE)


def declared_encoding(data: bytes) -> str | None:
    """The encoding that an HTML file states in its head."""
    found = _CHARSET.search(data, 0, 4_096)
    return None if found is None else (found[1] or found[2]).decode("ascii", "replace")
