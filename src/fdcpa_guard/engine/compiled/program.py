"""All rules of one specialisation as one generated function.

What is the same for many communications (the collector's kind, the channel, the direction, the person's role, the
place, the days between two changes of law) is a constant of the function: rules that cannot apply are not in it, and
tests on these facts are decided when it is made.

    program(c, f, w, prior, debts) -> [(rule's index, debt's index, surely violated), ...]

Only what is violated or unknown is listed. A rule that is not judged for each debt has 0 for its debt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from fdcpa_guard.engine.compiled.blocks import GLOBALS, Blocks, Module, UnknownSpan
from fdcpa_guard.engine.compiled.expressions import BLOCK_PREFIX, DECIDED, FALSE, UNKNOWN, Constant, Expressions
from fdcpa_guard.engine.kleene import all_of, negate
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.facts.bind import ConsumerFile, DebtOf, Entry, World
from fdcpa_guard.rulefile.model import ContentItem, Count, Deadline, Rule
from fdcpa_guard.rulefile.walk import is_per_debt
from fdcpa_guard.ruleset.applies import binds, holds_in, reaches

Flags = list[tuple[int, int, bool]]
Program = Callable[[Entry, ConsumerFile, World, Sequence[Entry], Sequence[DebtOf | None]], Flags]


CountFunction = Callable[[Entry, DebtOf | None, ConsumerFile, World, Sequence[Entry]], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Specialisation:
    """What a program takes for granted. Of `kind`, `channel`, `role`, `state` and `city` None means unknown.

    `purpose` is None where it is left to be read. `state` and `city` are those that have rules; any other place with
    a state is `ELSEWHERE`. `events` are the types of event on file that any rule looks at; None where that is left to
    be asked. `day` is one of the days between the two changes of law.
    """

    kind: str | None
    channel: str | None
    direction: str
    role: str | None
    purpose: str | None
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
    source: str


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


def compile_program(
    rules: Sequence[Rule], yields_to: Mapping[str, Sequence[Rule]], here: Specialisation
) -> Compiled:
    """The function of all rules that may apply under a specialisation."""
    writer = _Writer(here)
    for index, rule in enumerate(rules):
        gate = gate_of(rule, yields_to[rule.id], here)
        if gate is not False:
            writer.add(index, rule, gate)
    return writer.finish()


class _Writer:
    def __init__(self, here: Specialisation) -> None:
        self.here = here
        self.known = here.known()
        self.module = Module()
        self.once: list[str] = []
        self.each_debt: list[str] = []
        self.left_over: list[int] = []
        self.counts: dict[int, dict[str, str]] = {}
        self._loads: dict[str, str] = {}
        self._debt_loads: dict[str, str] = {}
        self._definitions: dict[int, str] = {}
        self._starts: dict[str, str] = {}
        self._once: dict[str, str] = {}
        self._uses: Counter[str] = Counter()

    def add(self, index: int, rule: Rule, gate: bool | None) -> None:
        per_debt = is_per_debt(rule)
        try:
            lines = self._rule(index, rule, gate, "n" if per_debt else "0")
        except UnknownSpan:
            self.left_over.append(index)
            return
        (self.each_debt if per_debt else self.once).extend(lines)

    def _rule(self, index: int, rule: Rule, gate: bool | None, debt: str) -> list[str]:
        blocks = Blocks(rule, self.module, self.known, self.here.day, self.here.events)
        conditions = blocks.expressions(
            subject="c", hoisted=self._load, once=self._call_once, start=self._start, shared=self._definition
        )
        violated = self._violated(rule, conditions, blocks)
        applied = [] if rule.applies_when is None else [conditions.condition(rule.applies_when)]
        flagged = conditions.all_of([*applied, violated])
        if flagged == FALSE:
            return []
        excused = conditions.any_of([conditions.condition(each.when) for each in rule.unless])
        if excused == "True":
            return []
        sure = gate is True and flagged != UNKNOWN and excused != UNKNOWN
        if excused == FALSE:
            test, verdict = f"(v := {flagged}) is not False", "v is True" if sure else "False"
        else:
            test = f"(v := {flagged}) is not False and (x := {excused}) is not True"
            verdict = "v is True and x is False" if sure else "False"
        if not (rule.must_contain or rule.must_not_contain):
            self.counts[index] = {
                block.name: f"lambda c, d, f, w, prior: {blocks.call(block.name, 'c')}"
                for block in rule.blocks.values()
                if isinstance(block, Count)
            }
        return [f"if {test}:", f"    found.append(({index}, {debt}, {verdict}))"]

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
        doubt = FALSE if open_ == FALSE else f"(False if ({open_}) is False else None)"
        return conditions.any_of([violated, doubt])

    def _item(self, item: ContentItem, conditions: Expressions, *, wanted: bool) -> str:
        phrases = " or ".join(f"contains_phrase(c.content, {phrase!r})" for phrase in item.looks_for)
        found = f"(None if c.content is None else ({phrases}))"
        failed = conditions.negate(found) if wanted else found
        asked = [] if item.only_when is None else [conditions.condition(item.only_when)]
        return conditions.all_of([*asked, failed])

    def _load(self, name: str) -> str | None:
        """The local variable of a fact that is read at the head of the function, or of each debt's turn."""
        expression = EXPRESSIONS[name]
        loads = self._debt_loads if name.startswith("debt.") else self._loads
        variable = "fact_" + name.replace(".", "_")
        loads[variable] = expression
        return variable

    def _definition(self, name: str, conditions: Expressions) -> str | None:
        """The variable of a shared condition that asks no block: worked out at the head of each debt's turn."""
        assert conditions.rule is not None
        definition = conditions.rule.definitions[name]
        variable = self._definitions.get(id(definition))
        if variable is None:
            text = conditions.condition(definition.when)
            # A constant is better folded into what asks for it, and a block may never be needed.
            if text in DECIDED or BLOCK_PREFIX in text or "lambda" in text:
                return text
            variable = self._definitions[id(definition)] = self.module.names.fresh("shared_")
            self._debt_loads[variable] = text
        return variable

    def _start(self, expression: str) -> str:
        """The variable of the first instant of a window, worked out at the head of the function."""
        variable = self._starts.get(expression)
        if variable is None:
            variable = self._starts[expression] = f"start_{len(self._starts)}"
            self._loads[variable] = expression
        return variable

    def _call_once(self, call: str) -> str:
        """A call that several rules make for one debt: the first to need it makes it."""
        variable = self._once.setdefault(call, f"once_{len(self._once)}")
        self._uses[variable] += 1
        return f"({variable} if {variable} is not UNASKED else ({variable} := {call}))"

    def _asked_once(self, lines: Sequence[str]) -> list[str]:
        """The lines, with plain calls where only one rule makes them."""
        kept = {call: variable for call, variable in self._once.items() if self._uses[variable] > 1}
        text = "\n".join(lines)
        for call, variable in self._once.items():
            if call not in kept:
                text = text.replace(f"({variable} if {variable} is not UNASKED else ({variable} := {call}))", call)
        return text.split("\n") if text else []

    def finish(self) -> Compiled:
        once, each_debt = self._asked_once(self.once), self._asked_once(self.each_debt)
        body = ["found = []"]
        used = "\n".join([*once, *each_debt, *self._debt_loads.values()])
        body += [f"{variable} = {text}" for variable, text in self._loads.items() if variable in used]
        for head, lines in (("d = None", once), ("for n, d in enumerate(debts):", each_debt)):
            if not lines:
                continue
            used = "\n".join(lines)
            needed: list[str] = []
            for variable, text in reversed(self._debt_loads.items()):
                if variable in used:
                    needed.append(f"{variable} = {text}")
                    used += text
            asked = [variable for variable in self._once.values() if f"{variable} := " in used]
            reset = [" = ".join([*asked, "UNASKED"])] if asked else []
            indent = "    " if head.startswith("for") else ""
            body += [head, *(f"{indent}{line}" for line in [*reset, *reversed(needed), *lines])]
        body.append("return found")
        head = "def program(c, f, w, prior, debts):"
        source = "\n\n".join([*self.module.functions, "\n".join([head, *(f"    {line}" for line in body)])]) + "\n"
        names: dict[str, object] = {**GLOBALS, **self.module.constants}
        exec(compile(source, "<rules>", "exec"), names)
        run = cast(Program, names["program"])  # made by the line above
        counts = {
            index: {name: cast(CountFunction, eval(text, names)) for name, text in functions.items()}
            for index, functions in self.counts.items()
        }
        return Compiled(run, frozenset(self.left_over), counts, source)
