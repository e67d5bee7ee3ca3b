"""Windows hold what a check at each of their instants says, and nothing else: over invented rules and files with gaps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from random import Random

import pytest
from worlds import World, drawn, forms_of

from fdcpa_guard.auditing.consumers import ConsumerLog
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Outcome
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.scrubbing.changing import INSTANT_FACTS, TIME_OF_DAY_FACTS, ChangingRules
from fdcpa_guard.scrubbing.contacts import Contact
from fdcpa_guard.scrubbing.engines import ColumnarEngine, ScalarEngine
from fdcpa_guard.scrubbing.judging import Scrubber
from fdcpa_guard.scrubbing.results import ScrubbedContact
from fdcpa_guard.scrubbing.windows import UTC_CLOCK, clock_shown, day_of
from fdcpa_guard.values import MICROSECONDS, instant_of

_QUARTER = 900 * MICROSECONDS


def log_of(world: World) -> ConsumerLog:
    file = ConsumerFile(**world.parts)
    return ConsumerLog("c1", file, (), (), (), True, world.parts["debts"], world.parts["events"])


def asked(world: World, rule: Rule, *, columnar: bool, day: bool, ahead: bool = False) -> tuple[Guard, ConsumerFile, ScrubbedContact]:
    guard = Guard(Rulebook((rule,), ""))
    changing = ChangingRules(guard.rules)
    engine = ColumnarEngine(guard, changing) if columnar else ScalarEngine(guard)
    log = log_of(world)
    entry = Entry(world.said, of_log=False)
    local_day = (clock_shown(entry, log.file) or UTC_CLOCK).day(entry.at)
    scrubber = Scrubber(guard, engine, changing, local_day, ahead=ahead)
    (answer,) = scrubber.contacts([(log, [Contact("c1", 1, world.said, day)])])
    return guard, log.file, answer


def windows_of(answer: ScrubbedContact) -> list[tuple[int, int]]:
    spans = [each.split("/") for each in (answer.windows_utc or "").split(";") if each]
    return [(_instant(start), _instant(end)) for start, end in spans]


def _instant(text: str) -> int:
    return instant_of(datetime.fromisoformat(text.replace("Z", "+00:00")))


def instants_of(start: int, end: int, spans: list[tuple[int, int]], random: Random) -> Iterator[int]:
    """Quarters of an hour, on which most things of the drawn worlds happen, and what lies beside them and the bounds."""
    quarters = range(start - start % _QUARTER, end, _QUARTER)
    around = [*random.sample(quarters, 12), *(bound for span in spans for bound in span)]
    for instant in around:
        yield from (each for each in (instant - 1, instant, instant + 1) if start < each < end)


@pytest.mark.parametrize("columnar", [False, True])
def test_an_instant_is_within_a_window_where_a_check_at_it_allows(columnar: bool) -> None:
    random = Random(1)
    for world in drawn():
        for rule in forms_of(world.rule):
            guard, file, answer = asked(world, rule, columnar=columnar, day=True)
            entry = Entry(world.said, of_log=False)
            clock = clock_shown(entry, file)
            start, end = day_of(clock, (clock or UTC_CLOCK).day(entry.at))
            spans = windows_of(answer)
            bounds = sorted(bound for span in spans for bound in span)
            for instant in instants_of(start, end, spans, random):
                place = bisect_left(bounds, instant)
                if place < len(bounds) and bounds[place] == instant:
                    continue  # windows are open: what the law says of the bound itself is no part of them
                allowed = guard.decide(entry.moved_to(instant), file).decision is Outcome.ALLOW
                assert allowed == (place % 2 == 1), (rule.id, instant, answer)


@pytest.mark.parametrize("columnar", [False, True])
def test_the_decision_is_what_a_check_at_the_instant_says(columnar: bool) -> None:
    for world in drawn():
        for rule in forms_of(world.rule):
            guard, file, answer = asked(world, rule, columnar=columnar, day=False)
            decision = guard.check(world.said, file)
            assert answer.decision == decision.decision.value
            assert answer.judged_at == decision.as_of.isoformat()
            assert answer.rules == tuple(found.rule for found in decision.findings if decision.decision is not Outcome.ALLOW)
            if decision.findings and answer.decision != "allow":
                assert answer.reason == decision.findings[0].message
                assert answer.unknown == decision.unknown


def test_the_two_engines_give_the_same_answers_on_a_day() -> None:
    for world in drawn():
        for rule in forms_of(world.rule):
            assert asked(world, rule, columnar=True, day=True)[2] == asked(world, rule, columnar=False, day=True)[2]


def test_the_next_lawful_instant_is_that_of_a_check() -> None:
    for world in drawn():
        for rule in forms_of(world.rule):
            guard, file, answer = asked(world, rule, columnar=False, day=False, ahead=True)
            told = guard.check(world.said, file).permitted_at
            assert answer.permitted_at == (None if told is None else told.isoformat())


def test_every_fact_that_hangs_on_the_instant_judged_is_listed() -> None:
    """What the cuts of a day rest on: a fact that reads the instant in a way of its own would be missed by them."""
    reads = {name for name, text in EXPRESSIONS.items() if "c.at" in text or "_time(c)" in text}
    assert reads == TIME_OF_DAY_FACTS | INSTANT_FACTS
