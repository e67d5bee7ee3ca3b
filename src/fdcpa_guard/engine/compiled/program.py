"""All rules of one specialisation as one generated function.

What is the same for many communications (the collector's kind, the channel, the direction, the person's role, the
place, the events on file, the days between two changes of law) is a constant of the function: rules that cannot apply
are not in it, and tests on these facts are decided when it is made.

    program(c, f, w, prior, debts) -> [(rule's index, debt's index, surely violated), ...]

Only what is violated or unknown is listed. A rule that is not judged for each debt has 0 for its debt.

A rule reads the same in many programs: what a `Workshop` has written of it once, as a `Piece`, it uses again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import blake2b
from typing import Final, cast

from fdcpa_guard.engine.compiled.blocks import GLOBALS, Blocks, Module, UnknownSpan
from fdcpa_guard.engine.compiled.expressions import BLOCK_PREFIX, DECIDED, FALSE, UNKNOWN, Constant, Expressions
from fdcpa_guard.engine.kleene import all_of, negate
from fdcpa_guard.facts.access import EXPRESSIONS, UNSAID_OF_PLAIN
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.lang import core
from fdcpa_guard.rulefile.model import ContentItem, Count, Deadline, Rule
from fdcpa_guard.rulefile.walk import is_per_debt, selections_of, tests_of, values_of
from fdcpa_guard.ruleset.applies import FEDERAL, binds, holds_in, reaches

Flags = list[tuple[int, int, bool]]
Program = Callable[[Entry, ConsumerFile, World, Sequence[Entry], Sequence[DebtOf | None]], Flags]


CountFunction = Callable[[Entry, DebtOf | None, ConsumerFile, World, Sequence[Entry]], tuple[int, int]]


ANY_DIALING: Final = "any"
"""In place of a way of dialling that is left to be read."""
_UNSAID: Final[dict[str, Constant]] = {name: None for name in UNSAID_OF_PLAIN if name.startswith("communication.")}


@dataclass(frozen=True, slots=True)
class Specialisation:
    """What a program takes for granted. Of `kind`, `channel`, `role`, `state` and `city` None means unknown.

    `plain`: nothing of what is rarely said is said (see `facts.entries`). `purpose` is None where it is left to be read, and so is `dialing` where it is `ANY_DIALING`. `state` and `city` are those that have rules; any other place with
    a state is `ELSEWHERE`. `events` are the types of event on file that any rule looks at; None where that is left to
    be asked. `day` is one of the days between the two changes of law.
    """

    kind: str | None
    channel: str | None
    direction: str
    role: str | None
    purpose: str | None
    dialing: str | None
    plain: bool
    state: str | None
    city: str | None
    events: frozenset[str] | None
    day: int

    def known(self) -> dict[str, Constant]:
        constants: dict[str, Constant] = {
            "collector.kind": self.kind,
            "communication.channel": self.channel,
            "communication.direction": self.direction,
            "communication.person.role": self.role,
        }
        if self.dialing != ANY_DIALING:
            constants["communication.dialing"] = self.dialing
        if self.plain:
            constants |= _UNSAID
        if self.purpose is not None:
            constants["communication.purpose"] = self.purpose
        return constants


@dataclass(frozen=True, slots=True)
class Compiled:
    """`left_over` are the indexes of rules that only the interpreter can judge here.

    `counts` has, by a rule's index, the function of each of its counts; of rules that look into content there is none.
    """

    run: Program
    left_over: frozenset[int]
    counts: Mapping[int, Mapping[str, CountFunction]]
    is_empty: bool = False


def _joined(one: Compiled, other: Compiled) -> Compiled:
    """Both, one after the other."""
    first, second = one.run, other.run

    def run(
        c: Entry, f: ConsumerFile, w: World, prior: Sequence[Entry], debts: Sequence[DebtOf | None]
    ) -> Flags:
        return first(c, f, w, prior, debts) + second(c, f, w, prior, debts)

    return Compiled(run, one.left_over | other.left_over, {**one.counts, **other.counts})


def gate_of(rule: Rule, yields_to: Sequence[Rule], here: Specialisation) -> bool | None:
    """Whether a rule speaks of this collector, channel, place and day at all; the interpreter's gate, decided early."""
    answers = [_bounds(rule, here), *(negate(_bounds(other, here)) for other in yields_to)]
    return all_of(answers)


def _bounds(rule: Rule, here: Specialisation) -> bool | None:
    return all_of(
        (
            binds(rule, here.kind),
            reaches(rule, here.channel),
            holds_in(rule.jurisdiction, here.state, here.city),
            rule.in_force.holds_on(here.day),
        )
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """What one rule is in a program. `lines` is empty where it can raise nothing; None, where it cannot be written."""

    lines: tuple[str, ...] | None
    per_debt: bool
    counts: Mapping[str, CountFunction] | None


_NAMES: Final = re.compile(r"\b(?:fact|shared|start|once)_\w+")
_per_debt = cache(is_per_debt)


@dataclass
class Workshop:
    """Writes programs, and keeps what they share: functions of blocks, constants, and the pieces of rules.

    Not safe to use from several threads at once.
    """

    rules: Sequence[Rule]
    yields_to: Mapping[str, Sequence[Rule]]
    module: Module = field(default_factory=Module)
    names: dict[str, object] = field(default_factory=lambda: dict(GLOBALS))
    loads: dict[str, str] = field(default_factory=dict)
    """Variable to expression: facts of the communication and the consumer, and the starts of windows."""
    debt_loads: dict[str, str] = field(default_factory=dict)
    """The same for facts of a debt, and for shared conditions."""
    once: dict[str, str] = field(default_factory=dict)
    """Call of a block to the variable in which its answer is kept."""
    _pieces: dict[Hashable, Piece] = field(default_factory=dict)
    _everywhere: tuple[int, ...] = ()
    """The rules that hold whatever the place: one program of them serves all places."""
    _in_places: tuple[int, ...] = ()
    _parts: dict[tuple[Specialisation, bool], Compiled] = field(default_factory=dict)
    _programs: dict[bytes, Compiled] = field(default_factory=dict)
    _by_text: dict[tuple[str, str], str] = field(default_factory=dict)
    _counts: dict[str, CountFunction] = field(default_factory=dict)
    definitions: dict[Hashable, str] = field(default_factory=dict)
    """What a shared condition is written as, by the condition and the constants that are known."""
    _facts_alone: dict[int, bool] = field(default_factory=dict)
    _defined: int = 0

    def __post_init__(self) -> None:
        self._everywhere = tuple(
            index
            for index, rule in enumerate(self.rules)
            if rule.jurisdiction == FEDERAL and not self.yields_to[rule.id]
        )
        self._in_places = tuple(index for index in range(len(self.rules)) if index not in set(self._everywhere))

    def program(self, here: Specialisation) -> Compiled:
        """The function of all rules that may apply under a specialisation: those of every place, and those of its own."""
        everywhere = self._part(replace(here, state=None, city=None), self._everywhere)
        of_place = self._part(here, self._in_places)
        return everywhere if of_place.is_empty else _joined(everywhere, of_place)

    def _part(self, here: Specialisation, indexes: Sequence[int]) -> Compiled:
        known = self._parts.get((here, indexes is self._everywhere))
        if known is None:
            known = self._parts[here, indexes is self._everywhere] = self._compiled(here, indexes)
        return known

    def _compiled(self, here: Specialisation, indexes: Sequence[int]) -> Compiled:
        pieces: dict[int, Piece] = {}
        left_over: set[int] = set()
        for index in indexes:
            rule = self.rules[index]
            gate = gate_of(rule, self.yields_to[rule.id], here)
            if gate is False:
                continue
            piece = self._piece(index, rule, gate, here)
            if piece.lines is None:
                left_over.add(index)
            elif piece.lines:
                pieces[index] = piece
        source = self._source(pieces.values())
        key = blake2b(f"{sorted(left_over)}\n{source}".encode(), digest_size=20).digest()
        made = self._programs.get(key)
        if made is None:
            exec(compile(source, "<rules>", "exec"), self.names)
            run = cast(Program, self.names.pop("program"))  # made by the line above
            counts = {index: piece.counts for index, piece in pieces.items() if piece.counts is not None}
            made = self._programs[key] = Compiled(run, frozenset(left_over), counts, is_empty=not pieces and not left_over)
        return made

    # -- the pieces of rules ---------------------------------------------------------------------------------------------

    def _piece(self, index: int, rule: Rule, gate: bool | None, here: Specialisation) -> Piece:
        own_events = None if here.events is None else here.events & _events_of(rule)
        values = tuple(parameter.on(here.day) for parameter in rule.parameters.values())
        key = (
            index, gate, here.kind, here.channel, here.direction, here.role, here.purpose, here.dialing, here.plain, own_events,
            values,
        )  # fmt: skip
        piece = self._pieces.get(key)
        if piece is None:
            piece = self._pieces[key] = _Writer(self, here, own_events).piece(index, rule, gate)
            self.define()
        return piece

    def define(self) -> None:
        """Brings the functions and constants that were made since into being."""
        new = self.module.functions[self._defined :]
        self._defined = len(self.module.functions)
        self.names.update(self.module.constants)
        if new:
            exec(compile("\n\n".join(new) + "\n", "<blocks>", "exec"), self.names)

    def count_function(self, text: str) -> CountFunction:
        """The function of that text; one for all rules that count alike."""
        known = self._counts.get(text)
        if known is None:
            self.define()
            known = self._counts[text] = cast(CountFunction, eval(text, self.names))
        return known

    def asks_facts_alone(self, name: str, rule: Rule) -> bool:
        """Whether a shared condition, and those that it names, ask neither parameters nor blocks."""
        definition = rule.definitions[name]
        known = self._facts_alone.get(id(definition))
        if known is None:
            values = [value for test in tests_of(definition.when) for value in values_of(test)]
            known = self._facts_alone[id(definition)] = all(
                isinstance(value, core.Fact | core.Literal)
                or (isinstance(value, core.Definition) and self.asks_facts_alone(value.name, rule))
                for value in values
            )
        return known

    def variable(self, prefix: str, text: str, loads: dict[str, str]) -> str:
        """The variable in which an expression's value is kept; each expression has one for all programs."""
        name = self._by_text.get((prefix, text))
        if name is None:
            name = self._by_text[prefix, text] = f"{prefix}_{len(self._by_text)}"
            loads[name] = text
        return name

    def call_once(self, call: str) -> str:
        """A call that several rules may make for one debt: the first to need it makes it."""
        variable = self.once.setdefault(call, f"once_{len(self.once)}")
        return f"({variable} if {variable} is not UNASKED else ({variable} := {call}))"

    # -- the program --------------------------------------------------------------------------------------------------------

    def _source(self, pieces: Iterable[Piece]) -> str:
        once: list[str] = []
        each_debt: list[str] = []
        uses: Counter[str] = Counter()
        for piece in pieces:
            written = piece.lines or ()
            uses.update({name for line in written for name in _NAMES.findall(line) if name.startswith("once_")})
            (each_debt if piece.per_debt else once).extend(written)
        single = {name for name, number in uses.items() if number == 1}
        parts = [("d = None", "", self._plain(once, single))] if once else []
        if each_debt:
            parts.append(("for n, d in enumerate(debts):", "    ", self._plain(each_debt, single)))
        body: list[str] = []
        loads: dict[str, None] = {}
        for head, indent, lines in parts:
            needed = self._needed(lines)
            asked = sorted(name for name in needed if name.startswith("once_"))
            loads.update(dict.fromkeys(name for name in needed if name in self.loads))
            inner = [" = ".join([*asked, "UNASKED"])] if asked else []
            inner += [f"{name} = {text}" for name, text in self.debt_loads.items() if name in needed]
            body += [head, *(f"{indent}{line}" for line in [*inner, *lines])]
        first = ["found = []", *(f"{name} = {text}" for name, text in self.loads.items() if name in loads)]
        text = "\n".join(f"    {line}" for line in [*first, *body, "return found"])
        return f"def program(c, f, w, prior, debts):\n{text}\n"

    def _plain(self, lines: Sequence[str], single: set[str]) -> list[str]:
        """The lines, with plain calls where only one rule makes them."""
        text = "\n".join(lines)
        for call, variable in self.once.items():
            if variable in single:
                text = text.replace(f"({variable} if {variable} is not UNASKED else ({variable} := {call}))", call)
        return text.split("\n")

    def _needed(self, lines: Sequence[str]) -> set[str]:
        """The variables that the lines read, directly or through another."""
        found: set[str] = set()
        waiting = list(lines)
        while waiting:
            for name in _NAMES.findall(waiting.pop()):
                if name not in found:
                    found.add(name)
                    waiting.extend(text for text in (self.loads.get(name), self.debt_loads.get(name)) if text)
        return found


@cache
def _events_of(rule: Rule) -> frozenset[str]:
    return frozenset(name for select in selections_of(rule) for name in select.events or ())


class _Writer:
    """Writes one rule under one specialisation."""

    def __init__(self, workshop: Workshop, here: Specialisation, events: frozenset[str] | None) -> None:
        self.workshop = workshop
        self.known = here.known()
        self.plain = here.plain
        self.day = here.day
        self.events = events

    def piece(self, index: int, rule: Rule, gate: bool | None) -> Piece:
        per_debt = _per_debt(rule)
        try:
            return self._written(index, rule, gate, per_debt)
        except UnknownSpan:
            return Piece(None, per_debt, None)

    def _written(self, index: int, rule: Rule, gate: bool | None, per_debt: bool) -> Piece:
        nothing = Piece((), per_debt, None)
        blocks = Blocks(rule, self.workshop.module, self.known, self.day, self.events)
        conditions = blocks.expressions(
            subject="c",
            hoisted=self._load,
            once=self.workshop.call_once,
            start=lambda text: self.workshop.variable("start", text, self.workshop.loads),
            shared=self._definition,
        )
        violated = self._violated(rule, conditions, blocks)
        applied = [] if rule.applies_when is None else [conditions.condition(rule.applies_when)]
        flagged = conditions.all_of([*applied, violated])
        if flagged == FALSE:
            return nothing
        excused = conditions.any_of([conditions.condition(each.when) for each in rule.unless])
        if excused == "True":
            return nothing
        sure = gate is True and flagged != UNKNOWN and excused != UNKNOWN
        if excused == FALSE:
            test, verdict = f"(v := {flagged}) is not False", "v is True" if sure else "False"
        else:
            test = f"(v := {flagged}) is not False and (x := {excused}) is not True"
            verdict = "v is True and x is False" if sure else "False"
        debt = "n" if per_debt else "0"
        lines = (f"if {test}:", f"    found.append(({index}, {debt}, {verdict}))")
        return Piece(lines, per_debt, self._counts(rule, blocks))

    def _counts(self, rule: Rule, blocks: Blocks) -> Mapping[str, CountFunction] | None:
        if rule.must_contain or rule.must_not_contain:
            return None
        texts = {
            block.name: f"lambda c, d, f, w, prior: {blocks.call(block.name, 'c')}"
            for block in rule.blocks.values()
            if isinstance(block, Count)
        }
        return {name: self.workshop.count_function(text) for name, text in texts.items()}

    def _violated(self, rule: Rule, conditions: Expressions, blocks: Blocks) -> str:
        parts: list[str] = []
        if rule.violated_when is not None:
            parts.append(conditions.condition(rule.violated_when))
        else:
            missed = [block for block in rule.blocks.values() if isinstance(block, Deadline)]
            if missed:
                parts.append(conditions.any_of([blocks.call(block.name, "c") for block in missed]))
        if rule.must_contain or rule.must_not_contain:
            failed = [self._item(item, conditions, wanted=True) for item in rule.must_contain]
            failed += [self._item(item, conditions, wanted=False) for item in rule.must_not_contain]
            parts.append(conditions.any_of(failed))
        violated = conditions.all_of(parts)
        if not rule.undecided:
            return violated
        # Where it is not violated, an open question that may hold leaves it unknown.
        open_ = conditions.any_of([conditions.condition(each.when) for each in rule.undecided])
        if open_ == FALSE:
            return violated
        return conditions.any_of([violated, f"(False if ({open_}) is False else None)"])

    def _item(self, item: ContentItem, conditions: Expressions, *, wanted: bool) -> str:
        names = "c.discloses" if wanted else "c.asserts"
        found = UNKNOWN if self.plain else f"is_said(c.content, {names}, {item.declared!r}, {item.looks_for!r})"
        failed = conditions.negate(found) if wanted else found
        asked = [] if item.only_when is None else [conditions.condition(item.only_when)]
        return conditions.all_of([*asked, failed])

    def _load(self, name: str) -> str:
        """The local variable of a fact that is read at the head of the function, or of each debt's turn."""
        loads = self.workshop.debt_loads if name.startswith("debt.") else self.workshop.loads
        variable = "fact_" + name.replace(".", "_")
        loads[variable] = EXPRESSIONS[name]
        return variable

    def _definition(self, name: str, conditions: Expressions) -> str | None:
        """The variable of a shared condition that asks no block: worked out at the head of each debt's turn."""
        rule = conditions.rule
        assert rule is not None
        if not self.workshop.asks_facts_alone(name, rule):
            return self._shared(name, rule, conditions)
        # The same for every rule that names it: neither a policy's numbers nor a rule's own blocks are in it.
        key = (id(rule.definitions[name]), *self.known.values())
        written = self.workshop.definitions.get(key)
        if written is None:
            written = self.workshop.definitions[key] = self._shared(name, rule, conditions)
        return written

    def _shared(self, name: str, rule: Rule, conditions: Expressions) -> str:
        text = conditions.condition(rule.definitions[name].when)
        # A constant is better folded into what asks for it, and a block may never be needed.
        if text in DECIDED or BLOCK_PREFIX in text or "lambda" in text:
            return text
        return self.workshop.variable("shared", _same_temporaries(text), self.workshop.debt_loads)


_TEMPORARY: Final = re.compile(r"\b([tnm])\d+\b")


def _same_temporaries(text: str) -> str:
    """The text with temporaries counted from one, so that one condition written twice is one text."""
    seen: dict[str, str] = {}
    return _TEMPORARY.sub(lambda m: seen.setdefault(m[0], f"{m[1]}_{len(seen)}"), text)
