"""Puts what is missing into a letter, where the law gives the words.

Only words of the law are put in, each as a paragraph of its own; nothing that an author wrote is changed or taken out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from fdcpa_guard.errors import OutputError
from fdcpa_guard.linting.findings import FileReport, LintFinding
from fdcpa_guard.linting.texts import read_file
from fdcpa_guard.source import SourceFile

_BODY_ENDS: Final = re.compile(r"</body\s*>|</html\s*>", re.IGNORECASE)
# Words that a template would take for a tag are left to the author.
_LIKE_A_TAG: Final = re.compile(r"\{\{|\{%|\{#|\{!!|@\w+\(")


def can_be_put_in(finding: LintFinding) -> bool:
    """Whether a finding is of something missing whose words the law gives, and which nobody has waived."""
    return (
        finding.fix is not None
        and not finding.excerpt
        and finding.status == "violated"
        and finding.waived_by is None
        and not _LIKE_A_TAG.search(finding.fix)
    )


def fixed(text: str, format: str, findings: Iterable[LintFinding]) -> str:
    """A text with what is missing put in: at the place of its finding, else (of one at 1:1) at the end of the letter."""
    source = SourceFile("", text)
    newline = "\r\n" if "\r\n" in text else "\n"
    put_in: dict[tuple[int, str], None] = {}
    for finding in findings:
        if can_be_put_in(finding) and finding.fix is not None:
            at_the_end = (finding.line, finding.column) == (1, 1)
            offset = _end(text, format) if at_the_end else _offset(source, finding)
            put_in.setdefault((offset, _paragraph(finding.fix, format, newline)))
    # From the last to the first, so that offsets stay right; of one place the first finding stands first.
    for offset, paragraph in sorted(put_in, key=lambda each: each[0])[::-1]:
        before, after = text[:offset], text[offset:]
        if format != "html":
            before += _gap(before, newline)
            parted = not after.strip() or after.startswith(("\n", "\r\n"))
            paragraph = paragraph if parted else f"{paragraph}{newline}"
        elif before and not before.endswith("\n"):
            before += newline
        text = f"{before}{paragraph}{after}"
    return text


def fix_file(report: FileReport) -> tuple[LintFinding, ...]:
    """Puts into the file of a report what can be put in, and gives the findings of which it was. None: nothing is written.

    Files that are not text in UTF-8 are left as they are.

    Raises:
        DocumentError: the file can no longer be read.
        OutputError: it cannot be written.
    """
    wanted = tuple(finding for finding in report.findings if can_be_put_in(finding))
    if not wanted or report.problems:
        return ()
    path = Path(report.file)
    document, text = read_file(path)
    data = path.read_bytes()
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    if text is None or mark + text.encode() != data:
        return ()
    try:
        path.write_bytes(mark + fixed(text, document.format, wanted).encode())
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise OutputError(path.as_posix(), reason, "the letter may have to be taken from its last version") from None
    return wanted


def _offset(source: SourceFile, finding: LintFinding) -> int:
    """The beginning of the finding's line: a paragraph stands on lines of its own."""
    lines = source.text.split("\n")
    return sum(len(line) + 1 for line in lines[: finding.line - 1])


def _end(text: str, format: str) -> int:
    if format == "html" and (ends := _BODY_ENDS.search(text)) is not None:
        return ends.start()
    return len(text)


def _paragraph(words: str, format: str, newline: str) -> str:
    lines = [line.strip() for line in words.strip().splitlines()]
    if format == "html":
        return f"<p>{'<br>'.join(html.escape(line, quote=False) for line in lines)}</p>{newline}"
    return newline.join(lines) + newline


def _gap(before: str, newline: str) -> str:
    """What parts a paragraph from what stands before it."""
    if not before.strip():
        return ""
    if before.endswith(("\n\n", "\n\r\n")):
        return ""
    return newline if before.endswith("\n") else newline * 2
