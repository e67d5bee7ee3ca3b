"""The blocks of rules as generated functions, each distinct one once however many rules share it.

Signatures, over the judged communication `c`, the debt `d`, the file `f`, the location `w` and the `prior` entries:

    count            block_n(c, d, f, w, prior, start) -> (at least, at most), of what lies in the window from `start`
    latest, earliest block_n(c, d, f, w, prior, start) -> candidates
    standing         block_n(x, at, c, d, f, w, prior) -> truth, for a subject `x` as of an instant
    waiting, deadline block_n(c, d, f, w, prior) -> truth
    limitation       block_n(c, d, f, w) -> truth
    fits             block_n(e or v, x, c, d, f, w, prior) -> truth
    entries that fit block_n(x, at, c, d, f, w, prior, since) -> [(entry, truth), ...], those from `since` up to `at`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Final, assert_never

from fdcpa_guard.engine import limitations
from fdcpa_guard.engine.compiled import runtime
from fdcpa_guard.engine.compiled.expressions import BLOCK_PREFIX, DECIDED, FALSE, Constant, Expressions, Names
from fdcpa_guard.engine.content import is_said
from fdcpa_guard.engine.kleene import compare_ranges
from fdcpa_guard.engine.relations import entry_agrees, event_agrees, same_person
from fdcpa_guard.engine.windows import EARLIEST_CLOCK, NEVER, first_day_of_span, unit_start, window_start, within_span
from fdcpa_guard.facts.access import UNSAID_OF_PLAIN
from fdcpa_guard.facts.bind import EASTERN
from fdcpa_guard.facts.clock import clock_of
from fdcpa_guard.facts.entries import FullEntry
from fdcpa_guard.facts.phrases import contains_phrase
from fdcpa_guard.lang.core import AllOf, BlockTruth, Holds, Not
from fdcpa_guard.rulefile.model import (
    Block,
    CalendarUnit,
    Count,
    Deadline,
    Exception_,
    Limitation,
    MomentOf,
    Rule,
    Same,
    Selection,
    Standing,
    Waiting,
    Window,
    WindowKind,
)
from fdcpa_guard.values import Duration, Unit

GLOBALS: Final[dict[str, object]] = {
    "compare_ranges": compare_ranges,
    "contains_phrase": contains_phrase,
    "is_said": is_said,
    "wordy": runtime.wordy,
    "settled": runtime.settled,
    "entry_agrees": entry_agrees,
    "event_agrees": event_agrees,
    "same_person": same_person,
    "unit_start": unit_start,
    "window_start": window_start,
    "within_span": within_span,
    "eastern_clock": clock_of(EASTERN),
    "over": runtime.over,
    "standing": runtime.standing,
    "waiting": runtime.waiting,
    "deadline": runtime.deadline,
    "limitation": limitations.truth_of,
    "latest_or_earliest": runtime.latest_or_earliest,
    "latest_or_earliest_event": runtime.latest_or_earliest_event,
    "turns": runtime.turns,
    "NONE": runtime.NONE,
    "UNASKED": runtime.UNASKED,
}
"""All that generated code may name beside what it makes itself."""


_AGREE_IN: Final = {Same.ADDRESS: "address", Same.CHANNEL: "channel", Same.MEDIUM: "channel", Same.AGENT: "agent"}
"""What `relations.entry_agrees` compares as it stands."""


class UnknownSpan(Exception):
    """A span of the law is not known on the day: the interpreter has to judge."""


class Module:
    """The generated functions and constants of one specialisation."""

    def __init__(self) -> None:
        self.names = Names()
        self.constants: dict[str, object] = {}
        self._by_value: dict[Hashable, str] = {}
        self.functions: list[str] = []
        self._by_text: dict[str, str] = {}

    def bind(self, value: object, prefix: str) -> str:
        """The name of a constant that `repr` cannot write."""
        key = (type(value), value)
        name = self._by_value.get(key)
        if name is None:
            name = self._by_value[key] = self.names.fresh(prefix)
            self.constants[name] = value
        return name

    def function(self, arguments: str, body: list[str]) -> str:
        """A function of that text, made once; temporary names do not tell two texts apart."""
        text = "\n".join(f"    {line}" for line in body)
        key = f"{arguments}\n{_renumbered(text)}"
        name = self._by_text.get(key)
        if name is None:
            name = self._by_text[key] = self.names.fresh(BLOCK_PREFIX)
            self.functions.append(f"def {name}({arguments}):\n{text}")
        return name


def _renumbered(text: str) -> str:
    """The text with its temporaries counted from one, in order of appearance."""
    seen: dict[str, str] = {}
    return re.sub(r"\b[tnm]\d+\b", lambda m: seen.setdefault(m[0], f"{m[0][0]}_{len(seen)}"), text)


_UNSAID_OF_ENTRIES: Final[Mapping[str, Constant]] = {
    name: None for name in UNSAID_OF_PLAIN if name.startswith("entry.")
}
_OF_NO_ENTRY: Final = frozenset({Same.CONSUMER, Same.DEBT})
"""In what an event agrees whatever the entry is that it is held against."""
_READS_WHAT_IS_RARE: Final = re.compile(rf"\be\.(?:{'|'.join(FullEntry.__slots__)})\b")


class Blocks:
    """Makes the functions of one rule's blocks, and the expressions that call them."""

    def __init__(
        self, rule: Rule, module: Module, known: Mapping[str, Constant], day: int, events: frozenset[str] | None
    ) -> None:
        """`events` are the types of event on file, None where that is left to be asked."""
        self.rule = rule
        self.module = module
        self.known = known
        self.day = day
        self.events = events

    def expressions(
        self,
        *,
        subject: str,
        hoisted: Callable[[str], str | None],
        once: Callable[[str], str] = lambda call: call,
        start: Callable[[str], str] = lambda start: start,
        shared: Callable[[str, Expressions], str | None] = lambda _name, _self: None,
    ) -> Expressions:
        """For the conditions of a subject.

        `once` turns the call of a block into one that is made but once; `start` gives the variable in which the first
        instant of a window stands.
        """

        def block(name: str) -> str:
            call = self.call(name, subject, start)
            return call if call in DECIDED else once(call)

        made = Expressions(
            self.rule,
            self.module.names,
            known=self.known,
            hoisted=hoisted,
            day=self.day,
            block=block,
            bind=self.module.bind,
            shared=shared,
        )
        return made

    def call(self, name: str, subject: str, start: Callable[[str], str] = lambda start: start) -> str:
        """The expression of a block's value in the conditions of a subject (`c`, or `e` on entries)."""
        block = self.rule.blocks[name]
        match block:
            case Count() | MomentOf():
                return f"{self.make(block)}(c, d, f, w, prior, {start(self.start(block.window))})"
            case Standing():
                if not self._on_file(block.begins):
                    return FALSE
                at = "e.at" if block.as_of_entry and subject == "e" else "c.at"
                call = f"{self.make(block)}({subject}, {at}, c, d, f, w, prior)"
                if self.events is not None or not all(select.events is not None for select in block.begins):
                    return call
                # Nothing on file that could begin it: the commonest case, and asked without a call.
                types = dict.fromkeys(name for select in block.begins for name in sorted(select.events or ()))
                absent = " and ".join(f"{name!r} not in f.events_by_type" for name in types)
                return f"(False if {absent} else {call})"
            case Waiting():
                if not self._on_file((block.after,)):
                    return repr(block.when_absent)
                return f"{self.make(block)}(c, d, f, w, prior)"
            case Deadline():
                return f"{self.make(block)}(c, d, f, w, prior)" if self._on_file((block.after,)) else FALSE
            case Limitation():
                return f"{self.make(block)}(c, d, f, w)"
            case _:
                assert_never(block)

    def _on_file(self, selects: Sequence[Selection]) -> tuple[Selection, ...]:
        """The selections of which there may be anything: of entries, or of events that are on file."""
        if self.events is None:
            return tuple(selects)
        return tuple(select for select in selects if select.events is None or select.events & self.events)

    def make(self, block: Block) -> str:
        """The name of the block's function."""
        match block:
            case Count():
                return self._count(block)
            case MomentOf():
                return self._moment(block)
            case Standing():
                return self._standing(block)
            case Waiting():
                length = self.module.bind(self._span(block.at_least), "span")
                after = self._turn(block.after)
                return self.module.function(
                    "c, d, f, w, prior",
                    [f"return waiting({after}, {block.latest}, {length}, {block.when_absent}, c, d, f, w, prior)"],
                )
            case Deadline():
                length = self.module.bind(self._span(block.within), "span")
                excused = self.expressions(subject="c", hoisted=_inline)
                text = excused.any_of([excused.condition(each.when) for each in block.exceptions])
                after = self._turn(block.after, earliest=block.earliest)
                follow = self._turn(block.must_follow)
                call = f"deadline({after}, {block.earliest}, {follow}, {length}, {text}, c, d, f, w, prior)"
                return self.module.function("c, d, f, w, prior", [f"return {call}"])
            case Limitation():
                tables = self.module.bind(block.tables, "tables")
                call = f"limitation({tables}, {block.ends_the_debt}, c, d, f, w)"
                return self.module.function("c, d, f, w", [f"return {call}"])
            case _:
                assert_never(block)

    def _span(self, length: Duration | str) -> Duration:
        value = length if isinstance(length, Duration) else self.rule.parameters[length].on(self.day)
        if not isinstance(value, Duration):
            raise UnknownSpan
        return value

    # -- what fits -----------------------------------------------------------------------------------------------------------

    def _fits(self, select: Selection, conditions: Expressions, subject: str, thing: str) -> list[str]:
        """The parts of the test whether an entry `e`, or an event `v`, is one that a block looks at."""
        parts: list[str] = []
        if thing == "e":
            if select.entries is not None and "any" not in select.entries:
                channels = tuple(sorted(select.entries))
                test = f"e.channel == {channels[0]!r}" if len(channels) == 1 else f"e.channel in {channels!r}"
                parts.append(f"(None if e.channel is None else {test})")
            parts.extend(self._entry_same(same, subject) for same in select.same if same is not Same.CONSUMER)
        else:
            for same in select.same:
                if same not in (Same.CONSUMER, Same.AGENT):
                    parts.append(f"event_agrees({self.module.bind(same, 'same')}, v, {subject}, d, f, w)")
        if select.only_when is not None:
            # Each part on its own, so that the cheapest of all is asked first.
            when = select.only_when
            parts.extend(conditions.condition(part) for part in (when.parts if isinstance(when, AllOf) else (when,)))
        return parts

    def _entry_same(self, same: Same, subject: str) -> str:
        if same is Same.PERSON:
            return f"(True if e.person_role == 'consumer' == {subject}.person_role else same_person(e, {subject}))"
        if same is Same.DEBT:
            return "(True if d is not None and e.debts == (d.id,) else f.about(e, d, e.debts))"
        if same is Same.DEBT_DISCUSSED:
            talked_of = "(e.debts if e.debts_discussed is None else e.debts_discussed)"
            return f"(True if d is not None and {talked_of} == (d.id,) else f.about(e, d, {talked_of}))"
        plain = _AGREE_IN.get(same)
        if plain is not None:
            one, other = f"e.{plain}", f"{subject}.{plain}"
            return f"(None if {one} is None or {other} is None else {one} == {other})"
        return f"entry_agrees({self.module.bind(same, 'same')}, e, {subject}, d, f, w)"

    def _excused(self, exceptions: tuple[Exception_, ...], conditions: Expressions) -> str:
        return conditions.any_of([conditions.condition(each.when) for each in exceptions])

    def _looked_through(self, select: Selection, exceptions: tuple[Exception_, ...], test: str | None) -> str:
        """The entries among which any may fit: all before, or only those that say what most say nothing of.

        `test` is what fits, where that is written already.
        """
        if test is not None and not _READS_WHAT_IS_RARE.search(test):
            return "prior"
        unsaid = Blocks(self.rule, self.module, {**self.known, **_UNSAID_OF_ENTRIES}, self.day, self.events)
        conditions = unsaid.expressions(subject="e", hoisted=_inline)
        parts = unsaid._fits(select, conditions, "c", "e")
        if exceptions:
            parts.append(conditions.negate(unsaid._excused(exceptions, conditions)))
        return "wordy(f, prior)" if conditions.all_of(parts) == FALSE else "prior"

    def _fit_function(self, select: Selection, exceptions: tuple[Exception_, ...]) -> str:
        thing = "e" if select.entries is not None else "v"
        conditions = self.expressions(subject="e" if thing == "e" else "x", hoisted=_inline)
        parts = self._fits(select, conditions, "x", thing)
        if exceptions:
            parts.append(conditions.negate(self._excused(exceptions, conditions)))
        return self.module.function(f"{thing}, x, c, d, f, w, prior", [f"return {conditions.all_of(parts)}"])

    def _turn(self, select: Selection, *, ends: bool = False, earliest: bool = False) -> str:
        """What a standing, waiting or deadline looks at: event types and how one fits, or a loop over the entries.

        Of entries that end a standing, none before the latest sure one makes a difference; of those from whose earliest
        a deadline runs, none after the first sure one.
        """
        if select.events is not None:
            types = tuple(sorted(select.events & (self.events or select.events)))
            return f"({types!r}, {self._fit_function(select, ())}, None)"
        conditions = self.expressions(subject="e", hoisted=_inline)
        test = conditions.all_of(self._fits(select, conditions, "x", "e"))
        body = ["found = []"]
        entries = self._looked_through(select, (), test)
        if test != FALSE and earliest:
            # A deadline looks from the communication judged, which is none of the entries before it.
            body += [
                f"for e in {entries}:",
                "    if e.at > at: break",
                *(f"    if {stands}: break" for stands in self._for_good(select)),
                f"    r = {test}",
                "    if r is not False: found.append((e, r))",
                "    if r: break",
            ]
        elif test != FALSE:
            body += [
                f"for e in reversed({entries}):",
                "    if e is x:",
                "        if at == x.at: found.clear()",
                "        continue",
                "    if e.at > at: continue",
                "    if e.at < since: break",
                f"    r = {test}",
                "    if r is not False: found.append((e, r))",
                *(["    if r and e.at < at: break"] if ends else []),
            ]
        body.append("return found")
        return f"((), None, {self.module.function('x, at, c, d, f, w, prior, since', body)})"

    def _for_good(self, select: Selection) -> Iterator[str]:
        """That something stands which no entry may fall under: once it does, no later entry fits, either."""
        when = select.only_when
        for part in when.parts if isinstance(when, AllOf) else (when,):
            match part:
                case Not(Holds(BlockTruth(name))):
                    block = self.rule.blocks[name]
                    if isinstance(block, Standing) and self._stands_for_good(block):
                        types = tuple(sorted(frozenset().union(*(each.events or () for each in block.begins))))
                        call = self.call(name, "e")
                        if call not in DECIDED:
                            yield f"(e.at > settled(f, {types!r}) and {call} is True)"

    def _stands_for_good(self, block: Standing) -> bool:
        """Whether nothing but what its events say of themselves may ever end it, and its answer is the same for every
        entry after they began: it asks nothing of the entry itself, and no other block."""
        if not block.as_of_entry or block.ends or block.lapses_after is not None:
            return False
        conditions = self.expressions(subject="x", hoisted=_inline)
        return all(
            each.events is not None
            and _OF_NO_ENTRY.issuperset(each.same)
            and (each.only_when is None or BLOCK_PREFIX not in conditions.condition(each.only_when))
            for each in block.begins
        )

    # -- blocks ---------------------------------------------------------------------------------------------------------------

    def _count(self, block: Count) -> str:
        conditions = self.expressions(subject="e", hoisted=_inline)
        fits = self._fits(block.select, conditions, "c", "e")
        excused = self._excused(block.exceptions, conditions)
        test = conditions.all_of([*fits, conditions.negate(excused)])
        body = ["lo = hi = 0"]
        if test != "False":
            body += [
                f"for e in reversed({self._looked_through(block.select, block.exceptions, test)}):",
                "    if e.at < start: break",
                f"    r = {test}",
                "    if r: lo += 1; hi += 1",
                "    elif r is None: hi += 1",
            ]
        if block.window.this_one:
            body += ["e = c", f"r = {conditions.all_of(fits)}"]
            sure = "" if excused == "False" else f" and ({excused}) is not True"
            body += [f"if r is not False{sure}:", "    hi += 1", "    if r: lo += 1"]
        body.append("return lo, hi")
        return self.module.function("c, d, f, w, prior, start", body)

    def start(self, window: Window) -> str:
        """The expression of the first instant that lies in a window which ends at `c.at`."""
        if window.kind is WindowKind.LIFETIME or window.length is None:
            return repr(-NEVER)
        clock = "eastern_clock" if window.clock == "eastern" else "w.clock"
        if isinstance(window.length, CalendarUnit):
            return unit_start_expression(window, clock) or (
                f"unit_start(c.at, {self.module.bind(window.length, 'unit')}, {window.week_starts!r}, {clock})"
            )
        return window_start_expression(self._span(window.length), clock) or (
            f"window_start(c.at, {self.module.bind(self._span(window.length), 'span')}, {clock})"
        )

    def _moment(self, block: MomentOf) -> str:
        fits, events = self._fit_function(block.select, block.exceptions), block.select.events
        if events is None:
            entries = self._looked_through(block.select, block.exceptions, None)
            call = f"latest_or_earliest({fits}, {block.latest}, start, c, d, f, w, prior, {entries})"
        else:
            types = tuple(sorted(events & (self.events or events)))
            call = f"latest_or_earliest_event(({types!r}, {fits}, None), {block.latest}, start, c, d, f, w, prior)"
        return self.module.function("c, d, f, w, prior, start", [f"return {call}"])

    def _standing(self, block: Standing) -> str:
        begins = ", ".join(self._turn(select) for select in self._on_file(block.begins))
        ends = "".join(f"{self._turn(select, ends=True)}, " for select in self._on_file(block.ends))
        lapses = "None" if block.lapses_after is None else self.module.bind(self._span(block.lapses_after), "span")
        body = [f"return standing(({begins},), ({ends}), {lapses}, x, at, c, d, f, w, prior)"]
        return self.module.function("x, at, c, d, f, w, prior", body)


def unit_start_expression(window: Window, clock: str) -> str | None:
    """`windows.unit_start` written out for days and weeks; None for the other units."""
    match window.length:
        case CalendarUnit.DAY:
            return f"{clock}.midnight({clock}.day(c.at))"
        case CalendarUnit.WEEK:
            weekday = "day % 7" if window.week_starts == "sunday" else "(day - 1) % 7"
            return f"{clock}.midnight((day := {clock}.day(c.at)) - {weekday})"
        case _:
            return None


def window_start_expression(span: Duration, clock: str) -> str | None:
    """`windows.window_start` written out for the commonest spans; None for the others."""
    match span.unit:
        case Unit.CONSECUTIVE_DAYS | Unit.CALENDAR_DAYS:
            return f"{clock}.midnight({clock}.day(c.at) - {-first_day_of_span(0, span)})"
        case Unit.HOURS | Unit.MINUTES:
            return f"c.at - {-window_start(0, span, EARLIEST_CLOCK)}"
        case _:
            return None


def _inline(_: str) -> None:
    """Reads every fact where it stands."""
    return None

