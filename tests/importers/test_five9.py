"""Five9's call log report, with the numbers of a made-up shop."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.dispositions import load_dispositions
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, open_log
from fdcpa_guard.facts.importers.rows import deduplicate
from fdcpa_guard.facts.models import CallerId, Person

from .conftest import DATA, Read, read_all

CALL = {
    "CALL ID": "1", "TIMESTAMP": "Wed, 06 Apr 2022 10:00:00", "CALL TYPE": "Outbound", "DISPOSITION": "No Answer",
    "ANI": "5125550199", "DNIS": "5125550100",
}  # fmt: skip
ON_FILE = {"+15125550100": ("c1",)}
AT = datetime(2022, 4, 6, 15, tzinfo=UTC)
Reader = Callable[..., Read]


@pytest.fixture
def five9(read: Reader) -> Reader:
    def do(*calls: dict[str, str], **options: object) -> Read:
        out = io.StringIO()
        writer = csv.DictWriter(out, list(dict.fromkeys(name for call in calls for name in call)), restval="")
        writer.writeheader()
        writer.writerows(calls)
        usual = {"format": "five9", "zone": "America/Chicago", "consumers_by_number": ON_FILE}
        return read(out.getvalue(), "log.csv", **{**usual, **options})

    return do


def outcomes(got: Read) -> list[str | None]:
    return [row.communication.outcome for row in got.rows]


class TestAReport:
    def test_its_calls_are_read(self):
        options = LogOptions(zone="America/Chicago", consumers_by_number=ON_FILE)
        got = read_all(open_log([DATA / "five9_call_log.csv"], options))
        assert [
            (row.row, row.communication.direction, row.communication.outcome, row.communication.dialing, row.raw_outcome)
            for row in got.rows
        ] == [
            (1, "outbound", "no_answer", None, "No Answer"),
            (2, "outbound", "voicemail", "manual", "Answering Machine"),
            (3, "outbound", "busy", None, "Busy"),
            (4, "inbound", "answered", None, "No Disposition"),
            (6, "outbound", "abandoned", "autodialed", "Abandon"),
        ]
        assert {(row.consumer_id, row.communication.address) for row in got.rows} == {("c1", "+15125550100")}
        said = got.rows[1].communication
        assert (said.id, said.agent) == ("five9:300000000000002/+15125550100", "agent6@example.com")
        assert said.at == datetime(2022, 4, 6, 16, tzinfo=UTC)
        assert said.caller_id == CallerId(number="+15125550199")
        assert got.rows[3].communication.caller_id is None
        assert got.counts.left_out_by == {ProblemKind.NOT_A_COMMUNICATION: 1}
        assert list(got.reading.formats.values()) == ["five9"]
        assert list(got.reading.unknown_columns.values()) == [()]

    def test_without_a_zone_it_is_refused(self):
        with pytest.raises(FactsError, match="have no zone"):
            read_all(open_log([DATA / "five9_call_log.csv"], LogOptions()))

    def test_columns_may_stand_in_any_order_and_case_and_those_of_the_contact_are_told(self, five9):
        call = {name.title(): value for name, value in reversed(CALL.items())}
        got = five9({**call, "Balance Owed": "7"})
        assert outcomes(got) == ["no_answer"]
        assert [each.column for each in got.problems if each.kind is ProblemKind.UNKNOWN_COLUMN] == ["balance_owed"]

    def test_a_column_of_the_contact_tells_whose_it_is_and_which_debt(self, five9):
        got = five9({**CALL, "Account No": "A-1"}, consumer_column="Account No", debt_column="Account No")
        assert [(row.consumer_id, row.communication.debts) for row in got.rows] == [("A-1", ("A-1",))]

    def test_a_number_that_is_on_file_for_nobody_stands_for_itself(self, five9):
        assert [row.consumer_id for row in five9(CALL, consumers_by_number={}).rows] == ["+15125550100"]

    def test_a_number_of_two_people_gives_the_call_to_both(self, five9):
        got = five9(CALL, consumers_by_number={"+15125550100": ("c1", "c2")})
        assert [row.consumer_id for row in got.rows] == ["c1", "c2"]


class TestTimes:
    @pytest.mark.parametrize(
        "written",
        ["Wed, 06 Apr 2022 10:00:00", "2022-04-06 10:00:00", "Wed, 06 Apr 2022 15:00:00 +0000", "2022-04-06T15:00:00Z"],
    )
    def test_a_timestamp_is_of_the_zone_unless_it_has_its_own(self, five9, written):
        assert [row.communication.at for row in five9({**CALL, "TIMESTAMP": written}).rows] == [AT]

    @pytest.mark.parametrize("day", ["2022/04/06", "2022-04-06"])
    def test_a_date_and_a_time_make_one(self, five9, day):
        call = {name: value for name, value in CALL.items() if name != "TIMESTAMP"}
        assert [row.communication.at for row in five9({**call, "DATE": day, "TIME": "10:00:00"}).rows] == [AT]

    @pytest.mark.parametrize(
        "written", ["04/06/2022 10:00:00", "Wed, 06 Apr 2022", "Wed, 41 Apr 2022 10:00:00", "Mon, 01 Jan 1900 00:00:00", "Sat, 01 Jan 2300 00:00:00", "x"],
    )
    def test_one_that_cannot_be_read_loses_the_row_for_whose_it_is(self, five9, written):
        got = five9({**CALL, "TIMESTAMP": written})
        assert [(each.kind, each.column, each.consumer_id) for each in got.problems if each.left_out] == [
            (ProblemKind.BAD_VALUE, "timestamp", "c1")
        ]

    def test_none_loses_the_row_for_whose_it_is(self, five9):
        got = five9({**CALL, "TIMESTAMP": ""}, {**CALL, "CALL ID": "2"})
        assert [(each.kind, each.row, each.consumer_id) for each in got.problems if each.left_out] == [
            (ProblemKind.MISSING_FIELD, 1, "c1")
        ]

    @pytest.mark.parametrize(
        ("written", "kind"),
        [
            ("Sun, 06 Nov 2022 01:30:00", ProblemKind.AMBIGUOUS_TIME), ("Sun, 13 Mar 2022 02:30:00", ProblemKind.NONEXISTENT_TIME),
        ],
    )  # fmt: skip
    def test_one_that_the_clock_shows_twice_or_never_is_told(self, five9, written, kind):
        got = five9({**CALL, "TIMESTAMP": written})
        assert len(got.rows) == 1
        assert [each.consumer_id for each in got.problems if each.kind is kind] == ["c1"]


class TestTypes:
    @pytest.mark.parametrize(
        ("kind", "direction", "dialing"),
        [
            ("Outbound", "outbound", None), ("OUTBOUND_PREVIEW", "outbound", None), ("AUTODIAL", "outbound", "autodialed"),
            ("AGENT", "outbound", "manual"), ("Manual", "outbound", "manual"), ("Queue Callback", "outbound", None),
            ("3rd party transfer", "outbound", None), ("INBOUND", "inbound", None),
        ],
    )  # fmt: skip
    def test_the_type_tells_direction_and_dialling(self, five9, kind, direction, dialing):
        ends = {"ANI": CALL["DNIS"], "DNIS": CALL["ANI"]} if direction == "inbound" else {}
        said = five9({**CALL, "CALL TYPE": kind, **ends}).rows[0].communication
        assert (said.direction, said.dialing, said.address, said.outcome) == (direction, dialing, "+15125550100", "no_answer")

    @pytest.mark.parametrize("kind", ["Internal", "INTERNAL_VOICEMAIL", "TEST"])
    def test_a_call_inside_the_shop_or_a_test_is_no_contact_unless_its_number_is_on_file(self, five9, kind):
        inside = five9({**CALL, "CALL TYPE": kind, "DNIS": "1007"})
        assert (inside.rows, inside.counts.not_a_communication) == ([], 1)
        assert inside.counts.problems[ProblemKind.BAD_VALUE] == 0
        reached = five9({**CALL, "CALL TYPE": kind})
        assert [row.communication.direction for row in reached.rows] == ["outbound"]
        assert reached.counts.problems[ProblemKind.CONTRADICTION] == 1

    @pytest.mark.parametrize("kind", ["", "Hologram"])
    def test_one_that_is_not_known_is_taken_as_outbound_and_told(self, five9, kind):
        got = five9({**CALL, "CALL TYPE": kind})
        assert [row.communication.direction for row in got.rows] == ["outbound"]
        assert got.counts.problems[ProblemKind.BAD_VALUE] == 1

    def test_of_one_that_is_not_known_the_number_on_file_is_the_consumers(self, five9):
        said = five9({**CALL, "CALL TYPE": "Hologram", "ANI": CALL["DNIS"], "DNIS": CALL["ANI"]}).rows[0].communication
        assert (said.address, said.caller_id) == ("+15125550100", None)

    @pytest.mark.parametrize(("kind", "disposition", "outcome"), [
        ("INBOUND_VOICEMAIL", "", "voicemail"), ("OUTBOUND_VOICEMAIL", "Ours", "voicemail"), ("OUTBOUND_VOICEMAIL", "Busy", "busy"),
    ])  # fmt: skip
    def test_a_voicemail_is_one_where_the_disposition_does_not_tell(self, five9, kind, disposition, outcome):
        call = {**CALL, "CALL TYPE": kind, "DISPOSITION": disposition, "ANI": CALL["DNIS"]}
        assert outcomes(five9(call)) == [outcome]

    def test_the_third_party_of_a_consumers_call_is_a_person_unknown(self, five9):
        call = {**CALL, "CALL TYPE": "3rd party transfer", "DNIS": "5125550177", "Acct": "A-1"}
        got = five9(call, consumer_column="acct", debt_column="acct", consumers_by_number={"+15125550177": ("c7",)})
        assert [(row.consumer_id, row.communication.person, row.communication.debts) for row in got.rows] == [
            ("A-1", Person(role="unknown"), ("A-1",)), ("c7", None, None),
        ]  # fmt: skip
        assert [row.consumer_id for row in five9(call).rows] == ["+15125550177"]


class TestDispositions:
    @pytest.mark.parametrize("line", load_dispositions("five9").table())
    def test_each_is_read_in_any_case(self, five9, line):
        written = line.code.replace("*", " Timeout").title()
        got = five9({**CALL, "DISPOSITION": written})
        assert outcomes(got) == [None if line.outcome == "unknown" else line.outcome]
        assert got.counts.problems[ProblemKind.UNMAPPED_DISPOSITION] == 0

    def test_what_did_not_connect_is_not_counted_and_what_may_have_rung_is(self):
        table = load_dispositions("five9")
        assert {line.code for line in table.table() if line.outcome in ("busy", "not_connected")} == {
            "BUSY", "OPERATOR INTERCEPT", "DIAL ERROR", "RESOURCE UNAVAILABLE",
        }  # fmt: skip

    def test_one_of_the_shops_is_told_until_a_file_says_what_it_means(self, five9, tmp_path):
        call = {**CALL, "DISPOSITION": "Attorney - Represented"}
        got = five9(call)
        assert outcomes(got) == [None]
        assert [each.value for each in got.problems if each.kind is ProblemKind.UNMAPPED_DISPOSITION] == ["Attorney - Represented"]
        own = tmp_path / "own.yaml"
        own.write_text("Attorney - Represented: {outcome: conversation, event: {type: attorney_represents}}\n")
        got = five9(call, dispositions=own)
        assert outcomes(got) == ["conversation"]
        assert [(each.consumer_id, each.event.type, each.event.at) for each in got.events] == [("c1", "attorney_represents", AT)]

    def test_a_request_not_to_be_called_is_a_refusal_of_calls(self, five9):
        got = five9({**CALL, "DISPOSITION": "Do Not Call"})
        assert [(each.event.type, each.event.channel) for each in got.events] == [("medium_refused", "call")]

    def test_one_that_says_that_nothing_was_dialled_is_no_contact(self, five9, tmp_path):
        own = tmp_path / "own.yaml"
        own.write_text("Skipped: no_contact\n")
        got = five9({**CALL, "DISPOSITION": "Skipped"}, dispositions=own)
        assert (got.rows, got.counts.not_a_communication) == ([], 1)

    def test_talk_time_makes_a_conversation_where_the_reader_says_so(self, five9):
        call = {**CALL, "DISPOSITION": "No Disposition", "TALK TIME": "00:01:30"}
        assert outcomes(five9(call)) == ["answered"]
        assert outcomes(five9(call, conversation_seconds=90)) == ["conversation"]
        assert outcomes(five9(call, conversation_seconds=91)) == ["answered"]
        assert outcomes(five9({**call, "DISPOSITION": "Fax"}, conversation_seconds=90)) == ["answered"]
        assert outcomes(five9({**call, "DISPOSITION": "Answering Machine"}, conversation_seconds=90)) == ["voicemail"]

    def test_talk_time_on_a_call_that_did_not_connect_is_told_and_it_counts(self, five9):
        got = five9({**CALL, "DISPOSITION": "Busy", "TALK TIME": "00:01:30"})
        assert outcomes(got) == ["answered"]
        assert got.counts.problems[ProblemKind.CONTRADICTION] == 1

    @pytest.mark.parametrize("written", ["90", "1:99:00", "x"])
    def test_a_duration_that_cannot_be_read_is_told_and_the_row_kept(self, five9, written):
        got = five9({**CALL, "TALK TIME": written})
        assert outcomes(got) == ["no_answer"]
        assert got.counts.problems[ProblemKind.BAD_VALUE] == 1

    def test_an_abandoned_call_without_a_disposition_is_one(self, five9):
        assert outcomes(five9({**CALL, "DISPOSITION": "", "ABANDONED": "1"})) == ["abandoned"]
        assert outcomes(five9({**CALL, "DISPOSITION": "", "ABANDONED": "0"})) == [None]


class TestRowsOfOneCall:
    def test_rows_to_one_number_are_one_call_at_its_first_time_with_what_counts_most(self, five9):
        later = {**CALL, "TIMESTAMP": "Wed, 06 Apr 2022 10:05:00"}
        for calls in (
            ({**CALL, "DISPOSITION": "Do Not Call"}, {**later, "DISPOSITION": "No Answer"}),
            ({**later, "DISPOSITION": "No Answer"}, {**CALL, "DISPOSITION": "Do Not Call"}),
        ):
            rows, problems = deduplicate(five9(*calls).rows)
            assert [(row.communication.at, row.communication.outcome) for row in rows] == [(AT, "conversation")]
            assert [problem.kind for problem in problems] == [ProblemKind.DUPLICATE_ID]

    def test_a_transfer_under_the_same_id_to_another_number_is_a_call_of_its_own(self, five9):
        transfer = {**CALL, "CALL TYPE": "3rd party transfer", "DNIS": "5125550177"}
        rows, _ = deduplicate(five9(CALL, transfer, consumers_by_number={"+15125550100": ("c1",), "+15125550177": ("c1",)}).rows)
        assert [row.communication.address for row in rows] == ["+15125550100", "+15125550177"]

    def test_a_call_out_that_is_logged_again_as_inbound_stays_outbound(self, five9):
        inbound = {**CALL, "CALL TYPE": "Inbound", "ANI": CALL["DNIS"], "DNIS": CALL["ANI"], "DISPOSITION": "No Disposition"}
        rows, _ = deduplicate(five9(CALL, inbound).rows)
        assert [(row.communication.direction, row.communication.outcome) for row in rows] == [("outbound", "answered")]

    def test_rows_without_an_id_are_all_kept(self, five9):
        rows, _ = deduplicate(five9({**CALL, "CALL ID": ""}, {**CALL, "CALL ID": ""}).rows)
        assert len(rows) == 2


class TestNumbers:
    def test_a_number_that_cannot_be_read_is_told_and_its_row_nobodys(self, five9):
        got = five9({**CALL, "DNIS": "51255501"}, CALL)
        assert len(got.rows) == 1
        assert got.counts.left_out_by == {ProblemKind.MISSING_FIELD: 1}
        assert [each.column for each in got.problems if each.kind is ProblemKind.BAD_VALUE] == ["dnis"]

    def test_a_withheld_number_is_nobodys_unless_a_column_tells(self, five9):
        call = {**CALL, "CALL TYPE": "Inbound", "ANI": "Anonymous", "Acct": "A-1"}
        assert five9(call).counts.left_out_by == {ProblemKind.MISSING_FIELD: 1}
        got = five9(call, consumer_column="acct")
        assert [(row.consumer_id, row.communication.id) for row in got.rows] == [("A-1", "five9:1")]
