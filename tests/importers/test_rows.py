"""One row for each communication, whichever tables it stands in."""

from __future__ import annotations

from datetime import UTC, datetime

from fdcpa_guard.facts.importers.rows import LogRow, deduplicate
from fdcpa_guard.facts.models import Communication

AT = datetime(2022, 4, 6, 15, tzinfo=UTC)


def row(number: int, **said: object) -> LogRow:
    return LogRow("c1", number, "log.csv", Communication.model_validate({"id": "h1", "at": AT, **said}))


def test_what_the_later_copy_does_not_say_is_taken_from_the_earlier():
    kept, problems = deduplicate([row(1, outcome="voicemail", agent="a1"), row(2, agent="a2", channel="call")])
    assert [(said.row, said.communication.outcome, said.communication.agent) for said in kept] == [
        (2, "voicemail", "a2")
    ]
    assert [str(problem) for problem in problems] == [
        "log.csv: row 1, column `id`: the same communication stands in row 2 of log.csv; one of them counts (found `h1`); "
        "the row is left out"
    ]


def test_rows_without_an_id_are_all_kept():
    kept, problems = deduplicate([row(1, id=None), row(2, id=None)])
    assert [said.row for said in kept] == [1, 2]
    assert problems == []


def test_a_late_copy_of_the_outbound_leg_takes_nothing_from_the_others():
    out, leg = {"direction": "outbound", "outcome": "answered"}, {"direction": "inbound", "outcome": "conversation"}
    kept, problems = deduplicate([row(1, **out), row(2, **leg), row(3, **out)])
    assert [(said.row, said.communication.direction, said.communication.outcome) for said in kept] == [
        (3, "outbound", "conversation")
    ]
    assert len(problems) == 2
