"""Laws that every rule obeys, whatever it says: of learning more, of order, of repetition and of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar

import pytest
import shipped
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from strategies import NOWHERE
from worlds import World, drawn, forms_of

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.interpreter import days_of
from fdcpa_guard.engine.verdicts import RuleVerdict
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.lang import core
from fdcpa_guard.lang.operators import BY_WORDS
from fdcpa_guard.rulefile.limitations import NO_TABLES
from fdcpa_guard.rulefile.model import CalendarUnit, Count, Deadline, Limitation, MomentOf, Rule, Selection, Standing
from fdcpa_guard.ruleset.applies import in_force
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.source import Span
from fdcpa_guard.values import Duration, Kind, Range, Type, Unit

# A world shrinks for minutes; a failing one tells enough as it is.
_QUICK = settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])
_CLEAR = (Verdict.COMPLIES, Verdict.EXEMPT, Verdict.NOT_APPLICABLE)

T = TypeVar("T")
Parts = dict[str, Any]  # of a `ConsumerFile`, each drawn in its own type


def judged(rule: Rule, parts: Parts, said: models.Communication) -> RuleVerdict:
    return Guard(Rulebook((rule,), "")).judge(rule, Entry(said, of_log=False), ConsumerFile(**parts))


def told(verdict: RuleVerdict) -> tuple[object, ...]:
    """All that a verdict says, but for the order in which it came to know it."""
    return (
        verdict.verdict,
        verdict.locations_disagree,
        verdict.missing,
        [(each.verdict, each.exempt_by, dict(each.counts), set(each.lacked)) for each in verdict.judgements],
    )


def rewritten(node: T) -> T:
    """The same rule or condition with tests for presence in place of those whether a fact is known.

    `is known` and `is unknown` speak of knowledge itself, and answer otherwise once more is known: of them the law of
    learning does not hold.
    """
    if isinstance(node, core.Is):
        presence = {core.Presence.KNOWN: core.Presence.PRESENT, core.Presence.UNKNOWN: core.Presence.ABSENT}
        return replace(node, presence=presence.get(node.presence, node.presence))
    if isinstance(node, tuple) and not isinstance(node, Span):
        return type(node)(rewritten(each) for each in node)
    if isinstance(node, dict):
        return type(node)((key, rewritten(each)) for key, each in node.items())
    if not is_dataclass(node) or isinstance(node, type | Type | Duration):
        return node
    return replace(node, **{each.name: rewritten(getattr(node, each.name)) for each in fields(node) if each.init})


def that_learn(rule: Rule) -> Rule:
    """A rule of which the law of learning holds.

    Of the communication judged a count asks no more than whether it is surely excepted, so that an exception learnt of
    later takes it out again: such counts have no exceptions here. A limitation takes a payment, a judgment or military
    service that nobody named for not having been; here it knows a stated last day alone.
    """
    plain: Rule = rewritten(rule)
    blocks = {
        name: replace(block, exceptions=()) if isinstance(block, Count) and block.window.this_one
        else replace(block, tables=NO_TABLES) if isinstance(block, Limitation)
        else block
        for name, block in plain.blocks.items()
    }
    return replace(plain, blocks=blocks)


_ENTRY: Mapping[str, tuple[object, ...]] = {
    "channel": ("call", "text"),
    "outcome": ("conversation", "no_answer", "busy"),
    "content": ("pay", "stop"),
    "agent": ("a1", "a2"),
    "message_possible": (True, False),
    "debts": (("d1",), ("d2",)),
    "recorded": (True, False),
    "legally_required": (True, False),
    "mail_class": ("certified",),
    "dialing": ("manual", "autodialed"),
}
_LOGGED = {**_ENTRY, "address": ("+15125550100", "+12125550100")}
_EVENT: Mapping[str, tuple[object, ...]] = {
    "written": (True, False),
    "place": ("work", "home"),
    "to": (("call",), ("text",)),
    "complete": (True, False),
    "contact_known": (True, False),
    "medium": ("call", "letter"),
    "notice": ("intent_to_sue",),
}
_DEBT: Mapping[str, tuple[object, ...]] = {
    "kind": ("medical", "student"),
    "status": ("open", "paid"),
    "placed_at": (date(2026, 3, 4), date(2025, 1, 1)),
    "judgment_at": (date(2026, 3, 4),),
    "licence_type": ("bank",),
    "payment_plan_offered": (True, False),
    "secured_by_real_estate": (True, False),
}
_CONSUMER: Mapping[str, tuple[object, ...]] = {
    "minor": (True, False),
    "servicemember": (True, False),
    "language": ("en", "es"),
    "working_hours": (models.Hours.model_validate({"from": "09:00", "to": "17:00"}),),
}
_COLLECTOR: Mapping[str, tuple[object, ...]] = {
    "kind": ("third_party_collector", "creditor"),
    "licences": ({}, {"TX": "1"}),
    "attorney_in_own_name": (True, False),
}


def _lacking(thing: models.Model, may_learn: Mapping[str, tuple[object, ...]]) -> Iterator[dict[str, object]]:
    for name, values in may_learn.items():
        if getattr(thing, name) is None:
            for value in values:
                yield {name: value}


def learnt(parts: Parts, said: models.Communication) -> Iterator[tuple[Parts, models.Communication]]:
    """The same world with one fact more, which nobody had said before, for every such fact.

    Left out is what the model takes as said where it is not: an outbound direction, a debt that belongs to no group,
    an event that names no medium; and the numbers and addresses which would add to the places where the consumer may
    be.
    """
    for change in _lacking(said, _ENTRY):
        yield parts, said.model_copy(update=change)
    for name, may_learn in (("history", _LOGGED), ("events", _EVENT), ("debts", _DEBT)):
        for index, thing in enumerate(parts[name]):
            for change in _lacking(thing, may_learn):
                listed = list(parts[name])
                listed[index] = thing.model_copy(update=change)
                yield {**parts, name: listed}, said
    for name, may_learn in (("consumer", _CONSUMER), ("collector", _COLLECTOR)):
        for change in _lacking(parts[name], may_learn):
            yield {**parts, name: parts[name].model_copy(update=change)}, said


def reverses(before: Verdict, then: Verdict) -> bool:
    """Whether what was decided is decided otherwise, or undecided again."""
    if before is Verdict.UNKNOWN:
        return False
    return then is not Verdict.VIOLATED if before is Verdict.VIOLATED else then not in _CLEAR


def learning() -> Iterator[tuple[Rule, World]]:
    bound = models.Collector(kind="third_party_collector")
    for world in drawn():
        first, *bare = forms_of(that_learn(world.rule))
        yield first, world
        for rule in bare:
            yield rule, replace(world, parts={**world.parts, "collector": bound})


class TestLearningMore:
    def test_one_more_fact_never_reverses_a_verdict_that_was_not_unknown(self) -> None:
        for rule, world in learning():
            before = judged(rule, world.parts, world.said).verdict
            if before is not Verdict.UNKNOWN:
                for parts, said in learnt(world.parts, world.said):
                    assert not reverses(before, judged(rule, parts, said).verdict), (rule, world.parts, parts, said)

    def test_one_more_fact_narrows_the_range_of_a_count(self) -> None:
        for world in drawn():
            rule = that_learn(world.rule)
            first = judged(_asks_all_counts(rule), world.parts, world.said).judgements
            for parts, said in learnt(world.parts, world.said):
                second = judged(_asks_all_counts(rule), parts, said).judgements
                if len(first) != len(second):
                    continue  # the debts that it is about have been learnt
                for one, other in zip(first, second, strict=True):
                    for name in one.counts.keys() & other.counts.keys():
                        assert _narrower(other.counts[name], one.counts[name]), (rule, world.parts, parts, said)

    def test_the_place_where_the_consumer_is_reverses_no_verdict_that_was_sure_without(self) -> None:
        addresses = (models.Address(state="TX", zip="78701"), models.Address(zip="10001"), models.Address(zip="96813"))
        for world in drawn():
            # Whatever the number called says of the place, an address would add to.
            said = world.said.model_copy(update={"address": None})
            nowhere = world.parts["consumer"].model_copy(update={"addresses": (), "phones": (), "time_zones": ()})
            for rule in (*forms_of(that_learn(world.rule)), _asks_all_counts(that_learn(world.rule))):
                before = judged(rule, {**world.parts, "consumer": nowhere}, said).verdict
                for address in addresses:
                    somewhere = nowhere.model_copy(update={"addresses": (address,)})
                    then = judged(rule, {**world.parts, "consumer": somewhere}, said).verdict
                    assert not reverses(before, then), (rule, world.parts, said, address)

    def test_many_of_these_verdicts_were_decided(self) -> None:
        """Else the laws above would speak of nothing."""
        verdicts = Counter(judged(rule, world.parts, world.said).verdict for rule, world in learning())
        assert verdicts[Verdict.VIOLATED] >= 10
        assert verdicts[Verdict.COMPLIES] >= 10


class TestAnOpenLog:
    """Of a log that may have gaps, `log_complete: false`, nothing that might still come to light reverses a verdict."""

    def test_that_it_is_complete_after_all_reverses_no_verdict(self) -> None:
        for rule, world in learning():
            before = judged(rule, {**world.parts, "log_complete": False}, world.said).verdict
            then = judged(rule, {**world.parts, "log_complete": True}, world.said).verdict
            assert not reverses(before, then), (rule, world.parts, world.said)

    def test_an_entry_that_was_missing_reverses_no_verdict(self) -> None:
        for rule, world in learning():
            parts = {**world.parts, "log_complete": False}
            before = judged(rule, parts, world.said).verdict
            more = {**parts, "history": [*parts["history"], world.other.model_copy(update={"id": "was missing"})]}
            assert not reverses(before, judged(rule, more, world.said).verdict), (rule, parts, more, world.said)

    def test_an_event_that_was_missing_reverses_no_verdict(self) -> None:
        for rule, world in learning():
            parts = {**world.parts, "log_complete": False}
            before = judged(rule, parts, world.said).verdict
            more = {**parts, "events": [*parts["events"], world.event]}
            assert not reverses(before, judged(rule, more, world.said).verdict), (rule, parts, more, world.said)


def _apart(parts: Parts) -> Parts:
    """The same with one entry for each id and instant: which of two is the later is then no matter of order."""
    history = {each.id or index: each for index, each in enumerate(parts["history"])}
    return {
        **parts,
        "history": list({each.at: each for each in history.values()}.values()),
        "events": list({each.at: each for each in parts["events"]}.values()),
    }


class TestOrder:
    def test_of_log_rows_and_of_events_changes_nothing(self) -> None:
        chance = Random(0)
        for world in drawn():
            parts = _apart(world.parts)
            shuffled = {name: chance.sample(part, len(part)) if name in ("history", "events") else part
                        for name, part in parts.items()}  # fmt: skip
            assert told(judged(world.rule, parts, world.said)) == told(judged(world.rule, shuffled, world.said)), world

    def test_of_exceptions_changes_nothing(self) -> None:
        for world in drawn():
            turned = replace(
                world.rule,
                unless=world.rule.unless[::-1],
                blocks={
                    name: replace(block, exceptions=block.exceptions[::-1])
                    if isinstance(block, Count | MomentOf | Deadline)
                    else block
                    for name, block in world.rule.blocks.items()
                },
            )
            found = judged(world.rule, world.parts, world.said)
            assert told(found) == told(judged(turned, world.parts, world.said)), world

    def test_of_debts_on_file_changes_nothing(self) -> None:
        for world in drawn():
            turned = {**world.parts, "debts": world.parts["debts"][::-1]}
            found = judged(world.rule, world.parts, world.said)
            assert told(found) == told(judged(world.rule, turned, world.said)), world


class TestRepetition:
    def test_an_entry_stated_twice_under_its_id_counts_once(self) -> None:
        for world in drawn():
            last_stated = {each.id: each for each in world.parts["history"] if each.id is not None}
            twice = {**world.parts, "history": [*world.parts["history"], *last_stated.values()]}
            found = judged(world.rule, world.parts, world.said)
            assert told(found) == told(judged(world.rule, twice, world.said)), world


def _asks_all_counts(rule: Rule) -> Rule:
    """The rule as one that asks for its counts and nothing else, so that it works out every one."""
    counts = [name for name, block in rule.blocks.items() if isinstance(block, Count)]
    zero = core.Literal(0, Type(Kind.NUMBER), NOWHERE)
    asked = tuple(
        core.Compare(BY_WORDS["is more than"], core.CountOf(name, Type(Kind.COUNT), NOWHERE), zero, NOWHERE)
        for name in counts
    )
    return replace(
        rule, applies_when=None, undecided=(), unless=(), must_contain=(), violated_when=core.AllOf(asked, NOWHERE)
    )


def _narrower(one: Range, other: Range) -> bool:
    """Whether all that one range holds lies in the other."""
    if one.at_least < other.at_least:
        return False
    return other.at_most is None or (one.at_most is not None and one.at_most <= other.at_most)


_RANK = {Verdict.COMPLIES: 0, Verdict.UNKNOWN: 1, Verdict.VIOLATED: 2}
_BY_EVENTS = Selection(None, frozenset({"consent_given"}), (), None, NOWHERE)


def _a_limit(rule: Rule, words: str) -> Rule:
    """The rule as a limit on one of its counts, and nothing else; its standing does not look at the log."""
    standing = Standing("consented_to_calls", "law", (_BY_EVENTS,), (), None, True, NOWHERE)
    count = core.CountOf("counted_calls", Type(Kind.COUNT), NOWHERE)
    limit = core.Parameter("limit", Type(Kind.NUMBER), NOWHERE)
    return replace(
        rule,
        applies_when=None,
        undecided=(),
        unless=(),
        must_contain=(),
        violated_when=core.Compare(BY_WORDS[words], count, limit, NOWHERE),
        blocks={**rule.blocks, "consented_to_calls": standing},
    )


LIMITS = (
    "us-regf-seven-in-seven", "ma-940cmr-two-in-seven-days", "ma-209cmr-two-in-seven-days", "wa-three-in-seven-days",
    "dc-four-calls", "wv-thirty-calls-a-week", "ny-nyc-two-in-seven-days", "tx-repeated-calls",
)  # fmt: skip


class TestOneMoreCall:
    @pytest.mark.parametrize("words", ["is more than", "is at least"])
    def test_it_never_clears_a_limit_on_calls(self, words: str) -> None:
        for world in drawn():
            limit = _a_limit(world.rule, words)
            one_more = world.other.model_copy(update={"id": "one more"})
            more = {**world.parts, "history": [*world.parts["history"], one_more]}
            before = judged(limit, world.parts, world.said).verdict
            then = judged(limit, more, world.said).verdict
            assert _RANK.get(then, -1) >= _RANK.get(before, -1), (limit, world.parts, more, world.said)

    @pytest.mark.parametrize("name", LIMITS)
    def test_it_never_clears_a_limit_of_the_law(self, name: str) -> None:
        rule = shipped.rule(name)
        guard = Guard(shipped.shipped())
        place = rule.jurisdiction if rule.jurisdiction in shipped.PLACES else "TX"

        @settings(_QUICK, max_examples=10)
        @given(shipped.worlds(places=[place], channels=["call", "call", "text"]), st.integers(1, 9 * 24))
        def never(world: tuple[Parts, models.Communication], hours_ago: int) -> None:
            parts, said = world
            call = models.Communication(
                id="one more", at=said.at - timedelta(hours=hours_ago), channel="call", direction="outbound",
                person=said.person, address=said.address, place=said.place, debts=("d1",), outcome="no_answer",
            )  # fmt: skip
            more = {**parts, "history": [*parts["history"], call]}
            before, then = (
                guard.judge(rule, Entry(said, of_log=False), ConsumerFile(**each)).verdict for each in (parts, more)
            )
            assert _RANK.get(then, -1) >= _RANK.get(before, -1)

        never()


DATED = [rule.id for rule in shipped.shipped().rules if rule.in_force.start is not None]
ENDED = [rule.id for rule in shipped.shipped().rules if rule.in_force.end is not None]


def _file_where(jurisdiction: str) -> ConsumerFile:
    zip_code, _ = shipped.PLACES.get(jurisdiction, shipped.PLACES["TX"])
    return ConsumerFile(
        collector=models.Collector(kind="third_party_collector"),
        consumer=models.Consumer(addresses=(models.Address(zip=zip_code),)),
    )


def _entry_at(at: int, channel: str = "call") -> Entry:
    said = models.Communication(at=datetime(2026, 1, 1, tzinfo=UTC), channel=channel)  # type: ignore[arg-type]
    return Entry(said, of_log=False).moved_to(at)


class TestDaysInForce:
    @pytest.mark.parametrize("name", DATED)
    def test_before_its_first_local_day_a_rule_is_not_applicable(self, name: str) -> None:
        rule, file = shipped.rule(name), _file_where(shipped.rule(name).jurisdiction)
        (world, *_) = file.worlds(None)
        assert world.clock is not None
        assert rule.in_force.start is not None
        first = world.clock.midnight(rule.in_force.start)
        assert shipped.guard().judge(rule, _entry_at(first - 1), file).verdict is Verdict.NOT_APPLICABLE
        assert in_force(rule, days_of(first, world)) is True

    @pytest.mark.parametrize("name", ENDED)
    def test_after_its_last_local_day_a_rule_is_not_applicable(self, name: str) -> None:
        rule, file = shipped.rule(name), _file_where(shipped.rule(name).jurisdiction)
        (world, *_) = file.worlds(None)
        assert world.clock is not None
        assert rule.in_force.end is not None
        over = world.clock.midnight(rule.in_force.end + 1)
        assert shipped.guard().judge(rule, _entry_at(over), file).verdict is Verdict.NOT_APPLICABLE
        assert in_force(rule, days_of(over - 1, world)) is True


_UNEVEN = (Unit.MONTHS, Unit.YEARS, Unit.BUSINESS_DAYS)


def _parts_of(node: object) -> list[object]:
    """Every node below a rule."""
    found = [node]
    if isinstance(node, tuple | frozenset):
        below = list(node)
    elif isinstance(node, dict):
        below = list(node.values())
    elif is_dataclass(node) and not isinstance(node, type | Type):
        below = [getattr(node, each.name) for each in fields(node)]
    else:
        below = []
    for each in below:
        found.extend(_parts_of(each))
    return found


def _knows_no_calendar(rule: Rule) -> bool:
    """Whether it asks for no date, month or business day, and has not changed in the summer of 2026."""
    summer = range(date(2026, 3, 1).toordinal(), date(2026, 11, 1).toordinal())
    for node in _parts_of(rule):
        if isinstance(node, Duration) and node.unit in _UNEVEN:
            return False
        if node in (CalendarUnit.MONTH, CalendarUnit.YEAR):
            return False
        if isinstance(node, core.Literal) and node.type.kind is Kind.DAY:
            return False
    spans = [rule.in_force, *(value.in_force for each in rule.parameters.values() for value in each.values)]
    return not any(day in summer for span in spans for day in (span.start, span.end))


def moved(thing: T, by: timedelta) -> T:
    """The same with all dates and instants later."""
    if isinstance(thing, date):  # an instant is one, too
        return thing + by
    if isinstance(thing, list | tuple):
        return type(thing)(moved(each, by) for each in thing)
    if isinstance(thing, models.Model):
        changed = {name: moved(getattr(thing, name), by) for name in type(thing).model_fields}
        return thing.model_copy(update=changed)
    return thing


class TestWeeks:
    @settings(_QUICK, max_examples=max(12, settings().max_examples // 5))
    @given(shipped.worlds(days=[date(2026, 5, 20)]), st.integers(1, 12))
    def test_whole_weeks_later_under_the_same_clocks_the_shipped_rules_say_the_same(
        self, world: tuple[Parts, models.Communication], weeks: int
    ) -> None:
        parts, said = world
        later = timedelta(weeks=weeks)
        even = {rule.id for rule in shipped.guard().rules if _knows_no_calendar(rule)}

        def flagged(parts: Parts, said: models.Communication) -> dict[str, tuple[object, ...]]:
            file, entry = ConsumerFile(**parts), Entry(said, of_log=False)
            return {
                flag.rule.id: (flag.verdict, flag.locations_disagree, flag.missing)
                for flag in shipped.guard().flagged(entry, file, file.prior(entry))
                if flag.rule.id in even
            }

        assert flagged(parts, said) == flagged({name: moved(part, later) for name, part in parts.items()}, moved(said, later))

    def test_most_rules_know_no_calendar(self) -> None:
        rules_ = shipped.guard().rules
        assert sum(map(_knows_no_calendar, rules_)) > len(rules_) / 2
