"""Whether the time for suing on a debt is over: the one meaning of a `limitation` block, for both evaluators.

The answer is True (barred), False (a suit would still be in time) or None (unknown, with what would settle it). It is
asked for a local day. What is not certain is unknown; in doubt a debt is never said to be open.

**A day stated with the debt** (`debt.limitations_ends`) decides alone: it is the last day of the period, and the debt
is barred from the day after it.

**Whose law.** Else the table of the jurisdiction in `debt.governing_law`, which is the contract's choice as a court
would follow it. Where that is not stated, the table of the state in which the consumer may be: a debt that is barred
there is barred. One that is not is open only where the shortest period of any jurisdiction, payments and
acknowledgments left aside, would leave it open (and every state has a table), since a shorter period of another state
may rule; else `debt.governing_law` is lacking.

**Which period.** The first of the table that fits: judgments those of judgments, other debts by kind and by the form of
the contract. Where that is not stated, the answer stands only where all that are possible agree (`limitation_fit`).
What federal law sets for some debts of a kind (the table of `US`) is possible beside the state's.

**When it began.** On the day that the table names (`runs_from`). Where no such day is stated, not before the contract
or the day on which the debt was incurred, and not after a charge-off, which is of what is in default already. A day
that lies after the one that is asked for says nothing. The last day of the period is the same day of its last year
(three years from 2023-05-01 end with 2026-05-01). Where it is no business day, most states let a suit be brought on the
next one; until then it is unknown.

**Payments and acknowledgments** (`payment_made`, `debt.last_payment_at`; `payment_promised`, `debt_acknowledged`,
`payment_plan_agreed`, `settlement_agreed`; one that was `written` is signed) do what the table says of acts while the
period runs, and of acts when it is over. What it leaves open, or says nothing of, may or may not begin the period
anew. A payment or judgment that nothing names did not happen, where the log is complete; but where
`debt.last_payment_at` names one that no event does, earlier ones may have kept the period running until then.

**What stops the clock** for a time that no file shows makes `barred` unknown: a bankruptcy filed before the end, an
earlier suit brought in time, military service (50 USC 3936), and what the table names. `open` stays as it is, since
all of this only lengthens the time.

Source: 12 CFR 1006.26(a)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from fdcpa_guard.engine.limitation_fit import FEDERAL, MORTGAGE, Traits, agrees, fitting, shortest, what_narrows
from fdcpa_guard.engine.relations import event_about
from fdcpa_guard.engine.windows import (
    EARLIEST_CLOCK,
    LATEST_CLOCK,
    add_business_days,
    is_business_day,
    last_day_of_span,
)
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.rulefile.limitations import LimitationTable, LimitationTables, Period, Restart, Tolling
from fdcpa_guard.values import Duration, format_day

_PROMISES: Final = ("debt_acknowledged", "payment_promised", "payment_plan_agreed", "settlement_agreed")
_ACKNOWLEDGMENTS: Final = {
    True: frozenset({"written_acknowledgment"}),
    False: frozenset({"oral_acknowledgment"}),
    None: frozenset({"written_acknowledgment", "oral_acknowledgment"}),
}
_ENDS: Final = "debt.limitations_ends"
"""The fact that settles every doubt: the day, as somebody who knows the whole account works it out."""
NO_DAY: Final = 0
"""The earliest last day of a period of which nothing is certain: before every day."""
NO_END: Final = 1 << 40
"""The latest last day of a period that may not end: after every day."""


@dataclass(frozen=True, slots=True)
class PeriodLooked:
    """A period that may be the debt's, and the first and the last day that may be its last (`NO_DAY`, `NO_END`)."""

    jurisdiction: str
    period: Period
    earliest: int
    latest: int

    def said(self) -> str:
        """When the period ends, for people."""
        first, last = _shown(self.earliest), _shown(self.latest)
        return f"last day {last}" if first == last else f"last day between {first} and {last}"

    def changes(self) -> Iterable[int]:
        """The days on which, by the passing of time alone, the answer may become another."""
        if self.earliest not in (NO_DAY, NO_END):
            yield self.earliest + 1
        if self.latest != NO_END:
            yield last_for_filing(self.latest) + 1
        if self.period.dated_by == "suit":
            yield from (each.in_force.start for each in self.period.lengths if each.in_force.start is not None)


class Timed(Protocol):
    """What is judged: of it nothing is asked but when it is."""

    @property
    def at(self) -> int: ...


@dataclass(frozen=True, slots=True)
class TimeBar:
    """`barred` is None where it is unknown, and `lacked` has the facts that would settle it."""

    barred: bool | None
    lacked: tuple[str, ...]
    looked: tuple[PeriodLooked, ...] = ()


@dataclass(frozen=True, slots=True)
class _Act:
    """A payment or acknowledgment. `kinds` are several where it is not said whether it was written."""

    day: int
    kinds: frozenset[str]
    sure: bool
    alone: bool
    """Only the debt's last payment names it: others may have gone before it."""


def limitation_of(
    tables: LimitationTables, judged: Timed, debt: DebtOf | None, file: ConsumerFile, world: World
) -> TimeBar:
    """Whether the period of a debt is over on the local day of what is judged."""
    if world.clock is not None:
        return _on(tables, judged, debt, file, world.state, world.clock.day)
    first, last = (_on(tables, judged, debt, file, world.state, each.day) for each in (EARLIEST_CLOCK, LATEST_CLOCK))
    if first.barred is last.barred:
        return first
    return TimeBar(None, (*first.lacked, "consumer.time_zone"), first.looked)


def extinguished(
    tables: LimitationTables, judged: Timed, debt: DebtOf | None, file: ConsumerFile, world: World
) -> TimeBar:
    """Whether the end of the period has ended the debt itself, by the law that governs it."""
    found = limitation_of(tables, judged, debt, file, world)
    if found.barred is False or debt is None:
        return found
    governing = debt.governing_law or world.state
    table = tables.of(governing)
    if table is not None and table.extinguishes is not None:
        return found
    if debt.governing_law is not None and table is not None:
        return TimeBar(False, (), found.looked)
    lacked = "debt.governing_law" if debt.governing_law is None else _ENDS
    return TimeBar(None, (lacked,), found.looked)


def truth_of(
    tables: LimitationTables, ends_the_debt: bool, judged: Timed, debt: DebtOf | None, file: ConsumerFile, world: World
) -> bool | None:
    """The answer alone, as compiled rules ask for it."""
    return (extinguished if ends_the_debt else limitation_of)(tables, judged, debt, file, world).barred


def _on(
    tables: LimitationTables,
    judged: Timed,
    debt: DebtOf | None,
    file: ConsumerFile,
    state: str | None,
    day_of: Callable[[int], int],
) -> TimeBar:
    day = day_of(judged.at)
    if debt is None:
        return TimeBar(None, ("communication.debts",))
    if debt.limitations_ends is not None:
        return TimeBar(day > debt.limitations_ends, ())
    if not file.log_complete:
        return TimeBar(None, ("log_complete",))
    account = _Account(debt, file, judged, day, day_of)
    federal = tables.of(FEDERAL)
    if debt.governing_law is not None:
        return account.under(tables.of(debt.governing_law), federal)
    if state is None:
        return TimeBar(None, ("debt.governing_law", "consumer.location"))
    own = account.under(tables.of(state), federal)
    if own.barred is not False:
        return own
    if tables.whole_country and account.is_open_everywhere(tables):
        return own
    return TimeBar(None, ("debt.governing_law",), own.looked)


class _Account:
    """What is known of one debt by one day, and what each table makes of it."""

    def __init__(
        self, debt: DebtOf, file: ConsumerFile, judged: Timed, day: int, day_of: Callable[[int], int]
    ) -> None:
        self.debt = debt
        self.day = day
        self.day_of = day_of
        self.file = file
        self.knowledge = judged.at if file.as_of is None else file.as_of
        self.at = judged.at
        self.judgment_at = self._judgment_at()
        self.traits = self._traits()
        self.acts = sorted(self._acts(), key=lambda act: act.day)
        kind = debt.creditor_type
        self.bought = True if kind == "assignee" or file.collector.kind == "debt_buyer" else None if kind is None else False

    def _events(self, *types: str) -> Iterable[tuple[EventOf, bool]]:
        """Those that had happened and were known, and may be about the debt, with whether they surely are."""
        for name in types:
            for event in self.file.events_by_type.get(name, ()):
                if event.at <= self.at and event.known_at <= self.knowledge:
                    about = event_about(event, self.debt, self.file)
                    if about is not False:
                        yield event, about is True

    def _said(self, day: int | None) -> int | None:
        """A day of the debt, where it has come by the day that is asked for."""
        return None if day is None or day > self.day else day

    def _judgment_at(self) -> int | None:
        stated = self._said(self.debt.judgment_at)
        if stated is not None:
            return stated
        entered = [self.day_of(event.at) for event, sure in self._events("judgment_entered") if sure]
        return max(entered, default=None)

    def _is_judgment(self) -> bool | None:
        if self.debt.kind == "judgment" or self.judgment_at is not None:
            return True
        perhaps = any(not sure for _, sure in self._events("judgment_entered"))
        return None if self.debt.kind is None or perhaps else False

    def _acts(self) -> Iterable[_Act]:
        paid: set[int] = set()
        for event, sure in self._events("payment_made"):
            day = self.day_of(event.at)
            paid.add(day)
            yield _Act(day, frozenset({"payment"}), sure, alone=False)
        for event, sure in self._events(*_PROMISES):
            yield _Act(self.day_of(event.at), _ACKNOWLEDGMENTS[event.written], sure, alone=False)
        last = self._said(self.debt.last_payment_at)
        if last is not None and last not in paid:
            yield _Act(last, frozenset({"payment"}), sure=True, alone=True)

    # -- one table ---------------------------------------------------------------------------------------------------

    def under(self, table: LimitationTable | None, federal: LimitationTable | None) -> TimeBar:
        """What one jurisdiction's law says."""
        if table is None:
            return TimeBar(None, (_ENDS,))
        lacks: list[str] = []
        periods = fitting(table, self.traits)
        if len(periods) > 1:
            lacks.extend(what_narrows(self.traits, periods))
        looked = [self._looked(table, period, lacks) for period in periods]
        if not looked or None in looked:
            return TimeBar(None, (*dict.fromkeys([*lacks, _ENDS]),), tuple(filter(None, looked)))
        if federal is not None and federal is not table:
            own = (period for period in fitting(federal, self.traits) if period is not None)
            looked += [self._looked(federal, period, lacks) for period in own]
        found = [each for each in looked if each is not None]
        if self.day > last_for_filing(max(each.latest for each in found)):
            return TimeBar(True, (), tuple(found))
        if self.day <= min(each.earliest for each in found):
            return TimeBar(False, (), tuple(found))
        return TimeBar(None, tuple(dict.fromkeys(lacks)) or (_ENDS,), tuple(found))

    def _traits(self) -> Traits:
        debt = self.debt
        return Traits(
            kind=MORTGAGE if debt.secured_by_real_estate else debt.kind,
            form=debt.contract_form,
            judgment=self._is_judgment(),
            signed=debt.contract_signed,
            consumer_credit=debt.consumer_credit_transaction,
            collector=self.file.collector.kind,
        )

    def is_open_everywhere(self, tables: LimitationTables) -> bool:
        """Whether the shortest period of any jurisdiction is not over."""
        lengths = shortest(tables, self.traits)
        if lengths is None:
            return False
        for period, length in lengths:
            first, _ = self._starts(period, [])
            if first is None or self.day > _end(_after(first, period.begins_after), length):
                return False
        return True

    def _looked(self, table: LimitationTable, period: Period | None, lacks: list[str]) -> PeriodLooked | None:
        if period is None:
            return None
        earliest, latest = self._ends(table, period, lacks)
        return PeriodLooked(table.jurisdiction, period, earliest, latest)

    # -- one period --------------------------------------------------------------------------------------------------

    def _ends(self, table: LimitationTable, period: Period, lacks: list[str]) -> tuple[int, int]:
        """The first and the last day that may be the period's last."""
        first, last = self._starts(period, lacks)
        lengths = self._lengths(period, first, last, lacks)
        earliest = NO_DAY if first is None else min(_end(_after(first, period.begins_after), each) for each in lengths)
        latest = NO_END if last is None else max(_end(_after(last, period.begins_after), each) for each in lengths)
        for act in self.acts:
            before, after = self._effects(table, period, act, lacks)
            may_run, may_be_over = act.day <= latest or act.alone, act.day > earliest
            effects = (before if may_run else set()) | (after if may_be_over else set())
            again = [_end(act.day, each) for each in lengths]
            if effects != {"does_not"}:
                latest = max(latest, *again)
            if act.sure and effects == {"restarts"}:
                earliest = max(earliest, min(again))
        if latest != NO_END and self._stopped(table, period, latest):
            lacks.append(_ENDS)
            latest = NO_END
        return earliest, latest

    def _starts(self, period: Period, lacks: list[str]) -> tuple[int | None, int | None]:
        """The first and the last day on which the period may have begun, `begins_after` left out."""
        debt = self.debt
        stated = {name: self._said(self._day(name)) for name in period.runs_from}
        known = [day for day in stated.values() if day is not None]
        missing = [f"debt.{name}" for name, day in stated.items() if day is None and not (known and name == "last_payment_at")]
        if known and (not period.latest or not missing):
            paid = stated.get("last_payment_at")
            others = [day for name, day in stated.items() if day is not None and name != "last_payment_at"]
            if period.latest and paid is not None and others and self._came_after(period, max(others), paid):
                # Whether earlier payments had kept the period running until then, no file tells that has only the last.
                alone = any(act.alone and act.day == paid for act in self.acts)
                return max(others), paid if alone else max(others)
            day = max(known) if period.latest else known[0]
            return (day, day) if day == paid or "judgment_at" in stated else self._between(day)
        lacks.extend(missing if period.latest else missing[:1])
        if not period.latest and "defaulted_at" not in period.runs_from:
            return None, None
        least = [*known, *(day for day in map(self._said, (debt.contract_at, debt.incurred_at)) if day is not None)]
        charged_off = self._said(debt.charged_off_at)
        first, last = max(least, default=None), None if charged_off is None else max([charged_off, *known])
        # Charged off before it was contracted: one of the two is wrong, and either may be.
        return (last, first) if first is not None and last is not None and first > last else (first, last)

    def _came_after(self, period: Period, start: int, day: int) -> bool:
        """Whether a day may lie after the end of the period that a day began."""
        lengths = [length for dated in period.lengths for length in dated.any_of if length is not None]
        return any(day > _end(_after(start, period.begins_after), length) for length in lengths)

    def _between(self, day: int) -> tuple[int, int]:
        """A day of default or of a charge, widened where the file contradicts it.

        A debt is charged off when it is in default, and is not in default before it was contracted or incurred: of two
        days that cannot both be right, either may be.
        """
        charged_off = self._said(self.debt.charged_off_at)
        before = [each for each in map(self._said, (self.debt.contract_at, self.debt.incurred_at)) if each is not None]
        days = [day, *(each for each in (charged_off,) if each is not None and each < day), *(each for each in before if each > day)]
        return min(days), max(days)

    def _day(self, name: str) -> int | None:
        if name == "judgment_at":
            return self.judgment_at
        found = getattr(self.debt, name)
        assert found is None or isinstance(found, int)
        return found

    def _lengths(
        self, period: Period, first: int | None, last: int | None, lacks: list[str]
    ) -> tuple[Duration | None, ...]:
        """The lengths that the period may have."""
        match period.dated_by:
            case None:
                return period.lengths[0].any_of
            case "suit":
                first = last = self.day
            case "accrual":
                pass
            case name:
                first = last = self._said(self._day(name))
                if first is None:
                    lacks.append(f"debt.{name}")
        return tuple(
            dict.fromkeys(
                length
                for dated in period.lengths
                if (last is None or dated.in_force.start is None or dated.in_force.start <= last)
                and (first is None or dated.in_force.end is None or dated.in_force.end >= first)
                for length in dated.any_of
            )
        )

    def _effects(
        self, table: LimitationTable, period: Period, act: _Act, lacks: list[str]
    ) -> tuple[set[str], set[str]]:
        """What an act may do to the period: while it runs, and when it is over."""
        before: set[str] = set()
        after: set[str] = set()
        for kind in act.kinds:
            for restart in table.restarts:
                fits = _speaks_of(restart, period, kind, act.day, self.bought)
                if fits is False:
                    continue
                before.add(restart.before_expiry)
                after.add(restart.after_expiry)
                if fits:
                    break
                lacks.append("debt.creditor_type")
            else:
                before.add("open")
                after.add("open")
        return before, after

    def _stopped(self, table: LimitationTable, period: Period, latest: int) -> bool:
        """Whether something may have stopped the clock, or given the period another term, before its end."""
        if period.renewable or self.file.consumer.servicemember is True:
            return True
        if any(self.day_of(event.at) <= latest for event, _ in self._events("bankruptcy_filed")):
            return True
        if not period.judgment:
            suits = [self.day_of(event.at) for event, _ in self._events("lawsuit_filed")]
            sued_at = self.debt.sued_at
            if any(day <= latest and day < self.day for day in (*suits, *(() if sued_at is None else (sued_at,)))):
                return True
        return any(self._tolls(each, latest) for each in table.tolled_by)

    def _tolls(self, tolling: Tolling, latest: int) -> bool:
        match tolling.by:
            case "minority":
                return self.file.consumer.minor is True
            case "crime_victim_claim":
                claims = self._events("crime_victim_claim_notice_received")
                return any(self.day_of(event.at) <= latest for event, _ in claims)
            case _:
                # A creditor's own demand: no file has those of all its owners.
                return True


def _speaks_of(restart: Restart, period: Period, kind: str, day: int, bought: bool | None) -> bool | None:
    of_period = not period.judgment if restart.periods is None else period.id in restart.periods
    if kind not in restart.by or not of_period or not restart.in_force.holds_on(day):
        return False
    return agrees(restart.bought, bought)


def _after(day: int, span: Duration | None) -> int:
    return day if span is None else last_day_of_span(day, span)


def _shown(day: int) -> str:
    return "not known" if day == NO_DAY else "none" if day == NO_END else format_day(day)


def _end(start: int, length: Duration | None) -> int:
    return NO_END if length is None else last_day_of_span(start, length)


def last_for_filing(day: int) -> int:
    """The last day of a period, or the first business day after one on which no court is open."""
    return day if day == NO_END or is_business_day(day) else add_business_days(day, 1)
