"""SendGrid's events, with the messages of a made-up shop."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from fdcpa_guard.auditing.consumers import consumer_log
from fdcpa_guard.auditing.spool import Spool, SpooledConsumer, SpoolReader
from fdcpa_guard.facts.importers.dispositions import load_dispositions
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import LogOptions, numbers_on_file, open_log
from fdcpa_guard.facts.importers.rows import AccountFacts, Witness, deduplicate
from fdcpa_guard.facts.models import Collector, Consumer, Email

from .conftest import DATA, Read, read_all

SENT = datetime(2022, 4, 6, 15, tzinfo=UTC)
BASE = int(SENT.timestamp())
ON_FILE = {"pat@example.com": ("c1",), "lee@example.com": ("c2",)}


def event(name: str, seconds: int = 0, **more: object) -> dict[str, object]:
    return {
        "email": "pat@example.com", "timestamp": BASE + seconds, "event": name, "sg_message_id": "m1",
        "sg_event_id": f"{name}{seconds}", **more,
    }  # fmt: skip


def lines(*events: dict[str, object]) -> str:
    return "\n".join(map(json.dumps, events))


def fixture(**options: object) -> Read:
    options.setdefault("consumer_column", "account")
    return read_all(open_log([DATA / "sendgrid_events.json"], LogOptions(**options)))  # type: ignore[arg-type]


def messages_of(got: Read, consumer: str) -> list[tuple[object, object, object]]:
    kept, _ = deduplicate([row for row in got.rows if row.consumer_id == consumer])
    return [(row.communication.at, row.communication.outcome, row.raw_outcome) for row in kept]


class TestAFileOfEvents:
    def test_the_events_of_a_message_are_one_email_sent_when_it_was_processed(self):
        got = fixture(debt_column="account")
        assert messages_of(got, "A-1001") == [(SENT, "delivered", "unsubscribe")]
        assert messages_of(got, "A-1002") == [(SENT + timedelta(seconds=10), "undeliverable", "bounce/bounce")]
        said = got.rows[0].communication
        assert (said.channel, said.direction, said.address) == ("email", "outbound", "pat@example.com")
        assert said.debts == ("A-1001",)
        assert said.id == "sendgrid:14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.1/pat@example.com"

    def test_events_of_one_message_are_no_duplicates_to_tell(self):
        kept, problems = deduplicate([row for row in fixture().rows if row.consumer_id == "A-1001"])
        assert (len(kept), problems) == (1, [])

    def test_what_was_dropped_was_not_sent_and_what_is_made_up_is_no_event(self):
        got = fixture()
        assert {row.consumer_id for row in got.rows} == {"A-1001", "A-1002"}
        assert (got.counts.not_a_communication, got.counts.rows_unreadable) == (2, 0)
        assert next(each for each in got.messages if "test a webhook" in each).endswith(
            "(found `test`); the row is left out"
        )

    def test_an_unsubscription_refuses_email_and_so_does_a_message_held_back_for_one(self):
        got = fixture()
        assert [(each.consumer_id, each.row, each.event.type, each.event.channel, each.event.address, each.event.at)
                for each in got.events] == [
            ("A-1001", 5, "medium_refused", "email", "pat@example.com", SENT + timedelta(seconds=7300)),
            ("A-1004", 10, "medium_refused", "email", "ana@example.com", SENT + timedelta(seconds=40)),
        ]  # fmt: skip
        assert all(each.event.written for each in got.events)

    def test_it_is_recognised_and_no_field_is_unknown(self):
        reading = fixture().reading
        assert list(reading.formats.values()) == ["sendgrid"]
        assert list(reading.unknown_columns.values()) == [()]


class TestShapes:
    def test_lists_one_after_another_and_lines_are_read_alike(self, read):
        events = [event("processed"), event("delivered", 2)]
        posts = "\n".join(json.dumps([each]) for each in events)
        for text, name in ((posts, "posts.jsonl"), (lines(*events), "log.jsonl"), (json.dumps(events), "log.json")):
            got = read(text, name, consumers_by_number=ON_FILE)
            assert [row.raw_outcome for row in got.rows] == ["processed", "delivered"]
            assert list(got.reading.formats.values()) == ["sendgrid"]

    def test_the_name_of_an_event_may_be_written_in_capitals(self, read):
        got = read(lines(event("Processed")), "log.jsonl")
        assert [(row.raw_outcome, row.witness) for row in got.rows] == [("processed", Witness.ACT)]

    def test_a_field_of_the_shops_own_is_told(self, read):
        got = read(lines(event("processed", colour="red")), "log.jsonl")
        assert list(got.reading.unknown_columns.values()) == [("colour",)]


class TestTimes:
    @pytest.mark.parametrize(
        "written",
        [BASE, str(BASE), BASE * 1000, str(BASE * 1000), "2022-04-06T10:00:00-05:00", "2022-04-06 15:00:00 UTC"],
    )
    def test_seconds_milliseconds_and_instants_are_told_apart(self, read, written):
        got = read(lines(event("processed", timestamp=written)), "log.jsonl")
        assert got.rows[0].communication.at == SENT

    @pytest.mark.parametrize(
        ("written", "kind"),
        [
            ("2022-04-06T10:00:00", ProblemKind.NAIVE_TIME),
            ("soon", ProblemKind.BAD_VALUE),
            (-1, ProblemKind.BAD_VALUE),
            ("1e30", ProblemKind.BAD_VALUE),
            (10**40, ProblemKind.BAD_VALUE),
            (True, ProblemKind.BAD_VALUE),
        ],
    )
    def test_a_time_that_cannot_be_read_leaves_the_row_out_as_its_consumers(self, read, written, kind):
        got = read(lines(event("processed", timestamp=written)), "log.jsonl", consumers_by_number=ON_FILE)
        assert got.rows == []
        assert kind in {problem.kind for problem in got.problems}
        left_out = [problem for problem in got.problems if problem.left_out]
        assert [(each.column, each.consumer_id) for each in left_out] == [("timestamp", "c1")]

    def test_a_row_without_a_time_says_so(self, read):
        got = read(lines(event("processed", timestamp=None)), "log.jsonl", consumers_by_number=ON_FILE)
        assert got.messages[-1] == (
            "log.jsonl: row 1, column `timestamp`: nothing stands in it, expected when it happened; the row is left out"
        )


class TestOutcomes:
    @pytest.mark.parametrize(("events", "outcome"), [
        (["processed"], None),
        (["processed", "deferred"], None),
        (["processed", "deferred", "delivered"], "delivered"),
        (["processed", "bounce"], "undeliverable"),
        (["processed", "delivered", "bounce"], "undeliverable"),
        (["processed", "open"], "delivered"),
        (["processed", "click"], "delivered"),
        (["processed", "delivered", "spamreport"], "delivered"),
    ])  # fmt: skip
    def test_the_latest_event_that_tells_an_outcome_holds_in_any_order(self, read, events, outcome):
        said = [event(name, 60 * place) for place, name in enumerate(events)]
        for order in permutations(said):
            got = read(lines(*order), "log.jsonl", consumers_by_number=ON_FILE)
            assert [(at, ended) for at, ended, _ in messages_of(got, "c1")] == [(SENT, outcome)]

    @pytest.mark.parametrize(("code", "outcome", "refuses"), [
        ("processed", "unknown", None), ("deferred", "unknown", None), ("delivered", "delivered", None),
        ("bounce", "undeliverable", None), ("bounce/blocked", "undeliverable", None), ("dropped", "no_contact", None),
        ("open", "delivered", None), ("click", "delivered", None), ("spamreport", "delivered", "medium_refused"),
        ("unsubscribe", "delivered", "medium_refused"), ("group_unsubscribe", "delivered", "medium_refused"),
        ("group_resubscribe", "delivered", None),
    ])  # fmt: skip
    def test_each_code_is_in_the_table(self, code, outcome, refuses):
        line = next(line for line in load_dispositions("sendgrid").table() if line.code == code)
        assert (line.outcome, line.event) == (outcome, refuses)
        assert len(load_dispositions("sendgrid").table()) == 12

    def test_a_block_is_a_bounce(self, read):
        got = read(lines(event("bounce", type="blocked")), "log.jsonl")
        assert (got.rows[0].communication.outcome, got.rows[0].raw_outcome) == ("undeliverable", "bounce/blocked")

    def test_an_event_that_is_new_is_unknown_and_told(self, read):
        got = read(lines(event("processed"), event("teleported", 5)), "log.jsonl", consumers_by_number=ON_FILE)
        assert messages_of(got, "c1") == [(SENT, None, "teleported")]
        assert got.messages[-1].endswith("(1 row, the first is row 2) (found `teleported`)")

    def test_a_shops_own_word_goes_over_the_table(self, read, tmp_path):
        (tmp_path / "own.yaml").write_text("deferred: undeliverable\n")
        got = read(lines(event("deferred")), "log.jsonl", dispositions=tmp_path / "own.yaml")
        assert got.rows[0].communication.outcome == "undeliverable"


class TestRefusals:
    @pytest.mark.parametrize("name", ["unsubscribe", "group_unsubscribe", "spamreport"])
    def test_an_opt_out_refuses_email_even_of_a_message_without_an_id(self, read, name):
        for more in ({}, {"sg_message_id": None}):
            got = read(lines(event(name, 9, **more)), "log.jsonl", consumers_by_number=ON_FILE)
            assert [
                (each.consumer_id, each.event.type, each.event.channel, each.event.address) for each in got.events
            ] == [("c1", "medium_refused", "email", "pat@example.com")]
            assert len(got.rows) == (0 if more else 1)

    @pytest.mark.parametrize(
        ("reason", "events"), [("Spam Reporting Address", 1), ("Unsubscribed Address", 1), ("Invalid", 0), (None, 0)]
    )
    def test_a_message_held_back_shows_an_opt_out_by_its_reason(self, read, reason, events):
        got = read(lines(event("dropped", reason=reason)), "log.jsonl")
        assert (len(got.rows), len(got.events)) == (0, events)

    def test_a_new_subscription_to_a_group_takes_no_refusal_back_and_is_told(self, read):
        got = read(lines(event("processed"), event("group_resubscribe", 5)), "log.jsonl")
        assert got.events == []
        assert any("no refusal is taken back by it" in each for each in got.messages)

    def test_the_debt_is_not_what_a_refusal_is_limited_to(self):
        assert all(each.event.debts is None for each in fixture(debt_column="account").events)


class TestWhose:
    def test_an_address_is_found_however_it_is_written(self, read):
        accounts = [AccountFacts("c1", 1, "a.csv", Consumer(emails=(Email(address="Pat@Example.com"),)))]
        got = read(
            lines(event("processed", email="PAT@example.com")),
            "log.jsonl",
            consumers_by_number=numbers_on_file(accounts),
        )
        assert [row.consumer_id for row in got.rows] == ["c1"]

    def test_an_address_of_two_people_gives_the_email_to_both(self, read):
        on_file = {"pat@example.com": ("c1", "c2")}
        got = read(lines(event("processed"), event("spamreport")), "log.jsonl", consumers_by_number=on_file)
        assert [row.consumer_id for row in got.rows] == ["c1", "c2", "c1", "c2"]
        assert [each.consumer_id for each in got.events] == ["c1", "c2"]
        assert sum("on file for several consumers" in each for each in got.messages) == 1

    def test_an_address_that_nobody_has_stands_for_itself_and_is_told_once(self, read):
        got = read(lines(event("processed"), event("delivered")), "log.jsonl")
        assert {row.consumer_id for row in got.rows} == {"pat@example.com"}
        assert sum("on file for nobody" in each for each in got.messages) == 1

    def test_a_row_that_is_lost_is_lost_to_both(self, read):
        on_file = {"pat@example.com": ("c1", "c2")}
        for lost in (event("processed", timestamp=None), event("delivered", sg_message_id=None)):
            got = read(lines(event("processed"), lost), "log.jsonl", consumers_by_number=on_file)
            assert [each.consumer_id for each in got.problems if each.left_out] == ["c1", "c2"]
            assert got.counts.rows_left_out == 1

    @pytest.mark.parametrize("email", [None, "pat"])
    def test_a_row_without_an_address_is_left_out(self, read, email):
        got = read(lines(event("processed"), event("processed", email=email)), "log.jsonl")
        assert len(got.rows) == 1
        assert (
            got.messages[-1] == "log.jsonl: row 2, column `email`: nothing tells whose row this is; the row is left out"
        )

    def test_a_message_to_two_recipients_is_a_communication_with_each(self, read):
        got = read(
            lines(event("processed"), event("processed", email="lee@example.com")),
            "log.jsonl", consumers_by_number={"pat@example.com": ("c1",), "lee@example.com": ("c1",)},
        )  # fmt: skip
        assert len(deduplicate(got.rows)[0]) == 2


class TestRecordsOfOneMessage:
    def test_they_may_stand_in_several_files(self, read, tmp_path):
        (tmp_path / "day1.jsonl").write_text(lines(event("processed"), event("delivered", 3)))
        (tmp_path / "day2.jsonl").write_text(lines(event("bounce", 50_000)))
        got = read_all(
            open_log([tmp_path / "day2.jsonl", tmp_path / "day1.jsonl"], LogOptions(consumers_by_number=ON_FILE))
        )
        assert messages_of(got, "c1") == [(SENT, "undeliverable", "bounce")]

    def test_the_id_of_the_sender_stands_in(self, read):
        events = [event(name, place, sg_message_id=None, **{"smtp-id": "<x@y>"})
                  for place, name in enumerate(("processed", "delivered"))]  # fmt: skip
        assert len(deduplicate(read(lines(*events), "log.jsonl").rows)[0]) == 1

    def test_an_event_that_is_posted_again_changes_nothing(self, read):
        got = read(
            lines(event("processed"), event("processed"), event("delivered", 2), event("delivered", 2)), "log.jsonl"
        )
        kept, problems = deduplicate(got.rows)
        assert [(row.communication.at, row.communication.outcome) for row in kept] == [(SENT, "delivered")]
        assert [problem.kind for problem in problems] == [ProblemKind.DUPLICATE_ID]

    def test_without_the_sending_the_first_event_of_the_carrier_bounds_it_and_that_is_told(self, read):
        got = read(lines(event("open", 900), event("delivered", 60), event("deferred", 30)), "log.jsonl")
        kept, problems = deduplicate(got.rows)
        assert [row.communication.at for row in kept] == [SENT + timedelta(seconds=30)]
        assert [(problem.kind, problem.rows, problem.left_out) for problem in problems] == [
            (ProblemKind.ASSUMPTION, 1, False)
        ]

    def test_a_message_known_by_what_its_recipient_did_leaves_the_log_incomplete(self, read, tmp_path):
        got = read(lines(event("open", 900), event("click", 901)), "log.jsonl", consumers_by_number=ON_FILE)
        with Spool(path := tmp_path / "spool") as spool:
            for row in got.rows:
                spool.put(row)
            spool.finish()
        reader = SpoolReader(path)
        consumer = next(reader.consumers(next(reader.ranges())))
        reader.close()
        log = consumer_log(consumer, Collector(), None)
        assert log.rows == ()
        assert log.file.log_complete is False
        assert [(problem.kind, problem.left_out, problem.consumer_id) for problem in log.problems] == [
            (ProblemKind.MISSING_FIELD, True, "c1")
        ]

    def test_a_message_that_was_sent_leaves_it_complete(self, read):
        got = read(lines(event("processed"), event("open", 900)), "log.jsonl", consumers_by_number=ON_FILE)
        log = consumer_log(SpooledConsumer("c1", rows=got.rows), Collector(), None)
        assert (len(log.rows), log.file.log_complete, log.problems) == (1, True, ())

    def test_an_event_that_names_no_message_is_lost_unless_it_is_the_recipients(self, read):
        nameless = [event(name, sg_message_id=None) for name in ("processed", "delivered", "open")]
        got = read(lines(*nameless), "log.jsonl", consumers_by_number=ON_FILE)
        assert [row.raw_outcome for row in got.rows] == ["processed"]
        assert (got.counts.rows_unreadable, got.counts.not_a_communication) == (1, 1)
        assert [problem.consumer_id for problem in got.problems if problem.kind is ProblemKind.MISSING_FIELD] == ["c1"]

    def test_a_row_without_an_event_is_left_out_as_its_consumers(self, read):
        got = read(lines(event("processed"), event("", 1)), "log.jsonl", consumers_by_number=ON_FILE)
        assert [(each.column, each.consumer_id) for each in got.problems if each.left_out] == [("event", "c1")]
