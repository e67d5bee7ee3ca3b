"""Actions in columns: nothing of them is lost, they say what the objects say, and are judged as these are."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_args
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from agreement import both, written_as_arrow
from audit_world import COLLECTOR, Row, account, call, write
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import shipped
from test_partition_records import kept, stored, values

from fdcpa_guard.auditing import run
from fdcpa_guard.auditing.ahead import ColumnarAudit
from fdcpa_guard.auditing.consumers import ConsumerLog, consumer_log
from fdcpa_guard.auditing.judging import Judge, Terms, at_the_end
from fdcpa_guard.auditing.partitions.batches import in_columns
from fdcpa_guard.auditing.partitions.chunks import PartitionReader
from fdcpa_guard.auditing.partitions.ends import ends_of
from fdcpa_guard.auditing.partitions.judging import PartitionJudge
from fdcpa_guard.auditing.partitions.kinds import ColumnBatch
from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.auditing.partitions.splitting import joined, split_action
from fdcpa_guard.auditing.partitions.writing import PartitionWriter
from fdcpa_guard.engine.columnar.bucket import Bucket, BucketBuilder
from fdcpa_guard.engine.columnar.columns import CODED, unsaid_of
from fdcpa_guard.engine.columnar.stored import StoredBucket
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.actions import ActionEntry, ActionOf
from fdcpa_guard.facts.entries import Entry, FullEntry
from fdcpa_guard.facts.importers.reading import open_actions
from fdcpa_guard.facts.importers.rows import AccountFacts, Item, LogAction, LogRow
from fdcpa_guard.facts.models import Action, Collector, Communication, Consumer, Debt
from fdcpa_guard.rulefile.model import ACTIONS
from fdcpa_guard.values import Kind as Fact
from fdcpa_guard.values import instant_of
from fdcpa_guard.vocabulary import load_vocabulary

NOON = datetime(2025, 3, 10, 12, tzinfo=UTC)
TYPES = sorted(ACTIONS)
_OF_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    date: st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    Decimal: st.decimals(-10, 10**6, places=2),
    str: st.sampled_from(["d1", "d2", "San Diego", "é\n\"x", "x" * 40]),
}


@st.composite
def acts(draw: st.DrawFn) -> Action:
    said: dict[str, Any] = {"at": draw(st.sampled_from([NOON + timedelta(days=day) for day in range(5)])), "type": draw(st.sampled_from(TYPES))}
    more: dict[str, st.SearchStrategy[Any]] = {
        "id": st.sampled_from(["a1", "a2", "é"]), "known_at": st.just(NOON + timedelta(days=9)),
        "debts": st.sampled_from([("d1",), ("d1", "d2"), ()]),
    }  # fmt: skip
    for name, field in Action.model_fields.items():
        if name in said or name in more:
            continue
        (kind,) = (each for each in get_args(field.annotation) if each is not type(None))
        kind = get_args(kind)[0] if "Annotated" in repr(kind) else kind
        more[name] = _OF_TYPE[kind] if kind in _OF_TYPE else st.sampled_from(get_args(kind))
    chosen = draw(st.lists(st.sampled_from(sorted(more)), unique=True, max_size=12))
    return Action.model_validate(said | {name: draw(more[name]) for name in chosen})


class TestSplitting:
    @given(acts())
    def test_an_action_comes_back(self, said: Action) -> None:
        back = Action.model_validate(joined(*split_action(said)))
        assert back == said
        assert back.model_dump_json() == said.model_dump_json()

    @pytest.mark.parametrize("written", ["0", "0.0", "1200", "-0.50", "123456789012345678901234567890.12", "1E+3"])
    def test_an_amount_comes_back_as_it_was_written(self, written: str) -> None:
        said = Action(at=NOON, type="apply_payment", amount=Decimal(written))
        assert str(Action.model_validate(joined(*split_action(said))).amount) == written

    @given(acts())
    def test_whose_fields_are_their_own_share_a_shape(self, said: Action) -> None:
        own = {"id": "z", "at": NOON, "amount": Decimal(7), "directed_to": "d9", "debts": ("d9",), "accepted_on": date(2025, 1, 1)}
        assert split_action(said.model_copy(update=own))[1] == split_action(said)[1]


def action(said: Action, number: int, consumer: str = "ann") -> LogAction:
    return LogAction(consumer, number, "actions.csv", said)


class TestColumns:
    @settings(max_examples=40)
    @given(said=st.lists(acts(), min_size=1, max_size=6))
    def test_every_attribute_of_an_action(self, said: list[Action], tmp_path_factory: pytest.TempPathFactory) -> None:
        told = [
            each.model_copy(update={"at": NOON + timedelta(minutes=number), "id": f"a{number}"})
            for number, each in enumerate(said)
        ]
        found = stored(tmp_path_factory.mktemp("actions"), [action(each, number) for number, each in enumerate(told)])
        entries = [ActionEntry(each) for each in told]
        for name in (*Entry.__slots__, *FullEntry.__slots__):
            columns = found.actions.debts if name == "debts" else values(found.actions, name)
            assert list(columns) == [getattr(entry, name) for entry in entries], name
        bucket = StoredBucket(found)
        facts = load_vocabulary().facts
        for name in ActionOf.__slots__:
            kind = facts[f"action.{name}"].type.kind if f"action.{name}" in facts else Fact.TEXT
            assert said_of(bucket, f"action.{name}", kind) == [getattr(entry.action, name) for entry in entries], name

    @settings(max_examples=40)
    @given(said=st.lists(acts(), min_size=1, max_size=6))
    def test_what_is_in_no_order_that_ids_give_is_in_that_of_its_words(
        self, said: list[Action], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        told = [each.model_copy(update={"id": None, "content": f"{number}"}) for number, each in enumerate(said)]
        items = [action(each, number) for number, each in enumerate(told)]
        (partition,) = kept(tmp_path_factory.mktemp("tied"), items)
        assert partition.plain.all()
        ordered = [each.action for each in _log(partition).actions]
        bucket = _bucket(partition)
        entries = [bucket.entries[number] for number in range(bucket.logged, bucket.acted)]
        assert [(each.at, each.action.content) for each in entries] == [
            (instant_of(each.at), each.content) for each in ordered
        ]


def said_of(bucket: Bucket, name: str, kind: Fact) -> list[Any]:
    """What everything that is judged says of a fact, in the form of the objects."""
    data = bucket.entry_column(name, kind).data[bucket.judged]
    said = [None if each == unsaid_of(data) else each for each in data.tolist()]
    return [None if each is None else bucket.codes.values[each] for each in said] if kind in CODED else said


def _log(partition: Partition, consumer: int = 0) -> ConsumerLog:
    return consumer_log(partition.spooled(consumer), Collector(), None)


def _bucket(partition: Partition, ends_at: int | None = None) -> StoredBucket:
    plain = np.flatnonzero(partition.plain)
    found = partition.stored(plain, Collector(), None, lambda place: _log(partition, int(plain[place])).file)
    return StoredBucket(found, None if ends_at is None else ends_of(found, ends_at))


class TestOddOnes:
    def plain(self, folder: Path, *said: Action) -> bool:
        (partition,) = kept(folder, [action(each, number) for number, each in enumerate(said)])
        return bool(partition.plain[0])

    @pytest.mark.parametrize(
        ("changes", "plain"),
        [
            ({"id": "a"}, False), ({"id": "a", "type": "sue"}, False), ({"id": "b"}, True), ({"id": None}, True),
            ({"id": "a", "at": NOON + timedelta(days=1)}, False), ({"debts": ("",), "id": "b"}, False),
            ({"id": "b", "amount": Decimal(10**18)}, False), ({"id": "b", "amount": Decimal(-(10**18))}, False),
            ({"id": "b", "amount": Decimal(10**12)}, True),
        ],
    )  # fmt: skip
    def test_who_is_not_judged_as_it_stands(self, changes: dict[str, Any], plain: bool, tmp_path: Path) -> None:
        one = Action(at=NOON, type="furnish", id="a")
        assert self.plain(tmp_path, one, one.model_copy(update=changes)) is plain

    def test_two_without_an_id_that_say_the_same(self, tmp_path: Path) -> None:
        one = Action(at=NOON, type="furnish")
        later = one.model_copy(update={"at": NOON.astimezone().replace(microsecond=1)})
        assert self.plain(tmp_path / "1", one, later)
        assert self.plain(tmp_path / "2", one, one.model_copy(update={"type": "sue"}), later)
        assert not self.plain(tmp_path / "3", one, one.model_copy(update={"type": "sue"}), one)

    def test_a_shape_that_cannot_be_read_back(self, tmp_path: Path) -> None:
        def split(said: Action) -> tuple[dict[str, Any], bytes]:
            return split_action(said)[0], b'{"type":"no such act"}'

        with patch("fdcpa_guard.auditing.partitions.writing.split_action", split):
            (partition,) = kept(tmp_path, [action(Action(at=NOON, type="sue"), number) for number in (1, 2)])
        assert not partition.plain[0]
        assert [where for *where, _ in partition.spooled(0).unreadable] == [["actions.csv", 1], ["actions.csv", 2]]


class TestEnds:
    @settings(max_examples=60)
    @given(st.data())
    def test_they_are_those_of_the_logs(self, data: st.DataObject) -> None:
        debts = st.sampled_from([None, (), ("d1",), ("d2",), ("d1", "d2"), ("d3", "d1", "d3"), ("group g",)])
        items: list[Item] = []
        for name in ("ann", "bob", "cid"):
            if data.draw(st.booleans()):
                filed = [Debt(id=f"d{number}", group=data.draw(st.sampled_from([None, "g"]))) for number in (1, 2)]
                items.append(AccountFacts(name, 1, "a", Consumer(), tuple(filed[: data.draw(st.integers(0, 2))])))
            for number in range(data.draw(st.integers(0, 4))):
                said = Communication(
                    id=f"{number}", at=NOON + timedelta(hours=data.draw(st.integers(0, 9))), debts=data.draw(debts), channel="call",
                    direction=data.draw(st.sampled_from(["outbound", "inbound"])), opt_out_offered_after_seconds=1.5,
                )  # fmt: skip
                items.append(LogRow(name, number, "log", said))
            items.append(LogAction(name, 1, "actions", Action(at=NOON, type="sue", debts=("d1",))))
        ends_at = instant_of(NOON + timedelta(hours=data.draw(st.integers(0, 12))))
        with tempfile.TemporaryDirectory() as folder:
            (partition,) = kept(Path(folder), items)
            assert partition.plain.all()
            bucket = _bucket(partition, ends_at)
        ends = bucket.at_the_ends()
        expected: list[tuple[int, Entry]] = []
        builder = BucketBuilder()
        for number in range(len(partition.ids)):
            log = _log(partition, number)
            moved = [each for each, _ in at_the_end(log, ends_at)]
            expected += [(number, each) for each in moved]
            builder.beside(log.file, [(each, len(log.file.entries)) for each in moved])
        whole = builder.bucket()
        found = [(int(ends.consumer[number]), ends.entries[number]) for number in ends.judged.tolist()]
        assert [number for number, _ in found] == [number for number, _ in expected]
        for name in (*Entry.__slots__, *FullEntry.__slots__):
            told_of = [[getattr(each, name) for _, each in of] for of in (found, expected)]
            assert told_of[0] == told_of[1], name
        columns = {"id": Fact.TEXT, "channel": Fact.NAME, "conversation": Fact.TRUTH, "opt_out_offered_after_seconds": Fact.NUMBER}
        for name, kind in columns.items():
            assert said_of(ends, name, kind) == said_of(whole, name, kind), name
        assert _debts(ends) == _debts(whole)
        assert ends.located_judged.tolist() == whole.located_judged.tolist()
        assert (ends.stop - ends.first)[ends.judged].tolist() == (whole.stop - whole.first)[whole.judged].tolist()


def _debts(bucket: Bucket) -> list[list[str]]:
    """The keys of the debts that each of what is judged names."""
    lists = bucket.debts_named
    starts = lists.runs.starts
    return [
        sorted(bucket.codes.values[key] for key in lists.keys[starts[number] : starts[number + 1]].tolist())
        for number in bucket.judged.tolist()
    ]


class TestCounted:
    def test_whoever_cannot_be_judged_keeps_none_from_being_counted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sued = Action(at=NOON, type="apply_payment", debts=("d1",), directed_to="d2")
        twice = ("bob", "cid")
        items = [action(sued, number, name) for number, name in enumerate(("ann", *twice, *twice))]
        (partition,) = kept(tmp_path, items)
        assert partition.plain.tolist() == [True, False, False]
        rules = of_actions()
        judge = Judge(Terms(rules, COLLECTOR, None, None, columnar=ColumnarAudit(rules)))
        of_all = PartitionJudge(partition, judge).counted()
        assert of_all
        assert all(number % 3 == 0 for number in of_all.values())
        to_judge = Judge.to_judge

        def fails(self: Judge, log: ConsumerLog) -> Any:
            if log.consumer_id == "bob":
                raise ArithmeticError
            return to_judge(self, log)

        monkeypatch.setattr(Judge, "to_judge", fails)
        of_others = PartitionJudge(partition, judge).counted()
        assert {key: 3 * number for key, number in of_others.items()} == {key: 2 * number for key, number in of_all.items()}


# -- tables ------------------------------------------------------------------------------------------------------------------


@cache
def of_actions() -> Guard:
    """The federal rules that reach actions, or that nothing but a missed deadline breaks."""
    book = shipped()
    found = tuple(rule for rule in book.rules if rule.jurisdiction == "US" and (rule.reaches <= ACTIONS or rule.broken_by_deadline))
    assert len(found) > 20
    return Guard(replace(book, rules=found))


def _with_amounts(kind: pa.DataType, *values: Any) -> pa.Array:
    return pa.array([*values, *([None] * (6 - len(values)))], kind)


def table(**columns: Any) -> pa.Table:
    """Payments of one consumer, an hour apart; None takes a column away."""
    at = [NOON + timedelta(hours=number) for number in range(6)]
    said: dict[str, Any] = {
        "consumer_id": ["ann"] * 6, "id": [f"a{number}" for number in range(6)], "at": pa.array(at, pa.timestamp("us", "UTC")),
        "type": ["apply_payment", "furnish", "sue", "sell_debt", "deposit_payment", "apply_payment"], "debt_ids": ["debt-ann"] * 6,
        **columns,
    }  # fmt: skip
    return pa.table({name: column for name, column in said.items() if column is not None})


DAYS = [date(2025, 1, 31), None, date(2024, 2, 29), date(2030, 1, 1), None, date(1999, 12, 31)]
CHANGES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "no ids": {"id": None},
    "ids twice": {"id": ["a", "a", "b", None, "b", ""]},
    "the same twice": {"id": None, "at": pa.array([NOON] * 6, pa.timestamp("us", "UTC")), "type": ["sue"] * 6},
    "one instant": {"id": ["b", None, "a", "", "c", "0"], "at": pa.array([NOON] * 6, pa.timestamp("us", "UTC"))},
    "known later": {"known_at": pa.array([NOON + timedelta(days=1)] * 6, pa.timestamp("ns", "UTC"))},
    "types that are not known": {"type": ["apply_payment", "zz", None, "", "Apply Payment", "sue "]},
    "codes": {"type": pa.array(["sue", "furnish", "sue", "sue", "furnish", "sell_debt"]).dictionary_encode()},
    "amounts as decimals": {"amount": _with_amounts(pa.decimal128(14, 2), Decimal("50.00"), Decimal("-0.05"), Decimal(0))},
    "amounts with one place": {"amount": _with_amounts(pa.decimal128(9, 1), Decimal("50.5"), Decimal("0.0"), Decimal(-1))},
    "amounts with many places": {"amount": _with_amounts(pa.decimal128(9, 4), Decimal("50.5000"), Decimal("0.0001"))},
    "amounts without places": {"amount": _with_amounts(pa.decimal128(9, 0), Decimal(50), Decimal(-5))},
    "amounts of thousands": {"amount": _with_amounts(pa.decimal128(9, -2), Decimal(5000), Decimal(0))},
    "vast amounts": {"amount": _with_amounts(pa.decimal128(38, 2), Decimal(10**30), Decimal("0.01"))},
    "amounts as fractions": {"amount": _with_amounts(pa.float64(), 50.0, 12.5, 0.001, 1e20)},
    "amounts as numbers": {"amount": _with_amounts(pa.int64(), 50, 0, -7)},
    "amounts as text": {"amount": ["50.00", "$1,200.00", " 7", "1.234", "none", ""]},
    "amounts as other text": {"amount": ["007.5", "0", "1,200", "-$3.00", "1e3", "\u0665.00"]},
    "amounts as codes": {"amount": pa.array(["50.00", "1.5", None, "x", "50.00", "7"]).dictionary_encode()},
    "amounts that are true": {"amount": [True, None, False, None, None, None]},
    "days": {"accepted_on": DAYS, "instrument_date": DAYS[::-1], "notice_sent_on": DAYS, "delinquency_date": DAYS},
    "days in text": {"accepted_on": ["2025-01-31", "2025-02-30", None, "", " 2025-01-31", "31.1.2025"]},
    "days as instants": {"accepted_on": pa.array([NOON] * 6, pa.timestamp("us", "UTC"))},
    "far days": {"record_of": pa.array([5_000_000, None, -800_000, 19_800, None, None], pa.int32()).cast(pa.date32())},
    "records": {"record": ["communication"] * 3 + ["zz", None, ""], "disposition": ["discarded"] * 6, "record_of": DAYS, "type": ["keep_records"] * 6},
    "debts": {"debt_ids": ["|", "a|b", "", None, "debt-ann", " debt-ann"], "directed_to": ["a", "", None, " b", "debt-ann", "c\x00"]},
    "debts by both names": {"debts": ["other", None, "", "debt-ann", "other", "|"]},
    "truths": {"negative": [True, False, None, True, None, False], "recurring": ["yes", "no", "zz", None, "", "true"]},
    "what is said": {"content": ["one", None, "two\nlines", "", "\u00e9", "one"], "medium": ["card", "check"] * 3, "venue": ["a"] * 6},
    "a column that is not known": {"mood": ["glad"] * 6, "amout": ["1"] * 6},
    "no zone": {"at": pa.array([NOON.replace(tzinfo=None)] * 6, pa.timestamp("us"))},
    "no consumer": {"consumer_id": ["ann", None, "", " ann", "bob", "ann"]},
}  # fmt: skip


def _read(path: Path, folder: Path, by_columns: bool) -> tuple[Partition, int]:
    """What is kept of a file of actions, and how many rows were read in columns."""
    reading = open_actions(path)
    if by_columns:
        reading.in_columns = in_columns
    batched = 0
    with PartitionWriter(folder, 1) as writer:
        for item in reading:
            batched += len(item) if isinstance(item, ColumnBatch) else 0
            writer.put(item)
        writer.finish()
    return PartitionReader(folder).partition(0), batched


@pytest.mark.parametrize("change", CHANGES)
def test_a_table_is_read_as_its_rows_are(change: str, tmp_path: Path) -> None:
    path = written_as_arrow(tmp_path / "actions.arrow", table(**CHANGES[change]))
    (one, _), (other, batched) = (_read(path, tmp_path / f"{by}", by) for by in (False, True))
    assert one.consumers == other.consumers
    for number in range(len(one.ids)):
        assert other.spooled(number) == one.spooled(number)
    if change in ("as it is", "codes", "amounts as decimals", "amounts as text", "days", "debts", "truths"):
        assert batched > 1
    log = written_as_arrow(tmp_path / "log.arrow", pa.table(_columns([call("ann", 1, "2025-03-01T10:00:00-06:00")])))
    beside = {"accounts": write(tmp_path / "accounts.csv", [account("ann")]), "actions": path}
    told = both(tmp_path, [log], of_actions(), beside)
    assert (b'"of":"action"' in told["findings.jsonl"]) is (change != "no zone")


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    names_of = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [row.get(name) for row in rows] for name in names_of}


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Actions as importers are given them, a few of which cannot be read; some come twice."""
    said = draw(st.lists(acts(), max_size=12))
    found: list[dict[str, Any]] = []
    for each in said:
        document = {name: value for name, value in each.model_dump(exclude_none=True).items() if name != "debts"}
        document["consumer_id"] = draw(st.sampled_from(["ann", "ann", "bob"]))
        document["debt_ids"] = draw(st.sampled_from(["debt-ann", "debt-ann|d2", "d2", "", None]))
        if draw(st.integers(0, 9)) == 0:
            document["type"] = "zz"
        if draw(st.booleans()):
            document["id"] = f"a{len(found)}"
        found.append(document)
    return found + draw(st.lists(st.sampled_from(found), max_size=2)) if found else found


AS_ARROW = {"at": pa.timestamp("us", "UTC"), "known_at": pa.timestamp("us", "UTC"), "amount": pa.decimal128(14, 2)}


@settings(max_examples=settings().max_examples // 8)
@given(rows=tables(), partitions=st.sampled_from([1, 2, 7]), as_known=st.sampled_from(["then", "now"]))
def test_drawn_tables_are_judged_alike(rows: list[dict[str, Any]], partitions: int, as_known: str) -> None:
    told: list[Row] = [
        call("ann", 1, "2025-03-09T10:00:00-05:00"), call("bob", 2, "2025-03-12T10:00:00-05:00"),
        call("cid", 3, "2025-03-12T10:00:00-05:00"),
    ]  # fmt: skip
    events: list[Row] = [
        {"consumer_id": name, "at": "2025-03-11T09:00:00-05:00", "type": kind, "written": "true"}
        for name, kind in (("ann", "dispute_received"), ("bob", "bankruptcy_filed"), ("cid", "cease_requested"))
    ]
    with tempfile.TemporaryDirectory() as name, patch.object(run, "_partitions", lambda *_: partitions):
        folder = Path(name)
        beside = {
            "accounts": write(folder / "accounts.csv", [account("ann"), account("cid")]),
            "events": write(folder / "events.csv", events),
        }
        if rows:
            columns = {name: pa.array(values, AS_ARROW.get(name)) for name, values in _columns(rows).items()}
            beside["actions"] = written_as_arrow(folder / "actions.arrow", pa.table(columns))
        both(folder, [write(folder / "log.csv", told)], of_actions(), beside, as_known=as_known)
