"""PDF: the lines of each page in reading order, with the size and weight of their letters. Needs the extra `letters`.

A page without text (a scan) is not read; a document that has none is refused, as nobody could tell what it says.
"""

from __future__ import annotations

import logging
from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from fdcpa_guard.documents.building import LINE, PARAGRAPH, FlowBuilder, Layout
from fdcpa_guard.documents.extras import needs_letters
from fdcpa_guard.documents.limits import MAX_PDF_PAGES
from fdcpa_guard.documents.model import Part
from fdcpa_guard.documents.pdf_order import blocks_in_order
from fdcpa_guard.documents.places import NumberedPlaces
from fdcpa_guard.errors import DocumentError

if TYPE_CHECKING:
    from pdfminer.layout import LTChar, LTFigure, LTPage, LTTextLine

_EXPECTED: Final = "a PDF with text in it"
_BOLD: Final = ("bold", "black", "heavy", "semibold", "demi")
_ITALIC: Final = ("italic", "oblique")


def read_pdf(name: str, data: bytes) -> tuple[Part, ...]:
    """The one part of a PDF: lines by page, blocks apart by an empty line.

    Raises:
        DocumentError: it is broken, under a password, has no text, is beyond the limits, or a library is missing.
    """
    try:
        from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

        from fdcpa_guard.documents.pdf_bounded import TooMuch
    except ImportError:
        raise needs_letters(name, "a PDF", "pdfminer.six") from None
    # What the library finds odd is told by our errors, or does not matter.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    reader = _Reader()
    page = 0
    try:
        for page, laid_out in enumerate(_pages(data), 1):
            if page > MAX_PDF_PAGES:
                raise DocumentError(name, f"more than {MAX_PDF_PAGES} pages", f"at most {MAX_PDF_PAGES}")
            reader.page(laid_out)
    except DocumentError:
        raise
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise DocumentError(
            name, "a PDF under a password, or locked in a way that is not known", _EXPECTED, hint="save it without a password"
        ) from None
    except TooMuch as error:
        raise DocumentError(name, error.found, error.expected, page=page + 1) from None
    except RecursionError:
        raise DocumentError(name, "objects that lie in one another without end", _EXPECTED) from None
    except Exception as error:  # a broken file makes the library fail in any way there is; whichever, it cannot be read
        what = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        raise DocumentError(name, f"a broken PDF ({what})", _EXPECTED, page=page + 1) from None
    if not reader.builder.length:
        what = "a PDF without pages" if not page else "a PDF without a text layer, as scans are"
        raise DocumentError(name, what, _EXPECTED, hint="recognise its text (OCR), or take the file that it was made from")
    return (reader.part(),)


def _pages(data: bytes) -> Iterator[LTPage]:
    from pdfminer.layout import LAParams
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfinterp import PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    from fdcpa_guard.documents.pdf_bounded import BoundedDevice, BoundedInterpreter, BoundedParser, Budget

    budget = Budget()
    document = PDFDocument(BoundedParser(data, budget))
    manager = PDFResourceManager()
    device = BoundedDevice(manager, budget)
    interpreter = BoundedInterpreter(manager, device)
    for page in PDFPage.create_pages(document):
        interpreter.process_page(page)
        laid_out = device.get_result()
        laid_out.analyze(LAParams(boxes_flow=None, all_texts=True))
        yield laid_out


class _Reader:
    def __init__(self) -> None:
        self.builder = FlowBuilder()
        self.at = 0
        self.starts, self.numbers = array("L"), array("L")
        self.pages = array("L")
        self.read = 0

    def part(self) -> Part:
        return self.builder.part("body", NumberedPlaces(self.starts, self.numbers, self.pages))

    def page(self, page: LTPage) -> None:
        if self.read:
            self.pages.append(self.at)
        self.read += 1
        number = 0
        for block in _blocks(page):
            self.builder.part_from(PARAGRAPH, max(0, self.at - 1))
            for line in block:
                number += 1
                self.starts.append(self.at)
                self.numbers.append(number)
                self.line(line)
                self.at += 1
                self.builder.part_from(LINE, self.at - 1)

    def line(self, line: LTTextLine) -> None:
        from pdfminer.layout import LTChar as Letter

        for letter in line:
            text = letter.get_text().replace("\n", "").replace("\0", "")
            if text.startswith("(cid:"):
                # A letter of a font that does not say which letters it has.
                text = "\ufffd"
            if isinstance(letter, Letter):
                self.builder.layout = _layout(letter)
            if text.isspace() or not text:
                if text:
                    self.builder.copy(" ", self.at)
                    self.at += 1
                continue
            self.builder.copy(text, self.at)
            self.at += len(text)


def _layout(letter: LTChar) -> Layout:
    """Size and weight of a letter, as its font and the name of that say; underlines are drawings, which say nothing."""
    font = letter.fontname.lower()
    return Layout(round(letter.size * 2) / 2, any(word in font for word in _BOLD), any(word in font for word in _ITALIC))


def _blocks(page: LTPage) -> Iterator[list[LTTextLine]]:
    """The blocks of text of a page, those within drawings after the others."""
    from pdfminer.layout import LTFigure as Figure
    from pdfminer.layout import LTTextBox

    waiting: list[LTPage | LTFigure] = [page]
    for each in waiting:
        yield from blocks_in_order([box for box in each if isinstance(box, LTTextBox)])
        waiting += [figure for figure in each if isinstance(figure, Figure)]
