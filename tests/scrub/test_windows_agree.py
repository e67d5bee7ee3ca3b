"""Windows hold what a check at each of their instants says, and nothing else: over invented rules and files with gaps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from worlds import World, drawn, forms_of

from fdcpa_guard.auditing.consumers import ConsumerLog
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Outcome
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.models import Address, Collector, Communication, Consumer, Event, Person
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.ruleset.rulebook import Rulebook, load_rulebook
from fdcpa_guard.scrubbing.changing import INSTANT_FACTS, TIME_OF_DAY_FACTS, ChangingRules
from fdcpa_guard.scrubbing.contacts import Contact
from fdcpa_guard.scrubbing.engines import ColumnarEngine, ScalarEngine
from fdcpa_guard.scrubbing.judging import Scrubber
from fdcpa_guard.scrubbing.results import ScrubbedContact
from fdcpa_guard.scrubbing.windows import UTC_CLOCK, clock_shown, day_of
from fdcpa_guard.values import MICROSECONDS, instant_of

_QUARTER = 900 * MICROSECONDS


MOVING = load_rulebook([Path(__file__).parent / "moving"]).rules
"""Rules of which each moves within a day in a way of its own."""


@cache
def guard_of(rule: Rule) -> tuple[Guard, ChangingRules]:
    return Guard(Rulebook((rule,), "")), ChangingRules((rule,))


def asked(
    world: World, rule: Rule, *, columnar: bool = False, day: bool = False, ahead: bool = False
) -> tuple[Guard, ConsumerFile, ScrubbedContact]:
    guard, changing = guard_of(rule)
    engine = ColumnarEngine(guard, changing) if columnar else ScalarEngine(guard)
    file = ConsumerFile(**world.parts)
    log = ConsumerLog("c1", file, (), (), (), True, world.parts["debts"], world.parts["events"])
    entry = Entry(world.said, of_log=False)
    local_day = (clock_shown(entry, file) or UTC_CLOCK).day(entry.at)
    scrubber = Scrubber(guard, engine, changing, local_day, ahead=ahead)
    (answer,) = scrubber.contacts([(log, [Contact("c1", 1, world.said, day)])])
    return guard, file, answer


def every_rule() -> Iterator[tuple[World, Rule]]:
    """Every world by every rule that moves, and by the rules that were drawn with it; in each some hours are named."""
    for world in (a_busy_day(drawn()[0]), *drawn()):
        named = Event(at=datetime(2026, 3, 1, tzinfo=UTC), type="time_inconvenient", **{"from": "23:15", "to": "10:45"})
        world = replace(world, parts={**world.parts, "events": [*world.parts["events"], named]})
        yield from ((world, rule) for rule in (*MOVING, *forms_of(world.rule)[:2]))


def a_busy_day(world: World) -> World:
    """A world in which every rule that moves does so within the day that is asked for, whatever else is drawn."""
    calls = [
        Communication(id=f"y{at:%d%H}", at=at, channel="call", address="+12125550100")
        for at in (datetime(2026, 3, day, hour, tzinfo=UTC) for day, hour in ((9, 3), (9, 10), (10, 9)))
    ]
    events = [
        Event(at=datetime(2026, 3, 8, 14, tzinfo=UTC), type="dispute_received"),
        Event(at=datetime(2026, 3, 9, 2, tzinfo=UTC), type="payment_made"),
    ]
    parts = {
        "collector": Collector(kind="third_party_collector"),
        "consumer": Consumer(addresses=(Address(kind="home", state="NY", zip="10001"),)),
        "debts": [], "events": events, "history": calls, "log_complete": True,
    }  # fmt: skip
    said = Communication(
        at=datetime(2026, 3, 10, 15, tzinfo=UTC), channel="call", person=Person(role="consumer"), address="+12125550100"
    )
    return replace(world, parts=parts, said=said)


def windows_of(answer: ScrubbedContact) -> list[tuple[int, int]]:
    spans = [each.split("/") for each in (answer.windows_utc or "").split(";") if each]
    return [(_instant(start), _instant(end)) for start, end in spans]


def _instant(text: str) -> int:
    return instant_of(datetime.fromisoformat(text.replace("Z", "+00:00")))


def instants_of(start: int, end: int, spans: list[tuple[int, int]], random: Random) -> Iterator[int]:
    """Quarters of an hour, on which most things of the drawn worlds happen, and what lies beside them and the bounds."""
    quarters = range(start - start % _QUARTER, end, _QUARTER)
    for instant in random.sample(quarters, 8):
        yield from (each for each in (instant, instant + 1 + random.randrange(_QUARTER - 2)) if start < each < end)
    for bound in (bound for span in spans for bound in span):
        yield from (each for each in (bound - 1, bound + 1) if start < each < end)


def test_an_instant_is_within_a_window_where_a_check_at_it_allows() -> None:
    random, cut = Random(1), set()
    for world, rule in every_rule():
        guard, file, answer = asked(world, rule, day=True)
        entry = Entry(world.said, of_log=False)
        clock = clock_shown(entry, file)
        start, end = day_of(clock, (clock or UTC_CLOCK).day(entry.at))
        spans = windows_of(answer)
        bounds = sorted(bound for span in spans for bound in span)
        cut.update({rule.id} if set(bounds) - {start, end} else ())
        for instant in instants_of(start, end, spans, random):
            place = bisect_left(bounds, instant)
            if place < len(bounds) and bounds[place] == instant:
                continue  # windows are open: what the law says of the bound itself is no part of them
            allowed = guard.decide(entry.moved_to(instant), file).decision is Outcome.ALLOW
            assert allowed == (place % 2 == 1), (rule.id, instant, answer)
    # Each kind of change within a day has come, and not by the bounds of the day alone.
    assert cut >= {rule.id for rule in MOVING} - {"us-sample-weekday", "us-sample-days-window"}


def test_the_decision_is_what_a_check_at_the_instant_says() -> None:
    for number, (world, rule) in enumerate(every_rule()):
        guard, file, answer = asked(world, rule, columnar=number % 4 == 0)
        decision = guard.check(world.said, file)
        stopped = decision.decision is not Outcome.ALLOW
        assert answer.decision == decision.decision.value
        assert answer.judged_at == decision.as_of.isoformat()
        assert answer.rules == tuple(found.rule for found in decision.findings if stopped)
        assert answer.reason == (decision.findings[0].message if stopped else None)
        assert answer.unknown == (decision.unknown if stopped else ())


def test_the_two_engines_give_the_same_answers_on_a_day() -> None:
    for number, (world, rule) in enumerate(every_rule()):
        if number % 3 == 0:
            assert asked(world, rule, columnar=True, day=True)[2] == asked(world, rule, day=True)[2]


def test_the_next_lawful_instant_is_that_of_a_check() -> None:
    for number, (world, rule) in enumerate(every_rule()):
        if number % 3 == 0:
            guard, file, answer = asked(world, rule, ahead=True)
            told = guard.check(world.said, file).permitted_at
            if told is None and answer.zone is None:
                continue  # a check looks for nothing that ends after hours where it knows no clock
            assert answer.permitted_at == (None if told is None else told.isoformat()), rule.id


def test_every_fact_that_hangs_on_the_instant_judged_is_listed() -> None:
    """What the cuts of a day rest on: a fact that reads the instant in a way of its own would be missed by them."""
    reads = {name for name, text in EXPRESSIONS.items() if "c.at" in text or "_time(c)" in text}
    assert reads == TIME_OF_DAY_FACTS | INSTANT_FACTS
