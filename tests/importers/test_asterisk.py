"""Asterisk's call detail records, with the numbers of a made-up shop."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.asterisk import positions
from fdcpa_guard.facts.importers.asterisk_channels import dialled_number, number_through_a_peer, outside_number, peer_of
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, open_log
from fdcpa_guard.facts.importers.rows import deduplicate
from fdcpa_guard.facts.models import CallerId

from .conftest import DATA, Read, read_all

CHICAGO = "America/Chicago"
ON_FILE = {"+15125550100": ("c1",)}
CALL = {
    "start": "2022-04-06 10:00:00", "src": "101", "dst": "95125550100", "channel": "SIP/alice-00000001",
    "dstchannel": "SIP/carrier-00000002", "lastapp": "Dial", "lastdata": "SIP/carrier/15125550100", "billsec": "0",
    "disposition": "NO ANSWER", "userfield": "", "uniqueid": "1649257200.1", "linkedid": "1649257200.1", "sequence": "1",
    "hangupcause": "",
}  # fmt: skip
INBOUND = {
    "src": "5125550100", "dst": "s", "channel": "SIP/carrier-00000007", "dstchannel": "SIP/bob-00000008",
    "lastapp": "Queue", "lastdata": "desk",
}  # fmt: skip


def read_file(name: str, **options: object) -> Read:
    return read_all(open_log([DATA / name], LogOptions(zone=CHICAGO, **options)))  # type: ignore[arg-type]


def table(*changes: dict[str, str]) -> str:
    return "\n".join([",".join(CALL), *(",".join({**CALL, **change}.values()) for change in changes)]) + "\n"


@pytest.fixture
def cdr(read):
    """Reads records that differ from `CALL`."""

    def do(*changes: dict[str, str], **options: object) -> Read:
        stated = {"format": "asterisk", "zone": CHICAGO, "consumers_by_number": ON_FILE, **options}
        return read(table(*changes), **stated)

    return do


class TestMasterCsv:
    def test_it_is_read_by_the_order_of_its_columns_from_the_first_record_on(self):
        got = read_file("asterisk_master.csv", consumers_by_number=ON_FILE)
        assert list(got.reading.formats.values()) == ["asterisk"]
        assert [
            (row.row, row.communication.direction, row.communication.outcome, row.raw_outcome) for row in got.rows
        ] == [
            (1, "outbound", "no_answer", "NO ANSWER"),
            (2, "outbound", "answered", "ANSWERED"),
            (4, "inbound", "answered", "ANSWERED"),
        ]
        assert got.counts.rows_read == 4
        assert any("it has no header" in message for message in got.messages)
        assert list(got.reading.unknown_columns.values()) == [()]

    def test_a_call_has_its_number_agent_caller_id_and_debt(self):
        got = read_file("asterisk_master.csv", consumers_by_number=ON_FILE, debt_column="userfield")
        first, _, last = got.rows
        assert first.consumer_id == "c1"
        assert first.communication.at == datetime(2022, 4, 6, 15, tzinfo=UTC)
        assert first.communication.address == "+15125550100"
        assert first.communication.agent == "SIP/alice"
        assert first.communication.caller_id == CallerId(number="+15125550199")
        assert first.communication.debts == ("D-1",)
        assert first.communication.id == "asterisk:dialer-1649257200.1/SIP/carrier-00000002"
        assert (last.communication.address, last.communication.agent) == ("+15125550100", "SIP/bob")
        assert (last.communication.caller_id, last.communication.debts) == (None, None)

    def test_a_telephone_of_the_shop_called_by_another_is_no_contact(self):
        got = read_file("asterisk_master.csv", consumers_by_number=ON_FILE)
        assert (got.counts.not_a_communication, got.counts.rows_unreadable) == (1, 0)

    def test_a_log_of_another_format_is_not_taken_for_it(self, read):
        content = (DATA / "asterisk_master.csv").read_text()
        with pytest.raises(FactsError, match="needs the column"):
            read(content, format="canonical")

    @pytest.mark.parametrize(
        ("more", "names"),
        [
            ([], ()),
            (["dialer-1649257200.1"], ("uniqueid",)),
            (["1649257200.1"], ("uniqueid",)),
            (["D-1"], ("userfield",)),
            (["1649257200.1", "D-1"], ("uniqueid", "userfield")),
            (["", "1649257200.1", "1"], ("peeraccount", "linkedid", "sequence")),
            (["1649257200.1", "", "1649257200.1", "1"], ("uniqueid", "peeraccount", "linkedid", "sequence")),
            (["1649257200.1", "D", "", "1649257200.1", "1"],
             ("uniqueid", "userfield", "peeraccount", "linkedid", "sequence")),
        ],
    )  # fmt: skip
    def test_what_was_switched_on_is_told_by_the_first_record(self, more, names):
        cells = [*[""] * 9, "2022-04-06 10:00:00", "", "2022-04-06 10:00:30", "30", "0", "BUSY", "3", *more]
        found = positions(cells)
        assert found is not None
        assert found[16:] == names

    @pytest.mark.parametrize(
        "change", [{9: "start"}, {11: "yesterday"}, {12: "SIP/carrier"}, {13: ""}], ids=["start", "end", "12", "13"]
    )
    def test_sixteen_columns_of_something_else_are_not_it(self, change):
        cells = [*[""] * 9, "2022-04-06 10:00:00", "", "2022-04-06 10:00:30", "30", "0", "BUSY", "3"]
        assert positions([change.get(place, cell) for place, cell in enumerate(cells)]) is None
        assert positions(cells[:15]) is None


class TestTable:
    def test_a_table_of_a_database_is_known_by_its_columns(self):
        got = read_file("asterisk_cdr.csv", consumers_by_number=ON_FILE)
        assert list(got.reading.formats.values()) == ["asterisk"]
        assert list(got.reading.unknown_columns.values()) == [()]

    def test_the_records_of_a_call_that_is_handed_over_are_one_call(self):
        got = read_file("asterisk_cdr.csv", consumers_by_number=ON_FILE)
        assert [row.row for row in got.rows] == [1, 3]
        kept, problems = deduplicate(got.rows)
        assert [(row.communication.at, row.communication.outcome) for row in kept] == [
            (datetime(2022, 4, 6, 15, tzinfo=UTC), "answered")
        ]
        assert [problem.kind for problem in problems] == [ProblemKind.DUPLICATE_ID]
        assert got.counts.not_a_communication == 1

    def test_a_file_that_is_no_table_of_calls_is_refused(self, read):
        damaged = (DATA / "asterisk_master.csv").read_text().replace("2022-04-06 10:00:00", "torn", 1)
        with pytest.raises(FactsError, match="needs the column `disposition`"):
            read(damaged, format="asterisk", zone=CHICAGO)

    def test_numbers_under_other_names_are_not_taken_for_calls_within_the_shop(self, read):
        content = table({"lastdata": ""}).replace("src,dst", "source,destination", 1)
        got = read(content, format="asterisk", zone=CHICAGO)
        assert (got.rows, got.counts.rows_unreadable) == ([], 1)

    def test_a_column_that_is_new_is_told(self, read):
        content = table({}).replace("hangupcause", "mood", 1)
        got = read(content, format="asterisk", zone=CHICAGO)
        assert list(got.reading.unknown_columns.values()) == [("mood",)]


class TestTimes:
    @pytest.mark.parametrize("name", ["asterisk_master.csv", "asterisk_cdr.csv"])
    def test_without_a_zone_the_file_is_refused(self, name):
        with pytest.raises(FactsError, match="have no zone"):
            read_all(open_log([DATA / name], LogOptions()))

    def test_a_log_in_gmt_is_read_as_such(self, cdr):
        assert cdr({}, zone="UTC").rows[0].communication.at == datetime(2022, 4, 6, 10, tzinfo=UTC)

    def test_an_hour_that_comes_twice_is_told(self, cdr):
        got = cdr({"start": "2022-11-06 01:30:00"})
        assert got.rows[0].communication.at == datetime(2022, 11, 6, 6, 30, tzinfo=UTC)
        assert ProblemKind.AMBIGUOUS_TIME in {problem.kind for problem in got.problems}

    @pytest.mark.parametrize(
        ("written", "kind"), [("", ProblemKind.MISSING_FIELD), ("2022-13-06 10:00:00", ProblemKind.BAD_VALUE)]
    )
    def test_a_record_without_a_time_is_left_out_and_its_consumer_known(self, cdr, written, kind):
        got = cdr({"start": written})
        assert got.rows == []
        assert got.counts.rows_unreadable == 1
        left = [problem for problem in got.problems if problem.left_out]
        assert [(problem.kind, problem.column, problem.consumer_id) for problem in left] == [(kind, "start", "c1")]


class TestOutcomes:
    @pytest.mark.parametrize(
        ("change", "outcome"),
        [
            ({"disposition": "ANSWERED", "billsec": "59"}, "answered"),
            ({"disposition": "ANSWERED", "billsec": "60"}, "conversation"),
            ({"disposition": "ANSWERED", "userfield": "HUMAN"}, "answered"),
            ({"disposition": "ANSWERED", "userfield": "HUMAN", "billsec": "60"}, "conversation"),
            ({"disposition": "ANSWERED", "userfield": "NOTSURE"}, "answered"),
            ({"disposition": "ANSWERED", "userfield": "HANGUP"}, "answered"),
            ({"disposition": "ANSWERED", "userfield": "AMDSTATUS=MACHINE", "billsec": "60"}, "voicemail"),
            ({"disposition": "ANSWERED", "userfield": "MACHINE SHOP 7"}, "answered"),
            ({"disposition": "ANSWERED", "hangupcause": "1"}, "answered"),
            ({"disposition": "NO ANSWER"}, "no_answer"),
            ({"disposition": "NO ANSWER", "userfield": "MACHINE"}, "no_answer"),
            ({"disposition": "NO ANSWER", "hangupcause": "1"}, "not_connected"),
            ({"disposition": "BUSY"}, "busy"),
            ({"disposition": "BUSY", "hangupcause": "21"}, "no_answer"),
            ({"disposition": "FAILED"}, "no_answer"),
            ({"disposition": "FAILED", "hangupcause": "28"}, "not_connected"),
            ({"disposition": "CONGESTION"}, "no_answer"),
            ({"disposition": "CONGESTION", "hangupcause": "27"}, "not_connected"),
            ({"disposition": "CONGESTION", "hangupcause": "17"}, "busy"),
        ],
    )
    def test_a_disposition_says_how_it_ended(self, cdr, change, outcome):
        assert cdr(change, conversation_seconds=60).rows[0].communication.outcome == outcome

    def test_no_length_proves_a_conversation_unless_the_reader_says_so(self, cdr):
        assert cdr({"disposition": "ANSWERED", "billsec": "3600"}).rows[0].communication.outcome == "answered"

    @pytest.mark.parametrize("code", ["8", "TELEPORTED"])
    def test_a_disposition_that_is_new_is_unknown_and_told(self, cdr, code):
        got = cdr({"disposition": code})
        assert got.rows[0].communication.outcome is None
        assert [problem.value for problem in got.problems if problem.kind is ProblemKind.UNMAPPED_DISPOSITION] == [code]


    def test_a_record_without_one_is_left_out_and_told(self, cdr):
        got = cdr({"disposition": ""})
        assert (got.rows, got.counts.rows_unreadable) == ([], 1)
        assert got.problems[-1].consumer_id == "c1"


class TestDirectionsAndNumbers:
    def test_a_call_from_outside_is_inbound(self, cdr):
        said = cdr({**INBOUND, "disposition": "ANSWERED"}).rows[0].communication
        assert (said.direction, said.address, said.agent) == ("inbound", "+15125550100", "SIP/bob")

    def test_a_queue_that_tries_several_agents_is_one_inbound_call(self, cdr):
        got = cdr(
            {**INBOUND, "disposition": "BUSY", "sequence": "1"},
            {**INBOUND, "disposition": "ANSWERED", "sequence": "2", "dstchannel": "SIP/carol-00000009"},
            {**INBOUND, "disposition": "NO ANSWER", "sequence": "3"},
        )
        kept, _ = deduplicate(got.rows)
        assert [(row.communication.direction, row.communication.outcome) for row in kept] == [("inbound", "answered")]

    def test_a_call_that_is_dialled_again_within_a_call_is_a_call_of_its_own(self, cdr):
        got = cdr({}, {"dstchannel": "SIP/carrier-00000003", "sequence": "2", "start": "2022-04-06 10:01:00"})
        kept, _ = deduplicate(got.rows)
        assert len(kept) == 2

    def test_dials_that_got_no_channel_are_told_apart(self, cdr):
        failed = {"dstchannel": "", "disposition": "FAILED"}
        got = cdr(failed, {**failed, "sequence": "2"}, {**failed, "sequence": "2"})
        kept, problems = deduplicate(got.rows)
        assert (len(kept), len(problems)) == (2, 1)

    def test_a_record_that_comes_twice_is_one_call(self, cdr):
        kept, problems = deduplicate(cdr({}, {}).rows)
        assert (len(kept), len(problems)) == (1, 1)

    def test_records_without_any_id_are_all_kept(self, cdr):
        got = cdr(*[{"uniqueid": "", "linkedid": ""}] * 2)
        kept, _ = deduplicate(got.rows)
        assert [row.id for row in kept] == [None, None]

    def test_a_caller_who_is_passed_on_to_a_second_number_is_two_calls(self, cdr):
        got = cdr(
            {**INBOUND, "disposition": "ANSWERED"},
            {
                "src": "5125550100", "channel": "SIP/carrier-00000007", "dst": "5125550101",
                "lastdata": "SIP/carrier/5125550101", "dstchannel": "SIP/carrier-00000012", "sequence": "2",
            },
            consumers_by_number={**ON_FILE, "+15125550101": ("c2",)},
        )  # fmt: skip
        assert [(row.consumer_id, row.communication.direction) for row in got.rows] == [
            ("c1", "inbound"), ("c2", "outbound"),
        ]  # fmt: skip

    def test_a_number_on_both_sides_is_told_apart_by_the_accounts(self, cdr):
        both = {"src": "5125550100", "dst": "5125550101", "lastapp": "Queue", "lastdata": "desk"}
        for on_file, direction in (({"+15125550100": ("c1",)}, "inbound"), ({"+15125550101": ("c2",)}, "outbound")):
            got = cdr(both, consumers_by_number=on_file)
            assert [row.communication.direction for row in got.rows] == [direction]

    def test_where_neither_is_on_file_it_is_taken_as_a_call_that_counts_and_told(self, cdr):
        both = {"src": "5125550100", "dst": "5125550101", "lastapp": "Queue", "lastdata": "desk"}
        got = cdr(both, {**both, "uniqueid": "2.2", "linkedid": "2.2"}, consumers_by_number={})
        assert [(row.consumer_id, row.communication.direction) for row in got.rows] == [("+15125550101", "outbound")] * 2
        assert sum("neither is on file" in message for message in got.messages) == 1

    def test_a_number_of_two_people_gives_the_call_to_both(self, cdr):
        got = cdr({}, consumers_by_number={"+15125550100": ("c1", "c2")})
        assert [row.consumer_id for row in got.rows] == ["c1", "c2"]

    def test_the_near_half_of_a_local_channel_is_no_contact(self, cdr):
        near = {"dstchannel": "Local/95125550100@out-00000001;1", "lastdata": "Local/95125550100@out"}
        got = cdr(near, {"channel": "Local/95125550100@out-00000001;2", "sequence": "2"})
        assert [(row.row, row.communication.agent) for row in got.rows] == [(2, None)]
        assert got.counts.not_a_communication == 1

    def test_a_dialled_leg_without_a_number_is_left_out_as_unreadable(self, cdr):
        got = cdr({"dst": "s", "dstchannel": "", "lastapp": "AppDial2", "lastdata": "(Outgoing Line)", "src": ""})
        assert (got.rows, got.counts.rows_unreadable) == ([], 1)

    @pytest.mark.parametrize(
        "change",
        [
            {"dst": "5550100", "lastdata": "SIP/carrier/5550100"},
            {"dst": "5550100", "lastdata": "SIP/carrier/5550100", "src": "5125550199"},
            {"dst": "442079460123", "lastdata": "", "lastapp": "Congestion", "dstchannel": ""},
            {"dst": "*01", "lastdata": "SIP/carrier/5550100"},
            {"dst": "*01", "lastdata": "PJSIP/5550100@carrier"},
        ],
    )
    def test_a_number_that_cannot_be_read_is_no_extension(self, cdr, change):
        got = cdr(change)
        assert (got.rows, got.counts.rows_unreadable) == ([], 1)
        got = cdr({**change, "userfield": "A-1001"}, consumer_column="userfield")
        assert [(row.consumer_id, row.communication.direction, row.communication.address) for row in got.rows] == [
            ("A-1001", "outbound", None)
        ]

    def test_a_telephone_named_by_its_number_is_no_number_outside(self, cdr):
        got = cdr({"dst": "102", "lastdata": "PJSIP/1000102", "dstchannel": "PJSIP/1000102-00000009"})
        assert got.counts.not_a_communication == 1


class TestOwnColumn:
    def test_a_column_that_names_the_consumer_goes_before_the_number(self, cdr):
        got = cdr({"userfield": "A-1001"}, consumer_column="userfield")
        assert [row.consumer_id for row in got.rows] == ["A-1001"]

    def test_where_it_is_empty_the_number_tells(self, cdr):
        assert [row.consumer_id for row in cdr({}, consumer_column="userfield").rows] == ["c1"]

    @pytest.mark.parametrize("caller", ["101", "5125550199"])
    def test_a_call_to_a_named_consumer_without_a_number_counts_and_is_told(self, cdr, caller):
        originated = {"dst": "s", "dstchannel": "", "lastapp": "Queue", "lastdata": "", "src": caller}
        got = cdr({**originated, "userfield": "A-1001"}, consumer_column="userfield")
        assert [(row.consumer_id, row.communication.direction, row.communication.address) for row in got.rows] == [
            ("A-1001", "outbound", None)
        ]
        assert any("taken as calls to them" in message for message in got.messages)

    def test_a_leg_within_the_shop_that_inherits_the_name_is_no_contact(self, cdr):
        inner = {"dst": "102", "dstchannel": "SIP/bob-00000009", "lastdata": "SIP/bob", "uniqueid": "1649257260.9"}
        got = cdr({"userfield": "A-1001"}, {**inner, "userfield": "A-1001"}, consumer_column="userfield")
        assert [row.row for row in got.rows] == [1]
        assert got.counts.not_a_communication == 1


class TestChannels:
    @pytest.mark.parametrize(
        ("written", "number"),
        [
            ("15125550100", "+15125550100"),
            ("95125550100", "+15125550100"),
            ("9915125550100", "+15125550100"),
            ("+15125550100", "+15125550100"),
            ("011442079460123", "+442079460123"),
            ("9011442079460123", "+442079460123"),
            ("442079460123", None),
            ("5550100", None),
            ("102", None),
            ("*97", None),
            ("s", None),
            ("", None),
            (None, None),
        ],
    )
    def test_what_was_dialled_is_a_number_or_not(self, written, number):
        assert dialled_number(written) == number

    def test_a_caller_has_no_access_code(self):
        assert outside_number("95125550100") is None
        assert outside_number("5125550100") == "+15125550100"

    @pytest.mark.parametrize(
        ("data", "channel", "number"),
        [
            ("SIP/carrier/15125550100,60,tT", None, "+15125550100"),
            ("SIP/carrier/15125550100|60|tT", None, "+15125550100"),
            ("PJSIP/15125550100@carrier", None, "+15125550100"),
            ("PJSIP/carrier/sip:15125550100@203.0.113.5", None, "+15125550100"),
            ("DAHDI/g1/w5125550100", None, None),
            ("DAHDI/g1/5125550100", None, "+15125550100"),
            ("SIP/alice&SIP/bob", None, None),
            ("Local/15125550100@out", None, None),
            ("SIP/one/5125550100&SIP/two/5125550101", "SIP/two-0000000a", "+15125550101"),
            ("SIP/one/5125550100&SIP/one/5125550101", "SIP/one-0000000a", None),
        ],
    )
    def test_a_number_is_dialled_through_a_peer(self, data, channel, number):
        assert number_through_a_peer("Dial", data, channel) == number
        assert number_through_a_peer("Playback", data, channel) is None

    def test_a_peer_is_a_channel_without_its_counter(self):
        assert [peer_of(each) for each in ("SIP/alice-0000002a", "SIP/al-ice-0000002a", "Local/1@o-0000002a;2")] == [
            "SIP/alice", "SIP/al-ice", "Local/1@o",
        ]  # fmt: skip


class TestWhatIsWrittenBetweenDigits:
    @pytest.mark.parametrize(
        "written", ["512-555-0102", "(512) 555-0102", "512.555.0102", "+1 512 555 0102", "1-512-555-0102", "9-1-512-555-0102"]
    )
    def test_a_number_dialled_through_a_trunk_is_one_however_it_is_written(self, cdr, written):
        for data in (f"SIP/carrier/{written}", f"PJSIP/carrier/sip:{written}@203.0.113.5:5060", f"PJSIP/{written}@carrier"):
            got = cdr({"dst": "outcall", "lastdata": data})
            assert [row.communication.address for row in got.rows] == ["+15125550102"]
            assert got.rows[0].communication.direction == "outbound"
        assert [row.communication.address for row in cdr({"dst": written, "lastdata": ""}).rows] == ["+15125550102"]

    @pytest.mark.parametrize("data", ["SIP/carrier/555-0102", "SIP/555.0102@carrier", "PJSIP/carrier/sip:555-0102@203.0.113.5"])
    def test_one_that_cannot_be_read_is_lost_and_told(self, cdr, data):
        got = cdr({"dst": "outcall", "lastdata": data})
        assert (got.rows, got.counts.rows_unreadable) == ([], 1)

    @pytest.mark.parametrize("data", ["PJSIP/200/sip:200@203.0.113.55:5060", "SIP/200@203.0.113.55", "SIP/203.0.113.55/200", "SIP/bob"])
    def test_the_address_of_a_telephone_in_the_shop_is_no_number(self, cdr, data):
        got = cdr({"dst": "200", "lastdata": data})
        assert (got.rows, got.counts.not_a_communication, got.counts.rows_unreadable) == ([], 1, 0)


def outgoing(src: str) -> dict[str, str]:
    return {
        "src": src, "dst": "s", "channel": "SIP/carrier-0000002e", "dstchannel": "",
        "lastapp": "AppDial2", "lastdata": "(Outgoing Line)",
    }  # fmt: skip


class TestLinesThatAsteriskDialsItself:
    """Their application shows it until somebody answers."""

    def test_a_number_on_file_was_called_and_that_is_told(self, cdr):
        got = cdr(outgoing("5125550100"))
        said = got.rows[0].communication
        assert (got.rows[0].consumer_id, said.direction, said.address) == ("c1", "outbound", "+15125550100")
        assert [problem.kind for problem in got.problems] == [ProblemKind.ASSUMPTION]

    def test_one_that_ran_something_else_without_a_number_is_told_where_its_trunk_is_known(self, cdr):
        played = {**outgoing(""), "lastapp": "Playback", "lastdata": "msg", "uniqueid": "1649257201.5", "linkedid": "1649257201.5"}
        for order in permutations(({}, played)):
            got = cdr(*order)
            assert (len(got.rows), got.counts.not_a_communication) == (1, 1)
            told = [problem for problem in got.problems if problem.kind is ProblemKind.ASSUMPTION]
            assert [problem.column for problem in told] == ["channel"]
        inner = {**played, "channel": "SIP/bob-0000002e"}
        assert not [problem for problem in cdr({}, inner).problems if problem.kind is ProblemKind.ASSUMPTION]

    @pytest.mark.parametrize("src", ["5125550199", "", "100"])
    def test_any_other_is_lost_and_told(self, cdr, src):
        got = cdr(outgoing(src))
        assert (got.rows, got.counts.rows_unreadable) == ([], 1)
