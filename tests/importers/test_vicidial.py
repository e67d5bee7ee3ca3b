"""VICIdial's exports, with the numbers of a made-up shop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, open_log
from fdcpa_guard.facts.importers.rows import deduplicate
from fdcpa_guard.facts.models import Address, Email, Phone

from .conftest import DATA, Read, read_all

ZONE = "America/Chicago"
EXPORT = DATA / "vicidial_export.txt"


def read_file(*names: str, **options: object) -> Read:
    return read_all(open_log([DATA / name for name in names], LogOptions(**options)))  # type: ignore[arg-type]


class TestExport:
    def test_without_the_zone_of_its_clock_the_file_is_refused(self):
        with pytest.raises(FactsError) as caught:
            read_file("vicidial_export.txt")
        assert str(caught.value).endswith(
            "vicidial_export.txt: the times of a vicidial export have no zone: name that of the clock that wrote them\n"
            "  = hint: --zone America/New_York"
        )

    def test_rows_become_calls(self):
        got = read_file("vicidial_export.txt", zone=ZONE)
        first, second = got.rows[:2]
        assert (first.consumer_id, first.raw_outcome) == ("A-1001", "NA")
        said = first.communication
        assert said.at == datetime(2022, 4, 6, 15, tzinfo=UTC)
        assert (said.channel, said.direction, said.address) == ("call", "outbound", "+15125550100")
        assert (said.outcome, said.dialing, said.agent, said.debts) == ("no_answer", "autodialed", None, ("A-1001",))
        assert (second.communication.address, second.communication.outcome) == ("+15125550101", "conversation")
        assert (second.communication.agent, second.communication.dialing) == ("6666", None)

    def test_what_it_tells_of_the_lead_is_told_when_it_is_new(self):
        got = read_file("vicidial_export.txt", zone=ZONE)
        assert [(facts.consumer_id, facts.row) for facts in got.accounts] == [("A-1001", 1), ("A-1002", 4), ("503", 5)]
        consumer = got.accounts[0].consumer
        assert consumer.addresses == (Address(line="1 Example Way", city="Austin", state="TX", zip="78701"),)
        assert consumer.phones == (Phone(number="+15125550100"), Phone(number="+15125550101"))
        assert consumer.emails == (Email(address="robin@example.com"),)

    def test_a_status_of_the_lead_is_no_call(self):
        got = read_file("vicidial_export.txt", zone=ZONE)
        assert got.counts.not_a_communication == 1
        assert got.counts.rows_unreadable == 0
        assert any("(1 row, the first is row 3) (found `NEW`)" in message for message in got.messages)

    def test_a_request_not_to_be_called_is_also_an_event(self):
        event = read_file("vicidial_export.txt", zone=ZONE).events[0]
        assert (event.consumer_id, event.event.type, event.event.channel) == ("A-1002", "medium_refused", "call")
        assert event.event.at == datetime(2022, 4, 6, 15, 7, tzinfo=UTC)

    def test_a_code_of_the_shops_own_is_unknown_and_told_once(self):
        got = read_file("vicidial_export.txt", zone=ZONE)
        assert [row.communication.outcome for row in got.rows if row.raw_outcome == "PTP"] == [None, None]
        told = [problem for problem in got.problems if problem.kind is ProblemKind.UNMAPPED_DISPOSITION]
        assert [(problem.value, problem.rows) for problem in told] == [("PTP", 2)]
        assert str(told[0]).endswith(
            "a code that the table of dispositions does not have: its outcome is unknown; say what it means in a file "
            "(--dispositions) (2 rows, the first is row 5) (found `PTP`)"
        )

    def test_a_shops_own_table_says_what_it_means(self, tmp_path):
        own = tmp_path / "own.yaml"
        own.write_text("PTP: conversation\nNA: {outcome: not_connected}\n")
        got = read_file("vicidial_export.txt", zone=ZONE, dispositions=own)
        assert [row.communication.outcome for row in got.rows] == [
            "not_connected", "conversation", "conversation", "conversation", "conversation",
        ]  # fmt: skip

    def test_the_consumer_is_found_by_the_account_or_in_a_column_that_is_named(self):
        by_account = read_file("vicidial_export.txt", zone=ZONE, consumers_by_debt={"A-1001": ("c1",)})
        assert [row.consumer_id for row in by_account.rows] == ["c1", "c1", "A-1002", "503", "503"]
        assert by_account.rows[0].communication.debts == ("A-1001",)
        by_column = read_file("vicidial_export.txt", zone=ZONE, consumer_column="lead_id", debt_column="source_id")
        assert by_column.rows[0].consumer_id == "501"
        assert by_column.rows[0].communication.debts == ("batch7",)

    def test_no_column_of_it_is_unknown(self):
        reading = read_file("vicidial_export.txt", zone=ZONE).reading
        assert list(reading.unknown_columns.values()) == [()]

    def test_a_carriers_cause_shows_that_a_call_did_not_connect(self, read):
        header = "call_date,phone_number_dialed,status,user,vendor_lead_code,lead_id,hangup_cause,dialstatus"
        rows = [
            ("NA", 1, "CHANUNAVAIL", "not_connected"),
            ("NA", 17, "BUSY", "busy"),
            ("NA", 19, "NOANSWER", "no_answer"),
            ("AB", 21, "BUSY", "no_answer"),
            ("NA", 16, "CANCEL", "no_answer"),
            ("NA", 1, "ANSWER", "no_answer"),
            ("SALE", 1, "ANSWER", "conversation"),
        ]
        text = header + "\n" + "".join(
            f"2022-04-06 10:00:00,5125550100,{code},6666,A-1,1,{cause},{dial}\n" for code, cause, dial, _ in rows
        )  # fmt: skip
        got = read(text, format="vicidial", zone=ZONE)
        assert [row.communication.outcome for row in got.rows] == [outcome for *_, outcome in rows]

    def test_a_row_that_is_nobodys_is_left_out(self, read):
        got = read("call_date,phone_number_dialed,status\n2022-04-06 10:00:00,,NA\n", format="vicidial", zone=ZONE)
        assert got.messages == [
            "log.csv: row 1, column `vendor_lead_code`: nothing tells whose row this is; the row is left out"
        ]

    def test_a_time_that_is_none_costs_the_row_and_is_told_with_its_consumer(self, read):
        got = read("call_date,phone_number_dialed,status,lead_id\nsoon,5125550100,NA,7\n", format="vicidial", zone=ZONE)
        assert got.messages == [
            "log.csv: row 1, column `call_date`: expected an instant such as 2026-03-02T09:30:00-05:00 (found `soon`); "
            "the row is left out"
        ]
        assert got.problems[0].consumer_id == "7"

    def test_a_number_of_another_country_is_read_by_its_code(self, read):
        text = "call_date,phone_code,phone_number,status,lead_id\n2022-04-06 10:00:00,44,2079460123,NA,7\n"
        assert read(text, format="vicidial", zone=ZONE).rows[0].communication.address == "+442079460123"


class TestTables:
    def test_the_log_tells_its_instants_by_epoch_and_needs_no_zone(self):
        got = read_file("vicidial_log.csv")
        first, second = (row.communication for row in got.rows)
        assert first.at == datetime.fromtimestamp(1649257200, UTC)
        assert (first.id, first.outcome, first.dialing, first.agent) == (
            "vicidial:1649257200.101", "abandoned", "autodialed", None,
        )  # fmt: skip
        assert (second.outcome, second.dialing, second.agent) == ("voicemail", "manual", "6666")
        assert [row.consumer_id for row in got.rows] == ["501", "502"]

    def test_a_zone_that_disagrees_with_the_epoch_is_doubted(self):
        got = read_file("vicidial_log.csv", zone="America/New_York")
        assert got.rows[0].communication.at == datetime.fromtimestamp(1649257200, UTC)
        doubts = [problem for problem in got.problems if problem.kind is ProblemKind.ZONE_DOUBTED]
        assert len(doubts) == 2
        assert "call_date in America/New_York and start_epoch are 1.0 hours apart" in doubts[0].message

    def test_a_leg_handed_to_a_queue_is_the_same_call(self):
        got = read_file("vicidial_log.csv", "vicidial_closer_log.csv")
        assert got.rows[2].communication.direction == "inbound"
        kept, problems = deduplicate([row for row in got.rows if row.consumer_id == "501"])
        assert len(kept) == 1
        assert len(problems) == 1
        said = kept[0].communication
        assert (said.direction, said.outcome) == ("outbound", "conversation")
        assert said.at == datetime.fromtimestamp(1649257200, UTC)

    def test_the_dial_log_finds_calls_that_the_log_lacks_and_adds_to_those_that_it_has(self):
        got = read_file("vicidial_log.csv", "vicidial_dial_log.csv", zone=ZONE)
        dialled = got.rows[2:]
        assert [row.communication.address for row in dialled] == ["+15125550100", "+15125550102"]
        assert [row.communication.dialing for row in dialled] == ["autodialed", "manual"]
        assert [row.communication.outcome for row in dialled] == ["not_connected", None]
        kept, _ = deduplicate([row for row in got.rows if row.consumer_id == "502"])
        assert len(kept) == 2
        assert kept[1].communication.at - kept[0].communication.at == timedelta(seconds=500)

    def test_the_phone_number_log_knows_only_numbers(self):
        got = read_file("vicidial_phone_number_log.txt", zone=ZONE)
        assert got.rows[0].consumer_id == "+15125550100"
        assert got.rows[0].communication.outcome == "conversation"
        assert any("stands for a consumer of its own" in message for message in got.messages)
        known = read_file(
            "vicidial_phone_number_log.txt", zone=ZONE, consumers_by_number={"+15125550100": ("c1", "c2")}
        )
        assert [row.consumer_id for row in known.rows] == ["c1", "c2"]
        assert known.counts.rows_given == 1
