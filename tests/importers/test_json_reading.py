"""JSON lines, lists and pages; a broken line costs itself, a broken list the rest, and both are told."""

from __future__ import annotations

import json

import pytest

from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.models import CallerId, Person, Turn

FIRST = {"id": "h1", "at": "2022-04-06T10:00:00-05:00", "consumer_id": "c1", "channel": "call"}
SECOND = {**FIRST, "id": "h2", "agent": "a1"}


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


class TestShapes:
    @pytest.mark.parametrize(
        "text",
        [
            lines(FIRST, SECOND),
            json.dumps([FIRST, SECOND]),
            json.dumps([FIRST, SECOND], indent=2),
            json.dumps(FIRST, indent=2) + "\n" + json.dumps(SECOND, indent=2),
        ],
        ids=["lines", "list", "list over lines", "objects over lines"],
    )
    def test_objects_are_read_in_every_shape(self, read, text):
        got = read(text, "log.json")
        assert got.ids == ["h1", "h2"]
        assert got.rows[1].communication.agent == "a1"
        assert got.messages == ["log.json: read as the format `canonical`, by the names of its columns"]

    def test_a_byte_order_mark_and_utf_16_are_no_hindrance(self, read):
        for text in (lines(FIRST, SECOND), json.dumps([FIRST, SECOND], indent=1)):
            for encoding in ("utf-8-sig", "utf-16"):
                assert read(text.encode(encoding), "log.json").ids == ["h1", "h2"]

    def test_an_empty_list_says_so(self, read):
        assert read("[]", "log.json").messages == ["log.json: the file is empty: it has no records"]

    def test_a_row_may_carry_the_models_of_a_scenario(self, read):
        record = {
            **FIRST,
            "person": {"role": "spouse", "household": True},
            "debts": ["d1", "d2"],
            "turns": [{"speaker": "agent", "text": "Hello", "at_seconds": 0.5}],
            "caller_id": {"number": "+15125550199"},
            "recorded": True,
            "languages": ["en", "es"],
        }
        said = read(lines(record), "log.jsonl").rows[0].communication
        assert said.person == Person(role="spouse", household=True)
        assert said.debts == ("d1", "d2")
        assert said.turns == (Turn(speaker="agent", text="Hello", at_seconds=0.5),)
        assert said.caller_id == CallerId(number="+15125550199")
        assert said.recorded is True
        assert said.languages == ("en", "es")

    def test_a_structure_that_is_wrong_costs_its_field(self, read):
        got = read(lines({**FIRST, "turns": [{"speaker": "robot", "text": "x"}]}), "log.jsonl")
        assert got.rows[0].communication.turns is None
        assert got.messages[1].startswith("log.jsonl: row 1, column `turns`: expected a list of turns: 0.speaker:")


class TestDamage:
    def test_a_broken_line_is_told_and_the_others_are_read(self, read):
        got = read(lines(FIRST) + '{"id": "h3", "consumer_id": "c3", \n' + lines(SECOND), "log.jsonl")
        assert got.ids == ["h1", "h2"]
        problem = got.problems[1]
        assert problem.kind is ProblemKind.BROKEN_RECORD
        assert problem.row == 2
        assert problem.consumer_id == "c3"
        assert str(problem).startswith("log.jsonl: row 2: this line is no JSON: ")
        assert str(problem).endswith('(found `{"id": "h3", "consumer_id": "c3",`); the row is left out')

    def test_a_line_that_is_no_object_is_told(self, read):
        got = read(lines(FIRST, 7, SECOND), "log.jsonl")
        assert got.ids == ["h1", "h2"]
        assert got.messages[1] == "log.jsonl: row 2: expected a JSON object (found `7`); the row is left out"

    def test_a_list_that_breaks_off_gives_what_stood_before(self, read):
        got = read(json.dumps([FIRST, SECOND])[:-20], "log.json")
        assert got.ids == ["h1"]
        assert got.problems[-1].kind is ProblemKind.BROKEN_RECORD
        assert got.messages[-1].startswith(
            "log.json: row 2: the JSON breaks off here, and nothing after it can be read: "
        )

    def test_a_byte_that_is_not_utf_8_costs_its_field_in_lines_and_lists(self, read):
        for text in (lines({**FIRST, "agent": "Ren_"}), json.dumps([{**FIRST, "agent": "Ren_"}])):
            got = read(text.encode().replace(b"Ren_", b"Ren\xe9"), "log.json")
            assert got.ids == ["h1"]
            assert got.rows[0].communication.agent is None
            assert got.messages[1] == (
                "log.json: row 1, column `agent`: bytes that are not UTF-8 in the field: it is not read (found `Ren\ufffd`)"
            )

    def test_a_line_too_long_is_told_and_the_others_are_read(self, read):
        got = read(lines(FIRST, {**FIRST, "content": "x" * 5_000}, SECOND), "log.jsonl", max_field=1_000)
        assert got.ids == ["h1", "h2"]
        assert got.problems[1].kind is ProblemKind.TOO_LONG
        assert got.problems[1].consumer_id == "c1"

    def test_a_field_too_long_costs_that_field(self, read):
        got = read(lines({**FIRST, "content": "x" * 1_500}), "log.jsonl", max_field=1_000)
        assert got.rows[0].communication.content is None
        assert [problem.kind for problem in got.problems[1:]] == [ProblemKind.TOO_LONG]

    def test_json_nested_without_end_is_told(self, read):
        got = read(lines(FIRST) + '{"a":' * 100_000 + "\n", "log.jsonl")
        assert got.ids == ["h1"]
        assert got.counts.rows_left_out == 1


def test_what_is_no_text_inside_a_structure_costs_that_structure(read):
    line = '{"ContactId": "k1", "Channel": "VOICE", "InitiationMethod": "OUTBOUND", "InitiationTimestamp": "2022-04-06T15:00:00Z", '
    line += '"CustomerEndpoint": {"Address": "+15125550100"}, "Agent": {"Username": "a%s", "AgentInteractionDuration": 9}}'
    got = read(line % "" + "\n" + line % r"\ud800" + "\n", "log.jsonl")
    assert [row.communication.agent for row in got.rows] == ["a", None]
    assert [(each.column, each.kind) for each in got.problems if each.row == 2] == [("agent", ProblemKind.ENCODING)]
