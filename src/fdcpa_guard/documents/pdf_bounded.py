"""pdfminer within the limits: streams that unpack without end, drawings that multiply, pages that are never done.

Needs the extra `letters`. Each limit is a count, so that the same file is refused everywhere alike.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import Any, Final

from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar
from pdfminer.lzw import LZWDecoder
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import (
    LITERALS_ASCII85_DECODE,
    LITERALS_ASCIIHEX_DECODE,
    LITERALS_FLATE_DECODE,
    LITERALS_LZW_DECODE,
    LITERALS_RUNLENGTH_DECODE,
    PDFStream,
)
from pdfminer.runlength import rldecode

from fdcpa_guard.documents.limits import (
    MAX_PAGE_CHARACTERS,
    MAX_PAGE_LINES,
    MAX_PAGE_OPERATIONS,
    MAX_PDF_DRAWINGS,
    MAX_PDF_OBJECTS,
    MAX_PDF_UNPACKED,
)


class TooMuch(Exception):
    """Something is beyond a limit."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.found = found
        self.expected = expected


@dataclass(slots=True)
class Budget:
    """What of the limits of one file is used up."""

    unpacked: int = 0
    drawings: int = 0
    objects: int = 0

    def unpack(self, size: int) -> None:
        self.unpacked += size
        if self.unpacked > MAX_PDF_UNPACKED:
            raise TooMuch(
                f"streams that unpack to more than {MAX_PDF_UNPACKED / 1_000_000:.0f} MB",
                f"at most {MAX_PDF_UNPACKED / 1_000_000:.0f} MB without the pictures",
            )


def _check_stream(stream: PDFStream, data: bytes, budget: Budget) -> None:
    """Unpacks a stream piece by piece, as far as the budget goes; pictures stay as they are."""
    for kind, _ in stream.get_filters():
        if kind in LITERALS_FLATE_DECODE:
            left = MAX_PDF_UNPACKED - budget.unpacked + 1
            try:
                data = zlib.decompressobj().decompress(data, left)
            except zlib.error:
                # What is corrupt is unpacked as far as it goes, byte by byte; it is no more than this.
                data = _corrupt(data, left)
            budget.unpack(len(data))
        elif kind in LITERALS_LZW_DECODE:
            pieces: list[bytes] = []
            for piece in LZWDecoder(io.BytesIO(data)).run():
                budget.unpack(len(piece))
                pieces.append(piece)
            data = b"".join(pieces)
        elif kind in LITERALS_RUNLENGTH_DECODE:
            budget.unpack(len(data) * 64)
            data = rldecode(data)
        elif kind in LITERALS_ASCII85_DECODE:
            data = ascii85decode(data)
        elif kind in LITERALS_ASCIIHEX_DECODE:
            data = asciihexdecode(data)
        else:
            return


def _corrupt(data: bytes, left: int) -> bytes:
    unpack, done = zlib.decompressobj(), b""
    try:
        for start in range(0, len(data), 64):
            done += unpack.decompress(data[start : start + 64], left - len(done))
            if len(done) >= left:
                break
    except zlib.error:
        pass
    return done


class BoundedStream(PDFStream):
    """A stream that is unpacked only within the budget of its file."""

    budget: Budget

    def decode(self) -> None:
        assert self.rawdata is not None
        if self.decipher is None:
            _check_stream(self, self.rawdata, self.budget)
        elif self.objid is not None and self.genno is not None:
            _check_stream(self, self.decipher(self.objid, self.genno, self.rawdata, self.attrs), self.budget)
        super().decode()


class BoundedParser(PDFParser):
    """A parser whose streams are bounded."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self.budget = budget
        super().__init__(io.BytesIO(data))

    def do_keyword(self, pos: int, token: Any) -> None:
        super().do_keyword(pos, token)
        if token is not self.KEYWORD_STREAM or not self.curstack:
            return
        at, stream = self.curstack[-1]
        self.budget.objects += 1
        if self.budget.objects > MAX_PDF_OBJECTS:
            raise TooMuch(f"more than {MAX_PDF_OBJECTS:,} streams", f"at most {MAX_PDF_OBJECTS:,}")
        if isinstance(stream, PDFStream) and stream.rawdata is not None:
            bounded = BoundedStream(stream.attrs, stream.rawdata, stream.decipher)
            bounded.budget = self.budget
            self.curstack[-1] = (at, bounded)


_NEAR: Final = 3.0
"""Heights of a letter within which the next one goes on with the line."""


class BoundedDevice(PDFPageAggregator):
    """Collects the letters of a page, up to a number; and counts the lines that they seem to make."""

    def __init__(self, manager: Any, budget: Budget) -> None:
        super().__init__(manager, laparams=None)
        self.budget = budget
        self.characters = self.lines = self.operations = 0
        self._last: LTChar | None = None

    def begin_page(self, page: Any, ctm: Any) -> None:
        self.characters = self.lines = self.operations = 0
        self._last = None
        super().begin_page(page, ctm)

    def render_char(self, *given: Any, **named: Any) -> float:
        self.characters += 1
        if self.characters > MAX_PAGE_CHARACTERS:
            raise TooMuch(f"more than {MAX_PAGE_CHARACTERS:,} characters on a page", f"at most {MAX_PAGE_CHARACTERS:,}")
        advance: float = super().render_char(*given, **named)
        drawn = self.cur_item._objs[-1] if self.cur_item._objs else None
        if isinstance(drawn, LTChar):
            last, self._last = self._last, drawn
            if last is None or abs(last.x1 - drawn.x0) > _NEAR * drawn.height or abs(last.y0 - drawn.y0) > drawn.height / 2:
                self.lines += 1
                if self.lines > MAX_PAGE_LINES:
                    raise TooMuch(f"more than {MAX_PAGE_LINES:,} scattered stretches of text on a page", f"at most {MAX_PAGE_LINES:,}")
        return advance

    def paint_path(self, *given: Any, **named: Any) -> None:
        """Lines and boxes say nothing."""

    def render_image(self, *given: Any, **named: Any) -> None:
        """Pictures are not read."""


class BoundedInterpreter(PDFPageInterpreter):
    """Carries out the drawings of a page, up to a number."""

    device: BoundedDevice

    def execute(self, streams: Any) -> None:
        budget = self.device.budget
        budget.drawings += 1
        if budget.drawings > MAX_PDF_DRAWINGS:
            raise TooMuch(f"more than {MAX_PDF_DRAWINGS:,} drawings within drawings", f"at most {MAX_PDF_DRAWINGS:,}")
        super().execute(streams)

    def push(self, obj: Any) -> None:
        self.device.operations += 1
        if self.device.operations > MAX_PAGE_OPERATIONS:
            raise TooMuch(f"more than {MAX_PAGE_OPERATIONS:,} operations on a page", f"at most {MAX_PAGE_OPERATIONS:,}")
        super().push(obj)
