"""The bytes of a part of an email out of its transfer encoding, each with where it stands in the file."""

from __future__ import annotations

import base64
import binascii
import re
from array import array

from fdcpa_guard.documents.places import Pieces

_QUOTED: re.Pattern[bytes] = re.compile(rb"=([0-9A-Fa-f]{2})|[ \t]*=[ \t]*(?:\r\n|\n|\r)")
_NO_BASE64: re.Pattern[bytes] = re.compile(rb"[^A-Za-z0-9+/]+")


class _Bytes:
    """Bytes that grow, and the stretches of the file that they come from."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.starts, self.sources = array("L"), array("L")

    def add(self, data: bytes, source: int) -> None:
        if data:
            self.starts.append(len(self.data))
            self.sources.append(source)
            self.data += data

    def done(self) -> tuple[bytes, Pieces]:
        return bytes(self.data), Pieces(self.starts, self.sources, {})


def decode_transfer(raw: bytes, source: int, encoding: str) -> tuple[bytes, Pieces]:
    """What `raw`, which stands in the file from `source` on, encodes; what is broken in it is passed over, as readers do."""
    found = _Bytes()
    if encoding == "quoted-printable":
        done = 0
        for quoted in _QUOTED.finditer(raw):
            found.add(raw[done : quoted.start()], source + done)
            if quoted[1] is not None:
                found.add(bytes((int(quoted[1], 16),)), source + quoted.start())
            done = quoted.end()
        found.add(raw[done:], source + done)
    elif encoding == "base64":
        return _from_base64(raw, source)
    else:
        found.add(raw, source)
    return found.done()


def _from_base64(raw: bytes, source: int) -> tuple[bytes, Pieces]:
    letters = _NO_BASE64.sub(b"", raw)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        data = base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        data = b""
    starts, sources = array("L"), array("L")
    position = 0
    # Four letters make three bytes: each byte is said to stand where its first letter does.
    for run in re.finditer(rb"[A-Za-z0-9+/]+", raw):
        first = -(-position * 3 // 4)
        for byte in range(first, min(len(data), -(-(position + len(run[0])) * 3 // 4))):
            starts.append(byte)
            sources.append(source + run.start() + max(0, byte * 4 // 3 - position))
        position += len(run[0])
    return data, Pieces(starts, sources, {})


def characters(data: bytes, text: str, encoding: str, pieces: Pieces) -> Pieces:
    """The same by characters of the decoded text, of which each may take several bytes."""
    if len(data) == len(text):
        return pieces
    starts, sources = array("L"), array("L")
    position, last = len(data) - sum(len(each.encode(encoding, "replace")) for each in text), -1
    for offset, letter in enumerate(text):
        source = pieces.source(max(0, position))
        if source != last + 1:
            starts.append(offset)
            sources.append(source)
        last = source
        position += len(letter.encode(encoding, "replace"))
    return Pieces(starts, sources, {})
