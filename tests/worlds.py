"""Hypothesis strategies of whole rules, and of dirty logs to judge by them.

The rules are such as the loader gives: every kind of block and window, conditions in each of their places, dated
values. The logs lack facts, repeat ids and instants, cross changes of clock and of zone, and learn things late; of some
consumers nobody knows where they are, or by which clock they live.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final
from unittest.mock import patch

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from limitation_worlds import account_facts, limitations
from strategies import NOWHERE, conditions

from fdcpa_guard.facts import models
from fdcpa_guard.facts.entries import RARELY_SAID
from fdcpa_guard.lang import core
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.lang.operators import OPERATORS, Symbol
from fdcpa_guard.lang.resolve import Names
from fdcpa_guard.rulefile.model import (
    Block,
    CalendarUnit,
    Confidence,
    Consequence,
    ContentItem,
    Count,
    DatedValue,
    Deadline,
    DefinitionOf,
    Effect,
    Exception_,
    InForce,
    Law,
    MomentOf,
    ParameterOf,
    Rule,
    Same,
    Selection,
    Standing,
    Undecided,
    Waiting,
    WhenUnknown,
    Window,
    WindowKind,
)
from fdcpa_guard.values import Duration, Kind, Type, Unit, parse_clock_time
from fdcpa_guard.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
FIRST_DAY = date(2026, 3, 2)
"""Six days before the clocks of the United States go forward."""
LATE_DAY = date(2026, 10, 26)
"""Six days before they go back."""
_FIRST = st.shared(st.sampled_from([FIRST_DAY, FIRST_DAY, LATE_DAY]), key="the first day of the logs")
"""One day for the rule, the log and what is proposed."""

_DAYS = (Unit.CONSECUTIVE_DAYS, Unit.CALENDAR_DAYS, Unit.BUSINESS_DAYS, Unit.MONTHS, Unit.YEARS)
_HOURS = (Unit.HOURS, Unit.MINUTES)
_TYPES = {
    "limit": Type(Kind.NUMBER),
    "least_amount": Type(Kind.MONEY),
    "first_day": Type(Kind.DAY),
    "opening_time": Type(Kind.CLOCK_TIME),
    "waiting_span": Type(Kind.DURATION, frozenset(unit.value for unit in _DAYS)),
    "waiting_hours": Type(Kind.DURATION, frozenset(unit.value for unit in _HOURS)),
    "wording": Type(Kind.TEXT),
}
_ABOUT = {
    "is_a_collection_contact": Scope.COMMUNICATION,
    "is_a_conversation": Scope.ENTRY,
    "is_a_revocation": Scope.EVENT,
}


def _names(scope: Scope, *, whole: bool, definitions: bool = True) -> Names:
    return Names(
        vocabulary=VOCABULARY,
        scope=scope,
        parameters=_TYPES,
        counts=("counted_calls", "counted_messages") if whole else (),
        moments={"last_call": Scope.ENTRY, "last_dispute": Scope.EVENT} if whole else {},
        truths=(
            ("consented_to_calls", "in_waiting_time", "is_overdue", "is_too_late")
            if whole
            else ("consented_to_calls",) if scope is Scope.ENTRY else ()
        ),
        definitions=_ABOUT if definitions else {},
    )


_CONDITIONS = {scope: conditions(VOCABULARY, scope, _names(scope, whole=False), max_leaves=3) for scope in Scope}
_WHOLE = conditions(VOCABULARY, Scope.COMMUNICATION, _names(Scope.COMMUNICATION, whole=True), max_leaves=6)
_DEFINED = {
    name: conditions(VOCABULARY, scope, Names(VOCABULARY, scope, _TYPES, (), {}, (), {}), max_leaves=3)
    for name, scope in _ABOUT.items()
}

_CHANNELS = sorted(VOCABULARY.sets["channel"])
_EVENTS = ("consent_given", "consent_revoked", "time_inconvenient", "time_convenient", "cease_requested",
           "dispute_received", "verification_sent", "wrong_number", "medium_refused", "payment_made", "debt_acknowledged",
           "validation_notice_sent", "notice_undeliverable", "attorney_represents")  # fmt: skip


def _spans(units: Sequence[Unit]) -> st.SearchStrategy[Duration]:
    return st.builds(Duration, st.integers(1, 9), st.sampled_from(units))


durations = _spans([*_DAYS, *_HOURS])
_SPANS = st.one_of(durations, st.sampled_from(["waiting_span", "waiting_hours"]))


def _dated(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[DatedValue, ...]]:
    """One value, or two with a change of law between them in the middle of the log."""

    def two(drawn: tuple[date, Any, Any]) -> tuple[DatedValue, ...]:
        first, before, after = drawn
        change = first.toordinal() + 7
        return (
            DatedValue(before, InForce(None, change - 1), NOWHERE),
            DatedValue(after, InForce(change, None), NOWHERE),
        )

    one = values.map(lambda value: (DatedValue(value, InForce(None, None), NOWHERE),))
    return st.one_of(one, st.tuples(_FIRST, values, values).map(two))


def _parameters() -> st.SearchStrategy[dict[str, ParameterOf]]:
    pools: dict[str, st.SearchStrategy[Any]] = {
        "limit": st.integers(0, 4),
        "least_amount": st.sampled_from([0, 10_000, 250_000]),
        "first_day": st.tuples(_FIRST, st.integers(-3, 12)).map(lambda drawn: drawn[0].toordinal() + drawn[1]),
        "opening_time": st.sampled_from(["8:00", "9:30", "12:00", "21:00"]).map(parse_clock_time),
        "waiting_span": _spans(_DAYS),
        "waiting_hours": _spans(_HOURS),
        "wording": st.sampled_from(["pay", "this is an attempt to collect a debt"]),
    }
    return st.fixed_dictionaries(
        {
            name: st.builds(ParameterOf, st.just(name), st.just(_TYPES[name]), st.just("law"), _dated(pool), st.none())
            for name, pool in pools.items()
        }
    )


def windows(*, this_one: bool) -> st.SearchStrategy[Window]:
    def of(kind: WindowKind, length: Duration | CalendarUnit | str | None, clock: str, included: bool, starts: str) -> Window:
        return Window(kind, length, clock, included, True, starts, NOWHERE)

    clocks, starts = st.sampled_from(["consumer_local", "eastern"]), st.sampled_from(["sunday", "monday"])
    included = st.booleans() if this_one else st.just(False)
    return st.one_of(
        st.builds(of, st.just(WindowKind.ROLLING), _SPANS, clocks, included, starts),
        st.builds(of, st.just(WindowKind.CALENDAR), st.sampled_from(CalendarUnit), clocks, included, starts),
        st.builds(of, st.just(WindowKind.LIFETIME), st.none(), st.just("consumer_local"), included, starts),
    )


_SAME_ENTRY = [same for same in Same if same not in (Same.HOURS, Same.MEDIUM)]
_SAME_EVENT = [same for same in Same if same is not Same.AGENT]


def selections(scope: Scope) -> st.SearchStrategy[Selection]:
    of_entries = scope is Scope.ENTRY
    same = st.lists(st.sampled_from(_SAME_ENTRY if of_entries else _SAME_EVENT), max_size=2, unique=True).map(tuple)
    channels = st.one_of(
        st.just(frozenset({"any"})), st.frozensets(st.sampled_from(_CHANNELS[:4]), min_size=1, max_size=3)
    )
    return st.builds(
        Selection,
        channels if of_entries else st.none(),
        st.none() if of_entries else st.frozensets(st.sampled_from(_EVENTS), min_size=1, max_size=3),
        same,
        st.none() | _CONDITIONS[scope],
        st.just(NOWHERE),
    )


def exceptions(condition: st.SearchStrategy[core.Condition]) -> st.SearchStrategy[tuple[Exception_, ...]]:
    one = condition.map(lambda when: Exception_("an-exception", "law", when, "", NOWHERE))
    return st.lists(one, max_size=2).map(
        lambda found: tuple(Exception_(f"exception-{n}", "law", each.when, "", NOWHERE) for n, each in enumerate(found))
    )


_NO_BLOCKS_ENTRY = conditions(
    VOCABULARY, Scope.ENTRY, Names(VOCABULARY, Scope.ENTRY, _TYPES, (), {}, (), _ABOUT), max_leaves=3
)


def _turn(scope: Scope) -> st.SearchStrategy[Selection]:
    if scope is Scope.EVENT:
        return selections(scope)
    same = st.lists(st.sampled_from(_SAME_ENTRY), max_size=2, unique=True).map(tuple)
    channels = st.frozensets(st.sampled_from(_CHANNELS[:4]), min_size=1, max_size=3)
    return st.builds(
        Selection, channels, st.none(), same, st.none() | _NO_BLOCKS_ENTRY, st.just(NOWHERE)
    )


_TURNS = st.one_of(_turn(Scope.EVENT), _turn(Scope.ENTRY))


@cache
def _limitations(first: date) -> st.SearchStrategy[Block]:
    return limitations("is_too_late", first)


def _blocks() -> st.SearchStrategy[dict[str, Block]]:
    def count(name: str) -> st.SearchStrategy[Block]:
        return st.builds(
            Count, st.just(name), st.just("law"), selections(Scope.ENTRY), windows(this_one=True),
            exceptions(_CONDITIONS[Scope.ENTRY]), st.just(NOWHERE),
        )  # fmt: skip

    def moment(name: str, scope: Scope) -> st.SearchStrategy[Block]:
        return st.builds(
            MomentOf, st.just(name), st.just("law"), st.booleans(), selections(scope), windows(this_one=False),
            exceptions(_CONDITIONS[scope]), st.just(NOWHERE),
        )  # fmt: skip

    return st.fixed_dictionaries(
        {
            "counted_calls": count("counted_calls"),
            "counted_messages": count("counted_messages"),
            "last_call": moment("last_call", Scope.ENTRY),
            "last_dispute": moment("last_dispute", Scope.EVENT),
            "consented_to_calls": st.builds(
                Standing, st.just("consented_to_calls"), st.just("law"),
                st.lists(_TURNS, min_size=1, max_size=2).map(tuple), st.lists(_TURNS, max_size=2).map(tuple),
                st.none() | _SPANS, st.booleans(), st.just(NOWHERE),
            ),
            "in_waiting_time": st.builds(
                Waiting, st.just("in_waiting_time"), st.just("law"), _TURNS, st.booleans(), _SPANS, st.booleans(),
                st.just(NOWHERE),
            ),
            "is_overdue": st.builds(
                Deadline, st.just("is_overdue"), st.just("law"), _TURNS, _TURNS, _SPANS, st.booleans(),
                exceptions(_CONDITIONS[Scope.COMMUNICATION]), st.just(NOWHERE),
            ),
            "is_too_late": _FIRST.flatmap(_limitations),
        }
    )  # fmt: skip


def _definitions() -> st.SearchStrategy[dict[str, DefinitionOf]]:
    return st.fixed_dictionaries(
        {
            name: st.builds(
                DefinitionOf, st.just(name), st.just("law"), st.just(""), st.just(_ABOUT[name].value), when, st.just(NOWHERE)
            )
            for name, when in _DEFINED.items()
        }
    )


def _items() -> st.SearchStrategy[tuple[ContentItem, ...]]:
    one = st.builds(
        ContentItem, st.just("item"), st.just("law"), st.just("something"),
        st.lists(st.sampled_from(["pay", "debt", "stop"]), max_size=2).map(tuple), st.none() | st.just("opt_out_notice"),
        st.none() | _CONDITIONS[Scope.COMMUNICATION], st.just(NOWHERE),
    )  # fmt: skip
    return st.lists(one, max_size=1).map(tuple)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """A rule with every kind of block, of which its conditions may read any."""
    start = draw(_FIRST).toordinal() + draw(st.sampled_from([-100, -100, 3]))
    whole = st.none() | _WHOLE
    return Rule(
        id="us-random",
        title="A random rule",
        jurisdiction=draw(st.sampled_from(["US", "US", "TX", "NY-NYC"])),
        law=(Law("law", "something"),),
        in_force=InForce(start, draw(st.sampled_from([None, None, start + 8]))),
        checked_on=start,
        confidence=Confidence.VERIFIED,
        binds=frozenset(draw(st.sampled_from([("third_party_collector",), ("third_party_collector", "creditor")]))),
        reaches=frozenset(draw(st.sampled_from([("any",), ("call",), ("call", "text")]))),
        effect=Effect.PROHIBITS,
        when_violated=Consequence.BLOCK,
        when_unknown=WhenUnknown(Consequence.REVIEW, Consequence.BLOCK, ""),
        parameters=draw(_parameters()),
        blocks=draw(_blocks()),
        definitions=draw(_definitions()),
        texts={},
        must_contain=draw(_items()),
        must_not_contain=(),
        applies_when=draw(whole),
        violated_when=draw(_WHOLE),
        undecided=tuple(
            Undecided("open", "law", when, "it is open", NOWHERE) for when in draw(st.lists(_WHOLE, max_size=1))
        ),
        unless=draw(exceptions(_WHOLE)),
        readings=(),
        other_reading_of=None,
        replaces=None,
        yields_to=(),
        message=None,
        span=NOWHERE,
        path="random.yaml",
    )


# -- logs ----------------------------------------------------------------------------------------------------------------

_NUMBERS = ("+12125550100", "+15125550100", "+18005550100")
_DEBTS = ("d1", "d2", "d3")


def _maybe(values: Sequence[object]) -> st.SearchStrategy[object]:
    return st.none() | st.sampled_from(values)


_TURNS_OF_DAYS = [(day * 24 + hour - 6) * 4 for day in (5, 6, 7, 13) for hour in range(4, 10)]
"""About the hours at which days begin in the United States and clocks change, in quarters of an hour."""


def instants() -> st.SearchStrategy[datetime]:
    """Quarters of an hour over two weeks: many meet, and many lie on a boundary."""

    def later(drawn: tuple[date, int]) -> datetime:
        day, quarters = drawn
        return datetime(day.year, day.month, day.day, 6, tzinfo=UTC) + timedelta(minutes=15 * quarters)

    return st.tuples(_FIRST, st.integers(0, 14 * 96) | st.sampled_from(_TURNS_OF_DAYS)).map(later)


def _as_written(drawn: models.Communication, wordless: bool) -> models.Communication:
    """With nothing but what is said, as a document has it: what is left out and what is null are told apart in places."""
    fields = {name: getattr(drawn, name) for name in drawn.model_fields_set}
    left_out = RARELY_SAID if wordless else frozenset()
    return models.Communication(**{k: v for k, v in fields.items() if v is not None and k not in left_out})


def communications(*, of_log: bool) -> st.SearchStrategy[models.Communication]:
    roles = ["consumer", "consumer", "spouse", "third_party", "third_party", "attorney"]
    person = st.builds(models.Person, role=_maybe(roles), id=_maybe(["p1", "p2"]))
    drawn = st.builds(
        models.Communication,
        id=_maybe(["h1", "h2", "h3", "h4"]) if of_log else st.none(),
        at=instants(),
        known_at=st.none() | instants() if of_log else st.none(),
        channel=_maybe(["call", "call", "text", "email", "letter"]),
        direction=_maybe(["outbound", "inbound"]),
        person=st.none() | person,
        address=_maybe(_NUMBERS),
        place=_maybe(["personal", "home", "work", "unknown"]),
        debts=st.none() | st.lists(st.sampled_from(_DEBTS), max_size=3, unique=True).map(tuple),
        debts_discussed=_maybe([("d1",), ("d2",), ()]),
        outcome=_maybe(["conversation", "no_answer", "voicemail", "busy", "undeliverable"]) if of_log else st.none(),
        purpose=_maybe(["collection", "legal_process", "validation_notice"]),
        discloses=_maybe([("opt_out_notice",), ("from_debt_collector",), ()]),
        content=_maybe(["Please pay the debt", "stop"]),
        agent=_maybe(["a1", "a2"]),
        message_possible=_maybe([True, False]),
    )
    return st.builds(_as_written, drawn, st.booleans())


def events() -> st.SearchStrategy[models.Event]:
    # From 21:00 to 12:00 they pass midnight.
    days = _maybe([("sunday",), ("saturday", "monday")])
    hours = st.builds(models.Hours, days=days, **{"from": _maybe(["08:00", "21:00"]), "to": _maybe(["12:00", "23:00"])})
    return st.builds(
        models.Event,
        at=instants(),
        known_at=st.none() | instants(),
        ends=st.none() | instants(),
        type=st.sampled_from(_EVENTS),
        debts=_maybe([("d1",), ("d2", "d3"), ()]),
        person=st.none() | st.builds(models.Person, role=_maybe(["consumer", "third_party"]), id=_maybe(["p1"])),
        given_in=_maybe([None, None, "h1", "h2"]),
        channel=_maybe(["call", "text"]),
        address=_maybe(_NUMBERS),
        place=_maybe(["work", "home"]),
        written=_maybe([True, False]),
        hours=st.none() | hours,
        to=_maybe([("call",), ("contact_time", "text")]),
    )


def consumers() -> st.SearchStrategy[models.Consumer]:
    address = st.sampled_from(
        [
            models.Address(state="TX", zip="78701"),
            models.Address(state="TX", zip="79901"),
            models.Address(state="NY", zip="10001"),
            models.Address(state="NY"),
            models.Address(state="FL", zip="33101"),
            models.Address(state="AZ"),
            models.Address(state="AE", zip="09012"),
        ]
    )
    phone = st.builds(models.Phone, number=st.sampled_from(_NUMBERS), place=_maybe(["personal", "work"]))
    zones = st.sampled_from([(), (), (), ("America/Phoenix",), ("America/Los_Angeles",), ("Pacific/Honolulu", "America/Denver")])
    minor = _maybe([True, False])
    somewhere = st.builds(
        models.Consumer,
        addresses=st.lists(address, max_size=2).map(tuple),
        phones=st.lists(phone, max_size=1).map(tuple),
        time_zones=zones,
        minor=minor,
    )
    nowhere = st.builds(models.Consumer, minor=minor)
    return st.one_of(somewhere, somewhere, somewhere, nowhere)


def files() -> st.SearchStrategy[dict[str, object]]:
    """The parts of a consumer's file, for `ConsumerFile(**parts)`."""
    debt = st.builds(
        lambda facts, **more: models.Debt(**more, **facts), _FIRST.flatmap(cache(account_facts)), id=st.just("d1"),
        kind=_maybe(["medical", "student"]), group=_maybe(["g"]), amount=_maybe(["100.00", "2500.00"]),
    )  # fmt: skip
    return st.fixed_dictionaries(
        {
            "collector": st.sampled_from(
                [models.Collector(kind="third_party_collector"), models.Collector(kind="creditor"), models.Collector()]
            ),
            "consumer": consumers(),
            "debts": st.lists(debt, max_size=1).map(lambda found: [*found, models.Debt(id="d2", group="g")]),
            "events": st.lists(events(), max_size=8),
            "history": st.lists(communications(of_log=True), max_size=12),
            "log_complete": st.sampled_from([True, True, True, False]),
        }
    )


# -- both, drawn once ----------------------------------------------------------------------------------------------------

_MOST_WORLDS = 800
"""They are all kept until the last law has been held against them."""


@dataclass(frozen=True, eq=False)
class World:
    """What is drawn once and held against every law: a rule, a file, a proposed communication, and one of the log."""

    rule: Rule
    parts: dict[str, Any]
    said: models.Communication
    other: models.Communication
    event: models.Event


_NO_CONSTANTS: Final = providers.Constants()


@cache
def drawn() -> tuple[World, ...]:
    """As many worlds as the profile has examples: to draw a rule takes a hundred times what judging it does."""
    found: list[World] = []

    @settings(phases=[Phase.generate], database=None, max_examples=min(settings().max_examples, _MOST_WORLDS))
    @given(rules(), files(), communications(of_log=False), communications(of_log=True), events())
    def draw(
        rule: Rule, parts: dict[str, Any], said: models.Communication, other: models.Communication, event: models.Event
    ) -> None:
        found.append(World(rule, parts, said, other, event))

    # Hypothesis also draws texts and numbers that stand in the modules loaded so far, which are others in each process.
    no_cache = type(providers.CONSTANTS_CACHE)(1024)
    with (
        patch.object(providers, "_get_local_constants", lambda: _NO_CONSTANTS),
        patch.object(providers, "CONSTANTS_CACHE", no_cache),
    ):
        draw()
    return tuple(found)


def forms_of(rule: Rule) -> tuple[Rule, ...]:
    """The rule as it is, and two that come to a verdict more often: its bare condition, and the contrary of it."""
    assert rule.violated_when is not None
    bare = replace(
        rule, jurisdiction="US", in_force=InForce(None, None), reaches=frozenset({"any"}), applies_when=None, undecided=(),
        unless=(), must_contain=(),
    )  # fmt: skip
    return rule, bare, replace(bare, violated_when=core.Not(rule.violated_when, NOWHERE))


def each_block_alone(rule: Rule) -> tuple[Rule, ...]:
    """Rules that ask for one block of the rule each, and look at all that is of its types: nothing hides what it says."""
    bare = forms_of(rule)[1]
    found: list[Rule] = []
    for name, block in rule.blocks.items():
        match block:
            case Count():
                counted = core.CountOf(name, Type(Kind.COUNT), NOWHERE)
                when: core.Condition = core.Compare(_MORE_THAN, counted, _TWO, NOWHERE)
            case MomentOf():
                when = core.Is(core.Moment(name, Type(Kind.MOMENT), NOWHERE), core.Presence.PRESENT, NOWHERE)
            case _:
                when = core.Holds(core.BlockTruth(name, Type(Kind.TRUTH), NOWHERE), NOWHERE)
        found.append(replace(bare, violated_when=when, blocks={**rule.blocks, name: _looking_at_all(block)}))
    return tuple(found)


_MORE_THAN = next(operator for operator in OPERATORS if operator.symbol is Symbol.GT and Kind.COUNT in operator.takes)
_TWO = core.Literal(2, Type(Kind.NUMBER), NOWHERE)


def _looking_at_all(block: Block) -> Block:
    def wide(select: Selection) -> Selection:
        return replace(select, only_when=None)

    match block:
        case Count() | MomentOf():
            return replace(block, select=wide(block.select))
        case Standing():
            return replace(block, begins=tuple(map(wide, block.begins)), ends=tuple(map(wide, block.ends)))
        case Waiting():
            return replace(block, after=wide(block.after))
        case Deadline():
            return replace(block, after=wide(block.after), must_follow=wide(block.must_follow))
        case _:
            return block


def lengthened(parts: dict[str, Any], times: int) -> dict[str, Any]:
    """A file whose log goes on as it was: each of its communications again, an hour and a day later each time."""
    history = tuple(
        said.model_copy(update={"at": said.at + apart, "known_at": None, "id": None if said.id is None else f"{said.id}-{turn}"})
        for turn in range(times)
        for apart in (timedelta(days=turn, hours=turn),)
        for said in parts["history"]
    )
    return {**parts, "history": history}
