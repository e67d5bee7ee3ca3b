"""Word files and PDFs: order, places, layout, merge fields; and those that are made to do harm."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from docx.shared import Pt
from tests.documents.reading import look

from fdcpa_guard.documents import HOLE, Document, read_document
from fdcpa_guard.errors import DocumentError

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(*blocks: str, prolog: str = "") -> Document:
    """A Word file of nothing but its text."""
    return read_document(Path("a.docx"), archive({"word/document.xml": f"{prolog}<w:document {_W}><w:body>{''.join(blocks)}</w:body></w:document>"}))


def archive(entries: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return file.getvalue()


def p(*runs: str) -> str:
    return "<w:p>" + "".join(run if run.startswith("<w:") else f"<w:r><w:t xml:space='preserve'>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def field(instruction: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        mark.format("begin") + f"<w:r><w:instrText>{instruction}</w:instrText></w:r>" + mark.format("separate")
        + f"<w:r><w:t>{result}</w:t></w:r>" + mark.format("end")
    )  # fmt: skip


def pdf(*pages: str | bytes, filters: str = "", trailer: str = "") -> bytes:
    """A PDF whose pages have these contents, in a bold font."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{4 + 2 * at} 0 R' for at in range(len(pages)))}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
    ]
    for at, page in enumerate(pages):
        content = page.encode("latin-1") if isinstance(page, str) else page
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * at),
            f"<< /Length {len(content)} {filters} >>\nstream\n".encode() + content + b"\nendstream",
        ]
    out, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF"
    return out + end.encode()


def drawn(*lines: str, points: int = 12, x: int = 72, y: int = 700) -> str:
    return f"BT /F1 {points} Tf {x} {y} Td " + " 0 -14 Td ".join(f"({line}) Tj" for line in lines) + " ET "


def refused(name: str, data: bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_document(Path(name), data)
    return caught.value


class TestWord:
    def test_a_letter_made_by_a_library(self) -> None:
        letter = docx.Document()
        letter.add_heading("Notice", 1)
        paragraph = letter.add_paragraph("You owe ")
        amount = paragraph.add_run("$5")
        amount.bold, amount.font.size = True, Pt(14)
        paragraph.add_run(" to {{ cred")
        paragraph.add_run("itor }}")
        table = letter.add_table(2, 2)
        for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), ("interest", "$1", "fees", "$2"), strict=True):
            cell.text = text
        letter.add_page_break()
        letter.add_paragraph("back").runs[0].font.all_caps = True
        letter.add_paragraph("secret").runs[0].font.hidden = True
        letter.sections[0].header.paragraphs[0].text = "Example Recovery"
        file = io.BytesIO()
        letter.save(file)
        document = read_document(Path("a.docx"), file.getvalue())
        body = document.parts[0]
        assert body.text.split() == ["Notice", "You", "owe", "$5", "to", HOLE, "interest", "$1", "fees", "$2", "BACK"]
        assert "interest\t$1\nfees\t$2\n\n" in body.text
        assert look(body, "$5") == (14.0, True, False)
        assert look(body, "You owe") == (11.0, False, False)
        assert body.runs[0].heading == 1
        place = body.place(body.text.index("$5"))
        assert (place.line, place.column, place.page) == (2, 9, 1)
        assert body.place(body.text.index("BACK")).page == 2
        assert [(hole.name, hole.dialect) for hole in body.holes] == [("creditor", "jinja")]
        assert [(part.name, part.text) for part in document.parts[1:]] == [("hidden", "secret"), ("header", "Example Recovery")]

    def test_merge_fields_are_holes_and_their_last_result_is_no_text(self) -> None:
        simple = '<w:fldSimple w:instr=" MERGEFIELD Due_Date "><w:r><w:t>May 3</w:t></w:r></w:fldSimple>'
        body = word(p("Pay ", field(' MERGEFIELD "Amount" \\* MERGEFORMAT ', "$9"), " by ", simple, field(" PAGE ", "7"))).parts[0]
        assert body.text == f"Pay {HOLE} by {HOLE}7"
        assert [(hole.name, hole.dialect) for hole in body.holes] == [("Amount", "word_field"), ("Due_Date", "word_field")]

    def test_of_an_if_field_both_branches_are_read(self) -> None:
        body = word(p(field(' IF "x" = "y" "We will sue." "We will not." ', "We will not."))).parts[0]
        assert body.text == "We will sue. We will not."

    def test_tracked_deletions_are_left_out_and_insertions_kept(self) -> None:
        text = p("You ", "<w:del><w:r><w:delText>must </w:delText></w:r></w:del>", "<w:ins><w:r><w:t>may </w:t></w:r></w:ins>", "pay")
        assert word(text).parts[0].text == "You may pay"

    def test_a_text_box_follows_its_paragraph(self) -> None:
        box = f"<w:r><w:pict><w:txbxContent>{p('boxed')}</w:txbxContent></w:pict></w:r>"
        body = word(p("before", box, " after"), p("next")).parts[0]
        assert body.text == "before after\n\nboxed\n\nnext"
        assert body.place(body.text.index("boxed")).line == 2

    def test_an_unfilled_content_control_is_a_hole(self) -> None:
        control = '<w:sdt><w:sdtPr><w:alias w:val="Client"/><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Click here</w:t></w:r></w:sdtContent></w:sdt>'
        body = word(p("Dear ", control)).parts[0]
        assert (body.text, body.holes[0].name) == (f"Dear {HOLE}", "Client")

    def test_without_styles_sizes_are_not_known(self) -> None:
        assert look(word(p("Dear")).parts[0], "Dear") == (None, False, False)

    @pytest.mark.parametrize(
        ("data", "found"),
        [
            (b"Dear Ms. Doe", "not an archive"),
            (archive({"a.txt": "x"}), "without a text"),
            (archive({"word/document.xml": "<w:document"}), "broken XML"),
            (archive({"word/document.xml": b"a" * 5_000_000}), "grows"),
            (archive({f"{number}.txt": "" for number in range(5_001)}), "5,001 entries"),
        ],
    )
    def test_what_is_none_or_a_bomb_is_refused(self, data: bytes, found: str) -> None:
        assert found in refused("a.docx", data).found

    def test_an_archive_that_lies_about_its_sizes_is_read_no_further_than_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("fdcpa_guard.documents.docx_package.MAX_ENTRY_BYTES", 100_000)
        data = bytearray(archive({"word/document.xml": b"a" * 200_000}))
        at = data.rindex(b"PK\x01\x02")
        data[at + 24 : at + 28] = (50).to_bytes(4, "little")
        assert refused("a.docx", bytes(data)).found

    def test_entities_are_refused(self) -> None:
        with pytest.raises(DocumentError, match="entities"):
            word(p("&b;"), prolog='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>')

    def test_elements_nested_without_end_are_refused(self) -> None:
        with pytest.raises(DocumentError, match="nested more than 200"):
            word("<w:ins>" * 3_000 + "</w:ins>" * 3_000)


class TestPdf:
    def test_lines_pages_sizes_and_weight(self) -> None:
        data = pdf(drawn("Dear Ms. Example,", "you owe {{ amount }} now.") + drawn("small print", points=8, y=500), drawn("back"))
        body = read_document(Path("a.pdf"), data).parts[0]
        assert body.text == f"Dear Ms. Example,\nyou owe {HOLE} now.\n\nsmall print\n\nback"
        assert look(body, "small") == (8.0, True, False)
        assert look(body, "Dear") == (12.0, True, False)
        place = body.place(body.text.index("owe"))
        assert (place.line, place.column, place.page) == (2, 5, 1)
        back = body.place(body.text.index("back"))
        assert (back.line, back.column, back.page) == (1, 1, 2)

    def test_columns_are_read_one_after_the_other(self) -> None:
        left, right = drawn("left one", "left two", "left three"), drawn("right one, as words go in a letter", "right two", x=350)
        text = read_document(Path("a.pdf"), pdf(left + right)).parts[0].text
        assert text.index("left three") < text.index("right one")

    def test_a_table_is_read_by_rows(self) -> None:
        labels, amounts = drawn("Interest charged", "Fees charged", "Total due"), drawn("$75.00", "$25.00", "$850.00", x=350)
        text = read_document(Path("a.pdf"), pdf(labels + amounts)).parts[0].text
        assert text.split("\n") == ["Interest charged", "$75.00", "Fees charged", "$25.00", "Total due", "$850.00"]

    def test_one_without_text_is_refused(self) -> None:
        assert "without a text layer" in refused("a.pdf", pdf("0 0 m 100 100 l S")).found

    def test_one_under_a_password_is_refused(self) -> None:
        locked = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -1 >> /ID [<41> <41>]"
        assert "password" in refused("a.pdf", pdf(drawn("x"), trailer=locked)).found

    @pytest.mark.parametrize("data", [b"%PDF-1.4\nnothing", pdf(drawn("x"))[:300], b"Dear Ms. Doe"])
    def test_a_broken_one_is_refused(self, data: bytes) -> None:
        assert "broken PDF" in refused("a.pdf", data).found

    def test_a_stream_that_unpacks_without_end_is_refused(self) -> None:
        assert "unpack to more than" in refused("a.pdf", pdf(zlib.compress(b" " * 40_000_000), filters="/Filter /FlateDecode")).found

    def test_a_page_with_too_much_on_it_is_refused(self) -> None:
        assert "20,000 characters" in refused("a.pdf", pdf(drawn("x" * 30_000))).found
        assert "operations" in refused("a.pdf", pdf("1 " * 310_000)).found

    def test_too_many_pages_are_refused(self) -> None:
        assert "more than 100 pages" in refused("a.pdf", pdf(*[drawn("x")] * 101)).found
