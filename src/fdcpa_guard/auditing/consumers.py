"""One consumer, put together: facts merged, repeated rows joined, the log in an order that does not depend on the files."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TypeVar

from fdcpa_guard.auditing.spool import SpooledConsumer
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.importers.problems import Problem, ProblemKind, shortened
from fdcpa_guard.facts.importers.rows import AccountFacts, LogAction, LogEvent, LogRow, deduplicate
from fdcpa_guard.facts.models import Address, Collector, Consumer, Debt, Email, Event, Model, Phone

M = TypeVar("M", bound=Model)
_LISTS = ("addresses", "phones", "emails", "time_zones")


@dataclass(frozen=True, slots=True)
class ConsumerLog:
    """A consumer's file, ready to be judged. `rows[i]` is the row of the log behind `file.entries[i]`.

    `actions` are in order of time, each once.
    """

    consumer_id: str
    file: ConsumerFile
    rows: tuple[LogRow, ...]
    actions: tuple[LogAction, ...]
    problems: tuple[Problem, ...]
    has_account: bool
    debts: tuple[Debt, ...] = ()
    events: tuple[Event, ...] = ()
    """What the file was made of, as it was stated."""

    def row_behind(self, label: str, at: int) -> LogRow | None:
        """The row of the entry that the engine calls `label` (its id; without one, its time) at an instant."""
        entries = self.file.entries
        for index in range(bisect_left(self.file.instants, at), len(entries)):
            if entries[index].at != at:
                return None
            own = entries[index].id
            # Without an id it is called by its time, which no kind of event is.
            if own == label or (own is None and label[:4].isdigit()):
                return self.rows[index]
        return None


def consumer_log(spooled: SpooledConsumer, collector: Collector, as_of: datetime | None) -> ConsumerLog:
    """The file of a consumer, and the problems found while it was put together.

    A row that could not be read makes the log incomplete: its counts are then open above. Rows of one instant are in
    the order of their ids, so that the order of the files decides nothing but which of two contradicting copies of a
    row was stated last.

    Raises:
        FactsError: what is said of the consumer cannot be used.
    """
    kept, problems = deduplicate(spooled.rows)
    undated = any(problem.kind is ProblemKind.MISSING_FIELD for problem in problems)
    problems.extend(_unreadable(spooled))
    consumer, debts, contradictions = merged_accounts(spooled.accounts)
    rows = in_order(kept)
    actions, of_actions = in_order_of_time(spooled.actions)
    events = _events(spooled.events)
    file = ConsumerFile(
        collector=collector,
        consumer=consumer,
        debts=debts,
        events=events,
        history=[row.communication for row in rows],
        log_complete=spooled.lost_rows == 0 and not spooled.unreadable and not undated,
        as_of=as_of,
    )
    return ConsumerLog(
        spooled.consumer_id,
        file,
        tuple(rows),
        actions,
        (*problems, *of_actions, *contradictions),
        has_account=bool(spooled.accounts),
        debts=debts,
        events=tuple(events),
    )


def in_order(rows: Sequence[LogRow]) -> list[LogRow]:
    """By instant, then by id, and those without one last, by what they say: as the engine orders its entries."""
    ordered = sorted(rows, key=_instant_and_id)
    tied = any(
        one.communication.id is None and _instant_and_id(one) == _instant_and_id(two)
        for one, two in pairwise(ordered)
    )
    if tied:
        ordered.sort(key=lambda row: (*_instant_and_id(row), words_of(row.communication)))
    return ordered


def _instant_and_id(row: LogRow) -> tuple[datetime, bool, str]:
    own = row.communication.id
    return row.communication.at, own is None, own or ""


def words_of(model: Model) -> str:
    """What a record says, as text: the same whatever the offsets in which its instants are written."""
    instants = {name: value.astimezone(UTC) for name, value in model.__dict__.items() if isinstance(value, datetime)}
    return _said(model.model_copy(update=instants))


def _said(model: Model) -> str:
    return model.model_dump_json(exclude_none=True, by_alias=True)


def in_order_of_time(actions: Iterable[LogAction]) -> tuple[tuple[LogAction, ...], list[Problem]]:
    """Each once, and what is told of the others.

    Rows that say the same are one action. Rows of one id that differ are all judged: what one of them says was done may
    have been, and what another says of it does not undo that.
    """
    found: dict[str, LogAction] = {}
    ids: dict[str, LogAction] = {}
    problems: list[Problem] = []
    for each in actions:
        said = words_of(each.action)
        first = found.setdefault(said, each)
        other = first if each.id is None else ids.setdefault(each.id, each)
        if other is each:
            continue
        same = first is not each
        told = "one of them counts" if same else "they differ, and each is judged"
        problems.append(
            Problem(
                ProblemKind.DUPLICATE_ID if same else ProblemKind.CONTRADICTION,
                f"the same action stands in row {other.row} of {other.file}; {told}", each.file, each.row,
                None if each.id is None else "id", None if each.id is None else shortened(each.id), left_out=same,
            )
        )  # fmt: skip
    ordered = sorted(found.values(), key=lambda each: (each.action.at, each.id or "", words_of(each.action)))
    return tuple(ordered), problems


def _events(events: Iterable[LogEvent]) -> list[Event]:
    """Each once, however many rows tell of it, in an order of their own."""
    by_words = {words_of(found.event): found.event for found in events}
    return [by_words[words] for words in sorted(by_words)]


def _unreadable(spooled: SpooledConsumer) -> Iterable[Problem]:
    for file, row, message in spooled.unreadable:
        yield Problem(
            ProblemKind.BROKEN_RECORD,
            f"could not be read back: {message}",
            file,
            row,
            left_out=True,
            consumer_id=spooled.consumer_id,
        )


# -- what is said of the person and the debts ----------------------------------------------------------------------------


def merged_accounts(accounts: Sequence[AccountFacts]) -> tuple[Consumer, tuple[Debt, ...], list[Problem]]:
    """All that was said of one consumer, in the order of reading: later rows add to earlier ones.

    Addresses, numbers and zones add up: a consumer who has two homes may be at either. Of a field that has one value
    the last stated holds, and that it was stated otherwise before is told.
    """
    if len(accounts) == 1:
        return accounts[0].consumer, accounts[0].debts, []
    consumers = list({_said(each.consumer): each.consumer for each in accounts}.values())
    consumer, problems = Consumer(), _Contradictions()
    for facts in accounts:
        consumer = _onto(consumer, facts.consumer, problems.of(facts, "consumer"), leave=_LISTS)
    debts: dict[str, Debt] = {}
    for facts in accounts:
        for debt in facts.debts:
            known = debts.get(debt.id)
            debts[debt.id] = debt if known is None else _onto(known, debt, problems.of(facts, f"debt {debt.id}"))
    consumer = consumer.model_copy(
        update={
            "addresses": _union(consumers, lambda each: each.addresses, _said),
            "phones": _joined_phones(consumers),
            "emails": _joined_emails(consumers),
            "time_zones": _union(consumers, lambda each: each.time_zones, str),
        }
    )
    return consumer, tuple(debts[key] for key in sorted(debts)), problems.found


class _Contradictions:
    """Each field of which two rows say different things, once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self._told: set[tuple[str, str]] = set()

    def of(self, facts: AccountFacts, whose: str) -> Callable[[str, object, object], None]:
        def tell(field: str, before: object, after: object) -> None:
            if (whose, field) in self._told:
                return
            self._told.add((whose, field))
            message = f"{whose}: an earlier row says {field} is `{shortened(before)}`; the last stated holds"
            self.found.append(
                Problem(ProblemKind.CONTRADICTION, message, facts.file, facts.row, field, shortened(after))
            )

        return tell


def _onto(
    known: M, said: M, tell: Callable[[str, object, object], None], leave: Sequence[str] = ()
) -> M:
    changes: dict[str, object] = {}
    for name in type(said).model_fields:
        value, before = getattr(said, name), getattr(known, name)
        if value is None or value == () or value == before or name in leave:
            continue
        changes[name] = value
        if before is not None and before != ():
            tell(name, before, value)
    return known.model_copy(update=changes) if changes else known


T = TypeVar("T", str, Address)


def _union(consumers: Sequence[Consumer], of: Callable[[Consumer], Iterable[T]], key: Callable[[T], str]) -> tuple[T, ...]:
    """As listed where one list has them all; else in an order that the files do not decide."""
    if len(consumers) == 1:
        return tuple(of(consumers[0]))
    found = {key(each): each for consumer in consumers for each in of(consumer)}
    return tuple(found[words] for words in sorted(found))


def _joined_phones(consumers: Sequence[Consumer]) -> tuple[Phone, ...]:
    found: dict[str, Phone] = {}
    for consumer in consumers:
        for phone in consumer.phones:
            known = found.get(phone.number)
            found[phone.number] = phone if known is None else _onto(known, phone, _nothing_to_tell)
    return tuple(found[number] for number in (sorted(found) if len(consumers) > 1 else found))


def _joined_emails(consumers: Sequence[Consumer]) -> tuple[Email, ...]:
    found: dict[str, Email] = {}
    for consumer in consumers:
        for email in consumer.emails:
            known = found.get(email.address)
            found[email.address] = email if known is None else _onto(known, email, _nothing_to_tell)
    return tuple(found[address] for address in (sorted(found) if len(consumers) > 1 else found))


def _nothing_to_tell(field: str, before: object, after: object) -> None:
    """What is known of a number may grow better without the earlier word having been wrong."""


