"""Templates: holes keep their names, control is read away with all branches kept, and nothing is ever executed."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.documents.reading import read

from fdcpa_guard.documents import HOLE, read_document
from fdcpa_guard.errors import DocumentError


@pytest.mark.parametrize(
    ("name", "source", "text", "holes"),
    [
        ("a.j2", "{{ a.b | upper }} {{- c -}}", "@ @", ["a.b", "c"]),
        ("a.j2", "{% if a == 'sue' %}x{% else %}y{% endif %}", "x y", []),
        ("a.j2", "{# we sue #}a{% raw %}{{ b }}{% endraw %}", "a{{ b }}", []),
        ("a.j2", "{{ '}}' ~ a }}b", "@b", ["'}}' ~ a"]),
        ("a.j2", "{% include 'foot' %}", "@", ["include 'foot'"]),
        ("a.liquid", "{% comment %}we sue{% endcomment %}{{ a | date: '%B' }}{% # no %}", "@", ["a"]),
        ("a.liquid", "{% case a %}{% when 1 %}x{% when 2 %}y{% endcase %}", "  x y", []),
        ("a.hbs", "{{#if a}}x{{else}}y{{/if}} {{{b}}} {{&c}} {{> foot}}", "x y @ @ @", ["b", "c", "> foot"]),
        ("a.hbs", "{{!-- a }} b --}}{{! c }}d", "d", []),
        ("a.mustache", "{{=<% %>=}}<% a %> {{ b }}", "@ {{ b }}", ["a"]),
        ("a.blade.php", "@if ($a > (1)) x @else y @endif {{ $b->c ?? 'd' }} {!! $e !!}", "x y @ @", ["$b->c", "$e"]),
        ("a.blade.php", "{{-- we sue --}}@php sue(); @endphp <?php sue(); ?>a@example.com @{{ b }}", "a@example.com {{ b }}", []),
        ("a.txt", "Dear «First_Name», <<Amount Due>> [Client Name] [[Ref]] *|FNAME|* %%City%%", "Dear @, @ @ @ @ @",
         ["First_Name", "Amount Due", "Client Name", "Ref", "FNAME", "City"]),
        ("a.html", "<p><<Client Name>> &laquo;Amount&raquo;", "@ @", ["Client Name", "Amount"]),
    ],
)  # fmt: skip
def test_holes_stay_and_control_goes(name: str, source: str, text: str, holes: list[str]) -> None:
    part = read(name, source).parts[0]
    assert part.text == text.replace("@", HOLE) if "example" not in text else part.text == text
    assert [hole.name for hole in part.holes] == holes
    assert all(part.text[hole.start : hole.stop] == HOLE for hole in part.holes)


@pytest.mark.parametrize(
    ("source", "dialect"),
    [
        ("{{ a|b }}", "jinja"), ("{% if a %}", "jinja"), ("{{ a | b: 1 }}", "liquid"), ("{% assign a = 1 %}", "liquid"),
        ("{{#a}}{{/a}}", "mustache"), ("{{a}}", "mustache"), ("{{ $a }}", "blade"), ("@if ($a) x @endif", "blade"),
        ("[Client Name]", "merge_field"), ("no holes", None), ("a { b } c", None),
    ],
)  # fmt: skip
def test_the_dialect_is_known_by_what_is_written(source: str, dialect: str | None) -> None:
    assert read("a.txt", source).template == dialect


@pytest.mark.parametrize(
    "field",
    ["[Client Name]", "[NAME OF CREDITOR]", "[due_date]", "[clientName]", "[amount due]", "[date]", "[insert the reason]", "[Your Name]",
     "[Creditor's Name]", "[Date (MM/DD/YYYY)]"],
)  # fmt: skip
def test_brackets_that_are_fields(field: str) -> None:
    assert read("a.txt", f"pay {field} now").parts[0].text == f"pay {HOLE} now"


@pytest.mark.parametrize(
    "words",
    ["[sic]", "[ ]", "[x]", "[__]", "[1]", "[t]he", "[the debtor]", "[emphasis added]", "[STOP]", "[Yes]", "[he or she]", "[...]",
     "[This is not a field. It is text]", "«uno dos» «tres»"],
)  # fmt: skip
def test_brackets_that_are_punctuation(words: str) -> None:
    assert read("a.txt", f"pay {words} now").parts[0].text == f"pay {words} now"


def test_none_says_that_nothing_is_a_hole() -> None:
    assert read("a.txt", "{{ a }} [Client Name]", template="none").parts[0].holes == ()


@pytest.mark.parametrize(
    ("name", "source"),
    [("a.j2", "x {{ a"), ("a.j2", "x {% if"), ("a.j2", "x {# a"), ("a.hbs", "x {{ a"), ("a.blade.php", "x {{ $a"), ("a.liquid", "x {% comment %}")],
)
def test_a_tag_that_never_ends_is_an_error_in_a_template(name: str, source: str) -> None:
    with pytest.raises(DocumentError, match="never closed") as caught:
        read_document(Path(name), source.encode())
    assert (caught.value.line, caught.value.column) == (1, 3)
    assert read("a.txt", "x {{ a").parts[0].text == "x {{ a"


def test_nothing_is_executed(tmp_path: Path) -> None:
    target = tmp_path / "made"
    for name in ("a.j2", "a.blade.php", "a.hbs", "a.liquid"):
        attack = f"{{{{ ''.__class__.__mro__[1].__subclasses__() }}}}{{{{ open('{target}', 'w') }}}}<?php touch('{target}'); ?>"
        read_document(Path(name), attack.encode())
    assert not target.exists()


def test_comments_are_kept_apart_with_their_places() -> None:
    document = read("a.html.j2", "<p>a</p>\n<!-- one -->{# two #}")
    assert [(each.text, each.start.line, each.start.column) for each in document.comments] == [("one", 2, 1), ("two", 2, 13)]


@pytest.mark.parametrize(
    ("name", "unit"),
    [("a.txt", "{{ a "), ("a.txt", "[Client "), ("a.md", "["), ("a.md", "*a _b "), ("a.md", "](a"), ("a.html", "</x>"), ("a.html", "&amp;"),
     ("a.txt", "{% if "), ("a.blade.php", "@if ((a) "), ("a.txt", "{{{{a"), ("a.txt", "«a ")],
)  # fmt: skip
def test_time_grows_with_the_text_and_no_faster(name: str, unit: str) -> None:
    """Sixteen times the text in well under the 256 times of the time that a square would take."""

    def taken(size: int) -> float:
        data = (unit * (size // len(unit))).encode()
        begun = time.process_time()
        with suppress(DocumentError):
            read_document(Path(name), data)
        return time.process_time() - begun

    small = min(taken(20_000) for _ in range(3))
    assert taken(320_000) < 64 * max(small, 0.002)
