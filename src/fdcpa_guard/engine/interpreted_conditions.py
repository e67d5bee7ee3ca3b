"""The definition of conditions: what a test, a value and the words that join tests mean of one communication.

Truth is True, False, or None for unknown, and whatever ends unknown lists the facts that were lacking. What a block
gives, `interpreted_blocks` says; here stands only what conditions make of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Final, assert_never

from fdcpa_guard.engine.changes import Changes
from fdcpa_guard.engine.condition_notes import decided_alone, moments_in, text_of
from fdcpa_guard.engine.decision import Step
from fdcpa_guard.engine.formatting import show_value
from fdcpa_guard.engine.kleene import all_of, any_of, compare, negate
from fdcpa_guard.engine.windows import within_span
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.facts.phrases import contains_phrase
from fdcpa_guard.lang import core
from fdcpa_guard.rulefile.model import Exception_, Rule
from fdcpa_guard.values import Duration, Kind, Range, Truth

_Read = Callable[[Entry, Entry | None, EventOf | None, DebtOf | None, ConsumerFile, World], object]
READERS: Final[dict[str, _Read]] = eval(
    "{" + ", ".join(f"{name!r}: lambda c, e, v, d, f, w: {text}" for name, text in EXPRESSIONS.items()) + "}"
)
"""The readers of facts, made in one go from the one table that the compiled functions are made from too."""

NO_ENTRY: Final = object()
"""The candidate of a `latest` or `earliest` block that found nothing."""
UNSURE: Final = object()
"""The candidate where the log may lack what would be the answer."""

Candidate = object
"""An `Entry`, an `EventOf`, or one of these two."""

_UNTRACED: Final = Step("", Truth.UNKNOWN)


class InterpretedConditions(ABC):
    """The conditions of one rule, read of one communication, in one possible location, for one debt.

    Conditions are judged about the communication alone (`entry` and `event` None), or about an entry or event that a
    block looks at besides. Where `traced`, each leaves a step behind that tells how its parts were answered.
    """

    def __init__(
        self,
        rule: Rule,
        communication: Entry,
        file: ConsumerFile,
        world: World,
        debt: DebtOf | None,
        days: tuple[int, int],
        *,
        traced: bool,
    ) -> None:
        self.rule = rule
        self.communication = communication
        self.file = file
        self.world = world
        self.debt = debt
        self.days = days
        self.traced = traced
        self.facts: dict[str, str] = {}
        self.changes = Changes(communication, file, world)
        self._steps: list[Step] = []
        self._known: dict[tuple[int, int, int], tuple[bool | None, list[str]]] = {}
        self._decided_alone = decided_alone(rule)

    @abstractmethod
    def _count(self, name: str) -> tuple[Range, list[str]]:
        """What a count block gives, and what it lacks where that is a range."""

    @abstractmethod
    def _moment(self, name: str, entry: Entry | None) -> list[Candidate]:
        """What a `latest` or `earliest` block may give: its sure answer, and whatever might stand before it."""

    @abstractmethod
    def _block_truth(self, name: str, entry: Entry | None) -> tuple[bool | None, list[str]]:
        """Whether a block that is a truth holds, of the communication or as of an entry."""

    def _condition(
        self, node: core.Condition, entry: Entry | None, event: EventOf | None
    ) -> tuple[bool | None, list[str]]:
        """A condition of the rule, or of a block about the entry or event it looks at; and what was lacking.

        Of an entry or event it is worked out once, however many blocks and exceptions ask.
        """
        if entry is None and event is None:
            answer, lacks, step = self._walk(node, None, None)
            if self.traced:
                self._steps.append(step)
            return answer, lacks
        if id(node) in self._decided_alone and entry is not self.communication:
            return self._alone(node, entry, event)
        asked = id(node), id(entry), id(event)
        known = self._known.get(asked)
        if known is None:
            known = self._known[asked] = self._walk(node, entry, event)[:2]
        return known

    def _alone(
        self, node: core.Condition, entry: Entry | None, event: EventOf | None
    ) -> tuple[bool | None, list[str]]:
        """What an entry or event on file decides alone: asked once for as long as there is the file."""
        of_rule = self.file.decided_alone.setdefault(self.rule, {})
        asked = id(node), id(entry), id(event)
        known = of_rule.get(asked)
        if known is None:
            # Whom it was asked of is kept with it: nobody else can then come to stand in that place.
            known = of_rule[asked] = self._walk(node, entry, event)[:2], (entry, event)
        return known[0]

    def _walk(
        self, node: core.Condition, entry: Entry | None, event: EventOf | None
    ) -> tuple[bool | None, list[str], Step]:
        match node:
            case core.AllOf(parts) | core.AnyOf(parts):
                # Every part is judged, decided or not: an unknown lists all facts that would settle it.
                judged = [self._walk(part, entry, event) for part in parts]
                joined = all_of if isinstance(node, core.AllOf) else any_of
                answer = joined(each for each, _, _ in judged)
                lacks = [name for each, lacked, _ in judged if each is None for name in lacked]
                steps = tuple([step for _, _, step in judged]) if self.traced else ()
                return answer, lacks if answer is None else [], self._step(node, answer, steps)
            case core.Not(part):
                inner, lacks, step = self._walk(part, entry, event)
                return negate(inner), lacks, self._step(node, negate(inner), (step,))
            case core.Compare() | core.OneOf() | core.Contains() | core.Is() | core.Within() | core.Holds():
                return self._test(node, entry, event)
            case _:
                assert_never(node)

    def _step(
        self,
        node: core.Condition,
        answer: bool | None,
        parts: tuple[Step, ...],
        values: Mapping[str, str] | None = None,
    ) -> Step:
        return Step(text_of(node), Truth.of(answer), values or {}, parts) if self.traced else _UNTRACED

    def _test(
        self, node: core.Test, entry: Entry | None, event: EventOf | None
    ) -> tuple[bool | None, list[str], Step]:
        """A test. Over a `latest` or `earliest` of which it is not sure, it is true where it is for every candidate."""
        if isinstance(node, core.Holds) and isinstance(node.value, core.Definition):
            answer, inner_lacks, inner = self._walk(self.rule.definitions[node.value.name].when, entry, event)
            return answer, inner_lacks, self._step(node, answer, (inner,))
        names = moments_in(node)
        if not names:
            values: dict[str, str] = {}
            answer, lacked = self._test_with(node, entry, event, {}, values)
            return answer, lacked if answer is None else [], self._step(node, answer, (), values)
        choices = [self._moment(name, entry) for name in names]
        answers: list[bool | None] = []
        lacks: list[str] = []
        values = {}
        for chosen in product(*choices):
            answer, lacked = self._test_with(node, entry, event, dict(zip(names, chosen, strict=True)), values)
            answers.append(answer)
            lacks.extend(lacked)
        first = answers[0]
        answer = first if all(each is first for each in answers) else None
        if answer is None and not lacks:
            lacks = [f"{name}" for name in names]
        return answer, lacks if answer is None else [], self._step(node, answer, (), values)

    def _test_with(
        self,
        node: core.Test,
        entry: Entry | None,
        event: EventOf | None,
        chosen: dict[str, Candidate],
        values: dict[str, str],
    ) -> tuple[bool | None, list[str]]:
        lacks: list[str] = []

        def read(value: core.Value) -> object:
            found = self._value(value, entry, event, chosen, lacks)
            if self.traced:
                shown = "none" if found is NO_ENTRY else show_value(found, value.type, self.world.clock)
                values[_describe(value)] = shown
            return found

        match node:
            case core.Compare(operator, left, right):
                one, other = read(left), read(right)
                if one is NO_ENTRY or other is NO_ENTRY:
                    return False, []
                self.changes.of_comparison(left, right, one, other)
                return compare(operator.symbol, one, other), lacks
            case core.OneOf(value, names):
                found = read(value)
                if found is NO_ENTRY:
                    return False, []
                if found is None:
                    return None, lacks
                return any(found == self._value(name, entry, event, chosen, lacks) for name in names), lacks
            case core.Contains(value, item):
                found, wanted = read(value), read(item)
                if found is NO_ENTRY or wanted is NO_ENTRY:
                    return False, []
                if found is None or wanted is None:
                    return None, lacks
                if isinstance(found, tuple):
                    return wanted in found, lacks
                return contains_phrase(str(found), str(wanted)), lacks
            case core.Is(value, presence):
                if isinstance(value, core.Moment):
                    candidate = chosen[value.name]
                    if candidate is UNSURE:
                        return None, ["log_complete"]
                    there = candidate is not NO_ENTRY
                    return there is (presence in (core.Presence.PRESENT, core.Presence.KNOWN)), []
                found = read(value)
                match presence:
                    case core.Presence.KNOWN:
                        return found is not None and found is not NO_ENTRY, []
                    case core.Presence.UNKNOWN:
                        return found is None, []
                    case core.Presence.PRESENT | core.Presence.ABSENT:
                        if found is None:
                            return None, lacks
                        return (found is not NO_ENTRY) is (presence is core.Presence.PRESENT), []
                    case _:
                        assert_never(presence)
            case core.Within(value, duration, after, anchor):
                moment, start, length = read(value), read(anchor), read(duration)
                if moment is NO_ENTRY or start is NO_ENTRY:
                    return False, []
                if not (isinstance(moment, int) and isinstance(start, int) and isinstance(length, Duration)):
                    return None, lacks
                if not after:
                    moment, start = start, moment
                on_days = value.type.kind is Kind.DAY
                answer = within_span(moment, start, length, self.world.clock, on_days=on_days)
                if answer is None:
                    return None, ["consumer.time_zone"]
                self.changes.of_span(start, length, on_days)
                return answer, []
            case core.Holds(value):
                match value:
                    case core.BlockTruth(name):
                        answer, lacked = self._block_truth(name, entry)
                        values[name] = Truth.of(answer).value
                        return answer, lacked
                    case core.Fact() | core.MomentField():
                        found = read(value)
                        if found is NO_ENTRY:
                            return False, []
                        return (found if isinstance(found, bool) else None), lacks
                    case core.Definition():
                        raise AssertionError(f"`{value.name}` is walked, not read")
                    case _:
                        assert_never(value)
            case _:
                assert_never(node)

    def _value(
        self,
        value: core.Value,
        entry: Entry | None,
        event: EventOf | None,
        chosen: dict[str, Candidate],
        lacks: list[str],
    ) -> object:
        match value:
            case core.Literal(constant):
                return constant
            case core.Parameter(name):
                parameter = self.rule.parameters[name]
                first, last = (parameter.on(day) for day in self.days)
                if first != last:
                    lacks.append("consumer.time_zone")
                    return None
                return first
            case core.Fact(name):
                found = READERS[name](self.communication, entry, event, self.debt, self.file, self.world)
                if found is None:
                    lacks.append(name)
                if not name.startswith(("entry.", "event.")) and name not in self.facts:
                    if found is not None:
                        self.facts[name] = show_value(found, value.type, self.world.clock)
                    self.changes.of_fact(name)
                return found
            case core.CountOf(name):
                counted, lacked = self._count(name)
                if counted.at_least != counted.at_most:
                    lacks.extend(lacked)
                return counted
            case core.MomentField(name, fact):
                candidate = chosen[name]
                if candidate is NO_ENTRY:
                    return NO_ENTRY
                if candidate is UNSURE:
                    lacks.append("log_complete")
                    return None
                of_entry = candidate if isinstance(candidate, Entry) else None
                of_event = candidate if isinstance(candidate, EventOf) else None
                found = READERS[fact](self.communication, of_entry, of_event, self.debt, self.file, self.world)
                if found is None:
                    lacks.append(f"{name}.{fact.partition('.')[2]}")
                return found
            case core.Moment() | core.BlockTruth() | core.Definition():
                raise AssertionError(f"`{value.name}` has no value to read")
            case _:
                assert_never(value)

    def _excused(
        self, exceptions: Iterable[Exception_], entry: Entry | None, event: EventOf | None
    ) -> tuple[bool | None, list[str], str | None]:
        """Whether any exception holds; every one is judged, so that their order never matters."""
        answers: list[bool | None] = []
        lacks: list[str] = []
        by: list[str] = []
        for exception in exceptions:
            answer, lacked = self._condition(exception.when, entry, event)
            answers.append(answer)
            if answer is None:
                lacks.extend(lacked)
            elif answer:
                by.append(exception.id)
        return any_of(answers), lacks, min(by, default=None)


def _describe(value: core.Value) -> str:
    """The name of a value in a trace."""
    match value:
        case core.MomentField(name, fact):
            return f"{name}.{fact.partition('.')[2]}"
        case core.Literal(constant):
            return show_value(constant, value.type, None)
        case _:
            return value.name
