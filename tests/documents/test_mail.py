"""Emails: headers, both texts, transfer encodings with places in the file, attachments, and hostile ones."""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

import pytest

from fdcpa_guard.documents import HOLE, Document, read_document
from fdcpa_guard.errors import DocumentError

HEAD = (
    b"From: Example Recovery <letters@example.com>\r\nTo: pat@example.org\r\nSubject: Your balance with {{ creditor }}\r\n"
    b"List-Unsubscribe: <https://example.com/out>,\r\n <mailto:out@example.com>\r\nMIME-Version: 1.0\r\n"
)
PLAIN = "Señora Doe,\r\nyou owe $5 = five dollars.\r\n"


def mail(*parts: bytes, kind: bytes = b"alternative") -> Document:
    inner = b"".join(b"--xyz\r\n" + part + b"\r\n" for part in parts)
    head = HEAD + b'Content-Type: multipart/' + kind + b'; boundary="xyz"\r\n\r\n'
    return read_document(Path("a.eml"), head + inner + b"--xyz--\r\n")


def part(kind: str, encoding: str, data: bytes, more: str = "") -> bytes:
    return f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n{more}\r\n".encode() + data


def test_headers_are_found_in_any_letter_case_and_unfolded() -> None:
    document = mail(part("text/plain", "8bit", PLAIN.encode()))
    assert document.headers["list-unsubscribe"] == "<https://example.com/out>, <mailto:out@example.com>"
    assert document.headers["From"] == "Example Recovery <letters@example.com>"
    assert "X-None" not in document.headers


def test_the_subject_is_a_part_with_its_holes() -> None:
    (subject, _) = mail(part("text/plain", "8bit", b"a")).parts
    assert (subject.name, subject.text) == ("subject", f"Your balance with {HOLE}")
    assert (subject.place(5).line, subject.place(5).column) == (3, 15)


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_each_transfer_encoding_gives_the_same_words_at_their_lines(encoding: str) -> None:
    data = PLAIN.encode()
    encoded = {"8bit": data, "quoted-printable": quopri.encodestring(data), "base64": base64.encodebytes(data)}[encoding]
    document = mail(part("text/plain", encoding, encoded), part("text/html", "7bit", b"<p>You <b>owe</b> it"))
    plain, shown = document.parts[1:]
    assert (plain.name, plain.text.strip()) == ("plain", PLAIN.replace("\r\n", "\n").strip())
    assert (shown.name, shown.text) == ("html", "You owe it")
    place = plain.place(plain.text.index("owe"))
    if encoding != "base64":
        assert (place.line, place.column) == (14, 5)
    assert plain.place(0).line == 13


def test_attachments_that_are_letters_are_parts() -> None:
    attached = part("text/plain", "7bit", b"Pay now", 'Content-Disposition: attachment; filename="letter.txt"\r\n')
    picture = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA"
    document = mail(part("text/plain", "7bit", b"See attached"), attached, picture, kind=b"mixed")
    assert [each.name for each in document.parts] == ["subject", "plain", "attachment:letter.txt"]
    assert document.parts[2].text.strip() == "Pay now"


def test_a_text_not_in_the_encoding_that_it_states_is_an_error() -> None:
    with pytest.raises(DocumentError, match="not UTF-8"):
        mail(part("text/plain", "8bit", b"Se\xf1ora"))


def test_a_file_without_headers_is_none() -> None:
    with pytest.raises(DocumentError, match="without the headers"):
        read_document(Path("a.eml"), b"\r\nDear Ms. Doe\r\n")


def test_parts_nested_without_end_are_refused() -> None:
    data = b"From: a@example.com\r\n"
    for number in range(3_000):
        data += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number)
    with pytest.raises(DocumentError, match="more than 100 parts"):
        read_document(Path("a.eml"), data)


def test_a_header_without_end_is_refused() -> None:
    with pytest.raises(DocumentError, match="at most 32,000"):
        read_document(Path("a.eml"), b"Subject: " + b"a" * 40_000 + b"\r\n\r\nDear")
