"""What is kept of records, taken apart and put together again: nothing is lost, and columns say what the objects would."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shipped
from audit_world import World, calls
from hypothesis import given, settings
from hypothesis import strategies as st

from fdcpa_guard.auditing.ahead import ColumnarAudit
from fdcpa_guard.auditing.consumers import merged_accounts
from fdcpa_guard.auditing.judging import Judge
from fdcpa_guard.auditing.partitions import judging, reading, source, writing
from fdcpa_guard.auditing.partitions.chunks import PartitionReader
from fdcpa_guard.auditing.partitions.hashing import hashes_of, partition_of
from fdcpa_guard.auditing.partitions.kinds import SCHEMAS, Kind
from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.auditing.partitions.splitting import TRUTHS_OF_COMMUNICATION, joined, split_communication, split_event
from fdcpa_guard.auditing.partitions.writing import PartitionWriter
from fdcpa_guard.auditing.problem_rows import KeptProblems
from fdcpa_guard.auditing.workers import PARTS, part
from fdcpa_guard.engine.columnar.bucket import Bucket
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, UNSAID_NUMBER, UNSAID_TRUTH, Codes
from fdcpa_guard.engine.columnar.stored import StoredBucket
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import RARELY_SAID, Entry, FullEntry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.importers.rows import AccountFacts, Item, LogEvent, LogRow
from fdcpa_guard.facts.models import CallerId, Collector, Communication, Consumer, Debt, Event, Phone, Stated, Turn
from fdcpa_guard.facts.validation_period import notices_among

NOON = datetime(2025, 3, 10, 12, tzinfo=UTC)
NUMBER = "+15125550100"
DERIVED = ("at", "known_at", "debts")
"""Kept as arrays and lists of their own, and not asked by name."""


@st.composite
def communications(draw: st.DrawFn) -> Communication:
    """Those of the other tests, with all fields that are a record's own, and some that only documents have."""
    said = draw(shipped.communications(draw(shipped.moments_before(NOON, 30)), NUMBER, of_log=True))
    more: dict[str, Any] = {
        "sender": st.sampled_from(["(512) 555-0101", "A@example.com"]), "subject": st.sampled_from(["About d1", "é"]),
        "period_ends": st.just(date(2025, 5, 1)), "template": st.just("t1"), "language": st.just("es"),
        "caller_id": st.just(CallerId(number="512-555-0102")), "languages": st.just(("en", "es")),
        "turns": st.just((Turn(speaker="agent", text="Hello"), Turn(speaker="consumer", text="Yes"))),
        "stated": st.sampled_from([Stated(), Stated(creditor="C", current_amount=Decimal("10.50"), itemization_date=date(2025, 1, 2))]),
        "enclosures": st.sampled_from([(), ("notice",)]), "disclosure_languages": st.just(("en",)),
    }  # fmt: skip
    chosen = draw(st.lists(st.sampled_from(sorted(more)), unique=True, max_size=4))
    truths = draw(st.dictionaries(st.sampled_from(TRUTHS_OF_COMMUNICATION), st.booleans(), max_size=5))
    return Communication.model_validate(_said(said) | truths | {name: draw(more[name]) for name in chosen})


def _said(model: Any) -> dict[str, Any]:
    """As an importer builds it: only what is said."""
    return {name: value for name in type(model).model_fields if (value := getattr(model, name)) is not None}


def _same(one: Any, other: Any) -> None:
    assert other == one
    assert other.model_dump_json(exclude_none=True) == one.model_dump_json(exclude_none=True)


class TestSplitting:
    @given(communications())
    def test_a_communication_comes_back(self, said: Communication) -> None:
        back = Communication.model_validate(joined(*split_communication(said)))
        _same(said, back)
        assert back.model_fields_set & RARELY_SAID == {name for name in RARELY_SAID if getattr(said, name, None) is not None}

    @given(shipped.events(NOON, NUMBER))
    def test_an_event_comes_back(self, said: Event) -> None:
        _same(said, Event.model_validate(joined(*split_event(said))))

    @given(communications())
    def test_whose_fields_are_their_own_share_a_shape(self, said: Communication) -> None:
        own = {"at": said.at + timedelta(hours=1), "id": "another", "address": "x", "agent": "y", "template": "z", "public": True}
        assert split_communication(said.model_copy(update=own))[1] == split_communication(said)[1]

    def test_truths_are_those_that_say_nothing_else(self) -> None:
        """The others of the model are those whose fact is made of more than the field."""
        fields = [name for name, field in Communication.model_fields.items() if field.annotation == bool | None]
        assert set(fields) - set(TRUTHS_OF_COMMUNICATION) == {"limited_content"}
        assert all(EXPRESSIONS[f"communication.{name}"] == f"c.{name}" for name in TRUTHS_OF_COMMUNICATION)

    @given(communications(), st.sampled_from(TRUTHS_OF_COMMUNICATION), st.sampled_from([True, False, None]))
    def test_a_truth_changes_nothing_but_the_attribute_of_its_name(
        self, said: Communication, name: str, truth: bool | None
    ) -> None:
        one, other = (Entry(each, of_log=True) for each in (said, said.model_copy(update={name: truth})))
        assert getattr(other, name) is truth
        for attribute in {*Entry.__slots__, *FullEntry.__slots__} - {name}:
            assert getattr(other, attribute) == getattr(one, attribute), attribute
        assert len(notices_among([one])) == len(notices_among([other]))

    @given(st.dictionaries(st.sampled_from(TRUTHS_OF_COMMUNICATION), st.booleans()))
    def test_truths_are_kept_in_one_number(self, truths: dict[str, bool]) -> None:
        said = {"at": NOON, "channel": "call", "limited_content": True}
        own, shape = split_communication(Communication.model_validate({**said, **truths}))
        assert own["truths"] is None if not truths else 0 < own["truths"] < 1 << 63
        assert shape == split_communication(Communication.model_validate(said))[1]
        assert {name: value for name, value in joined(own, shape).items() if isinstance(value, bool)} == truths | {
            "limited_content": True
        }


class TestHashing:
    def test_it_is_the_same_on_every_machine_and_in_every_version(self) -> None:
        ids = [b"a", b"ann", b"12345678", b"123456789", "Zoë".encode(), b"a" * 300, b"\xed\xa0\x80", b"\x00", b"\x00\x00"]
        assert [f"{each:016x}" for each in hashes_of(pa.array(ids, pa.binary())).tolist()] == [
            "72731fa6d0f9fa80", "a7dffccc7205809c", "a723421fad193434", "3a31c535c11fd4d2", "ae2d23c29435b5f8", "fb54961aa33caf70",
            "6e81e1136bb089c5", "1433c49d0f5f1781", "28ff909fd7da7a87",
        ]  # fmt: skip

    @given(st.lists(st.binary(min_size=1, max_size=70), min_size=1, max_size=30), st.integers(0, 29))
    def test_what_stands_beside_an_id_does_not_matter(self, ids: list[bytes], cut: int) -> None:
        whole = pa.array(ids, pa.binary())
        alone = [int(hashes_of(pa.array([each], pa.binary()))[0]) for each in ids]
        assert hashes_of(whole).tolist() == alone
        assert hashes_of(whole.slice(cut)).tolist() == alone[cut:]
        assert hashes_of(pa.array(ids, pa.large_binary())).tolist() == alone

    @pytest.mark.parametrize("partitions", [2, 7, 64])
    @pytest.mark.parametrize("written", ["{}", "C{:08d}", "{:036d}", "1000{}"])
    def test_ids_are_spread_evenly(self, written: str, partitions: int) -> None:
        ids = pa.array([written.format(number).encode() for number in range(6400)], pa.binary())
        counts = np.bincount(partition_of(ids, partitions), minlength=partitions)
        mean = 6400 / partitions
        assert abs(counts - mean).max() < 6 * mean**0.5


def kept(folder: Path, items: Iterable[Item], partitions: int = 1) -> list[Partition]:
    with PartitionWriter(folder, partitions) as writer:
        for item in items:
            writer.put(item)
        writer.finish()
    reader = PartitionReader(folder)
    return [reader.partition(number) for number in range(partitions)]


def row(said: Communication, number: int, consumer: str = "ann", file: str = "log.csv") -> LogRow:
    return LogRow(consumer, number, file, said)


class TestWriting:
    def test_records_are_in_the_order_of_files_and_rows(self, tmp_path: Path) -> None:
        said = Communication(at=NOON)
        items = [row(said, 5, file="b"), row(said, 9, file="a"), row(said, 1, file="b"), row(said, 2, file="a")]
        (partition,) = kept(tmp_path, items)
        assert [(each.file, each.row) for each in partition.spooled(0).rows] == [("b", 1), ("b", 5), ("a", 2), ("a", 9)]

    def test_a_chunk_that_was_cut_off_is_not_read(self, tmp_path: Path) -> None:
        def cut_off() -> None:
            with writing.whole_file(tmp_path / "000009.rows.arrow") as aside:
                aside.write_bytes(b"half")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            cut_off()
        (tmp_path / ".000008.rows.arrow.0123456789abcdef").write_bytes(b"half")
        (partition,) = kept(tmp_path, [row(Communication(at=NOON), 1)])
        assert [each.row for each in partition.spooled(0).rows] == [1]

    @pytest.mark.parametrize("partitions", [1, 2, 7, 64])
    def test_every_consumer_is_in_one_partition(self, tmp_path: Path, partitions: int) -> None:
        names = ["ann", "Zo\u00eb", "\N{ALARM CLOCK}", "a|b", 'a"b\\', "x" * 999, *map(str, range(40))]
        parts = kept(tmp_path, [row(Communication(at=NOON, agent=name), 1, name) for name in names], partitions)
        assert sorted(name for each in parts for name in each.consumers) == sorted(names)
        for each in parts:
            assert [each.spooled(number).rows[0].communication.agent for number in range(len(each.ids))] == each.consumers

    def test_long_records_end_a_chunk(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "CHUNK_BYTES", 3000)
        said = [Communication(at=NOON + timedelta(days=day), content=f"{day}" * 1200) for day in range(9)]
        (partition,) = kept(tmp_path, [row(each, number) for number, each in enumerate(said)])
        assert len(list(tmp_path.glob("*.rows.arrow"))) == 3
        assert [each.communication for each in partition.spooled(0).rows] == said

    def test_what_no_record_of_a_chunk_says_takes_no_room(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "CHUNK_ITEMS", 2)
        said = [Communication(at=NOON + timedelta(days=day)) for day in range(6)]
        said[2] = said[2].model_copy(update={"agent": "Ada", "recorded": True})
        said[5] = said[5].model_copy(update={"address": NUMBER, "public": False, "template": "t1"})
        (partition,) = kept(tmp_path, [row(each, number) for number, each in enumerate(said)])
        assert [each.communication for each in partition.spooled(0).rows] == said
        columns = [set(pa.ipc.open_file(path).schema.names) for path in sorted(tmp_path.glob("*.rows.arrow"))]
        own = {"agent", "truths", "address", "template"}
        assert [each & own for each in columns] == [set(), {"agent", "truths"}, {"address", "truths", "template"}]
        table = partition._of[Kind.ROWS].table
        assert {name: table.schema.field(name).type for name in table.column_names} == {
            field.name: field.type for field in SCHEMAS[Kind.ROWS]
        }

    def test_a_partition_has_the_shapes_of_its_own_records(self, tmp_path: Path) -> None:
        items = [row(Communication(at=NOON, content=f"words {number}"), 1, str(number)) for number in range(40)]
        for partition in kept(tmp_path, items, 4):
            assert len(partition._of[Kind.ROWS].table["shape"].combine_chunks().dictionary) == len(partition.ids)

    @pytest.mark.parametrize("debt_id", ["d1", "\u00e9", 'a"b', "a\\b", "a\tb"])
    def test_a_consumer_of_whom_a_debt_stands_in_two_rows_is_not_plain(self, tmp_path: Path, debt_id: str) -> None:
        def account(number: int, consumer: str, debt: str, dollars: int) -> AccountFacts:
            owed = Debt(id=debt, consumer=consumer, amount=Decimal(dollars))
            return AccountFacts(consumer, number, "accounts.csv", Consumer(id=consumer), (owed,))

        said = [("ann", debt_id), ("bob", debt_id), ("ann", "other"), ("cid", "d1"), ("cid", 'a"b'), ("ann", debt_id)]
        items = [account(number, *each, 5 + number) for number, each in enumerate(said)]
        (partition,) = kept(tmp_path, items)
        assert partition.plain.tolist() == [False, True, True]
        (partition,) = kept(tmp_path / "without", items[:-1])
        assert partition.plain.all()

    def test_parts_of_many_pieces_are_put_in_order_with_few_files_open(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(source, "_MOST_OPEN", 2)
        results = []
        for piece in range(1, 6):
            for name in PARTS:
                part(tmp_path, piece, name).write_bytes(b"" if name.startswith("problems") else b"%da%db" % (piece, piece))
            results.append((piece, [(b"%d" % (10 - piece), (2, 2, 0, 0)), (b"x%d" % piece, (2, 2, 0, 0))]))
        number = source.in_order(tmp_path, results, KeptProblems())
        assert part(tmp_path, number, "findings.jsonl").read_bytes() == b"5a4a3a2a1a1b2b3b4b5b"


def stored(folder: Path, items: Sequence[Item]) -> Any:
    (partition,) = kept(folder, items)
    assert partition.plain.all()
    everybody = np.arange(len(partition.ids))

    def file_of(_: int) -> ConsumerFile:
        raise AssertionError("a column is made without the objects")

    return partition.stored(everybody, Collector(), None, file_of)


def values(records: Any, name: str) -> list[Any]:
    """What the records say, in the form of the objects."""
    if name in records.numbers:
        return [None if each == UNSAID_NUMBER else each for each in records.numbers[name].tolist()]
    if name in records.texts:
        codes = Codes()
        return [None if code == UNSAID_CODE else codes.values[code] for code in codes.all(records.texts[name]()).tolist()]
    if name in records.truths:
        return [None if each == UNSAID_TRUTH else bool(each) for each in records.truths[name].tolist()]
    return [getattr(records.shapes[number], name) for number in records.shape.tolist()]


class TestColumns:
    @settings(max_examples=40)
    @given(said=st.lists(communications(), min_size=1, max_size=6))
    def test_every_attribute_of_an_entry(self, said: list[Communication], tmp_path_factory: pytest.TempPathFactory) -> None:
        told = [
            each.model_copy(update={"at": NOON + timedelta(minutes=number), "id": f"c{number}"})
            for number, each in enumerate(said)
        ]
        rows = stored(tmp_path_factory.mktemp("rows"), [row(each, number) for number, each in enumerate(told)]).rows
        entries = [Entry(each, of_log=True) for each in told]
        for name in (*Entry.__slots__, *FullEntry.__slots__):
            found = rows.debts if name == "debts" else values(rows, name)
            assert list(found) == [getattr(entry, name) for entry in entries], name

    @settings(max_examples=40)
    @given(said=st.lists(shipped.events(NOON, NUMBER), min_size=1, max_size=6))
    def test_every_attribute_of_an_event(self, said: list[Event], tmp_path_factory: pytest.TempPathFactory) -> None:
        told = [each.model_copy(update={"at": NOON + timedelta(minutes=number)}) for number, each in enumerate(said)]
        items = [LogEvent("ann", number, "events.csv", each) for number, each in enumerate(told)]
        events = stored(tmp_path_factory.mktemp("events"), items).events
        for name in EventOf.__slots__:
            found = events.debts if name == "debts" else values(events, name)
            assert list(found) == [getattr(EventOf(each, "events"), name) for each in told], name


class TestAccounts:
    def test_rows_that_say_the_same_are_put_together_as_ever(self, tmp_path: Path) -> None:
        phones = (Phone(number=NUMBER, line="mobile"), Phone(number=NUMBER, place="work"))
        consumer = Consumer(phones=phones, time_zones=("America/Chicago",))
        facts = [AccountFacts("ann", number, "a.csv", consumer, (Debt(id=f"d{number}"),)) for number in (1, 2, 3)]
        found = stored(tmp_path, facts)
        told, debts, _ = merged_accounts(facts)
        assert list(found.consumers.whole) == [told]
        assert found.debts.of(0) == list(debts)
        assert len(told.phones) == 1

    def test_the_debts_of_each_row_are_read_with_it(self, tmp_path: Path) -> None:
        facts = [
            AccountFacts("ann", number, "a.csv", Consumer(), (Debt(id=f"d{number}"), Debt(id=f"e{number}"))) for number in (1, 2)
        ]
        (partition,) = kept(tmp_path, facts)
        assert partition.spooled(0).accounts == facts


class TestWhatCannotBeReadBack:
    def test_it_keeps_nobody_else_from_being_judged_in_columns(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bad = b'{"channel":"no such channel"}'
        def split(said: Communication) -> tuple[dict[str, Any], bytes]:
            own, shape = split_communication(said)
            return own, bad if said.agent == "bad" else shape

        monkeypatch.setattr(writing, "split_communication", split)
        said = Communication(at=NOON, channel="call")
        nameless = Event(at=NOON, type="deceased", debts=("",))
        items: list[Item] = [
            row(said, 1), row(said.model_copy(update={"agent": "bad"}), 2, "bob"), LogEvent("cid", 1, "e", nameless)
        ]  # fmt: skip
        (partition,) = kept(tmp_path, items)
        assert dict(zip(partition.consumers, partition.plain.tolist(), strict=True)) == {"ann": True, "bob": False, "cid": False}
        assert [where for *where, _ in partition.spooled(1).unreadable] == [["log.csv", 2]]
        assert len(partition.stored(np.array([0]), Collector(), None, lambda _: pytest.fail("not asked")).rows) == 1


def test_what_no_plain_consumer_says_is_a_shape_of_its_own() -> None:
    assert reading.SAYS_NOTHING.plain


def test_where_columns_fail_each_consumer_is_judged_alone_and_that_can_be_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.rows = [*calls("ann", range(4, 9)), *calls("bob", range(4, 6))]
    before = world.audit(engine="scalar")
    raised = ColumnarAudit.raised
    judges: list[judging.PartitionJudge] = []
    told = judging.PartitionJudge.told

    def fail(self: ColumnarAudit, bucket: Bucket) -> Any:
        if isinstance(bucket, StoredBucket):
            raise ArithmeticError
        return raised(self, bucket)

    def seen(self: judging.PartitionJudge) -> Iterable[Any]:
        judges.append(self)
        return told(self)

    monkeypatch.setattr(ColumnarAudit, "raised", fail)
    monkeypatch.setattr(judging.PartitionJudge, "told", seen)
    with caplog.at_level("DEBUG", judging.__name__):
        after = world.audit(engine="columnar")
    assert (after.shown, after.summary) == (before.shown, before.summary)
    assert [type(judge.not_in_columns) for judge in judges] == [ArithmeticError]
    assert "one by one" in caplog.text


def test_what_goes_wrong_in_counting_is_no_reason_to_count_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ArithmeticError("counting")

    monkeypatch.setattr(Judge, "clean", fail)
    world.rows = calls("ann", range(4, 6))
    with pytest.raises(ArithmeticError, match="counting"):
        world.audit(engine="columnar")
