"""Plain text: encodings, ends of lines, pages, settings before it, and what is no text."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from tests.documents.reading import body, read

from fdcpa_guard.documents import HOLE, Part, Place, read_document
from fdcpa_guard.documents.limits import MAX_FILE_BYTES
from fdcpa_guard.errors import DocumentError, FactsError

LETTER = "Sra. Niña O’Brien,\nthe balance is $1,200.00.\n"


def refused(name: str, data: bytes | None, **given: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_document(Path(name), data, **given)
    return caught.value


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    def test_a_text_reads_the_same_in_each_unicode_encoding(self, encoding: str) -> None:
        document = read_document(Path("letter.txt"), LETTER.encode(encoding))
        assert document.parts[0].text == LETTER
        assert document.parts[0].place(LETTER.index("balance")) == Place(2, 5)

    def test_other_bytes_are_an_error_with_offset_line_and_column(self) -> None:
        error = refused("letter.txt", "Dear Ms. Doe,\nit is Pat’s debt".encode("cp1252"))
        assert (error.file, error.line, error.column) == ("letter.txt", 2, 10)
        assert error.found == "byte 23 (0x92) is not UTF-8"
        assert error.expected == "text in UTF-8"
        assert "windows-1252" in str(error)
        assert isinstance(error, FactsError)

    def test_windows_1252_is_read_where_the_caller_says_so(self) -> None:
        document = read_document(Path("letter.txt"), "Pat’s debt – all of it".encode("cp1252"), encoding="windows-1252")
        assert document.parts[0].text == "Pat’s debt – all of it"

    def test_html_may_state_its_encoding(self) -> None:
        text = '<meta charset="iso-8859-1"><p>Pat’s niña'
        assert read_document(Path("a.html"), text.encode("cp1252")).parts[0].text == "Pat’s niña"

    def test_what_is_stated_has_to_be_true(self) -> None:
        error = refused("a.html", b'<meta charset="utf-8"><p>Pat\x92s')
        assert error.expected == "text in UTF-8, as the file says"

    @pytest.mark.parametrize("encoding", ["klingon", "base64", "rot13"])
    def test_an_encoding_that_is_none_of_text_is_an_error(self, encoding: str) -> None:
        assert "which is not known" in refused("a.txt", b"abc", encoding=encoding).found

    def test_a_zero_byte_is_no_text(self) -> None:
        error = refused("a.txt", b"Dear\nMs\0")
        assert (error.line, error.column) == (2, 3)
        assert "zero byte" in error.found

    def test_utf_16_without_its_mark_is_named(self) -> None:
        error = refused("a.txt", "Größe, dear Ms. Example, of all things".encode("utf-16-le"))
        assert "UTF-16" in str(error)


class TestLines:
    def test_lines_end_as_editors_end_them(self) -> None:
        document = read("a.txt", "one\r\ntwo\rthree\nfour")
        part = document.parts[0]
        assert part.text == "one\ntwo\nthree\nfour"
        assert [part.place(part.text.index(word)).line for word in ("one", "two", "three", "four")] == [1, 2, 3, 4]

    def test_form_feeds_begin_pages(self) -> None:
        part = read_document(Path("a.txt"), b"front\n\x0cback\x0cthird").parts[0]
        assert part.text == "front\n\nback\nthird"
        assert [part.place(part.text.index(word)).page for word in ("front", "back", "third")] == [1, 2, 3]
        assert part.place(part.text.index("back")).column == 2

    def test_without_form_feeds_there_is_no_page(self) -> None:
        assert read_document(Path("a.txt"), b"a").parts[0].place(0) == Place(1, 1)

    def test_the_end_of_a_stretch_is_behind_its_last_character(self) -> None:
        part = read("a.txt", "one\ntwo").parts[0]
        assert part.end(3) == Place(1, 4)
        assert part.place(7) == part.end(7) == Place(2, 4)
        assert part.end(0) == Place(1, 1)

    def test_plain_text_has_no_layout(self) -> None:
        assert read("a.txt", "ABC **x**").parts[0].runs == ()

    def test_an_empty_file_is_a_document_without_words(self) -> None:
        assert read("a.txt", "").parts[0].text == ""

    def test_a_part_made_by_hand_is_its_own_source(self) -> None:
        assert Part("body", "one\ntwo").place(5) == Place(2, 2)


class TestFrontMatter:
    def test_settings_are_read_and_are_no_words(self) -> None:
        document = read("a.txt", "---\nstage: initial\nstates: [TX, MA]\nsince: 2026-01-01\n---\nDear {{ name }}")
        assert document.front_matter == {"stage": "initial", "states": ["TX", "MA"], "since": "2026-01-01"}
        assert document.parts[0].text == f"Dear {HOLE}"
        assert document.parts[0].place(0) == Place(6, 1)

    @pytest.mark.parametrize("text", ["---\nDear Ms. Example\n---\nbye", "Dear\n---\na: b\n---\n", "----\na: b\n---\n"])
    def test_a_rule_across_the_page_is_none(self, text: str) -> None:
        document = read("a.txt", text)
        assert document.front_matter == {}
        assert document.parts[0].text == text

    def test_what_is_wrong_in_them_is_told_with_its_place(self) -> None:
        error = refused("a.txt", b"---\nstage: initial\nstage: later\n---\nDear")
        assert (error.line, error.column) == (3, 1)
        assert "given twice" in error.found

    def test_they_have_to_be_keys_with_values(self) -> None:
        assert "no keys with values" in refused("a.txt", b'---\n"a"\n---\n').found

    def test_they_have_to_end(self) -> None:
        error = refused("a.txt", b"---\nstage: initial\nDear")
        assert "never end" in error.found

    def test_they_may_be_empty(self) -> None:
        assert read("a.md", "---\n---\nDear").parts[0].text == "Dear"

    def test_they_are_no_longer_than_the_limit(self) -> None:
        error = refused("a.txt", b"---\na: " + b"b" * 70_000 + b"\n---\n")
        assert "64,000" in error.expected

    def test_they_stand_before_html_too(self) -> None:
        assert read("a.html", "---\nstage: initial\n---\n<p>Dear</p>").front_matter == {"stage": "initial"}


class TestFiles:
    def test_a_file_is_read_from_disk(self, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text(LETTER, encoding="utf-8")
        assert read_document(tmp_path / "letter.txt").parts[0].text == LETTER

    def test_one_that_is_not_there_is_an_error(self, tmp_path: Path) -> None:
        assert "no such file" in refused(str(tmp_path / "no.txt"), None).found

    def test_a_folder_is_an_error(self, tmp_path: Path) -> None:
        assert refused(str(tmp_path), None).found == "a folder"

    def test_a_file_of_500_mb_is_refused_by_its_size(self, tmp_path: Path) -> None:
        path = tmp_path / "letter.docx"
        with path.open("wb") as file:
            file.truncate(500_000_000)
        error = refused(str(path), None)
        assert error.found == "500.0 MB"
        assert error.expected == f"at most {MAX_FILE_BYTES / 1_000_000:.1f} MB"

    def test_an_endless_device_is_refused(self) -> None:
        path = Path("/dev/zero")
        if path.exists():
            assert refused(str(path), None).found == "not a regular file"

    @pytest.mark.parametrize(
        ("name", "data", "hint"),
        [
            ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "docx"),
            ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "docx"),
            ("a.rtf", b"{\\rtf1 Dear}", "docx"),
            ("a.msg", b"abc", "eml"),
        ],
    )
    def test_formats_that_are_not_read_say_what_to_save_them_as(self, name: str, data: bytes, hint: str) -> None:
        assert hint in str(refused(name, data))

    def test_an_error_passes_between_processes(self) -> None:
        error = refused("a.txt", b"Dear\nMs\0")
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), again.line, again.found) == (str(error), error.line, error.found)

    def test_a_format_that_is_none_is_the_callers_mistake(self) -> None:
        with pytest.raises(ValueError, match="no format is called `word`"):
            read_document(Path("a.txt"), b"", format="word")
        with pytest.raises(ValueError, match="no dialect is called `erb`"):
            read_document(Path("a.txt"), b"", template="erb")

    def test_a_file_without_a_telling_name_is_looked_at(self) -> None:
        assert read_document(Path("letter"), b"<p>Dear</p>").format == "html"
        assert read_document(Path("letter"), b"Dear <Ms. Example>").format == "text"
        assert body("letter", "<p>Dear</p>", format="text") == "<p>Dear</p>"
