"""The definition: what a rule says of one communication, in plain Python, with a trace.

Slow and readable; the compiled functions are proved equal to it. One `Evaluation` judges one rule in one possible
location and for one debt. Truth is True, False, or None for unknown, and whatever ends unknown lists the facts that
were lacking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Final, assert_never

from fdcpa_guard.engine.content import contains_phrase
from fdcpa_guard.engine.decision import BlockTrace, Judgement, Looked, Step, Verdict
from fdcpa_guard.engine.formatting import show_instant, show_value
from fdcpa_guard.engine.kleene import all_of, any_of, compare, negate
from fdcpa_guard.engine.relations import LACKING, began_by, entry_agrees, event_agrees, has_lapsed
from fdcpa_guard.engine.windows import (
    EARLIEST_CLOCK,
    LATEST_CLOCK,
    NEVER,
    next_boundary,
    span_end,
    window_span,
    within_span,
)
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf, HoursOf
from fdcpa_guard.lang import core
from fdcpa_guard.lang.printing import to_text
from fdcpa_guard.rulefile.model import (
    ContentItem,
    Count,
    Deadline,
    Exception_,
    MomentOf,
    Rule,
    Same,
    Selection,
    Standing,
    Waiting,
    WindowKind,
)
from fdcpa_guard.rulefile.walk import values_of
from fdcpa_guard.ruleset.applies import binds, holds_in, in_force, reaches
from fdcpa_guard.values import Duration, Kind, Range, Truth

_Read = Callable[[Entry, Entry | None, EventOf | None, DebtOf | None, ConsumerFile, World], object]
_READ: Final[dict[str, _Read]] = {
    name: eval(f"lambda c, e, v, d, f, w: {text}") for name, text in EXPRESSIONS.items()
}
"""The readers of facts, made from the one table that the compiled functions are made from too."""

NO_ENTRY: Final = object()
"""The candidate of a `latest` or `earliest` block that found nothing."""
_UNSURE: Final = object()
"""The candidate where the log may lack what would be the answer."""

_Candidate = object
_Subject = Entry | EventOf


_UNTRACED: Final = Step("", Truth.UNKNOWN)
_MOST_KEPT: Final = 100_000
_MOMENTS: Final[dict[int, tuple[core.Test, tuple[str, ...]]]] = {}


def _moments_in(node: core.Test) -> tuple[str, ...]:
    """The `latest` and `earliest` blocks that a test reads. Kept by the node itself, which a rule holds for good."""
    known = _MOMENTS.get(id(node))
    if known is None or known[0] is not node:
        if len(_MOMENTS) > _MOST_KEPT:
            _MOMENTS.clear()
        names = (value.name for value in values_of(node) if isinstance(value, core.Moment | core.MomentField))
        known = _MOMENTS[id(node)] = node, tuple(dict.fromkeys(names))
    return known[1]


class Evaluation:
    """One rule, one communication, one possible location, one debt."""

    def __init__(
        self,
        rule: Rule,
        communication: Entry,
        file: ConsumerFile,
        world: World,
        debt: DebtOf | None,
        prior: Sequence[Entry],
        *,
        in_place_of: Sequence[Rule] = (),
        traced: bool = True,
    ) -> None:
        self.rule = rule
        self.c = communication
        self.f = file
        self.w = world
        self.d = debt
        self.prior = prior
        self.in_place_of = in_place_of
        self.traced = traced
        self.knowledge = communication.at if file.as_of is None else file.as_of
        self.days = days_of(communication.at, world)
        self.lacked: list[str] = []
        self.facts: dict[str, str] = {}
        self.counts: dict[str, Range] = {}
        self.blocks: dict[str, BlockTrace] = {}
        self.changes: set[int] = set()
        self._counts_done: dict[str, tuple[Range, list[str]]] = {}
        self._moments: dict[tuple[str, int], list[_Candidate]] = {}
        self._steps: list[Step] = []

    # -- the verdict -------------------------------------------------------------------------------------------------

    def judge(self) -> Judgement:
        rule = self.rule
        because: list[str] = []
        self._in_force_changes()
        gate, gate_lacks = self._gate()
        if gate is not False and rule.applies_when is not None:
            applies, lacks = self._condition(rule.applies_when, None, None)
            gate, gate_lacks = all_of((gate, applies)), [*gate_lacks, *lacks]
        if gate is False:
            return self._answer(Verdict.NOT_APPLICABLE)
        violated, lacks, items = self._violated()
        if violated is False:
            for open_question in rule.undecided:
                open_, open_lacks = self._condition(open_question.when, None, None)
                if open_ is not False:
                    violated, lacks = None, [*lacks, *open_lacks]
                    if open_:
                        because.append(f"{open_question.because} ({open_question.cite})")
        if violated is False:
            return self._answer(Verdict.COMPLIES)
        excused, excused_lacks, by = self._excused(rule.unless, None, None)
        if excused:
            return self._answer(Verdict.EXEMPT, exempt_by=by)
        if gate and violated and excused is False:
            return self._answer(Verdict.VIOLATED, items=items)
        wanted = [
            *(gate_lacks if gate is None else ()),
            *(lacks if violated is None else ()),
            *(excused_lacks if excused is None else ()),
        ]
        return self._answer(Verdict.UNKNOWN, lacked=wanted, because=because, items=items)

    def failed(self, error: Exception) -> Judgement:
        """The judgement where an error ended it: unknown, with the error."""
        because = f"an error while judging: {type(error).__name__}: {error}"
        return self._answer(Verdict.UNKNOWN, because=[because])

    def _answer(
        self,
        verdict: Verdict,
        *,
        exempt_by: str | None = None,
        lacked: Iterable[str] = (),
        because: Iterable[str] = (),
        items: Iterable[str] = (),
    ) -> Judgement:
        return Judgement(
            rule=self.rule.id,
            verdict=verdict,
            exempt_by=exempt_by,
            lacked=tuple(dict.fromkeys(lacked)),
            because=tuple(because),
            counts=self.counts,
            blocks=tuple(self.blocks.values()),
            facts=self.facts,
            items=tuple(items),
            changes_at=tuple(sorted(at for at in self.changes if at >= self.c.at)),
            steps=tuple(self._steps),
            debt=None if self.d is None else self.d.id,
            location=self.w.because,
            day=self.days[0],
        )

    def _gate(self) -> tuple[bool | None, list[str]]:
        """Whether the rule speaks of this collector, channel, place and day at all."""
        bound = rule_bounds(self.rule, self.c, self.f, self.w, self.days)
        for other in self.in_place_of:
            rules_here = all_of(answer for answer, _ in rule_bounds(other, self.c, self.f, self.w, self.days))
            bound.append((negate(rules_here), "consumer.location"))
        return all_of(answer for answer, _ in bound), [name for answer, name in bound if answer is None]

    def _violated(self) -> tuple[bool | None, list[str], list[str]]:
        rule = self.rule
        parts: list[tuple[bool | None, list[str]]] = []
        items: list[str] = []
        if rule.violated_when is not None:
            parts.append(self._condition(rule.violated_when, None, None))
        elif deadlines := [block for block in rule.blocks.values() if isinstance(block, Deadline)]:
            missed = [self._deadline(block) for block in deadlines]
            parts.append((any_of(answer for answer, _ in missed), [name for _, lacks in missed for name in lacks]))
        if rule.must_contain or rule.must_not_contain:
            failed: list[tuple[bool | None, list[str]]] = []
            for item, wanted in [
                *((each, True) for each in rule.must_contain),
                *((each, False) for each in rule.must_not_contain),
            ]:
                answer = self._item(item, wanted)
                failed.append(answer)
                if answer[0] is not False:
                    items.append(item.id)
            parts.append((any_of(answer for answer, _ in failed), [name for _, lacks in failed for name in lacks]))
        return all_of(answer for answer, _ in parts), [name for _, lacks in parts for name in lacks], items

    def _item(self, item: ContentItem, wanted: bool) -> tuple[bool | None, list[str]]:
        """Whether an item of content fails: it is wanted and not there, or there and not wanted."""
        asked, lacks = (True, []) if item.only_when is None else self._condition(item.only_when, None, None)
        text = self.c.content
        found = None if text is None else any(contains_phrase(text, phrase) for phrase in item.looks_for)
        failed = negate(found) if wanted else found
        return all_of((asked, failed)), [*lacks, *(["communication.content"] if found is None else [])]

    def _excused(
        self, exceptions: Iterable[Exception_], e: Entry | None, v: EventOf | None
    ) -> tuple[bool | None, list[str], str | None]:
        """Whether any exception holds; every one is judged, so that their order never matters."""
        answers: list[bool | None] = []
        lacks: list[str] = []
        by: list[str] = []
        for exception in exceptions:
            answer, lacked = self._condition(exception.when, e, v)
            answers.append(answer)
            if answer is None:
                lacks.extend(lacked)
            elif answer:
                by.append(exception.id)
        return any_of(answers), lacks, min(by, default=None)

    # -- conditions ----------------------------------------------------------------------------------------------------

    def _condition(
        self, node: core.Condition, e: Entry | None, v: EventOf | None
    ) -> tuple[bool | None, list[str]]:
        answer, lacks, step = self._walk(node, e, v)
        if self.traced and e is None and v is None:
            self._steps.append(step)
        return answer, lacks

    def _walk(
        self, node: core.Condition, e: Entry | None, v: EventOf | None
    ) -> tuple[bool | None, list[str], Step]:
        match node:
            case core.AllOf(parts) | core.AnyOf(parts):
                # Every part is judged, decided or not: an unknown lists all facts that would settle it.
                judged = [self._walk(part, e, v) for part in parts]
                joined = all_of if isinstance(node, core.AllOf) else any_of
                answer = joined(each for each, _, _ in judged)
                lacks = [name for each, lacked, _ in judged if each is None for name in lacked]
                steps = tuple([step for _, _, step in judged]) if self.traced else ()
                return answer, lacks if answer is None else [], self._step(node, answer, steps)
            case core.Not(part):
                inner, lacks, step = self._walk(part, e, v)
                return negate(inner), lacks, self._step(node, negate(inner), (step,))
            case core.Compare() | core.OneOf() | core.Contains() | core.Is() | core.Within() | core.Holds():
                return self._test(node, e, v)
            case _:
                assert_never(node)

    def _text(self, node: core.Condition) -> str:
        return to_text(node) if self.traced else ""

    def _step(
        self, node: core.Condition, answer: bool | None, parts: tuple[Step, ...], values: Mapping[str, str] | None = None
    ) -> Step:
        return Step(to_text(node), Truth.of(answer), values or {}, parts) if self.traced else _UNTRACED

    def _test(self, node: core.Test, e: Entry | None, v: EventOf | None) -> tuple[bool | None, list[str], Step]:
        """A test. Over a `latest` or `earliest` of which it is not sure, it is true where it is for every candidate."""
        if isinstance(node, core.Holds) and isinstance(node.value, core.Definition):
            answer, inner_lacks, inner = self._walk(self.rule.definitions[node.value.name].when, e, v)
            return answer, inner_lacks, self._step(node, answer, (inner,))
        names = _moments_in(node)
        if not names:
            values: dict[str, str] = {}
            answer, lacked = self._test_with(node, e, v, {}, values)
            return answer, lacked if answer is None else [], self._step(node, answer, (), values)
        choices = [self._moment(name, e) for name in names]
        answers: list[bool | None] = []
        lacks: list[str] = []
        values = {}
        for chosen in product(*choices):
            answer, lacked = self._test_with(node, e, v, dict(zip(names, chosen, strict=True)), values)
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
        e: Entry | None,
        v: EventOf | None,
        chosen: dict[str, _Candidate],
        values: dict[str, str],
    ) -> tuple[bool | None, list[str]]:
        lacks: list[str] = []

        def read(value: core.Value) -> object:
            found = self._value(value, e, v, chosen, lacks)
            if self.traced:
                values[describe(value)] = "none" if found is NO_ENTRY else show_value(found, value.type, self.w.clock)
            return found

        match node:
            case core.Compare(operator, left, right):
                one, other = read(left), read(right)
                if one is NO_ENTRY or other is NO_ENTRY:
                    return False, []
                self._clock_change(left, right, one, other)
                return compare(operator.symbol, one, other), lacks
            case core.OneOf(value, names):
                found = read(value)
                if found is NO_ENTRY:
                    return False, []
                if found is None:
                    return None, lacks
                return any(found == self._value(name, e, v, chosen, lacks) for name in names), lacks
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
                    if candidate is _UNSURE:
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
                answer = within_span(moment, start, length, self.w.clock, on_days=on_days)
                if answer is None:
                    return None, ["consumer.time_zone"]
                self._within_change(start, length, on_days)
                return answer, []
            case core.Holds(value):
                match value:
                    case core.BlockTruth(name):
                        answer, lacked = self._block_truth(name, e)
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
        e: Entry | None,
        v: EventOf | None,
        chosen: dict[str, _Candidate],
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
                found = _READ[name](self.c, e, v, self.d, self.f, self.w)
                if found is None:
                    lacks.append(name)
                if not name.startswith(("entry.", "event.")) and name not in self.facts:
                    if found is not None:
                        self.facts[name] = show_value(found, value.type, self.w.clock)
                    self._fact_change(name)
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
                if candidate is _UNSURE:
                    lacks.append("log_complete")
                    return None
                entry = candidate if isinstance(candidate, Entry) else None
                event = candidate if isinstance(candidate, EventOf) else None
                found = _READ[fact](self.c, entry, event, self.d, self.f, self.w)
                if found is None:
                    lacks.append(f"{name}.{fact.partition('.')[2]}")
                return found
            case core.Moment() | core.BlockTruth() | core.Definition():
                raise AssertionError(f"`{value.name}` has no value to read")
            case _:
                assert_never(value)

    # -- blocks ----------------------------------------------------------------------------------------------------------

    def _duration(self, length: Duration | str) -> Duration | None:
        if isinstance(length, Duration):
            return length
        parameter = self.rule.parameters[length]
        first, last = (parameter.on(day) for day in self.days)
        return first if first == last and isinstance(first, Duration) else None

    def _seen_events(self, types: frozenset[str]) -> list[EventOf]:
        """Events of these types that were known, in order of time."""
        found = [event for name in sorted(types) for event in self.f.events_by_type.get(name, ())]
        return sorted((event for event in found if event.known_at <= self.knowledge), key=lambda event: event.at)

    def _fits(
        self, select: Selection, subject: Entry, e: Entry | None, v: EventOf | None
    ) -> tuple[bool | None, list[str], str]:
        """Whether an entry or event is one that a block looks at; the reason, where it is not."""
        answers: list[bool | None] = []
        lacks: list[str] = []
        for same in select.same:
            if e is not None:
                agrees = entry_agrees(same, e, subject, self.d, self.f, self.w)
            else:
                assert v is not None
                agrees = event_agrees(same, v, subject, self.d, self.f, self.w)
            if agrees is False:
                return False, [], f"not the same {same.value.replace('_', ' ')}"
            if agrees is None:
                lacks.extend(LACKING[same][0 if e is not None else 1 : 2])
            answers.append(agrees)
        if e is not None and select.entries is not None and "any" not in select.entries:
            on_channel = None if e.channel is None else e.channel in select.entries
            if on_channel is False:
                return False, [], f"channel {e.channel}"
            if on_channel is None:
                lacks.append("entry.channel")
            answers.append(on_channel)
        if select.only_when is not None:
            held, lacked = self._condition(select.only_when, e, v)
            if held is False:
                return False, [], f"not: {self._text(select.only_when)}"
            if held is None:
                lacks.extend(lacked)
            answers.append(held)
        return all_of(answers), lacks, ""

    def _count(self, name: str) -> tuple[Range, list[str]]:
        done = self._counts_done.get(name)
        if done is not None:
            return done
        block = self.rule.blocks[name]
        assert isinstance(block, Count)
        at_least = at_most = 0
        lacks: list[str] = []
        looked: list[Looked] = []
        maybe_start, sure_start, leaves = self._window(block)
        for entry in self.prior:
            if entry.at < maybe_start:
                continue
            fits, lacked, why = self._counts(block, entry)
            if fits and entry.at < sure_start:
                fits, lacked = None, ["consumer.time_zone"]
            looked.append(self._looked(entry.id, entry.at, fits, why))
            if fits is False:
                continue
            at_most += 1
            if fits:
                at_least += 1
            else:
                lacks.extend(lacked)
            if leaves is not None:
                self.changes.add(leaves(entry.at))
        if block.window.this_one:
            # The communication judged counts in full unless an exception is sure: what is not known of it yet, as
            # its outcome, is no reason to leave it out.
            fits, lacked, why = self._fits(block.select, self.c, self.c, None)
            if fits is not False and self._excused(block.exceptions, self.c, None)[0]:
                fits, why = False, "excepted"
            looked.append(self._looked(self.c.id or "this communication", self.c.at, fits, why))
            at_least += fits is True
            at_most += fits is not False
            if fits is None:
                lacks.extend(lacked)
        if not self.f.log_complete:
            lacks.append("log_complete")
        counted = Range(at_least, at_most if self.f.log_complete else None)
        self.counts[name] = counted
        self.blocks[name] = BlockTrace(name, str(counted), tuple(looked))
        self._counts_done[name] = counted, lacks
        return counted, lacks

    def _counts(self, block: Count | MomentOf, entry: Entry) -> tuple[bool | None, list[str], str]:
        fits, lacks, why = self._fits(block.select, self.c, entry, None)
        if fits is False:
            return False, [], why
        excused, excused_lacks, by = self._excused(block.exceptions, entry, None)
        if excused:
            return False, [], f"excepted: {by}"
        if excused is None:
            return None, [*lacks, *excused_lacks], ""
        return fits, lacks, ""

    def _looked(self, id_: str | None, at: int, counted: bool | None, why: str) -> Looked:
        return Looked(id_ or show_instant(at, self.w.clock), at, Truth.of(counted), why)

    def _window(self, block: Count | MomentOf) -> tuple[int, int, Callable[[int], int] | None]:
        """From when entries might lie, and surely lie, in the window; and when one that does leaves it."""
        window = block.window
        length = self._duration(window.length) if isinstance(window.length, str) else window.length
        if window.kind is WindowKind.LIFETIME:
            return -NEVER, -NEVER, None
        return window_span(self.c.at, length, window, self.w.clock)

    def _moment(self, name: str, e: Entry | None) -> list[_Candidate]:
        """What a `latest` or `earliest` block may give: its sure answer, and whatever might stand before it."""
        done = self._moments.get((name, id(e)))
        if done is not None:
            return done
        block = self.rule.blocks[name]
        assert isinstance(block, MomentOf)
        maybe_start, sure_start, leaves = self._window(block)
        sources: Sequence[_Subject]
        if block.select.events is not None:
            sources = [event for event in self._seen_events(block.select.events) if event.at <= self.c.at]
        else:
            sources = self.prior
        candidates: list[_Candidate] = []
        looked: list[Looked] = []
        for source in reversed(sources) if block.latest else sources:
            if source.at < maybe_start:
                continue
            if isinstance(source, Entry):
                fits, _, why = self._counts(block, source)
            else:
                fits, _, why = self._fits(block.select, self.c, None, source)
                excused = any_of([]) if fits is False else self._excused(block.exceptions, None, source)[0]
                fits = all_of((fits, negate(excused)))
            if fits and source.at < sure_start:
                fits = None
            label = source.id if isinstance(source, Entry) else source.type
            looked.append(self._looked(label, source.at, fits, why))
            if fits is False:
                continue
            candidates.append(source)
            if leaves is not None:
                self.changes.add(leaves(source.at))
            if fits:
                break
        else:
            candidates.append(NO_ENTRY)
        if not self.f.log_complete:
            candidates.append(_UNSURE)
        self.blocks[name] = BlockTrace(name, ", ".join(_label(each) for each in candidates), tuple(looked))
        self._moments[(name, id(e))] = candidates
        return candidates

    def _block_truth(self, name: str, e: Entry | None) -> tuple[bool | None, list[str]]:
        block = self.rule.blocks[name]
        match block:
            case Standing():
                return self._standing(block, e)
            case Waiting():
                return self._waiting(block)
            case Deadline():
                return self._deadline(block)
            case Count() | MomentOf():
                raise AssertionError(f"`{name}` is no truth")
            case _:
                assert_never(block)

    def _standing(self, block: Standing, e: Entry | None) -> tuple[bool | None, list[str]]:
        """True where a sure beginning has no possible end since; false where every possible one has a sure end."""
        subject = self.c if e is None else e
        at = subject.at if block.as_of_entry else self.c.at
        lacks: list[str] = []
        ends = [end for select in block.ends for end in self._turns(select, subject, at, lacks)]
        answers: list[bool | None] = []
        looked: list[Looked] = []
        length = None if block.lapses_after is None else self._duration(block.lapses_after)
        for select in block.begins:
            for begin, begun in self._turns(select, subject, at, lacks):
                since = list(_since(begin, ends))
                over = [all_of((ended, negate(has_lapsed(end, at)))) for end, ended in since]
                over.append(has_lapsed(begin, at))
                if subject is self.c:
                    turns = [begin, *(end for end, _ in since)]
                    self.changes.update(
                        turn.ends for turn in turns if isinstance(turn, EventOf) and turn.ends is not None
                    )
                if block.lapses_after is not None:
                    lapsed, lapses_at = self._lapsed(begin.at, at, length)
                    over.append(lapsed)
                    if lapses_at is not None and subject is self.c:
                        self.changes.add(lapses_at)
                stands = all_of((begun, negate(any_of(over))))
                label = begin.id if isinstance(begin, Entry) else begin.type
                looked.append(self._looked(label, begin.at, stands, "" if stands is not False else "ended or lapsed"))
                answers.append(stands)
        if e is None:
            self.blocks[block.name] = BlockTrace(block.name, Truth.of(any_of(answers)).value, tuple(looked))
        if not self.f.log_complete:
            return None, [*lacks, "log_complete"]
        answer = any_of(answers)
        if answer is None and not lacks:
            lacks = [block.name]
        return answer, lacks if answer is None else []

    def _lapsed(self, begin: int, at: int, length: Duration | None) -> tuple[bool | None, int | None]:
        if length is None:
            return None, None
        held = within_span(at, begin, length, self.w.clock, on_days=False)
        if held is None or self.w.clock is None:
            return negate(held), None
        return not held, span_end(begin, length, self.w.clock)

    def _turns(
        self, select: Selection, subject: Entry, at: int, lacks: list[str]
    ) -> list[tuple[_Subject, bool | None]]:
        """The events or entries up to an instant that turn a standing on or off, with how sure that is."""
        found: list[tuple[_Subject, bool | None]] = []
        if select.events is not None:
            for event in self._seen_events(select.events):
                if Same.HOURS in select.same and event.hours is not None and subject is self.c:
                    self._hours_changes(event.hours)
                if not began_by(event, at, subject):
                    continue
                fits, lacked, _ = self._fits(select, subject, None, event)
                if fits is not False:
                    found.append((event, fits))
                    lacks.extend(lacked)
            return found
        for entry in self.prior:
            if entry.at > at or entry is subject:
                continue
            fits, lacked, _ = self._fits(select, subject, entry, None)
            if fits is not False:
                found.append((entry, fits))
                lacks.extend(lacked)
        return found

    def _waiting(self, block: Waiting) -> tuple[bool | None, list[str]]:
        lacks: list[str] = []
        found = self._turns(block.after, self.c, self.c.at, lacks)
        ordered = sorted(found, key=lambda turn: turn[0].at, reverse=block.latest)
        length = self._duration(block.at_least)
        answers: list[bool | None] = []
        for turn, sure in ordered:
            too_early, over_at = self._lapsed(turn.at, self.c.at, length)
            answers.append(negate(too_early))
            if over_at is not None:
                self.changes.add(over_at)
            if sure:
                break
        else:
            answers.append(block.when_absent if self.f.log_complete else None)
        first = answers[0]
        answer = first if all(each is first for each in answers) else None
        self.blocks[block.name] = BlockTrace(
            block.name,
            Truth.of(answer).value,
            tuple(self._looked(_label(turn), turn.at, sure, "") for turn, sure in ordered),
        )
        return answer, ([*lacks] or ["log_complete"]) if answer is None else []

    def _deadline(self, block: Deadline) -> tuple[bool | None, list[str]]:
        """True where a sure trigger had no possible follower in time; false where each had one, or time is left."""
        lacks: list[str] = []
        triggers = self._turns(block.after, self.c, self.c.at, lacks)
        followers = self._turns(block.must_follow, self.c, self.c.at, lacks)
        length = self._duration(block.within)
        excused, excused_lacks, _ = self._excused(block.exceptions, None, None)
        answers: list[bool | None] = []
        looked: list[Looked] = []
        for trigger, sure in triggers:
            in_time = [
                all_of((met, within_span(follower.at, trigger.at, length, self.w.clock, on_days=False)))
                if length is not None
                else None
                for follower, met in followers
                if follower.at >= trigger.at
            ]
            over, ends_at = self._lapsed(trigger.at, self.c.at, length)
            if ends_at is not None:
                self.changes.add(ends_at)
            missed = all_of((sure, over, negate(any_of(in_time)), negate(excused)))
            due = "" if ends_at is None else f"due before {show_instant(ends_at, self.w.clock)}"
            looked.append(self._looked(_label(trigger), trigger.at, missed, due))
            answers.append(missed)
        answer = any_of(answers)
        self.blocks[block.name] = BlockTrace(block.name, Truth.of(answer).value, tuple(looked))
        if not self.f.log_complete:
            return None, ["log_complete"]
        return answer, [*lacks, *excused_lacks] if answer is None else []

    # -- what waiting changes ------------------------------------------------------------------------------------------

    def _fact_change(self, name: str) -> None:
        clock = self.w.clock
        root, _, field = name.partition(".")
        if root != "communication" and name != "consumer.at_work_now":
            return
        if field in ("day", "weekday", "local_time") and clock is not None:
            self.changes.add(clock.midnight(clock.day(self.c.at) + 1))
        if field == "at_work_now":
            self._hours_changes(self.f.working_hours or ())

    def _hours_changes(self, hours: Sequence[HoursOf]) -> None:
        if self.w.clock is not None:
            self.changes.update(next_boundary(self.c.at, hours, self.w.clock))

    def _clock_change(self, left: core.Value, right: core.Value, one: object, other: object) -> None:
        """A clock time is compared: the next instant at which that clock shows the other side."""
        for fact, against, value in ((left, right, other), (right, left, one)):
            if not isinstance(fact, core.Fact) or not isinstance(value, int):
                continue
            if fact.type.kind is Kind.CLOCK_TIME:
                self.changes.update(self.f.clock_changes(fact.type.clock, value, self.c, self.w))
            # Of the instant judged itself nothing changes: it is what moves.
            if fact.type.kind is Kind.INSTANT and not (
                isinstance(against, core.Fact) and against.name == "communication.at"
            ):
                self.changes.add(value)

    def _within_change(self, start: int, length: Duration, on_days: bool) -> None:
        clock = self.w.clock
        if clock is not None:
            begin = clock.midnight(start) if on_days else start
            self.changes.update((begin, span_end(begin, length, clock)))

    def _in_force_changes(self) -> None:
        clock = self.w.clock
        if clock is None:
            return
        for span in (self.rule.in_force, *(v.in_force for p in self.rule.parameters.values() for v in p.values)):
            if span.start is not None:
                self.changes.add(clock.midnight(span.start))
            if span.end is not None:
                self.changes.add(clock.midnight(span.end + 1))


def _since(
    begin: _Subject, ends: Iterable[tuple[_Subject, bool | None]]
) -> Iterable[tuple[_Subject, bool | None]]:
    """The ends that come after a beginning. At one instant an entry that ends came first, and events contradict."""
    for end, ended in ends:
        if end.at > begin.at:
            yield end, ended
        elif end.at == begin.at and isinstance(end, EventOf) and isinstance(begin, EventOf):
            yield end, None


def _label(candidate: object) -> str:
    if candidate is NO_ENTRY:
        return "none"
    if isinstance(candidate, EventOf):
        return candidate.type
    if isinstance(candidate, Entry):
        return candidate.id or "an entry"
    return "unknown"


def days_of(at: int, world: World) -> tuple[int, int]:
    """The earliest and the latest local day that an instant may be: one day where the clock is known."""
    if world.clock is not None:
        day = world.clock.day(at)
        return day, day
    return EARLIEST_CLOCK.day(at), LATEST_CLOCK.day(at)


def rule_bounds(
    rule: Rule, communication: Entry, file: ConsumerFile, world: World, days: tuple[int, int]
) -> list[tuple[bool | None, str]]:
    """Whether a rule binds, reaches, is in force and is the law of the place; with the fact each needs."""
    return [
        (binds(rule, file.collector.kind), "collector.kind"),
        (reaches(rule, communication.channel), "communication.channel"),
        (holds_in(rule.jurisdiction, world.state, world.city), "consumer.location"),
        (in_force(rule, days), "consumer.time_zone"),
    ]


def describe(value: core.Value) -> str:
    """The name of a value in a trace."""
    match value:
        case core.MomentField(name, fact):
            return f"{name}.{fact.partition('.')[2]}"
        case core.Literal(constant):
            return show_value(constant, value.type, None)
        case _:
            return value.name
