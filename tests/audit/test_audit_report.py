"""The report: well-formed, complete in itself, honest about what it shows, and safe with whatever a log says."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from audit_world import HOURS, THREE_CALLS, World, account, call, calls

from fdcpa_guard.auditing.report.law import marked_up

_EMPTY = {"meta", "link", "input", "br", "hr", "img", "line", "circle"}
HOSTILE = '<script>alert("x")</script><img src=https://example.com/x onerror=alert(1)>"\'&{{ 7*7 }}'


class Page(HTMLParser):
    """Reads a page and keeps its elements; an end tag that closes nothing, or too late, is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.errors: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.errors.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            found for name, found in self.elements if name == tag and attributes.items() <= found.items()
        ]


@pytest.fixture
def audited(world: World) -> World:
    world.rows = [
        *calls("ann", [4, 5, 6, 8, 9]),
        *calls("ann", [7], outcome="busy"),
        call("bob", 1, "2024-03-04T07:30:00-06:00", agent=HOSTILE),
        call("bob", 2, "2024-03-05T10:00:00-06:00", outcome=HOSTILE),
        call("bob", 3, "2024-03-06T10:00:00-06:00", debt_ids=HOSTILE),
    ]
    return world


class TestPage:
    def test_it_is_well_formed(self, audited: World) -> None:
        audited.audit(out="out")
        page = Page(audited.text("out/report.html"))
        assert (page.errors, page.open) == ([], [])

    def test_it_loads_nothing_from_anywhere(self, audited: World) -> None:
        audited.audit(out="out")
        page = Page(audited.text("out/report.html"))
        for _, attributes in page.elements:
            for name in ("src", "href", "action", "data", "poster", "srcset"):
                assert (attributes.get(name) or "#").startswith("#")
        assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest", audited.text("out/report.html"))
        (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
        assert str(policy["content"]).startswith("default-src 'none'")

    def test_what_a_log_says_is_text_and_never_markup(self, audited: World) -> None:
        audited.audit(out="out")
        text = audited.text("out/report.html")
        page = Page(text)
        assert len(page.all("script")) == 1
        assert page.all("img") == []
        assert HOSTILE in page.text
        assert "{{ 7*7 }}" in page.text

    def test_every_link_leads_somewhere_and_no_id_comes_twice(self, audited: World) -> None:
        audited.audit(out="out")
        page = Page(audited.text("out/report.html"))
        ids = [str(attributes["id"]) for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert {str(link["href"])[1:] for link in page.all("a")} <= set(ids)

    def test_headings_go_down_by_one_and_tables_have_heads(self, audited: World) -> None:
        audited.audit(out="out")
        page = Page(audited.text("out/report.html"))
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert len(page.all("th", scope="col")) > 10
        assert all(svg.get("role") == "img" and svg.get("aria-label") for svg in page.all("svg"))

    def test_an_empty_log_has_a_report(self, world: World) -> None:
        world.rows = calls("ann", [4])
        world.audit(out="out")
        page = Page(world.text("out/report.html"))
        assert (page.errors, page.open) == ([], [])
        assert "There are no findings." in page.text


class TestFindings:
    def test_the_counted_calls_are_dots_and_the_one_judged_is_the_last(self, audited: World) -> None:
        audited.audit(out="out")
        text = audited.text("out/report.html")
        first = text[text.index("<svg") : text.index("</svg>")]
        dots = re.findall(r'class="num (\w+)" x="(\d+)" y="22">([^<]+)<', first)
        assert [(kind, number) for kind, _, number in dots] == [
            ("counted", "1"),
            ("counted", "2"),
            ("counted", "3"),
            ("this", "4"),
        ]
        places = [int(x) for _, x, _ in dots]
        assert places == sorted(places)
        assert "Fri 8 Mar 2024, 10:00 a.m." in first
        assert '<title>ann-7, Thu 7 Mar 2024, 10:00 a.m.: excepted: did-not-connect</title>' in first

    def test_why_a_call_is_left_out_is_told_with_its_citation(self, audited: World) -> None:
        audited.audit(out="out")
        assert "A call that did not connect is none. (Sample Act § 1(b))" in Page(audited.text("out/report.html")).text

    def test_the_law_stands_beside_the_finding(self, audited: World) -> None:
        audited.audit(out="out")
        text = Page(audited.text("out/report.html")).text
        assert "No contact before 8:00 a.m. or after 9:00 p.m. where the consumer is." in text
        assert "opens: 8:00 a.m. (Sample Act § 2)" in text

    def test_many_calls_of_one_minute_stay_apart_on_the_line(self, world: World) -> None:
        world.rows = [call("ann", number, f"2024-03-04T10:00:{number:02d}-06:00") for number in range(25)]
        world.audit(out="out")
        text = world.text("out/report.html")
        last = text[text.rindex("<svg") : text.rindex("</svg>")]
        places = [int(x) for x in re.findall(r'class="dot \w+" cx="(\d+)"', last)]
        assert len(places) == 25
        assert all(after - before >= 20 for before, after in pairwise(places))
        assert 0 < places[0] < places[-1] < 720

    def test_only_so_many_of_a_rule_are_shown_and_the_rest_is_named(self, world: World) -> None:
        world.rows = [call("ann", number, f"2024-03-{number:02d}T06:00:00-06:00", channel="text") for number in range(1, 10)]
        result = world.audit(out="out", shown_per_rule=4)
        assert len([finding for finding in result.shown if finding.rule == HOURS]) == 4
        page = Page(world.text("out/report.html"))
        assert len(page.all("details", **{"class": "finding"})) == 4
        assert f"Shown are 4 of 9 findings; all are in findings.csv and findings.jsonl, under the rule {HOURS}" in page.text
        assert world.text("out/findings.jsonl").count("\n") == 9

    def test_it_says_what_was_not_checked(self, world: World) -> None:
        world.accounts = [account("ann", home_state="ME", home_zip="04101")]
        world.rows = calls("ann", [4])
        world.audit(out="out")
        text = Page(world.text("out/report.html")).text
        unchecked = text[text.index("What this run did not check\n") :]
        assert "Maine" in unchecked
        assert "us-sample-medical-texts" in unchecked
        assert "Written from memory" in unchecked

    def test_all_categories_and_the_rule_stand_in_the_tables(self, audited: World) -> None:
        audited.audit(out="out")
        page = Page(audited.text("out/report.html"))
        assert {link["href"] for link in page.all("a")} >= {f"#rule-{THREE_CALLS}", f"#rule-{HOURS}"}
        for words in ("Breach of a flat rule", "Presumption triggered (rebuttable)", "Needs a person", "Advice"):
            assert words in page.text

    def test_days_under_a_line_leave_each_other_room(self, world: World) -> None:
        world.rows = calls("ann", range(1, 30), channel="text")
        world.audit(out="out")
        for line in re.findall(r"<svg.*?</svg>", world.text("out/report.html"), re.DOTALL):
            places = [int(x) for x in re.findall(r'class="day" x="(\d+)"', line)]
            assert all(after - before >= 85 for before, after in pairwise(places))

    def test_a_long_table_of_days_is_folded_and_a_short_one_open(self, world: World) -> None:
        world.rows = calls("ann", [4, 5])
        world.audit(out="short")
        world.rows = calls("ann", range(1, 29))
        world.audit(out="long")
        assert '<details class="lines" open><summary>By day: 2 days' in world.text("short/report.html")
        assert '<details class="lines"><summary>By day: 28 days' in world.text("long/report.html")


class TestRules:
    def test_lists_within_lists_have_one_mark_an_item_however_deep_they_are_indented(self) -> None:
        made = marked_up(["It *holds*:", "", "- any of:", "  - all of:", "      - a < b", "      - c", "  - d", "- e", "", "End."])
        assert made == (
            "<p>It <em>holds</em>:</p><ul><li>any of:<ul><li>all of:<ul><li>a &lt; b</li><li>c</li></ul></li>"
            "<li>d</li></ul></li><li>e</li></ul><p>End.</p>"
        )
