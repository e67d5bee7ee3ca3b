"""Examples by hand of what random worlds seldom meet, with what the definition must say of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import shipped
from strategies import NOWHERE

from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.lang import core
from fdcpa_guard.lang.operators import OPERATORS, Symbol
from fdcpa_guard.rulefile.model import (
    Block,
    CalendarUnit,
    Count,
    Deadline,
    InForce,
    Rule,
    Selection,
    Window,
    WindowKind,
)
from fdcpa_guard.values import Duration, Kind, Type, Unit

_TRIGGERS = ("2026-03-03T12:00Z", "2026-03-05T12:00Z", "2026-03-06T12:00Z")
_MORE_THAN = next(each for each in OPERATORS if each.symbol is Symbol.GT and Kind.COUNT in each.takes)


@dataclass(frozen=True)
class Example:
    """A rule, a consumer of whom something is proposed, and the verdict."""

    name: str
    rule: Rule
    file: ConsumerFile
    entry: Entry
    verdict: Verdict


def examples() -> Iterator[Example]:
    """Weeks by the day on which they begin; deadlines that several triggers begin."""
    for begins, day, counts in (("monday", 9, False), ("sunday", 9, True), ("monday", 7, True), ("sunday", 7, True)):
        yield _week(begins, day, counts)
    for earliest in (False, True):
        for followed in range(len(_TRIGGERS) + 1):
            yield _deadline(earliest, followed)
    for learnt in (False, True):
        yield _learnt_late(learnt)
    for given in (False, True):
        yield _given_in_it(given)


def _week(begins: str, day: int, counts: bool) -> Example:
    """A call on a Sunday, or on a Friday, and one proposed on the Monday or Saturday after it."""
    select = Selection(frozenset({"any"}), None, (), None, NOWHERE)
    window = Window(WindowKind.CALENDAR, CalendarUnit.WEEK, "consumer_local", False, True, begins, NOWHERE)
    many = core.Compare(
        _MORE_THAN, core.CountOf("calls", Type(Kind.COUNT), NOWHERE), core.Literal(0, Type(Kind.COUNT), NOWHERE), NOWHERE
    )
    rule = _bare(Count("calls", "law", select, window, (), NOWHERE), many)
    called = models.Communication(at=datetime.fromisoformat(f"2026-03-{day - 1:02}T18:00Z"), channel="call")
    file = ConsumerFile(collector=_COLLECTOR, consumer=_TEXAN, history=[called])
    verdict = Verdict.VIOLATED if counts else Verdict.COMPLIES
    return Example(f"a week from {begins}, day {day}", rule, file, _said(f"2026-03-{day:02}T18:00Z"), verdict)


def _deadline(earliest: bool, followed: int) -> Example:
    """What follows at the very instant of a trigger follows it and those before it, and none after."""
    after, follows = (
        Selection(None, frozenset({name}), (), None, NOWHERE) for name in ("dispute_received", "verification_sent")
    )
    block = Deadline("late", "law", after, follows, Duration(5, Unit.CALENDAR_DAYS), earliest, (), NOWHERE)
    rule = _bare(block, core.Holds(core.BlockTruth("late", Type(Kind.TRUTH), NOWHERE), NOWHERE))
    events = [("dispute_received", at) for at in _TRIGGERS]
    events += [("verification_sent", at) for at in _TRIGGERS[followed : followed + 1]]
    file = ConsumerFile(
        collector=_COLLECTOR,
        consumer=_TEXAN,
        events=[models.Event.model_validate({"type": name, "at": at}) for name, at in events],
    )
    late = followed == len(_TRIGGERS) or (followed < len(_TRIGGERS) - 1 and not earliest)
    verdict = Verdict.VIOLATED if late else Verdict.COMPLIES
    return Example(f"trigger {followed} followed, earliest: {earliest}", rule, file, _said("2026-03-20T18:00Z"), verdict)


def _learnt_late(learnt: bool) -> Example:
    """Nothing followed the second call in time. The first was followed, or nobody knows of it when it is asked."""
    after = Selection(frozenset({"any"}), None, (), None, NOWHERE)
    follows = Selection(None, frozenset({"verification_sent"}), (), None, NOWHERE)
    block = Deadline("late", "law", after, follows, Duration(2, Unit.CALENDAR_DAYS), True, (), NOWHERE)
    rule = _bare(block, core.Holds(core.BlockTruth("late", Type(Kind.TRUTH), NOWHERE), NOWHERE))
    first, second = (
        models.Communication(at=at, known_at=known_at, channel="call")
        for at, known_at in (
            (datetime(2026, 3, 2, 18, tzinfo=UTC), datetime(2026, 3, 2 if learnt else 30, 18, tzinfo=UTC)),
            (datetime(2026, 3, 9, 18, tzinfo=UTC), None),
        )
    )
    event = models.Event.model_validate({"type": "verification_sent", "at": "2026-03-03T18:00Z"})
    file = ConsumerFile(collector=_COLLECTOR, consumer=_TEXAN, history=[first, second], events=[event])
    verdict = Verdict.COMPLIES if learnt else Verdict.VIOLATED
    return Example(f"the first trigger was learnt late: {not learnt}", rule, file, _said("2026-03-20T18:00Z"), verdict)


def _given_in_it(given: bool) -> Example:
    """What began by the first event was ended in time, and what began by the second was not. Of a communication in which the
    first is said to have been given it had not begun."""
    after, follows = (
        Selection(None, frozenset({name}), (), None, NOWHERE) for name in ("dispute_received", "verification_sent")
    )
    block = Deadline("late", "law", after, follows, Duration(2, Unit.CALENDAR_DAYS), True, (), NOWHERE)
    rule = _bare(block, core.Holds(core.BlockTruth("late", Type(Kind.TRUTH), NOWHERE), NOWHERE))
    said = [
        {"type": "dispute_received", "at": "2026-03-02T18:00Z", "given_in": "call" if given else "another"},
        {"type": "verification_sent", "at": "2026-03-03T18:00Z"},
        {"type": "dispute_received", "at": "2026-03-09T18:00Z"},
    ]
    file = ConsumerFile(
        collector=_COLLECTOR, consumer=_TEXAN, events=[models.Event.model_validate(each) for each in said]
    )
    asked = models.Communication(id="call", at=datetime(2026, 3, 20, 18, tzinfo=UTC), channel="call")
    verdict = Verdict.VIOLATED if given else Verdict.COMPLIES
    return Example(f"the first trigger was given in it: {given}", rule, file, Entry(asked, of_log=False), verdict)


_COLLECTOR = models.Collector(kind="third_party_collector")
_TEXAN = models.Consumer(addresses=(models.Address(state="TX", zip="78701"),))


def _said(at: str) -> Entry:
    return Entry(models.Communication(at=datetime.fromisoformat(at), channel="call"), of_log=False)


def _bare(block: Block, when: core.Condition) -> Rule:
    """A rule of one block, whatever else is so."""
    return replace(
        shipped.rule("us-regf-time-barred-threat"), in_force=InForce(None, None), reaches=frozenset({"any"}),
        blocks={block.name: block}, applies_when=None, violated_when=when, unless=(), undecided=(), must_contain=(),
        must_not_contain=(),
    )  # fmt: skip
