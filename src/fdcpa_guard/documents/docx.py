"""Word files: the words in reading order, by paragraph and column, with their layout, merge fields as holes.

What was struck out under tracked changes is left out, what was put in is kept. Hidden text is a part of its own. Text boxes
follow the paragraph to which they are tied. Of an IF field both branches are read. Comments are not read.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fdcpa_guard.documents.building import LINE, PARAGRAPH, TAB, FlowBuilder, Layout
from fdcpa_guard.documents.docx_package import Package
from fdcpa_guard.documents.docx_styles import Properties, Styles, W, is_on, value_of
from fdcpa_guard.documents.limits import MAX_XML_DEPTH
from fdcpa_guard.documents.model import Part
from fdcpa_guard.documents.places import NumberedPlaces
from fdcpa_guard.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

WORD_FIELD: Final = "word_field"
CONTENT_CONTROL: Final = "content_control"

_CHOICE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_ALTERNATIVES: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_GONE: Final = frozenset((f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr"))
_MERGE_FIELD: Final = re.compile(r"\s*MERGEFIELD\s+(?:\"([^\"]+)\"|(\S+))", re.IGNORECASE)
_IF: Final = re.compile(r"\s*IF\b", re.IGNORECASE)
_QUOTED: Final = re.compile(r"[\"“”]([^\"“”]*)[\"“”]")
_SIGNS: Final = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def read_docx(name: str, data: bytes) -> tuple[Part, ...]:
    """The parts of a Word file: body, headers, footers, footnotes, and what is hidden.

    Raises:
        DocumentError: it is no Word file, is beyond the limits, or a library is missing.
    """
    package = Package(name, data)
    entry = package.main_entry()
    styles = Styles(next((package.xml(target) for _, target in package.related(entry, "styles")), None))
    root = package.xml(entry)
    assert root is not None
    body = root.find(f"{W}body")
    if body is None:
        raise DocumentError(name, "an archive without a text", "a Word file (docx)")
    parts = list(_Story(name, styles).read(body, "body"))
    for kind in ("header", "footer"):
        for target in dict.fromkeys(target for _, target in package.related(entry, kind)):
            story = package.xml(target)
            if story is not None:
                parts += _Story(name, styles).read(story, kind)
    for _, target in package.related(entry, "footnotes"):
        notes = package.xml(target)
        if notes is not None:
            for note in [each for each in notes if each.get(f"{W}type", "normal") != "normal"]:
                notes.remove(note)
            parts += _Story(name, styles).read(notes, "footnotes")
    return tuple(part for part in parts if part.text or part.name == "body")


@dataclass(slots=True)
class _Field:
    """A field that is being read: its instruction, and whether its result has begun and is shown."""

    instruction: str = ""
    in_result: bool = False
    shown: bool = True


class _Story:
    """One run of paragraphs: the body, a header, the footnotes."""

    def __init__(self, name: str, styles: Styles) -> None:
        self.name = name
        self.styles = styles
        self.shown, self.hidden = FlowBuilder(), FlowBuilder()
        self.at = 0
        self.starts, self.numbers = array("L"), array("L")
        self.breaks: list[int] = []
        self.laid_out = False
        self.first_in_cell = False
        self.joined = False
        self.chooses = False
        self.fields: list[_Field] = []
        self.placeholder: str | None = None
        self.boxes: list[Element] = []

    def read(self, root: Element, name: str) -> tuple[Part, ...]:
        # Where Word says how it last laid out the pages, its own breaks among them, only that counts.
        self.laid_out = next(root.iter(f"{W}lastRenderedPageBreak"), None) is not None
        self.blocks(root, 0)
        places = NumberedPlaces(self.starts, self.numbers, self.breaks or None)
        shown = self.shown.part(name, places)
        if self.chooses:
            # Of an IF field a reader gets one branch; which words are of one is not kept.
            shown = replace(shown, choices=((0, len(shown.text)),))
        return (shown, self.hidden.part("hidden", places)) if self.hidden.length else (shown,)

    def blocks(self, parent: Element, depth: int) -> None:
        if depth > MAX_XML_DEPTH:
            raise DocumentError(
                self.name, f"elements nested more than {MAX_XML_DEPTH} deep", "a Word file as word processors write it"
            )
        for child in parent:
            if child.tag == f"{W}p":
                self.paragraph(child, depth + 1)
            elif child.tag == f"{W}tbl":
                self.table(child, depth + 1)
            elif child.tag == f"{W}sdt":
                self.control(child, depth + 1, inline=False)
            elif child.tag == _ALTERNATIVES:
                self.blocks(child if (choice := child.find(_CHOICE)) is None else choice, depth + 1)
            elif child.tag not in _GONE:
                self.blocks(child, depth + 1)

    def table(self, table: Element, depth: int) -> None:
        self.break_up(PARAGRAPH)
        for row in _within(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            self.break_up(LINE)
            for cell in _within(row, f"{W}tc"):
                self.break_up(TAB)
                self.first_in_cell = True
                self.blocks(cell, depth + 1)
                self.first_in_cell = False
        self.break_up(PARAGRAPH)

    def paragraph(self, paragraph: Element, depth: int) -> None:
        if not self.first_in_cell and not self.joined:
            self.break_up(PARAGRAPH)
        self.first_in_cell = False
        self.starts.append(self.at)
        self.numbers.append(len(self.numbers) + 1)
        properties = paragraph.find(f"{W}pPr")
        self.joined = properties is not None and properties.find(f"{W}rPr/{W}del") is not None
        before = None if properties is None else properties.find(f"{W}pageBreakBefore")
        if before is not None and is_on(before) and not self.laid_out and self.at:
            self.breaks.append(self.at)
        self.inline(paragraph, self.styles.paragraph(properties), depth + 1)
        self.at += 1
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.break_up(PARAGRAPH)
            self.blocks(box, depth + 1)

    def inline(self, parent: Element, style: Properties, depth: int) -> None:
        if depth > MAX_XML_DEPTH:
            raise DocumentError(
                self.name, f"elements nested more than {MAX_XML_DEPTH} deep", "a Word file as word processors write it"
            )
        for child in parent:
            if child.tag in _GONE:
                continue
            if child.tag == f"{W}r":
                self.run(child, self.styles.run(child.find(f"{W}rPr"), style))
            elif child.tag == f"{W}fldSimple":
                self.fields.append(_Field(child.get(f"{W}instr", "")))
                look = self.styles.run(child.find(f"{W}r/{W}rPr"), style)
                self.begin_result(look)
                self.inline(child, style, depth + 1)
                self.end_field(look)
            elif child.tag == f"{W}sdt":
                self.control(child, depth + 1, inline=True, style=style)
            elif child.tag == _ALTERNATIVES:
                self.boxes += _boxes(child)
            else:
                self.inline(child, style, depth + 1)

    def control(self, control: Element, depth: int, *, inline: bool, style: Properties | None = None) -> None:
        """A content control: what it shows, or a hole where it shows but what is to be put in."""
        content = control.find(f"{W}sdtContent")
        if content is None:
            return
        properties = control.find(f"{W}sdtPr")
        waiting = self.placeholder
        if properties is not None and (sign := properties.find(f"{W}showingPlcHdr")) is not None and is_on(sign):
            names = (value_of(properties.find(f"{W}{key}")) for key in ("alias", "tag"))
            self.placeholder = next((name for name in names if name), "content control")
        if inline and style is not None:
            self.inline(content, style, depth)
        else:
            self.blocks(content, depth)
        self.placeholder = waiting

    def run(self, run: Element, look: Properties) -> None:
        for child in run:
            tag = child.tag
            if tag == f"{W}t":
                self.emit(child.text or "", look)
            elif tag in _SIGNS:
                self.emit(_SIGNS[tag], look)
            elif tag == f"{W}br":
                if child.get(f"{W}type") == "page" and not self.laid_out:
                    self.breaks.append(self.at + 1)
                self.emit("\n", look)
            elif tag == f"{W}lastRenderedPageBreak":
                if self.at:
                    self.breaks.append(self.at)
            elif tag == f"{W}fldChar":
                kind = child.get(f"{W}fldCharType")
                if kind == "begin":
                    self.fields.append(_Field())
                elif self.fields and kind == "separate":
                    self.begin_result(look)
                elif self.fields and kind == "end":
                    self.end_field(look)
            elif tag == f"{W}instrText":
                if self.fields:
                    self.fields[-1].instruction += (child.text or "")[:4_000]
            elif tag in {f"{W}drawing", f"{W}pict", f"{W}object", _ALTERNATIVES}:
                self.boxes += _boxes(child)

    def begin_result(self, look: Properties) -> None:
        field = self.fields[-1]
        if field.in_result:
            return
        field.in_result = True
        merged = _MERGE_FIELD.match(field.instruction)
        if merged is not None:
            self.merge_field(merged[1] or merged[2], look)
        field.shown = merged is None and _IF.match(field.instruction) is None

    def end_field(self, look: Properties) -> None:
        self.begin_result(look)
        field = self.fields.pop()
        if _IF.match(field.instruction):
            self.chooses = True
            # Which branch a reader gets is not known: both may be read.
            self.emit(" ".join(_QUOTED.findall(field.instruction)[-2:]), look)

    def merge_field(self, name: str, look: Properties) -> None:
        outer = self.fields[:-1]
        if outer and not outer[-1].in_result:
            # Within the instruction of another field, whose words may be read later.
            outer[-1].instruction += f"«{name}»"
        elif all(field.shown for field in outer):
            builder = self.builder(look)
            builder.hole(name, WORD_FIELD, self.at, self.at + len(name) + 2)
            # As wide as Word shows it.
            self.at += len(name) + 2

    def builder(self, look: Properties) -> FlowBuilder:
        builder = self.hidden if look.toggles["vanish"] else self.shown
        builder.layout = Layout(
            look.points, look.toggles["b"], look.toggles["i"], look.underlined, look.heading, look.toggles["vanish"]
        )
        return builder

    def emit(self, text: str, look: Properties) -> None:
        if not text or not all(field.in_result and field.shown for field in self.fields):
            return
        builder = self.builder(look)
        if text == "\n":
            builder.break_line(self.at)
        elif self.placeholder is not None:
            if self.placeholder:
                builder.hole(self.placeholder, CONTENT_CONTROL, self.at, self.at + len(text))
                self.placeholder = ""
        elif look.toggles["caps"]:
            builder.copy("".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text), self.at)
        else:
            builder.copy(text, self.at)
        self.at += len(text)

    def break_up(self, strength: int) -> None:
        for builder in (self.shown, self.hidden):
            builder.part_from(strength, max(0, self.at - 1))


def _within(parent: Element, tag: str) -> list[Element]:
    """The rows or cells of a table, also those in a content control or put in under tracked changes."""
    found: list[Element] = []
    for child in parent:
        if child.tag == tag:
            found.append(child)
        elif child.tag in {f"{W}sdt", f"{W}customXml"}:
            content = child.find(f"{W}sdtContent")
            found += [each for each in (child if content is None else content) if each.tag == tag]
    return found


def _boxes(element: Element) -> list[Element]:
    """The text boxes in a drawing; of a drawing that is there twice, for older readers, the first."""
    found: list[Element] = []
    waiting = [element]
    while waiting:
        each = waiting.pop()
        if each.tag == f"{W}txbxContent":
            found.append(each)
        elif each.tag == _ALTERNATIVES and each.find(_CHOICE) is not None:
            waiting += list(each.iterfind(_CHOICE))
        else:
            waiting += reversed(list(each))
    return found
