"""Consumers of a partition as objects: of those few whose records columns do not settle, or of whom there is something to
tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from pydantic import ValidationError

from fdcpa_guard.auditing.partitions.actions import Actions
from fdcpa_guard.auditing.partitions.kinds import Kind
from fdcpa_guard.auditing.partitions.recorded import Patterns, Recorded
from fdcpa_guard.auditing.partitions.splitting import OWN_OF_COMMUNICATION, OWN_OF_EVENT, PERSON_ID, TRUTHS
from fdcpa_guard.auditing.spool import SpooledConsumer
from fdcpa_guard.facts.importers.rows import AccountFacts, LogAction, LogEvent, LogRow, Witness
from fdcpa_guard.facts.models import Communication, Consumer, Debt, Event
from fdcpa_guard.values import datetime_of

_OWN_OF_ROW = (*OWN_OF_COMMUNICATION, PERSON_ID, TRUTHS)
_Put = Callable[[SpooledConsumer, int, str, int], None]
"""Puts the record of a place to its consumer; the file and row in which it stands are said with it."""


class Objects:
    """What makes objects of the records of a partition. `names` are the ids of its consumers."""

    def __init__(self, of: Mapping[Kind, Recorded], names: Sequence[str], files: Sequence[str]) -> None:
        self._of = of
        self._names = names
        self._files = files

    @cached_property
    def actions(self) -> Actions:
        return Actions(self._of[Kind.ACTIONS])

    @cached_property
    def rows(self) -> Patterns[Communication]:
        return Patterns(Communication, self._of[Kind.ROWS].shapes[1])

    @cached_property
    def events(self) -> Patterns[Event]:
        return Patterns(Event, self._of[Kind.EVENTS].shapes[1])

    def spooled(self, consumers: Sequence[int]) -> list[SpooledConsumer]:
        """Everything that was read of some consumers, each kind in the order of reading. Of many it takes less for each."""
        found = [SpooledConsumer(self._names[number]) for number in consumers]
        for kind in self._of:
            self._read(found, consumers, kind)
        return found

    def accounts(self, consumer: int) -> SpooledConsumer:
        """What was read of a consumer's accounts, and nothing else."""
        found = SpooledConsumer(self._names[consumer])
        self._read([found], [consumer], Kind.CONSUMERS)
        return found

    def row(self, index: int) -> LogRow:
        """One of all rows.

        Raises:
            ValidationError: it cannot be read back.
        """
        records = self._of[Kind.ROWS]
        found = SpooledConsumer(self._names[int(records.consumer[index])])
        self._put_rows([index])(found, 0, "", records.values("row")[index])
        return found.rows[0]

    def event(self, index: int) -> Event:
        """One of all events."""
        records = self._of[Kind.EVENTS]
        (own,) = records.documents(OWN_OF_EVENT, [index])
        return self.events.of(own, int(records.shapes[0][index]))

    def _read(self, found: Sequence[SpooledConsumer], consumers: Sequence[int], kind: Kind) -> None:
        records = self._of[kind]
        index: list[int] = []
        whose: list[SpooledConsumer] = []
        for each, number in zip(found, consumers, strict=True):
            own = records.of(number)
            index += own
            whose += [each] * len(own)
        if not index:
            return
        put = self._put(kind, index)
        files, rows = records.values("file").some(index), records.values("row").some(index)
        for place, each in enumerate(whose):
            file, row = self._files[files[place]], rows[place]
            try:
                put(each, place, file, row)
            except ValidationError as error:
                each.unreadable.append((file, row, str(error.errors(include_url=False)[0]["msg"])))

    def _put(self, kind: Kind, index: Sequence[int]) -> _Put:
        match kind:
            case Kind.ROWS:
                return self._put_rows(index)
            case Kind.ACTIONS:
                return lambda found, place, file, row: found.actions.append(
                    LogAction(found.consumer_id, row, file, self.actions.action(index[place]))
                )
            case Kind.EVENTS:
                return self._put_events(index)
            case Kind.CONSUMERS:
                return self._put_consumers(index)
            case Kind.DEBTS:
                return lambda *_: None  # read with the row of the consumer in which they stand
            case Kind.LOST:
                return _put_lost

    def _put_rows(self, index: Sequence[int]) -> _Put:
        records, patterns = self._of[Kind.ROWS], self.rows
        own, shapes = records.documents(_OWN_OF_ROW, index), records.shapes[0][index].tolist()
        raw, updated, witness, chain, leg_of = (
            records.values(name).some(index) for name in ("raw", "updated", "witness", "chain", "leg_of")
        )

        def put(found: SpooledConsumer, place: int, file: str, row: int) -> None:
            changed = updated[place]
            found.rows.append(
                LogRow(
                    found.consumer_id, row, file, patterns.of(own[place], shapes[place]), raw[place],
                    None if changed is None else datetime_of(changed), Witness(witness[place]), chain[place], leg_of[place],
                )
            )  # fmt: skip

        return put

    def _put_events(self, index: Sequence[int]) -> _Put:
        records, patterns = self._of[Kind.EVENTS], self.events
        own, shapes = records.documents(OWN_OF_EVENT, index), records.shapes[0][index].tolist()

        def put(found: SpooledConsumer, place: int, file: str, row: int) -> None:
            found.events.append(LogEvent(found.consumer_id, row, file, patterns.of(own[place], shapes[place])))

        return put

    def _put_consumers(self, index: Sequence[int]) -> _Put:
        records, debts = self._of[Kind.CONSUMERS], self._of[Kind.DEBTS]
        bodies, files = records.values("body").some(index), records.values("file").some(index)

        def put(found: SpooledConsumer, place: int, file: str, row: int) -> None:
            of_consumer = debts.of(int(records.consumer[index[place]]))
            stand = zip(debts.values("file").some(of_consumer), debts.values("row").some(of_consumer), strict=True)
            here = [debt for debt, where in zip(of_consumer, stand, strict=True) if where == (files[place], row)]
            owed = tuple(map(Debt.model_validate_json, debts.values("body").some(here)))
            consumer = Consumer.model_validate_json(bodies[place])
            found.accounts.append(AccountFacts(found.consumer_id, row, file, consumer, owed))

        return put


def _put_lost(found: SpooledConsumer, _place: int, _file: str, _row: int) -> None:
    found.lost_rows += 1
