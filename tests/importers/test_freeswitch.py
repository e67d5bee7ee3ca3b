"""FreeSWITCH's call detail records, with the numbers of a made-up shop."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import permutations
from urllib.parse import quote

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.dispositions import load_dispositions
from fdcpa_guard.facts.importers.freeswitch_parts import bridged_number, positions
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, open_log
from fdcpa_guard.facts.importers.rows import deduplicate
from fdcpa_guard.facts.models import CallerId

from .conftest import DATA, Read, read_all

CHICAGO = "America/Chicago"
ON_FILE = {"+15125550100": ("c1",), "+15125550101": ("c2",)}
A, B, B2 = (f"0a1b2c3d-0000-4000-8000-00000000000{place}" for place in "abc")
CALL = {
    "caller_id_number": "101", "destination_number": "95125550100", "start_stamp": "2022-04-06 10:00:00", "answer_stamp": "",
    "billsec": "0", "hangup_cause": "NO_ANSWER", "uuid": A, "bleg_uuid": "", "accountcode": "A-1", "last_app": "bridge",
    "last_arg": "", "sip_term_status": "", "amd_result": "",
}  # fmt: skip
ANSWERED = {"answer_stamp": "2022-04-06 10:00:10", "billsec": "60", "hangup_cause": "NORMAL_CLEARING"}
INBOUND = {"caller_id_number": "5125550100", "destination_number": "5125550199"}


def master(**options: object) -> Read:
    stated = {"zone": CHICAGO, "consumers_by_number": ON_FILE, **options}
    return read_all(open_log([DATA / "freeswitch_master.csv"], LogOptions(**stated)))  # type: ignore[arg-type]


@pytest.fixture
def cdr(read):
    """Reads records that differ from `CALL`."""

    def do(*changes: dict[str, str], **options: object) -> Read:
        rows = [",".join(CALL), *(",".join({**CALL, **change}.values()) for change in changes)]
        stated = {"format": "freeswitch", "zone": CHICAGO, "consumers_by_number": ON_FILE, **options}
        return read("\n".join(rows) + "\n", **stated)

    return do


class TestCsvWithoutAHeader:
    def test_it_is_read_by_the_order_of_its_columns_from_the_first_record_on(self):
        got = master()
        assert list(got.reading.formats.values()) == ["freeswitch"]
        assert list(got.reading.unknown_columns.values()) == [()]
        assert [
            (row.row, row.communication.direction, row.communication.outcome, row.raw_outcome) for row in got.rows
        ] == [
            (1, "outbound", "no_answer", "NO_ANSWER"),
            (2, "outbound", "answered", "NORMAL_CLEARING"),
            (4, "inbound", "answered", "NORMAL_CLEARING"),
        ]
        assert (got.counts.not_a_communication, got.counts.rows_unreadable) == (1, 0)

    def test_a_call_has_its_number_agent_and_time(self):
        first, _, last = master().rows
        said = first.communication
        assert (first.consumer_id, said.at, said.address) == ("c1", datetime(2022, 4, 6, 15, tzinfo=UTC), "+15125550100")
        assert (said.agent, said.caller_id, said.channel) == ("101", None, "call")
        assert (last.communication.agent, last.communication.caller_id) == (None, None)

    def test_without_the_zone_of_its_clock_it_is_refused(self):
        with pytest.raises(FactsError, match="have no zone"):
            master(zone=None)

    def test_the_built_in_template_has_a_space_before_its_last_column(self, read):
        line = f'"Six","101","5125550100","default","2022-04-06 10:00:00","","2022-04-06 10:00:31","31","0","NO_ANSWER","{A}","", "A-1"\n'
        got = read(line, format=None, zone=CHICAGO, consumers_by_number=ON_FILE, consumer_column="accountcode")
        assert [(row.consumer_id, row.communication.address) for row in got.rows] == [("A-1", "+15125550100")]
        assert read(line, format=None, zone=CHICAGO, consumers_by_number=ON_FILE).rows[0].consumer_id == "c1"

    def test_the_template_that_imitates_asterisk_is_told_from_it(self, read):
        line = (
            f'"A-1","101","5125550100","default","""Six"" <101>","sofia/internal/101@example.com","sofia/external/15125550100",'
            f'"bridge","sofia/gateway/carrier/15125550100","2022-04-06 10:00:00","","2022-04-06 10:00:31","31","0","USER_BUSY","3","{A}",""\n'
        )
        got = read(line, format=None, zone=CHICAGO, consumers_by_number=ON_FILE)
        assert list(got.reading.formats.values()) == ["freeswitch"]
        assert [(row.consumer_id, row.communication.outcome) for row in got.rows] == [("c1", "busy")]

    def test_another_template_is_known_where_it_stands_before_the_records(self, read):
        line = '"${start_stamp}","${destination_number}","${caller_id_number}","${hangup_cause}","${uuid}","${Debt}"\n'
        record = f'"2022-04-06 10:00:00","5125550100","101","NO_ANSWER","{A}","D-1"\n'
        got = read(line + record, format=None, zone=CHICAGO, consumers_by_number=ON_FILE, debt_column="debt")
        assert [(row.consumer_id, row.communication.debts) for row in got.rows] == [("c1", ("D-1",))]
        assert (got.counts.not_a_communication, got.counts.rows_unreadable) == (1, 0)

    @pytest.mark.parametrize("change", [{4: "start"}, {6: ""}, {7: "x"}, {8: ""}, {10: "1649257200.1"}])
    def test_fifteen_columns_of_something_else_are_not_it(self, change):
        cells = ["", "", "", "", "2022-04-06 10:00:00", "", "2022-04-06 10:00:31", "31", "0", "NO_ANSWER", A, "", "", "", ""]
        assert positions(cells) is not None
        assert positions([change.get(place, cell) for place, cell in enumerate(cells)]) is None
        assert positions(cells[:14]) is None
        assert positions(["${uuid}", "${start_stamp}"]) is None


class TestWhichWayAndTheNumber:
    @pytest.mark.parametrize(("change", "direction", "number"), [
        ({}, "outbound", "+15125550100"),
        ({"destination_number": "5125550100", "caller_id_number": "5125550199"}, "outbound", "+15125550100"),
        ({"destination_number": "5000", "last_arg": "sofia/gateway/carrier/15125550100"}, "outbound", "+15125550100"),
        (INBOUND, "inbound", "+15125550100"),
        ({**INBOUND, "destination_number": "5000"}, "inbound", "+15125550100"),
        ({"destination_number": "5125550177", "caller_id_number": "5125550199"}, "outbound", "+15125550177"),
    ])  # fmt: skip
    def test_the_numbers_tell_which_way_it_went(self, cdr, change, direction, number):
        (row,) = cdr(change).rows
        assert (row.communication.direction, row.communication.address) == (direction, number)

    def test_neither_on_file_is_told(self, cdr):
        got = cdr({"destination_number": "5125550177", "caller_id_number": "5125550199"})
        assert got.rows[0].communication.caller_id == CallerId(number="+15125550199")
        assert any("neither is on file" in each for each in got.messages)

    def test_the_number_shown_is_no_agent(self, cdr):
        (row,) = cdr({"caller_id_number": "5125550199"}).rows
        assert (row.communication.agent, row.communication.caller_id) == (None, CallerId(number="+15125550199"))

    def test_telephones_of_the_shop_are_no_contact_and_what_cannot_be_read_is_lost(self, cdr):
        got = cdr({"destination_number": "102"}, {"destination_number": "5550100"})
        assert (got.rows, got.counts.not_a_communication, got.counts.rows_unreadable) == ([], 1, 1)

    def test_a_named_column_goes_before_the_number(self, cdr):
        got = cdr({}, {"destination_number": "102"}, consumer_column="accountcode", debt_column="AccountCode")
        assert [(row.consumer_id, row.communication.address, row.communication.debts) for row in got.rows] == [
            ("A-1", "+15125550100", ("A-1",)), ("A-1", None, ("A-1",)),
        ]  # fmt: skip
        assert any("name a consumer and no number" in each for each in got.messages)

    @pytest.mark.parametrize(("app", "arg", "number"), [
        ("bridge", "sofia/gateway/carrier/15125550100", "+15125550100"),
        ("bridge", "{ignore_early_media=true,x=1}sofia/external/15125550100@203.0.113.5", "+15125550100"),
        ("bridge", "[leg_timeout=20]sofia/gateway/a/5125550100|sofia/gateway/b/15125550100", "+15125550100"),
        ("bridge", "sofia/gateway/a/5125550100,sofia/gateway/a/5125550101", None),
        ("bridge", "user/101", None), ("bridge", "", None), ("bridge", "sofia/internal/101@example.com", None),
        ("playback", "sofia/gateway/carrier/15125550100", None), (None, None, None),
    ])  # fmt: skip
    def test_what_a_bridge_names(self, app, arg, number):
        assert bridged_number(app, arg) == number


class TestLegs:
    @pytest.mark.parametrize("order", list(permutations(range(2))))
    def test_two_records_that_name_each_other_are_one_call(self, cdr, order):
        legs = [{**ANSWERED, "bleg_uuid": B}, {**ANSWERED, "uuid": B, "bleg_uuid": A, "destination_number": "15125550100"}]
        kept, _ = deduplicate(cdr(*(legs[place] for place in order)).rows)
        assert [row.communication.outcome for row in kept] == ["answered"]

    @pytest.mark.parametrize("order", list(permutations(range(2))))
    def test_a_leg_that_was_never_bridged_is_one_with_the_leg_that_names_it(self, cdr, order):
        legs = [{}, {"uuid": B, "bleg_uuid": A}]
        kept, _ = deduplicate(cdr(*(legs[place] for place in order)).rows)
        assert len(kept) == 1

    def test_a_number_dialled_again_in_an_agents_session_is_a_call_of_its_own(self, cdr):
        first, second = {"uuid": B, "bleg_uuid": A}, {"uuid": B2, "bleg_uuid": A}
        kept, _ = deduplicate(cdr(first, second, {"destination_number": "5000", **ANSWERED}).rows)
        assert len(kept) == 2
        kept, _ = deduplicate(cdr(first, {}, second).rows)
        assert len(kept) == 2

    def test_legs_to_two_numbers_are_two_calls(self, cdr):
        other = {"uuid": B, "bleg_uuid": A, "destination_number": "5125550101"}
        kept, _ = deduplicate(cdr({"bleg_uuid": B}, other).rows)
        assert [row.consumer_id for row in kept] == ["c1", "c2"]

    def test_records_without_an_id_are_all_kept(self, cdr):
        assert [row.communication.id for row in cdr({"uuid": ""}, {"uuid": ""}).rows] == [None, None]


class TestOutcomes:
    @pytest.mark.parametrize(("cause", "outcome"), [
        (line.code, line.outcome) for line in load_dispositions("freeswitch").table() if "ANSWERED" not in line.code
    ])  # fmt: skip
    def test_each_cause_of_an_unanswered_call(self, cdr, cause, outcome):
        assert [row.communication.outcome for row in cdr({"hangup_cause": cause}).rows] == [outcome]

    @pytest.mark.parametrize(("cause", "outcome"), [
        ("USER_BUSY", "busy"), ("UNALLOCATED_NUMBER", "not_connected"), ("CALL_REJECTED", "no_answer"),
        ("ORIGINATOR_CANCEL", "no_answer"), ("NORMAL_TEMPORARY_FAILURE", "no_answer"), ("NORMAL_CLEARING", "no_answer"),
        ("GATEWAY_DOWN", "not_connected"),
    ])  # fmt: skip
    def test_what_counts_and_what_did_not_connect(self, cdr, cause, outcome):
        assert cdr({"hangup_cause": cause}).rows[0].communication.outcome == outcome

    @pytest.mark.parametrize(("status", "outcome"), [("404", "not_connected"), ("486", "busy"), ("503", "no_answer"), ("603", "no_answer")])
    def test_a_sip_code_tells_whether_it_reached_the_number(self, cdr, status, outcome):
        got = cdr({"hangup_cause": "NORMAL_TEMPORARY_FAILURE", "sip_term_status": status})
        assert got.rows[0].communication.outcome == outcome

    def test_whatever_ended_an_answered_call_it_was_answered(self, cdr):
        got = cdr({**ANSWERED, "hangup_cause": "USER_BUSY"}, {**ANSWERED, "billsec": "0"}, {**ANSWERED, "answer_stamp": ""})
        assert [row.communication.outcome for row in got.rows] == ["answered"] * 3
        got = cdr({"answer_stamp": "1969-12-31 18:00:00"}, {"answer_stamp": "0000-00-00 00:00:00"})
        assert [row.communication.outcome for row in got.rows] == ["no_answer"] * 2

    @pytest.mark.parametrize(("verdict", "outcome"), [
        ("MACHINE", "voicemail"), ("HUMAN", "answered"), ("NOTSURE", "answered"), ("", "answered"), ("NEW", "answered"),
    ])  # fmt: skip
    def test_who_answered(self, cdr, verdict, outcome):
        assert cdr({**ANSWERED, "amd_result": verdict}).rows[0].communication.outcome == outcome

    def test_a_length_that_was_named_makes_a_conversation(self, cdr):
        got = cdr(ANSWERED, {**ANSWERED, "billsec": "59"}, {"billsec": "0"}, conversation_seconds=60)
        assert [row.communication.outcome for row in got.rows] == ["conversation", "answered", "no_answer"]

    def test_a_cause_that_is_new_is_told(self, cdr):
        got = cdr({"hangup_cause": "SOLAR_FLARE"})
        assert got.rows[0].communication.outcome is None
        assert any(each.kind is ProblemKind.UNMAPPED_DISPOSITION and each.value == "SOLAR_FLARE" for each in got.problems)


class TestTimes:
    def test_a_time_with_an_offset_needs_no_clock(self, read):
        content = f"destination_number,hangup_cause,start_stamp,uuid\n5125550100,NO_ANSWER,2022-04-06 10:00:00-05,{A}\n"
        got = read(content, format=None, zone="UTC", consumers_by_number=ON_FILE)
        assert [row.communication.at.astimezone(UTC) for row in got.rows] == [datetime(2022, 4, 6, 15, tzinfo=UTC)]

    @pytest.mark.parametrize(("column", "value"), [("start_epoch", "1649257200"), ("start_uepoch", "1649257200000000")])
    def test_seconds_and_millionths_since_1970_go_before_the_stamp_and_need_no_zone(self, read, column, value):
        content = f"destination_number,hangup_cause,start_stamp,{column}\n5125550100,NO_ANSWER,2022-04-06 23:00:00,{value}\n"
        got = read(content, format=None, consumers_by_number=ON_FILE)
        assert [row.communication.at for row in got.rows] == [datetime(2022, 4, 6, 15, tzinfo=UTC)]

    def test_seconds_in_the_column_of_millionths_are_no_time_of_a_call(self, read):
        content = "destination_number,hangup_cause,start_epoch\n5125550100,NO_ANSWER,1649257200000000\n"
        got = read(content, format=None, consumers_by_number=ON_FILE)
        assert (got.rows, [each.consumer_id for each in got.problems if each.left_out]) == ([], ["c1"])

    def test_an_hour_that_comes_twice_is_told(self, cdr):
        got = cdr({"start_stamp": "2022-11-06 01:30:00"})
        assert got.rows[0].communication.at == datetime(2022, 11, 6, 6, 30, tzinfo=UTC)
        assert any(each.kind is ProblemKind.AMBIGUOUS_TIME and each.consumer_id == "c1" for each in got.problems)

    @pytest.mark.parametrize("stamp", ["", "yesterday"])
    def test_without_one_a_row_is_lost_as_its_consumers(self, cdr, stamp):
        got = cdr({"start_stamp": stamp})
        assert [(each.column, each.consumer_id) for each in got.problems if each.left_out] == [("start_stamp", "c1")]


def record(variables: dict[str, object] | None = None, *profiles: dict[str, str], encoded: bool = False) -> dict[str, object]:
    said: dict[str, object] = {
        "direction": "inbound", "uuid": A, "start_stamp": "2022-04-06 10:00:00", "start_epoch": "1649257200",
        "answer_epoch": "0", "billsec": "0", "hangup_cause": "NO_ANSWER", "acct": "A 1", **(variables or {}),
    }  # fmt: skip
    if encoded:
        said = {name: quote(str(value)) for name, value in said.items()}
    flow = profiles or ({"caller_id_number": "101", "destination_number": "5125550100", "uuid": A},)
    return {
        "core-uuid": B2, "switchname": "switch.example.com", "channel_data": {"state": "CS_REPORTING", "direction": "inbound"},
        "callStats": {}, "variables": said, "app_log": {"applications": []},
        "callflow": [{"dialplan": "XML", "caller_profile": profile, "times": {"created_time": "1649257200000000"}} for profile in flow],
    }  # fmt: skip


class TestJson:
    @pytest.mark.parametrize("encoded", [False, True])
    def test_a_record_is_read_from_its_variables_and_first_profile(self, read, encoded):
        content = json.dumps(record(encoded=encoded), indent=1)
        got = read(content, "log.json", consumers_by_number=ON_FILE, debt_column="acct")
        assert list(got.reading.formats.values()) == ["freeswitch"]
        assert list(got.reading.unknown_columns.values()) == [()]
        (row,) = got.rows
        said = row.communication
        assert (row.consumer_id, said.at, said.outcome) == ("c1", datetime(2022, 4, 6, 15, tzinfo=UTC), "no_answer")
        assert (said.direction, said.agent, said.debts, said.id) == ("outbound", "101", ("A 1",), f"freeswitch:{A}/+15125550100")

    def test_it_was_answered_where_it_has_a_time_of_that(self, read):
        content = json.dumps(record({"answer_epoch": "1649257210", "billsec": "40", "hangup_cause": "NORMAL_CLEARING"}))
        assert read(content, "log.json", consumers_by_number=ON_FILE).rows[0].communication.outcome == "answered"

    def test_the_consumer_may_be_a_variable(self, read):
        got = read(json.dumps(record()), "log.json", consumer_column="acct")
        assert [row.consumer_id for row in got.rows] == ["A 1"]

    def test_a_call_put_through_to_a_queue_is_still_one_to_its_number(self, read):
        first = {"caller_id_number": "5125550199", "destination_number": "15125550100", "uuid": A}
        content = json.dumps(record({"direction": "outbound"}, {**first, "destination_number": "5000"}, first))
        (row,) = read(content, "log.json", consumers_by_number=ON_FILE).rows
        assert (row.communication.direction, row.communication.address) == ("outbound", "+15125550100")

    def test_a_call_passed_on_to_another_number_on_file_is_a_call_to_each(self, read):
        first = {"caller_id_number": "101", "destination_number": "15125550100", "uuid": A}
        content = json.dumps(record(None, {**first, "destination_number": "5125550101"}, first))
        got = read(content, "log.json", consumers_by_number=ON_FILE)
        assert [(row.consumer_id, row.communication.outcome) for row in got.rows] == [("c1", "no_answer"), ("c2", None)]

    def test_a_leg_dialled_for_another_is_one_call_with_it(self, read):
        b = record({"uuid": B, "originating_leg_uuid": A, "direction": "outbound"})
        kept, _ = deduplicate(read("\n".join(map(json.dumps, (record(), b))), "log.jsonl", consumers_by_number=ON_FILE).rows)
        assert len(kept) == 1

    @pytest.mark.parametrize(("variables", "column"), [
        ({"start_epoch": "soon", "start_stamp": ""}, "start_stamp"), ({"start_epoch": "0"}, "start_stamp"),
    ])  # fmt: skip
    def test_without_a_time_it_is_lost_as_its_consumers(self, read, variables, column):
        got = read(json.dumps(record(variables)), "log.json", consumers_by_number=ON_FILE)
        assert [(each.column, each.consumer_id) for each in got.problems if each.left_out] == [(column, "c1")]

    @pytest.mark.parametrize("change", [{"variables": []}, {"variables": "x"}, {"callflow": ["x"]}])
    def test_what_is_no_structure_is_told_and_its_row_lost(self, read, change):
        got = read(json.dumps({**record(), **change}), "log.json", consumers_by_number=ON_FILE)
        assert (got.rows, len([each for each in got.problems if each.left_out])) == ([], 1)
