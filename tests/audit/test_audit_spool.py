"""The spool: what goes in by time comes out by consumer, one at a time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fdcpa_guard.auditing.spool import Spool, SpooledConsumer, SpoolReader
from fdcpa_guard.facts.importers.problems import Problem, ProblemKind
from fdcpa_guard.facts.importers.rows import AccountFacts, LogEvent, LogRow
from fdcpa_guard.facts.models import Communication, Consumer, Debt, Event, Phone
from fdcpa_guard.values import instant_of

START = datetime(2024, 3, 4, 16, tzinfo=UTC)


def row(consumer: str, number: int, **more: object) -> LogRow:
    said = {"id": f"{consumer}-{number}", "at": START + timedelta(hours=number), "channel": "call", **more}
    return LogRow(consumer, number, "log.csv", Communication.model_validate(said), "NA", START)


def spooled(path: Path, items: list[object]) -> list[SpooledConsumer]:
    spool = Spool(path / "spool")
    for item in items:
        spool.put(item)  # type: ignore[arg-type]
    spool.finish()
    reader = SpoolReader(path / "spool")
    return [found for among in reader.ranges(1) for found in reader.consumers(among)]


class TestSpool:
    def test_everything_comes_back_as_it_went_in(self, tmp_path: Path) -> None:
        debt = Debt(id="d1", kind="medical", amount="12.50")
        consumer = Consumer(id="ann", phones=(Phone(number="+15125550100"),))
        event = Event.model_validate({"at": START, "type": "time_inconvenient", "from": "15:00", "to": "17:00"})
        items = [
            row("ann", 1, turns=({"speaker": "agent", "text": "Hello"},), person={"role": "spouse"}, debts=("d1",)),
            AccountFacts("ann", 1, "accounts.csv", consumer, (debt,)),
            LogEvent("ann", 2, "log.csv", event),
        ]
        (found,) = spooled(tmp_path, list(items))
        assert (found.rows, found.accounts, found.events) == ([items[0]], [items[1]], [items[2]])
        assert (found.lost_rows, found.unreadable) == (0, [])

    def test_a_leg_comes_back_as_one(self, tmp_path: Path) -> None:
        leg = replace(row("ann", 1), chain="amazon_connect:k0", leg_of="amazon_connect:k1")
        (found,) = spooled(tmp_path, [leg, row("ann", 2)])
        assert found.rows == [leg, row("ann", 2)]

    def test_consumers_come_in_the_order_of_their_ids_each_with_its_rows_as_read(self, tmp_path: Path) -> None:
        items: list[object] = [row(name, number) for number in range(5) for name in ("bob", "ann", "Ünal")]
        found = spooled(tmp_path, items)
        assert [each.consumer_id for each in found] == ["ann", "bob", "Ünal"]
        assert all([each.row for each in consumer.rows] == [0, 1, 2, 3, 4] for consumer in found)

    def test_no_more_than_one_consumer_is_read_at_a_time(self, tmp_path: Path) -> None:
        """Memory is bounded by one history: when a consumer is handed on, no row of the next was fetched but one."""
        spool = Spool(tmp_path / "spool")
        for number in range(3000):
            spool.put(row(f"c{number % 30:02d}", number))
        spool.finish()
        reader = SpoolReader(tmp_path / "spool")
        (among,) = reader.ranges(10_000)
        fetched = 0

        def counting(records: Iterator[object]) -> Iterator[object]:
            nonlocal fetched
            for record in records:
                fetched += 1
                yield record

        reader._db = _Watched(reader._db, counting)  # type: ignore[assignment]
        for index, found in enumerate(reader.consumers(among), start=1):
            assert len(found.rows) == 100
            assert fetched <= index * 100 + 1

    def test_ranges_cover_each_consumer_once_and_split_none(self, tmp_path: Path) -> None:
        spool = Spool(tmp_path / "spool")
        numbers = list(range(500))
        random.Random(1).shuffle(numbers)
        for number in numbers:
            spool.put(row(f"c{number % 50:02d}", number))
        spool.finish()
        reader = SpoolReader(tmp_path / "spool")
        ranges = list(reader.ranges(35))
        names = [found.consumer_id for among in ranges for found in reader.consumers(among)]
        assert names == [f"c{number:02d}" for number in range(50)]
        assert sum(among.items for among in ranges) == 500
        assert [among.number for among in ranges] == list(range(1, len(ranges) + 1))

    def test_a_lost_row_is_counted_for_its_consumer_and_a_harmless_one_is_not(self, tmp_path: Path) -> None:
        lost = Problem(ProblemKind.BAD_VALUE, "no", "log.csv", 7, left_out=True, consumer_id="ann")
        harmless = Problem(ProblemKind.NOT_A_COMMUNICATION, "no", "log.csv", 8, left_out=True, consumer_id="ann")
        (found,) = spooled(tmp_path, [row("ann", 1), lost, harmless])
        assert found.lost_rows == 1

    def test_text_that_is_no_unicode_is_a_lost_row(self, tmp_path: Path) -> None:
        broken = LogRow("ann", 1, "log.csv", Communication.model_construct(at=START, agent="\ud800"))
        (found,) = spooled(tmp_path, [broken])
        assert (found.rows, found.lost_rows) == ([], 1)

    def test_the_span_is_of_communications_and_of_what_became_known(self, tmp_path: Path) -> None:
        spool = Spool(tmp_path / "spool")
        for item in (row("ann", 5), row("bob", 2), LogEvent("ann", 1, "e", Event(at=START + timedelta(days=9), type="paid"))):
            spool.put(item)
        span = spool.span
        spool.finish()
        assert (span.first, span.last) == (instant_of(START + timedelta(hours=2)), instant_of(START + timedelta(hours=5)))
        assert span.last_known == instant_of(START + timedelta(days=9))


class _Watched:
    """A connection whose rows are counted as they are fetched."""

    def __init__(self, db: object, counting: object) -> None:
        self._db, self._counting = db, counting

    def execute(self, *arguments: object) -> Iterator[object]:
        return self._counting(self._db.execute(*arguments))  # type: ignore[attr-defined,operator,no-any-return]
